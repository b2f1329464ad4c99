//! The report for people.

use std::fmt;

use super::cluster::ClusterReport;
use super::columns::{columns, has_rtl, printable};
use super::kind::EditKind;
use super::layout::{Flow, Fold, Printed, columns_of};
use super::lines::Lines;
use super::report::{DiffReport, Edit, Part, PartKind, Piece, PieceKind, Span};
use crate::text::unit;

/// The widest column of labels.
const MAX_MARGIN: usize = 24;

/// What stands before the text instead where labels would take too much of the width; they have
/// lines of their own then.
const NARROW: usize = 2;

/// The column for the kinds of shared edits.
const KIND: usize = 12;

/// Kept text on its own, kept text within changes, and what stands in one text only.
const KEPT: Fold = Fold { whole: 30, head: 10, tail: 8 };
const KEPT_INSIDE: Fold = Fold { whole: 40, head: 12, tail: 12 };
const SHARED: Fold = Fold { whole: 16, head: 8, tail: 4 };
const ONLY: Fold = Fold { whole: 40, head: 28, tail: 8 };

/// How a report is printed: names of the texts, width, and the marks around words.
///
/// ```
/// use reprint::diff::{DiffReport, Marks, Style};
///
/// let report = DiffReport::between("One two three four five six.", "One two 3 four five six.");
/// let style = Style { a: "Monday".into(), inserted: Marks::new("<", ">"), ..Style::default() };
/// assert!(report.display(&style).to_string().contains("One two [-three-] <3> four five six."));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// What the first text is called; "A" by default.
    pub a: String,
    /// What the second text is called; "B" by default.
    pub b: String,
    /// The longest line, in columns of a terminal, where wide characters take two and combining
    /// marks none; 100 by default. Only a single word may be longer. Less than 20 is not used.
    pub width: usize,
    /// Around words that stand only in the first text; `[-` and `-]` by default.
    pub deleted: Marks,
    /// Around words that stand only in the second text; `{+` and `+}` by default.
    pub inserted: Marks,
    /// Around labels and notes, which belong to neither text; nothing by default.
    pub dim: Marks,
    /// Around the line with which each version of a cluster begins; nothing by default.
    pub heading: Marks,
    /// Whether edits of [spelling](EditKind::Spelling) are marked, those of the
    /// [surface](DiffReport::surface) too; not by default.
    pub spelling: bool,
    /// Whether text that runs from right to left is printed within directional isolates (U+2066 to
    /// U+2069), so that marks and punctuation stand where they belong on a terminal that follows
    /// the Unicode bidirectional algorithm; not by default. Without such text it changes nothing.
    pub isolate: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            a: "A".into(),
            b: "B".into(),
            width: 100,
            deleted: Marks::new("[-", "-]"),
            inserted: Marks::new("{+", "+}"),
            dim: Marks::default(),
            heading: Marks::default(),
            spelling: false,
            isolate: false,
        }
    }
}

/// What is printed before and after some words. Escape sequences in it, such as `ESC [ 31 m`, set
/// colours: they take no columns, end before each line break and begin again after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Before the words.
    pub open: String,
    /// After the words.
    pub close: String,
}

impl Marks {
    /// Marks before and after some words.
    pub fn new(open: impl Into<String>, close: impl Into<String>) -> Self {
        Self { open: open.into(), close: close.into() }
    }
}

impl DiffReport<'_> {
    /// The report with a style, to be printed: a summary in one line, an empty line, and the
    /// parts, each with its label on the left. Words are printed as the texts spell them, white
    /// space is made even, control characters are left out, line breaks are shown as `/`, and long
    /// passages are shortened to their first and last words and a count. Where most words are
    /// characters of scripts written without spaces, lines break between them and counts are of
    /// characters.
    pub fn display<'r>(&'r self, style: &'r Style) -> impl fmt::Display + 'r {
        Printed(move |f: &mut fmt::Formatter<'_>| {
            let [a, b] = [self.text_a, self.text_b].map(Lines::new);
            let surface = if style.spelling { self.surface() } else { Vec::new() };
            Printer { report: self, style, a, b, surface, unit: self.unit() }.print(f)
        })
    }

    pub(super) fn unit(&self) -> &'static str {
        unit(if self.words_a > 0 { self.text_a } else { self.text_b })
    }
}

