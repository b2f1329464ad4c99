//! Helps to choose the threshold for a corpus of your own.
//!
//! ```text
//! cargo run --release --example choose_threshold -- corpus.jsonl --svg curve.svg
//! ```
//!
//! A threshold is a guess until you have seen what it does to your articles. This program draws
//! some of them at random, looks up everything in the whole corpus that any of them might be a
//! reprint of, compares the texts exactly, and says for each threshold from 0.30 to 0.95 how many
//! pairs and articles would be grouped. Then it shows real pairs from around each step: go down the
//! list until they stop being what you call the same article, and take that threshold.
//!
//! - A pair counts up to the smaller one of its two coverages. Excerpts are left out.
//! - Furniture and moulds (texts with slots) are learned by an ordinary run over the corpus first.
//!   Furniture is left aside; siblings from one mould count as different articles.
//! - Counts are for the whole corpus, scaled up from the sample. `±` is a 95 % confidence
//!   interval; it is 0 when the sample is the corpus, and wide where a few clusters are large.
//! - The recall of the index is measured: the sampled articles are compared each with each, and an
//!   index of them is asked for the same pairs, furniture and moulds included. The default of 2,000
//!   articles takes a minute or two; half of them take a quarter of it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, thread};

use reprint::align::{Aligner, Workspace};
use reprint::text::{Tokens, token_hash};
use reprint::{Deduper, Furniture, Match, Relation};
use serde_json::Value;

const USAGE: &str = "usage: choose_threshold PATH [--sample N] [--seed N] [--svg FILE]";
/// The thresholds of the table.
const STEPS: [f64; 14] =
    [0.30, 0.35, 0.40, 0.45, 0.50, 0.55, 0.60, 0.65, 0.70, 0.75, 0.80, 0.85, 0.90, 0.95];

struct Options {
    path: PathBuf,
    sample: usize,
    seed: usize,
    svg: Option<PathBuf>,
}

/// Two articles, and the coverage of each in the other.
type Pair = (usize, usize, f64, f64);

/// The highest threshold at which the two are reprints.
fn figure(pair: &Pair) -> f64 {
    pair.2.min(pair.3)
}

/// What one threshold does. Counts are of the whole corpus, each with half of its interval.
struct Row {
    threshold: f64,
    pairs: (f64, f64),
    articles: (f64, f64),
    /// Pairs within the sample that the index found, of those that there are.
    found: (usize, usize),
}

fn main() -> ExitCode {
    let Err((status, error)) = run() else { return ExitCode::SUCCESS };
    eprintln!("choose_threshold: {error}");
    ExitCode::from(status)
}

fn run() -> Result<(), (u8, String)> {
    let options = parse(std::env::args().skip(1)).map_err(|e| (2, format!("{e}; {USAGE}")))?;
    let articles = read(&options.path).map_err(|error| (2, error))?;
    let texts: Vec<&str> = articles.iter().map(|(_, text)| text.as_str()).collect();
    // Some of the articles, each with the same probability: those of the smallest hashes.
    let hash = |&article: &usize| (token_hash(&format!("{} {article}", options.seed)), article);
    let mut sample: Vec<usize> = (0..articles.len()).collect();
    sample.sort_unstable_by_key(hash);
    sample.truncate(options.sample);
    let related = related(&texts, &sample);
    let rows = rows(&related, &within(&texts, &sample), texts.len());
    print_table(&rows, texts.len(), sample.len());
    print_pairs(&articles, related.concat());
    let Some(path) = options.svg else { return Ok(()) };
    fs::write(&path, plot(&rows)).map_err(|error| (1, format!("{}: {error}", path.display())))
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options { path: PathBuf::new(), sample: 2000, seed: 1, svg: None };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} wants a value"));
        let number =
            |text: String| text.parse().map_err(|_| format!("{argument} {text}: no number"));
        match argument.as_str() {
            "--sample" => options.sample = number(value()?)?,
            "--seed" => options.seed = number(value()?)?,
            "--svg" => options.svg = Some(value()?.into()),
            it if it.starts_with('-') => return Err(format!("there is no option {it}")),
            it if options.path == Path::new("") => options.path = it.into(),
            it => return Err(format!("there is one PATH, not also {it}")),
        }
    }
    let complete = options.path != Path::new("") && options.sample >= 2;
    complete.then_some(options).ok_or("a PATH is wanted, and a sample of 2 or more".to_owned())
}

/// The articles of a file or a folder, as (id, text).
fn read(path: &Path) -> Result<Vec<(String, String)>, String> {
    let of = |path: &Path| fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()));
    let mut articles = Vec::new();
    if path.is_dir() {
        let entries = fs::read_dir(path).map_err(|error| format!("{}: {error}", path.display()))?;
        for file in entries.flatten().map(|entry| entry.path()) {
            if file.extension().is_some_and(|extension| extension == "txt") {
                articles.push((file.display().to_string(), of(&file)?));
            }
        }
        articles.sort();
    } else {
        for (line, number) in of(path)?.lines().zip(1..) {
            let object: Value = serde_json::from_str(line).unwrap_or_default();
            let id = object["id"].as_str().map_or(format!("line {number}"), str::to_owned);
            match object["text"].as_str() {
                Some(text) => articles.push((id, text.to_owned())),
                None => eprintln!("choose_threshold: line {number} has no text: left out"),
            }
        }
    }
    match articles.len() {
        0 | 1 => Err(format!("{}: fewer than two articles", path.display())),
        _ => Ok(articles),
    }
}

