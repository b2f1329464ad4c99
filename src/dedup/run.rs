//! All articles at once: distinct texts, candidates, verified pairs, groups.

use std::ops::Range;

use crate::align::Relation;
use crate::cluster::{self, Edge, Group, Link, Node};
use crate::furniture::Furniture;
use crate::lsh::containment::SortedSamples;
use crate::lsh::{CandidatePairs, Limited};
use crate::parallel;

use super::corpus::{Corpus, Distinct, Rows};
use super::moulds;
use super::settings::{Furnishing, Settings, Signature};
use super::texts::{Texts, leave_out, narrow};
use super::verify::{Article, Verified, Verifier};

/// How many moulds are looked for, at most.
const MOULDS: usize = 1000;

/// A stage of [`Deduper::clusters`](super::Deduper::clusters).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Finding equal articles, and sketching the distinct ones.
    Sketch,
    /// Learning what the corpus repeats around its articles.
    Furniture,
    /// Asking the indexes for candidates.
    Candidates,
    /// Verifying the candidates on the texts.
    Verify,
    /// Grouping the verified pairs.
    Cluster,
}

impl Stage {
    /// The name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sketch => "sketch",
            Self::Furniture => "furniture",
            Self::Candidates => "candidates",
            Self::Verify => "verify",
            Self::Cluster => "cluster",
        }
    }
}

/// Somebody who is told how far the work is. Calls come from several threads.
pub trait Observer: Sync {
    /// A stage begins, with this many steps to do, or 0 when that is not known.
    fn begin(&self, stage: Stage, steps: usize) {
        let _ = (stage, steps);
    }

    /// Some more steps of the stage are done.
    fn advance(&self, steps: usize) {
        let _ = steps;
    }
}

/// Nobody looks.
pub(super) struct Nobody;

impl Observer for Nobody {}

/// What a run over all articles found. Nodes are distinct texts.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) distinct: Distinct,
    /// By node, the tokens that count.
    pub(super) own: Vec<u32>,
    /// Tokens that were left aside as news lines, and then as furniture.
    pub(super) news: usize,
    pub(super) aside_words: usize,
    /// By node, what was left aside; no rows when nothing was. For the reports.
    pub(super) aside: Rows<Range<u32>>,
    pub(super) furniture: Furniture,
    pub(super) moulds: Vec<moulds::Found>,
    /// Verified pairs of nodes, the lower one first, ascending.
    pub(super) pairs: Vec<((u32, u32), Verified)>,
    pub(super) groups: Vec<Group>,
    pub(super) shingles: usize,
    pub(super) candidates: usize,
    pub(super) limited: Limited,
}

impl Run {
    pub(super) fn new(settings: &Settings, corpus: &Corpus, observer: &dyn Observer) -> Self {
        observer.begin(Stage::Sketch, 0);
        let distinct = corpus.distinct();
        let mut texts = Texts::new(settings, corpus, &distinct);
        let news = texts.left_aside();
        let all: Vec<u32> = (0..narrow(texts.len())).collect();
        let mut sketches = Sketches::new(settings, &texts, &all);
        let mut samples = sketches.sorted_samples();
        observer.begin(Stage::Furniture, 0);
        let furniture = match &settings.furniture {
            Furnishing::Off => Furniture::default(),
            Furnishing::Known(furniture) => furniture.clone(),
            Furnishing::Learn => texts.learn(settings, &samples),
        };
        if !furniture.is_empty() {
            let marked = texts.mark(settings, &furniture);
            sketches.sample_again(settings, &texts, &marked);
            samples = sketches.sorted_samples();
        }
        observer.begin(Stage::Candidates, 0);
        let candidates = sketches.candidates(settings, &samples);
        let shingles = sketches.shingles.iter().map(|&count| count as usize).sum();
        drop((sketches, samples));
        observer.begin(Stage::Verify, candidates.pairs.len());
        let mut pairs = verify(settings, &texts, &candidates.pairs, observer);
        observer.begin(Stage::Cluster, 0);
        let mut groups = group(settings, &texts, &pairs);
        let mut moulds = Vec::new();
        // What is left of one mould may be the group in which another one is found.
        while matches!(settings.furniture, Furnishing::Learn) && moulds.len() < MOULDS {
            let mut found = moulds::find(settings, &texts, &groups);
            if found.is_empty() {
                break;
            }
            let Some(changed) = moulds::mark(settings, &mut texts, &mut found) else { break };
            moulds.append(&mut found);
            pairs = verify_again(settings, &texts, pairs, &changed);
            groups = group(settings, &texts, &pairs);
        }
        let aside_words = texts.left_aside() - news;
        let own = (0..narrow(texts.len())).map(|node| narrow(texts.article(node).own())).collect();
        let aside = texts.into_aside();
        Self {
            distinct,
            own,
            news,
            aside_words,
            aside,
            furniture,
            moulds,
            pairs,
            groups,
            shingles,
            candidates: candidates.pairs.len(),
            limited: candidates.limited,
        }
    }

