//! What was kept and moved, to parts along the blocks of the texts.

use std::{collections::HashMap, ops::Range};

use super::compare::{Comparison, Moved};
use super::intern::ById;
use super::report::{Part, PartKind, Piece, PieceKind};
use super::script::{Match, Script};
use super::source::Source;

/// The most words of a block that is replaced by a single other one, as headlines are, whatever
/// the two have in common.
const HEADLINE: usize = 25;

/// What two of several blocks share at least, in words, to be versions of each other.
const PHRASE: usize = 5;

/// The most words of a block that is compared with others to find its new version.
const MAX_BLOCK: usize = 1000;

/// The most pairs of blocks that are looked at to find which block was rewritten to which.
const MAX_PAIRS: usize = 4096;

/// Makes the parts of the report. A block of `titles` and the other one of the same place are
/// versions of each other, whatever they have in common.
pub(super) fn parts(
    a: &Source<'_>,
    b: &Source<'_>,
    titles: &[[Range<usize>; 2]],
    comparison: &Comparison,
) -> Vec<Part> {
    let mut grouping = Grouping { a, b, titles, parts: Vec::new() };
    let Comparison { script, moved } = comparison;
    for section in sections(script, moved, a.ids.len(), b.ids.len()) {
        grouping.section(&section);
        if let Some(moved) = section.then {
            let (range_a, range_b) = (moved.a.clone(), moved.b.clone());
            grouping.add(PartKind::Moved, range_a, range_b, &moved.matches);
        }
    }
    let mut parts = merge(grouping.parts, a, b);
    for part in &mut parts {
        let overlap = |x: &Range<usize>, y: &Range<usize>| x.start < y.end && y.start < x.end;
        part.coarse = script.coarse.iter().any(|(coarse_a, coarse_b)| {
            overlap(coarse_a, &part.a.tokens) || overlap(coarse_b, &part.b.tokens)
        });
    }
    parts
}

/// A stretch of both texts without moved passages, and the one that follows it in `b`.
struct Section<'s> {
    a: Range<usize>,
    b: Range<usize>,
    matches: &'s [Match],
    then: Option<&'s Moved>,
}

/// Cuts both texts where moved passages were taken out. All these places lie between matches.
fn sections<'s>(
    script: &'s Script,
    moved: &'s [Moved],
    end_a: usize,
    end_b: usize,
) -> Vec<Section<'s>> {
    let matches = &script.matches;
    let mut taken: Vec<&Range<usize>> = moved.iter().map(|moved| &moved.a).collect();
    taken.sort_by_key(|range| range.start);
    let (mut taken, mut given) = (taken.into_iter().peekable(), moved.iter().peekable());
    let mut sections = Vec::new();
    let (mut from_a, mut from_b, mut first) = (0, 0, 0);
    for index in 0..=matches.len() {
        let (gap_start_a, gap_start_b) = index
            .checked_sub(1)
            .map_or((0, 0), |before| (matches[before].end_a(), matches[before].end_b()));
        let (gap_end_a, gap_end_b) =
            matches.get(index).map_or((end_a, end_b), |next| (next.a, next.b));
        // In each gap first the passages that b has here, then those that a had.
        while let Some(moved) = given.next_if(|moved| moved.b.end <= gap_end_b) {
            // What a has in this gap goes beside the first that b has in it.
            let to_a = if moved.b.start > from_b.max(gap_start_b) {
                taken.peek().map_or(gap_end_a, |range| range.start.min(gap_end_a))
            } else {
                gap_start_a
            };
            let (a, b) = (from_a..to_a.max(from_a), from_b..moved.b.start);
            (from_a, from_b) = (a.end, moved.b.end);
            sections.push(Section { a, b, matches: &matches[first..index], then: Some(moved) });
            first = index;
        }
        while let Some(range) = taken.next_if(|range| range.end <= gap_end_a) {
            let (a, b) = (from_a..range.start, from_b..gap_end_b);
            (from_a, from_b) = (range.end, b.end);
            sections.push(Section { a, b, matches: &matches[first..index], then: None });
            first = index;
        }
    }
    let matches = &matches[first..];
    sections.push(Section { a: from_a..end_a, b: from_b..end_b, matches, then: None });
    sections
}

struct Grouping<'s, 't> {
    a: &'s Source<'t>,
    b: &'s Source<'t>,
    titles: &'s [[Range<usize>; 2]],
    parts: Vec<Part>,
}

