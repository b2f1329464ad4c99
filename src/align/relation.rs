//! The name of what two articles are to each other, and the numbers behind it.

use std::cmp::Ordering;
use std::fmt;

use super::overlap::{Overlap, ratio};

/// What is known of a verified pair, all of it counted on the two texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Evidence {
    /// Whether both have the same sequence of tokens.
    pub identical: bool,
    /// Tokens of the first article, furniture left aside.
    pub tokens_a: usize,
    /// Tokens of the second article, furniture left aside.
    pub tokens_b: usize,
    /// Tokens of the first article that stand in the second, in passages.
    pub covered_a: usize,
    /// Tokens of the second article that stand in the first, in passages.
    pub covered_b: usize,
    /// The longest stretch that stands word for word in both, in tokens.
    pub longest_passage: usize,
    /// Distinct shingles of both articles, and those they share.
    pub overlap: Overlap,
}

impl Evidence {
    /// The share of the first article's tokens that stand in the second, from 0 to 1.
    pub fn coverage_a(&self) -> f64 {
        ratio(self.covered_a, self.tokens_a)
    }

    /// The share of the second article's tokens that stand in the first, from 0 to 1.
    pub fn coverage_b(&self) -> f64 {
        ratio(self.covered_b, self.tokens_b)
    }

    /// The exact Jaccard index of the shingle sets, from 0 to 1.
    pub fn jaccard(&self) -> f64 {
        self.overlap.jaccard()
    }

    /// The share of the shorter article's shingles that the longer one has, from 0 to 1.
    pub fn containment(&self) -> f64 {
        self.overlap.containment_a().max(self.overlap.containment_b())
    }

    /// How many words the two share: the smaller one of the two covered counts, which differ
    /// where one article says something twice.
    pub fn shared_words(&self) -> usize {
        self.covered_a.min(self.covered_b)
    }

    /// The same evidence with the articles' roles exchanged.
    #[must_use]
    pub fn swapped(&self) -> Self {
        Self {
            identical: self.identical,
            tokens_a: self.tokens_b,
            tokens_b: self.tokens_a,
            covered_a: self.covered_b,
            covered_b: self.covered_a,
            longest_passage: self.longest_passage,
            overlap: Overlap { a: self.overlap.b, b: self.overlap.a, shared: self.overlap.shared },
        }
    }
}

/// What the first article of a pair is to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Relation {
    /// The same sequence of tokens.
    Identical,
    /// The same piece: each is at or above the threshold in the other.
    Reprint,
    /// The first is a part of the second.
    Excerpt,
    /// The second is a part of the first.
    Extended,
    /// They share a long passage, and are none of the above.
    Overlap,
}

impl Relation {
    /// What the second article is to the first.
    #[must_use]
    pub fn swapped(self) -> Self {
        match self {
            Self::Excerpt => Self::Extended,
            Self::Extended => Self::Excerpt,
            other => other,
        }
    }

    /// The name in lower case, as in all output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::Reprint => "reprint",
            Self::Excerpt => "excerpt",
            Self::Extended => "extended",
            Self::Overlap => "overlap",
        }
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What the thresholds are about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Measure {
    /// The share of each article's own tokens that stand in the other one, in order and nearly
    /// unbroken. Stands edits, furniture and moved paragraphs best.
    #[default]
    Coverage,
    /// The Jaccard index of the shingle sets: the classic measure of near-duplicates.
    Jaccard,
    /// The share of each article's shingles that the other one has.
    Containment,
}

/// From evidence to relation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// What the thresholds are about.
    pub measure: Measure,
    /// Reprints reach this on both sides (once, for Jaccard).
    pub threshold: f64,
    /// The shorter article of an excerpt reaches this coverage (containment, unless the measure
    /// is coverage). `None`: excerpts are not looked for.
    pub excerpt: Option<f64>,
    /// Any other pair that shares a run of this many tokens is an overlap. `None`: overlaps are
    /// not looked for.
    pub overlap: Option<usize>,
}

impl Rules {
    /// Whether the Jaccard index alone decides.
    pub fn is_jaccard_alone(&self) -> bool {
        self.measure == Measure::Jaccard && self.excerpt.is_none() && self.overlap.is_none()
    }

