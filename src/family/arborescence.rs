//! Minimum spanning arborescences: of all the ways to give each node one parent, without cycles,
//! the one with the least weight.
//!
//! J. Edmonds, "Optimum branchings" (1967), in the form of R. E. Tarjan, "Finding optimum
//! branchings" (1977): from a node on, the lightest edges are followed backwards. A cycle is
//! contracted to one node whose entering edges cost what they cost more than the edge of the cycle
//! they replace. Entering edges are kept in leftist heaps, to which a weight is added lazily.
//! O(edges · log nodes).

use std::mem;

/// Weights are compared, added and subtracted part by part, the first part first.
pub(super) type Weight = [i64; 3];

/// An edge from a possible parent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) weight: Weight,
}

/// The parent of each node but the first, which is the root, in a minimum spanning arborescence.
/// There must be an edge from the root to every node, or a path.
pub(super) fn minimum(nodes: usize, edges: &[Edge]) -> Vec<u32> {
    let mut heaps = Heaps::new(nodes, edges);
    // Contracted cycles are nodes too, numbered on.
    let mut owner: Vec<u32> = (0..=last(nodes)).collect();
    let mut contracted_to: Vec<Option<u32>> = vec![None; nodes];
    let mut chosen: Vec<Option<u32>> = vec![None; nodes];
    let mut state = vec![State::New; nodes];
    state[0] = State::Done;
    let mut path: Vec<u32> = Vec::new();
    for start in 1..=last(nodes) {
        let mut node = find(&mut owner, start);
        if state[node as usize] == State::Done {
            continue;
        }
        loop {
            path.push(node);
            state[node as usize] = State::OnPath;
            let edge = loop {
                let edge = heaps.pop(node).unwrap_or_else(|| unreachable!("every node is reached"));
                if find(&mut owner, edges[edge as usize].from) != node {
                    break edge;
                }
            };
            chosen[node as usize] = Some(edge);
            let before = find(&mut owner, edges[edge as usize].from);
            match state[before as usize] {
                State::Done => break,
                State::New => node = before,
                State::OnPath => {
                    let cycle = last(chosen.len() + 1);
                    owner.push(cycle);
                    contracted_to.push(None);
                    chosen.push(None);
                    state.push(State::New);
                    heaps.tops.push(NONE);
                    while let Some(part) = path.pop() {
                        owner[part as usize] = cycle;
                        contracted_to[part as usize] = Some(cycle);
                        heaps.unite(cycle, part);
                        if part == before {
                            break;
                        }
                    }
                    node = cycle;
                }
            }
        }
        for node in path.drain(..) {
            state[node as usize] = State::Done;
        }
    }
    // An edge that enters a cycle enters one of its parts, which gives up its own.
    let mut parents = vec![0; nodes];
    let mut is_entered = vec![false; chosen.len()];
    for node in (0..chosen.len()).rev() {
        let Some(edge) = chosen[node].filter(|_| !is_entered[node]) else { continue };
        let Edge { from, to, .. } = edges[edge as usize];
        parents[to as usize] = from;
        let mut part = to as usize;
        while part != node {
            is_entered[part] = true;
            part = contracted_to[part].map_or(node, |cycle| cycle as usize);
        }
    }
    parents.split_off(1)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    New,
    OnPath,
    Done,
}

/// The node that a node has been contracted to, halving the path on the way.
fn find(owner: &mut [u32], mut node: u32) -> u32 {
    while owner[node as usize] != node {
        owner[node as usize] = owner[owner[node as usize] as usize];
        node = owner[node as usize];
    }
    node
}

/// The last of so many numbers.
fn last(count: usize) -> u32 {
    u32::try_from(count.saturating_sub(1)).unwrap_or(NONE)
}

const NONE: u32 = u32::MAX;

/// A leftist heap of entering edges for each node. An entry has the number of its edge.
struct Heaps {
    /// By node, the lightest entry.
    tops: Vec<u32>,
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    weight: Weight,
    /// To be added to all below.
    pending: Weight,
    left: u32,
    right: u32,
    /// The length of the way to the right.
    rank: u32,
}

impl Heaps {
    fn new(nodes: usize, edges: &[Edge]) -> Self {
        let entry = |edge: &Edge| Entry {
            weight: edge.weight,
            pending: [0; 3],
            left: NONE,
            right: NONE,
            rank: 1,
        };
        let entries = edges.iter().map(entry).collect();
        let mut heaps = Self { tops: vec![NONE; nodes], entries };
        for (number, edge) in (0..).zip(edges) {
            let to = edge.to as usize;
            heaps.tops[to] = heaps.merge(heaps.tops[to], number);
        }
        heaps
    }

    /// Takes the lightest edge of a node; the others cost less by its weight from then on.
    fn pop(&mut self, node: u32) -> Option<u32> {
        let top = self.tops[node as usize];
        if top == NONE {
            return None;
        }
        let less = self.entries[top as usize].weight.map(|part| -part);
        self.push_down(top);
        let Entry { left, right, .. } = self.entries[top as usize];
        let rest = self.merge(left, right);
        self.add(rest, less);
        self.tops[node as usize] = rest;
        Some(top)
    }

    /// Moves all edges of one node to another.
    fn unite(&mut self, into: u32, node: u32) {
        let moved = mem::replace(&mut self.tops[node as usize], NONE);
        self.tops[into as usize] = self.merge(self.tops[into as usize], moved);
    }

    fn add(&mut self, top: u32, weight: Weight) {
        if let Some(entry) = self.entries.get_mut(top as usize) {
            for (at, part) in weight.into_iter().enumerate() {
                entry.weight[at] += part;
                entry.pending[at] += part;
            }
        }
    }

    fn push_down(&mut self, top: u32) {
        let entry = &mut self.entries[top as usize];
        let pending = mem::take(&mut entry.pending);
        let (left, right) = (entry.left, entry.right);
        self.add(left, pending);
        self.add(right, pending);
    }

    /// Merges two heaps. As deep as the ways to the right are long, which is logarithmic.
    fn merge(&mut self, a: u32, b: u32) -> u32 {
        if a == NONE || b == NONE {
            return a.min(b);
        }
        let key = |number: u32| (self.entries[number as usize].weight, number);
        let (top, other) = if key(a) <= key(b) { (a, b) } else { (b, a) };
        self.push_down(top);
        let right = self.merge(self.entries[top as usize].right, other);
        let rank = |number: u32| self.entries.get(number as usize).map_or(0, |entry| entry.rank);
        let left = self.entries[top as usize].left;
        let (left, right) = if rank(left) >= rank(right) { (left, right) } else { (right, left) };
        let rank = rank(right) + 1;
        let entry = &mut self.entries[top as usize];
        (entry.left, entry.right, entry.rank) = (left, right, rank);
        top
    }
}
