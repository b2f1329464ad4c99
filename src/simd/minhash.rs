//! The least products of MinHash.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::*;
use std::hint::black_box;
#[cfg(target_arch = "x86_64")]
use std::mem::transmute;

use super::Level;

/// Slots that are computed together: their minima stay in registers while all shingles pass by.
pub(crate) const BLOCK: usize = 32;

/// Blocks that AVX-512 has the registers for.
#[cfg(target_arch = "x86_64")]
const WIDE: usize = 4;

/// Writes the least `a·x` mod 2³² over the shingles for each multiplier `a`, where `x` is a
/// shingle's upper half xor its lower half; `u32::MAX` without shingles. Of the last block `out`
/// takes as much as it has room for.
pub(crate) fn least_products(
    level: Level,
    multipliers: &[[u32; BLOCK]],
    shingles: &[u64],
    out: &mut [u32],
) {
    assert_eq!(multipliers.len(), out.len().div_ceil(BLOCK), "slots without multipliers");
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => {
            let (fours, rest) = multipliers.as_chunks::<WIDE>();
            let (first, last) = out.split_at_mut(out.len().min(fours.len() * WIDE * BLOCK));
            // SAFETY: a processor of this level has AVX-512 F.
            each(fours, first, |block| unsafe { avx512_wide(block, shingles) });
            // SAFETY: as above.
            each(rest, last, |block| unsafe { [avx512(block, shingles)] });
        }
        #[cfg(target_arch = "x86_64")]
        // SAFETY: a processor of this level has AVX2.
        Level::Avx2 => each(multipliers, out, |block| unsafe { [avx2(block, shingles)] }),
        _ => each(multipliers, out, |block| [portable(block, shingles)]),
    }
}

/// Writes what `least` makes of each block.
fn each<B, const N: usize>(blocks: &[B], out: &mut [u32], least: impl Fn(&B) -> [[u32; BLOCK]; N]) {
    for (block, out) in blocks.iter().zip(out.chunks_mut(N * BLOCK)) {
        out.copy_from_slice(&least(block).as_flattened()[..out.len()]);
    }
}

/// A shingle's hash in 32 bits. Two shingles of one article of 10,000 words fall together with a
/// probability of 1 %, and then change the estimate by 0.0001.
#[inline(always)]
fn fold(shingle: u64) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "either half has 32 bits")]
    let (upper, lower) = ((shingle >> 32) as i32, shingle as i32);
    upper ^ lower
}

fn portable(multipliers: &[u32; BLOCK], shingles: &[u64]) -> [u32; BLOCK] {
    // The baseline of x86-64 compares signed integers only. Adding 2³¹ maps the order of u32 to
    // that of i32; a compiler that knows what is added takes it for an unsigned comparison again,
    // and makes that of signed ones in a longer way.
    const SIGN: u32 = 1 << 31;
    const PART: usize = 16;
    let signs = black_box([SIGN; PART]);
    let mut least = [i32::MAX; BLOCK];
    // Its registers are few.
    let parts = least.as_chunks_mut::<PART>().0.iter_mut().zip(multipliers.as_chunks::<PART>().0);
    for (least, multipliers) in parts {
        let mut lowest = *least;
        for &shingle in shingles {
            let x = fold(shingle).cast_unsigned();
            for i in 0..PART {
                let value = x.wrapping_mul(multipliers[i]).wrapping_add(signs[i]);
                lowest[i] = lowest[i].min(value.cast_signed());
            }
        }
        *least = lowest;
    }
    least.map(|value| value.cast_unsigned().wrapping_sub(SIGN))
}

/// The same loop for one width of vectors. Left to the compiler, it takes half as long again.
#[cfg(target_arch = "x86_64")]
macro_rules! vectors {
    ($name:ident, $slots:ty, $features:literal, $vector:ty, $set:ident, $mul:ident, $min:ident) => {
        #[target_feature(enable = $features)]
        fn $name(multipliers: &$slots, shingles: &[u64]) -> $slots {
            const COUNT: usize = size_of::<$slots>() / size_of::<$vector>();
            // SAFETY: both are the same number of bits, each of which may have any value.
            let multipliers = unsafe { transmute::<$slots, [$vector; COUNT]>(*multipliers) };
            let mut least = [$set(-1); COUNT];
            for &shingle in shingles {
                let x = $set(fold(shingle));
                for i in 0..COUNT {
                    least[i] = $min(least[i], $mul(x, multipliers[i]));
                }
            }
            // SAFETY: as above.
            unsafe { transmute::<[$vector; COUNT], $slots>(least) }
        }
    };
}

#[cfg(target_arch = "x86_64")]
vectors!(
    avx2,
    [u32; BLOCK],
    "avx2",
    __m256i,
    _mm256_set1_epi32,
    _mm256_mullo_epi32,
    _mm256_min_epu32
);
#[cfg(target_arch = "x86_64")]
vectors!(
    avx512,
    [u32; BLOCK],
    "avx512f",
    __m512i,
    _mm512_set1_epi32,
    _mm512_mullo_epi32,
    _mm512_min_epu32
);
#[cfg(target_arch = "x86_64")]
vectors!(
    avx512_wide,
    [[u32; BLOCK]; WIDE],
    "avx512f",
    __m512i,
    _mm512_set1_epi32,
    _mm512_mullo_epi32,
    _mm512_min_epu32
);

#[cfg(test)]
mod tests {
    use super::super::levels;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn all_levels_compute_the_definition(
            multipliers in proptest::collection::vec(any::<[u32; BLOCK]>(), 10),
            shingles in proptest::collection::vec(any::<u64>(), 0..50),
            slots in 1_usize..=10 * BLOCK,
        ) {
            let multipliers = &multipliers[..slots.div_ceil(BLOCK)];
            let least = |&a: &u32| {
                let products = shingles.iter().map(|s| ((s >> 32) as u32 ^ *s as u32).wrapping_mul(a));
                products.min().unwrap_or(u32::MAX)
            };
            let expected: Vec<u32> =
                multipliers.as_flattened()[..slots].iter().map(least).collect();
            for level in levels() {
                let mut out = vec![7; slots];
                least_products(level, multipliers, &shingles, &mut out);
                prop_assert_eq!(&out, &expected, "{:?}", level);
            }
        }
    }
}
