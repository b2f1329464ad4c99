//! One text as the comparison sees it: ids of words, where each stands, where blocks begin.

use std::ops::Range;

use super::intern::Interner;
use super::lines::{Lines, is_line_break};
use super::report::Span;
use crate::text::{NewsLineKind, for_each_token, news_lines};

/// Lines of more words than this are taken sentence by sentence.
const LONG_LINE: usize = 200;

/// How far the line of a word is looked at, in words.
const AROUND: usize = 500;

/// Which tokens are in news lines, ascending.
pub(super) type News = Vec<(NewsLineKind, Range<usize>)>;

/// A text in tokens.
#[derive(Debug)]
pub(super) struct Source<'t> {
    pub(super) text: &'t str,
    /// The tokens.
    pub(super) ids: Vec<u32>,
    /// Where each token stands with the punctuation that goes with it, in bytes.
    places: Vec<Range<usize>>,
    /// The first token of each block, and the number of tokens at the end.
    blocks: Vec<usize>,
    /// The first token of each line.
    lines: Vec<usize>,
    /// The first token of each sentence that does not begin a line.
    sentences: Vec<usize>,
    pub(super) news: News,
}

impl<'t> Source<'t> {
    pub(super) fn new(text: &'t str, interner: &mut Interner) -> Self {
        let breaks = Lines::new(text);
        let mut ids = Vec::new();
        let mut places: Vec<Range<usize>> = Vec::new();
        let mut lines = vec![0];
        let mut sentences = Vec::new();
        for_each_token(text, |word, range| {
            let token = ids.len();
            ids.push(interner.id(word));
            let mut start = range.start;
            match places.last_mut() {
                None => start -= text[..start].trim_start().len(),
                // Mostly a space and nothing else.
                Some(last) if text.as_bytes().get(last.end..start) == Some(b" ") => {}
                Some(last) => {
                    // A character may be several words ("㏂"): they share its place.
                    let gap = text.get(last.end..start).unwrap_or_default();
                    if breaks.end_within(last.end..start) {
                        lines.push(token);
                    } else if ends_sentence(&text[last.clone()], gap, &text[range.clone()]) {
                        sentences.push(token);
                    }
                    let (behind, ahead) = split_gap(gap);
                    last.end += behind;
                    start -= ahead;
                }
            }
            places.push(start..range.end);
        });
        if let Some(last) = places.last_mut() {
            last.end += text[last.end..].trim_end().len();
        }
        let blocks = blocks(&lines, &sentences, ids.len());
        let at = |byte| places.partition_point(|place| place.start < byte);
        let news = news_lines(text).into_iter();
        let news = news.map(|line| (line.kind, at(line.bytes.start)..at(line.bytes.end)));
        let news = news.filter(|(_, tokens)| !tokens.is_empty()).collect();
        Self { text, ids, places, blocks, lines, sentences, news }
    }

    /// A stretch of tokens, as it is reported.
    pub(super) fn span(&self, tokens: Range<usize>) -> Span {
        let bytes = if tokens.is_empty() {
            // Behind the word before; two words of one character have no place between them.
            let end = tokens.start.checked_sub(1).map_or(0, |last| self.places[last].end);
            let at = self.places.get(tokens.start).map_or(end, |next| end.min(next.start));
            at..at
        } else {
            self.places[tokens.start].start..self.places[tokens.end - 1].end
        };
        Span { tokens, bytes }
    }

    /// Whether a block begins at a token, or the text ends there.
    pub(super) fn is_border(&self, token: usize) -> bool {
        self.blocks.binary_search(&token).is_ok()
    }

    /// How well a text can be cut before a token: 3 at a block, 2 at a sentence, 1 after
    /// punctuation, 0 within a phrase.
    pub(super) fn strength(&self, token: usize) -> u8 {
        if self.is_border(token) {
            3
        } else if self.sentences.binary_search(&token).is_ok() {
            2
        } else {
            let before = &self.text[self.places[token - 1].clone()];
            u8::from(!before.ends_with(char::is_alphanumeric))
        }
    }

