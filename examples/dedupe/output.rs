//! Output for programs: JSON lines, and the files that --pairs, --report, --keep and --stats name.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use parquet::errors::ParquetError;
use reprint::{Clusters, FurniturePiece};
use serde::Serialize;

use crate::Usage;
use crate::args::Args;
use crate::input::Corpus;
use crate::input::files::Sources;
use crate::input::packing::Packing;
use crate::kept;

/// What there is to say beside the summary of the library.
#[derive(Debug)]
pub struct Totals {
    /// Verified pairs of articles.
    pub pairs: u64,
    /// Articles that --keep leaves out, or would.
    pub removable: usize,
    /// What the most articles have around their own text.
    pub furniture: Vec<FurniturePiece>,
}

/// To six digits.
pub fn rounded(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

/// Writes an object on a line of its own.
pub fn json_line(out: &mut dyn Write, object: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, object)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct ClusterLine<'a> {
    r#type: &'static str,
    cluster: usize,
    size: usize,
    representative: &'a str,
    members: Vec<MemberEntry<'a>>,
}

#[derive(Serialize)]
struct MemberEntry<'a> {
    id: &'a str,
    relation: &'static str,
    #[serde(flatten)]
    evidence: Option<Evidence>,
}

#[derive(Serialize)]
struct Evidence {
    coverage: f64,
    representative_coverage: f64,
    jaccard: f64,
    containment: f64,
    shared_words: usize,
    longest_passage_words: usize,
}

/// How many pieces of furniture are named, those that the most articles have.
pub const FURNITURE: usize = 10;

/// Bytes that are written at once.
pub const BUFFER: usize = 256 << 10;

#[derive(Serialize)]
struct SummaryLine<'a> {
    r#type: &'static str,
    articles: usize,
    clusters: usize,
    clustered_articles: usize,
    removable: usize,
    pairs: u64,
    skipped: usize,
    empty: usize,
    copies: usize,
    candidates: usize,
    limited_pairs: u64,
    moulds: usize,
    mould_siblings: usize,
    furniture: Vec<FurnitureEntry<'a>>,
}

/// Text that so many articles have around their own.
#[derive(Serialize)]
struct FurnitureEntry<'a> {
    articles: usize,
    text: &'a str,
}

#[derive(Serialize)]
struct PairLine<'a> {
    a: &'a str,
    b: &'a str,
    relation: &'static str,
    coverage_a: f64,
    coverage_b: f64,
    jaccard: f64,
    containment_a: f64,
    containment_b: f64,
}

/// Prints all clusters, then the summary.
pub fn json_lines(
    out: &mut dyn Write,
    corpus: &Corpus,
    clusters: &Clusters<'_>,
    totals: &Totals,
) -> io::Result<()> {
    let id = |article: usize| corpus.articles.id(article);
    for (number, cluster) in clusters.iter().enumerate() {
        let representative = id(cluster.representative());
        let mut members =
            vec![MemberEntry { id: representative, relation: "representative", evidence: None }];
        members.extend(cluster.members().iter().map(|member| {
            let evidence = member.evidence();
            let evidence = Evidence {
                coverage: rounded(evidence.coverage_a()),
                representative_coverage: rounded(evidence.coverage_b()),
                jaccard: rounded(evidence.jaccard()),
                containment: rounded(evidence.containment()),
                shared_words: evidence.shared_words(),
                longest_passage_words: evidence.longest_passage,
            };
            let (id, relation) = (id(member.article()), member.relation().name());
            MemberEntry { id, relation, evidence: Some(evidence) }
        }));
        let (r#type, size) = ("cluster", cluster.len());
        json_line(out, &ClusterLine { r#type, cluster: number, size, representative, members })?;
    }
    let summary = clusters.summary();
    let line = SummaryLine {
        r#type: "summary",
        articles: summary.articles,
        clusters: summary.clusters,
        clustered_articles: summary.clustered_articles,
        removable: totals.removable,
        pairs: totals.pairs,
        skipped: corpus.skipped.count,
        empty: summary.empty,
        copies: summary.copies,
        candidates: summary.candidates,
        limited_pairs: summary.limited.pairs,
        moulds: summary.moulds,
        mould_siblings: summary.mould_siblings,
        furniture: (totals.furniture.iter())
            .map(|piece| FurnitureEntry { articles: piece.articles, text: &piece.text })
            .collect(),
    };
    json_line(out, &line)
}

/// Writes every verified pair, and returns how many there are.
pub fn pairs(out: &mut dyn Write, corpus: &Corpus, clusters: &Clusters<'_>) -> io::Result<u64> {
    let mut count = 0;
    for pair in clusters.pairs() {
        let evidence = &pair.evidence;
        let line = PairLine {
            a: corpus.articles.id(pair.a),
            b: corpus.articles.id(pair.b),
            relation: pair.relation.name(),
            coverage_a: rounded(evidence.coverage_a()),
            coverage_b: rounded(evidence.coverage_b()),
            jaccard: rounded(evidence.jaccard()),
            containment_a: rounded(evidence.overlap.containment_a()),
            containment_b: rounded(evidence.overlap.containment_b()),
        };
        json_line(out, &line)?;
        count += 1;
    }
    Ok(count)
}

/// The files to write.
#[derive(Debug)]
pub struct Outputs {
    pub pairs: Option<OutputFile>,
    pub report: Option<OutputFile>,
    pub keep: Option<OutputFile>,
    pub stats: Option<OutputFile>,
}

impl Outputs {
    /// Opens all files, so that one that can't be written is found out before the work begins.
    pub fn create(args: &Args, sources: &Sources) -> Result<Self> {
        if let Some(path) = &args.keep {
            kept::check(sources, path)?;
        }
        let mut taken: Vec<(PathBuf, &'static str)> = Vec::new();
        let mut create = |path: &Option<PathBuf>, option: &'static str| {
            let Some(path) = path else { return Ok(None) };
            let shown = path.display();
            // What `/dev/stdout` leads to is not to be replaced, even if it is a file.
            let real = if is_device(path) { path.clone() } else { real_path(path) };
            if sources.contains(&real) || is_standard_stream(&real) {
                return Err(Usage(format!(
                    "{option} {shown}: this file is an input, or the standard output"
                ))
                .into());
            }
            if !is_device(&real) {
                if let Some((_, other)) = taken.iter().find(|(other, _)| *other == real) {
                    let problem = format!("{option} {shown}: {other} writes to the same file");
                    return Err(Usage(problem).into());
                }
                taken.push((real.clone(), option));
            }
            OutputFile::create(real)
                .map(Some)
                .with_context(|| format!("{shown}: cannot be written"))
        };
        Ok(Self {
            pairs: create(&args.pairs, "--pairs")?,
            report: create(&args.report, "--report")?,
            keep: create(&args.keep, "--keep")?,
            stats: create(&args.stats, "--stats")?,
        })
    }
}

/// What writing Parquet failed of, if that was the file.
pub fn of_the_disk(error: ParquetError) -> anyhow::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => (*error).into(),
            Err(error) => anyhow!(error),
        },
        error => error.into(),
    }
}

