//! Two token sequences to the words that they keep, in order.

use std::{collections::HashMap, ops::Range};

use similar::{Algorithm, DiffOp, capture_diff};

use super::intern::ById;

/// The largest gap whose longest common subsequence is computed, as the product of its sides in
/// tokens.
const SMALL: usize = 1 << 12;

/// The largest gap that is compared word by word, as the product of its sides. All larger than
/// [`SMALL`] are cut at word sequences that stand once on each side, as long as there are any.
const MAX_PRODUCT: usize = 4 << 20;

/// How much of that one report may spend on gaps that nothing cuts; the rest is coarse.
const BUDGET: usize = 4 * MAX_PRODUCT;

/// The size of those sequences, in tokens: first the safer one.
const ANCHORS: [usize; 2] = [4, 2];

/// An edit is small when both of its sides together have so many tokens at most, and so many go on
/// the same behind it.
const SMALL_EDIT: usize = 16;
const FIRM: usize = 4;

/// Anchors in a large gap must hold one in so many of its words.
const SPARSE: usize = 64;

/// How often gaps are cut into smaller ones, at most.
const MAX_DEPTH: usize = 12;

/// Kept runs of this many tokens are never taken for a coincidence.
pub(super) const SOLID: usize = 8;

/// How much more a word counts in a match that is a block in its own right.
const WHOLE_WEIGHT: usize = 4;

/// Tokens that are the same on both sides: `len` of them, from `a` and `b` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) len: usize,
}

impl Match {
    pub(super) fn end_a(&self) -> usize {
        self.a + self.len
    }

    pub(super) fn end_b(&self) -> usize {
        self.b + self.len
    }
}

/// What is kept between two texts, as it is being found: matches that ascend on both sides and
/// never touch on both.
#[derive(Debug, Default)]
pub(super) struct Script {
    pub(super) matches: Vec<Match>,
    /// Gaps on both sides that were too large to be compared.
    pub(super) coarse: Vec<(Range<usize>, Range<usize>)>,
    /// What was spent: pairs of tokens that may have been compared.
    pub(super) steps: usize,
    /// For gaps that are small: the length of the subsequence from each pair of places on.
    lengths: Vec<u16>,
}

impl Script {
    /// Appends a match; one that goes on where the last one ends makes it longer.
    fn push(&mut self, next: Match) {
        match self.matches.last_mut() {
            _ if next.len == 0 => {}
            Some(last) if last.end_a() == next.a && last.end_b() == next.b => last.len += next.len,
            _ => self.matches.push(next),
        }
    }

    /// Compares two ranges, and appends what they keep.
    pub(super) fn extend(
        &mut self,
        (a, range_a): (&[u32], Range<usize>),
        (b, range_b): (&[u32], Range<usize>),
    ) {
        self.solve(a, range_a, b, range_b, 0);
    }

    fn solve(
        &mut self,
        a: &[u32],
        mut range_a: Range<usize>,
        b: &[u32],
        mut range_b: Range<usize>,
        depth: usize,
    ) {
        self.walk(a, &mut range_a, b, &mut range_b);
        let (rest_a, rest_b) = (&a[range_a.clone()], &b[range_b.clone()]);
        let suffix =
            rest_a.iter().rev().zip(rest_b.iter().rev()).take_while(|(x, y)| x == y).count();
        range_a.end -= suffix;
        range_b.end -= suffix;

        let product = range_a.len().saturating_mul(range_b.len());
        match product {
            0 => {}
            1..=SMALL => self.longest_common(a, range_a.clone(), b, range_b.clone()),
            _ => self.cut(a, range_a.clone(), b, range_b.clone(), depth),
        }
        self.push(Match { a: range_a.end, b: range_b.end, len: suffix });
    }

