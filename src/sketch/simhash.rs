//! SimHash (Charikar 2002): the share of different bits estimates the angle.

use super::{Recipe, SplitMix, mix};
use crate::Error;
use crate::simd::level;
use crate::simd::simhash::{Poll, poll};

/// Words of 64 bits in the longest signature.
const WORDS: usize = 2;

/// The parameters of a SimHash (Charikar, *Similarity estimation techniques from rounding
/// algorithms*, 2002; the form with hashed features as in Manku, Jain and Das Sarma, *Detecting
/// near-duplicates for web crawling*, 2007).
///
/// Each shingle votes on each bit of the signature, for or against by a hash of the shingle, once
/// for each time it occurs; a bit is set when most votes are for it. Two articles differ in a bit
/// with a probability of `θ/π`, where `θ` is the angle between their vectors of shingle
/// frequencies, so the standard error of that share is `√(p(1−p)/bits)`.
///
/// When the votes on a bit are exactly balanced, the shingle with the smallest hash has the casting
/// vote. That is a fair coin: it falls for or against equally often, independently for unrelated
/// articles, and the same way for near copies, which share their smallest shingle.
///
/// A signature is 8 or 16 bytes: the smallest there is.
///
/// # What to hash, and how far to look
///
/// Take single words rather than shingles (one changed word spoils one of them, but five shingles
/// of five words), and let their repeats count for less and less by
/// [`Damping`](crate::text::Damping): else the commonest words of the language decide most bits,
/// and unrelated texts differ in few. Then 128 bits and a distance of 18 find nearly all pairs that
/// share seven tenths of their shingles.
///
/// How many of the pairs with at least this Jaccard index of their 5-word shingles a
/// [`Deduper`](crate::Deduper) finds by a SimHash of 128 bits, as a share of those that it finds by
/// a MinHash of 128 slots for this threshold, and how many candidates it verifies at 0.7, on two
/// corpora: 27,867 distinct press releases of US senators, and 95,312 distinct articles of the
/// generator in `benches/corpus` (100,000 of its plain mix; 23 November 2026):
///
/// | distance | releases: 0.7 | 0.8 | 0.9 | candidates | generated: 0.7 | 0.8 | 0.9 | candidates |
/// | --- | --- | --- | --- | --- | --- | --- | --- | --- |
/// | 10 | 0.511 | 0.823 | 0.965 | 1,382 | 0.640 | 0.831 | 0.955 | 24,988 |
/// | 14 | 0.830 | 0.970 | 0.997 | 3,675 | 0.823 | 0.952 | 0.998 | 39,763 |
/// | 16 | 0.925 | 0.993 | 1.000 | 5,401 | 0.891 | 0.977 | 1.001 | 48,196 |
/// | 17 | 0.954 | 0.996 | 1.000 | 6,365 | 0.918 | 0.985 | 1.001 | 52,737 |
/// | **18** | 0.976 | 0.999 | 1.000 | 7,383 | 0.941 | 0.991 | 1.001 | 57,292 |
/// | 19 | 0.990 | 1.000 | 1.000 | 8,506 | 0.959 | 0.995 | 1.001 | 61,934 |
/// | 21 | 0.997 | 1.000 | 1.000 | 11,108 | 0.981 | 0.998 | 1.001 | 72,408 |
///
/// By MinHash 14,468 and 85,543 candidates are verified at 0.7. The distance was chosen on these
/// corpora; on another one, 50,000 articles of the generator with another seed, 18 finds 0.943 of
/// the pairs at 0.7.
///
/// At a Jaccard index of 0.5 it finds 0.60 and 0.69 of the pairs. So take SimHash where the
/// signatures must be small, or stand in a database that has no more than a Hamming distance; take
/// MinHash otherwise.
///
/// # Cost
///
/// Time grows with shingles × bits, all bits of several shingles to an instruction; nothing is
/// allocated. It is less than that of a [`MinHash`](super::MinHash) of as many slots.
#[derive(Clone, Debug)]
pub struct SimHash {
    recipe: Recipe,
    seed: u64,
    words: usize,
    key: u64,
}

impl SimHash {
    /// The number of bits that suits most corpora.
    pub const DEFAULT_BITS: usize = 64;

    /// Signatures of `bits` bits (64 or 128; 64 by default, 128 for half the variance), hashed
    /// with `seed`. Any seed is as good as any other; signatures of different seeds cannot be
    /// compared.
    ///
    /// # Errors
    ///
    /// When `bits` is neither 64 nor 128.
    pub fn new(bits: usize, seed: u64) -> Result<Self, Error> {
        let words = match bits {
            64 => 1,
            128 => 2,
            _ => return Err(Error::parameter("bits", "64 or 128", bits)),
        };
        Ok(Self { recipe: Recipe::V1, seed, words, key: SplitMix::new(seed).next() })
    }

