//! A part of the input: filled by one thread, read and tokenised by any other.

use std::fmt::{Display, Write};
use std::io::{self, Read};
use std::mem;
use std::ops::Range;
use std::str;
use std::sync::Arc;
use std::time::{Duration, Instant};

use memchr::{memchr, memchr_iter};
use reprint::Batch;
use serde::{Deserialize, Serialize};

use super::files::Source;
use super::kind::Kind;
use super::parquet::Rows;
use super::pieces::{PIECE, Piece, Pieces};
use super::record::{Fields, Record, not_utf8};
use super::table::{Cells, Row, Table};
use super::{Corpus, html, is_damage, json};
use crate::articles::{Articles, Needs, Place, Strings};

/// Lines, rows and files that are no articles.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Skipped {
    pub count: usize,
    /// The first few, each with its place and the reason.
    pub first: Vec<String>,
    /// The kinds of reasons, as they came up, with the number of each.
    pub reasons: Vec<(String, usize)>,
}

impl Skipped {
    const SHOWN: usize = 10;
    /// Kinds of reasons that are told apart.
    const KINDS: usize = 20;

    pub fn add(&mut self, reason: &str, message: impl FnOnce() -> String) {
        if self.count < Self::SHOWN {
            self.first.push(message());
        }
        self.count += 1;
        // Without what is said of this very place.
        let ends = [" (", ": ", ", only "].into_iter().filter_map(|end| reason.find(end));
        self.count_reason(&reason[..ends.min().unwrap_or(reason.len())], 1);
    }

    fn count_reason(&mut self, kind: &str, number: usize) {
        if let Some((_, count)) = self.reasons.iter_mut().find(|(known, _)| known == kind) {
            *count += number;
        } else if self.reasons.len() < Self::KINDS {
            self.reasons.push((kind.into(), number));
        }
    }

    fn append(&mut self, later: &mut Self) {
        for (kind, number) in later.reasons.drain(..) {
            self.count_reason(&kind, number);
        }
        self.first.extend(later.first.drain(..).take(Self::SHOWN.saturating_sub(self.count)));
        self.count += mem::take(&mut later.count);
    }
}

/// What there is to do with a chunk.
#[derive(Debug)]
pub enum Work {
    Nothing,
    /// To read these files, an article each.
    Files(Range<usize>),
    /// To read the lines that are in it: some of a file's, from the line of this number and the
    /// byte at this offset on. In a table they are rows.
    Lines {
        file: usize,
        number: usize,
        offset: u64,
        table: Option<Arc<Table>>,
    },
    /// To read these rows.
    Rows {
        file: usize,
        rows: Rows,
    },
}

/// The same for all chunks.
#[derive(Debug)]
pub struct Task<'a> {
    pub files: &'a [Source],
    pub fields: &'a Fields,
    pub needs: Needs,
    /// The most bytes of an article as it stands in its file.
    pub limit: usize,
}

impl Task<'_> {
    /// Whether what may be asked for again is copied: the bytes, or the texts of Parquet.
    pub fn is_copied(&self, file: usize) -> bool {
        self.needs.a_copy_of(&self.files[file])
    }

    fn checked<'b>(&self, bytes: &'b [u8]) -> Result<&'b [u8], String> {
        if bytes.len() <= self.limit { Ok(bytes) } else { Err(self.too_long()) }
    }

    /// Why an article is skipped that does not fit into memory.
    pub fn too_long(&self) -> String {
        match self.limit >> 20 {
            0 => format!("more than {} bytes", self.limit),
            megabytes => format!("more than {megabytes} MiB"),
        }
    }
}

/// A part of the input, and the articles in it; the memory is used again for another part.
#[derive(Debug)]
pub struct Chunk {
    pub work: Work,
    /// Whole lines up to `filled`, or the file that was read last.
    bytes: Vec<u8>,
    filled: usize,
    found: Found,
    /// Bytes that came from whole files.
    pub read: usize,
    /// What went wrong behind all these articles, and in which file.
    pub error: Option<(usize, io::Error)>,
    /// For the words of the articles.
    pub tokenising: Duration,
}

/// What is in the bytes.
#[derive(Debug)]
struct Found {
    texts: Strings,
    /// The last article.
    record: Record,
    batch: Batch,
    articles: Articles,
    skipped: Skipped,
}