impl Style {
    /// A name as it is printed.
    pub(super) fn shown(&self, name: &str) -> String {
        let name = printable(name);
        let isolated = self.isolate && has_rtl(&name);
        if isolated { format!("\u{2068}{name}\u{2069}") } else { name.into_owned() }
    }
}

impl fmt::Display for DiffReport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.display(&Style::default()))
    }
}

/// A part as it is printed.
struct Drawn<'r> {
    part: &'r Part,
    /// What happened to it, spelling left aside if it is.
    kind: PartKind,
    label: String,
    pieces: Vec<Piece>,
}

struct Printer<'r> {
    report: &'r DiffReport<'r>,
    style: &'r Style,
    a: Lines<'r>,
    b: Lines<'r>,
    surface: Vec<Edit>,
    unit: &'static str,
}

impl<'r> Printer<'r> {
    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut summary = Flow::default();
        summary.note(None, &self.summary());
        summary.print(f, 0, self.style)?;
        if self.report.parts.is_empty() || self.report.is_same() && self.surface.is_empty() {
            return Ok(());
        }
        f.write_str("\n")?;
        let drawn: Vec<Drawn> = (0..self.report.parts.len()).map(|part| self.draw(part)).collect();
        let widest = drawn.iter().map(|drawn| columns(&drawn.label)).max().unwrap_or(0);
        let margin = widest.min(MAX_MARGIN) + 2;
        let margin = if 3 * margin > self.style.width { NARROW } else { margin };
        for drawn in &drawn {
            self.part(f, drawn, margin)?;
        }
        Ok(())
    }

    /// A part with the pieces that are marked.
    fn draw(&self, index: usize) -> Drawn<'r> {
        let part = &self.report.parts[index];
        let whole = matches!(part.kind, PartKind::Removed | PartKind::Added);
        let mut pieces: Vec<Piece> = Vec::new();
        for (piece, edit) in self.report.pieces_of(index).into_iter().filter(|_| !whole) {
            let folded =
                !self.style.spelling && edit.is_some_and(|edit| edit.kind == EditKind::Spelling);
            match piece.kind {
                PieceKind::Kept => self.split_at_surface(piece, &mut pieces),
                PieceKind::Deleted if folded => {}
                PieceKind::Inserted if folded => {
                    // Drawn as the second text spells it.
                    let a = edit.map_or(piece.a, |edit| edit.a.clone());
                    pieces.push(Piece { kind: PieceKind::Kept, a, b: piece.b });
                }
                _ => pieces.push(piece),
            }
        }
        if whole {
            pieces.clone_from(&part.pieces);
        }
        let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match joined.last_mut() {
                Some(last) if last.kind == PieceKind::Kept && piece.kind == PieceKind::Kept => {
                    for (span, more) in [(&mut last.a, piece.a), (&mut last.b, piece.b)] {
                        span.tokens.end = more.tokens.end;
                        span.bytes.end = more.bytes.end;
                    }
                }
                _ => joined.push(piece),
            }
        }
        let is_same = joined.iter().all(|piece| piece.kind == PieceKind::Kept);
        let kind = match part.kind {
            PartKind::Changed if is_same => PartKind::Kept,
            PartKind::Kept if !is_same => PartKind::Changed,
            kind => kind,
        };
        Drawn { part, kind, label: self.label(index, kind), pieces: joined }
    }

    /// Adds a kept piece, cut where its words are written in another way.
    fn split_at_surface(&self, piece: Piece, pieces: &mut Vec<Piece>) {
        let mut rest = piece;
        let first = self.surface.partition_point(|edit| edit.b.tokens.end <= rest.b.tokens.start);
        // In a moved part too they come in the order of the second text.
        for edit in &self.surface[first..] {
            if edit.b.tokens.start >= rest.b.tokens.end {
                break;
            }
            let before = |rest: &Span, edit: &Span| Span {
                tokens: rest.tokens.start..edit.tokens.start,
                bytes: rest.bytes.start..edit.bytes.start,
            };
            let (a, b) = (before(&rest.a, &edit.a), before(&rest.b, &edit.b));
            if !b.tokens.is_empty() {
                pieces.push(Piece { kind: PieceKind::Kept, a, b });
            }
            let empty = |span: &Span, at: usize| Span {
                tokens: at..at,
                bytes: span.bytes.start..span.bytes.start,
            };
            let (a, b) = (edit.a.clone(), edit.b.clone());
            let no_b = empty(&b, b.tokens.start);
            let no_a = empty(&a, a.tokens.end);
            pieces.push(Piece { kind: PieceKind::Deleted, a, b: no_b });
            pieces.push(Piece { kind: PieceKind::Inserted, a: no_a, b });
            for (span, edit) in [(&mut rest.a, &edit.a), (&mut rest.b, &edit.b)] {
                span.tokens.start = edit.tokens.end;
                span.bytes.start = edit.bytes.end;
            }
        }
        if !rest.b.tokens.is_empty() {
            pieces.push(rest);
        }
    }

    /// What happened to a part, and to what of the article where that has a name.
    fn label(&self, index: usize, kind: PartKind) -> String {
        let part = &self.report.parts[index];
        let named = part.aside.or_else(|| match self.report.kind_of(index)? {
            EditKind::Wording | EditKind::Dropped | EditKind::Inserted | EditKind::Moved => None,
            kind => Some(kind.name()),
        });
        let (what, of) = (named.unwrap_or("only"), |label: &str| match named {
            Some(named) => format!("{label} {named}"),
            None => label.to_owned(),
        });
        match kind {
            PartKind::Kept => part.aside.map_or("same".into(), |aside| format!("same {aside}")),
            PartKind::Changed => of("changed"),
            PartKind::Removed => format!("{what} in {}", self.style.shown(&self.style.a)),
            PartKind::Added => format!("{what} in {}", self.style.shown(&self.style.b)),
            PartKind::Moved => of("moved"),
        }
    }

    /// Everything in one line.
    fn summary(&self) -> String {
        let (report, style) = (self.report, self.style);
        let (a, b) = (style.shown(&style.a), style.shown(&style.b));
        let words = |count| counted(count, self.unit);
        match (report.words_a, report.words_b) {
            (0, 0) => return format!("{a} and {b} have no words"),
            (0, _) => return format!("{a} has no words, {b} has {}", words(report.words_b)),
            (_, 0) => return format!("{a} has {}, {b} has no words", words(report.words_a)),
            _ if report.is_same() => {
                return format!("{a} and {b} have the same {}", words(report.words_a));
            }
            _ => {}
        }
        let of = |kind| report.parts.iter().filter(move |part| part.kind == kind);
        let mut clauses = vec![match report.words_shared {
            0 => "nothing is the same".to_owned(),
            same => format!("{} the same", words(same)),
        }];
        // Other spellings are mentioned, not counted as changes.
        let spellings = report.edits.iter().filter(|edit| edit.kind == EditKind::Spelling).count();
        let only_spelled = (0..report.parts.len())
            .filter(|&part| report.kind_of(part) == Some(EditKind::Spelling))
            .count();
        let folded = if style.spelling { 0 } else { only_spelled };
        let changed = of(PartKind::Changed).count() - folded;
        if changed > 0 {
            clauses.push(format!("{} changed", passages(changed)));
        }
        let moved = of(PartKind::Moved).count();
        if moved > 0 {
            let sum = of(PartKind::Moved).map(|part| part.b.tokens.len()).sum();
            clauses.push(format!("{} moved ({})", passages(moved), words(sum)));
        }
        let only = [
            (&a, of(PartKind::Removed).map(|part| part.a.tokens.len()).collect::<Vec<_>>()),
            (&b, of(PartKind::Added).map(|part| part.b.tokens.len()).collect::<Vec<_>>()),
        ];
        let only = only.into_iter().filter(|(_, lengths)| !lengths.is_empty());
        let only = only.enumerate().map(|(index, (name, lengths))| {
            let sum = words(lengths.iter().sum());
            let count = lengths.len();
            let count = if index == 0 { passages(count) } else { number(count) };
            format!("{count} only in {name} ({sum})")
        });
        let only = only.collect::<Vec<_>>().join(", ");
        if !only.is_empty() {
            clauses.push(only);
        }
        if spellings > 0 {
            clauses.push(format!("{} spelled otherwise", passages(spellings)));
        }
        if report.is_coarse() {
            clauses.push("the largest were not compared word by word".into());
        }
        clauses.join("; ")
    }

    fn part(&self, f: &mut fmt::Formatter<'_>, drawn: &Drawn<'r>, margin: usize) -> fmt::Result {
        let mut flows = match drawn.kind {
            PartKind::Changed | PartKind::Moved if is_rewritten(drawn) => {
                let (old, new) = (Some(PieceKind::Inserted), Some(PieceKind::Deleted));
                vec![self.flow(drawn, old), self.flow(drawn, new)]
            }
            _ => vec![self.flow(drawn, None)],
        };
        if let (PartKind::Moved, Some(last)) = (drawn.kind, flows.last_mut()) {
            let (a, b) = (self.style.shown(&self.style.a), self.style.shown(&self.style.b));
            let [at_a, at_b] =
                [&drawn.part.a, &drawn.part.b].map(|span| number(span.tokens.start + 1));
            let unit = self.unit;
            let note = format!("(from {unit} {at_a} of {a} to {unit} {at_b} of {b})");
            last.note(Some(&self.style.dim), &note);
        }
        head(f, &drawn.label, margin, self.style)?;
        for (index, flow) in flows.iter().filter(|flow| !flow.is_empty()).enumerate() {
            if index > 0 {
                write!(f, "{:margin$}", "")?;
            }
            flow.print(f, margin, self.style)?;
        }
        Ok(())
    }

    /// The words of a part, without those of one kind: without inserted ones it is the first
    /// text's version, without deleted ones the second's.
    fn flow(&self, drawn: &Drawn<'r>, without: Option<PieceKind>) -> Flow<'r> {
        let mut flow = Flow::default();
        let whole = matches!(drawn.kind, PartKind::Kept | PartKind::Removed | PartKind::Added);
        let mut previous: Option<&Piece> = None;
        for piece in drawn.pieces.iter().filter(|piece| Some(piece.kind) != without) {
            let space = previous.is_none_or(|previous| self.is_apart(previous, piece));
            previous = Some(piece);
            let (marks, count) = match piece.kind {
                PieceKind::Kept => (None, piece.b.tokens.len()),
                PieceKind::Deleted => (Some(&self.style.deleted), piece.a.tokens.len()),
                PieceKind::Inserted => (Some(&self.style.inserted), piece.b.tokens.len()),
            };
            let text = match (piece.kind, without) {
                (PieceKind::Deleted, _) | (PieceKind::Kept, Some(PieceKind::Inserted)) => {
                    (&self.a, piece.a.bytes.clone())
                }
                _ => (&self.b, piece.b.bytes.clone()),
            };
            let (fold, note) = match piece.kind {
                PieceKind::Kept if whole => (KEPT, "the same "),
                PieceKind::Kept => (KEPT_INSIDE, "the same "),
                _ => (ONLY, "in all "),
            };
            let marks = marks.filter(|_| !whole);
            flow.text(marks, text, space, fold, || {
                (Some(&self.style.dim), format!("… {} {note}…", counted(count, self.unit)))
            });
        }
        flow
    }

    /// Whether there is white space between a piece and the next one that is printed.
    fn is_apart(&self, before: &Piece, after: &Piece) -> bool {
        let blank_at = |text: &str, at: usize| {
            text[at..].starts_with(char::is_whitespace) || text[..at].ends_with(char::is_whitespace)
        };
        let (a, b) = (self.report.text_a, self.report.text_b);
        match (before.kind, after.kind) {
            (PieceKind::Deleted, PieceKind::Inserted) => {
                blank_at(a, before.a.bytes.start)
                    || blank_at(a, before.a.bytes.end)
                    || blank_at(b, after.b.bytes.start)
                    || blank_at(b, after.b.bytes.end)
            }
            (PieceKind::Deleted, _) => blank_at(a, before.a.bytes.end),
            (_, PieceKind::Deleted) => blank_at(a, after.a.bytes.start),
            _ => blank_at(b, after.b.bytes.start),
        }
    }
}

