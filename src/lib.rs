//! Finds the articles in a corpus that are the same piece of writing (reprinted, re-headlined,
//! trimmed, updated, lightly edited) and shows exactly what differs between them.
//!
//! ```
//! let mut dedup = reprint::Deduper::builder().threshold(0.6).build()?;
//! for text in [
//!     "Harbour to close. The old quay will shut for repairs in May, the board said on Monday.",
//!     "A choir from the valley has won the national prize with a song about the flood.",
//!     "Quay shuts. The old quay will shut for repairs in June, the board said on Monday.",
//! ] {
//!     dedup.insert(text);
//! }
//! for cluster in dedup.clusters() {
//!     for member in cluster.members() {
//!         println!("{} is a {}", member.article(), member.relation());
//!         assert!(member.evidence().coverage_a() > 0.6);
//!     }
//! #   #[cfg(feature = "diff")]
//!     println!("{}", cluster.report()); // what changed, passage by passage
//! }
//! # Ok::<(), reprint::Error>(())
//! ```
//!
//! # What counts as the same
//!
//! The measure is **coverage**: the share of an article's own words that stand in the other one,
//! in order and nearly unbroken, page furniture left aside. It falls by one in ten when one word
//! in ten is edited, where the Jaccard index of 5-word shingles falls by half; it doesn't mind
//! paragraphs that moved; and it has two sides, so that a cut is told from a reprint. A pair is a
//!
//! | relation | when |
//! | --- | --- |
//! | [identical](Relation::Identical) | both have the same sequence of words |
//! | [reprint](Relation::Reprint) | both are covered to at least the [threshold](Builder::threshold), 0.6 |
//! | [excerpt](Relation::Excerpt), [extended](Relation::Extended) | the shorter one is covered to at least the [excerpt threshold](Builder::excerpt), 0.65 |
//! | [overlap](Relation::Overlap) | on request: they share a long passage |
//!
//! The classic [Jaccard index and containment](Measure) are there as well, as exact values and as
//! measures to choose. Candidates come from indexes of a stated recall, and each is verified on
//! the texts: no unverified pair ever comes out. Results are the same, to the bit, for any number
//! of threads, any order of input, and any run.
//!
//! # Where to look
//!
//! * [`Deduper`] is the front door: articles in, [clusters](Deduper::clusters),
//!   [matches](Deduper::matches), and [what to keep](Clusters::keep) out. [`Builder`] has its
//!   settings, each with its default and when to change it.
//! * [`diff`] compares two texts, or a cluster, word by word, with moved passages recognised.
//! * [`family`] tells which version of a piece most likely came from which.
//! * The stages can be used alone, in the order in which articles go through them: [`text`]
//!   (tokens, shingles), [`sketch`] (MinHash, SimHash), [`lsh`] (candidates), [`align`] (exact
//!   comparison), [`cluster`].
//!
//! # Features
//!
//! | feature | default | what it adds |
//! | --- | --- | --- |
//! | `parallel` | yes | all cores for bulk work (rayon) |
//! | `diff` | yes | [`diff`], and [`Cluster::report`] (similar) |
//! | `serde` | no | `Serialize` for results, and `Deserialize` for signatures |
//!
//! Features only add: none of them changes what a setting computes.
//!
//! # Where not to use it
//!
//! For meaning: a translation or a rewording of the same news is another piece of writing here.
//! For images of text, code, or records of a few words, whose likeness is another matter. Corpora
//! larger than memory need [a folder for scratch files](Builder::scratch), and runs of hours
//! deserve [one from which they go on](Builder::work) after a kill.
#![warn(missing_docs, missing_debug_implementations, unreachable_pub)]
#![warn(clippy::cast_possible_truncation, clippy::unwrap_used)]
#![warn(clippy::dbg_macro, clippy::print_stdout)]
#![deny(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::cast_possible_truncation))]

pub mod align;
pub mod cluster;
mod dedup;
#[cfg(feature = "diff")]
pub mod diff;
mod error;
pub mod family;
mod furniture;
mod lookup;
pub mod lsh;
mod parallel;
mod simd;
pub mod sketch;
mod sort;
pub mod text;

pub use align::{Evidence, Measure, Relation};
pub use cluster::Grouping;
pub use dedup::{
    Batch, Builder, Checkpoint, Cluster, Clusters, Deduper, FurniturePiece, Match, Member, Method,
    Mould, Observer, Pair, Preset, Redo, Stage, Summary, Work,
};
pub use error::{Error, ErrorKind};
pub use furniture::Furniture;

/// The code of the README, as a test.
#[cfg(all(doctest, feature = "diff"))]
#[doc = include_str!("../README.md")]
pub struct Readme;
