//! The versions of a piece to its family tree: which of them most likely came from which.
//!
//! A version is made from another one by *adding* words, which takes an author; by *dropping*
//! some, where one cut costs little however long it is; and by *moving* passages. [`Edit`] counts
//! these on the [alignment](crate::align) of the two, and its [cost](Edit::cost) differs by
//! direction: the same paragraph is dear to write and cheap to cut. The tree is the one whose
//! edits cost the least together, a minimum spanning arborescence.
//!
//! Costs alone tell which versions are neighbours, not where the tree begins: turned round, a
//! chain of additions is a chain of cuts. Three things tell its *root*, in this order:
//!
//! 1. **Dates.** An edge from a later to an earlier version costs more by as much as dropping the
//!    whole version, and so does a root that is not the earliest. Dates that the words speak
//!    against strongly enough are not followed, and listed as [contradictions](Contradiction).
//! 2. **The common ancestor.** A version that is a neighbour of at least three in four of the
//!    others is what they were copied from, unless one of them is known to be earlier.
//! 3. **Growth.** Otherwise it is a chain of revisions. The words of the root have to be written
//!    too, so that it begins with a short version.
//!
//! On revisions of encyclopaedia articles nine parents in ten are a neighbour in the true order.
//! Without dates four in five of them are the earlier one; that is a guess, with dates it is
//! nearly sure.
//!
//! This stage knows numbers only: a version is a sequence of token hashes, a date a rank. Nothing
//! depends on the order of the input; between equals the version with more words is the parent.

mod arborescence;
mod display;
mod edit;
mod pairs;
#[cfg(test)]
mod tests;
mod tree;

use std::ops::Range;

pub use edit::Edit;

use crate::align::Aligner;

/// A text as this stage reads it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Text<'t> {
    /// All tokens, as hashes.
    pub tokens: &'t [u32],
    /// Which of them are no part of the writing, as ascending ranges apart from each other.
    pub aside: &'t [Range<u32>],
}

impl Text<'_> {
    /// How many tokens count.
    fn own(&self) -> usize {
        self.tokens.len() - self.aside.iter().map(Range::len).sum::<usize>()
    }
}

/// Which version of a piece most likely came from which.
///
/// ```
/// use reprint::{align::Aligner, family::{Family, Text}};
///
/// let original: Vec<u32> = (0..200).collect();
/// let update: Vec<u32> = (0..240).collect();
/// let excerpt: Vec<u32> = (0..120).collect();
/// let texts = [&excerpt, &update, &original].map(|tokens| Text { tokens, aside: &[] });
/// let family = Family::new(&Aligner::default(), &texts, &[Some(9), Some(9), Some(8)]);
/// assert_eq!(
///     family.to_string(),
///     "#2  200 words\n\
///      ├─ #1  40 words added\n\
///      └─ #0  80 words dropped\n",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Family {
    /// The versions, the root first, each followed by those that came from it.
    pub versions: Vec<Version>,
    /// Where the dates speak against the tree, by version.
    pub contradictions: Vec<Contradiction>,
}

/// A distinct text of a family.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Version {
    /// The numbers of all that have it word for word, ascending. There is at least one.
    pub members: Vec<usize>,
    /// Its length in words, without what is left aside.
    pub words: usize,
    /// The version it came from, by index, which is lower than its own; none for the root.
    pub parent: Option<usize>,
    /// What was done to the parent. The root is written from nothing.
    pub edit: Edit,
    /// What the edit [costs](Edit::cost), in tenths of a word.
    pub cost: u64,
}

/// A version that is dated before one it descends from: either a date or the tree is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Contradiction {
    /// The version that has the earlier date, by index.
    pub version: usize,
    /// The closest of its ancestors that has a date, by index.
    pub ancestor: usize,
}

impl Family {
    /// Finds the tree of some texts, which get their numbers by their order. Those with the same
    /// tokens are one version, dated as the earliest of them. `dates` may be shorter than `texts`;
    /// what is missing has no date.
    ///
    /// Up to 64 versions are all aligned with each other. Of more, each is aligned with about 30
    /// others: with those that share the most of what is not common to all, and with some that are
    /// spread over all lengths. Ten thousand versions of 400 words take a few seconds.
    ///
    /// # Panics
    /// If a text has 2³² - 1 tokens or more, or a range of it goes beyond it; and if there are 2³²
    /// texts or more.
    pub fn new<D: Ord>(aligner: &Aligner, texts: &[Text<'_>], dates: &[Option<D>]) -> Self {
        tree::grow(aligner, texts, &ranks(texts.len(), dates))
    }
}

/// Dates as ranks: equal ones have one rank.
fn ranks<D: Ord>(texts: usize, dates: &[Option<D>]) -> Vec<Option<u32>> {
    let mut known: Vec<&D> = dates.iter().flatten().collect();
    known.sort_unstable();
    known.dedup();
    (0..texts)
        .map(|text| {
            let date = dates.get(text)?.as_ref()?;
            known.binary_search(&date).ok().map(pairs::narrow)
        })
        .collect()
}
