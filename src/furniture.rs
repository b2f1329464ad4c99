//! What a corpus repeats around its articles.
//!
//! Navigation, teasers, appeals and legal lines stand around all the articles of a site. They are
//! no part of the writing, and two articles that share nothing else are strangers. This module
//! learns such text from the corpus itself, as a set of shingles, and marks it in an article.
//!
//! Text that at least [`Learner::ARTICLES`] articles share is either furniture or a story that is
//! widely reprinted. What tells the two apart is the text besides. The articles that share a
//! piece of furniture are otherwise unlike each other: each has text of its own. The copies of a
//! story are alike all over; what they do not share with each other is furniture, which others
//! have too, or an edit. So the articles that have a shingle are of three sorts. Some have text
//! of their own, more than a tenth and more than a headline, which is neither common in the
//! corpus nor common among these articles. Some are alike: they have next to nothing that is not
//! common among them. The rest has text that only the corpus has in common: a popular story on
//! a page, or a site's furniture around a story; they bear witness to neither. The shingle is
//! furniture when half of them have text of their own, and four times as many as are alike.
//! (A few are alike on any site, and some copies of a story are extended or stand in furniture
//! that nobody else has, but hardly most of them.)
//!
//! The decision is made for sampled shingles, and then carried over to all shingles around them.
//! This stage knows numbers only: shingle hashes by article.

use std::cmp::Reverse;
use std::ops::Range;

use xxhash_rust::xxh3::xxh3_64;

use crate::Error;
use crate::lookup::{Filter, Lookup};

pub(crate) use learn::Learner;

mod common;
mod learn;

/// Furniture as it was learned: the shingles it is made of.
#[derive(Clone, Debug, Default)]
pub struct Furniture {
    width: usize,
    /// How many tokens between two marks are marked too, and the least length of a mark.
    bridge: u32,
    least: usize,
    /// Sorted, with the number of articles that have each.
    articles: Vec<u32>,
    shingles: Set,
}

impl Furniture {
    /// Furniture with a date in a footer, say, is marked over the date; and a phrase that is
    /// part of some furniture is none.
    fn new(width: usize, learned: Vec<(u64, u32)>) -> Self {
        Self { bridge: 4, least: 8, ..Self::exactly(width, learned) }
    }

    /// Marks just the shingles, each of so many tokens and found in so many articles.
    pub(crate) fn exactly(width: usize, mut learned: Vec<(u64, u32)>) -> Self {
        learned.sort_unstable();
        learned.dedup_by_key(|entry| entry.0);
        let articles = learned.iter().map(|&(_, articles)| articles).collect();
        let shingles = Set::new(learned.into_iter().map(|(hash, _)| hash).collect());
        Self { width, bridge: 0, least: width, articles, shingles }
    }

    /// The same with marks of so many tokens at least.
    pub(crate) fn at_least(self, tokens: usize) -> Self {
        Self { least: tokens, ..self }
    }

