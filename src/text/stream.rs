//! Text to the hashes of its tokens, without ranges: the fast way.
//!
//! First the text becomes a stream of folded words with separators between them, then the stream
//! is searched for words, and each is hashed where it stands. ASCII is copied into the stream 64
//! bytes at a time; around other characters the text is read a character at a time, by the rules
//! of [`State`], and characters that normalisation treats together are left to [`Segment`].

use std::cell::Cell;
use std::iter;

use super::chars::{Brief, Class};
use super::hash::{SHORT, hash_bytes, hash_short};
use super::segment::Segment;
use super::state::State;
use crate::simd::bytes::{self, BLOCK};
use crate::simd::{Level, level};

#[cfg(test)]
mod tests;

/// Appends the hashes of the text's tokens to `out`: what [`Tokens`](super::Tokens) has, without
/// the ranges.
///
/// About a gigabyte of English a second and thread, and some hundred megabytes of text in other
/// scripts. Nothing is allocated per text once a thread has tokenised one.
pub fn hash_tokens(text: &str, out: &mut Vec<u32>) {
    with_stream(|stream| stream.read(text, out));
}

/// Lends the stream of this thread.
pub(super) fn with_stream<T>(work: impl FnOnce(&mut Stream) -> T) -> T {
    let stream = STREAM.try_with(Cell::take).ok().flatten();
    let mut stream = stream.unwrap_or_else(|| Stream::at(level()));
    let result = work(&mut stream);
    if stream.long.capacity() <= LARGEST_KEPT {
        // Fails only while the thread ends, when there is nothing to keep it for.
        let _ = STREAM.try_with(|kept| kept.set(Some(stream)));
    }
    result
}

thread_local! {
    static STREAM: Cell<Option<Box<Stream>>> = const { Cell::new(None) };
}

/// The bytes that one freak word may keep allocated.
const LARGEST_KEPT: usize = 1 << 16;

/// The bytes of the stream, which stay in the nearest cache.
const SIZE: usize = 1 << 13;

/// The stream is hashed when it is longer than this. What is written at once is shorter than the
/// rest.
const FULL: usize = SIZE - 4 * BLOCK;

/// What stays of a word that the end of the stream cuts.
const KEPT: usize = BLOCK;

/// Words, each a run of ASCII letters and digits in lower case and of bytes from 0x80 on.
pub(super) struct Stream {
    level: Level,
    bytes: [u8; SIZE + BLOCK],
    len: usize,
    /// The beginning of a word that is too long for the stream.
    long: Vec<u8>,
    /// Where each word starts and ends.
    starts: [u16; SIZE / 2 + 2 * BLOCK],
    ends: [u16; SIZE / 2 + 2 * BLOCK],
}

impl Stream {
    pub(super) fn at(level: Level) -> Box<Self> {
        Box::new(Self {
            level,
            bytes: [0; SIZE + BLOCK],
            len: 0,
            long: Vec::new(),
            starts: [0; SIZE / 2 + 2 * BLOCK],
            ends: [0; SIZE / 2 + 2 * BLOCK],
        })
    }

    /// Appends the hashes of a text's tokens.
    pub(super) fn read(&mut self, text: &str, tokens: &mut Vec<u32>) {
        let all = text.as_bytes();
        let (mut at, mut in_word) = (0, false);
        loop {
            let to = &mut self.bytes[self.len..FULL + BLOCK];
            let lowered = bytes::to_lower(self.level, &all[at..], in_word, to);
            at += lowered.len;
            self.len += lowered.len;
            in_word = lowered.in_word;
            match all.get(at) {
                None => break,
                Some(b'\'') if in_word => match all.get(at + 1) {
                    Some(next) if next.is_ascii_alphanumeric() => at += 1,
                    Some(0x80..) => (at, in_word) = self.other(text, at, State::Run, tokens),
                    _ => {
                        self.separate();
                        (at, in_word) = (at + 1, false);
                    }
                },
                Some(0x80..) => {
                    let mut state = State::Closed;
                    if in_word {
                        // The letter may be the base of combining marks.
                        (at, self.len) = (at - 1, self.len - 1);
                        let before = self.bytes[..self.len].last();
                        if before.is_some_and(|&byte| byte >= 0x80 || byte.is_ascii_alphanumeric())
                        {
                            state = State::Run;
                        }
                    }
                    (at, in_word) = self.other(text, at, state, tokens);
                }
                _ => {}
            }
            if self.len > FULL {
                self.hash(tokens, false);
            }
        }
        self.hash(tokens, true);
    }

