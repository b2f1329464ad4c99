//! Bytes of text, 64 at a time: ASCII in lower case, and where words start and end.
//!
//! Nothing here knows what a text means. A letter or digit is `A`–`Z`, `a`–`z` or `0`–`9`; bytes
//! from 0x80 on are whatever the caller makes of them.

use super::Level;

/// How many bytes are read together.
pub(crate) const BLOCK: usize = 64;

/// 64 bytes in registers. The masks have a bit for each byte, the first byte's lowest.
///
/// # Safety
///
/// The methods of a block may be called only where the instructions they are made of exist.
pub(super) trait Block: Copy {
    unsafe fn load(bytes: &[u8; BLOCK]) -> Self;

    /// The first bytes, and zeros after them. `bytes` is shorter than a block.
    #[inline(always)]
    unsafe fn load_part(bytes: &[u8]) -> Self {
        let mut padded = [0; BLOCK];
        padded[..bytes.len()].copy_from_slice(bytes);
        // SAFETY: as the caller promises.
        unsafe { Self::load(&padded) }
    }

    unsafe fn store(self, to: &mut [u8; BLOCK]);

    /// With `A`–`Z` as `a`–`z`.
    unsafe fn to_lower(self) -> Self;

    /// `a`–`z` and `0`–`9`.
    unsafe fn alphanumeric(self) -> u64;

    /// The bytes equal to this one, which is below 0x80.
    unsafe fn equal(self, byte: u8) -> u64;

    /// From 0x80 on.
    unsafe fn non_ascii(self) -> u64;

    /// Appends the positions of the bits, `base` added to each, at `at` in `positions`, which has
    /// room for half a block and more, and returns where they end.
    #[inline(always)]
    unsafe fn append_positions(bits: u64, base: u16, positions: &mut [u16], at: usize) -> usize {
        append_positions(bits, base, positions, at)
    }
}

/// What has been read of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lowered {
    /// So many bytes.
    pub(crate) len: usize,
    /// The last of them is a letter or digit.
    pub(crate) in_word: bool,
}

/// Copies ASCII text to `to` in lower case.
///
/// It stops before a byte from 0x80 on, before an apostrophe between two letters or digits (or
/// between one and such a byte, or one that it has not read), and where fewer than [`BLOCK`] bytes
/// of `to` are left. `in_word`: the byte before the text is a letter or digit. What `to` has after
/// the text is overwritten with anything.
pub(crate) fn to_lower(level: Level, text: &[u8], in_word: bool, to: &mut [u8]) -> Lowered {
    match level {
        // SAFETY: the level says that the processor has the instructions.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { super::x86::to_lower_avx512(text, in_word, to) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => unsafe { super::x86::to_lower_avx2(text, in_word, to) },
        // SAFETY: as above.
        #[cfg(target_arch = "aarch64")]
        Level::Neon => unsafe { to_lower_with::<super::neon::Neon>(text, in_word, to) },
        // SAFETY: every processor has the instructions.
        Level::Portable => unsafe { to_lower_with::<super::portable::Words>(text, in_word, to) },
    }
}

/// Finds the words: the longest runs of `a`–`z`, `0`–`9` and bytes from 0x80 on. Writes where each
/// starts and ends, and returns their number. A run that the end of the bytes cuts is none.
///
/// # Panics
///
/// If the number of bytes is no multiple of [`BLOCK`] or over 2¹⁵, or one of the slices is not
/// longer by [`BLOCK`] than half of it.
pub(crate) fn words(level: Level, bytes: &[u8], starts: &mut [u16], ends: &mut [u16]) -> usize {
    let room = bytes.len() / 2 + BLOCK;
    assert!(bytes.len().is_multiple_of(BLOCK) && bytes.len() <= 1 << 15);
    assert!(starts.len() >= room && ends.len() >= room);
    match level {
        // SAFETY: the level says that the processor has the instructions.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { super::x86::words_avx512(bytes, starts, ends) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => unsafe { super::x86::words_avx2(bytes, starts, ends) },
        // SAFETY: as above.
        #[cfg(target_arch = "aarch64")]
        Level::Neon => unsafe { words_with::<super::neon::Neon>(bytes, starts, ends) },
        // SAFETY: every processor has the instructions.
        Level::Portable => unsafe { words_with::<super::portable::Words>(bytes, starts, ends) },
    }
}

/// # Safety
///
/// As for [`Block`].
#[inline(always)]
pub(super) unsafe fn to_lower_with<B: Block>(text: &[u8], in_word: bool, to: &mut [u8]) -> Lowered {
    let mut at = 0;
    let mut before = u64::from(in_word);
    while at < text.len() {
        let Some(room) = to.get_mut(at..).and_then(|to| to.first_chunk_mut()) else { break };
        let rest = &text[at..];
        let whole = rest.first_chunk();
        // SAFETY: as the caller promises.
        let (alphanumeric, apostrophe, non_ascii) = unsafe {
            let block = match whole {
                Some(bytes) => B::load(bytes),
                None => B::load_part(rest),
            };
            let block = block.to_lower();
            block.store(room);
            (block.alphanumeric(), block.equal(b'\''), block.non_ascii())
        };
        let goes_on = (alphanumeric | non_ascii) >> 1 | u64::from(whole.is_some()) << 63;
        let stops = non_ascii | apostrophe & (alphanumeric << 1 | before) & goes_on;
        if stops != 0 {
            let len = stops.trailing_zeros() as usize;
            let words = alphanumeric << 1 | before;
            return Lowered { len: at + len, in_word: words >> len & 1 == 1 };
        }
        if whole.is_none() {
            let words = alphanumeric << 1 | before;
            return Lowered { len: text.len(), in_word: words >> rest.len() & 1 == 1 };
        }
        at += BLOCK;
        before = alphanumeric >> 63;
    }
    Lowered { len: at, in_word: before == 1 }
}

