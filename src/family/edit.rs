//! What makes one version of another, counted and priced.

use std::ops::Range;

use crate::align::{Aligner, Passage, Workspace};

use super::Text;

/// The price of a word that is added, of a cut, and of a place where the order changes; in tenths
/// of a word.
const DEAR: u64 = 10;

/// The price of a word that is dropped, beside that of the cut; in tenths of a word.
pub(super) const CHEAP: u64 = 1;

/// What was done to one version to make another of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Edit {
    /// Words that are new.
    pub added: usize,
    /// Words that are gone.
    pub dropped: usize,
    /// The stretches in which these stood.
    pub cuts: usize,
    /// Places where the order of the passages that both share differs.
    pub moves: usize,
}

impl Edit {
    /// What it costs, in tenths of a word: 10 for each word added, each cut and each move, 1 for
    /// each word dropped.
    pub fn cost(&self) -> u64 {
        DEAR * (self.added + self.cuts + self.moves) as u64 + CHEAP * self.dropped as u64
    }

    /// How far the versions are apart, in either direction.
    pub(super) fn distance(&self) -> u64 {
        (self.added + self.dropped + self.moves) as u64
    }

    /// All written from nothing.
    pub(super) fn of_root(words: usize) -> Self {
        Self { added: words, ..Self::default() }
    }

    /// The edits that make `b` of the prepared `a`, and `a` of `b`.
    pub(super) fn both_ways(
        aligner: &Aligner,
        workspace: &mut Workspace,
        a: Text<'_>,
        b: Text<'_>,
    ) -> [Self; 2] {
        let alignment = aligner.align_own(workspace, a.tokens, b.tokens, [a.aside, b.aside]);
        let (only_a, only_b) = (a.own() - alignment.covered_a(), b.own() - alignment.covered_b());
        let cuts_a = stretches(a, |position| alignment.covers_a(position));
        let cuts_b = stretches(b, |position| alignment.covers_b(position));
        let moves = breaks(alignment.passages());
        [
            Self { added: only_b, dropped: only_a, cuts: cuts_a, moves },
            Self { added: only_a, dropped: only_b, cuts: cuts_b, moves },
        ]
    }
}

/// In how many stretches the tokens stand that are not covered. Those left aside don't count and
/// interrupt nothing.
fn stretches(text: Text<'_>, covers: impl Fn(usize) -> bool) -> usize {
    let mut count = 0;
    let mut is_open = false;
    let mut read = |range: Range<usize>| {
        for position in range {
            let is_uncovered = !covers(position);
            count += usize::from(is_uncovered && !is_open);
            is_open = is_uncovered;
        }
    };
    let mut from = 0;
    for range in text.aside {
        read(from..range.start as usize);
        from = range.end as usize;
    }
    read(from..text.tokens.len());
    count
}

/// How many passages, in the order of the first text, are not followed by the next one of the
/// second text. It is the same the other way round.
fn breaks(passages: &[Passage]) -> usize {
    let mut order: Vec<usize> = (0..passages.len()).collect();
    order.sort_unstable_by_key(|&at| (passages[at].b.start, passages[at].b.end, at));
    order.windows(2).filter(|pair| pair[0] + 1 != pair[1]).count()
}
