//! What the generator and the scores promise.

use std::collections::{HashMap, HashSet};

use crate::corpus::*;

fn corpus(articles: usize, seed: u64, mix: Mix) -> Vec<Article> {
    Generator::new(Settings::new(articles, seed).with_mix(mix)).collect()
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

#[test]
fn the_same_settings_make_the_same_corpus() {
    let first = corpus(500, 7, Mix::hard());
    assert_eq!(first, corpus(500, 7, Mix::hard()));
    assert_ne!(first, corpus(500, 8, Mix::hard()));
    assert_eq!(first.len(), 500);
}

#[test]
fn ids_are_unique_and_in_order() {
    let ids: Vec<String> = corpus(1200, 1, Mix::plain()).into_iter().map(|a| a.id).collect();
    assert_eq!(ids[0], "a00000000");
    assert_eq!(ids[1199], "a00001199");
    assert!(ids.is_sorted() && ids.iter().collect::<HashSet<_>>().len() == ids.len());
}

#[test]
fn shares_and_lengths_are_as_asked_for() {
    for mix in [Mix::plain(), Mix::hard(), Mix::shared_paragraphs()] {
        let articles = corpus(20_000, 3, mix.clone());
        let share = |wanted: &dyn Fn(Kind) -> bool| {
            articles.iter().filter(|a| wanted(a.kind)).count() as f64 / articles.len() as f64
        };
        let close = |found: f64, asked: f64| (found - asked).abs() < 0.02;
        assert!(close(share(&Kind::is_copy), mix.copies), "{}", share(&Kind::is_copy));
        assert!(close(share(&|k| matches!(k, Kind::Template(_))), mix.templates));
        assert!(close(share(&|k| matches!(k, Kind::FollowUp(_))), mix.follow_ups));
        assert!(close(share(&|k| matches!(k, Kind::UnderFooter(_))), mix.under_footers));
        assert!(close(share(&|k| matches!(k, Kind::Mosaic(_))), mix.mosaics));
    }
    let bytes: usize = corpus(20_000, 3, Mix::plain()).iter().map(|a| a.text.len()).sum();
    assert!((2_200..2_900).contains(&(bytes / 20_000)), "{}", bytes / 20_000);
}

#[test]
fn copies_follow_their_original_and_share_its_story() {
    let articles = corpus(3000, 5, Mix::hard());
    let mut stories = HashMap::new();
    for (place, article) in articles.iter().enumerate() {
        if article.kind.is_copy() {
            let original = article.original.expect("a copy has an original");
            assert!(original < place);
            assert_eq!(articles[original].kind, Kind::Original);
            assert_eq!(articles[original].story, article.story);
        } else {
            assert_eq!(stories.insert(article.story, place), None, "a story of its own");
        }
    }
}

#[test]
fn edits_do_what_they_say() {
    let articles = corpus(6000, 11, Mix::plain());
    let mut seen = HashSet::new();
    for article in &articles {
        let Some(original) = article.original.map(|place| &articles[place]) else { continue };
        let (before, after) = (words(&original.text), words(&article.text));
        let known: HashSet<&str> = before.iter().copied().collect();
        let kept = after.iter().filter(|word| known.contains(*word)).count() as f64;
        let ratio = after.len() as f64 / before.len() as f64;
        seen.insert(article.kind.name());
        match article.kind {
            Kind::Exact => assert_eq!(article.text, original.text),
            Kind::CopyEdits(_) => {
                assert_ne!(article.text, original.text);
                assert!(kept / after.len() as f64 > 0.9 && (0.9..1.1).contains(&ratio));
            }
            Kind::HeavyEdits(_) => assert!(kept / after.len() as f64 > 0.7),
            Kind::Furniture { share, .. } => {
                assert!(article.text.contains(&original.text));
                assert!((ratio - 1.0 - share).abs() < 0.05, "{share} {ratio}");
            }
            Kind::Cut(share) => assert!(ratio < share + 0.6 && ratio < 1.2),
            Kind::Extended(share) => assert!(ratio > 1.0 + share * 0.6),
            Kind::Moved(_) => {
                let (mut before, mut after) = (before, after);
                before.sort_unstable();
                after.sort_unstable();
                assert_eq!(before, after);
            }
            Kind::Ocr(_) => assert!((0.9..1.2).contains(&ratio)),
            _ => {}
        }
    }
    assert_eq!(seen.len(), 10, "{seen:?}");
}

#[test]
fn paragraphs_are_used_three_or_four_times() {
    let articles = corpus(4000, 2, Mix::shared_paragraphs());
    let mut uses: HashMap<&str, usize> = HashMap::new();
    for article in articles.iter().filter(|a| matches!(a.kind, Kind::SharedParagraphs(_))) {
        for paragraph in article.text.split("\n\n").skip(1) {
            *uses.entry(paragraph).or_default() += 1;
        }
    }
    let complete = uses.values().filter(|count| **count >= 3).count();
    assert!(uses.values().all(|count| *count <= 4));
    assert!(complete * 10 > uses.len() * 7, "{complete} of {}", uses.len());
}

#[test]
fn a_cut_ends_with_a_sentence() {
    assert_eq!(crate::corpus::text::cut("One two. Three four five. Six.", 2), "One two.");
    assert_eq!(
        crate::corpus::text::cut("One two. Three four five. Six.", 3),
        "One two. Three four five."
    );
    assert_eq!(crate::corpus::text::cut("One “two”\n\nthree", 2), "One “two”\n\nthree");
    assert_eq!(crate::corpus::text::first_words("a b\n\nc d", 3), "a b\n\nc");
}

fn truth(articles: &[Article]) -> Truth {
    let mut truth = Truth::default();
    articles.iter().for_each(|article| truth.push(article));
    truth
}

#[test]
fn the_true_groups_score_one() {
    let articles = corpus(2000, 4, Mix::hard());
    let truth = truth(&articles);
    let mut stories: HashMap<u64, Vec<usize>> = HashMap::new();
    for (place, article) in articles.iter().enumerate() {
        stories.entry(article.story).or_default().push(place);
    }
    let groups: Vec<Vec<usize>> = stories.into_values().filter(|g| g.len() > 1).collect();
    let score = truth.score_groups(&groups);
    assert_eq!((score.precision(), score.recall(), score.f1()), (1.0, 1.0, 1.0));
    assert_eq!(score.adjusted_rand, Some(1.0));
    assert!(score.wrong_by_kinds.is_empty());
    assert!(score.recall_by_kind.values().all(|recall| recall.found == recall.planted));
    let nothing = truth.score_groups(&[]);
    assert_eq!((nothing.precision(), nothing.recall(), nothing.f1()), (1.0, 0.0, 0.0));
}

/// Overlapping groups give the same counts as their pairs listed one by one.
#[test]
fn groups_score_like_their_pairs() {
    let articles = corpus(300, 6, Mix::hard());
    let truth = truth(&articles);
    let mut rng = Rng::new(1, 2, 3);
    let groups: Vec<Vec<usize>> =
        (0..40).map(|_| (0..rng.within(1..=60)).map(|_| rng.below(300)).collect()).collect();
    let mut listed = Vec::new();
    for group in &groups {
        for a in group {
            listed.extend(group.iter().map(|b| (*a, *b)));
        }
    }
    let (by_group, by_pair) = (truth.score_groups(&groups), truth.score_pairs(&listed));
    assert_eq!(by_group.wrong_pairs(), by_group.wrong_by_kinds.values().sum::<u64>());
    assert_eq!(Score { adjusted_rand: None, ..by_group }, by_pair);
}

/// Three articles of one story and one of another, put together two and two.
#[test]
fn the_adjusted_rand_index_of_a_small_case() {
    let article = |story, original, kind| Article {
        id: String::new(),
        text: String::new(),
        story,
        kind,
        original,
    };
    let articles = [
        article(0, None, Kind::Original),
        article(0, Some(0), Kind::Exact),
        article(0, Some(0), Kind::Cut(0.5)),
        article(1, None, Kind::Original),
    ];
    let score = truth(&articles).score_groups(&[vec![0, 1], vec![2, 3]]);
    assert_eq!((score.true_pairs, score.predicted_pairs, score.right_pairs), (3, 2, 1));
    assert_eq!(score.recall_by_kind["exact"], Recall { found: 1, planted: 1 });
    assert_eq!(score.recall_by_kind["cut"], Recall { found: 0, planted: 1 });
    assert_eq!(score.wrong_by_kinds[&("cut", "original")], 1);
    // Expected 2 * 3 / 6 = 1, found 1: no better than chance.
    assert_eq!(score.adjusted_rand, Some(0.0));
}
