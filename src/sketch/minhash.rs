//! MinHash (Broder 1997): the share of equal slots estimates the Jaccard similarity.

use super::{Recipe, SplitMix};
use crate::Error;
use crate::simd::level;
use crate::simd::minhash::{BLOCK, least_products};

/// The value of every slot of an article without shingles.
const EMPTY: u32 = u32::MAX;

/// The parameters of a MinHash (Broder, *On the resemblance and containment of documents*, 1997).
///
/// Slot `i` of a signature is the least `aᵢ·x` mod 2³² over the shingles, where `x` is a shingle's
/// hash folded to 32 bits (upper half xor lower half) and `aᵢ` (odd) comes from the seed. Two
/// articles agree in a slot with a probability that is the Jaccard similarity `J` of their sets of
/// shingles, so the standard error of an estimate is `√(J(1−J)/slots)`: at most 0.044 for 128
/// slots, 0.022 for 512.
///
/// Multiplications are a weak family of permutations for chosen inputs, and enough for these,
/// which are hashes already: bias and variance of the estimate are those of independent slots (see
/// the tests). Do not feed it small integers in place of hashes: 0 is the least of all in each slot.
///
/// # Why one permutation a slot
///
/// There are ways to fill all slots from one or few permutations. Time for an article of so many
/// shingles, in units of what 420 shingles take here with AVX-512, 128 slots (22 November 2026);
/// and the variance of the estimate, in units of `J(1−J)/slots`, for pairs of 5 to 420 shingles of
/// `J` from 0.1 to 0.9. None of them has a bias that 20,000 pairs would show.
///
/// | way | 20 | 100 | 420 | 2000 | variance |
/// | --- | --- | --- | --- | --- | --- |
/// | **least product for each slot**, AVX-512 | 0.05 | 0.24 | 1 | 4.7 | 1.0 |
/// | the same, AVX2 | 0.10 | 0.5 | 2.1 | 9.9 | 1.0 |
/// | the same, neither | 1.1 | 5.2 | 22 | 104 | 1.0 |
/// | `aᵢ·x + bᵢ`, AVX-512 | 0.08 | 0.37 | 1.5 | 7.3 | 1.0 |
/// | one permutation, densified (Shrivastava 2017) | 3.4 | 0.70 | 1.0 | 3.5 | 0.8–1.5 |
/// | fast similarity sketching (Dahlgaard et al. 2017) | 3.2 | 2.2 | 2.0 | 4.2 | 0.5–0.8 |
/// | SuperMinHash (Ertl 2017) | 25 | 41 | 54 | 71 | 0.5–0.8 |
///
/// What scatters over the slots can use no vectors, and small articles have to be thrown many times
/// before each slot has its share. Where a slot is a permutation of its own, slots are
/// independent, as [`Banding`](crate::lsh::banding::Banding) takes them to be; a signature starts
/// with those of fewer slots; and that of a union of sets is the least of theirs.
///
/// Parameters are immutable: share one `MinHash` by all threads.
///
/// # Cost
///
/// Time grows with shingles × slots; no memory is allocated apart from the signature itself, which
/// takes 4 bytes a slot.
#[derive(Clone, Debug)]
pub struct MinHash {
    recipe: Recipe,
    seed: u64,
    slots: usize,
    multipliers: Box<[[u32; BLOCK]]>,
}

impl MinHash {
    /// The number of slots that suits most corpora: a standard error of at most 0.044.
    pub const DEFAULT_SLOTS: usize = 128;

    /// The greatest number of slots. The error shrinks with the root of the slots only, so that
    /// exact sets are the better choice well before.
    pub const MAX_SLOTS: usize = 4096;

