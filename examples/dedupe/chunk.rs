//! A part of the input: filled by one thread, read and tokenised by any other.

use std::fmt::Write;
use std::fs::File;
use std::io::{self, Read};
use std::mem;
use std::ops::Range;
use std::time::{Duration, Instant};

use memchr::{memchr, memchr_iter, memrchr};
use reprint::Batch;

use crate::articles::{Articles, Needs, Place, Strings};
use crate::files::Source;
use crate::input::Corpus;
use crate::line::{self, Fields, Line};

/// Bytes of a chunk, unless a line is longer. All that is made of it fits in a core's own cache.
pub const CHUNK: usize = 256 << 10;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Lines and files that are no articles.
#[derive(Debug, Default)]
pub struct Skipped {
    pub count: usize,
    /// The first few, each with its place and the reason.
    pub first: Vec<String>,
}

impl Skipped {
    const SHOWN: usize = 10;

    pub fn add(&mut self, message: impl FnOnce() -> String) {
        if self.count < Self::SHOWN {
            self.first.push(message());
        }
        self.count += 1;
    }

    fn append(&mut self, later: &mut Self) {
        self.first.extend(later.first.drain(..).take(Self::SHOWN.saturating_sub(self.count)));
        self.count += mem::take(&mut later.count);
    }
}

/// What there is to do with a chunk.
#[derive(Clone, Debug)]
pub enum Work {
    Nothing,
    /// To read these whole text files.
    Texts(Range<usize>),
    /// To read the lines that are in it: some of a file's, from the line of this number and the
    /// byte at this offset on.
    Lines {
        file: usize,
        number: usize,
        offset: u64,
    },
}

/// The same for all chunks.
#[derive(Debug)]
pub struct Task<'a> {
    pub files: &'a [Source],
    pub fields: &'a Fields,
    pub needs: Needs,
}

/// A part of the input, and the articles in it; the memory is used again for another part.
#[derive(Debug)]
pub struct Chunk {
    pub work: Work,
    /// Whole lines up to `filled`, or the text file that was read last.
    bytes: Vec<u8>,
    filled: usize,
    texts: Strings,
    line: Line,
    batch: Batch,
    articles: Articles,
    skipped: Skipped,
    /// Bytes that came from text files.
    pub read: usize,
    /// What went wrong behind all these articles, and with which file.
    pub error: Option<(usize, io::Error)>,
    /// For the words of the articles.
    pub tokenising: Duration,
}

impl Chunk {
    pub fn new(batch: Batch) -> Self {
        Self {
            work: Work::Nothing,
            bytes: Vec::new(),
            filled: 0,
            texts: Strings::default(),
            line: Line::default(),
            batch,
            articles: Articles::default(),
            skipped: Skipped::default(),
            read: 0,
            error: None,
            tokenising: Duration::ZERO,
        }
    }