impl Chunk {
    pub fn new(batch: Batch) -> Self {
        Self {
            work: Work::Nothing,
            bytes: Vec::new(),
            filled: 0,
            found: Found {
                texts: Strings::default(),
                record: Record::default(),
                batch,
                articles: Articles::default(),
                skipped: Skipped::default(),
            },
            read: 0,
            error: None,
            tokenising: Duration::ZERO,
        }
    }

    /// Fills the chunk with the next piece of a file.
    pub fn fill(&mut self, pieces: &mut Pieces<'_>) -> (Piece, Option<io::Error>) {
        let (piece, error) = pieces.next(&mut self.bytes);
        self.filled = match piece {
            Piece::Records(filled) | Piece::Last(filled) => filled,
            Piece::TooLong(_) => 0,
        };
        (piece, error)
    }

    /// What is in the chunk.
    pub fn filling(&self) -> &[u8] {
        &self.bytes[..self.filled]
    }

    /// What is to be copied of it.
    pub fn copied(&self) -> &[u8] {
        match self.work {
            Work::Rows { .. } => self.found.texts.all.as_bytes(),
            _ => self.filling(),
        }
    }

    pub fn lines(&self) -> usize {
        memchr_iter(b'\n', self.filling()).count()
    }

    /// There is nothing in it but what is skipped, at a place and for a reason.
    pub fn skip(&mut self, place: impl Display, reason: &str) {
        self.filled = 0;
        self.found.skipped.add(reason, || format!("{place}: {reason}"));
    }

    /// Reads and tokenises what is to be read.
    pub fn work(&mut self, task: &Task<'_>) {
        match &self.work {
            Work::Nothing => {}
            Work::Files(files) => self.read_files(task, files.clone()),
            Work::Lines { file, number, table, .. } => {
                let bytes = &self.bytes[..self.filled];
                match table {
                    None => self.found.lines(task, *file, *number, bytes),
                    Some(table) => self.found.table(task, *file, *number, bytes, table),
                }
            }
            Work::Rows { file, rows } => self.found.rows(task, *file, rows),
        }
        let start = Instant::now();
        let Found { texts, batch, .. } = &mut self.found;
        texts.iter().for_each(|text| batch.push(text));
        self.tokenising = start.elapsed();
    }

    fn read_files(&mut self, task: &Task<'_>, files: Range<usize>) {
        for file in files {
            let source = &task.files[file];
            self.bytes.clear();
            self.bytes.shrink_to(2 * PIECE);
            let most = task.limit as u64 + 1;
            let read =
                source.open().and_then(|input| input.take(most).read_to_end(&mut self.bytes));
            self.filled = self.bytes.len();
            match read {
                Ok(read) => self.read += read,
                Err(error) if source.explicit && !is_damage(&error) => {
                    self.error = Some((file, error));
                    return;
                }
                Err(error) => {
                    let (path, reason) = (source.path.display(), error.to_string());
                    self.found.skipped.add(&reason, || format!("{path}: {reason}"));
                    continue;
                }
            }
            let Found { record, texts, .. } = &mut self.found;
            let parsed = task.checked(&self.bytes).and_then(|bytes| {
                let place = Place::new(file, 0, bytes.len())?;
                whole(source.kind, bytes, record, &mut texts.all)?;
                Ok(place)
            });
            match parsed {
                Ok(place) => self.found.add(task, place, |id| id.push_str(&source.name())),
                Err(reason) => {
                    let path = source.path.display();
                    self.found.skipped.add(&reason, || format!("{path}: {reason}"));
                }
            }
        }
    }

    /// Hands over what was read, of which the places are counted from `start`.
    pub fn append_to(&mut self, corpus: &mut Corpus, start: u64) {
        let Found { texts, batch, articles, skipped, .. } = &mut self.found;
        corpus.dedup.append(batch);
        if texts.all.len() > 2 * PIECE {
            // One freak article does not keep its memory.
            *batch = corpus.dedup.batch();
        }
        texts.clear(2 * PIECE);
        corpus.articles.append(articles, start);
        articles.clear(PIECE);
        corpus.skipped.append(skipped);
    }
}

impl Found {
    fn lines(&mut self, task: &Task<'_>, file: usize, mut number: usize, bytes: &[u8]) {
        let name = task.files[file].name();
        let mut rest = if number == 1 { without_mark(bytes).unwrap_or(bytes) } else { bytes };
        while !rest.is_empty() {
            let start = bytes.len() - rest.len();
            let length = memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            let (line, after) = rest.split_at(length);
            let parsed = Place::new(file, start, length).and_then(|place| {
                let line = task.checked(line)?;
                let found = json::parse(line, task.fields, &mut self.record, &mut self.texts.all)?;
                Ok(found.then_some(place))
            });
            self.take(task, parsed, file, &name, number, line);
            number += 1;
            rest = after;
        }
    }

