//! The kinds of files. One that is new is added here, and its articles are read where the others
//! are: in [`chunk`](super::chunk).

use std::path::Path;

use clap::ValueEnum;
use memchr::memrchr;

use super::packing::Packing;
use super::table;

/// What a file holds, once it is unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// JSON lines: an object a line, an article each
    #[value(name = "jsonl")]
    Lines,
    /// A table with commas, an article a row, under a row of names
    Csv,
    /// A table with tabs, likewise
    Tsv,
    /// A table in columns
    Parquet,
    /// One article, its text
    #[value(name = "txt")]
    Text,
    /// One article, the main text of a web page
    Html,
}

/// For messages.
pub const KINDS: &str =
    ".txt, .html, .htm, .jsonl, .ndjson, .csv, .tsv, .parquet, each also .gz, .zst, .bz2, .xz";

impl Kind {
    /// What a file is by its name, and how it is packed.
    pub fn of(path: &Path) -> Option<(Self, Packing)> {
        let packing = Packing::of(path);
        let stem = if packing == Packing::None { path } else { Path::new(path.file_stem()?) };
        let kind = match stem.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "txt" => Self::Text,
            "html" | "htm" => Self::Html,
            "jsonl" | "ndjson" => Self::Lines,
            "csv" => Self::Csv,
            "tsv" => Self::Tsv,
            "parquet" => Self::Parquet,
            _ => return None,
        };
        Some((kind, packing))
    }

    /// Whether the whole file is one article.
    pub fn is_whole(self) -> bool {
        matches!(self, Self::Text | Self::Html)
    }

    /// What stands between the cells of a row.
    pub fn delimiter(self) -> Option<u8> {
        match self {
            Self::Csv => Some(b','),
            Self::Tsv => Some(b'\t'),
            _ => None,
        }
    }

    /// The bytes of the whole records at the start of `bytes`, none of which ends before `from`.
    pub fn whole_records(self, bytes: &[u8], from: usize) -> Option<usize> {
        match self.delimiter() {
            Some(delimiter) => table::whole_rows(bytes, delimiter),
            None => memrchr(b'\n', &bytes[from..]).map(|last| from + last + 1),
        }
    }
}
