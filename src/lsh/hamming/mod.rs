//! SimHash signatures that differ in few bits: every pair within a distance.

mod cover;
mod index;
mod pairs;

use super::CandidatePairs;
use super::runs::count;
use crate::sort::radix_sort;
use crate::{Error, parallel};
pub use index::HammingIndex;
use pairs::{STEP, Search, id_of};

/// Finds every pair of SimHash signatures that differ in at most `distance` bits.
///
/// The bits are cut into blocks, and there is a table for each of some choices of blocks, whose
/// bits are its key: however `distance` bits fall on the blocks, one table has none of them, and
/// the pair falls together there (as in Manku, Jain and Das Sarma, *Detecting near-duplicates for
/// web crawling*, 2007). Which choices do with few tables and wide keys is a question of projective
/// geometry: a pair within the distance is within a radius `r` of its own in one of a few parts of
/// the signature, and a part of `2^(r+1) − 1` blocks has a table for each set of blocks that is no
/// hyperplane (the construction of Pagh, *CoveringLSH: locality-sensitive hashing without false
/// negatives*, 2016, with equal blocks). Texts of one language have many bits in common; each key
/// gets its part of the bits that tell them apart.
///
/// What falls together is compared, eight with eight where the processor can. The tables that are
/// chosen, were all bits fair coins, for a million articles:
///
/// | bits | distance | tables | bits of a key, at least |
/// | --- | --- | --- | --- |
/// | 64 | 0 | 1 | 64 |
/// | 64 | 3 | 4 | 16 |
/// | 64 | 6 | 13 | 12 |
/// | 64 | 10 | 37 | 8 |
/// | 128 | 3 | 4 | 32 |
/// | 128 | 6 | 7 | 18 |
/// | 128 | 10 | 16 | 14 |
/// | 128 | 14 | 35 | 13 |
/// | 128 | 18 | 67 | 12 |
/// | 128 | 24 | 106 | 8 |
/// | 128 | 31 | 120 | 8 |
///
/// # Cost
///
/// Per article and table one step of a sort, and a comparison of 0.15 to 2 ns with each article of
/// the same key. The number of tables is chosen for the least work. With a greater distance keys
/// are narrower, and the work grows with the square of a large corpus: among 100,000 English
/// articles and 128 bits that differ in up to 18, 67 tables do with a tenth of the comparisons of
/// all with all. A [`Deduper`](crate::Deduper) for the Jaccard index compares texts of like
/// length only, and gets by with 50.
#[derive(Clone, Debug)]
pub struct HammingBlocks {
    words: usize,
    distance: u32,
}

impl HammingBlocks {
    /// Blocks for signatures of `bits` bits (64 or 128) and pairs that differ in at most
    /// `distance` bits (0 to 15 for 64 bits, 0 to 31 for 128; 3 of 64 is usual for near
    /// duplicates).
    ///
    /// # Errors
    ///
    /// When `bits` or `distance` is out of its range. In a quarter of the bits many unrelated
    /// articles differ: take MinHash for pairs that are further apart.
    pub fn new(bits: usize, distance: u32) -> Result<Self, Error> {
        let (words, limit, rule) = match bits {
            64 => (1, 15, "at most 15 for 64 bits"),
            128 => (2, 31, "at most 31 for 128 bits"),
            _ => return Err(Error::parameter("bits", "64 or 128", bits)),
        };
        if distance > limit {
            return Err(Error::parameter("distance", rule, distance));
        }
        Ok(Self { words, distance })
    }

    /// The number of bits of a signature.
    pub fn bits(&self) -> usize {
        self.words * 64
    }

    /// The greatest number of bits in which a pair may differ.
    pub fn distance(&self) -> u32 {
        self.distance
    }

