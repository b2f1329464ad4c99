//! What the tokeniser has to know about a character, from a lazily filled table.
//!
//! The crates search their tables for each property of each character. A text asks for the same
//! few hundred characters over and over, so the answers are kept, 256 characters a page; after
//! that a character costs one lookup.

use std::iter;
use std::sync::OnceLock;

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, is_nfkc_quick};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// What a normalised and folded character does to a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Ends a token.
    Separator,
    /// A letter or digit of a run.
    Run,
    /// A letter of a script without spaces: a token of its own.
    Single,
    /// Continues a token, never starts one.
    Mark,
    /// Joins two parts of a word and is dropped, or separates.
    Apostrophe,
    /// Dropped wherever it stands.
    Ignorable,
}

/// How a character behaves in the quick check for NFKC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    /// Stays as it is.
    Yes,
    /// Stays as it is unless it composes with a starter before it.
    Maybe,
    /// Is replaced.
    No,
}

/// A character and its properties.
#[derive(Clone, Copy, Debug)]
pub(super) struct Char {
    pub(super) char: char,
    /// The class of `folded`, if that is one character; otherwise without meaning.
    class: Class,
    pub(super) check: Check,
    /// Nothing before this character takes part in its normalisation.
    pub(super) boundary: bool,
    /// Differs from its NFKD.
    pub(super) decomposes: bool,
    /// Canonical combining class.
    pub(super) combining: u8,
    folded: Folded,
}

/// What NFKC followed by case folding makes of a character that stands alone.
#[derive(Clone, Copy, Debug)]
enum Folded {
    One(char),
    /// The index of the characters in [`Page::several`].
    Several(u8),
}

/// What the fast loop over characters wants to know of one, and no more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Brief {
    /// The character that folding makes of it, as UTF-8.
    pub(super) folded: [u8; 4],
    /// The length of that; 0 if folding makes several characters of it.
    pub(super) len: u8,
    pub(super) class: Class,
    /// As in [`Char`].
    pub(super) boundary: bool,
    /// The canonical combining class of a character that stays as it is, whatever it follows, as
    /// long as such classes are in order; otherwise [`Brief::CHANGES`].
    pub(super) combining: u8,
}

impl Brief {
    /// No character has this combining class.
    pub(super) const CHANGES: u8 = 255;

    pub(super) fn of(c: char) -> Self {
        page(c).briefs[c as usize % PAGE]
    }

    fn new(char: &Char) -> Self {
        let mut folded = [0; 4];
        let len = match char.folded {
            Folded::One(c) => c.encode_utf8(&mut folded).len(),
            Folded::Several(_) => 0,
        };
        let len = u8::try_from(len).expect("at most four");
        let combining = if char.check == Check::Yes { char.combining } else { Self::CHANGES };
        Self { folded, len, class: char.class, boundary: char.boundary, combining }
    }
}

#[derive(Debug)]
struct Page {
    briefs: [Brief; PAGE],
    chars: [Char; PAGE],
    several: Vec<Box<[(char, Class)]>>,
}

const PAGE: usize = 256;
const PAGES: usize = (char::MAX as usize + 1) / PAGE;
static TABLE: [OnceLock<Box<Page>>; PAGES] = [const { OnceLock::new() }; PAGES];

fn page(c: char) -> &'static Page {
    let number = c as usize / PAGE;
    TABLE[number].get_or_init(|| Box::new(Page::new(number)))
}

impl Char {
    pub(super) fn of(c: char) -> &'static Self {
        &page(c).chars[c as usize % PAGE]
    }

    /// Visits what NFKC and case folding make of this character when it stands alone; for a
    /// character of a normalised text that is its case folding.
    #[inline]
    pub(super) fn for_each_folded(&self, mut visit: impl FnMut(char, Class)) {
        match self.folded {
            Folded::One(c) => visit(c, self.class),
            Folded::Several(index) => {
                for &(c, class) in &page(self.char).several[usize::from(index)] {
                    visit(c, class);
                }
            }
        }
    }

    fn new(c: char, several: &mut Vec<Box<[(char, Class)]>>) -> Self {
        let mut decomposed = iter::once(c).nfkd();
        let first = decomposed.next().unwrap_or(c);
        let decomposes = first != c || decomposed.next().is_some();
        let mut result = iter::once(c).nfkc().default_case_fold();
        let one = result.next().unwrap_or(c);
        let (folded, class) = match result.next() {
            None => (Folded::One(one), class(one)),
            Some(two) => {
                let all = [one, two].into_iter().chain(result);
                several.push(all.map(|c| (c, class(c))).collect());
                let index = u8::try_from(several.len() - 1).expect("at most one a character");
                (Folded::Several(index), Class::Separator)
            }
        };
        Self {
            char: c,
            class,
            check: check(c),
            boundary: canonical_combining_class(first) == 0 && check(first) == Check::Yes,
            decomposes,
            combining: canonical_combining_class(c),
            folded,
        }
    }
}