    /// Appends what the ranges keep from their start on, over small edits, and leaves what begins
    /// with a large one.
    fn walk(
        &mut self,
        a: &[u32],
        range_a: &mut Range<usize>,
        b: &[u32],
        range_b: &mut Range<usize>,
    ) {
        loop {
            let (side_a, side_b) = (&a[range_a.clone()], &b[range_b.clone()]);
            let same = side_a.iter().zip(side_b).take_while(|(x, y)| x == y).count();
            self.push(Match { a: range_a.start, b: range_b.start, len: same });
            self.steps += same;
            (range_a.start, range_b.start) = (range_a.start + same, range_b.start + same);
            let (side_a, side_b) = (&side_a[same..], &side_b[same..]);
            if side_a.len().saturating_mul(side_b.len()) <= SMALL {
                return;
            }
            let goes_on = |(x, y): (usize, usize)| {
                let ahead = (side_a.get(x..x + FIRM), side_b.get(y..y + FIRM));
                matches!(ahead, (Some(from), Some(to)) if from == to)
            };
            // The smallest edit first.
            let mut edits =
                (1..=SMALL_EDIT).flat_map(|size| (0..=size).map(move |x| (x, size - x)));
            self.steps += SMALL_EDIT * SMALL_EDIT;
            let Some((x, y)) = edits.find(|&edit| goes_on(edit)) else { return };
            let (to_a, to_b) = (range_a.start + x, range_b.start + y);
            self.longest_common(a, range_a.start..to_a, b, range_b.start..to_b);
            (range_a.start, range_b.start) = (to_a, to_b);
        }
    }

    /// Appends the longest common subsequence of two short ranges.
    fn longest_common(
        &mut self,
        a: &[u32],
        range_a: Range<usize>,
        b: &[u32],
        range_b: Range<usize>,
    ) {
        let (side_a, side_b) = (&a[range_a.clone()], &b[range_b.clone()]);
        let width = side_b.len() + 1;
        self.steps += side_a.len() * side_b.len();
        let mut lengths = std::mem::take(&mut self.lengths);
        lengths.clear();
        lengths.resize((side_a.len() + 1) * width, 0);
        for (i, x) in side_a.iter().enumerate().rev() {
            let (row, below) = lengths[i * width..].split_at_mut(width);
            for (j, y) in side_b.iter().enumerate().rev() {
                row[j] = if x == y { below[j + 1] + 1 } else { row[j + 1].max(below[j]) };
            }
        }
        let (mut i, mut j) = (0, 0);
        while i < side_a.len() && j < side_b.len() && lengths[i * width + j] > 0 {
            if side_a[i] == side_b[j] {
                self.push(Match { a: range_a.start + i, b: range_b.start + j, len: 1 });
                (i, j) = (i + 1, j + 1);
            } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
                i += 1;
            } else {
                j += 1;
            }
        }
        self.lengths = lengths;
    }

    /// Compares a gap between its anchors. Without any it is compared as a whole, as long as it is
    /// not too large, unless no two words in a row stand on both sides: what they share then is
    /// coincidence. And so are a few anchors in a large gap.
    fn cut(
        &mut self,
        a: &[u32],
        range_a: Range<usize>,
        b: &[u32],
        range_b: Range<usize>,
        depth: usize,
    ) {
        let (gap_a, gap_b) = (&a[range_a.clone()], &b[range_b.clone()]);
        let product = gap_a.len().saturating_mul(gap_b.len());
        let (is_large, shorter) = (product > MAX_PRODUCT, gap_a.len().min(gap_b.len()));
        let mut found = Anchors { pairs: Vec::new(), any: true };
        for width in ANCHORS.into_iter().filter(|_| depth < MAX_DEPTH) {
            self.steps += gap_a.len() + gap_b.len();
            found = anchors(gap_a, gap_b, width);
            if is_large && SPARSE * width * found.pairs.len() < shorter {
                found.pairs.clear();
            }
            if !found.pairs.is_empty() {
                break;
            }
        }
        if found.pairs.is_empty() {
            if is_large || found.any && self.steps.saturating_add(product) > BUDGET {
                self.coarse.push((range_a, range_b));
            } else if found.any {
                self.steps += product;
                for op in capture_diff(Algorithm::Histogram, a, range_a, b, range_b) {
                    if let DiffOp::Equal { old_index, new_index, len } = op {
                        self.push(Match { a: old_index, b: new_index, len });
                    }
                }
            }
            return;
        }
        let (mut from_a, mut from_b) = (range_a.start, range_b.start);
        for (at_a, at_b) in found.pairs {
            let (at_a, at_b) = (range_a.start + at_a, range_b.start + at_b);
            // Anchors overlap within a longer run, which the previous one's prefix may have taken.
            if at_a >= from_a && at_b >= from_b {
                self.solve(a, from_a..at_a, b, from_b..at_b, depth + 1);
                (from_a, from_b) = (at_a, at_b);
            }
        }
        self.solve(a, from_a..range_a.end, b, from_b..range_b.end, depth + 1);
    }

    /// Gives up kept words that stand between larger edits by coincidence: showing both texts
    /// apart reads better than a word here and there in common. `edges` says of a match whether it
    /// begins, and whether it ends, with a block in both texts: an edit beyond that does not count.
    /// Matches that do both, blocks in their own right, are given up between much larger edits.
    pub(super) fn drop_strays(
        &mut self,
        range_a: &Range<usize>,
        range_b: &Range<usize>,
        edges: impl Fn(&Match) -> (bool, bool),
    ) {
        // The words deleted and inserted between two matches.
        let edits = |left: Option<&Match>, right: &Match| {
            let (left_a, left_b) =
                left.map_or((range_a.start, range_b.start), |left| (left.end_a(), left.end_b()));
            (right.a - left_a, right.b - left_b)
        };
        let mut kept: Vec<Match> = Vec::with_capacity(self.matches.len());
        let end = Match { a: range_a.end, b: range_b.end, len: 0 };
        for &next in self.matches.iter().chain([&end]) {
            // Dropping one makes the edits around the one before it larger.
            while let Some(last) = kept.last() {
                let mut before = edits(kept.len().checked_sub(2).map(|at| &kept[at]), last);
                let mut after = edits(Some(last), &next);
                let mut weight = last.len;
                match edges(last) {
                    (true, true) => weight *= WHOLE_WEIGHT,
                    (true, false) => before = (0, 0),
                    (false, true) => after = (0, 0),
                    (false, false) => {}
                }
                if last.len >= SOLID || !is_stray(weight, before, after) {
                    break;
                }
                kept.pop();
            }
            if next.len > 0 {
                kept.push(next);
            }
        }
        self.matches = kept;
    }
}

