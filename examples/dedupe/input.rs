//! Reading: the files in chunks, which all threads work on, to articles in the order of the input.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::mem;
use std::ops::Range;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use anyhow::{Context, Result};
use rayon::Scope;
use rayon::prelude::*;
use reprint::Deduper;

use crate::articles::{Articles, Needs, Strings};
use crate::chunk::{CHUNK, Chunk, Skipped, Task, Work};
use crate::files::{Kind, Sources};
use crate::line::Fields;
use crate::progress::Progress;

/// The most text files in a chunk.
const FILES: usize = 256;

/// All that was read.
#[derive(Debug)]
pub struct Corpus {
    pub dedup: Deduper,
    pub articles: Articles,
    /// The bytes of what cannot be read again, such as standard input, if they will be needed.
    pub copied: Vec<u8>,
    pub skipped: Skipped,
    pub bytes: u64,
}

/// Reads all files into the deduper.
pub fn read(
    needs: Needs,
    fields: &Fields,
    dedup: Deduper,
    sources: &Sources,
    progress: &Progress,
) -> Result<Corpus> {
    let corpus = Corpus {
        dedup,
        articles: Articles::default(),
        copied: Vec::new(),
        skipped: Skipped::default(),
        bytes: 0,
    };
    let task = Task { files: &sources.files, fields, needs };
    progress.read_begins(sources.size());
    rayon::in_place_scope(|scope| {
        let threads = rayon::current_num_threads();
        let mut reader = Reader {
            corpus,
            task: &task,
            progress,
            scope,
            // While some are worked on, others are filled.
            chunks: if threads == 1 { 1 } else { 2 * threads + 1 },
            free: Vec::new(),
            waiting: VecDeque::new(),
            rest: Vec::new(),
            tokenising: Duration::ZERO,
        };
        for path in &sources.unreadable {
            reader.corpus.skipped.add(|| path.clone());
        }
        reader.files()?;
        while let Some(chunk) = reader.next() {
            reader.take(chunk)?;
        }
        progress.was(reader.tokenising / u32::try_from(threads).unwrap_or(1), "tokenise");
        Ok(reader.corpus)
    })
}

struct Reader<'r, 's> {
    corpus: Corpus,
    task: &'s Task<'s>,
    progress: &'s Progress,
    scope: &'r Scope<'s>,
    /// How many more chunks may be made.
    chunks: usize,
    free: Vec<Chunk>,
    /// Chunks that others work on, in the order of the input.
    waiting: VecDeque<Receiver<Chunk>>,
    /// The beginning of a line of which the end is still to be read.
    rest: Vec<u8>,
    tokenising: Duration,
}

impl<'s> Reader<'_, 's> {
    fn files(&mut self) -> Result<()> {
        let files = self.task.files;
        let mut next = 0;
        while next < files.len() {
            let first = next;
            next += 1;
            if files[first].kind != Kind::Text {
                self.lines(first)?;
                continue;
            }
            let mut bytes = files[first].size();
            while next < files.len()
                && next - first < FILES
                && files[next].kind == Kind::Text
                && files[first].state.is_some()
                && files[next].state.is_some()
                && bytes < CHUNK as u64
            {
                bytes += files[next].size();
                next += 1;
            }
            let chunk = self.chunk()?;
            self.give(chunk, Work::Texts(first..next))?;
        }
        Ok(())
    }

    fn lines(&mut self, file: usize) -> Result<()> {
        let source = &self.task.files[file];
        let mut input: Box<dyn Read> = match source.kind {
            Kind::Stdin => Box::new(io::stdin().lock()),
            _ => match File::open(&source.path) {
                Ok(file) => Box::new(file),
                Err(error) => {
                    let mut chunk = self.chunk()?;
                    chunk.error = Some((file, error));
                    return self.give(chunk, Work::Nothing);
                }
            },
        };
        let (mut number, mut offset) = (1, 0);
        let mut more = true;
        self.rest.clear();
        while more {
            let mut chunk = self.chunk()?;
            more = chunk.fill(&mut self.rest, &mut *input).unwrap_or_else(|error| {
                chunk.error = Some((file, error));
                false
            });
            let (lines, bytes) = (chunk.lines(), chunk.filling().len());
            self.progress.read(bytes);
            self.corpus.bytes += bytes as u64;
            self.give(chunk, Work::Lines { file, number, offset })?;
            number += lines;
            offset += bytes as u64;
        }
        Ok(())
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
        let corpus = &mut self.corpus;
        let is_copied = |file: usize| self.task.files[file].state.is_none();
        let start = match chunk.work {
            Work::Nothing => 0,
            Work::Lines { file, offset, .. } if !is_copied(file) => offset,
            Work::Texts(Range { start, .. }) if !is_copied(start) => 0,
            _ if !self.task.needs.places => 0,
            _ => {
                let start = corpus.copied.len() as u64;
                corpus.copied.extend_from_slice(chunk.filling());
                start
            }
        };
        chunk.append_to(corpus, start);
        self.tokenising += chunk.tokenising;
        let read = mem::take(&mut chunk.read);
        self.progress.read(read);
        corpus.bytes += read as u64;
        if let Some((file, error)) = chunk.error.take() {
            let source = &self.task.files[file];
            let path = source.path.display();
            if source.explicit {
                return Err(error).with_context(|| format!("{path}: cannot be read"));
            }
            corpus.skipped.add(|| format!("{path}: {error}"));
        }
        self.free.push(chunk);
        Ok(())
    }
}

/// How many articles have the id of an earlier one, and the id of the first of these.
pub fn repeated_ids(ids: &Strings) -> Option<(usize, &str)> {
    let mut order: Vec<usize> = (0..ids.len()).collect();
    order.par_sort_unstable_by_key(|&article| (ids.get(article), article));
    let repeats =
        order.windows(2).filter(|pair| ids.get(pair[0]) == ids.get(pair[1])).map(|pair| pair[1]);
    let first = repeats.clone().min()?;
    Some((repeats.count(), ids.get(first)))
}
