//! The bulk search that banding and Hamming blocks share: sort by one part of the signatures, read
//! the runs, go on with the next part.

#[cfg(feature = "parallel")]
use rayon::prelude::*;

use super::{CandidatePairs, Limited};
use crate::parallel;

/// An article's id behind the key of one part of its signature.
pub(super) type Entry = (u64, u32);

/// The pairs of all passes so far. A pass is one band, or one table.
#[derive(Debug)]
pub(super) struct PairSearch {
    bucket_limit: usize,
    entries: Vec<Entry>,
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
        fill(&mut self.entries, articles, |id| present(id).then(|| (key(id), id)));
        let Found { mut pairs, limited, mut keys } =
            fold_runs(&self.entries, |found, run| self.read(found, run, &filter));
        keys.sort_unstable();
        self.found.pairs.append(&mut pairs);
        self.found.limited.merge(&limited);
        self.limited_keys.push(keys);
    }

    fn read(
        &self,
        found: &mut Found,
        run: &[Entry],
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

/// Ids below `articles` with their keys, sorted.
#[cfg(feature = "parallel")]
fn fill(entries: &mut Vec<Entry>, articles: u32, entry: impl Fn(u32) -> Option<Entry> + Sync) {
    entries.clear();
    entries.par_extend((0..articles).into_par_iter().filter_map(&entry));
    entries.par_sort_unstable();
}

#[cfg(not(feature = "parallel"))]
fn fill(entries: &mut Vec<Entry>, articles: u32, entry: impl Fn(u32) -> Option<Entry>) {
    entries.clear();
    entries.extend((0..articles).filter_map(entry));
    entries.sort_unstable();
}

/// Reads all runs of equal keys.
#[cfg(feature = "parallel")]
fn fold_runs(entries: &[Entry], read: impl Fn(&mut Found, &[Entry]) + Sync) -> Found {
    entries
        .par_chunk_by(|a, b| a.0 == b.0)
        .fold(Found::default, |mut found, run| {
            read(&mut found, run);
            found
        })
        .reduce(Found::default, |mut left, mut right| {
            left.pairs.append(&mut right.pairs);
            left.keys.append(&mut right.keys);
            left.limited.merge(&right.limited);
            left
        })
}

#[cfg(not(feature = "parallel"))]
fn fold_runs(entries: &[Entry], read: impl Fn(&mut Found, &[Entry])) -> Found {
    let mut found = Found::default();
    for run in entries.chunk_by(|a, b| a.0 == b.0) {
        read(&mut found, run);
    }
    found
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
