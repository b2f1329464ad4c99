//! The same samples by shingle: which articles have it, if it is more than one.

use std::ops::Range;

use super::samples::Samples;
use crate::parallel;
use crate::sort::radix_sort;

/// Shingles are looked at in groups by their highest bits, to save memory: in so many at least,
/// and of no more sampled shingles than this, about.
const GROUPS: usize = 4;
const GROUP: usize = 1 << 24;

/// Into so many parts all groups are divided, since each of them takes a pass over all samples.
const PASSES: usize = 8;

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
    /// Finds the shingles that are shared, in a few passes over all samples: about 24 bytes for
    /// each sampled shingle of a quarter of them, or an eighth if they are very many.
    ///
    /// # Panics
    /// If there are 2³² articles or more, or shingles are shared so many times.
    pub fn new(samples: &Samples) -> Self {
        let pieces = parallel::chunks(samples.len(), 4096);
        Self::of(&pieces, samples.total(), |piece, (), each| {
            piece.clone().for_each(|article| each(number(article), samples.hashes(article)));
        })
    }

    /// The same for at most `total` sampled shingles. `for_each` gives away the articles of a piece
    /// with their samples, in any order, and is asked several times. It gets a scratch space.
    pub(crate) fn of<P: Sync, S: Default>(
        pieces: &[P],
        total: usize,
        for_each: impl Fn(&P, &mut S, &mut dyn FnMut(u32, &[u32])) + Sync + Send,
    ) -> Self {
        let groups = total.div_ceil(GROUP).max(GROUPS).next_power_of_two();
        let bits = groups.ilog2();
        let groups: Vec<u32> = (0..1 << bits).collect();
        let mut all = Self::default();
        for groups in groups.chunks((groups.len() / PASSES).max(1)) {
            let among = groups[0]..groups[0] + number(groups.len());
            let entries = parallel::map_with(pieces, S::default, |scratch, piece| {
                let mut entries = Vec::new();
                for_each(piece, scratch, &mut |article, sample| {
                    append_groups(article, sample, &among, bits, &mut entries);
                });
                entries.shrink_to_fit();
                entries
            });
            let parts = parallel::map_with(groups, <[Vec<u64>; 2]>::default, |scratch, &group| {
                let [of_group, buffer] = scratch;
                of_group.clear();
                let is_of_group = |entry: &&u64| **entry >> (64 - bits) == u64::from(group);
                entries.iter().for_each(|part| of_group.extend(part.iter().filter(is_of_group)));
                radix_sort(of_group, buffer, 32..64 - bits);
                let mut part = Self::default();
                of_group.chunk_by_mut(|a, b| *a >> 32 == *b >> 32).for_each(|run| part.push(run));
                part
            });
            drop(entries);
            for part in parts {
                let end = number(all.articles.len());
                all.hashes.extend(part.hashes);
                all.ends.extend(part.ends.iter().map(|of| end + of));
                all.articles.extend(part.articles);
            }
        }
        number(all.articles.len());
        all
    }

    /// Adds a shingle, if more than one article has it.
    #[expect(clippy::cast_possible_truncation, reason = "both halves are wanted")]
    fn push(&mut self, run: &mut [u64]) {
        if run.len() < 2 {
            return;
        }
        run.sort_unstable();
        let start = self.articles.len();
        // An article may have it twice.
        let articles = run.chunk_by(|a, b| a == b).map(|same| same[0] as u32);
        self.articles.extend(articles);
        if self.articles.len() - start < 2 {
            self.articles.truncate(start);
            return;
        }
        self.hashes.push((run[0] >> 32) as u32);
        self.ends.push(number(self.articles.len()));
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

/// Appends the sampled shingles of an article that belong to some groups, each with the article in
/// the lower half.
fn append_groups(
    article: u32,
    sample: &[u32],
    groups: &Range<u32>,
    bits: u32,
    entries: &mut Vec<u64>,
) {
    let mut len = entries.len();
    entries.resize(len + sample.len(), 0);
    // Written each time and kept sometimes: no branch that nobody can predict.
    for &hash in sample {
        entries[len] = u64::from(hash) << 32 | u64::from(article);
        len += usize::from(
            (hash >> (32 - bits)).wrapping_sub(groups.start) < groups.end - groups.start,
        );
    }
    entries.truncate(len);
}

/// As a number of 32 bits.
fn number(index: usize) -> u32 {
    let number = u32::try_from(index);
    number.unwrap_or_else(|_| panic!("{index} are more than an index holds"))
}
