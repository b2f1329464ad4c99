//! Rows of numbers that need not fit in memory: beyond a bound they are in a scratch file, or in
//! one that is kept.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use crate::simd::prefetch::prefetch;

use super::work::file::Checksum;
use codes::Codes;
use scratch::read_at;

pub(super) use kept::Described;
pub(super) use scratch::Scratch;

mod codes;
mod kept;
mod scratch;
#[cfg(test)]
mod tests;

/// Numbers that are written at once, 4 bytes each or less.
const PIECE: usize = 1 << 20;

/// Bytes that are read at once.
const READ: usize = 1 << 20;

/// How many rows ahead one begins to be loaded.
const AHEAD: usize = 8;

/// Scratch space for rows that are read.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    items: Vec<u32>,
}

/// Rows of numbers, one behind the other. The first ones may be in a file, the last ones in memory,
/// and some in both.
#[derive(Debug, Default)]
pub(super) struct Store {
    scratch: Option<Arc<Scratch>>,
    file: Option<File>,
    filed: Filed,
    /// The first row in memory.
    first: usize,
    /// How many numbers are before it.
    before: usize,
    /// Those in memory, and where each row of them ends.
    items: Vec<u32>,
    ends: Vec<usize>,
    /// Whether the file cannot be written; everything else stays in memory then.
    has_failed: bool,
}

/// The rows in a file.
#[derive(Debug, Default)]
struct Filed {
    /// Where each row ends, in bytes.
    ends: Vec<u64>,
    /// For rows that repeat each other's numbers, with how many numbers each has.
    codes: Option<(Codes, Vec<u32>)>,
    /// Of the bytes in a file that is to be kept.
    checksum: Option<Checksum>,
}

impl Filed {
    /// Where a row is in the file.
    fn range(&self, row: usize) -> Range<u64> {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        start..self.ends[row]
    }

    /// How many numbers a row has.
    fn length(&self, row: usize) -> usize {
        match &self.codes {
            None => bytes(self.range(row)) / 4,
            Some((_, lengths)) => lengths[row] as usize,
        }
    }

    /// Appends the numbers of a row that begins where some bytes begin. Returns how many bytes it
    /// takes; `None` if it cannot be there.
    fn decode(&self, row: usize, length: usize, bytes: &[u8], out: &mut Vec<u32>) -> Option<usize> {
        if let Some((codes, _)) = &self.codes {
            return codes.decode(row, length, bytes, |number| out.push(number));
        }
        let taken = 4 * length;
        let numbers = bytes.get(..taken)?.as_chunks().0;
        out.extend(numbers.iter().map(|&number| u32::from_le_bytes(number)));
        Some(taken)
    }

    /// Writes a row behind the others into some bytes, and counts it.
    fn encode(&mut self, numbers: &[u32], out: &mut Vec<u8>) {
        let (row, start) = (self.ends.len(), out.len());
        match &mut self.codes {
            None => out.extend(numbers.iter().flat_map(|number| number.to_le_bytes())),
            Some((codes, lengths)) => {
                codes.encode(row, numbers, out);
                lengths.push(super::texts::narrow(numbers.len()));
            }
        }
        self.ends.push(self.bytes() + (out.len() - start) as u64);
    }

    /// Forgets all rows from one on.
    fn truncate(&mut self, row: usize) {
        self.ends.truncate(row);
        self.codes.iter_mut().for_each(|(_, lengths)| lengths.truncate(row));
    }

    /// The bytes of all rows.
    fn bytes(&self) -> u64 {
        self.ends.last().copied().unwrap_or(0)
    }
}

impl Store {
    pub(super) fn new(scratch: Option<Arc<Scratch>>) -> Self {
        Self { scratch, ..Self::default() }
    }

    /// The same for rows that repeat each other's numbers again and again: a file has about two
    /// bytes for each.
    pub(super) fn of_repeated(scratch: Option<Arc<Scratch>>) -> Self {
        let filed = Filed { codes: Some(Default::default()), ..Filed::default() };
        Self { filed, ..Self::new(scratch) }
    }

