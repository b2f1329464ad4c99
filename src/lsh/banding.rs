//! MinHash signatures in bands (Broder 1997; Leskovec, Rajaraman and Ullman, *Mining of Massive
//! Datasets*, 2014, chapter 3).

use super::CandidatePairs;
use super::runs::{PairSearch, count};
use crate::Error;
use crate::parallel;
use crate::sketch::{MinHash, SplitMix, mix};

/// Articles that a thread takes at a time.
const PIECE: usize = 1 << 12;

/// Cuts MinHash signatures into bands of rows. Two articles are candidates when they agree in all
/// rows of at least one band, so that a pair of Jaccard similarity `J` is caught with a
/// [probability](Self::probability) of `1 − (1 − Jʳ)ᵇ`: more rows catch less that is unlike, more
/// bands miss less that is alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Banding {
    bands: usize,
    rows: usize,
}

impl Banding {
    /// The recall at the threshold that suits most corpora.
    pub const DEFAULT_RECALL: f64 = 0.99;

    /// A given number of bands and of rows in each.
    ///
    /// # Errors
    ///
    /// When either is 0, or they need more than 4096 slots.
    pub fn new(bands: usize, rows: usize) -> Result<Self, Error> {
        if bands == 0 {
            return Err(Error::parameter("bands", "at least 1", bands));
        }
        if rows == 0 {
            return Err(Error::parameter("rows", "at least 1", rows));
        }
        if bands.checked_mul(rows).is_none_or(|slots| slots > MinHash::MAX_SLOTS) {
            let value = format!("{bands} bands of {rows} rows");
            return Err(Error::parameter("bands × rows", "at most 4096", value));
        }
        Ok(Self { bands, rows })
    }

    /// The most selective bands, those with the most rows, that catch a pair of Jaccard similarity
    /// exactly `threshold` with a probability of at least `recall`. There are as many bands as
    /// `slots` have room for.
    ///
    /// `slots` is that of the signatures, 1 to 4096. `threshold` is above 0 and at most 1; take
    /// what the pairs are to be verified at, not more to be quicker. `recall` is above 0 and below
    /// 1, by default [`DEFAULT_RECALL`](Self::DEFAULT_RECALL); pairs above the threshold have
    /// more.
    ///
    /// # Errors
    ///
    /// When a parameter is out of its range, or when even bands of one row miss too much.
    pub fn for_threshold(slots: usize, threshold: f64, recall: f64) -> Result<Self, Error> {
        if !(1..=MinHash::MAX_SLOTS).contains(&slots) {
            return Err(Error::parameter("slots", "from 1 to 4096", slots));
        }
        if !(threshold > 0.0 && threshold <= 1.0) {
            return Err(Error::parameter("threshold", "above 0 and at most 1", threshold));
        }
        if !(recall > 0.0 && recall < 1.0) {
            return Err(Error::parameter("recall", "above 0 and below 1", recall));
        }
        (1..=slots)
            .rev()
            .map(|rows| Self { bands: slots / rows, rows })
            .find(|banding| banding.probability(threshold) >= recall)
            .ok_or_else(|| {
                let best = Self { bands: slots, rows: 1 }.probability(threshold);
                Error::parameter(
                    "recall",
                    "within reach of the slots at the threshold (take more slots or a lower recall)",
                    format!("{recall}, where {slots} slots reach {best:.4} at {threshold}"),
                )
            })
    }

    /// The number of bands.
    pub fn bands(&self) -> usize {
        self.bands
    }

    /// The number of rows (slots) in a band.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of slots in all bands. Further slots of a signature are not looked at.
    pub fn slots_used(&self) -> usize {
        self.bands * self.rows
    }

    /// The probability that a pair of this Jaccard similarity (0 to 1) is caught.
    pub fn probability(&self, jaccard: f64) -> f64 {
        1.0 - power(1.0 - power(jaccard, self.rows), self.bands)
    }

