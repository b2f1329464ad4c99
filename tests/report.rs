//! The report on the sample articles: kinds labelled by hand, marks beside those of a plain diff,
//! what is printed.

use std::ops::Range;

use reprint::Deduper;
use reprint::diff::EditKind::*;
use reprint::diff::{ClusterReport, DiffReport, EditKind, PartKind, PieceKind, Style};
use similar::{Algorithm, DiffTag, capture_diff_slices};

use crate::support::{articles, filled};

fn sample(name: &str) -> String {
    let samples = articles("examples/articles");
    let found = samples.into_iter().find(|(file, _)| file.trim_end_matches(".txt") == name);
    found.expect("a sample").1
}

/// What a reader says of an edit: its kind, and some of its words in both texts.
type Label = (EditKind, &'static str, &'static str);

/// Pairs of versions, with all their edits as a reader lists them.
const PAIRS: [(&str, &str, &[Label]); 7] = [
    (
        "harbour-agency",
        "harbour-daily",
        &[
            (Headline, "Port Ellery to shut", "Crumbling wharf"),
            (Credit, "", "By our shipping staff"),
            (Dateline, "March 3 (Meridian Wire)", "Tuesday"),
            (Wording, "", "night"),
            (Number, "46", "48"),
            (Wording, "satisfied", "happy"),
        ],
    ),
    (
        "harbour-agency",
        "harbour-local",
        &[
            (Headline, "Port Ellery to shut", "Extra grain trains"),
            (Credit, "", "From our Port Ellery correspondent"),
            (Dateline, "March 3 (Meridian Wire)", ""),
            (Moved, "The quay was built", "The quay was built"),
            (Inserted, "", "For readers in Caddon Point"),
        ],
    ),
    (
        "harbour-agency",
        "harbour-short",
        &[
            (Headline, "Port Ellery to shut", "Harbour board votes"),
            (Dateline, "March 3", ""),
            (Tail, "Work is due to begin", ""),
        ],
    ),
    (
        "harbour-daily",
        "harbour-local",
        &[
            (Headline, "Crumbling wharf", "Extra grain trains"),
            (Credit, "By our shipping staff", "From our Port Ellery correspondent"),
            (Dateline, "Tuesday", ""),
            (Wording, "night", ""),
            (Moved, "The quay was built", "The quay was built"),
            (Number, "48", "46"),
            (Inserted, "", "For readers in Caddon Point"),
            (Wording, "happy", "satisfied"),
        ],
    ),
    (
        "harbour-short",
        "harbour-daily",
        &[
            (Headline, "Harbour board votes", "Crumbling wharf"),
            (Credit, "", "By our shipping staff"),
            (Dateline, "(Meridian Wire)", "Tuesday"),
            (Wording, "", "night"),
            (Inserted, "", "Work is due to begin"),
        ],
    ),
    (
        "orchard-original",
        "orchard-republished",
        &[
            (Furniture, "Home | News", "Skip to content"),
            (Headline, "The apple trees", "How a three-year"),
            (Standfirst, "is blamed for the empty", "gets the blame for the bare"),
            (Standfirst, "writes", "argues"),
            // Teasers and appeals: one pair alone does not tell them from paragraphs.
            (Furniture, "MOST READ TODAY", ""),
            (Furniture, "© The Brackwater Standard", ""),
            (Furniture, "", "Further reading from"),
        ],
    ),
    (
        "night-train-ja",
        "night-train-ja-edited",
        &[
            (Headline, "来月で運行終了", "最後の夜"),
            (Wording, "発表", "に明らかに"),
            (Wording, "愛好家も多", "ファンも少なくな"),
            (Wording, "売り切れ", "完売し"),
            (Wording, "", "役場"),
        ],
    ),
];

