//! Two articles' tokens to the passages that they share.
//!
//! A *point* is a pair of positions at which both articles have the same short shingle. Points
//! on one diagonal, side by side, form a *run*: text that is the same word for word. Runs whose
//! ends are at most [`gap`](Aligner::gap) tokens apart on both sides belong to one *passage*.
//! A passage may hold edits, and passages may stand in any order, so that moved paragraphs cost
//! nothing. A token is *covered* when it stands in a run of a passage, or when it agrees with
//! its counterpart on the diagonal of a run nearby, within the passage.
//!
//! A shingle that stands often in both articles would make points by the product of its counts.
//! Beyond [`MAX_POINTS`] its occurrences are paired by rank instead (first with first, second
//! with second), which keeps everything near-linear and still aligns two copies of a refrain.
//!
//! All of it is symmetric: swapping the articles swaps the results.

use std::ops::Range;

use super::bits::Bits;
use super::table::{NONE, Table};
use crate::{Error, error::check};

/// The most points that one distinct shingle may make by pairing all its occurrences.
pub(super) const MAX_POINTS: u64 = 16;

/// The rules of the alignment: parameters only, shared between threads. The scratch space is a
/// [`Workspace`].
///
/// ```
/// use reprint::align::{Aligner, Workspace};
///
/// let a: Vec<u32> = (0..100).collect();
/// let mut b = a.clone();
/// b[50] = 1000; // one word replaced
/// let mut workspace = Workspace::default();
/// Aligner::default().prepare(&mut workspace, &a);
/// let alignment = Aligner::default().align(&mut workspace, &a, &b);
/// assert_eq!(alignment.passages().len(), 1);
/// assert_eq!((alignment.covered_a(), alignment.covered_b()), (99, 99));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aligner {
    shingle: usize,
    gap: usize,
    min_shingles: usize,
    min_tokens: usize,
}

impl Default for Aligner {
    /// 3-token shingles, gaps of at most 16 tokens, passages from 4 shingles and 12 tokens on.
    fn default() -> Self {
        Self { shingle: 3, gap: 16, min_shingles: 4, min_tokens: 12 }
    }
}

impl Aligner {
    /// An aligner with its own shingle size and gap, in tokens.
    ///
    /// `shingle` is from 1 to 16 (default 3): smaller bridges denser edits and meets more
    /// coincidences. `gap` is from 0 to 256 (default 16): how many tokens may be strange, on
    /// either side, before a passage breaks.
    ///
    /// # Errors
    /// When one of them is out of its range.
    pub fn new(shingle: usize, gap: usize) -> Result<Self, Error> {
        check((1..=16).contains(&shingle), "alignment shingle", "from 1 to 16 tokens", shingle)?;
        check(gap <= 256, "gap", "at most 256 tokens", gap)?;
        Ok(Self { shingle, gap, ..Self::default() })
    }

    /// The size of the shingles that make points, in tokens.
    pub fn shingle(&self) -> usize {
        self.shingle
    }

    /// The longest gap within a passage, in tokens, on either side.
    pub fn gap(&self) -> usize {
        self.gap
    }

    /// What a passage must reach between articles of these lengths: (shingles, tokens). Short
    /// articles ask for less: half of the shorter one is enough.
    fn floor(&self, a: usize, b: usize) -> (usize, usize) {
        let shorter = a.min(b);
        let shingles = (shorter + 1).saturating_sub(self.shingle).div_ceil(2).max(1);
        (
            self.min_shingles.min(shingles),
            self.min_tokens.min(shorter.div_ceil(2)).max(self.shingle),
        )
    }

