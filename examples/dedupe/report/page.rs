//! The report for people: a page that needs nothing beside itself.
//!
//! The template has all that is said of the whole run. The data of each cluster follow as JSON, in
//! elements that a browser does not run, and the page's script makes elements of them when they
//! are looked at. No text of an article is ever part of the markup: in the template it is escaped,
//! in JSON it has no `<`, and the script sets it as text. The policy at the top lets a browser
//! run that one script, and load nothing.

use std::io::{self, Write};

use anyhow::Result;
use askama::Template;
use base64::prelude::{BASE64_STANDARD, Engine};
use reprint::Clusters;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::section::{row, section, title};
use super::story::Story;
use crate::again::Again;
use crate::output::Totals;
use crate::text::{counted, thousands};

const STYLE: &str = concat!(
    include_str!("style/page.css"),
    include_str!("style/overview.css"),
    include_str!("style/section.css"),
    include_str!("style/differences.css"),
    include_str!("style/print.css"),
);

const SCRIPT: &str = concat!(
    include_str!("script/elements.js"),
    include_str!("script/timeline.js"),
    include_str!("script/tree.js"),
    include_str!("script/passages.js"),
    include_str!("script/differences.js"),
    include_str!("script/section.js"),
    include_str!("script/overview.js"),
    include_str!("script/page.js"),
);

/// The page up to the data.
#[derive(Template)]
#[template(path = "page.html", block = "start", config = "examples/dedupe/report/askama.toml")]
struct Start<'a> {
    style: &'static str,
    style_hash: String,
    script_hash: String,
    articles: String,
    clusters: String,
    clustered: String,
    removable: String,
    notes: &'a [String],
}

/// The page behind the data.
#[derive(Template)]
#[template(path = "page.html", block = "end", config = "examples/dedupe/report/askama.toml")]
struct End {
    script: &'static str,
}

/// Writes the page.
pub fn write(
    out: &mut dyn Write,
    again: &mut Again<'_>,
    clusters: &Clusters<'_>,
    totals: &Totals,
) -> Result<()> {
    let summary = clusters.summary();
    let start = Start {
        style: STYLE,
        style_hash: hash(STYLE),
        script_hash: hash(SCRIPT),
        articles: thousands(summary.articles),
        clusters: thousands(summary.clusters),
        clustered: thousands(summary.clustered_articles),
        removable: thousands(totals.removable),
        notes: &notes(again, clusters, totals),
    };
    start.write_into(&mut *out)?;
    for cluster in clusters {
        let story = Story::read(cluster, again)?;
        let report = story.report();
        data(out, "row-data", &row(&again.corpus.articles, &story, &report))?;
        data(out, "cluster-data", &section(&story, &report))?;
    }
    End { script: SCRIPT }.write_into(out)?;
    Ok(())
}

/// What else a reader has to know about the run.
fn notes(again: &Again<'_>, clusters: &Clusters<'_>, totals: &Totals) -> Vec<String> {
    let summary = clusters.summary();
    let mut notes = Vec::new();
    if again.corpus.skipped.count > 0 {
        let inputs = counted(again.corpus.skipped.count, "input");
        notes.push(format!("{inputs} could not be read as articles and were skipped."));
    }
    if summary.empty > 0 {
        notes.push(format!("{} had no words.", counted(summary.empty, "article")));
    }
    if let Some(piece) = totals.furniture.first() {
        let (words, articles) = (counted(summary.aside, "word"), thousands(piece.articles));
        notes.push(format!(
            "{words} were left out of the comparison, because they stand around many unlike \
             articles; the commonest, in {articles} of them, begins “{}”.",
            title(&piece.text, 0),
        ));
    }
    if summary.moulds > 0 {
        let (siblings, moulds) =
            (counted(summary.mould_siblings, "article"), counted(summary.moulds, "mould"));
        notes.push(format!("{siblings} fill {moulds} with words of their own: no reprints."));
    }
    if !summary.limited.is_empty() {
        notes.push(format!(
            "Some passages stand in very many articles; at most {} of these were not compared.",
            counted(usize::try_from(summary.limited.pairs).unwrap_or(usize::MAX), "pair"),
        ));
    }
    notes
}

/// An element with data, which ends where it should whatever the data hold.
fn data(out: &mut dyn Write, class: &str, value: &impl Serialize) -> io::Result<()> {
    write!(out, "<script type=\"application/json\" class=\"{class}\">")?;
    serde_json::to_writer(WithoutMarkup(&mut *out), value)?;
    out.write_all(b"</script>\n")
}

/// Writes JSON with every `<`, which only strings have, as an escape.
struct WithoutMarkup<'o>(&'o mut dyn Write);

impl Write for WithoutMarkup<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for (index, part) in bytes.split(|&byte| byte == b'<').enumerate() {
            if index > 0 {
                self.0.write_all(b"\\u003c")?;
            }
            self.0.write_all(part)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// By which the policy knows the page's own style and script.
fn hash(source: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(source)))
}
