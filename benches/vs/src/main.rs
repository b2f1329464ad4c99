//! Times `reprint` beside its peers on the same generated articles, and judges what each finds.
//!
//! ```text
//! cargo run --release --manifest-path benches/vs/Cargo.toml -- --articles 100000
//! ```
//!
//! Each contestant is a whole process that reads the same JSON lines and writes clusters. They
//! take turns, round after round. Before that, each writes its pairs once, untimed, to be judged.
//! README.md says who is run with what.

mod contestants;
#[allow(dead_code, reason = "each user uses a part")]
#[path = "../../corpus/mod.rs"]
mod corpus;
mod exact;
mod judge;
mod peers;
mod process;
mod table;

use std::env;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use contestants::{Contestant, Places, Program};
use corpus::{Generator, Mix, Settings};
use exact::Sets;
use judge::{Found, Known, Score};
use process::Run;

/// Where this package is.
const HOME: &str = env!("CARGO_MANIFEST_DIR");
/// A contestant whose first run takes longer, in seconds, is not run again.
const LONG: f64 = 60.0;

const USAGE: &str = "\
options:
  --articles N       how many articles (default 100000)
  --rounds N         how often each contestant is timed (default 3)
  --mix NAME         plain or shared-paragraphs (default: both)
  --thresholds T,…   Jaccard indexes (default 0.7,0.5)
  --only NAME,…      of wc, defaults, jaccard, gaoya, lshdedup, datasketch, rensa, rensa-rho";

/// What is asked on the command line.
struct Options {
    articles: usize,
    rounds: usize,
    mixes: Vec<String>,
    thresholds: Vec<f64>,
    programs: Vec<Program>,
}

/// A contestant and how it did.
struct Entry {
    contestant: Contestant,
    runs: Vec<Run>,
    /// Pairs, or articles, that it reported.
    reported: Option<usize>,
    /// For each threshold it was asked for.
    against_pairs: Vec<(f64, Score)>,
    against_truth: Option<Score>,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some(peer @ ("gaoya" | "lshdedup")) => return peers::run(peer, &arguments[1..]),
        Some("measure") => return process::measure(&arguments[1..]),
        Some("--help" | "-h") => {
            println!("{USAGE}");
            return Ok(());
        }
        _ => {}
    }
    let options = options(&arguments)?;
    let places = prepare(&options)?;
    table::print_machine(options.rounds);
    for mix in &options.mixes {
        compete(&options, &places, mix)?;
    }
    table::print_notes();
    Ok(())
}

fn options(arguments: &[String]) -> Result<Options> {
    let mut options = Options {
        articles: 100_000,
        rounds: 3,
        mixes: vec!["plain".to_owned(), "shared-paragraphs".to_owned()],
        thresholds: vec![0.7, 0.5],
        programs: Program::ALL.to_vec(),
    };
    for pair in arguments.chunks(2) {
        let [option, value] = pair else { bail!("{} wants a value\n\n{USAGE}", pair[0]) };
        match option.as_str() {
            "--articles" => options.articles = value.parse()?,
            "--rounds" => options.rounds = value.parse()?,
            "--mix" => options.mixes = vec![value.clone()],
            "--thresholds" => {
                options.thresholds = value.split(',').map(str::parse).collect::<Result<_, _>>()?;
            }
            "--only" => {
                let named =
                    |name: &str| Program::ALL.into_iter().find(|program| program.name() == name);
                let known =
                    |name: &str| named(name).with_context(|| format!("no {name}\n\n{USAGE}"));
                options.programs = value.split(',').map(known).collect::<Result<_>>()?;
            }
            _ => bail!("there is no option {option}\n\n{USAGE}"),
        }
    }
    Ok(options)
}

/// Builds the program of this project, and fetches the peers in Python.
fn prepare(options: &Options) -> Result<Places> {
    let home = Path::new(HOME);
    let root = home.join("../..");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--release", "--example", "dedupe", "--target-dir"])
        .arg(root.join("target"))
        .arg("--manifest-path")
        .arg(root.join("Cargo.toml"))
        .status()?;
    ensure!(built.success(), "dedupe cannot be built");
    let peers = home.join("peers.py");
    let environment = home.join("target/python");
    let python = environment.join("bin/python");
    if options.programs.iter().any(|program| program.is_python()) && !python.exists() {
        let made = Command::new("python3").arg(&peers).arg("setup").arg(&environment).status()?;
        ensure!(made.success(), "the peers in Python cannot be set up: leave them out by --only");
    }
    Ok(Places { dedupe: root.join("target/release/examples/dedupe"), python, peers })
}

