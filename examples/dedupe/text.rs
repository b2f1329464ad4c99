//! Output for people: clusters in words, with the differences within each.

use std::collections::HashMap;
use std::fmt::Display;
use std::io::{self, Write};

use anyhow::Result;
use clap::builder::styling::{AnsiColor, Style};
use reprint::diff::Marks;
use reprint::{Cluster, Clusters, FurniturePiece, Member, Relation};

use crate::again::Again;
use crate::input::Corpus;
use crate::output::{FURNITURE, Totals};

const HEADER: Style = Style::new().bold();
const RELATION: Style = AnsiColor::Cyan.on_default();
const ASIDE: Style = Style::new().dimmed();

/// How many members of a cluster are compared with the representative in print.
const REPORTED: usize = 12;

/// Columns of the report, beside its indentation.
const WIDTH: usize = 96;

/// Characters of a headline that are shown.
const HEADLINE: usize = 72;

/// Characters of an id up to which the columns are aligned.
const WIDEST: usize = 40;

/// Prints all clusters, then the summary. Styles are for the stream to drop if it is no terminal.
pub fn print(
    out: &mut dyn Write,
    again: &mut Again<'_>,
    clusters: &Clusters<'_>,
    totals: &Totals,
) -> Result<()> {
    let corpus = again.corpus;
    for (number, cluster) in (1..).zip(clusters.iter()) {
        let text = again.text(cluster.representative())?;
        header(out, corpus, cluster, &text, number)?;
        let names = cluster.members().iter().map(|member| name(corpus, member.article()));
        let width = names.map(|name| name.chars().count()).max().unwrap_or(0).min(WIDEST);
        for member in cluster.members() {
            self::member(out, corpus, member, width)?;
        }
        writeln!(out)?;
        differences(out, again, cluster, text)?;
        writeln!(out)?;
    }
    Ok(summary(out, corpus, clusters, totals)?)
}

fn header(
    out: &mut dyn Write,
    corpus: &Corpus,
    cluster: &Cluster,
    text: &str,
    number: u32,
) -> io::Result<()> {
    let articles = counted(cluster.len(), "article");
    let headline = headline(text);
    writeln!(out, "{HEADER}Cluster {number}: {articles}, “{headline}”{HEADER:#}")?;
    let name = name(corpus, cluster.representative());
    writeln!(out, "  {RELATION}{:<15}{RELATION:#}  {name}", "representative")
}

/// One line about an article, that can be read without knowing the terms.
fn member(out: &mut dyn Write, corpus: &Corpus, member: &Member, width: usize) -> io::Result<()> {
    let relation = match member.relation() {
        Relation::Extended => "longer version",
        // Only components have these.
        Relation::Overlap => "through others",
        relation => relation.name(),
    };
    let name = name(corpus, member.article());
    let shares = shares(member);
    let (start, end) = (ASIDE.render(), ASIDE.render_reset());
    writeln!(out, "  {RELATION}{relation:<15}{RELATION:#}  {name:<width$}  {start}{shares}{end}")
}

fn shares(member: &Member) -> String {
    let evidence = member.evidence();
    if member.relation() == Relation::Identical {
        return format!("word for word the same, {}", counted(evidence.tokens_a, "word"));
    }
    format!(
        "{} of its words stand in the representative, {} the other way; {} shared, up to {} in a row",
        percentage(evidence.coverage_a()),
        percentage(evidence.coverage_b()),
        counted(evidence.shared_words(), "word"),
        thousands(evidence.longest_passage),
    )
}

/// The report of what differs, for the first members that are not the same word for word.
fn differences(
    out: &mut dyn Write,
    again: &mut Again<'_>,
    cluster: &Cluster,
    text: String,
) -> Result<()> {
    let mut different: Vec<usize> = (cluster.members().iter())
        .filter(|member| member.relation() != Relation::Identical)
        .map(Member::article)
        .collect();
    let more = different.len().saturating_sub(REPORTED);
    different.truncate(REPORTED);
    let mut texts = HashMap::from([(cluster.representative(), text)]);
    for &article in &different {
        texts.insert(article, again.text(article)?);
    }
    let report = cluster.report_of(&different, |article| &texts[&article]);
    let marks = |style: Style, open: &str, close: &str| {
        Marks::new(format!("{style}{open}"), format!("{close}{style:#}"))
    };
    let style = reprint::diff::Style {
        width: WIDTH,
        deleted: marks(AnsiColor::Red.on_default(), "[-", "-]"),
        inserted: marks(AnsiColor::Green.on_default(), "{+", "+}"),
        dim: marks(ASIDE, "", ""),
        ..Default::default()
    };
    let names = |article: usize| printable(again.corpus.articles.id(article));
    for line in report.display(&style, names).to_string().lines() {
        if line.is_empty() { writeln!(out)? } else { writeln!(out, "    {line}")? }
    }
    if more > 0 {
        let more = counted(more, "member");
        writeln!(out, "\n    … and {more} more, whose differences are not printed.")?;
    }
    Ok(())
}

