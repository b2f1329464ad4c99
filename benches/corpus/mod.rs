//! Makes articles with known copies among them, for tests, benchmarks and the example `generate`.
//!
//! A corpus is a stream of [`Article`]s in an invented language whose word frequencies are those of
//! real text. The same [`Settings`] give the same corpus, byte for byte, on every machine; memory
//! does not grow with it, but for a few bytes per copy that is still to come.
//!
//! Most articles are originals: independent stories of 60 to 1500 words with headline, sometimes a
//! standfirst, byline and paragraphs. Copies of an original bear its story number and come within
//! the next [`Settings::spread`] articles. They are made by one [`Kind`] of edit each:
//!
//! | kind | what it is |
//! | --- | --- |
//! | `exact` | the same text |
//! | `copy-edits` | 0.5 to 3 % of the words replaced, deleted or inserted |
//! | `heavy-edits` | 3 to 15 % of the words |
//! | `new-headline` | another headline, standfirst and byline over the same body |
//! | `furniture` | navigation, teasers and a footer around it: 20 to 100 % of its length |
//! | `cut` | cut from the bottom, 20 to 70 % are left (but 40 words at least) |
//! | `extended` | 20 to 60 % new text added |
//! | `moved` | one to three paragraphs moved elsewhere |
//! | `ocr` | 1 to 10 % of the characters misread, lost, doubled or split |
//!
//! Others look like copies and have a story number of their own:
//!
//! | kind | what it is |
//! | --- | --- |
//! | `mosaic` | all or half of one story, then half of another |
//! | `template` | cast from a mould of 120 to 250 words with 8 to 12 slots |
//! | `follow-up` | news, then 45 to 60 % of an older story as background |
//! | `under-footer` | about 150 words over the 250 to 400 words of its site's footer |
//! | `shared-paragraphs` | made of paragraphs that each stand in three or four such articles |
//!
//! [`Truth`] scores what a program found in a corpus against what was planted.

mod article;
mod language;
mod lineage;
mod pages;
mod rng;
mod settings;
mod story;
pub(crate) mod text;
mod truth;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use language::{push_break, push_number};
#[allow(unused_imports, reason = "each user needs a part")]
pub use {
    article::{Article, Kind},
    language::Language,
    lineage::{Ancestry, Lineage, Node},
    pages::{Mould, Site},
    rng::Rng,
    settings::{Edits, Mix, Settings},
    story::Story,
    truth::{Recall, Score, Truth},
};

const COPY: u64 = 20;
const PARAGRAPH: u64 = 21;
const PLAN: u64 = 22;

/// How many of the latest originals mosaics and follow-ups choose from.
const RECENT: usize = 4096;
/// The fewest words a cut leaves.
const FEWEST_KEPT: f64 = 40.0;

/// An original: enough to write its text again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Source {
    story: u64,
    index: usize,
}

/// The stream of articles.
#[derive(Debug)]
pub struct Generator {
    settings: Settings,
    language: Language,
    sites: Vec<Site>,
    moulds: Vec<Mould>,
    /// Decides what comes where; each text has random numbers of its own.
    plan: Rng,
    next_index: usize,
    next_story: u64,
    /// Probability that an original has copies.
    family_chance: f64,
    /// Copies to come: due at which place, of what.
    pending: BinaryHeap<Reverse<(usize, Source)>>,
    recent: VecDeque<Source>,
    /// Numbers of the paragraphs in use by `SharedParagraphs`, and how often each is yet to be used.
    paragraphs: Vec<(u64, usize)>,
    next_paragraph: u64,
    story: Story,
    other: Story,
    scratch: String,
}

impl Generator {
    /// A generator at the first article.
    ///
    /// # Panics
    ///
    /// If [`Settings::check`] finds something wrong.
    pub fn new(settings: Settings) -> Self {
        if let Err(rule) = settings.check() {
            panic!("{rule}");
        }
        let language = Language::new();
        let seed = settings.seed;
        let mut generator = Self {
            sites: (0..settings.sites).map(|n| Site::new(&language, seed, n as u64)).collect(),
            moulds: (0..settings.moulds).map(|n| Mould::new(&language, seed, n as u64)).collect(),
            plan: Rng::new(seed, 0, PLAN),
            next_index: 0,
            next_story: 0,
            family_chance: settings.family_chance(),
            pending: BinaryHeap::new(),
            recent: VecDeque::new(),
            paragraphs: Vec::new(),
            next_paragraph: 0,
            story: Story::default(),
            other: Story::default(),
            scratch: String::new(),
            language,
            settings,
        };
        for _ in 0..(generator.settings.articles / 4).clamp(32, 4000) {
            let paragraph = generator.new_paragraph();
            generator.paragraphs.push(paragraph);
        }
        generator
    }

