//! Rows of numbers that need not fit in memory: beyond a bound they are in a scratch file, or in
//! one that is kept.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::simd::prefetch::prefetch;

use super::work::file::Checksum;

mod kept;

/// Numbers that are written at once, 4 bytes each.
const PIECE: usize = 1 << 20;

/// Numbers that are read at once.
const READ: usize = 1 << 18;

/// How many rows ahead one begins to be loaded.
const AHEAD: usize = 8;

/// Where rows go that are too many for memory.
#[derive(Clone, Debug)]
pub(super) struct Scratch {
    /// The folder of the scratch files.
    pub(super) folder: PathBuf,
    /// Bytes that the rows of a store may take in memory.
    pub(super) memory: usize,
}

/// Scratch space for rows that are read.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    items: Vec<u32>,
}

/// Rows of numbers, one behind the other; the first ones may be in a file.
#[derive(Debug, Default)]
pub(super) struct Store {
    scratch: Option<Arc<Scratch>>,
    file: Option<File>,
    /// How many numbers are in the file.
    written: usize,
    /// Those behind them.
    items: Vec<u32>,
    ends: Vec<usize>,
    /// Of the numbers in a file that is to be kept.
    checksum: Option<Checksum>,
    /// Why the file cannot be written; everything else stays in memory then.
    error: Option<io::Error>,
}

impl Store {
    pub(super) fn new(scratch: Option<Arc<Scratch>>) -> Self {
        Self { scratch, ..Self::default() }
    }

    /// An empty store with the same scratch folder.
    pub(super) fn another(&self) -> Self {
        Self::new(self.scratch.clone())
    }

    /// The number of rows.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// How many numbers there are in all rows.
    pub(super) fn total(&self) -> usize {
        self.written + self.items.len()
    }

    /// Where a row is among the numbers of all rows.
    pub(super) fn range(&self, row: usize) -> Range<usize> {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        start..self.ends[row]
    }

    /// How many numbers a row has.
    pub(super) fn length(&self, row: usize) -> usize {
        self.range(row).len()
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
                self.read(self.range(row), &mut Vec::new(), &mut items);
                Cow::Owned(items)
            }
        }
    }

    /// A row that is not in the file.
    pub(super) fn in_memory(&self, row: usize) -> Option<&[u32]> {
        let range = self.range(row);
        let start = range.start.checked_sub(self.written)?;
        Some(&self.items[start..range.end - self.written])
    }

    /// Whether there are rows in a file.
    pub(super) fn is_spilled(&self) -> bool {
        self.written > 0
    }

    /// Appends numbers that are in the file. `bytes` is scratch space.
    ///
    /// # Panics
    /// If the scratch file cannot be read.
    pub(super) fn read(&self, range: Range<usize>, bytes: &mut Vec<u8>, out: &mut Vec<u32>) {
        bytes.resize(4 * range.len(), 0);
        let offset = 4 * range.start as u64;
        let file = self.file.as_ref().unwrap_or_else(|| unreachable!("rows were written"));
        read_at(file, bytes, offset)
            .unwrap_or_else(|error| panic!("a scratch file cannot be read: {error}"));
        out.extend(bytes.as_chunks().0.iter().map(|&number| u32::from_le_bytes(number)));
    }

    /// All rows in pieces of about a megabyte.
    pub(super) fn pieces(&self) -> Vec<Range<usize>> {
        let mut pieces = Vec::new();
        let mut row = 0;
        while row < self.len() {
            let start = self.range(row).start;
            // The file is read in whole pieces.
            let most = if start < self.written { self.written } else { self.total() };
            let most = (start + READ).min(most);
            let more = self.ends[row..].partition_point(|&end| end <= most).max(1);
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
        let first = self.range(piece.start).start;
        let items = match first.checked_sub(self.written) {
            Some(start) => &self.items[start..self.range(piece.end - 1).end - self.written],
            None => {
                buffer.items.clear();
                let range = first..self.range(piece.end - 1).end;
                self.read(range, &mut buffer.bytes, &mut buffer.items);
                &buffer.items
            }
        };
        for row in piece.clone() {
            if row + AHEAD < piece.end {
                let range = self.range(row + AHEAD);
                prefetch(&items[range.start - first..range.end - first]);
            }
            let range = self.range(row);
            each(row, &items[range.start - first..range.end - first]);
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
        let start = self.ends.last().map_or(0, |end| end - self.written);
        &self.items[start..]
    }

    /// Ends a row whose numbers were added one by one.
    pub(super) fn end(&mut self) {
        self.ends.push(self.total());
        self.make_room();
    }

    /// Adds the rows of another store, all of which are in memory.
    pub(super) fn append(&mut self, other: &Self) {
        debug_assert_eq!(other.written, 0, "what is appended is in memory");
        let start = self.total();
        self.items.extend_from_slice(&other.items);
        self.ends.extend(other.ends.iter().map(|end| start + end));
        self.make_room();
    }

    /// Removes all rows, and keeps the memory for others.
    pub(super) fn clear(&mut self) {
        debug_assert_eq!(self.written, 0, "what is cleared is in memory");
        self.items.clear();
        self.ends.clear();
    }

    /// Bytes in the scratch file, and why there are no more, if that is an error.
    pub(super) fn spilled(&self) -> (u64, Option<&io::Error>) {
        (4 * self.written as u64, self.error.as_ref())
    }

    /// How many numbers are not held in memory any more.
    fn too_many(&self) -> usize {
        match &self.scratch {
            None => usize::MAX,
            Some(_) if self.written > 0 => PIECE,
            Some(scratch) => (scratch.memory / 4).max(1),
        }
    }

    /// Writes all whole rows, when they are too many for memory.
    fn make_room(&mut self) {
        if self.items.len() >= self.too_many() && self.error.is_none() {
            self.spill();
        }
    }

    fn spill(&mut self) {
        let Some(scratch) = &self.scratch else { return };
        let file = match self.file.take() {
            None => scratch_file(&scratch.folder),
            Some(file) => Ok(file),
        };
        let offset = 4 * self.written as u64;
        let written = file.and_then(|file| {
            write(self.file.insert(file), &self.items, offset, self.checksum.as_mut())
        });
        match written {
            Ok(()) => {
                self.written += self.items.len();
                self.items.clear();
                self.items.shrink_to(2 * PIECE);
            }
            Err(error) => self.error = Some(error),
        }
    }
}

/// Writes numbers into a file, and adds them to its checksum.
fn write(
    file: &mut File,
    items: &[u32],
    offset: u64,
    mut checksum: Option<&mut Checksum>,
) -> io::Result<()> {
    use std::io::{Seek, SeekFrom, Write};
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    items.chunks(PIECE).try_for_each(|piece| {
        bytes.clear();
        bytes.extend(piece.iter().flat_map(|number| number.to_le_bytes()));
        if let Some(checksum) = &mut checksum {
            checksum.update(&bytes);
        }
        file.write_all(&bytes)
    })
}

/// A file without a name: it is gone when it is closed, however the process ends.
#[cfg(unix)]
fn scratch_file(folder: &Path) -> io::Result<File> {
    let (path, file) = new_file(folder)?;
    std::fs::remove_file(path)?;
    Ok(file)
}

/// A file that is gone when it is closed.
#[cfg(not(unix))]
fn scratch_file(folder: &Path) -> io::Result<File> {
    new_file(folder).map(|(_, file)| file)
}

/// A new file of a name that nobody has.
fn new_file(folder: &Path) -> io::Result<(PathBuf, File)> {
    let mut options = File::options();
    options.read(true).write(true).create_new(true);
    #[cfg(windows)]
    std::os::windows::fs::OpenOptionsExt::custom_flags(&mut options, 0x0400_0000);
    for number in 0..u32::MAX {
        let path = folder.join(format!(".reprint.{}.{number}.tmp", std::process::id()));
        match options.open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            opened => return opened.map(|file| (path, file)),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, offset)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                bytes = &mut bytes[read..];
                offset += read as u64;
            }
        }
    }
    Ok(())
}