impl Grouping<'_, '_> {
    /// Groups blocks that are tied together by matches; what stands between is only in one text.
    fn section(&mut self, section: &Section<'_>) {
        let (a, b) = (self.a, self.b);
        // A cut at borders on both sides ties nothing together.
        let mut matches = Vec::with_capacity(section.matches.len());
        for m in section.matches {
            let mut from = 0;
            let mut at = a.block(m.a).end - m.a;
            while at < m.len {
                if b.is_border(m.b + at) {
                    matches.push(Match { a: m.a + from, b: m.b + from, len: at - from });
                    from = at;
                }
                at = a.block(m.a + at).end - m.a;
            }
            matches.push(Match { a: m.a + from, b: m.b + from, len: m.len - from });
        }

        let (mut from_a, mut from_b) = (section.a.start, section.b.start);
        let mut rest = &matches[..];
        while let Some(first) = rest.first() {
            let start_a = a.block(first.a).start.max(from_a);
            let start_b = b.block(first.b).start.max(from_b);
            let (mut end_a, mut end_b) = (start_a, start_b);
            let mut count = 0;
            while let Some(m) = rest.get(count).filter(|m| m.a < end_a || m.b < end_b || count == 0)
            {
                end_a = end_a.max(a.block(m.end_a() - 1).end.min(section.a.end));
                end_b = end_b.max(b.block(m.end_b() - 1).end.min(section.b.end));
                count += 1;
            }
            let (tied, later) = rest.split_at(count);
            self.replaced(from_a..start_a, from_b..start_b);
            let kept: usize = tied.iter().map(|m| m.len).sum();
            let is_kept = kept == end_a - start_a && kept == end_b - start_b;
            let kind = if is_kept { PartKind::Kept } else { PartKind::Changed };
            self.add(kind, start_a..end_a, start_b..end_b, tied);
            (from_a, from_b, rest) = (end_a, end_b, later);
        }
        self.replaced(from_a..section.a.end, from_b..section.b.end);
    }

    /// Whole blocks that stand in only one text each, at the same place. Those that are versions
    /// of one block were changed; the others were removed and added.
    fn replaced(&mut self, mut range_a: Range<usize>, mut range_b: Range<usize>) {
        let blocks_a = self.a.blocks_within(range_a.clone());
        let blocks_b = self.b.blocks_within(range_b.clone());
        let title = self.titles.iter().find_map(|[of_a, of_b]| {
            let at_a = blocks_a.iter().position(|block| block == of_a)?;
            Some((at_a, blocks_b.iter().position(|block| block == of_b)?))
        });
        if let Some((at_a, at_b)) = title {
            let (block_a, block_b) = (&blocks_a[at_a], &blocks_b[at_b]);
            self.replaced(range_a.start..block_a.start, range_b.start..block_b.start);
            let script = self.within(block_a, block_b);
            self.add(PartKind::Changed, block_a.clone(), block_b.clone(), &script.matches);
            self.replaced(block_a.end..range_a.end, block_b.end..range_b.end);
            return;
        }
        for (block_a, block_b) in versions(self.a, &blocks_a, self.b, &blocks_b) {
            let script = self.within(&block_a, &block_b);
            let kept: usize = script.matches.iter().map(|m| m.len).sum();
            let shorter = block_a.len().min(block_b.len());
            if block_a.len().max(block_b.len()) > HEADLINE && 3 * kept < shorter {
                // Common words, but no common sentences.
                continue;
            }
            self.only(range_a.start..block_a.start, range_b.start..block_b.start);
            (range_a.start, range_b.start) = (block_a.end, block_b.end);
            self.add(PartKind::Changed, block_a, block_b, &script.matches);
        }
        self.only(range_a, range_b);
    }

    /// What two blocks keep.
    fn within(&self, block_a: &Range<usize>, block_b: &Range<usize>) -> Script {
        let mut script = Script::default();
        script.extend((&self.a.ids, block_a.clone()), (&self.b.ids, block_b.clone()));
        script.drop_strays(block_a, block_b, |_| (false, false));
        script.tidy(self.a, self.b);
        script
    }

    fn only(&mut self, range_a: Range<usize>, range_b: Range<usize>) {
        let start_b = range_b.start;
        self.add(PartKind::Removed, range_a.clone(), start_b..start_b, &[]);
        self.add(PartKind::Added, range_a.end..range_a.end, range_b, &[]);
    }

