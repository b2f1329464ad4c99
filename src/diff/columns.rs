//! Text on a screen: how wide it is, where its lines may break, which way it runs.

use std::borrow::Cow;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::text::is_spaceless;

/// How many columns a text takes on a terminal.
pub(super) fn columns(text: &str) -> usize {
    text.width()
}

/// A text without what could steer a terminal: controls, and overrides of the writing direction.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    let steers =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if text.contains(steers) { Cow::Owned(text.replace(steers, "")) } else { Cow::Borrowed(text) }
}

/// The stretches of a word between which a line may be broken: all of it, but in scripts written
/// without spaces each character with what belongs to it.
pub(super) fn unbroken(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let after = rest.char_indices().skip(1);
        let breaks = rest.chars().zip(after).find(|&(before, (_, c))| may_break(before, c));
        let (first, others) = rest.split_at(breaks.map_or(rest.len(), |(_, (at, _))| at));
        rest = others;
        (!first.is_empty()).then_some(first)
    })
}

/// Whether a line may be broken between two characters of a word.
fn may_break(before: char, after: char) -> bool {
    (is_loose(before) || is_loose(after)) && !opens(before) && !clings(after)
}

/// Whether lines may break at a character: letters and signs of scripts written without spaces,
/// wide signs, emoji.
fn is_loose(c: char) -> bool {
    is_spaceless(c) || c.width() == Some(2) && !c.is_alphanumeric()
}

/// Whether a character stays with the next one.
fn opens(c: char) -> bool {
    use GeneralCategory::{InitialPunctuation, OpenPunctuation};
    matches!(c.general_category(), InitialPunctuation | OpenPunctuation)
        // Vowels of Thai and Lao that are written before their consonant; what stacks the next
        // consonant in Myanmar and Khmer; a joiner of emoji.
        || matches!(c, '\u{e40}'..='\u{e44}' | '\u{ec0}'..='\u{ec4}' | '\u{1039}' | '\u{17d2}'
            | '\u{200d}')
}

/// Whether a character stays with the one before it.
fn clings(c: char) -> bool {
    use GeneralCategory::{
        ClosePunctuation, DashPunctuation, FinalPunctuation, ModifierLetter, OtherPunctuation,
        SpacingMark,
    };
    // Marks, joiners, variation selectors.
    c.width().unwrap_or(0) == 0
        || matches!(
            c.general_category(),
            // Letters that lengthen or repeat the one before are modifiers.
            ClosePunctuation
                | DashPunctuation
                | FinalPunctuation
                | ModifierLetter
                | OtherPunctuation
                | SpacingMark
        )
        || matches!(c,
            // Vowels of Thai and Lao that are written behind, and an abbreviation's sign.
            '\u{e2f}' | '\u{e30}' | '\u{e32}' | '\u{e33}' | '\u{e45}' | '\u{eb0}' | '\u{eb2}'
            | '\u{eb3}'
            // Small kana.
            | 'ぁ' | 'ぃ' | 'ぅ' | 'ぇ' | 'ぉ' | 'っ' | 'ゃ' | 'ゅ' | 'ょ' | 'ゎ' | 'ァ' | 'ィ' | 'ゥ'
            | 'ェ' | 'ォ' | 'ッ' | 'ャ' | 'ュ' | 'ョ' | 'ヮ' | 'ヵ' | 'ヶ' | '\u{31f0}'..='\u{31ff}'
            // Tones of the skin.
            | '\u{1f3fb}'..='\u{1f3ff}')
}

/// Whether a text holds characters of scripts that are written from right to left, so that it has
/// to be kept apart from text that isn't. Linear.
pub fn has_rtl(text: &str) -> bool {
    text.contains(is_rtl)
}

/// Whether most letters of some texts run from right to left.
pub(super) fn is_mostly_rtl<'s>(texts: impl Iterator<Item = &'s str>) -> bool {
    let letters = texts.flat_map(str::chars).filter(|c| c.is_alphabetic());
    let (rtl, all) = letters.fold((0, 0), |(rtl, all), c| (rtl + usize::from(is_rtl(c)), all + 1));
    2 * rtl > all
}

/// The blocks that Unicode keeps for scripts written from right to left.
fn is_rtl(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{200f}' | '\u{fb1d}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefe}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation;

    use super::*;

    fn parts(word: &str) -> Vec<&str> {
        unbroken(word).collect()
    }

    #[test]
    fn lines_break_where_readers_expect_it() {
        assert_eq!(parts("e-mail,"), ["e-mail,"]);
        assert_eq!(parts("「星」、です。"), ["「星」、", "で", "す。"]);
        assert_eq!(parts("きっとラーメン"), ["きっ", "と", "ラー", "メ", "ン"]);
        assert_eq!(parts("2024年5月"), ["2024", "年", "5", "月"]);
        assert_eq!(parts("เก้าอี้น้ำ"), ["เก้า", "อี้", "น้ำ"]);
        // A base with its mark, a family, a flag.
        assert_eq!(parts("か\u{3099}き"), ["か\u{3099}", "き"]);
        assert_eq!(parts("👩\u{200d}👩\u{200d}👧👍🏽🇩🇪"), ["👩\u{200d}👩\u{200d}👧", "👍🏽", "🇩🇪"]);
        assert_eq!(parts("한국어"), ["한국어"]);
        assert!(parts("").is_empty());
    }

    #[test]
    fn widths_are_those_of_a_terminal() {
        assert_eq!(columns("e\u{301}"), 1);
        assert_eq!(columns("星ｱ"), 3);
        assert_eq!(columns("กำ้"), 2);
        assert_eq!(columns("\u{2067}עברית\u{2069}"), 5);
        assert_eq!(columns("👩\u{200d}👩\u{200d}👧"), 2);
    }

    proptest! {
        #[test]
        fn no_line_breaks_within_a_cluster(
            text in any::<String>(),
            word in "[a5\\-。、「」”“・ーっかカ星がか\u{3099}\u{ff9e}\u{e01}-\u{e4e}\u{e81}-\u{eda}\u{1000}-\u{109f}\
                \u{1780}-\u{17dd}\u{1100}-\u{11ff}각한\u{301}\u{200d}\u{fe0f}👍🏽👩🇩🇪]*",
        ) {
            for text in [text, word] {
                let parts = parts(&text);
                prop_assert_eq!(parts.concat(), &text[..]);
                let borders: Vec<usize> =
                    text.grapheme_indices(true).map(|(at, _)| at).collect();
                let mut at = 0;
                for part in parts {
                    prop_assert!(borders.contains(&at), "{:?} {:?}", text, part);
                    at += part.len();
                }
            }
        }
    }
}
