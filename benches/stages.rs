//! What each stage costs, on generated articles.
//!
//! ```text
//! cargo bench --bench stages [-- NAME]
//! ```
//!
//! Each benchmark says what is inside the timed region, and checks its answer once before it is
//! timed. All scratch space has grown by then: what is measured is the steady state.

#[allow(dead_code, reason = "each user uses a part")]
#[path = "corpus/mod.rs"]
mod corpus;

use std::hint::black_box;
use std::time::Duration;

use corpus::{Article, Generator, Kind, Mix, Settings};
use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use reprint::Deduper;
use reprint::align::{Aligner, Workspace, overlap};
use reprint::diff::DiffReport;
use reprint::lsh::DEFAULT_BUCKET_LIMIT;
use reprint::lsh::banding::Banding;
use reprint::lsh::containment::{Containment, Samples, SharedSamples};
use reprint::sketch::{MinHash, SimHash};
use reprint::text::{Shingler, Tokens, hash_tokens};
use similar::{Algorithm, DiffTag, capture_diff_slices};

/// Articles, of which 3 in 10 are copies of another.
fn articles(count: usize) -> Vec<Article> {
    Generator::new(Settings::new(count, 1)).collect()
}

fn tokens_of(text: &str) -> Vec<u32> {
    let mut tokens = Vec::new();
    hash_tokens(text, &mut tokens);
    tokens
}

fn shingler(tokens: usize) -> Shingler {
    Shingler::new(tokens).expect("a valid size")
}

fn shingles_of(text: &str, size: usize) -> Vec<u64> {
    shingler(size).shingles(&tokens_of(text)).collect()
}

fn distinct(mut shingles: Vec<u64>) -> Vec<u64> {
    shingles.sort_unstable();
    shingles.dedup();
    shingles
}

/// An article and its copy with 0.5 to 3 % of the words changed, both of a usual length.
fn reprinted(articles: &[Article]) -> (&str, &str) {
    let copy = articles.iter().find(|article| {
        matches!(article.kind, Kind::CopyEdits(_)) && (2_400..3_200).contains(&article.text.len())
    });
    let copy = copy.expect("a copy of a usual length");
    (&articles[copy.original.expect("a copy has an original")].text, &copy.text)
}

/// The same text in another alphabet, letter by letter.
fn transliterate(text: &str, letter: impl Fn(u32) -> char) -> String {
    let map = |c: char| match c {
        'a'..='z' | 'A'..='Z' => letter(u32::from(c.to_ascii_lowercase()) - u32::from('a')),
        other => other,
    };
    text.chars().map(map).collect()
}

fn cyrillic(text: &str) -> String {
    transliterate(text, |letter| char::from_u32(0x430 + letter).expect("a letter"))
}

fn arabic(text: &str) -> String {
    transliterate(text, |letter| char::from_u32(0x628 + letter).expect("a letter"))
}

/// A character for two letters, no spaces.
fn chinese(text: &str) -> String {
    let mut out = String::new();
    let mut first = None;
    for c in text.chars() {
        match (first.take(), c) {
            (None, 'a'..='z') => first = Some(u32::from(c) - u32::from('a')),
            (Some(first), 'a'..='z') => {
                let second = u32::from(c) - u32::from('a');
                out.extend(char::from_u32(0x4E00 + 26 * first + second));
            }
            (_, '.') => out.push('。'),
            (_, ',') => out.push('，'),
            (_, '\n') => out.push('\n'),
            _ => {}
        }
    }
    out
}

/// Vowels are signs around the consonants, no spaces within a sentence.
fn thai(text: &str) -> String {
    let signs = [(0, 0xE32), (4, 0xE34), (8, 0xE35), (14, 0xE38), (20, 0xE39)];
    let text = transliterate(text, |letter| {
        let sign = signs.iter().find(|&&(vowel, _)| vowel == letter);
        char::from_u32(sign.map_or(0xE01 + letter, |&(_, sign)| sign)).expect("a letter")
    });
    text.replace(". ", "\n").replace(' ', "")
}

