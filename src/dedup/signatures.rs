//! The signatures of texts, and the candidates that they propose.

use crate::align::ShingleSet;
use crate::lsh::CandidatePairs;
use crate::lsh::containment::SharedSamples;
use crate::parallel;
use crate::text::Damping;

use super::bands::{Bands, Part};
use super::near::Near;
use super::run::Observer;
use super::settings::{Settings, Signature};
use super::texts::{Texts, leave_out, narrow};
use super::verify::{Article, own};

/// Texts that are sketched before their signatures are put in their places.
const GROUP: usize = 1 << 14;

/// The signatures of some nodes, by their places among these.
#[derive(Debug)]
pub(super) enum Signatures {
    None,
    MinHash(Box<Bands>),
    SimHash {
        /// One after the other.
        words: Vec<u64>,
        /// If Jaccard alone is asked for; else 0. See [`Scratch::size`].
        sizes: Vec<u32>,
        /// Whether there is anything to sign but what is left aside.
        present: Vec<bool>,
    },
}

impl Signatures {
    pub(super) fn new(
        settings: &Settings,
        texts: &Texts<'_>,
        nodes: &[u32],
        observer: &dyn Observer,
    ) -> Self {
        let is_jaccard_alone = settings.rules.is_jaccard_alone();
        match &settings.signature {
            None => Self::None,
            Some(Signature::MinHash { sketch, banding }) => {
                let order = in_order(texts, nodes);
                let mut bands = Bands::new(settings, &order);
                let sign = |scratch: &mut Scratch, article: &Article<'_>, _, part: &mut Part| {
                    scratch.shingles.clear();
                    settings.shingler.append(&article.tokens, &mut scratch.shingles);
                    leave_out(&mut scratch.shingles, article.aside, settings.shingler.size());
                    scratch.slots.resize(sketch.slots(), 0);
                    sketch.sketch_into(&scratch.shingles, &mut scratch.slots);
                    let is_present = own(article.tokens.len(), article.aside) > 0;
                    let signature = is_present.then_some(&scratch.slots[..]);
                    part.push(banding, signature, is_jaccard_alone);
                };
                sketch_each(texts, nodes, &order, observer, sign, |part| bands.append(&part));
                Self::MinHash(Box::new(bands))
            }
            Some(Signature::SimHash { sketch, .. }) => {
                let width = sketch.bits() / 64;
                let mut words = vec![0; nodes.len() * width];
                let mut sizes = vec![0; nodes.len()];
                let sign =
                    |scratch: &mut Scratch, article: &Article<'_>, place, part: &mut Vec<_>| {
                        scratch.own.clear();
                        scratch.own.extend_from_slice(&article.tokens);
                        leave_out(&mut scratch.own, article.aside, 1);
                        let words = scratch.damping.damp(&scratch.own);
                        scratch.shingles.clear();
                        settings.words.append(words, &mut scratch.shingles);
                        let signature = sketch.signature(&scratch.shingles);
                        let size = match is_jaccard_alone {
                            true => scratch.size(settings, &article.tokens),
                            false => 0,
                        };
                        part.push((place, signature, size));
                    };
                let order = in_order(texts, nodes);
                sketch_each(texts, nodes, &order, observer, sign, |part| {
                    for (place, signature, size) in part {
                        let place = place as usize;
                        words[place * width..][..width].copy_from_slice(signature.words());
                        sizes[place] = size;
                    }
                });
                let present = nodes.iter().map(|&node| texts.own(node) > 0).collect();
                Self::SimHash { words, sizes, present }
            }
        }
    }

    /// All candidates: those of the containment index, where there is one, for texts that so many
    /// shingles were sampled from, and those of the signatures.
    pub(super) fn candidates(
        &self,
        settings: &Settings,
        sampled: &[u32],
        shared: &SharedSamples,
    ) -> CandidatePairs {
        let containment = settings.containment.as_ref();
        let mut all = containment.map_or_else(CandidatePairs::default, |containment| {
            containment.pairs_of(sampled, shared)
        });
        let found = match (self, &settings.signature) {
            (Self::MinHash(bands), Some(Signature::MinHash { banding, .. })) => {
                bands.candidates(banding, settings.bucket_limit)
            }
            (Self::SimHash { words, sizes, present }, Some(Signature::SimHash { blocks, .. })) => {
                if settings.rules.is_jaccard_alone() {
                    let ratio = settings.rules.threshold * (1.0 - Scratch::MOST_REPEATS);
                    blocks.pairs_of_like_size(words, settings.bucket_limit, sizes, ratio)
                } else {
                    let present = |node: u32| present[node as usize];
                    blocks.pairs(words, settings.bucket_limit, present)
                }
            }
            _ => return all,
        };
        if containment.is_none() {
            return found;
        }
        all.limited.merge(&found.limited);
        all.pairs.extend(found.pairs);
        parallel::sort(&mut all.pairs);
        all.pairs.dedup();
        all
    }
}

