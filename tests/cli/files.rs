//! The files that are written: --keep, --pairs, --stats.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::*;

#[test]
fn keep_is_byte_for_byte() {
    let folder = Folder::new();
    let odd =
        "{ \"text\" : \"A choir of forty has won\\u0021\",\t\"id\":\"c\", \"more\": [1.0] }\r\n";
    let last = line("b", BRIDGE_AGAIN);
    let content = [&line("a", BRIDGE), odd, "\n", "bad\n", last.trim_end()].concat();
    let path = folder.file("corpus.jsonl", &content);
    let kept = folder.path("kept.jsonl");
    let keep = |by: &str| {
        assert!(run(&[&path, "--keep", &kept, "--keep-by", by]).status.success());
        fs::read_to_string(&kept).expect("it is there")
    };
    assert_eq!(keep("longest"), [odd, &last].concat());
    assert_eq!(keep("first"), [&line("a", BRIDGE), odd].concat());
    let names: Vec<_> = fs::read_dir(folder.path("")).expect("a folder").collect();
    assert_eq!(names.len(), 2, "nothing is left behind: {names:?}");
}

#[test]
fn keep_by_date() {
    let dates =
        ["2024-05-01T10:00", "1 May 2024 09:00", "Apr 30, 2024", "", "20240429", "5/1/2024"];
    for (count, earliest) in [(2, 1), (4, 2), (6, 4)] {
        let dated = dates[..count].iter().enumerate();
        let input: String = dated
            .map(|(id, date)| format!("{}\n", json!({"id": id, "text": BRIDGE, "date": date})))
            .collect();
        let folder = Folder::new();
        let kept = folder.path("kept.jsonl");
        let arguments = ["-", "--keep", &kept, "--keep-by", "earliest"];
        let output = run_with_input(&arguments, input.as_bytes());
        let kept = json_lines(&fs::read(&kept).expect("it is there"));
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0]["id"], earliest, "of {count}");
        assert_eq!(stderr(&output).contains("without a date"), count > 3, "{}", stderr(&output));
    }
}

#[test]
fn keep_leaves_one_of_each_cluster() {
    let folder = Folder::new();
    let kept = folder.path("kept.jsonl");
    for by in ["longest", "earliest", "first"] {
        let arguments = [&*samples(), "--keep", &kept, "--keep-by", by];
        let (clusters, summary) = clusters(&arguments);
        let lines = json_lines(&fs::read(&kept).expect("it is there"));
        let kept: Vec<&str> = lines.iter().map(|line| line["id"].as_str().unwrap()).collect();
        assert_eq!(json!(14 - kept.len()), summary["removable"]);
        assert!(kept.is_sorted(), "in the order of the input");
        for cluster in &clusters {
            assert!(ids(cluster).iter().any(|id| kept.contains(id)), "{by}: {cluster}");
        }
        assert!(lines.iter().all(|line| line["text"].is_string()));
    }
}

#[test]
fn pairs_and_stats() {
    let folder = Folder::new();
    let (pairs, stats) = (folder.path("pairs.jsonl"), folder.path("stats.json"));
    let (clusters, summary) = clusters(&[&samples(), "--pairs", &pairs, "--stats", &stats]);
    let pairs = json_lines(&fs::read(&pairs).expect("it is there"));
    assert_eq!(summary["pairs"], pairs.len());
    let mut keys: Vec<&str> = pairs[0].as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    let shares = ["containment_a", "containment_b", "coverage_a", "coverage_b", "jaccard"];
    assert_eq!(keys, [&["a", "b"], &shares[..], &["relation"]].concat());
    // Each member of a cluster has its pair with the representative, with the same numbers.
    for cluster in &clusters {
        let representative = &cluster["representative"];
        for member in &cluster["members"].as_array().unwrap()[1..] {
            let pair = pairs.iter().find(|pair| {
                let ends = (&pair["a"], &pair["b"]);
                ends == (&member["id"], representative) || ends == (representative, &member["id"])
            });
            let pair = pair.unwrap_or_else(|| panic!("no pair for {member}"));
            let first = pair["a"] == member["id"];
            let (own, other) = if first { ("a", "b") } else { ("b", "a") };
            assert_eq!(pair[format!("coverage_{own}")], member["coverage"]);
            assert_eq!(pair[format!("coverage_{other}")], member["representative_coverage"]);
            assert_eq!(pair["jaccard"], member["jaccard"]);
        }
    }
    let stats = &json_lines(&fs::read(&stats).expect("it is there"))[0];
    assert_eq!(stats["counts"]["articles"], 14);
    assert_eq!(stats["counts"]["pairs"], pairs.len());
    let stages =
        ["read", "tokenise", "sketch", "candidates", "verify", "cluster", "write", "total"];
    assert!(stages.iter().all(|stage| stats["seconds"][stage].is_number()), "{stats}");
}

