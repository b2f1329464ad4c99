//! Parts to edits, each with its kind: the rules that [`kind`](super::kind) lists.

use std::ops::Range;

use super::kind::EditKind;
use super::outline::Outline;
use super::quotes::is_quoted;
use super::report::{Edit, Part, PartKind, PieceKind};
use super::source::Source;
use super::spelling::is_same_word;
use crate::text::{Calendar, calendar};

/// The fewest words of a sentence that counts as one.
const SENTENCE: usize = 4;

/// A longer replacement, in words of both sides, is wording: its words are not looked at.
const LONG: usize = 100;

/// Words of at most so many letters say little.
const SHORT: usize = 3;

/// A text and how it is built.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side<'s> {
    pub(super) source: &'s Source<'s>,
    pub(super) outline: &'s Outline,
}

/// The edits of all parts, in their order.
pub(super) fn edits(parts: &[Part], a: Side<'_>, b: Side<'_>) -> Vec<Edit> {
    let mut classifier = Classifier { a, b, kept: None, end_b: 0, edits: Vec::new() };
    for part in parts {
        for piece in part.pieces.iter().filter(|piece| piece.kind == PieceKind::Kept) {
            let (in_a, in_b) = (&piece.a.tokens, &piece.b.tokens);
            if a.has_in_body(in_a) && b.has_in_body(in_b) {
                let (kept_a, kept_b) =
                    classifier.kept.get_or_insert_with(|| (in_a.clone(), in_b.clone()));
                *kept_a = kept_a.start.min(in_a.start)..kept_a.end.max(in_a.end);
                *kept_b = kept_b.start.min(in_b.start)..kept_b.end.max(in_b.end);
                classifier.end_b = classifier.end_b.max(part.b.tokens.end);
            }
        }
    }
    for (index, part) in parts.iter().enumerate() {
        classifier.part(index, part);
    }
    classifier.edits
}

impl<'s> Side<'s> {
    fn has_in_body(&self, tokens: &Range<usize>) -> bool {
        tokens.start < self.outline.body.end && self.outline.body.start < tokens.end
    }

    fn is_sentences(&self, tokens: &Range<usize>) -> bool {
        tokens.len() >= SENTENCE
            && self.source.strength(tokens.start) >= 2
            && self.source.strength(tokens.end) >= 2
    }

    fn words(self, tokens: &Range<usize>) -> Vec<&'s str> {
        tokens.clone().map(|token| self.source.word(token)).collect()
    }
}

struct Classifier<'s> {
    a: Side<'s>,
    b: Side<'s>,
    /// From the first to the last token of the bodies that both have.
    kept: Option<(Range<usize>, Range<usize>)>,
    /// Where the last part ends, in the second text, that keeps some of the body.
    end_b: usize,
    edits: Vec<Edit>,
}

impl Classifier<'_> {
    fn part(&mut self, index: usize, part: &Part) {
        let none_a = part.a.tokens.start..part.a.tokens.start;
        let none_b = part.b.tokens.start..part.b.tokens.start;
        match part.kind {
            PartKind::Kept => return,
            PartKind::Removed => {
                for block in self.a.source.blocks_within(part.a.tokens.clone()) {
                    let kind = self.block(self.a, &block, |this| {
                        if this.is_tail(&block) { EditKind::Tail } else { EditKind::Dropped }
                    });
                    self.add(kind, index, block, none_b.clone(), true);
                }
                return;
            }
            PartKind::Added => {
                for block in self.b.source.blocks_within(part.b.tokens.clone()) {
                    let kind = self.block(self.b, &block, |this| {
                        let is_lead = this.kept.as_ref().is_some_and(|(_, b)| block.end <= b.start);
                        if is_lead { EditKind::Lead } else { EditKind::Inserted }
                    });
                    self.add(kind, index, none_a.clone(), block, true);
                }
                return;
            }
            PartKind::Moved => {
                let (a, b) = (part.a.tokens.clone(), part.b.tokens.clone());
                self.add(EditKind::Moved, index, a, b, false);
            }
            PartKind::Changed => {}
        }
        for edit in part.pieces.split(|piece| piece.kind == PieceKind::Kept) {
            if let (Some(first), Some(last)) = (edit.first(), edit.last()) {
                let a = first.a.tokens.start..last.a.tokens.end;
                let b = first.b.tokens.start..last.b.tokens.end;
                self.add(self.words(&a, &b), index, a, b, false);
            }
        }
    }

    /// Adds an edit; a block of the same kind as the one before it makes that longer.
    fn add(&mut self, kind: EditKind, part: usize, a: Range<usize>, b: Range<usize>, join: bool) {
        let (mut a, mut b) = (a, b);
        if join && let Some(last) = self.edits.pop_if(|last| last.part == part && last.kind == kind)
        {
            (a.start, b.start) = (last.a.tokens.start, last.b.tokens.start);
        }
        let (a, b) = (self.a.source.span(a), self.b.source.span(b));
        self.edits.push(Edit { kind, part, a, b });
    }

    /// A whole block that only one text has.
    fn block(
        &self,
        side: Side<'_>,
        block: &Range<usize>,
        in_body: impl Fn(&Self) -> EditKind,
    ) -> EditKind {
        let aside = side.outline.aside(block).or_else(|| side.outline.title(block));
        aside.unwrap_or_else(|| in_body(self))
    }

    /// Whether the rest of the body is missing from there on, and nothing stands in its place.
    fn is_tail(&self, a: &Range<usize>) -> bool {
        self.kept.as_ref().is_some_and(|(kept_a, _)| a.start >= kept_a.end)
            && self.end_b >= self.b.outline.body.end
    }

    /// Some words that were replaced, deleted or inserted within a part.
    fn words(&self, a: &Range<usize>, b: &Range<usize>) -> EditKind {
        let sides = [(self.a, a), (self.b, b)];
        let given = || sides.iter().filter(|(_, tokens)| !tokens.is_empty());
        if let Some(kind) = given().find_map(|(side, tokens)| side.outline.aside(tokens)) {
            return kind;
        }
        let is_long = a.len() + b.len() > LONG;
        if !is_long && !a.is_empty() && !b.is_empty() {
            let words = sides.map(|(side, tokens)| side.words(tokens));
            if is_same_word(&words[0], &words[1]) {
                return EditKind::Spelling;
            }
        }
        if let Some(kind) = given().find_map(|(side, tokens)| side.outline.title(tokens)) {
            return kind;
        }
        if b.is_empty() && self.a.is_sentences(a) {
            return if self.is_tail(a) { EditKind::Tail } else { EditKind::Dropped };
        }
        if a.is_empty() && self.b.is_sentences(b) {
            return EditKind::Inserted;
        }
        if given().all(|(side, tokens)| is_quoted(side.source, tokens)) {
            return EditKind::Quotation;
        }
        if is_long {
            return EditKind::Wording;
        }
        let counts = [Counts::new(sides[0], sides[1]), Counts::new(sides[1], sides[0])];
        let all = || counts.iter().filter(|counts| counts.words > 0);
        let sum = |of: fn(&Counts) -> usize| counts.iter().map(of).sum::<usize>();
        let (dates, numbers, names) = (sum(|c| c.dates), sum(|c| c.numbers), sum(|c| c.names));
        let others = sum(|c| c.long) - sum(|c| c.long_names);
        if dates > 0
            && others + names <= dates
            && all().all(|counts| counts.dates > 0 || counts.words == 1)
        {
            return EditKind::Date;
        }
        if numbers > 0 && others + names <= numbers && all().all(|counts| counts.numbers > 0) {
            return EditKind::Number;
        }
        if names > 0
            && others <= sum(|c| c.long_names).max(1)
            && all().all(|counts| counts.names > 0)
        {
            return EditKind::Name;
        }
        EditKind::Wording
    }
}

