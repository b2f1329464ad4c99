//! What a corpus repeats around its articles.
//!
//! Navigation, teasers, appeals and legal lines stand around all the articles of a site. They are
//! no part of the writing, and two articles that share nothing else are strangers. This module
//! learns such text from the corpus itself, as a set of shingles, and marks it in an article.
//!
//! A *stretch* is text of an article that at least [`Learner::ARTICLES`] articles share. A story
//! that is widely reprinted makes stretches too. What tells the two apart is the text besides:
//! the articles that share a piece of furniture each have text of their own; the copies of a
//! story have next to none, since what they do not share with all copies is either furniture,
//! which is shared by other articles, or an edit. Some copies are extended or stand in furniture
//! that nobody else has; so a shingle is furniture when four fifths of the articles that have it
//! have more than a tenth of text of their own.
//!
//! This stage knows numbers only: shingle hashes by article.

use std::ops::Range;

use crate::parallel;

/// How furniture is told from stories.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Learner {
    /// Tokens in a shingle.
    pub(crate) width: usize,
}

/// The stretches of an article, as ranges of shingle positions.
type Stretches = Vec<Range<usize>>;

impl Learner {
    /// How many articles must share a piece of text before it can be furniture.
    pub(crate) const ARTICLES: usize = 20;
    /// The share of own text that four fifths of the articles must have.
    const OWN: f64 = 0.1;
    /// The longest distance between sampled shingles of one stretch. At one in 8, a gap of 48 in
    /// shared text is a chance of 1 in 600.
    const GAP: usize = 48;
    /// How many sampled shingles make a stretch: a phrase that many articles use has fewer.
    const SAMPLES: usize = 3;
    /// How far a stretch may go on beyond its first and last sampled shingle.
    const MARGIN: usize = 24;
    /// How many (shingle, article) pairs are sorted at once: 16 bytes each.
    const BATCH: usize = 1 << 22;

    /// Learns from a corpus. `common` names the sampled shingles that at least
    /// [`ARTICLES`](Self::ARTICLES) articles have, by their lower halves; `shingles_of` appends
    /// the shingles of an article in text order.
    ///
    /// Cost: one pass over all shingles, and a sort of those in and around stretches, in batches
    /// of 64 MB.
    pub(crate) fn learn(
        &self,
        articles: usize,
        common: &[u32],
        shingles_of: impl Fn(usize, &mut Vec<u64>) + Sync,
    ) -> Furniture {
        if common.is_empty() {
            return Furniture::default();
        }
        let common = Set::new(common.iter().map(|&name| u64::from(name)).collect());
        let all: Vec<usize> = (0..articles).collect();
        let found: Vec<(Stretches, f32)> =
            parallel::map_with(&all, Vec::new, |shingles, &article| {
                shingles.clear();
                shingles_of(article, shingles);
                let stretches = Self::stretches(&common, shingles);
                let own = self.own_share(&stretches, shingles.len());
                (stretches, own)
            });
        let total: usize = found.iter().flat_map(|(stretches, _)| stretches).map(Range::len).sum();
        let batches = (total / Self::BATCH + 1) as u64;
        let concerned: Vec<usize> =
            all.into_iter().filter(|&article| !found[article].0.is_empty()).collect();
        let mut learned = Vec::new();
        for batch in 0..batches {
            let entries = parallel::map_with(&concerned, Vec::new, |shingles, &article| {
                shingles.clear();
                shingles_of(article, shingles);
                let mut entries: Vec<(u64, u32)> = Vec::new();
                #[expect(clippy::cast_possible_truncation, reason = "fewer than 2^32 articles")]
                for stretch in &found[article].0 {
                    let start = stretch.start.saturating_sub(Self::MARGIN);
                    let end = (stretch.end + Self::MARGIN).min(shingles.len());
                    entries.extend(
                        (shingles[start..end].iter())
                            .filter(|&&hash| hash % batches == batch)
                            .map(|&hash| (hash, article as u32)),
                    );
                }
                entries
            });
            let mut entries = entries.concat();
            parallel::sort(&mut entries);
            entries.dedup();
            let mut shares = Vec::new();
            for run in entries.chunk_by(|a, b| a.0 == b.0) {
                if run.len() < Self::ARTICLES {
                    continue;
                }
                shares.clear();
                shares.extend(run.iter().map(|&(_, article)| found[article as usize].1));
                let fifth = shares.len() / 5;
                let (_, share, _) = shares.select_nth_unstable_by(fifth, f32::total_cmp);
                if f64::from(*share) > Self::OWN {
                    learned.push((run[0].0, u32::try_from(run.len()).unwrap_or(u32::MAX)));
                }
            }
        }
        Furniture::new(self.width, learned)
    }

