//! Reading again what the output needs of the input: it is not kept in memory.

use std::fmt;
use std::fs::{self, File, Metadata};
use std::io::{self, BufReader, Read};
use std::mem;
use std::ops::Range;
use std::{env, str};

use anyhow::{Result, ensure};

use crate::input::Corpus;
use crate::input::chunk;
use crate::input::files::{Source, Sources};
use crate::input::json;
use crate::input::kind::Kind;
use crate::input::packing::Packing;
use crate::input::parquet::{self, Parquet};
use crate::input::pieces::PIECE;
use crate::input::record::{Fields, Record};
use crate::input::table::{Cells, Row};

/// The input, to be read again article by article.
#[derive(Debug)]
pub struct Again<'c> {
    pub corpus: &'c Corpus,
    pub sources: &'c Sources,
    pub fields: &'c Fields,
    /// Bytes that are read at once.
    buffer: usize,
    /// The file that was read last.
    open: Option<Open>,
    bytes: Vec<u8>,
    record: Record,
}

impl<'c> Again<'c> {
    /// For articles in any order.
    pub fn new(corpus: &'c Corpus, sources: &'c Sources, fields: &'c Fields) -> Self {
        let (bytes, record) = (Vec::new(), Record::default());
        Self { corpus, sources, fields, buffer: 0, open: None, bytes, record }
    }

    /// For many articles in the order of the input.
    pub fn in_order(&self) -> Self {
        Self { buffer: PIECE, ..Self::new(self.corpus, self.sources, self.fields) }
    }

    /// The file that an article comes from.
    pub fn source(&self, article: usize) -> &'c Source {
        &self.sources.files[self.corpus.articles.places[article].file as usize]
    }

    /// The line or row of an article, or its file; of Parquet only its text, which was copied.
    pub fn bytes(&mut self, article: usize) -> Result<&[u8]> {
        let place = self.corpus.articles.places[article];
        let source = self.source(article);
        if self.corpus.needs.a_copy_of(source)
            && let Some(spool) = &self.corpus.spool
        {
            let read = spool.read(place.bytes(), &mut self.bytes);
            read.map_err(|error| source.lost(&error))?;
            return Ok(&self.bytes);
        }
        if source.kind.is_whole() {
            self.bytes.clear();
            let read = source.open().and_then(|mut file| file.read_to_end(&mut self.bytes));
            source.unchanged(fs::metadata(&source.path))?;
            read.map_err(|error| source.lost(&error))?;
            return Ok(&self.bytes);
        }
        let range = place.bytes();
        let is_behind = |open: &Open| open.file == place.file && open.can_reach(range.start);
        if !self.open.as_ref().is_some_and(is_behind) {
            let file = Open::new(place.file, source, self.buffer);
            self.open = Some(file.map_err(|error| source.lost(&error))?);
        }
        let Some(open) = &mut self.open else { return Ok(&[]) };
        let read = open.read(range, &mut self.bytes);
        // Rather than what is missing in it.
        source.unchanged(open.metadata(source))?;
        read.map_err(|error| source.lost(&error))?;
        Ok(&self.bytes)
    }

    /// The text of an article, under its headline.
    pub fn text(&mut self, article: usize) -> Result<String> {
        let source = self.source(article);
        let mut text = String::new();
        let mut record = mem::take(&mut self.record);
        let is_article = self.parse(article, &mut record, &mut text)?;
        // Without an id of its own it has been given one.
        let id = record.id.as_str();
        let is_same = id.is_empty() || id == self.corpus.articles.id(article);
        ensure!(is_article == Ok(true) && is_same, "{}", source.changed());
        self.record = record;
        Ok(text)
    }

    fn parse(
        &mut self,
        article: usize,
        record: &mut Record,
        text: &mut String,
    ) -> Result<Result<bool, String>> {
        let (source, fields) = (self.source(article), self.fields);
        let place = self.corpus.articles.places[article];
        if source.kind == Kind::Parquet && !self.corpus.needs.a_copy_of(source) {
            let rows = parquet::whole_file(source, &env::temp_dir())
                .and_then(|file| Parquet::open(file)?.row(place.bytes().start as usize, fields));
            source.unchanged(fs::metadata(&source.path))?;
            let rows = rows.map_err(|error| source.lost(&error))?;
            return Ok(rows.parse(0, record, text).map(|()| true));
        }
        let table = self.corpus.tables.get(&(place.file as usize));
        let bytes = self.bytes(article)?;
        Ok(match (source.kind, table) {
            (Kind::Lines, _) => json::parse(bytes, fields, record, text),
            (Kind::Csv | Kind::Tsv, Some(table)) => {
                let mut cells = Cells::new(table.delimiter);
                let row = Row::first_of_last(bytes, table.delimiter);
                table.parse(row, bytes, &mut cells, record, text)
            }
            (Kind::Parquet, _) => {
                record.clear();
                text.push_str(str::from_utf8(bytes)?);
                Ok(true)
            }
            (kind, _) => chunk::whole(kind, bytes, record, text).map(|()| true),
        })
    }
}

/// A file of many articles.
struct Open {
    file: u32,
    reader: Reader,
    at: u64,
}

enum Reader {
    Plain(BufReader<File>),
    /// It can only be read on.
    Packed(Box<dyn Read>),
}

impl Open {
    fn new(file: u32, source: &Source, buffer: usize) -> io::Result<Self> {
        let reader = match source.packing {
            Packing::None => {
                Reader::Plain(BufReader::with_capacity(buffer, File::open(&source.path)?))
            }
            _ => Reader::Packed(source.open()?),
        };
        Ok(Self { file, reader, at: 0 })
    }

    fn can_reach(&self, start: u64) -> bool {
        matches!(self.reader, Reader::Plain(_)) || self.at <= start
    }

    fn metadata(&self, source: &Source) -> io::Result<Metadata> {
        match &self.reader {
            Reader::Plain(reader) => reader.get_ref().metadata(),
            Reader::Packed(_) => fs::metadata(&source.path),
        }
    }

    fn read(&mut self, range: Range<u64>, bytes: &mut Vec<u8>) -> io::Result<()> {
        bytes.resize((range.end - range.start) as usize, 0);
        match &mut self.reader {
            Reader::Plain(reader) => {
                reader.seek_relative(range.start.wrapping_sub(self.at).cast_signed())?;
                self.at = range.start;
                reader.read_exact(bytes)?;
            }
            Reader::Packed(reader) => {
                io::copy(&mut reader.take(range.start - self.at), &mut io::sink())?;
                self.at = range.start;
                reader.read_exact(bytes)?;
            }
        }
        self.at = range.end;
        Ok(())
    }
}

impl fmt::Debug for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Open")
            .field("file", &self.file)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}