    fn new_paragraph(&mut self) -> (u64, usize) {
        self.next_paragraph += 1;
        (self.next_paragraph, self.plan.within(3..=4))
    }

    fn new_story(&mut self) -> u64 {
        self.next_story += 1;
        self.next_story - 1
    }

    fn remaining(&self) -> usize {
        self.settings.articles - self.next_index
    }

    /// The random numbers for the article at the current place.
    fn article_rng(&self) -> Rng {
        Rng::new(self.settings.seed, self.next_index as u64, COPY)
    }

    fn article(&self, text: String, story: u64, kind: Kind, original: Option<usize>) -> Article {
        let mut id = String::with_capacity(9);
        id.push('a');
        let mut size = 10_000_000;
        while size > self.next_index.max(1) {
            id.push('0');
            size /= 10;
        }
        push_number(self.next_index, &mut id);
        Article { id, text, story, kind, original }
    }

    /// An article that is no copy.
    fn fresh(&mut self) -> Article {
        let mix = self.settings.mix.clone();
        let mut draw = self.plan.unit() * (1.0 - mix.copies);
        let mut falls_in = |share: f64| {
            draw -= share;
            draw < 0.0
        };
        if falls_in(mix.templates) {
            self.template()
        } else if falls_in(mix.under_footers) {
            self.under_footer()
        } else if falls_in(mix.shared_paragraphs) {
            self.shared_paragraphs()
        } else if falls_in(mix.follow_ups) && !self.recent.is_empty() {
            self.follow_up()
        } else if falls_in(mix.mosaics) && self.recent.len() > 1 {
            self.mosaic()
        } else {
            self.original()
        }
    }

    /// An independent story; plans its copies, if it is to have any.
    fn original(&mut self) -> Article {
        let story = self.new_story();
        let source = Source { story, index: self.next_index };
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(source);
        if self.plan.chance(self.family_chance) {
            let room = self.remaining() - 1 - self.pending.len();
            let reach = self.settings.spread.min(self.remaining() - 1);
            for _ in 0..(self.family_size() - 1).min(room) {
                let due = self.next_index + 1 + self.plan.below(reach);
                self.pending.push(Reverse((due, source)));
            }
        }
        self.story.write(&self.language, self.settings.seed, story);
        let mut text = String::with_capacity(self.story.body.len() + 400);
        self.story.push(&mut text);
        self.article(text, story, Kind::Original, None)
    }

    fn family_size(&mut self) -> usize {
        let families = &self.settings.families;
        let total: f64 = families.iter().map(|(_, weight)| weight).sum();
        let mut draw = self.plan.unit() * total;
        for (sizes, weight) in families {
            draw -= weight;
            if draw < 0.0 {
                return self.plan.within(sizes.clone()).max(1);
            }
        }
        1
    }

    /// A copy of an original, edited in one way.
    fn copy(&mut self, source: Source) -> Article {
        let mut rng = self.article_rng();
        let seed = self.settings.seed;
        self.story.write(&self.language, seed, source.story);
        let mut kind = self.settings.mix.edits.draw(self.sites.len(), &mut rng);
        let story = &mut self.story;
        let scratch = &mut self.scratch;
        scratch.clear();
        let mut text = String::with_capacity(story.body.len() * 5 / 4 + 400);
        if let Kind::Moved(moved) = &mut kind {
            *moved = text::move_paragraphs(&story.body, &mut rng, scratch);
            if *moved == 0 {
                kind = Kind::NewHeadline;
            }
        }
        match &mut kind {
            Kind::CopyEdits(rate) | Kind::HeavyEdits(rate) => {
                let (body, words) = (&story.body, story.words);
                text::edit_words(body, words, *rate, &self.language, &mut rng, scratch);
                story.push_with_body(scratch, &mut text);
            }
            Kind::NewHeadline => {
                story.rewrite_head(&self.language, seed, self.next_index as u64);
                story.push(&mut text);
            }
            Kind::Furniture { site, share } => {
                story.push(scratch);
                let words = (scratch.split_whitespace().count() as f64 * *share) as usize;
                self.sites[*site].push_page(scratch, words, &mut rng, &mut text);
            }
            Kind::Cut(kept) => {
                *kept = kept.max(FEWEST_KEPT / story.words as f64);
                if rng.chance(0.5) {
                    story.rewrite_head(&self.language, seed, self.next_index as u64);
                }
                let words = (story.words as f64 * *kept) as usize;
                story.push_with_body(text::cut(&story.body, words), &mut text);
            }
            Kind::Extended(added) => {
                let words = (story.words as f64 * *added) as usize;
                self.language.push_paragraphs(words, &story.topic, &mut rng, scratch);
                story.push_head(&mut text);
                push_break(&mut text);
                text::extend(&story.body, scratch, &mut rng, &mut text);
            }
            Kind::Moved(_) => story.push_with_body(scratch, &mut text),
            Kind::Ocr(rate) => {
                story.push(scratch);
                text::add_noise(scratch, *rate, &mut rng, &mut text);
            }
            _ => story.push(&mut text),
        }
        self.article(text, source.story, kind, Some(source.index))
    }

