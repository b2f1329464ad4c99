//! What a user may choose, checked once.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use crate::Error;
use crate::align::{Aligner, Measure, Rules};
use crate::cluster::Grouping;
use crate::error::check;
use crate::furniture::Furniture;
use crate::lsh::DEFAULT_BUCKET_LIMIT;
use crate::lsh::banding::Banding;
use crate::lsh::containment::Containment;
use crate::lsh::hamming::HammingBlocks;
use crate::sketch::{MinHash, SimHash};
use crate::text::Shingler;

use super::Deduper;
use super::corpus::Corpus;
use super::store::Scratch;
use super::texts::unite;
use super::work::Work;

/// Tokens in the shingles that the containment index samples. Shorter than the 5 of the measures,
/// because more of them survive dense edits (noise on 5 % of the characters leaves 37 % of the
/// shingles of 4 words whole, and 29 % of 5), and still rare.
const SAMPLED_SHINGLE: usize = 4;

/// The share of the shorter article at which it is an excerpt.
const EXCERPT: f64 = 0.65;

/// The signature whose index proposes candidates: see [`Builder::method`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// MinHash with this many slots (1 to 4096), in bands chosen for a recall of 0.99 at the
    /// threshold.
    MinHash {
        /// Slots of a signature, of 4 bytes each.
        slots: usize,
    },
    /// SimHash over single words, whose repeats count for
    /// [less and less](crate::text::Damping). Every pair within the distance is a candidate, at 8
    /// or 16 bytes an article. MinHash misses less at any threshold;
    /// [`SimHash`](crate::sketch::SimHash) has the figures.
    SimHash {
        /// Bits of a signature: 64 or 128.
        bits: usize,
        /// The most bits in which candidates differ: at most 15 of 64, 31 of 128.
        distance: u32,
    },
}

impl Method {
    /// MinHash of 128 slots.
    pub const MIN_HASH: Self = Self::MinHash { slots: 128 };
    /// SimHash of 128 bits, of which 18 may differ: for pairs at a Jaccard index of 0.7 or more, of
    /// which it finds about 95 %.
    pub const SIM_HASH: Self = Self::SimHash { bits: 128, distance: 18 };
}

/// Settings for a [`Deduper`], each with its default. [`build`](Self::build) checks them all;
/// after that nothing can fail.
#[derive(Clone, Debug)]
pub struct Builder {
    measure: Measure,
    threshold: f64,
    excerpt: Excerpt,
    overlap: Option<usize>,
    shingle: usize,
    method: Option<Method>,
    grouping: Grouping,
    limit: Option<usize>,
    furniture: Furnishing,
    news_aside: bool,
    keep_texts: bool,
    /// The folder, and bytes of memory.
    scratch: Option<(PathBuf, usize)>,
    work: Option<(PathBuf, Vec<(String, String)>)>,
    aligned: usize,
    sampled: usize,
    share: f64,
}

/// Settings that go together, for corpora of a certain kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Preset {
    /// Texts with recognition errors: each character is wrong with a probability of up to 8 %, so
    /// that half of the words are. Coverage of 0.45 on both sides or 0.5 of the shorter article,
    /// aligned by 2-token shingles, candidates from 3-token shingles. Follow-ups that quote half of
    /// an older story are grouped with it, too.
    Noisy,
    /// Revisions of living documents, which are rewritten until little is left of the first one.
    /// Containment of 2-token shingles from 0.2 on both sides or 0.3 of the shorter one, and
    /// groups that merge when a third of their pairs are related. About ten times the candidates.
    Revisions,
}

/// What is left aside as furniture.
#[derive(Clone, Debug)]
pub(super) enum Furnishing {
    Off,
    Learn,
    Known(Furniture),
}

/// When a part of an article is an excerpt.
#[derive(Clone, Copy, Debug)]
enum Excerpt {
    /// As it suits the measure and the threshold.
    Default,
    Off,
    At(f64),
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            measure: Measure::Coverage,
            threshold: 0.6,
            excerpt: Excerpt::Default,
            overlap: None,
            shingle: 5,
            method: None,
            grouping: Grouping::Representative,
            limit: None,
            furniture: Furnishing::Learn,
            news_aside: true,
            keep_texts: true,
            scratch: None,
            work: None,
            aligned: Aligner::default().shingle(),
            sampled: SAMPLED_SHINGLE,
            share: 0.05,
        }
    }
}

