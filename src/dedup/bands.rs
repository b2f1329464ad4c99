//! What is kept of MinHash signatures: the keys of their bands, and a byte of each slot.

use crate::lsh::CandidatePairs;
use crate::lsh::banding::Banding;

use super::near::Near;
use super::settings::Settings;
use super::store::Store;

/// The MinHash signatures of some texts, by number. They lie in another order.
#[derive(Debug)]
pub(super) struct Bands {
    /// By row, the keys of all bands, if there is anything to sign.
    keys: Store,
    /// By row, the lowest byte of each slot; no rows if nobody asks for them.
    slots: Store,
    /// By number, the row.
    rows: Vec<u32>,
}

/// Some of them, in the order in which they lie.
#[derive(Debug, Default)]
pub(super) struct Part {
    keys: Store,
    slots: Store,
}

impl Part {
    /// Adds a signature, or the lack of one, and its slots too if they are asked for.
    pub(super) fn push(&mut self, banding: &Banding, signature: Option<&[u32]>, with_slots: bool) {
        if let Some(signature) = signature {
            banding.append_keys(signature, self.keys.items());
        }
        self.keys.end();
        if with_slots {
            let four = |slots: &[u32]| slots.iter().fold(0, |four, slot| four << 8 | slot & 0xff);
            self.slots.items().extend(signature.unwrap_or_default().chunks(4).map(four));
            self.slots.end();
        }
    }
}

impl Bands {
    /// No signatures yet, of texts that will come in this order.
    pub(super) fn new(settings: &Settings, order: &[u32]) -> Self {
        let mut rows = vec![0; order.len()];
        (0..).zip(order).for_each(|(row, &number)| rows[number as usize] = row);
        let store = || Store::new(settings.scratch.clone());
        Self { keys: store(), slots: store(), rows }
    }

    /// Adds the next ones.
    pub(super) fn append(&mut self, part: &Part) {
        self.keys.append(&part.keys);
        self.slots.append(&part.slots);
    }

    /// The pairs of texts that agree in a band.
    pub(super) fn candidates(&self, banding: &Banding, bucket_limit: usize) -> CandidatePairs {
        let mut numbers = vec![0; self.rows.len()];
        (0..).zip(&self.rows).for_each(|(number, &row)| numbers[row as usize] = number);
        let pieces = self.keys.pieces();
        banding.pairs_of(numbers.len(), bucket_limit, &pieces, |piece, buffer, each| {
            self.keys.for_each_of(piece.clone(), buffer, |row, keys| {
                if !keys.is_empty() {
                    each(numbers[row], keys);
                }
            });
        })
    }

    /// Reads the slots of some texts.
    pub(super) fn load(&self, near: &mut Near, numbers: impl Iterator<Item = u32>) {
        near.load(&self.slots, numbers.map(|number| self.rows[number as usize]));
    }

    /// Begins to load slots that are needed soon, if they are in memory.
    pub(super) fn prefetch(&self, number: u32) {
        self.slots.prefetch(self.rows[number as usize] as usize);
    }

    /// The number of slots that two texts, of so many slots each, may have in common: all that they
    /// have, and of the others one in 256.
    pub(super) fn equal(&self, near: &Near, a: u32, b: u32, slots: usize) -> usize {
        let row = |number: u32| near.row(&self.slots, self.rows[number as usize]);
        let (a, b) = (row(a), row(b));
        let equal = |(a, b): (&u32, &u32)| {
            let differ = (a ^ b).to_le_bytes();
            differ.into_iter().filter(|&differs| differs == 0).count()
        };
        // Behind the last slots there is nothing, in both.
        let nothing = 4 * a.len() - slots.min(4 * a.len());
        a.iter().zip(&*b).map(equal).sum::<usize>().saturating_sub(nothing)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Deduper, Measure};

    proptest! {
        /// Slots are equal when their lowest bytes are, wherever they lie.
        #[test]
        fn equal_slots_are_counted(
            signatures in proptest::collection::vec(
                proptest::option::of(proptest::collection::vec(
                    prop_oneof![0u32..3, 256u32..259],
                    101,
                )),
                1..6,
            ),
            is_spilled: bool,
        ) {
            let mut builder = Deduper::builder().measure(Measure::Jaccard);
            if is_spilled {
                builder = builder.scratch(std::env::temp_dir(), 0);
            }
            let settings = builder.build().unwrap().settings;
            let banding = Banding::new(101, 1).unwrap();
            // They lie the other way round.
            let last = u32::try_from(signatures.len()).unwrap() - 1;
            let order: Vec<u32> = (0..=last).rev().collect();
            let mut bands = Bands::new(&settings, &order);
            for signature in signatures.iter().rev() {
                let mut part = Part::default();
                part.push(&banding, signature.as_deref(), true);
                bands.append(&part);
            }
            let mut near = Near::default();
            bands.load(&mut near, order.iter().copied());
            for (a, first) in (0..).zip(&signatures) {
                for (b, second) in (0..).zip(&signatures) {
                    let both = first.iter().flatten().zip(second.iter().flatten());
                    let naive = both.filter(|(a, b)| *a & 0xff == *b & 0xff).count();
                    let is_any = first.is_some() && second.is_some();
                    prop_assert!(!is_any || bands.equal(&near, a, b, 101) == naive);
                }
            }
        }
    }
}
