//! What sites print around their articles, and what moulds are filled with: it makes no copies,
//! and hides none.

use std::collections::BTreeMap;

use reprint::{Clusters, Deduper, Relation};

use crate::corpus::text::{cut, edit_words, extend, first_words};
use crate::corpus::{Language, Mould, Rng, Site, Story};
use crate::support::{articles, filled};

/// Writes stories, pages and siblings, all from one stream of random numbers.
struct Press {
    language: Language,
    rng: Rng,
    story: Story,
}

impl Press {
    fn new(seed: u64) -> Self {
        Self { language: Language::new(), rng: Rng::new(seed, 0, 99), story: Story::default() }
    }

    /// A story of about so many words, with headline and byline.
    fn story(&mut self, words: usize) -> String {
        self.story.write_words(&self.language, &mut self.rng, words);
        let mut text = String::new();
        self.story.push(&mut text);
        text
    }

    fn stories(&mut self, count: usize, words: std::ops::RangeInclusive<usize>) -> Vec<String> {
        (0..count)
            .map(|_| {
                let words = self.rng.within(words.clone());
                self.story(words)
            })
            .collect()
    }

    fn site(&mut self) -> Site {
        Site::new(&self.language, self.rng.next(), 0)
    }

    fn mould(&mut self) -> Mould {
        Mould::new(&self.language, self.rng.next(), 0)
    }

    /// An article with furniture around it, so many times its own length.
    fn page(&mut self, site: &Site, article: &str, times: f64) -> String {
        let mut text = String::new();
        let words = (count(article) as f64 * times) as usize;
        site.push_page(article, words, &mut self.rng, &mut text);
        text
    }

    fn pages(&mut self, site: &Site, articles: &[String], times: f64) -> Vec<String> {
        articles.iter().map(|article| self.page(site, article, times)).collect()
    }

    fn sibling(&mut self, mould: &Mould) -> String {
        let mut text = String::new();
        mould.push_sibling(&self.language, &mut self.rng, &mut text);
        text
    }

    /// The text with a share of its words edited.
    fn edited(&mut self, text: &str, rate: f64) -> String {
        let mut edited = String::new();
        edit_words(text, count(text), rate, &self.language, &mut self.rng, &mut edited);
        edited
    }

    /// The text with its first paragraph replaced by another headline.
    fn headed(&mut self, text: &str) -> String {
        let mut headed = String::new();
        self.language.push_headline(&self.story.topic, &mut self.rng, &mut headed);
        first_words(&headed, 6).to_owned() + "\n\n" + text.split_once("\n\n").expect("a headline").1
    }

    fn word(&mut self) -> String {
        let mut word = String::new();
        self.language.push_word(&mut self.rng, &mut word);
        word
    }

    fn name(&mut self) -> String {
        let mut name = String::new();
        self.language.push_name(&mut self.rng, &mut name);
        name
    }
}

