//! The samples of the distinct texts, as they came in.

use std::borrow::Cow;
use std::ops::Range;

use crate::lsh::containment::{Part, Samples, SharedSamples};
use crate::parallel;

use super::near::Near;
use super::settings::Settings;
use super::store::{Buffer, Store};
use super::texts::{left_out, narrow};

/// The samples of the nodes. Passes over all of them go in the order in which they lie.
#[derive(Debug)]
pub(super) struct NodeSamples<'c> {
    stored: &'c Store,
    /// Samples that were taken anew.
    again: Store,
    /// By node: a row of `stored`, or behind its end one of `again`.
    rows: Vec<u32>,
}

/// Samples that are needed together.
#[derive(Debug, Default)]
pub(super) struct NearSamples {
    stored: Near,
    again: Near,
}

/// Samples in memory, by number.
#[derive(Debug)]
pub(super) struct Loaded<'s> {
    /// The numbers in the order in which they lie.
    pub(super) order: Vec<u32>,
    at: At<'s>,
}

#[derive(Debug)]
enum At<'s> {
    /// Where they are.
    Nodes(&'s NodeSamples<'s>),
    /// In the order of `order`, with the place of each number in it.
    Copied(Samples, Vec<u32>),
}

impl Loaded<'_> {
    /// A sample.
    pub(super) fn part(&self, number: u32) -> Part<'_> {
        match &self.at {
            At::Nodes(samples) => {
                let (store, row) = samples.place(number);
                Part::of_row(store.in_memory(row as usize).unwrap_or_default())
            }
            At::Copied(samples, places) => samples.part(places[number as usize] as usize),
        }
    }

    /// The shingles that they share.
    pub(super) fn shared(&self) -> SharedSamples {
        match &self.at {
            At::Nodes(samples) => samples.shared_of(self.order.len()),
            At::Copied(samples, _) => {
                let pieces = parallel::chunks(samples.len(), 4096);
                SharedSamples::of(&pieces, samples.total(), |piece, (), each| {
                    for place in piece.clone() {
                        each(self.order[place], samples.hashes(place));
                    }
                })
            }
        }
    }
}

impl<'c> NodeSamples<'c> {
    /// The samples of some articles, which are nodes in this order.
    pub(super) fn new(stored: &'c Store, articles: Vec<u32>) -> Self {
        Self { stored, again: stored.another(), rows: articles }
    }

    /// The number of nodes.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Where the sample of a node is.
    fn place(&self, node: u32) -> (&Store, u32) {
        let row = self.rows[node as usize];
        match row.checked_sub(narrow(self.stored.len())) {
            None => (self.stored, row),
            Some(row) => (&self.again, row),
        }
    }

    /// Reads the samples of some nodes.
    pub(super) fn load(&self, near: &mut NearSamples, nodes: impl Iterator<Item = u32> + Clone) {
        for (store, near) in [(self.stored, &mut near.stored), (&self.again, &mut near.again)] {
            let places = nodes.clone().map(|node| self.place(node));
            let rows = places.filter(|&(of, _)| std::ptr::eq(of, store)).map(|(_, row)| row);
            near.load(store, rows);
        }
    }

    /// The sample of a node, as a row.
    pub(super) fn of<'n>(&'n self, near: &'n NearSamples, node: u32) -> Cow<'n, [u32]> {
        let (store, row) = self.place(node);
        let is_stored = std::ptr::eq(store, self.stored);
        if is_stored { near.stored.row(store, row) } else { near.again.row(store, row) }
    }

    /// Begins to load a sample that is needed soon, if it is in memory.
    pub(super) fn prefetch(&self, node: u32) {
        let (store, row) = self.place(node);
        store.prefetch(row as usize);
    }

    /// Takes other samples for some nodes, one for each in their order.
    pub(super) fn replace(&mut self, nodes: &[u32], samples: &Samples) {
        for (index, &node) in nodes.iter().enumerate() {
            self.rows[node as usize] = narrow(self.stored.len() + self.again.len());
            samples.to_row(index, self.again.items());
            self.again.end();
        }
    }

