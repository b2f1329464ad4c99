//! The report as data.

use std::ops::Range;

use super::kind::EditKind;
use super::source::News;

/// What differs between two texts, `a` and `b`: a sequence of [parts](Part) in the order of `b`,
/// with what stands only in `a` at the place where it stood.
///
/// Words are compared after normalisation and case folding, so that spelling with other quotes,
/// case, spacing or punctuation is no difference. The report borrows both texts and points into
/// them.
///
/// Together the parts hold every token of both texts exactly once. On the side of `b` they follow
/// each other without a gap; on the side of `a` they do so apart from moved parts, which stand
/// where `b` has them.
///
/// Printed with [`Display`](std::fmt::Display), or with a [`Style`](super::Style) of one's own by
/// [`display`](Self::display), it is a page for people. Serialised (feature `serde`), it holds the
/// parts, the edits and the counts, without the texts: part of report format 1, as
/// [`ClusterReport`](super::ClusterReport) describes it.
///
/// ```
/// let old = "Storm hits the coast\n\nThe storm reached the coast on Monday, officials said.";
/// let new = "Storm hits the coast\n\nThe storm reached the coast on Tuesday, officials said.";
/// let report = reprint::diff::DiffReport::between(old, new);
/// assert_eq!(report.words_shared(), 12);
/// assert!(report.to_string().contains("on [-Monday,-] {+Tuesday,+} officials said."));
/// ```
///
/// As JSON:
///
/// ```
/// # #[cfg(feature = "serde")] {
/// # use reprint::diff::DiffReport;
/// let json = serde_json::to_value(DiffReport::between("One two.", "One 2."))?;
/// assert_eq!(json["words_shared"], 1);
/// let part = &json["parts"][0];
/// assert_eq!(part["kind"], "changed");
/// assert_eq!(part["pieces"][1]["kind"], "deleted");
/// assert_eq!(part["pieces"][1]["a"]["bytes"], serde_json::json!({"start": 4, "end": 8}));
/// # }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DiffReport<'t> {
    pub(super) format: Format,
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(super) text_a: &'t str,
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(super) text_b: &'t str,
    pub(super) words_a: usize,
    pub(super) words_b: usize,
    pub(super) words_shared: usize,
    pub(super) parts: Vec<Part>,
    pub(super) edits: Vec<Edit>,
}

/// The number of the format in which reports are serialised: 1. A later one has another number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Format;

impl Format {
    /// The number.
    pub const VERSION: u32 = 1;
}

#[cfg(feature = "serde")]
impl serde::Serialize for Format {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(Self::VERSION)
    }
}

/// A change, with its kind: a whole part or some blocks of it; or within a part that was changed
/// or moved, what stands between two kept pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Edit {
    /// What kind of change it is.
    pub kind: EditKind,
    /// The index of its part.
    pub part: usize,
    /// Where it stands in the first text; empty when there is something new in the second.
    pub a: Span,
    /// Where it stands in the second text; empty when it is missing there.
    pub b: Span,
}

/// A passage that was kept, changed, removed, added or moved. Its borders are borders of blocks
/// (lines, wrapped paragraphs, or sentences within very long ones), except next to what was moved.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Part {
    /// What happened to it.
    pub kind: PartKind,
    /// Where it stands in the first text; for an added part the empty place where it is missing.
    pub a: Span,
    /// Where it stands in the second text; for a removed part the empty place where it is missing.
    pub b: Span,
    /// Its words, kept, deleted and inserted, in reading order. A part that was kept, removed or
    /// added has one piece.
    pub pieces: Vec<Piece>,
    /// Whether the texts were too long and too different here to be compared word by word, so that
    /// words that they share may stand in a removed and an added part.
    pub coarse: bool,
    /// What the part is, when it is hardly part of the writing: `dateline`, `byline` and the other
    /// [kinds of news lines](crate::text::NewsLineKind), or what
    /// [`mark_aside`](DiffReport::mark_aside) says.
    pub aside: Option<&'static str>,
}

/// What happened to a [`Part`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum PartKind {
    /// The same words in both texts.
    Kept,
    /// In both texts, with edits: see its pieces.
    Changed,
    /// Only in the first text.
    Removed,
    /// Only in the second text.
    Added,
    /// In both texts, but in another order among the parts; perhaps with edits: see its pieces.
    Moved,
}

/// Some words within a [`Part`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Piece {
    /// What happened to them.
    pub kind: PieceKind,
    /// Where they stand in the first text; empty when they were inserted.
    pub a: Span,
    /// Where they stand in the second text; empty when they were deleted.
    pub b: Span,
}

