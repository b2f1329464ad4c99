//! The batch form and the incremental form against the definitions, and their recall.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::lsh::CandidatePairs;

/// A number as well mixed as a shingle hash is.
fn mix(value: u64) -> u64 {
    let value = (value ^ 0x5851_f42d_4c95_7f2d).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ value >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
    (value ^ value >> 29).wrapping_mul(0xd6e8_feb8_6659_fd93) ^ value >> 31
}

fn samples(settings: &Containment, corpus: &[Vec<u64>]) -> Samples {
    let mut samples = Samples::default();
    corpus.iter().for_each(|shingles| settings.sample(shingles, &[], &mut samples));
    samples
}

fn batch(settings: &Containment, corpus: &[Vec<u64>]) -> CandidatePairs {
    let samples = samples(settings, corpus);
    settings.pairs(&samples, &SharedSamples::new(&samples))
}

/// The definitions, pair by pair.
fn naive(settings: &Containment, corpus: &[Vec<u64>]) -> Vec<(u32, u32)> {
    let mut having: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let mut meetings: BTreeMap<(u32, u32), Shared> = BTreeMap::new();
    let mut counts = Vec::new();
    for (article, shingles) in (0u32..).zip(corpus) {
        let (count, sample) = settings.names(shingles, &[]);
        counts.push(count);
        for hash in sample {
            let earlier = having.entry(hash).or_default();
            for (rank, &other) in earlier.iter().enumerate() {
                let half = settings.limit / 2;
                let left_out =
                    earlier.len() > settings.limit && rank >= half && rank + half < earlier.len();
                if !left_out {
                    let weight = Containment::weight(earlier.len());
                    meetings.entry((other, article)).or_default().add(weight);
                }
            }
            earlier.push(article);
        }
    }
    let len = |article: u32| counts[article as usize] as usize;
    meetings
        .into_iter()
        .filter(|&((a, b), shared)| settings.is_enough(len(a), len(b), shared))
        .map(|(pair, _)| pair)
        .collect()
}

fn corpora() -> impl Strategy<Value = Vec<Vec<u64>>> {
    let text = proptest::collection::vec((0u64..300).prop_map(mix), 0..60);
    proptest::collection::vec(text, 0..30)
}