    /// Whether anything was left aside in a node.
    pub(super) fn has_aside(&self, node: u32) -> bool {
        self.aside.len() > 0 && !self.aside.row(node as usize).is_empty()
    }

    /// What is known of a pair of nodes, seen from the first.
    pub(super) fn verified(&self, a: u32, b: u32) -> Option<Verified> {
        let key = (a.min(b), a.max(b));
        let index = self.pairs.binary_search_by_key(&key, |&(pair, _)| pair).ok()?;
        let verified = self.pairs[index].1;
        Some(if a < b { verified } else { verified.swapped() })
    }
}

impl Verified {
    pub(super) fn swapped(self) -> Self {
        Self { relation: self.relation.swapped(), evidence: self.evidence.swapped() }
    }
}

/// The sketches of some nodes, all of them or those that have changed.
struct Sketches {
    /// Shingles of each node.
    shingles: Vec<u32>,
    /// Samples for the containment index, and where those of each node start.
    samples: Vec<u32>,
    starts: Vec<usize>,
    slots: Vec<u32>,
    words: Vec<u64>,
}

impl Sketches {
    fn new(settings: &Settings, texts: &Texts<'_>, nodes: &[u32]) -> Self {
        let pieces: Vec<&[u32]> = nodes.chunks(256).collect();
        let parts = parallel::map_with(&pieces, Vec::new, |shingles, piece| {
            Self::of(settings, texts, piece, shingles)
        });
        let mut all = Self::empty();
        for part in parts {
            let start = all.samples.len();
            all.starts.extend(part.starts[1..].iter().map(|end| start + end));
            all.shingles.extend(part.shingles);
            all.samples.extend(part.samples);
            all.slots.extend(part.slots);
            all.words.extend(part.words);
        }
        all
    }

    /// Takes new samples of some nodes, ascending. Signatures are of whole texts and stay.
    fn sample_again(&mut self, settings: &Settings, texts: &Texts<'_>, nodes: &[u32]) {
        let changed = Self::new(settings, texts, nodes);
        let mut samples = Vec::with_capacity(self.samples.len());
        let mut starts = vec![0];
        let mut next = nodes.iter().zip(0..).peekable();
        for node in 0..self.shingles.len() {
            let (from, index): (&Self, usize) = match next.next_if(|&(&of, _)| of as usize == node)
            {
                Some((_, index)) => (&changed, index),
                None => (&*self, node),
            };
            samples.extend_from_slice(&from.samples[from.starts[index]..from.starts[index + 1]]);
            starts.push(samples.len());
        }
        for (&node, &shingles) in nodes.iter().zip(&changed.shingles) {
            self.shingles[node as usize] = shingles;
        }
        (self.samples, self.starts) = (samples, starts);
    }

    fn empty() -> Self {
        Self {
            shingles: Vec::new(),
            samples: Vec::new(),
            starts: vec![0],
            slots: Vec::new(),
            words: Vec::new(),
        }
    }

    fn of(settings: &Settings, texts: &Texts<'_>, nodes: &[u32], shingles: &mut Vec<u64>) -> Self {
        let mut part = Self::empty();
        for &node in nodes {
            let Article { tokens, aside } = texts.article(node);
            shingles.clear();
            settings.sampled.append(tokens, shingles);
            leave_out(shingles, aside, settings.sampled.size());
            part.shingles.push(settings.containment.sample(shingles, &mut part.samples));
            part.starts.push(part.samples.len());
            match &settings.signature {
                None => {}
                Some(Signature::MinHash { sketch, .. }) => {
                    shingles.clear();
                    settings.shingler.append(tokens, shingles);
                    let start = part.slots.len();
                    part.slots.resize(start + sketch.slots(), 0);
                    sketch.sketch_into(shingles, &mut part.slots[start..]);
                }
                Some(Signature::SimHash { sketch, .. }) => {
                    shingles.clear();
                    settings.words.append(tokens, shingles);
                    part.words.extend(sketch.signature(shingles).words());
                }
            }
        }
        part
    }

