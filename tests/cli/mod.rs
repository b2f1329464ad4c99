//! The example program `dedupe`, run as a user runs it.

mod bad;
mod files;
mod formats;
mod full;
mod input;
mod kept;
mod large;
mod report;
mod results;
mod seeing;
mod terminal;
mod usage;
mod work;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

/// An article of some length, and the same with other words at both ends.
const BRIDGE: &str = "The council will close the old bridge over the Lenne from Monday, so that \
    masons can replace the worn keystones before the autumn floods. Traffic is led over the \
    weir road, which is narrow and has no footway. Farmers had asked for another week, as the \
    hay is still out, but the engineer would not hear of it.";
const BRIDGE_AGAIN: &str = "BREAKING: The council will close the old bridge over the Lenne from \
    Monday, so that masons can replace the worn keystones before the autumn floods. Traffic is \
    led over the weir road, which is narrow and has no footway. Farmers had asked for another \
    week, as the hay is still out, but the engineer would not hear of it, he said.";
const CHOIR: &str = "A choir of forty has won the national prize with a song cycle about the \
    river, written by its own conductor during a winter without electricity.";

fn executable() -> PathBuf {
    let mut path = std::env::current_exe().expect("the test has a path");
    path.pop();
    path.pop();
    path.push("examples");
    path.push(format!("dedupe{}", std::env::consts::EXE_SUFFIX));
    assert!(
        path.exists(),
        "{} is missing: `cargo test` builds it, `cargo test --test …` does not; run `cargo build \
         --example dedupe` with the same profile first",
        path.display(),
    );
    path
}

/// A folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("reprint-cli-{}-{number}", std::process::id());
        let folder = Self(std::env::temp_dir().join(name));
        fs::create_dir_all(&folder.0).expect("a folder can be made");
        folder
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder");
        fs::write(&path, content).expect("a file can be written");
        path.display().to_string()
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Starts the program with pipes for its standard input, output and error.
fn spawn(arguments: &[&str]) -> Child {
    command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

/// The program, whatever terminal the test runs in.
fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(executable());
    command.args(arguments);
    for variable in ["COLUMNS", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    command
}

fn run_with_input(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = spawn(arguments);
    // It may well end without reading.
    let _ = child.stdin.take().expect("piped").write_all(input);
    child.wait_with_output().expect("the program ends")
}

fn run(arguments: &[&str]) -> Output {
    run_with_input(arguments, b"")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("messages are UTF-8")
}

fn json_lines(bytes: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(bytes).expect("output is UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

/// The clusters and the summary of a run that must succeed.
fn clusters_with_input(arguments: &[&str], input: &[u8]) -> (Vec<Value>, Value) {
    let output = run_with_input(&[arguments, &["--format", "jsonl"]].concat(), input);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let mut lines = json_lines(&output.stdout);
    let summary = lines.pop().expect("there is a summary");
    assert_eq!(summary["type"], "summary");
    assert!(lines.iter().all(|line| line["type"] == "cluster"));
    (lines, summary)
}

fn clusters(arguments: &[&str]) -> (Vec<Value>, Value) {
    clusters_with_input(arguments, b"")
}

/// The ids of a cluster's members, sorted, with their relations.
fn members(cluster: &Value) -> Vec<(&str, &str)> {
    let members = cluster["members"].as_array().expect("members");
    let mut members: Vec<(&str, &str)> = members
        .iter()
        .map(|member| (member["id"].as_str().unwrap(), member["relation"].as_str().unwrap()))
        .collect();
    members.sort_unstable();
    members
}

fn ids(cluster: &Value) -> Vec<&str> {
    members(cluster).into_iter().map(|(id, _)| id).collect()
}

fn line(id: impl Into<Value>, text: &str) -> String {
    format!("{}\n", json!({"id": id.into(), "text": text}))
}

fn fails(output: &Output, status: i32, messages: &[&str]) {
    let errors = stderr(output);
    assert_eq!(output.status.code(), Some(status), "{errors}");
    assert!(output.stdout.is_empty(), "nothing is printed");
    for message in messages {
        assert!(errors.contains(message), "`{message}` is not in: {errors}");
    }
}

fn samples() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/articles").display().to_string()
}
