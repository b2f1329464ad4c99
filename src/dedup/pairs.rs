//! The verified pairs, kept small: a corpus may have more of them than articles.

use crate::align::{Evidence, Overlap, Relation};

use super::verify::Verified;

/// What is known of a pair, as numbers of 32 bits: no text has more tokens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted {
    relation: Relation,
    identical: bool,
    tokens: [u32; 2],
    covered: [u32; 2],
    longest_passage: u32,
    /// Distinct shingles, and those shared.
    shingles: [u32; 3],
}

impl From<Verified> for Counted {
    fn from(Verified { relation, evidence }: Verified) -> Self {
        let narrow = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let Evidence { identical, overlap, .. } = evidence;
        Self {
            relation,
            identical,
            tokens: [evidence.tokens_a, evidence.tokens_b].map(narrow),
            covered: [evidence.covered_a, evidence.covered_b].map(narrow),
            longest_passage: narrow(evidence.longest_passage),
            shingles: [overlap.a, overlap.b, overlap.shared].map(narrow),
        }
    }
}

impl From<Counted> for Verified {
    fn from(counted: Counted) -> Self {
        let Counted { relation, identical, .. } = counted;
        let [tokens_a, tokens_b] = counted.tokens.map(|count| count as usize);
        let [covered_a, covered_b] = counted.covered.map(|count| count as usize);
        let [a, b, shared] = counted.shingles.map(|count| count as usize);
        let longest_passage = counted.longest_passage as usize;
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
