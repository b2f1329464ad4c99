//! Writes what a press prints, and knows which of it belongs together.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use reprint::{Clusters, Deduper};

use crate::corpus::text::{edit_words, first_words};
use crate::corpus::{Language, Mould, Rng, Site, Story};
use crate::support::filled;

/// Writes stories, pages and siblings, all from one stream of random numbers.
pub(crate) struct Press {
    pub(crate) language: Language,
    pub(crate) rng: Rng,
    pub(crate) story: Story,
}

impl Press {
    pub(crate) fn new(seed: u64) -> Self {
        Self { language: Language::new(), rng: Rng::new(seed, 0, 99), story: Story::default() }
    }

    /// A story of about so many words, with headline and byline.
    pub(crate) fn story(&mut self, words: usize) -> String {
        self.story.write_words(&self.language, &mut self.rng, words);
        let mut text = String::new();
        self.story.push(&mut text);
        text
    }

    pub(crate) fn stories(&mut self, count: usize, words: RangeInclusive<usize>) -> Vec<String> {
        (0..count)
            .map(|_| {
                let words = self.rng.within(words.clone());
                self.story(words)
            })
            .collect()
    }

    pub(crate) fn site(&mut self) -> Site {
        Site::new(&self.language, self.rng.next(), 0)
    }

    pub(crate) fn mould(&mut self) -> Mould {
        Mould::new(&self.language, self.rng.next(), 0)
    }

    /// An article with furniture around it, so many times its own length.
    pub(crate) fn page(&mut self, site: &Site, article: &str, times: f64) -> String {
        let mut text = String::new();
        let words = (count(article) as f64 * times) as usize;
        site.push_page(article, words, &mut self.rng, &mut text);
        text
    }

    pub(crate) fn pages(&mut self, site: &Site, articles: &[String], times: f64) -> Vec<String> {
        articles.iter().map(|article| self.page(site, article, times)).collect()
    }

    pub(crate) fn sibling(&mut self, mould: &Mould) -> String {
        let mut text = String::new();
        mould.push_sibling(&self.language, &mut self.rng, &mut text);
        text
    }

    /// The text with a share of its words edited.
    pub(crate) fn edited(&mut self, text: &str, rate: f64) -> String {
        let mut edited = String::new();
        edit_words(text, count(text), rate, &self.language, &mut self.rng, &mut edited);
        edited
    }

    /// The text with its first paragraph replaced by another headline.
    pub(crate) fn headed(&mut self, text: &str) -> String {
        let mut headed = String::new();
        self.language.push_headline(&self.story.topic, &mut self.rng, &mut headed);
        first_words(&headed, 6).to_owned() + "\n\n" + text.split_once("\n\n").expect("a headline").1
    }

    pub(crate) fn word(&mut self) -> String {
        let mut word = String::new();
        self.language.push_word(&mut self.rng, &mut word);
        word
    }

    pub(crate) fn name(&mut self) -> String {
        let mut name = String::new();
        self.language.push_name(&mut self.rng, &mut name);
        name
    }
}

pub(crate) fn count(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Articles in the order of the corpus, each with the number of its story.
#[derive(Default)]
pub(crate) struct Planted {
    pub(crate) texts: Vec<String>,
    pub(crate) stories: Vec<usize>,
}

impl Planted {
    pub(crate) fn push(&mut self, story: usize, text: String) {
        self.texts.push(text);
        self.stories.push(story);
    }

    /// Articles that each have a story of their own.
    pub(crate) fn strangers(&mut self, texts: impl IntoIterator<Item = String>) {
        for text in texts {
            // Stories that are planted on purpose have low numbers.
            self.push(1 << 32 | self.texts.len(), text);
        }
    }

    pub(crate) fn deduper(&self) -> Deduper {
        filled(Deduper::new(), &self.texts)
    }

    /// The articles of each story that has several.
    pub(crate) fn families(&self) -> Vec<Vec<usize>> {
        let mut families: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (article, &story) in self.stories.iter().enumerate() {
            families.entry(story).or_default().push(article);
        }
        let mut families: Vec<Vec<usize>> =
            families.into_values().filter(|articles| articles.len() > 1).collect();
        families.sort();
        families
    }

    /// Asserts that the clusters are the stories, whole and apart.
    pub(crate) fn assert_found(&self, clusters: &Clusters<'_>) {
        let expected = self.families();
        let mut found = members(clusters);
        found.sort();
        let missed: Vec<_> = expected.iter().filter(|story| !found.contains(story)).collect();
        let wrong: Vec<_> = found.iter().filter(|cluster| !expected.contains(cluster)).collect();
        assert!(
            missed.is_empty() && wrong.is_empty(),
            "{} of {} stories not found whole, first {:?}; {} clusters are none, first {:?}; {}",
            missed.len(),
            expected.len(),
            missed.first(),
            wrong.len(),
            &wrong[..wrong.len().min(5)],
            clusters.summary(),
        );
    }

    /// Asserts that each story has a cluster that holds it whole. Its articles may be in other
    /// clusters too, but in none with strangers.
    pub(crate) fn assert_whole(&self, clusters: &Clusters<'_>) {
        let found = members(clusters);
        for cluster in &found {
            let story = self.stories[cluster[0]];
            assert!(cluster.iter().all(|&article| self.stories[article] == story), "{cluster:?}");
        }
        for story in self.families() {
            let largest = found.iter().max_by_key(|cluster| {
                cluster.iter().filter(|article| story.contains(article)).count()
            });
            let largest = largest.expect("a cluster");
            let missed: Vec<_> =
                story.iter().filter(|article| !largest.contains(article)).collect();
            assert!(missed.is_empty(), "without {missed:?}: {}", clusters.summary());
        }
    }
}

pub(crate) fn members(clusters: &Clusters<'_>) -> Vec<Vec<usize>> {
    clusters.iter().map(|cluster| cluster.articles()).collect()
}
