//! The candidate pairs of a whole corpus, from the shingles that its samples share.

use std::ops::Range;

use bitvec::vec::BitVec;

use super::{Containment, Samples, Shared, SharedSamples};
use crate::lsh::{CandidatePairs, Limited};
use crate::parallel;
use crate::simd::prefetch::prefetch;

/// How many places a thread keeps in memory at a time, about, 8 bytes each; or more, lest the
/// shared shingles be read too many times.
const PLACES: u32 = 1 << 20;
const PARTS: u32 = 16;

/// Fewer places are not worth a thread of their own.
const FEW: u32 = 1 << 14;

/// Articles that are met at one shingle only are told by so many counters for each that is met,
/// about, and by so many in all: they fit the nearest cache.
const COUNTERS: usize = 8;
const MOST_COUNTERS: usize = 1 << 14;

impl Containment {
    /// All candidate pairs of some articles, from their samples and what these share.
    ///
    /// Memory: 8 bytes for each candidate, and for each thread 8 bytes an article and half a byte
    /// for each sampled shingle that an article shares. Time: at most [`limit`](Self::limit) steps
    /// for each sampled shingle.
    ///
    /// # Panics
    /// If `shared` is of other articles.
    pub fn pairs(&self, samples: &Samples, shared: &SharedSamples) -> CandidatePairs {
        self.pairs_of(samples.shingles(), shared)
    }

    /// The same for articles of which it is known how many shingles they were sampled from.
    pub(crate) fn pairs_of(&self, shingles: &[u32], shared: &SharedSamples) -> CandidatePairs {
        let starts = starts(shingles.len(), shared);
        let total = starts[shingles.len()];
        let threads = u32::try_from(2 * parallel::threads()).unwrap_or(PARTS);
        let parts = (total / PLACES + 1).next_power_of_two().min(PARTS).max(threads);
        let places = total.div_ceil(parts).max(FEW);
        let mut ranges = Vec::new();
        let mut next = 0;
        while next < shingles.len() {
            // At least one article, and then as many as have so many places.
            let most = starts[next].saturating_add(places);
            let end = starts.partition_point(|&start| start <= most).clamp(next + 2, starts.len());
            ranges.push(next..end - 1);
            next = end - 1;
        }
        // The later ones have more to meet: nobody is to begin with one at the end.
        ranges.reverse();
        let mut alone = BitVec::new();
        if shingles.contains(&1) {
            alone.extend(shingles.iter().map(|&count| count == 1));
        }
        let found = parallel::map_with(&ranges, Meetings::default, |meetings, range| {
            let postings = Postings::new(shared, &starts, range.clone());
            let mut pairs = Vec::new();
            for article in range.clone() {
                meetings.of(self, article, &postings, &alone);
                meetings.drain(|other, shared| {
                    let sizes = (shingles[article] as usize, shingles[other as usize] as usize);
                    if self.is_enough(sizes.0, sizes.1, shared) {
                        #[expect(clippy::cast_possible_truncation, reason = "below articles")]
                        pairs.push((other, article as u32));
                    }
                });
            }
            pairs
        });
        let mut pairs = found.concat();
        parallel::sort(&mut pairs);
        let mut limited = Limited::default();
        (0..shared.len()).for_each(|of| self.account(shared.articles(of).len(), &mut limited));
        CandidatePairs { pairs, limited }
    }

    /// Counts what [`meets`](Self::meets) leaves out at a shingle of this many articles.
    fn account(&self, articles: usize, limited: &mut Limited) {
        if articles > self.limit + 1 {
            // The article of rank r has r earlier ones. Up to the limit it meets them all.
            let all = self.limit * (self.limit + 1) / 2;
            let rest = (articles - self.limit - 1) * 2 * (self.limit / 2);
            limited.add(articles, all + rest);
        }
    }
}

/// The earlier articles that an article meets. Most of them it meets at a single shingle, by
/// chance: these are not followed.
#[derive(Debug, Default)]
struct Meetings {
    /// All meetings: whom, and what it counts.
    all: Vec<(u32, u32)>,
    /// How often articles are met, those of one counter together.
    counters: Vec<u8>,
    /// By article; none but those in `met`.
    shared: Vec<Shared>,
    met: Vec<u32>,
}