    /// Permutations for `slots` slots (1 to [`MAX_SLOTS`](Self::MAX_SLOTS), usually
    /// [`DEFAULT_SLOTS`](Self::DEFAULT_SLOTS); more for a lower threshold or less error), derived
    /// from `seed`. Any seed is as good as any other; signatures of different seeds cannot be
    /// compared.
    ///
    /// # Errors
    ///
    /// When `slots` is out of its range.
    pub fn new(slots: usize, seed: u64) -> Result<Self, Error> {
        check_slots(slots)?;
        let mut random = SplitMix::new(seed);
        let mut multiplier = || odd(random.next());
        let multipliers =
            (0..slots.div_ceil(BLOCK)).map(|_| [(); BLOCK].map(|()| multiplier())).collect();
        Ok(Self { recipe: Recipe::V1, seed, slots, multipliers })
    }

    /// The recipe of the signatures.
    pub fn recipe(&self) -> Recipe {
        self.recipe
    }

    /// The seed of the permutations.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The number of slots of a signature.
    pub fn slots(&self) -> usize {
        self.slots
    }

    /// Writes the slots of an article with these shingle hashes to `out`, allocating nothing: the
    /// way to fill one long array with the signatures of a corpus. Order and repeats of the
    /// shingles are of no consequence.
    ///
    /// Without shingles each slot is `u32::MAX`. Such an article matches nothing, not even another
    /// empty one, and must be left out of an index.
    ///
    /// # Panics
    ///
    /// When `out` has not exactly [`slots`](Self::slots) elements.
    pub fn sketch_into(&self, shingles: &[u64], out: &mut [u32]) {
        assert_eq!(out.len(), self.slots, "out must have one element per slot");
        least_products(level(), &self.multipliers, shingles, out);
    }

    /// The signature of an article with these shingle hashes.
    pub fn signature(&self, shingles: &[u64]) -> MinHashSignature {
        let mut values = vec![EMPTY; self.slots].into_boxed_slice();
        self.sketch_into(shingles, &mut values);
        MinHashSignature { recipe: self.recipe, seed: self.seed, values }
    }
}

/// The upper half, made odd: multiplication by it is a permutation.
const fn odd(random: u64) -> u32 {
    (random >> 32) as u32 | 1
}

fn check_slots(slots: usize) -> Result<(), Error> {
    if (1..=MinHash::MAX_SLOTS).contains(&slots) {
        Ok(())
    } else {
        Err(Error::parameter("slots", "from 1 to 4096", slots))
    }
}

/// The signature of one article, made by [`MinHash::signature`].
///
/// It can be stored (feature `serde`) and compared in another run and another release. What is
/// deserialised has 1 to 4096 slots; anything else is an error of the deserialiser.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Stored"))]
pub struct MinHashSignature {
    recipe: Recipe,
    seed: u64,
    values: Box<[u32]>,
}

impl MinHashSignature {
    /// Estimates the Jaccard similarity of two articles' sets of shingles: the share of equal
    /// slots, from 0 to 1, and 0 when either article is [empty](Self::is_empty). The standard
    /// error is `√(J(1−J)/slots)`.
    ///
    /// # Errors
    ///
    /// When the signatures differ in recipe, seed or number of slots.
    pub fn jaccard(&self, other: &Self) -> Result<f64, Error> {
        if self.recipe != other.recipe {
            return Err(Error::mismatch("recipe", self.recipe, other.recipe));
        }
        if self.seed != other.seed {
            return Err(Error::mismatch("seed", self.seed, other.seed));
        }
        if self.slots() != other.slots() {
            return Err(Error::mismatch("slots", self.slots(), other.slots()));
        }
        if self.is_empty() || other.is_empty() {
            return Ok(0.0);
        }
        let equal = self.values.iter().zip(&other.values).filter(|(a, b)| a == b).count();
        Ok(equal as f64 / self.slots() as f64)
    }

    /// Whether the article had no shingles. An empty article matches nothing.
    pub fn is_empty(&self) -> bool {
        self.values.iter().all(|&value| value == EMPTY)
    }

    /// The recipe that it was made with.
    pub fn recipe(&self) -> Recipe {
        self.recipe
    }

    /// The seed that it was made with.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The number of slots.
    pub fn slots(&self) -> usize {
        self.values.len()
    }

    /// The slots, as an index takes them.
    pub fn values(&self) -> &[u32] {
        &self.values
    }
}

