//! What was found, held against all pairs at the threshold and against what was planted.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::corpus::Truth;

/// What is known of the corpus.
#[derive(Default)]
pub struct Known {
    pub truth: Truth,
    stories: Vec<u64>,
}

/// How right and how complete a finding is.
#[derive(Clone, Copy, Debug)]
pub struct Score {
    pub recall: f64,
    pub precision: f64,
}

/// What a contestant asserts.
pub enum Found {
    /// Pairs, ascending, each of two different articles in their order.
    Pairs(Vec<(u32, u32)>),
    /// Articles of which each has a duplicate somewhere, ascending.
    Articles(Vec<u32>),
}

#[derive(Deserialize)]
struct PairLine<'a> {
    a: &'a str,
    b: &'a str,
}

impl Score {
    pub fn f1(self) -> f64 {
        let Self { recall, precision } = self;
        if recall + precision > 0.0 { 2.0 * recall * precision / (recall + precision) } else { 0.0 }
    }

    /// Of two ascending lists.
    fn of<T: Ord>(found: &[T], expected: &[T]) -> Self {
        let right = found.iter().filter(|item| expected.binary_search(item).is_ok()).count();
        let share = |all: usize| if all == 0 { 1.0 } else { right as f64 / all as f64 };
        Self { recall: share(expected.len()), precision: share(found.len()) }
    }
}

impl Found {
    /// Reads a file of pairs: JSON objects with `a` and `b`, or ids with a tab between them; or of
    /// single ids.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let number = |id: &str| {
            id.strip_prefix('a').and_then(|digits| digits.parse().ok()).context(id.to_owned())
        };
        let (mut pairs, mut articles): (Vec<(u32, u32)>, Vec<u32>) = Default::default();
        for line in text.lines() {
            let (a, b) = if line.starts_with('{') {
                let PairLine { a, b } = serde_json::from_str(line)?;
                (a, b)
            } else if let Some(pair) = line.split_once('\t') {
                pair
            } else {
                articles.push(number(line)?);
                continue;
            };
            let (a, b): (u32, u32) = (number(a)?, number(b)?);
            pairs.push((a.min(b), a.max(b)));
        }
        pairs.sort_unstable();
        pairs.dedup();
        articles.sort_unstable();
        Ok(if articles.is_empty() { Self::Pairs(pairs) } else { Self::Articles(articles) })
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Pairs(pairs) => pairs.len(),
            Self::Articles(articles) => articles.len(),
        }
    }

    /// Against all pairs that should have been found, ascending.
    pub fn against_pairs(&self, expected: &[(u32, u32)]) -> Score {
        match self {
            Self::Pairs(pairs) => Score::of(pairs, expected),
            Self::Articles(articles) => {
                let mut with_pair: Vec<u32> = expected.iter().flat_map(|&(a, b)| [a, b]).collect();
                with_pair.sort_unstable();
                with_pair.dedup();
                Score::of(articles, &with_pair)
            }
        }
    }

    /// Against the copies that were planted.
    pub fn against_truth(&self, known: &Known) -> Score {
        match self {
            Self::Pairs(pairs) => {
                let pairs: Vec<_> = pairs.iter().map(|&(a, b)| (a as usize, b as usize)).collect();
                let score = known.truth.score_pairs(&pairs);
                Score { recall: score.recall(), precision: score.precision() }
            }
            Self::Articles(articles) => {
                let mut sizes: HashMap<u64, usize> = HashMap::new();
                for &story in &known.stories {
                    *sizes.entry(story).or_default() += 1;
                }
                let in_family = |&article: &u32| sizes[&known.stories[article as usize]] > 1;
                let copied: Vec<u32> = (0..known.stories.len() as u32).filter(in_family).collect();
                Score::of(articles, &copied)
            }
        }
    }
}

impl Known {
    pub fn push(&mut self, article: &crate::corpus::Article) {
        self.truth.push(article);
        self.stories.push(article.story);
    }
}
