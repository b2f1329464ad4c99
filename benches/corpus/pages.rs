//! What is printed many times over: the furniture of sites, and moulds with slots.

use super::language::{Language, push_break, push_number};
use super::rng::Rng;
use super::text::first_words;

const SITE: u64 = 10;
const MOULD: u64 = 11;

const NAVIGATION_WORDS: usize = 60;
const TEASERS: usize = 48;

/// The furniture of one site.
#[derive(Clone, Debug)]
pub struct Site {
    /// The same on each page, above the article.
    navigation: String,
    /// Short texts about other stories; each page shows some of them.
    teasers: Vec<String>,
    /// The same on each page, at the bottom.
    footer: String,
    footer_words: usize,
}

impl Site {
    /// Makes the site of that number.
    pub fn new(language: &Language, seed: u64, number: u64) -> Self {
        let mut rng = Rng::new(seed, number, SITE);
        let topic = language.topic(&mut rng);
        let mut navigation = String::new();
        for place in 0..NAVIGATION_WORDS {
            if place > 0 {
                navigation.push_str(if place % 12 == 0 { "\n" } else { "  " });
            }
            language.push_name(&mut rng, &mut navigation);
        }
        let teasers = (0..TEASERS)
            .map(|_| {
                let mut teaser = String::new();
                let topic = language.topic(&mut rng);
                language.push_headline(&topic, &mut rng, &mut teaser);
                teaser.push('\n');
                language.push_passage(30, &topic, &mut rng, &mut teaser);
                teaser
            })
            .collect();
        let mut footer = String::new();
        let wanted = rng.within(250..=370);
        let footer_words = language.push_paragraphs(wanted, &topic, &mut rng, &mut footer);
        Self { navigation, teasers, footer, footer_words }
    }

    /// Writes an article with about so many words of furniture around it: navigation above; teasers,
    /// other ones on each page, and a piece of the footer below.
    pub fn push_page(&self, article: &str, words: usize, rng: &mut Rng, out: &mut String) {
        let above = (words / 5).min(NAVIGATION_WORDS);
        let below = (words * 2 / 5).min(self.footer_words);
        let mut teaser_words = words - above - below;
        out.push_str(first_words(&self.navigation, above));
        push_break(out);
        out.push_str(article);
        let first = rng.below(TEASERS);
        for place in 0..TEASERS {
            if teaser_words == 0 {
                break;
            }
            let teaser = &self.teasers[(first + place * 5) % TEASERS];
            push_break(out);
            out.push_str(first_words(teaser, teaser_words));
            teaser_words = teaser_words.saturating_sub(teaser.split_whitespace().count());
        }
        push_break(out);
        out.push_str(first_words(&self.footer, below));
    }

    /// Writes an article over the whole footer.
    pub fn push_over_footer(&self, article: &str, out: &mut String) {
        out.push_str(article);
        push_break(out);
        out.push_str(&self.footer);
    }
}

/// A fixed text with slots, such as match reports are cast from.
#[derive(Clone, Debug)]
pub struct Mould {
    /// The text between the slots: one piece more than there are slots.
    pieces: Vec<String>,
}

impl Mould {
    /// Makes the mould of that number: 120 to 250 words with 8 to 12 slots.
    pub fn new(language: &Language, seed: u64, number: u64) -> Self {
        let mut rng = Rng::new(seed, number, MOULD);
        let topic = language.topic(&mut rng);
        let slots = rng.within(8..=12);
        let words = rng.within(120..=225);
        let mut text = String::new();
        language.push_paragraphs(words, &topic, &mut rng, &mut text);
        let spaces: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
        let mut pieces = Vec::new();
        let mut start = 0;
        for slot in 0..slots {
            // One slot in each stretch of the text, not at its very end.
            let stretch = spaces.len() / slots;
            let end = spaces[slot * stretch + rng.below(stretch * 3 / 4)];
            pieces.push(text[start..end].to_owned());
            start = end;
        }
        pieces.push(text[start..].to_owned());
        Self { pieces }
    }

    /// Writes one sibling, its slots filled with names, numbers and dates.
    pub fn push_sibling(&self, language: &Language, rng: &mut Rng, out: &mut String) {
        language.push_name(rng, out);
        out.push(' ');
        push_number(rng.below(10), out);
        out.push(' ');
        language.push_name(rng, out);
        out.push(' ');
        push_number(rng.below(10), out);
        push_break(out);
        for (slot, piece) in self.pieces.iter().enumerate() {
            out.push_str(piece);
            if slot + 1 == self.pieces.len() {
                break;
            }
            out.push(' ');
            match slot % 4 {
                0 => language.push_name(rng, out),
                1 => push_number(rng.within(1..=900), out),
                2 => {
                    language.push_name(rng, out);
                    out.push(' ');
                    language.push_name(rng, out);
                }
                _ => language.push_date(rng, out),
            }
        }
    }
}