    /// Reads a character at a time from `at` on, as long as there are others than ASCII. Returns
    /// where it stopped, and whether a letter or digit that follows would go on with a word.
    fn other(
        &mut self,
        text: &str,
        at: usize,
        state: State,
        tokens: &mut Vec<u32>,
    ) -> (usize, bool) {
        let mut chars = text[at..].chars();
        let (mut len, mut state) = (self.len, state);
        // Where the segment starts, to go back to if it is more than one character after another.
        let mut segment = (chars.clone(), len, state);
        let mut combining = Brief::CHANGES;
        loop {
            let before = chars.clone();
            if starts_with_ascii(before.as_str().as_bytes()) {
                break;
            }
            let Some(c) = chars.next() else { break };
            let brief = Brief::of(c);
            let mut is_plain = brief.len > 0;
            if brief.boundary {
                if len > FULL {
                    self.len = len;
                    self.hash(tokens, false);
                    len = self.len;
                }
                segment = (before, len, state);
            } else {
                is_plain &= combining <= brief.combining
                    && brief.combining != Brief::CHANGES
                    && len < FULL + BLOCK;
            }
            combining = brief.combining;
            if is_plain {
                let step = state.step(brief.class);
                self.bytes[len] = 0;
                len += usize::from(step.ends);
                self.bytes[len..len + 4].copy_from_slice(&brief.folded);
                len += if step.adds { usize::from(brief.len) } else { 0 };
                state = step.next;
            } else {
                (chars, self.len, state) = segment;
                let start = text.len() - chars.as_str().len();
                let Some(whole) = Segment::at(text, start) else { break };
                whole.for_each_folded(text, |folded, class| {
                    state = self.push(folded, class, state, tokens);
                });
                chars = text[whole.end()..].chars();
                len = self.len;
                segment = (chars.clone(), len, state);
                combining = Brief::CHANGES;
            }
        }
        self.len = len;
        let rest = chars.as_str().as_bytes();
        let goes_on = match state {
            State::Closed => false,
            State::Run => true,
            State::Apostrophe => rest.first().is_some_and(u8::is_ascii_alphanumeric),
            State::Single => false,
        };
        if !goes_on {
            self.separate();
        }
        (text.len() - rest.len(), goes_on)
    }

    /// Adds a normalised and folded character to the stream.
    #[cold]
    fn push(&mut self, folded: char, class: Class, state: State, tokens: &mut Vec<u32>) -> State {
        if self.len > FULL {
            self.hash(tokens, false);
        }
        let step = state.step(class);
        if step.ends {
            self.separate();
        }
        if step.adds {
            self.len += folded.encode_utf8(&mut self.bytes[self.len..]).len();
        }
        step.next
    }

    fn separate(&mut self) {
        self.bytes[self.len] = 0;
        self.len += 1;
    }

    /// Appends the hashes of the words in the stream, of which the last one may go on if this is
    /// not the end.
    fn hash(&mut self, tokens: &mut Vec<u32>, is_end: bool) {
        let len = self.len;
        self.bytes[len..len + BLOCK].fill(0);
        let blocks = &self.bytes[..(len / BLOCK + 1) * BLOCK];
        let count = bytes::words(self.level, blocks, &mut self.starts, &mut self.ends);
        let mut whole = 0..count;
        let mut rest = len;
        if let Some(last) = count.checked_sub(1)
            && !is_end
            && usize::from(self.ends[last]) == len
        {
            whole.end = last;
            rest = usize::from(self.starts[last]);
        }
        if !self.long.is_empty() && whole.end > 0 {
            self.long.extend_from_slice(&self.bytes[..usize::from(self.ends[0])]);
            tokens.push(hash_bytes(&self.long));
            self.long.clear();
            whole.start = 1;
        }
        let ranges = iter::zip(&self.starts[whole.clone()], &self.ends[whole]);
        tokens.extend(ranges.map(|(&start, &end)| hash_at(&self.bytes, start, end)));
        if len - rest > KEPT {
            self.long.extend_from_slice(&self.bytes[rest..len - KEPT]);
            rest = len - KEPT;
        }
        self.bytes.copy_within(rest..len, 0);
        self.len = len - rest;
    }
}

/// Whether the next bytes are ASCII, and so many that it pays to copy them.
#[inline]
fn starts_with_ascii(bytes: &[u8]) -> bool {
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    match bytes.first_chunk() {
        Some(&eight) => u64::from_ne_bytes(eight) & HIGH == 0,
        None => bytes.is_ascii(),
    }
}

/// The hash of the word between two places of a stream.
#[inline(always)]
fn hash_at(bytes: &[u8; SIZE + BLOCK], start: u16, end: u16) -> u32 {
    /// For each length, the bytes that a word has.
    static MASKS: [u128; SHORT + 1] = {
        let mut masks = [u128::MAX; SHORT + 1];
        let mut len = 0;
        while len < SHORT {
            masks[len] = !(u128::MAX << (8 * len));
            len += 1;
        }
        masks
    };
    let (start, end) = (usize::from(start) % SIZE, usize::from(end));
    let len = end.wrapping_sub(start);
    if len > SHORT {
        return hash_bytes(&bytes[start..end]);
    }
    let mut word = [0; SHORT];
    word.copy_from_slice(&bytes[start..start + SHORT]);
    hash_short(u128::from_le_bytes(word) & MASKS[len])
}
