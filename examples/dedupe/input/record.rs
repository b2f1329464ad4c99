//! What is read of an article, whatever the kind of its file.

use std::fmt::{self, Write};

use crate::args::Args;

/// The names of the fields: id, text, title, date, source. What is not needed is read all the
/// same, so that the output that is asked for does not decide which lines are articles.
#[derive(Clone, Debug)]
pub struct Fields(pub [String; 5]);

impl Fields {
    pub fn new(args: &Args) -> Self {
        let names = [
            &args.id_field,
            &args.text_field,
            &args.title_field,
            &args.date_field,
            &args.source_field,
        ];
        Self(names.map(Clone::clone))
    }
}

/// What is known of an article beside its text; empty is what is not.
#[derive(Debug, Default)]
pub struct Record {
    pub id: Value,
    pub title: Value,
    pub date: Value,
    pub source: Value,
}

impl Record {
    pub fn clear(&mut self) {
        for value in [&mut self.id, &mut self.title, &mut self.date, &mut self.source] {
            value.clear();
        }
    }

    pub fn set(&mut self, id: &str, title: &str, date: &str, source: &str) {
        self.clear();
        self.id.append(id);
        self.title.append(title);
        self.date.append(date);
        self.source.append(source);
    }

    /// Adds the text to others, under its headline.
    pub fn add_text(&self, text: &str, texts: &mut String) {
        let start = texts.len();
        texts.push_str(text);
        self.add_headline(start, texts);
    }

    /// Puts the headline above the text that begins at `start`, unless it is there already.
    pub fn add_headline(&self, start: usize, texts: &mut String) {
        let title = self.title.as_str().trim();
        if !title.is_empty() && !texts[start..].trim_start().starts_with(title) {
            texts.insert_str(start, "\n\n");
            texts.insert_str(start, title);
        }
    }
}

/// A text or a number, as text; empty if it is neither.
#[derive(Debug, Default)]
pub struct Value(String);

impl Value {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn clear(&mut self) {
        self.0.clear();
        // One freak title does not stay.
        self.0.shrink_to(1 << 16);
    }

    pub fn append(&mut self, value: impl fmt::Display) {
        // A String takes anything.
        let _ = write!(self.0, "{value}");
    }
}

pub fn not_utf8(error: &std::str::Utf8Error) -> String {
    format!("not UTF-8 (byte {})", error.valid_up_to() + 1)
}

/// That a table has no column of this name, for somebody who has to find the right one.
pub fn no_column<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> String {
    format!("no column `{name}`{}", there_are(names))
}

/// The names that there are, unless there is none.
pub fn there_are<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut names: Vec<&str> = names.take(11).collect();
    if names.is_empty() {
        return String::new();
    }
    if names.len() > 10 {
        names[10] = "…";
    }
    format!(" (there are: {})", names.join(", "))
}
