//! All articles at once: distinct texts, candidates, verified pairs, groups.

use std::ops::Range;

use crate::align::{Measure, Relation};
use crate::cluster::{self, Edge, Group, Link, Node};
use crate::furniture::{Furniture, Learner};
use crate::lsh::containment::{Part, SharedSamples};
use crate::lsh::{CandidatePairs, Limited};
use crate::parallel;

use super::bands::Bands;
use super::corpus::{Corpus, Rows};
use super::distinct::Distinct;
use super::moulds;
use super::near::Near;
use super::order::by_component;
use super::pairs::VerifiedPairs;
use super::samples::{NearSamples, NodeSamples};
use super::settings::{Furnishing, Settings, Signature};
use super::signatures::Signatures;
use super::texts::{AHEAD, Texts, narrow};
use super::verify::Verifier;
use super::work::{Compared, Furnished, Work, kept};

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
    /// A stage begins, or another part of it, with this many steps to do, or 0 when that is not
    /// known. The steps are articles, but pairs in [`Stage::Verify`] and clusters in
    /// [`Stage::Cluster`].
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
    pub(super) pairs: VerifiedPairs,
    pub(super) groups: Vec<Group>,
    pub(super) shingles: usize,
    pub(super) candidates: usize,
    pub(super) limited: Limited,
}

impl Run {
    /// What is kept in a work folder is taken from there.
    pub(super) fn new(
        settings: &Settings,
        corpus: &Corpus,
        work: Option<&Work>,
        observer: &dyn Observer,
    ) -> Self {
        observer.begin(Stage::Sketch, 0);
        let distinct = Distinct::new(corpus);
        let mut texts = Texts::new(settings, corpus, &distinct);
        let news = texts.left_aside();
        observer.begin(Stage::Furniture, 0);
        let mut shared = None;
        let Furnished { furniture, marks } = kept(work, || {
            let (furnished, found) = furniture(settings, &texts);
            shared = found;
            furnished
        });
        if !furniture.is_empty() {
            texts.leave_aside_and_sample(settings, marks);
        }
        let Compared { mut pairs, candidates, limited } =
            kept(work, || compare(settings, &texts, work, observer, shared));
        observer.begin(Stage::Cluster, 0);
        let mut groups = group(settings, &texts, &pairs);
        let mut moulds = Vec::new();
        // What is left of one mould may be the group in which another one is found.
        while matches!(settings.furniture, Furnishing::Learn) && moulds.len() < MOULDS {
            let mut found = moulds::find(settings, &texts, &pairs, &groups);
            if found.is_empty() {
                break;
            }
            let Some(changed) = moulds::mark(settings, &mut texts, &mut found) else { break };
            moulds.append(&mut found);
            pairs = verify_again(settings, &texts, pairs, &changed);
            groups = group(settings, &texts, &pairs);
        }
        let aside_words = texts.left_aside() - news;
        let nodes = 0..narrow(texts.len());
        let shingles = nodes.clone().map(|node| settings.sampled.count(texts.length(node))).sum();
        let own = nodes.map(|node| narrow(texts.own(node))).collect();
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
            candidates,
            limited,
        }
    }

    /// Whether anything was left aside in a node.
    pub(super) fn has_aside(&self, node: u32) -> bool {
        self.aside.len() > 0 && !self.aside.row(node as usize).is_empty()
    }
}

/// Furniture and its marks, with the shingles that the samples of the texts share, if these came up
/// on the way and no mark changes them.
fn furniture(settings: &Settings, texts: &Texts<'_>) -> (Furnished, Option<SharedSamples>) {
    let mut shared = None;
    let furniture = match (&settings.furniture, texts.samples()) {
        (Furnishing::Off, _) | (_, None) => Furniture::default(),
        (Furnishing::Known(furniture), _) => furniture.clone(),
        (Furnishing::Learn, Some(samples)) => {
            let first = samples.first(Learner::MOST);
            let among = first.shared();
            let furniture = texts.learn(settings, &first, &among);
            let is_all = furniture.is_empty() && first.order.len() == samples.len();
            shared = Some(among).filter(|_| is_all);
            furniture
        }
    };
    let marks = texts.marks(settings, &furniture);
    (Furnished { furniture, marks }, shared)
}

