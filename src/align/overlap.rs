//! How many shingles two articles share, counted exactly.

/// The sizes of two sets of distinct shingles and of their intersection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Overlap {
    /// Distinct shingles of the first article.
    pub a: usize,
    /// Distinct shingles of the second article.
    pub b: usize,
    /// Distinct shingles that both have.
    pub shared: usize,
}

impl Overlap {
    /// The Jaccard index: shared shingles over all shingles of the two, from 0 to 1. Zero when
    /// both are empty, because two articles without words are not duplicates by similarity.
    pub fn jaccard(&self) -> f64 {
        ratio(self.shared, self.a + self.b - self.shared)
    }

    /// The share of the first article's shingles that the second has, from 0 to 1.
    pub fn containment_a(&self) -> f64 {
        ratio(self.shared, self.a)
    }

    /// The share of the second article's shingles that the first has, from 0 to 1.
    pub fn containment_b(&self) -> f64 {
        ratio(self.shared, self.b)
    }
}

/// Part over whole, and 0 for 0 of 0.
pub(super) fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Counts the shingles that two articles share. They come in any order, with repeats. Linear.
pub fn overlap(a: &[u64], b: &[u64]) -> Overlap {
    let mut set = ShingleSet::default();
    set.read(a);
    set.overlap(b)
}

/// The distinct shingles of one article, to be compared with many others: they are looked up in
/// a hash table that is built once. Made to be reused from article to article.
#[derive(Debug, Default)]
pub struct ShingleSet {
    here: Distinct,
    /// By shingle: the last article that it was met in.
    met: Vec<u32>,
    article: u32,
    /// Shingles of the other article that are not here.
    strange: Vec<u64>,
    distinct_strange: Distinct,
}

impl ShingleSet {
    /// Replaces the shingles by those of another article, in any order and with repeats. Linear.
    ///
    /// # Panics
    /// If there are 2³² - 1 shingles or more.
    pub fn read(&mut self, shingles: &[u64]) {
        self.here.read(shingles);
        self.article = 0;
        self.met.clear();
        self.met.resize(self.here.hashes.len(), 0);
    }

    /// The number of distinct shingles.
    pub fn len(&self) -> usize {
        self.here.hashes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.here.hashes.is_empty()
    }

    /// Counts what another article shares with this one. Its shingles come in any order, with
    /// repeats. Linear.
    ///
    /// # Panics
    /// If there are 2³² - 1 shingles or more.
    pub fn overlap(&mut self, other: &[u64]) -> Overlap {
        // There is none that has more than all strange.
        self.overlap_with_at_most(other, usize::MAX).unwrap_or_else(|| unreachable!())
    }

    /// The overlap with another article if the Jaccard index is at least `threshold`, above 0,
    /// else `None`. Stops as soon as the threshold is out of reach: before the first look-up when
    /// the lengths alone rule it out.
    ///
    /// # Panics
    /// If there are 2³² - 1 shingles or more.
    pub fn jaccard_at_least(&mut self, other: &[u64], threshold: f64) -> Option<Overlap> {
        // With n shingles here and m strange ones, shared / (n + m) ≥ t asks for shared ≥ t n
        // and, since shared ≤ n, for m ≤ n / t - n. The slack absorbs the rounding of these
        // formulas; the exact condition is asked again below.
        let here = self.len() as f64;
        if (other.len() as f64) < threshold * here - 1e-6 {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not negative, or saturated"
        )]
        let most = (here / threshold - here + 1e-6) as usize;
        let overlap = self.overlap_with_at_most(other, most)?;
        (overlap.jaccard() >= threshold).then_some(overlap)
    }

    /// The overlap, unless more than so many distinct shingles are strange.
    fn overlap_with_at_most(&mut self, other: &[u64], most: usize) -> Option<Overlap> {
        self.article = self.article.checked_add(1).unwrap_or_else(|| {
            self.met.fill(0);
            1
        });
        self.strange.clear();
        let (mut shared, mut most_so_far) = (0, most);
        // Copies go on as their original does.
        let mut next = 0;
        for &hash in other {
            let goes_on = self.here.hashes.get(next) == Some(&hash);
            if let Some(index) = if goes_on { Some(next) } else { self.here.find(hash) } {
                next = index + 1;
                let met = &mut self.met[index];
                shared += usize::from(*met != self.article);
                *met = self.article;
                continue;
            }
            self.strange.push(hash);
            if self.strange.len() > most_so_far {
                self.distinct_strange.read(&self.strange);
                let repeats = self.strange.len() - self.distinct_strange.hashes.len();
                most_so_far = most.saturating_add(repeats);
                if repeats == 0 || self.strange.len() > most_so_far {
                    return None;
                }
            }
        }
        self.distinct_strange.read(&self.strange);
        let strange = self.distinct_strange.hashes.len();
        Some(Overlap { a: self.len(), b: shared + strange, shared })
    }
}

