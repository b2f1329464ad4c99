//! From the PATHs of the command line to the list of files to read.

use std::collections::{HashMap, HashSet};
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, anyhow, bail, ensure};

use crate::Usage;
use crate::text::counted;

/// A file to read, or standard input.
#[derive(Debug)]
pub struct Source {
    /// What messages call it: the path, as the user can open it; `-` for standard input.
    pub path: PathBuf,
    /// What ids call it: the path relative to the PATH given.
    pub name: String,
    pub kind: Kind,
    /// Whether the user named this very file, rather than a folder above it.
    pub explicit: bool,
    /// Of a regular file, which can be read again.
    pub state: Option<State>,
    /// The path without symbolic links, to tell whether two files are the same.
    real: PathBuf,
}

impl Source {
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
    size: u64,
    /// Where the system tells.
    modified: Option<SystemTime>,
}

impl State {
    /// Nothing for what is no regular file.
    pub fn of(metadata: &Metadata) -> Option<Self> {
        let (size, modified) = (metadata.len(), metadata.modified().ok());
        metadata.is_file().then_some(Self { size, modified })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Lines,
    Stdin,
}

impl Kind {
    fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "txt" => Some(Self::Text),
            "jsonl" | "ndjson" => Some(Self::Lines),
            _ => None,
        }
    }
}

const KINDS: &str = ".txt, .jsonl, .ndjson";

/// All files to read, and what to tell the user about the rest.
#[derive(Debug, Default)]
pub struct Sources {
    pub files: Vec<Source>,
    pub warnings: Vec<String>,
    /// Files and folders below a PATH that cannot be read.
    pub unreadable: Vec<String>,
    ignored: usize,
    repeated: usize,
    /// The folders and files met so far: none is read twice, and no link leads round in circles.
    met: HashSet<PathBuf>,
}

impl Sources {
    /// Lists the files of all PATHs, those of a folder in the order of their paths.
    pub fn find(paths: &[PathBuf]) -> Result<Self> {
        let mut all = Self::default();
        for path in paths {
            all.add(path)?;
        }
        all.qualify_names();
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

    fn add(&mut self, path: &Path) -> Result<()> {
        if path.as_os_str() == "-" {
            if self.contains(path) {
                return Err(Usage("`-`, the standard input, can be named only once".into()).into());
            }
            let (real, kind) = (path.into(), Kind::Stdin);
            let (path, name) = (path.into(), "-".into());
            self.push(Source { path, real, name, kind, explicit: true, state: None });
            return Ok(());
        }
        let shown = path.display();
        let metadata = match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => bail!("{shown}: not found"),
            result => result.with_context(|| format!("{shown}: cannot be read"))?,
        };
        if metadata.is_dir() {
            let met = |all: &Self| all.files.len() + all.unreadable.len() + all.repeated;
            let before = met(self);
            self.search(path, "")?;
            if met(self) == before {
                self.warnings.push(format!("{shown}: no article in this folder ({KINDS})"));
            }
            return Ok(());
        }
        let Some(kind) = Kind::of(path) else {
            bail!(
                "{shown}: only {KINDS} files can be read; JSON lines from elsewhere can come on \
                 standard input, with `-` as PATH"
            );
        };
        // Found out now rather than after an hour of reading others. A pipe opens only once.
        if metadata.is_file() {
            fs::File::open(path).with_context(|| format!("{shown}: cannot be read"))?;
        }
        let real = fs::canonicalize(path).with_context(|| format!("{shown}: cannot be read"))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let state = State::of(&metadata);
        let name = name.unwrap_or_else(|| shown.to_string());
        self.push(Source { path: path.into(), real, name, kind, explicit: true, state });
        Ok(())
    }

    fn push(&mut self, source: Source) {
        if self.met.insert(source.real.clone()) {
            self.files.push(source);
        } else {
            self.repeated += 1;
        }
    }

    /// Searches a folder; `prefix` is its path relative to the PATH given.
    fn search(&mut self, folder: &Path, prefix: &str) -> Result<()> {
        let listed = fs::canonicalize(folder).and_then(|real| Ok((real, entries(folder)?)));
        let (real, entries) = match listed {
            Ok(listed) => listed,
            Err(error) if prefix.is_empty() => {
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
            let name = format!("{prefix}{}", file_name.to_string_lossy());
            let metadata = match fs::metadata(&path) {
                Ok(metadata) => metadata,
                Err(error) => {
                    self.unreadable.push(format!("{}: {error}", path.display()));
                    continue;
                }
            };
            if metadata.is_dir() {
                self.search(&path, &format!("{name}/"))?;
            } else if let (Some(kind), true) = (Kind::of(&path), metadata.is_file()) {
                let plain = real.join(&file_name);
                let real = if link { fs::canonicalize(&path).unwrap_or(plain) } else { plain };
                let state = State::of(&metadata);
                self.push(Source { path, real, name, kind, explicit: false, state });
            } else {
                self.ignored += 1;
            }
        }
        Ok(())
    }

    /// Where several files have the same name, all of them are called by the full path instead.
    fn qualify_names(&mut self) {
        let mut count: HashMap<&str, usize> = HashMap::new();
        for file in &self.files {
            *count.entry(&file.name).or_default() += 1;
        }
        let shared: Vec<bool> = self.files.iter().map(|file| count[&*file.name] > 1).collect();
        for (file, _) in self.files.iter_mut().zip(shared).filter(|(_, shared)| *shared) {
            file.name = file.path.display().to_string().replace('\\', "/");
        }
    }

    /// Whether a file is among those that are read.
    pub fn contains(&self, real: &Path) -> bool {
        self.files.iter().any(|file| file.real == real)
    }

    /// Fails if a file is not any more what it was when it was found.
    pub fn unchanged(&self) -> Result<()> {
        let mut regular = self.files.iter().filter(|file| file.state.is_some());
        regular.try_for_each(|file| file.unchanged(fs::metadata(&file.path)))
    }

    /// The bytes to read, where all sizes are known.
    pub fn size(&self) -> Option<u64> {
        self.files.iter().map(|file| Some(file.state?.size)).sum()
    }
}

/// The entries of a folder that are not hidden, in order, and whether each is a symbolic link.
fn entries(folder: &Path) -> io::Result<Vec<(std::ffi::OsString, bool)>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if !name.as_encoded_bytes().starts_with(b".") {
            entries.push((name, entry.file_type()?.is_symlink()));
        }
    }
    entries.sort_unstable();
    Ok(entries)
}
