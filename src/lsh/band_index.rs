//! Banding, one article at a time.

use super::banding::Banding;
use super::buckets::Buckets;
use crate::Error;

/// MinHash signatures that can be added, asked for and removed one by one. The candidates are those
/// that [`Banding::pairs`] finds in bulk without a limit, but for the few that it finds by chance; in
/// bulk it is quicker and smaller.
///
/// The index keeps keys, not signatures.
///
/// # Cost
///
/// About 50 bytes for each article and band, so 2 KB an article for 42 bands. A bucket has no
/// limit here: an article that falls together with a million others has a million candidates.
#[derive(Clone, Debug)]
pub struct BandIndex {
    banding: Banding,
    slots: usize,
    buckets: Buckets,
}

impl BandIndex {
    /// An empty index for signatures of `slots` slots.
    ///
    /// # Errors
    ///
    /// When `slots` is less than [`Banding::slots_used`].
    pub fn new(banding: Banding, slots: usize) -> Result<Self, Error> {
        if slots < banding.slots_used() {
            return Err(Error::parameter("slots", "at least bands × rows", slots));
        }
        Ok(Self { banding, slots, buckets: Buckets::default() })
    }

    /// The bands.
    pub fn banding(&self) -> Banding {
        self.banding
    }

    /// The number of slots of a signature.
    pub fn slots(&self) -> usize {
        self.slots
    }

    /// Adds an article. Ids are the caller's, in any order, and one can be added again with the
    /// same signature to no effect. Do not add an empty article: it would be a candidate for every
    /// other empty one.
    ///
    /// # Panics
    ///
    /// When `signature` has not [`slots`](Self::slots) slots.
    pub fn insert(&mut self, id: u32, signature: &[u32]) {
        for band in 0..self.banding.bands() {
            self.buckets.insert(self.key(signature, band), id);
        }
    }

    /// Replaces the content of `out` by the ids of all articles that share a band with this
    /// signature, in ascending order.
    ///
    /// # Panics
    ///
    /// When `signature` has not [`slots`](Self::slots) slots.
    pub fn candidates(&self, signature: &[u32], out: &mut Vec<u32>) {
        out.clear();
        for band in 0..self.banding.bands() {
            out.extend_from_slice(self.buckets.get(self.key(signature, band)));
        }
        out.sort_unstable();
        out.dedup();
    }

    /// Removes an article, given with the signature that it was added with, and says whether it
    /// was there.
    ///
    /// # Panics
    ///
    /// When `signature` has not [`slots`](Self::slots) slots.
    pub fn remove(&mut self, id: u32, signature: &[u32]) -> bool {
        let mut found = false;
        for band in 0..self.banding.bands() {
            found |= self.buckets.remove(self.key(signature, band), id);
        }
        found
    }

    fn key(&self, signature: &[u32], band: usize) -> u64 {
        assert_eq!(signature.len(), self.slots, "the signature must have the slots of the index");
        self.banding.key(signature, band)
    }
}

#[cfg(test)]
mod tests {
    use super::super::banding::tests::{corpus, naive};
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn candidates_are_the_pairs((banding, slots, signatures) in corpus()) {
            let mut index = BandIndex::new(banding, slots).unwrap();
            let (mut pairs, mut out) = (Vec::new(), Vec::new());
            for (id, signature) in (0..).zip(signatures.chunks(slots)) {
                index.candidates(signature, &mut out);
                pairs.extend(out.iter().map(|&other| (other, id)));
                index.insert(id, signature);
                index.insert(id, signature);
            }
            pairs.sort_unstable();
            prop_assert_eq!(pairs, naive(banding, &signatures, slots));
        }

        #[test]
        fn what_is_removed_was_never_there((banding, slots, signatures) in corpus()) {
            let mut index = BandIndex::new(banding, slots).unwrap();
            let mut only_even = BandIndex::new(banding, slots).unwrap();
            for (id, signature) in (0_u32..).zip(signatures.chunks(slots)) {
                index.insert(id, signature);
                if id.is_multiple_of(2) {
                    only_even.insert(id, signature);
                }
            }
            for (id, signature) in (0..).zip(signatures.chunks(slots)).skip(1).step_by(2) {
                prop_assert!(index.remove(id, signature));
                prop_assert!(!index.remove(id, signature));
            }
            let (mut left, mut right) = (Vec::new(), Vec::new());
            for signature in signatures.chunks(slots) {
                index.candidates(signature, &mut left);
                only_even.candidates(signature, &mut right);
                prop_assert_eq!(&left, &right);
            }
        }
    }

    #[test]
    fn too_few_slots_are_an_error() {
        assert!(BandIndex::new(Banding::new(4, 2).unwrap(), 7).is_err());
        assert!(BandIndex::new(Banding::new(4, 2).unwrap(), 8).is_ok());
    }
}
