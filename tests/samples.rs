//! The sample articles: which of them are the same piece is known.

use reprint::{Deduper, Relation};

use crate::support::{articles, filled};

#[test]
fn the_samples_group_as_they_were_written() {
    let samples = articles("examples/articles");
    assert_eq!(samples.len(), 14, "the samples have changed: so must this test");
    let texts: Vec<&str> = samples.iter().map(|(_, text)| text.as_str()).collect();
    let dedup = filled(Deduper::new(), &texts);
    let clusters = dedup.clusters();
    let name = |article: usize| samples[article].0.trim_end_matches(".txt");
    let found: Vec<Vec<&str>> =
        clusters.iter().map(|cluster| cluster.articles().into_iter().map(name).collect()).collect();
    assert_eq!(
        found,
        [
            &["harbour-agency", "harbour-daily", "harbour-local", "harbour-short"][..],
            &["night-train-ja-edited", "night-train-ja"],
            &["orchard-original", "orchard-republished"],
        ]
    );
    for member in clusters.iter().flat_map(|cluster| cluster.members()) {
        let expected = match name(member.article()) {
            "harbour-short" => Relation::Excerpt,
            _ => Relation::Reprint,
        };
        assert_eq!(member.relation(), expected, "{}", name(member.article()));
    }
    // Two papers on one storm, and two stories under one site's furniture, are no pairs either.
    let mut partners: Vec<&str> =
        clusters.pairs().flat_map(|pair| [name(pair.a), name(pair.b)]).collect();
    partners.sort_unstable();
    partners.dedup();
    assert_eq!(partners.len(), 8, "{partners:?}");
}

#[cfg(feature = "diff")]
#[test]
fn each_sample_cluster_has_a_report() {
    let samples = articles("examples/articles");
    let texts: Vec<&str> = samples.iter().map(|(_, text)| text.as_str()).collect();
    let dedup = filled(Deduper::new(), &texts);
    for cluster in &dedup.clusters() {
        let report = cluster.report();
        assert_eq!(report.representative, cluster.representative());
        assert_eq!(report.versions.len(), cluster.members().len());
        for (version, member) in report.versions.iter().zip(cluster.members()) {
            assert_eq!(version.members, [member.article()]);
            assert!(!version.report.is_same() && !version.report.is_coarse());
            // Both count the words in common, each in its own way.
            let (words, covered) =
                (version.report.words_shared(), member.evidence().shared_words());
            assert!(words.abs_diff(covered) * 20 <= covered, "{words} and {covered}");
        }
    }
}
