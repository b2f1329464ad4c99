//! Reading: the files in chunks, which all threads work on, to articles in the order of the input.

pub mod chunk;
pub mod files;
pub mod json;
pub mod kind;
pub mod packing;
pub mod parquet;
pub mod pieces;
pub mod record;
pub mod spool;
pub mod table;

mod ahead;
mod html;

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::io;
use std::ops::Range;
use std::path::{Display, Path};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;
use std::{env, mem};

use anyhow::{Context, Result, anyhow};
use arrow_schema::SchemaRef;
use rayon::Scope;
use rayon::prelude::*;
use reprint::Deduper;

use crate::args::Args;
use crate::articles::{Articles, Needs, Strings};
use crate::progress::Progress;
use crate::text::counted;
use ahead::{Ahead, Feed};
use chunk::{Chunk, Skipped, Task, Work, without_mark};
use files::{Source, Sources};
use parquet::Rows;
use pieces::{PIECE, Piece, Pieces};
use record::Fields;
use spool::Spool;
use table::Table;

/// The most whole files in a chunk.
const FILES: usize = 256;

/// All that was read.
#[derive(Debug)]
pub struct Corpus {
    pub needs: Needs,
    pub dedup: Deduper,
    pub articles: Articles,
    /// What may be asked for again and cannot be found again where it came from.
    pub spool: Option<Spool>,
    /// The first rows of tables, by file.
    pub tables: BTreeMap<usize, Arc<Table>>,
    /// Parquet files that came through a pipe.
    pub copies: BTreeMap<usize, File>,
    pub skipped: Skipped,
    pub bytes: u64,
}

impl Corpus {
    /// Bytes in files of our own, which are gone in the end.
    pub fn scratch_bytes(&self) -> u64 {
        let copies = self.copies.values().filter_map(|copy| Some(copy.metadata().ok()?.len()));
        let spool = self.spool.as_ref().map_or(0, Spool::length);
        self.dedup.spilled().unwrap_or_default() + spool + copies.sum::<u64>()
    }
}

/// Reads all files into the deduper.
pub fn read(
    args: &Args,
    fields: &Fields,
    dedup: Deduper,
    sources: &Sources,
    progress: &Progress,
) -> Result<Corpus> {
    let (needs, limit) = (Needs::new(args), args.longest);
    let corpus = Corpus {
        needs,
        dedup,
        articles: Articles::default(),
        spool: None,
        tables: BTreeMap::new(),
        copies: BTreeMap::new(),
        skipped: Skipped::default(),
        bytes: 0,
    };
    let task = Task { files: &sources.files, fields, needs, limit };
    let folder = env::temp_dir();
    progress.read_begins(sources.size());
    rayon::in_place_scope(|scope| {
        let threads = rayon::current_num_threads();
        let mut reader = Reader {
            corpus,
            task: &task,
            keep: args.keep.is_some(),
            schema: None,
            ahead: Ahead::new(&sources.files, fields, &folder),
            folder: &folder,
            work: args.work.as_deref(),
            progress,
            scope,
            // While some are worked on, others are filled.
            chunks: if threads == 1 { 1 } else { 2 * threads + 1 },
            free: Vec::new(),
            waiting: VecDeque::new(),
            tokenising: Duration::ZERO,
        };
        for path in &sources.unreadable {
            reader.corpus.skipped.add("cannot be read", || path.clone());
        }
        reader.files()?;
        while let Some(chunk) = reader.next() {
            reader.take(chunk)?;
        }
        progress.was(reader.tokenising / u32::try_from(threads).unwrap_or(1), "tokenise");
        reader.corpus.copies = reader.ahead.into_copies();
        Ok(reader.corpus)
    })
}

struct Reader<'r, 's> {
    corpus: Corpus,
    task: &'s Task<'s>,
    /// Whether the tables are to become one.
    keep: bool,
    /// The columns of the first Parquet file, which has this number.
    schema: Option<(usize, SchemaRef)>,
    ahead: Ahead<'s>,
    /// Where copies are kept.
    folder: &'s Path,
    /// Where they are, if they are to last.
    work: Option<&'s Path>,
    progress: &'s Progress,
    scope: &'r Scope<'s>,
    /// How many more chunks may be made.
    chunks: usize,
    free: Vec<Chunk>,
    /// Chunks that others work on, in the order of the input.
    waiting: VecDeque<Receiver<Chunk>>,
    tokenising: Duration,
}

