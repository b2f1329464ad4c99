//! SimHash signatures in blocks (Manku, Jain and Das Sarma, *Detecting near-duplicates for web
//! crawling*, 2007): every pair within a distance.

use std::collections::HashMap;

use super::CandidatePairs;
use super::buckets::Buckets;
use super::runs::{PairSearch, count};
use crate::Error;
use crate::sketch::{SplitMix, mix};

/// The most tables that are chosen: enough to leave 10 of 12 blocks out. Each one is a sort in bulk,
/// and some 50 bytes an article in an index.
const MAX_TABLES: usize = 66;

/// What a table costs an article apart from the others in its run, in units of one comparison with
/// one of those.
const TABLE_COST: f64 = 32.0;

/// Finds every pair of SimHash signatures that differ in at most `distance` bits.
///
/// The bits are cut into `B` blocks. Bits that differ can spoil at most `distance` of them, so the
/// pair agrees in all others: there is a table for each choice of `B − distance` blocks, whose key
/// they are, and the pair falls together in at least one. More blocks make wider keys, in which
/// fewer strangers fall together, and more tables; `B` is chosen for the least work, with at most
/// 66 tables. With the default of a million articles:
///
/// | bits | distance | blocks | tables | bits of the key |
/// | --- | --- | --- | --- | --- |
/// | 64 | 0 | 1 | 1 | 64 |
/// | 64 | 1 | 2 | 2 | 32 |
/// | 64 | 2 | 3 | 3 | 21 |
/// | 64 | 3 | 4 | 4 | 16 |
/// | 64 | 4 | 6 | 15 | 20 |
/// | 64 | 5 | 7 | 21 | 18 |
/// | 64 | 6 | 8 | 28 | 16 |
/// | 64 | 7 | 9 | 36 | 14 |
/// | 128 | 3 | 4 | 4 | 32 |
/// | 128 | 6 | 7 | 7 | 18 |
/// | 128 | 10 | 12 | 66 | 20 |
/// | 128 | 15 | 16 | 16 | 8 |
///
/// # Cost
///
/// Per article and table one step of a sort and a comparison with each article of the same key,
/// which strangers have with a probability of 1 in 2^(bits of the key): with narrow keys the work
/// grows with the square of a large corpus. Say its size by [`expecting`](Self::expecting).
#[derive(Clone, Debug)]
pub struct HammingBlocks {
    words: usize,
    distance: u32,
    blocks: usize,
    /// The bits of each table's key.
    masks: Vec<u128>,
}

impl HammingBlocks {
    /// The number of articles that [`new`](Self::new) expects.
    pub const DEFAULT_ARTICLES: u64 = 1 << 20;

    /// Blocks for signatures of `bits` bits (64 or 128) and pairs that differ in at most
    /// `distance` bits (0 to 7 for 64 bits, 0 to 15 for 128; 3 of 64 is usual for near
    /// duplicates).
    ///
    /// # Errors
    ///
    /// When `bits` or `distance` is out of its range. Pairs that are further apart are not for
    /// blocks: take MinHash.
    pub fn new(bits: usize, distance: u32) -> Result<Self, Error> {
        Self::expecting(bits, distance, Self::DEFAULT_ARTICLES)
    }

