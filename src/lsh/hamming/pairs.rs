//! The bulk search: deal the articles to buckets by each key in turn, compare within the buckets.

use std::ops::Range;

use super::super::{CandidatePairs, Limited};
use super::words_of;
use crate::parallel;
use crate::simd::hamming::{LANES, may_be_near, near};
use crate::simd::level;
use crate::sketch::SplitMix;
use crate::sort::radix_sort;

/// Articles that a thread takes at a time.
const ARTICLES: usize = 1 << 13;

/// Comparisons that a thread takes at a time, about.
const COMPARISONS: usize = 1 << 20;

/// Articles of a bucket, about, of as many keys: a comparison costs less than a finer sort.
const BUCKET: usize = 8;

/// An article is compared with so many before it in a bucket for each that it may be paired with.
const REACH: usize = 64;

/// Articles that are compared with others from the same one on: few enough to make no difference,
/// and so many that what is known of all of them is in the nearest cache.
pub(super) const STEP: usize = 256;

/// A bucket, and those of its articles that a thread compares with the ones before them.
#[derive(Clone, Debug)]
struct Rows {
    bucket: Range<usize>,
    rows: Range<usize>,
}

/// The pairs of some rows, and how many pairs of which bucket were not looked at.
type Found = (Vec<(u32, u32)>, Vec<(Range<usize>, u64)>);

/// Signatures of `N` words, and what is looked for among them. Articles are numbers of rows here.
pub(super) struct Search<'a, const N: usize> {
    pub(super) signatures: &'a [[u64; N]],
    /// For each [`STEP`] articles the first that they are compared with, ascending.
    pub(super) firsts: &'a [usize],
    pub(super) masks: &'a [u128],
    pub(super) distance: u32,
    pub(super) bucket_limit: usize,
}

