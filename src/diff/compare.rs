//! Two texts to what was kept in place and what was moved.

use std::collections::HashMap;
use std::ops::Range;

use super::intern::{ById, Interner};
use super::script::{Match, SOLID, Script};
use super::source::Source;
use crate::align::{Aligner, Passage, Workspace};

/// How many words may be drawn into a moved passage to reach the border of its block.
const REACH: usize = 8;

/// Finds what is kept and moved between one text and any number of others.
#[derive(Debug)]
pub(super) struct Comparer<'t> {
    pub(super) a: Source<'t>,
    interner: Interner,
    /// Prepared on `a`.
    prepared: Workspace,
    /// For a text that goes before `a`.
    other: Workspace,
    /// For what was left over.
    leftovers: Workspace,
}

/// A passage that stands elsewhere in the other text.
#[derive(Debug)]
pub(super) struct Moved {
    pub(super) a: Range<usize>,
    pub(super) b: Range<usize>,
    pub(super) matches: Vec<Match>,
}

/// All that was found about two texts.
#[derive(Debug)]
pub(super) struct Comparison {
    pub(super) script: Script,
    /// By their place in `b`. They overlap neither each other nor the matches of the script.
    pub(super) moved: Vec<Moved>,
}

impl<'t> Comparer<'t> {
    pub(super) fn new(a: &'t str) -> Self {
        let mut interner = Interner::default();
        let a = Source::new(a, &mut interner);
        let mut prepared = Workspace::default();
        Aligner::default().prepare(&mut prepared, &a.ids);
        let (other, leftovers) = (Workspace::default(), Workspace::default());
        Self { a, interner, prepared, other, leftovers }
    }

