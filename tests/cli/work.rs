//! Work folders: a run that was killed goes on, and ends as if nothing had been.

use std::collections::BTreeSet;
use std::fs::File;
use std::process::Stdio;
use std::thread;
use std::time::Instant;

use super::formats::{articles, columns, csv, ids_and_texts, jsonl, packed_once};
use super::*;
use crate::corpus::Rng;
use crate::support::hard_corpus;

/// A corpus in which copies stand among articles that look like copies.
fn corpus(articles: usize) -> String {
    let texts = hard_corpus(articles, 21);
    let line = |(number, text): (usize, &String)| {
        let (source, date) =
            (format!("paper {}", number % 7), format!("2024-05-{}", number % 28 + 1));
        format!("{}\n", json!({"id": number, "text": text, "source": source, "date": date}))
    };
    texts.iter().enumerate().map(line).collect()
}

const FILES: [&str; 2] = ["pairs.jsonl", "keep.jsonl"];

/// The arguments of a run, which writes its files into a folder, and works in another.
fn arguments(paths: &[String], out: &Folder, work: &Folder) -> Vec<String> {
    let [pairs, keep] = FILES.map(|name| out.path(name));
    let files = ["--pairs", &pairs, "--keep", &keep, "--format", "jsonl"];
    let work = work.path("");
    let rest = files.into_iter().chain(["--work", &work]).map(str::to_owned);
    paths.iter().cloned().chain(rest).collect()
}

