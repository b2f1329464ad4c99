//! What holds of every result, whatever the corpus.

use std::cmp::{Ordering, Reverse};

use proptest::prelude::*;
use reprint::align::{Aligner, Workspace, overlap};
use reprint::text::{Shingler, Tokens};
use reprint::{Builder, Deduper, Evidence, Grouping, Measure, Member, Method, Relation};

use crate::corpus::Rng;
use crate::support::{Outcome, filled, hard_corpus};

/// The evidence for a pair, from the stages' own doors, each article read anew.
fn evidence(a: &str, b: &str, shingle: usize) -> Evidence {
    let shingler = Shingler::new(shingle).expect("a valid size");
    let set = |tokens: &[u32]| {
        let mut shingles: Vec<u64> = shingler.shingles(tokens).collect();
        shingles.sort_unstable();
        shingles.dedup();
        shingles
    };
    let (a, b) = (Tokens::of(a), Tokens::of(b));
    let (a, b) = (a.hashes(), b.hashes());
    let mut workspace = Workspace::default();
    let aligner = Aligner::default();
    aligner.prepare(&mut workspace, a);
    let alignment = aligner.align(&mut workspace, a, b);
    let identical = a == b;
    // Texts that are the same cover each other even where they are too short to align.
    let or_all = |count: usize| if identical { a.len() } else { count };
    Evidence {
        identical,
        tokens_a: a.len(),
        tokens_b: b.len(),
        covered_a: or_all(alignment.covered_a()),
        covered_b: or_all(alignment.covered_b()),
        longest_passage: or_all(alignment.longest_run()),
        overlap: overlap(&set(a), &set(b)),
    }
}

/// Settings, and the rules that follow from them.
#[derive(Clone, Copy, Debug)]
struct Law {
    measure: Measure,
    threshold: f64,
    excerpt: Option<f64>,
    overlap: Option<usize>,
    shingle: usize,
    method: Option<Method>,
    grouping: Grouping,
}

impl Law {
    const DEFAULT: Self = Self {
        measure: Measure::Coverage,
        threshold: 0.6,
        excerpt: Some(0.8),
        overlap: None,
        shingle: 5,
        method: None,
        grouping: Grouping::Representative,
    };

    /// Settings that differ in all that changes the way a pair goes.
    fn several() -> Vec<Self> {
        let law = Self::DEFAULT;
        vec![
            law,
            Self { overlap: Some(30), threshold: 0.75, method: Some(Method::SIM_HASH), ..law },
            Self { measure: Measure::Jaccard, threshold: 0.4, excerpt: None, ..law },
            Self { measure: Measure::Jaccard, threshold: 0.7, overlap: Some(60), ..law },
            Self { measure: Measure::Containment, method: Some(Method::MIN_HASH), ..law },
            Self { measure: Measure::Containment, shingle: 2, excerpt: None, ..law },
            Self { grouping: Grouping::Components, ..law },
        ]
    }

    fn builder(self) -> Builder {
        let builder = Deduper::builder()
            .measure(self.measure)
            .threshold(self.threshold)
            .excerpt(self.excerpt)
            .overlap(self.overlap)
            .shingle(self.shingle)
            .grouping(self.grouping)
            // What is learned from the whole corpus can't be recomputed from a pair.
            .learn_furniture(false)
            .news_lines_aside(false);
        self.method.into_iter().fold(builder, Builder::method)
    }

    fn deduper(self) -> Deduper {
        self.builder().build().expect("valid settings")
    }

    /// What the first of two articles is to the second.
    fn relation(self, evidence: &Evidence) -> Option<Relation> {
        let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
        let shingles = &evidence.overlap;
        let contained = (share(shingles.shared, shingles.a), share(shingles.shared, shingles.b));
        let covered = (
            share(evidence.covered_a, evidence.tokens_a),
            share(evidence.covered_b, evidence.tokens_b),
        );
        let jaccard = share(shingles.shared, shingles.a + shingles.b - shingles.shared);
        let ((a, b), (part_a, part_b)) = match self.measure {
            Measure::Coverage => (covered, covered),
            Measure::Jaccard => ((jaccard, jaccard), contained),
            Measure::Containment => (contained, contained),
        };
        let shorter = (evidence.tokens_a, Reverse(part_a.to_bits()))
            .cmp(&(evidence.tokens_b, Reverse(part_b.to_bits())));
        let (relation, part) = match shorter {
            Ordering::Less => (Relation::Excerpt, part_a),
            // Neither is the part: what is true of one is true of the other.
            Ordering::Equal => (Relation::Excerpt, 0.0),
            Ordering::Greater => (Relation::Extended, part_b),
        };
        if evidence.tokens_a == 0 || evidence.tokens_b == 0 {
            None
        } else if evidence.identical {
            Some(Relation::Identical)
        } else if a.min(b) >= self.threshold {
            Some(Relation::Reprint)
        } else if self.excerpt.is_some_and(|excerpt| part >= excerpt) {
            Some(relation)
        } else if self.overlap.is_some_and(|tokens| evidence.longest_passage >= tokens) {
            Some(Relation::Overlap)
        } else {
            None
        }
    }
}