    /// The recipe of the signatures.
    pub fn recipe(&self) -> Recipe {
        self.recipe
    }

    /// The seed of the hash.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The number of bits of a signature.
    pub fn bits(&self) -> usize {
        self.words * 64
    }

    /// The signature of an article with these shingle hashes. A shingle that occurs `n` times in
    /// the article stands `n` times in the slice, which gives it its weight; the order is of no
    /// consequence.
    ///
    /// Without shingles the signature is [empty](SimHashSignature::is_empty): its bits mean
    /// nothing, and it must be left out of an index.
    pub fn signature(&self, shingles: &[u64]) -> SimHashSignature {
        let mut words = [0; WORDS];
        if !shingles.is_empty() {
            if self.words == 1 {
                words[..1].copy_from_slice(&self.votes::<1>(shingles));
            } else {
                words = self.votes(shingles);
            }
        }
        SimHashSignature {
            recipe: self.recipe,
            seed: self.seed,
            words,
            len: self.words,
            empty: shingles.is_empty(),
        }
    }

    /// The majority of the votes, bit by bit.
    fn votes<const N: usize>(&self, shingles: &[u64]) -> [u64; N] {
        let Poll { more, tied, smallest } =
            poll(level(), shingles, |shingle| self.hash::<N>(shingle));
        let casting = self.hash::<N>(smallest);
        std::array::from_fn(|i| more[i] | (tied[i] & casting[i]))
    }

    /// How a shingle votes. Shingles are compared by their own hash for the casting vote, which
    /// must tell nothing about the votes: hence the mixing of the first word, too.
    #[inline(always)]
    fn hash<const N: usize>(&self, shingle: u64) -> [u64; N] {
        let mut state = shingle ^ self.key;
        let mut words = [0; N];
        for word in &mut words {
            state = mix(state.wrapping_add(SplitMix::STEP));
            *word = state;
        }
        words
    }
}

/// The signature of one article, made by [`SimHash::signature`].
///
/// It can be stored (feature `serde`) and compared in another run and another release. What is
/// deserialised has one or two words; anything else is an error of the deserialiser.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Stored", into = "Stored"))]
pub struct SimHashSignature {
    recipe: Recipe,
    seed: u64,
    words: [u64; WORDS],
    len: usize,
    empty: bool,
}

impl SimHashSignature {
    /// The number of bits in which two signatures differ, from 0 to [`bits`](Self::bits). An
    /// [empty](Self::is_empty) article is at the greatest distance from everything, itself
    /// included: it matches nothing.
    ///
    /// # Errors
    ///
    /// When the signatures differ in recipe, seed or number of bits.
    pub fn hamming(&self, other: &Self) -> Result<u32, Error> {
        if self.recipe != other.recipe {
            return Err(Error::mismatch("recipe", self.recipe, other.recipe));
        }
        if self.seed != other.seed {
            return Err(Error::mismatch("seed", self.seed, other.seed));
        }
        if self.len != other.len {
            return Err(Error::mismatch("bits", self.bits(), other.bits()));
        }
        if self.empty || other.empty {
            return Ok(if self.len == 1 { 64 } else { 128 });
        }
        Ok(self.words().iter().zip(other.words()).map(|(a, b)| (a ^ b).count_ones()).sum())
    }

    /// Estimates the cosine of the angle between two articles' vectors of shingle frequencies:
    /// `cos(π·h/bits)` for a Hamming distance of `h`, from −1 to 1, and 0 when either article is
    /// [empty](Self::is_empty).
    ///
    /// # Errors
    ///
    /// As for [`hamming`](Self::hamming).
    pub fn cosine(&self, other: &Self) -> Result<f64, Error> {
        let share = f64::from(self.hamming(other)?) / self.bits() as f64;
        Ok(if self.empty || other.empty { 0.0 } else { (std::f64::consts::PI * share).cos() })
    }

    /// Whether the article had no shingles. An empty article matches nothing.
    pub fn is_empty(&self) -> bool {
        self.empty
    }

    /// The recipe that it was made with.
    pub fn recipe(&self) -> Recipe {
        self.recipe
    }

    /// The seed that it was made with.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The number of bits, 64 or 128.
    pub fn bits(&self) -> usize {
        self.len * 64
    }

    /// The bits in one or two words, as an index takes them: bit `i` is bit `i % 64` of word
    /// `i / 64`. All zero for an empty article.
    pub fn words(&self) -> &[u64] {
        &self.words[..self.len]
    }
}

/// A signature as it is stored.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Stored {
    recipe: Recipe,
    seed: u64,
    words: Vec<u64>,
    empty: bool,
}

