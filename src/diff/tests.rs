//! The laws that a report obeys, and small cases with what a reader expects.

use std::ops::Range;

use proptest::prelude::*;

use super::*;
use crate::text::for_each_token;

mod kinds;
mod laws;
mod readable;
mod terminal;

fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    for_each_token(text, |token, _| tokens.push(token.to_owned()));
    tokens
}

/// The report in short: what happened to each part, and its words as the texts spell them.
fn outline(a: &str, b: &str) -> Vec<String> {
    let report = DiffReport::between(a, b);
    check(&report);
    let describe = |part: &Part| {
        let pieces = part.pieces.iter().map(|piece| match piece.kind {
            PieceKind::Kept => b[piece.b.bytes.clone()].to_owned(),
            PieceKind::Deleted => format!("[{}]", &a[piece.a.bytes.clone()]),
            PieceKind::Inserted => format!("<{}>", &b[piece.b.bytes.clone()]),
        });
        format!("{:?} {}", part.kind, pieces.collect::<Vec<_>>().join(" "))
    };
    report.parts().iter().map(describe).collect()
}

/// Everything that holds for each report.
fn check(report: &DiffReport<'_>) {
    let (text_a, text_b) = (report.text_a(), report.text_b());
    let (a, b) = (tokens(text_a), tokens(text_b));
    assert_eq!((report.words_a(), report.words_b()), (a.len(), b.len()));
    assert_eq!(report.apply(&a, &b), b);
    assert_eq!(report.is_same(), a == b);

    for (text, side) in [(text_a, (|part| &part.a) as fn(&Part) -> &Span), (text_b, |p| &p.b)] {
        for span in report.parts().iter().map(side) {
            assert!(text.get(span.bytes.clone()).is_some(), "bytes on borders of characters");
            assert!(span.tokens.start <= span.tokens.end);
            assert_eq!(tokens(&text[span.bytes.clone()]).is_empty(), span.tokens.is_empty());
        }
    }

    // Every token once on each side: those of b in order, those of a in order but for moved ones.
    let tile = |ranges: &[Range<usize>], end: usize| {
        let mut at = 0;
        for range in ranges.iter().filter(|range| !range.is_empty()) {
            assert_eq!(range.start, at);
            at = range.end;
        }
        assert_eq!(at, end);
    };
    let parts = report.parts();
    tile(&parts.iter().map(|part| part.b.tokens.clone()).collect::<Vec<_>>(), b.len());
    let mut in_a: Vec<_> = parts.iter().map(|part| part.a.tokens.clone()).collect();
    in_a.sort_by_key(|range| range.start);
    tile(&in_a, a.len());
    let in_place = parts.iter().filter(|part| part.kind != PartKind::Moved);
    assert!(in_place.map(|part| part.a.tokens.start).is_sorted());

    let mut shared = 0;
    for part in parts {
        let bytes =
            |spans: Vec<&Span>| spans.windows(2).all(|w| w[0].bytes.start <= w[1].bytes.start);
        assert!(bytes(part.pieces.iter().map(|piece| &piece.a).collect()));
        assert!(bytes(part.pieces.iter().map(|piece| &piece.b).collect()));
        let shape: Vec<_> = part.pieces.iter().map(|piece| piece.kind).collect();
        match part.kind {
            PartKind::Kept => assert_eq!(shape, [PieceKind::Kept]),
            PartKind::Removed => assert_eq!(shape, [PieceKind::Deleted]),
            PartKind::Added => assert_eq!(shape, [PieceKind::Inserted]),
            PartKind::Changed => assert!(shape.iter().any(|&kind| kind != PieceKind::Kept)),
            PartKind::Moved => assert!(shape.contains(&PieceKind::Kept)),
        }
        let (mut at_a, mut at_b) = (part.a.tokens.start, part.b.tokens.start);
        for piece in &part.pieces {
            let (of_a, of_b) = (piece.a.tokens.clone(), piece.b.tokens.clone());
            assert_eq!((of_a.start, of_b.start), (at_a, at_b));
            (at_a, at_b) = (of_a.end, of_b.end);
            match piece.kind {
                PieceKind::Kept => {
                    shared += of_a.len();
                    assert_eq!(a[of_a], b[of_b]);
                }
                PieceKind::Deleted => assert!(!of_a.is_empty() && of_b.is_empty()),
                PieceKind::Inserted => assert!(of_a.is_empty() && !of_b.is_empty()),
            }
        }
        assert_eq!((at_a, at_b), (part.a.tokens.end, part.b.tokens.end));
    }
    assert_eq!(report.words_shared(), shared);
}

