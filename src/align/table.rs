//! Where each short shingle of one article stands: built once, asked by all its partners.

use super::bits::Bits;

/// "No position", "no run".
pub(super) const NONE: u32 = u32::MAX;

/// An open-addressing table from a shingle (some consecutive tokens, compared token by token) to
/// its positions, which are linked in ascending order. A shingle goes by the name of its first
/// position.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// The name of the shingle in each slot, or [`NONE`]. At least four slots a position, so that
    /// a shingle that is not there mostly meets a free one.
    slots: Vec<u32>,
    /// The name of the shingle at each position.
    names: Vec<u32>,
    /// The next position of the same shingle, by position.
    next: Vec<u32>,
    /// By name: how often the shingle stands in the article, and its last position so far.
    counts: Vec<u32>,
    lasts: Vec<u32>,
    /// The positions of shingles that stand more than once.
    repeated: Bits,
    width: usize,
    shift: u32,
}

impl Table {
    /// Indexes all shingles of `width` tokens of an article.
    pub(super) fn build(&mut self, tokens: &[u32], width: usize) {
        let positions = (tokens.len() + 1).saturating_sub(width);
        let capacity = (4 * positions).next_power_of_two().max(8);
        self.width = width;
        self.shift = 64 - capacity.trailing_zeros();
        for (items, len) in [
            (&mut self.slots, capacity),
            (&mut self.names, positions),
            (&mut self.next, positions),
            (&mut self.counts, positions),
            (&mut self.lasts, positions),
        ] {
            items.clear();
            items.resize(len, NONE);
        }
        self.repeated.reset(positions);
        for position in 0..positions {
            let slot = self.probe(tokens, &tokens[position..position + width]);
            // Positions fit: an article has fewer than 2^32 tokens, see `Aligner::prepare`.
            let here = u32::try_from(position).unwrap_or(NONE);
            let name = self.slots[slot];
            if name == NONE {
                self.slots[slot] = here;
                self.names[position] = here;
                self.counts[position] = 1;
                self.lasts[position] = here;
            } else {
                let name_index = name as usize;
                self.repeated.mark(name_index..name_index + 1);
                self.repeated.mark(position..position + 1);
                self.names[position] = name;
                self.counts[name_index] += 1;
                self.next[self.lasts[name_index] as usize] = here;
                self.lasts[name_index] = here;
            }
        }
    }

    /// The slot that holds a shingle, or the free slot where it would go.
    fn probe(&self, tokens: &[u32], shingle: &[u32]) -> usize {
        // The products do not wait for each other.
        let mut factor = 0x9e37_79b9_7f4a_7c15u64;
        let mut hash = 0u64;
        for &token in shingle {
            hash = hash.wrapping_add(u64::from(token).wrapping_mul(factor));
            factor = factor.rotate_left(23) ^ 0x5851_f42d_4c95_7f2d;
        }
        let mask = self.slots.len() - 1;
        // The upper bits are the well-mixed ones.
        #[expect(clippy::cast_possible_truncation, reason = "the mask keeps what fits")]
        let mut slot = (hash >> self.shift) as usize & mask;
        loop {
            let name = self.slots[slot];
            if name == NONE {
                return slot;
            }
            // Not as slices: that would call a function for the sake of three tokens.
            let mut both = tokens[name as usize..].iter().zip(shingle);
            if both.all(|(a, b)| a == b) {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
    }

    /// The name of a shingle of another article, or [`NONE`] if this one does not have it.
    pub(super) fn find(&self, tokens: &[u32], shingle: &[u32]) -> u32 {
        self.slots[self.probe(tokens, shingle)]
    }

    /// The name of the shingle at each position of the article.
    pub(super) fn names(&self) -> &[u32] {
        &self.names
    }

    /// By name: how often the shingle stands in the article. [`NONE`] where no shingle has its
    /// first position.
    pub(super) fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// The positions of shingles that stand more than once in the article.
    pub(super) fn repeated(&self) -> &Bits {
        &self.repeated
    }

    /// The next position of the same shingle, or [`NONE`].
    pub(super) fn next(&self, position: u32) -> u32 {
        self.next[position as usize]
    }
}