/// What stands on one side of an edit.
#[derive(Debug, Default)]
struct Counts {
    /// Of the whole side.
    words: usize,
    dates: usize,
    numbers: usize,
    names: usize,
    /// Words of more than three letters that are neither dates nor numbers, and names of those.
    long: usize,
    long_names: usize,
}

impl Counts {
    /// Words that the other side has as well don't count.
    fn new(
        (side, tokens): (Side<'_>, &Range<usize>),
        (other, others): (Side<'_>, &Range<usize>),
    ) -> Self {
        let source = side.source;
        let common = &other.source.ids[others.clone()];
        let mut counts = Self { words: tokens.len(), ..Self::default() };
        let is_capital =
            |token: usize| source.word(token).chars().next().is_some_and(char::is_uppercase);
        for token in tokens.clone().filter(|&token| !common.contains(&source.ids[token])) {
            let word = source.word(token);
            let number_beside = || {
                let before = token.checked_sub(1).filter(|_| source.strength(token) < 2);
                let after = Some(token + 1).filter(|&next| source.strength(next) < 2);
                before.into_iter().chain(after).any(|at| is_number(source.word(at)))
            };
            let is_date = match calendar(&word.to_lowercase()) {
                Some(Calendar::Name) => true,
                Some(Calendar::Perhaps) => number_beside(),
                None => matches!(word, "年" | "月" | "日") && number_beside(),
            };
            // `March 3`, `3 de marzo`, `3日`.
            let in_date = || {
                let at = |at: usize| source.ids.get(at).map_or("", |_| source.word(at));
                let is_month = |word: &str| {
                    matches!(word, "年" | "月" | "日") || calendar(&word.to_lowercase()).is_some()
                };
                let [before, after] = [token.wrapping_sub(1), token + 1].map(at);
                let [far_before, far_after] = [token.wrapping_sub(2), token + 2].map(at);
                is_month(after)
                    || !source.is_spaceless(&source.block(token))
                        && (is_month(before)
                            || is_joint(before) && is_month(far_before)
                            || is_joint(after) && is_month(far_after))
            };
            if is_date || is_number(word) && in_date() {
                counts.dates += 1;
            } else if is_number(word) {
                counts.numbers += 1;
            } else {
                let is_long = word.chars().count() > SHORT;
                let within = |at: usize| source.strength(at) < 2 && source.goes_on(at);
                let in_row = token > 0 && within(token) && is_capital(token - 1)
                    || token + 1 < source.ids.len() && within(token + 1) && is_capital(token + 1);
                let is_name = is_capital(token)
                    && within(token)
                    && (in_row || side.outline.capitals_tell(source));
                counts.names += usize::from(is_name);
                counts.long += usize::from(is_long);
                counts.long_names += usize::from(is_long && is_name);
            }
        }
        counts
    }
}

/// What stands between day and month.
fn is_joint(word: &str) -> bool {
    matches!(word, "de" | "of" | "di" | "the")
}

/// Digits of any script, perhaps with letters behind them, or Han digits.
fn is_number(word: &str) -> bool {
    let han = |c| {
        matches!(
            c,
            '〇' | '一'
                | '二'
                | '三'
                | '四'
                | '五'
                | '六'
                | '七'
                | '八'
                | '九'
                | '十'
                | '百'
                | '千'
                | '万'
                | '億'
        )
    };
    word.starts_with(char::is_numeric) || !word.is_empty() && word.chars().all(han)
}
