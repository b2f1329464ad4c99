//! What is known of the articles beside their words.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::args::{Args, Format, FurnitureArg, KeepBy};
use crate::input::files::Source;

/// Strings one behind the other, in one piece of memory.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Strings {
    /// All of them, and what is being added.
    pub all: String,
    ends: Vec<usize>,
}

impl Strings {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn get(&self, index: usize) -> &str {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.all[start..self.ends[index]]
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        (0..self.len()).map(|index| self.get(index))
    }

    pub fn push(&mut self, string: &str) {
        self.all.push_str(string);
        self.end();
    }

    /// Ends a string that was added to `all`.
    pub fn end(&mut self) {
        self.ends.push(self.all.len());
    }

    fn append(&mut self, other: &Self) {
        let start = self.all.len();
        self.all.push_str(&other.all);
        self.ends.extend(other.ends.iter().map(|end| start + end));
    }

    /// Removes all, and keeps at most so much memory for others.
    pub fn clear(&mut self, memory: usize) {
        self.all.clear();
        self.all.shrink_to(memory);
        self.ends.clear();
    }
}

/// What the output needs of the articles. No more is remembered.
#[derive(Clone, Copy, Debug)]
pub struct Needs {
    pub dates: bool,
    pub sources: bool,
    pub lengths: bool,
    /// Whether texts or lines will be read once more.
    pub places: bool,
    /// Whether texts will be, many and in any order.
    pub anywhere: bool,
}

impl Needs {
    pub fn new(args: &Args) -> Self {
        // A work folder serves other outputs, too.
        let shown = args.format == Format::Text || args.report.is_some() || args.work.is_some();
        Self {
            dates: shown || matches!(args.keep_by, KeepBy::Earliest),
            sources: shown || !args.prefer.is_empty(),
            lengths: matches!(args.keep_by, KeepBy::Longest) || args.work.is_some(),
            // Pieces of furniture are shown in any format.
            places: shown || args.keep.is_some() || matches!(args.furniture, FurnitureArg::Learn),
            anywhere: shown,
        }
    }

    /// Whether what may be asked for again of a file is copied: its bytes, or the texts of Parquet.
    pub fn a_copy_of(self, source: &Source) -> bool {
        self.places && (!source.can_be_read_again() || self.anywhere && !source.has_places())
    }
}

/// Where an article stands: the bytes of a line, a row or a whole file, or a row of Parquet.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(from = "(u32, u32, u64)", into = "(u32, u32, u64)")]
pub struct Place {
    /// The number of the file.
    pub file: u32,
    length: u32,
    /// In the file, or in the copy of what cannot be read again.
    start: u64,
}

impl From<(u32, u32, u64)> for Place {
    fn from((file, length, start): (u32, u32, u64)) -> Self {
        Self { file, length, start }
    }
}

impl From<Place> for (u32, u32, u64) {
    fn from(Place { file, length, start }: Place) -> Self {
        (file, length, start)
    }
}

impl Place {
    /// Says so if the article is too long.
    pub fn new(file: usize, start: usize, length: usize) -> Result<Self, String> {
        let length = u32::try_from(length).map_err(|_| "more than 4 GiB".to_owned())?;
        let file = u32::try_from(file).map_err(|_| "too many files".to_owned())?;
        Ok(Self { file, length, start: start as u64 })
    }

    pub fn bytes(self) -> Range<u64> {
        self.start..self.start + u64::from(self.length)
    }
}

/// The articles, by number. What is not needed has no entries.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Articles {
    pub ids: Strings,
    /// Empty for an article without one.
    dates: Strings,
    sources: Strings,
    /// Characters of the texts.
    pub lengths: Vec<u32>,
    pub places: Vec<Place>,
}

impl Articles {
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn id(&self, article: usize) -> &str {
        self.ids.get(article)
    }

    pub fn date(&self, article: usize) -> Option<&str> {
        Some(self.dates.get(article)).filter(|date| !date.is_empty())
    }

    pub fn source(&self, article: usize) -> Option<&str> {
        Some(self.sources.get(article)).filter(|source| !source.is_empty())
    }

    /// Adds an article, whose id is there already.
    pub fn push(&mut self, needs: Needs, text: &str, date: &str, source: &str, place: Place) {
        if needs.dates {
            self.dates.push(date);
        }
        if needs.sources {
            self.sources.push(source);
        }
        if needs.lengths {
            self.lengths.push(u32::try_from(text.chars().count()).unwrap_or(u32::MAX));
        }
        if needs.places {
            self.places.push(place);
        }
    }

    /// Adds the articles of a part of the input, of which the places are counted from `start`.
    pub fn append(&mut self, other: &Self, start: u64) {
        self.ids.append(&other.ids);
        self.dates.append(&other.dates);
        self.sources.append(&other.sources);
        self.lengths.extend_from_slice(&other.lengths);
        let moved = |place: &Place| Place { start: place.start + start, ..*place };
        self.places.extend(other.places.iter().map(moved));
    }

    /// Removes all, and keeps at most so much memory for the strings of others.
    pub fn clear(&mut self, memory: usize) {
        let Self { ids, dates, sources, lengths, places } = self;
        [ids, dates, sources].into_iter().for_each(|strings| strings.clear(memory));
        lengths.clear();
        places.clear();
    }
}