    fn sorted_samples(&self) -> SortedSamples {
        SortedSamples::new(&self.starts, &self.samples)
    }

    fn candidates(&self, settings: &Settings, samples: &SortedSamples) -> CandidatePairs {
        let mut all = settings.containment.pairs(&self.shingles, samples);
        let found = match &settings.signature {
            None => return all,
            Some(Signature::MinHash { sketch, banding }) => {
                banding.pairs(&self.slots, sketch.slots(), settings.bucket_limit, |_| true)
            }
            Some(Signature::SimHash { blocks, .. }) => {
                blocks.pairs(&self.words, settings.bucket_limit, |_| true)
            }
        };
        all.limited.merge(&found.limited);
        all.pairs.extend(found.pairs);
        parallel::sort(&mut all.pairs);
        all.pairs.dedup();
        all
    }
}

/// Verifies candidates, sorted by their first node: it is prepared once for all its partners.
fn verify(
    settings: &Settings,
    texts: &Texts<'_>,
    candidates: &[(u32, u32)],
    observer: &dyn Observer,
) -> Vec<((u32, u32), Verified)> {
    // Large groups are cut, so that threads can share them.
    let pieces: Vec<&[(u32, u32)]> =
        candidates.chunk_by(|x, y| x.0 == y.0).flat_map(|partners| partners.chunks(256)).collect();
    parallel::map_with(&pieces, Verifier::default, |verifier, piece| {
        let a = texts.article(piece[0].0);
        verifier.prepare(settings, a);
        let verified: Vec<_> = piece
            .iter()
            .filter_map(|&pair| Some((pair, verifier.verify(settings, a, texts.article(pair.1))?)))
            .collect();
        observer.advance(piece.len());
        verified
    })
    .concat()
}

/// Verifies the pairs of texts that have changed, and those among them that are candidates now:
/// what is left aside in them hid the rest from the index.
fn verify_again(
    settings: &Settings,
    texts: &Texts<'_>,
    pairs: Vec<((u32, u32), Verified)>,
    changed: &[bool],
) -> Vec<((u32, u32), Verified)> {
    let nodes: Vec<u32> = (0..narrow(texts.len())).filter(|&node| changed[node as usize]).collect();
    let sketches = Sketches::new(settings, texts, &nodes);
    let candidates = sketches.candidates(settings, &sketches.sorted_samples());
    let candidates = candidates.pairs.iter().map(|&(a, b)| (nodes[a as usize], nodes[b as usize]));
    let is_changed = |pair: &(u32, u32)| changed[pair.0 as usize] || changed[pair.1 as usize];
    let mut again: Vec<(u32, u32)> =
        pairs.iter().map(|&(pair, _)| pair).filter(is_changed).chain(candidates).collect();
    parallel::sort(&mut again);
    again.dedup();
    let mut pairs: Vec<_> = pairs.into_iter().filter(|(pair, _)| !is_changed(pair)).collect();
    pairs.extend(verify(settings, texts, &again, &Nobody));
    pairs.sort_unstable_by_key(|&(pair, _)| pair);
    pairs
}

fn group(settings: &Settings, texts: &Texts<'_>, pairs: &[((u32, u32), Verified)]) -> Vec<Group> {
    let nodes: Vec<Node> = (0..narrow(texts.len()))
        .map(|node| Node {
            copies: narrow(texts.distinct().articles(node).len()),
            tokens: narrow(texts.article(node).own()),
            content: texts.distinct().fingerprint(node),
        })
        .collect();
    let edges: Vec<Edge> = pairs
        .iter()
        .filter_map(|&((a, b), verified)| {
            // What the longer one has beside the shorter one sets them apart.
            let evidence = &verified.evidence;
            let less = evidence.coverage_a().min(evidence.coverage_b());
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 0 and a million"
            )]
            let closeness = (less * 1e6) as u32;
            match verified.relation {
                Relation::Identical | Relation::Reprint => {
                    Some(Edge { a, b, link: Link::Same, closeness })
                }
                Relation::Excerpt => Some(Edge { a, b, link: Link::Part, closeness }),
                Relation::Extended => Some(Edge { a: b, b: a, link: Link::Part, closeness }),
                Relation::Overlap => None,
            }
        })
        .collect();
    cluster::group(&nodes, &edges, settings.grouping)
}