    /// Every pair of a corpus within the distance, unless an article is limited. `words` holds the
    /// words of article 0 (one for 64 bits, two for 128), then those of article 1, and so on;
    /// articles that are not `present` (the empty ones, those that were collapsed into another) are
    /// left out.
    ///
    /// Of the articles before it in a bucket, each article is paired with the first `bucket_limit`
    /// (at least 1, usually [`DEFAULT_BUCKET_LIMIT`](super::DEFAULT_BUCKET_LIMIT)) that are within
    /// the distance; and of those before it, in the order of their ids, only the last
    /// 64 × `bucket_limit` are compared with it. So even when all articles share a bucket, the work
    /// grows with their number, not with its square. The others are not looked at, and counted as
    /// [limited](CandidatePairs::limited). The guarantee holds when that is empty; `usize::MAX`
    /// limits nothing.
    ///
    /// The result does not depend on the number of threads.
    ///
    /// # Cost
    ///
    /// That of [the search](HammingBlocks). Memory beside the signatures: 20 bytes an article, and
    /// twice as many as a signature has; 8 a pair.
    ///
    /// # Panics
    ///
    /// When `words` is not a whole number of signatures, or when there are 2³² articles.
    pub fn pairs(
        &self,
        words: &[u64],
        bucket_limit: usize,
        present: impl Fn(u32) -> bool + Sync,
    ) -> CandidatePairs {
        let ids: Vec<u32> = (0..count(words.len(), self.words)).filter(|&id| present(id)).collect();
        let firsts = vec![0; ids.len().div_ceil(STEP)];
        self.search(words, bucket_limit, &ids, &firsts)
    }

    /// The same for articles that have a size each: pairs of which the smaller one has less than
    /// `ratio` (at most 1) of the size of the larger one may be left out, which saves most of the
    /// comparisons. What the limits say of the order of ids holds for that of the sizes.
    pub(crate) fn pairs_of_like_size(
        &self,
        words: &[u64],
        bucket_limit: usize,
        sizes: &[u32],
        ratio: f64,
    ) -> CandidatePairs {
        assert_eq!(words.len(), self.words * sizes.len(), "each signature has a size");
        let mut order: Vec<u64> =
            sizes.iter().zip(0..).map(|(&size, id)| u64::from(size) << 32 | id).collect();
        radix_sort(&mut order, &mut Vec::new(), 32..64);
        let size = |entry: u64| (entry >> 32) as f64;
        let steps = order.iter().step_by(STEP).map(|&entry| {
            // The slack absorbs the rounding of the product.
            let least = ratio * size(entry) - 1e-6;
            order.partition_point(|&smaller| size(smaller) < least)
        });
        let firsts: Vec<usize> = steps.collect();
        let ids: Vec<u32> = order.iter().map(|&entry| id_of(entry)).collect();
        self.search(words, bucket_limit, &ids, &firsts)
    }

    /// The pairs among some articles, of which [`STEP`] each are compared with those before them
    /// from a first one on.
    fn search(
        &self,
        words: &[u64],
        bucket_limit: usize,
        ids: &[u32],
        firsts: &[usize],
    ) -> CandidatePairs {
        let before = (0..ids.len()).step_by(STEP).zip(firsts).map(|(row, first)| row - first);
        let of_each = 2.0 * before.sum::<usize>() as f64 / firsts.len().max(1) as f64;
        let agreements = cover::agreements(words, self.words);
        let masks = &cover::masks(&agreements, self.distance, of_each, usize::MAX)[..];
        let distance = self.distance;
        let mut found = match self.words {
            1 => {
                let signatures = &taken(words.as_chunks::<1>().0, ids)[..];
                Search { signatures, firsts, masks, distance, bucket_limit }.pairs()
            }
            _ => {
                let signatures = &taken(words.as_chunks::<2>().0, ids)[..];
                Search { signatures, firsts, masks, distance, bucket_limit }.pairs()
            }
        };
        for pair in &mut found.pairs {
            let (a, b) = (ids[pair.0 as usize], ids[pair.1 as usize]);
            *pair = (a.min(b), a.max(b));
        }
        parallel::sort(&mut found.pairs);
        found
    }

    fn value(&self, words: &[u64]) -> u128 {
        assert_eq!(words.len(), self.words, "a signature has {} words", self.words);
        words.iter().rev().fold(0, |value, &word| value << 64 | u128::from(word))
    }
}

/// The signatures of some articles.
fn taken<const N: usize>(signatures: &[[u64; N]], ids: &[u32]) -> Vec<[u64; N]> {
    ids.iter().map(|&id| signatures[id as usize]).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "each word is a half")]
