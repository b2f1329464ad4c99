//! The recall that the containment index states, measured pair by pair with a fixed seed.

use reprint::lsh::containment::{Containment, Samples, SharedSamples};
use reprint::text::{Shingler, token_hash};

use crate::corpus::Rng;

const TRIALS: u64 = 2000;

/// Whether two articles are candidates of each other.
fn found(a: &[u32], b: &[u32]) -> bool {
    let settings = Containment::default();
    let shingler = Shingler::new(4).expect("a valid size");
    let mut samples = Samples::default();
    for tokens in [a, b] {
        let mut shingles = Vec::new();
        shingler.append(tokens, &mut shingles);
        settings.sample(&shingles, &[], &mut samples);
    }
    !settings.pairs(&samples, &SharedSamples::new(&samples)).pairs.is_empty()
}

fn words(rng: &mut Rng, count: usize) -> Vec<u32> {
    (0..count).map(|_| token_hash(&rng.next().to_string())).collect()
}

/// Fails when more pairs are missed than the recall lets go, by three standard deviations.
fn judge(name: &str, recall: f64, pair: impl Fn(&mut Rng) -> (Vec<u32>, Vec<u32>)) {
    let missed = (0..TRIALS)
        .filter(|&trial| {
            let (a, b) = pair(&mut Rng::new(7, trial, 99));
            !found(&a, &b)
        })
        .count() as f64;
    let expected = (1.0 - recall) * TRIALS as f64;
    let most = expected + 3.0 * (expected * recall).sqrt();
    assert!(missed <= most, "{name}: {missed} of {TRIALS} missed, at most {most:.1} may be");
}

/// Replaces each word with the chance that its length gives.
fn replaced(rng: &mut Rng, text: &[u32], chance: impl Fn(&mut Rng) -> f64) -> Vec<u32> {
    text.iter()
        .map(|&word| {
            let chance = chance(rng);
            if rng.chance(chance) { token_hash(&rng.next().to_string()) } else { word }
        })
        .collect()
}

#[test]
fn a_hundred_words_within_five_thousand() {
    judge("contained whole", 0.999, |rng| {
        let whole = words(rng, 5000);
        let part = whole[2000..2100].to_vec();
        (whole, part)
    });
}

#[test]
fn three_hundred_words_of_which_half_are_contained() {
    judge("half contained", 0.99, |rng| {
        let (a, mut b) = (words(rng, 300), words(rng, 150));
        b.extend_from_slice(&a[75..225]);
        (a, b)
    });
}

#[test]
fn three_hundred_words_of_which_some_are_replaced() {
    judge("15 % replaced", 0.99, |rng| {
        let a = words(rng, 300);
        let b = replaced(rng, &a, |_| 0.15);
        (a, b)
    });
}

#[test]
fn three_hundred_words_with_noise_on_the_characters() {
    // Words of 1 to 9 characters, 5 on average: wrong when one of them is.
    judge("5 % of the characters", 0.99, |rng| {
        let a = words(rng, 300);
        let b = replaced(rng, &a, |rng| 1.0 - 0.95f64.powi(1 + rng.below(9) as i32));
        (a, b)
    });
}
