//! News lines: what papers set around one and the same story, each in its own way.
//!
//! The dateline, the author's line, the credit to an agency, the line that claims the rights, the
//! stamp of an update, the call to read on: two reprints differ there without differing in what
//! they tell. They are recognised by their shape and their place, with the words of
//! English, German, French, Spanish and some others where a shape can't tell.
//!
//! Leaving out real text is worse than keeping a dateline, so the rules are strict:
//!
//! - Only the head and the foot of a text are looked at: the first eight and the last six lines
//!   that are not empty, in at most 1,000 and 600 bytes.
//! - A news line is a whole line of at most 160 bytes and 25 tokens, or a dateline before the first
//!   sentence of a paragraph, or a credit in parentheses after the last sentence of the text.
//! - No text has more than a fifth of its tokens left aside. If it would, it is left as it is.

mod byline;
mod credit;
mod dateline;
mod lines;
mod scan;
mod stamp;
#[rustfmt::skip]
mod words;

#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Range;

use super::chars::{Char, Class};
use super::stream::with_stream;
use super::tokens::{Tokens, for_each_token};

/// What a news line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NewsLineKind {
    /// Where and when a story was filed, and by which agency: `OSLO, Jan 7 (Agency) —`.
    Dateline,
    /// Who wrote it: `By Jane Doe`.
    Byline,
    /// Who contributed to it or to its picture: `Jane Doe contributed to this report.`
    Credit,
    /// Who has the rights in it.
    Copyright,
    /// When it was published or updated.
    Stamp,
    /// A call to read on, elsewhere or here.
    ReadMore,
}

impl NewsLineKind {
    /// The name in lower case, for output that is read by machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dateline => "dateline",
            Self::Byline => "byline",
            Self::Credit => "credit",
            Self::Copyright => "copyright",
            Self::Stamp => "stamp",
            Self::ReadMore => "read-more",
        }
    }
}

impl fmt::Display for NewsLineKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A news line of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewsLine {
    /// What it is.
    pub kind: NewsLineKind,
    /// Where it is in the text, without the white space around it. No token of the text lies
    /// across a border.
    pub bytes: Range<usize>,
}

/// Finds the news lines of a text: ascending and apart from each other.
///
/// All that is recognised is here, in a short text too; [`news_tokens`] decides whether it is
/// left aside.
pub fn news_lines(text: &str) -> Vec<NewsLine> {
    let mut lines = Vec::new();
    append_news_lines(text, &mut lines);
    lines
}

/// Appends to `out` what [`news_lines`] returns.
pub fn append_news_lines(text: &str, out: &mut Vec<NewsLine>) {
    out.extend_from_slice(lines::find(text).as_slice());
}

/// Which of a text's tokens are in its news lines: ranges of positions, ascending and apart from
/// each other.
///
/// There are none when they would be more than a fifth of the tokens. `lines` are of the same text
/// as `tokens`, as [`news_lines`] returns them.
pub fn news_tokens(lines: &[NewsLine], tokens: &Tokens) -> Vec<Range<u32>> {
    let ranges = tokens.ranges();
    let position = |byte| ranges.partition_point(|range| range.start < byte);
    let mut aside = Vec::new();
    for line in lines {
        push(&mut aside, 0, position(line.bytes.start)..position(line.bytes.end));
    }
    keep_a_fifth(&mut aside, 0, tokens.len());
    aside
}

/// Appends the hashes of the text's tokens to `tokens`, exactly those of
/// [`hash_tokens`](super::hash_tokens), and to `aside` which of them are in news lines: what
/// [`news_tokens`] returns, counted from the text's first token.
///
/// It needs no range per token, for the text is tokenised in pieces between the news lines. That
/// costs a fraction of a microsecond a text more than `hash_tokens`, however long the text is, and
/// allocates nothing beside the items of the two vectors.
pub fn hash_article(text: &str, tokens: &mut Vec<u32>, aside: &mut Vec<Range<u32>>) {
    let found = lines::find(text);
    let (first_token, first_aside) = (tokens.len(), aside.len());
    with_stream(|stream| {
        let mut at = 0;
        for line in found.as_slice() {
            stream.read(&text[at..line.bytes.start], tokens);
            let start = tokens.len() - first_token;
            stream.read(&text[line.bytes.clone()], tokens);
            push(aside, first_aside, start..tokens.len() - first_token);
            at = line.bytes.end;
        }
        stream.read(&text[at..], tokens);
    });
    keep_a_fifth(aside, first_aside, tokens.len() - first_token);
}

/// Adds a range of tokens after those from `first` on, or makes the last one longer.
fn push(aside: &mut Vec<Range<u32>>, first: usize, tokens: Range<usize>) {
    // A position beyond 32 bits is in no text that is compared.
    let (Ok(start), Ok(end)) = (u32::try_from(tokens.start), u32::try_from(tokens.end)) else {
        return;
    };
    match aside[first..].last_mut() {
        Some(last) if last.end == start => last.end = end,
        _ if start < end => aside.push(start..end),
        _ => {}
    }
}

/// Drops the ranges from `first` on if they are more than a fifth of the tokens.
fn keep_a_fifth(aside: &mut Vec<Range<u32>>, first: usize, tokens: usize) {
    let left: usize = aside[first..].iter().map(ExactSizeIterator::len).sum();
    if left > tokens / 5 {
        aside.truncate(first);
    }
}

/// What a word has to do with the calendar.
#[cfg(feature = "diff")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Calendar {
    /// A month that is nothing else, or a day of the week.
    Name,
    /// An abbreviation, or a name that is another word too: it takes a number beside it.
    Perhaps,
}

/// Whether a word, in lower case, is a month or a day of the week in a language of the tables.
#[cfg(feature = "diff")]
pub(crate) fn calendar(word: &str) -> Option<Calendar> {
    let known =
        words::MONTHS.contains(word.as_bytes()) || words::WEEKDAYS.contains(word.as_bytes());
    let doubtful = word.chars().count() < 4 || matches!(word, "march" | "mars" | "sept");
    known.then_some(if doubtful { Calendar::Perhaps } else { Calendar::Name })
}

/// The most tokens of a news line.
const TOKENS: usize = 25;

/// Whether this is a news line by its number of tokens, and can be cut out of the text without
/// changing any.
fn can_be_cut(text: &str, bytes: &Range<usize>) -> bool {
    let mut tokens = 0;
    for_each_token(&text[bytes.clone()], |_, _| tokens += 1);
    (1..=TOKENS).contains(&tokens) && separates(text, bytes.start) && separates(text, bytes.end)
}

/// Whether the tokens before this place and those after it are the same when the text is cut here.
fn separates(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at(at);
    let Some(next) = after.chars().next().map(Char::of) else { return true };
    if !next.boundary {
        return false;
    }
    let mut starts = None;
    next.for_each_folded(|_, class| starts = starts.or(Some(class)));
    starts == Some(Class::Separator) || ends_apart(before)
}

/// Whether no token can go on after this text.
fn ends_apart(text: &str) -> bool {
    // What is dropped does not separate. More of it than this is in no sane text.
    const DROPPED: usize = 4;
    let mut chars = text.chars().rev();
    for _ in 0..DROPPED {
        let Some(c) = chars.next() else { return true };
        let mut last = None;
        Char::of(c).for_each_folded(|_, class| last = Some(class));
        if last != Some(Class::Ignorable) {
            return last == Some(Class::Separator);
        }
    }
    false
}