/// Finds candidates and verifies them. What the samples of the texts share may be known.
fn compare(
    settings: &Settings,
    texts: &Texts<'_>,
    work: Option<&Work>,
    observer: &dyn Observer,
    shared: Option<SharedSamples>,
) -> Compared {
    let all: Vec<u32> = (0..narrow(texts.len())).collect();
    let sign = || {
        observer.begin(Stage::Candidates, settings.signature.as_ref().map_or(0, |_| all.len()));
        let signatures = Signatures::new(settings, texts, &all, observer);
        observer.begin(Stage::Candidates, 0);
        signatures
    };
    let mut signatures = None;
    let CandidatePairs { pairs, limited } = kept(work, || {
        let signatures = signatures.insert(sign());
        let samples = texts.samples();
        let shared = shared.or_else(|| Some(samples?.shared())).unwrap_or_default();
        let sampled = samples.map(NodeSamples::shingles).unwrap_or_default();
        signatures.candidates(settings, &sampled, &shared)
    });
    let outlook = Outlook::new(settings, texts, || signatures.get_or_insert_with(sign));
    observer.begin(Stage::Verify, pairs.len());
    let verified = verify(settings, texts, outlook, &pairs, observer);
    Compared { pairs: verified, candidates: pairs.len(), limited }
}

/// What tells that candidates are strangers, before their texts are looked at.
#[derive(Clone, Copy, Debug)]
enum Outlook<'r> {
    Unknown,
    /// Where they have sampled shingles in common, and where not.
    Samples(&'r NodeSamples<'r>),
    /// Signatures of `count` slots, of which related texts have `least` in common.
    Slots {
        bands: &'r Bands,
        count: usize,
        least: usize,
    },
}

impl<'r> Outlook<'r> {
    /// Standard deviations below the expected number of equal slots at which a pair is given up:
    /// a chance of 1 in 30,000 for one exactly at the threshold.
    const DEVIATIONS: f64 = 4.0;

    fn new(
        settings: &Settings,
        texts: &'r Texts<'_>,
        signatures: impl FnOnce() -> &'r mut Signatures,
    ) -> Self {
        let rules = &settings.rules;
        match &settings.signature {
            Some(Signature::MinHash { sketch, .. }) if rules.is_jaccard_alone() => {
                let count = sketch.slots();
                let expected = count as f64 * rules.threshold;
                let deviation = (expected * (1.0 - rules.threshold)).sqrt();
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "at most the number of slots, and not negative"
                )]
                let least = (expected - Self::DEVIATIONS * deviation).max(0.0) as usize;
                match signatures() {
                    Signatures::MinHash(bands) => Self::Slots { bands, count, least },
                    _ => Self::Unknown,
                }
            }
            _ if rules.measure == Measure::Coverage && rules.overlap.is_none() => {
                texts.samples().map_or(Self::Unknown, Self::Samples)
            }
            _ => Self::Unknown,
        }
    }
}

/// What a thread needs to verify.
#[derive(Debug, Default)]
struct Scratch {
    verifier: Verifier,
    near: Near,
    near_samples: NearSamples,
    near_slots: Near,
    worth_it: Vec<(u32, u32)>,
}

/// Verifies candidates, ascending. Those that are told to be strangers without a look at their
/// texts are left out.
fn verify(
    settings: &Settings,
    texts: &Texts<'_>,
    outlook: Outlook<'_>,
    candidates: &[(u32, u32)],
    observer: &dyn Observer,
) -> VerifiedPairs {
    let order = by_component(candidates, texts.len());
    let pieces = parallel::chunks(order.len(), 512);
    let found = parallel::map_with(&pieces, Scratch::default, |scratch, piece| {
        let pairs = order[piece.clone()].iter().map(|&index| candidates[index as usize]);
        look_out(settings, texts, outlook, pairs, scratch);
        let Scratch { verifier, near, worth_it, .. } = scratch;
        texts.load(near, worth_it.iter().flat_map(|&(a, b)| [a, b]));
        let mut verified = Vec::new();
        let mut prepared = None;
        for (index, &pair) in worth_it.iter().enumerate() {
            if let Some(&(a, b)) = worth_it.get(index + AHEAD) {
                texts.prefetch(b);
                texts.prefetch(a);
            }
            let (a, b) = (texts.article_near(near, pair.0), texts.article_near(near, pair.1));
            if prepared != Some(pair.0) {
                prepared = Some(pair.0);
                verifier.prepare();
            }
            verified.extend(verifier.verify(settings, &a, &b).map(|found| (pair, found.into())));
        }
        observer.advance(piece.len());
        verified
    });
    VerifiedPairs::new(found)
}

