//! From the PATHs of the command line to the list of files to read.

use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, anyhow, bail, ensure};

use super::kind::{KINDS, Kind};
use super::packing::Packing;
use super::pieces::PIECE;
use crate::Usage;
use crate::text::counted;

/// A file to read, or standard input. There may be millions of them.
#[derive(Clone, Debug)]
pub struct Source {
    /// What messages call it: the path, as the user can open it; `-` for standard input.
    pub path: Box<Path>,
    pub kind: Kind,
    pub packing: Packing,
    /// Whether the user named this very file, rather than a folder above it.
    pub explicit: bool,
    /// How many parts of the path do not stand in its name.
    above: u16,
    /// Of a regular file, which can be read again.
    pub state: Option<State>,
}

impl Source {
    /// What ids call it: the path relative to the PATH given, or all of it where files of other
    /// PATHs are called the same.
    pub fn name(&self) -> String {
        if self.above == 0 {
            return self.path.to_string_lossy().replace('\\', "/");
        }
        let parts = self.path.components().skip(self.above.into());
        let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy()).collect();
        parts.join("/")
    }

    /// Whether it is there for more than one reading.
    pub fn can_be_read_again(&self) -> bool {
        self.state.is_some()
    }

    /// Whether an article in it can be read without what stands before it.
    pub fn has_places(&self) -> bool {
        self.kind.is_whole() || self.packing == Packing::None && self.kind != Kind::Parquet
    }

    /// Opens it, and unpacks what it holds.
    pub fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        if &*self.path != "-" {
            let file = File::open(&self.path)?;
            return match self.packing {
                Packing::None => Ok(Box::new(file)),
                packing => packing.reader(BufReader::with_capacity(PIECE, file)),
            };
        }
        let mut start = Vec::new();
        io::stdin().take(6).read_to_end(&mut start)?;
        let packing = Packing::of_bytes(&start);
        packing.reader(BufReader::with_capacity(PIECE, io::Cursor::new(start).chain(io::stdin())))
    }

    /// The bytes in it, or 0 where that is not known.
    pub fn size(&self) -> u64 {
        self.state.map_or(0, |state| state.size)
    }

    /// Fails if the file is not any more what it was when it was found.
    pub fn unchanged(&self, metadata: io::Result<Metadata>) -> Result<()> {
        let now = metadata.map_err(|error| self.lost(&error))?;
        ensure!(State::of(&now) == self.state, "{}", self.changed());
        Ok(())
    }

    /// That the file cannot be read again.
    pub fn lost(&self, error: &io::Error) -> anyhow::Error {
        anyhow!("{}: cannot be read again: {error}", self.path.display())
    }

    /// That the file is not what it was.
    pub fn changed(&self) -> String {
        format!("{}: has changed since it was read", self.path.display())
    }
}

/// By which a file shows that it has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    pub size: u64,
    /// Where the system tells.
    pub modified: Option<SystemTime>,
}

impl State {
    /// Nothing for what is no regular file.
    pub fn of(metadata: &Metadata) -> Option<Self> {
        let (size, modified) = (metadata.len(), metadata.modified().ok());
        metadata.is_file().then_some(Self { size, modified })
    }
}

/// All files to read, and what to tell the user about the rest.
#[derive(Debug, Default)]
pub struct Sources {
    pub files: Vec<Source>,
    pub warnings: Vec<String>,
    /// Files and folders below a PATH that cannot be read.
    pub unreadable: Vec<String>,
    ignored: usize,
    repeated: usize,
    /// The folders searched so far, and the files that were named or linked: none is read twice,
    /// and no link leads round in circles. The files of these folders are known by their names.
    met: HashSet<PathBuf>,
}

impl Sources {
    /// Lists the files of all PATHs, those of a folder in the order of their paths.
    pub fn find(paths: &[PathBuf], stdin: Kind) -> Result<Self> {
        let mut all = Self::default();
        let paths = expanded(paths)?;
        for path in &paths {
            all.add(path, stdin)?;
        }
        if paths.len() > 1 {
            all.qualify_names();
        }
        if all.ignored > 0 {
            let files = counted(all.ignored, "file");
            all.warnings.push(format!("{files} of other kinds than {KINDS} ignored"));
        }
        if all.repeated > 0 {
            let paths = counted(all.repeated, "path");
            all.warnings.push(format!("{paths} not read again, being named or linked before"));
        }
        Ok(all)
    }

    fn add(&mut self, path: &Path, stdin: Kind) -> Result<()> {
        if path.as_os_str() == "-" {
            if !self.met.insert(path.into()) {
                return Err(Usage("`-`, the standard input, can be named only once".into()).into());
            }
            let (path, kind, packing) = (path.into(), stdin, Packing::None);
            self.files.push(Source { path, kind, packing, explicit: true, above: 0, state: None });
            return Ok(());
        }
        let shown = path.display();
        let metadata = fs::metadata(path).with_context(|| format!("{shown}: cannot be read"))?;
        if metadata.is_dir() {
            let met = |all: &Self| all.files.len() + all.unreadable.len() + all.repeated;
            let before = met(self);
            self.search(path, path.components().count())?;
            if met(self) == before {
                self.warnings.push(format!("{shown}: no article in this folder ({KINDS})"));
            }
            return Ok(());
        }
        let Some((kind, packing)) = Kind::of(path) else {
            bail!(
                "{shown}: only {KINDS} files can be read; what has another name can come on \
                 standard input, with `-` as PATH and --input-format"
            );
        };
        // Found out now rather than after an hour of reading others. A pipe opens only once.
        if metadata.is_file() {
            File::open(path).with_context(|| format!("{shown}: cannot be read"))?;
        }
        let real = fs::canonicalize(path).with_context(|| format!("{shown}: cannot be read"))?;
        if !self.is_new(real) {
            return Ok(());
        }
        let above = shortened(path.components().count().saturating_sub(1));
        let state = State::of(&metadata);
        self.files.push(Source { path: path.into(), kind, packing, explicit: true, above, state });
        Ok(())
    }

