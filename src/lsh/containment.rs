//! Candidates for excerpts: pairs that share sampled shingles.
//!
//! Banding asks whether two sets are alike, and can't see that 300 words stand whole in an
//! article of 3,000. Here each article is sampled by hash value: the same shingle is either
//! sampled everywhere or nowhere, so that the samples of a part are among the samples of the
//! whole (Broder, "On the resemblance and containment of documents", 1997, with a share instead
//! of a number as in Irber et al., "FracMinHash", 2022). Short articles are sampled more densely,
//! by a higher bound on the same hash: the sparser sample remains a subset of the denser one.
//!
//! An article meets each earlier one that shares a sampled shingle with it. When there are more
//! than [`Containment::limit`] of them for one shingle, it meets the first half and the latest
//! half of that many, and the rest is counted in [`Limited`]. Pairs that meet at enough shingles
//! are candidates; meeting at a shingle that very many articles have counts for less.

mod index;
#[cfg(test)]
mod tests;

pub use index::ContainmentIndex;

use super::{CandidatePairs, Limited};
use crate::error::{Error, check};
use crate::parallel;

/// The settings of the containment index: parameters only.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Containment {
    one_in: u32,
    floor: u32,
    share: f64,
    limit: usize,
}

impl Default for Containment {
    /// One shingle in 8 and at least about 32 of an article; candidates share a twentieth of the
    /// smaller one's sample; at most 128 earlier articles for a shingle.
    fn default() -> Self {
        Self { one_in: 8, floor: 32, share: 0.05, limit: 128 }
    }
}

impl Containment {
    /// The default settings but for these two.
    ///
    /// `share` is the part of the smaller article's sample, 0 to 1 (default 0.05), that a
    /// candidate must have in common with it; two samples are asked for in any case. `limit` is
    /// how many earlier articles one article meets at one shingle, at least 2 (default 128):
    /// higher finds more of the pairs within very large clusters, at a cost in proportion.
    ///
    /// # Errors
    /// When one of them is out of its range.
    pub fn new(share: f64, limit: usize) -> Result<Self, Error> {
        check((0.0..=1.0).contains(&share), "share", "from 0 to 1", share)?;
        check(limit >= 2, "limit", "at least 2 articles", limit)?;
        Ok(Self { share, limit, ..Self::default() })
    }

    /// The most earlier articles that one article meets at one shingle.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// The share of the shingles that an article of this many shingles is sampled at, 0 to 1.
    pub fn rate(&self, shingles: usize) -> f64 {
        let floor = f64::from(self.floor) / shingles.max(1) as f64;
        floor.max(1.0 / f64::from(self.one_in)).min(1.0)
    }

    /// Appends the sample of an article's shingles: sorted, without repeats, one `u32` a shingle.
    /// The shingles come in any order, with repeats; they are left in another order if there are
    /// many repeats. Returns how many there are without them, or at most.
    ///
    /// Cost: linear, and a sort of the sample.
    ///
    /// # Panics
    /// If there are 2³² shingles or more.
    pub fn sample(&self, shingles: &mut Vec<u64>, out: &mut Vec<u32>) -> u32 {
        let start = out.len();
        self.sample_at(self.rate(shingles.len()), shingles, out);
        // In a repetitive text there are fewer shingles to sample than it seemed.
        if out.len() - start < self.floor as usize * 3 / 4 {
            shingles.sort_unstable();
            shingles.dedup();
            out.truncate(start);
            self.sample_at(self.rate(shingles.len()), shingles, out);
        }
        u32::try_from(shingles.len()).unwrap_or_else(|_| panic!("an article of 2^32 shingles"))
    }

