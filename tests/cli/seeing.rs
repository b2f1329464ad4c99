//! What one sees of a run: the bar and the summary on a terminal, the statistics, the warnings.

use super::*;

/// What a terminal shows of the program, in lines, with the standard output in a file if it has a
/// path; nothing where no terminal can be made up.
#[cfg(target_os = "linux")]
fn on_a_terminal(arguments: &[&str], output: Option<&str>) -> Option<String> {
    let quoted = |argument: &str| format!("'{}'", argument.replace('\'', "'\\''"));
    let program = executable().display().to_string();
    let mut line = [&[&*program], arguments].concat().into_iter().map(quoted).collect::<Vec<_>>();
    line.extend(output.map(|path| format!("> {}", quoted(path))));
    let line = format!("stty cols 100; {}", line.join(" "));
    let shown = Command::new("script").args(["-qec", &line, "/dev/null"]).output();
    let shown = shown.inspect_err(|error| eprintln!("skipped: no `script`: {error}")).ok()?;
    assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stdout));
    let shown = String::from_utf8(shown.stdout).expect("UTF-8");
    Some(anstream::adapter::strip_str(&shown).to_string().replace('\r', "\n"))
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_shows_how_far_it_is_and_what_was_found() {
    let folder = Folder::new();
    let texts = super::formats::jsonl(&super::formats::articles());
    let bad = "[]\n{\"id\":\"no text\"}\n{\"no\":\"text\"}\n".repeat(2);
    let input = folder.file("in.jsonl", [&texts[..], bad.as_bytes()].concat());
    let (result, kept) = (folder.path("out.jsonl"), folder.path("kept.jsonl"));
    let options = [&*input, "--memory", "1K", "--keep", &kept];
    let to_file = [&options[..], &["--format", "jsonl"]].concat();
    let Some(shown) = on_a_terminal(&to_file, Some(&result)) else { return };
    for part in [
        "files in ",
        " will take about ",
        " free\n",
        "reading            [",
        "B/s, ",
        "s left",
        "verifying          [",
        " pairs, ",
        "1,500 articles, 1,500 of them in 500 clusters. 1,000 could be removed",
        "6 inputs skipped, not being readable as articles: no field `text` (4), not a JSON object (2).",
        " of scratch files were used, and are gone",
    ] {
        assert!(shown.contains(part), "`{part}` is not in: {shown}");
    }
    // In the text it is said once.
    for output in [None, Some(&*result)] {
        let shown = on_a_terminal(&options, output).expect("as before");
        let times = shown.matches("1,500 of them in 500 clusters").count();
        assert_eq!(times, 1, "{shown}");
    }
    // A file gets the same text whatever the memory was.
    let text = run(&[&*input]).stdout;
    assert!(text == fs::read(&result).expect("it is there"));
}

#[test]
fn reasons_for_skipping_are_counted() {
    let folder = Folder::new();
    let table = "id,text\n1,one\n2\n3,three,more\n4,\"four\"x\n5\n";
    folder.file("in/a.csv", table);
    folder.file("in/b.csv", "id,body\n");
    folder.file("in/c.txt", [0xff]);
    folder.file("in/d.jsonl", "{\"text\":1}\n{\n{\"text\": \"two\"}\n\0\0\n");
    for threads in ["1", "3"] {
        let output = run(&[&folder.path("in"), "--threads", threads]);
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let text = text.replace('\n', " ");
        let summary = "9 inputs skipped, not being readable as articles: ";
        let (_, reasons) = text.split_once(summary).unwrap_or_else(|| panic!("{text}"));
        assert!(
            reasons.starts_with("1 cell where the first row has 2 (2), more than the"),
            "{text}"
        );
        assert!(
            reasons.contains("no column `text` (1), not UTF-8 (1), other reasons (3)."),
            "{text}"
        );
    }
}

#[test]
fn statistics_by_stage() {
    let stages =
        ["read", "tokenise", "sketch", "furniture", "candidates", "verify", "cluster", "write"];
    let output = run(&[&samples(), "--stats", "/dev/stderr", "--method", "minhash"]);
    let stats: Value = serde_json::from_slice(&output.stderr).expect("statistics are JSON");
    for stage in stages {
        assert!(stats["seconds"][stage].is_number(), "{stage}: {stats}");
        let (speed, seconds) = (&stats["stage_mb_per_second"][stage], &stats["seconds"][stage]);
        assert!(speed.as_f64() > Some(0.0) || seconds == 0.0, "{stage}: {stats}");
    }
    // Where the system tells the peak of each stage, that of the run is the highest.
    let peaks = &stats["stage_peak_memory_bytes"];
    if peaks.is_object() {
        let peaks = stages.map(|stage| peaks[stage].as_u64().expect("a number"));
        assert_eq!(peaks.iter().max().copied(), stats["peak_memory_bytes"].as_u64());
        assert!(peaks.iter().all(|&peak| peak > 1 << 20), "{stats}");
    }
}
