//! How well the defaults find what they should, and leave alone what they should.
//!
//! ```text
//! cargo bench --bench quality [-- [--articles N] [--seed N] [--data FOLDER] [SETTING=VALUE…]]
//! ```
//!
//! Corpora with known copies are generated (see `benches/corpus`), grouped, and scored: recall by
//! kind of edit, pairwise precision and F1, adjusted Rand index; and how often the family tree of a
//! cluster begins with the original. Collections with labels are scored too when `--data` names
//! the folder they are in. SETTING is one of threshold, excerpt,
//! measure, shingle, limit, preset.

#[allow(dead_code, reason = "each user uses a part")]
#[path = "../corpus/mod.rs"]
mod corpus;
mod labelled;

use std::path::PathBuf;
use std::time::Instant;

use corpus::{Ancestry, Generator, Mix, Node, Score, Settings, Truth};
use reprint::family::Family;
use reprint::{Builder, Clusters, Deduper, Measure, Preset};

/// What is asked on the command line.
struct Options {
    articles: usize,
    seed: u64,
    data: Option<PathBuf>,
    settings: Vec<(String, String)>,
}

fn main() {
    let options = match options() {
        Ok(options) => options,
        Err(message) => {
            eprintln!("quality: {message}");
            std::process::exit(2);
        }
    };
    // Edits that the defaults are meant for: no mosaics, which belong to two stories, no cut to
    // less than 30 %, no noise on more than 5 % of the characters.
    let mut meant = Mix { mosaics: 0.0, ..Mix::hard() };
    meant.edits.cut.1 = 0.3..=0.7;
    meant.edits.ocr.1 = 0.01..=0.05;
    let mut noisy = meant.clone();
    noisy.edits.ocr.1 = 0.08..=0.08;
    for (name, mix) in [
        ("plain", Mix::plain()),
        ("hard", Mix::hard()),
        ("hard, in range", meant),
        ("the same, noise of 8 %", noisy),
        ("shared-paragraphs", Mix::shared_paragraphs()),
    ] {
        generated(&options, name, mix);
    }
    if let Some(data) = &options.data {
        labelled::run(data, || builder(&options));
    }
}

fn options() -> Result<Options, String> {
    let mut options = Options { articles: 10_000, seed: 1, data: None, settings: Vec::new() };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            // From cargo.
            "--bench" => {}
            "--articles" => {
                options.articles = value()?.parse().map_err(|_| "--articles takes a number")?;
            }
            "--seed" => options.seed = value()?.parse().map_err(|_| "--seed takes a number")?,
            "--data" => options.data = Some(value()?.into()),
            setting => {
                let (name, value) =
                    setting.split_once('=').ok_or(format!("{setting} is not understood"))?;
                options.settings.push((name.to_owned(), value.to_owned()));
            }
        }
    }
    Ok(options)
}

/// The defaults, changed as asked.
fn builder(options: &Options) -> Builder {
    let mut builder = Deduper::builder();
    for (name, value) in &options.settings {
        let share = || value.parse::<f64>().unwrap_or(f64::NAN);
        builder = match (name.as_str(), value.as_str()) {
            ("threshold", _) => builder.threshold(share()),
            ("excerpt", "off") => builder.excerpt(None),
            ("excerpt", _) => builder.excerpt(share()),
            ("shingle", _) => builder.shingle(value.parse().unwrap_or(0)),
            ("limit", _) => builder.limit(value.parse().unwrap_or(0)),
            ("preset", "noisy") => builder.preset(Preset::Noisy),
            ("preset", "revisions") => builder.preset(Preset::Revisions),
            ("measure", "coverage") => builder.measure(Measure::Coverage),
            ("measure", "jaccard") => builder.measure(Measure::Jaccard),
            ("measure", "containment") => builder.measure(Measure::Containment),
            _ => {
                eprintln!("quality: {name}={value} is not understood");
                std::process::exit(2);
            }
        };
    }
    builder
}

fn build(builder: Builder) -> Deduper {
    builder.build().unwrap_or_else(|error| {
        eprintln!("quality: {error}");
        std::process::exit(2);
    })
}

/// The clusters as lists of articles.
fn groups(clusters: &Clusters<'_>) -> Vec<Vec<usize>> {
    clusters.iter().map(|cluster| cluster.articles()).collect()
}

fn generated(options: &Options, name: &str, mix: Mix) {
    let mut truth = Truth::default();
    let mut texts = Vec::with_capacity(options.articles);
    let settings = Settings::new(options.articles, options.seed).with_mix(mix);
    for article in Generator::new(settings) {
        truth.push(&article);
        texts.push(article.text);
    }
    let bytes: usize = texts.iter().map(String::len).sum();
    let mut dedup = build(builder(options));
    let start = Instant::now();
    dedup.extend(&texts);
    let clusters = dedup.clusters();
    let seconds = start.elapsed().as_secs_f64();
    let score = truth.score_groups(&groups(&clusters));
    println!("\n{name}: {} articles, {:.0} MB", options.articles, bytes as f64 / 1e6);
    println!("  {}", clusters.summary());
    println!("  {seconds:.2} s, {:.0} MB/s", bytes as f64 / 1e6 / seconds);
    print(&score);
    let mut ancestry = Ancestry::default();
    for cluster in clusters.iter().filter(|cluster| cluster.len() > 2) {
        ancestry.push(&nodes(&cluster.family()), |article| truth.original(article));
    }
    println!(
        "  family trees: the original is the root of {} of {}, and the parent of {} of {} copies",
        ancestry.roots, ancestry.trees, ancestry.children, ancestry.copies,
    );
}

/// The versions of a tree as they are scored.
fn nodes(family: &Family) -> Vec<Node<'_>> {
    family.versions.iter().map(|version| (&version.members[..], version.parent)).collect()
}

fn print(score: &Score) {
    println!(
        "  pairs: precision {:.4}, recall {:.4}, F1 {:.4}{}",
        score.precision(),
        score.recall(),
        score.f1(),
        score.adjusted_rand.map(|index| format!("; adjusted Rand {index:.4}")).unwrap_or_default(),
    );
    for (kind, recall) in &score.recall_by_kind {
        let share = recall.found as f64 / recall.planted.max(1) as f64;
        println!("  {kind:>16}: {share:.4} of {}", recall.planted);
    }
    let mut wrong: Vec<_> = score.wrong_by_kinds.iter().collect();
    wrong.sort_by_key(|&(_, count)| std::cmp::Reverse(*count));
    for ((a, b), count) in wrong.into_iter().take(8) {
        println!("  {count:>8} wrong pairs of {a} and {b}");
    }
}