    /// Indexes article `a` in the workspace, for any number of calls of [`align`](Self::align).
    /// Linear in its tokens; no allocation once the workspace has grown.
    ///
    /// # Panics
    /// If the article has 2³² - 1 tokens or more.
    pub fn prepare(&self, workspace: &mut Workspace, a: &[u32]) {
        assert!(a.len() < NONE as usize, "an article has fewer than 2^32 - 1 tokens");
        workspace.table.build(a, self.shingle);
        let positions = workspace.table.names().len();
        workspace.seen.clear();
        workspace.seen.resize(positions, 0);
        workspace.ranked.clear();
        workspace.ranked.resize(positions, NONE);
        for ends in &mut workspace.ends {
            ends.clear();
            ends.resize(a.len(), NONE);
        }
        workspace.prepared = a.len();
    }

    /// Aligns the prepared article `a` with article `b`. Near-linear in the tokens of `b`, also
    /// for repetitive texts; no allocation once the workspace has grown.
    ///
    /// # Panics
    /// If `a` has not the length of the article last [prepared](Self::prepare), or `b` has
    /// 2³² - 1 tokens or more. With another article of the same length the result has no meaning.
    pub fn align<'w>(&self, workspace: &'w mut Workspace, a: &[u32], b: &[u32]) -> Alignment<'w> {
        self.align_own(workspace, a, b, [&[], &[]])
    }

    /// As [`align`](Self::align), with parts of both articles left aside: ranges of tokens,
    /// ascending and apart from each other, that are no part of the writing. Passages may run
    /// through them, but their tokens are not covered and don't count in the longest run.
    ///
    /// # Panics
    /// As [`align`](Self::align); and if a range goes beyond its article.
    pub fn align_own<'w>(
        &self,
        workspace: &'w mut Workspace,
        a: &[u32],
        b: &[u32],
        aside: [&[Range<u32>]; 2],
    ) -> Alignment<'w> {
        assert_eq!(a.len(), workspace.prepared, "align the article that was prepared");
        assert!(b.len() < NONE as usize, "an article has fewer than 2^32 - 1 tokens");
        workspace.steps = 0;
        self.find_runs(workspace, a, b);
        self.join_runs(workspace);
        self.collect_passages(workspace, a, b, aside);
        for (covered, ranges) in workspace.covered.iter_mut().zip(aside) {
            ranges.iter().for_each(|range| covered.clear(range.start as usize..range.end as usize));
        }
        Alignment { workspace }
    }

    /// Points, joined on the fly to the longest runs.
    fn find_runs(&self, workspace: &mut Workspace, a: &[u32], b: &[u32]) {
        self.find_stretches(workspace, a, b);
        let Workspace { table, seen, ranked, irregular, stretches, ends, runs, steps, .. } =
            workspace;
        runs.clear();
        let (names, counts) = (table.names(), table.counts());
        for stretch in stretches.iter() {
            let mut done = 0;
            while done < stretch.points {
                let (i, j) = (stretch.a + done, stretch.b + done);
                // Shingles that stand once in each article make one point each, side by side.
                let rest = i as usize..stretch.positions().end;
                let single = narrow(irregular.free(rest));
                if single > 0 {
                    add_points(runs, ends, i, j, single);
                    *steps += u64::from(single);
                    done += single;
                    continue;
                }
                let name = names[i as usize];
                let (count, seen) = (counts[name as usize], seen[name as usize]);
                if u64::from(count) * u64::from(seen) <= MAX_POINTS {
                    let mut i = name;
                    while i != NONE {
                        add_points(runs, ends, i, j, 1);
                        *steps += 1;
                        i = table.next(i);
                    }
                } else {
                    // The r-th occurrence in b meets the r-th in a. `ranked` is the one before.
                    let rank = &mut ranked[name as usize];
                    let i = if *rank == NONE { name } else { table.next(*rank) };
                    if i != NONE {
                        *rank = i;
                        add_points(runs, ends, i, j, 1);
                        *steps += 1;
                    }
                }
                done += 1;
            }
        }
        for stretch in stretches.iter() {
            irregular.for_each_within(stretch.positions(), |position| {
                let name = names[position] as usize;
                (seen[name], ranked[name]) = (0, NONE);
            });
        }
    }

    /// Where b goes on as some place of a does, for as long as it does, in the order of b; and how
    /// often each shingle of a was seen that does not stand once in each.
    fn find_stretches(&self, workspace: &mut Workspace, a: &[u32], b: &[u32]) {
        let Workspace { table, seen, once, irregular, stretches, .. } = workspace;
        stretches.clear();
        let names = table.names();
        once.reset(names.len());
        irregular.copy(table.repeated());
        let positions = (b.len() + 1).saturating_sub(self.shingle);
        let mut j = 0;
        while j < positions {
            let name = table.find(a, &b[j..j + self.shingle]);
            if name == NONE {
                j += 1;
                continue;
            }
            let i = name as usize;
            let points = common_prefix(&a[i..], &b[j..]) + 1 - self.shingle;
            once.mark_again(i..i + points, irregular);
            stretches.push(Run { a: name, b: narrow(j), points: narrow(points) });
            j += points;
        }
        for stretch in stretches.iter() {
            irregular.for_each_within(stretch.positions(), |position| {
                seen[names[position] as usize] += 1;
            });
        }
    }

    /// Joins runs to passages: `owner` becomes a forest whose trees are the passages.
    fn join_runs(&self, workspace: &mut Workspace) {
        let Workspace { runs, owner, active, steps, .. } = workspace;
        owner.clear();
        owner.extend(0..narrow(runs.len()));
        active.clear();
        let reach = narrow(self.shingle + self.gap);
        for (index, run) in runs.iter().enumerate() {
            // Runs come in the order of their first position in b. One that ended out of reach
            // stays out of reach.
            active.retain(|&other: &u32| {
                let other = &runs[other as usize];
                other.b + (other.points - 1) + reach >= run.b
            });
            for &other in active.iter() {
                *steps += 1;
                let earlier = &runs[other as usize];
                if earlier.leads_to(run, reach) || run.leads_to(earlier, reach) {
                    unite(owner, other, narrow(index));
                }
            }
            active.push(narrow(index));
        }
    }

    /// Drops what is too small for a passage, and marks the tokens that the others cover.
    fn collect_passages(
        &self,
        workspace: &mut Workspace,
        a: &[u32],
        b: &[u32],
        aside: [&[Range<u32>]; 2],
    ) {
        let Workspace { runs, owner, passages, slot_of, covered, longest, .. } = workspace;
        let (min_shingles, min_tokens) = self.floor(a.len(), b.len());
        passages.clear();
        slot_of.clear();
        slot_of.resize(runs.len(), NONE);
        for index in 0..narrow(runs.len()) {
            let root = find(owner, index) as usize;
            let run = &runs[index as usize];
            let (run_a, run_b) = run.ranges(self.shingle);
            if slot_of[root] == NONE {
                slot_of[root] = narrow(passages.len());
                passages.push(Passage { a: run_a, b: run_b, shingles: run.points as usize });
            } else {
                let passage = &mut passages[slot_of[root] as usize];
                passage.a = join(&passage.a, &run_a);
                passage.b = join(&passage.b, &run_b);
                passage.shingles += run.points as usize;
            }
        }
        for (side, tokens) in covered.iter_mut().zip([a, b]) {
            side.reset(tokens.len());
        }
        *longest = 0;
        let counts = |passage: &Passage| {
            passage.shingles >= min_shingles
                && passage.a.len() >= min_tokens
                && passage.b.len() >= min_tokens
        };
        for (index, run) in (0..).zip(runs.iter()) {
            let passage = &passages[slot_of[find(owner, index) as usize] as usize];
            if !counts(passage) {
                continue;
            }
            let (run_a, run_b) = run.ranges(self.shingle);
            let left_out = common_tokens(&run_a, aside[0]).max(common_tokens(&run_b, aside[1]));
            *longest = (*longest).max(run_a.len() - left_out);
            covered[0].mark(run_a.clone());
            covered[1].mark(run_b.clone());
            // Single words that agree between the edits around a run.
            let back =
                self.gap.min(run_a.start - passage.a.start).min(run_b.start - passage.b.start);
            let forth = self.gap.min(passage.a.end - run_a.end).min(passage.b.end - run_b.end);
            for (i, j, length) in
                [(run_a.start - back, run_b.start - back, back), (run_a.end, run_b.end, forth)]
            {
                let pairs = a[i..i + length].chunks(64).zip(b[j..j + length].chunks(64));
                for (block, (a, b)) in pairs.enumerate() {
                    let bits = (a.iter().zip(b).rev())
                        .fold(0, |bits, (a, b)| bits << 1 | u64::from(a == b));
                    covered[0].mark_bits(i + 64 * block, bits);
                    covered[1].mark_bits(j + 64 * block, bits);
                }
            }
        }
        passages.retain(counts);
        passages.sort_unstable_by_key(|passage| (passage.a.start, passage.b.start, passage.a.end));
    }
}

