//! The command line: what can be said on it, and what it means to the library.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use clap::builder::RangedU64ValueParser;
use clap::{Parser, ValueEnum};
use reprint::{Deduper, ErrorKind, Grouping, Measure, Method, Preset};

use crate::Usage;
use crate::input::kind::Kind;

/// Finds the articles of a corpus that are the same piece of writing, and shows what differs.
///
/// Reprinted, re-headlined, trimmed or lightly edited articles are grouped around a
/// representative. What an article shares with it is counted on the texts, word by word, so that a
/// percentage says what it seems to say: 98 % of the words of this article stand in that one.
#[derive(Debug, Parser)]
#[command(name = "dedupe", version, max_term_width = 100, after_help = EXAMPLES)]
pub struct Args {
    /// Files, folders, patterns such as `news/*.csv.gz`, or `-` for standard input
    ///
    /// A .txt file is an article, and so is the main text of a .html or .htm file; a .jsonl or
    /// .ndjson file has one on each line, a JSON object, and .csv, .tsv and .parquet files have one
    /// in each row. Any of them may be packed: .gz, .zst, .bz2, .xz. Folders are searched with all
    /// their subfolders, except hidden ones; files of other kinds in them are ignored. Texts are
    /// UTF-8. What cannot be read as an article is skipped, and named on standard error, as are
    /// lines, rows and files of more than 512 MiB. Files are not kept in memory: what the output
    /// shows of them is read again, so they must not change meanwhile. What cannot be read again
    /// in place, such as what comes through a pipe, is copied to the folder for temporary files,
    /// which TMPDIR names.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// What comes on standard input, packed or not
    #[arg(long, value_name = "KIND", value_enum, default_value = "jsonl")]
    #[arg(help_heading = "Input")]
    pub input_format: Kind,

    /// The most bytes of a line, a row or a file
    #[arg(long, value_name = "BYTES", default_value_t = 512 << 20, hide = true)]
    pub longest: usize,

    /// Field or column with the id, a string or a number; without one the id is FILE:LINE
    ///
    /// In Parquet it is FILE:ROW then, counted from 1.
    /// The id of a text file is its path below the PATH given, or its name where the PATH is the
    /// file itself. Files of several PATHs that would get the same id get the PATH in front.
    #[arg(long, value_name = "NAME", default_value = "id")]
    #[arg(help_heading = "Input")]
    pub id_field: String,

    /// Field or column with the text; a line, row or table without it is skipped
    #[arg(long, value_name = "NAME", default_value = "text")]
    #[arg(help_heading = "Input")]
    pub text_field: String,

    /// Field or column with the headline, which becomes the text's first line if it isn't that already
    #[arg(long, value_name = "NAME", default_value = "title")]
    #[arg(help_heading = "Input")]
    pub title_field: String,

    /// Field or column with the date, shown beside the id and used by --keep-by earliest
    #[arg(long, value_name = "NAME", default_value = "date")]
    #[arg(help_heading = "Input")]
    pub date_field: String,

    /// Field or column with the source, such as a newspaper's name, shown beside the id
    #[arg(long, value_name = "NAME", default_value = "source")]
    #[arg(help_heading = "Input")]
    pub source_field: String,

    /// Share at which two articles are reprints, above 0 and at most 1 [default: 0.6]
    ///
    /// Each of the two must have this share of its words (or what --measure says) in the other.
    /// Raise it to 0.8 or more to find copies with small edits only; lower it for crawled pages
    /// that are mostly navigation and teasers.
    #[arg(long, value_name = "T", allow_negative_numbers = true)]
    #[arg(help_heading = "What counts as the same")]
    pub threshold: Option<f64>,

    /// What the thresholds are about [default: coverage]
    #[arg(long, value_name = "MEASURE", value_enum)]
    #[arg(help_heading = "What counts as the same")]
    pub measure: Option<MeasureArg>,

    /// Settings that suit corpora of a certain kind; other options still change them
    #[arg(long, value_name = "KIND", value_enum)]
    #[arg(help_heading = "What counts as the same")]
    pub preset: Option<PresetArg>,