    /// Several of them as one, for exact marks.
    pub(crate) fn union<'f>(parts: impl Iterator<Item = &'f Self>) -> Self {
        let mut width = 0;
        let mut learned = Vec::new();
        for part in parts {
            width = part.width;
            learned.extend(part.shingles.sorted.iter().copied().zip(part.articles.iter().copied()));
        }
        Self::exactly(width, learned)
    }

    /// Tokens in a shingle, if there is any.
    pub(crate) fn width(&self) -> Option<usize> {
        (!self.is_empty()).then_some(self.width)
    }

    /// The number of shingles.
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Whether nothing was learned.
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    /// Which articles are worth marking.
    pub(crate) fn sampled(&self) -> Sampled {
        let mut lookup = Lookup::default();
        lookup.reset(self.len());
        for &hash in &self.shingles.sorted {
            // The name of a sampled shingle.
            #[expect(clippy::cast_possible_truncation, reason = "the lower half is wanted")]
            lookup.insert(hash as u32, 0);
        }
        Sampled(lookup)
    }

    /// For naming its pieces: none of them is known yet.
    pub(crate) fn unknown(&self) -> Known {
        let mut by_articles: Vec<usize> = (0..self.len()).collect();
        by_articles.sort_by_key(|&index| Reverse(self.articles[index]));
        let none = vec![false; self.len()];
        Known { in_piece: none.clone(), met: none, by_articles, first_left: 0 }
    }

    /// Appends what is furniture in an article, as ranges of tokens, ascending and apart from
    /// each other. Takes the article's shingles in text order.
    pub(crate) fn mark(&self, shingles: &[u64], out: &mut Vec<Range<u32>>) {
        let start = out.len();
        for (position, &hash) in shingles.iter().enumerate() {
            if !self.shingles.contains(hash) {
                continue;
            }
            let Ok(first) = u32::try_from(position) else { break };
            let end = first.saturating_add(u32::try_from(self.width).unwrap_or(0));
            match out[start..].last_mut() {
                Some(last) if first <= last.end + self.bridge => last.end = end,
                _ => out.push(first..end),
            }
        }
        let mut kept = start;
        for index in start..out.len() {
            if out[index].len() >= self.least {
                out.swap(kept, index);
                kept += 1;
            }
        }
        out.truncate(kept);
    }
}

/// How stored furniture begins: a name, and the version of the format and of the recipe for
/// shingles.
const MAGIC: &[u8; 8] = b"RPFURN\0\x01";

impl Furniture {
    /// The furniture as bytes, to be stored: 36 bytes, and 12 for each shingle.
    ///
    /// Little-endian numbers: 8 bytes that name the format and its version, the width of a
    /// shingle, the bridge and the least length of a mark in tokens (4 bytes each), the number of
    /// shingles (8), their hashes, ascending (8 each), their numbers of articles (4 each), and
    /// the XXH3 hash of all that (8).
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        for number in [self.width, self.bridge as usize, self.least] {
            // Widths and lengths of a few tokens.
            bytes.extend(u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
        }
        bytes.extend((self.len() as u64).to_le_bytes());
        bytes.extend(self.shingles.sorted.iter().flat_map(|hash| hash.to_le_bytes()));
        bytes.extend(self.articles.iter().flat_map(|articles| articles.to_le_bytes()));
        bytes.extend(xxh3_64(&bytes).to_le_bytes());
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// # Errors
    /// When the bytes are something else, of another version, cut short, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let wrong = |found| Error::format("stored furniture of version 1", found);
        let (body, checksum) =
            bytes.split_last_chunk::<8>().ok_or_else(|| wrong("they are too short"))?;
        let rest = body.strip_prefix(MAGIC).ok_or_else(|| wrong("they begin in another way"))?;
        if xxh3_64(body) != u64::from_le_bytes(*checksum) {
            return Err(wrong("their checksum is wrong"));
        }
        let number = |chunk: &[u8]| {
            chunk.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
        };
        let (head, rest) = rest.split_at_checked(20).ok_or_else(|| wrong("they are too short"))?;
        let [width, bridge, least] = [0, 4, 8].map(|at| number(&head[at..at + 4]));
        let count = number(&head[12..]);
        // No memory is reserved for more than there is.
        let wanted = usize::try_from(count).ok().and_then(|count| count.checked_mul(12));
        if wanted != Some(rest.len()) {
            return Err(wrong("their length is not what they say"));
        }
        let (hashes, articles) = rest.split_at(rest.len() / 3 * 2);
        let sorted: Vec<u64> = hashes.chunks_exact(8).map(number).collect();
        if !sorted.is_sorted_by(|a, b| a < b) || (count > 0 && !(1..=64).contains(&width)) {
            return Err(wrong("they are out of order"));
        }
        let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(Self {
            width: small(width) as usize,
            bridge: small(bridge).min(1 << 16),
            least: small(least) as usize,
            articles: articles.chunks_exact(4).map(|chunk| small(number(chunk))).collect(),
            shingles: Set::new(sorted),
        })
    }
}

