//! Two or more texts to a report of what differs between them.
//!
//! [`DiffReport::between`] compares two texts, [`ClusterReport::new`] one text with all its
//! versions. The report is data first: [parts](Part) that were kept, changed, removed, added or
//! moved, with the words inside, all pointing back into the original texts; and the
//! [edits](Edit), each with its [kind](EditKind): a headline, a number, a trimmed tail. A cluster
//! lists each edit once, with the versions that share it. Printed, a report is a page for people;
//! a [`Style`] sets names, width, marks and colours. A [`Visitor`] draws it in any other way.
//!
//! How two texts are compared:
//!
//! 1. The passages that both share come from the [alignment](crate::align). The heaviest ones in
//!    the same order in both are kept in place; within and between them words are compared one
//!    by one.
//! 2. Words in common that stand between larger edits by coincidence are given up; edits with one
//!    or two words between them become one; their edges go to where sentences and paragraphs end.
//! 3. What is left over on both sides is aligned once more: what that finds was moved. It is the
//!    same with the two texts exchanged.
//! 4. All of it is grouped along the blocks of the texts. A block is a line, or a paragraph when
//!    the lines are wrapped; very long ones are taken sentence by sentence.
//! 5. Edits are classed from their words and their place, by the rules of [`kind`].
//!
//! The result depends on the texts only, never on the clock. Stretches that are too long and too
//! different to be compared word by word are reported as removed and added, and marked
//! [coarse](Part::coarse). No text causes an error.

mod classify;
mod cluster;
mod columns;
mod compare;
mod display;
mod group;
mod intern;
pub mod kind;
mod layout;
mod lines;
mod outline;
mod quotes;
mod report;
mod script;
mod source;
mod spelling;
mod surface;
#[cfg(test)]
mod tests;
mod tidy;
mod visit;

pub use cluster::{ClusterReport, SharedEdit, Version};
pub use columns::has_rtl;
pub use display::{Marks, Style};
pub use kind::EditKind;
pub use report::{DiffReport, Edit, Format, Part, PartKind, Piece, PieceKind, Span};
pub use visit::Visitor;

use std::ops::Range;

use classify::{Side, edits};
use compare::Comparer;
use outline::Outline;
use source::Source;

impl<'t> DiffReport<'t> {
    /// Compares two texts. To compare one text with many, see [`ClusterReport`].
    ///
    /// Two articles of a thousand words take about 0.15 milliseconds, two of twenty thousand about
    /// three: about as long as a plain diff of their words, and up to five times as long when they
    /// are short and hardly differ, for then reading them is most of it. Time and memory grow
    /// near-linearly with the length of the texts, related or not. Gaps with nothing to hold on to
    /// cost up to the product of their sides, 16 million comparisons in a report; what is beyond
    /// is coarse.
    ///
    /// # Panics
    /// If the texts have about four billion words (2³²) or more.
    pub fn between(a: &'t str, b: &'t str) -> Self {
        let mut comparer = Comparer::new(a);
        let b = comparer.read(b);
        let outline = Outline::new(&comparer.a, &[]);
        report(&mut comparer, &outline, &b, [&[], &[]])
    }
}

/// Compares the comparer's text with another. What the corpus repeats in each is known.
fn report<'t>(
    comparer: &mut Comparer<'t>,
    outline: &Outline,
    b: &Source<'t>,
    furniture: [&[Range<u32>]; 2],
) -> DiffReport<'t> {
    let comparison = comparer.compare(b);
    let a = &comparer.a;
    let other = Outline::new(b, furniture[1]);
    let parts = group::parts(a, b, &outline.titles(&other), &comparison);
    let pieces = parts.iter().flat_map(|part| &part.pieces);
    let kept = pieces.filter(|piece| piece.kind == PieceKind::Kept);
    let words_shared = kept.map(|piece| piece.a.tokens.len()).sum();
    let edits = edits(&parts, Side { source: a, outline }, Side { source: b, outline: &other });
    let mut report = DiffReport {
        format: Format,
        text_a: a.text,
        text_b: b.text,
        words_a: a.ids.len(),
        words_b: b.ids.len(),
        words_shared,
        parts,
        edits,
    };
    report.mark_aside("furniture", furniture[0], furniture[1]);
    report.mark_news(&a.news, &b.news);
    report
}