    /// Share of the shorter article at which it is an excerpt of the longer one, above 0 and at
    /// most 1, or `off` [default: 0.65, or the threshold if higher; off for jaccard]
    #[arg(long, value_name = "T|off", value_parser = excerpt, allow_negative_numbers = true)]
    #[arg(help_heading = "What counts as the same")]
    pub excerpt: Option<Excerpt>,

    /// Also report pairs that share a passage of this many words, at least 12 [default: off]
    ///
    /// They get the relation `overlap`. It shows in --pairs only, since it makes no clusters.
    #[arg(long, value_name = "WORDS")]
    #[arg(help_heading = "What counts as the same")]
    pub overlap: Option<usize>,

    /// Words in a shingle, the unit of jaccard and containment, from 1 to 64 [default: 5]
    #[arg(long, value_name = "K")]
    #[arg(help_heading = "What counts as the same")]
    pub shingle: Option<usize>,

    /// Signatures whose index proposes candidates [default: minhash for jaccard]
    ///
    /// They come beside those of an index of sampled shingles, which also finds excerpts and is
    /// enough for the other measures. No method lets an unverified pair through.
    #[arg(long, value_name = "METHOD", value_enum)]
    #[arg(help_heading = "What counts as the same")]
    pub method: Option<MethodArg>,

    /// How pairs become clusters [default: representative]
    ///
    /// An article that contains the stories of several clusters is a member of each of them, as
    /// `extended`.
    #[arg(long, value_name = "KIND", value_enum)]
    #[arg(help_heading = "What counts as the same")]
    pub clusters: Option<ClustersArg>,

    /// Whether text that the corpus repeats around its articles is left out of the comparison
    ///
    /// It is learned from the corpus: navigation, teasers, legal lines, and moulds that many
    /// articles fill with their own names and numbers. Text that fewer than 12 articles share is
    /// never left out, nor is any for the measures jaccard and containment.
    #[arg(long, value_name = "WHAT", value_enum, default_value = "learn")]
    #[arg(help_heading = "What counts as the same")]
    pub furniture: FurnitureArg,

    /// What is printed to standard output
    ///
    /// Text takes the width of the terminal, from 40 to 120 columns, or that of the variable
    /// COLUMNS; 96 columns in a file. Colours, and marks that keep text from right to left apart
    /// (U+2066 to U+2069), are for terminals only; NO_COLOR and CLICOLOR_FORCE are respected.
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "text")]
    #[arg(help_heading = "Output")]
    pub format: Format,

    /// Write every verified pair to FILE, a JSON object a line
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub pairs: Option<PathBuf>,

    /// Write what happened to each story to FILE: a page for people if it ends in .html, JSON lines
    /// for programs if it ends in .jsonl
    ///
    /// The page needs nothing beside itself. It lists the clusters, to be searched, sorted and
    /// filtered, and shows each with its timeline, its family tree and the edits of every version.
    /// A line of JSON has the differences within a cluster in report format 1, with the articles
    /// and the family tree beside them. Of more than 200 versions in a cluster, the closest are
    /// compared.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub report: Option<PathBuf>,

    /// Write the corpus without its duplicates to FILE, in the order of the input
    ///
    /// An article is left out only if one that is kept covers it: it is identical to that one, a
    /// reprint or an excerpt of it. FILE is of the kind that was read, all of which must be one
    /// kind: JSON lines and the rows of CSV and TSV are kept byte for byte, rows of Parquet with
    /// all their columns; a text or HTML file becomes {"id":…,"text":…} on a line. FILE is packed
    /// if its name ends in .gz, .zst, .bz2 or .xz; so are the files of --pairs and --stats.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub keep: Option<PathBuf>,

    /// Which articles --keep prefers
    #[arg(long, value_name = "WHICH", value_enum, default_value = "longest")]
    #[arg(help_heading = "Output")]
    pub keep_by: KeepBy,

    /// Sources whose articles --keep prefers to those of others, the best first
    ///
    /// What --keep-by says decides between articles of one source, or of none of these.
    #[arg(long, value_name = "SOURCE,…", value_delimiter = ',', help_heading = "Output")]
    pub prefer: Vec<String>,

    /// Write counts, and time, speed and memory of each stage, to FILE as a JSON object
    ///
    /// The peak of memory stands in it. Tools that watch the process see that of its last stage.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub stats: Option<PathBuf>,

    /// Threads to use, from 1 to 1024 [default: one for each core]
    #[arg(long, value_name = "N", help_heading = "Run")]
    #[arg(value_parser = RangedU64ValueParser::<usize>::new().range(1..=1024))]
    pub threads: Option<usize>,

    /// Memory for what is known of the articles, such as 4G or 500M [default: half of what is free]
    ///
    /// What does not fit goes into scratch files, about 1.6 kB for an article of 400 words, and the
    /// work takes longer. The result is the same.
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = "Run")]
    pub memory: Option<u64>,

    /// Folder for scratch files [default: the system's folder for temporary files]
    #[arg(long, value_name = "FOLDER", help_heading = "Run")]
    pub scratch: Option<PathBuf>,

    /// Keep the work in FOLDER, and go on there after it was broken off
    ///
    /// The result of each stage is kept as soon as it is there. After a kill, or for another output,
    /// the same command goes on from the last stage that is whole, with the same result as in one
    /// go. Other settings, changed files and damage are noticed: what depends on them is done again.
    /// FOLDER takes about 1.6 kB for an article of 400 words, and copies of packed texts, and stays
    /// until you delete it. What comes through a pipe cannot be read again, and is refused.
    #[arg(long, value_name = "FOLDER", help_heading = "Run")]
    pub work: Option<PathBuf>,

    /// Stop with exit status 1, before anything is compared, if an input had to be skipped
    #[arg(long, help_heading = "Run")]
    pub strict: bool,
}

