//! The votes of SimHash, counted for all bits at once: bit `i` of the words of a number is a digit
//! of the count of bit `i`.

use super::Level;

/// Votes that are added at once, each in a lane of its own.
const LANES: usize = 8;

/// Votes that are added up before the sum is carried on.
const BLOCK: usize = 8 * LANES;

/// Binary digits of a count of blocks.
const DIGITS: usize = 32;

/// What came out of a poll of `N` words of bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Poll<const N: usize> {
    /// The bits that more than half of the votes are for.
    pub(crate) more: [u64; N],
    /// The bits that exactly half of the votes are for.
    pub(crate) tied: [u64; N],
    /// The smallest of the voters.
    pub(crate) smallest: u64,
}

/// Counts how `voters` (less than 2³⁸) vote, bit by bit.
pub(crate) fn poll<const N: usize>(
    level: Level,
    voters: &[u64],
    vote: impl Fn(u64) -> [u64; N],
) -> Poll<N> {
    match level {
        // SAFETY: a processor of this level has these.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { avx512(voters, vote) },
        // SAFETY: a processor of this level has it.
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => unsafe { avx2(voters, vote) },
        _ => count(voters, vote),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
fn avx512<const N: usize>(voters: &[u64], vote: impl Fn(u64) -> [u64; N]) -> Poll<N> {
    count(voters, vote)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn avx2<const N: usize>(voters: &[u64], vote: impl Fn(u64) -> [u64; N]) -> Poll<N> {
    count(voters, vote)
}

#[inline(always)]
fn count<const N: usize>(voters: &[u64], vote: impl Fn(u64) -> [u64; N]) -> Poll<N> {
    let mut counters = [Counter::default(); N];
    let mut smallest = [u64::MAX; LANES];
    let (blocks, rest) = voters.as_chunks::<BLOCK>();
    let mut votes = [[0; BLOCK]; N];
    for block in blocks {
        for (i, &voter) in block.iter().enumerate() {
            let vote = vote(voter);
            (0..N).for_each(|word| votes[word][i] = vote[word]);
            smallest[i % LANES] = smallest[i % LANES].min(voter);
        }
        (0..N).for_each(|word| counters[word].add(&votes[word]));
    }
    if !rest.is_empty() {
        votes = [[0; BLOCK]; N];
        for (i, &voter) in rest.iter().enumerate() {
            let vote = vote(voter);
            (0..N).for_each(|word| votes[word][i] = vote[word]);
            smallest[i % LANES] = smallest[i % LANES].min(voter);
        }
        (0..N).for_each(|word| counters[word].add(&votes[word]));
    }
    let mut poll = Poll {
        more: [0; N],
        tied: [0; N],
        smallest: smallest.into_iter().fold(u64::MAX, u64::min),
    };
    for word in 0..N {
        (poll.more[word], poll.tied[word]) = counters[word].majority(voters.len());
    }
    poll
}

/// The count of the votes on 64 bits, lane by lane.
#[derive(Clone, Copy)]
struct Counter {
    /// The digits for 1, 2 and 4.
    low: [[u64; LANES]; 3],
    /// The digits from 8 on, of which `used` are in use.
    high: [[u64; LANES]; DIGITS],
    used: usize,
    blocks: usize,
}

impl Default for Counter {
    fn default() -> Self {
        Self { low: [[0; LANES]; 3], high: [[0; LANES]; DIGITS], used: 0, blocks: 0 }
    }
}

impl Counter {
    /// Adds a block of votes by a tree of adders (Harley and Seal), of which one vote in eight
    /// goes on to the higher digits.
    #[inline(always)]
    fn add(&mut self, votes: &[u64; BLOCK]) {
        let (votes, _) = votes.as_chunks::<LANES>();
        let [ones, twos, fours] = &mut self.low;
        let mut four = [[0; LANES]; 2];
        for (four, votes) in four.iter_mut().zip(votes.chunks_exact(4)) {
            let first = add(ones, &votes[0], &votes[1]);
            let second = add(ones, &votes[2], &votes[3]);
            *four = add(twos, &first, &second);
        }
        let mut carry = add(fours, &four[0], &four[1]);
        self.blocks += 1;
        self.used = (usize::BITS - self.blocks.leading_zeros()) as usize;
        for digit in &mut self.high[..self.used] {
            for (digit, carry) in digit.iter_mut().zip(&mut carry) {
                (*digit, *carry) = (*digit ^ *carry, *digit & *carry);
            }
        }
    }

    /// The bits with more than half of so many votes, and those with half of them.
    #[inline(always)]
    fn majority(&self, votes: usize) -> (u64, u64) {
        // The digits of the sum over the lanes, which are log₂ lanes more, from the highest on.
        let mut digits = [0; 3 + DIGITS + 3];
        let used = 3 + self.used;
        let own = self.low.iter().chain(&self.high[..self.used]);
        let mut sums = [[0; LANES]; 3 + DIGITS + 3];
        sums[..used].iter_mut().zip(own).for_each(|(sum, own)| *sum = *own);
        let (mut lanes, mut used) = (LANES, used);
        while lanes > 1 {
            lanes /= 2;
            let mut carry = [0; LANES];
            for sum in &mut sums[..used] {
                for lane in 0..lanes {
                    let (a, b, c) = (sum[lane], sum[lane + lanes], carry[lane]);
                    sum[lane] = a ^ b ^ c;
                    carry[lane] = (a & b) | ((a ^ b) & c);
                }
            }
            sums[used] = carry;
            used += 1;
        }
        digits.iter_mut().zip(&sums).for_each(|(digit, sum)| *digit = sum[0]);
        let half = votes / 2;
        let (mut more, mut equal) = (0, u64::MAX);
        for place in (0..used).rev() {
            let (digit, of_half) = (digits[place], 0_u64.wrapping_sub((half >> place & 1) as u64));
            more |= equal & digit & !of_half;
            equal &= !(digit ^ of_half);
        }
        (more, if votes % 2 == 0 { equal } else { 0 })
    }
}

/// Adds two numbers of one digit each to a third one, and returns the carries.
#[inline(always)]
fn add(sum: &mut [u64; LANES], a: &[u64; LANES], b: &[u64; LANES]) -> [u64; LANES] {
    let mut carry = [0; LANES];
    for lane in 0..LANES {
        let (s, a, b) = (sum[lane], a[lane], b[lane]);
        sum[lane] = s ^ a ^ b;
        carry[lane] = (a & b) | ((a ^ b) & s);
    }
    carry
}

#[cfg(test)]
mod tests {
    use super::super::levels;
    use super::*;
    use proptest::prelude::*;

    fn naive(voters: &[[u64; 2]]) -> Poll<2> {
        let mut poll = Poll { more: [0; 2], tied: [0; 2], smallest: u64::MAX };
        poll.smallest = voters.iter().map(|voter| voter[0]).min().unwrap_or(u64::MAX);
        for bit in 0..128 {
            let votes = voters.iter().filter(|voter| voter[bit / 64] >> (bit % 64) & 1 == 1);
            let votes = votes.count();
            poll.more[bit / 64] |= u64::from(2 * votes > voters.len()) << (bit % 64);
            poll.tied[bit / 64] |= u64::from(2 * votes == voters.len()) << (bit % 64);
        }
        poll
    }

    proptest! {
        #[test]
        fn all_levels_count_alike(
            voters in proptest::collection::vec(any::<u64>(), 0..1000),
            bits: u64,
        ) {
            // Some bits have the votes of all, others of none.
            let voters: Vec<u64> = voters.iter().map(|voter| voter | bits).collect();
            let vote = |voter: u64| [voter, voter.rotate_left(7) ^ bits];
            let expected = naive(&voters.iter().map(|&voter| vote(voter)).collect::<Vec<_>>());
            for level in levels() {
                prop_assert_eq!(poll(level, &voters, vote), expected, "{:?}", level);
            }
        }
    }
}
