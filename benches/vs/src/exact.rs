//! All pairs at a Jaccard index, exactly: what the contestants estimate.

use rayon::prelude::*;
use reprint::align::ShingleSet;
use reprint::text::{Shingler, hash_tokens};

/// The shingle sets of all articles, as sorted lists.
#[derive(Default)]
pub struct Sets {
    sets: Vec<Vec<u64>>,
}

/// Counters for how often shingles occur. They may share one: any fixed order is right.
const COUNTERS: usize = 1 << 24;

impl Sets {
    /// Takes in the next article.
    pub fn push(&mut self, text: &str) {
        let mut tokens = Vec::new();
        hash_tokens(text, &mut tokens);
        let shingler = Shingler::new(5).expect("a valid size");
        let mut set: Vec<u64> = shingler.shingles(&tokens).collect();
        set.sort_unstable();
        set.dedup();
        self.sets.push(set);
    }

    /// The pairs of articles whose Jaccard index is `threshold` or more, in ascending order.
    ///
    /// Two such sets share one of the rarest shingles of each: all but t of its shingles and one
    /// more (prefix filtering: Chaudhuri, Ganti & Kaushik 2006). Those are looked up in an inverted
    /// index, and what they propose is verified.
    pub fn pairs(&self, threshold: f64) -> Vec<(u32, u32)> {
        let counter = |shingle: u64| shingle as usize % COUNTERS;
        let mut counts = vec![0u32; COUNTERS];
        for &shingle in self.sets.iter().flatten() {
            counts[counter(shingle)] += 1;
        }
        let mut postings: Vec<(u64, u32)> = self
            .sets
            .par_iter()
            .enumerate()
            .flat_map_iter(|(article, set)| {
                let mut rarest = set.clone();
                rarest.sort_unstable_by_key(|&shingle| (counts[counter(shingle)], shingle));
                let needed = (threshold * set.len() as f64 - 1e-6).ceil() as usize;
                rarest.truncate((set.len() + 1).saturating_sub(needed.max(1)));
                rarest.into_iter().map(move |shingle| (shingle, article as u32))
            })
            .collect();
        postings.par_sort_unstable();
        let mut candidates = Vec::new();
        for run in postings.chunk_by(|x, y| x.0 == y.0) {
            for (place, &(_, b)) in run.iter().enumerate() {
                candidates.extend(run[..place].iter().map(|&(_, a)| (a, b)));
            }
        }
        candidates.par_sort_unstable();
        candidates.dedup();
        let set = |article: u32| &self.sets[article as usize];
        let mut first = ShingleSet::default();
        candidates.retain(|&(a, b)| {
            first.read(set(a));
            first.jaccard_at_least(set(b), threshold).is_some()
        });
        candidates
    }
}

#[cfg(test)]
mod tests {
    use super::Sets;
    use reprint::align::overlap;

    #[test]
    fn pairs_are_those_of_comparing_all() {
        let words: Vec<String> =
            (0..60).map(|number| format!("w{}", number * number % 41)).collect();
        let mut sets = Sets::default();
        for article in 0..60 {
            let mut text = words[article % 7..30 + article % 23].to_vec();
            text[article % 5 * 3] = format!("other{}", article % 3);
            sets.push(&text.join(" "));
            if article % 9 == 0 {
                sets.push(&text.join(", "));
            }
        }
        for threshold in [0.3, 0.5, 0.7, 1.0] {
            let mut expected = Vec::new();
            for b in 0..sets.sets.len() {
                for a in 0..b {
                    if overlap(&sets.sets[a], &sets.sets[b]).jaccard() >= threshold {
                        expected.push((a as u32, b as u32));
                    }
                }
            }
            expected.sort_unstable();
            assert!(!expected.is_empty());
            assert_eq!(sets.pairs(threshold), expected, "{threshold}");
        }
    }
}
