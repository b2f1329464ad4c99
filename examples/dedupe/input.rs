//! Reading: files to articles, in batches that keep all threads busy.

use std::fs::{self, File};
use std::io::{self, Read};
use std::mem;

use anyhow::{Context, Result};
use rayon::prelude::*;
use reprint::Deduper;

use crate::args::Args;
use crate::files::{Kind, Source, Sources};
use crate::line::{self, Fields};
use crate::progress::Progress;

/// Bytes that are read before their articles go on to be tokenised.
const BATCH: usize = 16 << 20;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// What is known of an article beside its text, which the deduper has.
#[derive(Debug)]
pub struct Article {
    pub id: Box<str>,
    pub date: Option<Box<str>>,
    pub source: Option<Box<str>>,
}

/// All that was read.
#[derive(Debug)]
pub struct Corpus {
    pub dedup: Deduper,
    pub articles: Vec<Article>,
    /// The lines as they came, if somebody wants to write them again.
    pub lines: Option<Lines>,
    pub skipped: Skipped,
    pub files: usize,
    pub bytes: u64,
}

/// The lines of all articles one behind the other; that of a text file is empty.
#[derive(Debug, Default)]
pub struct Lines {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Lines {
    fn push(&mut self, line: &[u8]) {
        self.bytes.extend_from_slice(line);
        self.ends.push(self.bytes.len());
    }

    pub fn get(&self, article: usize) -> &[u8] {
        let start = if article == 0 { 0 } else { self.ends[article - 1] };
        &self.bytes[start..self.ends[article]]
    }
}

/// Lines and files that are no articles.
#[derive(Debug, Default)]
pub struct Skipped {
    pub count: usize,
    /// The first few, each with its place and the reason.
    pub first: Vec<String>,
}

impl Skipped {
    const SHOWN: usize = 10;

    fn add(&mut self, message: impl FnOnce() -> String) {
        if self.count < Self::SHOWN {
            self.first.push(message());
        }
        self.count += 1;
    }
}

/// Reads all files into the deduper.
pub fn read(args: &Args, dedup: Deduper, from: &Sources, progress: &Progress) -> Result<Corpus> {
    let corpus = Corpus {
        dedup,
        articles: Vec::new(),
        lines: args.keep.is_some().then(Lines::default),
        skipped: Skipped::default(),
        files: from.files.len(),
        bytes: 0,
    };
    let fields = Fields::new(args);
    let mut reader = Reader { corpus, fields, progress, texts: Vec::new(), waiting: 0 };
    for path in &from.unreadable {
        reader.corpus.skipped.add(|| path.clone());
    }
    progress.read_begins(from.size());
    for source in &from.files {
        let read = match source.kind {
            Kind::Text => reader.text(source),
            Kind::Lines => {
                File::open(&source.path).and_then(|mut file| reader.lines(source, &mut file))
            }
            Kind::Stdin => reader.lines(source, &mut io::stdin().lock()),
        };
        match read {
            Ok(()) => {}
            Err(error) if source.explicit => {
                let path = source.path.display();
                return Err(error).with_context(|| format!("{path}: cannot be read"));
            }
            Err(error) => {
                reader.corpus.skipped.add(|| format!("{}: {error}", source.path.display()));
            }
        }
    }
    reader.flush();
    Ok(reader.corpus)
}

struct Reader<'a> {
    corpus: Corpus,
    fields: Fields<'a>,
    progress: &'a Progress,
    /// Texts of files that wait to be tokenised together, and their bytes.
    texts: Vec<String>,
    waiting: usize,
}

