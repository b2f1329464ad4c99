//! What holds for any text.

use proptest::prelude::*;

use super::super::words::*;
use super::super::*;
use crate::text::hash_tokens;

/// Texts full of what news lines are made of, and of what makes cutting hard.
fn lively() -> impl Strategy<Value = String> {
    let news = prop::sample::select(vec![
        "PARIS (AFP) — ",
        "WASHINGTON, D.C. - ",
        "OSLO — ",
        "By Jane Doe",
        "\n\n",
        "\n",
        "\r\n",
        "© 2008 Roe",
        "Read more",
        "(dpa)",
        "January 7, 2008",
        " dpa/AFP",
        "Published: 7 May 2008",
        "Reuters contributed to this report.",
        "The quay is closed for eleven months, it said. ",
        "the divers replace the rotting timber piles beneath it, one by one, every other day ",
        "and so the board has approved the plan by seven votes to two late on Monday evening.\n",
    ]);
    let hard = prop::sample::select(vec![
        "\u{301}", "\u{338}", "\u{AD}", "\u{200D}", "\u{FEFF}", "'", "’", "ß", "İ", "ﬁ", "½", "新",
        "\u{1100}", "\u{1161}", "\u{11A8}", "\u{E33}", "—", "–", "_", "(", ")", "\u{A0}",
        "\u{2028}", "\u{85}", ":", ",", "7", "a", "É",
    ]);
    let any = any::<char>().prop_map(String::from);
    let piece = prop_oneof![
        6 => news.prop_map(str::to_owned),
        2 => hard.prop_map(str::to_owned),
        1 => any,
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn article(text: &str) -> (Vec<u32>, Vec<Range<u32>>) {
    let (mut tokens, mut aside) = (Vec::new(), Vec::new());
    hash_article(text, &mut tokens, &mut aside);
    (tokens, aside)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn cutting_changes_no_token(text in lively()) {
        let mut tokens = Vec::new();
        hash_tokens(&text, &mut tokens);
        prop_assert_eq!(article(&text).0, tokens);
    }

    /// Harder than what is ever cut: at every place that is said to separate.
    #[test]
    fn cutting_where_it_separates_changes_no_token(text in lively()) {
        let whole = Tokens::of(&text);
        for (at, _) in text.char_indices().filter(|&(at, _)| separates(&text, at)) {
            let (mut tokens, (before, after)) = (Vec::new(), text.split_at(at));
            hash_tokens(before, &mut tokens);
            hash_tokens(after, &mut tokens);
            prop_assert_eq!(&tokens[..], whole.hashes(), "{:?} {:?}", before, after);
        }
    }

    #[test]
    fn lines_are_in_bounds_ascending_and_apart(text in lively()) {
        let lines = news_lines(&text);
        for line in &lines {
            let part = text.get(line.bytes.clone());
            prop_assert!(part.is_some_and(|part| part.len() <= 160 && part.trim() == part));
        }
        prop_assert!(lines.windows(2).all(|pair| pair[0].bytes.end <= pair[1].bytes.start));
    }

    #[test]
    fn no_text_loses_more_than_a_fifth(text in lively()) {
        let (tokens, aside) = article(&text);
        prop_assert!(aside.windows(2).all(|pair| pair[0].end < pair[1].start));
        prop_assert!(aside.iter().all(|range| range.start < range.end));
        prop_assert!(aside.last().is_none_or(|last| last.end as usize <= tokens.len()));
        prop_assert!(aside.iter().map(|range| range.len()).sum::<usize>() * 5 <= tokens.len());
    }

    #[test]
    fn both_ways_leave_the_same_aside(text in lively()) {
        let tokens = Tokens::of(&text);
        prop_assert_eq!(article(&text).1, news_tokens(&news_lines(&text), &tokens));
    }

    /// Counted from the text's first token, and without touching what is there.
    #[test]
    fn appending_is_the_same_as_a_fresh_start(texts in prop::collection::vec(lively(), 2)) {
        let (mut tokens, mut aside) = article(&texts[0]);
        let (first, first_aside) = (tokens.len(), aside.len());
        hash_article(&texts[1], &mut tokens, &mut aside);
        let again = article(&texts[1]);
        prop_assert_eq!((&tokens[first..], &aside[first_aside..]), (&again.0[..], &again.1[..]));
        prop_assert_eq!(news_lines(&texts[1]), news_lines(&texts[1].clone()));
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let lines = news_lines(&text);
        prop_assert!(lines.iter().all(|line| text.is_char_boundary(line.bytes.start)));
        article(&text);
    }
}

#[test]
fn tables_are_sorted_and_in_lower_case() {
    let lower = [
        &MONTHS,
        &WEEKDAYS,
        &CLOCK,
        &STAMPS,
        &AGENCY_WORDS,
        &ROLES,
        &PARTICLES,
        &NAME_PARTICLES,
        &AND,
        &AFTER_NAME,
        &NOT_NAMES,
        &NOT_PLACES,
        &HEADLINE_WORDS,
        &CITIES,
        &REGIONS,
    ];
    for table in lower {
        assert!(table.words.is_sorted(), "{table:?}");
        assert!(table.words.iter().all(|word| *word == word.to_lowercase() && word.len() <= 40));
    }
    assert!(AGENCIES.words.is_sorted() && RIGHTS.is_sorted());
    assert!(OPENINGS.is_sorted_by_key(|opening| opening.0));
    for (phrase, before) in CREDIT_PHRASES {
        assert_eq!(phrase.find('b'), Some(*before), "{phrase}");
    }
}

#[test]
fn a_table_has_its_words_and_no_others() {
    for table in [&MONTHS, &AGENCIES, &NOT_PLACES, &CITIES] {
        for word in table.words {
            assert!(table.contains(word.as_bytes()));
            for other in [format!("{word}x"), word.to_uppercase(), format!("x{word}")] {
                let has = table.words.contains(&&other[..]);
                assert_eq!(table.contains(other.as_bytes()), has, "{other}");
            }
        }
        assert!(!table.contains(b"") && !table.contains(&[b'a'; 100]) && !table.contains(b"\xFFx"));
    }
}

/// A hundred thousand of anything takes no time to speak of.
#[test]
fn long_lines_are_not_read_whole() {
    for piece in
        ["PARIS ", "A. ", "(", "By Jane Doe and ", "\n", " ", "7 May ", "\u{301}", "新", "--"]
    {
        let text = piece.repeat(100_000);
        for _ in 0..20 {
            news_lines(&text);
        }
    }
}