/// Lines of few different words and some punctuation.
fn texts() -> impl Strategy<Value = String> {
    let line = "([a-f]{1,2}[.,?!]? ){0,12}[a-f]";
    proptest::collection::vec(line, 0..12).prop_map(|lines| lines.join("\n"))
}

/// A text of distinct words and an edited version of it: lines and words deleted, inserted, moved.
fn versions() -> impl Strategy<Value = (String, String)> {
    let edit = (0usize..12, 0usize..30, 0u8..6);
    (1usize..12, 1usize..30, proptest::collection::vec(edit, 0..6)).prop_map(
        |(lines, words, edits)| {
            let line = |l: usize| (0..words).map(move |w| format!("w{l}x{w}")).collect::<Vec<_>>();
            let old: Vec<_> = (0..lines).map(line).collect();
            let mut new = old.clone();
            for (at, word, kind) in edits {
                let at = at % new.len();
                let word = word % new[at].len();
                match kind {
                    0 if new.len() > 1 => drop(new.remove(at)),
                    1 => new.insert(at, line(100 + word)),
                    2 => new.rotate_left(at),
                    3 if new[at].len() > 1 => drop(new[at].remove(word)),
                    4 => new[at].insert(word, "strange".into()),
                    _ => new[at][word] = "other".into(),
                }
            }
            let text = |lines: Vec<Vec<String>>| {
                lines.iter().map(|line| line.join(" ")).collect::<Vec<_>>().join("\n")
            };
            (text(old), text(new))
        },
    )
}

proptest! {
    #[test]
    fn every_report_holds_both_texts_once(a in texts(), b in texts()) {
        check(&DiffReport::between(&a, &b));
    }

    #[test]
    fn a_report_of_versions_holds_both_texts_once((a, b) in versions()) {
        check(&DiffReport::between(&a, &b));
    }

    #[test]
    fn no_text_does_harm(a in "\\PC*", b in any::<String>(), c in "[½あ「。A \u{301}'\r\n\u{1b}]*") {
        for (a, b) in [(&a, &b), (&b, &c), (&c, &a), (&c, &c)] {
            let report = DiffReport::between(a, b);
            check(&report);
            let printed = report.to_string();
            prop_assert!(!printed.contains(|c: char| c.is_control() && c != '\n'));
        }
    }

    #[test]
    fn a_text_and_itself_have_only_kept_parts(a in texts()) {
        let report = DiffReport::between(&a, &a);
        prop_assert!(report.is_same());
        prop_assert_eq!(report.parts().len(), usize::from(report.words_a() > 0));
        prop_assert_eq!(report.words_shared(), report.words_a());
    }

    #[test]
    fn a_cluster_says_what_pairs_say(texts in proptest::collection::vec(texts(), 1..6)) {
        let members: Vec<usize> = (0..texts.len()).collect();
        let cluster = ClusterReport::new(|at| &texts[at], 0, &members);
        let mut seen: Vec<usize> = Vec::new();
        for version in &cluster.versions {
            prop_assert_eq!(
                &version.report,
                &DiffReport::between(&texts[0], &texts[version.members[0]])
            );
            for &member in &version.members {
                prop_assert_eq!(tokens(&texts[member]), tokens(&texts[version.members[0]]));
            }
            seen.extend(&version.members);
        }
        seen.sort_unstable();
        prop_assert_eq!(&seen[..], &members[1..]);
    }
}

const ARTICLE: &str = "\
Ministers agree to close the northern port

The decision was taken late on Thursday after nine hours of talks in the capital, officials said.

Dockers had asked for a delay of two years, but their unions were not heard before the vote.

A spokesman for the harbour said that ships would be led to the southern basin from March on.";

fn paragraphs() -> Vec<&'static str> {
    ARTICLE.split("\n\n").collect()
}

#[test]
fn other_punctuation_case_and_spacing_are_no_change() {
    let other = ARTICLE.to_uppercase().replace(' ', "  ").replace('\n', "\r\n").replace(',', " –");
    let report = DiffReport::between(ARTICLE, &other);
    check(&report);
    assert_eq!(report.to_string(), "A and B have the same 60 words\n");
}

