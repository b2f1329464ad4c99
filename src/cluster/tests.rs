//! What the groups promise.

use proptest::prelude::*;

use super::*;

fn nodes(tokens: &[u32]) -> Vec<Node> {
    (0..).zip(tokens).map(|(content, &tokens)| Node { copies: 1, tokens, content }).collect()
}

fn same(a: u32, b: u32) -> Edge {
    Edge { a, b, link: Link::Same, closeness: 0 }
}

fn part(a: u32, b: u32) -> Edge {
    Edge { a, b, link: Link::Part, closeness: 0 }
}

fn stars(nodes: &[Node], edges: &[Edge]) -> Vec<(u32, Vec<u32>)> {
    group(nodes, edges, Grouping::Representative)
        .into_iter()
        .map(|group| (group.representative, group.members))
        .collect()
}

#[test]
fn a_chain_breaks_into_stars() {
    let nodes = nodes(&[100; 7]);
    let chain: Vec<Edge> = (0..6).map(|node| same(node, node + 1)).collect();
    for (representative, members) in stars(&nodes, &chain) {
        for member in members {
            let pair = (representative.min(member), representative.max(member));
            assert!(chain.iter().any(|edge| (edge.a, edge.b) == pair));
        }
    }
    let whole = group(&nodes, &chain, Grouping::Components);
    assert_eq!(whole, [Group { representative: 1, members: vec![0, 2, 3, 4, 5, 6] }]);
}

#[test]
fn groups_merge_when_a_third_of_their_pairs_are_related() {
    // Two groups of four, all related within, and one pair or four between them.
    let nodes = nodes(&[100; 8]);
    let within =
        |first: u32| (0..4).flat_map(move |a| (0..a).map(move |b| same(first + b, first + a)));
    let apart: Vec<Edge> = within(0).chain(within(4)).chain([same(0, 4)]).collect();
    assert_eq!(group(&nodes, &apart, Grouping::Merged).len(), 2);
    let close = [&apart[..], &[same(1, 5), same(2, 6), same(3, 7)]].concat();
    let merged = group(&nodes, &close, Grouping::Merged);
    assert_eq!(merged.len(), 1);
    assert_eq!(merged[0].members.len(), 7);
}

#[test]
fn the_most_reprinted_text_stands_for_its_group_then_the_longest() {
    let nodes = nodes(&[500, 100, 120, 130]);
    assert_eq!(
        stars(&nodes, &[same(0, 1), same(1, 2), same(1, 3)]),
        [(1, vec![0, 2, 3])],
        "most reprints"
    );
    assert_eq!(stars(&nodes, &[same(1, 2)]), [(2, vec![1])], "longest");
}

#[test]
fn copies_alone_are_a_group() {
    let mut nodes = nodes(&[100, 100]);
    nodes[1].copies = 3;
    assert_eq!(stars(&nodes, &[]), [(1, vec![])]);
}

#[test]
fn cuts_go_with_their_whole() {
    // 0 is printed again as 1; 2, 3 and 4 are cuts, of which two are alike.
    let nodes = nodes(&[500, 490, 150, 140, 300]);
    let edges = [
        same(0, 1),
        part(2, 0),
        part(3, 0),
        part(4, 0),
        part(2, 1),
        part(3, 1),
        part(4, 1),
        same(2, 3),
        part(2, 4),
        part(3, 4),
    ];
    assert_eq!(stars(&nodes, &edges), [(0, vec![1, 2, 3, 4])]);
}

#[test]
fn a_cut_of_one_whole_joins_it_without_merging_its_groups() {
    // 0-1 and 2-3 are two stories; 4 is a part of both.
    let nodes = nodes(&[500, 490, 480, 470, 100]);
    let edges = [same(0, 1), same(2, 3), part(4, 0), part(4, 2)];
    assert_eq!(stars(&nodes, &edges), [(0, vec![1, 4]), (2, vec![3])]);
}

#[test]
fn a_part_goes_with_its_closest_whole() {
    // 2 is a cut of 0, and 1 is a longer follow-up that quotes it.
    let nodes = nodes(&[300, 500, 100]);
    let edges = [Edge { closeness: 40, ..part(2, 0) }, Edge { closeness: 20, ..part(2, 1) }];
    assert_eq!(stars(&nodes, &edges), [(0, vec![2])]);
    // Unless that one belongs to a group whose representative does not contain it.
    let nodes = self::nodes(&[300, 500, 100, 310, 290]);
    let edges = [&edges[..], &[same(0, 3), same(3, 4)]].concat();
    assert_eq!(stars(&nodes, &edges), [(3, vec![0, 4]), (1, vec![2])]);
}

#[test]
fn a_text_with_more_relations_stands_for_its_group() {
    // 1 is longer than 0; but 2 contains 0 and not 1.
    let nodes = nodes(&[100, 150, 300]);
    assert_eq!(stars(&nodes, &[same(0, 1), part(0, 2)]), [(0, vec![1, 2])]);
}

