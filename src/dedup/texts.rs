//! The distinct texts of a corpus as they are compared: without what is furniture in them.

use std::ops::Range;

use crate::furniture::{Furniture, Learner};
use crate::lsh::containment::{Part, Samples, SharedSamples};
use crate::parallel;

use super::corpus::{Corpus, Rows};
use super::distinct::Distinct;
use super::near::Near;
use super::samples::{Loaded, NearSamples, NodeSamples, Sampler};
use super::settings::Settings;
use super::verify::{Article, own};

/// The least number of words of its own in an article that has furniture.
const LEAST_OWN: usize = 4;

/// How many texts ahead one begins to be loaded.
pub(super) const AHEAD: usize = 2;

/// The distinct texts, and what is left aside in each.
#[derive(Debug)]
pub(super) struct Texts<'c> {
    corpus: &'c Corpus,
    distinct: &'c Distinct,
    /// No rows when nothing is left aside in any text.
    aside: Rows<Range<u32>>,
    /// Without what is left aside; `None` if there is no index for them.
    samples: Option<NodeSamples<'c>>,
}

impl<'c> Texts<'c> {
    /// The texts, whole or without their news lines.
    pub(super) fn new(settings: &Settings, corpus: &'c Corpus, distinct: &'c Distinct) -> Self {
        let nodes = 0..narrow(distinct.len());
        let samples = settings.containment.as_ref().map(|_| {
            let articles = nodes.clone().map(|node| narrow(distinct.first(node)));
            NodeSamples::new(corpus.samples(), articles.collect())
        });
        let mut aside = Rows::default();
        // Copies may be broken into lines in other ways.
        let mut differ = Vec::new();
        for node in nodes.filter(|_| settings.news_aside) {
            let start = aside.items.len();
            let articles = distinct.articles(node);
            for &article in articles {
                aside.items.extend_from_slice(corpus.news(article as usize));
            }
            unite(&mut aside.items, start);
            if aside.items[start..] != *corpus.news(articles[0] as usize) {
                differ.push(node);
            }
            aside.end();
        }
        let mut texts = Self { corpus, distinct, aside, samples };
        texts.sample_again(settings, &differ);
        texts
    }

    /// Takes new samples of some texts, after what is left aside in them has grown.
    fn sample_again(&mut self, settings: &Settings, nodes: &[u32]) {
        let Some(containment) = &settings.containment else { return };
        // Not of all at once, if they are to go into a file.
        for nodes in nodes.chunks(1 << 18) {
            let Some(samples) = &self.samples else { return };
            let pieces: Vec<&[u32]> = nodes.chunks(256).collect();
            let scratch = <(Near, NearSamples, Sampler)>::default;
            let parts =
                parallel::map_with(&pieces, scratch, |(near, near_samples, sampler), piece| {
                    samples.load(near_samples, piece.iter().copied());
                    // Few are short enough to be read.
                    let is_short = |node: &u32| self.own(*node) < containment.least_to_thin();
                    self.load(near, piece.iter().copied().filter(is_short));
                    let mut again = Samples::default();
                    for (index, &node) in piece.iter().enumerate() {
                        piece.get(index + AHEAD).inspect(|&&node| samples.prefetch(node));
                        let sample = samples.of(near_samples, node);
                        let aside = self.aside(node);
                        if !sampler.thin(settings, Part::of_row(&sample), aside, &mut again) {
                            let article = self.article_near(near, node);
                            sampler.sample(settings, &article.tokens, aside, &mut again);
                        }
                    }
                    again
                });
            let mut again = Samples::default();
            parts.iter().for_each(|part| again.append(part));
            if let Some(samples) = &mut self.samples {
                samples.replace(nodes, &again);
            }
        }
    }

    /// The number of texts.
    pub(super) fn len(&self) -> usize {
        self.distinct.len()
    }