/// Texts to token hashes; bytes of text.
fn tokenise(c: &mut Criterion) {
    let english: Vec<String> = articles(200).into_iter().map(|article| article.text).collect();
    let map = |write: fn(&str) -> String| english.iter().map(|text| write(text)).collect();
    let languages: [(&str, Vec<String>); 4] = [
        ("english", english.clone()),
        ("cyrillic", map(cyrillic)),
        ("chinese", map(chinese)),
        ("thai", map(thai)),
    ];
    let words: usize = english.iter().map(|text| tokens_of(text).len()).sum();
    let mut group = c.benchmark_group("tokenise");
    for (name, texts) in languages {
        let mut tokens = Vec::new();
        texts.iter().for_each(|text| hash_tokens(text, &mut tokens));
        let expected = tokens.len();
        match name {
            "english" | "cyrillic" => assert_eq!(expected, words),
            // A token for each letter.
            _ => assert!(expected > 3 * words / 2, "{name}: {expected} of {words}"),
        }
        let bytes: usize = texts.iter().map(String::len).sum();
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                tokens.clear();
                texts.iter().for_each(|text| hash_tokens(black_box(text), &mut tokens));
                tokens.len()
            });
        });
        assert_eq!(tokens.len(), expected);
    }
    group.finish();
}

/// Texts to MinHash signatures, by way of tokens and shingles; bytes of text.
fn scripts(c: &mut Criterion) {
    let english: Vec<String> = articles(200).into_iter().map(|article| article.text).collect();
    let map = |write: fn(&str) -> String| english.iter().map(|text| write(text)).collect();
    let scripts: [(&str, Vec<String>); 5] = [
        ("english", english.clone()),
        ("russian", map(cyrillic)),
        ("arabic", map(arabic)),
        ("chinese", map(chinese)),
        ("thai", map(thai)),
    ];
    let (shingler, minhash) = (shingler(5), MinHash::new(128, 0).expect("valid settings"));
    let mut group = c.benchmark_group("text to signature");
    for (name, texts) in scripts {
        let (mut tokens, mut shingles, mut slots) = (Vec::new(), Vec::new(), vec![0; 128]);
        let mut sketch = |text: &str, slots: &mut [u32]| {
            tokens.clear();
            shingles.clear();
            hash_tokens(text, &mut tokens);
            shingler.append(&tokens, &mut shingles);
            minhash.sketch_into(&shingles, slots);
        };
        for text in &texts {
            sketch(text, &mut slots);
            let shingles: Vec<u64> = shingler.shingles(Tokens::of(text).hashes()).collect();
            assert_eq!(slots, minhash.signature(&shingles).values(), "{name}");
        }
        let bytes: usize = texts.iter().map(String::len).sum();
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| texts.iter().for_each(|text| sketch(black_box(text), &mut slots)));
        });
    }
    group.finish();
}

/// Token hashes to shingle hashes; tokens.
fn shingle(c: &mut Criterion) {
    let tokens: Vec<Vec<u32>> = articles(200).iter().map(|a| tokens_of(&a.text)).collect();
    let total: usize = tokens.iter().map(Vec::len).sum();
    let mut group = c.benchmark_group("shingle");
    group.throughput(Throughput::Elements(total as u64));
    for size in [3, 5] {
        let shingler = shingler(size);
        let mut shingles = Vec::new();
        tokens.iter().for_each(|tokens| shingler.append(tokens, &mut shingles));
        assert_eq!(shingles.len(), total - tokens.len() * (size - 1));
        group.bench_function(format!("{size} tokens"), |bencher| {
            bencher.iter(|| {
                shingles.clear();
                tokens.iter().for_each(|tokens| shingler.append(black_box(tokens), &mut shingles));
                shingles.len()
            });
        });
    }
    group.finish();
}

