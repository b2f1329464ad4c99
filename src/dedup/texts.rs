//! The distinct texts of a corpus as they are compared: without what is furniture in them.

use std::ops::Range;

use crate::furniture::{Furniture, Learner};
use crate::lsh::containment::SortedSamples;
use crate::parallel;

use super::corpus::{Corpus, Distinct, Rows};
use super::settings::Settings;
use super::verify::Article;

/// The least number of words of its own in an article that has furniture.
const LEAST_OWN: usize = 4;

/// The distinct texts, and what is left aside in each.
#[derive(Debug)]
pub(super) struct Texts<'c> {
    corpus: &'c Corpus,
    distinct: &'c Distinct,
    /// No rows when nothing is left aside in any text.
    aside: Rows<Range<u32>>,
}

impl<'c> Texts<'c> {
    /// The texts, whole or without their news lines.
    pub(super) fn new(settings: &Settings, corpus: &'c Corpus, distinct: &'c Distinct) -> Self {
        let mut aside = Rows::default();
        if settings.news_aside {
            for node in 0..narrow(distinct.len()) {
                // Copies may be broken into lines in other ways.
                let start = aside.items.len();
                for &article in distinct.articles(node) {
                    aside.items.extend_from_slice(corpus.news(article as usize));
                }
                unite(&mut aside.items, start);
                aside.end();
            }
        }
        Self { corpus, distinct, aside }
    }

    /// The number of texts.
    pub(super) fn len(&self) -> usize {
        self.distinct.len()
    }

    pub(super) fn distinct(&self) -> &'c Distinct {
        self.distinct
    }

    pub(super) fn article(&self, node: u32) -> Article<'_> {
        let tokens = self.corpus.tokens(self.distinct.first(node));
        let aside = if self.aside.len() == 0 { &[] } else { self.aside.row(node as usize) };
        Article { tokens, aside }
    }

    /// The shingles of a text that the containment index samples, in text order, furniture
    /// included.
    pub(super) fn shingles(&self, settings: &Settings, node: u32, out: &mut Vec<u64>) {
        settings.sampled.append(self.article(node).tokens, out);
    }

    /// Leaves some ranges aside too, given with their texts.
    pub(super) fn leave_aside(&mut self, mut more: Vec<(u32, Range<u32>)>) {
        more.sort_unstable_by_key(|&(node, ref range)| (node, range.start));
        let mut more = more.into_iter().peekable();
        let mut rows: Rows<Range<u32>> = Rows::default();
        for node in 0..narrow(self.len()) {
            let start = rows.items.len();
            let article = self.article(node);
            rows.items.extend_from_slice(article.aside);
            while let Some((_, range)) = more.next_if(|&(of, _)| of == node) {
                rows.items.push(range);
            }
            unite(&mut rows.items, start);
            leave_nothing_small(&mut rows.items, start, article.tokens.len());
            rows.end();
        }
        self.aside = rows;
    }

    /// What is left aside, by node; no rows when nothing is.
    pub(super) fn into_aside(self) -> Rows<Range<u32>> {
        self.aside
    }

    /// How many tokens are left aside in all texts.
    pub(super) fn left_aside(&self) -> usize {
        self.aside.items.iter().map(Range::len).sum()
    }

    /// Learns from the texts what is furniture in them.
    pub(super) fn learn(&self, settings: &Settings, samples: &SortedSamples) -> Furniture {
        let learner = Learner { width: settings.sampled.size() };
        let shared = samples.shared_by(Learner::FEW);
        learner.learn(self.len(), &shared, |node, shingles| {
            self.shingles(settings, narrow(node), shingles);
        })
    }

    /// Leaves aside what is furniture, beside what is left aside already. Returns the texts that
    /// have some of it, ascending.
    pub(super) fn mark(&mut self, settings: &Settings, furniture: &Furniture) -> Vec<u32> {
        if furniture.is_empty() {
            return Vec::new();
        }
        let pieces = parallel::chunks(self.len(), 256);
        let marked = parallel::map_with(&pieces, Vec::new, |shingles, piece| {
            let mut rows: Rows<Range<u32>> = Rows::default();
            let mut having = Vec::new();
            for node in piece.clone().map(narrow) {
                shingles.clear();
                self.shingles(settings, node, shingles);
                let start = rows.items.len();
                furniture.mark(shingles, &mut rows.items);
                if rows.items.len() > start {
                    having.push(node);
                }
                let article = self.article(node);
                rows.items.extend_from_slice(article.aside);
                unite(&mut rows.items, start);
                leave_nothing_small(&mut rows.items, start, article.tokens.len());
                rows.end();
            }
            (rows, having)
        });
        self.aside = Rows::default();
        let mut all = Vec::new();
        for (rows, having) in marked {
            self.aside.append(&rows);
            all.extend(having);
        }
        all
    }
}