/// What a run prints and writes, and what it says.
fn results(arguments: &[String], out: &Folder) -> (Vec<Vec<u8>>, String) {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = run(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let files = FILES.map(|name| {
        let path = out.path(name);
        let bytes = fs::read(&path).expect("it is there");
        fs::remove_file(path).expect("it is there");
        bytes
    });
    let said = stderr(&output);
    ([vec![output.stdout], files.into()].concat(), said)
}

/// Kills at moments all over the run.
#[test]
fn killed_at_any_moment_it_ends_the_same() {
    let input = Folder::new();
    let paths = [input.file("corpus.jsonl", corpus(4000))];
    let (out, work) = (Folder::new(), Folder::new());
    let start = Instant::now();
    let (expected, said) = results(&arguments(&paths, &out, &work), &out);
    let duration = start.elapsed();
    assert!(expected.iter().all(|bytes| bytes.len() > 10_000) && !said.contains("going on"));
    let mut rng = Rng::new(20, 0, 0);
    let mut stages = BTreeSet::new();
    for number in 0..20 {
        let work = Folder::new();
        let mut arguments = arguments(&paths, &out, &work);
        // In memory and in files, on one thread and on two.
        let memory = if number % 4 < 2 { "1G" } else { "1M" };
        let threads = (1 + number % 2).to_string();
        arguments.extend(["--memory", memory, "--threads", &threads].map(str::to_owned));
        let mut child = command(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        thread::sleep(duration.mul_f64((f64::from(number) + rng.unit()) / 20.0));
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        let kept = ["articles", "furniture", "candidates", "pairs"]
            .map(|stage| fs::exists(work.path(&format!("reprint-{stage}"))).expect("a folder"));
        let (again, said) = results(&arguments, &out);
        assert!(again == expected, "{number}: {said}");
        let stage = kept.iter().filter(|&&kept| kept).count();
        let goes_on =
            ["", "articles\n", ", furniture learned", ", candidates found", ", all compared"];
        assert_eq!(said.contains("going on in"), stage > 0, "{number}: {said}");
        assert!(said.contains(goes_on[stage]), "{number}: {kept:?} {said}");
        assert!(!said.contains("again"), "{number}: {said}");
        stages.insert(stage);
        let left = fs::read_dir(work.path("")).expect("a folder").filter(|entry| {
            let name = entry.as_ref().expect("an entry").file_name();
            name.to_string_lossy().ends_with(".new")
        });
        assert_eq!(left.count(), 0);
    }
    assert!(stages.len() > 1, "no run went on: {stages:?}");
    assert!(fs::read_dir(out.path("")).expect("a folder").all(|entry| {
        // A killed run leaves what it was writing under another name.
        entry.expect("an entry").file_name().to_string_lossy().ends_with(".tmp")
    }));
}

/// Whatever is asked for, of whatever kind of file, nothing is read anew.
#[test]
fn other_outputs_need_no_new_run() {
    let articles = articles();
    let input = Folder::new();
    for (name, bytes) in [
        ("plain.jsonl", jsonl(&articles)),
        ("packed.jsonl.gz", packed_once("gz", &jsonl(&articles))),
        ("packed.csv.zst", packed_once("zst", &csv(&articles, ','))),
        ("columns.parquet", columns(ids_and_texts(&articles), 400)),
    ] {
        let (path, work) = (input.file(name, bytes), Folder::new());
        let first = run(&[&path, "--format", "jsonl", "--work", &work.path("")]);
        assert!(first.status.success() && stderr(&first).contains(" keeps "), "{}", stderr(&first));
        for format in ["jsonl", "text", "csv"] {
            let expected = run(&[&path, "--format", format]);
            let output = run(&[&path, "--format", format, "--work", &work.path("")]);
            assert!(stderr(&output).contains("1,500 articles, all compared"), "{name}");
            assert!(output.stdout == expected.stdout, "{name}: {format}");
        }
        let [kept, again] = ["kept", "again"].map(|of| input.path(&format!("{of}.{name}")));
        for by in ["longest", "first"] {
            assert!(run(&[&path, "--keep", &kept, "--keep-by", by]).status.success());
            let options = ["--keep", &again, "--keep-by", by, "--work", &work.path("")];
            assert!(run(&[&[&*path], &options[..]].concat()).status.success());
            assert!(fs::read(&kept).unwrap() == fs::read(&again).unwrap(), "{name}: {by}");
        }
    }
}

/// Runs in a folder, and compares with a run without one. Returns what is said.
fn same_as_without(arguments: &[&str], work: &str) -> String {
    let plain = run(arguments);
    let output = run(&[arguments, &["--work", work]].concat());
    assert!(plain.status.success() && output.status.success(), "{}", stderr(&output));
    assert!(output.stdout == plain.stdout, "{}", stderr(&output));
    let said = stderr(&output).replace(work, "DIR");
    said.lines().filter(|line| !line.contains(" keeps ")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn what_has_changed_is_named() {
    let (input, work) = (Folder::new(), Folder::new());
    let content = corpus(300);
    let path = input.file("a.jsonl", &content);
    let work = work.path("");
    let same = |options: &[&str]| same_as_without(&[&[&*path], options].concat(), &work);
    assert_eq!(same(&[]), "");
    assert_eq!(
        same(&["--clusters", "components"]),
        "going on in DIR: 300 articles, all compared\n"
    );
    assert_eq!(
        same(&["--threshold", "0.7"]),
        "DIR was made with --threshold 0.6, now it is 0.7: comparing again\n\
         going on in DIR: 300 articles, candidates found\n"
    );
    assert_eq!(
        same(&["--threshold", "0.7", "--overlap", "20"]),
        "DIR was made with --overlap none, now it is 20: searching again\n\
         going on in DIR: 300 articles, furniture learned\n"
    );
    assert_eq!(
        same(&["--furniture", "off"]),
        "DIR was made with --furniture learn, now it is off: learning furniture again\n\
         going on in DIR: 300 articles\n"
    );
    assert_eq!(
        same(&["--measure", "jaccard"]),
        "DIR was made with --measure coverage, now it is jaccard: reading again\n"
    );
    assert_eq!(
        same(&["--measure", "jaccard", "--title-field", "source"]),
        "DIR was made with --title-field title, now it is source: reading again\n"
    );
    // The inputs.
    same(&[]);
    input.file("a.jsonl", content.replace("paper 1", "paper 9"));
    assert_eq!(same(&[]), format!("{path} has changed: reading again\n"));
    let other = input.file("b.jsonl", line("b", BRIDGE));
    let both = |first: &str, second: &str| same_as_without(&[first, second], &work);
    assert_eq!(both(&path, &other), format!("DIR was made without {other}: reading again\n"));
    assert_eq!(
        both(&other, &path),
        format!("DIR was made with {other} in another place: reading again\n")
    );
    assert_eq!(same(&[]), format!("DIR was made with {other}, too: reading again\n"));
    assert_eq!(same(&[]), "going on in DIR: 300 articles, all compared\n");
}

/// Columns that differ matter to --keep alone.
#[test]
fn what_could_not_be_kept_is_found_out_again() {
    let (input, work) = (Folder::new(), Folder::new());
    let first = input.file("a.csv", format!("id,text\n1,{BRIDGE:?}\n"));
    let second = input.file("b.csv", format!("text,id\n{CHOIR:?},2\n"));
    let dir = work.path("");
    assert_eq!(same_as_without(&[&first, &second], &dir), "");
    let kept = input.path("kept.csv");
    let keep = run(&[&first, &second, "--work", &dir, "--keep", &kept]);
    let said = "--keep false, now it is true: reading again";
    fails(&keep, 1, &[said, "have other columns, so that --keep cannot"]);
}

#[test]
fn what_was_skipped_is_said_again() {
    let (input, work) = (Folder::new(), Folder::new());
    let path = input.file("a.jsonl", [&line("a", BRIDGE), "bad\n", &line("b", CHOIR)].concat());
    let arguments = [&*path, "--work", &work.path("")];
    let (first, again) = (run(&arguments), run(&arguments));
    let skipped = format!("{path}:2: ");
    assert!(stderr(&first).contains(&skipped) && stderr(&again).contains(&skipped));
    assert!(stderr(&again).contains("going on in") && first.stdout == again.stdout);
    fails(&run(&[&arguments[..], &["--strict"]].concat()), 1, &["1 input skipped", "--strict"]);
}

#[test]
fn damage_is_named_and_mended() {
    let (input, work) = (Folder::new(), Folder::new());
    let path = input.file("a.jsonl.gz", packed_once("gz", corpus(200).as_bytes()));
    let dir = work.path("");
    same_as_without(&[&path], &dir);
    let mut rng = Rng::new(22, 0, 0);
    for (file, again) in [
        ("texts", "reading again"),
        ("tokens", "reading again"),
        ("samples", "reading again"),
        ("articles", "reading again"),
        ("furniture", "learning furniture again"),
        ("candidates", "searching again"),
        ("pairs", "comparing again"),
    ] {
        let name = work.path(&format!("reprint-{file}"));
        for is_cut in [false, true] {
            let mut bytes = fs::read(&name).expect("it is there");
            let place = rng.below(bytes.len());
            if is_cut {
                bytes.truncate(place)
            } else {
                bytes[place] ^= 1 << rng.below(8)
            }
            fs::write(&name, bytes).expect("it can be written");
            let said = same_as_without(&[&path], &dir);
            let first = said.lines().next().unwrap_or_default();
            assert!(first.starts_with(&format!("DIRreprint-{file} is damaged, it")), "{said}");
            assert!(first.ends_with(again), "{said}");
        }
    }
}

#[test]
fn one_process_at_a_time_and_no_pipes() {
    let (input, work) = (Folder::new(), Folder::new());
    let path = input.file("a.jsonl", line("a", BRIDGE));
    let lock = File::create(work.path("reprint-lock")).expect("a file");
    lock.lock().expect("nobody has it");
    let arguments = [&*path, "--work", &work.path("")];
    fails(&run(&arguments), 1, &["--work", "another process works in it"]);
    drop(lock);
    assert!(run(&arguments).status.success());
    fails(&run(&["-", "--work", &work.path("")]), 2, &["--work", "-", "cannot be read again"]);
    fails(&run(&[&path, "--work", &path]), 1, &["--work"]);
}
