//! Candidates for excerpts: pairs that share sampled shingles.
//!
//! Banding asks whether two sets are alike, and can't see that 300 words stand whole in an
//! article of 3,000. Here each article is sampled by hash value: the same shingle is either
//! sampled everywhere or nowhere, so that the samples of a part are among the samples of the
//! whole (Broder, "On the resemblance and containment of documents", 1997, with a share instead
//! of a number as in Irber et al., "FracMinHash", 2022). Short articles are sampled more densely,
//! by a higher bound on the same hash: the sparser sample remains a subset of the denser one.
//!
//! An article meets each earlier one that shares a sampled shingle with it. When there are more
//! than [`Containment::limit`] of them for one shingle, it meets the first half and the latest
//! half of that many, and the rest is counted in [`Limited`](super::Limited). Pairs that meet at enough shingles
//! are candidates; meeting at a shingle that very many articles have counts for less.

mod bulk;
mod index;
mod samples;
mod shared;
#[cfg(test)]
mod tests;

pub use index::ContainmentIndex;
pub(crate) use samples::Part;
pub use samples::{Place, Samples};
pub use shared::SharedSamples;

use std::iter;
use std::ops::Range;

use crate::error::{Error, check};

/// The settings of the containment index: parameters only.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Containment {
    one_in: u32,
    floor: u32,
    share: f64,
    limit: usize,
}

impl Default for Containment {
    /// One shingle in 8 and at least about 32 of an article; candidates share a twentieth of the
    /// smaller one's sample; at most 128 earlier articles for a shingle.
    fn default() -> Self {
        Self { one_in: 8, floor: 32, share: 0.05, limit: 128 }
    }
}

impl Containment {
    /// The default settings but for these two.
    ///
    /// `share` is the part of the smaller article's sample, 0 to 1 (default 0.05), that a
    /// candidate must have in common with it; two samples are asked for in any case. `limit` is
    /// how many earlier articles one article meets at one shingle, at least 2 (default 128):
    /// higher finds more of the pairs within very large clusters, at a cost in proportion.
    ///
    /// # Errors
    /// When one of them is out of its range.
    pub fn new(share: f64, limit: usize) -> Result<Self, Error> {
        check((0.0..=1.0).contains(&share), "share", "from 0 to 1", share)?;
        check(limit >= 2, "limit", "at least 2 articles", limit)?;
        Ok(Self { share, limit, ..Self::default() })
    }

    /// The most earlier articles that one article meets at one shingle.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// The share of the shingles that an article of this many shingles is sampled at, 0 to 1.
    pub fn rate(&self, shingles: usize) -> f64 {
        let floor = f64::from(self.floor) / shingles.max(1) as f64;
        floor.max(1.0 / f64::from(self.one_in)).min(1.0)
    }

    /// Adds the sample of an article's shingles, which are given in text order, to those of other
    /// articles. `left_out` are the positions that are not sampled: ranges, ascending and apart
    /// from each other.
    ///
    /// Cost: linear. In a repetitive text the distinct shingles are sorted, to sample those.
    ///
    /// # Panics
    /// If there are 2³² shingles or more, or a range goes beyond them.
    pub fn sample(&self, shingles: &[u64], left_out: &[Range<u32>], out: &mut Samples) {
        let without: usize = left_out.iter().map(Range::len).sum();
        let mut count = shingles.len() - without;
        self.sample_as(count, shingles, left_out, out);
        // In a repetitive text there are fewer shingles to sample than it seemed.
        if distinct_at_least(out.current()) < count.min(self.enough()) {
            count =
                out.count_distinct(kept(shingles, left_out).flat_map(|(_, kept)| kept).copied());
            out.restart();
            self.sample_as(count, shingles, left_out, out);
        }
        let narrow = |count: usize| {
            u32::try_from(count).unwrap_or_else(|_| panic!("an article of 2^32 shingles"))
        };
        out.finish(narrow(count), narrow(shingles.len()));
    }

    /// The least number of shingles of an article that is not sampled the more densely the shorter
    /// it is.
    pub(crate) fn least_to_thin(&self) -> usize {
        self.floor as usize * self.one_in as usize
    }

