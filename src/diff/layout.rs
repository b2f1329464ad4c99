//! Words to lines of a width, with marks around stretches of them.

use std::{borrow::Cow, fmt, ops::Range};

use super::columns::{columns, has_rtl, is_mostly_rtl, printable, unbroken};
use super::display::{Marks, Style};
use super::lines::Lines;

/// What is printed between the lines of a text that are put together to one.
const LINE_BREAK: &str = "/";

/// What is printed where a long text is shortened.
pub(super) const DOTS: &str = "…";

/// A closure as something to print.
pub(super) struct Printed<F>(pub(super) F);

impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> fmt::Display for Printed<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0)(f)
    }
}

/// Less than this is not used.
const MIN_WIDTH: usize = 20;

/// What is never broken to two lines: a word with its punctuation, or a character of a script
/// without spaces.
#[derive(Clone, Debug)]
struct Atom<'s> {
    text: Cow<'s, str>,
    /// Whether white space goes before it.
    space: bool,
    width: usize,
}

/// How a long stretch is shortened.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fold {
    /// A stretch of at most that many words and wide characters stays whole.
    pub(super) whole: usize,
    /// How many are shown of a longer one, at its start and its end.
    pub(super) head: usize,
    pub(super) tail: usize,
}

/// Atoms with the same marks.
#[derive(Debug)]
struct Stretch<'s> {
    marks: Option<&'s Marks>,
    atoms: Vec<Atom<'s>>,
    is_note: bool,
}

/// Text in the making that will be wrapped.
#[derive(Debug, Default)]
pub(super) struct Flow<'s> {
    stretches: Vec<Stretch<'s>>,
}

impl<'s> Flow<'s> {
    pub(super) fn is_empty(&self) -> bool {
        self.stretches.is_empty()
    }

    /// Adds words as they are.
    pub(super) fn note(&mut self, marks: Option<&'s Marks>, note: &str) {
        let mut atoms: Vec<Atom<'_>> = Vec::new();
        let mut stays = false;
        for word in note.split_whitespace() {
            // Dots stay with what they stand for.
            let dots = word == DOTS;
            match atoms.last_mut().filter(|_| dots || stays) {
                Some(last) => {
                    last.width += 1 + columns(word);
                    last.text = Cow::Owned(format!("{} {word}", last.text));
                }
                None => {
                    let text = Cow::Owned(word.to_owned());
                    atoms.push(Atom { text, space: true, width: columns(word) });
                }
            }
            stays = dots;
        }
        self.stretches.push(Stretch { marks, atoms, is_note: true });
    }

