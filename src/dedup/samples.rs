//! The samples of the distinct texts, in memory or not.

use std::borrow::Cow;
use std::mem;

use crate::lsh::containment::{Part, Samples, SharedSamples};
use crate::parallel;

use super::store::Store;
use super::texts::narrow;

/// The samples of the nodes.
#[derive(Debug)]
pub(super) enum NodeSamples<'c> {
    /// In the order of the nodes.
    InMemory(Samples),
    /// As they came in, some of them in a file.
    Stored {
        stored: &'c Store,
        /// Samples that were taken anew.
        again: Box<Store>,
        /// By node: a row of `stored`, or behind its end one of `again`.
        rows: Vec<u32>,
    },
}

/// A sample that may have been read from a file.
#[derive(Debug)]
pub(super) enum Sample<'s> {
    InMemory(&'s Samples, usize),
    Stored(Cow<'s, [u32]>),
}

impl Sample<'_> {
    /// Its numbers.
    pub(super) fn part(&self) -> Part<'_> {
        match self {
            Self::InMemory(samples, node) => samples.part(*node),
            Self::Stored(row) => Part::of_row(row),
        }
    }
}

impl<'c> NodeSamples<'c> {
    /// The samples of some articles, which are nodes in this order.
    pub(super) fn new(stored: &'c Store, articles: Vec<u32>) -> Self {
        if stored.spilled().0 == 0 {
            return Self::InMemory(Samples::gather(&articles, |article| {
                Part::of_row(stored.in_memory(article as usize).unwrap_or_default())
            }));
        }
        Self::Stored { stored, again: Box::new(stored.another()), rows: articles }
    }

    /// The number of nodes.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::InMemory(samples) => samples.len(),
            Self::Stored { rows, .. } => rows.len(),
        }
    }

    /// The sample of a node.
    pub(super) fn of(&self, node: u32) -> Sample<'_> {
        match self {
            Self::InMemory(samples) => Sample::InMemory(samples, node as usize),
            Self::Stored { stored, again, rows } => Sample::Stored(row(stored, again, rows, node)),
        }
    }

    /// Begins to load a sample that is needed soon, if it is in memory.
    pub(super) fn prefetch(&self, node: u32) {
        if let Self::InMemory(samples) = self {
            samples.prefetch(node);
        }
    }

    /// Takes other samples for some nodes, one for each in their order.
    pub(super) fn replace(&mut self, nodes: &[u32], samples: &Samples) {
        match self {
            Self::InMemory(all) => {
                let mut rows: Vec<u32> = (0..narrow(all.len())).collect();
                for (row, &node) in (narrow(all.len())..).zip(nodes) {
                    rows[node as usize] = row;
                }
                *all = mem::take(all).replaced(samples, &rows);
            }
            Self::Stored { stored, again, rows } => {
                for (index, &node) in nodes.iter().enumerate() {
                    rows[node as usize] = narrow(stored.len() + again.len());
                    samples.to_row(index, again.items());
                    again.end();
                }
            }
        }
    }

    /// The samples of the first nodes, at most so many.
    pub(super) fn first(&self, most: usize) -> Cow<'_, Samples> {
        match self {
            Self::InMemory(samples) if samples.len() <= most => Cow::Borrowed(samples),
            Self::InMemory(samples) => {
                let nodes: Vec<u32> = (0..narrow(most)).collect();
                Cow::Owned(Samples::gather(&nodes, |node| samples.part(node as usize)))
            }
            Self::Stored { stored, again, rows } => {
                let mut samples = Samples::default();
                for node in 0..narrow(rows.len().min(most)) {
                    samples.push(Part::of_row(&row(stored, again, rows, node)));
                }
                Cow::Owned(samples)
            }
        }
    }

    /// The shingles that nodes share.
    pub(super) fn shared(&self) -> SharedSamples {
        match self {
            Self::InMemory(samples) => SharedSamples::new(samples),
            Self::Stored { .. } => SharedSamples::of(self.total(), |each| {
                self.for_each(|node, part| each(node, part.hashes))
            }),
        }
    }

    /// By node, how many shingles its sample was taken from.
    pub(super) fn shingles(&self) -> Cow<'_, [u32]> {
        match self {
            Self::InMemory(samples) => Cow::Borrowed(samples.shingles()),
            Self::Stored { rows, .. } => {
                let mut shingles = vec![0; rows.len()];
                self.for_each(|node, part| shingles[node as usize] = part.shingles);
                Cow::Owned(shingles)
            }
        }
    }

    /// Which nodes have a sample of a certain kind, ascending.
    pub(super) fn which(&self, is_it: impl Fn(&[u32]) -> bool + Sync + Send) -> Vec<u32> {
        let mut nodes = Vec::new();
        match self {
            Self::InMemory(samples) => {
                let pieces = parallel::chunks(samples.len(), 4096);
                let found = parallel::map_with(
                    &pieces,
                    || (),
                    |(), piece| {
                        let nodes = piece.clone().filter(|&node| is_it(samples.hashes(node)));
                        nodes.map(narrow).collect::<Vec<u32>>()
                    },
                );
                nodes = found.concat();
            }
            Self::Stored { .. } => {
                self.for_each(|node, part| {
                    if is_it(part.hashes) {
                        nodes.push(node);
                    }
                });
                nodes.sort_unstable();
            }
        }
        nodes
    }

    /// How many sampled shingles there are, at most.
    fn total(&self) -> usize {
        match self {
            Self::InMemory(samples) => samples.total(),
            Self::Stored { stored, again, .. } => (stored.total() + again.total()) / 2,
        }
    }

    /// Gives all samples to `each`, in the order in which they are stored.
    fn for_each(&self, mut each: impl FnMut(u32, Part<'_>)) {
        let Self::Stored { stored, again, rows } = self else { return };
        let mut nodes = vec![u32::MAX; stored.len() + again.len()];
        for (node, &row) in (0..).zip(rows) {
            nodes[row as usize] = node;
        }
        let (first, second) = nodes.split_at(stored.len());
        for (store, nodes) in [(*stored, first), (&**again, second)] {
            store.for_each(|row, sample| {
                if nodes[row] != u32::MAX {
                    each(nodes[row], Part::of_row(sample));
                }
            });
        }
    }
}

fn row<'s>(stored: &'s Store, again: &'s Store, rows: &[u32], node: u32) -> Cow<'s, [u32]> {
    let row = rows[node as usize] as usize;
    match row.checked_sub(stored.len()) {
        None => stored.row(row),
        Some(row) => again.row(row),
    }
}