    /// Whether a file that is named or linked is none of those that are read already.
    fn is_new(&mut self, real: PathBuf) -> bool {
        let is_new = !self.contains(&real) && self.met.insert(real);
        self.repeated += usize::from(!is_new);
        is_new
    }

    /// Searches a folder; `above` parts of its path are those of the PATH given.
    fn search(&mut self, folder: &Path, above: usize) -> Result<()> {
        let is_given = folder.components().count() == above;
        let listed = fs::canonicalize(folder).and_then(|real| Ok((real, entries(folder)?)));
        let (real, entries) = match listed {
            Ok(listed) => listed,
            Err(error) if is_given => {
                return Err(error).with_context(|| format!("{}: cannot be read", folder.display()));
            }
            Err(error) => {
                self.unreadable.push(format!("{}: {error}", folder.display()));
                return Ok(());
            }
        };
        if !self.met.insert(real.clone()) {
            self.repeated += 1;
            return Ok(());
        }
        for (file_name, link) in entries {
            let path = folder.join(&file_name);
            let metadata = match fs::metadata(&path) {
                Ok(metadata) => metadata,
                Err(error) => {
                    self.unreadable.push(format!("{}: {error}", path.display()));
                    continue;
                }
            };
            if metadata.is_dir() {
                self.search(&path, above)?;
            } else if let (Some((kind, packing)), true) = (Kind::of(&path), metadata.is_file()) {
                let plain = real.join(&file_name);
                if link {
                    if !self.is_new(fs::canonicalize(&path).unwrap_or(plain)) {
                        continue;
                    }
                } else if self.met.contains(&plain) {
                    self.repeated += 1;
                    continue;
                }
                let (path, above) = (path.into_boxed_path(), shortened(above));
                let state = State::of(&metadata);
                self.files.push(Source { path, kind, packing, explicit: false, above, state });
            } else {
                self.ignored += 1;
            }
        }
        Ok(())
    }

    /// Where several files have the same name, all of them are called by the full path instead.
    fn qualify_names(&mut self) {
        let mut count: HashMap<String, usize> = HashMap::new();
        for file in &self.files {
            *count.entry(file.name()).or_default() += 1;
        }
        for file in self.files.iter_mut().filter(|file| count[&file.name()] > 1) {
            file.above = 0;
        }
    }

    /// Whether a file is among those that are read.
    pub fn contains(&self, real: &Path) -> bool {
        let (folder, name) = (real.parent(), real.file_name());
        let is_listed = folder.is_some_and(|folder| self.met.contains(folder))
            && name.is_some_and(|name| !is_hidden(name))
            && Kind::of(real).is_some()
            && real.is_file();
        is_listed || self.met.contains(real)
    }

    /// Fails if a file is not any more what it was when it was found.
    pub fn unchanged(&self) -> Result<()> {
        let mut regular = self.files.iter().filter(|file| file.state.is_some());
        regular.try_for_each(|file| file.unchanged(fs::metadata(&file.path)))
    }

    /// The bytes to read, where that is known of all files: what is packed says it in the end.
    pub fn size(&self) -> Option<u64> {
        let is_plain = |file: &Source| file.packing == Packing::None && file.kind != Kind::Parquet;
        self.files.iter().map(|file| Some(file.state.filter(|_| is_plain(file))?.size)).sum()
    }
}

/// The paths, with the files that patterns stand for which no shell has replaced.
fn expanded(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for path in paths {
        let is_missing = |error: io::Error| error.kind() == io::ErrorKind::NotFound;
        if path.as_os_str() == "-" || !fs::metadata(path).is_err_and(is_missing) {
            all.push(path.clone());
            continue;
        }
        let shown = path.display();
        let pattern = path.to_str().filter(|path| path.contains(['*', '?', '[']));
        let Some(pattern) = pattern else { bail!("{shown}: not found") };
        let found = glob::glob(pattern).map_err(|error| Usage(format!("{shown}: {error}")))?;
        let before = all.len();
        for path in found {
            all.push(path.with_context(|| format!("{shown}: cannot be searched"))?);
        }
        ensure!(all.len() > before, "{shown}: not found, and no file is called like this");
    }
    Ok(all)
}

/// The entries of a folder that are not hidden, in order, and whether each is a symbolic link.
fn entries(folder: &Path) -> io::Result<Vec<(OsString, bool)>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if !is_hidden(&name) {
            entries.push((name, entry.file_type()?.is_symlink()));
        }
    }
    entries.sort_unstable();
    Ok(entries)
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// No system has paths of so many parts.
fn shortened(parts: usize) -> u16 {
    u16::try_from(parts).unwrap_or(0)
}