    /// A text in tokens that can be compared with this one.
    pub(super) fn read(&mut self, text: &'t str) -> Source<'t> {
        Source::new(text, &mut self.interner)
    }

    /// Compares the text with another. With the two exchanged the result is exchanged and nothing
    /// else: what moved is the same either way. For that the longer of two texts goes first; it
    /// is seldom the other one, which has to be indexed then.
    pub(super) fn compare(&mut self, b: &Source<'t>) -> Comparison {
        let a = &self.a;
        let word = |id: &u32| self.interner.word(*id);
        let by_words = || a.ids.iter().map(word).cmp(b.ids.iter().map(word));
        let leads = b.ids.len().cmp(&a.ids.len()).then_with(by_words).is_le();
        if leads {
            return compare(a, b, &mut self.prepared, &mut self.leftovers);
        }
        Aligner::default().prepare(&mut self.other, &b.ids);
        compare(b, a, &mut self.other, &mut self.leftovers).swapped()
    }
}

impl Comparison {
    /// The same with the texts exchanged.
    fn swapped(mut self) -> Self {
        let swap = |m: &mut Match| (m.a, m.b) = (m.b, m.a);
        self.script.matches.iter_mut().for_each(swap);
        for (a, b) in &mut self.script.coarse {
            std::mem::swap(a, b);
        }
        for moved in &mut self.moved {
            std::mem::swap(&mut moved.a, &mut moved.b);
            moved.matches.iter_mut().for_each(swap);
        }
        self.moved.sort_by_key(|passage| passage.b.start);
        self
    }
}

/// Compares two texts; the workspace is prepared on the first one.
fn compare(
    a: &Source<'_>,
    b: &Source<'_>,
    workspace: &mut Workspace,
    leftovers: &mut Workspace,
) -> Comparison {
    let mut script = keep_in_place(a, b, workspace);
    let edges = |m: &Match| {
        let at = |at_a, at_b| a.is_border(at_a) && b.is_border(at_b);
        (at(m.a, m.b), at(m.end_a(), m.end_b()))
    };
    script.drop_strays(&(0..a.ids.len()), &(0..b.ids.len()), edges);
    drop_strays_between_blocks(&mut script.matches, a, b);
    script.tidy(a, b);
    let moved = find_moved(a, b, &script.matches, leftovers);
    Comparison { script, moved }
}

/// The heaviest passages in the same order in both texts, and between them what gaps share.
fn keep_in_place(a: &Source<'_>, b: &Source<'_>, workspace: &mut Workspace) -> Script {
    let (ids_a, ids_b) = (&a.ids, &b.ids);
    let mut script = Script::default();
    let (mut from_a, mut from_b) = (0, 0);
    if ids_a != ids_b {
        let alignment = Aligner::default().align(workspace, ids_a, ids_b);
        for passage in heaviest_ascending(alignment.passages()) {
            script.extend((ids_a, from_a..passage.a.start), (ids_b, from_b..passage.b.start));
            script.extend((ids_a, passage.a.clone()), (ids_b, passage.b.clone()));
            (from_a, from_b) = (passage.a.end, passage.b.end);
        }
    }
    script.extend((ids_a, from_a..ids_a.len()), (ids_b, from_b..ids_b.len()));
    script
}

/// Passages that are shared by what is left over on both sides, in different gaps.
fn find_moved(
    a: &Source<'_>,
    b: &Source<'_>,
    matches: &[Match],
    workspace: &mut Workspace,
) -> Vec<Moved> {
    // Fillers stand in one sequence only, so that no passage reaches over them.
    let mut fillers = (0..u32::MAX).rev();
    let left_a = Leftovers::new(&a.ids, matches, |m| m.a..m.end_a(), &mut fillers);
    let left_b = Leftovers::new(&b.ids, matches, |m| m.b..m.end_b(), &mut fillers);
    if left_a.gaps.is_empty() || left_b.gaps.is_empty() {
        return Vec::new();
    }
    Aligner::default().prepare(workspace, &left_a.ids);
    let alignment = Aligner::default().align(workspace, &left_a.ids, &left_b.ids);
    let mut passages = alignment.passages().to_vec();
    passages.sort_by_key(|passage| (std::cmp::Reverse(weight(passage)), passage.b.start));

    let mut free_a = vec![true; a.ids.len()];
    let mut free_b = vec![true; b.ids.len()];
    for m in matches {
        free_a[m.a..m.end_a()].fill(false);
        free_b[m.b..m.end_b()].fill(false);
    }
    let mut moved = Vec::new();
    for passage in passages {
        let (gap_a, mut range_a) = left_a.place(&passage.a);
        let (gap_b, mut range_b) = left_b.place(&passage.b);
        let is_free = |free: &[bool], range: Range<usize>| free[range].iter().all(|&free| free);
        // In one and the same gap nothing has moved.
        if gap_a == gap_b
            || !is_free(&free_a, range_a.clone())
            || !is_free(&free_b, range_b.clone())
        {
            continue;
        }
        // An edit at the very start or end of a moved paragraph belongs to it.
        let to_start = (a.block(range_a.start).start, b.block(range_b.start).start);
        if range_a.start - to_start.0 <= REACH
            && range_b.start - to_start.1 <= REACH
            && is_free(&free_a, to_start.0..range_a.start)
            && is_free(&free_b, to_start.1..range_b.start)
        {
            (range_a.start, range_b.start) = to_start;
        }
        let to_end = (a.block(range_a.end - 1).end, b.block(range_b.end - 1).end);
        if to_end.0 - range_a.end <= REACH
            && to_end.1 - range_b.end <= REACH
            && is_free(&free_a, range_a.end..to_end.0)
            && is_free(&free_b, range_b.end..to_end.1)
        {
            (range_a.end, range_b.end) = to_end;
        }
        let mut inner = Script::default();
        inner.extend((&a.ids, range_a.clone()), (&b.ids, range_b.clone()));
        inner.tidy(a, b);
        let kept: usize = inner.matches.iter().map(|m| m.len).sum();
        if kept < SOLID || 2 * kept < range_a.len().max(range_b.len()) {
            continue;
        }
        free_a[range_a.clone()].fill(false);
        free_b[range_b.clone()].fill(false);
        moved.push(Moved { a: range_a, b: range_b, matches: inner.matches });
    }
    moved.sort_by_key(|passage| passage.b.start);
    moved
}

/// The gaps between matches on one side, set apart by fillers.
#[derive(Debug)]
struct Leftovers {
    ids: Vec<u32>,
    /// The number of each gap (that of the match after it), where it begins in `ids` and where in
    /// the text.
    gaps: Vec<(usize, usize, usize)>,
}

impl Leftovers {
    fn new(
        ids: &[u32],
        matches: &[Match],
        side: impl Fn(&Match) -> Range<usize>,
        fillers: &mut impl Iterator<Item = u32>,
    ) -> Self {
        let mut left = Self { ids: Vec::new(), gaps: Vec::new() };
        let mut from = 0;
        let end = ids.len()..ids.len();
        let ranges = matches.iter().map(side).chain([end]);
        // Passages bridge gaps of 16 tokens at most.
        let filler = Aligner::default().gap() + 1;
        for (number, range) in ranges.enumerate() {
            if from < range.start {
                left.gaps.push((number, left.ids.len(), from));
                left.ids.extend(&ids[from..range.start]);
                left.ids.extend(fillers.by_ref().take(filler));
            }
            from = range.end;
        }
        left
    }

