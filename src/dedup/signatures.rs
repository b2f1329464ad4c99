//! The signatures of texts, and the candidates that they propose.

use crate::align::ShingleSet;
use crate::lsh::CandidatePairs;
use crate::lsh::containment::SharedSamples;
use crate::parallel;
use crate::text::Damping;

use super::near::Near;
use super::run::Observer;
use super::settings::{Settings, Signature};
use super::texts::{Texts, leave_out, narrow};
use super::verify::Article;

/// The signatures of some nodes, one after the other.
#[derive(Debug, Default)]
pub(super) struct Signatures {
    pub(super) slots: Vec<u32>,
    words: Vec<u64>,
    /// Beside the words, if Jaccard alone is asked for; else 0. See [`Scratch::size`].
    sizes: Vec<u32>,
    /// Whether there is anything to sign but what is left aside.
    present: Vec<bool>,
}

impl Signatures {
    pub(super) fn new(
        settings: &Settings,
        texts: &Texts<'_>,
        nodes: &[u32],
        observer: &dyn Observer,
    ) -> Self {
        let mut all = Self::default();
        if settings.signature.is_some() {
            all.present = nodes.iter().map(|&node| texts.own(node) > 0).collect();
        }
        match &settings.signature {
            None => {}
            Some(Signature::MinHash { sketch, .. }) => {
                all.slots = vec![0; nodes.len() * sketch.slots()];
                let places = all.slots.chunks_exact_mut(sketch.slots());
                sketch_each(texts, nodes, places, observer, |scratch, article, out| {
                    settings.shingler.append(&article.tokens, &mut scratch.shingles);
                    leave_out(&mut scratch.shingles, article.aside, settings.shingler.size());
                    sketch.sketch_into(&scratch.shingles, out);
                });
            }
            Some(Signature::SimHash { sketch, .. }) => {
                all.words = vec![0; nodes.len() * (sketch.bits() / 64)];
                all.sizes = vec![0; nodes.len()];
                let places = all.words.chunks_exact_mut(sketch.bits() / 64).zip(&mut all.sizes);
                sketch_each(texts, nodes, places, observer, |scratch, article, (out, size)| {
                    scratch.own.clear();
                    scratch.own.extend_from_slice(&article.tokens);
                    leave_out(&mut scratch.own, article.aside, 1);
                    let words = scratch.damping.damp(&scratch.own);
                    settings.words.append(words, &mut scratch.shingles);
                    out.copy_from_slice(sketch.signature(&scratch.shingles).words());
                    if settings.rules.is_jaccard_alone() {
                        **size = scratch.size(settings, &article.tokens);
                    }
                });
            }
        }
        all
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
        let present = |node: u32| self.present[node as usize];
        let found = match &settings.signature {
            None => return all,
            Some(Signature::MinHash { sketch, banding }) => {
                banding.pairs(&self.slots, sketch.slots(), settings.bucket_limit, present)
            }
            Some(Signature::SimHash { blocks, .. }) if settings.rules.is_jaccard_alone() => {
                let ratio = settings.rules.threshold * (1.0 - Scratch::MOST_REPEATS);
                blocks.pairs_of_like_size(&self.words, settings.bucket_limit, &self.sizes, ratio)
            }
            Some(Signature::SimHash { blocks, .. }) => {
                blocks.pairs(&self.words, settings.bucket_limit, present)
            }
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
    shingles: Vec<u64>,
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

/// Lets `sketch` write the signature of each node to its place, given the node's text. They are
/// read in the order in which they lie in memory.
fn sketch_each<P: Send>(
    texts: &Texts<'_>,
    nodes: &[u32],
    places: impl Iterator<Item = P>,
    observer: &dyn Observer,
    sketch: impl Fn(&mut Scratch, &Article<'_>, &mut P) + Sync + Send,
) {
    let mut places: Vec<_> = nodes.iter().copied().zip(places).collect();
    places.sort_by_cached_key(|&(node, _)| texts.distinct().first(node));
    parallel::for_each(places.chunks_mut(256).collect(), |piece| {
        let (mut scratch, mut near) = (Scratch::default(), Near::default());
        texts.load(&mut near, piece.iter().map(|&(node, _)| node));
        let done = piece.len();
        for (node, place) in piece {
            scratch.shingles.clear();
            sketch(&mut scratch, &texts.article_near(&near, *node), place);
        }
        observer.advance(done);
    });
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