    fn mosaic(&mut self) -> Article {
        let mut rng = self.article_rng();
        let number = self.new_story();
        let first = rng.below(self.recent.len());
        let second = (first + rng.within(1..=self.recent.len() - 1)) % self.recent.len();
        let (first, second) = (self.recent[first], self.recent[second]);
        self.story.write(&self.language, self.settings.seed, first.story);
        self.other.write(&self.language, self.settings.seed, second.story);
        let share = if rng.chance(0.5) { 1.0 } else { 0.5 };
        let mut text = String::new();
        let words = (self.story.words as f64 * share) as usize;
        self.story.push_with_body(text::cut(&self.story.body, words), &mut text);
        push_break(&mut text);
        text.push_str(text::cut(&self.other.body, self.other.words / 2));
        self.article(text, number, Kind::Mosaic(share), Some(first.index))
    }

    fn template(&mut self) -> Article {
        let mut rng = self.article_rng();
        let number = self.new_story();
        let mould = rng.below(self.moulds.len());
        let mut text = String::new();
        self.moulds[mould].push_sibling(&self.language, &mut rng, &mut text);
        self.article(text, number, Kind::Template(mould), None)
    }

    /// A new story, at least as long as the background that follows it.
    fn follow_up(&mut self) -> Article {
        let mut rng = self.article_rng();
        let number = self.new_story();
        let older = self.recent[rng.below(self.recent.len())];
        self.other.write(&self.language, self.settings.seed, older.story);
        let share = rng.between(&self.settings.mix.background);
        let words = (self.other.words as f64 * share) as usize;
        let own = story::random_length(&mut rng).max(words);
        self.story.write_words(&self.language, &mut rng, own);
        let mut text = String::new();
        self.story.push(&mut text);
        push_break(&mut text);
        text.push_str(text::background(&self.other.body, words, self.other.words, &mut rng));
        self.article(text, number, Kind::FollowUp(share), Some(older.index))
    }

    fn under_footer(&mut self) -> Article {
        let mut rng = self.article_rng();
        let number = self.new_story();
        let words = rng.within(110..=160);
        self.story.write_words(&self.language, &mut rng, words);
        let site = rng.below(self.sites.len());
        self.scratch.clear();
        self.story.push(&mut self.scratch);
        let mut text = String::new();
        self.sites[site].push_over_footer(&self.scratch, &mut text);
        self.article(text, number, Kind::UnderFooter(site), None)
    }

    fn shared_paragraphs(&mut self) -> Article {
        let mut rng = self.article_rng();
        let number = self.new_story();
        let topic = self.language.topic(&mut rng);
        let mut text = String::new();
        self.language.push_headline(&topic, &mut rng, &mut text);
        let count = rng.within(4..=8);
        // Different places of the list: a random start, then equal steps.
        let (start, step) = (rng.below(self.paragraphs.len()), self.paragraphs.len() / count);
        let step = rng.within(1..=step);
        for place in 0..count {
            let place = (start + place * step) % self.paragraphs.len();
            let (paragraph, uses_left) = self.paragraphs[place];
            let mut rng = Rng::new(self.settings.seed, paragraph, PARAGRAPH);
            let topic = self.language.topic(&mut rng);
            let words = rng.within(40..=90);
            push_break(&mut text);
            self.language.push_passage(words, &topic, &mut rng, &mut text);
            self.paragraphs[place] =
                if uses_left > 1 { (paragraph, uses_left - 1) } else { self.new_paragraph() };
        }
        self.article(text, number, Kind::SharedParagraphs(count), None)
    }
}

impl Iterator for Generator {
    type Item = Article;

    fn next(&mut self) -> Option<Article> {
        if self.remaining() == 0 {
            return None;
        }
        let due = self.pending.peek().is_some_and(|Reverse((due, _))| {
            *due <= self.next_index || self.pending.len() >= self.remaining()
        });
        let article = match if due { self.pending.pop() } else { None } {
            Some(Reverse((_, source))) => self.copy(source),
            None => self.fresh(),
        };
        self.next_index += 1;
        Some(article)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.remaining(), Some(self.remaining()))
    }
}

impl ExactSizeIterator for Generator {}