/// A signature as it comes from storage, before its size is checked.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
struct Stored {
    recipe: Recipe,
    seed: u64,
    values: Box<[u32]>,
}

#[cfg(feature = "serde")]
impl TryFrom<Stored> for MinHashSignature {
    type Error = Error;

    fn try_from(Stored { recipe, seed, values }: Stored) -> Result<Self, Error> {
        check_slots(values.len())?;
        Ok(Self { recipe, seed, values })
    }
}

#[cfg(test)]
mod tests {
    use super::super::mix;
    use super::super::statistics::{assert_binomial, assert_variance};
    use super::*;
    use proptest::prelude::*;

    /// The definition, slot by slot.
    fn naive(minhash: &MinHash, shingles: &[u64]) -> Vec<u32> {
        (0..minhash.slots)
            .map(|slot| {
                let a = minhash.multipliers[slot / BLOCK][slot % BLOCK];
                let value = |&s: &u64| ((s >> 32) as u32 ^ s as u32).wrapping_mul(a);
                shingles.iter().map(value).min().unwrap_or(u32::MAX)
            })
            .collect()
    }

    fn sample(seed: u64, count: usize) -> Vec<u64> {
        let mut random = SplitMix::new(seed);
        (0..count).map(|_| random.next()).collect()
    }

    proptest! {
        #[test]
        fn signature_is_the_definition(
            shingles in proptest::collection::vec(any::<u64>(), 0..50),
            slots in 1_usize..70,
            seed: u64,
        ) {
            let minhash = MinHash::new(slots, seed).unwrap();
            let signature = minhash.signature(&shingles);
            prop_assert_eq!(signature.values(), naive(&minhash, &shingles));
        }

        #[test]
        fn order_and_repeats_are_of_no_consequence(
            shingles in proptest::collection::vec(any::<u64>(), 0..50),
        ) {
            let minhash = MinHash::new(20, 7).unwrap();
            let mut shuffled = shingles.clone();
            shuffled.reverse();
            shuffled.extend(&shingles[..shingles.len() / 2]);
            prop_assert_eq!(minhash.signature(&shingles), minhash.signature(&shuffled));
        }

        #[test]
        fn signature_of_a_union_is_the_least_of_both(
            a in proptest::collection::vec(any::<u64>(), 0..30),
            b in proptest::collection::vec(any::<u64>(), 0..30),
        ) {
            let minhash = MinHash::new(33, 1).unwrap();
            let (left, right) = (minhash.signature(&a), minhash.signature(&b));
            let least: Vec<u32> =
                left.values().iter().zip(right.values()).map(|(x, y)| *x.min(y)).collect();
            let union = minhash.signature(&[a, b].concat());
            prop_assert_eq!(union.values(), least);
        }

        #[test]
        fn fewer_slots_are_a_prefix(slots in 1_usize..100, seed: u64) {
            let shingles = sample(seed, 10);
            let few = MinHash::new(slots, seed).unwrap().signature(&shingles);
            let many = MinHash::new(100, seed).unwrap().signature(&shingles);
            prop_assert_eq!(few.values(), &many.values()[..slots]);
        }
    }

    /// Equal slots per pair, for `trials` pairs of random sets of Jaccard `shared / union`.
    fn equal_slots(seed: u64, trials: usize, shared: usize, union: usize) -> Vec<[u64; 3]> {
        let minhash = MinHash::new(256, seed).unwrap();
        (0..trials as u64)
            .map(|trial| {
                let shingles = sample(mix(seed ^ trial << 20 ^ (shared as u64) << 40), union);
                let (shared, rest) = shingles.split_at(shared);
                let (left, right) = rest.split_at(rest.len() / 2);
                let [shared, left, right] =
                    [shared, left, right].map(|set| minhash.signature(set).values);
                let equal = |slots: usize| {
                    (0..slots)
                        .filter(|&i| shared[i].min(left[i]) == shared[i].min(right[i]))
                        .count() as u64
                };
                [64, 128, 256].map(equal)
            })
            .collect()
    }

