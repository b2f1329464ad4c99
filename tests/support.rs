//! What several tests need: corpora, and the whole result of a run as a value.

use std::fs;
use std::path::PathBuf;

use reprint::{Clusters, Deduper, Member, Pair, Summary};

use crate::corpus::{Generator, Mix, Settings};

/// The texts of a generated corpus in which copies stand among articles that look like copies.
pub(crate) fn hard_corpus(articles: usize, seed: u64) -> Vec<String> {
    let settings = Settings::new(articles, seed).with_mix(Mix::hard());
    Generator::new(settings).map(|article| article.text).collect()
}

/// A deduper with these articles.
pub(crate) fn filled(mut dedup: Deduper, texts: &[impl AsRef<str> + Sync]) -> Deduper {
    dedup.extend(texts);
    dedup
}

/// All that a run says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) summary: Summary,
    /// Representative and members of each cluster.
    pub(crate) clusters: Vec<(usize, Vec<Member>)>,
    pub(crate) pairs: Vec<Pair>,
}

impl Outcome {
    pub(crate) fn of(clusters: &Clusters<'_>) -> Self {
        let of_cluster =
            |cluster: &reprint::Cluster<'_>| (cluster.representative(), cluster.members().to_vec());
        Self {
            summary: *clusters.summary(),
            clusters: clusters.iter().map(of_cluster).collect(),
            pairs: clusters.pairs().collect(),
        }
    }
}

/// The articles of a folder beside or within the crate, as (file name, text), by name; none when
/// the folder is not there.
pub(crate) fn articles(folder: &str) -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder);
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut articles: Vec<(String, String)> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("an article in UTF-8"))
        })
        .collect();
    articles.sort();
    articles
}
