//! The form of a stage's file: read with suspicion, and written whole or not at all.
//!
//! Little-endian numbers of 8 bytes: a name of the format with its version, the number of the
//! stage, the checksum of the stage that it was made from (0 for the first one), and the length of
//! the settings. Then the settings, a line `name=value` each, the result of the stage, and the
//! XXH3 hash of all that.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::Xxh3;

/// How a file begins. The version is that of all that is in it, nodes and samples included.
const MAGIC: &[u8; 8] = b"RPWORK\0\x02";

/// Bytes before the settings.
const HEAD: u64 = 32;

/// Bytes that are read or written at once.
const PIECE: usize = 1 << 20;

/// What is wrong with a file, as the end of the sentence "FILE is damaged: …".
pub(in crate::dedup) type Damage = String;

/// The hash of bytes that come piece by piece.
#[derive(Default)]
pub(in crate::dedup) struct Checksum(Box<Xxh3>);

impl Checksum {
    pub(in crate::dedup) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(in crate::dedup) fn get(&self) -> u64 {
        self.0.digest()
    }
}

impl fmt::Debug for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Checksum({:016x})", self.get())
    }
}

/// A setting by its name, and its value.
pub(in crate::dedup) type Setting = (String, String);

/// Settings as lines.
fn to_lines(settings: &[Setting]) -> String {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('\n', "\\n").replace('=', "\\e");
    settings.iter().map(|(name, value)| format!("{}={}\n", escaped(name), escaped(value))).collect()
}

/// The settings that lines stand for.
fn from_lines(lines: &str) -> Vec<Setting> {
    let plain = |text: &str| {
        let mut parts =
            text.split("\\\\").map(|part| part.replace("\\n", "\n").replace("\\e", "="));
        let first = parts.next().unwrap_or_default();
        parts.fold(first, |text, part| text + "\\" + &part)
    };
    let settings = lines.split_terminator('\n').filter_map(|line| line.split_once('='));
    settings.map(|(name, value)| (plain(name), plain(value))).collect()
}

/// Writes a stage's file, and returns its checksum.
pub(in crate::dedup) fn write(
    path: &Path,
    stage: u64,
    from: u64,
    settings: &[Setting],
    result: impl FnOnce(&mut Writer) -> io::Result<()>,
) -> io::Result<u64> {
    let temporary = temporary(path);
    let written = Writer::new(&temporary).and_then(|mut out| {
        let lines = to_lines(settings);
        out.bytes(MAGIC)?;
        [stage, from, lines.len() as u64].into_iter().try_for_each(|number| out.number(number))?;
        out.bytes(lines.as_bytes())?;
        result(&mut out)?;
        out.finish()
    });
    let renamed = written.and_then(|checksum| {
        fs::rename(&temporary, path)?;
        sync_folder(path)?;
        Ok(checksum)
    });
    renamed.inspect_err(|_| drop(fs::remove_file(&temporary)))
}

/// The name under which a file is written.
pub(super) fn temporary(path: &Path) -> PathBuf {
    path.with_extension("new")
}

/// Makes sure that a name that was given lasts.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Writes the result of a stage.
#[derive(Debug)]
pub(in crate::dedup) struct Writer {
    file: File,
    checksum: Checksum,
    buffer: Vec<u8>,
}

impl Writer {
    fn new(path: &Path) -> io::Result<Self> {
        let file = File::create(path)?;
        Ok(Self { file, checksum: Checksum::default(), buffer: Vec::new() })
    }

    pub(in crate::dedup) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= PIECE { self.flush() } else { Ok(()) }
    }

    pub(in crate::dedup) fn number(&mut self, number: u64) -> io::Result<()> {
        self.bytes(&number.to_le_bytes())
    }

    /// Numbers of 4 bytes, without their count.
    pub(in crate::dedup) fn numbers(
        &mut self,
        numbers: impl IntoIterator<Item = u32>,
    ) -> io::Result<()> {
        numbers.into_iter().try_for_each(|number| self.bytes(&number.to_le_bytes()))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.checksum.update(&self.buffer);
        self.file.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    fn finish(mut self) -> io::Result<u64> {
        self.flush()?;
        let checksum = self.checksum.get();
        self.file.write_all(&checksum.to_le_bytes())?;
        self.file.sync_all()?;
        Ok(checksum)
    }
}

/// Reads the result of a stage. Nothing of it is to be believed before [`finish`](Self::finish).
#[derive(Debug)]
pub(in crate::dedup) struct Reader {
    file: File,
    checksum: Checksum,
    /// Bytes before the checksum.
    left: u64,
    pub(super) from: u64,
    pub(super) settings: Vec<Setting>,
}

