//! The lines at the head and at the foot of a text, and which of them are news lines.

use std::ops::Range;

use super::{NewsLine, NewsLineKind, byline, can_be_cut, credit, dateline, stamp};

/// How many lines that are not empty are looked at, and in how many bytes.
const HEAD: usize = 8;
const FOOT: usize = 6;
const WINDOW: usize = 1500;

/// The longest news line, in bytes.
pub(super) const LONGEST: usize = 160;

/// The first lines a dateline may open.
const DATELINES: usize = 6;

/// The last lines a byline may be.
const BYLINES: usize = 4;

/// A line without the white space around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'t> {
    pub(super) text: &'t str,
    /// Where it starts in the whole text.
    start: usize,
    /// The text stops at the border of the window, not at the end of the line.
    is_cut: bool,
    /// How many lines that are not empty come before it.
    pub(super) before: usize,
    /// How many come after it, or many.
    pub(super) after: usize,
}

const NO_LINE: Line<'_> = Line { text: "", start: 0, is_cut: false, before: 0, after: usize::MAX };

/// News lines, in the order of the text.
#[derive(Debug)]
pub(super) struct Found {
    lines: [NewsLine; CAPACITY],
    len: usize,
}

/// One a line, and a credit at the very end.
const CAPACITY: usize = HEAD + FOOT + 1;

impl Found {
    fn new() -> Self {
        const NONE: NewsLine = NewsLine { kind: NewsLineKind::Dateline, bytes: 0..0 };
        Self { lines: [NONE; CAPACITY], len: 0 }
    }

    pub(super) fn as_slice(&self) -> &[NewsLine] {
        &self.lines[..self.len]
    }

    fn push(&mut self, text: &str, kind: NewsLineKind, bytes: Range<usize>) {
        if self.len < self.lines.len() && can_be_cut(text, &bytes) {
            self.lines[self.len] = NewsLine { kind, bytes };
            self.len += 1;
        }
    }
}

/// Finds the news lines of a text.
pub(super) fn find(text: &str) -> Found {
    let mut found = Found::new();
    let mut lines = [NO_LINE; HEAD + FOOT];
    let len = read(text, &mut lines);
    let lines = &lines[..len];
    let dateline = the_dateline(lines);
    let mut after_byline = false;
    for (index, line) in lines.iter().enumerate() {
        let whole = line.start..line.start + line.text.len();
        if let Some((at, end)) = dateline
            && at == index
        {
            found.push(text, NewsLineKind::Dateline, whole.start..whole.start + end);
            continue;
        }
        let kind =
            if line.is_cut || line.text.len() > LONGEST { None } else { kind(line, after_byline) };
        after_byline = kind == Some(NewsLineKind::Byline);
        if let Some(kind) = kind {
            found.push(text, kind, whole);
        }
    }
    let end = text.trim_end().len();
    if let Some(start) = credit::closing(&text[..end])
        && found.as_slice().last().is_none_or(|last| last.bytes.end <= start)
    {
        found.push(text, NewsLineKind::Credit, start..end);
    }
    found
}

/// What a whole line is.
fn kind(line: &Line<'_>, after_byline: bool) -> Option<NewsLineKind> {
    let is_head = line.before < HEAD;
    let opening = credit::opening(line.text).filter(|kind| match kind {
        NewsLineKind::Byline => is_head || line.after < BYLINES,
        _ => true,
    });
    if opening.is_some() {
        opening
    } else if (is_head || line.after < BYLINES) && byline::is_byline(line.text, line.before == 0) {
        Some(NewsLineKind::Byline)
    } else if after_byline && byline::is_role(line.text) {
        Some(NewsLineKind::Byline)
    } else if stamp::is_stamp(line.text) {
        Some(NewsLineKind::Stamp)
    } else if credit::is_copyright(line.text) {
        Some(NewsLineKind::Copyright)
    } else if credit::is_credit(line.text, line.after < FOOT) {
        Some(NewsLineKind::Credit)
    } else {
        None
    }
}

/// The line that has the dateline, and where that ends in it.
fn the_dateline(lines: &[Line<'_>]) -> Option<(usize, usize)> {
    let mut first = None;
    for (index, line) in lines.iter().enumerate().take_while(|(_, line)| line.before < DATELINES) {
        let Some(found) = dateline::dateline(line.text, line.is_cut) else { continue };
        match first {
            None => first = Some((index, found.end)),
            // Two words in capitals are two speakers, or the sections of a list.
            Some(_) if found.is_bare => return None,
            Some(_) => {}
        }
        if !found.is_bare {
            return first;
        }
    }
    first
}

/// Reads the lines of the head and of the foot and returns their number.
fn read<'t>(text: &'t str, lines: &mut [Line<'t>; HEAD + FOOT]) -> usize {
    let mut len = 0;
    let mut at = 0;
    let window = &text[..boundary(text, WINDOW)];
    while len < HEAD && at < window.len() {
        let (end, next) = match window[at..].find('\n') {
            Some(length) => (at + length, at + length + 1),
            None => (window.len(), window.len()),
        };
        let is_cut = next == window.len() && next < text.len() && end == next;
        if let Some(line) = trimmed(text, at..end) {
            lines[len] = Line { is_cut, before: len, ..line };
            len += 1;
        }
        at = next;
    }
    let head = len;
    // A line that the window cuts goes on to somewhere in the foot; its rest is not a line.
    let cut = head > 0 && lines[head - 1].is_cut;
    let from = at.max(boundary(text, text.len().saturating_sub(WINDOW)));
    let (mut end, mut reached) = (text.len(), false);
    while len < head + FOOT && end > from {
        let start = text[from..end].rfind('\n').map(|length| from + length + 1);
        reached = start.is_none() && from == at && !cut;
        if start.is_none() && !reached {
            break;
        }
        if let Some(line) = trimmed(text, start.unwrap_or(from)..end) {
            lines[len] = Line { before: usize::MAX, after: len - head, ..line };
            len += 1;
        }
        end = start.map_or(from, |start| start - 1);
    }
    lines[head..len].reverse();
    if reached || end <= at && !cut {
        for (index, line) in lines[..head].iter_mut().enumerate() {
            line.after = len - 1 - index;
        }
        for (index, line) in lines[..len].iter_mut().enumerate().skip(head) {
            line.before = index;
        }
    }
    len
}

fn trimmed(text: &str, range: Range<usize>) -> Option<Line<'_>> {
    let line = &text[range.clone()];
    // Nearly all lines have nothing to trim, and `trim` decodes.
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || !byte.is_ascii();
    if !line.bytes().next().as_ref().is_none_or(is_blank)
        && !line.bytes().next_back().as_ref().is_none_or(is_blank)
    {
        return Some(Line { text: line, start: range.start, ..NO_LINE });
    }
    let after = line.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    let start = range.start + (line.len() - after.len());
    let text = after.trim_end();
    (!text.is_empty()).then_some(Line { text, start, ..NO_LINE })
}

/// The last character boundary that is not after `at`.
fn boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}
