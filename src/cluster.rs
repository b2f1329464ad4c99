//! Verified edges to clusters that cannot chain.
//!
//! A corpus where A resembles B, B resembles C and so on for a thousand steps has no thousand
//! versions of one piece. So every member of a cluster here is related to the cluster's
//! *representative* by an edge of its own (star clustering: Aslam, Pelekhov and Rus, "The star
//! clustering algorithm", 2004). Plain connected components are there as an option.
//!
//! This stage knows numbers only: nodes stand for distinct texts, edges for verified pairs.
//! Nothing depends on the order of either: ties between nodes are broken by what they contain.

use std::cmp::Reverse;

use bitvec::vec::BitVec;

/// A distinct text.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// How many articles have exactly this text, at least 1.
    pub copies: u32,
    /// Its length in tokens.
    pub tokens: u32,
    /// A hash of the text, which breaks ties independently of the order of input.
    pub content: u64,
}

/// How the texts of an edge are related.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// They are versions of the same piece.
    Same,
    /// The first is a part of the second.
    Part,
}

/// A verified pair of nodes, by their indices. A pair stands at most once in a list of edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The first node; the part, where one is a part of the other.
    pub a: u32,
    /// The second node; the whole, where one is a part of the other.
    pub b: u32,
    /// How they are related.
    pub link: Link,
    /// How close they are, in any unit: among the wholes that contain a part, it goes with the
    /// closest.
    pub closeness: u32,
}

/// How edges become clusters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// Around representatives: each member is related to its representative directly.
    #[default]
    Representative,
    /// Around representatives, and then groups become one when at least a third of the pairs
    /// between them are related, the closest first. For families that drift apart over time; a
    /// member may not be related to its representative directly.
    Merged,
    /// Connected components: a member may be related to the others through a chain only.
    Components,
}

/// A cluster of nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The node that stands for the cluster.
    pub representative: u32,
    /// The other nodes, ascending.
    pub members: Vec<u32>,
}

impl Group {
    /// All its nodes, the representative last.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = u32> + Clone {
        self.members.iter().chain([&self.representative]).copied()
    }
}

/// Groups nodes by their edges. Nodes without an edge form a group only when they have copies.
///
/// Around representatives, the text with the most reprints (then the longest) takes all that are
/// the same piece and not taken yet, then the next one, and so on. Parts go with the whole that
/// contains them, unless the whole is a round-up: its parts have nothing to do with each other,
/// so that taking them would glue strangers together. The round-up is then tied to each of their
/// groups instead, and may therefore be a member of several. Parts never merge two groups.
///
/// The groups come in the order of their lowest node. Time and memory grow with the edges, and
/// with the edges among the parts of each whole.
pub fn group(nodes: &[Node], edges: &[Edge], grouping: Grouping) -> Vec<Group> {
    let graph = Graph::new(nodes, edges);
    let mut groups = match grouping {
        Grouping::Representative => graph.stars(),
        Grouping::Merged => graph.merged(),
        Grouping::Components => graph.components(),
    };
    groups.sort_unstable_by_key(|group| {
        let lowest = group
            .members
            .first()
            .map_or(group.representative, |&first| first.min(group.representative));
        (lowest, group.representative)
    });
    groups
}

/// What a neighbour is to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Same,
    /// The neighbour is a part of the node.
    Part,
    /// The node is a part of the neighbour.
    Whole,
}

/// Nodes with their neighbours, ascending.
struct Graph<'n> {
    nodes: &'n [Node],
    starts: Vec<usize>,
    neighbours: Vec<Neighbour>,
}

/// A node as another one sees it.
#[derive(Clone, Copy, Debug)]
struct Neighbour {
    node: u32,
    role: Role,
    closeness: u32,
}