impl Builder {
    /// Settings for corpora of a certain kind. What is set afterwards changes them.
    #[must_use]
    pub fn preset(self, preset: Preset) -> Self {
        match preset {
            Preset::Noisy => Self {
                measure: Measure::Coverage,
                threshold: 0.45,
                excerpt: Excerpt::At(0.5),
                aligned: 2,
                sampled: 3,
                share: 0.05,
                ..self
            },
            Preset::Revisions => Self {
                measure: Measure::Containment,
                threshold: 0.2,
                excerpt: Excerpt::At(0.3),
                shingle: 2,
                grouping: Grouping::Merged,
                ..self
            },
        }
    }

    /// What the thresholds are about. Default: [`Measure::Coverage`]. Take another one to get
    /// the classic semantics.
    #[must_use]
    pub fn measure(mut self, measure: Measure) -> Self {
        self.measure = measure;
        self
    }

    /// The share at which two articles are reprints of each other, above 0 and at most 1. Default
    /// 0.6. Both articles must reach it, so lower it for articles that are mostly page furniture,
    /// and raise it to 0.8 or more to have only copies with small edits.
    #[must_use]
    pub fn threshold(mut self, threshold: f64) -> Self {
        self.threshold = threshold;
        self
    }

    /// The share of the shorter article at which it is an excerpt of the longer one, above 0 and
    /// at most 1; `None` for no excerpts. By default 0.65, or the threshold where that is higher,
    /// and none when the measure is Jaccard.
    #[must_use]
    pub fn excerpt(mut self, excerpt: impl Into<Option<f64>>) -> Self {
        self.excerpt = excerpt.into().map_or(Excerpt::Off, Excerpt::At);
        self
    }

    /// Reports pairs that share a passage of this many tokens, word for word, as
    /// [`Relation::Overlap`](crate::Relation::Overlap). They join no cluster. At least 12;
    /// default: they are not looked for. The recall is less than that of the other relations:
    /// about 0.99 for 60 tokens.
    #[must_use]
    pub fn overlap(mut self, tokens: impl Into<Option<usize>>) -> Self {
        self.overlap = tokens.into();
        self
    }

    /// Tokens in a shingle, from 1 to 64. Default 5, which is rare enough to tell articles apart
    /// and short enough to survive edits. It serves candidates, Jaccard and containment; the
    /// alignment has its own, of 3 tokens.
    #[must_use]
    pub fn shingle(mut self, tokens: usize) -> Self {
        self.shingle = tokens;
        self
    }

    /// The signature whose index proposes candidates. Default: 128-slot MinHash for
    /// [`Measure::Jaccard`], where it is the only one unless excerpts or overlaps are asked for.
    /// Else the [containment index](crate::lsh::containment) proposes candidates, and needs no
    /// signature beside it; with one, both do.
    #[must_use]
    pub fn method(mut self, method: Method) -> Self {
        self.method = Some(method);
        self
    }

    /// How verified pairs become clusters. Default: around representatives.
    #[must_use]
    pub fn grouping(mut self, grouping: Grouping) -> Self {
        self.grouping = grouping;
        self
    }

    /// How many articles may share a shingle or a bucket before not all of their pairs are
    /// looked at, at least 2. Default 128 for shingles, 1000 for buckets. What is limited is
    /// counted in the [`Summary`](crate::Summary).
    #[must_use]
    pub fn limit(mut self, articles: usize) -> Self {
        self.limit = Some(articles);
        self
    }

    /// Whether to learn from the corpus what it repeats around its articles, and to leave that
    /// aside in the coverage. Default: yes. Text that fewer than 12 articles share is never
    /// furniture, so that small corpora are taken as they are; and Jaccard and containment are
    /// computed on whole texts in any case. Costs a tenth to a third of the time.
    #[must_use]
    pub fn learn_furniture(mut self, learn: bool) -> Self {
        self.furniture = if learn { Furnishing::Learn } else { Furnishing::Off };
        self
    }

    /// Whether to leave datelines, bylines, agency credits, copyright and "read more" lines aside
    /// in the coverage: see [`news_lines`](crate::text::news_lines). Default: yes. They differ
    /// between reprints of one story. Jaccard and containment are computed on whole texts in any
    /// case.
    #[must_use]
    pub fn news_lines_aside(mut self, aside: bool) -> Self {
        self.news_aside = aside;
        self
    }

    /// Leaves aside what was learned from another corpus, and learns nothing anew. It applies to
    /// [`Deduper::matches`] too. It must have been learned with the same shingle size and preset.
    #[must_use]
    pub fn furniture(mut self, furniture: Furniture) -> Self {
        self.furniture = Furnishing::Known(furniture);
        self
    }

