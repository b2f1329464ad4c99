//! A store in a work folder: its numbers are in a file with a name, which outlives the process.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::codes::{Codes, MOST_BYTES, PAGE};
use super::{READ, Store};
use crate::dedup::texts::narrow;
use crate::dedup::work::file::{Checksum, Damage, Reader, WRONG, Writer, in_words};

impl Store {
    /// This empty store, in a file of its own; what was in that file is gone.
    pub(in crate::dedup) fn kept_in(mut self, path: &Path) -> io::Result<Self> {
        self.file = Some(options().create(true).truncate(true).open(path)?);
        self.filed.checksum = Some(Checksum::default());
        Ok(self)
    }

    /// Makes sure that all rows are in the file, and returns its checksum. They stay in memory
    /// where they are in memory.
    pub(in crate::dedup) fn keep(&mut self) -> io::Result<u64> {
        if self.has_failed {
            return Err(io::Error::other("a part of it could not be written"));
        }
        self.write()?;
        let (Some(file), Some(checksum)) = (&self.file, &self.filed.checksum) else {
            return Err(io::ErrorKind::Unsupported.into());
        };
        file.sync_data()?;
        Ok(checksum.get())
    }

    /// Writes what is known of a file that is [kept](Self::keep), but for the checksum.
    pub(in crate::dedup) fn describe(&self, out: &mut Writer) -> io::Result<()> {
        out.number(self.len() as u64)?;
        out.numbers((0..self.len()).map(|row| narrow(self.length(row))))?;
        self.filed.codes.as_ref().map_or(Ok(()), |(codes, _)| codes.write(out))
    }

    /// Reads the same.
    pub(in crate::dedup) fn described(self, from: &mut Reader) -> Result<Described, Damage> {
        let rows = from.count(4)?;
        let mut lengths = Vec::with_capacity(rows);
        from.groups(rows, |[length]| lengths.push(length))?;
        let has_codes = self.filed.codes.is_some();
        let books = if has_codes { Codes::read(from)? } else { Vec::new() };
        Ok(Described { store: self, lengths, books })
    }
}

/// An empty store, and the lengths of the rows that are to be read from its file, with the numbers
/// that have codes there.
#[derive(Debug)]
pub(in crate::dedup) struct Described {
    store: Store,
    lengths: Vec<u32>,
    books: Vec<(usize, Vec<u32>)>,
}

impl Described {
    pub(in crate::dedup) fn len(&self) -> usize {
        self.lengths.len()
    }

    /// Reads the file, if it has this checksum: into memory, if that is allowed to hold it.
    pub(in crate::dedup) fn complete(self, path: &Path, checksum: u64) -> Result<Store, Damage> {
        let Self { mut store, lengths, books } = self;
        let file = options().open(path).map_err(in_words)?;
        let total: usize = lengths.iter().map(|&length| length as usize).sum();
        let least = if store.filed.codes.is_some() { 2 } else { 4 };
        let bytes = file.metadata().map_err(in_words)?.len();
        if (total as u64).checked_mul(least).is_none_or(|least| bytes < least) {
            return Err("it is too short".into());
        }
        if let Some((codes, _)) = &mut store.filed.codes {
            // As many as can have been closed, and an open one.
            if books.len() > 1 + total / PAGE {
                return Err("it has other codes".into());
            }
            *codes = Codes::new(books);
        }
        let stays = total >= store.too_many();
        let mut found = Checksum::default();
        // What was read and belongs to no whole row yet.
        let (mut bytes, mut start) = (Vec::new(), 0);
        let mut items = Vec::with_capacity(if stays { 0 } else { total });
        for (row, &length) in lengths.iter().enumerate() {
            let length = length as usize;
            let taken = loop {
                let before = items.len();
                match store.filed.decode(row, length, &bytes[start..], &mut items) {
                    Some(taken) => break taken,
                    None if bytes.len() - start >= MOST_BYTES * length => return Err(WRONG.into()),
                    None => items.truncate(before),
                }
                bytes.drain(..start);
                start = 0;
                // What comes behind was written after it was kept.
                let read = (&file).take(READ as u64).read_to_end(&mut bytes).map_err(in_words)?;
                if read == 0 {
                    return Err("it is too short".into());
                }
            };
            found.update(&bytes[start..start + taken]);
            start += taken;
            let end = store.filed.bytes() + taken as u64;
            store.filed.ends.push(end);
            if stays {
                items.clear();
            } else {
                store.ends.push(items.len());
            }
        }
        if found.get() != checksum {
            return Err(WRONG.into());
        }
        if stays {
            (store.first, store.before) = (lengths.len(), total);
        } else {
            store.items = items;
        }
        if let Some((_, known)) = &mut store.filed.codes {
            *known = lengths;
        }
        store.filed.checksum = Some(found);
        store.file = Some(file);
        Ok(store)
    }
}

fn options() -> std::fs::OpenOptions {
    let mut options = File::options();
    options.read(true).write(true);
    options
}