impl<'n> Graph<'n> {
    fn new(nodes: &'n [Node], edges: &[Edge]) -> Self {
        let mut starts = vec![0; nodes.len() + 1];
        for edge in edges {
            starts[edge.a as usize + 1] += 1;
            starts[edge.b as usize + 1] += 1;
        }
        for node in 0..nodes.len() {
            starts[node + 1] += starts[node];
        }
        let mut next = starts.clone();
        let nobody = Neighbour { node: 0, role: Role::Same, closeness: 0 };
        let mut neighbours = vec![nobody; 2 * edges.len()];
        let mut add = |from: u32, neighbour| {
            neighbours[next[from as usize]] = neighbour;
            next[from as usize] += 1;
        };
        for edge in edges {
            let (of_a, of_b) = match edge.link {
                Link::Same => (Role::Same, Role::Same),
                Link::Part => (Role::Whole, Role::Part),
            };
            let closeness = edge.closeness;
            add(edge.a, Neighbour { node: edge.b, role: of_a, closeness });
            add(edge.b, Neighbour { node: edge.a, role: of_b, closeness });
        }
        for node in 0..nodes.len() {
            neighbours[starts[node]..starts[node + 1]].sort_unstable_by_key(|other| other.node);
        }
        Self { nodes, starts, neighbours }
    }

    fn neighbours(&self, node: u32) -> &[Neighbour] {
        let node = node as usize;
        &self.neighbours[self.starts[node]..self.starts[node + 1]]
    }

