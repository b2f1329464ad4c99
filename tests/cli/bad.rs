//! Bad days: what is damaged, has other columns, is too long or does not fit on the disk is named
//! in one line, and nothing that is good is lost.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, StringArray};

use super::formats::{articles, columns, csv, ids_and_texts, jsonl, packed_once, page};
use super::*;

/// The counts of a run that ends well, and what it says.
fn counts(arguments: &[&str]) -> (u64, u64, String) {
    let output = run(&[arguments, &["--format", "jsonl"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let summary = json_lines(&output.stdout).pop().expect("there is a summary");
    let count = |name: &str| summary[name].as_u64().expect("a number");
    (count("articles"), count("skipped"), stderr(&output))
}

/// Runs with one input, of which so many are articles and the rest is named in these lines.
fn reads(folder: &Folder, name: &str, content: &[u8], articles: u64, reasons: &[&str]) {
    let path = folder.file(name, content);
    for threads in ["1", "3"] {
        let (found, skipped, errors) = counts(&[&path, "--threads", threads]);
        assert_eq!((found, skipped), (articles, reasons.len() as u64), "{name}: {errors}");
        for reason in reasons {
            assert!(errors.contains(&format!("{path}{reason}")), "{name}: {reason}: {errors}");
        }
    }
    fs::remove_file(&path).expect("it is there");
}

#[test]
fn what_comes_before_the_damage_counts() {
    let folder = Folder::new();
    let whole = jsonl(&articles());
    for packing in ["gz", "zst", "bz2", "xz"] {
        let mut packed = packed_once(packing, &whole);
        packed.truncate(packed.len() * 9 / 10);
        let path = folder.file(&format!("cut.jsonl.{packing}"), &packed);
        let (found, skipped, errors) = counts(&[&path]);
        assert!((1..1500).contains(&found) && skipped == 1, "{packing}: {found} {errors}");
        let said = format!("{path}: damaged, only ");
        assert!(errors.contains(&said) && errors.lines().count() == 1, "{packing}: {errors}");
        // The same with other files behind it, in other threads.
        let other = folder.file("other.jsonl", line("other", CHOIR));
        assert_eq!(counts(&[&path, &other]), (found + 1, 1, errors));
        fails(&run(&[&path, "--strict"]), 1, &["1 input skipped", "--strict"]);
    }
    let kept = folder.path("kept.jsonl");
    let path = folder.path("cut.jsonl.gz");
    assert!(run(&[&path, "--keep", &kept, "--keep-by", "first"]).status.success());
    let kept = fs::read(&kept).expect("it is there");
    let firsts: Vec<_> = articles().into_iter().step_by(3).collect();
    assert!(kept.len() > 1000 && jsonl(&firsts).starts_with(&kept));
    reads(&folder, "no.jsonl.gz", b"no gzip at all", 0, &[": damaged, only 0 lines"]);
    reads(&folder, "no.txt.xz", b"no xz at all", 0, &[": "]);
    let (bad, good) = (folder.file("no.txt.xz", "no xz"), folder.file("good.txt", BRIDGE));
    assert_eq!(counts(&[&bad, &good]).0, 1);
}

#[test]
fn rows_that_do_not_fit_their_table() {
    let folder = Folder::new();
    let table =
        b"id,text\n1,one\n2\n3,three,more\n4,\"four\n5,\"five\"x\n6,\"si\nx\"\n7,c\xE9\n8,e";
    let reasons = [
        ":3: 1 cell where the first row has 2",
        ":4: more than the 2 cells of the first row",
        ":5: a cell begins with a quote and does not end with one",
        ":6: a cell begins with a quote",
        ":9: not UTF-8 (byte 4)",
    ];
    reads(&folder, "table.csv", table, 3, &reasons);
    // The row that lost its quote does not take those behind it along.
    let mut large = csv(&articles(), ',');
    let place =
        large.len() / 2 + large[large.len() / 2..].iter().position(|&b| b == b'\r').unwrap();
    large.remove(place - 1);
    let path = folder.file("large.csv", &large);
    let (found, skipped, errors) = counts(&[&path]);
    assert!(found >= 1490 && skipped >= 1, "{found} {skipped} {errors}");
    assert_eq!(counts(&[&path, "--threads", "3"]), (found, skipped, errors));
    reads(&folder, "open.csv", b"id,text\n1,\"one\n2,two\n3,three\n", 2, &[":2: a cell begins"]);
    reads(&folder, "nul.csv", b"id,text\n1,one\n\0\0\0\0", 1, &[":3: nothing but NUL bytes"]);
    let missing = ": no column `text` (there are: id, body)";
    reads(&folder, "other.csv", b"id,body\n1,one\n", 0, &[missing]);
    reads(&folder, "other.tsv", b"id\tbody\n1\tone\n", 0, &[missing]);
    reads(&folder, "mark.csv", b"\xEF\xBB\xBFtext,id\none,1\n", 1, &[]);
    reads(&folder, "header.csv", b"id,text\n", 0, &[]);
    reads(&folder, "empty.csv", b"", 0, &[]);
}

#[test]
fn columns_that_are_not_there() {
    let folder = Folder::new();
    let texts =
        |texts: &[Option<&str>]| -> ArrayRef { Arc::new(StringArray::from(texts.to_vec())) };
    let body = columns(vec![("body", texts(&[Some("one")]))], 9);
    reads(&folder, "a.parquet", &body, 0, &[": no column `text` (there are: body)"]);
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1]));
    let numbers = columns(vec![("text", numbers)], 9);
    reads(&folder, "b.parquet", &numbers, 0, &[": column `text` holds no text but Int64"]);
    let some = columns(vec![("text", texts(&[Some("one"), None, Some("two")]))], 9);
    reads(&folder, "c.parquet", &some, 2, &[":2: the text is null"]);
    reads(&folder, "d.parquet", b"nothing of that kind", 0, &[": damaged, or no Parquet"]);
    reads(&folder, "e.parquet", b"", 0, &[": damaged, or no Parquet"]);
    let mut cut = columns(ids_and_texts(&articles()), 100);
    cut.truncate(cut.len() / 2);
    reads(&folder, "f.parquet", &cut, 0, &[": damaged, or no Parquet"]);
    let none = columns(vec![("text", texts(&[]))], 9);
    reads(&folder, "g.parquet", &none, 0, &[]);
}

