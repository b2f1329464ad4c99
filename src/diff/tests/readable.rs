//! Small cases of what a reader wants to see.

use super::super::*;
use super::{check, outline};

#[test]
fn edits_with_a_word_or_two_between_become_one() {
    assert_eq!(
        outline("It fell late on Thursday after talks.", "It fell on Friday after talks."),
        ["Changed It fell [late on Thursday] <on Friday> after talks."]
    );
    // Two insertions are two marks, and stay.
    assert_eq!(
        outline("It fell on Thursday.", "It soon fell early on Thursday."),
        ["Changed It <soon> fell <early> on Thursday."]
    );
    // So do edits of two sentences.
    assert_eq!(
        outline("He saw five. Two men ran away.", "He saw six. Four men ran away."),
        ["Changed He saw [five. Two] <six. Four> men ran away."]
    );
    assert_eq!(
        outline("He saw five of us. Two men ran away.", "He saw six of us. Four men ran away."),
        ["Changed He saw [five] <six> of us. [Two] <Four> men ran away."]
    );
}

#[test]
fn edits_slide_to_the_borders_of_sentences() {
    let old = "The port is shut. The mayor has left.";
    let new = "The port is shut. The ships wait. The mayor has left.";
    assert_eq!(
        outline(old, new),
        ["Changed The port is shut. <The ships wait.> The mayor has left."]
    );
    assert_eq!(
        outline(new, old),
        ["Changed The port is shut. [The ships wait.] The mayor has left."]
    );
    let old = "They came, they saw, they left.";
    let new = "They came, they saw, they won, they left.";
    assert_eq!(outline(old, new), ["Changed They came, they saw, <they won,> they left."]);
}

#[test]
fn spelling_is_folded_away_unless_asked_for() {
    let old =
        "The colour of the harbour’s grey wall is a matter of taste.\n\nIt rained, and so on.";
    let new = "The color of the harbour's grey wall is a matter of TASTE.\n\nIt rained and so on.";
    let report = DiffReport::between(old, new);
    check(&report);
    assert_eq!(
        report.to_string(),
        "16 words the same; 1 passage spelled otherwise\n\
         \n\
         same  The color of the harbour's grey wall is a matter of TASTE.\n\
         same  It rained and so on.\n"
    );
    let style = Style { spelling: true, ..Style::default() };
    assert_eq!(
        report.display(&style).to_string(),
        "16 words the same; 1 passage changed; 1 passage spelled otherwise\n\
         \n\
         changed spelling  The [-colour-] {+color+} of the harbour's grey wall is a matter of [-taste.-]\n                  {+TASTE.+}\n\
         changed           It [-rained,-] {+rained+} and so on.\n"
    );
}

#[test]
fn typography_is_no_difference() {
    let old = "“It’s the ﬁrst café – and, we hope, not the last…” he said.";
    let new = "\"It's  the first cafe\u{301} — and, we\nhope, not the last...\" he said.";
    let report = DiffReport::between(old, new);
    assert!(report.is_same() && report.surface().is_empty(), "{:?}", report.surface());
    let new = new.replace("hope,", "Hope");
    let report = DiffReport::between(old, &new);
    let surface = report.surface();
    let [edit] = &surface[..] else { panic!("one") };
    assert_eq!((edit.kind, &old[edit.a.bytes.clone()]), (EditKind::Spelling, "hope,"));
}

#[test]
fn a_cluster_says_what_versions_have_in_common() {
    let old = "Port to close\n\nThe northern port closes on Monday for all ships, the board said.\n\n\
               Dockers were not asked before the vote was taken.\n\n\
               Grain will go by rail while the quay is shut.";
    let paragraphs: Vec<&str> = old.split("\n\n").collect();
    let edited = old.replace("Monday", "Tuesday");
    let texts = [
        old.to_owned(),
        edited.replace("Dockers were", "Nobody was"),
        edited.split("\n\n").take(3).collect::<Vec<_>>().join("\n\n"),
        paragraphs[..2].join("\n\n"),
    ];
    let report = ClusterReport::new(|at| &texts[at], 0, &[1, 2, 3]);
    let shared: Vec<_> = (report.edits.iter())
        .map(|edit| (edit.kind, &old[edit.a.bytes.clone()], &edit.versions[..]))
        .collect();
    assert_eq!(
        shared,
        [
            (EditKind::Date, "Monday", &[0, 1][..]),
            (EditKind::Wording, "Dockers were", &[0]),
            (EditKind::Tail, "Dockers were not asked before the vote was taken.", &[2]),
            (EditKind::Tail, "Grain will go by rail while the quay is shut.", &[1, 2]),
        ]
    );
    let edits: Vec<_> = report.versions.iter().map(|version| &version.edits[..]).collect();
    assert_eq!(edits, [&[0, 1][..], &[0, 3], &[2, 3]]);
    let printed = report.to_string();
    assert!(
        printed.ends_with(
            "\nWhat several of the 3 versions have in common\n\
             date        2 of them: [-Monday-] {+Tuesday+}\n\
             tail        2 of them: [-Grain will go by rail while the quay is shut.-]\n"
        ),
        "{printed}"
    );
}

/// A text of so many random words of a vocabulary, common words more often.
fn noise(words: usize, vocabulary: u64, seed: u64) -> String {
    let mut state = seed;
    let mut next = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) % bound
    };
    (0..words)
        .map(|_| {
            let bound = next(vocabulary) + 1;
            format!("w{} ", next(bound))
        })
        .collect()
}

#[test]
fn unrelated_texts_end_in_bounded_steps() {
    for vocabulary in [20, 300, 5_000, 60_000] {
        let texts = [noise(100_000, vocabulary, 1), noise(100_000, vocabulary, 2)];
        let mut comparer = Comparer::new(&texts[0]);
        let b = comparer.read(&texts[1]);
        let comparison = comparer.compare(&b);
        assert!(comparison.script.steps <= 40_000_000, "{}", comparison.script.steps);
        let report = DiffReport::between(&texts[0], &texts[1]);
        check(&report);
        assert!(report.is_coarse(), "{vocabulary}: {}", report.words_shared());
    }
}