    /// The samples of the first nodes, at most so many.
    pub(super) fn first(&self, most: usize) -> Loaded<'_> {
        let count = self.len().min(most);
        let mut order = self.nodes();
        order.retain(|&node| (node as usize) < count);
        if !self.stored.is_spilled() && !self.again.is_spilled() {
            return Loaded { order, at: At::Nodes(self) };
        }
        let pieces: Vec<&[u32]> = order.chunks(1024).collect();
        let parts = parallel::map_with(&pieces, NearSamples::default, |near, piece| {
            self.load(near, piece.iter().copied());
            let mut samples = Samples::default();
            piece.iter().for_each(|&node| samples.push(Part::of_row(&self.of(near, node))));
            samples
        });
        let mut samples = Samples::default();
        parts.into_iter().for_each(|part| samples.append(&part));
        let mut places = vec![0; count];
        (0..).zip(&order).for_each(|(place, &node)| places[node as usize] = place);
        Loaded { order, at: At::Copied(samples, places) }
    }

    /// The shingles that nodes share.
    pub(super) fn shared(&self) -> SharedSamples {
        self.shared_of(self.len())
    }

    /// The shingles that the first nodes share.
    fn shared_of(&self, first: usize) -> SharedSamples {
        let mut nodes = self.nodes();
        nodes.iter_mut().filter(|node| **node as usize >= first).for_each(|node| *node = u32::MAX);
        let pieces = self.pieces();
        let total = (self.stored.total() + self.again.total()) / 2;
        SharedSamples::of(&pieces, total, |piece, buffer, each| {
            self.for_each_of(piece, &nodes, buffer, |node, part| each(node, part.hashes));
        })
    }

    /// By node, how many shingles its sample was taken from.
    pub(super) fn shingles(&self) -> Vec<u32> {
        let mut shingles = vec![0; self.len()];
        let found = self.map(|node, part| Some((node, part.shingles)));
        found.into_iter().for_each(|(node, count)| shingles[node as usize] = count);
        shingles
    }

    /// Which nodes have a sample of a certain kind, in the order in which the samples lie: mostly
    /// that in which the texts came in.
    pub(super) fn which(&self, is_it: impl Fn(&[u32]) -> bool + Sync + Send) -> Vec<u32> {
        self.map(|node, part| is_it(part.hashes).then_some(node))
    }

    /// What is found in samples, in the order in which they lie.
    fn map<R: Send>(&self, map: impl Fn(u32, Part<'_>) -> Option<R> + Sync + Send) -> Vec<R> {
        let nodes = self.nodes();
        let found = parallel::map_with(&self.pieces(), Buffer::default, |buffer, piece| {
            let mut found = Vec::new();
            self.for_each_of(piece, &nodes, buffer, |node, part| found.extend(map(node, part)));
            found
        });
        found.into_iter().flatten().collect()
    }

    /// By row, the node whose sample it is, if it is one's still.
    fn nodes(&self) -> Vec<u32> {
        let mut nodes = vec![u32::MAX; self.stored.len() + self.again.len()];
        for (node, &row) in (0..).zip(&self.rows) {
            nodes[row as usize] = node;
        }
        nodes
    }

    /// The rows of both stores in pieces, each with whether it is of `again`.
    fn pieces(&self) -> Vec<(bool, Range<usize>)> {
        let stored = self.stored.pieces().into_iter().map(|piece| (false, piece));
        stored.chain(self.again.pieces().into_iter().map(|piece| (true, piece))).collect()
    }

    /// Gives the samples of one of the pieces to `each`, in the order in which they lie.
    fn for_each_of(
        &self,
        (is_again, piece): &(bool, Range<usize>),
        nodes: &[u32],
        buffer: &mut Buffer,
        mut each: impl FnMut(u32, Part<'_>),
    ) {
        let (first, second) = nodes.split_at(self.stored.len());
        let (store, nodes) = if *is_again { (&self.again, second) } else { (self.stored, first) };
        store.for_each_of(piece.clone(), buffer, |row, sample| {
            if nodes[row] != u32::MAX {
                each(nodes[row], Part::of_row(sample));
            }
        });
    }
}

/// Takes samples, in its own scratch space.
#[derive(Debug, Default)]
pub(super) struct Sampler {
    shingles: Vec<u64>,
    left_out: Vec<Range<u32>>,
}

impl Sampler {
    /// Adds the sample of a text, of which some tokens are left aside, if there is an index for it.
    pub(super) fn sample(
        &mut self,
        settings: &Settings,
        tokens: &[u32],
        aside: &[Range<u32>],
        out: &mut Samples,
    ) {
        let Some(containment) = &settings.containment else { return };
        self.shingles.clear();
        settings.sampled.append(tokens, &mut self.shingles);
        self.left_out.clear();
        self.left_out.extend(left_out(aside, settings.sampled.size(), self.shingles.len()));
        containment.sample(&self.shingles, &self.left_out, out);
    }

    /// Adds the sample of a text from an earlier one, since which more is left aside. Says whether
    /// it can.
    pub(super) fn thin(
        &mut self,
        settings: &Settings,
        sample: Part<'_>,
        aside: &[Range<u32>],
        out: &mut Samples,
    ) -> bool {
        let Some(containment) = &settings.containment else { return false };
        self.left_out.clear();
        let shingles = sample.length as usize;
        self.left_out.extend(left_out(aside, settings.sampled.size(), shingles));
        containment.thin(sample, &self.left_out, out)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::dedup::store::Scratch;

    /// Rows of samples with these names.
    fn store(samples: &[Vec<u32>], memory: Option<usize>) -> Store {
        let folder = std::env::temp_dir();
        let scratch = memory.map(|memory| Arc::new(Scratch::new(folder, memory)));
        let mut store = Store::new(scratch);
        for names in samples {
            let length = narrow(names.len());
            store.items().extend([length, length]);
            store.items().extend(names);
            store.items().extend(0..length);
            store.end();
        }
        store
    }

    /// The names of a sample.
    fn names(part: Part<'_>) -> Vec<u32> {
        part.hashes.to_vec()
    }

    proptest! {
        /// Samples are the same wherever they are, and so is what is found in them: of all nodes,
        /// or of the first ones.
        #[test]
        fn samples_are_found_wherever_they_are(
            // Names of few different values in their highest and lowest bits.
            articles in proptest::collection::vec(
                proptest::collection::vec((0u32..4, 0u32..9).prop_map(|(a, b)| a << 30 | b), 0..6),
                1..30,
            ),
            again in proptest::collection::btree_map(0u32..30, 0u32..9, 0..6),
            most in 0usize..30,
            memory in proptest::option::of(0usize..400),
        ) {
            let stored = store(&articles, memory);
            // The nodes are the articles the other way round.
            let last = narrow(articles.len()) - 1;
            let mut nodes = NodeSamples::new(&stored, (0..=last).rev().collect());
            let mut expected: Vec<Vec<u32>> = articles.iter().rev().cloned().collect();
            let changed: Vec<u32> = again.keys().copied().filter(|&node| node <= last).collect();
            let mut samples = Samples::default();
            for node in &changed {
                expected[*node as usize] = vec![again[node]];
                samples.push(Part::of_row(&[1, 1, again[node], 0]));
            }
            nodes.replace(&changed, &samples);
            let mut near = NearSamples::default();
            nodes.load(&mut near, 0..=last);
            for node in 0..=last {
                let found = nodes.of(&near, node);
                prop_assert_eq!(&names(Part::of_row(&found)), &expected[node as usize]);
            }
            let has_three = |names: &[u32]| names.contains(&3);
            let mut which = nodes.which(has_three);
            which.sort_unstable();
            let naive = (0..=last).filter(|&node| has_three(&expected[node as usize]));
            prop_assert_eq!(which, Vec::from_iter(naive));
            let first = nodes.first(most);
            let count = most.min(articles.len());
            prop_assert_eq!(first.order.len(), count);
            for node in 0..narrow(count) {
                prop_assert_eq!(&names(first.part(node)), &expected[node as usize]);
            }
            for (shared, count) in [(first.shared(), count), (nodes.shared(), articles.len())] {
                let mut found = Vec::new();
                for shingle in 0..shared.len() {
                    found.push((shared.hash(shingle), shared.articles(shingle).to_vec()));
                }
                let having = |name| {
                    let nodes = (0..).zip(&expected[..count]);
                    nodes.filter(|(_, names)| names.contains(&name)).map(|(node, _)| node).collect()
                };
                let all = (0u32..4).flat_map(|high| (0..9).map(move |low| high << 30 | low));
                let naive = all.map(|name| (name, having(name)));
                let naive = naive.filter(|(_, nodes): &(u32, Vec<u32>)| nodes.len() > 1);
                prop_assert_eq!(found, Vec::from_iter(naive));
            }
        }
    }
}
