//! Shingles: hashes of k consecutive tokens.

use crate::Error;
use crate::simd::level;
use crate::simd::shingles::{WIDEST, polynomials};

/// Hashes each k consecutive tokens (a shingle) to a `u64`.
///
/// A text of fewer than k tokens has one shingle of all it has; one without tokens has none. Any
/// subset of a hash's bits is fit for sampling.
///
/// # Recipe V1
///
/// The n = min(k, number of tokens) token hashes are the coefficients of a polynomial over the
/// integers modulo 2⁶⁴, the first token's that of the highest power, to which a multiple of n is
/// added. A bijection of the `u64`s spreads the result over all bits. Hence two different
/// shingles meet with probability about 2⁻⁶⁴ as long as the token hashes differ; shingles of one
/// token have no more than the 32 bits of that token's hash.
///
/// # Cost
///
/// Two multiplications a token, whatever k is, and two for the bijection; no memory. In bulk, at
/// most k + 1 multiplications, of which AVX-512 does eight at once: 0.3 to 1.5 ns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shingler {
    size: usize,
    /// The base to the power of `size`: what a token weighs when it leaves the window.
    leaving: u64,
}

const BASE: u64 = 0xA3C5_9AC2_F103_4E8D;
const LENGTH: u64 = 0x9E6D_4F2B_87A1_C35F;
const SPREAD: [u64; 2] = [0xEAC2_908F_A1FB_10E7, 0xD3DC_B323_FCFE_F98B];

impl Shingler {
    /// The number of the recipe that makes tokens and shingles, to be stored with what is derived
    /// from them. Another recipe would have another number; this one stays as it is.
    pub const V1: u32 = 1;

    /// A shingler for shingles of `k` tokens, from 1 to 64.
    ///
    /// About 5 is rare enough to find candidates by; 2 or 3 is dense enough to align two texts by.
    ///
    /// # Errors
    ///
    /// If `k` is out of range.
    pub fn new(k: usize) -> Result<Self, Error> {
        if !(1..=64).contains(&k) {
            return Err(Error::parameter("shingle", "from 1 to 64 tokens", k));
        }
        Ok(Self { size: k, leaving: (0..k).fold(1, |power: u64, _| power.wrapping_mul(BASE)) })
    }

    /// The number of tokens of a shingle.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The number of shingles of a text of so many tokens, repeats included.
    pub fn count(&self, tokens: usize) -> usize {
        match tokens {
            0 => 0,
            _ => tokens.saturating_sub(self.size) + 1,
        }
    }

    /// The shingles of a text, from its token hashes, in text order and with repeats. Shingle `i`
    /// starts at token `i`.
    pub fn shingles(&self, tokens: &[u32]) -> impl Iterator<Item = u64> {
        let leaving = self.leaving;
        let (first, rest) = tokens.split_at(self.size.min(tokens.len()));
        let start = (first.len() as u64).wrapping_mul(LENGTH);
        let add = |sum: u64, token: u32| sum.wrapping_mul(BASE).wrapping_add(u64::from(token));
        let mut sum = first.iter().fold(0, |sum, &token| add(sum, token));
        let whole = (!first.is_empty()).then(|| spread(start.wrapping_add(sum)));
        // Each further token enters the window, and the one a window before it leaves.
        let rolled = rest.iter().zip(tokens).map(move |(&enters, &leaves)| {
            sum = add(sum, enters).wrapping_sub(u64::from(leaves).wrapping_mul(leaving));
            spread(start.wrapping_add(sum))
        });
        whole.into_iter().chain(rolled)
    }

    /// Appends the shingles of a text to `out`, in text order and with repeats: what
    /// [`shingles`](Self::shingles) yields, several times as fast where they are of up to 8
    /// tokens.
    pub fn append(&self, tokens: &[u32], out: &mut Vec<u64>) {
        if self.size > WIDEST || tokens.is_empty() {
            out.extend(self.shingles(tokens));
            return;
        }
        let width = self.size.min(tokens.len());
        let mut powers = [1u64; WIDEST];
        for j in (1..width).rev() {
            powers[j - 1] = powers[j].wrapping_mul(BASE);
        }
        let length = (width as u64).wrapping_mul(LENGTH);
        let start = out.len();
        out.resize(start + self.count(tokens.len()), 0);
        polynomials(level(), &powers[..width], tokens, &mut out[start..], |sum| {
            spread(length.wrapping_add(sum))
        });
    }
}