fn words_of(value: u128) -> [u64; 2] {
    [value as u64, (value >> 64) as u64]
}

#[cfg(test)]
mod tests {
    use super::super::Limited;
    use super::*;
    use crate::sketch::SplitMix;
    use proptest::prelude::*;

    /// The definition: all with all.
    fn naive(words: &[u64], size: usize, distance: u32) -> Vec<(u32, u32)> {
        let words: Vec<&[u64]> = words.chunks(size).collect();
        let mut pairs = Vec::new();
        for a in 0..words.len() {
            for b in a + 1..words.len() {
                let differ: u32 =
                    words[a].iter().zip(words[b]).map(|(x, y)| (x ^ y).count_ones()).sum();
                if differ <= distance {
                    pairs.push((a as u32, b as u32));
                }
            }
        }
        pairs
    }

    /// Random signatures, each followed by some that differ from it in up to `distance + 1` bits.
    fn planted(random: &mut SplitMix, size: usize, distance: u32, families: usize) -> Vec<u64> {
        let mut words = Vec::new();
        for _ in 0..families {
            let parent: Vec<u64> = (0..size).map(|_| random.next()).collect();
            for flips in 0..=distance + 1 {
                let mut child = parent.clone();
                for _ in 0..flips {
                    let bit = random.next() as usize % (size * 64);
                    child[bit / 64] ^= 1 << (bit % 64);
                }
                words.extend(child);
            }
        }
        words
    }

    fn all_settings() -> impl Iterator<Item = HammingBlocks> {
        [(64, 15), (128, 31)].into_iter().flat_map(|(bits, limit)| {
            (0..=limit).map(move |distance| HammingBlocks::new(bits, distance).unwrap())
        })
    }

    /// Makes the lower words' upper half and the last bits the same nearly everywhere, as texts of
    /// one language do.
    fn skew(random: &mut SplitMix, words: &mut [u64]) {
        for word in words {
            *word &= u64::MAX >> 32 | random.next() & random.next() & random.next();
        }
    }

    #[test]
    fn every_pair_within_every_distance_is_found() {
        let mut random = SplitMix::new(11);
        for blocks in all_settings() {
            let mut words = planted(&mut random, blocks.words, blocks.distance, 20);
            if blocks.distance % 2 == 1 {
                skew(&mut random, &mut words);
            }
            let expected = naive(&words, blocks.words, blocks.distance);
            let found = blocks.pairs(&words, usize::MAX, |_| true);
            assert_eq!(found.pairs, expected, "{blocks:?}");
            assert!(found.limited.is_empty());

            let mut index = HammingIndex::new(blocks.clone());
            let (mut pairs, mut out) = (Vec::new(), Vec::new());
            for (id, words) in (0..).zip(words.chunks(blocks.words)) {
                index.candidates(words, &mut out);
                pairs.extend(out.iter().map(|&other| (other, id)));
                index.insert(id, words);
            }
            pairs.sort_unstable();
            assert_eq!(pairs, expected, "{blocks:?}");
        }
    }