    fn in_role(&self, node: u32, role: Role) -> impl Iterator<Item = u32> + '_ {
        self.neighbours(node).iter().filter(move |other| other.role == role).map(|other| other.node)
    }

    fn copies(&self, node: u32) -> u64 {
        u64::from(self.nodes[node as usize].copies)
    }

    /// How many other articles are the same piece as this one.
    fn reprints(&self, node: u32) -> u64 {
        let others: u64 = self.in_role(node, Role::Same).map(|other| self.copies(other)).sum();
        others + self.copies(node) - 1
    }

    /// All nodes, the best representatives first.
    fn ranking(&self) -> Vec<u32> {
        let mut ranked: Vec<_> = (0u32..)
            .zip(self.nodes)
            .map(|(index, node)| {
                let related = self.neighbours(index).len();
                let fewest_last = Reverse((self.reprints(index), related, node.tokens));
                (fewest_last, node.content, index)
            })
            .collect();
        ranked.sort_unstable();
        ranked.into_iter().map(|(_, _, index)| index).collect()
    }

    fn stars(&self) -> Vec<Group> {
        const NONE: u32 = u32::MAX;
        let ranking = self.ranking();
        let mut rank = vec![0; self.nodes.len()];
        for (place, &node) in ranking.iter().enumerate() {
            rank[node as usize] = place;
        }
        // By node, the representative of the group that it is in.
        let mut star_of = vec![NONE; self.nodes.len()];
        let mut families = Families::new(self.nodes.len());
        // Parts that are closer to a whole of another group, the best ones first, and their wholes.
        let mut postponed = Vec::new();
        for &node in &ranking {
            if star_of[node as usize] != NONE {
                continue;
            }
            let mut has_members = self.copies(node) > 1;
            for other in self.in_role(node, Role::Same) {
                if star_of[other as usize] == NONE {
                    star_of[other as usize] = node;
                    has_members = true;
                }
            }
            for part in families.own_parts(self, node) {
                if star_of[part as usize] != NONE {
                    continue;
                }
                let wholes = self.neighbours(part).iter().filter(|of| of.role == Role::Whole);
                let (mut here, mut closest) = (0, (0, Reverse(usize::MAX), NONE));
                for whole in wholes {
                    if whole.node == node {
                        here = whole.closeness;
                    }
                    let order = Reverse(rank[whole.node as usize]);
                    closest = closest.max((whole.closeness, order, whole.node));
                }
                let (_, _, closest) = closest;
                if closest == node || star_of[closest as usize] == node {
                    star_of[part as usize] = node;
                    has_members = true;
                } else {
                    let order = (rank[part as usize], Reverse(here), rank[node as usize]);
                    postponed.push((order, part, node));
                }
            }
            if has_members {
                star_of[node as usize] = node;
            }
        }
        postponed.sort_unstable();
        for (_, part, whole) in postponed {
            let place = star_of[whole as usize];
            if star_of[part as usize] == NONE && (place == whole || place == NONE) {
                star_of[part as usize] = whole;
                star_of[whole as usize] = whole;
            }
        }
        self.with_wholes(&star_of)
    }

    /// Groups from the representative of each node, where it has one. Wholes are tied to the
    /// groups of the representatives that they contain, and to parts that found no group.
    fn with_wholes(&self, star_of: &[u32]) -> Vec<Group> {
        let mut groups = Vec::new();
        let mut members = vec![Vec::new(); self.nodes.len()];
        for (node, &star) in (0u32..).zip(star_of) {
            if let Some(members) = members.get_mut(star as usize)
                && star != node
            {
                members.push(node);
            }
        }
        for ((representative, mut members), &star) in (0u32..).zip(members).zip(star_of) {
            let alone = star == u32::MAX;
            if star != representative && !alone {
                continue;
            }
            members.extend(self.in_role(representative, Role::Whole));
            members.sort_unstable();
            if !alone || !members.is_empty() {
                groups.push(Group { representative, members });
            }
        }
        groups
    }

    /// Stars without ties to wholes, merged while at least a third of the pairs between two of
    /// them are related.
    fn merged(&self) -> Vec<Group> {
        const ALONE: u32 = u32::MAX;
        // Groups by the rank of their best node, so that nothing depends on the order of input.
        let ranking = self.ranking();
        let mut group_of = vec![ALONE; self.nodes.len()];
        let mut groups: Vec<Vec<u32>> = Vec::new();
        let stars = self.stars();
        let mut star_of = vec![ALONE; self.nodes.len()];
        for (index, star) in (0u32..).zip(&stars) {
            star_of[star.representative as usize] = index;
            let is_tied = |&&member: &&u32| {
                self.in_role(star.representative, Role::Whole).any(|whole| whole == member)
            };
            for &member in star.members.iter().filter(|member| !is_tied(member)) {
                star_of[member as usize] = index;
            }
        }
        let mut first_of = vec![ALONE; stars.len()];
        for &node in &ranking {
            let star = star_of[node as usize];
            let known = if star == ALONE { ALONE } else { first_of[star as usize] };
            if known == ALONE {
                #[expect(clippy::cast_possible_truncation, reason = "fewer groups than nodes")]
                let new = groups.len() as u32;
                groups.push(vec![node]);
                group_of[node as usize] = new;
                if star != ALONE {
                    first_of[star as usize] = new;
                }
            } else {
                groups[known as usize].push(node);
                group_of[node as usize] = known;
            }
        }
        while self.merge_once(&mut groups, &mut group_of) {}
        let with_copies = |group: &Vec<u32>| group.len() > 1 || self.copies(group[0]) > 1;
        groups.retain(|group| !group.is_empty() && with_copies(group));
        groups
            .into_iter()
            .map(|mut members| {
                let representative = members.remove(0);
                members.sort_unstable();
                Group { representative, members }
            })
            .collect()
    }

    /// Merges pairs of groups, the closest first, each group at most once. Returns whether there
    /// was any such pair. The first node of a group is its best one.
    fn merge_once(&self, groups: &mut [Vec<u32>], group_of: &mut [u32]) -> bool {
        let mut between: Vec<(u32, u32)> = Vec::new();
        for (index, group) in (0u32..).zip(groups.iter()) {
            for &node in group {
                let others =
                    self.neighbours(node).iter().map(|other| group_of[other.node as usize]);
                between.extend(others.filter(|&other| other > index).map(|other| (index, other)));
            }
        }
        between.sort_unstable();
        let size = |group: u32| groups[group as usize].len() as u64;
        let mut close: Vec<(u64, u64, u32, u32)> = between
            .chunk_by(|x, y| x == y)
            .map(|run| (run.len() as u64, size(run[0].0) * size(run[0].1), run[0].0, run[0].1))
            .filter(|&(related, pairs, ..)| 3 * related >= pairs)
            .collect();
        // By the share of related pairs, compared without division.
        close.sort_unstable_by(|x, y| {
            (y.0 * x.1).cmp(&(x.0 * y.1)).then((x.2, x.3).cmp(&(y.2, y.3)))
        });
        let mut merged: BitVec = BitVec::repeat(false, groups.len());
        for &(_, _, into, from) in &close {
            if merged[into as usize] || merged[from as usize] {
                continue;
            }
            merged.set(into as usize, true);
            merged.set(from as usize, true);
            let nodes = std::mem::take(&mut groups[from as usize]);
            nodes.iter().for_each(|&node| group_of[node as usize] = into);
            groups[into as usize].extend(nodes);
        }
        !close.is_empty()
    }

    fn components(&self) -> Vec<Group> {
        let mut taken: BitVec = BitVec::repeat(false, self.nodes.len());
        let mut groups = Vec::new();
        for representative in self.ranking() {
            if taken[representative as usize] {
                continue;
            }
            taken.set(representative as usize, true);
            let mut members = vec![representative];
            let mut done = 0;
            while let Some(&node) = members.get(done) {
                done += 1;
                for other in self.neighbours(node) {
                    if !taken.replace(other.node as usize, true) {
                        members.push(other.node);
                    }
                }
            }
            members.swap_remove(0);
            if !members.is_empty() || self.copies(representative) > 1 {
                members.sort_unstable();
                groups.push(Group { representative, members });
            }
        }
        groups
    }
}

