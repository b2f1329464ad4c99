//! Collections of real text with labels, where they are at hand.
//!
//! A collection is a folder with `articles.jsonl` (or `.jsonl.gz`): an object with `id` and `text`
//! a line. `truth.jsonl` beside it names the families, `{"cluster": …, "ids": […]}` a line, the oldest
//! first;
//! `pairs_jaccard_word5.tsv[.gz]` the pairs of a known Jaccard index; `pairs_same_headline.tsv`
//! pairs that belong together.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::Read;
use std::path::Path;
use std::time::Instant;

use reprint::align::{Aligner, overlap};
use reprint::family::{Family, Text};
use reprint::text::{Shingler, Tokens};
use reprint::{Builder, Clusters, Measure};
use serde_json::Value;

use super::corpus::Lineage;
use super::{build, groups, nodes};

/// Scores each collection in a folder.
pub(super) fn run(data: &Path, builder: impl Fn() -> Builder) {
    let Ok(entries) = fs::read_dir(data) else {
        eprintln!("quality: no folder {}", data.display());
        return;
    };
    let mut folders: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    for folder in folders {
        let Some(articles) = read(&folder, "articles.jsonl") else { continue };
        let (ids, texts) = parse(&articles);
        let number: HashMap<&str, usize> =
            ids.iter().enumerate().map(|(number, id)| (id.as_str(), number)).collect();
        println!("\n{}: {} articles", folder.display(), ids.len());
        let mut dedup = build(builder());
        let start = Instant::now();
        dedup.extend(&texts);
        let clusters = dedup.clusters();
        println!("  {}\n  {:.2} s", clusters.summary(), start.elapsed().as_secs_f64());
        if let Some(truth) = read(&folder, "truth.jsonl") {
            let families = members(&truth, &number);
            together(&families, &clusters);
            trees(&families, &texts);
        }
        if let Some(pairs) = read(&folder, "pairs_same_headline.tsv") {
            same_headline(&pairs, &number, &clusters);
        }
        if let Some(pairs) = read(&folder, "pairs_jaccard_word5.tsv") {
            let mut dedup = build(builder().measure(Measure::Jaccard).threshold(0.5).excerpt(None));
            let start = Instant::now();
            dedup.extend(&texts);
            let clusters = dedup.clusters();
            println!("  Jaccard ≥ 0.5: {}", clusters.summary());
            println!("  {:.2} s", start.elapsed().as_secs_f64());
            jaccard(&pairs, &number, &clusters, &texts);
        }
    }
}

/// A file, plain or compressed.
fn read(folder: &Path, name: &str) -> Option<String> {
    if let Ok(text) = fs::read_to_string(folder.join(name)) {
        return Some(text);
    }
    let bytes = fs::read(folder.join(format!("{name}.gz"))).ok()?;
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_string(&mut text).ok()?;
    Some(text)
}

fn parse(lines: &str) -> (Vec<String>, Vec<String>) {
    lines
        .lines()
        .filter_map(|line| {
            let object: Value = serde_json::from_str(line).ok()?;
            Some((object["id"].as_str()?.to_owned(), object["text"].as_str()?.to_owned()))
        })
        .unzip()
}

/// The articles of each family.
fn members(truth: &str, number: &HashMap<&str, usize>) -> Vec<Vec<usize>> {
    let ids = |line| Some(serde_json::from_str::<Value>(line).ok()?["ids"].as_array()?.clone());
    let known = |id: &Value| number.get(id.as_str()?).copied();
    truth.lines().filter_map(ids).map(|ids| ids.iter().filter_map(known).collect()).collect()
}

/// How well family trees agree with the order of the versions: every second family apart.
fn trees(families: &[Vec<usize>], texts: &[String]) {
    for (dates, dated) in [("without dates", false), ("with dates", true)] {
        for (half, start) in [("first half", 0), ("second half", 1)] {
            let mut lineage = Lineage::default();
            for family in families.iter().skip(start).step_by(2) {
                let tokens: Vec<Tokens> = family.iter().map(|&at| Tokens::of(&texts[at])).collect();
                let versions: Vec<Text<'_>> =
                    tokens.iter().map(|of| Text { tokens: of.hashes(), aside: &[] }).collect();
                let dates: Vec<_> = (0..family.len()).map(|at| dated.then_some(at)).collect();
                let tree = Family::new(&Aligner::default(), &versions, &dates);
                lineage.push(&nodes(&tree));
            }
            println!(
                "  family trees {dates}, {half}: {} of {} parents are neighbours ({:.3}), {} are \
                 earlier ({:.3}); {} of {} roots came first",
                lineage.neighbours,
                lineage.children,
                lineage.neighbour_share(),
                lineage.forward,
                lineage.forward_share(),
                lineage.roots,
                lineage.trees,
            );
        }
    }
}

