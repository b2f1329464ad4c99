//! The fast way against the definition, at every level of the processor.

use proptest::prelude::*;

use super::super::tests::{any_text, mostly_ascii};
use super::super::{Tokens, token_hash};
use super::*;
use crate::simd::levels;

/// The tokens of the text are those that are found with ranges, and whatever is before and after
/// the text in memory does not matter.
#[track_caller]
fn check(text: &str) {
    let expected = Tokens::of(text);
    for level in levels() {
        let mut hashes = vec![7];
        Stream::at(level).read(text, &mut hashes);
        assert_eq!(&hashes[1..], expected.hashes(), "{level:?} {text:?}");
    }
}

/// Texts long enough for many blocks.
fn long_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        2 => mostly_ascii(),
        1 => any_text(),
        1 => (prop::sample::select(vec!["a", "é", "e\u{301}", "新", "' ", "’", " "]), 0..90_usize)
            .prop_map(|(piece, count)| piece.repeat(count)),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn equals_the_definition(text in long_text()) {
        check(&text);
    }

    #[test]
    fn equals_the_definition_wherever_the_text_stands(
        text in long_text(),
        around in "[a'é新]{0,3}",
        at in 0..64_usize,
    ) {
        let mut padded = " ".repeat(at);
        padded.push_str(&around);
        let from = padded.len();
        padded.push_str(&text);
        let to = padded.len();
        padded.push_str(&around);
        check(&padded[from..to]);
    }

    /// The state of one text is not that of the next.
    #[test]
    fn texts_do_not_touch(texts in prop::collection::vec(any_text(), 1..6)) {
        let expected: Vec<u32> =
            texts.iter().flat_map(|text| Tokens::of(text).hashes().to_vec()).collect();
        for level in levels() {
            let (mut stream, mut hashes) = (Stream::at(level), Vec::new());
            texts.iter().for_each(|text| stream.read(text, &mut hashes));
            prop_assert_eq!(&hashes, &expected);
        }
    }
}

/// Each of these at each place of the first blocks, between letters, spaces and non-ASCII letters.
#[test]
fn every_place_of_a_block() {
    let pieces = [
        "'", "''", "' ", "’", "'’", "é", "e\u{301}", "\u{301}", "'\u{301}", "ß", "新", "新'",
        "\u{AD}", "\u{AD}'", " ", "X", "ı", "\u{212A}", "½", "ﷺ",
    ];
    for piece in pieces {
        for at in 0..130 {
            for (before, after) in [("a", "b"), ("a", " "), (" ", "b"), ("ab ", "Cde "), ("é", "é")]
            {
                let mut text = before.repeat(at / before.len() + 1);
                text.truncate((0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap());
                text.push_str(piece);
                check(&text);
                text.push_str(after);
                check(&text);
                text.push_str(&after.repeat(70));
                check(&text);
            }
        }
    }
}

/// Words, marks and dropped characters without end, across the end of the stream and beyond.
#[test]
fn longer_than_the_stream() {
    for piece in
        ["a", "Я", "e\u{301}", "新", "g\u{301}", "\u{AD}", "'", "a'", "\u{301}", "\u{E38}", "ﷺ"]
    {
        for len in [FULL - 3 * BLOCK, FULL - 1, FULL, FULL + 1, SIZE, 3 * SIZE, 10 * SIZE + 7] {
            let repeated = piece.repeat(len / piece.len());
            for (before, after) in
                [("", ""), ("b", "c"), ("新", " d"), ("'", "’s"), ("a b", "\u{301}")]
            {
                check(&format!("{before}{repeated}{after}"));
            }
        }
    }
    // The border of the stream at each place of a text.
    for at in FULL - 2 * BLOCK..SIZE {
        check(&format!("{} don't é'e\u{301}新 naïve x\u{AD}y", "ab ".repeat(at / 3)));
    }
}

/// Every character, alone and with what may combine with it.
#[test]
fn every_character() {
    for first in (0..=u32::from(char::MAX)).step_by(64) {
        let mut text = String::new();
        for c in (first..first + 64).filter_map(char::from_u32) {
            text.extend(['a', c, 'b', ' ', c, '\u{301}', '\'', c, '\u{323}', c, ' ']);
        }
        check(&text);
    }
}

#[test]
fn long_words_have_the_hash_of_any_other() {
    let word = "й".repeat(40_000);
    let mut hashes = Vec::new();
    hash_tokens(&format!("x {word} y"), &mut hashes);
    assert_eq!(hashes, ["x", &word, "y"].map(token_hash));
}