/// Shingle hashes to signatures and samples; shingles.
fn sketch(c: &mut Criterion) {
    let shingles: Vec<Vec<u64>> =
        articles(200).iter().map(|article| shingles_of(&article.text, 5)).collect();
    let total: usize = shingles.iter().map(Vec::len).sum();
    let mut group = c.benchmark_group("sketch");
    group.throughput(Throughput::Elements(total as u64));

    let minhash = MinHash::new(128, 0).expect("valid settings");
    let mut slots = vec![0; 128];
    minhash.sketch_into(&shingles[0], &mut slots);
    assert_eq!(slots, minhash.signature(&shingles[0]).values());
    group.bench_function("minhash 128", |bencher| {
        bencher.iter(|| {
            for shingles in &shingles {
                minhash.sketch_into(black_box(shingles), &mut slots);
            }
            slots[0]
        });
    });

    for bits in [64, 128] {
        let simhash = SimHash::new(bits, 0).expect("valid settings");
        let signatures = [&shingles[0], &shingles[1]].map(|of| simhash.signature(of));
        let distance = signatures[0].hamming(&signatures[1]).expect("the same settings") as usize;
        // Strangers agree in half of the bits, give or take.
        assert!((bits / 4..3 * bits / 4).contains(&distance), "{distance} of {bits} bits");
        group.bench_function(format!("simhash {bits}"), |bencher| {
            bencher.iter(|| {
                let words = shingles.iter().map(|of| simhash.signature(black_box(of)).words()[0]);
                words.fold(0, |all, word| all ^ word)
            });
        });
    }

    let containment = Containment::default();
    let sample = || {
        let mut samples = Samples::default();
        shingles.iter().for_each(|of| containment.sample(black_box(of), &[], &mut samples));
        samples
    };
    let samples = sample();
    let sampled: usize = (0..samples.len()).map(|article| samples.hashes(article).len()).sum();
    let share = sampled as f64 / total as f64;
    assert!((0.1..0.2).contains(&share), "{share} of the shingles");
    group.bench_function("containment sample", |bencher| bencher.iter(|| sample().len()));
    group.finish();
}

/// The sketches of a corpus to its candidate pairs; articles.
fn candidates(c: &mut Criterion) {
    const ARTICLES: usize = 5_000;
    let articles = articles(ARTICLES);
    let copies = articles.iter().filter(|article| article.kind.is_copy()).count();
    let mut group = c.benchmark_group("candidates");
    group.sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Elements(ARTICLES as u64));

    let minhash = MinHash::new(128, 0).expect("valid settings");
    let banding = Banding::for_threshold(128, 0.5, Banding::DEFAULT_RECALL).expect("valid");
    let mut slots = vec![0; 128 * ARTICLES];
    for (article, slots) in articles.iter().zip(slots.chunks_mut(128)) {
        minhash.sketch_into(&shingles_of(&article.text, 5), slots);
    }
    let search = || banding.pairs(black_box(&slots), 128, DEFAULT_BUCKET_LIMIT, |_| true);
    let pairs = search().pairs.len();
    assert!(pairs > copies / 2, "{pairs} pairs for {copies} copies");
    group.bench_function("banding", |bencher| bencher.iter(search));

    let containment = Containment::default();
    let mut samples = Samples::default();
    for article in &articles {
        containment.sample(&shingles_of(&article.text, 4), &[], &mut samples);
    }
    let search = || containment.pairs(&samples, &SharedSamples::new(black_box(&samples)));
    let pairs = search().pairs.len();
    assert!(pairs > copies, "{pairs} pairs for {copies} copies");
    group.bench_function("containment", |bencher| bencher.iter(search));
    group.finish();
}

/// Two articles to their evidence; pairs.
fn verify(c: &mut Criterion) {
    let articles = articles(2_000);
    let (a, b) = reprinted(&articles);
    let (a_tokens, b_tokens) = (tokens_of(a), tokens_of(b));
    let aligner = Aligner::default();
    let mut workspace = Workspace::default();
    let mut group = c.benchmark_group("verify");

    // The article, its copy, and 15 strangers: one preparation for 16 partners.
    let strangers = articles.iter().map(|article| tokens_of(&article.text)).take(15);
    let partners: Vec<Vec<u32>> = strangers.chain([b_tokens.clone()]).collect();
    let mut align = |partners: &[Vec<u32>]| -> usize {
        aligner.prepare(&mut workspace, black_box(&a_tokens));
        let covered = partners
            .iter()
            .map(|b| aligner.align(&mut workspace, &a_tokens, black_box(b)).covered_a());
        covered.sum()
    };
    let (covered, words) = (align(&partners), a_tokens.len());
    assert!(covered * 10 > words * 9 && covered <= words, "{covered} of {words}");
    group.throughput(Throughput::Elements(1));
    group.bench_function("align a reprint", |bencher| bencher.iter(|| align(&partners[15..])));
    group.throughput(Throughput::Elements(16));
    group.bench_function("align 16 partners", |bencher| bencher.iter(|| align(&partners)));

    let [a_set, b_set] = [a, b].map(|text| distinct(shingles_of(text, 5)));
    let shared = overlap(&a_set, &b_set).shared;
    assert!(shared * 2 > a_set.len() && shared < a_set.len());
    group.throughput(Throughput::Elements(1));
    group.bench_function("overlap of a reprint", |bencher| {
        bencher.iter(|| overlap(black_box(&a_set), black_box(&b_set)).shared);
    });
    group.finish();
}