const EXAMPLES: &str = "\
Examples:
  dedupe articles/
      Show the clusters of a folder of texts, and what differs within each.
  dedupe corpus.jsonl --text-field body --keep unique.jsonl
      Write the corpus without its duplicates; the text stands in the field `body`.
  dedupe corpus.jsonl --report stories.html
      Make a page with the timeline, the family tree and the edits of each cluster.
  dedupe 'crawl/*.parquet' --keep unique.parquet --format csv > clusters.csv
      The same for tables in columns; the clusters become a table too.
  dedupe crawl/ --work crawl.work --report stories.html
      Go on where a run of this very command was broken off, if one was.
  curl … | dedupe - --threshold 0.8 --format jsonl > clusters.jsonl
      Clusters of close copies, as JSON lines for another program.

Exit status: 0 when done, also if nothing was found; 1 when an input cannot be read;
2 for wrong usage.";

/// What --excerpt says.
#[derive(Clone, Copy, Debug)]
pub enum Excerpt {
    Off,
    At(f64),
}

fn excerpt(argument: &str) -> Result<Excerpt, String> {
    if argument == "off" {
        return Ok(Excerpt::Off);
    }
    argument.parse().map(Excerpt::At).map_err(|_| "neither a number nor `off`".to_owned())
}

/// A number of bytes, perhaps with a unit: K is 1024 of them.
fn size(argument: &str) -> Result<u64, String> {
    let wrong = || "not a size such as 4G, 500M or 1000000".to_owned();
    let text = argument.trim().to_ascii_uppercase();
    let text = text.strip_suffix('B').map_or(&*text, |text| text.trim_end_matches('I'));
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor: u64 = match &text[digits.len()..] {
        "" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        "T" => 1 << 40,
        _ => return Err(wrong()),
    };
    let number: f64 = digits.trim().parse().map_err(|_| wrong())?;
    let bytes = number * factor as f64;
    let is_size = bytes >= 1.0 && bytes < u64::MAX as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in the range")]
    is_size.then_some(bytes as u64).ok_or_else(wrong)
}

/// Half of the memory that the system can give away, where it tells.
fn half_of_free_memory() -> Option<u64> {
    let known = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = known.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes << 10 >> 1)
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum MeasureArg {
    /// Share of an article's words that stand in the other, in order and nearly unbroken
    Coverage,
    /// Jaccard index of the shingle sets, the classic measure of near-duplicates
    Jaccard,
    /// Share of an article's shingles that the other one has, in any order
    Containment,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "lower")]