impl Page {
    fn new(number: usize) -> Self {
        let mut several = Vec::new();
        let chars: [Char; PAGE] = std::array::from_fn(|offset| {
            // A surrogate is in no text; anything may stand in its place.
            let code = u32::try_from(number * PAGE + offset).ok();
            let c = code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
            Char::new(c, &mut several)
        });
        Self { briefs: chars.each_ref().map(Brief::new), chars, several }
    }
}

fn check(c: char) -> Check {
    match is_nfkc_quick(iter::once(c)) {
        IsNormalized::Yes => Check::Yes,
        IsNormalized::Maybe => Check::Maybe,
        IsNormalized::No => Check::No,
    }
}

/// The class of a normalised and folded character.
fn class(c: char) -> Class {
    match c {
        '\'' | '\u{2018}' | '\u{2019}' | '\u{2BB}' | '\u{2BC}' => return Class::Apostrophe,
        '\u{AD}'
        | '\u{61C}'
        | '\u{200C}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{E0100}'..='\u{E01EF}' => return Class::Ignorable,
        _ => {}
    }
    use GeneralCategory as Category;
    match c.general_category() {
        Category::NonspacingMark | Category::SpacingMark | Category::EnclosingMark => Class::Mark,
        Category::UppercaseLetter
        | Category::LowercaseLetter
        | Category::TitlecaseLetter
        | Category::ModifierLetter
        | Category::OtherLetter
        // 〇 is one, and so are the Hangzhou numerals.
        | Category::LetterNumber => {
            if is_spaceless(c) {
                Class::Single
            } else {
                Class::Run
            }
        }
        Category::DecimalNumber | Category::OtherNumber => Class::Run,
        _ => Class::Separator,
    }
}

/// Whether the character is in a block of a script that is written without spaces.
pub(crate) fn is_spaceless(c: char) -> bool {
    let after = SPACELESS.partition_point(|&(first, _)| first <= c);
    after > 0 && c <= SPACELESS[after - 1].1
}

/// Blocks of the scripts written without spaces, in order.
const SPACELESS: [(char, char); 27] = [
    ('\u{0E00}', '\u{0E7F}'),   // Thai
    ('\u{0E80}', '\u{0EFF}'),   // Lao
    ('\u{1000}', '\u{109F}'),   // Myanmar
    ('\u{1780}', '\u{17FF}'),   // Khmer
    ('\u{3000}', '\u{303F}'),   // CJK Symbols and Punctuation: 々 〆 〇 and the like
    ('\u{3040}', '\u{309F}'),   // Hiragana
    ('\u{30A0}', '\u{30FF}'),   // Katakana
    ('\u{31F0}', '\u{31FF}'),   // Katakana Phonetic Extensions
    ('\u{3400}', '\u{4DBF}'),   // CJK Unified Ideographs Extension A
    ('\u{4E00}', '\u{9FFF}'),   // CJK Unified Ideographs
    ('\u{A9E0}', '\u{A9FF}'),   // Myanmar Extended-B
    ('\u{AA60}', '\u{AA7F}'),   // Myanmar Extended-A
    ('\u{F900}', '\u{FAFF}'),   // CJK Compatibility Ideographs: those that do not decompose
    ('\u{16FE3}', '\u{16FE3}'), // Old Chinese Iteration Mark
    ('\u{1AFF0}', '\u{1AFFF}'), // Kana Extended-B
    ('\u{1B000}', '\u{1B0FF}'), // Kana Supplement
    ('\u{1B100}', '\u{1B12F}'), // Kana Extended-A
    ('\u{1B130}', '\u{1B16F}'), // Small Kana Extension
    ('\u{20000}', '\u{2A6DF}'), // CJK Unified Ideographs Extension B
    ('\u{2A700}', '\u{2B73F}'), // CJK Unified Ideographs Extension C
    ('\u{2B740}', '\u{2B81F}'), // CJK Unified Ideographs Extension D
    ('\u{2B820}', '\u{2CEAF}'), // CJK Unified Ideographs Extension E
    ('\u{2CEB0}', '\u{2EBEF}'), // CJK Unified Ideographs Extension F
    ('\u{2EBF0}', '\u{2EE5F}'), // CJK Unified Ideographs Extension I
    ('\u{30000}', '\u{3134F}'), // CJK Unified Ideographs Extension G
    ('\u{31350}', '\u{323AF}'), // CJK Unified Ideographs Extension H
    ('\u{323B0}', '\u{3347F}'), // CJK Unified Ideographs Extension J
];

