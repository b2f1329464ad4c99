//! The incremental form of the containment index.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use super::{Containment, Shared};

/// The incremental form: articles come and go, and each can be asked for its candidates.
#[derive(Clone, Debug, Default)]
pub struct ContainmentIndex {
    settings: Containment,
    /// The articles of each sampled shingle, in the order of insertion.
    postings: HashMap<u32, Posting, BuildHasherDefault<Fibonacci>>,
    /// The lists of shingles that stand in more than one article.
    lists: Vec<Vec<u32>>,
    /// By article: its number of shingles.
    shingles: Vec<u32>,
}

/// The articles of one shingle: most have just one, which needs no list.
#[derive(Clone, Copy, Debug)]
enum Posting {
    One(u32),
    List(u32),
}

impl ContainmentIndex {
    /// An empty index.
    pub fn new(settings: Containment) -> Self {
        Self { settings, ..Self::default() }
    }

    /// Adds an article with its shingles and those left out, as for [`Containment::sample`].
    /// Numbers of articles should be dense, since a table of them is kept. Cost: a look-up for
    /// each sampled shingle.
    ///
    /// # Panics
    /// As [`Containment::sample`].
    pub fn insert(&mut self, article: u32, shingles: &[u64], left_out: &[Range<u32>]) {
        let index = article as usize;
        if self.shingles.len() <= index {
            self.shingles.resize(index + 1, 0);
        }
        let (count, sample) = self.settings.names(shingles, left_out);
        self.shingles[index] = count;
        for hash in sample {
            match self.postings.entry(hash) {
                Entry::Vacant(vacant) => {
                    vacant.insert(Posting::One(article));
                }
                Entry::Occupied(mut occupied) => match *occupied.get() {
                    Posting::List(list) => self.lists[list as usize].push(article),
                    Posting::One(first) => {
                        let list = u32::try_from(self.lists.len())
                            .unwrap_or_else(|_| panic!("too many shingles for one index"));
                        self.lists.push(vec![first, article]);
                        occupied.insert(Posting::List(list));
                    }
                },
            }
        }
    }

    /// The candidates for an article with these shingles among those inserted, ascending. It
    /// meets the inserted ones as an article of the batch form meets the earlier ones.
    ///
    /// # Panics
    /// As [`Containment::sample`].
    pub fn candidates(&self, shingles: &[u64], left_out: &[Range<u32>]) -> Vec<u32> {
        let (count, sample) = self.settings.names(shingles, left_out);
        let mut met = Vec::new();
        for hash in sample {
            let one;
            let articles: &[u32] = match self.postings.get(&hash) {
                None => continue,
                Some(Posting::List(list)) => &self.lists[*list as usize],
                Some(Posting::One(article)) => {
                    one = [*article];
                    &one
                }
            };
            let weight = Containment::weight(articles.len());
            let others = self.settings.meets(articles).into_iter().flatten();
            met.extend(others.map(|&other| (other, weight)));
        }
        met.sort_unstable();
        met.chunk_by(|a, b| a.0 == b.0)
            .filter(|run| {
                let sizes = (count as usize, self.shingles[run[0].0 as usize] as usize);
                let mut shared = Shared::default();
                run.iter().for_each(|&(_, weight)| shared.add(weight));
                self.settings.is_enough(sizes.0, sizes.1, shared)
            })
            .map(|run| run[0].0)
            .collect()
    }

    /// Takes an article out again. The shingles are those it was inserted with. An article that
    /// is not there is left alone.
    ///
    /// # Panics
    /// As [`Containment::sample`].
    pub fn remove(&mut self, article: u32, shingles: &[u64], left_out: &[Range<u32>]) {
        for hash in self.settings.names(shingles, left_out).1 {
            match self.postings.get(&hash) {
                Some(&Posting::One(only)) if only == article => {
                    self.postings.remove(&hash);
                }
                Some(&Posting::List(list)) => {
                    self.lists[list as usize].retain(|&other| other != article);
                }
                _ => {}
            }
        }
    }
}

/// Spreads sampled hashes over a hash table. They are well mixed as they are; the multiplication
/// moves them to the upper bits, where the table looks.
#[derive(Clone, Copy, Debug, Default)]
struct Fibonacci(u64);

impl Hasher for Fibonacci {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u32(u32::from(byte)));
    }

    fn write_u32(&mut self, value: u32) {
        self.0 = (self.0 ^ u64::from(value)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}