impl ClusterReport<'_> {
    /// What several versions have in common, a line for each edit.
    pub(super) fn print_shared(&self, f: &mut fmt::Formatter<'_>, style: &Style) -> fmt::Result {
        let count = self.versions.len();
        let shared: Vec<_> = (self.edits.iter())
            .filter(|edit| edit.versions.len() > 1)
            .filter(|edit| style.spelling || edit.kind != EditKind::Spelling)
            .collect();
        if count < 3 || shared.is_empty() {
            return Ok(());
        }
        f.write_str("\n")?;
        let mut line = Flow::default();
        let line_of = format!("What several of the {} versions have in common", number(count));
        line.note(Some(&style.heading), &line_of);
        line.print(f, 0, style)?;
        let lines: Vec<Lines<'_>> =
            self.versions.iter().map(|version| Lines::new(version.report.text_b)).collect();
        let a = Lines::new(self.versions[0].report.text_a);
        let unit = self.versions[0].report.unit();
        let margin = if 3 * KIND > style.width { NARROW } else { KIND };
        for edit in shared {
            let b = &lines[edit.versions[0]];
            let mut flow = Flow::default();
            let note = format!("{} of them:", number(edit.versions.len()));
            flow.note(Some(&style.dim), &note);
            let is_moved = edit.kind == EditKind::Moved;
            let sides = [
                (&a, &edit.a, Some(&style.deleted).filter(|_| !is_moved)),
                (b, &edit.b, Some(&style.inserted).filter(|_| !is_moved)),
            ];
            for (lines, span, marks) in sides.into_iter().skip(usize::from(is_moved)) {
                flow.text(marks, (lines, span.bytes.clone()), true, SHARED, || {
                    (Some(&style.dim), format!("… {} in all …", counted(span.tokens.len(), unit)))
                });
            }
            head(f, edit.kind.name(), margin, style)?;
            flow.print(f, margin, style)?;
        }
        Ok(())
    }
}