    /// As [`new`](Self::new), for a corpus of about this many articles. It changes the cost, never
    /// the pairs.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn expecting(bits: usize, distance: u32, articles: u64) -> Result<Self, Error> {
        let (words, limit, rule) = match bits {
            64 => (1, 7, "at most 7 for 64 bits"),
            128 => (2, 15, "at most 15 for 128 bits"),
            _ => return Err(Error::parameter("bits", "64 or 128", bits)),
        };
        if distance > limit {
            return Err(Error::parameter("distance", rule, distance));
        }
        let spoiled = distance as usize;
        let least = spoiled + 1;
        let blocks = (least..=bits)
            .map(|blocks| (blocks, choices(blocks, spoiled)))
            .take_while(|&(blocks, tables)| blocks == least || tables <= MAX_TABLES)
            .map(|(blocks, tables)| {
                let width = bits * (blocks - spoiled) / blocks;
                let strangers = articles as f64 / (1_u128 << width.min(127)) as f64;
                (blocks, tables as f64 * (TABLE_COST + strangers))
            })
            .fold((least, f64::INFINITY), |best, next| if next.1 < best.1 { next } else { best })
            .0;
        let bounds: Vec<usize> = (0..=blocks).map(|i| i * bits / blocks).collect();
        let parts: Vec<u128> = bounds.windows(2).map(|w| below(w[1]) & !below(w[0])).collect();
        let mut masks = Vec::new();
        leave_out(&parts, spoiled, 0, &mut masks);
        Ok(Self { words, distance, blocks, masks })
    }

    /// The number of bits of a signature.
    pub fn bits(&self) -> usize {
        self.words * 64
    }

    /// The greatest number of bits in which a pair may differ.
    pub fn distance(&self) -> u32 {
        self.distance
    }

    /// The number of blocks.
    pub fn blocks(&self) -> usize {
        self.blocks
    }

    /// The number of tables.
    pub fn tables(&self) -> usize {
        self.masks.len()
    }

    /// Every pair of a corpus within the distance, unless a run is limited. `words` holds the words
    /// of article 0 (one for 64 bits, two for 128), then those of article 1, and so on; articles
    /// that are not `present` (the empty ones, those that were collapsed into another) are left
    /// out.
    ///
    /// Of a run of more than `bucket_limit` articles (at least 2, usually
    /// [`DEFAULT_BUCKET_LIMIT`](super::DEFAULT_BUCKET_LIMIT)) each one is compared with the first
    /// and its predecessor only, and the rest is counted as [limited](CandidatePairs::limited).
    /// The guarantee holds when that is empty; `usize::MAX` limits nothing.
    ///
    /// The result does not depend on the number of threads.
    ///
    /// # Cost
    ///
    /// One sort of the articles per table. Memory beside the signatures: 148 bytes an article, 8 a
    /// pair.
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
        let articles = count(words.len(), self.words);
        let value = |id: u32| self.value(&words[id as usize * self.words..][..self.words]);
        let mut search = PairSearch::new(bucket_limit);
        search.run(
            articles,
            self.tables(),
            present,
            |id, table| self.key(value(id), table),
            |a, b, earlier| {
                let (a, b) = (value(a), value(b));
                let difference = a ^ b;
                difference.count_ones() <= self.distance
                    && !earlier.know(|table| {
                        let same = difference & self.masks[table] == 0;
                        same.then(|| self.key(a, table))
                    })
            },
        );
        search.finish()
    }

    fn value(&self, words: &[u64]) -> u128 {
        assert_eq!(words.len(), self.words, "a signature has {} words", self.words);
        words.iter().rev().fold(0, |value, &word| value << 64 | u128::from(word))
    }

    /// A hash of a table's blocks and its number. Strangers of the same hash do no harm: what falls
    /// together is compared.
    fn key(&self, value: u128, table: usize) -> u64 {
        let value = value & self.masks[table];
        let start = SplitMix::STEP.wrapping_mul(table as u64 + 1);
        let [lower, upper] = words_of(value);
        let key = mix(start ^ lower);
        if self.words == 1 { key } else { mix(key ^ upper) }
    }
}

/// The number of ways to leave out `spoiled` of `blocks` blocks, as far as it matters.
fn choices(blocks: usize, spoiled: usize) -> usize {
    (0..spoiled).fold(1, |ways: usize, i| ways.saturating_mul(blocks - i) / (i + 1))
}

/// The masks of all tables: all `parts` but `left_out` of them, added to `key`.
fn leave_out(parts: &[u128], left_out: usize, key: u128, masks: &mut Vec<u128>) {
    let Some((part, rest)) = parts.split_first() else { return masks.push(key) };
    if left_out > 0 {
        leave_out(rest, left_out - 1, key, masks);
    }
    if rest.len() >= left_out {
        leave_out(rest, left_out, key | part, masks);
    }
}

/// The lowest `bits` bits.
fn below(bits: usize) -> u128 {
    if bits == 128 { u128::MAX } else { (1 << bits) - 1 }
}

#[expect(clippy::cast_possible_truncation, reason = "each word is a half")]
fn words_of(value: u128) -> [u64; 2] {
    [value as u64, (value >> 64) as u64]
}

/// SimHash signatures that can be added, asked for and removed one by one, with the guarantee of
/// [`HammingBlocks`]: every article within the distance is found, and no other.
///
/// # Cost
///
/// About 50 bytes for each article and table, and 40 for each article. A bucket has no limit
/// here.
#[derive(Clone, Debug)]
pub struct HammingIndex {
    blocks: HammingBlocks,
    buckets: Buckets,
    values: HashMap<u32, u128>,
}

impl HammingIndex {
    /// An empty index.
    pub fn new(blocks: HammingBlocks) -> Self {
        Self { blocks, buckets: Buckets::default(), values: HashMap::new() }
    }

    /// The blocks.
    pub fn blocks(&self) -> &HammingBlocks {
        &self.blocks
    }

    /// The number of articles.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no articles.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Adds an article, in place of the one that had this id. Ids are the caller's, in any order.
    /// Do not add an empty article: its bits mean nothing.
    ///
    /// # Panics
    ///
    /// When `words` has not the bits of the blocks.
    pub fn insert(&mut self, id: u32, words: &[u64]) {
        let value = self.blocks.value(words);
        self.remove(id);
        self.values.insert(id, value);
        for table in 0..self.blocks.tables() {
            self.buckets.insert(self.blocks.key(value, table), id);
        }
    }