    /// Whether the deduper keeps a copy of each text. Default: yes. Without, its memory is less by
    /// more than half, and [`Deduper::text`] is empty: whatever shows texts must be given them, by
    /// [`Cluster::report_of`](super::Cluster::report_of) and
    /// [`Clusters::furniture_pieces_of`](super::Clusters::furniture_pieces_of). What is found is
    /// the same.
    #[must_use]
    pub fn keep_texts(mut self, keep: bool) -> Self {
        self.keep_texts = keep;
        self
    }

    /// Puts the tokens of all articles into a scratch file in this folder when they take more than
    /// so many bytes of memory, and their samples and MinHash signatures likewise, for corpora
    /// larger than memory; default: no such files. The result is the same. Texts are larger still,
    /// and better [not kept](Self::keep_texts) then. What remains in memory is about 120 bytes an
    /// article, 4 for each shingle that its sample shares with others, and up to 0.5 GB a thread to
    /// find these; to find MinHash candidates, 52 bytes an article; of a SimHash, 21.
    ///
    /// The files need about 1.6 kB for an article of 400 words. On Unix they have no names, so that
    /// they are gone however the process ends. A file that cannot be written is an error of
    /// [`Deduper::spilled`]; one that cannot be read again makes what needs it panic.
    #[must_use]
    pub fn scratch(mut self, folder: impl Into<PathBuf>, memory: usize) -> Self {
        self.scratch = Some((folder.into(), memory));
        self
    }

    /// Keeps the result of each stage in a folder, so that the same program, after a kill at any
    /// point, goes on from the last stage that was done, with the same result; default: no such
    /// folder. It is made if it is missing, and no other process can use it at the same time.
    ///
    /// ```no_run
    /// # let articles = ["one", "two"];
    /// let inputs = [("news.jsonl", "1,234 bytes, of 2026-11-23 10:42:07.5")];
    /// let builder = reprint::Deduper::builder().keep_texts(false);
    /// let mut dedup = builder.work("news.work", inputs).build()?;
    /// if dedup.resume().is_none() {
    ///     articles.iter().for_each(|text| drop(dedup.insert(text)));
    ///     dedup.checkpoint(b"whatever else was learned from the inputs");
    /// }
    /// let clusters = dedup.clusters();
    /// # Ok::<(), reprint::Error>(())
    /// ```
    ///
    /// `inputs` says what the articles come from, as names and values. Each stage is kept with the
    /// settings that it depends on: when some of these differ, or an input does, or a file is
    /// damaged, that stage and those behind it are done again, and [`Work::redo`] says why. Another
    /// threshold, say, leaves the articles, the furniture and mostly the candidates as they are.
    /// Another version of this crate begins anew.
    ///
    /// Texts cannot be [kept](Self::keep_texts) beside it. The folder takes about 1.6 kB for
    /// an article of 400 words. Its files are called `reprint-…`, and stay: it is for the caller to
    /// remove them. Tokens and samples that [do not fit in memory](Self::scratch) are in these
    /// files instead of scratch files. A result that cannot be written is an error of
    /// [`Work::error`], and nothing else is wrong with it.
    #[must_use]
    pub fn work<N: Into<String>, V: Into<String>>(
        mut self,
        folder: impl Into<PathBuf>,
        inputs: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let inputs = inputs.into_iter().map(|(name, value)| (name.into(), value.into()));
        self.work = Some((folder.into(), inputs.collect()));
        self
    }

