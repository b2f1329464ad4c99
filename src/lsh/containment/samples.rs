//! The samples of many articles: flat, in text order.

use std::ops::Range;

/// The sampled shingles of some articles, one article after the other: 8 bytes a shingle.
#[derive(Clone, Debug)]
pub struct Samples {
    hashes: Vec<u32>,
    /// As [`Place`] has them.
    places: Vec<u32>,
    /// Where the sample of each article starts, and the end.
    starts: Vec<usize>,
    /// By article: how many shingles it was taken from, and how many there are with those left out.
    shingles: Vec<u32>,
    lengths: Vec<u32>,
    /// Scratch space.
    distinct: Vec<u64>,
}

/// Where a sampled shingle stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place(u32);

impl Place {
    const DENSE: u32 = 1 << 31;

    /// A shingle at a position, which was sampled only because the article is short.
    #[inline]
    pub(super) fn new(position: usize, is_dense: bool) -> Self {
        // Of an article of 2^31 tokens only the first ones are told apart.
        #[expect(clippy::cast_possible_truncation, reason = "below 2^31")]
        let position = position.min(Self::DENSE as usize - 1) as u32;
        Self(position | u32::from(is_dense) << 31)
    }

    /// The position of its first token in the article.
    pub fn position(self) -> u32 {
        self.0 & !Self::DENSE
    }

    /// Whether a longer article would have sampled it, too. Only such shingles tell by their
    /// absence that an article of any other length lacks them.
    pub fn is_sparse(self) -> bool {
        self.0 & Self::DENSE == 0
    }
}

/// The sample of one article.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'p> {
    /// How many shingles it was taken from, and how many there are with those left out.
    pub(crate) shingles: u32,
    pub(crate) length: u32,
    pub(crate) hashes: &'p [u32],
    places: &'p [u32],
}

impl<'p> Part<'p> {
    /// What [`Samples::to_row`] made a row of. The row is of this very version of the crate.
    pub(crate) fn of_row(row: &'p [u32]) -> Self {
        let (head, rest) = row.split_at(2);
        let (hashes, places) = rest.split_at(rest.len() / 2);
        Self { shingles: head[0], length: head[1], hashes, places }
    }

    /// Where the sampled shingles stand.
    pub(crate) fn places(self) -> impl Iterator<Item = Place> + 'p {
        self.places.iter().map(|&place| Place(place))
    }
}

impl Default for Samples {
    fn default() -> Self {
        Self {
            hashes: Vec::new(),
            places: Vec::new(),
            starts: vec![0],
            shingles: Vec::new(),
            lengths: Vec::new(),
            distinct: Vec::new(),
        }
    }
}

impl Samples {
    /// The number of articles.
    pub fn len(&self) -> usize {
        self.shingles.len()
    }

    /// Whether there are no articles.
    pub fn is_empty(&self) -> bool {
        self.shingles.is_empty()
    }

    /// Drops all articles, and keeps the memory.
    pub fn clear(&mut self) {
        self.hashes.clear();
        self.places.clear();
        self.starts.truncate(1);
        self.shingles.clear();
        self.lengths.clear();
    }

    /// By article: how many shingles it was sampled from, without those left out; where many are
    /// the same, how many different ones.
    pub fn shingles(&self) -> &[u32] {
        &self.shingles
    }

    /// By article: how many shingles it has, those left out included.
    pub fn lengths(&self) -> &[u32] {
        &self.lengths
    }

    /// The sampled shingles of an article in text order, by the lower halves of their hashes. The
    /// same one may come more than once.
    pub fn hashes(&self, article: usize) -> &[u32] {
        &self.hashes[self.range(article)]
    }

    /// Where they stand in the article.
    pub fn places(&self, article: usize) -> impl ExactSizeIterator<Item = Place> + Clone {
        self.places[self.range(article)].iter().map(|&place| Place(place))
    }

    /// Where an article's sample stands among those of all.
    pub fn range(&self, article: usize) -> Range<usize> {
        self.starts[article]..self.starts[article + 1]
    }

