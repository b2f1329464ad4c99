//! Finds the articles in a corpus that are the same piece of writing, and shows what differs.
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
mod furniture;
pub mod lsh;
mod parallel;
pub mod sketch;
pub mod text;

pub use align::{Evidence, Measure, Relation};
pub use cluster::Grouping;
pub use dedup::{
    Builder, Cluster, Clusters, Deduper, FurniturePiece, Match, Member, Method, Mould, Observer,
    Pair, Preset, Stage, Summary,
};
pub use error::{Error, ErrorKind};
pub use furniture::Furniture;
