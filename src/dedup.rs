//! The front door: articles in, clusters out. The only module that knows all stages.

mod bands;
mod batch;
mod clusters;
mod corpus;
mod distinct;
mod family;
mod keep;
mod moulds;
mod near;
mod order;
mod pairs;
mod query;
mod repeated;
mod run;
mod samples;
mod settings;
mod signatures;
mod store;
mod texts;
mod verify;
mod work;

pub use batch::Batch;
pub use clusters::{Cluster, Clusters, Member, Pair, Summary};
pub use query::Match;
pub use repeated::{FurniturePiece, Mould};
pub use run::{Observer, Stage};
pub use settings::{Builder, Method, Preset};
pub use work::{Checkpoint, Redo, Work};

use std::ops::Range;
use std::sync::{Arc, RwLock};

use corpus::Corpus;
use query::Index;
use settings::Settings;

/// Finds the articles of a corpus that are the same piece of writing.
///
/// Articles are [inserted](Self::insert), and numbered from 0 in the order of insertion. Then
/// [`clusters`](Self::clusters) groups them all, or [`matches`](Self::matches) asks which of them
/// a further text resembles. Both look at candidates from an index and verify each on the texts,
/// as hashes of their words: no unverified pair ever comes out. Equal texts are told by 128 bits of
/// hash.
///
/// # Fallibility
/// Settings are checked once, by [`Builder::build`]. Nothing fails after that: any text can be
/// inserted. One without letters or digits matches nothing. What cannot be written into
/// [scratch files](Builder::scratch) stays in memory, and what cannot be kept in a
/// [work folder](Builder::work) is not kept.
///
/// # Resource usage
/// Texts are kept, for the reports, unless [the builder is told not to](Builder::keep_texts), and
/// beside them 4 bytes for each token and 8 for each sampled shingle, which is one in eight: about
/// 4.5 kB in all for an article of 400 words. While clusters are computed, about 1 kB more for each
/// distinct article. The result is the same for any number of threads and any order of insertion,
/// but for the numbers that the articles get.
///
/// ```
/// let mut dedup = reprint::Deduper::new();
/// dedup.insert("The old bridge over the Lenne will close for repairs on Monday, the council said.");
/// dedup.insert("BREAKING: The old bridge over the Lenne will close for repairs on Monday, council says.");
/// dedup.insert("A choir from the valley has won the national prize for its new song cycle.");
/// let clusters = dedup.clusters();
/// assert_eq!(clusters.len(), 1);
/// assert_eq!(clusters[0].articles(), [0, 1]);
/// ```
#[derive(Debug)]
pub struct Deduper {
    settings: Arc<Settings>,
    corpus: Corpus,
    /// For queries: brought up to date when one comes.
    index: RwLock<Index>,
    work: Option<Work>,
}

impl Default for Deduper {
    fn default() -> Self {
        Self::new()
    }
}

impl Deduper {
    /// A deduper with all defaults.
    pub fn new() -> Self {
        Self::builder().build().unwrap_or_else(|error| unreachable!("defaults are valid: {error}"))
    }

    /// All settings at their defaults, to change some.
    pub fn builder() -> Builder {
        Builder::default()
    }

    fn with_settings(settings: Settings, corpus: Corpus, work: Option<Work>) -> Self {
        let index = RwLock::new(Index::new(&settings));
        Self { settings: Arc::new(settings), corpus, index, work }
    }

    /// Adds an article, of which the text is copied, and returns its number. Linear in the text.
    /// See [`batch`](Self::batch) for articles that come from several threads.
    ///
    /// # Panics
    /// [`clusters`](Self::clusters) and [`matches`](Self::matches) panic when there are
    /// 2³² - 1 articles or more.
    pub fn insert(&mut self, text: &str) -> usize {
        self.corpus.push(&self.settings, text);
        self.corpus.len() - 1
    }

    /// Adds many articles at once, on all cores with feature `parallel`, and returns their
    /// numbers. The result is the same as from inserting them one by one.
    pub fn extend<T: AsRef<str> + Sync>(&mut self, texts: &[T]) -> Range<usize> {
        let start = self.corpus.len();
        self.corpus.extend(&self.settings, texts);
        start..self.corpus.len()
    }

    /// The number of articles.
    pub fn len(&self) -> usize {
        self.corpus.len()
    }

    /// Whether there are no articles.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text of an article, as it was inserted; empty if texts are
    /// [not kept](Builder::keep_texts).
    ///
    /// # Panics
    /// If there is no article of this number.
    pub fn text(&self, article: usize) -> &str {
        self.corpus.text(article)
    }

    /// How many bytes have gone into scratch files, if the builder was given
    /// [a folder for them](Builder::scratch), or into a [work folder](Builder::work) in their
    /// place, since this deduper was made: for the articles, also those that are gone, and for each
    /// call of [`clusters`](Self::clusters).
    ///
    /// # Errors
    /// When a file could not be made or written, such as on a full disk. Nothing is lost then:
    /// what comes later stays in memory.
    pub fn spilled(&self) -> Result<u64, &std::io::Error> {
        self.settings.scratch.as_ref().map_or(Ok(0), |scratch| scratch.written())
    }

    /// The [work folder](Builder::work), if the builder was given one.
    pub fn work(&self) -> Option<&Work> {
        self.work.as_ref()
    }

    /// Says that all articles are in, so that they are kept in the [work folder](Builder::work),
    /// if there is one, together with the caller's notes about them. What
    /// [`clusters`](Self::clusters) finds from now on is kept too, until more articles come; they
    /// need another checkpoint.
    ///
    /// Waits until everything is on the disk. What cannot be written is an error of
    /// [`Work::error`], and the result is the same.
    pub fn checkpoint(&mut self, notes: &[u8]) {
        if let Some(work) = &mut self.work {
            work.keep_articles(&mut self.corpus, notes);
        }
    }

    /// The notes that were given to [`checkpoint`](Self::checkpoint) with the articles that were
    /// found in the [work folder](Builder::work): this deduper has them all. `None` if nothing was
    /// found and the articles are to be inserted, and when asked again.
    pub fn resume(&mut self) -> Option<Vec<u8>> {
        self.work.as_mut()?.take_notes()
    }

    /// Removes all articles, in the [work folder](Builder::work) too.
    pub fn clear(&mut self) {
        self.corpus = match &mut self.work {
            Some(work) => work.restart(&self.settings),
            None => Corpus::with_scratch(&self.settings),
        };
        self.index = RwLock::new(Index::new(&self.settings));
    }

    /// Groups all articles: finds candidates, verifies them, clusters the verified pairs. Computed
    /// anew at each call, but for what a [work folder](Builder::work) has.
    pub fn clusters(&self) -> Clusters<'_> {
        self.clusters_observed(&run::Nobody)
    }

    /// As [`clusters`](Self::clusters), with somebody told about its progress.
    pub fn clusters_observed(&self, observer: &dyn Observer) -> Clusters<'_> {
        let work = self.work.as_ref().filter(|work| work.has(&self.corpus));
        let run = run::Run::new(&self.settings, &self.corpus, work, observer);
        Clusters::new(self, run, observer)
    }

    /// Which articles a text is related to, without inserting it; the closest first. The first
    /// call after an insertion brings the index up to date; any number of threads may ask.
    ///
    /// Nothing is learned for this: [furniture](Builder::furniture) that is known is left aside.
    pub fn matches(&self, text: &str) -> Vec<Match> {
        query::matches(&self.settings, &self.corpus, &self.index, text)
    }
}
