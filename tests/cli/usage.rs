//! Exit statuses and messages.

use std::io::Read;
use std::process::{Command, Stdio};

use super::*;

#[test]
fn wrong_usage_is_status_2() {
    let samples = samples();
    let cases: [(&[&str], &str); 9] = [
        (&["--threshold", "0"], "--threshold must be above 0 and at most 1, but is 0"),
        (&["--threshold", "1.5"], "--threshold must be above 0 and at most 1, but is 1.5"),
        (&["--threshold", "-1"], "--threshold must be above 0 and at most 1, but is -1"),
        (&["--threshold", "NaN"], "--threshold must be above 0 and at most 1, but is NaN"),
        (&["--excerpt", "2"], "--excerpt must be"),
        (&["--excerpt", "no"], "neither a number nor `off`"),
        (&["--overlap", "3"], "--overlap must be at least 12"),
        (&["--measure", "cosine"], "coverage, jaccard, containment"),
        (&["--threads", "0"], "--threads"),
    ];
    for (arguments, message) in cases {
        fails(&run(&[arguments, &[&samples]].concat()), 2, &[message]);
    }
    fails(&run(&[&samples, "--shingle", "0"]), 2, &["--shingle must be from 1 to 64"]);
    fails(&run(&[&samples, "--frobnicate"]), 2, &["--frobnicate"]);
    fails(&run(&[]), 2, &["PATH"]);
    fails(&run(&["-", "-"]), 2, &["only once"]);
    let low = ["--measure", "jaccard", "--threshold", "0.001"];
    fails(&run(&[&[&*samples], &low[..]].concat()), 2, &["--threshold is too low"]);
}

#[test]
fn inputs_that_cannot_be_read_are_status_1() {
    let folder = Folder::new();
    let missing = folder.path("missing.txt");
    fails(&run(&[&missing]), 1, &[&format!("error: {missing}: not found")]);
    fails(&run(&[&folder.file("table.xlsx", "")]), 1, &["table.xlsx: only .txt, .html"]);
}

#[test]
fn a_closed_pipe_is_no_error() {
    // More than a pipe holds.
    let input: String = (0..4000).map(|id| line(id, BRIDGE)).collect();
    let folder = Folder::new();
    let path = folder.file("many.jsonl", input);
    let mut child = Command::new(executable())
        .args([&*path, "--format", "jsonl"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut first = [0; 10];
    let mut stdout = child.stdout.take().expect("piped");
    stdout.read_exact(&mut first).expect("it prints something");
    drop(stdout);
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stderr(&output), "");
}
