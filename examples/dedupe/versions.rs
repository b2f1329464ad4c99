//! The history of a cluster in words: when it was seen, and which version came from which.

use std::collections::HashMap;
use std::io::{self, Write};

use reprint::{Cluster, Member, Relation};

use crate::keep::Date;
use crate::text::{Page, counted};

/// Of more versions no tree is drawn.
const DRAWN: usize = 30;

/// When the cluster was first and last seen, if at least two of its articles say it.
pub fn timeline(out: &mut dyn Write, page: &Page<'_>, cluster: &Cluster) -> io::Result<()> {
    let articles = cluster.articles();
    let mut dated: Vec<(Date, usize)> =
        (articles.iter()).filter_map(|&article| Some((date(page, article)?, article))).collect();
    dated.sort_unstable();
    let [first, .., last] = &dated[..] else { return Ok(()) };
    let day = |article: usize| {
        page.screen.shown(page.corpus.articles.date(article).unwrap_or_default().trim())
    };
    let place = |article: usize| match page.corpus.articles.source(article) {
        Some(source) => format!("in {}", page.screen.shown(source)),
        None => format!("as {}", page.id(article)),
    };
    let seen = |(_, article): &(Date, usize)| format!("{} {}", day(*article), place(*article));
    let mut line = if first.0 == last.0 {
        format!("All are of {}.", day(first.1))
    } else {
        format!("First seen {}; last {}.", seen(first), seen(last))
    };
    let undated = articles.len() - dated.len();
    if undated > 0 {
        line = line.replacen("All are", "All with a date are", 1);
        let have = if undated == 1 { "has" } else { "have" };
        line += &format!(" {} {have} no date that can be read.", counted(undated, "article"));
    }
    writeln!(out, "{}", page.screen.wrapped(&line, "  ", "  "))
}

/// The family tree of three versions or more. What it calls words is called `unit`.
pub fn family(
    out: &mut dyn Write,
    page: &Page<'_>,
    cluster: &Cluster,
    unit: &str,
) -> io::Result<()> {
    let different = |member: &&Member| member.relation() != Relation::Identical;
    match cluster.members().iter().filter(different).count() {
        0 | 1 => return Ok(()),
        2..=DRAWN => {}
        many => {
            let line = format!(
                "{many} of its articles differ from the representative, too many to draw which \
                 came from which."
            );
            return writeln!(out, "{}", page.screen.wrapped(&line, "  ", "  "));
        }
    }
    let mut family = cluster.family_with_dates(|article| date(page, article));
    if family.versions.len() < 3 {
        return Ok(());
    }
    let is_dated = cluster.articles().iter().any(|&article| date(page, article).is_some());
    let by = if is_dated { "by words and dates" } else { "a guess by their words alone" };
    let line = format!("Which version most likely came from which, {by}:");
    writeln!(out, "\n{}", page.screen.wrapped(&line, "  ", "  "))?;
    // Copies are counted, not named.
    let mut copies = HashMap::new();
    for version in &mut family.versions {
        copies.insert(version.members[0], version.members.len() - 1);
        version.members.truncate(1);
    }
    let name = |article: usize| match copies[&article] {
        0 => page.id(article),
        more => format!("{} and {more} the same", page.id(article)),
    };
    // Names are put in when the words around them are as they are printed.
    let drawing = family.display(|article| format!("\0{article}\0")).to_string();
    for line in drawing.lines() {
        let mut parts = line.split('\0');
        let branch = parts.next().unwrap_or_default();
        let version: String = (parts.enumerate())
            .map(|(index, part)| match part.parse() {
                Ok(article) if index % 2 == 0 => name(article),
                _ => part.replace("word", unit),
            })
            .collect();
        let below = branch.replace('├', "│").replace(|c| c != '│', " ");
        let (first, rest) = (format!("    {branch}"), format!("    {below}  "));
        writeln!(out, "{}", page.screen.wrapped(&version, &first, &rest))?;
    }
    if let against @ 1.. = family.contradictions.len() {
        let (speak, are) = if against == 1 { ("speaks", "it is") } else { ("speak", "they are") };
        let dates = counted(against, "date");
        let line = format!("{dates} {speak} against this tree: {are} wrong, or the tree is.");
        writeln!(out, "{}", page.screen.wrapped(&line, "  ", "  "))?;
    }
    Ok(())
}

fn date(page: &Page<'_>, article: usize) -> Option<Date> {
    page.corpus.articles.date(article).and_then(Date::parse)
}