pub enum MethodArg {
    /// Signatures of 128 hashes, which catch 99 % of pairs at the threshold
    MinHash,
    /// Signatures of 128 bits, of which 18 may differ: for thresholds of 0.7 and above
    SimHash,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ClustersArg {
    /// Every member is related to the representative itself
    Representative,
    /// Then groups become one when a third of the pairs between them are related
    Merged,
    /// Whatever hangs together, through others too
    Components,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum PresetArg {
    /// Texts with recognition errors in up to 8 % of the characters
    Noisy,
    /// Revisions of living documents, such as an encyclopedia's
    Revisions,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum FurnitureArg {
    /// It is learned and left out
    Learn,
    /// All text counts
    Off,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people, with the differences within each cluster
    Text,
    /// For programs: a JSON object for each cluster, and a summary as the last line
    Jsonl,
    /// For spreadsheets: a row for each member of a cluster
    Csv,
    /// The same rows as a table in columns
    Parquet,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum KeepBy {
    /// The one with the most characters
    Longest,
    /// The one with the earliest date; those without a date come last
    Earliest,
    /// The one that comes first in the input
    First,
}

impl Args {
    /// Where scratch files are made.
    pub fn scratch_folder(&self) -> PathBuf {
        self.scratch.clone().unwrap_or_else(std::env::temp_dir)
    }

    /// The memory for what is known of the articles, unless nothing bounds it.
    pub fn memory(&self) -> Option<u64> {
        self.memory.or_else(half_of_free_memory)
    }

    /// The library's own defaults apply to whatever was not said. It uses the work folder if the
    /// inputs are given.
    pub fn deduper(&self, inputs: Option<Vec<(String, String)>>) -> Result<Deduper> {
        // Texts that the output shows are read again.
        let mut builder = Deduper::builder().keep_texts(false);
        if let Some(memory) = self.memory() {
            let folder = self.scratch_folder();
            // The rest is for finding candidates, and for what the program itself knows.
            builder = builder.scratch(folder, usize::try_from(memory / 4).unwrap_or(usize::MAX));
        }
        if let Some(preset) = self.preset {
            builder = builder.preset(match preset {
                PresetArg::Noisy => Preset::Noisy,
                PresetArg::Revisions => Preset::Revisions,
            });
        }
        if let Some(measure) = self.measure {
            builder = builder.measure(match measure {
                MeasureArg::Coverage => Measure::Coverage,
                MeasureArg::Jaccard => Measure::Jaccard,
                MeasureArg::Containment => Measure::Containment,
            });
        }
        if let Some(clusters) = self.clusters {
            builder = builder.grouping(match clusters {
                ClustersArg::Representative => Grouping::Representative,
                ClustersArg::Merged => Grouping::Merged,
                ClustersArg::Components => Grouping::Components,
            });
        }
        builder = builder.learn_furniture(matches!(self.furniture, FurnitureArg::Learn));
        if let Some(threshold) = self.threshold {
            builder = builder.threshold(threshold);
        }
        match self.excerpt {
            None => {}
            Some(Excerpt::Off) => builder = builder.excerpt(None),
            Some(Excerpt::At(share)) => builder = builder.excerpt(share),
        }
        if let Some(words) = self.overlap {
            builder = builder.overlap(words);
        }
        if let Some(words) = self.shingle {
            builder = builder.shingle(words);
        }
        match self.method {
            None => {}
            Some(MethodArg::MinHash) => builder = builder.method(Method::MIN_HASH),
            Some(MethodArg::SimHash) => builder = builder.method(Method::SIM_HASH),
        }
        if let (Some(folder), Some(inputs)) = (&self.work, inputs) {
            builder = builder.work(folder, inputs);
        }
        builder.build().map_err(|error| match error.kind() {
            ErrorKind::Folder { path, problem } => anyhow!("--work {}: {problem}", path.display()),
            _ => Usage(in_words_of_the_options(&error)).into(),
        })
    }
}

/// The library speaks of parameters, the user of options.
fn in_words_of_the_options(error: &reprint::Error) -> String {
    match error.kind() {
        ErrorKind::Parameter { name: "recall", .. } => {
            "--threshold is too low for --method minhash: its signatures would miss more than 1 % \
             of the pairs at the threshold"
                .to_owned()
        }
        ErrorKind::Parameter { .. } => format!("--{error}"),
        _ => error.to_string(),
    }
}