    /// The sample of an article.
    pub(crate) fn part(&self, article: usize) -> Part<'_> {
        let (shingles, length) = (self.shingles[article], self.lengths[article]);
        let range = self.range(article);
        Part { shingles, length, hashes: &self.hashes[range.clone()], places: &self.places[range] }
    }

    /// Adds the articles of other samples behind these.
    pub fn append(&mut self, other: &Self) {
        let start = self.hashes.len();
        self.hashes.extend_from_slice(&other.hashes);
        self.places.extend_from_slice(&other.places);
        self.starts.extend(other.starts[1..].iter().map(|end| start + end));
        self.shingles.extend_from_slice(&other.shingles);
        self.lengths.extend_from_slice(&other.lengths);
    }

    /// Adds the sample of an article.
    pub(crate) fn push(&mut self, part: Part<'_>) {
        self.hashes.extend_from_slice(part.hashes);
        self.places.extend_from_slice(part.places);
        self.finish(part.shingles, part.length);
    }

    /// How many sampled shingles there are.
    pub(crate) fn total(&self) -> usize {
        self.hashes.len()
    }

    /// Appends the sample of an article as plain numbers, for [`Part::of_row`].
    pub(crate) fn to_row(&self, article: usize, out: &mut Vec<u32>) {
        let part = self.part(article);
        out.extend([part.shingles, part.length]);
        out.extend_from_slice(part.hashes);
        out.extend_from_slice(part.places);
    }

    /// The sample of the article that is not finished yet.
    pub(super) fn current(&self) -> &[u32] {
        &self.hashes[self.starts[self.starts.len() - 1]..]
    }

    /// Drops the sample of the article that is not finished yet.
    pub(super) fn restart(&mut self) {
        let start = self.starts[self.starts.len() - 1];
        self.hashes.truncate(start);
        self.places.truncate(start);
    }

    /// How many different shingles there are.
    pub(super) fn count_distinct(&mut self, shingles: impl Iterator<Item = u64>) -> usize {
        self.distinct.clear();
        self.distinct.extend(shingles);
        self.distinct.sort_unstable();
        self.distinct.dedup();
        self.distinct.len()
    }

    /// Adds those of some shingles of the current article, the first at a position, of which the
    /// upper half is at most `bound`. They are dense if it is above `sparse`.
    pub(super) fn add_below(&mut self, bound: u32, sparse: u32, first: usize, shingles: &[u64]) {
        let start = self.hashes.len();
        self.hashes.resize(start + shingles.len(), 0);
        self.places.resize(start + shingles.len(), 0);
        let (hashes, places) = (&mut self.hashes[start..], &mut self.places[start..]);
        // Written each time and kept sometimes: no branch that nobody can predict.
        let mut len = 0;
        for (position, &hash) in (first..).zip(shingles) {
            // The upper half decides, the lower half is the name in the index.
            #[expect(clippy::cast_possible_truncation, reason = "the lower half is wanted")]
            let (upper, lower) = ((hash >> 32) as u32, hash as u32);
            hashes[len] = lower;
            places[len] = Place::new(position, upper > sparse).0;
            len += usize::from(upper <= bound);
        }
        self.hashes.truncate(start + len);
        self.places.truncate(start + len);
    }

    /// Adds those sampled shingles of another sample that are not left out.
    pub(super) fn add_kept(&mut self, sample: Part<'_>, left_out: &[Range<u32>]) {
        let mut left_out = left_out.iter().peekable();
        for (&hash, place) in sample.hashes.iter().zip(sample.places()) {
            let position = place.position();
            while left_out.next_if(|range| range.end <= position).is_some() {}
            if left_out.peek().is_none_or(|range| position < range.start) {
                self.hashes.push(hash);
                self.places.push(place.0);
            }
        }
    }

    /// Ends the current article.
    pub(super) fn finish(&mut self, shingles: u32, length: u32) {
        self.starts.push(self.hashes.len());
        self.shingles.push(shingles);
        self.lengths.push(length);
    }
}
