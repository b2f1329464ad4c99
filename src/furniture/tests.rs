//! What is learned from small corpora whose furniture is known, and what is marked.

use proptest::prelude::*;

use super::*;
use crate::lsh::containment::{Containment, Samples, SharedSamples};

/// A number as well mixed as a shingle hash is.
fn mix(value: u64) -> u64 {
    let value = (value ^ 0x5851_f42d_4c95_7f2d).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ value >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
    (value ^ value >> 29).wrapping_mul(0xd6e8_feb8_6659_fd93) ^ value >> 31
}

/// So many shingles of the text of a number.
fn text(number: u64, shingles: u64) -> Vec<u64> {
    (0..shingles).map(|shingle| mix(number << 32 | shingle)).collect()
}

fn learn(corpus: &[Vec<u64>]) -> Furniture {
    let mut samples = Samples::default();
    corpus.iter().for_each(|shingles| Containment::default().sample(shingles, &[], &mut samples));
    let shared = SharedSamples::new(&samples);
    let learner = Learner { width: 4 };
    let order: Vec<u32> = (0..).take(samples.len()).collect();
    learner.learn(
        &order,
        |article| samples.part(article as usize),
        &shared,
        |articles, each| {
            articles.iter().for_each(|&article| each(article, &corpus[article as usize]));
        },
    )
}

fn stories(numbers: Range<u64>) -> impl Iterator<Item = Vec<u64>> {
    numbers.map(|number| text(number, 150))
}

#[test]
fn what_stands_around_all_stories_is_furniture() {
    let (above, below) = (text(1, 100), text(2, 200));
    let corpus: Vec<Vec<u64>> =
        stories(10..40).map(|story| [above.clone(), story, below.clone()].concat()).collect();
    let furniture = learn(&corpus);
    let mut learned = [above, below].concat();
    learned.sort_unstable();
    // All of it, and nothing else: what is within the margin is in one article only.
    assert_eq!(furniture.shingles.sorted, learned);
    assert!(furniture.articles.iter().all(|&articles| articles == 30));
    let mut marks = Vec::new();
    furniture.mark(&corpus[7], &mut marks);
    assert_eq!(marks, [0..103, 250..453]);
}

#[test]
fn fewer_pages_than_it_takes_teach_nothing() {
    let page = |story| [text(1, 100), story].concat();
    let few: Vec<Vec<u64>> = stories(10..21).map(page).collect();
    assert!(learn(&few).is_empty());
    let enough: Vec<Vec<u64>> = stories(10..22).map(page).collect();
    assert_eq!(learn(&enough).len(), 100);
}

/// A fifth of the pages carry one story, which others carry too.
#[test]
fn a_popular_story_does_not_hide_the_furniture_around_it() {
    let site = text(1, 100);
    let mut corpus: Vec<Vec<u64>> =
        stories(10..50).map(|story| [site.clone(), story].concat()).collect();
    corpus.extend((0..10).map(|_| [site.clone(), text(5, 150)].concat()));
    corpus.extend((0..100).map(|_| text(5, 150)));
    let mut learned = site;
    learned.sort_unstable();
    assert_eq!(learn(&corpus).shingles.sorted, learned);
}

#[test]
fn a_story_under_other_headlines_is_no_furniture() {
    let corpus: Vec<Vec<u64>> =
        (10..60).map(|head| [text(head, 30), text(5, 200)].concat()).collect();
    assert!(learn(&corpus).is_empty());
}

proptest! {
    #[test]
    fn marks_are_ascending_and_apart(
        known in proptest::collection::btree_set(0u64..60, 0..30),
        article in proptest::collection::vec(0u64..60, 0..120),
        is_exact in any::<bool>(),
    ) {
        let learned = known.iter().map(|&shingle| (mix(shingle), 20)).collect();
        let furniture = match is_exact {
            true => Furniture::exactly(4, learned),
            false => Furniture::new(4, learned),
        };
        let shingles: Vec<u64> = article.iter().map(|&shingle| mix(shingle)).collect();
        let mut marks = vec![0..3, 5..7];
        furniture.mark(&shingles, &mut marks);
        prop_assert_eq!(marks.drain(..2).collect::<Vec<_>>(), [0..3, 5..7]);
        prop_assert!(marks.windows(2).all(|pair| pair[0].end < pair[1].start));
        prop_assert!(marks.iter().all(|mark| mark.len() >= furniture.least));
        prop_assert!(marks.last().is_none_or(|mark| mark.end as usize <= article.len() + 3));
        if is_exact {
            for token in 0..article.len() as u32 + 3 {
                let begins = token.saturating_sub(3)..=token;
                let naive = begins.into_iter().any(|at| {
                    article.get(at as usize).is_some_and(|shingle| known.contains(shingle))
                });
                prop_assert_eq!(marks.iter().any(|mark| mark.contains(&token)), naive);
            }
        }
    }

    #[test]
    fn a_set_has_what_was_put_into_it(
        put in proptest::collection::btree_set(0u64..500, 0..200),
    ) {
        let set = Set::new(put.iter().map(|&hash| mix(hash)).collect());
        for hash in 0..500 {
            prop_assert_eq!(set.contains(mix(hash)), put.contains(&hash));
        }
    }
}

#[test]
fn stored_furniture_is_read_again() {
    let furniture = Furniture::new(4, vec![(7, 30), (1, 20), (u64::MAX, 5)]);
    let bytes = furniture.to_bytes();
    let read = Furniture::from_bytes(&bytes).unwrap();
    assert_eq!(read.to_bytes(), bytes);
    assert_eq!((read.len(), &read.shingles.sorted[..]), (3, &[1, 7, u64::MAX][..]));
    assert_eq!(bytes.len(), 36 + 3 * 12);
    // Golden: what version 1 looks like.
    let hex: String = bytes[..28].iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        hex,
        "52504655524e0001040000000400000008000000030000000000000000".get(..56).unwrap()
    );
    let empty = Furniture::default();
    assert!(Furniture::from_bytes(&empty.to_bytes()).unwrap().is_empty());
}

#[test]
fn damaged_furniture_is_refused() {
    let bytes = Furniture::new(4, vec![(7, 30), (1, 20)]).to_bytes();
    for length in 0..bytes.len() {
        assert!(Furniture::from_bytes(&bytes[..length]).is_err(), "{length} bytes");
    }
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        let error = Furniture::from_bytes(&damaged).unwrap_err();
        assert!(error.to_string().contains("stored furniture of version 1"), "{error}");
    }
}