proptest! {
    #[test]
    fn batch_incremental_and_naive_agree(corpus in corpora(), limit in 2usize..12) {
        let settings = Containment::new(0.1, limit).unwrap();
        let batch = batch(&settings, &corpus);
        prop_assert_eq!(&batch.pairs, &naive(&settings, &corpus));
        let mut index = ContainmentIndex::new(settings);
        let mut pairs = Vec::new();
        for (article, shingles) in (0u32..).zip(&corpus) {
            let found = index.candidates(shingles, &[]);
            pairs.extend(found.into_iter().map(|other| (other, article)));
            index.insert(article, shingles, &[]);
        }
        pairs.sort_unstable();
        prop_assert_eq!(&batch.pairs, &pairs);
    }

    #[test]
    fn removing_undoes_inserting(corpus in corpora(), gone in 0usize..30) {
        prop_assume!(gone < corpus.len());
        let settings = Containment::default();
        let (mut with, mut without) =
            (ContainmentIndex::new(settings), ContainmentIndex::new(settings));
        for (article, shingles) in (0u32..).zip(&corpus) {
            with.insert(article, shingles, &[]);
            if article as usize != gone {
                without.insert(article, shingles, &[]);
            }
        }
        with.remove(gone as u32, &corpus[gone], &[]);
        for shingles in corpus {
            let found = with.candidates(&shingles, &[]);
            prop_assert_eq!(found, without.candidates(&shingles, &[]));
        }
    }

    /// A sample is what the hashes say, in text order, and nothing of what is left out.
    #[test]
    fn samples_are_shingles_below_the_bound(
        length in 0usize..1000,
        cuts in proptest::collection::btree_set(0u32..1000, 0..8),
    ) {
        let shingles: Vec<u64> = (0..length as u64).map(mix).collect();
        let cuts: Vec<u32> = cuts.into_iter().filter(|&cut| cut as usize <= length).collect();
        let left_out: Vec<Range<u32>> = cuts.chunks_exact(2).map(|cut| cut[0]..cut[1]).collect();
        let settings = Containment::default();
        let mut samples = Samples::default();
        settings.sample(&[1, 2, 3], &[], &mut samples);
        settings.sample(&shingles, &left_out, &mut samples);
        let is_out = |at: u32| left_out.iter().any(|range| range.contains(&at));
        let kept: Vec<u32> = (0..length as u32).filter(|&at| !is_out(at)).collect();
        let upper = |at: u32| f64::from((shingles[at as usize] >> 32) as u32) / f64::from(u32::MAX);
        let naive: Vec<u32> =
            kept.iter().copied().filter(|&at| upper(at) <= settings.rate(kept.len())).collect();
        let positions: Vec<u32> = samples.places(1).map(|at| at.position()).collect();
        prop_assert_eq!(&positions, &naive);
        for ((at, &hash), place) in naive.iter().zip(samples.hashes(1)).zip(samples.places(1)) {
            prop_assert_eq!(hash, shingles[*at as usize] as u32);
            prop_assert_eq!(place.is_sparse(), upper(*at) <= 1.0 / 8.0);
        }
        prop_assert_eq!(samples.shingles()[1] as usize, kept.len());
        prop_assert_eq!(samples.lengths()[1] as usize, length);
    }

    /// What is thinned is what is sampled, if it can be thinned at all: if it is long enough.
    #[test]
    fn a_thinned_sample_is_a_new_one(
        length in 0usize..1000,
        different in prop_oneof![Just(999), 1u64..1000],
        cuts in proptest::collection::btree_set(0u32..1000, 0..8),
    ) {
        let shingles: Vec<u64> = (0..length as u64).map(|at| mix(at % different)).collect();
        let cuts: Vec<u32> = cuts.into_iter().filter(|&cut| cut as usize <= length).collect();
        let left_out: Vec<Range<u32>> = cuts.chunks_exact(2).map(|cut| cut[0]..cut[1]).collect();
        let settings = Containment::default();
        let mut samples = Samples::default();
        settings.sample(&shingles, &left_out[..left_out.len() / 2], &mut samples);
        settings.sample(&shingles, &left_out, &mut samples);
        let mut thinned = Samples::default();
        let is_thinned = settings.thin(samples.part(0), &left_out, &mut thinned);
        prop_assert_eq!(thinned.len(), usize::from(is_thinned));
        let left: u32 = left_out.iter().map(|range| range.end - range.start).sum();
        prop_assert!(is_thinned || different < 999 || length - (left as usize) < 600);
        prop_assert!(!is_thinned || length - left as usize >= 256);
        if is_thinned {
            let rows = [(&samples, 1), (&thinned, 0)].map(|(samples, article)| {
                let mut row = Vec::new();
                samples.to_row(article, &mut row);
                row
            });
            prop_assert_eq!(&rows[0], &rows[1]);
        }
    }

    /// The sample of a longer article, as far as the shorter one has the shingles, is in the
    /// sample of the shorter one.
    #[test]
    fn samples_are_nested(length in 1usize..2000, part in 1usize..2000) {
        let part = part.min(length);
        let whole: Vec<u64> = (0..length as u64).map(mix).collect();
        let settings = Containment::default();
        let of_whole = settings.names(&whole, &[]).1;
        let of_part = settings.names(&whole[..part], &[]).1;
        let names: BTreeSet<u32> = whole[..part].iter().map(|&hash| hash as u32).collect();
        for hash in of_whole.iter().filter(|hash| names.contains(hash)) {
            prop_assert!(of_part.contains(hash));
        }
    }
}

#[test]
fn repetitive_texts_are_sampled_by_what_they_have() {
    let settings = Containment::default();
    for distinct in [1, 2, 10, 30] {
        let refrain: Vec<u64> = (0..distinct).map(mix).collect();
        let corpus = vec![refrain.repeat(1000), refrain.repeat(900)];
        assert_eq!(batch(&settings, &corpus).pairs, [(0, 1)], "{distinct}");
    }
}

#[test]
fn many_copies_of_a_short_text_find_each_other() {
    let settings = Containment::default();
    for length in [1, 2, 3, 6] {
        let mut index = ContainmentIndex::new(settings);
        let text: Vec<u64> = (0..length).map(mix).collect();
        (0..100).for_each(|article| index.insert(article, &text, &[]));
        assert_eq!(index.candidates(&text, &[]).len(), 100, "{length}");
    }
}

#[test]
fn what_is_limited_is_counted() {
    let settings = Containment::new(0.1, 6).unwrap();
    let story: Vec<u64> = (0..20).map(mix).collect();
    let corpus = vec![story; 100];
    let found = batch(&settings, &corpus);
    let all = 100 * 99 / 2;
    assert_eq!(found.limited.buckets, 20);
    assert_eq!(found.limited.largest, 100);
    assert_eq!(found.limited.pairs, 20 * (all - found.pairs.len() as u64));
    // Everyone meets the first one, so that a cluster of any size holds together.
    assert!((1..100).all(|article| found.pairs.contains(&(0, article))));
}

#[test]
fn a_hundred_tokens_within_five_thousand_are_found() {
    let settings = Containment::default();
    let mut missed = 0;
    for trial in 0..2000u64 {
        let whole: Vec<u64> = (0..4996).map(|shingle| mix(trial << 32 | shingle)).collect();
        let part = whole[2000..2096].to_vec();
        missed += usize::from(batch(&settings, &[whole, part]).pairs.is_empty());
    }
    // A recall of 0.999 lets two of 2,000 go; one standard deviation more is allowed.
    assert!(missed <= 3, "{missed} of 2000 missed");
}
