//! Sets of positions in an article, a bit each.

use std::ops::Range;

/// A set of positions.
#[derive(Debug, Default)]
pub(super) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// Makes it empty, for positions below `length`.
    pub(super) fn reset(&mut self, length: usize) {
        self.words.clear();
        self.words.resize(length.div_ceil(64), 0);
    }

    /// Takes over another set.
    pub(super) fn copy(&mut self, other: &Self) {
        self.words.clone_from(&other.words);
    }

    pub(super) fn mark(&mut self, range: Range<usize>) {
        for_each_word(range, |word, bits| self.words[word] |= bits);
    }

    /// Marks a range, and in another set what was marked before.
    pub(super) fn mark_again(&mut self, range: Range<usize>, again: &mut Self) {
        for_each_word(range, |word, bits| {
            again.words[word] |= self.words[word] & bits;
            self.words[word] |= bits;
        });
    }

    /// Marks the positions from `start` on that have a bit, the lowest first.
    pub(super) fn mark_bits(&mut self, start: usize, bits: u64) {
        if bits != 0 {
            let (word, shift) = (start / 64, start % 64);
            self.words[word] |= bits << shift;
            let rest = bits >> 1 >> (63 - shift);
            if rest != 0 {
                self.words[word + 1] |= rest;
            }
        }
    }

    pub(super) fn clear(&mut self, range: Range<usize>) {
        for_each_word(range, |word, bits| self.words[word] &= !bits);
    }

    pub(super) fn has(&self, position: usize) -> bool {
        self.words[position / 64] >> (position % 64) & 1 == 1
    }

    pub(super) fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Gives the positions of a range that are in the set to `each`, ascending.
    pub(super) fn for_each_within(&self, range: Range<usize>, mut each: impl FnMut(usize)) {
        for_each_word(range, |word, bits| {
            let mut left = self.words[word] & bits;
            while left != 0 {
                each(64 * word + left.trailing_zeros() as usize);
                left &= left - 1;
            }
        });
    }

    /// How many positions at the start of a range are not in the set.
    pub(super) fn free(&self, range: Range<usize>) -> usize {
        let Range { start, end } = range;
        let mut at = start;
        while at < end {
            let left = self.words[at / 64] >> (at % 64);
            if left != 0 {
                return (at + left.trailing_zeros() as usize).min(end) - start;
            }
            at = at / 64 * 64 + 64;
        }
        end.saturating_sub(start)
    }
}

/// Gives the words that hold a range to `each`, with the bits of it that are in the range.
#[inline]
fn for_each_word(range: Range<usize>, mut each: impl FnMut(usize, u64)) {
    if range.is_empty() {
        return;
    }
    let (first, last) = (range.start / 64, (range.end - 1) / 64);
    let head = u64::MAX << (range.start % 64);
    let tail = u64::MAX >> (63 - (range.end - 1) % 64);
    if first == last {
        return each(first, head & tail);
    }
    each(first, head);
    (first + 1..last).for_each(|word| each(word, u64::MAX));
    each(last, tail);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    const LENGTH: usize = 200;

    fn range() -> impl Strategy<Value = Range<usize>> {
        (0..=LENGTH, 0..=LENGTH).prop_map(|(a, b)| a.min(b)..a.max(b))
    }

    fn all(bits: &Bits) -> BTreeSet<usize> {
        (0..LENGTH).filter(|&position| bits.has(position)).collect()
    }

    proptest! {
        /// Bits are sets of numbers.
        #[test]
        fn bits_are_a_set(
            marked in proptest::collection::vec(range(), 0..6),
            cleared in range(),
            asked in range(),
        ) {
            let [mut bits, mut again] = <[Bits; 2]>::default();
            bits.reset(LENGTH);
            again.reset(LENGTH);
            let (mut set, mut twice) = (BTreeSet::new(), BTreeSet::new());
            for range in marked {
                bits.mark_again(range.clone(), &mut again);
                range.filter(|&position| !set.insert(position)).for_each(|position| {
                    twice.insert(position);
                });
            }
            prop_assert_eq!(all(&again), twice);
            bits.clear(cleared.clone());
            set.retain(|position| !cleared.contains(position));
            prop_assert_eq!(bits.count(), set.len());
            prop_assert_eq!(&all(&bits), &set);
            let within: Vec<usize> = set.range(asked.clone()).copied().collect();
            prop_assert_eq!(bits.free(asked.clone()), within.first().unwrap_or(&asked.end) - asked.start);
            let mut found = Vec::new();
            bits.for_each_within(asked, |position| found.push(position));
            prop_assert_eq!(found, within);
        }
    }
}