#[test]
fn overlaps_are_pairs_only() {
    let folder = Folder::new();
    let path = folder.path("pairs.jsonl");
    let half = BRIDGE.split_at(BRIDGE.find("Farmers").expect("a word")).0;
    let mixed = format!("{half} {CHOIR} {CHOIR} {CHOIR}");
    let input = [line("a", &format!("{BRIDGE} {BRIDGE_AGAIN}")), line("b", &mixed)].concat();
    let arguments = ["-", "--overlap", "30", "--pairs", &path];
    let (clusters, _) = clusters_with_input(&arguments, input.as_bytes());
    let pairs = json_lines(&fs::read(&path).expect("it is there"));
    assert_eq!((clusters.len(), pairs.len()), (0, 1));
    assert_eq!(pairs[0]["relation"], "overlap");
}

#[test]
fn inputs_are_not_overwritten() {
    let folder = Folder::new();
    let path = folder.file("corpus.jsonl", line("a", BRIDGE));
    let other = folder.path("other.jsonl");
    for option in ["--keep", "--pairs", "--stats"] {
        let detour = format!("{}/../{}/corpus.jsonl", folder.path(""), folder_name(&folder));
        fails(&run(&[&path, option, &detour]), 2, &[option, "this file is an input"]);
    }
    let twice = run(&[&path, "--keep", &other, "--pairs", &other]);
    fails(&twice, 2, &["--keep", "--pairs writes to the same file"]);
    fails(&run(&[&path, "--keep", &folder.path("no/such/folder")]), 1, &["cannot be written"]);
    assert_eq!(fs::read_to_string(&path).expect("it is there"), line("a", BRIDGE));
    assert!(!Path::new(&other).exists());
}

fn folder_name(folder: &Folder) -> String {
    folder.0.file_name().expect("it has a name").to_string_lossy().into_owned()
}

/// Changes a file after it was read: the program reads the standard input behind it, and that is
/// more than a pipe holds.
fn change_between(arguments: &[&str], change: impl FnOnce()) -> Output {
    let mut child = spawn(arguments);
    let mut stdin = child.stdin.take().expect("piped");
    stdin.write_all(&b"\n".repeat(4 << 20)).expect("it is read");
    change();
    drop(stdin);
    child.wait_with_output().expect("the program ends")
}

#[test]
fn a_file_that_changes_between_the_passes_is_an_error() {
    let folder = Folder::new();
    let path = folder.file("corpus.jsonl", [line("a", BRIDGE), line("b", BRIDGE_AGAIN)].concat());
    let kept = folder.file("kept.jsonl", "as before");
    let changed = format!("error: {path}: has changed since it was read");
    let longer = || drop(folder.file("corpus.jsonl", line("a", CHOIR).repeat(3)));
    fails(&change_between(&[&path, "-", "--keep", &kept], longer), 1, &[&changed]);
    assert_eq!(fs::read_to_string(&kept).expect("it is there"), "as before");
    fails(&change_between(&[&path, "-"], || drop(folder.file("corpus.jsonl", ""))), 1, &[&changed]);
    let path = folder.file("corpus.jsonl", [line("a", BRIDGE), line("b", BRIDGE)].concat());
    let gone = || fs::remove_file(&path).expect("it was there");
    let lost = format!("error: {path}: cannot be read again");
    fails(&change_between(&[&path, "-"], gone), 1, &[&lost]);
    let names: Vec<_> = fs::read_dir(folder.path("")).expect("a folder").collect();
    assert_eq!(names.len(), 1, "nothing is left behind: {names:?}");
}

#[test]
fn a_file_that_is_not_needed_again_may_change() {
    let folder = Folder::new();
    let path = folder.file("corpus.jsonl", [line("a", BRIDGE), line("b", BRIDGE_AGAIN)].concat());
    let change = || drop(folder.file("corpus.jsonl", ""));
    let output = change_between(&[&path, "-", "--format", "jsonl"], change);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(json_lines(&output.stdout).len(), 2);
}