/// Checks all that can be checked of a result without looking for what it misses.
fn check(law: Law, dedup: &Deduper) {
    let clusters = dedup.clusters();
    let outcome = Outcome::of(&clusters);
    let between = |a: usize, b: usize| {
        let evidence = evidence(dedup.text(a), dedup.text(b), law.shingle);
        (law.relation(&evidence), evidence)
    };
    for pair in &outcome.pairs {
        assert!(pair.a < pair.b);
        let expected = between(pair.a, pair.b);
        assert_eq!((Some(pair.relation), pair.evidence), expected, "{law:?} {pair:?}");
        let swapped = law.relation(&pair.evidence.swapped());
        assert_eq!(swapped, Some(pair.relation.swapped()), "{law:?} {pair:?}");
    }
    let numbers: Vec<_> = outcome.pairs.iter().map(|pair| (pair.a, pair.b)).collect();
    assert!(numbers.is_sorted_by(|x, y| x < y), "each pair once, in order");

    let mut clustered = Vec::new();
    for (representative, members) in &outcome.clusters {
        let mut articles: Vec<usize> = members.iter().map(Member::article).collect();
        assert!(!articles.is_empty() && articles.is_sorted_by(|a, b| a < b));
        assert!(!articles.contains(representative));
        for member in members {
            let (relation, evidence) = between(member.article(), *representative);
            assert_eq!(*member.evidence(), evidence, "{law:?} {member:?} of {representative}");
            let expected = match law.grouping {
                Grouping::Representative => relation.filter(|&of| of != Relation::Overlap),
                Grouping::Merged | Grouping::Components => relation.or(Some(Relation::Overlap)),
            };
            assert_eq!(Some(member.relation()), expected, "{law:?} {member:?}");
        }
        articles.push(*representative);
        clustered.extend(articles);
    }
    clustered.sort_unstable();
    clustered.dedup();

    let summary = &outcome.summary;
    let empty = (0..dedup.len()).filter(|&article| Tokens::of(dedup.text(article)).is_empty());
    assert_eq!(summary.articles, dedup.len());
    assert_eq!(summary.empty, empty.count());
    assert_eq!(summary.clusters, clusters.len());
    assert_eq!(summary.clustered_articles, clustered.len());
    assert!(summary.verified <= summary.candidates);

    // An article of a pair that is the same piece, or part of it, is in a cluster.
    for pair in outcome.pairs.iter().filter(|pair| pair.relation != Relation::Overlap) {
        let both = [pair.a, pair.b].map(|article| clustered.binary_search(&article).is_ok());
        let one_at_least = both[0] || both[1];
        assert!(one_at_least, "{law:?} {pair:?} is in no cluster");
    }
    for ranks in 0..4 {
        check_keep(ranks, dedup, &outcome, &clusters);
    }
}

/// Checks that what is dropped is covered by what is kept.
fn check_keep(ranks: u64, dedup: &Deduper, outcome: &Outcome, clusters: &reprint::Clusters<'_>) {
    let keep = clusters.keep(|article| match ranks {
        0 => Reverse(0),
        1 => Reverse(article as u64),
        2 => Reverse(dedup.text(article).len() as u64),
        _ => Reverse(Rng::new(ranks, article as u64, 0).next()),
    });
    assert_eq!(keep.len(), dedup.len());
    let groups: Vec<Vec<usize>> = clusters.iter().map(reprint::Cluster::articles).collect();
    for group in &groups {
        assert!(group.iter().any(|&article| keep[article]), "{group:?} loses all its members");
    }
    let covers = |kept: usize, gone: usize| {
        let pair =
            outcome.pairs.iter().find(|pair| (pair.a, pair.b) == (kept.min(gone), kept.max(gone)));
        let of_gone =
            pair.map(|pair| if pair.a == gone { pair.relation } else { pair.relation.swapped() });
        matches!(of_gone, Some(Relation::Identical | Relation::Reprint | Relation::Excerpt))
    };
    for gone in (0..keep.len()).filter(|&article| !keep[article]) {
        let mut of_its_clusters = groups.iter().filter(|group| group.contains(&gone)).flatten();
        assert!(
            of_its_clusters.any(|&kept| keep[kept] && covers(kept, gone)),
            "{gone} is dropped and nothing covers it"
        );
    }
}

