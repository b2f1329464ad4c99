//! Where each short shingle of one article stands: built once, asked by all its partners.

/// "No position", "no run".
pub(super) const NONE: u32 = u32::MAX;

/// One distinct shingle of the article.
#[derive(Clone, Copy, Debug)]
struct Slot {
    /// Its first position, or [`NONE`] for an unused slot.
    first: u32,
    /// How often it stands in the article.
    count: u32,
    /// The lower half of its hash, which saves most comparisons with other shingles.
    tag: u32,
}

const FREE: Slot = Slot { first: NONE, count: 0, tag: 0 };

/// An open-addressing table from a shingle (some consecutive tokens, compared token by token) to
/// its positions, which are linked in ascending order.
#[derive(Debug, Default)]
pub(super) struct Table {
    slots: Vec<Slot>,
    /// The next position of the same shingle, by position.
    next: Vec<u32>,
    /// The slot of the shingle at each position.
    slot_at: Vec<u32>,
    width: usize,
    shift: u32,
}

impl Table {
    /// Indexes all shingles of `width` tokens of an article.
    pub(super) fn build(&mut self, tokens: &[u32], width: usize) {
        let positions = (tokens.len() + 1).saturating_sub(width);
        let capacity = (2 * positions).next_power_of_two().max(8);
        self.width = width;
        self.shift = 64 - capacity.trailing_zeros();
        self.slots.clear();
        self.slots.resize(capacity, FREE);
        self.next.clear();
        self.next.resize(positions, NONE);
        self.slot_at.clear();
        self.slot_at.resize(positions, NONE);
        // From the end, so that the links run forward.
        for position in (0..positions).rev() {
            let (slot, tag) = self.probe(tokens, &tokens[position..position + width]);
            let entry = &mut self.slots[slot];
            self.next[position] = entry.first;
            // There are at most four times as many slots as positions.
            self.slot_at[position] = u32::try_from(slot).unwrap_or(NONE);
            entry.tag = tag;
            // Positions fit: an article has fewer than 2^32 tokens, see `Aligner::prepare`.
            entry.first = u32::try_from(position).unwrap_or(NONE);
            entry.count += 1;
        }
    }

    /// The slot that holds a shingle, or the free slot where it would go; and its tag.
    fn probe(&self, tokens: &[u32], shingle: &[u32]) -> (usize, u32) {
        let mut hash = 0u64;
        for &token in shingle {
            hash = (hash.rotate_left(23) ^ u64::from(token)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        let mask = self.slots.len() - 1;
        // The upper bits are the well-mixed ones.
        #[expect(clippy::cast_possible_truncation, reason = "the mask keeps what fits")]
        let mut slot = (hash >> self.shift) as usize & mask;
        #[expect(clippy::cast_possible_truncation, reason = "the lower half is what is wanted")]
        let tag = hash as u32;
        loop {
            let entry = self.slots[slot];
            if entry.first == NONE {
                return (slot, tag);
            }
            // Not as slices: that would call a function for the sake of three tokens.
            let mut both = tokens[entry.first as usize..].iter().zip(shingle);
            if entry.tag == tag && both.all(|(a, b)| a == b) {
                return (slot, tag);
            }
            slot = (slot + 1) & mask;
        }
    }

    /// The slot of a shingle of another article, if this one has it.
    pub(super) fn find(&self, tokens: &[u32], shingle: &[u32]) -> Option<usize> {
        let (slot, _) = self.probe(tokens, shingle);
        (self.slots[slot].first != NONE).then_some(slot)
    }

    /// The slot of the shingle at a position of the article.
    pub(super) fn slot_at(&self, position: usize) -> Option<usize> {
        self.slot_at.get(position).map(|&slot| slot as usize)
    }

    /// How often the shingle in a slot stands in the article.
    pub(super) fn count(&self, slot: usize) -> u32 {
        self.slots[slot].count
    }

    /// The first position of the shingle in a slot.
    pub(super) fn first(&self, slot: usize) -> u32 {
        self.slots[slot].first
    }

    /// The next position of the same shingle, or [`NONE`].
    pub(super) fn next(&self, position: u32) -> u32 {
        self.next[position as usize]
    }

    /// The number of slots, for tables beside this one.
    pub(super) fn slots(&self) -> usize {
        self.slots.len()
    }
}
