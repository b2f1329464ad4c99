//! Candidates to verified pairs, counted exactly on the texts.

use crate::align::{Aligner, Evidence, Measure, Overlap, Relation, Workspace};
use crate::align::{jaccard_at_least, overlap};

use super::settings::Settings;

/// Two articles that are related, with what is known of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verified {
    pub(super) relation: Relation,
    pub(super) evidence: Evidence,
}

/// The scratch space of one thread, which holds one article to compare others with.
#[derive(Debug, Default)]
pub(super) struct Verifier {
    workspace: Workspace,
    aligned: bool,
    shingles: [Vec<u64>; 2],
}

impl Verifier {
    /// Takes the article that the next ones are compared with.
    pub(super) fn prepare(&mut self, settings: &Settings, a: &[u32]) {
        self.aligned = false;
        self.shingles[0].clear();
        if settings.rules.measure == Measure::Coverage {
            self.align_with(&settings.aligner, a);
        } else {
            self.shingle(settings, 0, a);
        }
    }

    fn align_with(&mut self, aligner: &Aligner, a: &[u32]) {
        if !self.aligned {
            aligner.prepare(&mut self.workspace, a);
            self.aligned = true;
        }
    }

    /// The sorted set of an article's shingles.
    fn shingle(&mut self, settings: &Settings, side: usize, tokens: &[u32]) {
        let set = &mut self.shingles[side];
        set.clear();
        settings.shingler.append(tokens, set);
        set.sort_unstable();
        set.dedup();
    }

    /// Whether and how the prepared article `a` is related to `b`. What the measure asks for is
    /// counted first, and the rest of the evidence only for related articles.
    pub(super) fn verify(&mut self, settings: &Settings, a: &[u32], b: &[u32]) -> Option<Verified> {
        let rules = &settings.rules;
        let mut evidence = nothing_yet(a, b);
        if rules.measure == Measure::Coverage {
            self.align(settings, a, b, &mut evidence);
            let relation = rules.relation(&evidence)?;
            self.count(settings, a, b, &mut evidence);
            return Some(Verified { relation, evidence });
        }
        self.shingle(settings, 1, b);
        let [of_a, of_b] = &self.shingles;
        let only_jaccard = rules.measure == Measure::Jaccard && rules.excerpt.is_none();
        evidence.overlap = if only_jaccard && rules.overlap.is_none() {
            jaccard_at_least(of_a, of_b, rules.threshold)?
        } else {
            overlap(of_a, of_b)
        };
        if rules.overlap.is_none() {
            rules.relation(&evidence)?;
        }
        self.align(settings, a, b, &mut evidence);
        let relation = rules.relation(&evidence)?;
        Some(Verified { relation, evidence })
    }

    /// The evidence for a pair, whether or not it is related.
    pub(super) fn compare(&mut self, settings: &Settings, a: &[u32], b: &[u32]) -> Evidence {
        let mut evidence = nothing_yet(a, b);
        self.align(settings, a, b, &mut evidence);
        self.count(settings, a, b, &mut evidence);
        evidence
    }

    fn align(&mut self, settings: &Settings, a: &[u32], b: &[u32], evidence: &mut Evidence) {
        self.align_with(&settings.aligner, a);
        let alignment = settings.aligner.align(&mut self.workspace, a, b);
        evidence.covered_a = alignment.covered_a();
        evidence.covered_b = alignment.covered_b();
        evidence.longest_passage = alignment.longest_run();
        if evidence.identical {
            // Also where the texts are too short, or too repetitive, to align.
            evidence.covered_a = a.len();
            evidence.covered_b = b.len();
            evidence.longest_passage = a.len();
        }
    }

    fn count(&mut self, settings: &Settings, a: &[u32], b: &[u32], evidence: &mut Evidence) {
        if self.shingles[0].is_empty() {
            self.shingle(settings, 0, a);
        }
        self.shingle(settings, 1, b);
        evidence.overlap = overlap(&self.shingles[0], &self.shingles[1]);
    }
}

/// The evidence for a pair before anything is counted.
fn nothing_yet(a: &[u32], b: &[u32]) -> Evidence {
    Evidence {
        identical: a == b,
        tokens_a: a.len(),
        tokens_b: b.len(),
        covered_a: 0,
        covered_b: 0,
        longest_passage: 0,
        overlap: Overlap { a: 0, b: 0, shared: 0 },
    }
}
