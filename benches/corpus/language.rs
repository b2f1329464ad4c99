//! The invented language of the articles: a vocabulary with the frequencies of real text, and
//! sentences, paragraphs and names made of it.

use std::collections::HashSet;

use super::rng::Rng;

/// English function words, commonest first. They take the first ranks of the vocabulary, so that
/// short sequences such as "of the" repeat as often as they do in real text.
const FUNCTION_WORDS: &str = "the of and to a in that is was for it with as his on be at by he \
    had are but from have they which not this or an were one all has been their who would there \
    when if no will more out up so said what about its into than them can only other time new \
    some could these two may first then do any like my now over such our me even most made after \
    also did many off before must well back through years much where your way down should because \
    each just those people too mr state good very make world still own see men work long here \
    between both under last never same another while us might against year since without few \
    during however again three often until once later around every among";

/// Stock phrases, which make even long word sequences recur in unrelated articles.
const PHRASES: [&str; 24] = [
    "at the end of the day",
    "according to a statement released on",
    "a spokesman for the",
    "declined to comment on the",
    "for the first time in more than",
    "in the wake of the",
    "as a result of the",
    "one of the most",
    "the rest of the world",
    "told reporters on the sidelines of",
    "did not immediately respond to a request for comment",
    "who spoke on condition of anonymity because",
    "on the other hand",
    "in the middle of the",
    "the vast majority of the",
    "it remains to be seen whether",
    "by the end of the year",
    "over the course of the",
    "is expected to be the",
    "has been one of the",
    "a number of the",
    "in the first half of the",
    "said in an interview with the",
    "it is not clear whether",
];

const ONSETS: [&str; 30] = [
    "b", "br", "c", "ch", "d", "d", "f", "fl", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "p",
    "r", "qu", "r", "s", "th", "st", "t", "tr", "v", "w", "y", "z",
];
const VOWELS: [&str; 10] = ["a", "e", "i", "o", "u", "a", "e", "o", "ea", "ou"];
const CODAS: [&str; 12] = ["", "", "", "", "", "n", "r", "l", "s", "t", "m", "nd"];
const ENDINGS: [&str; 12] = ["", "", "", "", "s", "s", "ed", "ing", "ly", "er", "tion", "al"];
const MONTHS: [&str; 6] = ["January", "March", "May", "August", "October", "November"];

/// How many invented words there are besides the function words.
const INVENTED: usize = 40_000;

/// A vocabulary whose word frequencies follow Zipf's law. It is the same for every seed.
#[derive(Debug)]
pub struct Language {
    letters: String,
    /// Where each word starts in `letters`; one more than there are words.
    starts: Vec<u32>,
    /// For each place of the table: below which value the word of the place itself is meant, and
    /// the word meant otherwise (Walker's alias method).
    table: Vec<(u32, u32)>,
    function_words: usize,
}

/// The words an article comes back to; the first few are names.
#[derive(Clone, Debug, Default)]
pub struct Topic {
    words: [u32; 24],
}

const NAMES_OF_TOPIC: usize = 6;

impl Language {
    /// Builds the vocabulary; takes some milliseconds.
    pub fn new() -> Self {
        let mut language =
            Self { letters: String::new(), starts: vec![0], table: Vec::new(), function_words: 0 };
        let mut seen = HashSet::new();
        for word in FUNCTION_WORDS.split_whitespace() {
            if seen.insert(word.to_owned()) {
                language.add(word);
            }
        }
        language.function_words = seen.len();
        let mut rng = Rng::new(0, 0, 0);
        while seen.len() < language.function_words + INVENTED {
            let mut word = String::new();
            // Common words are short.
            let longest = if seen.len() < 3000 { 2 } else { 3 };
            for _ in 0..rng.within(1..=longest) {
                word.push_str(rng.pick(&ONSETS));
                word.push_str(rng.pick(&VOWELS));
                word.push_str(rng.pick(&CODAS));
            }
            word.push_str(rng.pick(&ENDINGS));
            if word.len() > 2 && seen.insert(word.clone()) {
                language.add(&word);
            }
        }
        language.table = alias_table(language.function_words, seen.len());
        language
    }

    fn add(&mut self, word: &str) {
        self.letters.push_str(word);
        self.starts.push(self.letters.len() as u32);
    }

    fn word(&self, id: u32) -> &str {
        let id = id as usize;
        &self.letters[self.starts[id] as usize..self.starts[id + 1] as usize]
    }

    /// A word, as often as it is used.
    fn draw(&self, bits: u64) -> u32 {
        let place = ((bits >> 32) * self.table.len() as u64) >> 32;
        let (limit, other) = self.table[place as usize];
        if (bits as u32) < limit { place as u32 } else { other }
    }

    /// An invented word, each equally often.
    fn content_word(&self, rng: &mut Rng) -> u32 {
        (self.function_words + rng.below(INVENTED)) as u32
    }

    /// A new set of words for an article to come back to.
    pub fn topic(&self, rng: &mut Rng) -> Topic {
        let mut topic = Topic::default();
        for word in &mut topic.words {
            *word = self.content_word(rng);
        }
        topic
    }

    /// Writes one word as often as it is used.
    pub fn push_word(&self, rng: &mut Rng, out: &mut String) {
        out.push_str(self.word(self.draw(rng.next())));
    }

