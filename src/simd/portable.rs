//! 64 bytes as eight words of eight.

use super::bytes::{BLOCK, Block};

#[derive(Clone, Copy)]
pub(super) struct Words([u64; 8]);

/// The same byte eight times.
const fn all(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

const HIGH: u64 = all(0x80);

/// The high bit of each byte that is from `first` to `last`, both below 0x80.
fn between(bytes: u64, first: u8, last: u8) -> u64 {
    let low = bytes & !HIGH;
    (low + all(0x80 - first)) & !(low + all(0x7F - last)) & !bytes & HIGH
}

/// The high bits of 64 bytes.
fn mask(words: [u64; 8]) -> u64 {
    let bytes = words.map(|bits| ((bits & HIGH) >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56);
    bytes.iter().rev().fold(0, |mask, byte| mask << 8 | byte)
}

impl Block for Words {
    unsafe fn load(bytes: &[u8; BLOCK]) -> Self {
        let (words, _) = bytes.as_chunks();
        Self(std::array::from_fn(|i| u64::from_le_bytes(words[i])))
    }

    unsafe fn store(self, to: &mut [u8; BLOCK]) {
        for (to, word) in to.as_chunks_mut().0.iter_mut().zip(self.0) {
            *to = word.to_le_bytes();
        }
    }

    unsafe fn to_lower(self) -> Self {
        // 0x80 / 4 is what a letter's cases differ by.
        Self(self.0.map(|bytes| bytes | between(bytes, b'A', b'Z') >> 2))
    }

    unsafe fn alphanumeric(self) -> u64 {
        mask(self.0.map(|bytes| between(bytes, b'a', b'z') | between(bytes, b'0', b'9')))
    }

    unsafe fn equal(self, byte: u8) -> u64 {
        mask(self.0.map(|bytes| between(bytes, byte, byte)))
    }

    unsafe fn non_ascii(self) -> u64 {
        mask(self.0)
    }
}