fn summary(
    out: &mut dyn Write,
    corpus: &Corpus,
    clusters: &Clusters<'_>,
    totals: &Totals,
) -> io::Result<()> {
    let summary = clusters.summary();
    let articles = counted(summary.articles, "article");
    if summary.articles == 0 {
        writeln!(out, "{HEADER}No articles.{HEADER:#}")?;
    } else if summary.clusters == 0 {
        writeln!(
            out,
            "{HEADER}{articles}, none of them the same piece of writing as another.{HEADER:#}"
        )?;
    } else {
        writeln!(
            out,
            "{HEADER}{articles}, {} of them in {}.{HEADER:#}",
            thousands(summary.clustered_articles),
            counted(summary.clusters, "cluster"),
        )?;
        writeln!(
            out,
            "{} could be removed, being covered by others that stay (see --keep).",
            thousands(totals.removable),
        )?;
    }
    if corpus.skipped.count > 0 {
        let skipped = counted(corpus.skipped.count, "input");
        writeln!(out, "{skipped} skipped, not being readable as articles.")?;
    }
    if summary.empty > 0 {
        writeln!(out, "{} without any words, compared with nothing.", thousands(summary.empty))?;
    }
    furniture(out, corpus, clusters, &totals.furniture)?;
    if !summary.limited.is_empty() {
        writeln!(
            out,
            "Some passages stand in very many articles, up to {}. Not all of these were compared \
             with each other: at most {} were left out.",
            thousands(usize::try_from(summary.limited.largest).unwrap_or(usize::MAX)),
            counted(usize::try_from(summary.limited.pairs).unwrap_or(usize::MAX), "pair"),
        )?;
    }
    Ok(())
}

/// What was left out of the comparison.
fn furniture(
    out: &mut dyn Write,
    corpus: &Corpus,
    clusters: &Clusters<'_>,
    pieces: &[FurniturePiece],
) -> io::Result<()> {
    if !pieces.is_empty() {
        writeln!(
            out,
            "{} left out of the comparison, because they stand around many unlike articles:",
            counted(clusters.summary().aside, "word"),
        )?;
    }
    for piece in pieces {
        let (start, end) = (ASIDE.render(), ASIDE.render_reset());
        let articles = counted(piece.articles, "article");
        writeln!(out, "  {articles:>14}  {start}{}{end}", headline(&piece.text))?;
    }
    for mould in clusters.moulds().iter().take(FURNITURE) {
        writeln!(
            out,
            "{} fill one mould, each with words of its own, as {} does; they are no reprints.",
            counted(mould.siblings.len(), "article"),
            name(corpus, mould.typical),
        )?;
    }
    Ok(())
}

/// The id of an article, with its date and source.
fn name(corpus: &Corpus, article: usize) -> String {
    let articles = &corpus.articles;
    let known: Vec<&str> =
        [articles.date(article), articles.source(article)].into_iter().flatten().collect();
    let known = if known.is_empty() { String::new() } else { format!(" ({})", known.join(", ")) };
    printable(&format!("{}{known}", articles.id(article)))
}

/// The first line of a text that has words, shortened.
fn headline(text: &str) -> String {
    let has_words = |line: &&str| line.chars().any(char::is_alphanumeric);
    let line = text.lines().find(has_words).unwrap_or_default().trim();
    match line.char_indices().nth(HEADLINE) {
        Some((end, _)) => printable(&format!("{}…", line[..end].trim_end())),
        None => printable(line),
    }
}

/// Without control characters, by which a text could play tricks on the terminal.
/// Neither with marks that turn the direction of writing.
pub fn printable(text: &str) -> String {
    let turns = |c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if c.is_control() || turns(c) { ' ' } else { c }).collect()
}

/// In whole percent; 0 and 100 are said only when meant.
fn percentage(share: f64) -> String {
    let percent = (share * 100.0).round();
    let percent = if share > 0.0 && share < 1.0 { percent.clamp(1.0, 99.0) } else { percent };
    format!("{percent} %")
}

/// A number of things, in the plural unless it is one.
pub fn counted(number: usize, thing: &str) -> String {
    format!("{} {thing}{}", thousands(number), if number == 1 { "" } else { "s" })
}

/// A number with commas between the thousands.
pub fn thousands(number: impl Display) -> String {
    let digits = number.to_string();
    let mut all = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            all.push(',');
        }
        all.push(digit);
    }
    all
}
