//! One story: headline, standfirst, byline and body, written from its number alone.

use super::language::{Language, Topic, push_break, push_number};
use super::rng::Rng;

/// Lengths of bodies in words at each tenth of all stories, shortest to longest.
const LENGTHS: [usize; 11] = [60, 120, 170, 210, 250, 290, 335, 395, 470, 620, 1500];

const STORY: u64 = 1;
const HEAD: u64 = 2;

/// A story taken apart. Its buffers are used again for the next story.
#[derive(Clone, Debug, Default)]
pub struct Story {
    /// A line of 5 to 11 words.
    pub headline: String,
    /// A sentence under the headline, or nothing.
    pub standfirst: String,
    /// Who wrote it, where and when.
    pub byline: String,
    /// Paragraphs separated by blank lines.
    pub body: String,
    /// Number of words in the body.
    pub words: usize,
    /// The words the story comes back to.
    pub topic: Topic,
}

impl Story {
    /// Writes the story of that number, with a length drawn from the distribution of lengths.
    pub fn write(&mut self, language: &Language, seed: u64, number: u64) {
        let mut rng = Rng::new(seed, number, STORY);
        let words = random_length(&mut rng);
        self.write_words(language, &mut rng, words);
    }

    /// Writes a story of about so many words.
    pub fn write_words(&mut self, language: &Language, rng: &mut Rng, words: usize) {
        self.topic = language.topic(rng);
        self.write_head(language, rng);
        self.body.clear();
        self.words = language.push_paragraphs(words, &self.topic, rng, &mut self.body);
    }

    /// Replaces headline, standfirst and byline by those a copy would have.
    pub fn rewrite_head(&mut self, language: &Language, seed: u64, copy: u64) {
        self.write_head(language, &mut Rng::new(seed, copy, HEAD));
    }

    fn write_head(&mut self, language: &Language, rng: &mut Rng) {
        self.headline.clear();
        language.push_headline(&self.topic, rng, &mut self.headline);
        self.standfirst.clear();
        if rng.chance(0.6) {
            language.push_sentence(&self.topic, rng, &mut self.standfirst);
        }
        self.byline.clear();
        self.byline.push_str("By ");
        language.push_name(rng, &mut self.byline);
        self.byline.push(' ');
        language.push_name(rng, &mut self.byline);
        self.byline.push_str(" in ");
        language.push_name(rng, &mut self.byline);
        self.byline.push_str(", ");
        language.push_date(rng, &mut self.byline);
        self.byline.push(' ');
        push_number(rng.within(1950..=2024), &mut self.byline);
    }

    /// Writes headline, standfirst and byline.
    pub fn push_head(&self, out: &mut String) {
        for part in [&self.headline, &self.standfirst, &self.byline] {
            if !part.is_empty() {
                push_break(out);
                out.push_str(part);
            }
        }
    }

    /// Writes the whole story with `body` in place of its own.
    pub fn push_with_body(&self, body: &str, out: &mut String) {
        self.push_head(out);
        push_break(out);
        out.push_str(body);
    }

    /// Writes the whole story.
    pub fn push(&self, out: &mut String) {
        self.push_with_body(&self.body, out);
    }
}

/// A number of words, distributed like the lengths of newspaper stories.
pub fn random_length(rng: &mut Rng) -> usize {
    let tenth = rng.below(LENGTHS.len() - 1);
    rng.within(LENGTHS[tenth]..=LENGTHS[tenth + 1])
}