/// What happened to a [`Piece`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum PieceKind {
    /// The same words in both texts.
    Kept,
    /// Only in the first text.
    Deleted,
    /// Only in the second text.
    Inserted,
}

/// A place in one of the texts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Span {
    /// In tokens, counted from 0.
    pub tokens: Range<usize>,
    /// In bytes of the original text, on borders of characters. Punctuation that goes with the
    /// words lies within, white space around them does not.
    pub bytes: Range<usize>,
}

impl<'t> DiffReport<'t> {
    /// The parts, in reading order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The changes, in the order of the parts: every word that is not kept is in one of them. A
    /// passage that was moved is one, and what was edited in it others.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// The kind of all edits of a part, if it has any and they are of one. What was moved is that
    /// and nothing else.
    pub fn kind_of(&self, part: usize) -> Option<EditKind> {
        if self.parts.get(part)?.kind == PartKind::Moved {
            return Some(EditKind::Moved);
        }
        let (first, rest) = self.edits_of(part).split_first()?;
        rest.iter().all(|edit| edit.kind == first.kind).then_some(first.kind)
    }

    /// The first text.
    pub fn text_a(&self) -> &'t str {
        self.text_a
    }

    /// The second text.
    pub fn text_b(&self) -> &'t str {
        self.text_b
    }

    /// How many words (tokens) the first text has.
    pub fn words_a(&self) -> usize {
        self.words_a
    }

    /// How many words (tokens) the second text has.
    pub fn words_b(&self) -> usize {
        self.words_b
    }

    /// How many words the texts have in common: those in kept pieces, moved parts included.
    pub fn words_shared(&self) -> usize {
        self.words_shared
    }

    /// Whether both texts have the same words in the same order.
    pub fn is_same(&self) -> bool {
        self.parts.iter().all(|part| part.kind == PartKind::Kept)
    }

    /// Whether some part is [coarse](Part::coarse).
    pub fn is_coarse(&self) -> bool {
        self.parts.iter().any(|part| part.coarse)
    }

    /// Makes the second text's tokens: kept ones from the first text's, inserted ones from the
    /// second's. Whatever runs parallel to the tokens will do: words, hashes, positions.
    ///
    /// # Panics
    /// If one of the slices is shorter than its text's tokens ([`words_a`](Self::words_a),
    /// [`words_b`](Self::words_b)).
    pub fn apply<T: Clone>(&self, a: &[T], b: &[T]) -> Vec<T> {
        let mut made = Vec::with_capacity(self.words_b);
        for piece in self.parts.iter().flat_map(|part| &part.pieces) {
            match piece.kind {
                PieceKind::Kept => made.extend_from_slice(&a[piece.a.tokens.clone()]),
                PieceKind::Inserted => made.extend_from_slice(&b[piece.b.tokens.clone()]),
                PieceKind::Deleted => {}
            }
        }
        made
    }
}

impl DiffReport<'_> {
    /// Gives a name, such as `furniture`, to the parts of which at least four fifths lie in some
    /// tokens of both texts. Ranges are ascending and apart from each other.
    pub fn mark_aside(&mut self, name: &'static str, a: &[Range<u32>], b: &[Range<u32>]) {
        let common = |span: &Span, ranges: &[Range<u32>]| -> usize {
            let within = |range: &Range<u32>| {
                let start = span.tokens.start.max(range.start as usize);
                span.tokens.end.min(range.end as usize).saturating_sub(start)
            };
            ranges.iter().map(within).sum()
        };
        for part in &mut self.parts {
            let words = part.a.tokens.len() + part.b.tokens.len();
            let aside = common(&part.a, a) + common(&part.b, b);
            if 5 * aside >= 4 * words.max(1) {
                part.aside = Some(name);
            }
        }
    }

    /// Names the parts that are datelines, bylines and the like.
    pub(super) fn mark_news(&mut self, a: &News, b: &News) {
        let mut kinds: Vec<_> = a.iter().chain(b).map(|&(kind, _)| kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            let of = |news: &News| -> Vec<Range<u32>> {
                let of_kind = news.iter().filter(|line| line.0 == kind);
                of_kind.filter_map(|(_, tokens)| narrow(tokens)).collect()
            };
            self.mark_aside(kind.name(), &of(a), &of(b));
        }
    }
}

/// A position beyond 32 bits is in no text that is compared.
fn narrow(tokens: &Range<usize>) -> Option<Range<u32>> {
    Some(u32::try_from(tokens.start).ok()?..u32::try_from(tokens.end).ok()?)
}