    /// The gap in which a passage of the leftovers stands, and where it stands in the text.
    fn place(&self, range: &Range<usize>) -> (usize, Range<usize>) {
        let after = self.gaps.partition_point(|&(_, start, _)| start <= range.start);
        let (number, start, from) = self.gaps[after - 1];
        (number, range.start - start + from..range.end - start + from)
    }
}

fn weight(passage: &Passage) -> usize {
    passage.a.len().min(passage.b.len())
}

/// Those passages that stand in the same order in both texts, do not overlap, and hold the most
/// tokens together.
fn heaviest_ascending(passages: &[Passage]) -> Vec<Passage> {
    let Some(size) = passages.iter().map(|passage| passage.b.end + 1).max() else {
        return Vec::new();
    };
    // A Fenwick tree over ends in b: the heaviest chain that ends up to there, with its last one.
    let mut tree: Vec<(usize, Option<usize>)> = vec![(0, None); size + 1];
    let mut chains: Vec<(usize, Option<usize>)> = Vec::with_capacity(passages.len());
    let mut by_end: Vec<usize> = (0..passages.len()).collect();
    by_end.sort_by_key(|&index| passages[index].a.end);
    let mut ended = by_end.into_iter().peekable();
    // Passages come by their start in a.
    for passage in passages {
        while let Some(index) = ended.next_if(|&index| passages[index].a.end <= passage.a.start) {
            let mut node = passages[index].b.end + 1;
            while node <= size {
                if chains[index].0 > tree[node].0 {
                    tree[node] = (chains[index].0, Some(index));
                }
                node += node & node.wrapping_neg();
            }
        }
        let mut best = (0, None);
        let mut node = passage.b.start + 1;
        while node > 0 {
            if tree[node].0 > best.0 {
                best = tree[node];
            }
            node &= node - 1;
        }
        chains.push((best.0 + weight(passage), best.1));
    }
    let heaviest = (0..chains.len()).rev().max_by_key(|&index| chains[index].0);
    let mut chain: Vec<_> = std::iter::successors(heaviest, |&index| chains[index].1)
        .map(|index| passages[index].clone())
        .collect();
    chain.reverse();
    chain
}

/// Gives up short runs between two blocks that have little else in common.
fn drop_strays_between_blocks(matches: &mut Vec<Match>, a: &Source<'_>, b: &Source<'_>) {
    // Each match, cut where it enters another block on either side.
    let mut cuts: Vec<(Match, bool)> = Vec::new();
    for m in matches.iter() {
        let mut rest = *m;
        while rest.len > 0 {
            let len = rest.len.min(a.block(rest.a).end - rest.a).min(b.block(rest.b).end - rest.b);
            cuts.push((Match { len, ..rest }, m.len >= SOLID));
            rest = Match { a: rest.a + len, b: rest.b + len, len: rest.len - len };
        }
    }
    matches.clear();
    let same_blocks = |left: &(Match, bool), right: &(Match, bool)| {
        a.block(left.0.a) == a.block(right.0.a) && b.block(left.0.b) == b.block(right.0.b)
    };
    let shared_by = |pair: &[(Match, bool)]| pair.iter().map(|(m, _)| m.len).sum::<usize>();
    // What each block, by its start, shares with the one that it shares the most with.
    let mut most: [HashMap<usize, usize, ById>; 2] = Default::default();
    for pair in cuts.chunk_by(same_blocks) {
        let starts = [a.block(pair[0].0.a).start, b.block(pair[0].0.b).start];
        for (most, start) in most.iter_mut().zip(starts) {
            let entry = most.entry(start).or_default();
            *entry = shared_by(pair).max(*entry);
        }
    }
    for pair in cuts.chunk_by(same_blocks) {
        let shared = shared_by(pair);
        let (block_a, block_b) = (a.block(pair[0].0.a), b.block(pair[0].0.b));
        let shorter = block_a.len().min(block_b.len());
        let elsewhere = most[0][&block_a.start].max(most[1][&block_b.start]);
        for &(m, solid) in pair {
            if !solid && (4 * shared < shorter || 4 * shared < elsewhere) {
                continue;
            }
            match matches.last_mut() {
                Some(last) if last.end_a() == m.a && last.end_b() == m.b => last.len += m.len,
                _ => matches.push(m),
            }
        }
    }
}