#[test]
fn a_round_up_is_tied_to_its_stories_and_glues_none() {
    // Five stories of two versions each, and 10, which contains them all.
    let tokens = [[200u32, 190]; 5].concat().into_iter().chain([1000]).collect::<Vec<_>>();
    let nodes = nodes(&tokens);
    let mut edges: Vec<Edge> = (0..5).map(|story| same(2 * story, 2 * story + 1)).collect();
    edges.extend((0..10).map(|version| part(version, 10)));
    let expected: Vec<_> = (0..5).map(|story| (2 * story, vec![2 * story + 1, 10])).collect();
    assert_eq!(stars(&nodes, &edges), expected);
}

#[test]
fn a_round_up_of_single_stories_glues_none_either() {
    let nodes = nodes(&[100, 110, 120, 400]);
    let edges = [part(0, 3), part(1, 3), part(2, 3)];
    assert_eq!(stars(&nodes, &edges), [(0, vec![3]), (1, vec![3]), (2, vec![3])]);
}

#[test]
fn a_reprinted_piece_keeps_its_unrelated_cuts() {
    // 1 reprints 0; 2 is the top of it, 3 the bottom.
    let nodes = nodes(&[500, 490, 150, 140]);
    let edges = [same(0, 1), part(2, 0), part(3, 0)];
    assert_eq!(stars(&nodes, &edges), [(0, vec![1, 2, 3])]);
}

fn graphs() -> impl Strategy<Value = (Vec<Node>, Vec<Edge>)> {
    let edges = proptest::collection::btree_map((0u32..25, 0u32..25), any::<bool>(), 0..50);
    (proptest::collection::vec((1u32..3, 1u32..6), 25), edges).prop_map(|(nodes, edges)| {
        let nodes: Vec<Node> = (0..)
            .zip(nodes)
            .map(|(content, (copies, tokens))| Node { copies, tokens, content })
            .collect();
        let edges = edges
            .into_iter()
            .filter(|((a, b), _)| a < b)
            .map(|((a, b), is_same)| {
                let longer = nodes[a as usize].tokens > nodes[b as usize].tokens;
                match (is_same, longer) {
                    (true, _) => same(a, b),
                    (false, false) => part(a, b),
                    (false, true) => part(b, a),
                }
            })
            .collect();
        (nodes, edges)
    })
}

/// The same graph under other numbers has the same groups.
fn is_the_same_renamed(nodes: &[Node], edges: &[Edge], order: &[u32]) {
    let mut renamed_nodes = nodes.to_vec();
    for (old, &new) in order.iter().enumerate() {
        renamed_nodes[new as usize] = nodes[old];
    }
    let mut renamed_edges: Vec<Edge> = edges
        .iter()
        .map(|edge| Edge { a: order[edge.a as usize], b: order[edge.b as usize], ..*edge })
        .collect();
    renamed_edges.reverse();
    for grouping in [Grouping::Representative, Grouping::Merged, Grouping::Components] {
        let mut expected: Vec<_> = group(nodes, edges, grouping)
            .into_iter()
            .map(|group| {
                let mut members: Vec<u32> =
                    group.members.iter().map(|&old| order[old as usize]).collect();
                members.sort_unstable();
                (order[group.representative as usize], members)
            })
            .collect();
        expected.sort_unstable();
        let mut renamed: Vec<_> = group(&renamed_nodes, &renamed_edges, grouping)
            .into_iter()
            .map(|group| (group.representative, group.members))
            .collect();
        renamed.sort_unstable();
        assert_eq!(renamed, expected);
    }
}

/// Two parts of one whole that wait for other groups: found by the law below.
#[test]
fn parts_that_wait_are_served_in_the_order_of_their_rank() {
    let mut nodes = nodes(&[1; 25]);
    nodes[6].tokens = 4;
    let edges = [
        part(3, 4),
        part(3, 20),
        same(4, 5),
        part(5, 6),
        part(5, 21),
        part(7, 6),
        part(20, 21),
        part(20, 22),
    ];
    let order =
        [7, 4, 3, 20, 1, 18, 5, 13, 19, 14, 21, 23, 11, 8, 16, 22, 9, 24, 10, 6, 15, 17, 0, 12, 2];
    is_the_same_renamed(&nodes, &edges, &order);
}

proptest! {
    #[test]
    fn members_are_related_to_their_representative((nodes, edges) in graphs()) {
        let mut seen = vec![false; nodes.len()];
        for (representative, members) in stars(&nodes, &edges) {
            prop_assert!(members.is_sorted());
            prop_assert!(!members.is_empty() || nodes[representative as usize].copies > 1);
            prop_assert!(!std::mem::replace(&mut seen[representative as usize], true));
            for member in members {
                let edge = edges.iter().find(|edge| {
                    [(edge.a, edge.b), (edge.b, edge.a)].contains(&(representative, member))
                });
                prop_assert!(edge.is_some());
                // Only a whole can be in several groups.
                if edge != Some(&part(representative, member)) {
                    prop_assert!(!std::mem::replace(&mut seen[member as usize], true));
                }
            }
        }
    }

    #[test]
    fn the_order_of_input_changes_nothing(
        (nodes, edges) in graphs(), order in Just((0..25).collect::<Vec<u32>>()).prop_shuffle(),
    ) {
        is_the_same_renamed(&nodes, &edges, &order);
    }
}
