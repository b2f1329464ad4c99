//! Output for people: clusters in words, with the differences within each.

use std::collections::HashMap;
use std::fmt::Display;
use std::io::{self, Write};

use anyhow::Result;
use clap::builder::styling::{AnsiColor, Style};
use reprint::diff::Marks;
use reprint::text::unit;
use reprint::{Cluster, Clusters, FurniturePiece, Member, Relation};
use unicode_width::UnicodeWidthStr;

use crate::again::Again;
use crate::input::Corpus;
use crate::output::{FURNITURE, Totals};
use crate::screen::Screen;
use crate::{summary, versions};

const HEADER: Style = Style::new().bold();
const RELATION: Style = AnsiColor::Cyan.on_default();
const ASIDE: Style = Style::new().dimmed();

/// How many members of a cluster are compared with the representative in print.
const REPORTED: usize = 12;

/// How many members that are word for word the same are listed.
const COPIES: usize = 6;

/// Columns of a headline that are shown.
const HEADLINE: usize = 72;

/// Columns of an id up to which the table is aligned.
const WIDEST: usize = 40;

/// Columns before the names of the members.
const MARGIN: usize = 18;

/// Prints all clusters, then the summary. Styles are for the stream to drop if it is no terminal.
pub fn print(
    out: &mut dyn Write,
    screen: Screen,
    again: &mut Again<'_>,
    clusters: &Clusters<'_>,
    totals: &Totals,
) -> Result<()> {
    let page = Page { screen, corpus: again.corpus };
    for (number, cluster) in (1..).zip(clusters.iter()) {
        let text = again.text(cluster.representative())?;
        let unit = unit(&text);
        page.header(out, cluster, &text, number)?;
        page.members(out, cluster, unit)?;
        versions::timeline(out, &page, cluster)?;
        versions::family(out, &page, cluster, unit)?;
        writeln!(out)?;
        differences(out, screen, again, cluster, text)?;
        writeln!(out)?;
    }
    Ok(page.summary(out, clusters, totals)?)
}

/// What is printed, and where.
#[derive(Debug)]
pub struct Page<'c> {
    pub screen: Screen,
    pub corpus: &'c Corpus,
}

impl Page<'_> {
    fn header(
        &self,
        out: &mut dyn Write,
        cluster: &Cluster,
        text: &str,
        number: u32,
    ) -> io::Result<()> {
        let start = format!("Cluster {number}: {},", counted(cluster.len(), "article"));
        let Screen { width, .. } = self.screen;
        let headline = self.headline(text, HEADLINE.min(width - 4));
        // A headline stays together.
        let fits = start.width() + headline.width() + 3 <= width;
        let gap = if fits { " " } else { "\n  " };
        writeln!(out, "{HEADER}{start}{gap}“{headline}”{HEADER:#}")
    }

    /// A table of the articles of a cluster.
    fn members(&self, out: &mut dyn Write, cluster: &Cluster, unit: &str) -> io::Result<()> {
        let name = self.name(cluster.representative());
        let mut rows = vec![("representative", name, String::new())];
        let (copies, others): (Vec<_>, Vec<_>) =
            (cluster.members().iter()).partition(|member| member.relation() == Relation::Identical);
        let row = |member: &&Member| {
            let relation = match member.relation() {
                Relation::Extended => "longer version",
                // Only components have these.
                Relation::Overlap => "through others",
                relation => relation.name(),
            };
            (relation, self.name(member.article()), shares(member, unit))
        };
        rows.extend(copies.iter().take(COPIES).map(row));
        if let more @ 1.. = copies.len().saturating_sub(COPIES) {
            rows.push(("", format!("… and {} more like it", thousands(more)), String::new()));
        }
        rows.extend(others.iter().map(row));

        let Screen { width, .. } = self.screen;
        let names = rows.iter().map(|(_, name, _)| name.width());
        let column = names.max().unwrap_or(0).min(WIDEST);
        let of_row =
            |name: &str, shares: &str| MARGIN + name.width().max(column) + 2 + shares.width();
        let is_table = rows.iter().all(|(_, name, shares)| of_row(name, shares) <= width);
        let margin = " ".repeat(MARGIN);
        let rest = if width < 4 * MARGIN { "      " } else { margin.as_str() };
        let (start, end) = (ASIDE.render(), ASIDE.render_reset());
        for (relation, name, shares) in rows {
            write!(out, "  {RELATION}{relation:<14}{RELATION:#}")?;
            if MARGIN + name.width() <= width {
                write!(out, "  {name}")?;
            } else {
                write!(out, "\n{}", self.screen.wrapped(&name, rest, rest))?;
            }
            if shares.is_empty() {
                writeln!(out)?;
            } else if is_table {
                let pad = column.saturating_sub(name.width());
                writeln!(out, "{:pad$}  {start}{shares}{end}", "")?;
            } else {
                let shares = self.screen.wrapped(&shares, rest, rest);
                writeln!(out, "\n{start}{shares}{end}")?;
            }
        }
        Ok(())
    }

    /// The id of an article, with its date and source.
    pub fn name(&self, article: usize) -> String {
        let articles = &self.corpus.articles;
        let known = [articles.date(article), articles.source(article)];
        let known: Vec<String> =
            known.into_iter().flatten().map(|known| self.screen.shown(known)).collect();
        let known =
            if known.is_empty() { String::new() } else { format!(" ({})", known.join(", ")) };
        format!("{}{known}", self.id(article))
    }

    /// The id of an article.
    pub fn id(&self, article: usize) -> String {
        self.screen.shown(self.corpus.articles.id(article))
    }

    /// The first line of a text that has words, shortened.
    fn headline(&self, text: &str, columns: usize) -> String {
        let has_words = |line: &&str| line.chars().any(char::is_alphanumeric);
        let line = text.lines().find(has_words).unwrap_or_default();
        // However much space is within it.
        self.screen.cut(&line.split_whitespace().collect::<Vec<_>>().join(" "), columns)
    }

    /// A sentence or two, in lines.
    pub fn say(&self, out: &mut dyn Write, text: &str) -> io::Result<()> {
        writeln!(out, "{}", self.screen.wrapped(text, "", ""))
    }
}

