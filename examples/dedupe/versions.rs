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

/// The family tree of three versions or more.
pub fn family(out: &mut dyn Write, page: &Page<'_>, cluster: &Cluster) -> io::Result<()> {
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
    for line in family.display(name).to_string().lines() {
        let is_branch = |c: char| matches!(c, '│' | '├' | '└' | '─' | '↓' | ' ');
        let (branch, version) = line.split_at(line.find(|c| !is_branch(c)).unwrap_or(0));
        let below = branch.replace('├', "│").replace(|c| c != '│', " ");
        let (first, rest) = (format!("    {branch}"), format!("    {below}  "));
        writeln!(out, "{}", page.screen.wrapped(version, &first, &rest))?;
    }
    if let against @ 1.. = family.contradictions.len() {
        let speak = if against == 1 { "speaks" } else { "speak" };
        let line = format!(
            "{} {speak} against it: a version is dated before one that it seems to come from. \
             Either the date is wrong or the tree is.",
            counted(against, "date")
        );
        writeln!(out, "{}", page.screen.wrapped(&line, "  ", "  "))?;
    }
    Ok(())
}

fn date(page: &Page<'_>, article: usize) -> Option<Date> {
    page.corpus.articles.date(article).and_then(Date::parse)
}
