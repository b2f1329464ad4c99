//! Room on the disk: what a run is going to need, and what is free.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use indicatif::DecimalBytes;

use crate::args::Args;
use crate::articles::Needs;
use crate::input::files::{Source, Sources};
use crate::input::kind::Kind;
use crate::input::packing::Packing;
use crate::text::thousands;

/// Bytes of text in a byte of a packed file, about; Parquet files are packed inside.
const UNPACKED: u64 = 4;

/// Bytes of words in memory for a hundred bytes of text, and bytes of scratch files, for English:
/// 62, and 58, or 64 with a method beside coverage.
const WORDS: u64 = 62;
const SCRATCH: u64 = 64;

/// The least bytes of a line about a pair.
const PAIR: u64 = 110;

/// What files of our own are going to take in a folder, as far as the inputs tell.
#[derive(Debug)]
pub struct Forecast {
    folder: PathBuf,
    bytes: u64,
    /// How the user names another folder.
    option: &'static str,
}

impl Forecast {
    /// One for each folder in which there will be any.
    pub fn all(args: &Args, sources: &Sources) -> Vec<Self> {
        let needs = Needs::new(args);
        let texts: u64 = sources.files.iter().map(unpacked).sum();
        let share = |percent: u64| texts / 100 * percent;
        let spills = args.memory().is_some_and(|memory| share(WORDS) > memory / 4);
        let copies = sources.files.iter().filter(|file| needs.a_copy_of(file)).map(unpacked).sum();
        let mut all = Vec::new();
        let bytes = share(SCRATCH);
        match &args.work {
            // What is there already is not needed again.
            Some(folder) if folder.exists() => return all,
            Some(folder) => all.push(Self { folder: folder.clone(), bytes, option: "--work" }),
            None if spills => {
                all.push(Self { folder: args.scratch_folder(), bytes, option: "--scratch" });
            }
            None => {}
        }
        if copies > 0 {
            let folder = args.work.clone().unwrap_or_else(env::temp_dir);
            match all.iter_mut().find(|forecast| forecast.folder == folder) {
                Some(scratch) => scratch.bytes += copies,
                None => all.push(Self { folder, bytes: copies, option: "the variable TMPDIR" }),
            }
        }
        all
    }

    /// What there is to say: a warning if it is too much.
    pub fn words(&self) -> (String, bool) {
        let (folder, option) = (self.folder.display(), self.option);
        let needed = DecimalBytes(self.bytes);
        match free(&self.folder) {
            Some(free) if free < self.bytes => {
                let free = DecimalBytes(free);
                let words = format!(
                    "warning: files in {folder} will take about {needed}, and {free} are \
                     free there ({option} names another folder)"
                );
                (words, true)
            }
            free => {
                let free =
                    free.map_or(String::new(), |free| format!(" of {} free", DecimalBytes(free)));
                (format!("files in {folder} will take about {needed}{free}"), false)
            }
        }
    }
}

/// The bytes of text in a file, about, or 0 where that is not known.
fn unpacked(file: &Source) -> u64 {
    let is_packed = file.packing != Packing::None || file.kind == Kind::Parquet;
    file.size() * if is_packed { UNPACKED } else { 1 }
}

/// Bytes that are free in a folder, or above one that is still to be made, where the system tells.
fn free(folder: &Path) -> Option<u64> {
    folder.ancestors().find_map(|folder| {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        fs4::available_space(folder).ok()
    })
}

/// Fails if so many pairs can't be written to a file.
pub fn has_room_for_pairs(path: &Path, pairs: u64) -> Result<()> {
    let needed = pairs.saturating_mul(PAIR);
    if let (Packing::None, Some(free)) = (Packing::of(path), path.parent().and_then(free)) {
        ensure!(
            needed <= free,
            "{}: {} pairs take more than {}, and {} are free; the clusters say the same in short",
            path.display(),
            thousands(pairs),
            DecimalBytes(needed),
            DecimalBytes(free),
        );
    }
    Ok(())
}
