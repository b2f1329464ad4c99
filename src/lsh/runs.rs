//! The bulk search of banding: sort by one part of the signatures, read the runs, go on with the
//! next part.

use super::{CandidatePairs, Limited};
use crate::parallel;
use crate::sort::radix_sort;

/// Articles that a thread takes at a time.
const ARTICLES: u32 = 1 << 12;

/// Entries that a thread takes at a time.
const ENTRIES: usize = 1 << 13;

/// Passes whose keys are computed together, since a visit to a signature costs more than its keys.
const PASSES: usize = 16;

/// The pairs of all passes so far. A pass is one band.
#[derive(Debug)]
pub(super) struct PairSearch {
    bucket_limit: usize,
    /// The upper half of an article's key, and its id in the lower half.
    entries: Vec<u64>,
    buffer: Vec<u64>,
    found: CandidatePairs,
    /// For each article the last earlier one of a pair that was found, or `u32::MAX`. It tells of
    /// most pairs that they are known before a signature is visited.
    partners: Vec<u32>,
    /// The keys, sorted, of the runs that each earlier pass did not read in full.
    limited_keys: Vec<Vec<u64>>,
}

/// The earlier passes, as a filter sees them.
#[derive(Debug)]
pub(super) struct Earlier<'a>(&'a [Vec<u64>]);

impl Earlier<'_> {
    /// Whether an earlier pass brought two articles together that `key` says to fall together
    /// there, and read that run in full, so that the pair is known. `key` returns their common key
    /// in a pass, or none.
    pub(super) fn know(&self, key: impl Fn(usize) -> Option<u64>) -> bool {
        self.0.iter().enumerate().any(|(pass, limited)| {
            key(pass).is_some_and(|key| limited.binary_search(&key).is_err())
        })
    }
}

/// What one thread found in some runs of one pass.
#[derive(Default)]
struct Found {
    pairs: Vec<(u32, u32)>,
    limited: Limited,
    keys: Vec<u64>,
}

impl PairSearch {
    pub(super) fn new(bucket_limit: usize) -> Self {
        Self {
            bucket_limit,
            entries: Vec::new(),
            buffer: Vec::new(),
            found: CandidatePairs::default(),
            partners: Vec::new(),
            limited_keys: Vec::new(),
        }
    }

    /// All passes: each sorts the ids below `articles` that are `present` by their key and keeps
    /// the pairs of each run that pass the filter.
    ///
    /// A pair that falls together in many passes would be found as often. The filter is to drop
    /// those that the earlier passes know, without a set of pairs in memory.
    pub(super) fn run(
        &mut self,
        articles: u32,
        passes: usize,
        present: impl Fn(u32) -> bool + Sync,
        key: impl Fn(u32, usize) -> u64 + Sync,
        filter: impl Fn(u32, u32, Earlier<'_>) -> bool + Sync,
    ) {
        self.partners.resize(articles as usize, u32::MAX);
        let firsts: Vec<u32> = (0..articles).step_by(ARTICLES as usize).collect();
        for start in (0..passes).step_by(PASSES) {
            let together = start..passes.min(start + PASSES);
            let entries = parallel::map_with(
                &firsts,
                || (),
                |(), &first| {
                    let ids = first..articles.min(first.saturating_add(ARTICLES));
                    let column = |_| Vec::<u64>::with_capacity(ids.len());
                    let mut entries: Vec<_> = together.clone().map(column).collect();
                    for id in ids {
                        if present(id) {
                            for (entries, pass) in entries.iter_mut().zip(together.clone()) {
                                entries.push(key(id, pass) >> 32 << 32 | u64::from(id));
                            }
                        }
                    }
                    entries
                },
            );
            for (i, pass) in together.enumerate() {
                self.entries.clear();
                entries.iter().for_each(|entries| self.entries.extend_from_slice(&entries[i]));
                self.pass(|id| key(id, pass), &filter);
            }
        }
    }

    fn pass(
        &mut self,
        key: impl Fn(u32) -> u64 + Sync,
        filter: impl Fn(u32, u32, Earlier<'_>) -> bool + Sync,
    ) {
        // Enough bits for one article in 256 to have the company of a stranger.
        let unsorted = 64 - (8 + self.entries.len().max(1).ilog2()).min(32);
        radix_sort(&mut self.entries, &mut self.buffer, unsorted..64);
        let same = |a: u64, b: u64| a >> unsorted == b >> unsorted;
        let parts = parallel::map_with(
            &pieces(&self.entries, same),
            || (),
            |(), piece| {
                let mut found = Found::default();
                for run in piece.chunk_by(|&a, &b| same(a, b)).filter(|run| run.len() > 1) {
                    self.read(&mut found, run, &key, &filter);
                }
                found
            },
        );
        let mut keys = Vec::new();
        for mut part in parts {
            part.pairs.iter().for_each(|&(a, b)| self.partners[b as usize] = a);
            self.found.pairs.append(&mut part.pairs);
            self.found.limited.merge(&part.limited);
            keys.append(&mut part.keys);
        }
        keys.sort_unstable();
        self.limited_keys.push(keys);
    }

    /// Takes the pairs of a run, in which strangers may be among those with the same key.
    fn read(
        &self,
        found: &mut Found,
        run: &[u64],
        key: impl Fn(u32) -> u64,
        filter: impl Fn(u32, u32, Earlier<'_>) -> bool,
    ) {
        let passes = |a: u32, b: u32| {
            self.partners[b as usize] != a && filter(a, b, Earlier(&self.limited_keys))
        };
        if run.len() <= self.limit() {
            for b in 1..run.len() {
                for a in 0..b {
                    let (a, b) = (id_of(run[a]), id_of(run[b]));
                    // The filter comes first: it knows most pairs by what is at hand.
                    if passes(a, b) && key(a) == key(b) {
                        found.pairs.push((a, b));
                    }
                }
            }
            return;
        }
        let mut keyed: Vec<(u64, u32)> =
            run.iter().map(|&entry| (key(id_of(entry)), id_of(entry))).collect();
        keyed.sort_unstable();
        for run in keyed.chunk_by(|a, b| a.0 == b.0) {
            let mut look_at = |a: usize, b: usize| {
                let (a, b) = (run[a].1, run[b].1);
                if passes(a, b) {
                    found.pairs.push((a, b));
                }
            };
            if run.len() <= self.limit() {
                for b in 1..run.len() {
                    (0..b).for_each(|a| look_at(a, b));
                }
            } else {
                look_at(0, 1);
                for b in 2..run.len() {
                    look_at(0, b);
                    look_at(b - 1, b);
                }
                found.limited.add(run.len(), 2 * run.len() - 3);
                found.keys.push(run[0].0);
            }
        }
    }

    /// The articles of the longest run that is read in full.
    fn limit(&self) -> usize {
        self.bucket_limit.max(2)
    }

    /// The pairs in order. The filter cannot know the few that a limited run found before, so that
    /// these may still be there twice.
    pub(super) fn finish(self) -> CandidatePairs {
        let mut found = self.found;
        parallel::sort(&mut found.pairs);
        found.pairs.dedup();
        found
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
