//! The articles as they came in: their texts, their tokens, their samples, and which of them are
//! the same.

use std::borrow::Cow;
use std::ops::Range;

use crate::lsh::containment::Samples;
use crate::parallel;
use crate::text::{hash_article, hash_tokens};

use super::near::Near;
use super::samples::Sampler;
use super::settings::Settings;
use super::store::Store;

pub(super) mod kept;

/// All articles, by number in the order of insertion.
#[derive(Debug)]
pub(super) struct Corpus {
    keeps_texts: bool,
    finds_news: bool,
    /// No rows if texts are not kept.
    texts: Rows<u8>,
    tokens: Store,
    /// Tokens of datelines, bylines and the like, if they are looked for.
    news: Rows<Range<u32>>,
    fingerprints: Vec<Fingerprint>,
    /// Of all tokens but those in news lines, if there is an index for them: see
    /// [`Samples::to_row`].
    samples: Store,
    sampler: Sampler,
    sample: Samples,
}

impl Corpus {
    /// An empty corpus that stays in memory.
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            keeps_texts: settings.keep_texts,
            finds_news: settings.news_aside,
            texts: Rows::default(),
            tokens: Store::default(),
            news: Rows::default(),
            fingerprints: Vec::new(),
            samples: Store::default(),
            sampler: Sampler::default(),
            sample: Samples::default(),
        }
    }

    /// An empty corpus with the scratch files of the settings, if they have any.
    pub(super) fn with_scratch(settings: &Settings) -> Self {
        let (tokens, samples) = Self::stores(settings);
        Self { tokens, samples, ..Self::new(settings) }
    }

    /// The stores for tokens and samples.
    fn stores(settings: &Settings) -> (Store, Store) {
        let scratch = || settings.scratch.clone();
        (Store::of_repeated(scratch()), Store::new(scratch()))
    }

    pub(super) fn len(&self) -> usize {
        self.fingerprints.len()
    }

    pub(super) fn text(&self, article: usize) -> &str {
        assert!(article < self.len(), "there are {} articles, and no {article}", self.len());
        if !self.keeps_texts {
            return "";
        }
        // Only whole strings go in.
        std::str::from_utf8(self.texts.row(article)).unwrap_or_default()
    }

    pub(super) fn tokens(&self, article: usize) -> Cow<'_, [u32]> {
        self.tokens.row(article)
    }

    /// Reads the tokens of some articles, in any order.
    pub(super) fn load(&self, near: &mut Near, articles: impl Iterator<Item = u32>) {
        near.load(&self.tokens, articles);
    }

    /// The tokens of an article, which may have been read with others.
    pub(super) fn tokens_near<'n>(&'n self, near: &'n Near, article: usize) -> Cow<'n, [u32]> {
        near.row(&self.tokens, super::texts::narrow(article))
    }

    /// A hash of the tokens of each article.
    pub(super) fn fingerprints(&self) -> &[Fingerprint] {
        &self.fingerprints
    }

    /// How many tokens an article has.
    pub(super) fn length(&self, article: usize) -> usize {
        self.tokens.length(article)
    }

    /// Begins to load the tokens of an article that are needed soon, if they are in memory.
    pub(super) fn prefetch(&self, article: usize) {
        self.tokens.prefetch(article);
    }

    /// The number of tokens of all articles.
    pub(super) fn total_tokens(&self) -> usize {
        self.tokens.total()
    }

    /// Which tokens of an article are in news lines, as ascending ranges.
    pub(super) fn news(&self, article: usize) -> &[Range<u32>] {
        self.news.row(article)
    }

    /// The samples of all articles, without their news lines; none if there is no index for them.
    pub(super) fn samples(&self) -> &Store {
        &self.samples
    }

    pub(super) fn push(&mut self, settings: &Settings, text: &str) {
        if self.keeps_texts {
            self.texts.push(text.as_bytes());
        }
        if self.finds_news {
            hash_article(text, self.tokens.items(), &mut self.news.items);
        } else {
            hash_tokens(text, self.tokens.items());
        }
        self.news.end();
        let tokens = self.tokens.current();
        self.fingerprints.push(fingerprint(tokens));
        let news = self.news.row(self.news.len() - 1);
        self.sample.clear();
        self.sampler.sample(settings, tokens, news, &mut self.sample);
        self.tokens.end();
        if !self.sample.is_empty() {
            self.sample.to_row(0, self.samples.items());
        }
        self.samples.end();
    }

    /// Adds the articles of another corpus, of the same settings.
    pub(super) fn append(&mut self, other: &Self) {
        self.texts.append(&other.texts);
        self.tokens.append(&other.tokens);
        self.news.append(&other.news);
        self.samples.append(&other.samples);
        self.fingerprints.extend_from_slice(&other.fingerprints);
    }

    /// Removes all articles, and keeps the memory for others.
    pub(super) fn clear(&mut self) {
        self.texts.clear();
        self.tokens.clear();
        self.news.clear();
        self.samples.clear();
        self.fingerprints.clear();
    }

    /// Adds many texts, tokenised in parallel.
    pub(super) fn extend<T: AsRef<str> + Sync>(&mut self, settings: &Settings, texts: &[T]) {
        // Groups bound the memory for what is tokenised and not yet in its place.
        for group in texts.chunks(64 * 1024) {
            let pieces: Vec<&[T]> = group.chunks(256).collect();
            let tokenised = parallel::map_with(
                &pieces,
                || (),
                |(), piece| {
                    let mut part = Self::new(settings);
                    piece.iter().for_each(|text| part.push(settings, text.as_ref()));
                    part
                },
            );
            tokenised.iter().for_each(|part| self.append(part));
        }
    }
}

