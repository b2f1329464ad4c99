//! The votes of SimHash, counted for all bits at once: bit `i` of the words of a number is a digit
//! of the count of bit `i`.

use super::Level;

/// Votes that are added at once, each in a lane of its own.
const LANES: usize = 4;

/// Votes that are added up before the sum is carried on.
const BLOCK: usize = 8 * LANES;

/// Binary digits of a count, those of the sum over the lanes included.
const DIGITS: usize = 40;

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
    let mut counters = [Counter::EMPTY; N];
    let mut smallest = [u64::MAX; LANES];
    let (blocks, rest) = voters.as_chunks::<BLOCK>();
    let mut votes = [[0; BLOCK]; N];
    for block in blocks {
        for (i, &voter) in block.iter().enumerate() {
            let vote = vote(voter);
            (0..N).for_each(|word| votes[word][i] = vote[word]);
        }
        for voters in block.as_chunks::<LANES>().0 {
            (0..LANES).for_each(|lane| smallest[lane] = smallest[lane].min(voters[lane]));
        }
        (0..N).for_each(|word| counters[word].add(&votes[word]));
    }
    let mut smallest = smallest.into_iter().fold(u64::MAX, u64::min);
    if !rest.is_empty() {
        votes = [[0; BLOCK]; N];
        for (i, &voter) in rest.iter().enumerate() {
            let vote = vote(voter);
            (0..N).for_each(|word| votes[word][i] = vote[word]);
            smallest = smallest.min(voter);
        }
        (0..N).for_each(|word| counters[word].add(&votes[word]));
    }
    let mut poll = Poll { more: [0; N], tied: [0; N], smallest };
    for (word, counter) in counters.iter_mut().enumerate() {
        (poll.more[word], poll.tied[word]) = counter.majority(voters.len());
    }
    poll
}

/// The count of the votes on 64 bits, lane by lane.
#[derive(Clone, Copy)]
struct Counter {
    /// The digits, for 1, 2, 4 and so on.
    digits: [[u64; LANES]; DIGITS],
    blocks: usize,
}

impl Counter {
    const EMPTY: Self = Self { digits: [[0; LANES]; DIGITS], blocks: 0 };

    /// The number of digits that the count of a lane can have.
    #[inline(always)]
    fn used(&self) -> usize {
        3 + (usize::BITS - self.blocks.leading_zeros()) as usize
    }

    /// Adds a block of votes by a tree of adders (Harley and Seal), of which one vote in eight
    /// goes on to the higher digits.
    #[inline(always)]
    fn add(&mut self, votes: &[u64; BLOCK]) {
        let mut carry = [0; LANES];
        for (lane, carry) in carry.iter_mut().enumerate() {
            let vote = |i: usize| votes[i * LANES + lane];
            let (ones, twos, fours) =
                (self.digits[0][lane], self.digits[1][lane], self.digits[2][lane]);
            let (ones, a) = sum(ones, vote(0), vote(1));
            let (ones, b) = sum(ones, vote(2), vote(3));
            let (ones, c) = sum(ones, vote(4), vote(5));
            let (ones, d) = sum(ones, vote(6), vote(7));
            let (twos, e) = sum(twos, a, b);
            let (twos, f) = sum(twos, c, d);
            let (fours, g) = sum(fours, e, f);
            (self.digits[0][lane], self.digits[1][lane], self.digits[2][lane]) =
                (ones, twos, fours);
            *carry = g;
        }
        self.blocks += 1;
        let used = self.used();
        for digit in &mut self.digits[3..used] {
            for (digit, carry) in digit.iter_mut().zip(&mut carry) {
                (*digit, *carry) = (*digit ^ *carry, *digit & *carry);
            }
        }
    }

    /// The bits with more than half of so many votes, and those with half of them.
    #[inline(always)]
    fn majority(&mut self, votes: usize) -> (u64, u64) {
        let mut used = self.used();
        let mut lanes = LANES;
        while lanes > 1 {
            lanes /= 2;
            let mut carry = [0; LANES];
            for digit in &mut self.digits[..used] {
                for lane in 0..lanes {
                    (digit[lane], carry[lane]) = sum(digit[lane], digit[lane + lanes], carry[lane]);
                }
            }
            self.digits[used] = carry;
            used += 1;
        }
        let half = votes / 2;
        let (mut more, mut equal) = (0, u64::MAX);
        for (place, digit) in self.digits[..used].iter().enumerate().rev() {
            let of_half = if half >> place & 1 == 1 { u64::MAX } else { 0 };
            more |= equal & digit[0] & !of_half;
            equal &= !(digit[0] ^ of_half);
        }
        (more, if votes.is_multiple_of(2) { equal } else { 0 })
    }
}

/// The sum of three digits, and the carry.
#[inline(always)]
fn sum(a: u64, b: u64, c: u64) -> (u64, u64) {
    (a ^ b ^ c, (a & b) | ((a ^ b) & c))
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