#[cfg(test)]
mod tests {
    use super::*;
    use xxhash_rust::xxh3::Xxh3;

    fn checksum(chars: impl Iterator<Item = char>) -> u64 {
        let mut hash = Xxh3::new();
        for c in chars {
            Char::of(c).for_each_folded(|folded, class| {
                hash.update(folded.encode_utf8(&mut [0; 4]).as_bytes());
                hash.update(&[class as u8]);
            });
            hash.update(&[0xFF]);
        }
        hash.digest()
    }

    /// Blocks without holes, all assigned since Unicode 3.0: no version of the crates may
    /// change this.
    #[test]
    fn v1_of_long_assigned_characters() {
        let blocks = [
            ('\u{0}', '\u{21F}'),
            ('\u{250}', '\u{2AD}'),
            ('\u{300}', '\u{34E}'),
            ('\u{400}', '\u{481}'),
            ('\u{531}', '\u{556}'),
            ('\u{5D0}', '\u{5EA}'),
            ('\u{621}', '\u{63A}'),
            ('\u{640}', '\u{655}'),
            ('\u{905}', '\u{939}'),
            ('\u{E01}', '\u{E3A}'),
            ('\u{1000}', '\u{1021}'),
            ('\u{1E00}', '\u{1E9B}'),
            ('\u{1EA0}', '\u{1EF9}'),
            ('\u{2000}', '\u{202E}'),
            ('\u{2153}', '\u{2183}'),
            ('\u{3041}', '\u{3094}'),
            ('\u{30A1}', '\u{30FE}'),
            ('\u{3400}', '\u{4DB5}'),
            ('\u{4E00}', '\u{9FA5}'),
            ('\u{AC00}', '\u{D7A3}'),
            ('\u{FB50}', '\u{FBB1}'),
            ('\u{FF01}', '\u{FF5E}'),
            ('\u{FF61}', '\u{FFBE}'),
        ];
        let chars = blocks.into_iter().flat_map(|(first, last)| first..=last);
        assert_eq!(format!("{:016x}", checksum(chars)), "c9e8dfc5f1938a33");
    }

    /// All of Unicode, as the crates knew it when V1 was made: normalisation and categories 18.0,
    /// case folding 16.0. With other versions newly assigned characters may rightly differ, and
    /// the test says nothing.
    #[test]
    fn v1_of_all_characters() {
        let versions = (
            unicode_normalization::UNICODE_VERSION,
            unicode_properties::UNICODE_VERSION,
            caseless::UNICODE_VERSION,
        );
        if versions == ((18, 0, 0), (18, 0, 0), (16, 0, 0)) {
            assert_eq!(format!("{:016x}", checksum('\0'..=char::MAX)), "f8f8546897be91e0");
        }
    }

    #[test]
    fn blocks_are_in_order() {
        assert!(SPACELESS.iter().all(|(first, last)| first <= last));
        assert!(SPACELESS.windows(2).all(|pair| pair[0].1 < pair[1].0));
    }

    #[test]
    fn ascii_is_always_a_boundary() {
        for c in '\0'..='\x7F' {
            let char = Char::of(c);
            assert!(char.boundary && char.check == Check::Yes && char.combining == 0, "{c:?}");
        }
    }
}