/// The shingles of some furniture, by the names that they have in samples.
#[derive(Debug)]
pub(crate) struct Sampled(Lookup);

impl Sampled {
    /// Whether an article has furniture, by the names of its sampled shingles. In one that has
    /// none among these there may be a phrase of it, and hardly more.
    pub(crate) fn is_in(&self, sample: &[u32]) -> bool {
        sample.iter().any(|&name| self.0.get(name) != Lookup::NONE)
    }
}

/// Which shingles of some furniture have been met.
#[derive(Debug)]
pub(crate) struct Known {
    /// By shingle: whether it was part of a piece, and whether it was met at all.
    in_piece: Vec<bool>,
    met: Vec<bool>,
    /// Shingles, those of the most articles first, and the first of them not met yet.
    by_articles: Vec<usize>,
    first_left: usize,
}

impl Known {
    /// Meets the shingles of an article, and returns how many articles have one that was in none
    /// so far, at most.
    pub(crate) fn meet(&mut self, furniture: &Furniture, shingles: &[u64]) -> u32 {
        for &hash in shingles {
            if let Some(index) = furniture.shingles.find(hash) {
                self.met[index] = true;
            }
        }
        let is_met = |&&index: &&usize| self.met[index];
        self.first_left += self.by_articles[self.first_left..].iter().take_while(is_met).count();
        self.by_articles.get(self.first_left).map_or(0, |&index| furniture.articles[index])
    }

    /// Meets a piece of furniture, a range of tokens of an article whose shingles are given. When
    /// the greater part of it is new, returns how many articles have it, by the shingle in the
    /// middle of them.
    pub(crate) fn learn(
        &mut self,
        furniture: &Furniture,
        shingles: &[u64],
        piece: Range<usize>,
    ) -> Option<u32> {
        let end = (piece.end + 1).saturating_sub(furniture.width).min(shingles.len());
        let found: Vec<usize> = (shingles[piece.start.min(end)..end].iter())
            .filter_map(|&hash| furniture.shingles.find(hash))
            .collect();
        let new = found.iter().filter(|&&index| !self.in_piece[index]).count();
        found.iter().for_each(|&index| self.in_piece[index] = true);
        let mut articles: Vec<u32> = found.iter().map(|&index| furniture.articles[index]).collect();
        articles.sort_unstable();
        articles.get(articles.len() / 2).copied().filter(|_| 2 * new > found.len())
    }
}

/// A set of hashes that are well mixed. Asking for one that is not there usually costs one look
/// at a filter.
#[derive(Clone, Debug, Default)]
struct Set {
    filter: Filter,
    sorted: Vec<u64>,
    /// By the value of so many highest bits, where the elements that have it start, and the end.
    bits: u32,
    starts: Vec<u32>,
}

impl Set {
    fn new(mut hashes: Vec<u64>) -> Self {
        hashes.sort_unstable();
        hashes.dedup();
        // One element for each value, or two.
        let bits = hashes.len().max(2).ilog2();
        let mut starts = vec![0; (1 << bits) + 1];
        for &hash in &hashes {
            starts[Self::highest(hash, bits) + 1] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let filter = Filter::new(hashes.iter().copied());
        Self { filter, sorted: hashes, bits, starts }
    }

    #[expect(clippy::cast_possible_truncation, reason = "of few bits")]
    fn highest(hash: u64, bits: u32) -> usize {
        (hash >> (64 - bits)) as usize
    }

    fn contains(&self, hash: u64) -> bool {
        self.find(hash).is_some()
    }

    /// The rank of a hash, if it is there.
    fn find(&self, hash: u64) -> Option<usize> {
        if !self.filter.may_have(hash) {
            return None;
        }
        let value = Self::highest(hash, self.bits);
        let [start, end] = [0, 1].map(|next| self.starts[value + next] as usize);
        self.sorted[start..end].binary_search(&hash).ok().map(|rank| start + rank)
    }
}

#[cfg(test)]
mod tests;