/// Finds the pairs that are worth verifying.
fn look_out(
    settings: &Settings,
    texts: &Texts<'_>,
    outlook: Outlook<'_>,
    pairs: impl Iterator<Item = (u32, u32)> + Clone,
    scratch: &mut Scratch,
) {
    let Scratch { verifier, near_samples: near, near_slots, worth_it, .. } = scratch;
    worth_it.clear();
    let samples = match outlook {
        Outlook::Unknown => return worth_it.extend(pairs),
        Outlook::Slots { bands, count, least } => {
            bands.load(near_slots, pairs.clone().flat_map(|(a, b)| [a, b]));
            let mut ahead = pairs.clone().skip(AHEAD);
            return worth_it.extend(pairs.filter(|&(a, b)| {
                if let Some((a, b)) = ahead.next() {
                    bands.prefetch(a);
                    bands.prefetch(b);
                }
                bands.equal(near_slots, a, b, count) >= least
            }));
        }
        Outlook::Samples(samples) => samples,
    };
    samples.load(near, pairs.clone().flat_map(|(a, b)| [a, b]));
    let mut ahead = pairs.clone().skip(AHEAD);
    let mut prepared = None;
    for pair in pairs {
        if let Some((a, b)) = ahead.next() {
            samples.prefetch(a);
            samples.prefetch(b);
        }
        if prepared != Some(pair.0) {
            prepared = Some(pair.0);
            verifier.prepare_sample(Part::of_row(&samples.of(near, pair.0)));
        }
        let sample = samples.of(near, pair.1);
        if verifier.is_worth_it(settings, texts, pair, Part::of_row(&sample)) {
            worth_it.push(pair);
        }
    }
}

/// Verifies the pairs of texts that have changed, and those among them that are candidates now:
/// what is left aside in them hid the rest from the index.
fn verify_again(
    settings: &Settings,
    texts: &Texts<'_>,
    pairs: VerifiedPairs,
    changed: &[bool],
) -> VerifiedPairs {
    let nodes: Vec<u32> = (0..narrow(texts.len())).filter(|&node| changed[node as usize]).collect();
    let samples = texts.sample(settings, &nodes);
    let signatures = Signatures::new(settings, texts, &nodes, &Nobody);
    let candidates =
        signatures.candidates(settings, samples.shingles(), &SharedSamples::new(&samples));
    let candidates = candidates.pairs.iter().map(|&(a, b)| (nodes[a as usize], nodes[b as usize]));
    let is_changed = |pair: &(u32, u32)| changed[pair.0 as usize] || changed[pair.1 as usize];
    let mut again: Vec<(u32, u32)> =
        pairs.iter().map(|(pair, _)| pair).filter(is_changed).chain(candidates).collect();
    parallel::sort(&mut again);
    again.dedup();
    let again = verify(settings, texts, Outlook::Unknown, &again, &Nobody);
    pairs.replaced(is_changed, again)
}

fn group(settings: &Settings, texts: &Texts<'_>, pairs: &VerifiedPairs) -> Vec<Group> {
    let nodes: Vec<Node> = (0..narrow(texts.len()))
        .map(|node| Node {
            copies: narrow(texts.distinct().articles(node).len()),
            tokens: narrow(texts.own(node)),
            content: texts.distinct().fingerprint(node),
        })
        .collect();
    let edges: Vec<Edge> = pairs
        .iter()
        .filter_map(|((a, b), verified)| {
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
