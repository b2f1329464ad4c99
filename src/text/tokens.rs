//! Text to tokens, in one pass.

use std::cell::Cell;
use std::ops::Range;

use super::chars::{Class, is_spaceless};
use super::hash::token_hash;
use super::segment::Segment;
use super::state::State;

/// Calls `visit` for each token of the text, in order, with its normalised and folded form and its
/// byte range in the text.
///
/// What a token is, is defined in the [module](super). Ranges are on character boundaries and
/// never go back; tokens that come from one character share its range (`½` is `1` and `2`).
/// Characters that normalisation treats as one, such as a letter and its combining marks, have one
/// range.
///
/// The time is linear in the text, whatever is in it: about a second for a few hundred megabytes
/// of English. Nothing is allocated per token, nor, once a thread has seen its longest word, per
/// text, except for a character with many combining marks out of order.
pub fn for_each_token(text: &str, visit: impl FnMut(&str, Range<usize>)) {
    // Taken, not borrowed, so that `visit` may tokenise in its turn.
    let mut word = WORD.try_with(Cell::take).unwrap_or_default();
    word.clear();
    let mut scan = Scan { text, visit, word, state: State::Closed, start: 0, end: 0 };
    scan.run();
    let word = scan.word;
    if word.capacity() <= LARGEST_KEPT {
        // Fails only while the thread ends, when there is nothing to keep it for.
        let _ = WORD.try_with(|kept| kept.set(word));
    }
}

/// What readers call the tokens of a text: `character` where more than half of them are single
/// characters, of scripts written without spaces, and `word` otherwise.
///
/// ```
/// use reprint::text::unit;
///
/// assert_eq!(unit("The night train"), "word");
/// assert_eq!(unit("寝台特急 Hoshikage 号"), "character");
/// ```
pub fn unit(text: &str) -> &'static str {
    let (mut single, mut all) = (0, 0);
    for_each_token(text, |token, _| {
        single += usize::from(token.starts_with(is_spaceless));
        all += 1;
    });
    if 2 * single > all { "character" } else { "word" }
}

/// The tokens of a text: their hashes, and where they stand. 20 bytes a token; made to be reused
/// from text to text.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    hashes: Vec<u32>,
    ranges: Vec<Range<usize>>,
}

impl Tokens {
    /// No tokens, and nothing allocated.
    pub fn new() -> Self {
        Self::default()
    }

    /// The tokens of `text`.
    pub fn of(text: &str) -> Self {
        let mut tokens = Self::new();
        tokens.read(text);
        tokens
    }

    /// Replaces the tokens by those of `text`, in the memory already there.
    pub fn read(&mut self, text: &str) {
        let Self { hashes, ranges } = self;
        hashes.clear();
        ranges.clear();
        for_each_token(text, |folded, range| {
            hashes.push(token_hash(folded));
            ranges.push(range);
        });
    }

    /// The hash of each token, in text order.
    pub fn hashes(&self) -> &[u32] {
        &self.hashes
    }

    /// The byte range of token `i` in the text.
    ///
    /// # Panics
    ///
    /// If there is no token `i`.
    pub fn range(&self, i: usize) -> Range<usize> {
        self.ranges[i].clone()
    }

    /// The byte range of each token in the text. Neither starts nor ends ever decrease.
    pub fn ranges(&self) -> &[Range<usize>] {
        &self.ranges
    }

    /// The number of tokens.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether there are no tokens.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }
}

thread_local! {
    /// The buffer for the word being read, kept from text to text.
    static WORD: Cell<String> = const { Cell::new(String::new()) };
}

/// The bytes that one freak word may keep allocated.
const LARGEST_KEPT: usize = 1 << 16;

struct Scan<'t, V> {
    text: &'t str,
    visit: V,
    /// The current token as normalised and folded.
    word: String,
    state: State,
    /// The current token's range in the text.
    start: usize,
    end: usize,
}

impl<V: FnMut(&str, Range<usize>)> Scan<'_, V> {
    fn run(&mut self) {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            at = match byte {
                0x80.. => self.other(at),
                b'\'' => {
                    self.apostrophe();
                    at + 1
                }
                _ if ASCII[usize::from(byte)] != 0 => self.ascii(at),
                _ => {
                    self.close();
                    at + 1
                }
            };
        }
        self.close();
    }

    /// Reads ASCII letters and digits from `at` on and returns the position after them.
    fn ascii(&mut self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let (mut end, mut seen) = (at, 0);
        while let Some(&byte) = bytes.get(end)
            && let kind @ 1.. = ASCII[usize::from(byte)]
        {
            seen |= kind;
            end += 1;
        }
        match bytes.get(end) {
            // The last character may be the base of combining marks.
            Some(0x80..) => {
                if at < end - 1 {
                    self.extend(at..end - 1);
                }
                self.other(end - 1)
            }
            Some(b'\'') => {
                self.extend(at..end);
                end
            }
            // The commonest case by far, a whole word in lower case, is passed on where it stands.
            _ if seen == PLAIN && matches!(self.state, State::Closed | State::Single) => {
                self.close();
                (self.visit)(&self.text[at..end], at..end);
                end
            }
            _ => {
                self.extend(at..end);
                self.close();
                end
            }
        }
    }

    /// Continues a run, or starts one, with ASCII letters and digits.
    fn extend(&mut self, range: Range<usize>) {
        self.open_run(range.start);
        let from = self.word.len();
        self.word.push_str(&self.text[range.clone()]);
        self.word[from..].make_ascii_lowercase();
        self.end = range.end;
    }

    /// Reads from the character at `at` up to the next ASCII character that nothing combines
    /// with, and returns its position.
    fn other(&mut self, mut at: usize) -> usize {
        while let Some(segment) = Segment::at(self.text, at) {
            let range = at..segment.end();
            segment.for_each_folded(self.text, |folded, class| self.push(folded, class, &range));
            at = range.end;
            if self.text.as_bytes().get(at).is_none_or(u8::is_ascii) {
                break;
            }
        }
        at
    }

    /// Reads a normalised and folded character that comes from `range`.
    #[inline]
    fn push(&mut self, folded: char, class: Class, range: &Range<usize>) {
        let step = self.state.step(class);
        if step.ends {
            self.close();
        }
        if step.adds {
            if self.state == State::Closed {
                self.start = range.start;
            }
            self.word.push(folded);
            self.end = range.end;
        }
        self.state = step.next;
    }

    fn apostrophe(&mut self) {
        if self.state == State::Run {
            self.state = State::Apostrophe;
        } else {
            self.close();
        }
    }

    /// Goes on with the current run, or closes what is there and starts one.
    fn open_run(&mut self, start: usize) {
        if matches!(self.state, State::Closed | State::Single) {
            self.close();
            self.start = start;
        }
        self.state = State::Run;
    }

    #[inline]
    fn close(&mut self) {
        if self.state != State::Closed {
            (self.visit)(&self.word, self.start..self.end);
            self.word.clear();
            self.state = State::Closed;
        }
    }
}

const PLAIN: u8 = 1;
const UPPER: u8 = 2;

/// For each byte: a letter or digit that stays as it is, an upper-case letter, or 0.
const ASCII: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte as usize] = match byte {
            b'0'..=b'9' | b'a'..=b'z' => PLAIN,
            b'A'..=b'Z' => UPPER,
            _ => 0,
        };
        byte += 1;
    }
    table
};
