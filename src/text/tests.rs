//! The tokeniser against a naive one that follows the definition word by word.

use std::ops::Range;

use caseless::Caseless;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use super::*;

fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for_each_token(text, |word, _| words.push(word.to_owned()));
    words
}

fn fold(text: &str) -> String {
    text.nfkc().default_case_fold().collect()
}

/// The definition, on the whole text at once.
fn naive(text: &str) -> Vec<String> {
    let is_ignorable = |c: &char| {
        let c = *c as u32;
        matches!(c, 0xAD | 0x61C | 0x2060 | 0xFEFF | 0x200C..=0x200F | 0x202A..=0x202E)
            || matches!(c, 0x2066..=0x2069 | 0xFE00..=0xFE0F | 0xE0100..=0xE01EF)
    };
    let chars: Vec<char> = fold(text).chars().filter(|c| !is_ignorable(c)).collect();
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for (i, &c) in chars.iter().enumerate() {
        let next_is_word = chars.get(i + 1).is_some_and(|&c| is_letter_or_number(c));
        if is_letter_or_number(c) {
            let previous = words.last().and_then(|word| word.chars().next());
            if !open || is_alone(c) || previous.is_some_and(is_alone) {
                words.push(String::new());
            }
            words.last_mut().unwrap().push(c);
            open = true;
        } else if is_mark(c) {
            if open {
                words.last_mut().unwrap().push(c);
            }
        } else {
            let after_word = i > 0 && (is_letter_or_number(chars[i - 1]) || is_mark(chars[i - 1]));
            open &= "'‘’ʻʼ".contains(c) && after_word && next_is_word;
        }
    }
    words
}

fn is_letter_or_number(c: char) -> bool {
    use GeneralCategory::*;
    !"ʻʼ".contains(c)
        && matches!(
            c.general_category(),
            UppercaseLetter
                | LowercaseLetter
                | TitlecaseLetter
                | ModifierLetter
                | OtherLetter
                | DecimalNumber
                | LetterNumber
                | OtherNumber
        )
}

fn is_mark(c: char) -> bool {
    use GeneralCategory::*;
    matches!(c.general_category(), NonspacingMark | SpacingMark | EnclosingMark)
}

/// Whether the character is a token by itself, for the scripts that the strategies below draw on.
fn is_alone(c: char) -> bool {
    use GeneralCategory::*;
    !matches!(c.general_category(), DecimalNumber | OtherNumber)
        && matches!(c as u32,
            0xE00..=0xEFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3000..=0x30FF | 0x31F0..=0x31FF
            | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xA9E0..=0xA9FF | 0xAA60..=0xAA7F
            | 0xF900..=0xFAFF | 0x16FE3 | 0x1AFF0..=0x1B16F | 0x20000..=0x2EE5F | 0x30000..=0x3347F)
}

/// Characters on which normalisation, folding or the rules of tokens have something to do.
fn lively_char() -> impl Strategy<Value = char> {
    let range = |range: std::ops::RangeInclusive<char>| prop::char::ranges(vec![range].into());
    let pick = |chars: &str| prop::sample::select(chars.chars().collect::<Vec<_>>());
    prop_oneof![
        6 => range(' '..='~'),
        3 => pick("aAeEiIoOuUsSjJnNkK "),
        3 => pick("'’‘ʼʻ＇"),
        2 => pick("\u{AD}\u{200B}\u{200C}\u{200D}\u{2060}\u{FEFF}\u{200E}\u{202A}\u{61C}\u{FE0F}\u{E0100}"),
        4 => range('\u{300}'..='\u{36F}'),
        2 => pick("\u{301}\u{308}\u{323}\u{327}\u{345}\u{338}\u{30A}"),
        3 => range('\u{A0}'..='\u{24F}'),
        2 => range('\u{370}'..='\u{3FF}'),
        1 => range('\u{400}'..='\u{52F}'),
        2 => range('\u{1E00}'..='\u{1FFF}'),
        2 => pick("ßẞİıςΣσſŉǰΐᾳﬁﬃ½¼①Ⅳ™㎏ﷺ"),
        2 => range('\u{590}'..='\u{6FF}'),
        2 => range('\u{900}'..='\u{D7F}'),
        2 => range('\u{E00}'..='\u{EFF}'),
        2 => range('\u{1000}'..='\u{109F}'),
        1 => range('\u{1780}'..='\u{17FF}'),
        3 => range('\u{1100}'..='\u{11FF}'),
        2 => range('\u{AC00}'..='\u{AC40}'),
        2 => range('\u{3000}'..='\u{30FF}'),
        1 => range('\u{4E00}'..='\u{4E40}'),
        1 => range('\u{F900}'..='\u{FAFF}'),
        2 => range('\u{FB00}'..='\u{FDFF}'),
        1 => range('\u{FE20}'..='\u{FEFF}'),
        3 => range('\u{FF00}'..='\u{FFEF}'),
        2 => pick("👩👨💻🏽🇫🇷❤☎\u{20E3}"),
        1 => range('\u{1D150}'..='\u{1D7FF}'),
        1 => any::<char>(),
    ]
}

