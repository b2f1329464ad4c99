//! Shingles that many articles have, counted without keeping all that were seen.

use std::ops::Range;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::parallel;

/// An article, with the parts of it that count: ranges of its shingles.
pub(super) type Stretches = (u32, Vec<Range<usize>>);

/// How many shingles are sorted and counted at once: 16 bytes each, or fewer where articles have
/// the same ones.
const BATCH: usize = 1 << 22;

/// The shingles in some stretches of articles that stand in at least so many of them, at most 255,
/// ascending, with the number of articles. `shingled` gives away some articles with their shingles
/// in text order.
///
/// Cost: it asks for each article twice, once to find out roughly which shingles are worth
/// counting, at up to half a byte for each.
pub(super) fn common_shingles(
    articles: &[Stretches],
    least: u8,
    shingled: impl Fn(&[u32], &mut dyn FnMut(u32, &[u64])) + Sync + Send,
) -> Vec<(u64, u32)> {
    let size = |(_, stretches): &Stretches| stretches.iter().map(Range::len).sum::<usize>();
    let tallies = Tallies::new(articles.iter().map(size).sum(), least);
    parallel::for_each(articles.chunks(256).collect(), |piece| {
        each(piece, &shingled, |shingles, stretches| {
            for stretch in stretches {
                shingles[stretch.clone()].iter().for_each(|&hash| tallies.add(hash));
            }
        });
    });
    let mut common = Vec::new();
    let mut rest = articles;
    while !rest.is_empty() {
        let mut shingles = 0;
        let fits = |article: &&Stretches| {
            shingles += size(article);
            shingles <= BATCH
        };
        let (batch, others) = rest.split_at(rest.iter().take_while(fits).count().max(1));
        rest = others;
        let pieces: Vec<_> = batch.chunks(256).collect();
        let counted = parallel::map_with(&pieces, Vec::new, |own: &mut Vec<u64>, piece| {
            let mut counted: Vec<(u64, u32)> = Vec::new();
            each(piece, &shingled, |shingles, stretches| {
                own.clear();
                for stretch in stretches {
                    let hashes = shingles[stretch.clone()].iter();
                    own.extend(hashes.filter(|&&hash| tallies.are_enough(hash)));
                }
                own.sort_unstable();
                own.dedup();
                counted.extend(own.iter().map(|&hash| (hash, 1)));
            });
            counted.sort_unstable();
            add_up(&mut counted);
            counted
        });
        common.extend(counted.concat());
        parallel::sort(&mut common);
        add_up(&mut common);
    }
    common.retain(|&(_, articles)| articles >= u32::from(least));
    common
}

/// Gives away the shingles of some articles with the stretches of each.
fn each(
    articles: &[Stretches],
    shingled: &impl Fn(&[u32], &mut dyn FnMut(u32, &[u64])),
    mut work: impl FnMut(&[u64], &[Range<usize>]),
) {
    let numbers: Vec<u32> = articles.iter().map(|&(article, _)| article).collect();
    let mut stretches = articles.iter().map(|(_, stretches)| &stretches[..]);
    shingled(&numbers, &mut |_, shingles| work(shingles, stretches.next().unwrap_or_default()));
}

/// Makes one of neighbours with the same hash.
fn add_up(counted: &mut Vec<(u64, u32)>) {
    counted.dedup_by(|next, kept| {
        let is_same = next.0 == kept.0;
        kept.1 += if is_same { next.1 } else { 0 };
        is_same
    });
}

/// Counts hashes in a small table, in which some fall together: what has too few here has too few.
struct Tallies {
    counts: Vec<AtomicU8>,
    least: u8,
}

impl Tallies {
    fn new(hashes: usize, least: u8) -> Self {
        let counts = (hashes / 4).next_power_of_two().max(64);
        Self { counts: (0..counts).map(|_| AtomicU8::new(0)).collect(), least }
    }

    fn of(&self, hash: u64) -> &AtomicU8 {
        let shift = 64 - self.counts.len().trailing_zeros();
        #[expect(clippy::cast_possible_truncation, reason = "below the number of counts")]
        &self.counts[(hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> shift) as usize]
    }

    /// Counts a hash. Threads that meet in one count leave none out: it goes a little beyond the
    /// least at most.
    fn add(&self, hash: u64) {
        if !self.are_enough(hash) {
            self.of(hash).fetch_add(1, Ordering::Relaxed);
        }
    }

    fn are_enough(&self, hash: u64) -> bool {
        self.of(hash).load(Ordering::Relaxed) >= self.least
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Each article counts once for each shingle in its stretches, wherever they overlap.
        #[test]
        fn common_shingles_are_those_that_enough_articles_have(
            articles in proptest::collection::vec(proptest::collection::vec(0u64..40, 0..30), 0..40),
            least in 1u8..6,
            cut in 0usize..8,
        ) {
            let stretches: Vec<Stretches> = (0..)
                .zip(&articles)
                .map(|(number, shingles)| {
                    let end = shingles.len();
                    (number, vec![0..end.min(2 * cut), end.min(cut)..end])
                })
                .collect();
            let found = common_shingles(&stretches, least, |numbers, each| {
                numbers.iter().for_each(|&number| each(number, &articles[number as usize]));
            });
            let mut counts = BTreeMap::new();
            for shingles in &articles {
                for shingle in shingles.iter().collect::<BTreeSet<_>>() {
                    *counts.entry(*shingle).or_insert(0) += 1;
                }
            }
            counts.retain(|_, count| *count >= u32::from(least));
            prop_assert_eq!(found, Vec::from_iter(counts));
        }
    }
}
