//! The incremental index: articles are added, asked for and removed one by one.

use std::collections::HashMap;
use std::iter::once;

use super::super::buckets::Buckets;
use super::{HammingBlocks, cover, words_of};
use crate::simd::hamming::{LANES, near};
use crate::simd::level;
use crate::sketch::{SplitMix, mix};

/// The most tables: each one is some 50 bytes an article.
const MAX_TABLES: usize = 16;

/// The articles that the tables are chosen for.
const ARTICLES: f64 = 1e6;

/// How often two articles are taken to agree in a bit: texts of one language do more often than by
/// chance.
const AGREEMENT: f64 = 0.7;

/// The greatest share of the articles that tables are worth: one that is looked up there costs as
/// much as hundreds that are compared in a row.
const WORTH: f64 = 1.0 / 2048.0;

/// SimHash signatures that can be added, asked for and removed one by one, with the guarantee of
/// [`HammingBlocks`]: every article within the distance is found, and no other.
///
/// # Cost
///
/// An article takes about 50 bytes. At small distances (up to 3 of 64 bits, 5 of 128) there are
/// tables, with about 50 bytes for each article and table, and a query looks at what shares a key
/// with it. At greater distances tables would bring a good part of all articles together, and a
/// query compares its signature with each, at 0.2 to 2 ns.
#[derive(Clone, Debug)]
pub struct HammingIndex {
    blocks: HammingBlocks,
    /// The bits of each table's key. Without tables all signatures are compared.
    masks: Vec<u128>,
    buckets: Buckets,
    /// Where each article's signature is.
    rows: HashMap<u32, usize>,
    ids: Vec<u32>,
    /// The words of the signatures, and the padding that comparisons need.
    columns: [Vec<u64>; 2],
}

impl HammingIndex {
    /// An empty index.
    pub fn new(blocks: HammingBlocks) -> Self {
        let agreements = vec![AGREEMENT; blocks.bits()];
        let masks = cover::masks(&agreements, blocks.distance, ARTICLES, MAX_TABLES);
        let worth = cover::share(&agreements, &masks) <= WORTH;
        Self {
            blocks,
            masks: if worth { masks } else { Vec::new() },
            buckets: Buckets::default(),
            rows: HashMap::new(),
            ids: Vec::new(),
            columns: [(); 2].map(|()| vec![0; LANES]),
        }
    }

    /// The blocks.
    pub fn blocks(&self) -> &HammingBlocks {
        &self.blocks
    }

    /// The number of articles.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are no articles.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
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
        self.rows.insert(id, self.ids.len());
        for (column, word) in self.columns.iter_mut().zip(words_of(value)) {
            column[self.ids.len()] = word;
            column.push(0);
        }
        self.ids.push(id);
        for table in 0..self.masks.len() {
            self.buckets.insert(self.key(value, table), id);
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
        if self.masks.is_empty() {
            let all = 0..self.ids.len();
            let [lower, upper] = words_of(value);
            let columns = self.columns.each_ref().map(|column| &column[..]);
            near(level(), columns, once((all, [lower, upper])), self.blocks.distance, |_, row| {
                out.push(self.ids[row]);
                true
            });
        }
        for table in 0..self.masks.len() {
            let ids = self.buckets.get(self.key(value, table)).iter();
            out.extend(ids.filter(|id| {
                let differ = self.value(self.rows[id]) ^ value;
                differ.count_ones() <= self.blocks.distance
            }));
        }
        out.sort_unstable();
        out.dedup();
    }

    /// Removes an article and says whether it was there.
    pub fn remove(&mut self, id: u32) -> bool {
        let Some(row) = self.rows.remove(&id) else { return false };
        let value = self.value(row);
        for table in 0..self.masks.len() {
            self.buckets.remove(self.key(value, table), id);
        }
        // The last article takes its place.
        self.ids.swap_remove(row);
        if let Some(&moved) = self.ids.get(row) {
            self.rows.insert(moved, row);
        }
        for column in &mut self.columns {
            column[row] = std::mem::take(&mut column[self.ids.len()]);
            column.pop();
        }
        true
    }

    /// The signature of a row.
    fn value(&self, row: usize) -> u128 {
        let [lower, upper] = self.columns.each_ref().map(|column| u128::from(column[row]));
        upper << 64 | lower
    }

    /// A hash of a table's blocks and its number. Strangers of the same hash do no harm: what falls
    /// together is compared.
    fn key(&self, value: u128, table: usize) -> u64 {
        let start = SplitMix::STEP.wrapping_mul(table as u64 + 1);
        let [lower, upper] = words_of(value & self.masks[table]);
        mix(mix(start ^ lower) ^ upper)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_for_documented_distances() {
        for (bits, limit, most) in [(64, 15, 3), (128, 31, 5)] {
            let with: Vec<u32> = (0..=limit)
                .filter(|&distance| {
                    let blocks = HammingBlocks::new(bits, distance).expect("valid");
                    !HammingIndex::new(blocks).masks.is_empty()
                })
                .collect();
            assert_eq!(with, (0..=most).collect::<Vec<_>>(), "{bits} bits");
        }
    }
}
