//! What the page knows of a cluster: its row in the overview, and the section that is built when
//! a reader opens it.

use std::collections::BTreeSet;
use std::slice;

use reprint::diff::{ClusterReport, Edit, EditKind, Part, Span, Version};
use reprint::{Evidence, Member};
use serde::Serialize;

use super::diff::{PartEntry, Place, Utf16, parts};
use super::figures::{Node, day, tree};
use super::story::{Story, date};
use crate::articles::Articles;
use crate::output::rounded;
use crate::text::printable;

/// Characters of a title that are shown.
const TITLE: usize = 140;

/// A cluster in the overview. Articles are in the order of the input.
#[derive(Serialize)]
pub struct Row<'a> {
    title: String,
    articles: Vec<ArticleEntry<'a>>,
    /// Its place among the articles.
    representative: usize,
    /// How many distinct texts there are.
    versions: usize,
    kinds: Vec<&'static str>,
    /// The share of words that are not common to a version and the representative.
    differs: f64,
}

#[derive(Serialize)]
struct ArticleEntry<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    relation: &'static str,
}

/// A cluster in full.
#[derive(Serialize)]
pub struct Section<'t> {
    /// The representative.
    text: &'t str,
    versions: Vec<VersionEntry<'t>>,
    shared: Vec<SharedEntry<'t>>,
    tree: Vec<Node>,
    /// Versions that are not compared.
    more: usize,
}

#[derive(Serialize)]
struct VersionEntry<'t> {
    /// Places among the articles of the row.
    articles: Vec<usize>,
    relation: &'static str,
    title: String,
    words: [usize; 3],
    evidence: Option<EvidenceEntry>,
    parts: Vec<PartEntry<'t>>,
}

/// `own` is the share of the version, `other` that of the representative.
#[derive(Serialize)]
struct EvidenceEntry {
    own: f64,
    other: f64,
    jaccard: f64,
    own_containment: f64,
    other_containment: f64,
    shared: usize,
    longest: usize,
}

/// An edit that several versions have.
#[derive(Serialize)]
struct SharedEntry<'t> {
    kind: &'static str,
    cut: Place,
    new: &'t str,
    versions: &'t [usize],
}

/// Of a story, with its report.
pub fn row<'a>(articles: &'a Articles, story: &Story<'_>, report: &ClusterReport<'_>) -> Row<'a> {
    let cluster = story.cluster;
    let numbers = cluster.articles();
    let entry = |&article: &usize| {
        let found = cluster.members().binary_search_by_key(&article, Member::article);
        let relation = found.map(|index| cluster.members()[index].relation().name());
        ArticleEntry {
            id: articles.id(article),
            date: articles.date(article),
            day: date(articles, article).as_ref().map(day).map(rounded),
            source: articles.source(article),
            relation: relation.unwrap_or("representative"),
        }
    };
    let kinds: BTreeSet<EditKind> = report.edits.iter().map(|edit| edit.kind).collect();
    let words = |version: &Version<'_>| {
        let report = &version.report;
        let all = report.words_a() + report.words_b();
        (all - 2 * report.words_shared(), all)
    };
    let (other, all) = (report.versions.iter().map(words))
        .fold((0, 0), |(other, all), words| (other + words.0, all + words.1));
    Row {
        title: title(
            story.text(),
            place_of_title(&report.versions, |edit| &edit.a, |part| &part.a),
        ),
        articles: numbers.iter().map(entry).collect(),
        representative: place(&numbers, cluster.representative()),
        versions: story.family.versions.len(),
        kinds: kinds.into_iter().map(EditKind::name).collect(),
        differs: rounded(other as f64 / all.max(1) as f64),
    }
}

/// Of the same story.
pub fn section<'t>(story: &'t Story<'_>, report: &'t ClusterReport<'t>) -> Section<'t> {
    let utf16 = Utf16::new(story.text());
    let numbers = story.cluster.articles();
    let versions = report.versions.iter().map(|version| VersionEntry {
        articles: version.members.iter().map(|&member| place(&numbers, member)).collect(),
        relation: version.relation.map_or("", reprint::Relation::name),
        title: title(
            version.report.text_b(),
            place_of_title(slice::from_ref(version), |edit| &edit.b, |part| &part.b),
        ),
        words: [version.report.words_a(), version.report.words_b(), version.report.words_shared()],
        evidence: version.evidence.as_ref().map(evidence),
        parts: parts(&version.report, &utf16),
    });
    let shared = report.edits.iter().filter(|edit| edit.versions.len() > 1);
    let shared = shared.map(|edit| SharedEntry {
        kind: edit.kind.name(),
        cut: utf16.place(&edit.a.bytes),
        new: &report.versions[edit.versions[0]].report.text_b()[edit.b.bytes.clone()],
        versions: &edit.versions,
    });
    let firsts: Vec<usize> = report.versions.iter().map(|version| version.members[0]).collect();
    Section {
        text: story.text(),
        versions: versions.collect(),
        shared: shared.collect(),
        tree: tree(story, &firsts),
        more: story.more,
    }
}

/// Of the representative, as the library says `a`, and a version.
fn evidence(evidence: &Evidence) -> EvidenceEntry {
    EvidenceEntry {
        own: rounded(evidence.coverage_b()),
        other: rounded(evidence.coverage_a()),
        jaccard: rounded(evidence.jaccard()),
        own_containment: rounded(evidence.overlap.containment_b()),
        other_containment: rounded(evidence.overlap.containment_a()),
        shared: evidence.shared_words(),
        longest: evidence.longest_passage,
    }
}

/// Where the headline stands in one of the two texts: where some version has another one, or else
/// before all that is no furniture.
fn place_of_title(
    versions: &[Version<'_>],
    of_edit: impl Fn(&Edit) -> &Span,
    of_part: impl Fn(&Part) -> &Span,
) -> usize {
    let mut edits = versions.iter().flat_map(|version| version.report.edits());
    let edited =
        edits.find(|&edit| edit.kind == EditKind::Headline && !of_edit(edit).tokens.is_empty());
    let unedited = || {
        let report = &versions.first()?.report;
        let parts = report.parts().iter().enumerate();
        let own = parts.filter(|&(index, part)| {
            part.aside.is_none() && report.kind_of(index) != Some(EditKind::Furniture)
        });
        own.map(|(_, part)| of_part(part)).find(|span| !span.tokens.is_empty())
    };
    edited.map(of_edit).or_else(unedited).map_or(0, |span| span.bytes.start)
}

/// The line of a text that a place is in, or the next one that has words, shortened.
pub fn title(text: &str, at: usize) -> String {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let has_words = |line: &&str| line.chars().any(char::is_alphanumeric);
    let line = text[start..].lines().find(has_words).unwrap_or_default().trim();
    match line.char_indices().nth(TITLE) {
        Some((end, _)) => printable(&format!("{}…", line[..end].trim_end())),
        None => printable(line),
    }
}

/// Where an article stands among those of its cluster, which are ascending.
fn place(articles: &[usize], article: usize) -> usize {
    articles.partition_point(|&other| other < article)
}
