//! What is kept in the folder that --work names, beside what the library keeps there: what was read
//! of the articles but their words, and copies of texts that cannot be found again in place.

use std::collections::BTreeMap;
use std::fs;
use std::mem;
use std::path::Path;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use anyhow::Result;
use indicatif::DecimalBytes;
use reprint::{Checkpoint, Deduper, Redo, Work};
use serde::{Deserialize, Serialize};

use crate::args::Args;
use crate::articles::{Articles, Needs};
use crate::input::chunk::Skipped;
use crate::input::files::{Source, Sources};
use crate::input::kind::Kind;
use crate::input::record::Fields;
use crate::input::spool::Spool;
use crate::input::table::Table;
use crate::input::{self, Corpus};
use crate::progress::Progress;
use crate::text::counted;
use crate::{Usage, say};

/// What goes before the path of a file among the inputs.
const FILE: &str = "file ";

/// What is known of the articles beside their words.
#[derive(Default, Serialize, Deserialize)]
struct Notes {
    articles: Articles,
    tables: BTreeMap<usize, Table>,
    skipped: Skipped,
    bytes: u64,
    /// Bytes and checksum of the copied texts.
    copied: Option<(u64, u64)>,
}

/// Reads all files, unless what was read before is in the work folder.
pub fn read(
    args: &Args,
    fields: &Fields,
    dedup: Deduper,
    sources: &Sources,
    progress: &Progress,
) -> Result<Corpus> {
    let Some(folder) = &args.work else {
        return input::read(args, fields, dedup, sources, progress);
    };
    let mut dedup = args.deduper(Some(inputs(args, fields, sources)?))?;
    if let Some((stage, redo)) = dedup.work().and_then(Work::redo) {
        say(format_args!("{}: {}", reason(folder, redo), again(stage)));
    }
    if let Some(notes) = dedup.resume() {
        match found(folder, &notes, &dedup) {
            Ok((notes, spool)) => {
                let stage = dedup.work().and_then(Work::found);
                let articles = counted(dedup.len(), "article");
                say(format_args!("going on in {}: {articles}{}", folder.display(), so_far(stage)));
                let Notes { articles, tables, skipped, bytes, .. } = notes;
                let tables = tables.into_iter().map(|(file, table)| (file, Arc::new(table)));
                let (needs, tables) = (Needs::new(args), tables.collect());
                let copies = BTreeMap::new();
                return Ok(Corpus {
                    needs,
                    dedup,
                    articles,
                    spool,
                    tables,
                    copies,
                    skipped,
                    bytes,
                });
            }
            Err(problem) => say(format_args!("{problem}: {}", again(Checkpoint::Articles))),
        }
    }
    dedup.clear();
    let _ = fs::remove_file(Spool::kept_in(folder));
    let mut corpus = input::read(args, fields, dedup, sources, progress)?;
    let copied = corpus.spool.as_mut().map(Spool::keep).transpose()?;
    let tables = corpus.tables.iter().map(|(&file, table)| (file, Table::clone(table)));
    let notes = Notes {
        articles: mem::take(&mut corpus.articles),
        tables: tables.collect(),
        skipped: mem::take(&mut corpus.skipped),
        bytes: corpus.bytes,
        copied,
    };
    corpus.dedup.checkpoint(&serde_json::to_vec(&notes)?);
    (corpus.articles, corpus.skipped) = (notes.articles, notes.skipped);
    Ok(corpus)
}

/// The notes, and the copied texts if there are any.
fn found(folder: &Path, notes: &[u8], dedup: &Deduper) -> Result<(Notes, Option<Spool>), String> {
    let damaged = |path: &Path, problem| format!("{} is damaged, {problem}", path.display());
    let notes: Notes = serde_json::from_slice(notes)
        .ok()
        .filter(|notes: &Notes| notes.articles.len() == dedup.len())
        .ok_or_else(|| damaged(folder, "its notes are of other articles".to_owned()))?;
    let spool = notes.copied.map(|(length, checksum)| {
        Spool::found(folder, length, checksum)
            .map_err(|problem| damaged(&Spool::kept_in(folder), problem))
    });
    Ok((notes, spool.transpose()?))
}