/// Whether standard input or output was redirected from or to this very file.
#[cfg(unix)]
fn is_standard_stream(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let file = |path: &Path| {
        let file = std::fs::metadata(path).ok().filter(|file| file.is_file())?;
        Some((file.dev(), file.ino()))
    };
    let known = file(path);
    known.is_some() && ["/dev/stdin", "/dev/stdout"].iter().any(|of| file(Path::new(of)) == known)
}

#[cfg(not(unix))]
fn is_standard_stream(_: &Path) -> bool {
    false
}

/// A file that is there when it is complete, and not before: it is written under another name.
#[derive(Debug)]
pub struct OutputFile {
    writer: BufWriter<File>,
    path: PathBuf,
    /// None for a device or a pipe.
    temporary: Option<PathBuf>,
}

impl OutputFile {
    fn create(path: PathBuf) -> io::Result<Self> {
        let temporary = (!is_device(&path)).then(|| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
        });
        let file = match &temporary {
            Some(_) if path.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Some(temporary) => File::create(temporary)?,
            None => File::options().append(true).open(&path)?,
        };
        Ok(Self { writer: BufWriter::with_capacity(BUFFER, file), path, temporary })
    }

    /// Where the content goes, unless that is no file.
    pub fn path(&self) -> Option<&Path> {
        self.temporary.as_ref().map(|_| &*self.path)
    }

    /// Writes the content, packed as the name of the file says, and gives the file its name.
    pub fn write<T>(
        mut self,
        content: impl FnOnce(&mut (dyn Write + Send)) -> Result<T>,
    ) -> Result<T> {
        let path = self.path.clone();
        let write = || {
            let result = Packing::of(&path).write(&mut self.writer, content)?;
            self.writer.flush()?;
            if let Some(temporary) = &self.temporary {
                fs::rename(temporary, &self.path)?;
                self.temporary = None;
            }
            Ok(result)
        };
        write().map_err(|error: anyhow::Error| match error.is::<io::Error>() {
            true => error.context(format!("{}: cannot be written", path.display())),
            false => error,
        })
    }
}

impl Drop for OutputFile {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            // There is nobody to tell any more, and nothing is lost.
            let _ = fs::remove_file(temporary);
        }
    }
}

/// Whether a path is something to write into, such as a pipe, rather than a file to make.
fn is_device(path: &Path) -> bool {
    let exists = fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
    exists || path.starts_with("/dev") || path.starts_with("/proc")
}

/// The path without symbolic links, also for a file that does not exist yet.
fn real_path(path: &Path) -> PathBuf {
    if let Ok(real) = fs::canonicalize(path) {
        return real;
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    match (fs::canonicalize(folder), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}
