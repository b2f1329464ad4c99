//! Family trees, where it is known who came from whom.

use std::fs::{self, File};
use std::io::Read;
use std::path::PathBuf;

use reprint::align::Aligner;
use reprint::family::{Family, Text};
use reprint::text::Tokens;
use reprint::{Clusters, Deduper};
use serde_json::Value;

use crate::corpus::{Ancestry, Generator, Lineage, Mix, Node, Settings, Truth};
use crate::support::{articles, filled};

/// The tree of some texts, dated by their order if asked.
fn tree(texts: &[String], dated: bool) -> Family {
    let tokens: Vec<Tokens> = texts.iter().map(|text| Tokens::of(text)).collect();
    let versions: Vec<Text<'_>> =
        tokens.iter().map(|tokens| Text { tokens: tokens.hashes(), aside: &[] }).collect();
    let dates: Vec<_> = (0..texts.len()).map(|at| dated.then_some(at)).collect();
    Family::new(&Aligner::default(), &versions, &dates)
}

fn nodes(family: &Family) -> Vec<Node<'_>> {
    family.versions.iter().map(|version| (&version.members[..], version.parent)).collect()
}

/// Pages in the order of their revisions, where they are at hand.
fn revisions() -> Option<Vec<Vec<String>>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/wiki_versions");
    let file = File::open(folder.join("articles.jsonl.gz")).ok()?;
    let mut lines = String::new();
    flate2::read::MultiGzDecoder::new(file).read_to_string(&mut lines).ok()?;
    let text = |line| {
        let article: Value = serde_json::from_str(line).expect("an article");
        let string = |field: &str| article[field].as_str().expect("a string").to_owned();
        (string("id"), string("text"))
    };
    let texts: std::collections::HashMap<String, String> = lines.lines().map(text).collect();
    let truth = fs::read_to_string(folder.join("truth.jsonl")).ok()?;
    let page = |line| {
        let page: Value = serde_json::from_str(line).expect("a page");
        let ids = page["ids"].as_array().expect("ids").iter();
        ids.map(|id| texts[id.as_str().expect("an id")].clone()).collect()
    };
    Some(truth.lines().map(page).collect())
}

#[test]
fn parents_of_revisions_are_their_neighbours() {
    let Some(pages) = revisions() else {
        println!("skipped: no ../shared/data/wiki_versions");
        return;
    };
    for (dated, neighbours, earlier) in [(false, 0.87, 0.78), (true, 0.91, 0.99)] {
        let mut lineage = Lineage::default();
        pages.iter().for_each(|page| lineage.push(&nodes(&tree(page, dated))));
        println!("dated: {dated}, {lineage:?}");
        assert!(lineage.trees > 200 && lineage.children > 900, "{lineage:?}");
        assert!(lineage.neighbour_share() >= neighbours, "{lineage:?}");
        assert!(lineage.forward_share() >= earlier, "{lineage:?}");
    }
}

#[test]
fn trees_of_copies_begin_with_the_original() {
    let settings = Settings::new(3000, 5).with_mix(Mix::hard());
    let (mut truth, mut texts) = (Truth::default(), Vec::new());
    for article in Generator::new(settings) {
        truth.push(&article);
        texts.push(article.text);
    }
    let dedup = filled(Deduper::new(), &texts);
    let mut ancestry = Ancestry::default();
    for cluster in &dedup.clusters() {
        ancestry.push(&nodes(&cluster.family()), |article| truth.original(article));
    }
    println!("{ancestry:?}");
    assert!(ancestry.trees > 80, "{ancestry:?}");
    assert!(ancestry.roots * 100 >= ancestry.trees * 90, "{ancestry:?}");
    assert!(ancestry.children * 100 >= ancestry.copies * 85, "{ancestry:?}");
}

/// The trees of all clusters, with texts for their numbers.
fn trees(clusters: &Clusters<'_>, texts: &[String]) -> Vec<String> {
    let draw = |cluster: &reprint::Cluster<'_>| {
        let date = |article: usize| texts[article].len().checked_rem(7).filter(|&day| day > 0);
        let family = cluster.family_with_dates(date);
        let name = |article: usize| texts[article].clone();
        // Copies of a version are named in the order of their numbers.
        family.versions.iter().for_each(|version| assert!(version.members.is_sorted()));
        family.display(name).to_string()
    };
    let mut trees: Vec<String> = clusters.iter().map(draw).collect();
    trees.sort();
    trees
}

#[test]
fn the_order_of_the_articles_changes_no_tree() {
    let settings = Settings::new(600, 8).with_mix(Mix::hard());
    let mut texts: Vec<String> = Generator::new(settings).map(|article| article.text).collect();
    texts.sort();
    texts.dedup();
    let forward = trees(&filled(Deduper::new(), &texts).clusters(), &texts);
    texts.reverse();
    let backward = trees(&filled(Deduper::new(), &texts).clusters(), &texts);
    assert_eq!(forward, backward);
    assert!(forward.len() > 50);
}

#[test]
fn the_agency_stands_above_its_papers() {
    let samples = articles("examples/articles");
    let texts: Vec<&str> = samples.iter().map(|(_, text)| text.as_str()).collect();
    let dedup = filled(Deduper::new(), &texts);
    let clusters = dedup.clusters();
    let harbour = clusters.iter().find(|cluster| cluster.len() > 2).expect("the harbour");
    let name = |article: usize| samples[article].0.trim_end_matches(".txt");
    let drawing = harbour.family().display(name).to_string();
    println!("{drawing}");
    assert!(drawing.starts_with("harbour-agency"), "{drawing}");
}
