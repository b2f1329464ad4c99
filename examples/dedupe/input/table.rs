//! Tables with commas or tabs: where their rows end, and the wanted cells of a row.

use std::fmt;
use std::str;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use memchr::{memchr, memchr2};
use serde::{Deserialize, Serialize};

use super::record::{Fields, Record, no_column, not_utf8};

/// The bytes of the whole rows at the start of `bytes`.
pub fn whole_rows(bytes: &[u8], delimiter: u8) -> Option<usize> {
    let mut end = 0;
    while let Some(row) = Row::first(&bytes[end..], delimiter) {
        end += row.length;
    }
    (end > 0).then_some(end)
}

/// A row, with its end of line.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub length: usize,
    /// Whether what begins with a quote ends with one.
    is_quoted_well: bool,
}

impl Row {
    /// The first row of `bytes`, if its end is there. A line break between quotes is part of a
    /// cell. A row whose quotes cannot be right ends with its first line, so that no more is lost.
    fn first(bytes: &[u8], delimiter: u8) -> Option<Self> {
        let mut at = 0;
        loop {
            if bytes.get(at) == Some(&b'"') {
                at += 1;
                loop {
                    at += memchr(b'"', &bytes[at..])? + 1;
                    if bytes.get(at) != Some(&b'"') {
                        break;
                    }
                    at += 1;
                }
                match &bytes[at..] {
                    [] | [b'\r'] => return None,
                    [b'\n', ..] | [b'\r', b'\n', ..] => {}
                    [next, ..] if *next == delimiter => {}
                    _ => return Self::broken(bytes),
                }
            }
            at += memchr2(delimiter, b'\n', &bytes[at..])? + 1;
            if bytes[at - 1] == b'\n' {
                return Some(Self { length: at, is_quoted_well: true });
            }
        }
    }

    /// The first row where there are no more bytes.
    pub fn first_of_last(bytes: &[u8], delimiter: u8) -> Self {
        Self::first(bytes, delimiter).unwrap_or_else(|| {
            // The last line may lack its end.
            let ended = [bytes, b"\n"].concat();
            let row = Self::first(&ended, delimiter).or_else(|| Self::broken(&ended));
            let Self { length, is_quoted_well } = row.unwrap_or(Self::NONE);
            Self { length: length.min(bytes.len()), is_quoted_well }
        })
    }

    const NONE: Self = Self { length: usize::MAX, is_quoted_well: false };

    fn broken(bytes: &[u8]) -> Option<Self> {
        let length = memchr(b'\n', bytes)? + 1;
        Some(Self { length, is_quoted_well: false })
    }
}

/// What the first row says of the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub delimiter: u8,
    names: Vec<String>,
    /// The first row, as it stands in the file.
    pub header: Vec<u8>,
    /// Where the wanted cells are.
    columns: [Option<usize>; 5],
}

impl Table {
    /// Reads the first row; says why if there are no articles below it.
    pub fn new(bytes: &[u8], delimiter: u8, fields: &Fields) -> Result<Self, String> {
        let row = Row::first_of_last(bytes, delimiter);
        let header = bytes[..row.length].to_vec();
        let mut cells = Cells::new(delimiter);
        let count = cells.read(row, &header, None)?;
        let names: Result<Vec<_>, _> =
            (0..count).map(|cell| cells.get(cell).map(str::to_owned)).collect();
        let names = names?;
        let columns = fields.0.each_ref().map(|field| names.iter().position(|name| name == field));
        if columns[1].is_none() {
            return Err(no_column(&fields.0[1], names.iter().map(String::as_str)));
        }
        Ok(Self { delimiter, names, header, columns })
    }

    /// Whether rows of both can stand in one table.
    pub fn is_like(&self, other: &Self) -> bool {
        (self.delimiter, &self.names) == (other.delimiter, &other.names)
    }

    /// Reads a row, as [`json::parse`](super::json::parse) does a line.
    pub fn parse(
        &self,
        row: Row,
        bytes: &[u8],
        cells: &mut Cells,
        record: &mut Record,
        texts: &mut String,
    ) -> Result<bool, String> {
        if bytes.trim_ascii().is_empty() {
            return Ok(false);
        }
        cells.read(row, bytes, Some(self.names.len()))?;
        let [id, text, title, date, source] = self.columns;
        let cell = |column: Option<usize>| column.map_or(Ok(""), |column| cells.get(column));
        let [id, text, title] = [cell(id)?, cell(text)?, cell(title)?];
        record.set(id, title, cell(date)?, cell(source)?);
        record.add_text(text, texts);
        Ok(true)
    }
}

/// The cells of a row, in memory that is used again for the next one.
pub struct Cells {
    reader: Reader,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl fmt::Debug for Cells {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cells").finish_non_exhaustive()
    }
}

impl Cells {
    pub fn new(delimiter: u8) -> Self {
        let reader = ReaderBuilder::new().delimiter(delimiter).build();
        Self { reader, bytes: Vec::new(), ends: Vec::new() }
    }

    /// Takes a row apart; it must have so many cells. Returns how many there are.
    fn read(&mut self, row: Row, bytes: &[u8], width: Option<usize>) -> Result<usize, String> {
        if !row.is_quoted_well {
            return Err("a cell begins with a quote and does not end with one".to_owned());
        }
        str::from_utf8(bytes).map_err(|error| not_utf8(&error))?;
        self.reader.reset();
        self.bytes.resize(bytes.len() + 1, 0);
        // Rows of more cells than this are not in the table.
        self.ends.resize(width.map_or(bytes.len(), |width| width) + 2, 0);
        let mut rest = bytes;
        let (mut at, mut count) = (0, 0);
        loop {
            let (result, read, written, ended) =
                self.reader.read_record(rest, &mut self.bytes[at..], &mut self.ends[count..]);
            rest = &rest[read..];
            at += written;
            count += ended;
            // An end of input, which is an empty one, ends the last row.
            if result != ReadRecordResult::InputEmpty {
                break;
            }
        }
        let cells = |count: usize| if count == 1 { "cell" } else { "cells" };
        match width {
            Some(width) if count > width => {
                Err(format!("more than the {width} {} of the first row", cells(width)))
            }
            Some(width) if count < width => {
                Err(format!("{count} {} where the first row has {width}", cells(count)))
            }
            _ => Ok(count),
        }
    }

    fn get(&self, cell: usize) -> Result<&str, String> {
        let start = if cell == 0 { 0 } else { self.ends[cell - 1] };
        str::from_utf8(&self.bytes[start..self.ends[cell]]).map_err(|error| not_utf8(&error))
    }
}