    /// The key of a band: a hash of its rows and its number, the same in every run and on every
    /// machine. Articles with the same key are candidates.
    ///
    /// # Panics
    ///
    /// When `signature` has less than [`slots_used`](Self::slots_used) slots, or there is no such
    /// band.
    pub fn key(&self, signature: &[u32], band: usize) -> u64 {
        assert!(band < self.bands, "there are {} bands", self.bands);
        let start = SplitMix::STEP.wrapping_mul(band as u64 + 1);
        let (pairs, rest) = self.rows_of(signature, band).as_chunks::<2>();
        let both = |&[a, b]: &[u32; 2]| u64::from(a) | u64::from(b) << 32;
        let key = pairs.iter().fold(start, |key, rows| mix(key ^ both(rows)));
        rest.iter().fold(key, |key, &row| mix(key ^ u64::from(row)))
    }

    fn rows_of<'a>(&self, signature: &'a [u32], band: usize) -> &'a [u32] {
        &signature[band * self.rows..][..self.rows]
    }

    /// Appends the upper halves of the keys of all bands, which are enough for one corpus.
    ///
    /// # Panics
    ///
    /// As [`key`](Self::key).
    pub(crate) fn append_keys(&self, signature: &[u32], out: &mut Vec<u32>) {
        out.extend((0..self.bands).map(|band| (self.key(signature, band) >> 32) as u32));
    }

    /// The candidate pairs of a corpus. `signatures` holds the `slots` of article 0, then those of
    /// article 1, and so on; articles that are not `present` (the empty ones, those that were
    /// collapsed into another) are left out.
    ///
    /// Bands are compared by 32 bits of their [keys](Self::key): of a million articles a hundred
    /// pairs for each band, about, have no band in common.
    ///
    /// Of a run of more than `bucket_limit` articles (at least 2, usually
    /// [`DEFAULT_BUCKET_LIMIT`](super::DEFAULT_BUCKET_LIMIT)) each one is paired with the first
    /// and its predecessor only, and the rest is counted as [limited](CandidatePairs::limited).
    /// `usize::MAX` limits nothing.
    ///
    /// The result does not depend on the number of threads.
    ///
    /// # Cost
    ///
    /// One sort of the articles per band. Memory beside the signatures: 4 bytes for each band of an
    /// article, 52 bytes an article, 12 a pair, or up to 45 where most bands find the same ones.
    ///
    /// # Panics
    ///
    /// When `signatures` is not a whole number of signatures of `slots`, when `slots` is less than
    /// [`slots_used`](Self::slots_used), or when there are 2³² articles.
    pub fn pairs(
        &self,
        signatures: &[u32],
        slots: usize,
        bucket_limit: usize,
        present: impl Fn(u32) -> bool + Sync,
    ) -> CandidatePairs {
        assert!(slots >= self.slots_used(), "{} slots are needed", self.slots_used());
        let articles = count(signatures.len(), slots);
        let firsts: Vec<u32> = (0..articles).step_by(PIECE).collect();
        let pieces: Vec<_> = firsts.into_iter().zip(signatures.chunks(slots * PIECE)).collect();
        let pieces = parallel::map_with(
            &pieces,
            || (),
            |(), (first, signatures)| {
                let mut keys = Vec::new();
                let signatures = signatures.chunks(slots);
                let ids: Vec<u32> = (*first..)
                    .zip(signatures)
                    .filter(|&(id, _)| present(id))
                    .inspect(|(_, signature)| self.append_keys(signature, &mut keys))
                    .map(|(id, _)| id)
                    .collect();
                (ids, keys)
            },
        );
        self.pairs_of(articles as usize, bucket_limit, &pieces, |(ids, keys), (), each| {
            ids.iter().zip(keys.chunks(self.bands)).for_each(|(&id, keys)| each(id, keys));
        })
    }

    /// The same for articles, with ids below `articles`, of which only the
    /// [keys](Self::append_keys) are known. `for_each` gives away the articles of a piece with
    /// theirs, in any order, and is asked several times. It gets a scratch space.
    pub(crate) fn pairs_of<P: Sync, S: Default>(
        &self,
        articles: usize,
        bucket_limit: usize,
        pieces: &[P],
        for_each: impl Fn(&P, &mut S, &mut dyn FnMut(u32, &[u32])) + Sync + Send,
    ) -> CandidatePairs {
        PairSearch::new(bucket_limit).run(articles, self.bands, pieces, for_each)
    }
}