    /// Fills the chunk with whole lines, of which `rest` is the beginning of the first, and puts
    /// there what is read of a line beyond them. False at the end of the input, where the last
    /// line may lack its end; an error does not count as one.
    pub fn fill(&mut self, rest: &mut Vec<u8>, input: &mut dyn Read) -> io::Result<bool> {
        self.bytes.truncate(CHUNK);
        self.bytes.shrink_to(2 * CHUNK);
        self.bytes.resize(CHUNK.max(2 * rest.len()), 0);
        self.bytes[..rest.len()].copy_from_slice(rest);
        let mut filled = rest.len();
        let mut searched = filled;
        rest.clear();
        rest.shrink_to(CHUNK);
        let more = loop {
            if filled == self.bytes.len() {
                if let Some(last) = memrchr(b'\n', &self.bytes[searched..]) {
                    let end = searched + last + 1;
                    rest.extend_from_slice(&self.bytes[end..]);
                    filled = end;
                    break Ok(true);
                }
                searched = filled;
                self.bytes.resize(2 * filled, 0);
            }
            match input.read(&mut self.bytes[filled..]) {
                Ok(0) => break Ok(false),
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    filled = memrchr(b'\n', &self.bytes[..filled]).map_or(0, |last| last + 1);
                    break Err(error);
                }
            }
        };
        self.filled = filled;
        more
    }

    /// What is in the chunk.
    pub fn filling(&self) -> &[u8] {
        &self.bytes[..self.filled]
    }

    pub fn lines(&self) -> usize {
        memchr_iter(b'\n', self.filling()).count()
    }

    /// Reads and tokenises what is to be read.
    pub fn work(&mut self, task: &Task<'_>) {
        match self.work.clone() {
            Work::Nothing => {}
            Work::Texts(files) => self.read_texts(task, files),
            Work::Lines { file, number, .. } => self.read_lines(task, file, number),
        }
        let start = Instant::now();
        self.texts.iter().for_each(|text| self.batch.push(text));
        self.tokenising = start.elapsed();
    }

    fn read_lines(&mut self, task: &Task<'_>, file: usize, mut number: usize) {
        let source = &task.files[file];
        let mut rest = &self.bytes[..self.filled];
        if number == 1 {
            rest = rest.strip_prefix(BYTE_ORDER_MARK).unwrap_or(rest);
        }
        while !rest.is_empty() {
            let start = self.filled - rest.len();
            let length = memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            let (bytes, after) = rest.split_at(length);
            let parsed = Place::new(file, start, length).and_then(|place| {
                let found = line::parse(bytes, task.fields, &mut self.line, &mut self.texts.all)?;
                Ok(found.then_some(place))
            });
            match parsed {
                Ok(None) => {}
                Ok(Some(place)) => {
                    self.texts.end();
                    let ids = &mut self.articles.ids;
                    match self.line.id.as_str() {
                        // A String takes anything.
                        "" => drop(write!(ids.all, "{}:{number}", source.name)),
                        id => ids.all.push_str(id),
                    }
                    ids.end();
                    let (date, from) = (self.line.date.as_str(), self.line.source.as_str());
                    let text = self.texts.get(self.texts.len() - 1);
                    self.articles.push(task.needs, text, date, from, place);
                }
                Err(reason) => {
                    let path = source.path.display();
                    self.skipped.add(|| format!("{path}:{number}: {reason}"));
                }
            }
            number += 1;
            rest = after;
        }
    }

    fn read_texts(&mut self, task: &Task<'_>, files: Range<usize>) {
        for file in files {
            let source = &task.files[file];
            let path = source.path.display();
            self.bytes.clear();
            self.bytes.shrink_to(2 * CHUNK);
            let read =
                File::open(&source.path).and_then(|mut file| file.read_to_end(&mut self.bytes));
            self.filled = self.bytes.len();
            match read {
                Ok(read) => self.read += read,
                Err(error) if source.explicit => {
                    self.error = Some((file, error));
                    return;
                }
                Err(error) => {
                    self.skipped.add(|| format!("{path}: {error}"));
                    continue;
                }
            }
            let place = Place::new(file, 0, self.bytes.len());
            match place.and_then(|place| Ok((text(&self.bytes)?, place))) {
                Ok((text, place)) => {
                    self.texts.push(text);
                    self.articles.ids.push(&source.name);
                    self.articles.push(task.needs, text, "", "", place);
                }
                Err(reason) => self.skipped.add(|| format!("{path}: {reason}")),
            }
        }
    }

    /// Hands over what was read, of which the places are counted from `start`.
    pub fn append_to(&mut self, corpus: &mut Corpus, start: u64) {
        corpus.dedup.append(&mut self.batch);
        if self.texts.all.len() > 2 * CHUNK {
            // One freak article does not keep its memory.
            self.batch = corpus.dedup.batch();
        }
        self.texts.clear(2 * CHUNK);
        corpus.articles.append(&self.articles, start);
        self.articles.clear(CHUNK);
        corpus.skipped.append(&mut self.skipped);
    }
}

/// The text of a text file.
pub fn text(bytes: &[u8]) -> Result<&str, String> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| line::not_utf8(&error))
}
