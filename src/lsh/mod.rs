//! Signatures to candidate pairs, without comparing all with all.
//!
//! | | takes | finds | in bulk | one at a time |
//! | --- | --- | --- | --- | --- |
//! | [`banding`] | MinHash slots | each pair with a stated probability | [`Banding`] | [`BandIndex`] |
//! | [`hamming`] | SimHash words | every pair within a distance | [`HammingBlocks`] | [`HammingIndex`] |
//! | [`containment`] | sampled shingles | parts of each other, too | [`Containment`] | [`ContainmentIndex`] |
//!
//! Articles are numbers from 0 on here, and candidates are what the name says: pairs to look at.
//! In bulk, a pair is found by sorting the articles by a part of their signatures and reading the
//! runs of equal ones, one part after the other, so that memory grows with articles + pairs.
//!
//! Parts that very many articles have in common make more pairs than anybody can look at. The
//! bulk forms take a bucket limit: of a run of more articles than that, each one is paired with the
//! first and with its predecessor only, which keeps them connected, and [`Limited`] says what was
//! left out.
//!
//! ```
//! use reprint::lsh::{DEFAULT_BUCKET_LIMIT, banding::Banding};
//!
//! # fn main() -> Result<(), reprint::Error> {
//! let banding = Banding::new(2, 2)?;
//! let signatures = [[1, 2, 3, 4], [1, 2, 5, 6], [1, 9, 5, 6]].concat();
//! let found = banding.pairs(&signatures, 4, DEFAULT_BUCKET_LIMIT, |_| true);
//! assert_eq!(found.pairs, [(0, 1), (1, 2)]);
//! assert!(found.limited.is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! [`Banding`]: banding::Banding
//! [`BandIndex`]: band_index::BandIndex
//! [`Containment`]: containment::Containment
//! [`ContainmentIndex`]: containment::ContainmentIndex
//! [`HammingBlocks`]: hamming::HammingBlocks
//! [`HammingIndex`]: hamming::HammingIndex

pub mod band_index;
pub mod banding;
mod buckets;
pub mod containment;
pub mod hamming;
mod runs;

/// The bucket limit that suits most corpora: a run of 1,000 articles makes half a million pairs.
pub const DEFAULT_BUCKET_LIMIT: usize = 1000;

/// The pairs that a bulk search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CandidatePairs {
    /// The pairs, each once, the smaller id first, in ascending order.
    pub pairs: Vec<(u32, u32)>,
    /// What was left out; empty when nothing was.
    pub limited: Limited,
}

/// What a search left out because more articles than the bucket limit fell together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Limited {
    /// The number of buckets that were not looked at in full.
    pub buckets: u64,
    /// The number of articles in the largest of them.
    pub largest: u64,
    /// The number of pairs in them that were not looked at. A pair counts once for each bucket that
    /// left it out, and another bucket may have found it all the same, so that this is the most
    /// that can have been lost.
    pub pairs: u64,
}

impl Limited {
    /// Whether nothing was left out.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds what another search, or another part of the same one, left out.
    pub fn merge(&mut self, other: &Self) {
        self.buckets += other.buckets;
        self.largest = self.largest.max(other.largest);
        self.pairs += other.pairs;
    }

    /// Adds a bucket of `size` articles, of which only `seen` pairs were looked at.
    pub(crate) fn add(&mut self, size: usize, seen: usize) {
        let size = size as u64;
        self.merge(&Self {
            buckets: 1,
            largest: size,
            pairs: size * size.saturating_sub(1) / 2 - seen as u64,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_add_up() {
        let mut limited = Limited::default();
        assert!(limited.is_empty());
        limited.add(10, 17);
        limited.add(4, 5);
        assert_eq!(limited, Limited { buckets: 2, largest: 10, pairs: 28 + 1 });
        assert!(!limited.is_empty());
    }
}