    /// What the first article of a pair is to the second, or `None` when they have nothing to do
    /// with each other under these rules.
    pub fn relation(&self, evidence: &Evidence) -> Option<Relation> {
        if evidence.identical {
            return Some(Relation::Identical);
        }
        let (a, b) = match self.measure {
            Measure::Coverage => (evidence.coverage_a(), evidence.coverage_b()),
            Measure::Jaccard => (evidence.jaccard(), evidence.jaccard()),
            Measure::Containment => {
                (evidence.overlap.containment_a(), evidence.overlap.containment_b())
            }
        };
        if a >= self.threshold && b >= self.threshold {
            return Some(Relation::Reprint);
        }
        if let Some(excerpt) = self.excerpt {
            let (a, b) = match self.measure {
                Measure::Coverage => (a, b),
                _ => (evidence.overlap.containment_a(), evidence.overlap.containment_b()),
            };
            // Of two articles of one length, the one that stands in the other to the greater part
            // is the shorter one. If there is none, neither is a part of the other.
            let lengths = evidence.tokens_a.cmp(&evidence.tokens_b);
            match lengths.then(b.total_cmp(&a)) {
                Ordering::Less if a >= excerpt => return Some(Relation::Excerpt),
                Ordering::Greater if b >= excerpt => return Some(Relation::Extended),
                _ => {}
            }
        }
        let long = self.overlap.is_some_and(|tokens| evidence.longest_passage >= tokens);
        long.then_some(Relation::Overlap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(tokens: (usize, usize), covered: (usize, usize)) -> Evidence {
        Evidence {
            identical: false,
            tokens_a: tokens.0,
            tokens_b: tokens.1,
            covered_a: covered.0,
            covered_b: covered.1,
            longest_passage: 40,
            overlap: Overlap { a: tokens.0, b: tokens.1, shared: 10 },
        }
    }

    const RULES: Rules =
        Rules { measure: Measure::Coverage, threshold: 0.6, excerpt: Some(0.8), overlap: None };

    #[test]
    fn relations_at_the_thresholds() {
        let cases = [
            ((100, 100), (60, 60), Some(Relation::Reprint)),
            ((100, 100), (60, 59), None),
            ((100, 300), (80, 90), Some(Relation::Excerpt)),
            ((100, 300), (79, 90), None),
            ((300, 100), (90, 80), Some(Relation::Extended)),
            ((100, 150), (90, 90), Some(Relation::Reprint)),
        ];
        for (tokens, covered, expected) in cases {
            let evidence = evidence(tokens, covered);
            assert_eq!(RULES.relation(&evidence), expected, "{tokens:?} {covered:?}");
            let back = RULES.relation(&evidence.swapped());
            assert_eq!(back, expected.map(Relation::swapped), "{tokens:?} {covered:?} swapped");
        }
    }

    #[test]
    fn overlaps_only_on_request() {
        let evidence = evidence((400, 400), (50, 50));
        assert_eq!(RULES.relation(&evidence), None);
        let asked = Rules { overlap: Some(40), ..RULES };
        assert_eq!(asked.relation(&evidence), Some(Relation::Overlap));
        let more = Rules { overlap: Some(41), ..RULES };
        assert_eq!(more.relation(&evidence), None);
    }

    #[test]
    fn jaccard_and_containment_are_measures_too() {
        let evidence = Evidence {
            overlap: Overlap { a: 100, b: 200, shared: 90 },
            ..evidence((104, 204), (0, 0))
        };
        let jaccard = Rules { measure: Measure::Jaccard, threshold: 0.42, ..RULES };
        assert_eq!(jaccard.relation(&evidence), Some(Relation::Reprint));
        let jaccard = Rules { threshold: 0.43, ..jaccard };
        assert_eq!(jaccard.relation(&evidence), Some(Relation::Excerpt));
        let containment = Rules { measure: Measure::Containment, ..RULES };
        assert_eq!(containment.relation(&evidence), Some(Relation::Excerpt));
        let containment = Rules { threshold: 0.45, ..containment };
        assert_eq!(containment.relation(&evidence), Some(Relation::Reprint));
    }
}