impl<'s> Reader<'_, 's> {
    fn files(&mut self) -> Result<()> {
        let files = self.task.files;
        let is_group = |file: &Source| file.kind.is_whole() && file.state.is_some();
        let mut next = 0;
        while next < files.len() {
            let first = next;
            next += 1;
            if !files[first].kind.is_whole() {
                self.file(first)?;
                continue;
            }
            let mut bytes = files[first].size();
            while next < files.len()
                && next - first < FILES
                && is_group(&files[first])
                && is_group(&files[next])
                && bytes < PIECE as u64
            {
                bytes += files[next].size();
                next += 1;
            }
            let chunk = self.chunk()?;
            self.give(chunk, Work::Files(first..next))?;
        }
        Ok(())
    }

    /// Reads a file of many articles.
    fn file(&mut self, file: usize) -> Result<()> {
        match self.ahead.open(file) {
            Ok(Feed::Bytes(input)) => {
                let kind = self.task.files[file].kind;
                self.lines(file, Pieces::new(input, kind, self.task.limit))
            }
            Ok(Feed::Rows(mut rows)) => rows.try_for_each(|rows| self.rows(file, rows)),
            Err(error) => self.failed(file, error),
        }
    }

    fn lines(&mut self, file: usize, mut pieces: Pieces<'_>) -> Result<()> {
        let (mut number, mut offset) = (1, 0);
        let mut table = None;
        loop {
            let mut chunk = self.chunk()?;
            let (piece, error) = chunk.fill(&mut pieces);
            if number == 1 {
                match self.begin(file, piece, chunk.filling()) {
                    Ok(first_row) => table = first_row,
                    Err(reason) => {
                        chunk.skip(self.path(file), &reason);
                        return self.give(chunk, Work::Nothing);
                    }
                }
                if let Some(table) = &table {
                    self.add_table(file, table)?;
                }
            }
            let (lines, bytes) = match piece {
                Piece::Records(bytes) | Piece::Last(bytes) => (chunk.lines(), bytes as u64),
                Piece::TooLong(bytes) => (1, bytes),
            };
            self.progress.read(bytes as usize);
            self.corpus.bytes += bytes;
            let work = match piece {
                Piece::TooLong(_) => {
                    let reason = self.task.too_long();
                    chunk.skip(format_args!("{}:{number}", self.path(file)), &reason);
                    Work::Nothing
                }
                _ => Work::Lines { file, number, offset, table: table.clone() },
            };
            number += lines;
            offset += bytes;
            chunk.error = error.map(|error| (file, behind(number - 1, error)));
            self.give(chunk, work)?;
            if matches!(piece, Piece::Last(_)) {
                return Ok(());
            }
        }
    }
    /// Begins a file with its first piece: a table with the names of its columns. Says why no
    /// articles can be read in it.
    fn begin(&self, file: usize, piece: Piece, bytes: &[u8]) -> Result<Option<Arc<Table>>, String> {
        let bytes = without_mark(bytes)?;
        match self.task.files[file].kind.delimiter() {
            Some(_) if matches!(piece, Piece::TooLong(_)) => Err(self.task.too_long()),
            Some(delimiter) if !bytes.is_empty() => {
                Ok(Some(Arc::new(Table::new(bytes, delimiter, self.task.fields)?)))
            }
            _ => Ok(None),
        }
    }

    fn add_table(&mut self, file: usize, table: &Arc<Table>) -> Result<()> {
        if let Some((&first, other)) = self.corpus.tables.first_key_value()
            && self.keep
            && !table.is_like(other)
        {
            return Err(self.other_columns(first, file));
        }
        self.corpus.tables.insert(file, Arc::clone(table));
        Ok(())
    }

    fn rows(&mut self, file: usize, rows: io::Result<Rows>) -> Result<()> {
        let rows = match rows {
            Ok(rows) => rows,
            Err(error) => return self.failed(file, error),
        };
        let (first, schema) = self.schema.get_or_insert_with(|| (file, Arc::clone(&rows.schema)));
        let (first, is_like) = (*first, schema.fields() == rows.schema.fields());
        if self.keep && !is_like {
            return Err(self.other_columns(first, file));
        }
        self.progress.read(rows.bytes());
        self.corpus.bytes += rows.bytes() as u64;
        let chunk = self.chunk()?;
        self.give(chunk, Work::Rows { file, rows })
    }

    fn other_columns(&self, first: usize, file: usize) -> anyhow::Error {
        let (first, file) = (self.path(first), self.path(file));
        anyhow!(
            "{first} and {file} have other columns, so that --keep cannot write them to one file"
        )
    }

    /// Notes, behind what was read so far, that a file cannot be read.
    fn failed(&mut self, file: usize, error: io::Error) -> Result<()> {
        let mut chunk = self.chunk()?;
        chunk.error = Some((file, error));
        self.give(chunk, Work::Nothing)
    }

    fn path(&self, file: usize) -> Display<'s> {
        self.task.files[file].path.display()
    }

    /// A chunk to fill, as soon as there is one.
    fn chunk(&mut self) -> Result<Chunk> {
        if self.free.is_empty()
            && self.chunks == 0
            && let Some(chunk) = self.next()
        {
            self.take(chunk)?;
        }
        Ok(self.free.pop().unwrap_or_else(|| {
            self.chunks = self.chunks.saturating_sub(1);
            Chunk::new(self.corpus.dedup.batch())
        }))
    }

    /// Gives a chunk away to be worked on; a single thread does that here.
    fn give(&mut self, mut chunk: Chunk, work: Work) -> Result<()> {
        let task = self.task;
        chunk.work = work;
        if rayon::current_num_threads() == 1 {
            chunk.work(task);
            return self.take(chunk);
        }
        let (sender, receiver) = mpsc::channel();
        self.waiting.push_back(receiver);
        self.scope.spawn(move |_| {
            chunk.work(task);
            // Nobody waits for it after an error in the input.
            let _ = sender.send(chunk);
        });
        Ok(())
    }

    /// The next chunk in the order of the input, when it is ready.
    fn next(&mut self) -> Option<Chunk> {
        // It fails only if that thread panics, and then the scope does.
        self.waiting.pop_front()?.recv().ok()
    }

    /// Adds what was read to all that was read before.
    fn take(&mut self, mut chunk: Chunk) -> Result<()> {
        let start = match &chunk.work {
            Work::Lines { file, .. }
            | Work::Rows { file, .. }
            | Work::Files(Range { start: file, .. })
                if self.task.is_copied(*file) =>
            {
                let spool = match &mut self.corpus.spool {
                    Some(spool) => spool,
                    none => none.insert(Spool::new(self.folder, self.work)?),
                };
                spool.append(chunk.copied())?
            }
            Work::Lines { offset, .. } => *offset,
            _ => 0,
        };
        let corpus = &mut self.corpus;
        chunk.append_to(corpus, start);
        self.tokenising += chunk.tokenising;
        let read = mem::take(&mut chunk.read);
        self.progress.read(read);
        corpus.bytes += read as u64;
        if let Some((file, error)) = chunk.error.take() {
            let path = self.task.files[file].path.display();
            if error.kind() == io::ErrorKind::StorageFull {
                return Err(error).with_context(|| spool::full(self.folder));
            }
            if self.task.files[file].explicit && !is_damage(&error) {
                return Err(error).with_context(|| format!("{path}: cannot be read"));
            }
            let reason = error.to_string();
            corpus.skipped.add(&reason, || format!("{path}: {reason}"));
        }
        self.free.push(chunk);
        Ok(())
    }
}