    /// Adds the sample of an article from an earlier one, of which less was left out: the same
    /// as from its shingles. Says whether it can.
    pub(crate) fn thin(
        &self,
        sample: Part<'_>,
        left_out: &[Range<u32>],
        out: &mut Samples,
    ) -> bool {
        let without: u32 = left_out.iter().map(|range| range.end - range.start).sum();
        let count = sample.length - without;
        if (count.min(sample.shingles) as usize) < self.least_to_thin() {
            return false;
        }
        out.add_kept(sample, left_out);
        // A repetitive text is sampled in another way.
        if distinct_at_least(out.current()) < self.enough() {
            out.restart();
            return false;
        }
        out.finish(count, sample.length);
        true
    }

    /// How many different shingles are to be sampled, unless an article has fewer.
    fn enough(&self) -> usize {
        self.floor as usize * 3 / 4
    }

    /// Samples as an article of so many shingles.
    fn sample_as(
        &self,
        count: usize,
        shingles: &[u64],
        left_out: &[Range<u32>],
        out: &mut Samples,
    ) {
        let [bound, sparse] = [count, usize::MAX].map(|count| self.bound(count));
        for (first, kept) in kept(shingles, left_out) {
            out.add_below(bound, sparse, first, kept);
        }
    }

    /// The sample of one article as a set: how many shingles it was taken from, and their names,
    /// ascending.
    fn names(&self, shingles: &[u64], left_out: &[Range<u32>]) -> (u32, Vec<u32>) {
        let mut sample = Samples::default();
        self.sample(shingles, left_out, &mut sample);
        let mut names = sample.hashes(0).to_vec();
        names.sort_unstable();
        names.dedup();
        (sample.shingles()[0], names)
    }

    /// The highest upper half of a hash that is sampled in an article of so many shingles.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the rate is between 0 and 1"
    )]
    fn bound(&self, shingles: usize) -> u32 {
        (self.rate(shingles) * f64::from(u32::MAX)) as u32
    }

    /// Whether two articles of these many shingles are candidates, by the sampled shingles that
    /// they share: their number, and their weights together. Either they share enough of some
    /// weight, or half of all that they can share.
    fn is_enough(&self, a: usize, b: usize, shared: Shared) -> bool {
        // Only what lies below the sparser bound can be shared.
        let expected = a.min(b) as f64 * self.rate(a.max(b));
        // An article of one shingle has no two to share.
        let least = 2.min(a.min(b)) as f64;
        let count = f64::from(shared.count);
        count >= least
            && (f64::from(shared.weight)
                >= f64::from(RARE) * (self.share * expected).ceil().max(least)
                || 2.0 * count >= expected)
    }

    /// What it counts to meet at a shingle that so many earlier articles have. Phrases that very
    /// many articles use make strangers meet by chance, the more of them the larger the corpus.
    /// Copies of a story that is printed as often meet at so many shingles that it doesn't matter.
    fn weight(earlier: usize) -> u32 {
        match earlier {
            0..=8 => RARE,
            9..=64 => RARE / 2,
            _ => RARE / 4,
        }
    }

    /// Of the earlier articles that have a shingle, those that the next one meets.
    fn meets<'e>(&self, earlier: &'e [u32]) -> [&'e [u32]; 2] {
        if earlier.len() <= self.limit {
            return [earlier, &[]];
        }
        let half = self.limit / 2;
        [&earlier[..half], &earlier[earlier.len() - half..]]
    }
}

/// What it counts to meet at a rare shingle.
const RARE: u32 = 4;

/// The sampled shingles that two articles share.
#[derive(Clone, Copy, Debug, Default)]
struct Shared {
    count: u32,
    weight: u32,
}

impl Shared {
    fn add(&mut self, weight: u32) {
        self.count += 1;
        self.weight += weight;
    }
}

/// The shingles that are not left out, in stretches, each with the position of its first one.
fn kept<'s>(
    shingles: &'s [u64],
    left_out: &'s [Range<u32>],
) -> impl Iterator<Item = (usize, &'s [u64])> {
    let starts = iter::once(0).chain(left_out.iter().map(|range| range.end as usize));
    let ends = left_out.iter().map(|range| range.start as usize).chain([shingles.len()]);
    starts.zip(ends).map(|(start, end)| (start, &shingles[start..end]))
}

/// A lower bound on how many different hashes there are, which is good for up to a hundred of
/// them: how many of 256 bits they set.
fn distinct_at_least(hashes: &[u32]) -> usize {
    let mut bits = [0u64; 4];
    for hash in hashes {
        bits[(hash >> 6) as usize % 4] |= 1 << (hash % 64);
    }
    bits.iter().map(|word| word.count_ones() as usize).sum()
}