/// A deduper for all pairs of reprints that matter here, which leaves this furniture aside.
fn deduper(texts: &[&str], furniture: Furniture) -> Deduper {
    let builder = Deduper::builder().threshold(STEPS[0]).excerpt(None).furniture(furniture);
    let mut dedup = builder.build().expect("valid settings");
    dedup.extend(texts);
    dedup
}

/// Does something for all numbers below `count`, on all cores.
fn for_all<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let work = &work;
        let part = |first| move || (first..count).step_by(threads).map(work).collect::<Vec<T>>();
        let parts: Vec<_> = (0..threads).map(|first| scope.spawn(part(first))).collect();
        parts.into_iter().flat_map(|part| part.join().expect("no panic")).collect()
    })
}

/// For each sampled article the pairs with all that it may be a reprint of, in the whole corpus.
fn related(texts: &[&str], sample: &[usize]) -> Vec<Vec<Pair>> {
    let mut learner = Deduper::new();
    learner.extend(texts);
    let learned = learner.clusters();
    let mut mould = vec![None; texts.len()];
    for (number, found) in learned.moulds().iter().enumerate() {
        found.siblings.iter().for_each(|&sibling| mould[sibling] = Some(number));
    }
    let dedup = deduper(texts, learned.furniture().clone());
    for_all(sample.len(), |n| {
        let a = sample[n];
        let mut others = dedup.matches(texts[a]);
        others.retain(|it| {
            let siblings = mould[a].is_some() && mould[a] == mould[it.article];
            it.article != a && (!siblings || it.relation == Relation::Identical)
        });
        let pair = |it: &Match| (a, it.article, it.evidence.coverage_b(), it.evidence.coverage_a());
        others.iter().map(pair).collect()
    })
}

/// All pairs within the sample, each with the highest threshold at which they are reprints, and
/// whether an index of the sample finds them.
fn within(texts: &[&str], sample: &[usize]) -> Vec<(f64, bool)> {
    let texts: Vec<&str> = sample.iter().map(|&article| texts[article]).collect();
    let dedup = deduper(&texts, Furniture::default());
    let found: HashSet<_> = dedup.clusters().pairs().map(|pair| (pair.a, pair.b)).collect();
    let tokens: Vec<Tokens> = texts.iter().map(|text| Tokens::of(text)).collect();
    let of_one = |a: usize| {
        let (aligner, mut workspace, own) =
            (Aligner::default(), Workspace::default(), tokens[a].hashes());
        aligner.prepare(&mut workspace, own);
        let figure = |other: &[u32]| {
            let aligned = aligner.align(&mut workspace, own, other);
            let share = |covered, all: usize| covered as f64 / all.max(1) as f64;
            let same = f64::from(u8::from(own == other && !own.is_empty()));
            let of_other = share(aligned.covered_b(), other.len());
            share(aligned.covered_a(), own.len()).min(of_other).max(same)
        };
        let figures: Vec<f64> = tokens[a + 1..].iter().map(Tokens::hashes).map(figure).collect();
        let pairs = figures.into_iter().zip(a + 1..);
        let pairs = pairs.filter(|(figure, _)| *figure >= STEPS[0]);
        pairs.map(|(figure, b)| (figure, found.contains(&(a, b)))).collect::<Vec<_>>()
    };
    for_all(tokens.len(), of_one).concat()
}

fn rows(related: &[Vec<Pair>], within: &[(f64, bool)], articles: usize) -> Vec<Row> {
    let (all, drawn) = (articles as f64, related.len() as f64);
    // The total of what each sampled article has so much of, and half of its interval.
    let total = |each: &dyn Fn(&[Pair]) -> f64| {
        let mean = related.iter().map(|own| each(own)).sum::<f64>() / drawn;
        let squares = related.iter().map(|own| each(own).powi(2)).sum::<f64>() / drawn;
        let variance = (squares - mean * mean).max(0.0) / (drawn - 1.0) * (1.0 - drawn / all);
        (all * mean, 1.96 * all * variance.sqrt())
    };
    let row = |threshold: f64| {
        let above = |own: &[Pair]| own.iter().filter(|pair| figure(pair) >= threshold).count();
        let there = within.iter().filter(|(figure, _)| *figure >= threshold);
        Row {
            threshold,
            // Each pair is seen from both of its ends.
            pairs: total(&|own| above(own) as f64 / 2.0),
            articles: total(&|own| f64::from(u8::from(above(own) > 0))),
            found: (there.clone().filter(|(_, found)| *found).count(), there.count()),
        }
    };
    STEPS.map(row).into()
}

