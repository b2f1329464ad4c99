//! The same result for any number of threads, any order of input, any way in.

use std::collections::HashMap;

use reprint::{Builder, Deduper, Grouping, Measure, Method, Relation};

use crate::corpus::Rng;
use crate::support::{Outcome, filled, hard_corpus};

/// Dedupers of several settings, which learn what is furniture or not.
fn dedupers(learn: bool) -> Vec<(&'static str, Deduper)> {
    let simhash = Deduper::builder().method(Method::SIM_HASH).overlap(40);
    let jaccard = Deduper::builder().measure(Measure::Jaccard).threshold(0.5);
    [
        ("defaults", Deduper::builder()),
        ("simhash", simhash),
        ("jaccard", jaccard),
        ("components", Deduper::builder().grouping(Grouping::Components)),
    ]
    .map(|(name, builder)| (name, builder.learn_furniture(learn).build().expect("valid settings")))
    .into()
}

#[cfg(feature = "parallel")]
#[test]
fn the_number_of_threads_changes_nothing() {
    let texts = hard_corpus(1500, 11);
    for (name, number) in [("defaults", 0), ("simhash", 1), ("jaccard", 2)] {
        let mut results = [1, 2, 4].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.expect("a pool").install(|| {
                let dedup = filled(dedupers(true).swap_remove(number).1, &texts);
                Outcome::of(&dedup.clusters())
            })
        });
        assert!(results[0].clusters.len() > 50, "{name}: {}", results[0].summary);
        let last = results[2].clone();
        for (result, threads) in results.iter_mut().zip([1, 2, 4]) {
            assert!(*result == last, "{name}: {threads} threads differ from 4");
        }
    }
}

/// An outcome in the numbers of another order of the same articles. Articles with the same words
/// are interchangeable: which of them stands for a cluster follows from their order. So each
/// cluster is given as its articles and what each is to the representative.
fn in_numbers_of(outcome: &Outcome, original: &[usize]) -> String {
    let mut clusters: Vec<Vec<_>> = outcome
        .clusters
        .iter()
        .map(|(representative, members)| {
            let of_member = |member: &reprint::Member| {
                let identical = member.relation() == Relation::Identical;
                let evidence = (!identical).then(|| *member.evidence());
                (original[member.article()], member.relation(), evidence)
            };
            let mut articles: Vec<_> = members.iter().map(of_member).collect();
            articles.push((original[*representative], Relation::Identical, None));
            articles.sort_by_key(|article| article.0);
            articles
        })
        .collect();
    clusters.sort_by_cached_key(|articles| format!("{articles:?}"));
    let mut pairs: Vec<_> = outcome
        .pairs
        .iter()
        .map(|pair| {
            let (a, b) = (original[pair.a], original[pair.b]);
            if a < b {
                (a, b, pair.relation, pair.evidence)
            } else {
                (b, a, pair.relation.swapped(), pair.evidence.swapped())
            }
        })
        .collect();
    pairs.sort_by_key(|&(a, b, ..)| (a, b));
    format!("{:?}\n{clusters:#?}\n{pairs:#?}", outcome.summary)
}

#[test]
fn the_order_of_input_changes_nothing_but_numbers() {
    let texts = hard_corpus(1500, 12);
    let in_order: Vec<usize> = (0..texts.len()).collect();
    let mut shuffled = in_order.clone();
    let mut rng = Rng::new(12, 0, 0);
    for last in (1..shuffled.len()).rev() {
        shuffled.swap(last, rng.below(last + 1));
    }
    let mixed: Vec<&str> = shuffled.iter().map(|&article| texts[article].as_str()).collect();
    for ((name, first), (_, second)) in dedupers(true).into_iter().zip(dedupers(true)) {
        let (first, second) = (filled(first, &texts), filled(second, &mixed));
        let first = Outcome::of(&first.clusters());
        assert!(first.clusters.len() > 50, "{name}: {}", first.summary);
        let second = Outcome::of(&second.clusters());
        let (first, second) = (in_numbers_of(&first, &in_order), in_numbers_of(&second, &shuffled));
        let difference = first.lines().zip(second.lines()).find(|(first, second)| first != second);
        assert!(first == second, "{name}: {difference:?}");
    }
}

