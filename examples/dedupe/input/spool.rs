//! A file of our own, for what cannot be read again where it came from.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Bytes beside the memory: a file without a name, which is gone when the program ends.
#[derive(Debug)]
pub struct Spool {
    file: File,
    folder: PathBuf,
    length: u64,
}

impl Spool {
    pub fn new(folder: &Path) -> Result<Self> {
        let file = temporary(folder).with_context(|| full(folder))?;
        Ok(Self { file, folder: folder.into(), length: 0 })
    }

    /// Adds bytes, and returns where they begin.
    pub fn append(&mut self, bytes: &[u8]) -> Result<u64> {
        let start = self.length;
        self.file.write_all(bytes).with_context(|| full(&self.folder))?;
        self.length += bytes.len() as u64;
        Ok(start)
    }

    pub fn read(&self, range: Range<u64>, bytes: &mut Vec<u8>) -> io::Result<()> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(range.start))?;
        bytes.resize((range.end - range.start) as usize, 0);
        file.read_exact(bytes)
    }
}

/// A file without a name.
pub fn temporary(folder: &Path) -> io::Result<File> {
    tempfile::tempfile_in(folder)
}

/// Where there was no room; to be followed by the reason.
pub fn full(folder: &Path) -> String {
    format!(
        "{}: cannot keep a copy of the input here (the environment variable TMPDIR names another \
         folder)",
        folder.display()
    )
}
