//! What goes on: a bar on a terminal, and the seconds of each stage.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use indicatif::{HumanCount, ProgressBar, ProgressState, ProgressStyle};
use reprint::{Observer, Stage};

use crate::stats::Stopwatch;

/// Follows the work. The bar goes to standard error, and is not drawn unless that is a terminal.
#[derive(Debug)]
pub struct Progress {
    /// One for each stage, so that none is drawn with the numbers of another.
    bar: RwLock<ProgressBar>,
    watch: Mutex<Stopwatch>,
}

/// A stage of which the steps are counted.
const STEPS: &str =
    "{msg:<18} [{wide_bar}] {human_pos} of {human_len} {unit}, {rate}/s, {eta} left";
const BYTES: &str = "{msg:<18} [{wide_bar}] {decimal_bytes} of {decimal_total_bytes}, \
                     {decimal_bytes_per_sec}, {eta} left";
/// A stage of unknown length.
const WAIT: &str = "{msg:<18} {spinner} {elapsed}";
const BYTES_SO_FAR: &str =
    "{msg:<18} {spinner} {decimal_bytes}, {decimal_bytes_per_sec}, {elapsed}";

impl Progress {
    /// For statistics the memory of each stage is followed too.
    pub fn new(statistics: bool) -> Self {
        let (bar, watch) = (ProgressBar::hidden(), Stopwatch::new("read", statistics));
        Self { bar: RwLock::new(bar), watch: Mutex::new(watch) }
    }

    fn show(&self, message: &'static str, unit: &'static str, template: &str, length: u64) {
        self.clear();
        let style = ProgressStyle::with_template(template);
        let style = style
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .progress_chars("=> ")
            // Nobody is told what can't be drawn.
            .with_key("unit", move |_: &ProgressState, out: &mut dyn fmt::Write| {
                let _ = out.write_str(unit);
            })
            .with_key("rate", |state: &ProgressState, out: &mut dyn fmt::Write| {
                let _ = write!(out, "{}", HumanCount(state.per_sec() as u64));
            });
        let bar = ProgressBar::new(length).with_style(style).with_message(message);
        bar.enable_steady_tick(Duration::from_millis(100));
        *self.bar.write().unwrap_or_else(PoisonError::into_inner) = bar;
    }

    fn step(&self, steps: u64) {
        self.bar.read().unwrap_or_else(PoisonError::into_inner).inc(steps);
    }

    fn watch(&self) -> MutexGuard<'_, Stopwatch> {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time from now on goes to this stage.
    pub fn enter(&self, stage: &'static str) {
        self.watch().enter(stage);
    }

    /// So much of the time of this stage so far goes to another one.
    pub fn was(&self, time: Duration, stage: &'static str) {
        self.watch().was(time, stage);
    }

    /// Reading begins, of this many bytes if that is known.
    pub fn read_begins(&self, bytes: Option<u64>) {
        let template = if bytes.is_some() { BYTES } else { BYTES_SO_FAR };
        self.show("reading", "bytes", template, bytes.unwrap_or(0));
    }

    /// Some more bytes are read.
    pub fn read(&self, bytes: usize) {
        self.step(bytes as u64);
    }

    /// Removes the bar, so that others can write to the terminal.
    pub fn clear(&self) {
        self.bar.read().unwrap_or_else(PoisonError::into_inner).finish_and_clear();
    }

    /// How long all took.
    pub fn into_watch(self) -> Stopwatch {
        self.watch.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Progress {
    fn begin(&self, stage: Stage, steps: usize) {
        self.enter(stage.name());
        let (message, unit) = match stage {
            Stage::Sketch => ("sketching", "articles"),
            Stage::Furniture => ("learning furniture", "articles"),
            Stage::Candidates => ("searching", "articles"),
            Stage::Verify => ("verifying", "pairs"),
            Stage::Cluster => ("clustering", "clusters"),
        };
        self.show(message, unit, if steps > 0 { STEPS } else { WAIT }, steps as u64);
    }

    fn advance(&self, steps: usize) {
        self.step(steps as u64);
    }
}