    /// A token as the text spells it, with the punctuation that goes with it.
    pub(super) fn spelled(&self, token: usize) -> &'t str {
        &self.text[self.places[token].clone()]
    }

    /// The word of a token as the text spells it, without punctuation around it.
    pub(super) fn word(&self, token: usize) -> &'t str {
        self.spelled(token).trim_matches(|c: char| !c.is_alphanumeric())
    }

    /// Whether a block's words are single characters for the greater part: a script without
    /// spaces.
    pub(super) fn is_spaceless(&self, block: &Range<usize>) -> bool {
        let spaces = self.text[self.span(block.clone()).bytes].matches(' ').count();
        4 * spaces < block.len()
    }

    /// Whether a block ends as a sentence does.
    pub(super) fn ends_sentence(&self, block: &Range<usize>) -> bool {
        let last = self.spelled(block.end - 1);
        let last = last.trim_end_matches(['"', '”', '“', '»', '«', '’', '\'', ')', '」', '』']);
        last.ends_with(['.', '。', '।', '؟', '！', '．'])
    }

    /// Whether a block is a single sentence.
    pub(super) fn is_sentence(&self, block: &Range<usize>) -> bool {
        let next = self.sentences.partition_point(|&start| start <= block.start);
        self.sentences.get(next).is_none_or(|&start| start >= block.end)
    }

    /// Whether a token's capital, if it has one, is not owed to a quotation or a list that begins
    /// with it.
    pub(super) fn goes_on(&self, token: usize) -> bool {
        let before = token.checked_sub(1).map_or("", |before| self.spelled(before));
        self.spelled(token).starts_with(char::is_alphanumeric) && !before.ends_with([':', '•', '|'])
    }

    /// The line of some tokens, in bytes; of a very long one what lies around them.
    pub(super) fn line(&self, tokens: &Range<usize>) -> Range<usize> {
        let at = self.lines.partition_point(|&start| start <= tokens.start);
        let end = self.lines.get(at).copied().unwrap_or(self.ids.len());
        let line = self.lines[at.saturating_sub(1)]..end.max(tokens.end);
        let near = self.block(tokens.start.min(self.ids.len() - 1)).start.max(line.start);
        let is_long = tokens.start - line.start > AROUND || line.end - tokens.end > AROUND;
        let long = near..line.end.min(tokens.end + AROUND);
        self.span(if is_long { long } else { line }).bytes
    }

    /// The blocks, in order.
    pub(super) fn blocks(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.blocks.windows(2).map(|pair| pair[0]..pair[1])
    }

    /// The block that a token stands in.
    pub(super) fn block(&self, token: usize) -> Range<usize> {
        let next = self.blocks.partition_point(|&start| start <= token);
        self.blocks[next - 1]..self.blocks[next]
    }

    /// A stretch of tokens, cut at the borders of blocks.
    pub(super) fn blocks_within(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut start = range.start;
        while start < range.end {
            let end = self.block(start).end.min(range.end);
            found.push(start..end);
            start = end;
        }
        found
    }
}

/// The borders of blocks: of all lines, and of the sentences in long ones.
fn blocks(lines: &[usize], sentences: &[usize], end: usize) -> Vec<usize> {
    let mut blocks = Vec::with_capacity(lines.len() + 1);
    let mut sentences = sentences.iter().copied().peekable();
    for (index, &start) in lines.iter().enumerate() {
        let line_end = lines.get(index + 1).copied().unwrap_or(end);
        blocks.push(start);
        while let Some(sentence) = sentences.next_if(|&sentence| sentence < line_end) {
            if line_end - start > LONG_LINE {
                blocks.push(sentence);
            }
        }
    }
    if end > 0 {
        blocks.push(end);
    }
    blocks
}

/// Whether a sentence ends between two words. Initials ("U.S.") end none.
fn ends_sentence(before: &str, gap: &str, after: &str) -> bool {
    if gap.contains(['。', '！', '？', '।', '؟']) {
        return true;
    }
    let initial = before.chars().filter(|c| c.is_alphanumeric()).count() == 1;
    let end = gap.contains(['!', '?', '…']) || gap.contains('.') && !initial;
    end && gap.contains(char::is_whitespace) && !after.starts_with(char::is_lowercase)
}

/// How many bytes of what stands between two words go with the first one and with the second.
fn split_gap(gap: &str) -> (usize, usize) {
    let cut = gap
        .rfind(is_line_break)
        .or_else(|| gap.rfind(char::is_whitespace))
        .or_else(|| gap.find(['(', '[', '{', '“', '‘', '„', '«', '「', '『', '（', '【', '《']))
        .unwrap_or(gap.len());
    let (behind, ahead) = gap.split_at(cut);
    (behind.trim_end().len(), ahead.trim_start().len())
}