/// A bijection after which each bit depends on all bits.
#[inline(always)]
fn spread(mut hash: u64) -> u64 {
    hash ^= hash >> 32;
    hash = hash.wrapping_mul(SPREAD[0]);
    hash ^= hash >> 29;
    hash = hash.wrapping_mul(SPREAD[1]);
    hash ^ hash >> 32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition, without rolling.
    fn direct(k: usize, tokens: &[u32]) -> Vec<u64> {
        let n = k.min(tokens.len()).max(1);
        let one = |window: &[u32]| {
            let mut hash = (window.len() as u64).wrapping_mul(LENGTH);
            for (j, &token) in window.iter().enumerate() {
                let power = BASE.wrapping_pow((window.len() - 1 - j) as u32);
                hash = hash.wrapping_add(u64::from(token).wrapping_mul(power));
            }
            spread(hash)
        };
        tokens.windows(n).map(one).collect()
    }

    fn shingles(k: usize, tokens: &[u32]) -> Vec<u64> {
        Shingler::new(k).unwrap().shingles(tokens).collect()
    }

    #[test]
    fn constants_are_odd() {
        assert!([BASE, LENGTH, SPREAD[0], SPREAD[1]].iter().all(|constant| constant % 2 == 1));
    }

    #[test]
    fn sizes_out_of_range_are_refused() {
        for k in [0, 65, usize::MAX] {
            let message = Shingler::new(k).unwrap_err().to_string();
            assert_eq!(message, format!("shingle must be from 1 to 64 tokens, but is {k}"));
        }
        assert_eq!(Shingler::new(64).unwrap().size(), 64);
    }

    #[test]
    fn short_texts_have_one_shingle_and_empty_ones_none() {
        assert!(shingles(5, &[]).is_empty());
        for n in 1..=5 {
            assert_eq!(shingles(5, &vec![7; n]).len(), 1);
        }
        assert_eq!(shingles(5, &[7; 6]).len(), 2);
    }

    /// Even where every token hash is 0, so that the polynomial is too.
    #[test]
    fn the_number_of_tokens_counts() {
        for token in [0, 1, u32::MAX] {
            let mut seen: Vec<_> = (1..=64).map(|n| shingles(64, &vec![token; n])[0]).collect();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), 64);
        }
    }

    #[test]
    fn v1_golden_vectors() {
        let tokens = [0, 1, 0xFFFF_FFFF, 0x0123_4567, 0x89AB_CDEF, 42];
        let hex = |k| shingles(k, &tokens).iter().map(|h| format!("{h:016x}")).collect::<Vec<_>>();
        assert_eq!(
            hex(1),
            [
                "b2e28236f30d8b4d",
                "6325c360598d6089",
                "d9192466978bdeb1",
                "d3c25cb02553074d",
                "f215bd5329e8c120",
                "cbb9c3ebc04503a3"
            ]
        );
        assert_eq!(hex(5), ["0cc8b4464ba17351", "42b773ad74ba7a74"]);
        assert_eq!(hex(64), ["7b8b45337f96b9a1"]);
    }

    /// One flipped bit of a token flips each bit of the shingle about every second time. With
    /// 4096 trials the standard deviation of a share is 0.0078; the bound is 6 of them.
    #[test]
    fn each_bit_depends_on_each_token() {
        for j in 0..5 {
            let mut flips = [0; 64];
            for trial in 0..4096_u32 {
                let mut tokens = [0, 1, 2, 3, 4].map(|i| trial.wrapping_mul(0x9E37_79B9) ^ i);
                let before = shingles(5, &tokens)[0];
                tokens[j] ^= 1 << (trial % 32);
                let changed = before ^ shingles(5, &tokens)[0];
                for (bit, flips) in flips.iter_mut().enumerate() {
                    *flips += changed >> bit & 1;
                }
            }
            for flips in flips {
                assert!((flips as f64 / 4096.0 - 0.5).abs() < 6.0 * 0.0078, "token {j}: {flips}");
            }
        }
    }

    proptest! {
        #[test]
        fn rolling_equals_the_definition(
            k in 1..=64_usize,
            tokens in prop::collection::vec(any::<u32>(), 0..200),
        ) {
            prop_assert_eq!(shingles(k, &tokens), direct(k, &tokens));
        }

        #[test]
        fn there_are_as_many_as_counted(
            k in 1..=64_usize,
            tokens in prop::collection::vec(any::<u32>(), 0..200),
        ) {
            let shingler = Shingler::new(k).unwrap();
            let mut out = vec![1];
            shingler.append(&tokens, &mut out);
            prop_assert_eq!(out.len() - 1, shingler.count(tokens.len()));
            let rest: Vec<_> = shingler.shingles(&tokens).collect();
            prop_assert_eq!(&out[1..], rest);
        }

        #[test]
        fn order_matters(a: u32, b: u32, c: u32) {
            prop_assume!(a != b);
            prop_assert_ne!(shingles(3, &[a, b, c]), shingles(3, &[b, a, c]));
        }

        #[test]
        fn a_prefix_has_another_hash(tokens in prop::collection::vec(any::<u32>(), 2..=64)) {
            let shorter = &tokens[..tokens.len() - 1];
            prop_assert_ne!(shingles(64, &tokens), shingles(64, shorter));
        }

        #[test]
        fn a_shingle_depends_on_its_tokens_alone(
            before in prop::collection::vec(any::<u32>(), 0..20),
            tokens in prop::collection::vec(any::<u32>(), 8),
        ) {
            let text = [&before[..], &tokens].concat();
            prop_assert_eq!(shingles(8, &text)[before.len()], shingles(8, &tokens)[0]);
        }
    }
}