    /// Adds a part, unless it is empty.
    fn add(
        &mut self,
        kind: PartKind,
        range_a: Range<usize>,
        range_b: Range<usize>,
        matches: &[Match],
    ) {
        if range_a.is_empty() && range_b.is_empty() {
            return;
        }
        let mut pieces = Vec::new();
        let mut piece = |kind, a: Range<usize>, b: Range<usize>| {
            if !a.is_empty() || !b.is_empty() {
                pieces.push(Piece { kind, a: self.a.span(a), b: self.b.span(b) });
            }
        };
        let (mut from_a, mut from_b) = (range_a.start, range_b.start);
        let end = Match { a: range_a.end, b: range_b.end, len: 0 };
        let mut matches = matches.iter().chain([&end]).copied().peekable();
        while let Some(mut m) = matches.next() {
            // Matches were cut at borders of blocks.
            while let Some(next) =
                matches.next_if(|next| next.a == m.end_a() && next.b == m.end_b())
            {
                m.len += next.len;
            }
            piece(PieceKind::Deleted, from_a..m.a, from_b..from_b);
            piece(PieceKind::Inserted, m.a..m.a, from_b..m.b);
            piece(PieceKind::Kept, m.a..m.end_a(), m.b..m.end_b());
            (from_a, from_b) = (m.end_a(), m.end_b());
        }
        let (a, b) = (self.a.span(range_a), self.b.span(range_b));
        // Blocks that only seemed to differ: their words had been given up as strays.
        let is_kept = matches!(pieces[..], [Piece { kind: PieceKind::Kept, .. }]);
        let kind = if kind == PartKind::Changed && is_kept { PartKind::Kept } else { kind };
        self.parts.push(Part { kind, a, b, pieces, coarse: false, aside: None });
    }
}

/// Which of the blocks that stand at one place are versions of each other: a single block next
/// to a single block when both are short, and those that share much of their words.
fn versions(
    a: &Source<'_>,
    blocks_a: &[Range<usize>],
    b: &Source<'_>,
    blocks_b: &[Range<usize>],
) -> Vec<(Range<usize>, Range<usize>)> {
    if let ([block_a], [block_b]) = (blocks_a, blocks_b)
        && block_a.len().max(block_b.len()) <= HEADLINE
    {
        return vec![(block_a.clone(), block_b.clone())];
    }
    let (rows, columns) = (blocks_a.len(), blocks_b.len());
    if rows == 0 || columns == 0 || rows * columns > MAX_PAIRS {
        return Vec::new();
    }
    let counts_a: Vec<_> = blocks_a.iter().map(|block| counts(&a.ids[block.clone()])).collect();
    let counts_b: Vec<_> = blocks_b.iter().map(|block| counts(&b.ids[block.clone()])).collect();
    let worth = |row: usize, column: usize| {
        let (len_a, len_b) = (blocks_a[row].len(), blocks_b[column].len());
        if len_a.max(len_b) > MAX_BLOCK {
            return 0;
        }
        let shared = shared(&counts_a[row], &counts_b[column]);
        // At least two fifths of the words, and more than a phrase.
        if shared >= PHRASE && 5 * shared >= len_a + len_b { shared } else { 0 }
    };
    // The pairs in ascending order that share the most words: best[row][column] is what the
    // blocks from there on share.
    let worths: Vec<Vec<usize>> =
        (0..rows).map(|row| (0..columns).map(|column| worth(row, column)).collect()).collect();
    let mut best = vec![vec![0; columns + 1]; rows + 1];
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            let paired = match worths[row][column] {
                0 => 0,
                shared => best[row + 1][column + 1] + shared,
            };
            best[row][column] = paired.max(best[row + 1][column]).max(best[row][column + 1]);
        }
    }
    let mut pairs = Vec::new();
    let (mut row, mut column) = (0, 0);
    while row < rows && column < columns {
        if best[row][column] == best[row + 1][column] {
            row += 1;
        } else if best[row][column] == best[row][column + 1] {
            column += 1;
        } else {
            pairs.push((blocks_a[row].clone(), blocks_b[column].clone()));
            (row, column) = (row + 1, column + 1);
        }
    }
    pairs
}

/// How often each word stands in a block.
fn counts(ids: &[u32]) -> HashMap<u32, usize, ById> {
    let mut counts = HashMap::default();
    ids.iter().for_each(|&id| *counts.entry(id).or_default() += 1);
    counts
}

fn shared(a: &HashMap<u32, usize, ById>, b: &HashMap<u32, usize, ById>) -> usize {
    a.iter().map(|(id, &count)| count.min(b.get(id).copied().unwrap_or(0))).sum()
}

/// Joins parts side by side that were both kept, removed or added.
fn merge(parts: Vec<Part>, a: &Source<'_>, b: &Source<'_>) -> Vec<Part> {
    let mut merged: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts {
        let joins = |last: &&mut Part| {
            last.kind == part.kind
                && !matches!(part.kind, PartKind::Changed | PartKind::Moved)
                && last.a.tokens.end == part.a.tokens.start
                && last.b.tokens.end == part.b.tokens.start
        };
        match merged.last_mut().filter(joins) {
            None => merged.push(part),
            Some(last) => {
                last.a = a.span(last.a.tokens.start..part.a.tokens.end);
                last.b = b.span(last.b.tokens.start..part.b.tokens.end);
                for piece in &mut last.pieces {
                    (piece.a, piece.b) = (last.a.clone(), last.b.clone());
                }
            }
        }
    }
    merged
}
