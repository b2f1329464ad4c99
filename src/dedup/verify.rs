//! Candidates to verified pairs, counted exactly on the texts.

use std::borrow::Cow;
use std::ops::Range;

use crate::align::{Aligner, Evidence, Measure, Outlook, Overlap, Relation, ShingleSet, Workspace};
use crate::lsh::containment::Part;

use super::settings::Settings;
use super::texts::Texts;

/// An article as it is compared: its tokens, and which of them are no part of the writing, as
/// ascending ranges.
#[derive(Clone, Debug)]
pub(super) struct Article<'c> {
    pub(super) tokens: Cow<'c, [u32]>,
    pub(super) aside: &'c [Range<u32>],
}

/// How many of so many tokens count, when some are left aside.
pub(super) fn own(tokens: usize, aside: &[Range<u32>]) -> usize {
    tokens - aside.iter().map(Range::len).sum::<usize>()
}

/// Two articles that are related, with what is known of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verified {
    pub(super) relation: Relation,
    pub(super) evidence: Evidence,
}

impl Verified {
    pub(super) fn swapped(self) -> Self {
        Self { relation: self.relation.swapped(), evidence: self.evidence.swapped() }
    }
}

/// The scratch space of one thread, which holds one article to compare others with. What is
/// known of that article is computed when it is needed first.
#[derive(Debug, Default)]
pub(super) struct Verifier {
    workspace: Workspace,
    is_aligned: bool,
    set: ShingleSet,
    is_set: bool,
    shingles: Vec<u64>,
    outlook: Outlook,
}

impl Verifier {
    /// Takes the article that the next ones are compared with.
    pub(super) fn prepare(&mut self) {
        (self.is_aligned, self.is_set) = (false, false);
    }

    /// Takes the sample of the same article.
    pub(super) fn prepare_sample(&mut self, sample: Part<'_>) {
        self.outlook.read(sparse(sample));
    }

    /// Whether it is worth verifying a pair of nodes, of which the first was prepared, by the
    /// sample of the second.
    pub(super) fn is_worth_it(
        &mut self,
        settings: &Settings,
        texts: &Texts<'_>,
        (a, b): (u32, u32),
        sample: Part<'_>,
    ) -> bool {
        let evidence = counted(texts.own(a), texts.own(b));
        let aside = [texts.aside(a), texts.aside(b)];
        self.outlook.may_be_related(sparse(sample), &settings.rules, &evidence, aside)
    }

    /// Whether and how the prepared article `a` is related to `b`. What the measure asks for is
    /// counted, and more only for related articles; [`count`](Self::count) completes the rest.
    pub(super) fn verify(
        &mut self,
        settings: &Settings,
        a: &Article<'_>,
        b: &Article<'_>,
    ) -> Option<Verified> {
        let rules = &settings.rules;
        let mut evidence = compared(a, b);
        if rules.measure == Measure::Coverage {
            self.align(&settings.aligner, a, b, &mut evidence);
            let relation = rules.relation(&evidence)?;
            return Some(Verified { relation, evidence });
        }
        self.shingle(settings, a, b);
        if rules.is_jaccard_alone() {
            evidence.overlap = self.set.jaccard_at_least(&self.shingles, rules.threshold)?;
            let relation = rules.relation(&evidence)?;
            return Some(Verified { relation, evidence });
        }
        evidence.overlap = self.set.overlap(&self.shingles);
        if rules.overlap.is_none() {
            rules.relation(&evidence)?;
        }
        self.align(&settings.aligner, a, b, &mut evidence);
        let relation = rules.relation(&evidence)?;
        Some(Verified { relation, evidence })
    }

    /// Completes the evidence for a verified pair, of which `a`, the prepared article, is the
    /// second: counts the shingles, which coverage does not ask for, or aligns the texts, which
    /// Jaccard alone does not.
    pub(super) fn count(
        &mut self,
        settings: &Settings,
        a: &Article<'_>,
        b: &Article<'_>,
        verified: &mut Verified,
    ) {
        if settings.rules.measure == Measure::Coverage {
            self.shingle(settings, a, b);
            let Overlap { a, b, shared } = self.set.overlap(&self.shingles);
            verified.evidence.overlap = Overlap { a: b, b: a, shared };
        }
        if settings.rules.is_jaccard_alone() {
            let mut evidence = verified.evidence.swapped();
            self.align(&settings.aligner, a, b, &mut evidence);
            verified.evidence = evidence.swapped();
        }
    }

    /// The evidence for the prepared article `a` and another one, whether or not it is related.
    pub(super) fn compare(
        &mut self,
        settings: &Settings,
        a: &Article<'_>,
        b: &Article<'_>,
    ) -> Evidence {
        let mut evidence = compared(a, b);
        self.align(&settings.aligner, a, b, &mut evidence);
        self.shingle(settings, a, b);
        evidence.overlap = self.set.overlap(&self.shingles);
        evidence
    }

    fn align(
        &mut self,
        aligner: &Aligner,
        a: &Article<'_>,
        b: &Article<'_>,
        evidence: &mut Evidence,
    ) {
        if evidence.identical {
            // Also where the texts are too short, or too repetitive, to align.
            evidence.covered_a = evidence.tokens_a;
            evidence.covered_b = evidence.tokens_b;
            evidence.longest_passage = evidence.tokens_a;
            return;
        }
        if !self.is_aligned {
            aligner.prepare(&mut self.workspace, &a.tokens);
            self.is_aligned = true;
        }
        let aside = [a.aside, b.aside];
        let alignment = aligner.align_own(&mut self.workspace, &a.tokens, &b.tokens, aside);
        evidence.covered_a = alignment.covered_a();
        evidence.covered_b = alignment.covered_b();
        evidence.longest_passage = alignment.longest_run();
    }

    /// Takes the shingles of both articles, furniture included: Jaccard and containment are what
    /// everybody else computes.
    fn shingle(&mut self, settings: &Settings, a: &Article<'_>, b: &Article<'_>) {
        if !self.is_set {
            self.shingles.clear();
            settings.shingler.append(&a.tokens, &mut self.shingles);
            self.set.read(&self.shingles);
            self.is_set = true;
        }
        self.shingles.clear();
        settings.shingler.append(&b.tokens, &mut self.shingles);
    }
}

/// The sampled shingles that were sampled in articles of any length, by name and position.
fn sparse(sample: Part<'_>) -> impl Iterator<Item = (u32, u32)> {
    let sample = sample.hashes.iter().zip(sample.places());
    sample.filter(|(_, place)| place.is_sparse()).map(|(&hash, place)| (hash, place.position()))
}

/// The evidence for two articles of so many tokens that differ, before anything is counted.
fn counted(a: usize, b: usize) -> Evidence {
    Evidence {
        identical: false,
        tokens_a: a,
        tokens_b: b,
        covered_a: 0,
        covered_b: 0,
        longest_passage: 0,
        overlap: Overlap { a: 0, b: 0, shared: 0 },
    }
}

/// The same with what is seen at first sight.
fn compared(a: &Article<'_>, b: &Article<'_>) -> Evidence {
    let identical = a.tokens == b.tokens;
    let own = |article: &Article<'_>| own(article.tokens.len(), article.aside);
    Evidence { identical, ..counted(own(a), own(b)) }
}