#[test]
fn extending_is_inserting_one_by_one() {
    let texts = hard_corpus(700, 13);
    let at_once = filled(Deduper::new(), &texts);
    let mut one_by_one = Deduper::new();
    for (number, text) in texts.iter().enumerate() {
        assert_eq!(one_by_one.insert(text), number);
    }
    let mut mixed = Deduper::new();
    assert_eq!(mixed.extend(&texts[..300]), 0..300);
    assert_eq!(mixed.extend::<&str>(&[]), 300..300);
    assert_eq!(mixed.insert(&texts[300]), 300);
    assert_eq!(mixed.extend(&texts[301..]), 301..700);
    let expected = Outcome::of(&one_by_one.clusters());
    for dedup in [at_once, mixed] {
        assert_eq!(dedup.len(), texts.len());
        assert!((0..texts.len()).all(|article| dedup.text(article) == texts[article]));
        assert!(Outcome::of(&dedup.clusters()) == expected);
    }
}

#[test]
fn appending_batches_is_inserting_one_by_one() {
    let texts = hard_corpus(700, 13);
    let expected = Outcome::of(&filled(Deduper::new(), &texts).clusters());
    for keeps in [true, false] {
        let mut dedup = Deduper::builder().keep_texts(keeps).build().expect("valid settings");
        let (mut batch, mut other) = (dedup.batch(), dedup.batch());
        other.push("This one is thought better of.");
        other.clear();
        for (number, texts) in texts.chunks(123).enumerate() {
            let batch = if number % 2 == 0 { &mut batch } else { &mut other };
            texts.iter().for_each(|text| batch.push(text));
            assert_eq!(batch.len(), texts.len());
            assert_eq!(dedup.append(batch), number * 123..number * 123 + texts.len());
            assert!(batch.is_empty());
        }
        assert_eq!(dedup.append(&mut batch), 700..700);
        assert!(Outcome::of(&dedup.clusters()) == expected);
        let text = |article: usize| if keeps { &*texts[article] } else { "" };
        assert!((0..texts.len()).all(|article| dedup.text(article) == text(article)));
    }
}

#[cfg(feature = "diff")]
#[test]
fn texts_may_be_kept_elsewhere() {
    let texts = hard_corpus(4000, 11);
    let keeping = filled(Deduper::new(), &texts);
    let dedup = Deduper::builder().keep_texts(false).build().expect("valid settings");
    let dedup = filled(dedup, &texts);
    let (expected, clusters) = (keeping.clusters(), dedup.clusters());
    for (expected, cluster) in expected.iter().zip(clusters.iter()) {
        let members: Vec<usize> = cluster.members().iter().map(|member| member.article()).collect();
        assert_eq!(cluster.report_of(&members, |article| &texts[article]), expected.report());
    }
    let mut asked = 0;
    let pieces = clusters.furniture_pieces_of(3, |article| {
        asked += 1;
        Ok::<_, ()>(&texts[article])
    });
    assert_eq!(pieces, Ok(expected.furniture_pieces(3)));
    assert_eq!(asked, 3);
    assert!(clusters.furniture_pieces_of(3, Err::<String, usize>).is_err());
    // Other texts give other pieces, but no panic.
    let wrong = clusters.furniture_pieces_of(3, |_| Ok::<_, ()>("é")).expect("it is given");
    assert!(wrong.iter().all(|piece| piece.text.is_empty() || piece.text == "é"));
}