    /// An empty store with the same scratch folder.
    pub(super) fn another(&self) -> Self {
        Self::new(self.scratch.clone())
    }

    /// The number of rows.
    pub(super) fn len(&self) -> usize {
        self.first + self.ends.len()
    }

    /// How many numbers there are in all rows.
    pub(super) fn total(&self) -> usize {
        self.before + self.items.len()
    }

    /// How many numbers a row has.
    pub(super) fn length(&self, row: usize) -> usize {
        self.range(row).map_or_else(|| self.filed.length(row), |range| range.len())
    }

    /// Where a row is among the numbers in memory.
    fn range(&self, row: usize) -> Option<Range<usize>> {
        let row = row.checked_sub(self.first)?;
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        Some(start..self.ends[row])
    }

    /// A row.
    ///
    /// # Panics
    /// If the scratch file cannot be read.
    pub(super) fn row(&self, row: usize) -> Cow<'_, [u32]> {
        match self.in_memory(row) {
            Some(items) => Cow::Borrowed(items),
            None => {
                let mut items = Vec::new();
                let mut bytes = Vec::new();
                self.read(self.filed.range(row), &mut bytes);
                self.decode(row, &bytes, &mut items);
                Cow::Owned(items)
            }
        }
    }

    /// A row, if it is in memory.
    pub(super) fn in_memory(&self, row: usize) -> Option<&[u32]> {
        Some(&self.items[self.range(row)?])
    }

    /// Whether there are rows in a file only.
    pub(super) fn is_spilled(&self) -> bool {
        self.first > 0
    }

    /// Where a row is in the file, in bytes.
    pub(super) fn in_file(&self, row: usize) -> Range<u64> {
        self.filed.range(row)
    }

    /// Takes bytes from the file.
    ///
    /// # Panics
    /// If the scratch file cannot be read.
    pub(super) fn read(&self, range: Range<u64>, out: &mut Vec<u8>) {
        let offset = range.start;
        out.resize(bytes(range), 0);
        let file = self.file.as_ref().unwrap_or_else(|| unreachable!("rows were written"));
        read_at(file, out, offset)
            .unwrap_or_else(|error| panic!("a scratch file cannot be read: {error}"));
    }

    /// Appends the numbers of a row, given its bytes, or more.
    ///
    /// # Panics
    /// If somebody has changed the scratch file.
    pub(super) fn decode(&self, row: usize, bytes: &[u8], out: &mut Vec<u32>) {
        let decoded = self.filed.decode(row, self.filed.length(row), bytes, out);
        assert!(decoded.is_some(), "a scratch file is not as it was written");
    }

    /// All rows in pieces of about a megabyte.
    pub(super) fn pieces(&self) -> Vec<Range<usize>> {
        let mut pieces = Vec::new();
        let mut row = 0;
        while row < self.first {
            let most = self.filed.range(row).start + READ as u64;
            let more = self.filed.ends[row..self.first].partition_point(|&end| end <= most).max(1);
            pieces.push(row..row + more);
            row += more;
        }
        while row < self.len() {
            let index = row - self.first;
            let most = if index == 0 { 0 } else { self.ends[index - 1] } + READ / 4;
            let more = self.ends[index..].partition_point(|&end| end <= most).max(1);
            pieces.push(row..row + more);
            row += more;
        }
        pieces
    }

    /// Gives the rows of one of the [pieces](Self::pieces) to `each`, in their order.
    pub(super) fn for_each_of(
        &self,
        piece: Range<usize>,
        buffer: &mut Buffer,
        mut each: impl FnMut(usize, &[u32]),
    ) {
        if piece.start >= self.first {
            for row in piece.clone() {
                if row + AHEAD < piece.end {
                    self.prefetch(row + AHEAD);
                }
                each(row, self.in_memory(row).unwrap_or_default());
            }
            return;
        }
        let start = self.filed.range(piece.start).start;
        self.read(start..self.filed.range(piece.end - 1).end, &mut buffer.bytes);
        for row in piece {
            buffer.items.clear();
            let bytes = &buffer.bytes[bytes(start..self.filed.range(row).start)..];
            self.decode(row, bytes, &mut buffer.items);
            each(row, &buffer.items);
        }
    }

    /// Begins to load a row that is needed soon, if it is in memory.
    pub(super) fn prefetch(&self, row: usize) {
        if row < self.len()
            && let Some(items) = self.in_memory(row)
        {
            prefetch(items);
        }
    }

    /// The numbers to which a row is added, until [`end`](Self::end).
    pub(super) fn items(&mut self) -> &mut Vec<u32> {
        &mut self.items
    }

    /// The numbers of the row that was begun.
    pub(super) fn current(&self) -> &[u32] {
        &self.items[self.ends.last().copied().unwrap_or(0)..]
    }

    /// Ends a row whose numbers were added one by one.
    pub(super) fn end(&mut self) {
        self.ends.push(self.items.len());
        self.make_room();
    }

    /// Adds the rows of another store, all of which are in memory.
    pub(super) fn append(&mut self, other: &Self) {
        debug_assert_eq!(other.first, 0, "what is appended is in memory");
        let start = self.items.len();
        self.items.extend_from_slice(&other.items);
        self.ends.extend(other.ends.iter().map(|end| start + end));
        self.make_room();
    }

    /// Removes all rows, and keeps the memory for others.
    pub(super) fn clear(&mut self) {
        debug_assert_eq!(self.first, 0, "what is cleared is in memory");
        self.items.clear();
        self.ends.clear();
    }

    /// How many numbers are not held in memory any more.
    fn too_many(&self) -> usize {
        match &self.scratch {
            None => usize::MAX,
            Some(_) if self.first > 0 => PIECE,
            Some(scratch) => (scratch.memory / 4).max(1),
        }
    }

    /// Moves all whole rows to the file, when they are too many for memory.
    fn make_room(&mut self) {
        if self.items.len() < self.too_many() || self.has_failed {
            return;
        }
        let Some(scratch) = self.scratch.clone() else { return };
        let written = match self.file.take() {
            None => scratch.file(),
            Some(file) => Ok(file),
        };
        let written = written.and_then(|file| {
            self.file = Some(file);
            self.write()
        });
        let is_written = written.is_ok();
        self.has_failed |= !is_written;
        scratch.wrote(written);
        if is_written {
            self.first = self.len();
            self.before += self.items.len();
            self.items.clear();
            self.items.shrink_to(2 * PIECE);
            self.ends.clear();
        }
    }

    /// Writes the rows that are not in the file yet, and returns how many bytes they took.
    fn write(&mut self) -> io::Result<u64> {
        use std::io::{Seek, SeekFrom, Write};
        let (rows, start) = (self.filed.ends.len(), self.filed.bytes());
        let Some(mut file) = self.file.as_ref() else { return Ok(0) };
        let mut write = || {
            file.seek(SeekFrom::Start(start))?;
            let mut bytes = Vec::new();
            for row in rows..self.first + self.ends.len() {
                let index = row - self.first;
                let from = if index == 0 { 0 } else { self.ends[index - 1] };
                self.filed.encode(&self.items[from..self.ends[index]], &mut bytes);
                if bytes.len() >= 4 * PIECE || row + 1 == self.first + self.ends.len() {
                    if let Some(checksum) = &mut self.filed.checksum {
                        checksum.update(&bytes);
                    }
                    file.write_all(&bytes)?;
                    bytes.clear();
                }
            }
            Ok(())
        };
        let written = write();
        if let Err(error) = written {
            // The codes and the checksum have gone on, so that it cannot be tried again.
            self.has_failed = true;
            self.filed.truncate(rows);
            return Err(error);
        }
        Ok(self.filed.bytes() - start)
    }
}

/// How many bytes there are in a part of a file that is read at once.
fn bytes(range: Range<u64>) -> usize {
    usize::try_from(range.end - range.start).unwrap_or_else(|_| panic!("a row fits in memory"))
}
