//! A file of our own, for what cannot be read again where it came from.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use xxhash_rust::xxh3::Xxh3;

/// Bytes beside the memory: in a file without a name, which is gone when the program ends, or in a
/// work folder.
pub struct Spool {
    file: File,
    /// What to say when there is no room for it.
    full: String,
    length: u64,
    checksum: Box<Xxh3>,
}

impl Spool {
    /// In a folder for temporary files, or else in a work folder.
    pub fn new(folder: &Path, work: Option<&Path>) -> Result<Self> {
        let full = match work {
            None => full(folder),
            Some(work) => format!("{}: cannot keep a copy of the input here", work.display()),
        };
        let file = match work {
            None => temporary(folder),
            Some(work) => File::options()
                .read(true)
                .write(true)
                .create(true)
                .truncate(true)
                .open(Self::kept_in(work)),
        };
        let file = file.with_context(|| full.clone())?;
        Ok(Self { file, full, length: 0, checksum: Box::default() })
    }

    /// Where it is in a work folder.
    pub fn kept_in(work: &Path) -> PathBuf {
        work.join("reprint-texts")
    }

    /// The bytes in it.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Adds bytes, and returns where they begin.
    pub fn append(&mut self, bytes: &[u8]) -> Result<u64> {
        let start = self.length;
        self.file.write_all(bytes).with_context(|| self.full.clone())?;
        self.checksum.update(bytes);
        self.length += bytes.len() as u64;
        Ok(start)
    }

    /// Makes sure that it lasts, and returns its length and checksum.
    pub fn keep(&mut self) -> Result<(u64, u64)> {
        self.file.sync_data().with_context(|| self.full.clone())?;
        Ok((self.length, self.checksum.digest()))
    }

    /// What was kept in a work folder; says what is wrong with it.
    pub fn found(work: &Path, length: u64, checksum: u64) -> Result<Self, String> {
        let wrong = |error: io::Error| error.to_string();
        let mut file = File::open(Self::kept_in(work)).map_err(wrong)?;
        let (mut found, mut bytes) = (Box::<Xxh3>::default(), vec![0; super::PIECE]);
        loop {
            match file.read(&mut bytes).map_err(wrong)? {
                0 => break,
                read => found.update(&bytes[..read]),
            }
        }
        let is_same = file.metadata().map_err(wrong)?.len() == length;
        if !is_same || found.digest() != checksum {
            return Err("its checksum is wrong".to_owned());
        }
        Ok(Self { file, full: String::new(), length, checksum: found })
    }

    pub fn read(&self, range: Range<u64>, bytes: &mut Vec<u8>) -> io::Result<()> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(range.start))?;
        bytes.resize((range.end - range.start) as usize, 0);
        file.read_exact(bytes)
    }
}

impl fmt::Debug for Spool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spool").field("length", &self.length).finish_non_exhaustive()
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
