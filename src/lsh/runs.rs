//! The bulk search of banding: sort by the keys of one band, read the runs, go on with the next.

use super::{CandidatePairs, Limited};
use crate::parallel;
use crate::sort::radix_sort;

/// Entries that a thread takes at a time.
const ENTRIES: usize = 1 << 13;

/// Bands whose keys are gathered together, in a pass over all keys.
const TOGETHER: usize = 4;

/// The pairs of all bands so far.
#[derive(Debug)]
pub(super) struct PairSearch {
    bucket_limit: usize,
    /// The key of an article, and its id in the lower half.
    entries: Vec<u64>,
    buffer: Vec<u64>,
    /// So many pairs from the start on are in order, each once.
    sorted: usize,
    found: CandidatePairs,
    /// For each article the last earlier one of a pair that was found, or `u32::MAX`. Most pairs
    /// that several bands would find are found once by it.
    partners: Vec<u32>,
}

/// What one thread found in some runs.
#[derive(Default)]
struct Found {
    pairs: Vec<(u32, u32)>,
    limited: Limited,
}

impl PairSearch {
    /// A search that reads runs of at most so many articles in full.
    pub(super) fn new(bucket_limit: usize) -> Self {
        Self {
            bucket_limit: bucket_limit.max(2),
            entries: Vec::new(),
            buffer: Vec::new(),
            sorted: 0,
            found: CandidatePairs::default(),
            partners: Vec::new(),
        }
    }

    /// Finds the pairs of articles, with ids below `articles`, that have the same key in a band.
    /// `for_each` gives away the articles of a piece, each with its key in each of the bands, and
    /// is asked several times. It gets a scratch space.
    pub(super) fn run<P: Sync, S: Default>(
        mut self,
        articles: usize,
        bands: usize,
        pieces: &[P],
        for_each: impl Fn(&P, &mut S, &mut dyn FnMut(u32, &[u32])) + Sync + Send,
    ) -> CandidatePairs {
        self.partners.resize(articles, u32::MAX);
        for start in (0..bands).step_by(TOGETHER) {
            let together = start..bands.min(start + TOGETHER);
            let columns = parallel::map_with(pieces, S::default, |scratch, piece| {
                let mut columns = vec![Vec::new(); together.len()];
                for_each(piece, scratch, &mut |id, keys| {
                    for (column, &key) in columns.iter_mut().zip(&keys[together.clone()]) {
                        column.push(u64::from(key) << 32 | u64::from(id));
                    }
                });
                columns
            });
            for band in 0..together.len() {
                self.entries.clear();
                columns.iter().for_each(|columns| self.entries.extend_from_slice(&columns[band]));
                self.band();
                // As rarely as keeps the pairs that are there twice few.
                if self.found.pairs.len() >= 2 * self.sorted {
                    self.sort();
                }
            }
        }
        self.sort();
        self.found
    }

    /// Reads the entries of a band.
    fn band(&mut self) {
        // Enough bits for one article in 256 to have the company of a stranger.
        let unsorted = 64 - (8 + self.entries.len().max(1).ilog2()).min(32);
        radix_sort(&mut self.entries, &mut self.buffer, unsorted..64);
        let same = |a: u64, b: u64| a >> unsorted == b >> unsorted;
        let parts = parallel::map_with(&pieces(&self.entries, same), Vec::new, |sorted, piece| {
            let mut found = Found::default();
            for run in piece.chunk_by(|&a, &b| same(a, b)).filter(|run| run.len() > 1) {
                // By what is left of the keys, and by id.
                sorted.clear();
                sorted.extend_from_slice(run);
                sorted.sort_unstable();
                let runs = sorted.chunk_by(|a, b| a >> 32 == b >> 32);
                runs.for_each(|run| self.read(run, &mut found));
            }
            found
        });
        for mut part in parts {
            part.pairs.iter().for_each(|&(a, b)| self.partners[b as usize] = a);
            self.found.pairs.append(&mut part.pairs);
            self.found.limited.merge(&part.limited);
        }
    }

    /// Sorts the pairs, and drops those that are there twice.
    fn sort(&mut self) {
        let pairs = &mut self.found.pairs;
        parallel::sort(&mut pairs[self.sorted..]);
        // Which merges two sorted lists.
        pairs.sort();
        pairs.dedup();
        self.sorted = pairs.len();
    }

    /// Takes the pairs of a run of articles with the same key, ascending.
    fn read(&self, run: &[u64], found: &mut Found) {
        let mut take = |a: usize, b: usize| {
            let (a, b) = (id_of(run[a]), id_of(run[b]));
            if self.partners[b as usize] != a {
                found.pairs.push((a, b));
            }
        };
        if run.len() <= self.bucket_limit {
            for b in 1..run.len() {
                (0..b).for_each(|a| take(a, b));
            }
            return;
        }
        take(0, 1);
        for b in 2..run.len() {
            take(0, b);
            take(b - 1, b);
        }
        found.limited.add(run.len(), 2 * run.len() - 3);
    }
}

/// The entries in pieces that cut no run.
fn pieces(entries: &[u64], same: impl Fn(u64, u64) -> bool) -> Vec<&[u64]> {
    let mut pieces = Vec::new();
    let mut rest = entries;
    while let Some(&last) = rest.get(ENTRIES) {
        let run = rest[ENTRIES..].iter().take_while(|&&entry| same(entry, last)).count();
        let (piece, others) = rest.split_at(ENTRIES + run);
        pieces.push(piece);
        rest = others;
    }
    pieces.push(rest);
    pieces
}

/// The article of an entry.
#[expect(clippy::cast_possible_truncation, reason = "the lower half is what is wanted")]
fn id_of(entry: u64) -> u32 {
    entry as u32
}

/// The number of articles in a flat array of signatures.
///
/// # Panics
///
/// When the last one is incomplete, or there are more than ids.
pub(super) fn count(len: usize, size: usize) -> u32 {
    assert!(len.is_multiple_of(size), "the array must hold whole signatures of {size}");
    u32::try_from(len / size).expect("ids have 32 bits: there can be 2^32 - 1 articles")
}