    /// Replaces the content of `out` by the ids of all articles within the distance of this
    /// signature, in ascending order.
    ///
    /// # Panics
    ///
    /// When `words` has not the bits of the blocks.
    pub fn candidates(&self, words: &[u64], out: &mut Vec<u32>) {
        let value = self.blocks.value(words);
        out.clear();
        for table in 0..self.blocks.tables() {
            let ids = self.buckets.get(self.blocks.key(value, table)).iter();
            out.extend(
                ids.filter(|id| (self.values[id] ^ value).count_ones() <= self.blocks.distance),
            );
        }
        out.sort_unstable();
        out.dedup();
    }

    /// Removes an article and says whether it was there.
    pub fn remove(&mut self, id: u32) -> bool {
        let Some(value) = self.values.remove(&id) else { return false };
        for table in 0..self.blocks.tables() {
            self.buckets.remove(self.blocks.key(value, table), id);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::Limited;
    use super::*;
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
        [(64, 7), (128, 15)].into_iter().flat_map(|(bits, limit)| {
            (0..=limit).flat_map(move |distance| {
                [10, 1 << 20, 1 << 32]
                    .map(|articles| HammingBlocks::expecting(bits, distance, articles).unwrap())
            })
        })
    }

    #[test]
    fn every_pair_within_every_distance_is_found() {
        let mut random = SplitMix::new(11);
        for blocks in all_settings() {
            let words = planted(&mut random, blocks.words, blocks.distance, 20);
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
            distance in 0_u32..8,
            families in 0_usize..8,
        ) {
            let size = 1 + usize::from(wide);
            let blocks = HammingBlocks::new(64 * size, distance).unwrap();
            let words = planted(&mut SplitMix::new(seed), size, distance, families);
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
        assert_eq!(found.pairs.len(), 19 + 18);
        let tables = blocks.tables() as u64;
        let expected = Limited { buckets: tables, largest: 20, pairs: tables * 18 * 17 / 2 };
        assert_eq!(found.limited, expected);
    }

    #[test]
    fn a_pair_that_a_limited_table_left_out_is_found_by_a_later_one() {
        // All share the low half; the two with the same high half share the other table, too.
        let blocks = HammingBlocks::new(64, 1).unwrap();
        assert_eq!((blocks.blocks(), blocks.tables()), (2, 2));
        let mut words: Vec<u64> = (0..20_u64).map(|i| mix(i) << 32).collect();
        words[15] = words[7];
        for half in [0, 32] {
            let words: Vec<u64> = words.iter().map(|word| word.rotate_left(half)).collect();
            let found = blocks.pairs(&words, 10, |_| true);
            assert_eq!(found.pairs, [(7, 15)]);
            assert_eq!(found.limited, Limited { buckets: 1, largest: 20, pairs: 18 * 17 / 2 });
        }
    }

    #[test]
    fn tables_are_modest_and_keys_whole() {
        for blocks in all_settings() {
            assert!(blocks.tables() <= MAX_TABLES);
            assert_eq!(blocks.tables(), choices(blocks.blocks, blocks.distance as usize));
            let narrowest = blocks.masks.iter().map(|mask| mask.count_ones()).min().unwrap();
            assert!(narrowest >= 8, "{blocks:?}");
        }
    }

    #[test]
    fn documented_choices() {
        let choice = |bits, distance| {
            let blocks = HammingBlocks::new(bits, distance).unwrap();
            let width = blocks.masks.iter().map(|mask| mask.count_ones()).min().unwrap();
            (blocks.blocks(), blocks.tables(), width)
        };
        for (bits, distance, blocks, tables, width) in [
            (64, 0, 1, 1, 64),
            (64, 1, 2, 2, 32),
            (64, 2, 3, 3, 21),
            (64, 3, 4, 4, 16),
            (64, 4, 6, 15, 20),
            (64, 5, 7, 21, 18),
            (64, 6, 8, 28, 16),
            (64, 7, 9, 36, 14),
            (128, 3, 4, 4, 32),
            (128, 6, 7, 7, 18),
            (128, 10, 12, 66, 20),
            (128, 15, 16, 16, 8),
        ] {
            assert_eq!(choice(bits, distance), (blocks, tables, width), "{bits}, {distance}");
        }
    }

    #[test]
    fn errors_say_the_limit() {
        let error = HammingBlocks::new(64, 8).unwrap_err().to_string();
        assert_eq!(error, "distance must be at most 7 for 64 bits, but is 8");
        assert!(HammingBlocks::new(128, 16).is_err());
        assert!(HammingBlocks::new(65, 1).is_err());
    }
}