/// The front door; bytes of text.
fn front_door(c: &mut Criterion) {
    let mut group = c.benchmark_group("front door");
    group.sampling_mode(SamplingMode::Flat);
    for (name, mix) in [("plain", Mix::plain()), ("hard", Mix::hard())] {
        let generator = Generator::new(Settings::new(2_000, 1).with_mix(mix));
        let texts: Vec<String> = generator.map(|article| article.text).collect();
        let bytes: usize = texts.iter().map(String::len).sum();
        let run = || {
            let mut dedup = Deduper::new();
            dedup.extend(black_box(&texts));
            let clusters = dedup.clusters();
            (clusters.len(), clusters.summary().clustered_articles)
        };
        let (clusters, articles) = run();
        assert!((200..600).contains(&clusters) && (600..1_500).contains(&articles), "{articles}");
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_function(format!("clusters of 2000 articles, {name}"), |bencher| {
            bencher.iter(run);
        });
    }

    let articles = articles(2_000);
    let mut dedup = Deduper::new();
    dedup.extend(&articles.iter().map(|article| &article.text).collect::<Vec<_>>());
    let (original, copy) = reprinted(&articles);
    let stranger = "A text of this one sentence, of which nobody has ever printed a word.";
    assert!(dedup.matches(copy).len() >= 2 && dedup.matches(stranger).is_empty());
    for (name, text) in [("matches of a reprint", original), ("matches of a stranger", stranger)] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| dedup.matches(black_box(text)).len()));
    }
    group.finish();
}

/// Two texts to what differs; bytes of both. Beside it what `similar` alone takes for a plain
/// diff of their words, which knows neither moved passages nor where anything stands.
fn diff(c: &mut Criterion) {
    let articles = articles(2_000);
    let (a, b) = reprinted(&articles);
    let mut group = c.benchmark_group("diff");
    group.throughput(Throughput::Bytes((a.len() + b.len()) as u64));

    let report = DiffReport::between(a, b);
    assert!(!report.is_same() && report.words_shared() * 10 > report.words_a() * 9);
    group.bench_function("report of a reprint", |bencher| {
        bencher.iter(|| DiffReport::between(black_box(a), black_box(b)).parts().len());
    });
    group.bench_function("report of a reprint, printed", |bencher| {
        bencher.iter(|| DiffReport::between(black_box(a), black_box(b)).to_string().len());
    });

    let plain = |a: &str, b: &str| -> usize {
        let (a, b): (Vec<&str>, Vec<&str>) =
            (a.split_whitespace().collect(), b.split_whitespace().collect());
        let changes = capture_diff_slices(Algorithm::Myers, &a, &b);
        let equal = changes.iter().filter(|change| change.tag() == DiffTag::Equal);
        equal.map(|change| change.old_range().len()).sum()
    };
    assert!(plain(a, b) * 10 > a.split_whitespace().count() * 8);
    group.bench_function("similar, words", |bencher| {
        bencher.iter(|| plain(black_box(a), black_box(b)));
    });
    group.finish();
}

criterion_group! {
    name = stages;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_millis(1500))
        .without_plots();
    targets = tokenise, scripts, shingle, sketch, candidates, verify, front_door, diff
}
criterion_main!(stages);