#[test]
fn asking_again_gives_the_same() {
    let texts = hard_corpus(300, 14);
    let mut dedup = Deduper::new();
    dedup.extend(&texts[..200]);
    // A query and a run in between leave no trace.
    dedup.matches(&texts[250]);
    let _ = dedup.clusters().len();
    dedup.extend(&texts[200..]);
    let fresh = filled(Deduper::new(), &texts);
    let expected = Outcome::of(&fresh.clusters());
    assert!(Outcome::of(&dedup.clusters()) == expected);
    assert!(Outcome::of(&dedup.clusters()) == expected);
    for text in &texts {
        assert_eq!(dedup.matches(text), fresh.matches(text));
    }
}

#[test]
fn matches_are_the_pairs_of_the_corpus() {
    let texts = hard_corpus(800, 15);
    // A run learns furniture from the corpus; a query leaves aside only what it is told.
    for (name, dedup) in dedupers(false) {
        let dedup = filled(dedup, &texts);
        let clusters = dedup.clusters();
        // Where hot shingles are limited, the two may look at different pairs.
        assert!(clusters.summary().limited.is_empty(), "{}", clusters.summary());
        let mut expected: HashMap<usize, Vec<_>> = HashMap::new();
        for pair in clusters.pairs() {
            let back = (pair.a, pair.relation, pair.evidence);
            let there = (pair.b, pair.relation.swapped(), pair.evidence.swapped());
            expected.entry(pair.a).or_default().push(there);
            expected.entry(pair.b).or_default().push(back);
        }
        assert!(expected.len() > 200, "{name}: {} articles in pairs", expected.len());
        for (article, text) in texts.iter().enumerate() {
            let mut found: Vec<_> = dedup
                .matches(text)
                .iter()
                .map(|found| (found.article, found.relation, found.evidence))
                .collect();
            found.sort_by_key(|&(other, ..)| other);
            let own = found.iter().position(|&(other, ..)| other == article);
            let own = found.remove(own.unwrap_or_else(|| panic!("{name}: {article} is not found")));
            assert_eq!(own.1, Relation::Identical);
            let expected = expected.remove(&article).unwrap_or_default();
            assert_eq!(found, expected, "{name}: the partners of {article}");
        }
    }
}

/// What is in scratch files is what would be in memory.
#[test]
fn scratch_files_change_nothing() {
    let texts = hard_corpus(3000, 13);
    let changes: [fn(Builder) -> Builder; 4] = [
        |builder| builder,
        |builder| builder.measure(Measure::Jaccard).threshold(0.6),
        |builder| builder.method(Method::MinHash { slots: 101 }),
        |builder| builder.measure(Measure::Jaccard).threshold(0.7).method(Method::SIM_HASH),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let settings =
            |memory| change(Deduper::builder().scratch(std::env::temp_dir(), memory)).build();
        let expected = change(Deduper::builder()).build().expect("valid settings");
        let expected = filled(expected, &texts);
        for memory in [0, 300_000, 4_000_000] {
            let dedup = filled(settings(memory).expect("valid settings"), &texts);
            let spilled = dedup.spilled().expect("temporary files can be written");
            assert!(spilled > 0, "{number}: {memory}");
            let outcome = Outcome::of(&dedup.clusters());
            assert!(outcome == Outcome::of(&expected.clusters()), "{number}: {memory}");
            assert_eq!(dedup.matches(&texts[7]), expected.matches(&texts[7]), "{number}: {memory}");
        }
        let dedup = filled(settings(1 << 30).expect("valid settings"), &texts);
        assert_eq!(dedup.spilled().expect("no file is needed"), 0);
    }
}

#[test]
fn without_a_place_for_scratch_files_all_stays_in_memory() {
    let texts = hard_corpus(300, 17);
    let folder = std::env::temp_dir().join("no such folder at all");
    let dedup = Deduper::builder().scratch(folder, 0).build().expect("valid settings");
    let dedup = filled(dedup, &texts);
    assert!(dedup.spilled().is_err());
    let expected = filled(Deduper::new(), &texts);
    assert!(Outcome::of(&dedup.clusters()) == Outcome::of(&expected.clusters()));
}
