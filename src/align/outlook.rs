//! How much of two articles can be covered, judged by a few of their shingles before they are
//! aligned.
//!
//! Articles that share a paragraph are candidates, and most of them are strangers otherwise. The
//! sampled shingles that made them candidates tell as much: where many in a row are not shared,
//! the text is not either. How many it takes depends on the edits in the text that is shared:
//! where a share p of the shingles survives them, n in a row are broken by chance with
//! probability (1 - p)ⁿ. So p is estimated, low, from the shared ones and those between them, and
//! rows that are a chance of less than 1 in a million are taken for strange, from the first of the
//! row to the last. The outlook is nearly always better than what the alignment then finds.

use std::ops::Range;

use super::relation::{Evidence, Rules};
use crate::lookup::Lookup;

/// A shorter row of shingles that are not shared is taken for edits.
const ROW: usize = 6;

/// How unlikely a row must be among edits to be taken for strange text.
const CHANCE: f64 = 1e-6;

/// How many broken shingles are added to those counted, so that a few shared ones prove little.
const DOUBT: usize = 4;

/// One article's sampled shingles, to be compared with those of many others.
///
/// A sample is a list of (name, position), ascending by position, of shingles that were chosen
/// by their hash alone, so that the same ones were chosen in all articles.
#[derive(Debug, Default)]
pub struct Outlook {
    /// The first index of each name in the sample.
    lookup: Lookup,
    /// The same by index in the sample.
    firsts: Vec<u32>,
    sample: Vec<(u32, u32)>,
    /// By first index: whether the other article has it.
    is_shared: Vec<bool>,
    rows: Vec<Row>,
}

impl Outlook {
    /// Takes the article that the next ones are compared with.
    ///
    /// # Panics
    /// If the sample has 2³² - 1 shingles or more.
    pub fn read(&mut self, sample: impl Iterator<Item = (u32, u32)>) {
        self.sample.clear();
        self.sample.extend(sample);
        let count = u32::try_from(self.sample.len()).ok().filter(|&count| count < Lookup::NONE);
        let count = count.unwrap_or_else(|| panic!("a sample of 2^32 - 1 shingles"));
        self.lookup.reset(self.sample.len());
        self.firsts.clear();
        for index in 0..count {
            let name = self.sample[index as usize].0;
            self.firsts.push(self.lookup.insert(name, index));
        }
    }

    /// Whether the article that was read and another one may be related by coverage, as `rules`
    /// ask for it. `evidence` has their lengths; `aside` is what is no part of the writing in
    /// each, as ascending ranges of tokens.
    pub fn may_be_related(
        &mut self,
        other: impl Iterator<Item = (u32, u32)>,
        rules: &Rules,
        evidence: &Evidence,
        aside: [&[Range<u32>]; 2],
    ) -> bool {
        self.is_shared.clear();
        self.is_shared.resize(self.sample.len(), false);
        let mut strange = Strange::new(&mut self.rows);
        for (name, position) in other {
            let first = self.lookup.get(name);
            if let Some(is_shared) = self.is_shared.get_mut(first as usize) {
                *is_shared = true;
            }
            strange.add(position, first != Lookup::NONE);
        }
        let strange_b = strange.tokens(aside[1]);
        let mut strange = Strange::new(&mut self.rows);
        for (&(_, position), &first) in self.sample.iter().zip(&self.firsts) {
            strange.add(position, self.is_shared[first as usize]);
        }
        let covered = |tokens: usize, strange: usize| tokens.saturating_sub(strange);
        let best = Evidence {
            covered_a: covered(evidence.tokens_a, strange.tokens(aside[0])),
            covered_b: covered(evidence.tokens_b, strange_b),
            ..*evidence
        };
        rules.relation(&best).is_some()
    }
}

/// Sampled shingles in a row that are not shared: how many, and where the first and last stand.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    count: usize,
    from: u32,
    to: u32,
}

/// What in an article is surely strange to another one.
struct Strange<'r> {
    shared: usize,
    /// Those in short rows.
    broken: usize,
    row: Row,
    rows: &'r mut Vec<Row>,
}

impl<'r> Strange<'r> {
    fn new(rows: &'r mut Vec<Row>) -> Self {
        rows.clear();
        Self { shared: 0, broken: 0, row: Row::default(), rows }
    }

    fn add(&mut self, position: u32, is_shared: bool) {
        if is_shared {
            self.shared += 1;
            self.end_row();
            return;
        }
        if self.row.count == 0 {
            self.row.from = position;
        }
        self.row.count += 1;
        self.row.to = position;
    }

    fn end_row(&mut self) {
        let row = std::mem::take(&mut self.row);
        if row.count < ROW {
            self.broken += row.count;
        } else {
            self.rows.push(row);
        }
    }

    /// The tokens in long rows, without those left aside.
    fn tokens(mut self, aside: &[Range<u32>]) -> usize {
        self.end_row();
        let whole = self.shared as f64 / (self.shared + self.broken + DOUBT) as f64;
        let is_strange = |row: &&Row| (1.0 - whole).powf(row.count as f64) < CHANCE;
        let own = |row: &Row| {
            let common = |range: &Range<u32>| {
                range.end.min(row.to).saturating_sub(range.start.max(row.from))
            };
            let aside: u32 = aside.iter().map(common).sum();
            (row.to - row.from).saturating_sub(aside) as usize
        };
        self.rows.iter().filter(is_strange).map(own).sum()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Aligner, Measure, Overlap, Workspace};
    use super::*;