/// Which parts of a whole belong to its group: scratch space for the whole corpus.
struct Families {
    /// By node: its family among the parts at hand, or `u32::MAX`.
    family: Vec<u32>,
    queue: Vec<u32>,
}

impl Families {
    fn new(nodes: usize) -> Self {
        Self { family: vec![u32::MAX; nodes], queue: Vec::new() }
    }

    /// The parts that a whole may take into its group. Parts that are related to each other
    /// form a family. One family: the parts are cuts of the whole. Several: the whole may be a
    /// round-up of stories that are strangers to each other. Only when the whole is itself
    /// reprinted is it taken for a piece of its own, cut here at the top and there at the
    /// bottom, and even then it leaves alone the families that have reprints of their own.
    fn own_parts(&mut self, graph: &Graph<'_>, whole: u32) -> Vec<u32> {
        let parts: Vec<u32> = graph.in_role(whole, Role::Part).collect();
        if parts.len() < 2 {
            return parts;
        }
        const UNKNOWN: u32 = u32::MAX - 1;
        for &part in &parts {
            self.family[part as usize] = UNKNOWN;
        }
        // By family: whether it has reprints among its own.
        let mut reprinted: Vec<bool> = Vec::new();
        for &part in &parts {
            if self.family[part as usize] != UNKNOWN {
                continue;
            }
            #[expect(clippy::cast_possible_truncation, reason = "fewer families than nodes")]
            let family = reprinted.len() as u32;
            let mut has_reprints = false;
            self.family[part as usize] = family;
            self.queue.push(part);
            while let Some(node) = self.queue.pop() {
                has_reprints |= graph.copies(node) > 1;
                for other in graph.neighbours(node) {
                    let known = self.family[other.node as usize];
                    has_reprints |= other.role == Role::Same && known != u32::MAX;
                    if known == UNKNOWN {
                        self.family[other.node as usize] = family;
                        self.queue.push(other.node);
                    }
                }
            }
            reprinted.push(has_reprints);
        }
        let one_family = reprinted.len() == 1;
        let whole_is_reprinted = graph.reprints(whole) > 0;
        let own = parts
            .iter()
            .copied()
            .filter(|&part| {
                let family = self.family[part as usize] as usize;
                one_family || (whole_is_reprinted && !reprinted[family])
            })
            .collect();
        for &part in &parts {
            self.family[part as usize] = u32::MAX;
        }
        own
    }
}

#[cfg(test)]
mod tests;