    /// Adds a stretch of a text, shortened when it is long, with a note at the cut.
    pub(super) fn text(
        &mut self,
        marks: Option<&'s Marks>,
        (lines, bytes): (&Lines<'s>, Range<usize>),
        space: bool,
        fold: Fold,
        note: impl FnOnce() -> (Option<&'s Marks>, String),
    ) {
        let mut head = atoms(lines, bytes, space);
        if head.is_empty() {
            return;
        }
        if head.len() <= fold.whole {
            self.stretches.push(Stretch { marks, atoms: head, is_note: false });
            return;
        }
        let tail = head.split_off(head.len() - fold.tail);
        head.truncate(fold.head);
        self.stretches.push(Stretch { marks, atoms: head, is_note: false });
        let (note_marks, note) = note();
        self.note(note_marks, &note);
        if let Some(first) = tail.first().map(|first| Atom { space: true, ..first.clone() }) {
            let tail = std::iter::once(first).chain(tail.into_iter().skip(1)).collect();
            self.stretches.push(Stretch { marks, atoms: tail, is_note: false });
        }
    }

    /// Prints all of it to lines of at most `style.width` columns (a longer word has its own line),
    /// the first one behind what stands already at `indent`.
    pub(super) fn print(
        &self,
        f: &mut fmt::Formatter<'_>,
        indent: usize,
        style: &Style,
    ) -> fmt::Result {
        let room = style.width.max(MIN_WIDTH).saturating_sub(indent);
        let isolates = self.isolates(style);
        let mut column = 0;
        f.write_str(isolates.line)?;
        for Stretch { marks, atoms, is_note } in &self.stretches {
            let (open, close) = marks.map_or(("", ""), |marks| (&marks.open, &marks.close));
            let [open_colour, close_colour] = [open, close].map(|mark| parted(mark).0);
            let [open_width, close_width] = marks.map_or([0; 2], columns_of);
            let isolate = if *is_note { isolates.note } else { isolates.line };
            for (index, atom) in atoms.iter().enumerate() {
                let (first, last) = (index == 0, index + 1 == atoms.len());
                let mut needed = atom.width;
                needed += if first { open_width } else { 0 };
                needed += if last { close_width } else { 0 };
                let gap = usize::from(atom.space && column > 0);
                let breaks = column > 0 && column + gap + needed > room;
                if breaks {
                    // Colours end with the line, so that they never reach the margin.
                    if !first {
                        write!(f, "{}{close_colour}", isolates.end)?;
                    }
                    write!(f, "{}\n{:indent$}{}", isolates.end, "", isolates.line)?;
                    column = 0;
                } else if gap > 0 {
                    f.write_str(" ")?;
                    column += 1;
                }
                if first {
                    write!(f, "{open}{isolate}")?;
                } else if breaks {
                    write!(f, "{open_colour}{isolate}")?;
                }
                f.write_str(&atom.text)?;
                if last {
                    write!(f, "{}{close}", isolates.end)?;
                }
                column += needed;
            }
        }
        writeln!(f, "{}", isolates.end)
    }

    /// A line runs in the direction of its text, and so does each stretch of its own. First letters
    /// would not tell it: a line may begin with a foreign name.
    fn isolates(&self, style: &Style) -> Isolates {
        let texts = || {
            let stretches = self.stretches.iter().filter(|stretch| !stretch.is_note);
            stretches.flat_map(|stretch| &stretch.atoms).map(|atom| &*atom.text)
        };
        if !style.isolate || !texts().any(has_rtl) {
            return Isolates::default();
        }
        let line = if is_mostly_rtl(texts()) { "\u{2067}" } else { "\u{2066}" };
        Isolates { line, note: "\u{2068}", end: "\u{2069}" }
    }
}

/// What is printed around lines and stretches so that their directions do not mix: nothing where
/// all run from left to right.
#[derive(Clone, Copy, Debug, Default)]
struct Isolates {
    line: &'static str,
    note: &'static str,
    end: &'static str,
}

/// The columns that marks take before and after some words.
pub(super) fn columns_of(marks: &Marks) -> [usize; 2] {
    [&marks.open, &marks.close].map(|mark| columns(&parted(mark).1))
}

/// The escape sequences of a mark, and what is seen of it.
fn parted(mark: &str) -> (String, String) {
    let mut in_escape = false;
    mark.chars().partition(|&c| {
        let is_hidden = in_escape || c == '\u{1b}';
        in_escape = is_hidden && !c.is_ascii_alphabetic();
        is_hidden
    })
}

/// The words of a stretch of a text, without control characters; the end of a line or paragraph
/// within it becomes a word.
fn atoms<'s>(lines: &Lines<'s>, bytes: Range<usize>, space: bool) -> Vec<Atom<'s>> {
    let mut atoms = Vec::new();
    let mut at = bytes.start;
    loop {
        let rest = lines.text[at..bytes.end].trim_start();
        let start = bytes.end - rest.len();
        let end = start + rest.find(char::is_whitespace).unwrap_or(rest.len());
        if start == end {
            return atoms;
        }
        if !atoms.is_empty() && lines.end_within(at..start) {
            atoms.push(Atom { text: Cow::Borrowed(LINE_BREAK), space: true, width: 1 });
        }
        let mut space = space || !atoms.is_empty();
        for text in unbroken(&lines.text[start..end]).map(printable) {
            if !text.is_empty() {
                atoms.push(Atom { width: columns(&text), text, space });
                space = false;
            }
        }
        at = end;
    }
}
