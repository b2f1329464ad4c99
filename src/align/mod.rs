//! What two articles have in common, exactly: passages, coverage, Jaccard, containment, and the
//! name of their relation.
//!
//! Everything here works on numbers: articles are sequences of token hashes (`u32`) for the
//! alignment, and lists of shingle hashes (`u64`) for the overlap. Nothing is estimated, but for
//! [`Outlook`], which says beforehand what is not worth aligning.
//!
//! * [`Aligner`] finds the [passages](Passage) that two articles share and the **coverage** of
//!   each: the share of its own tokens that stand in the other one, in order and nearly unbroken.
//! * [`overlap`] counts the shingles that two articles share, for Jaccard and containment;
//!   [`ShingleSet`] does it for one article and many others.
//! * [`Evidence`] holds all these counts for a pair, and [`Rules`] turn it into a [`Relation`].

mod aligner;
mod bits;
mod outlook;
mod overlap;
mod relation;
mod table;

pub use aligner::{Aligner, Alignment, Passage, Workspace};
pub use outlook::Outlook;
pub use overlap::{Overlap, ShingleSet, overlap};
pub use relation::{Evidence, Measure, Relation, Rules};
