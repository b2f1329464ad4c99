//! What the stages find, as it stands in their files.

use std::io;
use std::ops::Range;

use crate::align::Relation;
use crate::furniture::Furniture;
use crate::lsh::{CandidatePairs, Limited};

use super::Checkpoint;
use super::file::{Damage, Reader, Writer};
use crate::dedup::pairs::{Counted, VerifiedPairs};
use crate::dedup::texts::narrow;

/// The result of a stage.
pub(in crate::dedup) trait Kept: Sized {
    const CHECKPOINT: Checkpoint;

    fn write(&self, out: &mut Writer) -> io::Result<()>;

    fn read(from: &mut Reader) -> Result<Self, Damage>;
}

/// What was learned, and what it marks in the texts.
#[derive(Debug, Default)]
pub(in crate::dedup) struct Furnished {
    pub(in crate::dedup) furniture: Furniture,
    pub(in crate::dedup) marks: Vec<(u32, Range<u32>)>,
}

impl Kept for Furnished {
    const CHECKPOINT: Checkpoint = Checkpoint::Furniture;

    fn write(&self, out: &mut Writer) -> io::Result<()> {
        out.number(self.marks.len() as u64)?;
        let marks = self.marks.iter();
        out.numbers(marks.flat_map(|(node, mark)| [*node, mark.start, mark.end]))?;
        out.bytes(&self.furniture.to_bytes())
    }

    fn read(from: &mut Reader) -> Result<Self, Damage> {
        let count = from.count(12)?;
        let mut marks = Vec::with_capacity(count);
        from.groups(count, |[node, start, end]| marks.push((node, start..end)))?;
        let furniture = Furniture::from_bytes(&from.rest()?).map_err(|error| error.to_string())?;
        Ok(Self { furniture, marks })
    }
}

impl Kept for CandidatePairs {
    const CHECKPOINT: Checkpoint = Checkpoint::Candidates;

    fn write(&self, out: &mut Writer) -> io::Result<()> {
        write_limited(&self.limited, out)?;
        out.number(self.pairs.len() as u64)?;
        out.numbers(self.pairs.iter().flat_map(|&(a, b)| [a, b]))
    }

    fn read(from: &mut Reader) -> Result<Self, Damage> {
        let limited = read_limited(from)?;
        let count = from.count(8)?;
        let mut pairs = Vec::with_capacity(count);
        from.groups(count, |[a, b]| pairs.push((a, b)))?;
        Ok(Self { pairs, limited })
    }
}

/// The verified pairs, with the number of candidates that they come from, and those left out.
#[derive(Debug)]
pub(in crate::dedup) struct Compared {
    pub(in crate::dedup) pairs: VerifiedPairs,
    pub(in crate::dedup) candidates: usize,
    pub(in crate::dedup) limited: Limited,
}

/// In the order of their numbers in the file.
const RELATIONS: [Relation; 5] = [
    Relation::Identical,
    Relation::Reprint,
    Relation::Excerpt,
    Relation::Extended,
    Relation::Overlap,
];

impl Kept for Compared {
    const CHECKPOINT: Checkpoint = Checkpoint::Pairs;

    fn write(&self, out: &mut Writer) -> io::Result<()> {
        out.number(self.candidates as u64)?;
        write_limited(&self.limited, out)?;
        out.number(self.pairs.len() as u64)?;
        out.numbers(self.pairs.counted().iter().flat_map(|&((a, b), counted)| {
            let relation = RELATIONS.iter().position(|&relation| relation == counted.relation);
            let relation = relation.unwrap_or(RELATIONS.len()) << 1;
            let head = [a, b, narrow(relation | usize::from(counted.identical))];
            head.into_iter().chain(counted.counts)
        }))
    }

    fn read(from: &mut Reader) -> Result<Self, Damage> {
        let candidates = from.count(0)?;
        let limited = read_limited(from)?;
        let count = from.count(44)?;
        let mut pairs = Vec::with_capacity(count);
        let mut is_known = true;
        from.groups(count, |[a, b, relation, counts @ ..]: [u32; 11]| {
            let identical = relation & 1 == 1;
            match RELATIONS.get(relation as usize >> 1) {
                Some(&relation) => pairs.push(((a, b), Counted { relation, identical, counts })),
                None => is_known = false,
            }
        })?;
        if !is_known {
            return Err("it has a relation that is none".into());
        }
        Ok(Self { pairs: VerifiedPairs::new(vec![pairs]), candidates, limited })
    }
}

fn write_limited(limited: &Limited, out: &mut Writer) -> io::Result<()> {
    let Limited { buckets, largest, pairs } = *limited;
    [buckets, largest, pairs].into_iter().try_for_each(|number| out.number(number))
}

fn read_limited(from: &mut Reader) -> Result<Limited, Damage> {
    Ok(Limited { buckets: from.number()?, largest: from.number()?, pairs: from.number()? })
}