#[test]
fn kinds_are_those_that_a_reader_gives() {
    let (mut right, mut all) = (0, 0);
    for (a, b, labels) in PAIRS {
        let texts = [sample(a), sample(b)];
        let report = DiffReport::between(&texts[0], &texts[1]);
        assert_eq!(report.edits().len(), labels.len(), "{a} {b}: {:?}", report.edits());
        for (edit, &(kind, from, to)) in labels.iter().map(|label| {
            let mut found = report.edits().iter().filter(|edit| {
                let [of_a, of_b] =
                    [&texts[0][edit.a.bytes.clone()], &texts[1][edit.b.bytes.clone()]];
                let has = |text: &str, words: &str| {
                    words.is_empty() == text.is_empty() && text.contains(words)
                };
                has(of_a, label.1) && has(of_b, label.2)
            });
            (
                found
                    .next()
                    .unwrap_or_else(|| panic!("{a} {b}: {label:?} in {:?}", report.edits())),
                label,
            )
        }) {
            all += 1;
            right += usize::from(edit.kind == kind);
            if edit.kind != kind {
                println!("{a} to {b}: {} instead of {kind}: {from:?}, {to:?}", edit.kind);
            }
        }
    }
    println!("{right} of {all} edits have the kind that a reader gives them");
    assert_eq!((right, all), (37, 39));
}

/// The lines of a text that are not blank.
fn lines(text: &str) -> usize {
    text.lines().filter(|line| !line.trim().is_empty()).count()
}

/// Stretches that are marked as deleted, inserted or moved, one for each line that they touch.
fn our_marks(report: &DiffReport<'_>) -> usize {
    let moved = report.parts().iter().filter(|part| part.kind == PartKind::Moved).count();
    let pieces = report.parts().iter().flat_map(|part| &part.pieces);
    let marks = pieces.map(|piece| match piece.kind {
        PieceKind::Kept => 0,
        PieceKind::Deleted => lines(&report.text_a()[piece.a.bytes.clone()]),
        PieceKind::Inserted => lines(&report.text_b()[piece.b.bytes.clone()]),
    });
    moved + marks.sum::<usize>()
}

/// The same of a plain diff of the words between white space; of characters in Japanese.
fn plain_marks(a: &str, b: &str) -> usize {
    let words = |text: &str| -> Vec<Range<usize>> {
        let is_japanese = text.contains('。');
        let mut words: Vec<Range<usize>> = Vec::new();
        for (at, c) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
            match words.last_mut() {
                Some(last) if last.end == at && !is_japanese => last.end += c.len_utf8(),
                _ => words.push(at..at + c.len_utf8()),
            }
        }
        words
    };
    let (at_a, at_b) = (words(a), words(b));
    let [words_a, words_b]: [Vec<&str>; 2] =
        [(a, &at_a), (b, &at_b)].map(|(text, at)| at.iter().map(|at| &text[at.clone()]).collect());
    let marked = |text: &str, at: &[Range<usize>]| match at {
        [] => 0,
        [first, .., last] => lines(&text[first.start..last.end]),
        [_] => 1,
    };
    let ops = capture_diff_slices(Algorithm::Myers, &words_a, &words_b);
    let changed = ops.iter().filter(|op| op.tag() != DiffTag::Equal);
    changed.map(|op| marked(a, &at_a[op.old_range()]) + marked(b, &at_b[op.new_range()])).sum()
}

#[test]
fn a_report_needs_fewer_marks_than_a_plain_diff() {
    let (mut ours, mut plain) = (0, 0);
    for (a, b, _) in PAIRS {
        let [text_a, text_b] = [sample(a), sample(b)];
        let marks = our_marks(&DiffReport::between(&text_a, &text_b));
        let plain_marks = plain_marks(&text_a, &text_b);
        println!("{a} to {b}: {marks} marks, {plain_marks} in a plain diff");
        assert!(marks <= plain_marks, "{a} to {b}");
        ours += marks;
        plain += plain_marks;
    }
    println!("together: {ours} marks, {plain} in a plain diff");
    assert!(4 * ours <= 3 * plain, "at most three quarters: {ours} and {plain}");
}

#[test]
fn the_harbour_reads_so() {
    let [a, b] = ["harbour-daily", "harbour-local"].map(sample);
    let style = Style { a: "Daily".into(), b: "Local".into(), width: 78, ..Style::default() };
    let printed = DiffReport::between(&a, &b).display(&style).to_string();
    assert_eq!(printed, HARBOUR, "\n{printed}");
}