    pub(super) fn distinct(&self) -> &'c Distinct {
        self.distinct
    }

    /// A text, which may have to be read from a file.
    pub(super) fn article(&self, node: u32) -> Article<'_> {
        let tokens = self.corpus.tokens(self.distinct.first(node));
        Article { tokens, aside: self.aside(node) }
    }

    /// Reads some texts that are needed together, unless all are in memory.
    pub(super) fn load(&self, near: &mut Near, nodes: impl Iterator<Item = u32>) {
        self.corpus.load(near, nodes.map(|node| narrow(self.distinct.first(node))));
    }

    /// A text, which may have been read with others.
    pub(super) fn article_near<'n>(&'n self, near: &'n Near, node: u32) -> Article<'n> {
        let tokens = self.corpus.tokens_near(near, self.distinct.first(node));
        Article { tokens, aside: self.aside(node) }
    }

    /// The number of a text's tokens.
    pub(super) fn length(&self, node: u32) -> usize {
        self.corpus.length(self.distinct.first(node))
    }

    /// What is left aside in a text.
    pub(super) fn aside(&self, node: u32) -> &[Range<u32>] {
        if self.aside.len() == 0 { &[] } else { self.aside.row(node as usize) }
    }

    /// How many tokens of a text count.
    pub(super) fn own(&self, node: u32) -> usize {
        own(self.length(node), self.aside(node))
    }

    pub(super) fn samples(&self) -> Option<&NodeSamples<'c>> {
        self.samples.as_ref()
    }

    /// Begins to load a text that is needed soon, if there is one of this number, in memory.
    pub(super) fn prefetch(&self, node: u32) {
        if (node as usize) < self.len() {
            self.corpus.prefetch(self.distinct.first(node));
        }
    }

    /// The shingles of a text that the containment index samples, in text order, furniture
    /// included.
    pub(super) fn shingles(&self, settings: &Settings, node: u32, out: &mut Vec<u64>) {
        settings.sampled.append(&self.article(node).tokens, out);
    }

    /// Leaves some ranges aside too, given with their texts.
    pub(super) fn leave_aside(&mut self, mut more: Vec<(u32, Range<u32>)>) {
        more.sort_unstable_by_key(|&(node, ref range)| (node, range.start));
        let mut more = more.into_iter().peekable();
        let mut rows: Rows<Range<u32>> = Rows::default();
        for node in 0..narrow(self.len()) {
            let start = rows.items.len();
            rows.items.extend_from_slice(self.aside(node));
            while let Some((_, range)) = more.next_if(|&(of, _)| of == node) {
                rows.items.push(range);
            }
            unite(&mut rows.items, start);
            leave_nothing_small(&mut rows.items, start, self.length(node));
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

    /// Gives some texts to `each`, in their order.
    fn for_each(&self, near: &mut Near, nodes: &[u32], mut each: impl FnMut(u32, &Article<'_>)) {
        self.load(near, nodes.iter().copied());
        for (index, &node) in nodes.iter().enumerate() {
            nodes.get(index + AHEAD).inspect(|&&node| self.prefetch(node));
            each(node, &self.article_near(near, node));
        }
    }

    /// The same with the shingles that the containment index samples, furniture included.
    fn for_each_shingled(
        &self,
        settings: &Settings,
        nodes: &[u32],
        mut each: impl FnMut(u32, &[u64]),
    ) {
        let mut shingles = Vec::new();
        self.for_each(&mut Near::default(), nodes, |node, article| {
            shingles.clear();
            settings.sampled.append(&article.tokens, &mut shingles);
            each(node, &shingles);
        });
    }

    /// New samples of some texts, without what is left aside in them.
    pub(super) fn sample(&self, settings: &Settings, nodes: &[u32]) -> Samples {
        let pieces: Vec<&[u32]> = nodes.chunks(256).collect();
        let scratch = <(Near, Sampler)>::default;
        let parts = parallel::map_with(&pieces, scratch, |(near, sampler), piece| {
            let mut samples = Samples::default();
            self.for_each(near, piece, |_, article| {
                sampler.sample(settings, &article.tokens, article.aside, &mut samples);
            });
            samples
        });
        let mut all = Samples::default();
        parts.iter().for_each(|part| all.append(part));
        all
    }

    /// Learns from the texts what is furniture in them.
    pub(super) fn learn(
        &self,
        settings: &Settings,
        samples: &Loaded<'_>,
        shared: &SharedSamples,
    ) -> Furniture {
        let learner = Learner { width: settings.sampled.size() };
        let part = |node| samples.part(node);
        learner.learn(&samples.order, part, shared, |nodes, each| {
            self.for_each_shingled(settings, nodes, each);
        })
    }

    /// What is furniture in the texts, text by text in the order in which they lie.
    pub(super) fn marks(
        &self,
        settings: &Settings,
        furniture: &Furniture,
    ) -> Vec<(u32, Range<u32>)> {
        let Some(samples) = self.samples.as_ref().filter(|_| !furniture.is_empty()) else {
            return Vec::new();
        };
        let sampled = furniture.sampled();
        let nodes = samples.which(|sample| sampled.is_in(sample));
        let pieces: Vec<&[u32]> = nodes.chunks(256).collect();
        let marked = parallel::map_with(&pieces, Vec::new, |marks, piece| {
            let mut marked = Vec::new();
            self.for_each_shingled(settings, piece, |node, shingles| {
                furniture.mark(shingles, marks);
                marked.extend(marks.drain(..).map(|mark| (node, mark)));
            });
            marked
        });
        marked.concat()
    }

    /// Leaves aside what is furniture, beside what is left aside already, and returns the texts
    /// that have some.
    pub(super) fn mark(&mut self, settings: &Settings, furniture: &Furniture) -> Vec<u32> {
        if self.samples.is_none() || furniture.is_empty() {
            return Vec::new();
        }
        self.leave_marked_aside(self.marks(settings, furniture))
    }

    /// Leaves what is marked aside too, and returns the texts that have some, in their order.
    fn leave_marked_aside(&mut self, marks: Vec<(u32, Range<u32>)>) -> Vec<u32> {
        let mut having: Vec<u32> = marks.iter().map(|&(node, _)| node).collect();
        having.dedup();
        self.leave_aside(marks);
        having
    }

    /// The same, and takes new samples of these texts.
    pub(super) fn leave_aside_and_sample(
        &mut self,
        settings: &Settings,
        marks: Vec<(u32, Range<u32>)>,
    ) {
        let having = self.leave_marked_aside(marks);
        self.sample_again(settings, &having);
    }
}

/// The shingles, by their positions, that lie whole in what is left aside.
pub(super) fn left_out(
    aside: &[Range<u32>],
    width: usize,
    shingles: usize,
) -> impl Iterator<Item = Range<u32>> {
    let (width, shingles) = (narrow(width), narrow(shingles));
    aside
        .iter()
        .map(move |range| range.start..(range.end + 1).saturating_sub(width).min(shingles))
        .filter(|range| !range.is_empty())
}

/// Drops the shingles, given in text order, that lie in furniture whole; tokens, if the width is 1.
pub(super) fn leave_out<T>(shingles: &mut Vec<T>, aside: &[Range<u32>], width: usize) {
    let left_out: Vec<_> = left_out(aside, width, shingles.len()).collect();
    for range in left_out.into_iter().rev() {
        shingles.drain(range.start as usize..range.end as usize);
    }
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
