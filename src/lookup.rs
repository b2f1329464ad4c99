//! A hash table from hashes to small numbers.

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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
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
