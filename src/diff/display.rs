//! The report for people.

use std::fmt;

use super::layout::{Flow, Fold, Printed, columns, printable};
use super::lines::Lines;
use super::report::{DiffReport, Part, PartKind, Piece, PieceKind};

/// The widest column of labels.
const MAX_MARGIN: usize = 24;

/// Kept text on its own, kept text within changes, and what stands in one text only.
const KEPT: Fold = Fold { whole: 30, head: 10, tail: 8 };
const KEPT_INSIDE: Fold = Fold { whole: 40, head: 12, tail: 12 };
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
    /// The longest line, in columns; 100 by default. Less than 20 beside the labels is not used.
    pub width: usize,
    /// Around words that stand only in the first text; `[-` and `-]` by default.
    pub deleted: Marks,
    /// Around words that stand only in the second text; `{+` and `+}` by default.
    pub inserted: Marks,
    /// Around labels and notes, which belong to neither text; nothing by default.
    pub dim: Marks,
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
        }
    }
}

/// What is printed before and after some words. Marks with an escape character (U+001B) set
/// colours: they take no columns and are closed before each line break and opened again after it.
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

    pub(super) fn is_invisible(&self) -> bool {
        self.open.contains('\u{1b}')
    }
}

impl DiffReport<'_> {
    /// The report with a style, to be printed: a summary in one line, an empty line, and the
    /// parts, each with its label on the left. Words are printed as the texts spell them, white
    /// space is made even, control characters are left out, line breaks are shown as `/`, and long
    /// passages are shortened to their first and last words and a count.
    pub fn display<'r>(&'r self, style: &'r Style) -> impl fmt::Display + 'r {
        Printed(move |f: &mut fmt::Formatter<'_>| {
            let [a, b] = [self.text_a, self.text_b].map(Lines::new);
            Printer { report: self, style, a, b }.print(f)
        })
    }
}

impl fmt::Display for DiffReport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.display(&Style::default()))
    }
}

struct Printer<'r> {
    report: &'r DiffReport<'r>,
    style: &'r Style,
    a: Lines<'r>,
    b: Lines<'r>,
}

impl<'r> Printer<'r> {
    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut summary = Flow::default();
        summary.note(None, &self.summary());
        summary.print(f, 0, self.style.width)?;
        if self.report.parts.is_empty() || self.report.is_same() {
            return Ok(());
        }
        f.write_str("\n")?;
        let parts = &self.report.parts;
        let widest = parts.iter().map(|part| columns(&self.label(part))).max().unwrap_or(0);
        let margin = widest.min(MAX_MARGIN) + 2;
        for part in parts {
            self.part(f, part, margin)?;
        }
        Ok(())
    }

    fn label(&self, part: &Part) -> String {
        let (what, aside) = (part.aside.unwrap_or("only"), part.aside);
        let named = |label: &str| match aside {
            Some(aside) => format!("{label} {aside}"),
            None => label.to_owned(),
        };
        match part.kind {
            PartKind::Kept => named("same"),
            PartKind::Changed => named("changed"),
            PartKind::Removed => format!("{what} in {}", printable(&self.style.a)),
            PartKind::Added => format!("{what} in {}", printable(&self.style.b)),
            PartKind::Moved => named("moved"),
        }
    }

    /// Everything in one line.
    fn summary(&self) -> String {
        let (report, style) = (self.report, self.style);
        let (a, b) = (printable(&style.a), printable(&style.b));
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
        let changed = of(PartKind::Changed).count();
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
        if report.is_coarse() {
            clauses.push("the largest were not compared word by word".into());
        }
        clauses.join("; ")
    }

    fn part(&self, f: &mut fmt::Formatter<'_>, part: &'r Part, margin: usize) -> fmt::Result {
        let mut flows = match part.kind {
            PartKind::Changed | PartKind::Moved if is_rewritten(part) => {
                let (old, new) = (Some(PieceKind::Inserted), Some(PieceKind::Deleted));
                vec![self.flow(part, old), self.flow(part, new)]
            }
            _ => vec![self.flow(part, None)],
        };
        if let (PartKind::Moved, Some(last)) = (part.kind, flows.last_mut()) {
            let (a, b) = (printable(&self.style.a), printable(&self.style.b));
            let [at_a, at_b] = [&part.a, &part.b].map(|span| number(span.tokens.start + 1));
            let note = format!("(from word {at_a} of {a} to word {at_b} of {b})");
            last.note(Some(&self.style.dim), &note);
        }
        let label = self.label(part);
        let dim = &self.style.dim;
        write!(f, "{}{label}{}", dim.open, dim.close)?;
        let mut column = columns(&label);
        for flow in flows.iter().filter(|flow| !flow.is_empty()) {
            if column >= margin {
                f.write_str("\n")?;
                column = 0;
            }
            write!(f, "{:1$}", "", margin - column)?;
            flow.print(f, margin, self.style.width)?;
            column = 0;
        }
        Ok(())
    }

    /// The words of a part, without those of one kind: without inserted ones it is the first
    /// text's version, without deleted ones the second's.
    fn flow(&self, part: &'r Part, without: Option<PieceKind>) -> Flow<'r> {
        let mut flow = Flow::default();
        let whole = matches!(part.kind, PartKind::Kept | PartKind::Removed | PartKind::Added);
        let mut previous: Option<&Piece> = None;
        for piece in part.pieces.iter().filter(|piece| Some(piece.kind) != without) {
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
                (Some(&self.style.dim), format!("… {} {note}…", words(count)))
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

/// Whether so much was changed that both versions, one below the other, read better than one
/// text with all the edits in it.
fn is_rewritten(part: &Part) -> bool {
    let kept = part.pieces.iter().filter(|piece| piece.kind == PieceKind::Kept);
    let kept: usize = kept.map(|piece| piece.a.tokens.len()).sum();
    // Less than two thirds of the words.
    3 * kept < 2 * part.a.tokens.len().min(part.b.tokens.len())
}

fn passages(count: usize) -> String {
    if count == 1 { "1 passage".into() } else { format!("{} passages", number(count)) }
}

fn words(count: usize) -> String {
    if count == 1 { "1 word".into() } else { format!("{} words", number(count)) }
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