/// A stretch of text that stands in both articles, in token positions. Edits of up to
/// [`Aligner::gap`] tokens may lie within it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Where it stands in the first article, in tokens.
    pub a: Range<usize>,
    /// Where it stands in the second article, in tokens.
    pub b: Range<usize>,
    /// How many points, pairs of equal shingles, hold it together.
    pub shingles: usize,
}

/// What two articles share: a view into the [`Workspace`] that computed it.
#[derive(Debug)]
pub struct Alignment<'w> {
    workspace: &'w Workspace,
}

impl Alignment<'_> {
    /// The shared passages, by their place in the first article.
    pub fn passages(&self) -> &[Passage] {
        &self.workspace.passages
    }

    /// How many tokens of the first article stand in the second, in passages.
    pub fn covered_a(&self) -> usize {
        self.workspace.covered[0].count()
    }

    /// How many tokens of the second article stand in the first, in passages.
    pub fn covered_b(&self) -> usize {
        self.workspace.covered[1].count()
    }

    /// The length of the longest run, in tokens: text that stands in both, word for word.
    pub fn longest_run(&self) -> usize {
        self.workspace.longest
    }

    /// Whether the token at a position of the first article is covered.
    pub fn covers_a(&self, position: usize) -> bool {
        self.workspace.covered[0].has(position)
    }

    /// Whether the token at a position of the second article is covered.
    pub fn covers_b(&self, position: usize) -> bool {
        self.workspace.covered[1].has(position)
    }
}

