//! Groups that are no versions of one piece, but fillings of one mould.
//!
//! Match reports, weather warnings and grant announcements are a fixed text with slots. Most of
//! their words are the same, and still each says something else. What gives them away: they
//! differ at the same few places, and there nearly all from each other, and nowhere else. The
//! copies of a story are each changed at places of their own.
//!
//! So a large group is compared with its most typical member. For each token of that member it is
//! counted how many of the others lack it. In a mould the tokens are either in nearly all of them
//! (the fixed text) or in few (the slots), and the slots are spread over the text. In a story the
//! typical member has few edits of its own, and the others' edits are everywhere.
//!
//! Siblings are compared by what they have in their slots. A short headline is no part of that,
//! and what many otherwise unlike siblings have in a slot (a weekday) is as good as fixed text.

use std::ops::Range;

use crate::align::Workspace;
use crate::cluster::Group;
use crate::furniture::Furniture;
use crate::parallel;

use super::pairs::VerifiedPairs;
use super::settings::Settings;
use super::texts::{Texts, leave_out, narrow};

/// The least number of texts in a group that can be told to be a mould.
const LEAST: usize = 12;
/// How many members are compared to find the typical one, and then with it; and how many of
/// these at a first glance.
const CANDIDATES: usize = 9;
const COMPARED: usize = 40;
const GLANCED: usize = 9;
/// A token that at least this share of the members lack is in a slot.
const SLOT: f64 = 0.6;
/// The share of all that is lacking that must be lacking in slots.
const IN_SLOTS: f64 = 0.7;
/// How many slots there must be, with fixed text before and after each.
const SLOTS: usize = 4;
/// A piece of fixed text that is no mere phrase has so many tokens.
const PIECE: usize = 8;
/// The longest headline: the text before the first piece. Another one makes no other sibling.
const HEADLINE: u32 = 16;
/// A filling that one sibling in so many has, and so many siblings at least, may come from a
/// small pool: a weekday, a district.
const POOL: usize = 40;
const FILLED_ALIKE: usize = 5;
/// How many of the siblings that have a filling are compared.
const ALIKE_COMPARED: usize = 16;

/// A mould that was found.
#[derive(Debug)]
pub(super) struct Found {
    /// The most typical of its siblings.
    pub(super) typical: u32,
    /// All texts that are the fixed text for the greater part, ascending.
    pub(super) siblings: Vec<u32>,
    fixed: Furniture,
}

/// Looks for moulds among groups.
pub(super) fn find(
    settings: &Settings,
    texts: &Texts<'_>,
    pairs: &VerifiedPairs,
    groups: &[Group],
) -> Vec<Found> {
    let large: Vec<&Group> = groups.iter().filter(|group| group.members.len() >= LEAST).collect();
    parallel::map_with(&large, Workspace::default, |workspace, group| {
        fixed_text(settings, texts, pairs, workspace, group)
    })
    .into_iter()
    .flatten()
    .collect()
}

/// Leaves the fixed text of moulds aside, and the fillings that come from small pools; finds the
/// siblings of each mould, and drops the moulds that are others once more. Returns for each text
/// whether more is left aside in it than before, or `None` if there is no such text.
pub(super) fn mark(
    settings: &Settings,
    texts: &mut Texts<'_>,
    moulds: &mut Vec<Found>,
) -> Option<Vec<bool>> {
    let before: Vec<usize> = (0..narrow(texts.len())).map(|node| texts.own(node)).collect();
    let (mut shingles, mut marks, mut aside) = (Vec::new(), Vec::new(), Vec::new());
    // In an article that is no sibling, a phrase of the fixed text is just a phrase.
    let pieces = Furniture::union(moulds.iter().map(|mould| &mould.fixed)).at_least(PIECE);
    for node in texts.mark(settings, &pieces) {
        shingles.clear();
        texts.shingles(settings, node, &mut shingles);
        let sibling_of = moulds.iter_mut().find(|mould| {
            marks.clear();
            mould.fixed.mark(&shingles, &mut marks);
            let fixed: usize = marks.iter().map(Range::len).sum();
            2 * fixed >= texts.length(node)
        });
        if let Some(mould) = sibling_of {
            mould.siblings.push(node);
            let head = marks.iter().find(|mark| mark.len() >= PIECE).map_or(0, |mark| mark.start);
            if (1..=HEADLINE).contains(&head) {
                marks.push(0..head);
            }
            aside.extend(marks.drain(..).map(|mark| (node, mark)));
        }
    }
    texts.leave_aside(aside);
    moulds.retain(|mould| !mould.siblings.is_empty());
    let pools = parallel::map_with(moulds, || (), |(), mould| pools(settings, texts, mould));
    texts.leave_aside(pools.concat());
    let changed: Vec<bool> =
        (before.iter().zip(0..)).map(|(&before, node)| texts.own(node) < before).collect();
    changed.contains(&true).then_some(changed)
}

