//! Scratch files: gone when they are closed, however the process ends.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where rows go that are too many for memory.
#[derive(Debug)]
pub(in crate::dedup) struct Scratch {
    /// The folder of the scratch files.
    folder: PathBuf,
    /// Bytes that the rows of a store may take in memory.
    pub(super) memory: usize,
    /// Bytes that went into files.
    written: AtomicU64,
    /// Why no more do.
    error: OnceLock<io::Error>,
}

impl Scratch {
    pub(in crate::dedup) fn new(folder: PathBuf, memory: usize) -> Self {
        Self { folder, memory, written: AtomicU64::new(0), error: OnceLock::new() }
    }

    /// Bytes that went into files, or why some did not.
    pub(in crate::dedup) fn written(&self) -> Result<u64, &io::Error> {
        self.error.get().map_or_else(|| Ok(self.written.load(Ordering::Relaxed)), Err)
    }

    /// Counts what was written, or takes note that it could not be.
    pub(super) fn wrote(&self, bytes: io::Result<u64>) {
        match bytes {
            Ok(bytes) => {
                self.written.fetch_add(bytes, Ordering::Relaxed);
            }
            Err(error) => {
                // The first one tells why.
                let _ = self.error.set(error);
            }
        }
    }

    /// A file without a name.
    #[cfg(unix)]
    pub(super) fn file(&self) -> io::Result<File> {
        let (path, file) = new_file(&self.folder)?;
        std::fs::remove_file(path)?;
        Ok(file)
    }

    /// A file that is gone when it is closed.
    #[cfg(not(unix))]
    pub(super) fn file(&self) -> io::Result<File> {
        new_file(&self.folder).map(|(_, file)| file)
    }
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
pub(super) fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(windows)]
pub(super) fn read_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
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
pub(super) fn read_at(_: &File, _: &mut [u8], _: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