    /// Checks the settings, and reads what is in the [work folder](Self::work), if there is one.
    ///
    /// # Errors
    /// When a setting is out of its range, furniture was learned with other shingles, the work
    /// folder cannot be used, or the threshold is so low that no banding of the signature reaches a
    /// recall of 0.99. The error names the setting, its rule and its value.
    pub fn build(self) -> Result<Deduper, Error> {
        let share = "above 0 and at most 1";
        let is_share = |value: f64| value > 0.0 && value <= 1.0;
        check(is_share(self.threshold), "threshold", share, self.threshold)?;
        let excerpt = match (self.excerpt, self.measure) {
            (Excerpt::At(value), _) => {
                check(is_share(value), "excerpt", share, value)?;
                Some(value)
            }
            (Excerpt::Off, _) | (Excerpt::Default, Measure::Jaccard) => None,
            (Excerpt::Default, _) => Some(self.threshold.max(EXCERPT)),
        };
        if let Some(tokens) = self.overlap {
            check(tokens >= 12, "overlap", "at least 12 tokens", tokens)?;
        }
        // How much of the smaller article's sample a candidate must share. Coverage stands edits
        // that leave few shingles whole, and an overlap may be short.
        let share = if self.overlap.is_some() { 0.0 } else { self.share };
        let limit = self.limit.unwrap_or(Containment::default().limit());
        let sampled = Shingler::new(self.shingle.min(self.sampled))?;
        if let Furnishing::Known(furniture) = &self.furniture
            && furniture.width().is_some_and(|width| width != sampled.size())
        {
            let width = furniture.width().unwrap_or_default();
            return Err(Error::mismatch("shingle size", sampled.size(), width));
        }
        let rules = Rules {
            measure: self.measure,
            threshold: self.threshold,
            excerpt,
            overlap: self.overlap,
        };
        let method = match (self.method, self.measure) {
            (None, Measure::Jaccard) => Some(Method::MIN_HASH),
            (method, _) => method,
        };
        // Coverage and containment have no fixed Jaccard index to go with; this one is what two
        // articles of one length have when each contains the threshold of the other.
        let jaccard = match self.measure {
            Measure::Jaccard => self.threshold,
            _ => self.threshold / (2.0 - self.threshold),
        };
        let signature = match method {
            None => None,
            Some(Method::MinHash { slots }) => Some(Signature::MinHash {
                sketch: MinHash::new(slots, 0)?,
                banding: Banding::for_threshold(slots, jaccard, Banding::DEFAULT_RECALL)?,
            }),
            Some(Method::SimHash { bits, distance }) => Some(Signature::SimHash {
                sketch: SimHash::new(bits, 0)?,
                blocks: HammingBlocks::new(bits, distance)?,
            }),
        };
        let rule = "false with a work folder, which has no texts";
        check(self.work.is_none() || !self.keep_texts, "keep_texts", rule, self.keep_texts)?;
        let settings = Settings {
            rules,
            shingler: Shingler::new(self.shingle)?,
            words: Shingler::new(1)?,
            aligner: Aligner::new(self.aligned, Aligner::default().gap())?,
            containment: match signature {
                // What else could be found is below the threshold.
                Some(_) if rules.is_jaccard_alone() => None,
                _ => Some(Containment::new(share, limit)?),
            },
            sampled,
            signature,
            bucket_limit: self.limit.unwrap_or(DEFAULT_BUCKET_LIMIT),
            grouping: self.grouping,
            keep_texts: self.keep_texts,
            scratch: self.scratch.map(|(folder, memory)| Arc::new(Scratch::new(folder, memory))),
            news_aside: self.news_aside && self.measure == Measure::Coverage,
            furniture: match self.measure {
                Measure::Coverage => self.furniture,
                _ => Furnishing::Off,
            },
        };
        let (work, corpus) = match self.work {
            None => (None, Corpus::with_scratch(&settings)),
            Some((folder, inputs)) => {
                let (work, corpus) = Work::open(&folder, inputs, &settings)?;
                (Some(work), corpus)
            }
        };
        Ok(Deduper::with_settings(settings, corpus, work))
    }
}

/// What a user chose, ready for use.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) rules: Rules,
    pub(super) shingler: Shingler,
    /// Single words, of which SimHash is taken.
    pub(super) words: Shingler,
    pub(super) aligner: Aligner,
    /// Not needed where a signature finds all that is asked for.
    pub(super) containment: Option<Containment>,
    /// The shingles that the containment index samples.
    pub(super) sampled: Shingler,
    pub(super) signature: Option<Signature>,
    pub(super) bucket_limit: usize,
    pub(super) grouping: Grouping,
    pub(super) furniture: Furnishing,
    /// Whether news lines are left aside.
    pub(super) news_aside: bool,
    pub(super) keep_texts: bool,
    pub(super) scratch: Option<Arc<Scratch>>,
}

impl Settings {
    /// What is left aside in an article before anything is learned: its news lines, which are
    /// given, and the furniture that is known.
    pub(super) fn known_aside(&self, tokens: &[u32], news: &[Range<u32>]) -> Vec<Range<u32>> {
        let mut aside = Vec::new();
        if let Furnishing::Known(furniture) = &self.furniture {
            let mut shingles = Vec::new();
            self.sampled.append(tokens, &mut shingles);
            furniture.mark(&shingles, &mut aside);
        }
        if self.news_aside {
            aside.extend_from_slice(news);
        }
        unite(&mut aside, 0);
        aside
    }
}

/// A signature and the index that goes with it.
#[derive(Clone, Debug)]
pub(super) enum Signature {
    MinHash { sketch: MinHash, banding: Banding },
    SimHash { sketch: SimHash, blocks: HammingBlocks },
}