    proptest! {
        #[test]
        fn pairs_are_those_within_the_distance(
            seed: u64,
            wide: bool,
            distance in 0_u32..16,
            skewed: bool,
            families in 0_usize..8,
        ) {
            let size = 1 + usize::from(wide);
            let blocks = HammingBlocks::new(64 * size, distance).unwrap();
            let mut random = SplitMix::new(seed);
            let mut words = planted(&mut random, size, distance, families);
            if skewed {
                skew(&mut random, &mut words);
            }
            let found = blocks.pairs(&words, usize::MAX, |_| true);
            prop_assert_eq!(&found.pairs, &naive(&words, size, distance));

            let limited = blocks.pairs(&words, 2, |_| true);
            let lost = found.pairs.len() - limited.pairs.len();
            prop_assert!(limited.pairs.iter().all(|pair| found.pairs.contains(pair)));
            prop_assert!(lost as u64 <= limited.limited.pairs);

            let present = |id: u32| !id.is_multiple_of(3);
            let mut expected = found.pairs;
            expected.retain(|&(a, b)| present(a) && present(b));
            prop_assert_eq!(blocks.pairs(&words, usize::MAX, present).pairs, expected);
        }

        #[test]
        fn pairs_of_like_size_are_found(
            seed: u64,
            wide: bool,
            distance in 0_u32..20,
            ratio in 0.0..1.0_f64,
            sizes in proptest::collection::vec(0_u32..100, 0..1200),
        ) {
            let size = if wide { 2 } else { 1 };
            let blocks = HammingBlocks::new(64 * size, distance.min(8 * size as u32 - 1)).unwrap();
            let mut random = SplitMix::new(seed);
            let mut words = planted(&mut random, size, blocks.distance, 60);
            words.resize(size * sizes.len(), 7);
            skew(&mut random, &mut words);
            let all = blocks.pairs(&words, usize::MAX, |_| true).pairs;
            let found = blocks.pairs_of_like_size(&words, usize::MAX, &sizes, ratio).pairs;
            let is_like = |&(a, b): &(u32, u32)| {
                let [a, b] = [a, b].map(|id| f64::from(sizes[id as usize]));
                a.min(b) >= ratio * a.max(b)
            };
            prop_assert!(found.iter().all(|pair| all.binary_search(pair).is_ok()));
            for pair in all.iter().filter(|pair| is_like(pair)) {
                prop_assert!(found.binary_search(pair).is_ok(), "{:?}", pair);
            }
        }

        #[test]
        fn index_is_a_map_of_signatures(
            steps in proptest::collection::vec((any::<bool>(), 0_u32..6, 0_u64..16), 0..40),
            question in 0_u64..16,
        ) {
            let mut index = HammingIndex::new(HammingBlocks::new(64, 1).unwrap());
            let mut oracle = std::collections::BTreeMap::new();
            for (insert, id, word) in steps {
                if insert {
                    index.insert(id, &[word]);
                    oracle.insert(id, word);
                } else {
                    prop_assert_eq!(index.remove(id), oracle.remove(&id).is_some());
                }
            }
            let mut out = vec![99];
            index.candidates(&[question], &mut out);
            oracle.retain(|_, word| (*word ^ question).count_ones() <= 1);
            prop_assert_eq!(out, oracle.into_keys().collect::<Vec<_>>());
        }
    }

    #[test]
    fn identical_signatures_are_limited_and_counted() {
        let blocks = HammingBlocks::new(64, 3).unwrap();
        let found = blocks.pairs(&[5; 20], 10, |_| true);
        // Article 10 and all before it have no more than ten before them.
        let expected: Vec<(u32, u32)> =
            (0..10).flat_map(|a| (a + 1..20).map(move |b| (a, b))).collect();
        assert_eq!(found.pairs, expected);
        assert_eq!(found.limited, Limited { buckets: 1, largest: 20, pairs: 9 * 10 / 2 });
    }

    /// Strangers to each other of which one key brings all together: those before the last
    /// 64 × limit are not looked at.
    #[test]
    fn strangers_of_one_bucket_are_limited_and_counted() {
        let blocks = HammingBlocks::new(128, 31).unwrap();
        let mut random = SplitMix::new(3);
        let mut words: Vec<u64> = (0..2 * 300).map(|_| random.next()).collect();
        // One pair within reach, and one beyond.
        words.copy_within(2 * 100..2 * 101, 2 * 163);
        words.copy_within(2 * 99..2 * 100, 2 * 299);
        assert_eq!(blocks.pairs(&words, usize::MAX, |_| true).pairs, [(99, 299), (100, 163)]);
        let found = blocks.pairs(&words, 1, |_| true);
        assert_eq!(found.pairs, [(100, 163)]);
        // Beyond reach, and those between the pair, since one is enough.
        let left = (300 - 64) * (300 - 64 - 1) / 2 + 62;
        assert_eq!(found.limited, Limited { buckets: 1, largest: 300, pairs: left });
    }

    #[test]
    fn errors_say_the_limit() {
        let error = HammingBlocks::new(64, 16).unwrap_err().to_string();
        assert_eq!(error, "distance must be at most 15 for 64 bits, but is 16");
        assert!(HammingBlocks::new(128, 32).is_err());
        assert!(HammingBlocks::new(65, 1).is_err());
    }
}