fn lively() -> impl Strategy<Value = String> {
    prop::collection::vec(lively_char(), 0..40).prop_map(|chars| chars.into_iter().collect())
}

/// Mostly ASCII, with now and then another character: the border of the fast path.
pub(super) fn mostly_ascii() -> impl Strategy<Value = String> {
    let char = prop_oneof![
        8 => prop::sample::select("abcDEF019  .,'-_<=".chars().collect::<Vec<_>>()),
        1 => lively_char(),
    ];
    prop::collection::vec(char, 0..60).prop_map(|chars| chars.into_iter().collect())
}

pub(super) fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![3 => lively(), 2 => mostly_ascii(), 1 => any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn tokens_are_those_of_the_definition(text in any_text()) {
        prop_assert_eq!(words(&text), naive(&text));
    }

    #[test]
    fn ranges_are_in_order_and_on_char_boundaries(text in any_text()) {
        let tokens = Tokens::of(&text);
        prop_assert_eq!(tokens.ranges().len(), tokens.len());
        for range in tokens.ranges() {
            prop_assert!(!range.is_empty() && text.get(range.clone()).is_some());
        }
        for pair in tokens.ranges().windows(2) {
            prop_assert!(pair[0].start <= pair[1].start && pair[0].end <= pair[1].end);
        }
    }

    /// A range holds its token: read alone it yields the token, maybe with others that come from
    /// the same characters.
    #[test]
    fn a_range_holds_its_token(text in any_text()) {
        for_each_token(&text, |word, range| {
            assert!(words(&text[range]).iter().any(|other| other == word));
        });
    }

    #[test]
    fn hashing_needs_no_ranges(text in any_text()) {
        let (mut hashes, mut tokens) = (vec![7], Tokens::of("something else"));
        hash_tokens(&text, &mut hashes);
        tokens.read(&text);
        prop_assert_eq!(&hashes[1..], tokens.hashes());
        let expected: Vec<_> = naive(&text).iter().map(|word| token_hash(word)).collect();
        prop_assert_eq!(tokens.hashes(), expected);
    }

    #[test]
    fn equivalent_texts_have_equal_tokens(text in any_text()) {
        let expected = words(&text);
        prop_assert_eq!(&words(&text.nfc().collect::<String>()), &expected);
        prop_assert_eq!(&words(&text.nfd().collect::<String>()), &expected);
        prop_assert_eq!(&words(&text.nfkd().collect::<String>()), &expected);
    }

    /// Folding can undo a normal form (`ß` and an accent become `s` and an accented `s`), and so
    /// can a dropped character between a letter and its mark; the law is about the other tokens.
    #[test]
    fn a_token_in_normal_form_is_its_own_token(text in any_text()) {
        let mut stable = words(&text);
        stable.retain(|word| fold(word) == *word);
        prop_assert_eq!(words(&stable.join(" ")), stable);
    }

    #[test]
    fn a_space_splits_a_text(a in any_text(), b in any_text()) {
        // Marks at the start of `b` are alone there and alone after a space.
        prop_assert_eq!(words(&format!("{a} {b}")), [words(&a), words(&b)].concat());
    }
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(words(text), expected, "{text:?}");
    assert_eq!(naive(text), expected, "the definition on {text:?}");
}

#[test]
fn words_and_separators() {
    check("", &[]);
    check("Hello, World! 42", &["hello", "world", "42"]);
    check("1,000 snake_case x-ray a.b", &["1", "000", "snake", "case", "x", "ray", "a", "b"]);
    check("zero\u{200B}width", &["zero", "width"]);
}

#[test]
fn apostrophes() {
    check("don't don’t don‘t donʼt don＇t", &["dont"; 5]);
    check("Hawaiʻi DON'T", &["hawaii", "dont"]);
    check("'quoted' ‘quoted’ rock'n'roll", &["quoted", "quoted", "rocknroll"]);
    check("a''b a' b a'.b a'\u{301}b", &["a", "b", "a", "b", "a", "b", "a", "b"]);
    check("don\u{AD}'\u{200D}t", &["dont"]);
    check("l’été c'è café's", &["lété", "cè", "cafés"]);
    check("'", &[]);
}

#[test]
fn dropped_characters() {
    check("co\u{AD}op\u{2060}er\u{FEFF}ate \u{202A}x\u{202C}", &["cooperate", "x"]);
    check("می\u{200C}خواهم", &["میخواهم"]);
    check("葛\u{E0100}", &["葛"]);
}

#[test]
fn folding() {
    check("straße STRASSE Straẞe", &["strasse"; 3]);
    check("İstanbul", &["i\u{307}stanbul"]);
    check("ΟΔΟΣ οδος οδοσ", &["οδοσ"; 3]);
    check("ﬁn ＡＢＣ１２３ №", &["fin", "abc123", "no"]);
    check("½ Ⅳ x²", &["1", "2", "iv", "x2"]);
}

