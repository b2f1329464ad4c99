//! The articles that are the same, word for word.

use std::collections::HashSet;

use crate::parallel;

use super::corpus::{Corpus, Rows};
use super::near::Near;
use super::texts::narrow;

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

    /// Finds the articles with the same tokens.
    ///
    /// # Panics
    /// If there are 2³² - 1 articles or more.
    pub(super) fn new(corpus: &Corpus) -> Self {
        Self::by(corpus, corpus.fingerprints())
    }

    fn by(corpus: &Corpus, fingerprints: &[u64]) -> Self {
        let articles = u32::try_from(corpus.len())
            .ok()
            .filter(|&articles| articles < u32::MAX)
            .unwrap_or_else(|| panic!("{} articles are more than 2^32 - 2", corpus.len()));
        let mut order: Vec<(u64, u32)> = (0..articles)
            .filter(|&article| corpus.length(article as usize) > 0)
            .map(|article| (fingerprints[article as usize], article))
            .collect();
        parallel::sort(&mut order);
        // Two different texts with one fingerprint are as good as impossible, and told apart all
        // the same.
        let mixed = mixed(corpus, &order);
        let mut articles = Rows::default();
        let mut node_of = vec![Self::NONE; corpus.len()];
        let mut fingerprints = Vec::new();
        for same in order.chunk_by_mut(|a, b| a.0 == b.0) {
            let fingerprint = same[0].0;
            let tokens = |entry: &(u64, u32)| corpus.tokens(entry.1 as usize);
            let is_mixed = mixed.contains(&fingerprint);
            if is_mixed {
                same.sort_by(|a, b| tokens(a).cmp(&tokens(b)).then(a.1.cmp(&b.1)));
            }
            for node in same.chunk_by(|a, b| !is_mixed || tokens(a) == tokens(b)) {
                for &(_, article) in node {
                    node_of[article as usize] = narrow(fingerprints.len());
                    articles.items.push(article);
                }
                articles.end();
                fingerprints.push(fingerprint);
            }
        }
        Self { articles, node_of, fingerprints }
    }

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

/// Articles of one fingerprint that are compared at once.
const PART: usize = 64;

/// The fingerprints that different texts have; given with their articles, in order.
fn mixed<'o>(corpus: &Corpus, order: &'o [(u64, u32)]) -> HashSet<u64> {
    // In parts of which each begins with the last one of the part before: millions may be the same.
    let parts = |same: &'o [(u64, u32)]| {
        let starts = (0..same.len() - 1).step_by(PART);
        starts.map(move |start| &same[start..same.len().min(start + PART + 1)])
    };
    let same: Vec<&[(u64, u32)]> = order.chunk_by(|a, b| a.0 == b.0).flat_map(parts).collect();
    let pieces: Vec<&[&[(u64, u32)]]> = same.chunks(64).collect();
    let found = parallel::map_with(&pieces, Near::default, |near, piece| {
        corpus.load(near, piece.iter().flat_map(|same| same.iter().map(|&(_, article)| article)));
        let tokens = |entry: &(u64, u32)| corpus.tokens_near(near, entry.1 as usize);
        let is_mixed = |same: &&&[(u64, u32)]| {
            let first = tokens(&same[0]);
            same[1..].iter().any(|entry| tokens(entry) != first)
        };
        piece.iter().filter(is_mixed).map(|same| same[0].0).collect::<Vec<u64>>()
    });
    found.into_iter().flatten().collect()
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
        let distinct = Distinct::new(&corpus);
        assert_eq!(distinct.len(), 2);
        assert_eq!(distinct.node_of(1), None);
        assert_eq!(distinct.node_of(4), None);
        let node = distinct.node_of(0).unwrap();
        assert_eq!(distinct.articles(node), [0, 2, 5]);
        assert_eq!(distinct.articles(distinct.node_of(3).unwrap()), [3]);
    }

    #[test]
    fn colliding_fingerprints_are_told_apart() {
        // The last one is found behind many that are the same.
        for part in [1, PART, 3 * PART] {
            let mut texts = vec!["b"; part];
            texts.push("a");
            let corpus = corpus(&texts);
            assert_eq!(Distinct::by(&corpus, &vec![7; texts.len()]).len(), 2);
        }
        let corpus = corpus(&["b", "a", "b", "a", "b"]);
        let distinct = Distinct::by(&corpus, &[7; 5]);
        assert_eq!(distinct.len(), 2);
        assert_eq!(distinct.articles(distinct.node_of(0).unwrap()), [0, 2, 4]);
        assert_eq!(distinct.articles(distinct.node_of(1).unwrap()), [1, 3]);
    }

    #[test]
    fn an_empty_corpus_has_no_texts() {
        assert_eq!(Distinct::new(&corpus(&[])).len(), 0);
    }
}
