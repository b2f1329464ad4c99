//! A folder in which the result of each stage is kept, so that work goes on after a kill.
//!
//! A stage's file is written under another name and renamed: it is there whole or not at all. It
//! holds the settings that the stage depends on, a checksum, and that of the file of the stage
//! before, so that files of different runs are never mixed. The tokens and samples of the articles
//! are in files of numbers beside them, written as the articles come in; the file of the articles
//! has what is needed to read them: lengths, codes and checksums.

mod depends;
pub(super) mod file;
mod results;
#[cfg(test)]
mod tests;

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use crate::Error;

use super::corpus::Corpus;
use super::corpus::kept::{SAMPLES, TOKENS};
use super::settings::Settings;
use file::{Damage, Reader, Setting, WRONG};
pub(super) use results::{Compared, Furnished, Kept};

/// The file that a process holds while it works in the folder.
const LOCK: &str = "reprint-lock";

/// A point from which work goes on: a stage whose result is kept in a
/// [work folder](super::Builder::work).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Checkpoint {
    /// All articles are in, as [`Deduper::checkpoint`](super::Deduper::checkpoint) said.
    Articles,
    /// Furniture was learned, and marked in the articles.
    Furniture,
    /// The indexes were asked for candidates.
    Candidates,
    /// The candidates were verified.
    Pairs,
}

impl Checkpoint {
    const ALL: [Self; 4] = [Self::Articles, Self::Furniture, Self::Candidates, Self::Pairs];

    /// The name of its file.
    fn file(self) -> &'static str {
        match self {
            Self::Articles => "reprint-articles",
            Self::Furniture => "reprint-furniture",
            Self::Candidates => "reprint-candidates",
            Self::Pairs => "reprint-pairs",
        }
    }

    fn before(self) -> Option<Self> {
        Self::ALL.into_iter().take_while(|&other| other < self).last()
    }
}

/// Why a stage is done again, though there is a result of it in the work folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redo {
    /// It was made with other settings, or of other inputs.
    Changed {
        /// The first setting that differs: as the builder calls it, or as
        /// [`Builder::work`](super::Builder::work) was told.
        name: String,
        /// Its value then, if there was such a setting.
        was: Option<String>,
        /// Its value now, if there is such a setting. The same where only the order differs.
        now: Option<String>,
    },
    /// It is not what was written.
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, such as "its checksum is wrong".
        problem: String,
    },
}

/// The work folder of a deduper, and what was found in it: see
/// [`Builder::work`](super::Builder::work).
#[derive(Debug)]
pub struct Work {
    folder: PathBuf,
    /// Held as long as this lives.
    _lock: File,
    /// What each stage depends on.
    settings: [Vec<Setting>; 4],
    found: Option<Checkpoint>,
    redo: Option<(Checkpoint, Redo)>,
    notes: Option<Vec<u8>>,
    /// How many articles there were at the checkpoint.
    articles: usize,
    /// The checksums of the files that fit the settings and each other.
    valid: Mutex<[Option<u64>; 4]>,
    error: OnceLock<io::Error>,
}

impl Work {
    /// The last stage whose result was found, which fits the settings: everything up to it is not
    /// done again. None if the articles are to be inserted.
    pub fn found(&self) -> Option<Checkpoint> {
        self.found
    }

    /// Why the stage behind that is done again, if a result of it was there: the stage, and what
    /// is wrong with the result.
    pub fn redo(&self) -> Option<(Checkpoint, &Redo)> {
        self.redo.as_ref().map(|(stage, redo)| (*stage, redo))
    }

    /// Why a result could not be kept, such as a full disk; work would begin again before it.
    pub fn error(&self) -> Option<&io::Error> {
        self.error.get()
    }

    /// The bytes of all files in the folder that are kept.
    pub fn size(&self) -> u64 {
        let names = Checkpoint::ALL.map(Checkpoint::file).into_iter().chain([TOKENS, SAMPLES]);
        let sizes = names.filter_map(|name| fs::metadata(self.folder.join(name)).ok());
        sizes.map(|metadata| metadata.len()).sum()
    }

