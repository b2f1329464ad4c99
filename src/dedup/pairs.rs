//! The verified pairs, kept small: a corpus may have more of them than articles.

use crate::align::{Evidence, Overlap, Relation};

use super::texts::narrow;
use super::verify::Verified;

/// What is known of a pair, as numbers of 32 bits: no text has more tokens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted {
    pub(super) relation: Relation,
    pub(super) identical: bool,
    /// The counts of [`Evidence`], in their order.
    pub(super) counts: [u32; 8],
}

impl From<Verified> for Counted {
    fn from(Verified { relation, evidence }: Verified) -> Self {
        let Evidence { identical, tokens_a, tokens_b, covered_a, covered_b, .. } = evidence;
        let Overlap { a, b, shared } = evidence.overlap;
        let longest = evidence.longest_passage;
        let counts = [tokens_a, tokens_b, covered_a, covered_b, longest, a, b, shared];
        Self { relation, identical, counts: counts.map(narrow) }
    }
}

impl From<Counted> for Verified {
    fn from(Counted { relation, identical, counts }: Counted) -> Self {
        let counts = counts.map(|count| count as usize);
        let [tokens_a, tokens_b, covered_a, covered_b, longest_passage, a, b, shared] = counts;
        let overlap = Overlap { a, b, shared };
        let evidence = Evidence {
            identical,
            tokens_a,
            tokens_b,
            covered_a,
            covered_b,
            longest_passage,
            overlap,
        };
        Self { relation, evidence }
    }
}

/// Verified pairs of nodes, the lower one first, ascending.
#[derive(Debug, Default)]
pub(super) struct VerifiedPairs(Vec<((u32, u32), Counted)>);

impl VerifiedPairs {
    /// Takes parts, in which pairs come in any order.
    pub(super) fn new(parts: Vec<Vec<((u32, u32), Counted)>>) -> Self {
        let mut pairs = Vec::with_capacity(parts.iter().map(Vec::len).sum());
        parts.into_iter().for_each(|part| pairs.extend(part));
        pairs.sort_unstable_by_key(|&(pair, _)| pair);
        Self(pairs)
    }

    /// All pairs as they are stored.
    pub(super) fn counted(&self) -> &[((u32, u32), Counted)] {
        &self.0
    }

    /// The number of pairs.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// A pair, with what is known of it.
    pub(super) fn get(&self, index: usize) -> ((u32, u32), Verified) {
        let (pair, counted) = self.0[index];
        (pair, counted.into())
    }

    /// All pairs.
    pub(super) fn iter(&self) -> impl Iterator<Item = ((u32, u32), Verified)> + Clone {
        self.0.iter().map(|&(pair, counted)| (pair, counted.into()))
    }

    /// What is known of a pair of nodes, seen from the first.
    pub(super) fn find(&self, a: u32, b: u32) -> Option<Verified> {
        let key = (a.min(b), a.max(b));
        let index = self.0.binary_search_by_key(&key, |&(pair, _)| pair).ok()?;
        let verified = self.get(index).1;
        Some(if a < b { verified } else { verified.swapped() })
    }

    /// These but for those that are left out, and others.
    pub(super) fn replaced(self, is_left_out: impl Fn(&(u32, u32)) -> bool, others: Self) -> Self {
        let mut kept = self.0;
        kept.retain(|(pair, _)| !is_left_out(pair));
        Self::new(vec![kept, others.0])
    }
}
