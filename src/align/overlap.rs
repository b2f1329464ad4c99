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

/// Counts the shingles that two articles share. Both slices are sorted and without repeats.
/// One merge, linear in the lengths; when they differ by more than eight times, logarithmic in
/// the longer one for each shingle of the shorter one.
pub fn overlap(a: &[u64], b: &[u64]) -> Overlap {
    // Any overlap is at least 0, so that the merge never stops early.
    let shared = shared_at_least(a, b, 0).unwrap_or(0);
    Overlap { a: a.len(), b: b.len(), shared }
}

/// The overlap of two articles whose Jaccard index is at least `threshold`, else `None`. Stops
/// as soon as the threshold is out of reach: before the first comparison when the lengths alone
/// rule it out. Both slices are sorted and without repeats.
pub fn jaccard_at_least(a: &[u64], b: &[u64], threshold: f64) -> Option<Overlap> {
    // shared / (a + b - shared) ≥ t  ⇔  shared ≥ t (a + b) / (1 + t). The slack absorbs the
    // rounding of this formula; the exact condition is asked again below.
    let needed = threshold * (a.len() + b.len()) as f64 / (1.0 + threshold) - 1e-6;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and a + b, or saturated"
    )]
    let shared = shared_at_least(a, b, needed.ceil() as usize)?;
    let overlap = Overlap { a: a.len(), b: b.len(), shared };
    (overlap.jaccard() >= threshold).then_some(overlap)
}

/// The size of the intersection, or `None` once it can't reach `needed` any more.
fn shared_at_least(a: &[u64], b: &[u64], needed: usize) -> Option<usize> {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() < needed {
        return None;
    }
    // How many shingles of the shorter article may still be missing in the longer one.
    let mut may_miss = short.len() - needed;
    let mut shared = 0;
    let mut rest = long;
    let gallop = long.len() / 8 > short.len();
    for shingle in short {
        rest = if gallop { gallop_to(rest, *shingle) } else { walk_to(rest, *shingle) };
        if rest.first() == Some(shingle) {
            shared += 1;
        } else if may_miss == 0 {
            return None;
        } else {
            may_miss -= 1;
        }
    }
    Some(shared)
}

/// The part of a sorted slice from the first element not below `value` on, step by step.
fn walk_to(sorted: &[u64], value: u64) -> &[u64] {
    let skip = sorted.iter().take_while(|&&element| element < value).count();
    &sorted[skip..]
}

/// The same in steps that double, for slices with far to go.
fn gallop_to(sorted: &[u64], value: u64) -> &[u64] {
    let mut bound = 1;
    while bound < sorted.len() && sorted[bound] < value {
        bound *= 2;
    }
    let start = bound / 2;
    let end = (bound + 1).min(sorted.len());
    let skip = start + sorted[start..end].partition_point(|&element| element < value);
    &sorted[skip..]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn sets() -> impl Strategy<Value = (Vec<u64>, Vec<u64>)> {
        let set = |size| proptest::collection::btree_set(0u64..400, size);
        (set(0..200), set(0..20), any::<bool>()).prop_map(|(a, b, swap)| {
            let (a, b) = (a.into_iter().collect(), b.into_iter().collect());
            if swap { (b, a) } else { (a, b) }
        })
    }

    proptest! {
        #[test]
        fn overlap_is_the_size_of_the_intersection((a, b) in sets()) {
            let naive = a.iter().collect::<BTreeSet<_>>()
                .intersection(&b.iter().collect()).count();
            prop_assert_eq!(overlap(&a, &b), Overlap { a: a.len(), b: b.len(), shared: naive });
        }

        #[test]
        fn early_exit_decides_as_the_full_merge((a, b) in sets(), t in 0.01f64..=1.0) {
            let full = overlap(&a, &b);
            let expected = (full.jaccard() >= t).then_some(full);
            prop_assert_eq!(jaccard_at_least(&a, &b, t), expected);
        }

        #[test]
        fn a_pair_exactly_at_the_threshold_is_in((a, b) in sets()) {
            let full = overlap(&a, &b);
            prop_assume!(full.shared > 0);
            prop_assert_eq!(jaccard_at_least(&a, &b, full.jaccard()), Some(full));
        }
    }

    #[test]
    fn nothing_is_like_nothing() {
        let empty = overlap(&[], &[]);
        assert_eq!((empty.jaccard(), empty.containment_a(), empty.containment_b()), (0., 0., 0.));
        assert_eq!(jaccard_at_least(&[], &[], 0.5), None);
    }
}