    /// Writes a name of one capitalised word.
    pub fn push_name(&self, rng: &mut Rng, out: &mut String) {
        let word = self.content_word(rng);
        push_capitalised(self.word(word), out);
    }

    /// Writes a day and a month.
    pub fn push_date(&self, rng: &mut Rng, out: &mut String) {
        out.push_str(rng.pick(&MONTHS));
        out.push(' ');
        push_number(rng.within(1..=30), out);
    }

    /// Writes a headline of 5 to 11 words and returns their number.
    pub fn push_headline(&self, topic: &Topic, rng: &mut Rng, out: &mut String) -> usize {
        let words = rng.within(5..=11);
        for place in 0..words {
            let id = if rng.chance(0.4) { rng.pick(&topic.words) } else { self.draw(rng.next()) };
            if place == 0 {
                push_capitalised(self.word(id), out);
            } else {
                out.push(' ');
                out.push_str(self.word(id));
            }
        }
        words
    }

    /// Writes one sentence and returns its number of words.
    pub fn push_sentence(&self, topic: &Topic, rng: &mut Rng, out: &mut String) -> usize {
        let length = rng.within(6..=30);
        let quoted = rng.chance(0.08);
        if quoted {
            out.push('“');
        }
        let start = out.len();
        let mut words = 0;
        let mut previous = u32::MAX;
        while words < length {
            if words > 0 {
                out.push(' ');
            }
            let choice = rng.next();
            // 1024 parts: 130 for the topic, 12 for a number, 9 for a phrase, the rest for the language.
            match choice % 1024 {
                0..130 => {
                    let place = ((choice >> 32) % topic.words.len() as u64) as usize;
                    let word = self.word(topic.words[place]);
                    if place < NAMES_OF_TOPIC {
                        push_capitalised(word, out);
                    } else {
                        out.push_str(word);
                    }
                }
                130..142 => push_number(1 + (choice >> 32) as usize % 1999, out),
                142..151 => {
                    let phrase = rng.pick(&PHRASES);
                    out.push_str(phrase);
                    words += phrase.split(' ').count() - 1;
                }
                _ => {
                    let mut id = self.draw(rng.next());
                    if id == previous {
                        id = self.content_word(rng);
                    }
                    previous = id;
                    out.push_str(self.word(id));
                }
            }
            words += 1;
            if (choice >> 10).is_multiple_of(16) && words < length {
                out.push(',');
            }
        }
        capitalise_at(start, out);
        if quoted {
            out.push_str(",” said ");
            push_capitalised(self.word(topic.words[rng.below(NAMES_OF_TOPIC)]), out);
            words += 2;
        }
        out.push_str(if rng.chance(0.04) { "?" } else { "." });
        words
    }

    /// Writes sentences on one line until there are at least `words` words; returns their number.
    pub fn push_passage(
        &self,
        words: usize,
        topic: &Topic,
        rng: &mut Rng,
        out: &mut String,
    ) -> usize {
        let mut written = 0;
        while written < words {
            if written > 0 {
                out.push(' ');
            }
            written += self.push_sentence(topic, rng, out);
        }
        written
    }

    /// Writes paragraphs until there are at least `words` words; returns their number. A blank line
    /// comes first when the text is not empty.
    pub fn push_paragraphs(
        &self,
        words: usize,
        topic: &Topic,
        rng: &mut Rng,
        out: &mut String,
    ) -> usize {
        let mut written = 0;
        while written < words {
            push_break(out);
            let wanted = rng.within(20..=80).min(words - written);
            written += self.push_passage(wanted, topic, rng, out);
        }
        written
    }
}

/// Begins a new paragraph unless the text is empty.
pub fn push_break(out: &mut String) {
    if !out.is_empty() {
        out.push_str("\n\n");
    }
}

/// Writes a number in digits, without the formatting machinery.
pub fn push_number(number: usize, out: &mut String) {
    if number >= 10 {
        push_number(number / 10, out);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

fn push_capitalised(word: &str, out: &mut String) {
    let start = out.len();
    out.push_str(word);
    capitalise_at(start, out);
}

fn capitalise_at(start: usize, out: &mut str) {
    if let Some(first) = out.get_mut(start..start + 1) {
        first.make_ascii_uppercase();
    }
}

/// Walker's alias table for frequencies proportional to 1 / (rank + 1.7), function words half as
/// much again: about every second word of a text is one.
fn alias_table(function_words: usize, words: usize) -> Vec<(u32, u32)> {
    let weight = |rank: usize| if rank < function_words { 1.5 } else { 1.0 } / (rank as f64 + 1.7);
    let weights: Vec<f64> = (0..words).map(weight).collect();
    let total: f64 = weights.iter().sum();
    let mut share: Vec<f64> = weights.iter().map(|w| w / total * words as f64).collect();
    let mut table: Vec<(u32, u32)> = (0..words).map(|id| (u32::MAX, id as u32)).collect();
    let (mut small, mut large): (Vec<usize>, Vec<usize>) =
        (0..words).partition(|&id| share[id] < 1.0);
    while let (Some(&poor), Some(&rich)) = (small.last(), large.last()) {
        small.pop();
        table[poor] = ((share[poor] * f64::from(u32::MAX)) as u32, rich as u32);
        share[rich] -= 1.0 - share[poor];
        if share[rich] < 1.0 {
            large.pop();
            small.push(rich);
        }
    }
    table
}
