//! What is printed.

use std::path::Path;

use serde_json::json;

use super::*;

#[test]
fn the_sample_articles() {
    let (clusters, summary) = clusters(&[&samples()]);
    assert_eq!(clusters.len(), 3);
    let harbour = ["agency", "daily", "local", "short"].map(|name| format!("harbour-{name}.txt"));
    assert_eq!(ids(&clusters[0]), harbour);
    assert!(members(&clusters[0]).contains(&("harbour-short.txt", "excerpt")));
    assert_eq!(ids(&clusters[1]), ["night-train-ja-edited.txt", "night-train-ja.txt"]);
    assert_eq!(ids(&clusters[2]), ["orchard-original.txt", "orchard-republished.txt"]);
    for (number, cluster) in clusters.iter().enumerate() {
        assert_eq!(cluster["cluster"], number);
        let listed = cluster["members"].as_array().expect("members");
        assert_eq!(cluster["size"], listed.len());
        assert_eq!(
            listed[0],
            json!({"id": cluster["representative"], "relation": "representative"})
        );
    }
    let expected = json!({"type": "summary", "articles": 14, "clusters": 3,
        "clustered_articles": 8, "removable": 5, "skipped": 0, "empty": 0, "copies": 0});
    for (name, value) in expected.as_object().expect("an object") {
        assert_eq!(&summary[name], value, "{name}");
    }
    assert!(summary["pairs"].as_u64() >= Some(5));
}

#[test]
fn numbers_have_six_digits_and_keys_an_order() {
    let output = run(&[&samples(), "--format", "jsonl"]);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let first = text.lines().nth(1).expect("a second cluster");
    let start = "{\"type\":\"cluster\",\"cluster\":1,\"size\":2,\"representative\":\"";
    assert!(first.starts_with(start), "{first}");
    let keys = ["id", "relation", "coverage", "representative_coverage", "jaccard", "containment"];
    let keys = [&keys[..], &["shared_words", "longest_passage_words"]].concat();
    let member = &first[first.rfind('{').expect("an object")..];
    let places: Vec<_> = keys.iter().map(|key| member.find(&format!("\"{key}\":"))).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{member}");
    let digits = |number: &str| number.trim_end_matches([',', '}', ']']).len() - "0.".len();
    assert!(
        member
            .split(':')
            .filter(|part| part.starts_with("0."))
            .all(|part| { digits(part.split(',').next().expect("a part")) <= 6 })
    );
}

#[test]
fn the_text_format_explains_itself() {
    let output = run(&[&samples()]);
    let text = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    assert!(output.status.success() && output.stderr.is_empty(), "{}", stderr(&output));
    for part in [
        "Cluster 1: 4 articles",
        "words shared: 97 % of it, 86 % of the representative",
        "14 articles, 8 of them in 3 clusters.",
        "5 could be removed",
    ] {
        assert!(text.contains(part), "`{part}` is not in: {text}");
    }
    assert!(!text.contains('\x1b'), "no colours where there is no terminal");
}

#[test]
fn the_reference_articles() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    if !seeds.is_dir() {
        println!("skipped: no reference articles");
        return;
    }
    let (clusters, summary) = clusters(&[&seeds.display().to_string()]);
    assert_eq!(clusters.len(), 1);
    let members = members(&clusters[0]);
    assert!(members[0].0.starts_with("001_") && members[1].0.starts_with("004_"), "{members:?}");
    assert!(members.iter().any(|(_, relation)| *relation == "reprint"));
    assert_eq!((&summary["articles"], &summary["removable"]), (&json!(5), &json!(1)));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let one = run(&[&samples(), "--format", "jsonl", "--threads", "1"]);
    let two = run(&[&samples(), "--format", "jsonl", "--threads", "2"]);
    assert!(one.status.success());
    assert_eq!(one.stdout, two.stdout);
}

#[test]
fn scratch_files_change_nothing() {
    let folder = Folder::new();
    let scratch = folder.path("");
    let (statistics, nowhere) = (folder.path("stats.json"), folder.path("nowhere"));
    let options = |scratch| vec!["--format", "jsonl", "--memory", "1K", "--scratch", scratch];
    let plain = run(&[&samples(), "--format", "jsonl"]);
    let stats = ["--stats", &statistics];
    let small = run(&[&[&*samples()], &options(&scratch)[..], &stats[..]].concat());
    assert_eq!(small.status.code(), Some(0), "{}", stderr(&small));
    assert!(small.stdout == plain.stdout);
    assert_eq!(stderr(&small), "");
    let stats: Value = serde_json::from_slice(&fs::read(&statistics).expect("statistics"))
        .expect("statistics are JSON");
    assert!(stats["scratch_bytes"].as_u64() > Some(1000), "{stats}");
    // Nothing is left behind.
    let files = fs::read_dir(&scratch).expect("the folder is there").count();
    assert_eq!(files, 1);
    let nothing = run(&[&[&*samples()], &options(&nowhere)[..]].concat());
    assert!(nothing.stdout == plain.stdout);
    let warning = stderr(&nothing);
    assert!(warning.contains("scratch files in") && warning.contains("nowhere"), "{warning}");
    assert!(warning.contains("stays in memory"), "{warning}");
}

#[test]
fn every_measure_and_method_runs() {
    for measure in ["coverage", "jaccard", "containment"] {
        for method in ["minhash", "simhash"] {
            let (clusters, _) = clusters(&[
                &samples(),
                "--measure",
                measure,
                "--method",
                method,
                "--excerpt",
                "off",
                "--threshold",
                "0.5",
                "--clusters",
                "components",
            ]);
            assert!(!clusters.is_empty(), "{measure}, {method}");
        }
    }
}

#[test]
fn presets_and_furniture_have_options() {
    let names = |options: &[&str]| {
        let (clusters, summary) = clusters(&[&[samples().as_str()], options].concat());
        assert_eq!(summary["moulds"], 0, "{summary}");
        assert!(summary["furniture"].as_array().is_some_and(Vec::is_empty), "{summary}");
        clusters.len()
    };
    assert_eq!(names(&["--furniture", "off"]), 3);
    assert_eq!(names(&["--preset", "noisy"]), 3);
    // For which a fifth of the shingles is enough: the furniture of the Valley Gazette.
    assert_eq!(names(&["--preset", "revisions", "--clusters", "representative"]), 4);
    // What is said beside a preset changes it.
    assert_eq!(names(&["--preset", "noisy", "--threshold", "1", "--excerpt", "off"]), 0);
}

#[test]
fn both_methods_find_the_same_samples() {
    let by = |method| run(&[&samples(), "--format", "jsonl", "--method", method]);
    let (minhash, simhash) = (by("minhash"), by("simhash"));
    assert!(minhash.status.success() && simhash.status.success());
    assert_eq!(minhash.stdout, simhash.stdout);
}
