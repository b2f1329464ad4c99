//! What sites print around their articles, and what moulds are filled with: it makes no copies,
//! and hides none.

use reprint::{Deduper, Relation};

use crate::corpus::Rng;
use crate::corpus::text::{cut, extend};
use crate::press::{Planted, Press, count, members};
use crate::support::{articles, filled};

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
        assert!(piece.articles >= 12 && count(&piece.text) >= 8);
        assert!(!stories.iter().any(|story| story.contains(&piece.text)));
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

#[test]
fn furniture_of_other_shingles_is_refused() {
    let dedup = under_boilerplate(100).deduper();
    let furniture = dedup.clusters().furniture().clone();
    assert!(!furniture.is_empty());
    let noisy = Deduper::builder().preset(reprint::Preset::Noisy).furniture(furniture.clone());
    assert!(noisy.build().is_err_and(|error| error.to_string().contains("shingle size")));
    let stored = reprint::Furniture::from_bytes(&furniture.to_bytes()).expect("just written");
    assert!(Deduper::builder().furniture(stored).build().is_ok());
}