/// What a member has in common with the representative.
fn shares(member: &Member, unit: &str) -> String {
    let evidence = member.evidence();
    if member.relation() == Relation::Identical {
        return format!("the same {}", counted(evidence.tokens_a, unit));
    }
    format!(
        "{} shared: {} of it, {} of the representative",
        counted(evidence.shared_words(), unit),
        percentage(evidence.coverage_a()),
        percentage(evidence.coverage_b()),
    )
}

/// The report of what differs, for the first members that are not the same word for word.
fn differences(
    out: &mut dyn Write,
    screen: Screen,
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
        width: screen.width - 4,
        deleted: marks(AnsiColor::Red.on_default(), "[-", "-]"),
        inserted: marks(AnsiColor::Green.on_default(), "{+", "+}"),
        dim: marks(ASIDE, "", ""),
        heading: marks(HEADER, "", ""),
        isolate: screen.isolate,
        ..Default::default()
    };
    let names = |article: usize| again.corpus.articles.id(article);
    for line in report.display(&style, names).to_string().lines() {
        if line.is_empty() { writeln!(out)? } else { writeln!(out, "    {line}")? }
    }
    if more > 0 {
        let more = counted(more, "member");
        writeln!(out, "\n    … and {more} more, whose differences are not printed.")?;
    }
    Ok(())
}

impl Page<'_> {
    fn summary(
        &self,
        out: &mut dyn Write,
        clusters: &Clusters<'_>,
        totals: &Totals,
    ) -> io::Result<()> {
        let found = self.screen.wrapped(&summary::found(clusters), "", "");
        writeln!(out, "{HEADER}{found}{HEADER:#}")?;
        for sentence in summary::removable_and_skipped(clusters, self.corpus, totals) {
            self.say(out, &sentence)?;
        }
        self.furniture(out, clusters, &totals.furniture)?;
        summary::limited(clusters).map_or(Ok(()), |limited| self.say(out, &limited))
    }

    /// What was left out of the comparison.
    fn furniture(
        &self,
        out: &mut dyn Write,
        clusters: &Clusters<'_>,
        pieces: &[FurniturePiece],
    ) -> io::Result<()> {
        if !pieces.is_empty() {
            let words = counted(clusters.summary().aside, "word");
            let why = "because they stand around many unlike articles:";
            self.say(out, &format!("{words} left out of the comparison, {why}"))?;
        }
        for piece in pieces {
            let (start, end) = (ASIDE.render(), ASIDE.render_reset());
            let articles = counted(piece.articles, "article");
            let text = self.headline(&piece.text, HEADLINE.min(self.screen.width - MARGIN));
            writeln!(out, "  {articles:>14}  {start}{text}{end}")?;
        }
        for mould in clusters.moulds().iter().take(FURNITURE) {
            let siblings = counted(mould.siblings.len(), "article");
            let name = self.name(mould.typical);
            let what = format!("fill one mould, each with words of its own, as {name} does");
            self.say(out, &format!("{siblings} {what}; they are no reprints."))?;
        }
        Ok(())
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