    /// Opens a folder, which is made if it is missing; reads the articles, if they are there and
    /// come from these inputs, and looks at what else is there.
    pub(super) fn open(
        folder: &Path,
        inputs: Vec<Setting>,
        settings: &Settings,
    ) -> Result<(Self, Corpus), Error> {
        let wrong = |problem: &dyn ToString| Error::folder(folder, problem.to_string());
        fs::create_dir_all(folder).map_err(|error| wrong(&error))?;
        let lock = File::create(folder.join(LOCK)).map_err(|error| wrong(&error))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => wrong(&"another process works in it"),
            TryLockError::Error(error) => wrong(&error),
        })?;
        let mut work = Self {
            folder: folder.into(),
            _lock: lock,
            settings: depends::stages(settings, inputs),
            found: None,
            redo: None,
            notes: None,
            articles: 0,
            valid: Mutex::default(),
            error: OnceLock::new(),
        };
        let corpus = match work.find(settings) {
            Some(corpus) => corpus,
            None => work.begin(settings).map_err(|error| wrong(&error))?,
        };
        Ok((work, corpus))
    }

    /// Finds out from which stage work goes on; reads the articles, if it is not the first one.
    fn find(&mut self, settings: &Settings) -> Option<Corpus> {
        let mut corpus = None;
        for stage in Checkpoint::ALL {
            // Of a process that was killed as it wrote.
            let _ = fs::remove_file(file::temporary(&self.path(stage)));
        }
        for stage in Checkpoint::ALL {
            let mut found = self.look(stage);
            if stage == Checkpoint::Articles && matches!(found, Ok(Some(_))) {
                match self.read_articles(settings) {
                    Ok((articles, notes)) => {
                        self.articles = articles.len();
                        (corpus, self.notes) = (Some(articles), Some(notes));
                    }
                    Err(redo) => found = Err(redo),
                }
            }
            match found {
                Ok(Some(checksum)) => self.valid()[stage as usize] = Some(checksum),
                Ok(None) => break,
                Err(redo) => {
                    self.redo = Some((stage, redo));
                    break;
                }
            }
            self.found = Some(stage);
        }
        corpus
    }

    /// An empty corpus in the folder, where nothing is left of all that was kept. It is in memory
    /// and scratch files if the folder fails.
    pub(super) fn restart(&mut self, settings: &Settings) -> Corpus {
        self.begin(settings).unwrap_or_else(|error| {
            self.note(Err(error));
            Corpus::with_scratch(settings)
        })
    }

    fn begin(&mut self, settings: &Settings) -> io::Result<Corpus> {
        (self.articles, self.found, self.notes) = (0, None, None);
        *self.valid() = Default::default();
        for stage in Checkpoint::ALL {
            match fs::remove_file(self.path(stage)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Corpus::in_folder(settings, &self.folder)
    }

    fn path(&self, stage: Checkpoint) -> PathBuf {
        self.folder.join(stage.file())
    }

    fn valid(&self) -> MutexGuard<'_, [Option<u64>; 4]> {
        self.valid.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The checksum of the stage before; none if that is not kept.
    fn from(&self, stage: Checkpoint) -> Option<u64> {
        stage.before().map_or(Some(0), |before| self.valid()[before as usize])
    }

    /// Looks whether the file of a stage is there and whole, and fits the settings and the stage
    /// before.
    fn look(&self, stage: Checkpoint) -> Result<Option<u64>, Redo> {
        let path = self.path(stage);
        let damaged = |problem| Redo::Damaged { path: path.clone(), problem };
        let Some(mut reader) = Reader::open(&path, stage as u64).map_err(damaged)? else {
            return Ok(None);
        };
        reader.skip().map_err(damaged)?;
        let (from, settings) = (reader.from, std::mem::take(&mut reader.settings));
        let checksum = reader.finish().map_err(damaged)?;
        match difference(&settings, &self.settings[stage as usize]) {
            Some(redo) => Err(redo),
            // It is what a kill has left of a run with other settings.
            None if self.from(stage) != Some(from) => Ok(None),
            None => Ok(Some(checksum)),
        }
    }

    /// Reads a stage that is valid.
    fn read<T>(
        &self,
        stage: Checkpoint,
        read: impl FnOnce(&mut Reader) -> Result<T, Damage>,
    ) -> Result<T, Damage> {
        let reader = Reader::open(&self.path(stage), stage as u64)?;
        let mut reader = reader.ok_or("it is gone")?;
        let found = read(&mut reader)?;
        let checksum = reader.finish()?;
        let is_same = self.valid()[stage as usize].is_none_or(|valid| valid == checksum);
        is_same.then_some(found).ok_or_else(|| WRONG.into())
    }

    /// The articles, and the notes of the caller.
    fn read_articles(&self, settings: &Settings) -> Result<(Corpus, Vec<u8>), Redo> {
        let damaged = |name, problem| Redo::Damaged { path: self.folder.join(name), problem };
        let stage = Checkpoint::Articles;
        let read = self.read(stage, |reader| Ok((Corpus::read(settings, reader)?, reader.rest()?)));
        let (corpus, notes) = read.map_err(|problem| damaged(stage.file(), problem))?;
        let corpus = corpus.complete(&self.folder);
        Ok((corpus.map_err(|(name, problem)| damaged(name, problem))?, notes))
    }

    /// Keeps the articles, which are all in.
    pub(super) fn keep_articles(&mut self, corpus: &mut Corpus, notes: &[u8]) {
        let kept = corpus.keep().and_then(|checksums| {
            self.write(Checkpoint::Articles, |out| {
                corpus.write(checksums, out)?;
                out.bytes(notes)
            })
        });
        if kept.is_ok() {
            self.articles = corpus.len();
        }
        self.note(kept);
    }

    /// Takes what the caller noted.
    pub(super) fn take_notes(&mut self) -> Option<Vec<u8>> {
        self.notes.take()
    }

    /// Whether the articles that are kept are those of a corpus.
    pub(super) fn has(&self, corpus: &Corpus) -> bool {
        self.valid()[0].is_some() && self.articles == corpus.len()
    }

    fn note(&self, kept: io::Result<()>) {
        if let Err(error) = kept {
            // The first one tells the most.
            let _ = self.error.set(error);
        }
    }

    /// Writes the file of a stage, if that of the stage before is there.
    fn write(
        &self,
        stage: Checkpoint,
        result: impl FnOnce(&mut file::Writer) -> io::Result<()>,
    ) -> io::Result<()> {
        let Some(from) = self.from(stage) else { return Ok(()) };
        let mut valid = self.valid();
        valid[stage as usize..].fill(None);
        let settings = &self.settings[stage as usize];
        let checksum = file::write(&self.path(stage), stage as u64, from, settings, result)?;
        valid[stage as usize] = Some(checksum);
        Ok(())
    }
}

/// The result of a stage: as it is kept, or made and kept.
pub(super) fn kept<T: Kept>(work: Option<&Work>, make: impl FnOnce() -> T) -> T {
    let Some(work) = work else { return make() };
    let stage = T::CHECKPOINT;
    if work.valid()[stage as usize].is_some() {
        match work.read(stage, T::read) {
            Ok(found) => return found,
            Err(problem) => {
                let path = work.path(stage);
                let problem = format!("{} is damaged: {problem}", path.display());
                work.note(Err(io::Error::new(io::ErrorKind::InvalidData, problem)));
            }
        }
    }
    let made = make();
    work.note(work.write(stage, |out| made.write(out)));
    made
}

/// The first difference between the settings of a file and those of now.
fn difference(were: &[Setting], are: &[Setting]) -> Option<Redo> {
    let differ = were.iter().zip(are).position(|(was, now)| was != now);
    let at = differ.or_else(|| (were.len() != are.len()).then(|| were.len().min(are.len())))?;
    let value = |settings: &[Setting], name: &str| {
        settings.iter().find(|setting| setting.0 == name).map(|setting| setting.1.clone())
    };
    // What was there and is gone; else what is new, or in another place.
    let gone = were.get(at).filter(|was| value(are, &was.0).is_none());
    let (name, _) = gone.or_else(|| are.get(at)).or_else(|| were.get(at))?;
    Some(Redo::Changed { name: name.clone(), was: value(were, name), now: value(are, name) })
}
