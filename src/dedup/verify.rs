//! Candidates to verified pairs, counted exactly on the texts.

use std::ops::Range;

use crate::align::{Aligner, Evidence, Measure, Overlap, Relation, Workspace};
use crate::align::{jaccard_at_least, overlap};

use super::settings::Settings;

/// An article as it is compared: its tokens, and which of them are no part of the writing, as
/// ascending ranges.
#[derive(Clone, Copy, Debug)]
pub(super) struct Article<'c> {
    pub(super) tokens: &'c [u32],
    pub(super) aside: &'c [Range<u32>],
}

impl Article<'_> {
    /// How many of the tokens count.
    pub(super) fn own(&self) -> usize {
        self.tokens.len() - self.aside.iter().map(Range::len).sum::<usize>()
    }
}

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
    pub(super) fn prepare(&mut self, settings: &Settings, a: Article<'_>) {
        self.aligned = false;
        self.shingles[0].clear();
        if settings.rules.measure == Measure::Coverage {
            self.align_with(&settings.aligner, a);
        } else {
            self.shingle(settings, 0, a);
        }
    }

    fn align_with(&mut self, aligner: &Aligner, a: Article<'_>) {
        if !self.aligned {
            aligner.prepare(&mut self.workspace, a.tokens);
            self.aligned = true;
        }
    }

    /// The sorted set of an article's shingles, furniture included: Jaccard and containment are
    /// what everybody else computes.
    fn shingle(&mut self, settings: &Settings, side: usize, article: Article<'_>) {
        let set = &mut self.shingles[side];
        set.clear();
        settings.shingler.append(article.tokens, set);
        set.sort_unstable();
        set.dedup();
    }

    /// Whether and how the prepared article `a` is related to `b`. What the measure asks for is
    /// counted first, and the rest of the evidence only for related articles.
    pub(super) fn verify(
        &mut self,
        settings: &Settings,
        a: Article<'_>,
        b: Article<'_>,
    ) -> Option<Verified> {
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
    pub(super) fn compare(
        &mut self,
        settings: &Settings,
        a: Article<'_>,
        b: Article<'_>,
    ) -> Evidence {
        self.prepare(settings, a);
        let mut evidence = nothing_yet(a, b);
        self.align(settings, a, b, &mut evidence);
        self.count(settings, a, b, &mut evidence);
        evidence
    }

    fn align(
        &mut self,
        settings: &Settings,
        a: Article<'_>,
        b: Article<'_>,
        evidence: &mut Evidence,
    ) {
        if evidence.identical {
            // Also where the texts are too short, or too repetitive, to align.
            evidence.covered_a = evidence.tokens_a;
            evidence.covered_b = evidence.tokens_b;
            evidence.longest_passage = evidence.tokens_a;
            return;
        }
        self.align_with(&settings.aligner, a);
        let aside = [a.aside, b.aside];
        let alignment = settings.aligner.align_own(&mut self.workspace, a.tokens, b.tokens, aside);
        evidence.covered_a = alignment.covered_a();
        evidence.covered_b = alignment.covered_b();
        evidence.longest_passage = alignment.longest_run();
    }

    fn count(
        &mut self,
        settings: &Settings,
        a: Article<'_>,
        b: Article<'_>,
        evidence: &mut Evidence,
    ) {
        if self.shingles[0].is_empty() {
            self.shingle(settings, 0, a);
        }
        self.shingle(settings, 1, b);
        evidence.overlap = overlap(&self.shingles[0], &self.shingles[1]);
    }
}

/// The evidence for a pair before anything is counted.
fn nothing_yet(a: Article<'_>, b: Article<'_>) -> Evidence {
    Evidence {
        identical: a.tokens == b.tokens,
        tokens_a: a.own(),
        tokens_b: b.own(),
        covered_a: 0,
        covered_b: 0,
        longest_passage: 0,
        overlap: Overlap { a: 0, b: 0, shared: 0 },
    }
}