/// The places of what many siblings of a mould have in their slots, though they are otherwise
/// unlike each other. (The reprints of one sibling have all their fillings in common.)
fn pools(settings: &Settings, texts: &Texts<'_>, mould: &Found) -> Vec<(u32, Range<u32>)> {
    let width = settings.sampled.size();
    let own: Vec<Vec<u64>> = (mould.siblings.iter())
        .map(|&node| {
            let mut shingles = Vec::new();
            texts.shingles(settings, node, &mut shingles);
            leave_out(&mut shingles, texts.aside(node), width);
            shingles.sort_unstable();
            shingles.dedup();
            shingles
        })
        .collect();
    let mut entries: Vec<(u64, usize)> = (own.iter().enumerate())
        .flat_map(|(sibling, shingles)| shingles.iter().map(move |&shingle| (shingle, sibling)))
        .collect();
    parallel::sort(&mut entries);
    let least = FILLED_ALIKE.max(own.len().div_ceil(POOL));
    let mut of_group: Vec<u64> = Vec::new();
    let pools = (entries.chunk_by(|a, b| a.0 == b.0))
        .filter(|run| run.len() >= least)
        .filter(|run| {
            let group = run.iter().step_by(run.len().div_ceil(ALIKE_COMPARED));
            let group: Vec<&Vec<u64>> = group.map(|&(_, sibling)| &own[sibling]).collect();
            of_group.clear();
            of_group.extend(group.iter().copied().flatten());
            of_group.sort_unstable();
            // How much the half of them have in common.
            let common =
                of_group.chunk_by(|a, b| a == b).filter(|run| 2 * run.len() >= group.len());
            2 * common.count() * group.len() < of_group.len()
        })
        .map(|run| (run[0].0, u32::try_from(run.len()).unwrap_or(u32::MAX)))
        .collect();
    let pools = Furniture::exactly(width, pools);
    let (mut shingles, mut marks, mut aside) = (Vec::new(), Vec::new(), Vec::new());
    for &node in &mould.siblings {
        shingles.clear();
        texts.shingles(settings, node, &mut shingles);
        pools.mark(&shingles, &mut marks);
        aside.extend(marks.drain(..).map(|mark| (node, mark)));
    }
    aside
}

/// The fixed text of a group, if it fills a mould.
fn fixed_text(
    settings: &Settings,
    texts: &Texts<'_>,
    pairs: &VerifiedPairs,
    workspace: &mut Workspace,
    group: &Group,
) -> Option<Found> {
    let nodes: Vec<u32> = [group.representative].iter().chain(&group.members).copied().collect();
    let sample = evenly(&nodes, COMPARED);
    // The typical member lacks the least of the others.
    let candidates = evenly(&sample, CANDIDATES);
    let typical = candidates.iter().copied().min_by_key(|&node| {
        let others = candidates.iter().filter(|&&other| other != node);
        let lacking = |&other| match pairs.find(node, other) {
            Some(verified) => verified.evidence.tokens_a - verified.evidence.covered_a,
            None => texts.own(node),
        };
        (others.map(lacking).sum::<usize>(), texts.distinct().fingerprint(node))
    });
    let typical = typical?;
    let others: Vec<u32> = sample.into_iter().filter(|&node| node != typical).collect();
    // Copies of a story have few slots, which a few of them tell.
    let (first, rest) = others.split_at(GLANCED.min(others.len()));
    let mut lacking = vec![0; texts.length(typical)];
    lack(settings, texts, workspace, typical, first, &mut lacking);
    if Slots::of(&lacking, first.len()).count < SLOTS / 2 {
        return None;
    }
    lack(settings, texts, workspace, typical, rest, &mut lacking);
    let slots = Slots::of(&lacking, others.len());
    if slots.count < SLOTS || slots.within < IN_SLOTS || 2 * slots.fixed < lacking.len() {
        return None;
    }
    let width = settings.sampled.size();
    let mut shingles = Vec::new();
    texts.shingles(settings, typical, &mut shingles);
    let siblings = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
    let in_slot = |&lacking: &u32| is_slot(lacking, others.len());
    let fixed = (shingles.into_iter().zip(lacking.windows(width)))
        .filter(|(_, lacking)| !lacking.iter().any(in_slot))
        .map(|(shingle, _)| (shingle, siblings))
        .collect();
    Some(Found { typical, siblings: Vec::new(), fixed: Furniture::exactly(width, fixed) })
}

/// Whether a token that so many of the others lack is in a slot.
fn is_slot(lacking: u32, others: usize) -> bool {
    f64::from(lacking) / others.max(1) as f64 >= SLOT
}

/// The slots of a text.
struct Slots {
    /// Those with fixed text before and after them.
    count: usize,
    /// The share of all that is lacking that is lacking in slots.
    within: f64,
    /// Tokens that are in none.
    fixed: usize,
}

impl Slots {
    fn of(lacking: &[u32], others: usize) -> Self {
        let in_slot = |&lacking: &u32| is_slot(lacking, others);
        let runs: Vec<&[u32]> = lacking.chunk_by(|a, b| in_slot(a) == in_slot(b)).collect();
        // The first and the last run have no fixed text on one side.
        let inner = runs.get(1..runs.len().saturating_sub(1)).unwrap_or_default();
        let sum = |lacking: &mut dyn Iterator<Item = &u32>| -> u64 {
            lacking.map(|&lacking| u64::from(lacking)).sum()
        };
        let all = sum(&mut lacking.iter());
        let within = sum(&mut lacking.iter().filter(|lacking| in_slot(lacking)));
        Self {
            count: inner.iter().filter(|run| in_slot(&run[0])).count(),
            within: within as f64 / all.max(1) as f64,
            fixed: lacking.iter().filter(|lacking| !in_slot(lacking)).count(),
        }
    }
}

/// Counts for each token of a text how many of the others lack it.
fn lack(
    settings: &Settings,
    texts: &Texts<'_>,
    workspace: &mut Workspace,
    node: u32,
    others: &[u32],
    lacking: &mut [u32],
) {
    let tokens = &texts.article(node).tokens;
    settings.aligner.prepare(workspace, tokens);
    for &other in others {
        let alignment = settings.aligner.align(workspace, tokens, &texts.article(other).tokens);
        for (position, lacking) in lacking.iter_mut().enumerate() {
            *lacking += u32::from(!alignment.covers_a(position));
        }
    }
}

/// At most so many of some nodes, evenly spread.
fn evenly(nodes: &[u32], most: usize) -> Vec<u32> {
    let step = nodes.len().div_ceil(most).max(1);
    nodes.iter().step_by(step).copied().collect()
}