impl Reader<'_> {
    fn text(&mut self, source: &Source) -> io::Result<()> {
        let mut bytes = fs::read(&source.path)?;
        self.progress.read(bytes.len());
        self.corpus.bytes += bytes.len() as u64;
        if bytes.starts_with(BYTE_ORDER_MARK) {
            bytes.drain(..BYTE_ORDER_MARK.len());
        }
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let (path, reason) = (source.path.display(), line::not_utf8(&error.utf8_error()));
                self.corpus.skipped.add(|| format!("{path}: {reason}"));
                return Ok(());
            }
        };
        self.waiting += text.len();
        self.texts.push(text);
        let id = source.name.as_str().into();
        self.corpus.articles.push(Article { id, date: None, source: None });
        if let Some(lines) = &mut self.corpus.lines {
            lines.push(b"");
        }
        if self.waiting >= BATCH {
            self.flush();
        }
        Ok(())
    }

    /// Hands over the texts that wait.
    fn flush(&mut self) {
        let texts = mem::take(&mut self.texts);
        self.waiting = 0;
        self.tokenise(&texts);
    }

    fn tokenise<T: AsRef<str> + Sync>(&mut self, texts: &[T]) {
        self.progress.enter("tokenise");
        self.corpus.dedup.extend(texts);
        self.progress.enter("read");
    }

    fn lines(&mut self, source: &Source, input: &mut dyn Read) -> io::Result<()> {
        self.flush();
        let mut block = Vec::new();
        let mut number = 1;
        loop {
            let before = block.len();
            let filled = fill(input, &mut block);
            self.progress.read(block.len() - before);
            self.corpus.bytes += (block.len() - before) as u64;
            // The last line ends with the file, but not with an error.
            let end = match filled {
                Ok(false) => block.len(),
                _ => block.iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last + 1),
            };
            number += self.block(source, &block[..end], number);
            block.drain(..end);
            if !filled? {
                return Ok(());
            }
        }
    }

    /// Reads a block of whole lines, the first of which has a number, and returns how many.
    fn block(&mut self, source: &Source, mut block: &[u8], number: usize) -> usize {
        if number == 1 {
            block = block.strip_prefix(BYTE_ORDER_MARK).unwrap_or(block);
        }
        let lines: Vec<&[u8]> = block.split_inclusive(|&byte| byte == b'\n').collect();
        let fields = self.fields;
        let parsed: Vec<_> = lines.par_iter().map(|line| line::parse(line, &fields)).collect();
        let mut texts = Vec::with_capacity(lines.len());
        for (index, (parsed, line)) in parsed.into_iter().zip(&lines).enumerate() {
            let number = number + index;
            match parsed {
                Ok(None) => {}
                Ok(Some(article)) => {
                    let id =
                        article.id.unwrap_or_else(|| format!("{}:{number}", source.name).into());
                    let (date, source) = (article.date, article.source);
                    self.corpus.articles.push(Article { id, date, source });
                    if let Some(lines) = &mut self.corpus.lines {
                        lines.push(line);
                    }
                    texts.push(article.text);
                }
                Err(reason) => {
                    let path = source.path.display();
                    self.corpus.skipped.add(|| format!("{path}:{number}: {reason}"));
                }
            }
        }
        self.tokenise(&texts);
        lines.len()
    }
}

/// Adds about a batch to the block, with the end of a line in it; false at the end of the input.
fn fill(input: &mut dyn Read, block: &mut Vec<u8>) -> io::Result<bool> {
    loop {
        let before = block.len();
        let read = input.take(BATCH as u64).read_to_end(block)?;
        if read < BATCH {
            return Ok(false);
        }
        if block[before..].contains(&b'\n') {
            return Ok(true);
        }
    }
}

/// How many articles have the id of an earlier one, and the id of the first of these.
pub fn repeated_ids(articles: &[Article]) -> Option<(usize, &str)> {
    let mut order: Vec<usize> = (0..articles.len()).collect();
    order.par_sort_unstable_by_key(|&article| (&articles[article].id, article));
    let repeats = order
        .windows(2)
        .filter(|pair| articles[pair[0]].id == articles[pair[1]].id)
        .map(|pair| pair[1]);
    let first = repeats.clone().min()?;
    Some((repeats.count(), &articles[first].id))
}
