//! Pairs of versions to the tree.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;

use crate::align::Aligner;

use super::arborescence::{self, Edge};
use super::edit::{CHEAP, Edit};
use super::pairs::{self, Pair, narrow};
use super::{Contradiction, Family, Text, Version};

/// A version is the common ancestor when so many in so many of the others are its neighbours.
const NEIGHBOURS: (usize, usize) = (3, 4);

/// A distinct text, before its place in the tree is known.
struct Distinct<'t> {
    text: Text<'t>,
    words: usize,
    date: Option<u32>,
    members: Vec<usize>,
}

/// Finds the tree of some texts with dates, as ranks.
pub(super) fn grow(aligner: &Aligner, texts: &[Text<'_>], dates: &[Option<u32>]) -> Family {
    let versions = distinct(texts, dates);
    if versions.is_empty() {
        return Family { versions: Vec::new(), contradictions: Vec::new() };
    }
    let bare: Vec<Text<'_>> = versions.iter().map(|version| version.text).collect();
    let pairs = pairs::compare(aligner, &bare);
    let edges = edges(&versions, &pairs);
    let parents = parents(&versions, &edges);
    family(versions, &pairs, &parents)
}

/// The distinct texts, the longest first; between equally long ones, what they say decides.
fn distinct<'t>(texts: &[Text<'t>], dates: &[Option<u32>]) -> Vec<Distinct<'t>> {
    let mut number_of: HashMap<&[u32], usize> = HashMap::new();
    let mut versions: Vec<Distinct<'t>> = Vec::new();
    for (member, (&text, &date)) in texts.iter().zip(dates).enumerate() {
        let number = *number_of.entry(text.tokens).or_insert(versions.len());
        if let Some(version) = versions.get_mut(number) {
            version.members.push(member);
            version.date = earlier(version.date, date);
            // What is left aside may differ; whichever is given first must not matter.
            if bounds(text).lt(bounds(version.text)) {
                (version.text, version.words) = (text, text.own());
            }
        } else {
            versions.push(Distinct { text, words: text.own(), date, members: vec![member] });
        }
    }
    versions.sort_unstable_by(|a, b| {
        (Reverse(a.words), a.text.tokens).cmp(&(Reverse(b.words), b.text.tokens))
    });
    versions
}

/// What is left aside in a text, to be compared.
fn bounds(text: Text<'_>) -> impl Iterator<Item = (u32, u32)> {
    text.aside.iter().map(|range| (range.start, range.end))
}

/// The earlier one of two dates that may be missing.
fn earlier(a: Option<u32>, b: Option<u32>) -> Option<u32> {
    a.into_iter().chain(b).min()
}