    fn stretches(common: &Set, shingles: &[u64]) -> Stretches {
        let mut stretches = Stretches::new();
        let mut samples = 0;
        for (position, &hash) in shingles.iter().enumerate() {
            if !common.contains(hash & u64::from(u32::MAX)) {
                continue;
            }
            match stretches.last_mut() {
                Some(last) if position - last.end <= Self::GAP => {
                    last.end = position + 1;
                    samples += 1;
                }
                _ => {
                    if samples < Self::SAMPLES {
                        stretches.pop();
                    }
                    stretches.push(position..position + 1);
                    samples = 1;
                }
            }
        }
        if samples < Self::SAMPLES {
            stretches.pop();
        }
        stretches
    }

    /// The share of an article outside its stretches, 0 to 1.
    fn own_share(&self, stretches: &[Range<usize>], shingles: usize) -> f32 {
        // A stretch goes on for 8 shingles, on average, before the first and after the last
        // sampled one.
        let shared: usize =
            stretches.iter().map(|stretch| stretch.len() + self.width - 1 + 16).sum();
        let tokens = shingles + self.width - 1;
        tokens.saturating_sub(shared) as f32 / tokens.max(1) as f32
    }
}

/// Furniture as it was learned: the shingles it is made of.
#[derive(Clone, Debug, Default)]
pub struct Furniture {
    width: usize,
    /// How many tokens between two marks are marked too, and the least length of a mark.
    bridge: u32,
    least: usize,
    /// Sorted, with the number of articles that have each.
    articles: Vec<u32>,
    shingles: Set,
}

impl Furniture {
    /// Furniture with a date in a footer, say, is marked over the date; and a phrase that is
    /// part of some furniture is none.
    fn new(width: usize, learned: Vec<(u64, u32)>) -> Self {
        Self { bridge: 4, least: 8, ..Self::exactly(width, learned) }
    }

    /// Marks just the shingles, each of so many tokens and found in so many articles.
    pub(crate) fn exactly(width: usize, mut learned: Vec<(u64, u32)>) -> Self {
        learned.sort_unstable();
        learned.dedup_by_key(|entry| entry.0);
        let articles = learned.iter().map(|&(_, articles)| articles).collect();
        let shingles = Set::new(learned.into_iter().map(|(hash, _)| hash).collect());
        Self { width, bridge: 0, least: width, articles, shingles }
    }

    /// The number of shingles.
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Whether nothing was learned.
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    /// Appends what is furniture in an article, as ranges of tokens, ascending and apart from
    /// each other. Takes the article's shingles in text order.
    pub(crate) fn mark(&self, shingles: &[u64], out: &mut Vec<Range<u32>>) {
        let start = out.len();
        for (position, &hash) in shingles.iter().enumerate() {
            if !self.shingles.contains(hash) {
                continue;
            }
            let Ok(first) = u32::try_from(position) else { break };
            let end = first.saturating_add(u32::try_from(self.width).unwrap_or(0));
            match out[start..].last_mut() {
                Some(last) if first <= last.end + self.bridge => last.end = end,
                _ => out.push(first..end),
            }
        }
        let mut kept = start;
        for index in start..out.len() {
            if out[index].len() >= self.least {
                out.swap(kept, index);
                kept += 1;
            }
        }
        out.truncate(kept);
    }
}

/// A set of hashes that are well mixed in their lower bits. Asking for a hash that is not there
/// usually costs one look at a bitmap.
#[derive(Clone, Debug, Default)]
struct Set {
    bitmap: Vec<u64>,
    sorted: Vec<u64>,
}

impl Set {
    fn new(mut hashes: Vec<u64>) -> Self {
        hashes.sort_unstable();
        hashes.dedup();
        // At least 16 bits an element.
        let words = (hashes.len() / 4).next_power_of_two().max(16);
        let mut bitmap = vec![0; words];
        for &hash in &hashes {
            let (word, bit) = Self::place(hash, words);
            bitmap[word] |= bit;
        }
        Self { bitmap, sorted: hashes }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a remainder of the number of words")]
    fn place(hash: u64, words: usize) -> (usize, u64) {
        ((hash >> 6) as usize & (words - 1), 1 << (hash & 63))
    }

    fn contains(&self, hash: u64) -> bool {
        if self.bitmap.is_empty() {
            return false;
        }
        let (word, bit) = Self::place(hash, self.bitmap.len());
        self.bitmap[word] & bit != 0 && self.sorted.binary_search(&hash).is_ok()
    }
}