impl<const N: usize> Search<'_, N> {
    /// The pairs, in no order.
    pub(super) fn pairs(&self) -> CandidatePairs {
        let articles = self.signatures.len();
        let masks: Vec<[u64; N]> = self.masks.iter().map(|&mask| split(mask)).collect();
        // All bits of the last digit of the sort: they cost nothing more.
        let bits = (articles / BUCKET).max(1).ilog2().next_multiple_of(8).min(32);
        let mut entries = vec![0; articles];
        let mut buffer = Vec::new();
        let mut columns = [(); N].map(|()| vec![0; articles + LANES]);
        let mut all = CandidatePairs::default();
        for table in 0..masks.len() {
            let unsorted = if self.masks[table] == 0 { 64 } else { 64 - bits };
            self.enter(&masks[table], &mut entries);
            radix_sort(&mut entries, &mut buffer, unsorted..64);
            self.gather(&entries, &mut columns);
            let same = |a: u64, b: u64| unsorted == 64 || a >> unsorted == b >> unsorted;
            let columns = columns.each_ref().map(|column| &column[..]);
            let found = parallel::map_with(
                &pieces(&entries, same, self.reach()),
                || (),
                |(), piece| self.compare(&entries, columns, piece, &masks[..=table]),
            );
            let mut last = usize::MAX;
            for (mut pairs, limited) in found {
                all.pairs.append(&mut pairs);
                for (bucket, pairs) in limited {
                    // A bucket may be in several pieces.
                    let buckets = u64::from(bucket.start != last);
                    last = bucket.start;
                    all.limited.merge(&Limited { buckets, largest: bucket.len() as u64, pairs });
                }
            }
        }
        all
    }

    /// Writes the articles with the hash of their bits in the mask above them.
    fn enter(&self, mask: &[u64; N], entries: &mut [u64]) {
        let pieces = self.signatures.chunks(ARTICLES).zip(entries.chunks_mut(ARTICLES));
        parallel::for_each(pieces.zip(0..).collect(), |((signatures, entries), piece)| {
            let first = piece * ARTICLES as u64;
            for ((words, entry), article) in signatures.iter().zip(entries).zip(first..) {
                let masked = words.iter().zip(mask).map(|(word, mask)| word & mask);
                let key =
                    masked.fold(0, |key: u64, word| (key ^ word).wrapping_mul(SplitMix::STEP));
                *entry = key >> 32 << 32 | article;
            }
        });
    }

    /// Lays the signatures out in the order of the entries.
    fn gather(&self, entries: &[u64], columns: &mut [Vec<u64>; N]) {
        let mut columns = columns.each_mut().map(|column| column.chunks_mut(ARTICLES));
        let pieces = entries.chunks(ARTICLES);
        let pieces = pieces.map(|entries| {
            (entries, columns.each_mut().map(|column| column.next().unwrap_or_default()))
        });
        parallel::for_each(pieces.collect(), |(entries, columns)| {
            for (row, &entry) in entries.iter().enumerate() {
                let words = &self.signatures[id_of(entry) as usize];
                (0..N).for_each(|word| columns[word][row] = words[word]);
            }
        });
    }

    /// How many articles of a bucket, at most, one is compared with.
    fn reach(&self) -> usize {
        self.bucket_limit.saturating_mul(REACH)
    }

    /// The pairs of some rows that have the last one of the masks as the first in which they
    /// agree: what agrees in an earlier one was found there.
    fn compare(
        &self,
        entries: &[u64],
        columns: [&[u64]; N],
        piece: &[Rows],
        masks: &[[u64; N]],
    ) -> Found {
        let (mut pairs, mut limited) = (Vec::new(), Vec::new());
        let Some((mask, earlier)) = masks.split_last() else { unreachable!("there is a table") };
        let signature = |row: usize| columns.map(|column| column[row]);
        let (level, reach) = (level(), self.reach());
        for Rows { bucket, rows } in piece {
            let (mut start, mut beyond) = (bucket.start, 0);
            let queries = rows.clone().step_by(LANES).flat_map(|row| {
                // What is too small for one is so for all behind it.
                let first = self.firsts[id_of(entries[row]) as usize / STEP];
                let is_small = |&&entry: &&u64| (id_of(entry) as usize) < first;
                start += entries[start..row].iter().take_while(is_small).count();
                let start = start;
                let reached = move |row: usize| start.max(row.saturating_sub(reach));
                let block = row..rows.end.min(row + LANES);
                if block.end - start > reach {
                    beyond += block.clone().map(|row| (reached(row) - start) as u64).sum::<u64>();
                }
                let near = may_be_near(level, columns, reached(row), row, self.distance);
                let rows = block.filter(move |at| near >> (at - row) & 1 == 1);
                rows.map(move |row| (reached(row)..row, columns.map(|column| column[row])))
            });
            let (mut last, mut seen, mut left) = (usize::MAX, 0, 0);
            near(level, columns, queries, self.distance, |rows, a| {
                let b = rows.end;
                let (one, other) = (signature(a), signature(b));
                let agree = |mask: &[u64; N]| {
                    (0..N).all(|word| (one[word] ^ other[word]) & mask[word] == 0)
                };
                if !agree(mask) {
                    return true;
                }
                if last != b {
                    (last, seen) = (b, 0);
                }
                seen += 1;
                if !earlier.iter().any(agree) {
                    pairs.push((id_of(entries[a]), id_of(entries[b])));
                }
                let full = seen == self.bucket_limit;
                left += if full { (b - a - 1) as u64 } else { 0 };
                !full
            });
            if left + beyond > 0 {
                limited.push((bucket.clone(), left + beyond));
            }
        }
        (pairs, limited)
    }
}

/// The buckets in pieces of about as many comparisons. A large bucket is cut.
fn pieces(entries: &[u64], same: impl Fn(u64, u64) -> bool, reach: usize) -> Vec<Vec<Rows>> {
    let mut pieces = vec![Vec::new()];
    let (mut start, mut comparisons) = (0, 0);
    for run in entries.chunk_by(|&a, &b| same(a, b)) {
        let bucket = start..start + run.len();
        let mut rows = start + 1..start + 1;
        while rows.end < bucket.end {
            comparisons += reach.min(rows.end - start);
            rows.end += 1;
            if rows.end == bucket.end || comparisons >= COMPARISONS {
                let piece = pieces.last_mut().expect("there is one");
                piece.push(Rows { bucket: bucket.clone(), rows: rows.clone() });
                rows.start = rows.end;
            }
            if comparisons >= COMPARISONS {
                pieces.push(Vec::new());
                comparisons = 0;
            }
        }
        start = bucket.end;
    }
    pieces
}

/// The words of a mask.
fn split<const N: usize>(mask: u128) -> [u64; N] {
    std::array::from_fn(|word| words_of(mask)[word])
}

/// The article of an entry.
#[expect(clippy::cast_possible_truncation, reason = "the lower half is what is wanted")]
pub(super) fn id_of(entry: u64) -> u32 {
    entry as u32
}