#[cfg(feature = "serde")]
impl From<SimHashSignature> for Stored {
    fn from(signature: SimHashSignature) -> Self {
        let SimHashSignature { recipe, seed, empty, .. } = signature;
        Self { recipe, seed, words: signature.words().to_vec(), empty }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<Stored> for SimHashSignature {
    type Error = Error;

    fn try_from(stored: Stored) -> Result<Self, Error> {
        let Stored { recipe, seed, words, empty } = stored;
        let len = words.len();
        let words = match words[..] {
            [first] => [first, 0],
            [first, second] => [first, second],
            _ => return Err(Error::parameter("words", "one or two", len)),
        };
        // An empty article has one signature only, whatever the bits in storage.
        let words = if empty { [0; WORDS] } else { words };
        Ok(Self { recipe, seed, words, len, empty })
    }
}

#[cfg(test)]
mod tests {
    use super::super::statistics::assert_binomial;
    use super::*;
    use proptest::prelude::*;

    /// The definition, bit by bit.
    fn naive(simhash: &SimHash, shingles: &[u64]) -> Vec<u64> {
        let hash = |shingle: u64| simhash.hash::<WORDS>(shingle);
        let bit = |words: [u64; WORDS], i: usize| words[i / 64] >> (i % 64) & 1 == 1;
        let mut words = vec![0; simhash.bits() / 64];
        let Some(&smallest) = shingles.iter().min() else { return words };
        for i in 0..simhash.bits() {
            let vote = |&shingle: &u64| if bit(hash(shingle), i) { 1_i64 } else { -1 };
            let sum: i64 = shingles.iter().map(vote).sum();
            if sum > 0 || (sum == 0 && bit(hash(smallest), i)) {
                words[i / 64] |= 1 << (i % 64);
            }
        }
        words
    }

    fn sample(random: &mut SplitMix, count: usize) -> Vec<u64> {
        (0..count).map(|_| random.next()).collect()
    }

    proptest! {
        #[test]
        fn signature_is_the_definition(
            count in 0_usize..600,
            wide: bool,
            seed: u64,
        ) {
            let simhash = SimHash::new(if wide { 128 } else { 64 }, seed).unwrap();
            let shingles = sample(&mut SplitMix::new(seed), count);
            let signature = simhash.signature(&shingles);
            prop_assert_eq!(signature.words(), naive(&simhash, &shingles));
        }

        #[test]
        fn order_is_of_no_consequence(
            shingles in proptest::collection::vec(0_u64..20, 0..40),
        ) {
            let simhash = SimHash::new(128, 1).unwrap();
            let mut sorted = shingles.clone();
            sorted.sort_unstable();
            prop_assert_eq!(simhash.signature(&shingles), simhash.signature(&sorted));
        }

        #[test]
        fn fewer_bits_are_a_prefix(shingles in proptest::collection::vec(any::<u64>(), 0..40)) {
            let (few, many) = (SimHash::new(64, 3).unwrap(), SimHash::new(128, 3).unwrap());
            let [few, many] = [few, many].map(|simhash| simhash.signature(&shingles));
            prop_assert_eq!(few.words(), &many.words()[..1]);
        }

        #[test]
        fn one_shingle_is_its_own_hash(shingle: u64, times in 1_usize..600) {
            let simhash = SimHash::new(128, 3).unwrap();
            let signature = simhash.signature(&vec![shingle; times]);
            prop_assert_eq!(signature.words(), simhash.hash::<WORDS>(shingle));
        }
    }

    /// Different bits of `pairs` pairs of 128 bits that share `shared` shingles, each of them
    /// `weight` times, and have `own` ones each.
    fn differing(pairs: usize, shared: usize, weight: usize, own: usize) -> (u64, u64) {
        let mut random = SplitMix::new(8);
        let simhash = SimHash::new(128, 21).unwrap();
        let mut differ = 0;
        for _ in 0..pairs {
            let shared = sample(&mut random, shared).repeat(weight);
            let [left, right] = [(); 2]
                .map(|()| simhash.signature(&[&shared[..], &sample(&mut random, own)].concat()));
            differ += u64::from(left.hamming(&right).unwrap());
        }
        (differ, 128 * pairs as u64)
    }

    #[test]
    fn hamming_distance_is_the_angle() {
        for (shared, own) in [(0, 500), (250, 250), (400, 100), (475, 25), (490, 10), (500, 0)] {
            let angle = (shared as f64 / (shared + own) as f64).acos();
            let (differ, bits) = differing(100, shared, 1, own);
            assert_binomial(differ, bits, angle / std::f64::consts::PI);
        }
    }

    #[test]
    fn repeats_are_weights() {
        // The cosine is 9·100 / (9·100 + 900), and would be 0.1 for sets.
        let (differ, bits) = differing(100, 100, 3, 900);
        assert_binomial(differ, bits, 1.0 / 3.0);
    }

    #[test]
    fn ties_are_fair_coins_that_differ_between_texts() {
        let simhash = SimHash::new(128, 5).unwrap();
        let mut random = SplitMix::new(6);
        let (mut ties, mut ones, mut common, mut agree) = (0, 0, 0, 0);
        let mut previous: Option<(u128, u128)> = None;
        let value = |words: &[u64]| u128::from(words[0]) | u128::from(words[1]) << 64;
        for _ in 0..500 {
            // Of two shingles, each bit in which they differ is a tie.
            let shingles = sample(&mut random, 2);
            let [a, b] = [shingles[0], shingles[1]].map(|s| value(&simhash.hash::<WORDS>(s)));
            let (tied, signature) = (a ^ b, value(simhash.signature(&shingles).words()));
            ties += u64::from(tied.count_ones());
            ones += u64::from((tied & signature).count_ones());
            if let Some((tied_before, before)) = previous {
                let both = tied & tied_before;
                common += u64::from(both.count_ones());
                agree += u64::from((both & !(signature ^ before)).count_ones());
            }
            previous = Some((tied, signature));
        }
        assert_binomial(ones, ties, 0.5);
        assert_binomial(agree, common, 0.5);
    }

    #[test]
    fn near_copies_break_ties_alike() {
        // Of 100 shingles, 99 are common. Only bits where the votes of those differ by one can
        // differ: C(100, 50) / 2^99 of them. Then both own votes may go with the majority (no
        // tie), one may go against it (a tie, and a coin for the other signature), or both may
        // (two ties, which go the same way unless an own shingle is the smallest). Independent
        // coins would make 0.060 of it, well above the angle's 0.045.
        let balanced = 0.159_178;
        let other_smallest = 1.0 / 101.0;
        let (differ, bits) = differing(500, 99, 1, 1);
        assert_binomial(differ, bits, balanced / 4.0 * (1.0 + other_smallest));
    }

    #[test]
    fn nothing_matches_an_empty_article() {
        for bits in [64, 128] {
            let simhash = SimHash::new(bits, 0).unwrap();
            let (empty, other) = (simhash.signature(&[]), simhash.signature(&[1]));
            assert!(empty.is_empty() && !other.is_empty());
            assert_eq!(empty.hamming(&empty), Ok(bits as u32));
            assert_eq!(empty.hamming(&other), Ok(bits as u32));
            assert_eq!(other.hamming(&other), Ok(0));
            assert_eq!(empty.cosine(&other), Ok(0.0));
            assert_eq!(other.cosine(&other), Ok(1.0));
        }
    }

    #[test]
    fn different_settings_are_an_error() {
        let signature = |bits, seed| SimHash::new(bits, seed).unwrap().signature(&[1, 2]);
        let message = |a: SimHashSignature, b| a.hamming(&b).unwrap_err().to_string();
        assert!(message(signature(64, 0), signature(128, 0)).contains("bits"));
        assert!(message(signature(64, 0), signature(64, 1)).contains("seed"));
        assert!(SimHash::new(96, 0).is_err());
    }

    #[test]
    fn golden_vectors() {
        let signature =
            |bits, seed, shingles| SimHash::new(bits, seed).unwrap().signature(shingles);
        assert_eq!(signature(64, 0, &[0]).words(), [0xa706_dd2f_4d19_7e6f]);
        assert_eq!(
            signature(128, 1, &[1, 0x0123_4567_89ab_cdef]).words(),
            [0xe9fd_6049_d65a_f21e, 0x5775_264a_9a7e_1b09]
        );
        let many = sample(&mut SplitMix::new(3), 1000);
        assert_eq!(
            signature(128, u64::MAX, &many).words(),
            [0x677b_4a27_7ff0_483d, 0x8939_0331_daba_8c6a]
        );
    }

    #[test]
    fn golden_checksum() {
        let mut checksum = 0;
        for seed in 0..600 {
            let simhash = SimHash::new(if seed % 2 == 0 { 64 } else { 128 }, seed).unwrap();
            let shingles = sample(&mut SplitMix::new(!seed), seed as usize);
            for &word in simhash.signature(&shingles).words() {
                checksum = mix(checksum ^ word);
            }
        }
        assert_eq!(checksum, 0x8066_c67c_262b_32c1);
    }

    #[cfg(feature = "serde")]
    #[test]
    fn storage_keeps_a_signature_and_refuses_a_wrong_one() {
        for bits in [64, 128] {
            let signature = SimHash::new(bits, 9).unwrap().signature(&[5]);
            let json = serde_json::to_string(&signature).unwrap();
            assert_eq!(serde_json::from_str::<SimHashSignature>(&json).unwrap(), signature);
        }
        let error = serde_json::from_str::<SimHashSignature>(
            r#"{"recipe":"V1","seed":9,"words":[],"empty":false}"#,
        );
        assert!(error.unwrap_err().to_string().contains("one or two"));
    }
}
