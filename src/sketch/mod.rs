//! Shingle hashes to signatures: short, comparable summaries that outlive a build.
//!
//! | signature | made by | estimates | counts repeats |
//! | --- | --- | --- | --- |
//! | [`MinHashSignature`] | [`MinHash`] | the Jaccard similarity of two sets of shingles | no |
//! | [`SimHashSignature`] | [`SimHash`] | the angle between two vectors of shingle frequencies | yes |
//!
//! Both take shingle hashes as `u64`s that are well mixed already (any good 64-bit hash), in any
//! order: no signature depends on the order of the shingles.
//!
//! The parameters ([`MinHash`], [`SimHash`]) are immutable and can be shared by all threads. Each
//! signature carries the [`Recipe`], the seed and the size that it was made with, and a comparison
//! of signatures that were made differently is an [`Error`](crate::Error), never a wrong number.
//!
//! ```
//! use reprint::sketch::MinHash;
//!
//! # fn main() -> Result<(), reprint::Error> {
//! let hashes: Vec<u64> = (1..=30).map(|i: u64| i.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
//! let minhash = MinHash::new(MinHash::DEFAULT_SLOTS, 0)?;
//! let (left, right) = (minhash.signature(&hashes[..20]), minhash.signature(&hashes[10..]));
//! let estimate = left.jaccard(&right)?; // of 10 shared among 30
//! assert!((0.2..0.47).contains(&estimate));
//! # Ok(())
//! # }
//! ```

mod minhash;
mod simhash;
#[cfg(test)]
pub(crate) mod statistics;

use std::fmt;

pub use minhash::{MinHash, MinHashSignature};
pub use simhash::{SimHash, SimHashSignature};

/// The named, frozen version of the arithmetic behind a signature: how shingles are permuted and
/// hashed, how ties are broken.
///
/// The signatures of one recipe are the same in every release and on every machine. A change of
/// the arithmetic gets a new recipe, and the old one stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Recipe {
    /// The first recipe, and the one in use.
    #[default]
    V1,
}

impl fmt::Display for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V1 => f.write_str("v1"),
        }
    }
}

/// The finaliser of splitmix64 (Steele, Lea and Flood, 2014): a bijection in which each bit of the
/// result depends on every bit of the argument.
#[inline]
pub(crate) const fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The sequence splitmix64, from which all parameters are derived.
#[derive(Clone, Debug)]
pub(crate) struct SplitMix(u64);

impl SplitMix {
    /// What is added to the state at each step, and by itself a constant without structure.
    pub(crate) const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(Self::STEP);
        mix(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitmix_is_the_published_sequence() {
        let mut sequence = SplitMix::new(1_234_567);
        assert_eq!(sequence.next(), 6_457_827_717_110_365_317);
        assert_eq!(sequence.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn recipes_have_names() {
        assert_eq!(Recipe::default().to_string(), "v1");
    }
}
