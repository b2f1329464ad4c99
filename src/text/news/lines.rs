//! The lines at the head and at the foot of a text, and which of them are news lines.

use std::ops::Range;

use super::{NewsLine, NewsLineKind, byline, can_be_cut, credit, dateline, stamp};

/// How many lines that are not empty are looked at, and in how many bytes.
const HEAD: usize = 8;
const FOOT: usize = 6;
const HEAD_BYTES: usize = 1000;
const FOOT_BYTES: usize = 600;

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
    let end = text.trim_ascii_end().trim_end().len();
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
    } else if (is_head || line.after < BYLINES) && byline::is_byline(line.text, line.before == 0)
        || after_byline && byline::is_role(line.text)
    {
        Some(NewsLineKind::Byline)
    } else if stamp::is_stamp(line.text, is_head) {
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
    let window = &text[..boundary(text, HEAD_BYTES)];
    while len < HEAD && at < window.len() {
        let (end, next) = match line_end(&window.as_bytes()[at..]) {
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
    let from = at.max(boundary(text, text.len().saturating_sub(FOOT_BYTES)));
    let (mut end, mut reached) = (text.len(), false);
    while len < head + FOOT && end > from {
        let start = last_line_end(&text.as_bytes()[from..end]).map(|length| from + length + 1);
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

/// How many bytes are looked at together: so many that the compiler makes vectors of them.
const TOGETHER: usize = 64;

fn has_line_end(bytes: &[u8]) -> bool {
    bytes.iter().fold(false, |any, &byte| any | (byte == b'\n'))
}

/// The line ends among eight bytes: the highest bit of each byte that is one.
fn line_ends(bytes: [u8; 8]) -> u64 {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    let zero_where_equal = u64::from_le_bytes(bytes) ^ 0x0A0A_0A0A_0A0A_0A0A;
    !((zero_where_equal & LOW).wrapping_add(LOW) | zero_where_equal | LOW)
}

/// Where the first line ends.
fn line_end(bytes: &[u8]) -> Option<usize> {
    let (together, _) = bytes.as_chunks::<TOGETHER>();
    let passed = together.iter().take_while(|chunk| !has_line_end(&chunk[..])).count();
    let mut at = passed * TOGETHER;
    let (words, rest) = bytes[at..].as_chunks::<8>();
    for &word in words {
        let ends = line_ends(word);
        if ends != 0 {
            return Some(at + ends.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    rest.iter().position(|&byte| byte == b'\n').map(|offset| at + offset)
}

/// Where the last line but one ends.
fn last_line_end(bytes: &[u8]) -> Option<usize> {
    let (_, together) = bytes.as_rchunks::<TOGETHER>();
    let passed = together.iter().rev().take_while(|chunk| !has_line_end(&chunk[..])).count();
    let mut end = bytes.len() - passed * TOGETHER;
    let (rest, words) = bytes[..end].as_rchunks::<8>();
    for &word in words.iter().rev() {
        let ends = line_ends(word);
        if ends != 0 {
            return Some(end - 1 - ends.leading_zeros() as usize / 8);
        }
        end -= 8;
    }
    rest.iter().rposition(|&byte| byte == b'\n')
}

fn trimmed(text: &str, range: Range<usize>) -> Option<Line<'_>> {
    let line = &text[range.clone()];
    // Most white space is ASCII, and goes a byte at a time.
    let line = line.trim_ascii_end();
    let after = line.trim_ascii_start();
    let is_blank = |c: char| c.is_whitespace() || c == '\u{FEFF}';
    let after = after.trim_start_matches(is_blank);
    let start = range.start + (line.len() - after.len());
    let text = after.trim_end();
    (!text.is_empty()).then_some(Line { text, start, ..NO_LINE })
}

/// The last character boundary that is not after `at`.
pub(super) fn boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}
