use proptest::collection::vec;
use proptest::prelude::*;

use super::arborescence::{self, Edge, Weight};
use super::pairs;
use super::*;
use crate::align::Workspace;

/// What is done to an earlier version, as drawn: kind, which version, where, and how much.
type Step = (u8, usize, usize, usize);

fn steps(count: impl Into<proptest::collection::SizeRange>) -> impl Strategy<Value = Vec<Step>> {
    vec((0u8..5, any::<usize>(), any::<usize>(), 1usize..20), count)
}

/// Versions that came from each other by such steps, and the parent of each but the first.
fn planted(steps: &[Step]) -> (Vec<Vec<u32>>, Vec<usize>) {
    let mut versions = vec![(0..120).collect::<Vec<u32>>()];
    let mut parents = Vec::new();
    let mut fresh = 1000..;
    for &(kind, parent, at, length) in steps {
        let parent = parent % versions.len();
        let mut next = versions[parent].clone();
        let at = at % (next.len() - 40);
        let mut new = |count| fresh.by_ref().take(count).collect::<Vec<u32>>();
        match kind {
            0 | 1 => drop(next.splice(at..at, new(length))),
            2 => drop(next.splice(at..at + length, new(length))),
            3 if next.len() > 80 => drop(next.drain(at..at + length)),
            _ => next[at..at + 40].rotate_left(length),
        }
        versions.push(next);
        parents.push(parent);
    }
    (versions, parents)
}

fn of(versions: &[Vec<u32>], dates: &[Option<u8>]) -> Family {
    let texts: Vec<Text<'_>> = versions.iter().map(|tokens| Text { tokens, aside: &[] }).collect();
    Family::new(&Aligner::default(), &texts, dates)
}

fn edit(a: &[u32], b: &[u32]) -> Edit {
    let mut workspace = Workspace::default();
    Aligner::default().prepare(&mut workspace, a);
    let [a, b] = [a, b].map(|tokens| Text { tokens, aside: &[] });
    Edit::both_ways(&Aligner::default(), &mut workspace, a, b)[0]
}

/// The cost of all edits, without the root.
fn cost(family: &Family) -> u64 {
    family.versions[1..].iter().map(|version| version.cost).sum()
}

