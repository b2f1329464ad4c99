//! A hash table from hashes to small numbers, and a filter to ask before a table that is large.

/// Numbers by 32-bit hashes that are well mixed in their lower bits. Made to be reused.
#[derive(Debug, Default)]
pub(crate) struct Lookup {
    /// Open addressing, at least two slots for each hash: hash and number, or [`Lookup::NONE`].
    slots: Vec<(u32, u32)>,
}

impl Lookup {
    /// The number of a hash that is not there.
    pub(crate) const NONE: u32 = u32::MAX;

    /// Drops all, and makes room for so many hashes.
    pub(crate) fn reset(&mut self, hashes: usize) {
        self.slots.clear();
        self.slots.resize((2 * hashes).next_power_of_two().max(8), (0, Self::NONE));
    }

    /// Gives a hash a number below [`NONE`](Self::NONE), unless it has one. Returns the one it has.
    /// There is room only for as many hashes as were announced.
    pub(crate) fn insert(&mut self, hash: u32, number: u32) -> u32 {
        let slot = self.slot(hash);
        if self.slots[slot].1 == Self::NONE {
            self.slots[slot] = (hash, number);
        }
        self.slots[slot].1
    }

    /// The number of a hash, or [`NONE`](Self::NONE).
    pub(crate) fn get(&self, hash: u32) -> u32 {
        self.slots[self.slot(hash)].1
    }

    /// Where a hash is, or would go.
    fn slot(&self, hash: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        while self.slots[slot].0 != hash && self.slots[slot].1 != Self::NONE {
            slot = (slot + 1) & mask;
        }
        slot
    }
}

/// Which hashes may be in a set: all that are, and about one in 60 of the others. The hashes are
/// well mixed. (A Bloom filter of which each element sets two bits of one word: Putze, Sanders and
/// Singler, "Cache-, Hash- and Space-Efficient Bloom Filters", 2007.)
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// At least 16 bits for each element.
    words: Vec<u64>,
}

impl Filter {
    pub(crate) fn new(hashes: impl ExactSizeIterator<Item = u64>) -> Self {
        let count = (hashes.len() / 4).next_power_of_two().max(16);
        let mut filter = Self { words: vec![0; count] };
        for hash in hashes {
            let (word, bits) = filter.place(hash);
            filter.words[word] |= bits;
        }
        filter
    }

    /// Whether a hash may be in the set.
    #[inline]
    pub(crate) fn may_have(&self, hash: u64) -> bool {
        let (word, bits) = self.place(hash);
        self.words.get(word).is_some_and(|word| word & bits == bits)
    }

    fn place(&self, hash: u64) -> (usize, u64) {
        let word = (hash >> 12) as usize & self.words.len().wrapping_sub(1);
        (word, 1 << (hash & 63) | 1 << (hash >> 6 & 63))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        /// A filter has what was put in, and little else.
        #[test]
        fn a_filter_has_all_and_little_else(count in 0u64..3000) {
            let mix = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31);
            let mix = |number| mix(mix(number) ^ 7);
            let hashes: Vec<u64> = (0..count).map(mix).collect();
            let filter = Filter::new(hashes.iter().copied());
            prop_assert!(hashes.iter().all(|&hash| filter.may_have(hash)));
            let others = (count..count + 10_000).filter(|&other| filter.may_have(mix(other)));
            prop_assert!(others.count() < 500);
        }

        #[test]
        fn a_lookup_is_a_map_that_keeps_the_first(
            texts in proptest::collection::vec(proptest::collection::vec(0u32..60, 0..40), 1..4),
        ) {
            let mut lookup = Lookup::default();
            for hashes in texts {
                lookup.reset(hashes.len());
                let mut oracle = BTreeMap::new();
                for (number, &hash) in (0..).zip(&hashes) {
                    let first = *oracle.entry(hash).or_insert(number);
                    prop_assert_eq!(lookup.insert(hash, number), first);
                }
                for hash in 0..60 {
                    let expected = oracle.get(&hash).copied().unwrap_or(Lookup::NONE);
                    prop_assert_eq!(lookup.get(hash), expected);
                }
            }
        }
    }
}
