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

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};

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

    /// How many sampled shingles two articles of these many shingles must share.
    fn needed(&self, a: usize, b: usize) -> u32 {
        // Only what lies below the sparser bound can be shared.
        let expected = a.min(b) as f64 * self.rate(a.max(b));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a sample's size"
        )]
        let share = (self.share * expected).ceil() as u32;
        // An article of one shingle has no two to share.
        let most = u32::try_from(a.min(b)).unwrap_or(u32::MAX);
        share.max(2).min(most)
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
            || (vec![0u32; shingles.len()], Vec::new()),
            |(counts, met), piece| {
                let mut pairs = Vec::new();
                for article in piece.clone() {
                    for earlier in postings.earlier(article) {
                        let weight = Self::weight(earlier.len());
                        for &other in self.meets(earlier).into_iter().flatten() {
                            if counts[other as usize] == 0 {
                                met.push(other);
                            }
                            counts[other as usize] += weight;
                        }
                    }
                    met.sort_unstable();
                    for other in met.drain(..) {
                        let shared = std::mem::take(&mut counts[other as usize]);
                        let sizes = (shingles[article] as usize, shingles[other as usize] as usize);
                        if shared >= Self::RARE * self.needed(sizes.0, sizes.1) {
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

    /// What it counts to meet at a rare shingle.
    const RARE: u32 = 4;

    /// What it counts to meet at a shingle that so many earlier articles have. Phrases that very
    /// many articles use make strangers meet by chance, the more of them the larger the corpus.
    /// Copies of a story that is printed as often meet at so many shingles that it doesn't matter.
    fn weight(earlier: usize) -> u32 {
        match earlier {
            0..=8 => Self::RARE,
            9..=64 => Self::RARE / 2,
            _ => Self::RARE / 4,
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

/// The incremental form: articles come and go, and each can be asked for its candidates.
#[derive(Clone, Debug, Default)]
pub struct ContainmentIndex {
    settings: Containment,
    /// The articles of each sampled shingle, in the order of insertion.
    postings: HashMap<u32, Posting, BuildHasherDefault<Fibonacci>>,
    /// The lists of shingles that stand in more than one article.
    lists: Vec<Vec<u32>>,
    /// By article: its number of shingles.
    shingles: Vec<u32>,
}

/// The articles of one shingle: most have just one, which needs no list.
#[derive(Clone, Copy, Debug)]
enum Posting {
    One(u32),
    List(u32),
}

impl ContainmentIndex {
    /// An empty index.
    pub fn new(settings: Containment) -> Self {
        Self { settings, ..Self::default() }
    }

    /// Adds an article with its shingles, as for [`Containment::sample`]. Numbers of articles
    /// should be dense, since a table of them is kept. Cost: a look-up for each sampled shingle.
    ///
    /// # Panics
    /// If the article has 2³² shingles or more.
    pub fn insert(&mut self, article: u32, shingles: &mut Vec<u64>) {
        let index = article as usize;
        if self.shingles.len() <= index {
            self.shingles.resize(index + 1, 0);
        }
        let mut sample = Vec::new();
        self.shingles[index] = self.settings.sample(shingles, &mut sample);
        for hash in sample {
            match self.postings.entry(hash) {
                Entry::Vacant(vacant) => {
                    vacant.insert(Posting::One(article));
                }
                Entry::Occupied(mut occupied) => match *occupied.get() {
                    Posting::List(list) => self.lists[list as usize].push(article),
                    Posting::One(first) => {
                        let list = u32::try_from(self.lists.len())
                            .unwrap_or_else(|_| panic!("too many shingles for one index"));
                        self.lists.push(vec![first, article]);
                        occupied.insert(Posting::List(list));
                    }
                },
            }
        }
    }

    /// The candidates for an article with these shingles among those inserted, ascending. It
    /// meets the inserted ones as an article of the batch form meets the earlier ones.
    pub fn candidates(&self, shingles: &mut Vec<u64>) -> Vec<u32> {
        let mut sample = Vec::new();
        let count = self.settings.sample(shingles, &mut sample) as usize;
        let mut met = Vec::new();
        for hash in sample {
            let one;
            let articles: &[u32] = match self.postings.get(&hash) {
                None => continue,
                Some(Posting::List(list)) => &self.lists[*list as usize],
                Some(Posting::One(article)) => {
                    one = [*article];
                    &one
                }
            };
            let weight = Containment::weight(articles.len());
            let others = self.settings.meets(articles).into_iter().flatten();
            met.extend(others.map(|&other| (other, weight)));
        }
        met.sort_unstable();
        met.chunk_by(|a, b| a.0 == b.0)
            .filter(|run| {
                let sizes = (count, self.shingles[run[0].0 as usize] as usize);
                let shared: u32 = run.iter().map(|&(_, weight)| weight).sum();
                shared >= Containment::RARE * self.settings.needed(sizes.0, sizes.1)
            })
            .map(|run| run[0].0)
            .collect()
    }

    /// Takes an article out again. The shingles are those it was inserted with. An article that
    /// is not there is left alone.
    pub fn remove(&mut self, article: u32, shingles: &mut Vec<u64>) {
        let mut sample = Vec::new();
        self.settings.sample(shingles, &mut sample);
        for hash in sample {
            match self.postings.get(&hash) {
                Some(&Posting::One(only)) if only == article => {
                    self.postings.remove(&hash);
                }
                Some(&Posting::List(list)) => {
                    self.lists[list as usize].retain(|&other| other != article);
                }
                _ => {}
            }
        }
    }
}

/// Spreads sampled hashes over a hash table. They are well mixed as they are; the multiplication
/// moves them to the upper bits, where the table looks.
#[derive(Clone, Copy, Debug, Default)]
struct Fibonacci(u64);

impl Hasher for Fibonacci {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u32(u32::from(byte)));
    }

    fn write_u32(&mut self, value: u32) {
        self.0 = (self.0 ^ u64::from(value)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    /// A number as well mixed as a shingle hash is.
    fn mix(value: u64) -> u64 {
        let value = (value ^ 0x5851_f42d_4c95_7f2d).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let value = (value ^ value >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
        (value ^ value >> 29).wrapping_mul(0xd6e8_feb8_6659_fd93) ^ value >> 31
    }

    fn batch(settings: &Containment, corpus: &[Vec<u64>]) -> CandidatePairs {
        let (mut samples, mut starts, mut counts) = (Vec::new(), vec![0], Vec::new());
        for shingles in corpus {
            counts.push(settings.sample(&mut shingles.clone(), &mut samples));
            starts.push(samples.len());
        }
        settings.pairs(&counts, &SortedSamples::new(&starts, &samples))
    }

    /// The definitions, pair by pair.
    fn naive(settings: &Containment, corpus: &[Vec<u64>]) -> Vec<(u32, u32)> {
        let mut having: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut meetings: BTreeMap<(u32, u32), u32> = BTreeMap::new();
        let mut counts = Vec::new();
        for (article, shingles) in (0u32..).zip(corpus) {
            let mut sample = Vec::new();
            counts.push(settings.sample(&mut shingles.clone(), &mut sample));
            for hash in sample {
                let earlier = having.entry(hash).or_default();
                for (rank, &other) in earlier.iter().enumerate() {
                    let half = settings.limit / 2;
                    let left_out = earlier.len() > settings.limit
                        && rank >= half
                        && rank + half < earlier.len();
                    if !left_out {
                        *meetings.entry((other, article)).or_default() +=
                            Containment::weight(earlier.len());
                    }
                }
                earlier.push(article);
            }
        }
        let len = |article: u32| counts[article as usize] as usize;
        meetings
            .into_iter()
            .filter(|&((a, b), shared)| {
                shared >= Containment::RARE * settings.needed(len(a), len(b))
            })
            .map(|(pair, _)| pair)
            .collect()
    }

    fn corpora() -> impl Strategy<Value = Vec<Vec<u64>>> {
        let text = proptest::collection::vec((0u64..300).prop_map(mix), 0..60);
        proptest::collection::vec(text, 0..30)
    }

    proptest! {
        #[test]
        fn batch_incremental_and_naive_agree(corpus in corpora(), limit in 2usize..12) {
            let settings = Containment::new(0.1, limit).unwrap();
            let batch = batch(&settings, &corpus);
            prop_assert_eq!(&batch.pairs, &naive(&settings, &corpus));
            let mut index = ContainmentIndex::new(settings);
            let mut pairs = Vec::new();
            for (article, shingles) in (0u32..).zip(&corpus) {
                let mut shingles = shingles.clone();
                let found = index.candidates(&mut shingles);
                pairs.extend(found.into_iter().map(|other| (other, article)));
                index.insert(article, &mut shingles);
            }
            pairs.sort_unstable();
            prop_assert_eq!(&batch.pairs, &pairs);
        }

        #[test]
        fn removing_undoes_inserting(corpus in corpora(), gone in 0usize..30) {
            prop_assume!(gone < corpus.len());
            let settings = Containment::default();
            let (mut with, mut without) =
                (ContainmentIndex::new(settings), ContainmentIndex::new(settings));
            for (article, shingles) in (0u32..).zip(&corpus) {
                let mut shingles = shingles.clone();
                with.insert(article, &mut shingles);
                if article as usize != gone {
                    without.insert(article, &mut shingles);
                }
            }
            with.remove(gone as u32, &mut corpus[gone].clone());
            for mut shingles in corpus {
                let found = with.candidates(&mut shingles);
                prop_assert_eq!(found, without.candidates(&mut shingles));
            }
        }

        /// The sample of a longer article, as far as the shorter one has the shingles, is in the
        /// sample of the shorter one.
        #[test]
        fn samples_are_nested(length in 1usize..2000, part in 1usize..2000) {
            let part = part.min(length);
            let whole: Vec<u64> = (0..length as u64).map(mix).collect();
            let settings = Containment::default();
            let (mut of_whole, mut of_part) = (Vec::new(), Vec::new());
            settings.sample(&mut whole.clone(), &mut of_whole);
            settings.sample(&mut whole[..part].to_vec(), &mut of_part);
            let names: BTreeSet<u32> = whole[..part].iter().map(|&hash| hash as u32).collect();
            for hash in of_whole.iter().filter(|hash| names.contains(hash)) {
                prop_assert!(of_part.contains(hash));
            }
        }
    }

    #[test]
    fn repetitive_texts_are_sampled_by_what_they_have() {
        let settings = Containment::default();
        for distinct in [1, 2, 10, 30] {
            let refrain: Vec<u64> = (0..distinct).map(mix).collect();
            let corpus = vec![refrain.repeat(1000), refrain.repeat(900)];
            assert_eq!(batch(&settings, &corpus).pairs, [(0, 1)], "{distinct}");
        }
    }

    #[test]
    fn what_is_limited_is_counted() {
        let settings = Containment::new(0.1, 6).unwrap();
        let story: Vec<u64> = (0..20).map(mix).collect();
        let corpus = vec![story; 100];
        let found = batch(&settings, &corpus);
        let all = 100 * 99 / 2;
        assert_eq!(found.limited.buckets, 20);
        assert_eq!(found.limited.largest, 100);
        assert_eq!(found.limited.pairs, 20 * (all - found.pairs.len() as u64));
        // Everyone meets the first one, so that a cluster of any size holds together.
        assert!((1..100).all(|article| found.pairs.contains(&(0, article))));
    }

    #[test]
    fn a_hundred_tokens_within_five_thousand_are_found() {
        let settings = Containment::default();
        let mut missed = 0;
        for trial in 0..2000u64 {
            let whole: Vec<u64> = (0..4996).map(|shingle| mix(trial << 32 | shingle)).collect();
            let part = whole[2000..2096].to_vec();
            missed += usize::from(batch(&settings, &[whole, part]).pairs.is_empty());
        }
        // A recall of 0.999 lets two of 2,000 go; one standard deviation more is allowed.
        assert!(missed <= 3, "{missed} of 2000 missed");
    }
}
