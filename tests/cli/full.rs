//! Full disks, for outputs and for what the program keeps beside its memory, and files that nobody
//! may read. The disks are small file systems in memory, for which one has to be root.

#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;

use super::formats::{articles, jsonl};
use super::*;

/// A folder on a disk of its own.
struct Disk(Folder);

impl Disk {
    /// So many KiB, if the system lets us.
    fn new(size: usize) -> Option<Self> {
        let folder = Folder::new();
        let options = format!("size={size}k,mode=777");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs", &folder.path("")])
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if !mounted {
            eprintln!("skipped: no disk can be mounted here");
        }
        mounted.then(|| Self(folder))
    }

    /// Leaves no byte free.
    fn fill(&self) {
        let mut file = fs::File::create(self.0.path("filler")).expect("a file");
        let block = [1; 4096];
        while file.write_all(&block).is_ok() {}
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["-l", &self.0.path("")]).status();
    }
}

#[test]
fn outputs_on_a_full_disk() {
    let Some(disk) = Disk::new(512) else { return };
    let folder = Folder::new();
    let input = folder.file("in.jsonl", jsonl(&articles()));
    let options = ["--keep", "--pairs", "--report", "--stats"];
    let name = |option: &str| match option {
        "--report" => disk.0.path("report.html"),
        option => disk.0.path(&format!("{}.jsonl", &option[2..])),
    };
    for option in options {
        fs::write(name(option), "as before").expect("there is room");
    }
    disk.fill();
    for option in options {
        let path = name(option);
        let output = run(&[&input, option, &path, "--format", "jsonl"]);
        let errors = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{errors}");
        let message = format!("error: {path}: cannot be written: ");
        assert!(errors.contains(&message) && errors.contains("No space left"), "{errors}");
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "as before");
    }
    // Nothing else is left there.
    let left = fs::read_dir(disk.0.path("")).expect("a folder").count();
    assert_eq!(left, options.len() + 1);
}

#[test]
fn a_standard_output_that_is_full() {
    let Ok(full) = fs::File::options().write(true).open("/dev/full") else { return };
    for format in ["text", "jsonl", "csv", "parquet"] {
        let mut program = command(&[&samples(), "--format", format]);
        let output = program.stdout(full.try_clone().expect("a copy")).output().expect("it runs");
        fails(&output, 1, &["error: standard output: No space left"]);
    }
}

#[test]
fn scratch_files_on_a_full_disk() {
    let Some(disk) = Disk::new(512) else { return };
    let folder = Folder::new();
    let input = folder.file("in.jsonl", jsonl(&articles()).repeat(3));
    let plain = run(&[&input, "--format", "jsonl"]);
    let small = ["--format", "jsonl", "--memory", "1K", "--scratch"];
    let room = run(&[&[&*input], &small[..], &[&folder.path("")]].concat());
    assert!(room.stdout == plain.stdout && !stderr(&room).contains("scratch"), "{}", stderr(&room));
    disk.fill();
    let scratch = disk.0.path("");
    let full = run(&[&[&*input], &small[..], &[&scratch]].concat());
    assert!(full.status.success() && full.stdout == plain.stdout, "{}", stderr(&full));
    let errors = stderr(&full);
    let foreseen = format!("warning: files in {scratch} will take about ");
    assert!(errors.starts_with(&foreseen), "{errors}");
    assert!(errors.contains("0 B are free there (--scratch names another folder)"), "{errors}");
    let happened = format!("warning: scratch files in {scratch}: No space left");
    assert!(errors.contains(&happened) && errors.contains("stays in memory"), "{errors}");
}

#[test]
fn copies_of_the_input_on_a_full_disk() {
    let Some(disk) = Disk::new(512) else { return };
    disk.fill();
    let input = jsonl(&articles());
    let run = |variable: &str, options: &[&str]| {
        let mut program = command(&[&["-", "--format", "jsonl"], options].concat());
        let mut child = (program.env("TMPDIR", variable))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // It ends before it has read all.
        let _ = child.stdin.take().expect("piped").write_all(&input);
        child.wait_with_output().expect("the program ends")
    };
    let full = run(&disk.0.path(""), &[]);
    fails(&full, 1, &["cannot keep a copy of the input here", "TMPDIR", "No space left"]);
    // Nothing is copied that nobody asks for again.
    assert!(run(&disk.0.path(""), &["--furniture", "off"]).status.success());
}

#[test]
fn pairs_that_no_disk_has_room_for() {
    let folder = Folder::new();
    let copies: String = (0..3_000_000).map(|_| "{\"text\":\"one and the same\"}\n").collect();
    let (input, pairs) = (folder.file("in.jsonl", copies), folder.path("pairs.jsonl"));
    let output = run(&[&input, "--pairs", &pairs]);
    let message = format!("error: {pairs}: 4,499,998,500,000 pairs take more than 495.00 TB, and ");
    fails(&output, 1, &[&message]);
    assert_eq!(fs::read_dir(folder.path("")).expect("a folder").count(), 1);
}

/// Runs as somebody who is not root, if that is possible.
fn run_as_nobody(arguments: &[&str]) -> Option<Output> {
    const NOBODY: u32 = 65534;
    let mut program = command(arguments);
    if fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0) {
        program.uid(NOBODY).gid(NOBODY);
    }
    program.output().inspect_err(|error| eprintln!("skipped: not as nobody: {error}")).ok()
}

#[test]
fn files_that_nobody_may_read() {
    let folder = Folder::new();
    let closed = folder.file("in/closed.jsonl", line("a", BRIDGE));
    folder.file("in/open.jsonl", line("b", BRIDGE_AGAIN));
    folder.file("in/shut/inside.jsonl", line("c", CHOIR));
    let shut = folder.path("in/shut");
    for path in [&closed, &shut] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o000)).expect("it is ours");
    }
    // Named, it is an error; found in a folder, it is skipped.
    let Some(output) = run_as_nobody(&[&closed]) else { return };
    let reason = "Permission denied";
    fails(&output, 1, &[&format!("error: {closed}: cannot be read: {reason}")]);
    let output = run_as_nobody(&[&folder.path("in"), "--format", "jsonl"]).expect("as before");
    let summary = json_lines(&output.stdout).pop().expect("there is a summary");
    assert_eq!((&summary["articles"], &summary["skipped"]), (&json!(1), &json!(2)));
    let errors = stderr(&output);
    for path in [&closed, &shut] {
        assert!(errors.contains(&format!("{path}: {reason}")), "{errors}");
    }
    let strict = run_as_nobody(&[&folder.path("in"), "--strict"]).expect("as before");
    fails(&strict, 1, &["2 inputs skipped, and --strict was given"]);
    fs::set_permissions(&shut, fs::Permissions::from_mode(0o700)).expect("it is ours");
}