/// `base` to the power of `exponent`, by multiplications only: std's `powi` may differ in the last
/// bit between machines, and with it the choice of the rows.
fn power(mut base: f64, mut exponent: usize) -> f64 {
    let mut result = 1.0;
    while exponent > 0 {
        if exponent % 2 == 1 {
            result *= base;
        }
        base *= base;
        exponent /= 2;
    }
    result
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::{DEFAULT_BUCKET_LIMIT, Limited};
    use super::*;
    use crate::sketch::statistics::assert_binomial;
    use proptest::prelude::*;

    /// The definition: all with all, all bands.
    pub(in super::super) fn naive(
        banding: Banding,
        signatures: &[u32],
        slots: usize,
    ) -> Vec<(u32, u32)> {
        let signatures: Vec<&[u32]> = signatures.chunks(slots).collect();
        let mut pairs = Vec::new();
        for a in 0..signatures.len() {
            for b in a + 1..signatures.len() {
                let rows = signatures[a].iter().zip(signatures[b]).map(|(x, y)| x == y);
                let rows: Vec<bool> = rows.take(banding.slots_used()).collect();
                if rows.chunks(banding.rows()).any(|band| band.iter().all(|&same| same)) {
                    pairs.push((a as u32, b as u32));
                }
            }
        }
        pairs
    }

    /// A banding, and articles whose few different values agree in many bands.
    pub(in super::super) fn corpus() -> impl Strategy<Value = (Banding, usize, Vec<u32>)> {
        (1_usize..6, 1_usize..4, 0_usize..3, 0_usize..40).prop_flat_map(|(b, r, spare, n)| {
            let slots = b * r + spare;
            let values = proptest::collection::vec(0_u32..4, n * slots);
            values.prop_map(move |values| (Banding::new(b, r).unwrap(), slots, values))
        })
    }

    proptest! {
        #[test]
        fn pairs_are_those_that_share_a_band((banding, slots, signatures) in corpus()) {
            let found = banding.pairs(&signatures, slots, usize::MAX, |_| true);
            prop_assert_eq!(found.pairs, naive(banding, &signatures, slots));
            prop_assert!(found.limited.is_empty());
        }

        #[test]
        fn a_limit_takes_away_only_and_keeps_connected(
            (banding, slots, signatures) in corpus(),
            limit in 0_usize..10,
        ) {
            let all = naive(banding, &signatures, slots);
            let found = banding.pairs(&signatures, slots, limit, |_| true);
            prop_assert!(found.pairs.is_sorted_by(|a, b| a < b));
            prop_assert!(found.pairs.iter().all(|pair| all.binary_search(pair).is_ok()));
            prop_assert!((all.len() - found.pairs.len()) as u64 <= found.limited.pairs);
            prop_assert_eq!(components(&found.pairs), components(&all));
        }

        #[test]
        fn absent_articles_are_in_no_pair((banding, slots, signatures) in corpus()) {
            let present = |id: u32| !id.is_multiple_of(3);
            let mut expected = naive(banding, &signatures, slots);
            expected.retain(|&(a, b)| present(a) && present(b));
            prop_assert_eq!(banding.pairs(&signatures, slots, 1000, present).pairs, expected);
        }

        #[test]
        fn rows_are_the_most_that_reach_the_recall(
            slots in 1_usize..300,
            threshold in 0.05..=1.0_f64,
            recall in 0.1..0.999_f64,
        ) {
            let oracle = (1..=slots)
                .filter(|&rows| {
                    let miss = 1.0 - threshold.powi(rows as i32);
                    1.0 - miss.powi((slots / rows) as i32) >= recall
                })
                .max();
            let chosen = Banding::for_threshold(slots, threshold, recall).ok();
            prop_assert_eq!(chosen.map(|banding| banding.rows()), oracle);
            prop_assert!(chosen.is_none_or(|banding| banding.slots_used() <= slots));
        }
    }

    /// The least id that each id is connected with.
    fn components(pairs: &[(u32, u32)]) -> Vec<u32> {
        let mut least: Vec<u32> = (0..100).collect();
        for _ in 0..least.len() {
            for &(a, b) in pairs {
                let low = least[a as usize].min(least[b as usize]);
                (least[a as usize], least[b as usize]) = (low, low);
            }
        }
        least
    }

    #[test]
    fn half_of_128_slots_takes_three_rows() {
        let banding = Banding::for_threshold(128, 0.5, Banding::DEFAULT_RECALL).unwrap();
        assert_eq!((banding.bands(), banding.rows(), banding.slots_used()), (42, 3, 126));
        assert!((banding.probability(0.5) - 0.9963).abs() < 1e-4);
        assert_eq!(banding.probability(0.0), 0.0);
        assert_eq!(banding.probability(1.0), 1.0);
    }

    #[test]
    fn pairs_are_caught_with_the_probability_that_is_stated() {
        let (pairs, slots) = (3000, 32);
        let minhash = MinHash::new(slots, 3).unwrap();
        let mut random = SplitMix::new(4);
        let mut signatures = vec![0; 2 * pairs * slots];
        for pair in signatures.chunks_mut(2 * slots) {
            // 20 of 40 shingles are common.
            let shingles: Vec<u64> = (0..40).map(|_| random.next()).collect();
            let (left, right) = pair.split_at_mut(slots);
            minhash.sketch_into(&shingles[..30], left);
            minhash.sketch_into(&shingles[10..], right);
        }
        for rows in 1..=4 {
            let banding = Banding::new(slots / rows, rows).unwrap();
            let found = banding.pairs(&signatures, slots, usize::MAX, |_| true).pairs;
            let caught = found.iter().filter(|(a, b)| a % 2 == 0 && *b == a + 1).count();
            assert_binomial(caught as u64, pairs as u64, banding.probability(0.5));
        }
    }

    #[test]
    fn errors_say_what_to_do() {
        let error = Banding::for_threshold(16, 0.1, 0.99).unwrap_err().to_string();
        assert!(error.contains("more slots or a lower recall"), "{error}");
        assert!(error.contains("16 slots reach 0.8147 at 0.1"), "{error}");
        assert!(Banding::for_threshold(0, 0.5, 0.99).is_err());
        assert!(Banding::for_threshold(128, f64::NAN, 0.99).is_err());
        assert!(Banding::for_threshold(128, 0.5, 1.0).is_err());
        assert!(Banding::new(0, 1).is_err());
        assert!(Banding::new(1, 0).is_err());
        assert!(Banding::new(usize::MAX, 2).is_err());
    }

    #[test]
    fn a_pair_that_a_limited_band_left_out_is_found_by_a_later_one() {
        // All agree in the first band; 20 and 30 in the second one, too.
        let signatures: Vec<u32> =
            (0..50).flat_map(|id| [7, if id == 30 { 20 } else { id }]).collect();
        let found = Banding::new(2, 1).unwrap().pairs(&signatures, 2, 49, |_| true);
        assert!(found.pairs.contains(&(20, 30)));
        assert_eq!(found.pairs.len(), 49 + 48 + 1);
        assert_eq!(found.limited, Limited { buckets: 1, largest: 50, pairs: 48 * 47 / 2 });
        let all = Banding::new(2, 1).unwrap().pairs(&signatures, 2, 50, |_| true);
        assert_eq!((all.pairs.len(), all.limited.is_empty()), (50 * 49 / 2, true));
    }

    #[test]
    fn keys_are_frozen() {
        let banding = Banding::new(2, 3).unwrap();
        assert_eq!(banding.key(&[1, 2, 3, 1, 2, 3], 0), 0x9eb2_a512_3623_94d3);
        assert_eq!(banding.key(&[1, 2, 3, 1, 2, 3], 1), 0x487a_480b_2348_cbcd);
    }

    #[test]
    #[should_panic(expected = "whole signatures")]
    fn an_incomplete_signature_panics() {
        Banding::new(2, 1).unwrap().pairs(&[1, 2, 3], 2, DEFAULT_BUCKET_LIMIT, |_| true);
    }

    #[cfg(feature = "parallel")]
    #[test]
    fn threads_do_not_change_the_result() {
        let mut random = SplitMix::new(5);
        let signatures: Vec<u32> = (0..8 * 5000).map(|_| (random.next() % 40) as u32).collect();
        let banding = Banding::new(4, 2).unwrap();
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| banding.pairs(&signatures, 8, 6, |_| true))
        };
        let single = run(1);
        assert!(!single.limited.is_empty());
        assert_eq!(single, run(4));
    }
}
