//! `dedupe`: finds the articles of a corpus that are the same piece of writing.
//!
//! ```text
//! cargo run --release --example dedupe -- examples/articles
//! ```
//!
//! See `--help` for all it can do.

mod again;
mod args;
mod articles;
mod disk;
mod input;
mod keep;
mod kept;
mod output;
mod progress;
mod report;
mod rows;
mod screen;
mod stats;
mod summary;
mod text;
mod versions;
mod work;

use std::error::Error;
use std::fmt;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;

use anstream::AutoStream;
use anyhow::{Result, bail};
use clap::Parser;
use indicatif::DecimalBytes;
use reprint::Clusters;

use again::Again;
use args::{Args, Format, KeepBy};
use disk::Forecast;
use input::Corpus;
use input::files::Sources;
use input::record::Fields;
use output::{Outputs, Totals};
use progress::Progress;
use screen::Screen;

/// How many pairs to write without a word about it.
const MANY_PAIRS: u64 = 10_000_000;

/// Something that the user said and that makes no sense.
#[derive(Debug)]
pub struct Usage(String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Usage {}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(format_args!("error: {error:#}"));
            ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
        }
    }
}

fn run(args: &Args) -> Result<()> {
    let dedup = args.deduper(None)?;
    if args.format == Format::Parquet && io::stdout().is_terminal() {
        bail!(Usage("--format parquet is nothing to see: send it to a file or a program".into()));
    }
    if let Some(threads) = args.threads {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    }
    let report_kind = args.report.as_deref().map(report::Kind::of).transpose()?;
    let sources = Sources::find(&args.paths, args.input_format)?;
    let outputs = Outputs::create(args, &sources)?;
    for (words, is_warning) in Forecast::all(args, &sources).iter().map(Forecast::words) {
        if is_warning || io::stderr().is_terminal() {
            say(format_args!("{words}"));
        }
    }
    let progress = Progress::new(args.stats.is_some());
    let fields = Fields::new(args);
    let corpus = work::read(args, &fields, dedup, &sources, &progress)?;
    progress.clear();
    warn(args, &sources, &corpus);
    if args.strict && corpus.skipped.count > 0 {
        bail!("{} skipped, and --strict was given", text::counted(corpus.skipped.count, "input"));
    }

    let clusters = corpus.dedup.clusters_observed(&progress);
    progress.enter("write");
    progress.clear();
    warn_of_scratch(args, &corpus);
    let pairs = clusters.summary().pairs;
    if let Some(file) = outputs.pairs.as_ref().filter(|_| pairs > MANY_PAIRS) {
        file.path().map_or(Ok(()), |path| disk::has_room_for_pairs(path, pairs))?;
        let pairs = text::thousands(pairs);
        say(format_args!("warning: writing {pairs} pairs, since all copies of a text make pairs"));
    }
    let mut again = Again::new(&corpus, &sources, &fields);
    if args.keep.is_some() || args.report.is_some() || args.format == Format::Text {
        sources.unchanged()?;
    }
    let furniture =
        clusters.furniture_pieces_of(output::FURNITURE, |article| again.text(article))?;
    let keep = keep::choose(&clusters, &corpus, &args.prefer, args.keep_by);
    if let Some(file) = outputs.keep {
        file.write(|out| kept::write(out, &again, &keep))?;
    }
    let pairs = match outputs.pairs {
        Some(file) => file.write(|out| Ok(output::pairs(out, &corpus, &clusters)?))?,
        None => pairs,
    };
    let removable = keep.iter().filter(|&&stays| !stays).count();
    let totals = Totals { pairs, removable, furniture };
    if let (Some(file), Some(kind)) = (outputs.report, report_kind) {
        file.write(|out| report::write(out, kind, &mut again, &clusters, &totals))?;
    }
    let printed = print(args.format, &mut again, &clusters, &totals);
    if let Some(file) = outputs.stats {
        let (watch, files) = (progress.into_watch(), sources.files.len());
        let summary = clusters.summary();
        file.write(|out| Ok(stats::write(out, watch, files, &corpus, summary, &totals)?))?;
    }
    work::say_what_stays(args, &corpus);
    if io::stderr().is_terminal() {
        conclude(args, &clusters, again.corpus, &totals);
    }
    match printed.as_ref().map_err(|error| error.downcast_ref::<io::Error>()) {
        // Somebody has seen enough, as `head` does.
        Err(Some(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(Some(error)) => bail!("standard output: {error}"),
        _ => printed,
    }
}

/// Prints the result to standard output.
fn print(
    format: Format,
    again: &mut Again<'_>,
    clusters: &Clusters<'_>,
    totals: &Totals,
) -> Result<()> {
    let stdout = io::stdout();
    match format {
        Format::Jsonl => {
            let mut out = BufWriter::with_capacity(output::BUFFER, stdout);
            output::json_lines(&mut out, again.corpus, clusters, totals)?;
            out.flush()?;
        }
        Format::Text => {
            let mut out = BufWriter::with_capacity(output::BUFFER, AutoStream::auto(stdout));
            text::print(&mut out, Screen::of_stdout(), again, clusters, totals)?;
            out.flush()?;
        }
        Format::Csv => rows::csv(stdout, again.corpus, clusters)?,
        // Its writer wants an output that other threads may have.
        Format::Parquet => rows::parquet(io::stdout(), again.corpus, clusters)?,
    }
    Ok(())
}

/// Prints a line on standard error, whatever the names in it hold; nobody has to be there to read.
fn say(message: fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr().lock(), "{}", text::printable(&message.to_string()));
}

/// Says on the terminal what was found, unless it is there already, and what it took.
fn conclude(args: &Args, clusters: &Clusters<'_>, corpus: &Corpus, totals: &Totals) {
    if args.format != Format::Text || !io::stdout().is_terminal() {
        say(format_args!("{}", summary::in_short(clusters, corpus, totals)));
    }
    let scratch = corpus.scratch_bytes();
    if scratch > 0 && args.work.is_none() {
        say(format_args!("{} of scratch files were used, and are gone", DecimalBytes(scratch)));
    }
}

/// Says that scratch files could not be written.
fn warn_of_scratch(args: &Args, corpus: &Corpus) {
    if let Err(error) = corpus.dedup.spilled() {
        let mut folders = args.scratch_folder().display().to_string();
        if let Some(work) = &args.work {
            folders = format!("{} or {folders}", work.display());
        }
        say(format_args!("warning: scratch files in {folders}: {error}; the rest stays in memory"));
    }
}

/// Says on standard error what the user may not expect.
fn warn(args: &Args, sources: &Sources, corpus: &Corpus) {
    let skipped = &corpus.skipped;
    for message in &skipped.first {
        say(format_args!("{message}"));
    }
    if skipped.count > skipped.first.len() {
        let more = text::thousands(skipped.count - skipped.first.len());
        say(format_args!("and {more} more skipped like these"));
    }
    for warning in &sources.warnings {
        say(format_args!("warning: {warning}"));
    }
    if let Some((count, id)) = input::repeated_ids(&corpus.articles.ids) {
        let articles = text::counted(count, "article");
        say(format_args!("warning: {articles} with the id of an earlier one, such as {id}"));
    }
    if matches!(args.keep_by, KeepBy::Earliest) {
        let undated = keep::without_date(corpus);
        if undated > 0 {
            let articles = text::counted(undated, "article");
            say(format_args!("warning: {articles} without a date that can be read, taken as late"));
        }
    }
    for source in keep::without_article(corpus, &args.prefer) {
        say(format_args!("warning: no article of the source {source}, which --prefer names"));
    }
    if corpus.articles.len() == 0 && sources.warnings.is_empty() {
        say(format_args!("warning: no articles in the input"));
    }
}