/// The edges of the compared pairs, in both directions. Node 0 stands before all versions, which
/// are numbered on from 1. Between equal costs a parent with more words is taken.
fn edges(versions: &[Distinct<'_>], pairs: &[Pair]) -> Vec<Edge> {
    let mut edges = Vec::with_capacity(2 * pairs.len() + versions.len());
    for &((a, b), edits) in pairs {
        for ((from, to), edit) in [(a, b), (b, a)].into_iter().zip(edits) {
            let (parent, child) = (&versions[from as usize], &versions[to as usize]);
            let is_against = matches!((parent.date, child.date), (Some(p), Some(c)) if p > c);
            let against = if is_against { CHEAP * child.words as u64 } else { 0 };
            let weight = [0, signed(edit.cost() + against), i64::from(from)];
            edges.push(Edge { from: from + 1, to: to + 1, weight });
        }
    }
    edges
}

/// The edge that makes a version the root: its words have to be written too. The first part of
/// the weight is more than all others, so that there is one root only.
fn root_edge(version: &Distinct<'_>, number: usize, first_date: Option<u32>) -> Edge {
    let is_later = version.date > first_date && first_date.is_some();
    let against = if is_later { CHEAP * version.words as u64 } else { 0 };
    let number = narrow(number);
    let cost = signed(Edit::of_root(version.words).cost() + against);
    Edge { from: 0, to: number + 1, weight: [1, cost, i64::from(number)] }
}

/// The parent of each version; its own number for the root.
fn parents(versions: &[Distinct<'_>], edges: &[Edge]) -> Vec<usize> {
    let first_date = versions.iter().filter_map(|version| version.date).min();
    let find = |roots: Range<usize>| -> Vec<usize> {
        let roots = roots.map(|number| root_edge(&versions[number], number, first_date));
        let edges: Vec<Edge> = edges.iter().copied().chain(roots).collect();
        let parents = arborescence::minimum(versions.len() + 1, &edges);
        let own =
            |(number, &parent): (usize, &u32)| (parent as usize).checked_sub(1).unwrap_or(number);
        parents.iter().enumerate().map(own).collect()
    };
    let parents = find(0..versions.len());
    let mut neighbours = vec![0; versions.len()];
    for (number, &parent) in parents.iter().enumerate().filter(|&(own, &parent)| own != parent) {
        neighbours[number] += 1;
        neighbours[parent] += 1;
    }
    let centre = (0..versions.len()).max_by_key(|&number| (neighbours[number], Reverse(number)));
    let Some(centre) = centre else { return parents };
    let date = versions[centre].date;
    let is_among_all = NEIGHBOURS.1 * neighbours[centre] >= NEIGHBOURS.0 * (versions.len() - 1);
    let may_be_first = date.is_none() || date == first_date;
    if is_among_all && may_be_first { find(centre..centre + 1) } else { parents }
}

/// Puts the versions in order, each after its parent and before the next sibling, and looks at
/// their dates. Siblings come by date, those without one last, then the longest first.
fn family(versions: Vec<Distinct<'_>>, pairs: &[Pair], parents: &[usize]) -> Family {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); versions.len()];
    let mut stack = Vec::new();
    for (number, &parent) in parents.iter().enumerate() {
        let siblings = if parent == number { &mut stack } else { &mut children[parent] };
        siblings.push(number);
    }
    let mut place = vec![0; versions.len()];
    // By place, the closest version with a date on the way from the root, itself included.
    let mut dated: Vec<Option<(usize, u32)>> = Vec::with_capacity(versions.len());
    let mut family = Family { versions: Vec::new(), contradictions: Vec::new() };
    while let Some(number) = stack.pop() {
        let own = family.versions.len();
        place[number] = own;
        let below = &mut children[number];
        below.sort_by_key(|&child| (versions[child].date.is_none(), versions[child].date));
        stack.extend(below.iter().rev());
        let version = &versions[number];
        let parent = Some(parents[number]).filter(|&parent| parent != number);
        let edit =
            parent.map_or(Edit::of_root(version.words), |parent| edit(pairs, parent, number));
        let parent = parent.map(|parent| place[parent]);
        let ancestor = parent.and_then(|parent| dated[parent]);
        if let (Some((ancestor, before)), Some(date)) = (ancestor, version.date)
            && before > date
        {
            family.contradictions.push(Contradiction { version: own, ancestor });
        }
        dated.push(version.date.map(|date| (own, date)).or(ancestor));
        let (members, words) = (version.members.clone(), version.words);
        family.versions.push(Version { members, words, parent, edit, cost: edit.cost() });
    }
    family
}

/// The edit from one version to another; they have been compared.
fn edit(pairs: &[Pair], from: usize, to: usize) -> Edit {
    let pair = (narrow(from.min(to)), narrow(from.max(to)));
    let known = pairs.binary_search_by_key(&pair, |&(pair, _)| pair).map(|at| pairs[at].1);
    known.map_or_else(|_| Edit::default(), |edits| edits[usize::from(from > to)])
}

fn signed(cost: u64) -> i64 {
    i64::try_from(cost).unwrap_or(i64::MAX)
}