/// Whether the content of a file is wrong, rather than that the system does not give it.
fn is_damage(error: &io::Error) -> bool {
    error.raw_os_error().is_none()
}

/// An error behind so many lines.
fn behind(lines: usize, error: io::Error) -> io::Error {
    if !is_damage(&error) {
        return error;
    }
    let lines = counted(lines, "line");
    io::Error::new(error.kind(), format!("damaged, only {lines} could be read: {error}"))
}

/// How many articles have the id of an earlier one, and the id of the first of these.
pub fn repeated_ids(ids: &Strings) -> Option<(usize, &str)> {
    // Hashes are quicker to sort than ids all over the memory.
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    let articles = (0..ids.len()).into_par_iter();
    let mut order: Vec<(u64, usize)> =
        articles.map(|article| (hasher.hash_one(ids.get(article)), article)).collect();
    order.par_sort_unstable();
    let runs = order.chunk_by_mut(|a, b| a.0 == b.0).filter(|run| run.len() > 1);
    let (mut count, mut first) = (0, usize::MAX);
    for run in runs {
        run.sort_unstable_by_key(|&(_, article)| (ids.get(article), article));
        let pairs = run.windows(2).filter(|pair| ids.get(pair[0].1) == ids.get(pair[1].1));
        for pair in pairs {
            count += 1;
            first = first.min(pair[1].1);
        }
    }
    (count > 0).then(|| (count, ids.get(first)))
}
