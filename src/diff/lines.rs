//! Which line breaks of a text mean something, and which only wrap its paragraphs.

use std::ops::Range;

/// Lines of a wrapped text are at most that long, in characters.
const MAX_WRAP: usize = 100;

/// So many lines must go on in the next one to tell.
const MIN_PAIRS: usize = 6;

/// A longer next word than this says nothing about whether it had room: scripts without spaces.
const MAX_WORD: usize = 16;

pub(super) fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The lines of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lines<'t> {
    pub(super) text: &'t str,
    /// The width at which the paragraphs are wrapped, in characters, if they are.
    wrap: Option<usize>,
}

impl<'t> Lines<'t> {
    /// A text is wrapped when no line is long, and nearly all lines that go on in the next one
    /// have no room for its first word.
    pub(super) fn new(text: &'t str) -> Self {
        let lines = || text.lines().map(str::trim_end);
        let longest = lines().map(|line| line.chars().count()).max().unwrap_or(0);
        let mut wrap = None;
        if longest <= MAX_WRAP {
            let pairs = || lines().zip(lines().skip(1)).filter(|(_, next)| !next.is_empty());
            let full = pairs().filter(|(line, next)| !has_room(line, next, longest)).count();
            let pairs = pairs().filter(|(line, _)| !line.is_empty()).count();
            wrap = (pairs >= MIN_PAIRS && 4 * full >= 3 * pairs).then_some(longest);
        }
        Self { text, wrap }
    }

    /// Whether a line, or a paragraph of wrapped lines, ends between two words: between the end of
    /// the one and the start of the other, in bytes.
    pub(super) fn end_within(&self, gap: Range<usize>) -> bool {
        let between = self.text.get(gap.clone()).unwrap_or_default();
        let Some(first) = between.find(is_line_break) else { return false };
        let Some(wrap) = self.wrap else { return true };
        let rest = &between[first..];
        let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(is_line_break));
        let rest = rest.unwrap_or_default();
        // A blank line, or a line that is indented or has a bullet.
        if rest.contains(is_line_break)
            || rest.starts_with(char::is_whitespace)
            || rest.starts_with(['-', '–', '—', '•', '*'])
        {
            return true;
        }
        // Had the next word had room, the line would not have been broken.
        let before = &self.text[..gap.start + first];
        let line = before.rsplit(is_line_break).next().unwrap_or_default();
        has_room(line.trim_end(), &self.text[gap.end..], wrap)
    }
}

/// Whether the first word of what follows could have stood at the end of a line.
fn has_room(line: &str, next: &str, width: usize) -> bool {
    let word = next.split(char::is_whitespace).next().unwrap_or_default();
    line.chars().count() + 1 + word.chars().take(MAX_WORD).count() <= width
}
