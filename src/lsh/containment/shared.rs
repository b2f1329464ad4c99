//! The same samples by shingle: which articles have it, if it is more than one.

use super::samples::Samples;
use crate::parallel;
use crate::sort::radix_sort;

/// Shingles are looked at in so many groups, by their highest bits, to save memory.
const GROUPS: u32 = 4;

/// The sampled shingles that two articles have, or more: 4 bytes for each article that has one,
/// and 8 for each shingle.
#[derive(Clone, Debug, Default)]
pub struct SharedSamples {
    hashes: Vec<u32>,
    /// Where the articles of each shingle end.
    ends: Vec<u32>,
    articles: Vec<u32>,
}

impl SharedSamples {
    /// Finds the shingles that are shared. Each thread sorts a quarter of all sampled shingles at
    /// a time: 16 bytes each.
    ///
    /// # Panics
    /// If there are 2³² articles or more, or shingles are shared so many times.
    pub fn new(samples: &Samples) -> Self {
        number(samples.len());
        let groups: Vec<u32> = (0..GROUPS).collect();
        let scratch = || (Vec::new(), Vec::new());
        let parts = parallel::map_with(&groups, scratch, |(entries, buffer), &group| {
            entries_of(samples, group, entries);
            radix_sort(entries, buffer, 32..64 - GROUPS.ilog2());
            let mut part = Self::default();
            // They come by article, and keep that order.
            entries.dedup();
            entries.chunk_by(|a, b| a >> 32 == b >> 32).for_each(|run| part.push(run));
            part
        });
        let mut all = Self::default();
        for part in parts {
            let end = number(all.articles.len());
            all.hashes.extend(part.hashes);
            all.ends.extend(part.ends.iter().map(|of| end + of));
            all.articles.extend(part.articles);
        }
        number(all.articles.len());
        all
    }

    /// Adds a shingle, if more than one article has it.
    #[expect(clippy::cast_possible_truncation, reason = "both halves are wanted")]
    fn push(&mut self, run: &[u64]) {
        if run.len() > 1 {
            self.hashes.push((run[0] >> 32) as u32);
            self.articles.extend(run.iter().map(|&entry| entry as u32));
            self.ends.push(number(self.articles.len()));
        }
    }

    /// The number of shared shingles.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether nothing is shared.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// A shared shingle, by the lower half of its hash; they ascend.
    pub fn hash(&self, shingle: usize) -> u32 {
        self.hashes[shingle]
    }

    /// The articles that have a shared shingle, ascending.
    pub fn articles(&self, shingle: usize) -> &[u32] {
        let start = shingle.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.articles[start as usize..self.ends[shingle] as usize]
    }

    /// The articles before a place in the list of all articles, of which so many have the same
    /// shingle.
    pub(super) fn before(&self, place: u32, rank: u32) -> &[u32] {
        &self.articles[(place - rank) as usize..place as usize]
    }
}

/// The sampled shingles of a group, each with its article in the lower half.
fn entries_of(samples: &Samples, group: u32, entries: &mut Vec<u64>) {
    entries.clear();
    for article in 0..samples.len() {
        let hashes = samples.hashes(article);
        let mut len = entries.len();
        entries.resize(len + hashes.len(), 0);
        // Written each time and kept sometimes: no branch that nobody can predict.
        for &hash in hashes {
            entries[len] = u64::from(hash) << 32 | article as u64;
            len += usize::from(hash >> (32 - GROUPS.ilog2()) == group);
        }
        entries.truncate(len);
    }
}

/// As a number of 32 bits.
fn number(index: usize) -> u32 {
    let number = u32::try_from(index);
    number.unwrap_or_else(|_| panic!("{index} are more than an index holds"))
}