/// All ways to give each of some nodes another one as its parent, but node 0, without cycles.
fn arborescences(nodes: usize) -> Vec<Vec<usize>> {
    let mut all = vec![vec![0]];
    for node in 1..nodes {
        let longer = |parents: &Vec<usize>| {
            let parents = parents.clone();
            let others = (0..nodes).filter(move |&parent| parent != node);
            others.map(move |parent| [&parents[..], &[parent]].concat()).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(longer).collect();
    }
    let reaches_root = |parents: &[usize], node: usize| {
        std::iter::successors(Some(node), |&node| Some(parents[node])).take(nodes).any(|n| n == 0)
    };
    all.retain(|parents| (0..nodes).all(|node| reaches_root(parents, node)));
    all
}

/// Who came from whom, by what the versions say.
fn tree(versions: &[Vec<u32>], family: &Family) -> Vec<(Vec<u32>, Option<Vec<u32>>)> {
    let tokens = |index: usize| versions[family.versions[index].members[0]].clone();
    (family.versions.iter().enumerate())
        .map(|(index, version)| (tokens(index), version.parent.map(tokens)))
        .collect()
}

fn plus(a: Weight, b: Weight) -> Weight {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

proptest! {
    #[test]
    fn no_arborescence_weighs_less(
        nodes in 1usize..6,
        weights in vec(proptest::option::weighted(0.8, (0i64..2, 0i64..20, 0i64..4)), 36),
    ) {
        let edge = |from: usize, to: usize| -> Option<Weight> {
            let (a, b, c) = weights[6 * from + to].or((from == 0).then_some((1, 30, 0)))?;
            Some([a, b, c])
        };
        let number = |node: usize| u32::try_from(node).unwrap();
        let edges: Vec<Edge> = (0..nodes)
            .flat_map(|from| (1..nodes).map(move |to| (from, to)))
            .filter(|(from, to)| from != to)
            .filter_map(|(from, to)| {
                Some(Edge { from: number(from), to: number(to), weight: edge(from, to)? })
            })
            .collect();
        let weight = |parents: &[usize]| {
            (1..nodes).try_fold([0; 3], |sum, node| Some(plus(sum, edge(parents[node], node)?)))
        };
        let least = arborescences(nodes).iter().filter_map(|parents| weight(parents)).min();
        let found = arborescence::minimum(nodes, &edges);
        let found: Vec<usize> =
            [0].into_iter().chain(found.iter().map(|&parent| parent as usize)).collect();
        prop_assert!(arborescences(nodes).contains(&found), "{found:?}");
        prop_assert_eq!(weight(&found), least);
    }

    #[test]
    fn every_version_comes_from_the_root(steps in steps(0..100), dates in vec(any::<Option<u8>>(), 0..9)) {
        let (versions, _) = planted(&steps);
        let family = of(&versions, &dates);
        let mut members: Vec<usize> =
            family.versions.iter().flat_map(|version| version.members.clone()).collect();
        members.sort_unstable();
        prop_assert!(members.into_iter().eq(0..versions.len()));
        for (index, version) in family.versions.iter().enumerate() {
            prop_assert_eq!(version.parent.is_none(), index == 0);
            prop_assert!(version.parent.is_none_or(|parent| parent < index));
        }
        prop_assert_eq!(family.to_string().lines().count(), family.versions.len());
    }

    #[test]
    fn no_tree_from_the_same_root_costs_less(steps in steps(0..5)) {
        let (versions, _) = planted(&steps);
        let family = of(&versions, &[]);
        let texts: Vec<&[u32]> =
            family.versions.iter().map(|version| &versions[version.members[0]][..]).collect();
        let all = |parents: &Vec<usize>| {
            (1..texts.len()).map(|to| edit(texts[parents[to]], texts[to]).cost()).sum::<u64>()
        };
        prop_assert_eq!(Some(cost(&family)), arborescences(texts.len()).iter().map(all).min());
    }

    #[test]
    fn the_order_of_the_input_changes_nothing(
        steps in steps(0..80),
        dates in vec(any::<Option<u8>>(), 81),
        order in vec(any::<u32>(), 81),
    ) {
        let (versions, _) = planted(&steps);
        let mut shuffled: Vec<usize> = (0..versions.len()).collect();
        shuffled.sort_by_key(|&version| order[version]);
        let mixed: Vec<Vec<u32>> =
            shuffled.iter().map(|&version| versions[version].clone()).collect();
        let mixed_dates: Vec<Option<u8>> =
            shuffled.iter().map(|&version| dates[version]).collect();
        let (a, b) = (of(&versions, &dates[..versions.len()]), of(&mixed, &mixed_dates));
        prop_assert_eq!(tree(&versions, &a), tree(&mixed, &b));
        prop_assert_eq!(a.contradictions, b.contradictions);
    }

    #[test]
    fn a_chain_with_its_dates_is_found(
        steps in vec((any::<usize>(), 10usize..30, proptest::option::of(0usize..100)), 0..40),
    ) {
        let mut versions = vec![(0..120).collect::<Vec<u32>>()];
        for (number, &(at, length, gone)) in (1..).zip(&steps) {
            let mut next = versions.last().unwrap().clone();
            // Each adds words that stay, more than alignments lose around edits side by side.
            let at = at % next.len();
            next.splice(at..at, (0..length).map(|word| number * 1000 + word as u32));
            next.retain(|&token| gone.is_none_or(|gone| token as usize != gone));
            versions.push(next);
        }
        let dates: Vec<Option<u8>> = (0..41).map(Some).collect();
        let family = of(&versions, &dates[..versions.len()]);
        prop_assert!(family.contradictions.is_empty());
        for (index, version) in family.versions.iter().enumerate() {
            prop_assert_eq!(&version.members, &[index]);
            prop_assert_eq!(version.parent, index.checked_sub(1));
        }
    }
}

#[test]
fn many_versions_cost_few_alignments_and_little_more_than_they_must() {
    let mut random = 1u64;
    let mut draw = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (random >> 33) as usize
    };
    let steps: Vec<Step> =
        (0..600).map(|_| ((draw() % 5) as u8, draw(), draw(), 1 + draw() % 19)).collect();
    let (versions, parents) = planted(&steps);
    let texts: Vec<Text<'_>> = versions.iter().map(|tokens| Text { tokens, aside: &[] }).collect();
    let pairs = pairs::compare(&Aligner::default(), &texts);
    assert!(pairs.len() <= 30 * texts.len(), "{}", pairs.len());
    let family = of(&versions, &[Some(0)]);
    let made = |(child, &parent): (usize, &usize)| edit(&versions[parent], &versions[child]).cost();
    let planted: u64 = (1..).zip(&parents).map(made).sum();
    assert!(100 * cost(&family) <= 108 * planted, "{} of {planted}", cost(&family));
}

#[test]
fn copies_hang_below_what_they_were_copied_from() {
    let original: Vec<u32> = (0..200).collect();
    let cut = original[..90].to_vec();
    let mut framed = original.clone();
    framed.splice(200.., 500..540);
    let mut edited = original.clone();
    (edited[30], edited[90]) = (600, 601);
    let mut moved = original.clone();
    moved.rotate_left(50);
    let versions = [cut, framed, original.clone(), edited, moved, original];
    let family = of(&versions, &[]);
    assert_eq!(
        family.to_string(),
        "#2 = #5  200 words\n\
         ├─ #1  40 words added\n\
         ├─ #3  2 words added, 2 words dropped in 2 cuts\n\
         ├─ #4  passages moved\n\
         └─ #0  110 words dropped\n",
    );
}

#[test]
fn revisions_grow_from_the_shortest() {
    let versions: Vec<Vec<u32>> = [190, 130, 100, 250, 150].map(|end| (0..end).collect()).into();
    let names = ["May", "February", "January", "June", "March"];
    assert_eq!(
        of(&versions, &[]).display(|member| names[member]).to_string(),
        "January  100 words\n\
         ↓ February  30 words added\n\
         ↓ March  20 words added\n\
         ↓ May  40 words added\n\
         ↓ June  60 words added\n",
    );
}

#[test]
fn dates_turn_the_tree_or_are_pointed_out() {
    let versions: Vec<Vec<u32>> = [100, 130, 150, 190, 250].map(|end| (0..end).collect()).into();
    let turned = of(&versions, &[5, 4, 3, 2, 1].map(Some));
    assert_eq!(turned.versions[0].members, [4]);
    assert!(turned.contradictions.is_empty());
    // Two of three drafts have the words of the first one, of which only a late copy is left: the
    // words would have to be written twice.
    let versions: Vec<Vec<u32>> = vec![
        (0..100).collect(),
        (0..100).chain(200..300).collect(),
        (0..50).chain(200..250).chain(300..310).collect(),
        (50..100).chain(250..300).chain(400..410).collect(),
    ];
    let dated = of(&versions, &[Some(1), Some(4), Some(2), Some(3)]);
    assert_eq!(
        dated.to_string(),
        "#0  100 words\n\
         ↓ #1  100 words added\n\
         ├─ #2  10 words added, 100 words dropped in 2 cuts; dated before #1\n\
         └─ #3  10 words added, 100 words dropped in 2 cuts; dated before #1\n",
    );
    assert_eq!(dated.contradictions.len(), 2);
    // Ancestors without a date are passed over.
    let mut versions = versions;
    versions.extend([540, 600].map(|end| (0..100).chain(200..300).chain(500..end).collect()));
    versions[2].extend(500..550);
    versions[3].extend(550..600);
    let open = of(&versions, &[Some(1), Some(4), Some(2), Some(3), None, None]);
    assert_eq!(
        open.to_string(),
        "#0  100 words\n\
         ↓ #1  100 words added\n\
         ↓ #4  40 words added\n\
         ↓ #5  60 words added\n\
         ├─ #2  10 words added, 150 words dropped in 3 cuts; dated before #1\n\
         └─ #3  10 words added, 150 words dropped in 3 cuts; dated before #1\n",
    );
}

#[test]
fn what_is_left_aside_does_not_count() {
    let text: Vec<u32> = (0..100).collect();
    let framed: Vec<u32> = (500..520).chain(0..50).chain(600..640).chain(50..100).collect();
    let texts = [
        Text { tokens: &framed, aside: &[0..20, 70..110] },
        Text { tokens: &text, aside: &[] },
        Text { tokens: &text[..80], aside: &[] },
    ];
    let family = Family::new(&Aligner::default(), &texts, &[None::<u8>; 3]);
    assert_eq!(family.versions.iter().map(|version| version.words).max(), Some(100));
    assert_eq!(cost(&family), 30);
}

#[test]
fn the_smallest_families() {
    assert_eq!(of(&[], &[]), Family { versions: Vec::new(), contradictions: Vec::new() });
    assert_eq!(of(&[vec![], vec![]], &[]).to_string(), "#0 = #1  0 words\n");
    assert_eq!(of(&[vec![7]], &[Some(1)]).to_string(), "#0  1 word\n");
    let strangers = of(&[(0..50).collect(), (100..200).collect()], &[]);
    assert_eq!(strangers.to_string(), "#1  100 words\n↓ #0  50 words added, 100 words dropped\n");
}

#[test]
fn one_version_with_other_parts_aside_is_the_same_in_any_order() {
    let tokens: Vec<u32> = (0..100).collect();
    let framed = Text { tokens: &tokens, aside: &[80..85, 90..100] };
    let whole = Text { tokens: &tokens, aside: &[] };
    for texts in [[framed, whole], [whole, framed]] {
        let family = Family::new(&Aligner::default(), &texts, &[None::<u8>; 2]);
        assert_eq!(family.to_string(), "#0 = #1  100 words\n");
    }
}

#[cfg(feature = "serde")]
#[test]
fn a_tree_is_data() {
    let family = of(&[(0..50).collect(), (0..60).collect()], &[Some(1), Some(2)]);
    let edit =
        |added: u64| serde_json::json!({"added": added, "dropped": 0, "cuts": 0, "moves": 0});
    assert_eq!(
        serde_json::to_value(&family).unwrap(),
        serde_json::json!({
            "versions": [
                {"members": [0], "words": 50, "parent": null, "edit": edit(50), "cost": 500},
                {"members": [1], "words": 60, "parent": 0, "edit": edit(10), "cost": 100},
            ],
            "contradictions": [],
        }),
    );
}