/// Pairwise scores of the clusters against families.
fn together(families: &[Vec<usize>], clusters: &Clusters<'_>) {
    let mut family = HashMap::new();
    let mut true_pairs = 0;
    for (index, members) in families.iter().enumerate() {
        true_pairs += members.len() * members.len().saturating_sub(1) / 2;
        family.extend(members.iter().map(|&member| (member, index)));
    }
    let mut found = HashSet::new();
    for group in groups(clusters) {
        for (rank, &a) in group.iter().enumerate() {
            found.extend(group[..rank].iter().map(|&b| (a, b)));
        }
    }
    let right = found
        .iter()
        .filter(|(a, b)| family.get(a).is_some_and(|own| family.get(b) == Some(own)))
        .count();
    let precision = right as f64 / found.len().max(1) as f64;
    let recall = right as f64 / true_pairs.max(1) as f64;
    println!(
        "  families: precision {precision:.4}, recall {recall:.4}, F1 {:.4}",
        2.0 * precision * recall / (precision + recall),
    );
}

/// The sorted set of 5-token shingles of a text.
fn shingle_set(text: &str) -> Vec<u64> {
    let mut shingles = Vec::new();
    let shingler = Shingler::new(5).unwrap_or_else(|error| unreachable!("{error}"));
    shingler.append(Tokens::of(text).hashes(), &mut shingles);
    shingles.sort_unstable();
    shingles.dedup();
    shingles
}

fn same_headline(pairs: &str, number: &HashMap<&str, usize>, clusters: &Clusters<'_>) {
    let groups: Vec<HashSet<usize>> =
        groups(clusters).into_iter().map(|group| group.into_iter().collect()).collect();
    let (mut together, mut all) = (0, 0);
    for line in pairs.lines().skip(1) {
        let mut fields = line.split('\t').map(|id| number.get(id).copied());
        let (Some(Some(a)), Some(Some(b))) = (fields.next(), fields.next()) else { continue };
        all += 1;
        let found = groups.iter().any(|group| group.contains(&a) && group.contains(&b));
        together += usize::from(found);
        if !found {
            println!("  apart: {line}");
        }
    }
    println!("  same headline: {together} of {all} in one cluster");
}

/// Recall and precision against pairs of a Jaccard index that another tokeniser computed.
fn jaccard(pairs: &str, number: &HashMap<&str, usize>, clusters: &Clusters<'_>, texts: &[String]) {
    let mut expected: HashMap<(usize, usize), f64> = HashMap::new();
    for line in pairs.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [a, b, jaccard] = fields[..] else { continue };
        let (Some(&a), Some(&b)) = (number.get(a), number.get(b)) else { continue };
        expected.insert((a.min(b), a.max(b)), jaccard.parse().unwrap_or(0.0));
    }
    let found: HashMap<(usize, usize), f64> =
        clusters.pairs().map(|pair| ((pair.a, pair.b), pair.evidence.jaccard())).collect();
    let right = expected.keys().filter(|pair| found.contains_key(pair)).count();
    println!(
        "  against {} listed pairs: recall {:.5}, {} of {} found pairs listed",
        expected.len(),
        right as f64 / expected.len().max(1) as f64,
        found.keys().filter(|pair| expected.contains_key(pair)).count(),
        found.len(),
    );
    // What is listed and not found is below the threshold by our own tokens, or it was missed.
    let mut missed = 0;
    for &(a, b) in expected.keys().filter(|pair| !found.contains_key(pair)) {
        let own = overlap(&shingle_set(&texts[a]), &shingle_set(&texts[b])).jaccard();
        missed += usize::from(own >= 0.5);
    }
    println!("  listed and not found, though at 0.5 or above by our own tokens: {missed}");
}