const HARBOUR: &str = "\
369 words the same; 6 passages changed; 1 passage moved (45 words); 1 passage
only in Local (47 words)

changed headline  [-Crumbling wharf to close until next spring-]
                  {+Extra grain trains for Caddon Point while Ellery quay is
                  rebuilt+}
changed byline    [-By our shipping staff and agencies-]
                  {+From our Port Ellery correspondent+}
changed dateline  [-Port Ellery, Tuesday —-] Dockworkers and shipping agents
                  in Port Ellery have agreed to close the … 46 words the
                  same … kept the repair on paper since the autumn gales two
                  years ago.
changed           The harbour board approved the plan by seven votes to two
                  late on Monday, [-night,-] after an inspector's report
                  warned that a fully laden barge moored at the eastern end
                  could bring down as much as forty metres of the deck.
                  Lorries heavier than twelve tonnes have been banned from the
                  quay since January.
same              \"Nobody in this room wanted to be the one who … 46 words the
                  same … to load a ship on top of it.\"
moved             The quay was built 94 years ago by engineers who expected it
                  … 45 words the same … are to be dried, sawn and given to the
                  town's boatbuilding school. (from word 321 of Daily to word
                  162 of Local)
changed number    Work is due to begin in the second week of April.
                  Contractors … 46 words the same … sea from the yards at
                  Lower Sennick. The bill is put at [-48-] {+46+} million
                  crowns, of which the regional transport fund will pay a
                  little over half.
same              Grain from the inland farms will travel by rail to … 53
                  words the same … extra night trains a week during the
                  harvest.
only in Local     For readers in Caddon Point the decision means a busier
                  level crossing at Weir Lane, where the barriers already come
                  down thirty times a day. Councillor Idris Vole … 47 words in
                  all … before the first of the additional trains runs.
changed           Not everyone is [-happy.-] {+satisfied.+} Joss Merriden, who
                  runs three tugs from the neighbouring basin, said small
                  operators had been offered nothing for the work they would
                  lose. He has asked the board for a waiver on mooring fees
                  until the new deck is opened.
same              Board members will meet residents of the Fishgate district
                  on Thursday evening to explain the hours during which
                  pile-driving will be allowed.
";

#[test]
fn the_harbour_cluster_shares_edits() {
    let names = ["harbour-agency", "harbour-daily", "harbour-local", "harbour-short"];
    let texts = names.map(sample);
    let dedup = filled(Deduper::new(), &texts);
    let clusters = dedup.clusters();
    let report = clusters[0].report();
    assert_eq!(report, clusters[0].report_of(&[0, 1, 2, 3], |at| &texts[at]));
    for version in &report.versions {
        let member = clusters[0].members().iter().find(|m| m.article() == version.members[0]);
        let member = member.expect("a member");
        assert_eq!(version.relation, Some(member.relation()));
        assert_eq!(version.evidence, Some(member.evidence().swapped()));
    }
    let of_agency = ClusterReport::new(|at| &texts[at], 0, &[1, 2, 3]);
    // Each headline is its own; the agency's dateline is missing in one way only once.
    let kinds: Vec<_> =
        of_agency.edits.iter().map(|edit| (edit.kind, edit.versions.len())).collect();
    assert!(kinds.contains(&(Headline, 1)) && kinds.contains(&(Number, 1)), "{kinds:?}");
    // Seen from the short version all go on with the same paragraphs, but for two that the daily
    // edited.
    let of_short = ClusterReport::new(|at| &texts[at], 3, &[0, 1, 2]);
    let shared: Vec<_> = (of_short.edits.iter())
        .filter(|edit| edit.versions.len() > 1)
        .map(|edit| (edit.kind, edit.versions.len()))
        .collect();
    assert_eq!(shared, [(Inserted, 2), (Inserted, 3), (Inserted, 2), (Inserted, 3)]);
}
