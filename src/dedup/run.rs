//! All articles at once: distinct texts, candidates, verified pairs, groups.

use std::ops::Range;

use crate::align::Relation;
use crate::cluster::{self, Edge, Group, Link, Node};
use crate::lsh::containment::SortedSamples;
use crate::lsh::{CandidatePairs, Limited};
use crate::parallel;

use super::corpus::{Corpus, Distinct};
use super::settings::{Settings, Signature};
use super::verify::{Verified, Verifier};

/// A stage of [`Deduper::clusters`](super::Deduper::clusters).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Finding equal articles, and sketching the distinct ones.
    Sketch,
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
        let sketches = Sketches::new(settings, corpus, &distinct);
        observer.begin(Stage::Candidates, 0);
        let candidates = sketches.candidates(settings);
        let shingles = sketches.shingles.iter().map(|&count| count as usize).sum();
        drop(sketches);
        observer.begin(Stage::Verify, candidates.pairs.len());
        let pairs = verify(settings, corpus, &distinct, &candidates.pairs, observer);
        observer.begin(Stage::Cluster, 0);
        let groups = group(settings, corpus, &distinct, &pairs);
        Self {
            distinct,
            pairs,
            groups,
            shingles,
            candidates: candidates.pairs.len(),
            limited: candidates.limited,
        }
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

/// The sketches of all nodes.
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
    fn new(settings: &Settings, corpus: &Corpus, distinct: &Distinct) -> Self {
        let pieces = parallel::chunks(distinct.len(), 256);
        let parts = parallel::map_with(&pieces, Vec::new, |shingles, piece| {
            Self::of(settings, corpus, distinct, piece.clone(), shingles)
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

    fn empty() -> Self {
        Self {
            shingles: Vec::new(),
            samples: Vec::new(),
            starts: vec![0],
            slots: Vec::new(),
            words: Vec::new(),
        }
    }

    fn of(
        settings: &Settings,
        corpus: &Corpus,
        distinct: &Distinct,
        nodes: Range<usize>,
        shingles: &mut Vec<u64>,
    ) -> Self {
        let mut part = Self::empty();
        for node in nodes {
            #[expect(clippy::cast_possible_truncation, reason = "fewer than 2^32 articles")]
            let tokens = corpus.tokens(distinct.first(node as u32));
            shingles.clear();
            settings.sampled.append(tokens, shingles);
            part.shingles.push(u32::try_from(shingles.len()).unwrap_or(u32::MAX));
            settings.containment.sample(shingles, &mut part.samples);
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

    fn candidates(&self, settings: &Settings) -> CandidatePairs {
        let samples = SortedSamples::new(&self.starts, &self.samples);
        let mut all = settings.containment.pairs(&self.shingles, &samples);
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
    corpus: &Corpus,
    distinct: &Distinct,
    candidates: &[(u32, u32)],
    observer: &dyn Observer,
) -> Vec<((u32, u32), Verified)> {
    // Large groups are cut, so that threads can share them.
    let pieces: Vec<&[(u32, u32)]> =
        candidates.chunk_by(|x, y| x.0 == y.0).flat_map(|partners| partners.chunks(256)).collect();
    let tokens = |node: u32| corpus.tokens(distinct.first(node));
    parallel::map_with(&pieces, Verifier::default, |verifier, piece| {
        let a = tokens(piece[0].0);
        verifier.prepare(settings, a);
        let verified: Vec<_> = piece
            .iter()
            .filter_map(|&pair| Some((pair, verifier.verify(settings, a, tokens(pair.1))?)))
            .collect();
        observer.advance(piece.len());
        verified
    })
    .concat()
}

fn group(
    settings: &Settings,
    corpus: &Corpus,
    distinct: &Distinct,
    pairs: &[((u32, u32), Verified)],
) -> Vec<Group> {
    let narrow = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let nodes: Vec<Node> = (0..narrow(distinct.len()))
        .map(|node| Node {
            copies: narrow(distinct.articles(node).len()),
            tokens: narrow(corpus.tokens(distinct.first(node)).len()),
            content: distinct.fingerprint(node),
        })
        .collect();
    let edges: Vec<Edge> = pairs
        .iter()
        .filter_map(|&((a, b), verified)| match verified.relation {
            Relation::Identical | Relation::Reprint => Some(Edge { a, b, link: Link::Same }),
            Relation::Excerpt => Some(Edge { a, b, link: Link::Part }),
            Relation::Extended => Some(Edge { a: b, b: a, link: Link::Part }),
            Relation::Overlap => None,
        })
        .collect();
    cluster::group(&nodes, &edges, settings.grouping)
}