/// The scratch space of an [`Aligner`]: one per thread, reused from pair to pair.
#[derive(Debug, Default)]
pub struct Workspace {
    table: Table,
    prepared: usize,
    /// Positions of a that some stretch goes through, and those whose shingle stands elsewhere in a
    /// or has more than one stretch go through it.
    once: Bits,
    irregular: Bits,
    /// By the name of such a shingle, while one partner is aligned: how often it stands there,
    /// and the last occurrence in a that was paired by rank, or `NONE`.
    seen: Vec<u32>,
    ranked: Vec<u32>,
    /// Where b goes on as some place of a does.
    stretches: Vec<Run>,
    /// The run that ends at each position of a, for even and odd positions of b.
    ends: [Vec<u32>; 2],
    runs: Vec<Run>,
    owner: Vec<u32>,
    active: Vec<u32>,
    slot_of: Vec<u32>,
    passages: Vec<Passage>,
    covered: [Bits; 2],
    longest: usize,
    /// Points made and pairs of runs looked at by the last alignment: what bounds its time.
    steps: u64,
}

impl Workspace {
    /// How much work the last alignment was: points made and pairs of runs looked at. It grows
    /// in proportion to the length of the articles, whatever is in them.
    pub fn steps(&self) -> u64 {
        self.steps
    }
}

/// Points side by side on one diagonal: from (a, b) on, `points` of them.
#[derive(Clone, Copy, Debug)]
struct Run {
    a: u32,
    b: u32,
    points: u32,
}