/// The scratch space of a thread that makes signatures.
#[derive(Debug, Default)]
struct Scratch {
    near: Near,
    shingles: Vec<u64>,
    slots: Vec<u32>,
    /// The tokens that are not left aside.
    own: Vec<u32>,
    damping: Damping,
    set: ShingleSet,
}

impl Scratch {
    /// The greatest share of repeats in a [size](Self::size). Fewer would have to be counted in
    /// more texts.
    const MOST_REPEATS: f64 = 0.25;

    /// About the number of distinct shingles of the tokens that were damped last: with their
    /// repeats, or without when these may be too many. Texts whose Jaccard index is at least `t`
    /// have sizes of which the smaller is at least `t·(1 − MOST_REPEATS)` of the larger.
    fn size(&mut self, settings: &Settings, tokens: &[u32]) -> u32 {
        let size = settings.shingler.count(tokens.len());
        let repeats = self.damping.repeats(settings.shingler.size());
        if repeats as f64 <= Self::MOST_REPEATS * size as f64 {
            return narrow(size);
        }
        self.shingles.clear();
        settings.shingler.append(tokens, &mut self.shingles);
        self.set.read(&self.shingles);
        narrow(self.set.len())
    }
}

/// The places of nodes in the order in which their texts lie.
fn in_order(texts: &Texts<'_>, nodes: &[u32]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..narrow(nodes.len())).collect();
    order.sort_by_cached_key(|&place| texts.distinct().first(nodes[place as usize]));
    order
}

/// Lets `sketch` make the signatures of nodes, given with their places, in this order, and add them
/// to parts, which `take` gets in the same order.
fn sketch_each<P: Default + Send>(
    texts: &Texts<'_>,
    nodes: &[u32],
    order: &[u32],
    observer: &dyn Observer,
    sketch: impl Fn(&mut Scratch, &Article<'_>, u32, &mut P) + Sync + Send,
    mut take: impl FnMut(P),
) {
    let node = |&place: &u32| nodes[place as usize];
    for group in order.chunks(GROUP) {
        let pieces: Vec<&[u32]> = group.chunks(256).collect();
        let parts = parallel::map_with(&pieces, Scratch::default, |scratch, piece| {
            let mut near = std::mem::take(&mut scratch.near);
            texts.load(&mut near, piece.iter().map(node));
            let mut part = P::default();
            for place in *piece {
                sketch(scratch, &texts.article_near(&near, node(place)), *place, &mut part);
            }
            scratch.near = near;
            observer.advance(piece.len());
            part
        });
        parts.into_iter().for_each(&mut take);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Deduper, Measure};

    proptest! {
        #[test]
        fn a_size_is_the_number_of_distinct_shingles_and_few_repeats(
            // A part of it is there twice or more.
            tokens in proptest::collection::vec(0_u32..50, 0..300),
            repeated in 0_usize..100,
            times in 0_usize..4,
        ) {
            let part = &tokens[..repeated.min(tokens.len())];
            let tokens = [&tokens[..], &part.repeat(times)].concat();
            let settings = Deduper::builder().measure(Measure::Jaccard).build().unwrap().settings;
            let mut scratch = Scratch::default();
            scratch.damping.damp(&tokens);
            let size = f64::from(scratch.size(&settings, &tokens));
            let mut shingles: Vec<u64> = settings.shingler.shingles(&tokens).collect();
            shingles.sort_unstable();
            shingles.dedup();
            let distinct = shingles.len() as f64;
            prop_assert!(distinct <= size && distinct >= size * (1.0 - Scratch::MOST_REPEATS));
        }
    }
}
