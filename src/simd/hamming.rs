//! Words of bits that differ in few bits, found by comparing all with all: eight at once.

use std::ops::Range;

use super::Level;

/// Columns of words are compared so many rows at once, and end in as many rows of padding.
pub(crate) const LANES: usize = 8;

/// Finds for each of `queries`, some rows and the words to compare them with, the rows that differ
/// in at most `distance` bits. Row `i` is the word `i` of each column. `found` takes the rows of
/// the query and one that is near, in ascending order, and says whether to go on with this query.
///
/// # Panics
///
/// When a column does not reach [`LANES`] beyond the last row.
pub(crate) fn near<const N: usize>(
    level: Level,
    columns: [&[u64]; N],
    queries: impl Iterator<Item = (Range<usize>, [u64; N])>,
    distance: u32,
    found: impl FnMut(&Range<usize>, usize) -> bool,
) {
    match level {
        // SAFETY: a processor of this level has these.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { avx512(columns, queries, distance, found) },
        // SAFETY: a processor of this level has these.
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => unsafe { avx2(columns, queries, distance, found) },
        _ => compare(columns, queries, found, |blocks, words| next(blocks, words, distance)),
    }
}

/// Which of the [`LANES`] rows from `first` on, a bit for each, may differ in at most `distance`
/// bits from one of the rows from `start` up to itself: with AVX-512 those that do, and some that
/// do so from one of the [`LANES`] rows before `start`. It costs far less than [`near`].
///
/// # Panics
///
/// When a column does not reach [`LANES`] beyond `first`.
pub(crate) fn may_be_near<const N: usize>(
    level: Level,
    columns: [&[u64]; N],
    start: usize,
    first: usize,
    distance: u32,
) -> u8 {
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => {
            // Whole blocks only.
            let rows = (first - start).next_multiple_of(LANES);
            match first.checked_sub(rows) {
                // SAFETY: a processor of this level has these.
                Some(start) => unsafe { least_avx512(columns, start, first, distance) },
                None => u8::MAX,
            }
        }
        _ => u8::MAX,
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vpopcntdq")]
fn least_avx512<const N: usize>(
    columns: [&[u64]; N],
    start: usize,
    first: usize,
    distance: u32,
) -> u8 {
    use std::arch::x86_64::*;
    let own = columns.map(|column| &column[first..first + LANES]);
    let words: [[_; N]; LANES] =
        std::array::from_fn(|row| own.map(|own| _mm512_set1_epi64(own[row].cast_signed())));
    let differ = |rows: [__m512i; N], words: [__m512i; N]| {
        let mut differ = _mm512_setzero_si512();
        for word in 0..N {
            let bits = _mm512_popcnt_epi64(_mm512_xor_si512(rows[word], words[word]));
            differ = _mm512_add_epi64(differ, bits);
        }
        differ
    };
    let blocks: [&[[u64; LANES]]; N] = columns.map(|column| column[start..first].as_chunks().0);
    // No branch until the end: the least differences of each row stay in a register.
    let mut least = [_mm512_set1_epi64(i64::MAX); LANES];
    for block in 0..blocks[0].len() {
        // SAFETY: a block of eight words fills a register.
        let rows =
            blocks.map(|blocks| unsafe { _mm512_loadu_si512(blocks[block].as_ptr().cast()) });
        for row in 0..LANES {
            least[row] = _mm512_min_epu64(least[row], differ(rows, words[row]));
        }
    }
    // SAFETY: these are eight words.
    let rows = own.map(|own| unsafe { _mm512_loadu_si512(own.as_ptr().cast()) });
    let most = _mm512_set1_epi64(i64::from(distance));
    (0..LANES).fold(0, |near, row| {
        let before = (1 << row) - 1;
        let least = _mm512_mask_min_epu64(least[row], before, least[row], differ(rows, words[row]));
        near | u8::from(_mm512_cmple_epu64_mask(least, most) != 0) << row
    })
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vpopcntdq")]
fn avx512<const N: usize>(
    columns: [&[u64]; N],
    queries: impl Iterator<Item = (Range<usize>, [u64; N])>,
    distance: u32,
    found: impl FnMut(&Range<usize>, usize) -> bool,
) {
    use std::arch::x86_64::*;
    let most = _mm512_set1_epi64(i64::from(distance));
    compare(columns, queries, found, |blocks, words| {
        let words = words.map(|word| _mm512_set1_epi64(word.cast_signed()));
        (0..blocks[0].len()).find_map(|block| {
            let mut differ = _mm512_setzero_si512();
            for word in 0..N {
                // SAFETY: a block of eight words fills a register.
                let rows = unsafe { _mm512_loadu_si512(blocks[word][block].as_ptr().cast()) };
                let bits = _mm512_popcnt_epi64(_mm512_xor_si512(rows, words[word]));
                differ = _mm512_add_epi64(differ, bits);
            }
            let near = _mm512_cmple_epu64_mask(differ, most);
            (near != 0).then_some((block, near))
        })
    });
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,popcnt")]
fn avx2<const N: usize>(
    columns: [&[u64]; N],
    queries: impl Iterator<Item = (Range<usize>, [u64; N])>,
    distance: u32,
    found: impl FnMut(&Range<usize>, usize) -> bool,
) {
    compare(columns, queries, found, |blocks, words| next(blocks, words, distance));
}

/// The first block of rows of which some differ from these words in at most `distance` bits, and a
/// bit for each that does.
#[inline(always)]
fn next<const N: usize>(
    blocks: [&[[u64; LANES]]; N],
    words: [u64; N],
    distance: u32,
) -> Option<(usize, u8)> {
    (0..blocks[0].len()).find_map(|block| {
        let near = (0..LANES).fold(0, |near, lane| {
            let differ = |word: usize| (blocks[word][block][lane] ^ words[word]).count_ones();
            near | u8::from((0..N).map(differ).sum::<u32>() <= distance) << lane
        });
        (near != 0).then_some((block, near))
    })
}

/// [`near`] with [`next`] by the instructions of a level.
#[inline(always)]
fn compare<const N: usize>(
    columns: [&[u64]; N],
    queries: impl Iterator<Item = (Range<usize>, [u64; N])>,
    mut found: impl FnMut(&Range<usize>, usize) -> bool,
    next: impl Fn([&[[u64; LANES]]; N], [u64; N]) -> Option<(usize, u8)>,
) {
    'queries: for (rows, words) in queries {
        // The padding fills the last block.
        let blocks = rows.len().div_ceil(LANES);
        let mut blocks: [&[[u64; LANES]]; N] =
            columns.map(|column| &column[rows.start..].as_chunks().0[..blocks]);
        let mut first = rows.start;
        while let Some((block, mut near)) = next(blocks, words) {
            first += block * LANES;
            if rows.end - first < LANES {
                near &= !(u8::MAX << (rows.end - first));
            }
            while near > 0 {
                if !found(&rows, first + near.trailing_zeros() as usize) {
                    continue 'queries;
                }
                near &= near - 1;
            }
            first += LANES;
            blocks = blocks.map(|blocks| &blocks[block + 1..]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::levels;
    use super::*;
    use proptest::prelude::*;

    type Queries<const N: usize> = Vec<(Range<usize>, [u64; N])>;

    /// The definition, row by row.
    fn naive<const N: usize>(
        columns: [&[u64]; N],
        queries: &Queries<N>,
        distance: u32,
    ) -> Vec<(Range<usize>, usize)> {
        let mut pairs = Vec::new();
        for (rows, words) in queries {
            let differ = |row: usize| -> u32 {
                (0..N).map(|word| (columns[word][row] ^ words[word]).count_ones()).sum()
            };
            let near = rows.clone().filter(|&row| differ(row) <= distance);
            pairs.extend(near.map(|row| (rows.clone(), row)));
        }
        pairs
    }

    /// The law, for columns of which the last [`LANES`] rows are padding.
    fn alike<const N: usize>(columns: [&[u64]; N], distance: u32) -> Result<(), TestCaseError> {
        let len = columns[0].len() - LANES;
        let queries: Queries<N> =
            (0..=len).map(|row| (row / 3..row, columns.map(|column| column[row]))).collect();
        let expected = naive(columns, &queries, distance);
        let mut firsts = expected.clone();
        firsts.dedup_by_key(|pair| pair.0.clone());
        for level in levels() {
            let run = |all: bool| {
                let mut pairs = Vec::new();
                near(level, columns, queries.iter().cloned(), distance, |rows, row| {
                    pairs.push((rows.clone(), row));
                    all
                });
                pairs
            };
            prop_assert_eq!(&run(true), &expected, "{:?}", level);
            // Who wants no more than the first gets that of each query.
            prop_assert_eq!(&run(false), &firsts, "{:?}", level);
            // No row that is near an earlier one is passed over.
            for first in (0..len).step_by(LANES) {
                let near = may_be_near(level, columns, first / 3, first, distance);
                for row in first..len.min(first + LANES) {
                    let query = [(first / 3..row, columns.map(|column| column[row]))];
                    let is_near = !naive(columns, &query.to_vec(), distance).is_empty();
                    prop_assert!(near >> (row - first) & 1 == 1 || !is_near, "{:?}", level);
                }
            }
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn all_levels_compare_alike(
            words in proptest::collection::vec((any::<u64>(), any::<u64>()), LANES..80),
            mask: u64,
            distance in 0_u32..128,
        ) {
            // Rows that agree in many bits, as those of one language do.
            let low: Vec<u64> = words.iter().map(|pair| pair.0 & mask).collect();
            let high: Vec<u64> = words.iter().map(|pair| pair.1 & mask).collect();
            alike([&low], distance / 2)?;
            alike([&low, &high], distance)?;
        }
    }
}
