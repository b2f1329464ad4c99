//! How time grows with the corpus, and how long one question takes.
//!
//! ```text
//! cargo bench --bench scaling [-- --articles 10000,100000,1000000]
//! ```
//!
//! For each number of generated articles, with the defaults and with the Jaccard measure at 0.7:
//! seconds to take them in and to group them, in all and for each article, which should not grow.
//! Then texts are held against the largest corpus, half of them reprints of an article in it with
//! up to 2 % of the words edited, half of them strangers. The answers are checked, and the status
//! is 1 when they are wrong. The time of each is the median of three passes after that, when all is
//! warm. A million articles are 2.8 GB of text.

#[allow(dead_code, reason = "each user uses a part")]
#[path = "corpus/mod.rs"]
mod corpus;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use corpus::text::edit_words;
use corpus::{Generator, Language, Mix, Rng, Settings};
use reprint::{Builder, Deduper, Measure};

/// Bytes that an article takes, with its text, while clusters are found.
const BYTES: usize = 8_000;
/// Articles that are generated before they are handed over.
const BATCH: usize = 10_000;
/// The size that the others are compared with.
const REFERENCE: usize = 100_000;
/// Reprints that are asked for, and as many strangers.
const QUERIES: usize = 1_000;
/// The share of the reprints that must be found.
const RECALL: f64 = 0.99;

/// A text to ask for, and the article it is a reprint of.
struct Query {
    text: String,
    original: Option<usize>,
}

fn main() -> ExitCode {
    let sizes = match sizes() {
        Ok(sizes) => sizes,
        Err(message) => {
            eprintln!("scaling: {message}");
            return ExitCode::from(2);
        }
    };
    // A virtual machine is slow to get memory that it never had. What the largest corpus takes is
    // asked for beforehand, so that this is not counted as growth.
    black_box(vec![1_u8; BYTES * sizes.last().copied().unwrap_or_default()]);
    let mut right = true;
    for (name, builder) in [
        ("defaults", Deduper::builder()),
        ("Jaccard 0.7", Deduper::builder().measure(Measure::Jaccard).threshold(0.7)),
    ] {
        println!("{name}");
        right &= scale(&builder, &sizes);
    }
    if right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The numbers of articles, ascending.
fn sizes() -> Result<Vec<usize>, String> {
    let mut sizes = vec![10_000, REFERENCE, 1_000_000];
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // From cargo.
            "--bench" => {}
            "--articles" => {
                let list = arguments.next().unwrap_or_default();
                let parsed = list.split(',').map(str::parse).collect::<Result<_, _>>();
                sizes = parsed.map_err(|_| format!("--articles {list}: not a list of numbers"))?;
            }
            _ => return Err(format!("{argument} is not understood")),
        }
    }
    sizes.sort_unstable();
    if sizes.first().is_some_and(|&least| least < QUERIES) {
        return Err(format!("--articles takes {QUERIES} or more"));
    }
    Ok(sizes)
}

/// Measures all sizes, and the questions to the largest; whether the answers are right.
fn scale(builder: &Builder, sizes: &[usize]) -> bool {
    let mut measured = Vec::new();
    let mut right = true;
    for (place, &articles) in sizes.iter().enumerate() {
        let mut dedup = builder.clone().build().expect("valid settings");
        let (insertion, queries) = fill(&mut dedup, articles);
        let start = Instant::now();
        let clusters = dedup.clusters();
        let grouping = start.elapsed();
        println!(
            "  {articles:>9} articles: {:>7.2} s to take in, {:>7.2} s to group, {} clusters",
            insertion.as_secs_f64(),
            grouping.as_secs_f64(),
            clusters.len(),
        );
        drop(clusters);
        measured.push((articles, (insertion + grouping).as_secs_f64() / articles as f64));
        if place + 1 == sizes.len() {
            right = ask(&dedup, &queries);
        }
    }
    let reference = measured.iter().find(|(articles, _)| *articles == REFERENCE);
    for (articles, seconds) in &measured {
        let ratio = reference.map_or(String::new(), |(_, reference)| {
            format!(", {:.2} of that at {REFERENCE}", seconds / reference)
        });
        println!("  {articles:>9} articles: {:>7.2} µs for each{ratio}", seconds * 1e6);
    }
    right
}

/// Inserts generated articles; returns how long that took, and texts to ask for.
fn fill(dedup: &mut Deduper, articles: usize) -> (Duration, Vec<Query>) {
    let language = Language::new();
    let mut rng = Rng::new(1, 0, 0);
    let mut generator = Generator::new(Settings::new(articles, 1));
    let mut strangers =
        Generator::new(Settings::new(QUERIES, 2).with_mix(Mix { copies: 0.0, ..Mix::plain() }));
    let mut insertion = Duration::ZERO;
    let mut queries = Vec::with_capacity(2 * QUERIES);
    loop {
        let texts: Vec<String> =
            generator.by_ref().take(BATCH).map(|article| article.text).collect();
        if texts.is_empty() {
            return (insertion, queries);
        }
        for (place, text) in texts.iter().enumerate() {
            let article = dedup.len() + place;
            if article.is_multiple_of(articles / QUERIES) && queries.len() < 2 * QUERIES {
                let mut edited = String::new();
                let words = text.split_whitespace().count();
                let rate = rng.between(&(0.005..=0.02));
                edit_words(text, words, rate, &language, &mut rng, &mut edited);
                queries.push(Query { text: edited, original: Some(article) });
                let stranger = strangers.next().map(|article| article.text).unwrap_or_default();
                queries.push(Query { text: stranger, original: None });
            }
        }
        let start = Instant::now();
        dedup.extend(&texts);
        insertion += start.elapsed();
    }
}

/// Asks for all texts and prints how long that takes; whether the answers are right.
fn ask(dedup: &Deduper, queries: &[Query]) -> bool {
    let start = Instant::now();
    black_box(dedup.matches(&queries[0].text));
    println!("  index for questions: {:.2} s", start.elapsed().as_secs_f64());
    let (mut found, mut wrong) = (0, 0);
    for query in queries {
        let matches = dedup.matches(&query.text);
        match query.original {
            Some(original) => found += usize::from(matches.iter().any(|m| m.article == original)),
            None => wrong += usize::from(!matches.is_empty()),
        }
    }
    let reprints = queries.iter().filter(|query| query.original.is_some()).count();
    let mut passes = vec![[Duration::ZERO; 3]; queries.len()];
    for pass in 0..3 {
        for (query, times) in queries.iter().zip(&mut passes) {
            let start = Instant::now();
            black_box(dedup.matches(black_box(&query.text)));
            times[pass] = start.elapsed();
        }
    }
    passes.iter_mut().for_each(|times| times.sort_unstable());
    let mut times: Vec<Duration> = passes.iter().map(|times| times[1]).collect();
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!(
        "  {} questions to {} articles: median {:.3} ms, 90 % {:.3} ms, 99 % {:.3} ms, longest \
         {:.3} ms; {found} of {reprints} reprints found, {wrong} strangers matched",
        queries.len(),
        dedup.len(),
        at(0.5),
        at(0.9),
        at(0.99),
        at(1.0),
    );
    let right = found as f64 >= RECALL * reprints as f64 && wrong == 0;
    if !right {
        eprintln!("scaling: wrong answers");
    }
    right
}