fn count(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Articles in the order of the corpus, each with the number of its story.
#[derive(Default)]
struct Planted {
    texts: Vec<String>,
    stories: Vec<usize>,
}

impl Planted {
    fn push(&mut self, story: usize, text: String) {
        self.texts.push(text);
        self.stories.push(story);
    }

    /// Articles that each have a story of their own.
    fn strangers(&mut self, texts: impl IntoIterator<Item = String>) {
        for text in texts {
            // Stories that are planted on purpose have low numbers.
            self.push(1 << 32 | self.texts.len(), text);
        }
    }

    fn deduper(&self) -> Deduper {
        filled(Deduper::new(), &self.texts)
    }

    /// The articles of each story that has several.
    fn families(&self) -> Vec<Vec<usize>> {
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
    fn assert_found(&self, clusters: &Clusters<'_>) {
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
    fn assert_whole(&self, clusters: &Clusters<'_>) {
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

fn members(clusters: &Clusters<'_>) -> Vec<Vec<usize>> {
    clusters.iter().map(|cluster| cluster.articles()).collect()
}

#[test]
fn articles_of_one_site_are_not_grouped() {
    for (seed, times) in [(1, 0.3), (2, 1.0), (3, 2.0), (4, 3.0)] {
        let mut press = Press::new(seed);
        let site = press.site();
        let stories = press.stories(200, 80..=200);
        let mut planted = Planted::default();
        planted.strangers(press.pages(&site, &stories, times));
        planted.assert_found(&planted.deduper().clusters());
    }
}

/// From none to three times the length of the article on the pages of one site.
#[test]
fn pages_with_more_and_less_furniture_are_not_grouped() {
    let mut press = Press::new(5);
    let site = press.site();
    let stories = press.stories(200, 80..=200);
    let mut planted = Planted::default();
    for (place, story) in stories.iter().enumerate() {
        let page = press.page(&site, story, place as f64 * 3.0 / 200.0);
        planted.strangers([page]);
    }
    planted.assert_found(&planted.deduper().clusters());
}

/// The stories of one site, some of them published by another one too.
fn republished(seed: u64, times: [f64; 2], second: usize) -> Planted {
    let mut press = Press::new(seed);
    let sites = [press.site(), press.site()];
    let stories = press.stories(500, 80..=300);
    let mut planted = Planted::default();
    for (story, text) in stories.iter().enumerate() {
        planted.push(story, press.page(&sites[0], text, times[0]));
    }
    for (story, text) in stories.iter().enumerate().take(second) {
        if second < 500 {
            // A small site has the same teasers on all its pages.
            press.rng = Rng::new(seed, 1, 0);
        }
        planted.push(story, press.page(&sites[1], text, times[1]));
    }
    planted
}

#[test]
fn a_story_is_found_on_two_sites() {
    for (seed, times) in [(10, [1.0, 1.0]), (11, [2.0, 0.5]), (12, [3.0, 3.0])] {
        let planted = republished(seed, times, 500);
        planted.assert_found(&planted.deduper().clusters());
    }
}

#[test]
fn a_story_is_found_on_a_small_site_too() {
    for (seed, times) in [(13, [1.0, 1.0]), (14, [0.5, 2.0]), (15, [3.0, 3.0])] {
        let planted = republished(seed, times, 30);
        planted.assert_found(&planted.deduper().clusters());
    }
}

#[test]
fn siblings_of_moulds_are_told_apart() {
    let mut press = Press::new(20);
    let mut planted = Planted::default();
    let mut copies = Vec::new();
    for mould in 0..5 {
        let mould_text = press.mould();
        let siblings: Vec<String> = (0..300).map(|_| press.sibling(&mould_text)).collect();
        copies.push((2 * mould, siblings[100].clone()));
        let headed = press.headed(&siblings[200]);
        let words = count(&headed);
        let mut reprint: Vec<String> = headed.split(' ').map(str::to_owned).collect();
        for place in [words / 3, words * 3 / 4] {
            reprint[place] = press.word();
        }
        copies.push((2 * mould + 1, reprint.join(" ")));
        for (place, sibling) in siblings.into_iter().enumerate() {
            match place {
                100 => planted.push(2 * mould, sibling),
                200 => planted.push(2 * mould + 1, sibling),
                _ => planted.strangers([sibling]),
            }
        }
    }
    for (story, text) in copies {
        planted.push(story, text);
    }
    let dedup = planted.deduper();
    let clusters = dedup.clusters();
    planted.assert_found(&clusters);
    for cluster in &clusters {
        let expected = match planted.stories[cluster.representative()] % 2 {
            0 => Relation::Identical,
            _ => Relation::Reprint,
        };
        assert_eq!(cluster.members()[0].relation(), expected);
    }
    let summary = clusters.summary();
    let moulds = clusters.moulds();
    assert_eq!((summary.moulds, moulds.len()), (5, 5));
    assert_eq!(summary.mould_siblings, 5 * 301);
    for mould in &moulds {
        assert_eq!(mould.siblings.len(), 302);
        assert!(mould.siblings.contains(&mould.typical));
        let place = mould.typical / 300;
        assert!(mould.siblings[..300].iter().all(|&sibling| sibling / 300 == place));
    }
    let kept = clusters.keep(|article| article);
    assert_eq!(kept.iter().filter(|&&kept| kept).count(), 1500);
    assert!(kept[..1500].iter().all(|&kept| kept));
}

/// A mould as given, with `{}` for slots.
fn fill(mould: &str, mut slot: impl FnMut(usize) -> String) -> String {
    let mut pieces = mould.split("{}");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for (place, piece) in pieces.enumerate() {
        text.push_str(&slot(place));
        text.push_str(piece);
    }
    text
}

const WARNING: &str = "Weather warning for {}\n\nThe weather service has issued a yellow warning \
    of strong wind for the district of {} from {} morning until {} evening. Gusts of up to {} \
    kilometres an hour are expected in exposed places, and of up to {} on the coast. In the hills \
    of {} there may be rain of {} millimetres within six hours, which may lead to rivers bursting \
    their banks. Drivers should reckon with fallen branches and with delays on the roads between \
    {} and the coast. The fire brigade asks the public to secure garden furniture and scaffolding, \
    to keep away from trees, and to call only in an emergency. The warning will be reviewed on {} \
    at noon. Trains may be late, the railway said, and travellers should look at the timetable \
    before they leave. Ferries run as planned until further notice.";

#[test]
fn warnings_from_small_pools_are_not_grouped() {
    const DISTRICTS: [&str; 5] = ["Armley", "Birkdale", "Corrie", "Dunmore", "Eastholm"];
    const DAYS: [&str; 7] =
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let mut rng = Rng::new(30, 0, 0);
    let mut texts: Vec<String> = (0..300)
        .map(|_| {
            let district = rng.pick(&DISTRICTS);
            let day = rng.below(7);
            let gusts = rng.within(5..=12) * 10;
            fill(WARNING, |slot| match slot {
                2 => DAYS[day].to_owned(),
                3 | 9 => DAYS[(day + rng.within(1..=2)) % 7].to_owned(),
                4 => gusts.to_string(),
                5 => (gusts + 10 * rng.within(1..=3)).to_string(),
                7 => (rng.within(4..=16) * 5).to_string(),
                _ => district.to_owned(),
            })
        })
        .collect();
    texts.sort();
    texts.dedup();
    let mut planted = Planted::default();
    planted.strangers(texts);
    let dedup = planted.deduper();
    let clusters = dedup.clusters();
    planted.assert_found(&clusters);
    assert_eq!(clusters.summary().moulds, 1);
}

/// 4.6 % of the words stand in slots.
#[test]
fn siblings_that_differ_in_few_words_are_not_grouped() {
    for slots in [6, 10, 14] {
        let mut press = Press::new(31 + slots);
        let topic = press.language.topic(&mut press.rng);
        let words = slots as usize * 1000 / 46;
        let mut text = String::new();
        press.language.push_paragraphs(words, &topic, &mut press.rng, &mut text);
        let words: Vec<&str> = text.split(' ').collect();
        let stretch = words.len() / slots as usize;
        let mut planted = Planted::default();
        for _ in 0..300 {
            let mut sibling: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
            for slot in 0..slots as usize {
                sibling[slot * stretch + stretch / 2] = press.name();
            }
            planted.strangers([sibling.join(" ")]);
        }
        let dedup = planted.deduper();
        let clusters = dedup.clusters();
        planted.assert_found(&clusters);
        assert_eq!(clusters.summary().moulds, 1, "{slots} slots");
    }
}

#[test]
fn a_story_reprinted_five_thousand_times_is_one_cluster() {
    let mut press = Press::new(40);
    let story = press.story(120);
    let mut planted = Planted::default();
    for _ in 0..5000 {
        let rate = press.rng.between(&(0.005..=0.03));
        planted.push(0, press.edited(&story, rate));
    }
    let dedup = planted.deduper();
    let clusters = dedup.clusters();
    planted.assert_found(&clusters);
    let summary = clusters.summary();
    let distinct = summary.articles - summary.copies;
    assert!(summary.candidates < 180 * distinct, "{summary}");
    assert_eq!((summary.aside, summary.moulds), (0, 0), "{summary}");
    assert!(clusters.furniture().is_empty());
}

/// A story reprinted in every way: with edits, within the furniture of six sites, and by mixed
/// kinds of edits.
fn reprinted(seed: u64, words: usize, others: usize) -> Planted {
    let mut press = Press::new(seed);
    let story = press.story(words);
    let mut planted = Planted::default();
    for _ in 0..500 {
        let rate = press.rng.between(&(0.005..=0.03));
        planted.push(0, press.edited(&story, rate));
    }
    for _ in 0..6 {
        let site = press.site();
        for _ in 0..10 {
            let rate = press.rng.between(&(0.005..=0.03));
            let version = press.edited(&story, rate);
            planted.push(0, press.page(&site, &version, 0.8));
        }
        let stories = press.stories(others, 80..=300);
        planted.strangers(press.pages(&site, &stories, 0.8));
    }
    let rest = press.site();
    for place in 0..25 {
        let version = press.edited(&story, 0.01);
        let text = match place % 4 {
            0 => press.headed(&version),
            1 => cut(&version, count(&version) * press.rng.within(7..=9) / 10).to_owned(),
            2 => {
                let added = press.story(words * 3 / 10) + "\n\n";
                let mut text = String::new();
                extend(&version, &added, &mut press.rng, &mut text);
                text
            }
            _ => press.page(&rest, &version, 0.4),
        };
        planted.push(0, text);
    }
    planted
}

#[test]
fn a_story_within_known_furniture_stays_whole() {
    for (seed, words) in [(50, 150), (51, 400)] {
        let planted = reprinted(seed, words, 40);
        let dedup = planted.deduper();
        let clusters = dedup.clusters();
        planted.assert_whole(&clusters);
        assert!(!clusters.furniture().is_empty());
        assert_eq!(clusters.summary().moulds, 0);
    }
}

#[test]
fn a_story_within_unknown_furniture_stays_whole() {
    for (seed, words) in [(52, 150), (53, 400)] {
        let planted = reprinted(seed, words, 0);
        let dedup = planted.deduper();
        let clusters = dedup.clusters();
        planted.assert_whole(&clusters);
        assert_eq!(clusters.summary().moulds, 0);
    }
}

#[test]
fn an_agency_story_under_forty_headlines_is_one_cluster() {
    for (seed, words) in [(60, 120), (61, 300), (62, 600)] {
        let mut press = Press::new(seed);
        press.story(words);
        let body = press.story.body.clone();
        let mut planted = Planted::default();
        for paper in 0..40 {
            let language = &press.language;
            press.story.rewrite_head(language, seed, paper);
            let mut text = String::new();
            press.story.push_with_body(&body, &mut text);
            planted.push(0, text);
        }
        let dedup = planted.deduper();
        let clusters = dedup.clusters();
        planted.assert_found(&clusters);
        assert_eq!(clusters.summary().moulds, 0);
        assert!(clusters.furniture().is_empty());
    }
}

#[test]
fn nothing_is_learned_from_three_articles_or_the_samples() {
    let mut press = Press::new(70);
    let site = press.site();
    let stories = press.stories(3, 200..=300);
    let dedup = filled(Deduper::new(), &press.pages(&site, &stories, 1.0));
    assert_eq!(dedup.clusters().summary().aside, 0);
    let samples: Vec<String> =
        articles("examples/articles").into_iter().map(|(_, text)| text).collect();
    let dedup = filled(Deduper::new(), &samples);
    let clusters = dedup.clusters();
    assert_eq!((clusters.summary().aside, clusters.summary().moulds), (0, 0));
    assert!(clusters.furniture().is_empty() && clusters.furniture_pieces(10).is_empty());
}

/// Unrelated articles under one long paragraph, and one story among them twice.
fn under_boilerplate(articles: usize) -> Planted {
    let mut press = Press::new(80);
    let boilerplate = press.story(250);
    let mut planted = Planted::default();
    for story in press.stories(articles, 60..=120) {
        planted.strangers([story + "\n\n" + &boilerplate]);
    }
    let story = press.story(100);
    for place in [articles / 3, articles / 2] {
        let version = press.edited(&story, 0.02);
        planted.texts[place] = version + "\n\n" + &boilerplate;
        planted.stories[place] = 0;
    }
    planted
}

/// The work grows with the articles, not with their square, whether or not the paragraph is
/// known for what it is.
#[test]
fn a_paragraph_in_thousands_of_articles_costs_little() {
    let mut candidates = Vec::new();
    for articles in [1250, 5000] {
        let planted = under_boilerplate(articles);
        let dedup = planted.deduper();
        let clusters = dedup.clusters();
        planted.assert_found(&clusters);
        candidates.push(clusters.summary().candidates);
    }
    assert!(candidates[1] < 5000, "{candidates:?}");
}

#[test]
fn a_paragraph_in_thousands_of_articles_is_bounded_when_nothing_is_learned() {
    let unaware = |articles: usize| {
        let planted = under_boilerplate(articles);
        let builder = Deduper::builder().learn_furniture(false);
        let dedup = filled(builder.build().expect("defaults"), &planted.texts);
        let summary = *dedup.clusters().summary();
        assert!(!summary.limited.is_empty());
        summary.candidates
    };
    let candidates = [unaware(500), unaware(2000)];
    assert!(candidates[1] <= 130 * 2000, "{candidates:?}");
    assert!(candidates[1] <= 5 * candidates[0], "{candidates:?}");
}

#[test]
fn furniture_is_stored_and_applied() {
    let mut press = Press::new(90);
    let site = press.site();
    let stories = press.stories(200, 80..=200);
    let pages = press.pages(&site, &stories, 2.0);
    let dedup = filled(Deduper::new(), &pages);
    let clusters = dedup.clusters();
    let furniture = clusters.furniture().clone();
    assert!(!furniture.is_empty() && furniture.len() > 100);
    for piece in clusters.furniture_pieces(5) {
        assert!(piece.articles >= 20 && count(piece.text) >= 8);
        assert!(!stories.iter().any(|story| story.contains(piece.text)));
    }

    let later = press.stories(10, 80..=200);
    let known = Deduper::builder().furniture(furniture.clone()).build().expect("defaults");
    let unaware = Deduper::builder().learn_furniture(false).build().expect("defaults");
    let (known, unaware) = (filled(known, &pages[..100]), filled(unaware, &pages[..100]));
    let mut fooled = 0;
    for story in &later {
        let page = press.page(&site, story, 2.0);
        assert!(known.matches(&page).is_empty());
        fooled += usize::from(!unaware.matches(&page).is_empty());
    }
    assert!(fooled > 5, "{fooled}");
    for (place, story) in stories[..10].iter().enumerate() {
        let matches = known.matches(story);
        assert_eq!(matches.len(), 1, "{place}");
        assert_eq!(matches[0].article, place);
        assert!(matches[0].evidence.coverage_b() > 0.99);
    }
    assert!(known.clusters().is_empty());
    assert_eq!(known.clusters().furniture().len(), furniture.len());
    assert!(!unaware.clusters().is_empty());
    assert_eq!(unaware.clusters().summary().aside, 0);
}

#[test]
fn a_round_up_belongs_to_each_of_its_stories() {
    let mut press = Press::new(100);
    let stories = press.stories(5, 100..=200);
    let mut texts = vec![stories.join("\n\n")];
    for story in &stories {
        for _ in 0..3 {
            texts.push(press.edited(story, 0.02));
        }
    }
    let dedup = filled(Deduper::new(), &texts);
    let clusters = dedup.clusters();
    let expected: Vec<Vec<usize>> =
        (0..5).map(|story| vec![0, 3 * story + 1, 3 * story + 2, 3 * story + 3]).collect();
    assert_eq!(members(&clusters), expected);
    for cluster in &clusters {
        let round_up = cluster.members().iter().find(|member| member.article() == 0);
        assert_eq!(round_up.map(reprint::Member::relation), Some(Relation::Extended));
    }
}