impl Meetings {
    /// Takes the meetings of an article. Some are `alone`, with a single shingle at which they can
    /// be met.
    fn of(
        &mut self,
        settings: &Containment,
        article: usize,
        postings: &Postings<'_>,
        alone: &BitVec,
    ) {
        self.all.clear();
        for earlier in postings.earlier(article) {
            let weight = Containment::weight(earlier.len());
            for others in settings.meets(earlier) {
                self.all.extend(others.iter().map(|&other| (other, weight)));
            }
        }
        postings.prefetch(article + 1);
        self.shared.resize(self.shared.len().max(article), Shared::default());
        let counters = (COUNTERS * self.all.len()).next_power_of_two().clamp(64, MOST_COUNTERS);
        self.counters.clear();
        self.counters.resize(counters, 0);
        // The numbers of articles say nothing of who meets whom.
        let counter = |other: u32| other as usize % counters;
        for &(other, _) in &self.all {
            let counter = &mut self.counters[counter(other)];
            *counter = counter.saturating_add(1);
        }
        let is_alone = |article: usize| alone.get(article).is_some_and(|alone| *alone);
        let all_count = is_alone(article);
        for &(other, weight) in &self.all {
            if self.counters[counter(other)] > 1 || all_count || is_alone(other as usize) {
                let shared = &mut self.shared[other as usize];
                if shared.count == 0 {
                    self.met.push(other);
                }
                shared.add(weight);
            }
        }
    }

    /// Gives away the articles that were met, and forgets them.
    fn drain(&mut self, mut each: impl FnMut(u32, Shared)) {
        for other in self.met.drain(..) {
            each(other, std::mem::take(&mut self.shared[other as usize]));
        }
    }
}

/// How many places all articles before each one have among the articles of shared shingles.
fn starts(articles: usize, shared: &SharedSamples) -> Vec<u32> {
    let mut starts = vec![0; articles + 1];
    for shingle in 0..shared.len() {
        shared.articles(shingle).iter().for_each(|&article| starts[article as usize + 1] += 1);
    }
    for article in 0..articles {
        starts[article + 1] += starts[article];
    }
    starts
}

/// For each of some articles, its places among the articles of shared shingles.
struct Postings<'s> {
    shared: &'s SharedSamples,
    range: Range<usize>,
    /// Where the places of each article start, and the end.
    starts: &'s [u32],
    /// By article: its places, each with its rank among the articles of the shingle.
    places: Vec<(u32, u32)>,
}

impl<'s> Postings<'s> {
    fn new(shared: &'s SharedSamples, starts: &'s [u32], range: Range<usize>) -> Self {
        let first = starts[range.start];
        let mut next: Vec<u32> = starts[range.clone()].iter().map(|start| start - first).collect();
        let mut places = vec![(0, 0); (starts[range.end] - first) as usize];
        let mut place = 0;
        for shingle in 0..shared.len() {
            for (rank, &article) in (0..).zip(shared.articles(shingle)) {
                let index = (article as usize).wrapping_sub(range.start);
                if let Some(slot) = next.get_mut(index) {
                    places[*slot as usize] = (place, rank);
                    *slot += 1;
                }
                place += 1;
            }
        }
        Self { shared, range, starts, places }
    }

    /// The places of an article, if it is one of these.
    fn places(&self, article: usize) -> &[(u32, u32)] {
        if !self.range.contains(&article) {
            return &[];
        }
        let first = self.starts[self.range.start];
        let [start, end] = [0, 1].map(|next| (self.starts[article + next] - first) as usize);
        &self.places[start..end]
    }

    /// For each shared shingle of an article: the earlier articles that have it.
    fn earlier(&self, article: usize) -> impl Iterator<Item = &[u32]> {
        self.places(article).iter().map(|&(place, rank)| self.shared.before(place, rank))
    }

    /// Begins to load those of an article that comes soon.
    fn prefetch(&self, article: usize) {
        self.earlier(article).for_each(|earlier| prefetch(&earlier[..earlier.len().min(16)]));
    }
}
