//! Words to lines of a width, with marks around stretches of them.

use std::{borrow::Cow, fmt, ops::Range};

use super::display::Marks;
use super::lines::Lines;

/// What is printed between the lines of a text that are put together to one.
const LINE_BREAK: &str = "/";

/// A closure as something to print.
pub(super) struct Printed<F>(pub(super) F);

impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> fmt::Display for Printed<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0)(f)
    }
}

/// What is never broken to two lines: a word with its punctuation, or a wide character.
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

/// Text in the making that will be wrapped: a stretch of atoms each with its marks.
#[derive(Debug, Default)]
pub(super) struct Flow<'s> {
    stretches: Vec<(Option<&'s Marks>, Vec<Atom<'s>>)>,
}

impl<'s> Flow<'s> {
    pub(super) fn is_empty(&self) -> bool {
        self.stretches.is_empty()
    }

    /// Adds words as they are.
    pub(super) fn note(&mut self, marks: Option<&'s Marks>, note: &str) {
        let words = note.split_whitespace().map(|word| Atom {
            text: Cow::Owned(word.to_owned()),
            space: true,
            width: columns(word),
        });
        self.stretches.push((marks, words.collect()));
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
            self.stretches.push((marks, head));
            return;
        }
        let tail = head.split_off(head.len() - fold.tail);
        head.truncate(fold.head);
        self.stretches.push((marks, head));
        let (note_marks, note) = note();
        self.note(note_marks, &note);
        if let Some(first) = tail.first().map(|first| Atom { space: true, ..first.clone() }) {
            let tail = std::iter::once(first).chain(tail.into_iter().skip(1)).collect();
            self.stretches.push((marks, tail));
        }
    }

    /// Prints all of it to lines of at most `width` columns (a longer word has its own line), the
    /// first one behind what stands already at `indent`.
    pub(super) fn print(
        &self,
        f: &mut fmt::Formatter<'_>,
        indent: usize,
        width: usize,
    ) -> fmt::Result {
        let room = width.saturating_sub(indent).max(20);
        let mut column = 0;
        for (marks, atoms) in &self.stretches {
            let (open, close) = marks.map_or(("", ""), |marks| (&marks.open, &marks.close));
            let invisible = marks.is_some_and(|marks| marks.is_invisible());
            let (open_width, close_width) =
                if invisible { (0, 0) } else { (columns(open), columns(close)) };
            for (index, atom) in atoms.iter().enumerate() {
                let (first, last) = (index == 0, index + 1 == atoms.len());
                let mut needed = atom.width;
                needed += if first { open_width } else { 0 };
                needed += if last { close_width } else { 0 };
                let gap = usize::from(atom.space && column > 0);
                let breaks = column > 0 && column + gap + needed > room;
                if breaks {
                    // Colours end with the line, so that they never reach the margin.
                    if invisible && !first {
                        f.write_str(close)?;
                    }
                    write!(f, "\n{:indent$}", "")?;
                    column = 0;
                } else if gap > 0 {
                    f.write_str(" ")?;
                    column += 1;
                }
                if first || breaks && invisible {
                    f.write_str(open)?;
                }
                f.write_str(&atom.text)?;
                if last {
                    f.write_str(close)?;
                }
                column += needed;
            }
        }
        f.write_str("\n")
    }
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
        let space = space || !atoms.is_empty();
        split_wide(&lines.text[start..end], space, &mut atoms);
        at = end;
    }
}

/// A word, with each wide character on its own, because lines may break there.
fn split_wide<'s>(word: &'s str, mut space: bool, atoms: &mut Vec<Atom<'s>>) {
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let end = if is_wide(first) {
            let behind = &rest[first.len_utf8()..];
            // Closing punctuation stays with what it closes.
            let closing = behind.chars().take_while(|&c| is_wide(c) && !c.is_alphanumeric());
            let opening = |c: char| matches!(c, '「' | '『' | '（' | '【' | '《' | '〈');
            let closing = closing.take_while(|&c| !opening(c));
            first.len_utf8() + closing.map(char::len_utf8).sum::<usize>()
        } else {
            rest.find(is_wide).unwrap_or(rest.len())
        };
        let text = printable(&rest[..end]);
        rest = &rest[end..];
        if !text.is_empty() {
            atoms.push(Atom { width: columns(&text), text, space });
            space = false;
        }
    }
}

/// A text without what could steer a terminal: controls, and overrides of the writing direction.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    let steers =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if text.contains(steers) { Cow::Owned(text.replace(steers, "")) } else { Cow::Borrowed(text) }
}

/// About how many columns a text takes.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { usize::from(!is_combining(c)) }).sum()
}

/// Whether a character takes two columns: East Asian scripts, full-width forms and emoji.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}')
}

/// Whether a character takes no column: the common combining marks and joiners.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{20d0}'..='\u{20f0}' | '\u{feff}')
}
