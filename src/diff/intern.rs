//! Words to numbers.

use std::hash::{BuildHasherDefault, Hasher};

use crate::text::token_hash;

/// No word.
const NONE: u32 = u32::MAX;

/// Exact ids of normalised words, by first appearance: an open-addressing table over one string
/// of all the words.
#[derive(Debug)]
pub(super) struct Interner {
    /// The id of the word in each slot, or [`NONE`]. At least twice as many as words.
    slots: Vec<u32>,
    hashes: Vec<u32>,
    words: String,
    /// Where each word ends in `words`.
    ends: Vec<usize>,
}

impl Default for Interner {
    fn default() -> Self {
        let slots = vec![NONE; 1 << 10];
        Self { slots, hashes: Vec::new(), words: String::new(), ends: Vec::new() }
    }
}

impl Interner {
    pub(super) fn id(&mut self, word: &str) -> u32 {
        let hash = token_hash(word);
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let id = self.slots[slot];
            if id == NONE {
                return self.add(word, hash, slot);
            }
            if self.hashes[id as usize] == hash && self.word(id) == word {
                return id;
            }
            slot = (slot + 1) & mask;
        }
    }

    /// The normalised form of a word.
    pub(super) fn word(&self, id: u32) -> &str {
        let start = id.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.words[start..self.ends[id as usize]]
    }

    fn add(&mut self, word: &str, hash: u32, slot: usize) -> u32 {
        // 2^32 different words do not fit in memory.
        let id = u32::try_from(self.ends.len()).unwrap_or(NONE);
        self.words.push_str(word);
        self.ends.push(self.words.len());
        self.hashes.push(hash);
        self.slots[slot] = id;
        if 2 * self.ends.len() > self.slots.len() {
            let size = 2 * self.slots.len();
            self.slots.clear();
            self.slots.resize(size, NONE);
            for (id, &hash) in (0..).zip(&self.hashes) {
                let mut slot = hash as usize & (size - 1);
                while self.slots[slot] != NONE {
                    slot = (slot + 1) & (size - 1);
                }
                self.slots[slot] = id;
            }
        }
        id
    }
}

/// Hashes ids, and tuples and slices of them, for tables whose order nobody sees.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct IdHasher(u64);

pub(super) type ById = BuildHasherDefault<IdHasher>;

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut padded = [0; 8];
            padded[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(padded));
        }
    }

    fn write_u32(&mut self, id: u32) {
        self.write_u64(u64::from(id));
    }

    fn write_u64(&mut self, number: u64) {
        // An odd number; the upper bits come down in `finish`.
        self.0 = (self.0.rotate_left(23) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}
