//! What a run found, in words.

use reprint::Clusters;

use crate::input::Corpus;
use crate::output::Totals;
use crate::text::{counted, thousands};

/// Kinds of reasons that are named.
const REASONS: usize = 5;

/// The first sentence: how much there was, and how much of it is the same.
pub fn found(clusters: &Clusters<'_>) -> String {
    let summary = clusters.summary();
    let articles = counted(summary.articles, "article");
    match (summary.articles, summary.clusters) {
        (0, _) => "No articles.".to_owned(),
        (_, 0) => format!("{articles}, none of them the same piece of writing as another."),
        (_, count) => format!(
            "{articles}, {} of them in {}.",
            thousands(summary.clustered_articles),
            counted(count, "cluster"),
        ),
    }
}

/// What could be removed, and what was no article.
pub fn removable_and_skipped(
    clusters: &Clusters<'_>,
    corpus: &Corpus,
    totals: &Totals,
) -> Vec<String> {
    let summary = clusters.summary();
    let mut sentences = Vec::new();
    if summary.clusters > 0 {
        let removable = thousands(totals.removable);
        let which = "could be removed, being covered by others that stay (see --keep).";
        sentences.push(format!("{removable} {which}"));
    }
    let skipped = &corpus.skipped;
    if skipped.count > 0 {
        let mut reasons = skipped.reasons.clone();
        reasons.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        reasons.truncate(REASONS);
        let named: usize = reasons.iter().map(|(_, count)| count).sum();
        if skipped.count > named {
            reasons.push(("other reasons".into(), skipped.count - named));
        }
        let reasons: Vec<String> = (reasons.into_iter())
            .map(|(kind, count)| format!("{kind} ({})", thousands(count)))
            .collect();
        let inputs = counted(skipped.count, "input");
        let why = reasons.join(", ");
        sentences.push(format!("{inputs} skipped, not being readable as articles: {why}."));
    }
    if summary.empty > 0 {
        let empty = thousands(summary.empty);
        sentences.push(format!("{empty} without any words, compared with nothing."));
    }
    sentences
}

/// What was not compared, if anything.
pub fn limited(clusters: &Clusters<'_>) -> Option<String> {
    let limited = Some(&clusters.summary().limited).filter(|limited| !limited.is_empty())?;
    let pairs = usize::try_from(limited.pairs).unwrap_or(usize::MAX);
    Some(format!(
        "Some passages stand in very many articles, up to {}. Not all of these were compared with \
         each other: at most {} were left out.",
        thousands(limited.largest),
        counted(pairs, "pair"),
    ))
}

/// All of it, for a terminal that shows nothing else of the result.
pub fn in_short(clusters: &Clusters<'_>, corpus: &Corpus, totals: &Totals) -> String {
    let mut sentences = vec![found(clusters)];
    sentences.extend(removable_and_skipped(clusters, corpus, totals));
    sentences.extend(limited(clusters));
    sentences.join(" ")
}
