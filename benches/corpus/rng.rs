//! The random numbers of the generator: splitmix64, the same on every machine.

use std::ops::RangeInclusive;

/// A small, fast generator of random numbers whose whole state is one integer.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// A generator for one purpose: `seed` names the corpus, `number` the item, `purpose` what the
    /// numbers are for, so that items can be made in any order and made again.
    pub fn new(seed: u64, number: u64, purpose: u64) -> Self {
        let mut rng = Self(seed);
        rng.0 = rng.next() ^ number.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        rng.0 = rng.next() ^ purpose.wrapping_mul(0xA076_1D64_78BD_642F);
        rng
    }

    /// The next 64 random bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number below `bound`; 0 when the bound is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// A whole number in the range.
    pub fn within(&mut self, range: RangeInclusive<usize>) -> usize {
        range.start() + self.below(range.end() - range.start() + 1)
    }

    /// A number from 0 up to, but never reaching, 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number between the ends of the range.
    pub fn between(&mut self, range: &RangeInclusive<f64>) -> f64 {
        range.start() + self.unit() * (range.end() - range.start())
    }

    /// True with the given probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One element of a list, which must not be empty.
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// How many places to pass over before the next hit when a share of all places, `rate`, is hit.
    /// Uniform rather than geometric: it needs no logarithm, so no platform differs.
    pub fn gap(&mut self, rate: f64) -> usize {
        (self.unit() * (2.0 / rate - 1.0)) as usize
    }
}