#[test]
fn decomposed_letters() {
    check("Cafe\u{301} café CAFÉ", &["café"; 3]);
    check("a\u{323}\u{308} a\u{308}\u{323} ạ\u{308} ä\u{323}", &["ạ\u{308}"; 4]);
    check("한국어", &["한국어"]);
    check("\u{1112}\u{1161}\u{11AB}\u{1100}\u{116E}\u{11A8}", &["한국"]);
    check("하\u{11AB}", &["한"]);
}

#[test]
fn scripts_without_spaces() {
    check("中文，2024年", &["中", "文", "2024", "年"]);
    check("人々〇〆", &["人", "々", "〇", "〆"]);
    check("iPhoneを買うﾊﾟｿｺﾝ", &["iphone", "を", "買", "う", "パ", "ソ", "コ", "ン"]);
    check("コーヒー か\u{3099}", &["コ", "ー", "ヒ", "ー", "が"]);
    check("ที่นี่ ๑๒๓", &["ที่", "นี่", "๑๒๓"]);
    check("ខ្មែរ", &["ខ្", "មែ", "រ"]);
    check("မြန်မာ", &["မြ", "န်", "မာ"]);
    check("ㄅㄆ 한글", &["ㄅㄆ", "한글"]);
}

#[test]
fn scripts_with_marks() {
    check("שָׁלוֹם", &["ש\u{5B8}\u{5C1}לו\u{5B9}ם"]);
    check("السَّلام عليكم", &["الس\u{64E}\u{651}لام", "عليكم"]);
    check("ﻻ ﷺ", &["لا", "صلى", "الله", "عليه", "وسلم"]);
    check("हिन्दी क़लम", &["हिन्दी", "क\u{93C}लम"]);
    check("বাংলা தமிழ் কো ক\u{9C7}\u{9BE}", &["বাংলা", "தமிழ்", "কো", "কো"]);
}

#[test]
fn nothing_to_read() {
    check("👩\u{200D}💻 ❤\u{FE0F} 🇫🇷 🏽!", &[]);
    check("\u{301}\u{308}\u{FE0F} \u{20D7} -\u{301}", &[]);
}

#[test]
fn ranges_point_into_the_text() {
    let ranges = |text: &str| -> Vec<Range<usize>> { Tokens::of(text).ranges().to_vec() };
    let text = "(Don’t) stop\u{AD}. Cafe\u{301} ½!";
    let parts: Vec<_> = ranges(text).into_iter().map(|range| &text[range]).collect();
    assert_eq!(parts, ["Don’t", "stop", "Cafe\u{301}", "½", "½"]);
    assert_eq!(ranges("ﾊﾟｿ"), [0..6, 6..9]);
    assert_eq!(ranges("\u{1100}\u{1161}\u{11A8} a"), [0..9, 10..11]);
    assert_eq!(Tokens::of("a bc").range(1), 2..4);
    assert!(Tokens::new().is_empty());
}

#[test]
fn a_visitor_may_tokenise() {
    let mut seen = Vec::new();
    for_each_token("Ab cÉd", |word, _| {
        seen.extend(words(&word.to_uppercase()));
        seen.push(word.to_owned());
    });
    assert_eq!(seen, ["ab", "ab", "céd", "céd"]);
}

/// A million marks on one letter, in and out of order. Quadratic work would not come to an end.
#[test]
fn endless_marks() {
    for marks in ["\u{301}", "\u{301}\u{323}", "\u{9BE}", "\u{1161}", "\u{345}", "'", "\u{200D}"] {
        let text = format!("e{}", marks.repeat(1_000_000 / marks.chars().count()));
        assert!(!Tokens::of(&text).is_empty());
    }
}

#[test]
fn v1_golden_hashes() {
    let golden = [
        ("reprint", "9d8c1d97"),
        ("42", "254a69e4"),
        ("λόγοσ", "16ac4491"),
        ("مقال", "db98d5b2"),
        ("新", "6daf7e8c"),
        ("representational", "bafcca91"),
        ("हिन्दी", "11143212"),
    ];
    for (word, hash) in golden {
        assert_eq!(words(word), [word]);
        assert_eq!(format!("{:08x}", token_hash(word)), hash, "{word}");
    }
}

/// The whole way from a text to its shingles.
#[test]
fn v1_golden_shingles() {
    let tokens = Tokens::of("The QUICK brown-fox; don’t jump über 新しい ½ Straße");
    let shingles: Vec<_> = Shingler::new(5).unwrap().shingles(tokens.hashes()).collect();
    assert_eq!(shingles.len(), 9);
    assert_eq!(
        format!("{:016x} {:016x}", shingles[0], shingles[8]),
        "d15f674d753c8626 bfeb525fd0bc5914"
    );
}
