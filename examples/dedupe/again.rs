//! Reading again what the output needs of the input: it is not kept in memory.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::mem;
use std::ops::Range;

use anyhow::{Result, anyhow, ensure};

use crate::chunk;
use crate::files::{Kind, Source, Sources};
use crate::input::Corpus;
use crate::line::{self, Fields, Line};

/// The input, to be read again article by article.
#[derive(Debug)]
pub struct Again<'c> {
    pub corpus: &'c Corpus,
    pub sources: &'c Sources,
    fields: &'c Fields,
    /// Bytes that are read at once.
    buffer: usize,
    /// The file that was read last.
    open: Option<Open>,
    bytes: Vec<u8>,
    line: Line,
}

#[derive(Debug)]
struct Open {
    file: u32,
    reader: BufReader<File>,
    at: u64,
}

impl<'c> Again<'c> {
    /// For articles in any order.
    pub fn new(corpus: &'c Corpus, sources: &'c Sources, fields: &'c Fields) -> Self {
        let (bytes, line) = (Vec::new(), Line::default());
        Self { corpus, sources, fields, buffer: 0, open: None, bytes, line }
    }

    /// For many articles in the order of the input.
    pub fn in_order(&self) -> Self {
        Self { buffer: chunk::CHUNK, ..Self::new(self.corpus, self.sources, self.fields) }
    }

    /// The file that an article comes from.
    pub fn source(&self, article: usize) -> &'c Source {
        &self.sources.files[self.corpus.articles.places[article].file as usize]
    }

    /// The line of an article, or its file.
    pub fn bytes(&mut self, article: usize) -> Result<&[u8]> {
        let place = self.corpus.articles.places[article];
        let source = self.source(article);
        let range = place.bytes();
        if source.state.is_none() {
            let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
            return Ok(&self.corpus.copied[range]);
        }
        if self.open.as_ref().is_none_or(|open| open.file != place.file) {
            let file = File::open(&source.path).map_err(|error| source.lost(&error))?;
            // A text file is read at once anyway.
            let buffer = if source.kind == Kind::Text { 0 } else { self.buffer };
            let reader = BufReader::with_capacity(buffer, file);
            self.open = Some(Open { file: place.file, reader, at: 0 });
        }
        let Some(open) = &mut self.open else { return Ok(&[]) };
        let read = open.read(range, &mut self.bytes);
        // Rather than what is missing in it.
        source.unchanged(open.reader.get_ref().metadata())?;
        read.map_err(|error| source.lost(&error))?;
        Ok(&self.bytes)
    }

    /// The text of an article, under its headline.
    pub fn text(&mut self, article: usize) -> Result<String> {
        let source = self.source(article);
        let fields = self.fields;
        let mut text = String::new();
        if source.kind == Kind::Text {
            let whole = chunk::text(self.bytes(article)?);
            text.push_str(whole.map_err(|_| anyhow!(source.changed()))?);
            return Ok(text);
        }
        let mut line = mem::take(&mut self.line);
        let is_article = line::parse(self.bytes(article)?, fields, &mut line, &mut text);
        // Without an id of its own it has been given one.
        let id = line.id.as_str();
        let is_same = id.is_empty() || id == self.corpus.articles.id(article);
        ensure!(is_article == Ok(true) && is_same, "{}", source.changed());
        self.line = line;
        Ok(text)
    }
}

impl Open {
    fn read(&mut self, range: Range<u64>, bytes: &mut Vec<u8>) -> io::Result<()> {
        self.reader.seek_relative(range.start.wrapping_sub(self.at).cast_signed())?;
        self.at = range.start;
        bytes.resize((range.end - range.start) as usize, 0);
        self.reader.read_exact(bytes)?;
        self.at = range.end;
        Ok(())
    }
}