#[test]
fn what_is_reported_is_so() {
    let texts = hard_corpus(500, 21);
    for law in Law::several() {
        let dedup = filled(law.deduper(), &texts);
        assert!(dedup.clusters().len() > 20, "{law:?}");
        check(law, &dedup);
    }
}

#[test]
fn what_is_so_is_reported() {
    let texts = hard_corpus(260, 22);
    // Looked at by 3-token shingles first: without one in common nothing is aligned.
    let shingler = Shingler::new(3).expect("a valid size");
    let shingles: Vec<Vec<u64>> = texts
        .iter()
        .map(|text| {
            let mut shingles: Vec<u64> = shingler.shingles(Tokens::of(text).hashes()).collect();
            shingles.sort_unstable();
            shingles.dedup();
            shingles
        })
        .collect();
    let mut related = Vec::new();
    for a in 0..texts.len() {
        for b in a + 1..texts.len() {
            let shared = overlap(&shingles[a], &shingles[b]).shared;
            if shared >= 10 || texts[a] == texts[b] {
                let evidence = evidence(&texts[a], &texts[b], 5);
                if Law::DEFAULT.relation(&evidence).is_some() {
                    related.push((a, b));
                }
            }
        }
    }
    assert!(related.len() > 100, "{} pairs", related.len());
    let dedup = filled(Law::DEFAULT.deduper(), &texts);
    let found: Vec<_> = dedup.clusters().pairs().map(|pair| (pair.a, pair.b)).collect();
    assert!(found.iter().all(|pair| related.contains(pair)), "a pair that is not so");
    let recall = found.len() as f64 / related.len() as f64;
    assert!(recall >= 0.99, "{} of {} pairs", found.len(), related.len());
}

#[test]
fn a_stranger_changes_nothing() {
    let texts = hard_corpus(400, 23);
    let expected = Outcome::of(&filled(Deduper::new(), &texts).clusters());
    assert!(expected.clusters.len() > 20);
    let strangers = ["", "слово", "Статья на другом языке, в которой нет ни одного из тех слов."];
    for stranger in strangers {
        let mut dedup = filled(Deduper::new(), &texts);
        assert_eq!(dedup.insert(stranger), texts.len());
        let outcome = Outcome::of(&dedup.clusters());
        assert_eq!(outcome.clusters, expected.clusters);
        assert_eq!(outcome.pairs, expected.pairs);
        assert_eq!(outcome.summary.candidates, expected.summary.candidates);

        // In front of them, it shifts the numbers.
        let mut dedup = Deduper::new();
        dedup.insert(stranger);
        let outcome = Outcome::of(&filled(dedup, &texts).clusters());
        let shifted: Vec<_> = expected.clusters.iter().map(|(one, all)| (one + 1, all)).collect();
        assert_eq!(outcome.clusters.len(), shifted.len());
        for ((one, all), (expected_one, expected_all)) in outcome.clusters.iter().zip(shifted) {
            assert_eq!(*one, expected_one);
            let told = |member: &Member| (member.relation(), *member.evidence());
            assert!(all.iter().map(told).eq(expected_all.iter().map(told)));
            let numbers = all.iter().map(|member| member.article() - 1);
            assert!(numbers.eq(expected_all.iter().map(Member::article)));
        }
    }
}

#[test]
fn empty_and_one_word_texts() {
    let empties =
        ["", " ", "\n\n", "...", "— ! ?", "\u{feff}", "\0", "\u{301}", "🎈🎈", "\u{200d}"];
    let words = ["one", "two", "tri", "4", "日", "ไ", "é", "don't", "ñandú", "ß"];
    let mut texts = Vec::new();
    for round in 0..5 {
        texts.extend(empties.iter().map(|text| text.repeat(round + 1)));
        texts.extend(words.iter().map(|word| format!("{}{word}.", " ".repeat(round))));
    }
    assert_eq!(texts.len(), 100);
    for law in Law::several() {
        let dedup = filled(law.deduper(), &texts);
        check(law, &dedup);
        let clusters = dedup.clusters();
        let summary = clusters.summary();
        assert_eq!((summary.empty, summary.copies, summary.clusters), (50, 40, 10), "{law:?}");
        for cluster in &clusters {
            assert_eq!(cluster.len(), 5);
            assert!(cluster.members().iter().all(|m| m.relation() == Relation::Identical));
            let word = dedup.text(cluster.representative());
            assert_eq!(dedup.matches(word).len(), 5);
        }
        assert_eq!(clusters.keep(|article| article).iter().filter(|&&keep| keep).count(), 60);
        assert!(empties.iter().all(|text| dedup.matches(text).is_empty()));
    }
    assert!(Deduper::new().clusters().is_empty());
    assert!(Deduper::new().matches("one").is_empty());
}