/// Rows of different lengths, one behind the other.
#[derive(Debug)]
pub(super) struct Rows<T> {
    pub(super) items: Vec<T>,
    ends: Vec<usize>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { items: Vec::new(), ends: Vec::new() }
    }
}

impl<T: Clone + Default> Rows<T> {
    /// So many rows of items that come with their rows, in the order in which they come.
    pub(super) fn of(rows: usize, items: impl Iterator<Item = (u32, T)> + Clone) -> Self {
        let mut ends = vec![0; rows];
        items.clone().for_each(|(row, _)| ends[row as usize] += 1);
        let mut start = 0;
        for end in &mut ends {
            (*end, start) = (start, start + *end);
        }
        let mut all = vec![T::default(); start];
        // From the start of each row to its end.
        for (row, item) in items {
            all[ends[row as usize]] = item;
            ends[row as usize] += 1;
        }
        Self { items: all, ends }
    }
}

impl<T: Clone> Rows<T> {
    /// Rows of these lengths, if they are all of the items.
    fn new(items: Vec<T>, lengths: &[u32]) -> Option<Self> {
        let mut rows = Self { items, ends: Vec::with_capacity(lengths.len()) };
        let mut end = 0;
        for &length in lengths {
            end += length as usize;
            rows.ends.push(end);
        }
        (end == rows.items.len()).then_some(rows)
    }

    /// The number of rows.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    fn range(&self, row: usize) -> Range<usize> {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        start..self.ends[row]
    }

    pub(super) fn row(&self, row: usize) -> &[T] {
        &self.items[self.range(row)]
    }

    fn push(&mut self, items: &[T]) {
        self.items.extend_from_slice(items);
        self.end();
    }

    /// Ends a row whose items were pushed one by one.
    pub(super) fn end(&mut self) {
        self.ends.push(self.items.len());
    }

    fn clear(&mut self) {
        self.items.clear();
        self.ends.clear();
    }

    pub(super) fn append(&mut self, rows: &Self) {
        let start = self.items.len();
        self.items.extend_from_slice(&rows.items);
        self.ends.extend(rows.ends.iter().map(|end| start + end));
    }
}

/// Two hashes of a token sequence. Different ones that nobody has made for it have the same pair with
/// a chance of 1 in 2^128: any two of ten million articles, with one of 10^-25. Tokens are hashes of
/// words, with fewer bits.
pub(super) type Fingerprint = [u64; 2];

/// The fingerprint of a token sequence. Work folders keep it: another one is another version of
/// their files.
fn fingerprint(tokens: &[u32]) -> Fingerprint {
    const FACTORS: [u64; 2] = [0x9fb2_1c65_1e98_df25, 0xc2b2_ae3d_27d4_eb4f];
    let next = |hash: Fingerprint, item: u64| {
        [
            (hash[0].rotate_left(29) ^ item).wrapping_mul(FACTORS[0]),
            (hash[1].rotate_left(41) ^ item).wrapping_mul(FACTORS[1]),
        ]
    };
    // Four that do not wait for each other.
    let mut lanes = [[1; 2], [2; 2], [3; 2], [4; 2]];
    let (blocks, rest) = tokens.as_chunks::<8>();
    for block in blocks {
        for (lane, pair) in lanes.iter_mut().zip(block.as_chunks::<2>().0) {
            *lane = next(*lane, u64::from(pair[0]) | u64::from(pair[1]) << 32);
        }
    }
    let mut both = [tokens.len() as u64; 2];
    for lane in lanes {
        both = [next(both, lane[0])[0], next(both, lane[1])[1]];
    }
    let both = rest.iter().fold(both, |both, &token| next(both, u64::from(token)));
    both.map(|hash| (hash ^ hash >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93) ^ hash >> 29)
}
