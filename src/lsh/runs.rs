//! The bulk search that banding and Hamming blocks share: sort by one part of the signatures, read
//! the runs, go on with the next part.

use super::{CandidatePairs, Limited};
use crate::parallel;
use crate::sort::radix_sort;

/// Articles, or entries, that a thread takes at a time.
const PIECE: usize = 1 << 13;

/// The pairs of all passes so far. A pass is one band, or one table.
#[derive(Debug)]
pub(super) struct PairSearch {
    bucket_limit: usize,
    /// The upper half of an article's key, and its id in the lower half.
    entries: Vec<u64>,
    buffer: Vec<u64>,
    found: CandidatePairs,
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
            limited_keys: Vec::new(),
        }
    }

    /// One pass: sorts the ids below `articles` that are `present` by their key and keeps the
    /// pairs of each run that pass the filter.
    ///
    /// A pair that falls together in many passes would be found as often. The filter is to drop
    /// those that the earlier passes know, without a set of pairs in memory.
    pub(super) fn pass(
        &mut self,
        articles: u32,
        present: impl Fn(u32) -> bool + Sync,
        key: impl Fn(u32) -> u64 + Sync,
        filter: impl Fn(u32, u32, Earlier<'_>) -> bool + Sync,
    ) {
        let ids: Vec<u32> = (0..articles).step_by(PIECE).collect();
        let entries = parallel::map_with(
            &ids,
            || (),
            |(), &first| -> Vec<u64> {
                let ids = first..articles.min(first.saturating_add(PIECE as u32));
                let entry = |id| key(id) >> 32 << 32 | u64::from(id);
                ids.filter(|&id| present(id)).map(entry).collect()
            },
        );
        self.entries.clear();
        entries.iter().for_each(|entries| self.entries.extend_from_slice(entries));
        // Enough bits for one article in 256 to have the company of a stranger.
        let unsorted = 64 - (8 + articles.max(1).ilog2()).min(32);
        radix_sort(&mut self.entries, &mut self.buffer, unsorted..64);
        let pieces = pieces(&self.entries, |a, b| a >> unsorted == b >> unsorted);
        let parts = parallel::map_with(&pieces, Vec::new, |keyed: &mut Vec<(u64, u32)>, piece| {
            let mut found = Found::default();
            for run in piece.chunk_by(|a, b| a >> unsorted == b >> unsorted) {
                if run.len() > 1 {
                    keyed.clear();
                    keyed.extend(run.iter().map(|&entry| (key(id_of(entry)), id_of(entry))));
                    keyed.sort_unstable();
                    let runs = keyed.chunk_by(|a, b| a.0 == b.0);
                    runs.for_each(|run| self.read(&mut found, run, &filter));
                }
            }
            found
        });
        let mut keys = Vec::new();
        for mut part in parts {
            self.found.pairs.append(&mut part.pairs);
            self.found.limited.merge(&part.limited);
            keys.append(&mut part.keys);
        }
        keys.sort_unstable();
        self.limited_keys.push(keys);
    }

    /// Takes the pairs of a run of articles with the same key.
    fn read(
        &self,
        found: &mut Found,
        run: &[(u64, u32)],
        filter: impl Fn(u32, u32, Earlier<'_>) -> bool,
    ) {
        let mut look_at = |a: usize, b: usize| {
            let (a, b) = (run[a].1, run[b].1);
            if filter(a, b, Earlier(&self.limited_keys)) {
                found.pairs.push((a, b));
            }
        };
        if run.len() <= self.bucket_limit.max(2) {
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
    while let Some(&last) = rest.get(PIECE) {
        let run = rest[PIECE..].iter().take_while(|&&entry| same(entry, last)).count();
        let (piece, others) = rest.split_at(PIECE + run);
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
