//! What the blocks of a text are: headline, standfirst, body, and what stands around them.

use std::cell::OnceCell;
use std::ops::Range;

use super::kind::EditKind;
use super::source::Source;
use crate::text::NewsLineKind;

/// The most words of a headline and of a standfirst, and of a headline in a script without spaces.
const HEADLINE: usize = 25;
const STANDFIRST: usize = 40;
const CHARACTERS: usize = 40;

/// Text that is written so in one word of four says nothing about names by its capitals.
const CAPITALS: usize = 4;

/// So many words at the start of the body are looked at for that.
const SAMPLE: usize = 400;

/// How a text is built, in tokens.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// News lines and furniture, ascending, with the kind of an edit in them.
    asides: Vec<(EditKind, Range<usize>)>,
    headline: Range<usize>,
    standfirst: Range<usize>,
    pub(super) body: Range<usize>,
    capitals_tell: OnceCell<bool>,
}

impl Outline {
    /// `furniture` is what the corpus repeats, in tokens of the text.
    pub(super) fn new(source: &Source<'_>, furniture: &[Range<u32>]) -> Self {
        let mut asides: Vec<(EditKind, Range<usize>)> =
            source.news.iter().map(|(kind, tokens)| (of_news(*kind), tokens.clone())).collect();
        asides.extend(
            furniture
                .iter()
                .map(|range| (EditKind::Furniture, range.start as usize..range.end as usize)),
        );
        let mut outline = Self { asides, ..Self::default() };
        // Blocks of the writing, and whether a byline follows.
        let mut text: Vec<(Range<usize>, bool)> = Vec::new();
        for block in source.blocks() {
            match outline.aside(&block) {
                Some(EditKind::Credit) => {
                    if let Some((_, signed)) = text.last_mut() {
                        *signed = true;
                    }
                }
                Some(_) => {}
                None if is_menu(&source.text[source.span(block.clone()).bytes]) => {
                    outline.asides.push((EditKind::Furniture, block));
                }
                None => text.push((block, false)),
            }
        }
        let mut rest = &text[..];
        if let [(first, signed), next, ..] = rest
            && first.len() <= if source.is_spaceless(first) { CHARACTERS } else { HEADLINE }
            && !source.ends_sentence(first)
        {
            outline.headline = first.clone();
            rest = &rest[1..];
            if let [(second, followed), (third, _), ..] = rest
                && !signed
                && next.0.len() <= STANDFIRST
                && (*followed
                    || !source.ends_sentence(second)
                    || 2 * second.len() <= third.len() && source.is_sentence(second))
            {
                outline.standfirst = second.clone();
                rest = &rest[1..];
            }
        }
        if let (Some((first, _)), Some((last, _))) = (rest.first(), rest.last()) {
            outline.body = first.start..last.end;
        }
        outline
    }

    /// Whether capitals within a sentence tell names.
    pub(super) fn capitals_tell(&self, source: &Source<'_>) -> bool {
        *self.capitals_tell.get_or_init(|| {
            let within = self.body.clone().take(SAMPLE).filter(|&token| source.strength(token) < 2);
            let letters = within.filter_map(|token| source.word(token).chars().next());
            let (words, capitals) =
                letters.filter(|c| c.is_alphabetic()).fold((0, 0), |(words, capitals), c| {
                    (words + 1, capitals + usize::from(c.is_uppercase()))
                });
            CAPITALS * capitals < words
        })
    }

    /// What the tokens are when they are no part of the writing, at least four fifths of them.
    pub(super) fn aside(&self, tokens: &Range<usize>) -> Option<EditKind> {
        let mut best: Option<(usize, EditKind)> = None;
        for (kind, range) in &self.asides {
            let common = tokens.end.min(range.end).saturating_sub(tokens.start.max(range.start));
            // The first of two, so that news lines go before furniture.
            if 5 * common >= 4 * tokens.len().max(1) && best.is_none_or(|best| common > best.0) {
                best = Some((common, *kind));
            }
        }
        best.map(|(_, kind)| kind)
    }

    /// Headline and standfirst of two texts, those that both have.
    pub(super) fn titles(&self, other: &Self) -> Vec<[Range<usize>; 2]> {
        let pairs = [[&self.headline, &other.headline], [&self.standfirst, &other.standfirst]];
        let both = pairs.into_iter().filter(|pair| pair.iter().all(|block| !block.is_empty()));
        both.map(|pair| pair.map(Clone::clone)).collect()
    }

    /// Whether the tokens stand in the headline or in the standfirst.
    pub(super) fn title(&self, tokens: &Range<usize>) -> Option<EditKind> {
        let within = |block: &Range<usize>| block.start <= tokens.start && tokens.end <= block.end;
        match tokens.is_empty() {
            false if within(&self.headline) => Some(EditKind::Headline),
            false if within(&self.standfirst) => Some(EditKind::Standfirst),
            _ => None,
        }
    }
}

fn of_news(kind: NewsLineKind) -> EditKind {
    match kind {
        NewsLineKind::Dateline => EditKind::Dateline,
        NewsLineKind::Byline | NewsLineKind::Credit => EditKind::Credit,
        NewsLineKind::Stamp => EditKind::Date,
        NewsLineKind::Copyright | NewsLineKind::ReadMore => EditKind::Furniture,
    }
}

/// Whether a line has the shape of a menu, or claims rights.
fn is_menu(line: &str) -> bool {
    let line = line.trim();
    if line.starts_with('©') {
        return true;
    }
    let (mut items, mut words, mut before) = (0, 0, '|');
    for c in line.chars() {
        let is_bar = matches!(c, '|' | '·' | '•' | '›' | '\t') || c == ' ' && before == ' ';
        if is_bar {
            items += usize::from(words > 0);
            words = 0;
        } else if c != ' ' && matches!(before, ' ' | '|' | '·' | '•' | '›' | '\t') {
            words += 1;
            if words > 3 {
                return false;
            }
        }
        before = c;
    }
    items + usize::from(words > 0) >= 4
}