#[cfg(not(any(unix, windows)))]
fn read_at(_: &File, _: &mut [u8], _: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scratch(memory: usize) -> Option<Arc<Scratch>> {
        Some(Arc::new(Scratch { folder: std::env::temp_dir(), memory }))
    }

    proptest! {
        /// Rows are what was put in, wherever they are.
        #[test]
        fn a_store_is_a_list_of_rows(
            parts in proptest::collection::vec(
                proptest::collection::vec(proptest::collection::vec(any::<u32>(), 0..9), 0..9),
                0..6,
            ),
            memory in 0usize..200,
        ) {
            let mut store = Store::new(scratch(memory));
            let mut part = Store::default();
            for rows in &parts {
                for row in rows {
                    part.items().extend(row);
                    part.end();
                }
                store.append(&part);
                part.clear();
            }
            let rows: Vec<Vec<u32>> = parts.concat();
            prop_assert_eq!(store.len(), rows.len());
            prop_assert_eq!(store.total(), rows.concat().len());
            let mut seen = 0;
            let mut buffer = Buffer::default();
            for piece in store.pieces() {
                store.for_each_of(piece, &mut buffer, |number, row| {
                    assert_eq!((number, row), (seen, &rows[seen][..]));
                    seen += 1;
                });
            }
            prop_assert_eq!(seen, rows.len());
            for (number, row) in rows.iter().enumerate() {
                prop_assert_eq!(&store.row(number)[..], &row[..]);
                prop_assert_eq!(store.length(number), row.len());
            }
            let in_memory = store.total() * 4 - store.spilled().0 as usize;
            prop_assert!(in_memory < memory.max(4).max(4 * PIECE), "{in_memory}");
        }
    }

    #[test]
    fn what_cannot_be_written_stays() {
        let folder = PathBuf::from("/nowhere/at all");
        let mut store = Store::new(Some(Arc::new(Scratch { folder, memory: 8 })));
        for number in 0..100 {
            store.items().push(number);
            store.end();
        }
        assert!(store.spilled().1.is_some());
        assert_eq!(store.row(99)[..], [99]);
        assert_eq!(store.row(0)[..], [0]);
    }
}
