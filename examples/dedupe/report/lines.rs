//! The report for programs: a line for each cluster.

use std::io::Write;

use anyhow::Result;
use reprint::diff::{ClusterReport, DiffReport, PartKind, PieceKind, Span, Version};
use reprint::{Clusters, Evidence, Relation};
use serde::Serialize;
use serde_json::{Value, json};

use super::story::Story;
use crate::again::Again;
use crate::output;

#[derive(Serialize)]
struct ReportLine<'a> {
    r#type: &'static str,
    cluster: usize,
    articles: Vec<ArticleEntry<'a>>,
    versions_not_compared: usize,
    report: Value,
    family: Value,
}

/// What stands behind a number in the report and the family tree.
#[derive(Serialize)]
struct ArticleEntry<'a> {
    article: usize,
    id: &'a str,
    date: Option<&'a str>,
    source: Option<&'a str>,
}

/// Writes all clusters.
pub fn write(out: &mut dyn Write, again: &mut Again<'_>, clusters: &Clusters<'_>) -> Result<()> {
    for (number, cluster) in clusters.iter().enumerate() {
        let story = Story::read(cluster, again)?;
        let articles = &again.corpus.articles;
        let entry = |article: usize| ArticleEntry {
            article,
            id: articles.id(article),
            date: articles.date(article),
            source: articles.source(article),
        };
        let line = ReportLine {
            r#type: "report",
            cluster: number,
            articles: cluster.articles().into_iter().map(entry).collect(),
            versions_not_compared: story.more,
            report: report(&story.report()),
            family: family(&story),
        };
        output::json_line(out, &line)?;
    }
    Ok(())
}

/// Report format 1, as the library's feature `serde` writes it. Examples are built without it.
fn report(report: &ClusterReport<'_>) -> Value {
    let edits = report.edits.iter().map(|edit| {
        json!({
            "kind": edit.kind.name(),
            "a": span(&edit.a),
            "b": span(&edit.b),
            "versions": edit.versions,
        })
    });
    json!({
        "format": reprint::diff::Format::VERSION,
        "representative": report.representative,
        "versions": report.versions.iter().map(version).collect::<Vec<_>>(),
        "edits": edits.collect::<Vec<_>>(),
    })
}

fn version(version: &Version<'_>) -> Value {
    json!({
        "members": version.members,
        "relation": version.relation.map(Relation::name),
        "evidence": version.evidence.as_ref().map(evidence),
        "report": differences(&version.report),
        "edits": version.edits,
    })
}

fn evidence(evidence: &Evidence) -> Value {
    let overlap = &evidence.overlap;
    json!({
        "identical": evidence.identical,
        "tokens_a": evidence.tokens_a,
        "tokens_b": evidence.tokens_b,
        "covered_a": evidence.covered_a,
        "covered_b": evidence.covered_b,
        "longest_passage": evidence.longest_passage,
        "overlap": {"a": overlap.a, "b": overlap.b, "shared": overlap.shared},
    })
}

fn differences(report: &DiffReport<'_>) -> Value {
    let parts = report.parts().iter().map(|part| {
        let pieces = part.pieces.iter().map(|piece| {
            let kind = match piece.kind {
                PieceKind::Kept => "kept",
                PieceKind::Deleted => "deleted",
                PieceKind::Inserted => "inserted",
            };
            json!({"kind": kind, "a": span(&piece.a), "b": span(&piece.b)})
        });
        json!({
            "kind": part_kind(part.kind),
            "a": span(&part.a),
            "b": span(&part.b),
            "pieces": pieces.collect::<Vec<_>>(),
            "coarse": part.coarse,
            "aside": part.aside,
        })
    });
    let edits = report.edits().iter().map(|edit| {
        json!({
            "kind": edit.kind.name(),
            "part": edit.part,
            "a": span(&edit.a),
            "b": span(&edit.b),
        })
    });
    json!({
        "format": reprint::diff::Format::VERSION,
        "words_a": report.words_a(),
        "words_b": report.words_b(),
        "words_shared": report.words_shared(),
        "parts": parts.collect::<Vec<_>>(),
        "edits": edits.collect::<Vec<_>>(),
    })
}

pub fn part_kind(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Kept => "kept",
        PartKind::Changed => "changed",
        PartKind::Removed => "removed",
        PartKind::Added => "added",
        PartKind::Moved => "moved",
    }
}

fn span(span: &Span) -> Value {
    json!({
        "tokens": {"start": span.tokens.start, "end": span.tokens.end},
        "bytes": {"start": span.bytes.start, "end": span.bytes.end},
    })
}

fn family(story: &Story<'_>) -> Value {
    let versions = story.family.versions.iter().map(|version| {
        let edit = &version.edit;
        json!({
            "members": version.members,
            "words": version.words,
            "parent": version.parent,
            "edit": {
                "added": edit.added,
                "dropped": edit.dropped,
                "cuts": edit.cuts,
                "moves": edit.moves,
            },
            "cost": version.cost,
        })
    });
    let contradictions = story.family.contradictions.iter();
    let contradictions =
        contradictions.map(|found| json!({"version": found.version, "ancestor": found.ancestor}));
    json!({
        "versions": versions.collect::<Vec<_>>(),
        "contradictions": contradictions.collect::<Vec<_>>(),
    })
}
