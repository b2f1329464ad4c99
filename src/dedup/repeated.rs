//! What was found to repeat in a corpus without being a reprint: furniture and moulds.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::furniture::Furniture;
use crate::text::Tokens;

use super::clusters::Clusters;

/// A piece of text that a corpus repeats around its articles.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FurniturePiece {
    /// The text, as it stands in one of the articles.
    pub text: String,
    /// How many distinct articles have it.
    pub articles: usize,
}

/// A fixed text that many articles fill, each with its own names, numbers and dates.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Mould {
    /// The number of the most typical of these articles.
    pub typical: usize,
    /// The numbers of all of them, ascending, copies included.
    pub siblings: Vec<usize>,
}

impl Clusters<'_> {
    /// What was left aside as furniture: to be [stored](Furniture::to_bytes), and given to
    /// [`Builder::furniture`](super::Builder::furniture) for articles that come later.
    pub fn furniture(&self) -> &Furniture {
        &self.run.furniture
    }

    /// The pieces of furniture that the most articles have, at most so many of them. Cost: a pass
    /// over the shingles of articles until all that so many have was met in one of them.
    pub fn furniture_pieces(&self, most: usize) -> Vec<FurniturePiece> {
        let Ok(pieces) = self.furniture_pieces_of(most, |article| {
            Ok::<_, std::convert::Infallible>(self.dedup.text(article))
        });
        pieces
    }

    /// The same with texts that the caller gives, by number: those that were inserted. For a
    /// deduper that does [not keep them](super::Builder::keep_texts). At most `most` texts are
    /// asked for.
    ///
    /// # Errors
    /// The first that `text` returns.
    pub fn furniture_pieces_of<T: AsRef<str>, E>(
        &self,
        most: usize,
        mut text: impl FnMut(usize) -> Result<T, E>,
    ) -> Result<Vec<FurniturePiece>, E> {
        let mut pieces = Vec::new();
        let mut shingles = Vec::new();
        let mut marks = Vec::new();
        let mut known = self.run.furniture.unknown();
        let mut best = BinaryHeap::new();
        for article in 0..self.dedup.len() {
            let node = self.run.distinct.node_of(article);
            let has_some = node.is_some_and(|node| self.run.has_aside(node));
            if self.run.furniture.is_empty() || !has_some {
                continue;
            }
            shingles.clear();
            marks.clear();
            self.dedup.settings.sampled.append(&self.dedup.corpus.tokens(article), &mut shingles);
            self.run.furniture.mark(&shingles, &mut marks);
            for mark in &marks {
                let range = mark.start as usize..mark.end as usize;
                if let Some(articles) = known.learn(&self.run.furniture, &shingles, range.clone()) {
                    pieces.push((articles, article, range));
                    best.push(Reverse(articles));
                    if best.len() > most {
                        best.pop();
                    }
                }
            }
            // What is left makes no piece that more articles have.
            let left = known.meet(&self.run.furniture, &shingles);
            if best.len() == most && best.peek().is_none_or(|&Reverse(least)| left < least) {
                break;
            }
        }
        pieces.sort_by_key(|&(articles, article, ref range)| {
            (Reverse(articles), article, range.start)
        });
        pieces
            .into_iter()
            .take(most)
            .map(|(articles, article, range)| {
                let text = text(article)?;
                let text = text.as_ref();
                let tokens = Tokens::of(text);
                // No other text than the one inserted has these tokens for sure.
                let tokens = tokens.ranges().get(range).unwrap_or_default();
                let bytes = tokens.first().map_or(0, |token| token.start)
                    ..tokens.last().map_or(0, |token| token.end);
                Ok(FurniturePiece { text: text[bytes].to_owned(), articles: articles as usize })
            })
            .collect()
    }

    /// The moulds that were found: groups of articles that have most of their words in common,
    /// and differ in what they say. Their members are no reprints of each other, unless they
    /// agree there too.
    pub fn moulds(&self) -> Vec<Mould> {
        let distinct = &self.run.distinct;
        let moulds = self.run.moulds.iter().map(|mould| {
            let mut siblings: Vec<usize> = (mould.siblings.iter())
                .flat_map(|&node| distinct.articles(node))
                .map(|&article| article as usize)
                .collect();
            siblings.sort_unstable();
            Mould { typical: distinct.first(mould.typical), siblings }
        });
        moulds.collect()
    }
}