/// Whether so much was changed that both versions, one below the other, read better than one
/// text with all the edits in it.
fn is_rewritten(drawn: &Drawn<'_>) -> bool {
    let part = drawn.part;
    let kept = drawn.pieces.iter().filter(|piece| piece.kind == PieceKind::Kept);
    let kept: usize = kept.map(|piece| piece.a.tokens.len()).sum();
    // Less than two thirds of the words.
    3 * kept < 2 * part.a.tokens.len().min(part.b.tokens.len())
}

/// Prints a label up to the margin, on a line of its own if it is longer.
fn head(f: &mut fmt::Formatter<'_>, label: &str, margin: usize, style: &Style) -> fmt::Result {
    let columns = columns(label) + columns_of(&style.dim).iter().sum::<usize>();
    let pad = match margin.checked_sub(columns) {
        Some(pad @ 1..) => {
            write!(f, "{}{label}{}", style.dim.open, style.dim.close)?;
            pad
        }
        _ => {
            let mut flow = Flow::default();
            flow.note(Some(&style.dim), label);
            flow.print(f, 0, style)?;
            margin
        }
    };
    write!(f, "{:pad$}", "")
}

fn passages(count: usize) -> String {
    counted(count, "passage")
}

fn counted(count: usize, unit: &str) -> String {
    format!("{} {unit}{}", number(count), if count == 1 { "" } else { "s" })
}

/// A number with commas between thousands.
fn number(count: usize) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