/// # Safety
///
/// As for [`Block`].
#[inline(always)]
pub(super) unsafe fn words_with<B: Block>(
    bytes: &[u8],
    starts: &mut [u16],
    ends: &mut [u16],
) -> usize {
    let (mut started, mut ended, mut before, mut base) = (0, 0, 0, 0);
    let (blocks, _) = bytes.as_chunks();
    for block in blocks {
        // SAFETY: as the caller promises.
        unsafe {
            let block = B::load(block);
            let word = block.alphanumeric() | block.non_ascii();
            let after = word << 1 | before;
            started = B::append_positions(word & !after, base, starts, started);
            ended = B::append_positions(after & !word, base, ends, ended);
            before = word >> 63;
        }
        base += 64;
    }
    ended
}

/// What [`Block::append_positions`] does, eight positions at a time: nearly always as many steps
/// for one block of a text as for the next.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "a position among 64 bits")]
fn append_positions(mut bits: u64, base: u16, positions: &mut [u16], at: usize) -> usize {
    let count = bits.count_ones() as usize;
    let room = &mut positions[at..at + BLOCK / 2];
    for eight in room.chunks_exact_mut(8).take(1 + count.saturating_sub(1) / 8) {
        for position in eight {
            *position = base + bits.trailing_zeros() as u16;
            bits &= bits.wrapping_sub(1);
        }
    }
    at + count
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::levels;
    use super::*;

    /// The definition of [`to_lower`] for a text that is read whole, a byte at a time.
    fn lowered(text: &[u8], in_word: bool) -> (Vec<u8>, bool) {
        let (mut lower, mut before) = (Vec::new(), in_word);
        for (at, &byte) in text.iter().enumerate() {
            let next = text.get(at + 1).is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80);
            if byte >= 0x80 || byte == b'\'' && before && next {
                break;
            }
            lower.push(byte.to_ascii_lowercase());
            before = byte.is_ascii_alphanumeric();
        }
        (lower, before)
    }

    /// The definition of [`words`].
    fn ranges(bytes: &[u8]) -> Vec<(u16, u16)> {
        let is_word = |b: &u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | 0x80..);
        let mut ranges = Vec::new();
        let mut start = None;
        for (at, byte) in bytes.iter().enumerate() {
            match (is_word(byte), start) {
                (true, None) => start = Some(at as u16),
                (false, Some(from)) => {
                    ranges.push((from, at as u16));
                    start = None;
                }
                _ => {}
            }
        }
        ranges
    }

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![
            40 => prop::sample::select(b"azAZ09 .".to_vec()),
            1 => Just(b'\''),
            1 => any::<u8>(),
        ];
        prop::collection::vec(byte, 0..300)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn lower_case_at_every_level(text in bytes(), in_word: bool, after in bytes()) {
            let (expected, is_in_word) = lowered(&text, in_word);
            for level in levels() {
                // What stands behind the text does not matter.
                let all = [&text[..], &after].concat();
                let mut to = vec![7; text.len() + 2 * BLOCK];
                let found = to_lower(level, &all[..text.len()], in_word, &mut to);
                // It may stop at an apostrophe at the end of a block.
                let stopped = found.len < expected.len();
                prop_assert!(!stopped || found.len % BLOCK == BLOCK - 1 && text[found.len] == b'\'');
                prop_assert_eq!(&to[..found.len], &expected[..found.len]);
                prop_assert!(stopped || found.in_word == is_in_word);
                prop_assert_eq!(found.len <= expected.len(), true);
            }
        }

        #[test]
        fn it_keeps_to_the_room(text in bytes(), room in 0..300_usize) {
            for level in levels() {
                let mut to = vec![7; room];
                let found = to_lower(level, &text, false, &mut to);
                prop_assert!(found.len <= room);
                let whole = lowered(&text, false).0;
                prop_assert_eq!(&to[..found.len], &whole[..found.len]);
            }
        }

        #[test]
        fn words_at_every_level(bytes in bytes(), blocks in 0..5_usize) {
            let mut bytes = bytes;
            bytes.resize(blocks * BLOCK, b'x');
            let expected = ranges(&bytes);
            for level in levels() {
                let room = bytes.len() / 2 + BLOCK;
                let (mut starts, mut ends) = (vec![0; room], vec![0; room]);
                let count = words(level, &bytes, &mut starts, &mut ends);
                let found: Vec<_> = starts.into_iter().zip(ends).take(count).collect();
                prop_assert_eq!(&found, &expected);
            }
        }
    }

    #[test]
    fn every_byte_at_every_level() {
        for level in levels() {
            for byte in 0..=255_u8 {
                let mut text = [b'-'; BLOCK];
                text[17] = byte;
                let (mut to, mut starts, mut ends) = ([0; BLOCK], [0; 96], [0; 96]);
                let len = to_lower(level, &text, false, &mut to).len;
                assert_eq!(len, if byte >= 0x80 { 17 } else { BLOCK });
                assert_eq!(to[..len], text.to_ascii_lowercase()[..len]);
                let count = words(level, &text, &mut starts, &mut ends);
                assert_eq!(count, ranges(&text).len(), "{level:?} {byte}");
            }
        }
    }
}
