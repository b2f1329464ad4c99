//! The table of the incremental indexes: key to ids.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};

/// Ids by key. The keys are well mixed; no order of theirs ever leaves.
#[derive(Clone, Debug, Default)]
pub(super) struct Buckets(HashMap<u64, Bucket, BuildHasherDefault<Mixed>>);

/// The ids of one key, in ascending order. Most keys have one, which needs no allocation.
#[derive(Clone, Debug)]
enum Bucket {
    One(u32),
    Many(Vec<u32>),
}

impl Buckets {
    /// Adds an id, unless it is there.
    pub(super) fn insert(&mut self, key: u64, id: u32) {
        match self.0.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(Bucket::One(id));
            }
            Entry::Occupied(mut entry) => match entry.get_mut() {
                Bucket::One(first) if *first == id => {}
                Bucket::One(first) => {
                    let ids = vec![id.min(*first), id.max(*first)];
                    entry.insert(Bucket::Many(ids));
                }
                Bucket::Many(ids) => {
                    if let Err(place) = ids.binary_search(&id) {
                        ids.insert(place, id);
                    }
                }
            },
        }
    }

    /// Takes an id out and says whether it was there.
    pub(super) fn remove(&mut self, key: u64, id: u32) -> bool {
        let Entry::Occupied(mut entry) = self.0.entry(key) else { return false };
        let (found, empty) = match entry.get_mut() {
            Bucket::One(only) => (*only == id, *only == id),
            Bucket::Many(ids) => {
                let place = ids.binary_search(&id);
                if let Ok(place) = place {
                    ids.remove(place);
                }
                (place.is_ok(), ids.is_empty())
            }
        };
        if empty {
            entry.remove();
        }
        found
    }

    /// The ids of a key, in ascending order.
    pub(super) fn get(&self, key: u64) -> &[u32] {
        match self.0.get(&key) {
            None => &[],
            Some(Bucket::One(id)) => std::slice::from_ref(id),
            Some(Bucket::Many(ids)) => ids,
        }
    }
}

/// Passes a well-mixed key through.
#[derive(Clone, Debug, Default)]
struct Mixed(u64);

impl Hasher for Mixed {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    proptest! {
        #[test]
        fn buckets_are_a_map_of_sets(
            steps in proptest::collection::vec((any::<bool>(), 0_u64..4, 0_u32..6), 0..60),
        ) {
            let mut buckets = Buckets::default();
            let mut oracle = BTreeMap::<u64, BTreeSet<u32>>::new();
            for (insert, key, id) in steps {
                let ids = oracle.entry(key).or_default();
                if insert {
                    buckets.insert(key, id);
                    ids.insert(id);
                } else {
                    prop_assert_eq!(buckets.remove(key, id), ids.remove(&id));
                }
                prop_assert_eq!(buckets.get(key), ids.iter().copied().collect::<Vec<_>>());
            }
            oracle.retain(|_, ids| !ids.is_empty());
            prop_assert_eq!(buckets.0.len(), oracle.len());
        }
    }
}
