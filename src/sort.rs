//! Radix sort of whole numbers: what a corpus is sorted by is mostly a hash with an id behind it.

use std::ops::Range;

use crate::parallel;

/// Up to this many numbers, histograms cost more than comparisons.
const FEW: usize = 128;

/// Up to this many numbers, one group is quicker than several.
const ONE_GROUP: usize = 1 << 17;

/// About so many numbers are a group, for the caches of one core to hold it and its copy.
const GROUP: usize = 1 << 15;

/// Numbers that a thread takes at a time when they are dealt out to groups.
const PIECE: usize = 1 << 16;

/// The most bits that are looked at together.
const DIGIT: u32 = 8;

/// The values of a digit.
const VALUES: usize = 1 << DIGIT;

/// Sorts by some of the bits, counted from the lowest: `0..64` sorts numbers, `32..64` pairs of
/// which the upper half is the key. Numbers that agree in these bits keep their order.
///
/// `buffer` is scratch space. It grows to the length of `items`, and is of use again.
///
/// # Cost
///
/// One pass over `items` for each 8 bits, so ask for no more bits than tell the numbers apart. Of
/// many numbers, a first pass makes groups by their highest bits, which threads then sort side by
/// side; keys that all agree in those are sorted by one thread.
pub(crate) fn radix_sort(items: &mut [u64], buffer: &mut Vec<u64>, bits: Range<u32>) {
    debug_assert!(bits.end <= 64, "a u64 has no bits {bits:?}");
    if bits.is_empty() || items.len() < 2 {
        return;
    }
    if buffer.len() < items.len() {
        buffer.resize(items.len(), 0);
    }
    let buffer = &mut buffer[..items.len()];
    if items.len() <= ONE_GROUP {
        if sort_group(items, buffer, bits) {
            items.copy_from_slice(buffer);
        }
        return;
    }
    let split = (items.len() / GROUP).ilog2().min(DIGIT).min(bits.end - bits.start);
    let rest = bits.start..bits.end - split;
    let groups = deal(items, buffer, rest.end..bits.end);
    let (mut items, mut buffer) = (items, buffer);
    let mut tasks = Vec::with_capacity(groups.len());
    for length in groups {
        let (group, others) = items.split_at_mut(length);
        let (dealt, others_dealt) = buffer.split_at_mut(length);
        (items, buffer) = (others, others_dealt);
        tasks.push((group, dealt));
    }
    parallel::for_each(tasks, |(group, dealt)| {
        if !sort_group(dealt, group, rest.clone()) {
            group.copy_from_slice(dealt);
        }
    });
}

/// Moves the items to `out`, in the order of these bits, at most [`DIGIT`], and returns how many
/// there are of each value.
fn deal(items: &[u64], out: &mut [u64], bits: Range<u32>) -> Vec<usize> {
    let values = 1 << (bits.end - bits.start);
    let pieces: Vec<&[u64]> = items.chunks(PIECE).collect();
    let counts = parallel::map_with(&pieces, || (), |(), piece| count(piece, &bits));
    // Each piece has a place of its own for each value.
    let none = || [(); VALUES].map(|()| [].iter_mut());
    let mut places: Vec<_> = pieces.iter().map(|_| none()).collect();
    let mut groups = Vec::with_capacity(values);
    let mut out = out;
    for value in 0..values {
        groups.push(counts.iter().map(|counts| counts[value]).sum());
        for (places, counts) in places.iter_mut().zip(&counts) {
            let (place, rest) = out.split_at_mut(counts[value]);
            out = rest;
            places[value] = place.iter_mut();
        }
    }
    parallel::for_each(pieces.into_iter().zip(places).collect(), |(piece, mut places)| {
        for &item in piece {
            if let Some(place) = places[digit(item, &bits)].next() {
                *place = item;
            }
        }
    });
    groups
}

/// Sorts from the lowest digit to the highest, moving the items to `buffer` and back, and says
/// whether they are there in the end.
fn sort_group(items: &mut [u64], buffer: &mut [u64], bits: Range<u32>) -> bool {
    let width = bits.end - bits.start;
    if items.len() <= FEW {
        if width > 0 {
            items.sort_by_key(|item| item << (64 - bits.end) >> (64 - width));
        }
        return false;
    }
    let passes = width.div_ceil(DIGIT);
    let (mut from, mut to) = (items, buffer);
    let mut moved = false;
    for pass in 0..passes {
        let digits = bits.start + width * pass / passes..bits.start + width * (pass + 1) / passes;
        let counts = count(from, &digits);
        if counts[digit(from[0], &digits)] == from.len() {
            continue;
        }
        let mut next = 0;
        let mut places = counts.map(|count| {
            next += count;
            next - count
        });
        for &item in &*from {
            let place = &mut places[digit(item, &digits)];
            to[*place] = item;
            *place += 1;
        }
        (from, to) = (to, from);
        moved = !moved;
    }
    moved
}

/// How many items have each value of a digit.
fn count(items: &[u64], bits: &Range<u32>) -> [usize; VALUES] {
    let mut counts = [0; VALUES];
    for &item in items {
        counts[digit(item, bits)] += 1;
    }
    counts
}

/// The value of some bits, at most [`DIGIT`].
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "a digit is short")]
fn digit(item: u64, bits: &Range<u32>) -> usize {
    (item >> bits.start) as usize & ((1 << (bits.end - bits.start)) - 1) & (VALUES - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Numbers without order.
    fn sample(seed: u64, length: usize) -> Vec<u64> {
        let number = |i: u64| (seed ^ i).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
        (0..length as u64).map(|i| number(number(i))).collect()
    }

    fn check(items: &[u64], bits: Range<u32>) {
        let width = bits.end - bits.start;
        let mut expected = items.to_vec();
        expected.sort_by_key(|&item| u128::from(item) >> bits.start & ((1 << width) - 1));
        // What is in the buffer is of no consequence.
        let (mut sorted, mut buffer) = (items.to_vec(), vec![7; items.len() / 2]);
        radix_sort(&mut sorted, &mut buffer, bits.clone());
        assert!(sorted == expected, "{} items, {bits:?}", items.len());
    }

    proptest! {
        #[test]
        fn sorts_as_the_standard_library_does(
            seed: u64,
            length in 0_usize..2000,
            range in 0_u32..65,
            bits in (0_u32..65, 0_u32..65),
        ) {
            let mut items = sample(seed, length);
            items.iter_mut().for_each(|item| *item = item.checked_shr(range).unwrap_or(0));
            check(&items, bits.0.min(bits.1)..bits.0.max(bits.1));
        }
    }

    #[test]
    fn sorts_many() {
        for length in [FEW + 1, ONE_GROUP, ONE_GROUP + 1, 5 * PIECE + 1, 40 * GROUP] {
            let items = sample(1, length);
            let skewed: Vec<u64> = items.iter().map(|item| item & item << 7 & item << 20).collect();
            let few: Vec<u64> = items.iter().map(|item| (item % 3) << 60).collect();
            for bits in [0..64, 32..64, 13..32, 61..64, 5..5, 9..10] {
                check(&items, bits.clone());
                check(&skewed, bits.clone());
                check(&few, bits);
            }
        }
    }
}
