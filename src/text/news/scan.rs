//! Words of a line, as its shape is read.

use super::words::AGENCIES;

/// A word, or a sign between words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part<'t> {
    /// Letters and digits, and what stands between two of them; the full stop after an
    /// abbreviation is part of it.
    Word(&'t str),
    /// Any other character that is no white space.
    Sign(char),
}

/// The parts of a line, one after the other.
#[derive(Clone, Debug)]
pub(super) struct Parts<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Parts<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// Where the next part is looked for.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// Goes on from a place after this one.
    pub(super) fn skip_to(&mut self, at: usize) {
        self.at = at;
    }
}

impl<'t> Iterator for Parts<'t> {
    type Item = Part<'t>;

    fn next(&mut self) -> Option<Part<'t>> {
        let rest = self.rest().trim_start();
        let start = self.text.len() - rest.len();
        let first = rest.chars().next()?;
        if !first.is_alphanumeric() {
            self.at = start + first.len_utf8();
            return Some(Part::Sign(first));
        }
        let mut end = start;
        let mut chars = rest.chars().peekable();
        while let Some(c) = chars.next() {
            let joins = match c {
                '\'' | '\u{2019}' | '-' | '.' | ':' | '\u{AD}' => {
                    chars.peek().is_some_and(|next| next.is_alphanumeric())
                }
                // A letter may be written as several characters.
                _ => c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36F}'),
            };
            if !joins {
                break;
            }
            end += c.len_utf8();
        }
        // A full stop after a short word or a number: an abbreviation, not the end.
        if self.text[end..].starts_with('.') && end - start <= 6 {
            end += 1;
        }
        self.at = end;
        Some(Part::Word(&self.text[start..end]))
    }
}

/// A sorted table of words, which is asked for words that it does not have most of the time.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) words: &'static [&'static str],
    /// For each first byte, modulo 32: the lengths of the words, a bit for each.
    lengths: [u64; 32],
    /// For each byte, how many words begin with a lower one.
    before: [u8; 257],
}

impl Table {
    pub(super) const fn new(words: &'static [&'static str]) -> Self {
        assert!(words.len() < 256);
        let (mut lengths, mut before) = ([0; 32], [0; 257]);
        let mut i = 0;
        while i < words.len() {
            let word = words[i].as_bytes();
            assert!(!word.is_empty() && word.len() < 64);
            lengths[word[0] as usize % 32] |= 1 << word.len();
            let mut byte = word[0] as usize + 1;
            while byte < before.len() {
                before[byte] += 1;
                byte += 1;
            }
            i += 1;
        }
        Self { words, lengths, before }
    }

    /// Whether a word is in the table.
    pub(super) fn contains(&self, word: &[u8]) -> bool {
        let Some(&first) = word.first() else { return false };
        if word.len() >= 64 || self.lengths[usize::from(first) % 32] >> word.len() & 1 == 0 {
            return false;
        }
        let [from, to] = [0, 1].map(|i| usize::from(self.before[usize::from(first) + i]));
        self.words[from..to].iter().any(|entry| entry.as_bytes() == word)
    }
}

/// A word in lower case, in place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lower {
    bytes: [u8; Self::LONGEST],
    len: usize,
}

impl Lower {
    /// No word of the tables is longer.
    const LONGEST: usize = 40;

    /// Longer words are cut and then equal none.
    pub(super) fn of(word: &str) -> Self {
        let mut lower = Self { bytes: [0; Self::LONGEST], len: 0 };
        for c in word.chars() {
            let c = if c.is_ascii() {
                c.to_ascii_lowercase()
            } else {
                c.to_lowercase().next().unwrap_or(c)
            };
            let end = lower.len + c.len_utf8();
            let Some(room) = lower.bytes.get_mut(lower.len..end) else { break };
            c.encode_utf8(room);
            lower.len = end;
        }
        lower
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// Whether the word is in a sorted table.
    pub(super) fn is_in(&self, table: &Table) -> bool {
        table.contains(self.as_bytes())
    }

    /// Whether the word, or the word without the full stop, is in a sorted table.
    pub(super) fn is_in_or_abbreviated(&self, table: &Table) -> bool {
        let word = self.as_bytes();
        table.contains(word) || word.strip_suffix(b".").is_some_and(|stem| table.contains(stem))
    }
}

/// Whether the text begins with a phrase in lower case, and if so where that ends.
pub(super) fn starts_with(text: &str, phrase: &str) -> Option<usize> {
    let mut chars = text.chars();
    for expected in phrase.chars() {
        let c = chars.next()?;
        let folded = if c.is_ascii() {
            c.to_ascii_lowercase()
        } else {
            c.to_lowercase().next().unwrap_or(c)
        };
        let is_same = folded == expected || expected == '\'' && c == '\u{2019}';
        if !is_same {
            return None;
        }
    }
    let end = text.len() - chars.as_str().len();
    Some(end).filter(|_| !chars.next().is_some_and(char::is_alphanumeric))
}

/// Whether a word begins with a capital.
pub(super) fn is_capitalised(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// Whether a word begins and ends with a capital: `McALLEN` too.
pub(super) fn is_in_capitals(word: &str) -> bool {
    let last = word.trim_end_matches('.').chars().next_back();
    is_capitalised(word) && last.is_some_and(char::is_uppercase)
}

/// A number, with the ending of an ordinal or the signs of a date or time, or a year.
pub(super) fn is_number(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &word[digits..];
    (1..=4).contains(&digits)
        && (rest.is_empty()
            || matches!(
                rest,
                "." | "st" | "nd" | "rd" | "th" | "er" | "h" | "am" | "pm" | "AM" | "PM"
            )
            || word.len() <= 12
                && word.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b':' | b'-'))
            || is_time(word))
}

/// `18h30`, `3:15pm`.
fn is_time(word: &str) -> bool {
    let word = word.trim_end_matches('.');
    word.len() <= 9
        && word.bytes().all(|b| b.is_ascii_digit() || b":.hapmHAPM".contains(&b))
        && word.bytes().filter(u8::is_ascii_alphabetic).count() <= 2
}

/// Whether a word is the name of an agency, as that writes itself.
pub(super) fn is_agency(word: &str) -> bool {
    AGENCIES.contains(word.as_bytes())
}
