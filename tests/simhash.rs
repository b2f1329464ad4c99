//! SimHash as a way to candidates: what it finds by itself, and what comes out of it in the end.

use reprint::align::overlap;
use reprint::lsh::DEFAULT_BUCKET_LIMIT;
use reprint::lsh::hamming::HammingBlocks;
use reprint::sketch::SimHash;
use reprint::text::{Damping, Shingler, Tokens, hash_tokens};
use reprint::{Deduper, Measure, Method, Pair};

use crate::corpus::{Generator, Mix, Settings};
use crate::support::{articles, filled};

fn shingles(text: &str, size: usize) -> Vec<u64> {
    let shingler = Shingler::new(size).expect("a valid size");
    shingler.shingles(Tokens::of(text).hashes()).collect()
}

fn damped_words(text: &str) -> Vec<u64> {
    let mut tokens = Vec::new();
    hash_tokens(text, &mut tokens);
    let words = Shingler::new(1).expect("a valid size");
    words.shingles(Damping::default().damp(&tokens)).collect()
}

fn shingle_set(text: &str) -> Vec<u64> {
    let mut set = shingles(text, 5);
    set.sort_unstable();
    set.dedup();
    set
}

fn pairs(texts: &[String], measure: Measure, threshold: f64, method: Method) -> Vec<Pair> {
    let builder = Deduper::builder().measure(measure).threshold(threshold).method(method);
    let dedup = filled(builder.build().expect("valid settings"), texts);
    dedup.clusters().pairs().collect()
}

#[test]
fn samples_group_by_simhash_as_by_minhash() {
    let texts: Vec<String> =
        articles("examples/articles").into_iter().map(|(_, text)| text).collect();
    // The default distance is for a Jaccard index of 0.7; for the other measures there is another
    // index beside SimHash.
    for (measure, threshold) in
        [(Measure::Coverage, 0.5), (Measure::Jaccard, 0.7), (Measure::Containment, 0.5)]
    {
        let found = pairs(&texts, measure, threshold, Method::SIM_HASH);
        assert!(!found.is_empty(), "{measure:?}");
        assert_eq!(found, pairs(&texts, measure, threshold, Method::MIN_HASH), "{measure:?}");
        for pair in found {
            // Verified on the texts, whatever proposed it.
            let counted = overlap(&shingle_set(&texts[pair.a]), &shingle_set(&texts[pair.b]));
            assert_eq!(pair.evidence.overlap, counted);
            assert!(measure != Measure::Jaccard || counted.jaccard() >= threshold);
        }
    }
}

#[test]
fn a_query_by_simhash_finds_what_the_clusters_hold() {
    let texts: Vec<String> =
        articles("examples/articles").into_iter().map(|(_, text)| text).collect();
    let builder = || Deduper::builder().method(Method::SIM_HASH).learn_furniture(false);
    let dedup = filled(builder().build().expect("valid settings"), &texts);
    let expected: Vec<(usize, usize)> =
        dedup.clusters().pairs().map(|pair| (pair.a, pair.b)).collect();
    let mut found = Vec::new();
    for (a, text) in texts.iter().enumerate() {
        found.extend(dedup.matches(text).iter().map(|b| (a, b.article)).filter(|(a, b)| a < b));
    }
    found.sort_unstable();
    assert_eq!(found, expected);
}

/// Without the containment index, which a deduper asks in any case.
#[test]
fn the_default_alone_finds_nearly_all_close_copies() {
    let Method::SimHash { bits, distance } = Method::SIM_HASH else { panic!("it is SimHash") };
    let (sketch, blocks) = (SimHash::new(bits, 0), HammingBlocks::new(bits, distance));
    let (sketch, blocks) = (sketch.expect("valid"), blocks.expect("valid"));
    let settings = Settings::new(3000, 7).with_mix(Mix::plain());
    let mut texts: Vec<String> = Generator::new(settings).map(|article| article.text).collect();
    texts.sort_unstable();
    texts.dedup();
    let words: Vec<u64> = (texts.iter())
        .flat_map(|text| sketch.signature(&damped_words(text)).words().to_vec())
        .collect();
    let candidates = blocks.pairs(&words, DEFAULT_BUCKET_LIMIT, |_| true);
    assert!(candidates.limited.is_empty());
    let expected = pairs(&texts, Measure::Jaccard, 0.7, Method::MIN_HASH);
    let found = (expected.iter())
        .filter(|pair| candidates.pairs.binary_search(&(pair.a as u32, pair.b as u32)).is_ok())
        .count();
    println!("{found} of {}, {} candidates", expected.len(), candidates.pairs.len());
    assert!(expected.len() > 200);
    // 0.94 to 0.98 by the table in the documentation of `SimHash`.
    assert!(found * 100 >= expected.len() * 92, "{found} of {}", expected.len());
    assert!(candidates.pairs.len() < 20 * expected.len());
}