#[test]
fn an_edited_paragraph_is_changed() {
    let edited = ARTICLE.replace("a delay of two years", "two more years").replace("nine", "ten");
    let [headline, second, third, last] = paragraphs()[..] else { panic!() };
    assert_eq!(
        outline(ARTICLE, &edited),
        [
            format!("Kept {headline}"),
            format!("Changed {}", second.replace("nine", "[nine] <ten>")),
            format!(
                "Changed {}",
                third.replace("a delay of two years", "[a delay of two] <two more> years")
            ),
            format!("Kept {last}"),
        ]
    );
}

#[test]
fn a_rewritten_headline_is_changed() {
    let edited = ARTICLE.replace("Ministers agree to close the northern port", "End of a harbour");
    let found = outline(ARTICLE, &edited);
    assert_eq!(found[0], "Changed [Ministers agree to close the northern port] <End of a harbour>");
    assert_eq!(found.len(), 2);
}

#[test]
fn whole_paragraphs_are_removed_and_added() {
    let [headline, second, third, last] = paragraphs()[..] else { panic!() };
    let cut = [headline, second, last].join("\n\n");
    let outer = [format!("Kept {headline}\n\n{second}"), format!("Kept {last}")];
    assert_eq!(
        outline(ARTICLE, &cut),
        [outer[0].clone(), format!("Removed [{third}]"), outer[1].clone()]
    );
    assert_eq!(
        outline(&cut, ARTICLE),
        [outer[0].clone(), format!("Added <{third}>"), outer[1].clone()]
    );
}

#[test]
fn a_moved_paragraph_is_shown_once_with_its_edit() {
    let [headline, second, third, last] = paragraphs()[..] else { panic!() };
    let edited = third.replace("Dockers", "Workers").replace("two", "three");
    let moved = [headline, second, last, &edited].join("\n\n");
    // The lighter one of the two paragraphs counts as moved.
    assert_eq!(
        outline(ARTICLE, &moved),
        [
            format!("Kept {headline}\n\n{second}"),
            format!("Kept {last}"),
            format!(
                "Moved {}",
                third.replace("Dockers", "[Dockers] <Workers>").replace("two", "[two] <three>")
            ),
        ]
    );
}

#[test]
fn a_sentence_moved_out_of_a_paragraph_leaves_the_rest_in_place() {
    let [headline, second, third, last] = paragraphs()[..] else { panic!() };
    let old =
        format!("{headline}\n\n{second} {third} {last}\n\nMore will follow in the next days.");
    let new =
        format!("{headline}\n\n{second} {last}\n\nMore will follow in the next days.\n\n{third}");
    assert_eq!(
        outline(&old, &new),
        [
            format!("Kept {headline}\n\n{second}"),
            format!("Kept {last}\n\nMore will follow in the next days."),
            format!("Moved {third}"),
        ]
    );
}

#[test]
fn stray_words_between_unrelated_paragraphs_are_no_links() {
    let a = format!(
        "{ARTICLE}\n\nThe museum of the city has bought a painting that was found in the \
        attic of a school, where it had hung for most of a century without a name."
    );
    let b = format!(
        "{ARTICLE}\n\nRain is the reason that the match in the valley was put off, and the \
        club has not said when it will be played or where the fans may have their money back."
    );
    let kinds: Vec<_> = DiffReport::between(&a, &b).parts().iter().map(|part| part.kind).collect();
    assert_eq!(kinds, [PartKind::Kept, PartKind::Removed, PartKind::Added]);
}

#[test]
fn wrapped_paragraphs_are_blocks() {
    let wrapped = "\
Dockers had asked for a delay of two years, but
their unions were not heard before the vote. It
was taken late on Thursday after nine hours of
talks.
A spokesman for the harbour said that all ships
would be led to the southern basin from March.
The company said nothing about the fees in the
years to come.";
    let joined = wrapped.replace('\n', " ").replace("talks. ", "talks.\n");
    let joined = joined.replace("March. ", "March.\n").replace("nine", "ten");
    let report = DiffReport::between(wrapped, &joined);
    check(&report);
    assert_eq!(
        report.to_string(),
        "\
58 words the same; 1 passage changed

changed  Dockers had asked for a delay of two years, but their unions were not heard before the
         vote. It was taken late on Thursday after [-nine-] {+ten+} hours of talks.
same     A spokesman for the harbour said that all ships would … 30 words the same … about the fees
         in the years to come.
"
    );
}