/// Whether so many words in common, between so many words deleted and inserted before and after
/// them, are no more than a coincidence. Where one text just goes on, they are none.
fn is_stray(words: usize, before: (usize, usize), after: (usize, usize)) -> bool {
    let (larger_before, larger_after) = (before.0.max(before.1), after.0.max(after.1));
    words <= larger_before.min(larger_after)
        && 2 * words < larger_before + larger_after
        && words <= (before.0 + after.0).min(before.1 + after.1)
}

/// Where two ranges can be cut.
#[derive(Debug)]
struct Anchors {
    /// Sequences that stand once in both, at ascending positions.
    pairs: Vec<(usize, usize)>,
    /// Whether any sequence stands in both.
    any: bool,
}

/// Finds the sequences of `width` tokens that both have.
fn anchors(a: &[u32], b: &[u32], width: usize) -> Anchors {
    /// How often a sequence stands on each side, and where.
    #[derive(Default)]
    struct Seen {
        a: (usize, usize),
        b: (usize, usize),
    }
    let mut seen: HashMap<&[u32], Seen, ById> = HashMap::default();
    seen.reserve(a.len());
    for (at, sequence) in a.windows(width).enumerate() {
        let entry = &mut seen.entry(sequence).or_default().a;
        *entry = (entry.0 + 1, at);
    }
    let mut any = false;
    for (at, sequence) in b.windows(width).enumerate() {
        if let Some(entry) = seen.get_mut(sequence) {
            entry.b = (entry.b.0 + 1, at);
            any = true;
        }
    }
    let once = |sequence| match seen[sequence] {
        Seen { a: (1, at_a), b: (1, at_b) } => Some((at_a, at_b)),
        _ => None,
    };
    let once = || a.windows(width).filter_map(once);
    Anchors {
        pairs: if any { longest_ascending(&once().collect::<Vec<_>>()) } else { Vec::new() },
        any,
    }
}

/// The longest subsequence of pairs, ascending on the left, that ascends on the right as well.
fn longest_ascending(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // The last pair of the best subsequence of each length, and the pair before each pair.
    let mut tails: Vec<usize> = Vec::new();
    let mut previous = vec![None; pairs.len()];
    for (index, &(_, right)) in pairs.iter().enumerate() {
        let length = tails.partition_point(|&tail| pairs[tail].1 < right);
        previous[index] = length.checked_sub(1).map(|shorter| tails[shorter]);
        if length == tails.len() {
            tails.push(index);
        } else {
            tails[length] = index;
        }
    }
    let mut found: Vec<_> =
        std::iter::successors(tails.last().copied(), |&index| previous[index]).collect();
    found.reverse();
    found.into_iter().map(|index| pairs[index]).collect()
}
