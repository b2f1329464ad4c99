//! Articles that are tokenised elsewhere, to be appended in their turn.

use std::ops::Range;
use std::sync::Arc;

use super::Deduper;
use super::corpus::Corpus;
use super::settings::Settings;

/// Tokenised articles on their way into a [`Deduper`]: each thread fills one of its own, and one
/// of them appends them all in the order that is wanted. Made by [`Deduper::batch`], and to be
/// reused: appending leaves it empty, with its memory.
///
/// ```
/// let mut dedup = reprint::Deduper::new();
/// let mut batch = dedup.batch();
/// batch.push("The old bridge over the Lenne will close on Monday.");
/// batch.push("A choir from the valley has won the national prize.");
/// assert_eq!(dedup.append(&mut batch), 0..2);
/// assert!(batch.is_empty());
/// ```
#[derive(Debug)]
pub struct Batch {
    settings: Arc<Settings>,
    corpus: Corpus,
}

impl Batch {
    /// Adds an article. Linear in the text, which is copied only if the deduper
    /// [keeps texts](super::Builder::keep_texts).
    pub fn push(&mut self, text: &str) {
        self.corpus.push(&self.settings, text);
    }

    /// Removes all articles, and keeps the memory for others.
    pub fn clear(&mut self) {
        self.corpus.clear();
    }

    /// The number of articles.
    pub fn len(&self) -> usize {
        self.corpus.len()
    }

    /// Whether there are no articles.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Deduper {
    /// An empty batch, for articles that are tokenised on another thread and
    /// [appended](Self::append) later.
    pub fn batch(&self) -> Batch {
        Batch { settings: Arc::clone(&self.settings), corpus: Corpus::new(&self.settings) }
    }

    /// Adds the articles of a batch, and returns their numbers. The result is the same as from
    /// [inserting](Self::insert) them one by one. Costs a copy of their tokens.
    ///
    /// # Panics
    /// If the batch comes from another deduper.
    pub fn append(&mut self, batch: &mut Batch) -> Range<usize> {
        let same = Arc::ptr_eq(&self.settings, &batch.settings);
        assert!(same, "the batch comes from another deduper");
        let start = self.corpus.len();
        self.corpus.append(&batch.corpus);
        batch.clear();
        start..self.corpus.len()
    }
}