    fn sample_at(&self, rate: f64, shingles: &[u64], out: &mut Vec<u32>) {
        let start = out.len();
        // The upper half decides, the lower half is the name in the index.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the rate is between 0 and 1; the lower half is what is wanted"
        )]
        let bound = (rate * f64::from(u32::MAX)) as u64;
        #[expect(clippy::cast_possible_truncation, reason = "the lower half is what is wanted")]
        out.extend(shingles.iter().filter(|&&hash| hash >> 32 <= bound).map(|&hash| hash as u32));
        out[start..].sort_unstable();
        // Without repeats, in place, behind what was there before.
        let mut kept = start;
        for index in start..out.len() {
            if index == start || out[index] != out[kept - 1] {
                out[kept] = out[index];
                kept += 1;
            }
        }
        out.truncate(kept);
    }

    /// Whether two articles of these many shingles are candidates, by the sampled shingles that
    /// they share: their number, and their weights together. Either they share enough of some
    /// weight, or half of all that they can share.
    fn is_enough(&self, a: usize, b: usize, shared: Shared) -> bool {
        // Only what lies below the sparser bound can be shared.
        let expected = a.min(b) as f64 * self.rate(a.max(b));
        // An article of one shingle has no two to share.
        let least = 2.min(a.min(b)) as f64;
        let count = f64::from(shared.count);
        count >= least
            && (f64::from(shared.weight)
                >= f64::from(RARE) * (self.share * expected).ceil().max(least)
                || 2.0 * count >= expected)
    }

    /// All candidate pairs of a corpus, from the samples of its articles. `shingles[i]` is the
    /// number of shingles of article `i`.
    ///
    /// Memory: 8 bytes more for each sampled shingle that two articles share, and 8 bytes for each
    /// candidate. Time: at most [`limit`](Self::limit) steps for each sampled shingle.
    ///
    /// # Panics
    /// If there are not as many `shingles` as sampled articles.
    pub fn pairs(&self, shingles: &[u32], samples: &SortedSamples) -> CandidatePairs {
        assert_eq!(samples.articles, shingles.len(), "a number of shingles for each article");
        let postings = Postings::new(samples, self);
        let pieces = parallel::chunks(shingles.len(), 1024);
        let found = parallel::map_with(
            &pieces,
            || (vec![Shared::default(); shingles.len()], Vec::new()),
            |(shares, met), piece| {
                let mut pairs = Vec::new();
                for article in piece.clone() {
                    for earlier in postings.earlier(article) {
                        let weight = Self::weight(earlier.len());
                        for &other in self.meets(earlier).into_iter().flatten() {
                            let shared = &mut shares[other as usize];
                            if shared.count == 0 {
                                met.push(other);
                            }
                            shared.add(weight);
                        }
                    }
                    met.sort_unstable();
                    for other in met.drain(..) {
                        let shared = std::mem::take(&mut shares[other as usize]);
                        let sizes = (shingles[article] as usize, shingles[other as usize] as usize);
                        if self.is_enough(sizes.0, sizes.1, shared) {
                            #[expect(clippy::cast_possible_truncation, reason = "below articles")]
                            pairs.push((other, article as u32));
                        }
                    }
                }
                pairs
            },
        );
        let mut pairs = found.concat();
        parallel::sort(&mut pairs);
        CandidatePairs { pairs, limited: postings.limited }
    }

    /// What it counts to meet at a shingle that so many earlier articles have. Phrases that very
    /// many articles use make strangers meet by chance, the more of them the larger the corpus.
    /// Copies of a story that is printed as often meet at so many shingles that it doesn't matter.
    fn weight(earlier: usize) -> u32 {
        match earlier {
            0..=8 => RARE,
            9..=64 => RARE / 2,
            _ => RARE / 4,
        }
    }

    /// Of the earlier articles that have a shingle, those that the next one meets.
    fn meets<'e>(&self, earlier: &'e [u32]) -> [&'e [u32]; 2] {
        if earlier.len() <= self.limit {
            return [earlier, &[]];
        }
        let half = self.limit / 2;
        [&earlier[..half], &earlier[earlier.len() - half..]]
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

/// What it counts to meet at a rare shingle.
const RARE: u32 = 4;

/// The sampled shingles that two articles share.
#[derive(Clone, Copy, Debug, Default)]
struct Shared {
    count: u32,
    weight: u32,
}

impl Shared {
    fn add(&mut self, weight: u32) {
        self.count += 1;
        self.weight += weight;
    }
}

/// The samples of all articles of a corpus, sorted by shingle.
#[derive(Clone, Debug, Default)]
pub struct SortedSamples {
    /// Shingle in the upper half, article in the lower.
    entries: Vec<u64>,
    articles: usize,
}

impl SortedSamples {
    /// Sorts the samples of a corpus: `samples[starts[i]..starts[i + 1]]` is the
    /// [sample](Containment::sample) of article `i`. 8 bytes for each sampled shingle.
    ///
    /// # Panics
    /// If `starts` does not fit `samples`, or there are 2³² articles or more.
    pub fn new(starts: &[usize], samples: &[u32]) -> Self {
        let articles = starts.len() - 1;
        let last = u32::try_from(articles)
            .unwrap_or_else(|_| panic!("{articles} articles are more than an index holds"));
        let mut entries: Vec<u64> = Vec::with_capacity(samples.len());
        for article in 0..last {
            let sample = &samples[starts[article as usize]..starts[article as usize + 1]];
            entries.extend(sample.iter().map(|&hash| u64::from(hash) << 32 | u64::from(article)));
        }
        parallel::sort(&mut entries);
        Self { entries, articles }
    }

    /// The sampled shingles that stand in at least so many articles, ascending, each with its
    /// articles, ascending.
    pub fn shared_by(&self, articles: usize) -> Vec<(u32, Vec<u32>)> {
        self.runs()
            .filter(|run| run.len() >= articles)
            .map(|run| (shingle_of(run[0]), run.iter().map(|&entry| article_of(entry)).collect()))
            .collect()
    }

    fn runs(&self) -> impl Iterator<Item = &[u64]> {
        self.entries.chunk_by(|&a, &b| shingle_of(a) == shingle_of(b))
    }
}

/// Shingles that stand in two articles or more, with their articles; and for each article its
/// places there.
struct Postings {
    /// The articles of one shingle after the other, ascending within each.
    articles: Vec<u32>,
    /// By article: its places in `articles`, each with its rank within the shingle.
    places: Vec<(u32, u32)>,
    /// Where the places of each article start, and the end.
    starts: Vec<usize>,
    /// What the limit leaves out.
    limited: Limited,
}

impl Postings {
    fn new(samples: &SortedSamples, settings: &Containment) -> Self {
        let runs = || samples.runs().filter(|run| run.len() > 1);
        let count = samples.articles;
        let mut starts = vec![0; count + 1];
        let mut limited = Limited::default();
        for run in runs() {
            settings.account(run.len(), &mut limited);
            run.iter().for_each(|&entry| starts[article_of(entry) as usize + 1] += 1);
        }
        for article in 0..count {
            starts[article + 1] += starts[article];
        }
        let total = starts[count];
        assert!(u32::try_from(total).is_ok(), "{total} sampled shingles are too many");
        let mut next = starts.clone();
        let mut articles = Vec::with_capacity(total);
        let mut places = vec![(0, 0); total];
        for run in runs() {
            for (rank, &entry) in (0..).zip(run) {
                let slot = &mut next[article_of(entry) as usize];
                #[expect(clippy::cast_possible_truncation, reason = "asserted above")]
                let place = articles.len() as u32;
                places[*slot] = (place, rank);
                *slot += 1;
                articles.push(article_of(entry));
            }
        }
        Self { articles, places, starts, limited }
    }

    /// For each sampled shingle of an article: the earlier articles that have it.
    fn earlier(&self, article: usize) -> impl Iterator<Item = &[u32]> {
        self.places[self.starts[article]..self.starts[article + 1]].iter().map(|&(place, rank)| {
            let place = place as usize;
            &self.articles[place - rank as usize..place]
        })
    }
}

/// The shingle of an entry: its upper half.
fn shingle_of(entry: u64) -> u32 {
    (entry >> 32) as u32
}

/// The article of an entry: its lower half.
#[expect(clippy::cast_possible_truncation, reason = "the lower half is what is wanted")]
fn article_of(entry: u64) -> u32 {
    entry as u32
}
