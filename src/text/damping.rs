//! Repeats that count for less and less.

/// Counts are kept for so many kinds of token: more than the different words of nearly any article,
/// and little enough for the first-level cache.
const SLOTS: usize = 1 << 12;

/// Thins out the repeats of each token: of `n` it leaves about `1 + ⌊log₂ n⌋`, the weight that
/// document search gives to a word that stands there `n` times.
///
/// Made for the words of a [`SimHash`](crate::sketch::SimHash): with all repeats, the few commonest
/// words of a language outvote the others. A scratch space, to be reused from article to article.
///
/// "About", since tokens are told apart by the lower 12 bits of their hashes only: those that agree
/// in them are counted together, and fewer of them are left. Of 500 different tokens that befalls
/// one in nine, the same ones in each article that has them. Of one kind at most 16 are left.
#[derive(Clone, Debug)]
pub struct Damping {
    /// How often each kind came in this article.
    times: Box<[u16; SLOTS]>,
    left: Vec<u32>,
    /// A bit for each token of the article: whether one of its kind came before.
    seen: Vec<u64>,
}

impl Default for Damping {
    fn default() -> Self {
        Self { times: Box::new([0; SLOTS]), left: Vec::new(), seen: Vec::new() }
    }
}

impl Damping {
    /// The first, second, fourth, eighth token of each kind and so on, in text order. Tokens are of
    /// one kind when their hashes have the same lower 12 bits.
    ///
    /// # Cost
    ///
    /// About 1.5 ns a token, and the clearing of 8 KiB.
    pub fn damp(&mut self, tokens: &[u32]) -> &[u32] {
        self.left.resize(self.left.len().max(tokens.len()), 0);
        let (times, left) = (&mut *self.times, &mut self.left[..tokens.len()]);
        times.fill(0);
        self.seen.clear();
        let mut kept = 0;
        for tokens in tokens.chunks(64) {
            let mut seen = 0;
            for (i, &token) in tokens.iter().enumerate() {
                let times = &mut times[token as usize % SLOTS];
                seen |= u64::from(*times > 0) << i;
                *times = times.saturating_add(1);
                // No branch: nobody could guess it.
                left[kept] = token;
                kept += usize::from(times.is_power_of_two());
            }
            self.seen.push(seen);
        }
        &self.left[..kept]
    }

    /// The number of shingles of so many tokens, from 1 to 64, of the last article that may have
    /// come in it before: all that are made of such tokens. There are no other repeats.
    pub(crate) fn repeats(&self, shingle: usize) -> usize {
        let mut before = 0_u64;
        let windows = self.seen.iter().map(|&seen| {
            let mut ends = seen;
            (1..shingle).for_each(|back| ends &= seen << back | before >> (64 - back));
            before = seen;
            ends.count_ones() as usize
        });
        windows.sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// The definition, with the counts of as many kinds as there are.
    fn naive(tokens: &[u32]) -> Vec<u32> {
        let mut times = BTreeMap::new();
        let mut left = tokens.to_vec();
        left.retain(|token| {
            let times: &mut u32 = times.entry(token % 4096).or_default();
            *times += 1;
            times.is_power_of_two()
        });
        left
    }

    proptest! {
        #[test]
        fn a_kind_keeps_the_tokens_whose_counts_are_powers_of_two(
            articles in proptest::collection::vec(
                // Few kinds, several tokens of each.
                proptest::collection::vec((0_u32..9, 0_u32..3), 0..200),
                1..4,
            ),
        ) {
            let mut damping = Damping::default();
            for article in articles {
                let tokens: Vec<u32> = article.iter().map(|(kind, more)| kind + (more << 12)).collect();
                let left = damping.damp(&tokens);
                prop_assert_eq!(left, naive(&tokens));
                let mut times = BTreeMap::<u32, usize>::new();
                article.iter().for_each(|&(kind, _)| *times.entry(kind).or_default() += 1);
                for (kind, times) in times {
                    let left = left.iter().filter(|&token| token % 4096 == kind).count();
                    prop_assert_eq!(left, 1 + times.ilog2() as usize);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn repeats_are_shingles_of_tokens_that_came_before(
            tokens in proptest::collection::vec(0_u32..60, 0..300),
            shingle in 1_usize..65,
        ) {
            let came = |at: usize| tokens[..at].contains(&tokens[at]);
            let ends = (0..tokens.len()).filter(|&end| end + 1 >= shingle);
            let expected = ends.filter(|&end| (end + 1 - shingle..=end).all(came)).count();
            let mut damping = Damping::default();
            damping.damp(&tokens);
            prop_assert_eq!(damping.repeats(shingle), expected);
        }
    }

    #[test]
    fn counts_end_at_sixteen_left() {
        let mut damping = Damping::default();
        assert_eq!(damping.damp(&[7; 200_000]), [7; 16]);
        assert_eq!(damping.damp(&[7; 3]), [7; 2]);
    }
}
