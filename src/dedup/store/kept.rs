//! A store in a work folder: its numbers are in a file with a name, which outlives the process.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use super::{PIECE, Scratch, Store, write};
use crate::dedup::work::file::{Damage, WRONG, in_words};

impl Store {
    /// An empty store in a file of its own; what was in that file is gone.
    pub(in crate::dedup) fn in_file(
        path: &Path,
        scratch: Option<Arc<Scratch>>,
    ) -> io::Result<Self> {
        let file = options().create(true).truncate(true).open(path)?;
        Ok(Self { file: Some(file), checksum: Some(Default::default()), ..Self::new(scratch) })
    }

    /// A store that was [kept](Self::keep) in a file, with the lengths of its rows and the
    /// checksum. It is read into memory if that is allowed to hold it.
    pub(in crate::dedup) fn from_file(
        path: &Path,
        scratch: Option<Arc<Scratch>>,
        lengths: &[u32],
        checksum: u64,
    ) -> Result<Self, Damage> {
        let mut file = options().open(path).map_err(in_words)?;
        let mut store = Self { checksum: Some(Default::default()), ..Self::new(scratch) };
        store.ends.reserve_exact(lengths.len());
        let mut total = 0;
        for &length in lengths {
            total += length as usize;
            store.ends.push(total);
        }
        // What comes behind was written after it was kept.
        if file.metadata().map_err(in_words)?.len() < 4 * total as u64 {
            return Err("it is too short".into());
        }
        let stays = total >= store.too_many();
        if !stays {
            store.items.reserve_exact(total);
        }
        let (mut found, mut left) = (super::Checksum::default(), total);
        let mut bytes = Vec::new();
        while left > 0 {
            let numbers = left.min(PIECE);
            bytes.resize(4 * numbers, 0);
            file.read_exact(&mut bytes).map_err(in_words)?;
            found.update(&bytes);
            if !stays {
                store.items.extend(bytes.as_chunks().0.iter().map(|&n| u32::from_le_bytes(n)));
            }
            left -= numbers;
        }
        if found.get() != checksum {
            return Err(WRONG.into());
        }
        if stays {
            (store.written, store.checksum) = (total, Some(found));
        }
        store.file = Some(file);
        Ok(store)
    }

    /// Makes sure that all numbers are in the file, and returns their checksum. They stay in
    /// memory where they are in memory.
    pub(in crate::dedup) fn keep(&mut self) -> io::Result<u64> {
        if let Some(error) = &self.error {
            return Err(io::Error::new(error.kind(), error.to_string()));
        }
        let (Some(file), Some(checksum)) = (&mut self.file, &self.checksum) else {
            return Err(io::ErrorKind::Unsupported.into());
        };
        let mut checksum = checksum.clone();
        write(file, &self.items, 4 * self.written as u64, Some(&mut checksum))?;
        file.sync_data()?;
        Ok(checksum.get())
    }
}

fn options() -> std::fs::OpenOptions {
    let mut options = File::options();
    options.read(true).write(true);
    options
}
