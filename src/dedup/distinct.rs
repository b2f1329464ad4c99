//! The articles that are the same, word for word: those with the same fingerprint.

use crate::parallel;

use super::corpus::{Corpus, Fingerprint, Rows};
use super::texts::narrow;

/// The distinct texts of a corpus: the nodes of all that follows. They come in the order of
/// their fingerprints, so that nothing later depends on the order of input.
#[derive(Debug)]
pub(super) struct Distinct {
    articles: Rows<u32>,
    /// The first of each row, at hand: it is asked for all the time.
    firsts: Vec<u32>,
    node_of: Vec<u32>,
    fingerprints: Vec<u64>,
}

impl Distinct {
    const NONE: u32 = u32::MAX;

    /// Finds the articles with the same tokens, by their fingerprints.
    ///
    /// # Panics
    /// If there are 2³² - 1 articles or more.
    pub(super) fn new(corpus: &Corpus) -> Self {
        Self::by(corpus.fingerprints(), |article| corpus.length(article) > 0)
    }

    fn by(fingerprints: &[Fingerprint], has_tokens: impl Fn(usize) -> bool) -> Self {
        let articles = u32::try_from(fingerprints.len())
            .ok()
            .filter(|&articles| articles < u32::MAX)
            .unwrap_or_else(|| panic!("{} articles are more than 2^32 - 2", fingerprints.len()));
        let mut order: Vec<(Fingerprint, u32)> = (0..articles)
            .filter(|&article| has_tokens(article as usize))
            .map(|article| (fingerprints[article as usize], article))
            .collect();
        parallel::sort(&mut order);
        let mut articles = Rows::default();
        let mut node_of = vec![Self::NONE; fingerprints.len()];
        let (mut firsts, mut fingerprints) = (Vec::new(), Vec::new());
        for node in order.chunk_by(|a, b| a.0 == b.0) {
            for &(_, article) in node {
                node_of[article as usize] = narrow(fingerprints.len());
                articles.items.push(article);
            }
            articles.end();
            let ([fingerprint, _], first) = node[0];
            firsts.push(first);
            fingerprints.push(fingerprint);
        }
        Self { articles, firsts, node_of, fingerprints }
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
        self.firsts[node as usize] as usize
    }

    /// The text of an article; none when it has no tokens.
    pub(super) fn node_of(&self, article: usize) -> Option<u32> {
        Some(self.node_of[article]).filter(|&node| node != Self::NONE)
    }

    /// A half of the fingerprint of a text.
    pub(super) fn fingerprint(&self, node: u32) -> u64 {
        self.fingerprints[node as usize]
    }
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
    fn half_a_fingerprint_is_not_enough() {
        let fingerprints = [[7, 1], [7, 2], [7, 1], [8, 2], [7, 1]];
        let distinct = Distinct::by(&fingerprints, |article| article < 4);
        let articles: Vec<_> = (0..3).map(|node| distinct.articles(node)).collect();
        assert_eq!(articles, [&[0, 2][..], &[1], &[3]]);
        assert_eq!((distinct.len(), distinct.node_of(4)), (3, None));
    }

    #[test]
    fn an_empty_corpus_has_no_texts() {
        assert_eq!(Distinct::new(&corpus(&[])).len(), 0);
    }
}