#[test]
fn a_damaged_group_of_rows_does_not_take_the_others_along() {
    let folder = Folder::new();
    let whole = columns(ids_and_texts(&articles()), 100);
    for part in 1..10 {
        let mut damaged = whole.clone();
        // The page of some texts.
        let start = whole.len() * part / 11;
        damaged[start..start + 200].fill(0xFF);
        let path = folder.file("damaged.parquet", &damaged);
        let (found, _, errors) = counts(&[&path]);
        assert!((1200..=1500).contains(&found), "{found}: {errors}");
        assert!(found == 1500 || errors.contains(&path), "{errors}");
        let kept = folder.path("kept.parquet");
        let again = counts(&[&path, "--keep", &kept, "--threads", "1"]);
        assert_eq!(again.0, found);
        let (kept, _, errors) = counts(&[&kept]);
        assert!((1..=found).contains(&kept), "{kept}: {errors}");
    }
}

#[test]
fn encodings_and_files_without_content() {
    let folder = Folder::new();
    let utf_16: Vec<u8> =
        [0xFEFF].into_iter().chain(BRIDGE.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for name in ["a.txt", "a.jsonl", "a.csv", "a.html"] {
        reads(&folder, name, &utf_16, 0, &[": in UTF-16, and only UTF-8 can be read"]);
    }
    reads(&folder, "nul.txt", &[0; 5000], 0, &[": nothing but NUL bytes"]);
    reads(&folder, "nul.jsonl", &[0; 700_000], 0, &[":1: nothing but NUL bytes"]);
    let tail = [line("a", BRIDGE).as_bytes(), &[0; 5000]].concat();
    reads(&folder, "tail.jsonl", &tail, 1, &[":2: nothing but NUL bytes"]);
    reads(&folder, "empty.jsonl", b"", 0, &[]);
    reads(&folder, "empty.txt", b"", 1, &[]);
    reads(&folder, "no.html", b"<html><body></body></html>", 0, &[": no article found"]);
    let nested = page("Title", &format!("{}{BRIDGE}", "<b>".repeat(50_001)));
    reads(&folder, "deep.html", nested.as_bytes(), 0, &[": more than 50000 elements"]);
    reads(&folder, "latin.html", b"<p>caf\xE9</p>", 0, &[": not UTF-8 (byte 7)"]);
}

#[test]
fn what_is_too_long_is_passed_over() {
    let folder = Folder::new();
    let long = "x ".repeat(500_000);
    let lines = [line("a", BRIDGE), line("b", &long), line("c", CHOIR), line("d", &long)].concat();
    let rows = format!("id,text\na,{BRIDGE:?}\nb,{long}\nc,{CHOIR:?}\nd,\"{long}\ne,{CHOIR:?}\n");
    for (name, content, bad) in [
        ("long.jsonl", lines, vec![":2: more than 1000 bytes", ":4: more than 1000 bytes"]),
        ("long.csv", rows, vec![":3: more than 1000 bytes", ":5: more than 1000 bytes"]),
        ("long.txt", long, vec![": more than 1000 bytes"]),
    ] {
        let path = folder.file(name, content);
        for threads in ["1", "3"] {
            let (found, skipped, errors) =
                counts(&[&path, "--longest", "1000", "--threads", threads]);
            let good = if name.ends_with("txt") { 0 } else { 4 - bad.len() as u64 };
            let good = good + u64::from(name.ends_with("csv"));
            assert_eq!((found, skipped), (good, bad.len() as u64), "{errors}");
            assert!(bad.iter().all(|bad| errors.contains(&format!("{path}{bad}"))), "{errors}");
        }
        let kept = folder.path("kept");
        let arguments = ["--longest", "1000", "--keep", &kept];
        assert!(run(&[&[&*path], &arguments[..]].concat()).status.success());
        let kept = fs::read_to_string(&kept).expect("it is there");
        assert!(!kept.contains("x x") && (kept.contains(CHOIR) || name.ends_with("txt")));
    }
}

#[test]
fn a_line_of_two_gigabytes() {
    let mut child = spawn(&["-", "--format", "jsonl", "--stats", "/dev/stderr"]);
    let mut stdin = child.stdin.take().expect("piped");
    let part = "x ".repeat(1 << 20);
    stdin.write_all(line("a", BRIDGE).as_bytes()).expect("it is read");
    stdin.write_all(b"{\"text\": \"").expect("it is read");
    for _ in 0..1024 {
        stdin.write_all(part.as_bytes()).expect("it is read");
    }
    stdin.write_all(format!("\"}}\n{}", line("b", BRIDGE)).as_bytes()).expect("it is read");
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    let errors = stderr(&output);
    assert!(errors.contains("-:2: more than 512 MiB"), "{errors}");
    let stats: Value = serde_json::from_str(errors.lines().last().unwrap()).expect("statistics");
    assert_eq!(stats["counts"]["articles"], 2);
    let peak = stats["peak_memory_bytes"].as_u64().unwrap_or(0);
    assert!(peak < 1200 << 20, "{peak} bytes");
}

/// Runs with no room for files of more than 64 KiB.
#[cfg(unix)]
fn run_without_room(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 128; exec \"$@\"", "sh"])
        .arg(executable())
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a shell");
    let _ = child.stdin.take().expect("piped").write_all(input);
    child.wait_with_output().expect("the program ends")
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_what_was_there() {
    let folder = Folder::new();
    let (jsonl, csv) = (jsonl(&articles()), csv(&articles(), ','));
    let parquet = columns(ids_and_texts(&articles()), 100);
    for (name, content) in [("a.jsonl", &jsonl), ("a.csv", &csv), ("a.parquet", &parquet)] {
        let path = folder.file(&format!("in/{name}"), content);
        let kept = folder.file(&format!("out/{name}"), "as before");
        // Not even packed is there room for it.
        let output = run_without_room(&[&path, "--keep", &kept, "--format", "jsonl"], b"");
        fails(&output, 1, &[&format!("error: {kept}: cannot be written: ")]);
        assert_eq!(fs::read_to_string(&kept).expect("it is there"), "as before");
    }
    assert_eq!(fs::read_dir(folder.path("out")).expect("a folder").count(), 3);
    let output = run_without_room(&["-"], &jsonl);
    fails(&output, 1, &["cannot keep a copy of the input here", "TMPDIR"]);
    if Path::new("/dev/full").exists() {
        let path = folder.path("in/a.jsonl");
        let output = run(&[&path, "--keep", "/dev/full"]);
        fails(&output, 1, &["error: /dev/full: cannot be written: No space left"]);
    }
}

#[test]
fn kinds_of_repeated_ids() {
    let folder = Folder::new();
    let table = format!("id,text\n7,{BRIDGE:?}\n7,{CHOIR:?}\n");
    let (found, _, errors) = counts(&[&folder.file("a.csv", table)]);
    assert_eq!(found, 2);
    assert!(errors.contains("1 article with the id of an earlier one, such as 7"), "{errors}");
}
