//! What the report on a member costs, beside a plain diff of the words of the same two texts.
//!
//! ```text
//! cargo bench --bench report [-- NAME]
//! ```
//!
//! A cluster is a text and eight versions of it: 1 word in 50 replaced, another headline, a
//! paragraph dropped and one moved; "lightly" edited ones have 1 word in 200 replaced and another
//! headline. Timed are all eight; the throughput counts members, so that
//! it compares. "report" is [`ClusterReport`], the representative read once; "report of pairs" is
//! [`DiffReport::between`], which reads it each time; "similar" is that crate's Myers diff of the
//! words between white space, which knows neither moved passages nor kinds of changes.

#[allow(dead_code, reason = "each user uses a part")]
#[path = "corpus/mod.rs"]
mod corpus;

use std::hint::black_box;
use std::time::Duration;

use corpus::{Generator, Settings};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use reprint::diff::{ClusterReport, DiffReport};
use similar::{Algorithm, DiffTag, capture_diff_slices};

const VERSIONS: usize = 8;

/// A text of about so many words, and versions of it.
fn cluster(words: usize, lightly: bool) -> Vec<String> {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut count = 0;
    for article in Generator::new(Settings::new(2_000, 1)) {
        for line in article.text.lines().filter(|line| !line.trim().is_empty()) {
            if count < words {
                count += line.split_whitespace().count();
                paragraphs.push(line.to_owned());
            }
        }
    }
    let mut texts = vec![paragraphs.join("\n\n")];
    for version in 0..VERSIONS {
        let mut edited: Vec<String> = paragraphs.clone();
        edited[0] = format!("Headline number {version} over the same piece");
        if !lightly {
            let at = 2 + version % (edited.len() - 3);
            edited.remove(at);
            let last = edited.len() - 1;
            edited.swap(last, last / 2);
        }
        let every = if lightly { 200 } else { 50 };
        let mut seen = version;
        for paragraph in edited.iter_mut().skip(1) {
            let words = paragraph.split(' ').map(|word| {
                seen += 1;
                if seen % every == 0 { format!("edited{seen}") } else { word.to_owned() }
            });
            *paragraph = words.collect::<Vec<_>>().join(" ");
        }
        texts.push(edited.join("\n\n"));
    }
    texts
}

/// How many words a plain diff keeps.
fn plain(a: &str, b: &str) -> usize {
    let (a, b): (Vec<&str>, Vec<&str>) =
        (a.split_whitespace().collect(), b.split_whitespace().collect());
    let changes = capture_diff_slices(Algorithm::Myers, &a, &b);
    let equal = changes.iter().filter(|change| change.tag() == DiffTag::Equal);
    equal.map(|change| change.old_range().len()).sum()
}

fn report(c: &mut Criterion) {
    let mut group = c.benchmark_group("report");
    group.throughput(Throughput::Elements(VERSIONS as u64));
    let members: Vec<usize> = (1..=VERSIONS).collect();
    let sizes = [500, 2_000, 8_000, 20_000].into_iter();
    for (words, lightly) in sizes.flat_map(|words| [(words, false), (words, true)]) {
        let texts = cluster(words, lightly);
        let words_and = if lightly { format!("{words} lightly") } else { words.to_string() };
        let all = || ClusterReport::new(|at| &texts[at], 0, &members);
        for (version, text) in all().versions.iter().zip(&texts[1..]) {
            // Both keep nearly all; a plain diff does not keep what was moved.
            assert!(version.report.words_shared() * 2 > words);
            assert!(plain(&texts[0], text) * 4 > words);
        }
        group.bench_function(BenchmarkId::new("report", &words_and), |bencher| {
            bencher.iter(|| all().versions.len());
        });
        group.bench_function(BenchmarkId::new("report of pairs", &words_and), |bencher| {
            bencher.iter(|| -> usize {
                let pairs = texts[1..].iter().map(|text| DiffReport::between(&texts[0], text));
                pairs.map(|report| black_box(report).parts().len()).sum()
            });
        });
        group.bench_function(BenchmarkId::new("similar", &words_and), |bencher| {
            bencher
                .iter(|| -> usize { texts[1..].iter().map(|text| plain(&texts[0], text)).sum() });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1000))
        .without_plots();
    targets = report
}
criterion_main!(benches);