    fn table(
        &mut self,
        task: &Task<'_>,
        file: usize,
        mut number: usize,
        bytes: &[u8],
        table: &Table,
    ) {
        let name = task.files[file].name();
        let mut cells = Cells::new(table.delimiter);
        let mut rest = bytes;
        if number == 1 {
            rest = without_mark(bytes).unwrap_or(bytes);
            let (header, rows) = rest.split_at(table.header.len());
            number += memchr_iter(b'\n', header).count();
            rest = rows;
        }
        while !rest.is_empty() {
            let start = bytes.len() - rest.len();
            let row = Row::first_of_last(rest, table.delimiter);
            let (line, after) = rest.split_at(row.length);
            let Self { record, texts, .. } = self;
            let parsed = Place::new(file, start, row.length).and_then(|place| {
                let line = task.checked(line)?;
                let found = table.parse(row, line, &mut cells, record, &mut texts.all)?;
                Ok(found.then_some(place))
            });
            self.take(task, parsed, file, &name, number, line);
            number += memchr_iter(b'\n', line).count();
            rest = after;
        }
    }

    fn rows(&mut self, task: &Task<'_>, file: usize, rows: &Rows) {
        let name = task.files[file].name();
        for row in 0..rows.len() {
            let number = rows.first + row;
            let start = self.texts.all.len();
            let parsed = rows.parse(row, &mut self.record, &mut self.texts.all);
            let place = parsed.and_then(|()| match task.is_copied(file) {
                true => Place::new(file, start, self.texts.all.len() - start),
                false => Place::new(file, number, 1),
            });
            self.take(task, place.map(Some), file, &name, number + 1, b"");
        }
    }

    /// Takes the article that was read at this place, or the reason why there is none.
    fn take(
        &mut self,
        task: &Task<'_>,
        parsed: Result<Option<Place>, String>,
        file: usize,
        name: &str,
        number: usize,
        bytes: &[u8],
    ) {
        match parsed {
            Ok(None) => {}
            Ok(Some(place)) => self.add(task, place, |id| {
                // A String takes anything.
                let _ = write!(id, "{name}:{number}");
            }),
            Err(reason) => {
                let reason = if is_nothing(bytes) { NOTHING.to_owned() } else { reason };
                let path = task.files[file].path.display();
                self.skipped.add(&reason, || format!("{path}:{number}: {reason}"));
            }
        }
    }

    /// Adds the article of which the text is the end of `texts`. It is called by another name if
    /// it has no id.
    fn add(&mut self, task: &Task<'_>, place: Place, name: impl FnOnce(&mut String)) {
        self.texts.end();
        let ids = &mut self.articles.ids;
        match self.record.id.as_str() {
            "" => name(&mut ids.all),
            id => ids.all.push_str(id),
        }
        ids.end();
        let (date, source) = (self.record.date.as_str(), self.record.source.as_str());
        let text = self.texts.get(self.texts.len() - 1);
        self.articles.push(task.needs, text, date, source, place);
    }
}

/// Reads a file that is one article, whose text is added to `texts`.
pub fn whole(
    kind: Kind,
    bytes: &[u8],
    record: &mut Record,
    texts: &mut String,
) -> Result<(), String> {
    let bytes = without_mark(bytes)?;
    if is_nothing(bytes) {
        return Err(NOTHING.to_owned());
    }
    if kind == Kind::Html {
        return html::parse(bytes, record, texts);
    }
    record.clear();
    texts.push_str(str::from_utf8(bytes).map_err(|error| not_utf8(&error))?);
    Ok(())
}

/// What a system leaves of a file that it had no time to write.
const NOTHING: &str = "nothing but NUL bytes";

fn is_nothing(bytes: &[u8]) -> bool {
    bytes.first() == Some(&0) && bytes.trim_ascii_end().iter().all(|&byte| byte == 0)
}

/// The bytes of a file without its byte order mark; says so if they are in an encoding that
/// cannot be read.
pub fn without_mark(bytes: &[u8]) -> Result<&[u8], String> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err("in UTF-16, and only UTF-8 can be read".to_owned());
    }
    Ok(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes))
}