impl Reader {
    /// Opens the file of a stage; `None` if there is no such file.
    pub(in crate::dedup) fn open(path: &Path, stage: u64) -> Result<Option<Self>, Damage> {
        let file = match File::open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            file => file.map_err(in_words)?,
        };
        let length = file.metadata().map_err(in_words)?.len();
        let left = length.checked_sub(HEAD + 8).ok_or("it is too short")? + HEAD;
        let (checksum, settings) = (Checksum::default(), Vec::new());
        let mut reader = Self { file, checksum, left, from: 0, settings };
        let mut magic = [0; 8];
        reader.exact(&mut magic)?;
        if magic != *MAGIC || reader.number()? != stage {
            return Err("it is something else, or of another version".into());
        }
        reader.from = reader.number()?;
        let lines = reader.number()?;
        let lines = reader.bytes(lines)?;
        reader.settings = from_lines(&String::from_utf8_lossy(&lines));
        Ok(Some(reader))
    }

    fn exact(&mut self, to: &mut [u8]) -> Result<(), Damage> {
        self.left = self.left.checked_sub(to.len() as u64).ok_or("it is too short")?;
        self.file.read_exact(to).map_err(in_words)?;
        self.checksum.update(to);
        Ok(())
    }

    pub(in crate::dedup) fn number(&mut self) -> Result<u64, Damage> {
        let mut bytes = [0; 8];
        self.exact(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    /// A count of things of which each takes so many bytes: there are not more than fit.
    pub(in crate::dedup) fn count(&mut self, bytes: u64) -> Result<usize, Damage> {
        let count = self.number()?;
        let fits = count.checked_mul(bytes).is_some_and(|bytes| bytes <= self.left);
        usize::try_from(count).ok().filter(|_| fits).ok_or_else(|| "it is too short".into())
    }

    /// So many bytes.
    fn bytes(&mut self, count: u64) -> Result<Vec<u8>, Damage> {
        let fits = usize::try_from(count).ok().filter(|_| count <= self.left);
        let mut bytes = vec![0; fits.ok_or("it is too short")?];
        self.exact(&mut bytes)?;
        Ok(bytes)
    }

    /// The bytes that are left.
    pub(in crate::dedup) fn rest(&mut self) -> Result<Vec<u8>, Damage> {
        self.bytes(self.left)
    }

    /// Gives so many groups of numbers of 4 bytes to `each`.
    pub(in crate::dedup) fn groups<const N: usize>(
        &mut self,
        count: usize,
        mut each: impl FnMut([u32; N]),
    ) -> Result<(), Damage> {
        let (mut left, mut bytes) = (count, Vec::new());
        while left > 0 {
            let groups = left.min(PIECE / (4 * N));
            bytes.resize(4 * N * groups, 0);
            self.exact(&mut bytes)?;
            for group in bytes.as_chunks::<4>().0.as_chunks::<N>().0 {
                each(group.map(u32::from_le_bytes));
            }
            left -= groups;
        }
        Ok(())
    }

    /// So many ranges, of 8 bytes each.
    pub(in crate::dedup) fn ranges(&mut self, count: usize) -> Result<Vec<Range<u32>>, Damage> {
        let mut ranges = Vec::with_capacity(count);
        self.groups(count, |[start, end]| ranges.push(start..end))?;
        Ok(ranges)
    }

    /// Reads past all that is left.
    pub(super) fn skip(&mut self) -> Result<(), Damage> {
        let mut bytes = vec![0; PIECE];
        while self.left > 0 {
            let piece = usize::try_from(self.left).unwrap_or(PIECE).min(PIECE);
            self.exact(&mut bytes[..piece])?;
        }
        Ok(())
    }

    /// Ends the reading, and returns the checksum, which is that of all that was read.
    pub(super) fn finish(mut self) -> Result<u64, Damage> {
        if self.left > 0 {
            return Err("it is too long".into());
        }
        let mut expected = [0; 8];
        self.file.read_exact(&mut expected).map_err(in_words)?;
        let checksum = self.checksum.get();
        if checksum.to_le_bytes() != expected {
            return Err(WRONG.into());
        }
        Ok(checksum)
    }
}

/// How damage shows.
pub(in crate::dedup) const WRONG: &str = "its checksum is wrong";

pub(in crate::dedup) fn in_words(error: io::Error) -> Damage {
    match error.kind() {
        ErrorKind::UnexpectedEof => "it is too short".into(),
        _ => format!("it cannot be read: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn settings_are_read_as_they_were_written(
            settings in proptest::collection::vec(("[a-z=\\\\\r\n]{0,9}", "[a-z=\\\\\r\n]{0,9}"), 0..5),
        ) {
            let lines = to_lines(&settings);
            prop_assert_eq!(lines.matches('\n').count(), settings.len());
            prop_assert_eq!(from_lines(&lines), settings);
        }
    }
}