    fn judge_estimate(trials: usize, size: usize) {
        for percent in [0, 20, 50, 80, 95, 100] {
            let jaccard = percent as f64 / 100.0;
            let counts = equal_slots(42, trials, size * percent / 100, size);
            for (i, slots) in [64, 128, 256].into_iter().enumerate() {
                let counts: Vec<u64> = counts.iter().map(|count| count[i]).collect();
                assert_binomial(counts.iter().sum(), trials as u64 * slots, jaccard);
                assert_variance(&counts, slots, jaccard);
            }
        }
    }

    #[test]
    fn estimates_of_small_sets_are_binomial() {
        judge_estimate(1500, 20);
    }

    #[test]
    fn estimates_of_large_sets_are_binomial() {
        judge_estimate(100, 1000);
    }

    #[test]
    fn nothing_matches_an_empty_article() {
        let minhash = MinHash::new(8, 0).unwrap();
        let (empty, other) = (minhash.signature(&[]), minhash.signature(&[1]));
        assert!(empty.is_empty() && !other.is_empty());
        assert_eq!(empty.values(), [u32::MAX; 8]);
        assert_eq!(empty.jaccard(&empty), Ok(0.0));
        assert_eq!(empty.jaccard(&other), Ok(0.0));
        assert_eq!(other.jaccard(&other), Ok(1.0));
    }

    #[test]
    fn different_settings_are_an_error() {
        let signature = |slots, seed| MinHash::new(slots, seed).unwrap().signature(&[1, 2, 3]);
        let message = |a: MinHashSignature, b| a.jaccard(&b).unwrap_err().to_string();
        assert!(message(signature(64, 0), signature(128, 0)).contains("slots"));
        assert!(message(signature(64, 0), signature(64, 1)).contains("seed"));
        assert!(MinHash::new(0, 0).is_err());
        assert!(MinHash::new(4097, 0).is_err());
        assert!(MinHash::new(4096, 0).is_ok());
    }

    #[test]
    #[should_panic(expected = "one element per slot")]
    fn out_must_have_the_right_length() {
        MinHash::new(8, 0).unwrap().sketch_into(&[1], &mut [0; 9]);
    }

    #[test]
    fn golden_vectors() {
        let signature = |seed, shingles| MinHash::new(4, seed).unwrap().signature(shingles);
        assert_eq!(
            signature(0, &[0x0123_4567_89ab_cdef]).values(),
            [0x20ff_a648, 0xc515_00d8, 0xa70e_bd48, 0x261b_e1c8]
        );
        assert_eq!(
            signature(1, &[0x0123_4567_89ab_cdef, 0xfedc_ba98_0000_0001]).values(),
            [0xb21f_a4a5, 0x55e8_c588, 0x03f5_86f8, 0x1b0a_c6a9]
        );
        assert_eq!(
            signature(u64::MAX, &sample(3, 1000)).values(),
            [0x0037_ebbb, 0x0027_5740, 0x002d_b692, 0x0019_fc78]
        );
    }

    #[test]
    fn golden_checksum() {
        let mut checksum = 0;
        for seed in 0..200 {
            let minhash = MinHash::new(1 + seed as usize, seed).unwrap();
            for &value in minhash.signature(&sample(!seed, seed as usize)).values() {
                checksum = mix(checksum ^ u64::from(value));
            }
        }
        assert_eq!(checksum, 0xe550_ecb5_bd52_f2b4);
    }

    #[cfg(feature = "serde")]
    #[test]
    fn storage_keeps_a_signature_and_refuses_a_wrong_one() {
        let signature = MinHash::new(2, 9).unwrap().signature(&[5]);
        let json = serde_json::to_string(&signature).unwrap();
        assert!(json.starts_with(r#"{"recipe":"V1","seed":9,"values":["#), "{json}");
        assert_eq!(serde_json::from_str::<MinHashSignature>(&json).unwrap(), signature);
        let error =
            serde_json::from_str::<MinHashSignature>(r#"{"recipe":"V1","seed":9,"values":[]}"#);
        assert!(error.unwrap_err().to_string().contains("from 1 to 4096"));
    }
}