#[test]
fn a_long_line_is_taken_by_sentences() {
    let sentences: Vec<String> = (0..30)
        .map(|s| (0..10).map(|w| format!("Word{s}x{w}")).collect::<Vec<_>>().join(" ") + ".")
        .collect();
    let old = sentences.join(" ");
    let new = old.replace("Word7x3", "Strange");
    let report = DiffReport::between(&old, &new);
    check(&report);
    let lengths: Vec<_> =
        report.parts().iter().map(|part| (part.kind, part.a.tokens.len())).collect();
    assert_eq!(lengths, [(PartKind::Kept, 70), (PartKind::Changed, 10), (PartKind::Kept, 220)]);
}

#[test]
fn japanese_is_compared_by_characters() {
    let found = outline("東京都は新しい防災計画を発表した。", "東京都は新しい計画を、発表した。");
    assert_eq!(found, ["Changed 東京都は新しい [防災] 計画を、発表した。"]);
}

#[test]
fn a_report_prints_as_a_page() {
    let [_, second, third, last] = paragraphs()[..] else { panic!() };
    let last_moved = last.replace("March", "May");
    let second = second.replace("late on Thursday", "on Friday");
    let new = format!("Northern port will close\nsubscribe now\n{last_moved}\n{second}\n{third}");
    let report = DiffReport::between(ARTICLE, &new);
    check(&report);
    let style = Style { a: "Monday".into(), b: "Sunday".into(), width: 72, ..Style::default() };
    assert_eq!(
        report.display(&style).to_string(),
        "\
49 words the same; 2 passages changed; 1 passage moved (18 words); 1
passage only in Sunday (2 words)

changed headline      [-Ministers agree to close the northern port-]
                      {+Northern port will close+}
standfirst in Sunday  subscribe now
moved                 A spokesman for the harbour said that ships would
                      be led to the southern basin from [-March-]
                      {+May+} on. (from word 43 of Monday to word 7 of
                      Sunday)
changed date          The decision was taken [-late on Thursday-] {+on
                      Friday+} after nine hours of talks in the capital,
                      officials said.
same                  Dockers had asked for a delay of two years, but
                      their unions were not heard before the vote.
"
    );
}

#[test]
fn a_cluster_lists_members_with_the_same_words_once() {
    let texts = ["One two three four.", "one TWO three four", "One two 3 four.", "One two 3 four!"];
    let report = ClusterReport::new(|at| texts[at], 0, &[0, 1, 2, 3, 2]);
    let members: Vec<_> = report.versions.iter().map(|version| &version.members[..]).collect();
    assert_eq!(members, [&[1][..], &[2, 3]]);
    assert_eq!(
        report.to_string(),
        "A is #0, B is #1\n\
         A and B have the same 4 words\n\
         \n\
         A is #0, B is #2 = #3\n\
         3 words the same; 1 passage changed\n\
         \n\
         changed  One two [-three-] {+3+} four.\n"
    );
}

#[test]
fn texts_without_words_have_no_parts() {
    assert_eq!(DiffReport::between("", " … ").to_string(), "A and B have no words\n");
    assert_eq!(outline("", "New."), ["Added <New.>"]);
    assert_eq!(outline("Old.", ""), ["Removed [Old.]"]);
}

#[test]
fn huge_texts_are_bounded() {
    // One word again and again.
    let same = "refrain ".repeat(30_000);
    let report = DiffReport::between(&same, &same[..same.len() / 2]);
    check(&report);
    assert_eq!((report.words_shared(), report.is_coarse()), (15_000, false));

    // Random words: what chance gives to hold on to is too little, and none of it is reported.
    let noise = |seed: u64| {
        let mut state = seed;
        let mut word = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            format!("w{} ", (state >> 33) % 1000)
        };
        (0..30_000).map(|_| word()).collect::<String>()
    };
    let (a, b) = (noise(1), noise(2));
    let report = DiffReport::between(&a, &b);
    check(&report);
    assert_eq!((report.words_shared(), report.is_coarse()), (0, true));

    // The same words everywhere in another order: nothing to hold on to.
    let (a, b) = ("x y ".repeat(10_000), "y y x x ".repeat(10_000));
    let report = DiffReport::between(&a, &b);
    check(&report);
    assert!(report.is_coarse());
    assert!(report.to_string().contains("not compared"));
}