/// Some distinct hashes, in the order in which they came first.
#[derive(Debug, Default)]
struct Distinct {
    /// Open addressing, at least four slots a hash: the index of a hash, or [`FREE`].
    slots: Vec<u32>,
    shift: u32,
    hashes: Vec<u64>,
}

const FREE: u32 = u32::MAX;

impl Distinct {
    fn read(&mut self, hashes: &[u64]) {
        assert!(hashes.len() < FREE as usize, "an article has fewer than 2^32 - 1 shingles");
        let capacity = (4 * hashes.len()).next_power_of_two().max(8);
        self.shift = 64 - capacity.trailing_zeros();
        self.slots.clear();
        self.slots.resize(capacity, FREE);
        self.hashes.clear();
        for &hash in hashes {
            let slot = self.slot(hash);
            if self.slots[slot] == FREE {
                // It fits: see above.
                self.slots[slot] = u32::try_from(self.hashes.len()).unwrap_or(FREE);
                self.hashes.push(hash);
            }
        }
    }

    /// The index of a hash, if it is there.
    fn find(&self, hash: u64) -> Option<usize> {
        if self.hashes.is_empty() {
            return None;
        }
        let index = self.slots[self.slot(hash)];
        (index != FREE).then_some(index as usize)
    }

    /// Where a hash is, or would go.
    fn slot(&self, hash: u64) -> usize {
        let mask = self.slots.len() - 1;
        // The mixing is for what is no hash.
        #[expect(clippy::cast_possible_truncation, reason = "the mask keeps what fits")]
        let mut slot = (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize & mask;
        loop {
            match self.slots[slot] {
                FREE => return slot,
                index if self.hashes[index as usize] == hash => return slot,
                _ => slot = (slot + 1) & mask,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn lists() -> impl Strategy<Value = (Vec<u64>, Vec<u64>)> {
        let list = |size| proptest::collection::vec(0u64..400, size);
        (list(0..200), list(0..20), any::<bool>())
            .prop_map(|(a, b, swap)| if swap { (b, a) } else { (a, b) })
    }

    fn naive(a: &[u64], b: &[u64]) -> Overlap {
        let [a, b] = [a, b].map(|list| list.iter().collect::<BTreeSet<_>>());
        Overlap { a: a.len(), b: b.len(), shared: a.intersection(&b).count() }
    }

    proptest! {
        #[test]
        fn an_overlap_is_counted_on_sets((a, b) in lists()) {
            prop_assert_eq!(overlap(&a, &b), naive(&a, &b));
        }

        /// One set after the other in the same memory, each against many articles.
        #[test]
        fn a_set_is_as_good_as_new(lists in proptest::collection::vec(lists(), 1..6)) {
            let mut set = ShingleSet::default();
            for (a, _) in &lists {
                set.read(a);
                prop_assert_eq!(set.len(), naive(a, a).a);
                prop_assert_eq!(set.is_empty(), a.is_empty());
                for (_, b) in &lists {
                    prop_assert_eq!(set.overlap(b), naive(a, b));
                }
            }
        }

        #[test]
        fn early_exit_decides_as_the_full_count((a, b) in lists(), t in 0.01f64..=1.0) {
            let mut set = ShingleSet::default();
            set.read(&a);
            let full = naive(&a, &b);
            let expected = (full.jaccard() >= t).then_some(full);
            prop_assert_eq!(set.jaccard_at_least(&b, t), expected);
        }

        #[test]
        fn a_pair_exactly_at_the_threshold_is_in((a, b) in lists()) {
            let full = naive(&a, &b);
            prop_assume!(full.shared > 0);
            let mut set = ShingleSet::default();
            set.read(&a);
            prop_assert_eq!(set.jaccard_at_least(&b, full.jaccard()), Some(full));
        }
    }

    #[test]
    fn nothing_is_like_nothing() {
        let empty = overlap(&[], &[]);
        assert_eq!((empty.jaccard(), empty.containment_a(), empty.containment_b()), (0., 0., 0.));
        assert_eq!(ShingleSet::default().len(), 0);
        let mut set = ShingleSet::default();
        set.read(&[]);
        assert_eq!(set.jaccard_at_least(&[], 0.5), None);
    }
}