    const RULES: Rules =
        Rules { measure: Measure::Coverage, threshold: 0.6, excerpt: Some(0.65), overlap: None };

    fn mix(value: u64) -> u32 {
        let value = value.wrapping_add(7).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((value ^ value >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32) as u32
    }

    /// One 4-token shingle in 8, by hash.
    fn sample(tokens: &[u32]) -> Vec<(u32, u32)> {
        let name = |shingle: &[u32]| {
            mix(shingle.iter().fold(0, |hash, &token| u64::from(mix(hash ^ u64::from(token)))))
        };
        let all = (0..).zip(tokens.windows(4)).map(|(position, four)| (name(four), position));
        all.filter(|(name, _)| name >> 29 == 0).collect()
    }

    fn evidence(a: &[u32], b: &[u32]) -> Evidence {
        Evidence {
            identical: false,
            tokens_a: a.len(),
            tokens_b: b.len(),
            covered_a: 0,
            covered_b: 0,
            longest_passage: 0,
            overlap: Overlap { a: 0, b: 0, shared: 0 },
        }
    }

    fn outlook(a: &[u32], b: &[u32]) -> bool {
        let mut outlook = Outlook::default();
        outlook.read(sample(a).into_iter());
        outlook.may_be_related(sample(b).into_iter(), &RULES, &evidence(a, b), [&[], &[]])
    }

    fn are_related(a: &[u32], b: &[u32]) -> bool {
        let mut workspace = Workspace::default();
        Aligner::default().prepare(&mut workspace, a);
        let alignment = Aligner::default().align(&mut workspace, a, b);
        let (covered_a, covered_b) = (alignment.covered_a(), alignment.covered_b());
        RULES.relation(&Evidence { covered_a, covered_b, ..evidence(a, b) }).is_some()
    }

    fn text(number: u64, length: u64) -> Vec<u32> {
        (0..length).map(|token| mix(number << 32 | token)).collect()
    }

    proptest! {
        /// Cuts, moves and additions leave long stretches whole: no related pair is lost.
        #[test]
        fn pairs_without_edits_are_never_lost(
            number in 0u64..1000,
            length in 1u64..1500,
            cut in 0.0f64..1.0,
            more in 0u64..600,
            moved in any::<bool>(),
        ) {
            let a = text(number, length);
            let kept = (cut * length as f64) as usize;
            let mut b = [&a[..kept], &text(number + 5000, more)[..]].concat();
            if moved {
                let middle = b.len() / 3;
                b.rotate_left(middle);
            }
            prop_assert!(outlook(&a, &b) >= are_related(&a, &b));
            prop_assert!(outlook(&b, &a) >= are_related(&b, &a));
        }
    }

    /// One word in ten replaced at random, in pairs of which three quarters are shared.
    #[test]
    fn edited_pairs_are_hardly_ever_lost() {
        let (mut related, mut lost) = (0, 0);
        for number in 0..2000 {
            let a = text(number, 500);
            let edit = |(at, &token): (u64, &u32)| match mix(number << 20 | at << 1 | 1) % 10 {
                0 => mix(token.into()),
                _ => token,
            };
            let mut b: Vec<u32> = (0..).zip(&a[..375]).map(edit).collect();
            b.extend(text(number + 5000, 125));
            related += u32::from(are_related(&a, &b));
            lost += u32::from(are_related(&a, &b) && !outlook(&a, &b));
        }
        assert!(related > 1900, "{related}");
        assert!(lost <= 2, "{lost} of {related}");
    }

    #[test]
    fn a_shared_paragraph_is_seen_through() {
        let shared = text(1, 100);
        let pairs = (10..210).map(|n| {
            let with = |own| [&text(own, 200)[..], &shared, &text(own + 1000, 200)].concat();
            (with(n), with(n + 5000))
        });
        let seen_through = pairs.filter(|(a, b)| !outlook(a, b)).count();
        assert!(seen_through >= 195, "{seen_through} of 200");
    }

    #[test]
    fn what_is_left_aside_is_not_strange() {
        let (a, b) = (text(1, 100), [text(1, 100), text(2, 900)].concat());
        let mut outlook = Outlook::default();
        outlook.read(sample(&a).into_iter());
        let whole = evidence(&a, &b);
        assert!(outlook.may_be_related(sample(&b).into_iter(), &RULES, &whole, [&[], &[]]));
        let is_reprint = Rules { excerpt: None, ..RULES };
        let may = |outlook: &mut Outlook, evidence: &Evidence, aside: &[Range<u32>]| {
            outlook.may_be_related(sample(&b).into_iter(), &is_reprint, evidence, [&[], aside])
        };
        assert!(!may(&mut outlook, &whole, &[]));
        let own = Evidence { tokens_b: 100, ..whole };
        #[expect(clippy::single_range_in_vec_init, reason = "one range is what is meant")]
        let aside = [100..1000];
        assert!(may(&mut outlook, &own, &aside));
    }
}