impl Run {
    /// Its positions in a.
    fn positions(&self) -> Range<usize> {
        self.a as usize..(self.a + self.points) as usize
    }

    /// The tokens of the run in both articles.
    fn ranges(&self, shingle: usize) -> (Range<usize>, Range<usize>) {
        let length = self.points as usize + shingle - 1;
        let (a, b) = (self.a as usize, self.b as usize);
        (a..a + length, b..b + length)
    }

    /// Whether some point of this run stands before some point of the other one in both
    /// articles, with starts at most `reach` tokens apart.
    fn leads_to(&self, other: &Self, reach: u32) -> bool {
        // With t and s the points' ranks in their runs, only u = t - s matters:
        // 0 < d - u ≤ reach for the distances d between the starts of the runs, on both sides.
        let di = i64::from(other.a) - i64::from(self.a);
        let dj = i64::from(other.b) - i64::from(self.b);
        let low = (di.max(dj) - i64::from(reach)).max(1 - i64::from(other.points));
        let high = (di.min(dj) - 1).min(i64::from(self.points) - 1);
        low <= high
    }
}

/// A position or an index as it is stored. Both are below 2^32: the assertions of `prepare` and
/// `align` see to the positions, and there are at most 16 points, hence runs, for a position.
fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(NONE)
}

/// How many tokens of a range are in one of some ascending ranges.
fn common_tokens(range: &Range<usize>, others: &[Range<u32>]) -> usize {
    let first = others.partition_point(|other| other.end as usize <= range.start);
    others[first..]
        .iter()
        .take_while(|other| (other.start as usize) < range.end)
        .map(|other| range.end.min(other.end as usize) - range.start.max(other.start as usize))
        .sum()
}

/// Adds points side by side, from (i, j) on, to the run that ends just before, or as a new run.
fn add_points(runs: &mut Vec<Run>, ends: &mut [Vec<u32>; 2], i: u32, j: u32, points: u32) {
    let continues = |run: &Run| run.a + run.points == i && run.b + run.points == j;
    // Nearly always it is the latest run that goes on. What stands in `ends` may be left from
    // earlier positions or partners.
    let latest = runs.len().wrapping_sub(1);
    let run = if runs.last().is_some_and(continues) {
        latest
    } else {
        // The position of b before this one is odd where this one is even.
        let before = &ends[usize::from(j.is_multiple_of(2))];
        let known = i.checked_sub(1).map(|i| before[i as usize] as usize);
        known.filter(|&run| runs.get(run).is_some_and(continues)).unwrap_or_else(|| {
            runs.push(Run { a: i, b: j, points: 0 });
            latest.wrapping_add(1)
        })
    };
    runs[run].points += points;
    let (last_i, last_j) = (i + points - 1, j + points - 1);
    ends[usize::from(!last_j.is_multiple_of(2))][last_i as usize] = narrow(run);
}

/// How many tokens two texts have in common at their start.
fn common_prefix(a: &[u32], b: &[u32]) -> usize {
    const TOGETHER: usize = 16;
    let (a_blocks, _) = a.as_chunks::<TOGETHER>();
    let (b_blocks, _) = b.as_chunks::<TOGETHER>();
    let same = a_blocks.iter().zip(b_blocks).take_while(|(a, b)| a == b).count() * TOGETHER;
    same + a[same..].iter().zip(&b[same..]).take_while(|(a, b)| a == b).count()
}

fn join(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    a.start.min(b.start)..a.end.max(b.end)
}

/// The root of a tree in a forest of parents, halving the path on the way.
fn find(owner: &mut [u32], mut node: u32) -> u32 {
    while owner[node as usize] != node {
        owner[node as usize] = owner[owner[node as usize] as usize];
        node = owner[node as usize];
    }
    node
}

fn unite(owner: &mut [u32], a: u32, b: u32) {
    let (a, b) = (find(owner, a), find(owner, b));
    owner[a.max(b) as usize] = a.min(b);
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