/// What the articles depend on beside what the library knows.
fn inputs(args: &Args, fields: &Fields, sources: &Sources) -> Result<Vec<(String, String)>> {
    let names = ["--id-field", "--text-field", "--title-field", "--date-field", "--source-field"];
    let names = names.iter().zip(&fields.0);
    let mut inputs: Vec<(String, String)> =
        names.map(|(name, field)| ((*name).to_owned(), field.clone())).collect();
    inputs.push(("--longest".to_owned(), args.longest.to_string()));
    // Files that --keep could not write to one file are an error then, and no matter otherwise.
    let has_columns =
        |file: &&Source| file.kind == Kind::Parquet || file.kind.delimiter().is_some();
    if sources.files.iter().filter(has_columns).nth(1).is_some() {
        inputs.push(("--keep".to_owned(), args.keep.is_some().to_string()));
    }
    for source in &sources.files {
        inputs.push((format!("{FILE}{}", source.path.display()), state(source)?));
    }
    inputs.extend(sources.unreadable.iter().map(|path| (FILE.to_owned() + path, String::new())));
    Ok(inputs)
}

/// By what a file shows that it is another one, or is to be read in another way.
fn state(source: &Source) -> Result<String> {
    let Some(state) = source.state else {
        let path = source.path.display();
        let problem = format!("--work: what comes from {path} cannot be read again after a kill");
        return Err(Usage(problem).into());
    };
    let since = state.modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let since = since.map_or_else(String::new, |since| format!("{since:?}"));
    let Source { kind, packing, .. } = source;
    // Its name is the end of its path.
    let name = source.name().len();
    Ok(format!("{kind:?} {packing:?} {} bytes {since} {name}", state.size))
}

/// Why a stage is done again.
fn reason(folder: &Path, redo: &Redo) -> String {
    let folder = folder.display();
    let (name, was, now) = match redo {
        Redo::Damaged { path, problem } => {
            return format!("{} is damaged, {problem}", path.display());
        }
        Redo::Changed { name, was, now } => (name, was.as_deref(), now.as_deref()),
    };
    if let Some(path) = name.strip_prefix(FILE) {
        return match (was, now) {
            (None, _) => format!("{folder} was made without {path}"),
            (_, None) => format!("{folder} was made with {path}, too"),
            (was, now) if was == now => format!("{folder} was made with {path} in another place"),
            _ => format!("{path} has changed"),
        };
    }
    let (was, now) = (was.unwrap_or("none"), now.unwrap_or("none"));
    let name = match name.as_str() {
        "reprint" => return format!("{folder} was made by version {was}, and this is {now}"),
        "threshold" | "measure" | "excerpt" | "overlap" | "shingle" | "method" | "furniture" => {
            format!("--{name}")
        }
        _ => name.replace('_', " "),
    };
    format!("{folder} was made with {name} {was}, now it is {now}")
}

/// What is done again from a stage on.
fn again(stage: Checkpoint) -> &'static str {
    match stage {
        Checkpoint::Articles => "reading again",
        Checkpoint::Furniture => "learning furniture again",
        Checkpoint::Candidates => "searching again",
        Checkpoint::Pairs => "comparing again",
    }
}

/// What is done with the articles that were read.
fn so_far(stage: Option<Checkpoint>) -> &'static str {
    match stage {
        None | Some(Checkpoint::Articles) => "",
        Some(Checkpoint::Furniture) => ", furniture learned",
        Some(Checkpoint::Candidates) => ", candidates found",
        Some(Checkpoint::Pairs) => ", all compared",
    }
}

/// Says what stays in the folder.
pub fn say_what_stays(args: &Args, corpus: &Corpus) {
    let (Some(folder), Some(work)) = (&args.work, corpus.dedup.work()) else { return };
    let shown = folder.display();
    if let Some(error) = work.error() {
        say(format_args!("warning: {shown}: {error}; not all of the work is kept"));
    }
    let copied = fs::metadata(Spool::kept_in(folder)).map_or(0, |metadata| metadata.len());
    let size = DecimalBytes(work.size() + copied);
    say(format_args!("{shown} keeps {size} for other outputs; it can be deleted"));
}
