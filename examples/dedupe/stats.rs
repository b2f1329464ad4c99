//! Counts and times of a run, as one JSON object.

use std::fs;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use reprint::Summary;
use serde::Serialize;
use serde_json::json;

use crate::input::Corpus;
use crate::output::{self, Totals};

/// Adds up the time of each stage; stages may come back.
#[derive(Debug)]
pub struct Stopwatch {
    start: Instant,
    since: Instant,
    stage: &'static str,
    spent: Vec<(&'static str, Duration)>,
}

impl Stopwatch {
    pub fn new(stage: &'static str) -> Self {
        let now = Instant::now();
        Self { start: now, since: now, stage, spent: Vec::new() }
    }

    /// The time up to now goes to the stage so far, that from now on to this one.
    pub fn enter(&mut self, stage: &'static str) {
        let now = Instant::now();
        self.add(now.saturating_duration_since(self.since), self.stage);
        (self.since, self.stage) = (now, stage);
    }

    /// So much of the time of this stage so far goes to another one.
    pub fn was(&mut self, time: Duration, stage: &'static str) {
        let time = time.min(self.since.elapsed());
        self.add(time, stage);
        self.since += time;
    }

    fn add(&mut self, time: Duration, stage: &'static str) {
        match self.spent.iter_mut().find(|(name, _)| *name == stage) {
            Some((_, spent)) => *spent += time,
            None => self.spent.push((stage, time)),
        }
    }

    fn seconds(&self, stage: &str) -> f64 {
        let spent = self.spent.iter().find(|(name, _)| *name == stage);
        output::rounded(spent.map_or(0.0, |(_, time)| time.as_secs_f64()))
    }
}

#[derive(Serialize)]
struct Stats {
    counts: Counts,
    seconds: Seconds,
    articles_per_second: f64,
    mb_per_second: f64,
    threads: usize,
    /// Where the system tells.
    peak_memory_bytes: Option<u64>,
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
    read: f64,
    tokenise: f64,
    sketch: f64,
    furniture: f64,
    candidates: f64,
    verify: f64,
    cluster: f64,
    write: f64,
    total: f64,
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
            read: watch.seconds("read"),
            tokenise: watch.seconds("tokenise"),
            sketch: watch.seconds("sketch"),
            furniture: watch.seconds("furniture"),
            candidates: watch.seconds("candidates"),
            verify: watch.seconds("verify"),
            cluster: watch.seconds("cluster"),
            write: watch.seconds("write"),
            total: output::rounded(total),
        },
        articles_per_second: per_second(summary.articles as f64),
        mb_per_second: per_second(corpus.bytes as f64 / 1e6),
        threads: rayon::current_num_threads(),
        peak_memory_bytes: peak_memory(),
        scratch_bytes: corpus.dedup.spilled().unwrap_or_default(),
    };
    output::json_line(out, &stats)
}

/// The most memory that the process has had, from Linux's account of it.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
