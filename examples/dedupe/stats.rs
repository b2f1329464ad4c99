//! Counts and times of a run, as one JSON object.

use std::fs;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use reprint::Summary;
use serde::Serialize;
use serde_json::json;

use crate::input::Corpus;
use crate::output::{self, Totals};

/// Adds up the time of each stage, and follows its memory; stages may come back.
#[derive(Debug)]
pub struct Stopwatch {
    start: Instant,
    since: Instant,
    stage: &'static str,
    spent: Vec<Spent>,
    /// Whether the system forgets the peak of memory before a stage, so that each has its own.
    forgets: bool,
}

#[derive(Debug)]
struct Spent {
    stage: &'static str,
    time: Duration,
    /// The most memory meanwhile, in bytes.
    peak: u64,
}

impl Stopwatch {
    /// Begins with a stage. Whoever follows the memory hides the peak of the run from other tools,
    /// which see that of the last stage.
    pub fn new(stage: &'static str, follows_memory: bool) -> Self {
        let now = Instant::now();
        let forgets = follows_memory && forget_peak();
        Self { start: now, since: now, stage, spent: Vec::new(), forgets }
    }

    /// The time up to now goes to the stage so far, that from now on to this one.
    pub fn enter(&mut self, stage: &'static str) {
        let now = Instant::now();
        let time = now.saturating_duration_since(self.since);
        self.add(time, peak_memory().unwrap_or(0), self.stage);
        (self.since, self.stage) = (now, stage);
        self.forgets = self.forgets && forget_peak();
    }

    /// So much of the time of this stage so far goes to another one, which went on beside it.
    pub fn was(&mut self, time: Duration, stage: &'static str) {
        let time = time.min(self.since.elapsed());
        self.add(time, peak_memory().unwrap_or(0), stage);
        self.since += time;
    }

    fn add(&mut self, time: Duration, peak: u64, stage: &'static str) {
        match self.spent.iter_mut().find(|spent| spent.stage == stage) {
            Some(spent) => {
                spent.time += time;
                spent.peak = spent.peak.max(peak);
            }
            None => self.spent.push(Spent { stage, time, peak }),
        }
    }

    fn of(&self, stage: &str) -> Option<&Spent> {
        self.spent.iter().find(|spent| spent.stage == stage)
    }

    fn seconds(&self, stage: &str) -> f64 {
        self.of(stage).map_or(0.0, |spent| spent.time.as_secs_f64())
    }
}

#[derive(Serialize)]
struct Stats {
    counts: Counts,
    seconds: Seconds,
    articles_per_second: f64,
    mb_per_second: f64,
    /// What each stage alone would do; null where it took no time.
    stage_mb_per_second: Stages<Option<f64>>,
    threads: usize,
    /// Where the system tells.
    peak_memory_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage_peak_memory_bytes: Option<Stages<u64>>,
    /// Of files of our own, which are gone in the end unless they are in a work folder.
    scratch_bytes: u64,
}

#[derive(Serialize)]
struct Counts {
    files: usize,
    bytes: u64,
    articles: usize,
    skipped: usize,
    empty: usize,
    copies: usize,
    tokens: usize,
    shingles: usize,
    candidates: usize,
    verified: usize,
    pairs: u64,
    clusters: usize,
    clustered_articles: usize,
    removable: usize,
    words_left_aside: usize,
    moulds: usize,
    mould_siblings: usize,
    limited: serde_json::Value,
}

#[derive(Serialize)]
struct Seconds {
    #[serde(flatten)]
    stages: Stages<f64>,
    total: f64,
}

/// Something for each stage.
#[derive(Serialize)]
struct Stages<T> {
    read: T,
    tokenise: T,
    sketch: T,
    furniture: T,
    candidates: T,
    verify: T,
    cluster: T,
    write: T,
}

impl<T> Stages<T> {
    fn new(of: impl Fn(&str) -> T) -> Self {
        Self {
            read: of("read"),
            tokenise: of("tokenise"),
            sketch: of("sketch"),
            furniture: of("furniture"),
            candidates: of("candidates"),
            verify: of("verify"),
            cluster: of("cluster"),
            write: of("write"),
        }
    }
}

/// Writes the statistics of a run that ends now.
pub fn write(
    out: &mut dyn Write,
    mut watch: Stopwatch,
    files: usize,
    corpus: &Corpus,
    summary: &Summary,
    totals: &Totals,
) -> io::Result<()> {
    watch.enter("end");
    let total = watch.start.elapsed().as_secs_f64();
    let megabytes = corpus.bytes as f64 / 1e6;
    let per_second = |amount: f64| output::rounded(amount / total.max(1e-9));
    let stats = Stats {
        counts: Counts {
            files,
            bytes: corpus.bytes,
            articles: summary.articles,
            skipped: corpus.skipped.count,
            empty: summary.empty,
            copies: summary.copies,
            tokens: summary.tokens,
            shingles: summary.shingles,
            candidates: summary.candidates,
            verified: summary.verified,
            pairs: totals.pairs,
            clusters: summary.clusters,
            clustered_articles: summary.clustered_articles,
            removable: totals.removable,
            words_left_aside: summary.aside,
            moulds: summary.moulds,
            mould_siblings: summary.mould_siblings,
            limited: json!({
                "buckets": summary.limited.buckets,
                "largest": summary.limited.largest,
                "pairs": summary.limited.pairs,
            }),
        },
        seconds: Seconds {
            stages: Stages::new(|stage| output::rounded(watch.seconds(stage))),
            total: output::rounded(total),
        },
        articles_per_second: per_second(summary.articles as f64),
        mb_per_second: per_second(megabytes),
        stage_mb_per_second: Stages::new(|stage| {
            let seconds = Some(watch.seconds(stage)).filter(|&seconds| seconds > 0.0)?;
            Some(output::rounded(megabytes / seconds))
        }),
        threads: rayon::current_num_threads(),
        peak_memory_bytes: watch
            .spent
            .iter()
            .map(|spent| spent.peak)
            .max()
            .filter(|&peak| peak > 0),
        stage_peak_memory_bytes: watch
            .forgets
            .then(|| Stages::new(|stage| watch.of(stage).map_or(0, |spent| spent.peak))),
        scratch_bytes: corpus.scratch_bytes(),
    };
    output::json_line(out, &stats)
}

/// Makes Linux count the most memory anew, and says whether it does.
fn forget_peak() -> bool {
    fs::write("/proc/self/clear_refs", "5").is_ok()
}

/// The most memory that the process has had since, from Linux's account of it.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
