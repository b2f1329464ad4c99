//! What two articles have in common, exactly: passages, coverage, Jaccard, containment, and the
//! name of their relation.
//!
//! Everything here works on numbers: articles are sequences of token hashes (`u32`) for the
//! alignment, and sorted sets of shingle hashes (`u64`) for the overlap. Nothing is estimated.
//!
//! * [`Aligner`] finds the [passages](Passage) that two articles share and the **coverage** of
//!   each: the share of its own tokens that stand in the other one, in order and nearly unbroken.
//! * [`overlap`] counts the shingles that two articles share, for Jaccard and containment.
//! * [`Evidence`] holds all these counts for a pair, and [`Rules`] turn it into a [`Relation`].

mod aligner;
mod overlap;
mod relation;
mod table;

pub use aligner::{Aligner, Alignment, Passage, Workspace};
pub use overlap::{Overlap, jaccard_at_least, overlap};
pub use relation::{Evidence, Measure, Relation, Rules};