/// Drops the shingles, given in text order, that lie in furniture whole.
pub(super) fn leave_out(shingles: &mut Vec<u64>, aside: &[Range<u32>], width: usize) {
    if aside.is_empty() {
        return;
    }
    let mut ranges = aside.iter().peekable();
    let mut position = 0;
    shingles.retain(|_| {
        let (start, end) = (position, position + width);
        position += 1;
        while ranges.next_if(|range| (range.end as usize) < end).is_some() {}
        ranges.peek().is_none_or(|range| (range.start as usize) > start)
    });
}

/// Makes the ranges from an index on ascending and apart from each other.
pub(super) fn unite(ranges: &mut Vec<Range<u32>>, start: usize) {
    ranges[start..].sort_unstable_by_key(|range| (range.start, range.end));
    let mut kept = start;
    for index in start..ranges.len() {
        let next = ranges[index].clone();
        if kept > start && next.start <= ranges[kept - 1].end {
            ranges[kept - 1].end = ranges[kept - 1].end.max(next.end);
        } else {
            ranges[kept] = next;
            kept += 1;
        }
    }
    ranges.truncate(kept);
}

/// Leaves all of an article aside, when it is furniture but for so few words that they could not
/// tell it from others.
fn leave_nothing_small(aside: &mut Vec<Range<u32>>, start: usize, tokens: usize) {
    let rest = tokens - aside[start..].iter().map(Range::len).sum::<usize>();
    if aside.len() > start && rest < LEAST_OWN {
        aside.truncate(start);
        aside.push(0..narrow(tokens));
    }
}

/// The number of a node. There are fewer than 2^32, see `Corpus::distinct`.
pub(super) fn narrow(node: usize) -> u32 {
    u32::try_from(node).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ranges() -> impl Strategy<Value = Vec<Range<u32>>> {
        proptest::collection::vec((0u32..50, 1u32..10), 0..12)
            .prop_map(|ranges| ranges.into_iter().map(|(at, length)| at..at + length).collect())
    }

    #[test]
    fn few_words_beside_furniture_are_left_aside_too() {
        let left = |given: &[Range<u32>], tokens| {
            let mut aside = vec![9..9, 9..9];
            aside.extend_from_slice(given);
            leave_nothing_small(&mut aside, 2, tokens);
            aside.split_off(2)
        };
        let whole = left(&[0..10, 12..20], 21);
        assert_eq!((whole.len(), whole.first()), (1, Some(&(0..21))));
        assert_eq!(left(&[0..10, 12..20], 22), [0..10, 12..20]);
        assert_eq!(left(&[], 2), []);
    }

    proptest! {
        #[test]
        fn united_ranges_cover_the_same_and_are_apart(given in ranges()) {
            let mut united = given.clone();
            unite(&mut united, 0);
            for token in 0..70 {
                let has = |ranges: &[Range<u32>]| ranges.iter().any(|range| range.contains(&token));
                prop_assert_eq!(has(&united), has(&given));
            }
            prop_assert!(united.windows(2).all(|pair| pair[0].end < pair[1].start));
        }

        #[test]
        fn shingles_go_when_they_lie_in_furniture_whole(given in ranges(), width in 1usize..6) {
            let mut aside = given;
            unite(&mut aside, 0);
            let mut kept: Vec<u64> = (0..60).collect();
            leave_out(&mut kept, &aside, width);
            let naive: Vec<u64> = (0..60u64)
                .filter(|&start| {
                    let end = start + width as u64;
                    !aside.iter().any(|range| {
                        u64::from(range.start) <= start && end <= u64::from(range.end)
                    })
                })
                .collect();
            prop_assert_eq!(kept, naive);
        }
    }
}
