//! The polynomials of shingles, of all windows of a text side by side.

use super::Level;

/// The widest window whose polynomials are computed one by one. Of wider ones each follows from
/// the one before with fewer multiplications.
pub(crate) const WIDEST: usize = 8;

/// Writes `finish(Σ tokenⱼ · powersⱼ)` mod 2⁶⁴ for each window of as many tokens as there are
/// powers, from 1 to [`WIDEST`]. `finish` is inlined.
pub(crate) fn polynomials(
    level: Level,
    powers: &[u64],
    tokens: &[u32],
    out: &mut [u64],
    finish: impl Fn(u64) -> u64,
) {
    assert_eq!(tokens.len() + 1, out.len() + powers.len(), "an item for each window");
    match powers.len() {
        1 => of_width::<1>(level, powers, tokens, out, finish),
        2 => of_width::<2>(level, powers, tokens, out, finish),
        3 => of_width::<3>(level, powers, tokens, out, finish),
        4 => of_width::<4>(level, powers, tokens, out, finish),
        5 => of_width::<5>(level, powers, tokens, out, finish),
        6 => of_width::<6>(level, powers, tokens, out, finish),
        7 => of_width::<7>(level, powers, tokens, out, finish),
        8 => of_width::<8>(level, powers, tokens, out, finish),
        width => unreachable!("a window of {width} tokens"),
    }
}

fn of_width<const K: usize>(
    level: Level,
    powers: &[u64],
    tokens: &[u32],
    out: &mut [u64],
    finish: impl Fn(u64) -> u64,
) {
    let powers = powers.try_into().unwrap_or([0; K]);
    match level {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: a processor of this level has AVX-512 F, DQ and VL.
        Level::Avx512 => unsafe { avx512(powers, tokens, out, finish) },
        _ => each(powers, tokens, out, finish),
    }
}

/// With multiplications of eight 64-bit numbers at once, which earlier vectors do not have.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl")]
fn avx512<const K: usize>(
    powers: [u64; K],
    tokens: &[u32],
    out: &mut [u64],
    finish: impl Fn(u64) -> u64,
) {
    each(powers, tokens, out, finish);
}

#[inline(always)]
fn each<const K: usize>(
    powers: [u64; K],
    tokens: &[u32],
    out: &mut [u64],
    finish: impl Fn(u64) -> u64,
) {
    // All windows begin in the same array, so that the compiler sees how they overlap.
    let count = out.len();
    for (start, out) in out.iter_mut().enumerate() {
        let mut sum = 0u64;
        for j in 0..K {
            // There are count + K - 1 tokens.
            let token = tokens[..count + K - 1][start + j];
            sum = sum.wrapping_add(u64::from(token).wrapping_mul(powers[j]));
        }
        *out = finish(sum);
    }
}

#[cfg(test)]
mod tests {
    use super::super::levels;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn all_levels_compute_the_sums_of_products(
            tokens in proptest::collection::vec(any::<u32>(), 0..100),
            powers in proptest::collection::vec(any::<u64>(), 1..=WIDEST),
        ) {
            let windows = (tokens.len() + 1).saturating_sub(powers.len());
            prop_assume!(windows > 0 || tokens.len() + 1 == powers.len());
            let naive: Vec<u64> = (tokens.windows(powers.len()))
                .map(|window| {
                    let products = window.iter().zip(&powers);
                    let products = products.map(|(&token, &power)| u128::from(token) * u128::from(power));
                    (products.sum::<u128>() as u64) ^ 7
                })
                .collect();
            for level in levels() {
                let mut out = vec![1; windows];
                polynomials(level, &powers, &tokens, &mut out, |sum| sum ^ 7);
                prop_assert_eq!(&out, &naive, "{:?}", level);
            }
        }
    }
}
