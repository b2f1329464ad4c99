//! The results as Markdown.

use std::fs;
use std::process::Command;

use crate::Entry;
use crate::contestants::{Contestant, Program, banding};
use crate::judge::Score;
use crate::process::median;

/// When, where and with what.
pub fn print_machine(rounds: usize) {
    let date = Command::new("date").args(["-u", "+%F"]).output();
    let date = date.map(|date| String::from_utf8_lossy(&date.stdout).trim().to_owned());
    let cpu = field("/proc/cpuinfo", "model name", ':');
    let system = field("/etc/os-release", "PRETTY_NAME", '=');
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!(
        "{}, {cpu}, {cores} cores, {system}; medians of {rounds} round{} in \
         which the contestants take turns. Peers: gaoya 0.2.2, lshdedup-core 0.1.1, datasketch 2.0.0, rensa 0.5.0.",
        date.unwrap_or_default(),
        if rounds == 1 { "" } else { "s" },
    );
}

/// The value of the first line of that name.
fn field(path: &str, name: &str, separator: char) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line =
        text.lines().find_map(|line| line.strip_prefix(name)?.trim().strip_prefix(separator));
    line.unwrap_or("unknown").trim().trim_matches('"').to_owned()
}

/// The table of one corpus at one threshold; `exact` is the number of pairs there are.
pub fn print(entries: &[Entry], threshold: f64, rounds: usize, bytes: u64, exact: usize) {
    let (bands, rows) = banding(threshold);
    println!(
        "\nJaccard {threshold}: {exact} pairs. Peers: {bands} bands of {rows} rows.\n\n\
         | | threads | s | least | CPU s | MB/s | time / gaoya | time / `wc -w` | peak MB | reported \
         | J recall | J precision | copies: recall | precision | F1 |\n\
         | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    );
    let shown = |of: &Contestant| of.threshold.is_none_or(|own| own == threshold);
    let gaoya = |threads| {
        let one = Contestant { program: Program::Gaoya, threshold: Some(threshold), threads };
        entries.iter().find(move |entry| entry.contestant == one)
    };
    let wc = entries.iter().find(|entry| entry.contestant.program == Program::Wc);
    for entry in entries.iter().filter(|entry| shown(&entry.contestant)) {
        let Contestant { program, threads, .. } = entry.contestant;
        let seconds = median(entry.runs.iter().map(|run| run.seconds));
        let least = entry.runs.iter().map(|run| run.seconds).fold(f64::INFINITY, f64::min);
        let cpu = median(entry.runs.iter().map(|run| run.cpu_seconds));
        let peak = entry.runs.iter().map(|run| run.peak).max().unwrap_or_default();
        let judged = |score: Option<&Score>| {
            score.map_or(("–".to_owned(), "–".to_owned()), |score| {
                (format!("{:.4}", score.recall), format!("{:.4}", score.precision))
            })
        };
        let at_threshold = entry.against_pairs.iter().find(|(own, _)| *own == threshold);
        let (j_recall, j_precision) = judged(at_threshold.map(|(_, score)| score));
        let (recall, precision) = judged(entry.against_truth.as_ref());
        println!(
            "| {} | {threads} | {seconds:.2}{} | {least:.2} | {cpu:.2} | {:.1} | {} | {} | {:.0} | {} | {j_recall} \
             | {j_precision} | {recall} | {precision} | {} |",
            program.title(),
            if entry.runs.len() < rounds { "²" } else { "" },
            bytes as f64 / 1e6 / seconds,
            ratio(entry, gaoya(threads)),
            ratio(entry, wc),
            peak as f64 / 1e6,
            entry.reported.map_or("–".to_owned(), |count| count.to_string()),
            entry.against_truth.map_or("–".to_owned(), |score| format!("{:.4}", score.f1())),
        );
    }
}

/// The median of the ratios of the times in the same round.
fn ratio(entry: &Entry, to: Option<&Entry>) -> String {
    let Some(to) = to else { return "–".to_owned() };
    let rounds = entry.runs.iter().zip(&to.runs);
    let ratio = median(rounds.map(|(own, other)| own.seconds / other.seconds));
    if ratio < 10.0 { format!("{ratio:.2}") } else { format!("{ratio:.0}") }
}

/// What the marks and columns mean.
pub fn print_notes() {
    println!(
        "\n*J recall* and *J precision* hold the reported pairs against all pairs whose exact \
         Jaccard index, of our own words, reaches the threshold; the peers cut words a little \
         differently. *Copies* holds them against the copies that were planted, which are far from \
         all above a Jaccard index. MB/s are of the file; MB are 10⁶ bytes.\n\
         ¹ Says which articles have a duplicate, not of what: articles are counted, not pairs.\n\
         ² Run once, since it takes long."
    );
}
