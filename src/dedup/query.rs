//! One text against all articles.

use std::borrow::Cow;
use std::sync::{PoisonError, RwLock};

use crate::align::{Evidence, Measure, Relation};
use crate::lsh::band_index::BandIndex;
use crate::lsh::containment::ContainmentIndex;
use crate::lsh::hamming::HammingIndex;
use crate::text::Damping;
use crate::text::hash_article;

use super::corpus::Corpus;
use super::settings::{Settings, Signature};
use super::texts::left_out;
use super::verify::{Article, Verifier};

/// An article that a text is related to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Match {
    /// The number of the article.
    pub article: usize,
    /// What the article is to the text.
    pub relation: Relation,
    /// The counts that the relation rests on; `a` is the article, `b` the text.
    pub evidence: Evidence,
}

/// The incremental indexes, with the articles up to some number in them.
#[derive(Debug)]
pub(super) struct Index {
    indexed: usize,
    containment: Option<ContainmentIndex>,
    signatures: Signatures,
}

#[derive(Debug)]
enum Signatures {
    None,
    MinHash(BandIndex),
    SimHash(HammingIndex),
}

impl Index {
    pub(super) fn new(settings: &Settings) -> Self {
        let signatures = match &settings.signature {
            None => Signatures::None,
            Some(Signature::MinHash { sketch, banding }) => {
                // The banding was made for these slots.
                BandIndex::new(*banding, sketch.slots())
                    .map_or(Signatures::None, Signatures::MinHash)
            }
            Some(Signature::SimHash { blocks, .. }) => {
                Signatures::SimHash(HammingIndex::new(blocks.clone()))
            }
        };
        let containment = settings.containment.map(ContainmentIndex::new);
        Self { indexed: 0, containment, signatures }
    }

    fn catch_up(&mut self, settings: &Settings, corpus: &Corpus) {
        let mut shingles = Vec::new();
        for article in self.indexed..corpus.len() {
            let tokens = corpus.tokens(article);
            let id = u32::try_from(article)
                .unwrap_or_else(|_| panic!("{article} articles are more than an index holds"));
            shingles.clear();
            if let Some(containment) = &mut self.containment {
                settings.sampled.append(&tokens, &mut shingles);
                let aside = settings.known_aside(&tokens, corpus.news(article));
                let left_out: Vec<_> =
                    left_out(&aside, settings.sampled.size(), shingles.len()).collect();
                containment.insert(id, &shingles, &left_out);
                shingles.clear();
            }
            match (&mut self.signatures, &settings.signature) {
                _ if tokens.is_empty() => {}
                (Signatures::MinHash(index), Some(Signature::MinHash { sketch, .. })) => {
                    settings.shingler.append(&tokens, &mut shingles);
                    index.insert(id, sketch.signature(&shingles).values());
                }
                (Signatures::SimHash(index), Some(Signature::SimHash { sketch, .. })) => {
                    settings.words.append(Damping::default().damp(&tokens), &mut shingles);
                    index.insert(id, sketch.signature(&shingles).words());
                }
                _ => {}
            }
        }
        self.indexed = corpus.len();
    }

    fn candidates(&self, settings: &Settings, text: &Article<'_>) -> Vec<u32> {
        let tokens = &text.tokens;
        let mut shingles = Vec::new();
        let mut found = Vec::new();
        match (&self.signatures, &settings.signature) {
            (Signatures::MinHash(index), Some(Signature::MinHash { sketch, .. })) => {
                settings.shingler.append(tokens, &mut shingles);
                index.candidates(sketch.signature(&shingles).values(), &mut found);
            }
            (Signatures::SimHash(index), Some(Signature::SimHash { sketch, .. })) => {
                settings.words.append(Damping::default().damp(tokens), &mut shingles);
                index.candidates(sketch.signature(&shingles).words(), &mut found);
            }
            _ => {}
        }
        if let Some(containment) = &self.containment {
            shingles.clear();
            settings.sampled.append(tokens, &mut shingles);
            let left_out: Vec<_> =
                left_out(text.aside, settings.sampled.size(), shingles.len()).collect();
            found.extend(containment.candidates(&shingles, &left_out));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The articles that a text is related to, the closest first.
pub(super) fn matches(
    settings: &Settings,
    corpus: &Corpus,
    index: &RwLock<Index>,
    text: &str,
) -> Vec<Match> {
    let (mut tokens, mut news) = (Vec::new(), Vec::new());
    hash_article(text, &mut tokens, &mut news);
    if tokens.is_empty() {
        return Vec::new();
    }
    let behind = {
        let index = index.read().unwrap_or_else(PoisonError::into_inner);
        index.indexed < corpus.len()
    };
    if behind {
        let mut index = index.write().unwrap_or_else(PoisonError::into_inner);
        index.catch_up(settings, corpus);
    }
    let aside = settings.known_aside(&tokens, &news);
    let text = Article { tokens: Cow::Borrowed(&tokens), aside: &aside };
    let candidates = {
        let index = index.read().unwrap_or_else(PoisonError::into_inner);
        index.candidates(settings, &text)
    };
    let mut verifier = Verifier::default();
    verifier.prepare();
    let mut matches: Vec<Match> = candidates
        .into_iter()
        .filter_map(|article| {
            let article = article as usize;
            let tokens = corpus.tokens(article);
            let aside = settings.known_aside(&tokens, corpus.news(article));
            let other = Article { tokens, aside: &aside };
            let mut verified = verifier.verify(settings, &text, &other)?.swapped();
            verifier.count(settings, &text, &other, &mut verified);
            Some(Match { article, relation: verified.relation, evidence: verified.evidence })
        })
        .collect();
    let closeness = |evidence: &Evidence| match settings.rules.measure {
        Measure::Coverage => evidence.coverage_a().min(evidence.coverage_b()),
        Measure::Jaccard => evidence.jaccard(),
        Measure::Containment => {
            evidence.overlap.containment_a().min(evidence.overlap.containment_b())
        }
    };
    matches.sort_by(|x, y| {
        closeness(&y.evidence).total_cmp(&closeness(&x.evidence)).then(x.article.cmp(&y.article))
    });
    matches
}
