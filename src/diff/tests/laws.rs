//! Laws of edits, of clusters, of what moved.

use super::super::*;
use super::{check, texts, tokens, versions};
use proptest::prelude::*;

/// Which tokens of both texts are called moved.
fn moved(report: &DiffReport<'_>) -> Vec<(Range<usize>, Range<usize>)> {
    let moved = report.parts().iter().filter(|part| part.kind == PartKind::Moved);
    let mut moved: Vec<_> =
        moved.map(|part| (part.a.tokens.clone(), part.b.tokens.clone())).collect();
    moved.sort_by_key(|(a, _)| a.start);
    moved
}

fn check_symmetry(a: &str, b: &str) {
    let there = moved(&DiffReport::between(a, b));
    let back = moved(&DiffReport::between(b, a));
    let mut back: Vec<_> = back.into_iter().map(|(b, a)| (a, b)).collect();
    back.sort_by_key(|(a, _)| a.start);
    assert_eq!(there, back);
}

/// How often each token of the sides is in an edit or in a kept piece: once.
fn check_edits(report: &DiffReport<'_>) {
    let (mut in_a, mut in_b) = (vec![0; report.words_a()], vec![0; report.words_b()]);
    let mut count = |a: &Span, b: &Span| {
        in_a[a.tokens.clone()].iter_mut().for_each(|count| *count += 1);
        in_b[b.tokens.clone()].iter_mut().for_each(|count| *count += 1);
    };
    for edit in report.edits().iter().filter(|edit| edit.kind != EditKind::Moved) {
        count(&edit.a, &edit.b);
        assert!(report.text_a().get(edit.a.bytes.clone()).is_some());
        assert!(report.text_b().get(edit.b.bytes.clone()).is_some());
    }
    let pieces = report.parts().iter().flat_map(|part| &part.pieces);
    for piece in pieces.filter(|piece| piece.kind == PieceKind::Kept) {
        count(&piece.a, &piece.b);
    }
    assert!(in_a.iter().chain(&in_b).all(|&count| count == 1), "{in_a:?} {in_b:?}");
    assert!(report.edits().is_sorted_by_key(|edit| edit.part));
    assert_eq!(report.edits().is_empty(), report.is_same());
}

/// What a visitor sees of both texts.
#[derive(Default)]
struct Seen {
    b: Vec<String>,
    deleted: usize,
}

impl Visitor for Seen {
    type Error = std::convert::Infallible;

    fn part(&mut self, _: &Part, _: Option<EditKind>) -> Result<(), Self::Error> {
        Ok(())
    }

    fn piece(&mut self, piece: &Piece, text: &str, edit: Option<&Edit>) -> Result<(), Self::Error> {
        assert_eq!(edit.is_none(), piece.kind == PieceKind::Kept);
        match piece.kind {
            PieceKind::Deleted => self.deleted += piece.a.tokens.len(),
            _ => self.b.extend(tokens(text)),
        }
        if let Some(edit) = edit {
            let within = |span: &Span, edit: &Span| {
                edit.tokens.start <= span.tokens.start && span.tokens.end <= edit.tokens.end
            };
            assert!(within(&piece.a, &edit.a) && within(&piece.b, &edit.b));
        }
        Ok(())
    }
}

fn check_visit(report: &DiffReport<'_>) {
    let mut seen = Seen::default();
    let Ok(()) = report.visit(&mut seen);
    assert_eq!(seen.b, tokens(report.text_b()));
    assert_eq!(seen.deleted, report.words_a() - report.words_shared());
}

proptest! {
    #[test]
    fn what_moved_is_the_same_either_way((a, b) in versions(), c in texts(), d in texts()) {
        check_symmetry(&a, &b);
        check_symmetry(&c, &d);
    }

    #[test]
    fn every_word_is_kept_or_in_one_edit((a, b) in versions(), c in texts(), d in texts()) {
        for report in [DiffReport::between(&a, &b), DiffReport::between(&c, &d)] {
            check_edits(&report);
            check_visit(&report);
        }
    }

    #[test]
    fn edits_of_any_text_are_on_borders(a in "\\PC*", b in any::<String>()) {
        let report = DiffReport::between(&a, &b);
        check_edits(&report);
        for edit in report.surface() {
            prop_assert!(a.get(edit.a.bytes).is_some() && b.get(edit.b.bytes).is_some());
        }
        let style = Style { spelling: true, ..Style::default() };
        let printed = report.display(&style).to_string();
        prop_assert!(!printed.contains(|c: char| c.is_control() && c != '\n'));
    }

    #[test]
    fn shared_edits_are_those_of_the_versions(
        (a, b) in versions(),
        (_, c) in versions(),
        d in texts(),
    ) {
        let texts = [a.clone(), b, c, a, d];
        let report = ClusterReport::new(|at| &texts[at], 0, &[1, 2, 3, 4]);
        for (index, version) in report.versions.iter().enumerate() {
            // The words of the representative that a version's own edits touch, and those of its
            // shared ones.
            let touched = |edits: &mut dyn Iterator<Item = (EditKind, Range<usize>)>| {
                let edits = edits.filter(|(kind, _)| *kind != EditKind::Moved);
                let mut tokens: Vec<usize> = edits.flat_map(|(_, tokens)| tokens).collect();
                tokens.sort_unstable();
                tokens
            };
            let own = version.report.edits().iter().map(|edit| (edit.kind, edit.a.tokens.clone()));
            let shared = version.edits.iter().map(|&at| &report.edits[at]);
            prop_assert!(shared.clone().all(|edit| edit.versions.contains(&index)));
            let shared = shared.map(|edit| (edit.kind, edit.a.tokens.clone()));
            prop_assert_eq!(touched(&mut own.into_iter()), touched(&mut shared.into_iter()));
            check(&version.report);
        }
        let of_versions: usize = report.versions.iter().map(|version| version.edits.len()).sum();
        let named: usize = report.edits.iter().map(|edit| edit.versions.len()).sum();
        prop_assert_eq!(named, of_versions);
        prop_assert_eq!(&report, &ClusterReport::new(|at| &texts[at], 0, &[1, 2, 3, 4]));
    }
}
