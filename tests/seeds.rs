//! Five articles from the web, where they are at hand: two of them are the same piece, with
//! another headline and other furniture; two others come from one site and are not.

use reprint::{Deduper, Relation};

use crate::support::{articles, filled};

#[test]
fn one_piece_on_two_sites() {
    let seeds = articles("../shared/seeds");
    if seeds.is_empty() {
        println!("skipped: no ../shared/seeds");
        return;
    }
    let texts: Vec<&str> = seeds.iter().map(|(_, text)| text.as_str()).collect();
    let dedup = filled(Deduper::new(), &texts);
    let clusters = dedup.clusters();
    assert_eq!(clusters.len(), 1);
    assert_eq!(clusters.pairs().count(), 1);
    let cluster = &clusters[0];
    let names = cluster.articles().into_iter().map(|article| &seeds[article].0[..4]);
    assert!(names.eq(["001_", "004_"]));

    let [member] = cluster.members() else { panic!("{:?}", cluster.members()) };
    assert_eq!(member.relation(), Relation::Reprint);
    let evidence = member.evidence();
    let mut coverages = [evidence.coverage_a(), evidence.coverage_b()];
    coverages.sort_by(f64::total_cmp);
    assert!((coverages[0] - 0.67).abs() <= 0.03, "{coverages:?}");
    assert!((coverages[1] - 0.70).abs() <= 0.03, "{coverages:?}");
    assert!((0.52..=0.54).contains(&evidence.jaccard()), "{}", evidence.jaccard());
    assert!((0.69..=0.71).contains(&evidence.containment()), "{}", evidence.containment());
    assert!(evidence.longest_passage.abs_diff(1118) <= 5, "{}", evidence.longest_passage);

    #[cfg(feature = "diff")]
    {
        let report = cluster.report().to_string();
        // However its lines are broken.
        let words = report.split_whitespace().collect::<Vec<_>>().join(" ");
        let headlines =
            ["Fantasy plan has", "Ukraine peacekeeping", "Report:", "post-war Ukrainian security"];
        for change in headlines.into_iter().chain(["reported", "fantasy", "deep"]) {
            assert!(words.contains(change), "{change:?} is not in the report:\n{report}");
        }
    }
}