/// Goes through all that can be asked of a corpus.
fn exercise(law: Law, texts: &[String]) {
    let dedup = filled(law.deduper(), texts);
    check(law, &dedup);
    for (article, text) in texts.iter().enumerate() {
        assert_eq!(dedup.text(article), text);
        let found = dedup.matches(text);
        let has_words = !Tokens::of(text).is_empty();
        let found_itself = found.iter().any(|found| found.article == article);
        let start: String = text.chars().take(20).collect();
        assert_eq!(found_itself, has_words, "article {article}, {start:?}…");
    }
    #[cfg(feature = "diff")]
    for cluster in &dedup.clusters() {
        let report = cluster.report();
        let told: usize = report.versions.iter().map(|version| version.members.len()).sum();
        assert_eq!(told, cluster.members().len());
        assert!(!report.to_string().is_empty());
    }
}

/// Texts that are any strings at all, made of few words, or versions of one another.
fn any_texts() -> impl Strategy<Value = Vec<String>> {
    let chars = proptest::collection::vec(any::<char>(), 0..60);
    let words = proptest::collection::vec("a|b|the|don't|日|É|\u{301}|\n", 0..60);
    let one = prop_oneof![
        any::<String>(),
        chars.prop_map(String::from_iter),
        words.prop_map(|words| words.join(" ")),
    ];
    let texts = proptest::collection::vec(one, 1..8);
    (texts, proptest::collection::vec(any::<[u8; 3]>(), 0..6)).prop_map(|(mut texts, edits)| {
        for [from, other, cut] in edits {
            let pick = |number: u8| &texts[usize::from(number) % texts.len()];
            let start: String = pick(from).chars().skip(usize::from(cut % 8)).collect();
            let version = if cut % 2 == 0 { start } else { format!("{start} {}", pick(other)) };
            texts.push(version);
        }
        texts
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_strings_at_all(texts in any_texts(), law in 0..Law::several().len()) {
        exercise(Law::several()[law], &texts);
    }
}

/// Texts whose shingles are nearly all the same.
#[test]
fn repetitive_texts() {
    for length in [2, 3, 4, 5, 6, 9, 40, 1000] {
        let texts = ["la ", "la li ", "la li lu "].map(|refrain| refrain.repeat(length));
        let longer = ["la ", "la li ", "la li lu "].map(|refrain| refrain.repeat(length + 1));
        exercise(Law::DEFAULT, &[texts, longer].concat());
    }
}

#[test]
fn pathological_texts() {
    const MEGABYTE: usize = 1 << 20;
    let flag = "🏳️‍🌈👩‍👩‍👧‍👦🇩🇪";
    let texts = [
        "a".repeat(MEGABYTE),
        "é".repeat(100_000),
        "a ".repeat(30_000),
        "a b ".repeat(15_000),
        "字".repeat(20_000),
        "\u{301}".repeat(100_000),
        format!("e{}", "\u{301}".repeat(100_000)),
        // Marks of falling classes, which normalisation has to sort.
        format!("e{}", "\u{301}\u{327}\u{334}".repeat(30_000)),
        "\0".repeat(MEGABYTE),
        "word\0".repeat(10_000),
        "\u{feff}".to_owned(),
        "\u{feff}word".to_owned(),
        flag.repeat(10_000),
        "\u{fdfa}".repeat(1_000),
        "'".repeat(100_000),
        "a'".repeat(50_000),
        "\u{ac00}\u{11a8}".repeat(10_000),
        "\u{202e}\u{200f}".repeat(50_000),
        "\u{10ffff}\u{e000}".repeat(10_000),
        "\r\n\t\u{85}\u{2028}".repeat(20_000),
    ];
    // Each once more, and with an end of its own, so that all are compared and reported.
    let mut all = texts.to_vec();
    all.extend(texts.iter().cloned());
    all.extend(texts.iter().map(|text| format!("{text} and some words at the end")));
    exercise(Law::DEFAULT, &all);
}
