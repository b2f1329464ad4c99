//! The articles as they came in: their texts, their tokens, their samples, and which of them are
//! the same.

use std::borrow::Cow;
use std::io;
use std::ops::Range;

use crate::lsh::containment::Samples;
use crate::parallel;
use crate::text::{hash_article, hash_tokens};

use super::near::Near;
use super::samples::Sampler;
use super::settings::Settings;
use super::store::Store;

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
    fingerprints: Vec<u64>,
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
        let store = || Store::new(settings.scratch.clone());
        Self { tokens: store(), samples: store(), ..Self::new(settings) }
    }

    /// Bytes in scratch files, and why there are no more, if that is an error.
    pub(super) fn spilled(&self) -> (u64, Option<&io::Error>) {
        let (tokens, error) = self.tokens.spilled();
        let (samples, other) = self.samples.spilled();
        (tokens + samples, error.or(other))
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
        match self.tokens.in_memory(article) {
            Some(tokens) => Cow::Borrowed(tokens),
            None => near.row(&self.tokens, super::texts::narrow(article)),
        }
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

    /// Finds the articles with the same tokens.
    ///
    /// # Panics
    /// If there are 2³² - 1 articles or more.
    pub(super) fn distinct(&self) -> Distinct {
        let articles = u32::try_from(self.len())
            .ok()
            .filter(|&articles| articles < u32::MAX)
            .unwrap_or_else(|| panic!("{} articles are more than 2^32 - 2", self.len()));
        let mut order: Vec<(u64, u32)> = (0..articles)
            .filter(|&article| self.length(article as usize) > 0)
            .map(|article| (self.fingerprints[article as usize], article))
            .collect();
        parallel::sort(&mut order);
        // Two different texts with one fingerprint are as good as impossible, and told apart all
        // the same.
        for run in order.chunk_by_mut(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
            let tokens = |entry: &(u64, u32)| self.tokens(entry.1 as usize);
            if run.iter().any(|entry| tokens(entry) != tokens(&run[0])) {
                run.sort_by(|a, b| tokens(a).cmp(&tokens(b)).then(a.1.cmp(&b.1)));
            }
        }
        let mut distinct = Distinct {
            articles: Rows::default(),
            node_of: vec![Distinct::NONE; self.len()],
            fingerprints: Vec::new(),
        };
        for &(fingerprint, article) in &order {
            let same = distinct.fingerprints.last() == Some(&fingerprint) && {
                let previous = distinct.articles.items[distinct.articles.items.len() - 1];
                self.tokens(previous as usize) == self.tokens(article as usize)
            };
            if !same {
                if !distinct.articles.items.is_empty() {
                    distinct.articles.end();
                }
                distinct.fingerprints.push(fingerprint);
            }
            distinct.articles.items.push(article);
            #[expect(clippy::cast_possible_truncation, reason = "no more texts than articles")]
            let node = (distinct.fingerprints.len() - 1) as u32;
            distinct.node_of[article as usize] = node;
        }
        if !distinct.articles.items.is_empty() {
            distinct.articles.end();
        }
        distinct
    }
}

/// The distinct texts of a corpus: the nodes of all that follows. They come in the order of
/// their fingerprints, so that nothing later depends on the order of input.
#[derive(Debug)]
pub(super) struct Distinct {
    articles: Rows<u32>,
    node_of: Vec<u32>,
    fingerprints: Vec<u64>,
}

impl Distinct {
    const NONE: u32 = u32::MAX;

    /// The number of distinct texts.
    pub(super) fn len(&self) -> usize {
        self.fingerprints.len()
    }

    /// The articles that have a text, ascending.
    pub(super) fn articles(&self, node: u32) -> &[u32] {
        self.articles.row(node as usize)
    }

    /// The first article that has a text.
    pub(super) fn first(&self, node: u32) -> usize {
        self.articles(node)[0] as usize
    }

    /// The text of an article; none when it has no tokens.
    pub(super) fn node_of(&self, article: usize) -> Option<u32> {
        Some(self.node_of[article]).filter(|&node| node != Self::NONE)
    }

    pub(super) fn fingerprint(&self, node: u32) -> u64 {
        self.fingerprints[node as usize]
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

/// A hash of a token sequence, for finding equal ones. It is not stored anywhere.
fn fingerprint(tokens: &[u32]) -> u64 {
    const FACTOR: u64 = 0x9fb2_1c65_1e98_df25;
    let next = |hash: u64, item: u64| (hash.rotate_left(29) ^ item).wrapping_mul(FACTOR);
    // Four that do not wait for each other.
    let mut lanes = [1, 2, 3, 4];
    let (blocks, rest) = tokens.as_chunks::<8>();
    for block in blocks {
        for (lane, pair) in lanes.iter_mut().zip(block.as_chunks::<2>().0) {
            *lane = next(*lane, u64::from(pair[0]) | u64::from(pair[1]) << 32);
        }
    }
    let rest = rest.iter().map(|&token| u64::from(token));
    let hash = lanes.into_iter().chain(rest).fold(tokens.len() as u64, next);
    (hash ^ hash >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93) ^ hash >> 29
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Deduper;

    fn corpus(texts: &[&str]) -> Corpus {
        let settings = Deduper::new().settings;
        let mut corpus = Corpus::new(&settings);
        corpus.extend(&settings, texts);
        corpus
    }

    #[test]
    fn articles_with_the_same_words_are_one_text() {
        let texts = ["one two", "", "One, two!", "two one", "...", "one two"];
        let settings = Deduper::new().settings;
        let mut corpus = corpus(&texts[..4]);
        texts[4..].iter().for_each(|text| corpus.push(&settings, text));
        assert_eq!(corpus.text(2), "One, two!");
        assert_eq!(corpus.total_tokens(), 8);
        let distinct = corpus.distinct();
        assert_eq!(distinct.len(), 2);
        assert_eq!(distinct.node_of(1), None);
        assert_eq!(distinct.node_of(4), None);
        let node = distinct.node_of(0).unwrap();
        assert_eq!(distinct.articles(node), [0, 2, 5]);
        assert_eq!(distinct.articles(distinct.node_of(3).unwrap()), [3]);
    }

    #[test]
    fn colliding_fingerprints_are_told_apart() {
        let mut corpus = corpus(&["b", "a", "b", "a", "b"]);
        corpus.fingerprints.fill(7);
        let distinct = corpus.distinct();
        assert_eq!(distinct.len(), 2);
        assert_eq!(distinct.articles(distinct.node_of(0).unwrap()), [0, 2, 4]);
        assert_eq!(distinct.articles(distinct.node_of(1).unwrap()), [1, 3]);
    }

    #[test]
    fn an_empty_corpus_has_no_texts() {
        assert_eq!(corpus(&[]).distinct().len(), 0);
    }
}