fn print_table(rows: &[Row], articles: usize, sample: usize) {
    println!("{articles} articles, {sample} of them sampled; counts are for the whole corpus,");
    println!("± for 95 % confidence; recall was measured among the sampled articles\n");
    println!("threshold        pairs           articles grouped   recall of the index");
    for Row { threshold, pairs, articles, found } in rows {
        let scaled = |(total, half): (f64, f64)| format!("{total:>9.0} ± {half:<7.0}");
        let recall = match found.1 {
            0 => "no such pair".to_owned(),
            all => format!("{:.3} ({} of {all})", found.0 as f64 / all as f64, found.0),
        };
        println!("{threshold:.2}  {}{}   {recall}", scaled(*pairs), scaled(*articles));
    }
}

/// The pairs nearest to each step, as different ones as there are.
fn print_pairs(articles: &[(String, String)], mut pairs: Vec<Pair>) {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let opening = |text: &str| words(text).chars().take(70).collect::<String>();
    for threshold in STEPS {
        let far = |pair: &Pair| (figure(pair) - threshold).abs();
        pairs.sort_by(|x, y| far(x).total_cmp(&far(y)).then((x.0, x.1).cmp(&(y.0, y.1))));
        let mut seen = HashSet::new();
        let near = pairs.iter().filter(|pair| far(pair) <= 0.025);
        let new = near.filter(|pair| seen.insert(pair.0) & seen.insert(pair.1));
        println!("\naround {threshold:.2}");
        for (a, b, of_a, of_b) in new.take(3) {
            let line = |(id, text): &(String, String)| format!("{id}: {}", opening(text));
            let (a, b) = (line(&articles[*a]), line(&articles[*b]));
            println!("  {of_a:.2} of {a}\n  {of_b:.2} of {b}\n");
        }
    }
}

/// Two curves, one above the other, in colours that stand out from white and from black.
fn plot(rows: &[Row]) -> String {
    const GREY: &str = "#767676";
    let x = |threshold: f64| 80.0 + (threshold - 0.3) / 0.65 * 530.0;
    let text = |x: f64, y: f64, anchor: &str, colour: &str, text: &str| {
        let place = format!("x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\"");
        format!("<text {place} fill=\"{colour}\">{text}</text>\n")
    };
    let start = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 520\"";
    let mut svg = format!("{start} font-family=\"sans-serif\" font-size=\"13\">\n");
    type Of = fn(&Row) -> (f64, f64);
    let (articles, pairs): (Of, Of) = (|row| row.articles, |row| row.pairs);
    for (label, colour, top, of) in
        [("articles in some pair", "#c2691c", 40.0, articles), ("pairs", "#3b82c4", 275.0, pairs)]
    {
        let highest = rows.iter().map(|row| of(row).0 + of(row).1).fold(1.0, f64::max);
        let y = |count: f64| top + 180.0 * (1.0 - count / highest);
        svg += &text(80.0, top - 14.0, "start", colour, label);
        // The largest round step of which there are four or more.
        let ten = 10f64.powf((highest / 4.0).log10().floor()).max(1.0);
        let step = [5.0, 2.0, 1.0].map(|n| n * ten).into_iter().find(|step| step * 4.0 <= highest);
        let lines = (0..).map(|n| f64::from(n) * step.unwrap_or(1.0));
        for line in lines.take_while(|&line| line <= highest) {
            let y = y(line);
            svg += &format!("<path d=\"M80 {y:.1}H610\" stroke=\"{GREY}\" opacity=\".35\"/>\n");
            svg += &text(72.0, y + 4.5, "end", GREY, &line.to_string());
        }
        let at = |row: &Row, side: f64| {
            let count = (of(row).0 + side * of(row).1).max(0.0);
            format!("{:.1},{:.1} ", x(row.threshold), y(count))
        };
        let middle: String = rows.iter().map(|row| at(row, 0.0)).collect();
        let mut band: String = rows.iter().map(|row| at(row, 1.0)).collect();
        band.extend(rows.iter().rev().map(|row| at(row, -1.0)));
        let line = format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"2.5\"");
        svg += &format!("<polygon points=\"{band}\" fill=\"{colour}\" opacity=\".25\"/>\n");
        svg += &format!("<polyline points=\"{middle}\" {line}/>\n");
    }
    for row in rows.iter().step_by(2) {
        svg += &text(x(row.threshold), 475.0, "middle", GREY, &format!("{:.1}", row.threshold));
    }
    let (x, line) = (x(0.6), format!("stroke=\"{GREY}\" stroke-dasharray=\"3 4\""));
    svg += &format!("<path d=\"M{x:.1} 40V220M{x:.1} 275V455\" {line}/>\n");
    svg += &text(x + 6.0, 52.0, "start", GREY, "the default");
    let label = "threshold (coverage of both); bands: 95 % confidence";
    svg + &text(345.0, 502.0, "middle", GREY, label) + "</svg>\n"
}