/// Runs all contestants on one corpus and prints how they did.
fn compete(options: &Options, places: &Places, mix: &str) -> Result<()> {
    let folder = Path::new(HOME).join("target/run");
    fs::create_dir_all(&folder)?;
    let path = folder.join("corpus.jsonl");
    eprintln!("{mix}: generating {} articles", options.articles);
    let (known, sets) = generate(options.articles, mix, &path)?;
    let bytes = fs::metadata(&path)?.len();
    let expected: Vec<(f64, Vec<(u32, u32)>)> =
        options.thresholds.iter().map(|&threshold| (threshold, sets.pairs(threshold))).collect();
    drop(sets);

    let mut entries: Vec<Entry> = Vec::new();
    for contestant in contestants::all(&options.programs, &options.thresholds) {
        entries.push(judge(contestant, places, &folder, &path, &known, &expected, &entries)?);
    }
    for round in 0..options.rounds {
        for entry in &mut entries {
            if entry.runs.first().is_some_and(|run| run.seconds > LONG) {
                continue;
            }
            let clusters = folder.join("clusters");
            let command = entry.contestant.command(places, &path, &clusters, None)?;
            let run = process::run(&command, &output(&folder))?;
            eprintln!("round {}: {:?}: {:.2} s", round + 1, entry.contestant, run.seconds);
            entry.runs.push(run);
        }
    }
    println!("\n**{mix}**: {} articles, {:.0} MB", options.articles, bytes as f64 / 1e6);
    for (threshold, pairs) in &expected {
        table::print(&entries, *threshold, options.rounds, bytes, pairs.len());
    }
    fs::remove_dir_all(&folder)?;
    Ok(())
}

fn output(folder: &Path) -> PathBuf {
    folder.join("output")
}

/// Writes the corpus, and keeps what is needed to judge.
fn generate(articles: usize, mix: &str, path: &Path) -> Result<(Known, Sets)> {
    let mix = Mix::named(mix).with_context(|| format!("there is no mix {mix}"))?;
    let (mut known, mut sets) = (Known::default(), Sets::default());
    let mut file = BufWriter::new(File::create(path)?);
    for article in Generator::new(Settings::new(articles, 1).with_mix(mix)) {
        write!(file, "{{\"id\":\"{}\",\"text\":", article.id)?;
        serde_json::to_writer(&mut file, &article.text)?;
        file.write_all(b"}\n")?;
        known.push(&article);
        sets.push(&article.text);
    }
    file.flush()?;
    Ok((known, sets))
}

/// Has a contestant write its pairs, unless it did so with another number of threads, and scores
/// them.
fn judge(
    contestant: Contestant,
    places: &Places,
    folder: &Path,
    corpus: &Path,
    known: &Known,
    expected: &[(f64, Vec<(u32, u32)>)],
    before: &[Entry],
) -> Result<Entry> {
    let mut entry = Entry {
        contestant,
        runs: Vec::new(),
        reported: None,
        against_pairs: Vec::new(),
        against_truth: None,
    };
    let Contestant { program, threshold, .. } = entry.contestant;
    if program == Program::Wc {
        return Ok(entry);
    }
    let same = |of: &Contestant| of.program == program && of.threshold == threshold;
    if let Some(same) = before.iter().find(|entry| same(&entry.contestant)) {
        entry.reported = same.reported;
        entry.against_pairs = same.against_pairs.clone();
        entry.against_truth = same.against_truth;
        return Ok(entry);
    }
    eprintln!("judging {:?}", entry.contestant);
    let pairs = folder.join("pairs");
    let most = Contestant { threads: 2, ..entry.contestant.clone() };
    let command = most.command(places, corpus, &folder.join("clusters"), Some(&pairs))?;
    process::run(&command, &output(folder))?;
    let found = Found::read(&pairs)?;
    let asked = expected.iter().filter(|(own, _)| threshold == Some(*own));
    entry.against_pairs = asked.map(|(own, pairs)| (*own, found.against_pairs(pairs))).collect();
    entry.reported = Some(found.len());
    entry.against_truth = Some(found.against_truth(known));
    Ok(entry)
}
