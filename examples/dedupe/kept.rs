//! The corpus without its duplicates, in the form in which it was read.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::{env, fs};

use anyhow::{Result, bail};
use arrow_array::BooleanArray;
use arrow_select::filter::filter_record_batch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use serde::Serialize;

use crate::Usage;
use crate::again::Again;
use crate::input::files::{Source, Sources};
use crate::input::kind::Kind;
use crate::input::parquet::{Parquet, Rows, whole_file};
use crate::output::{self, of_the_disk};

/// Checks before the work begins that what is kept can be written to one file: all of it is of
/// one kind, which is that of the file too if its name says one.
pub fn check(sources: &Sources, path: &Path) -> Result<()> {
    let mut files = sources.files.iter();
    let Some(first) = files.next() else { return Ok(()) };
    let kind = form(first);
    if let Some(other) = files.find(|file| form(file) != kind) {
        let (first, other) = (first.path.display(), other.path.display());
        let problem = format!(
            "--keep writes what it reads, and {first} and {other} cannot stand in one file"
        );
        return Err(Usage(problem).into());
    }
    let of_path = Kind::of(path).map(|(kind, _)| kind).filter(|kind| !kind.is_whole());
    if of_path.is_some_and(|of_path| of_path != kind) {
        let (path, first) = (path.display(), first.path.display());
        let problem = format!("--keep {path}: what is kept of {first} is of another kind");
        return Err(Usage(problem).into());
    }
    Ok(())
}

/// As what an article of a file is kept.
fn form(source: &Source) -> Kind {
    if source.kind.is_whole() { Kind::Lines } else { source.kind }
}

#[derive(Serialize)]
struct WholeFile<'a> {
    id: &'a str,
    text: &'a str,
}

/// Writes the articles that stay, in the order in which they were read.
pub fn write(out: &mut (dyn Write + Send), again: &Again<'_>, keep: &[bool]) -> Result<()> {
    let sources = &again.sources.files;
    if sources.first().is_some_and(|source| source.kind == Kind::Parquet) {
        return parquet(out, again, keep);
    }
    if let Some(table) = again.corpus.tables.values().next() {
        line(out, &table.header)?;
    }
    let mut again = again.in_order();
    for article in (0..keep.len()).filter(|&article| keep[article]) {
        if again.source(article).kind.is_whole() {
            let text = &again.text(article)?;
            let id = again.corpus.articles.id(article);
            output::json_line(out, &WholeFile { id, text })?;
        } else {
            line(out, again.bytes(article)?)?;
        }
    }
    Ok(())
}

/// Writes a line as it was read; the last one of a file may lack its end.
fn line(out: &mut dyn Write, line: &[u8]) -> Result<()> {
    out.write_all(line)?;
    if !line.ends_with(b"\n") {
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Bytes of a group of rows.
const GROUP: usize = 128 << 20;

/// Writes the rows that stay, with all their columns.
fn parquet(out: &mut (dyn Write + Send), again: &Again<'_>, keep: &[bool]) -> Result<()> {
    let (corpus, folder) = (again.corpus, env::temp_dir());
    let (mut out, mut writer) = (Some(out), None);
    let mut article = 0;
    for (number, source) in again.sources.files.iter().enumerate() {
        let end = corpus.articles.places.partition_point(|place| place.file as usize <= number);
        let file = match corpus.copies.get(&number) {
            Some(copy) => copy.try_clone(),
            None => whole_file(source, &folder),
        };
        let opened = file.and_then(Parquet::open);
        if source.can_be_read_again() {
            source.unchanged(fs::metadata(&source.path))?;
        }
        let file = match opened {
            Ok(file) => file,
            Err(_) if article == end => continue,
            Err(error) => return Err(source.lost(&error)),
        };
        if let Some(out) = out.take() {
            let settings = WriterProperties::builder()
                .set_compression(Compression::ZSTD(ZstdLevel::default()))
                .set_key_value_metadata(file.remarks());
            let schema = Arc::clone(file.schema());
            let opened = ArrowWriter::try_new(out, schema, Some(settings.build()));
            writer = Some(opened.map_err(of_the_disk)?);
        }
        let Some(writer) = &mut writer else { continue };
        let mut lost = None;
        for batch in file.all() {
            // What could not be read had no articles the first time either, or else an end is made.
            let batch = match batch {
                Ok((_, batch)) => batch,
                Err(error) => {
                    lost.get_or_insert(error);
                    continue;
                }
            };
            let rows = Rows::new(&batch, 0, again.fields);
            let stays = (0..batch.num_rows()).map(|row| {
                let is_article = rows.is_article(row) && article < end;
                article += usize::from(is_article);
                is_article && keep[article - 1]
            });
            let stays = BooleanArray::from_iter(stays.map(Some));
            writer.write(&filter_record_batch(&batch, &stays)?).map_err(of_the_disk)?;
            if writer.in_progress_size() > GROUP {
                writer.flush().map_err(of_the_disk)?;
            }
        }
        match lost {
            _ if article == end => {}
            Some(error) => return Err(source.lost(&error)),
            None => bail!(source.changed()),
        }
    }
    let Some(writer) = writer else { bail!("no file to keep the columns of could be read") };
    writer.close().map_err(of_the_disk)?;
    Ok(())
}
