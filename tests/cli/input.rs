//! What is read: folders, texts, JSON lines, and what is none of these.

use serde_json::json;

use super::*;

#[test]
fn nothing_to_read_is_a_result() {
    let folder = Folder::new();
    let path = folder.path("");
    let (clusters, summary) = clusters(&[&path]);
    assert!(clusters.is_empty());
    assert_eq!(summary["articles"], 0);
    assert!(stderr(&run(&[&path])).contains("no article in this folder"));
    let (clusters, summary) = clusters_with_input(&["-"], b"");
    assert_eq!((clusters.len(), &summary["articles"]), (0, &json!(0)));
    let output = run(&["-"]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "No articles.\n");
    assert!(stderr(&output).contains("no articles in the input"));
}

#[test]
fn folders_are_searched() {
    let folder = Folder::new();
    folder.file("b/one.txt", BRIDGE);
    folder.file("a.jsonl", line("json", BRIDGE_AGAIN));
    folder.file("b/LOUD.TXT", CHOIR);
    folder.file(".hidden/two.txt", BRIDGE);
    folder.file("b/.three.txt", BRIDGE);
    folder.file("b/picture.jpg", "");
    let path = folder.path("");
    let (clusters, summary) = clusters(&[&path]);
    assert_eq!(ids(&clusters[0]), ["b/one.txt", "json"]);
    assert_eq!(summary["articles"], 3);
    assert!(stderr(&run(&[&path])).contains("1 file of other kinds than"));
}

#[test]
fn ids_of_files_in_several_paths() {
    let folder = Folder::new();
    let (a, b) = (folder.file("a/x.txt", BRIDGE), folder.file("b/x.txt", BRIDGE_AGAIN));
    let (clusters, _) = clusters(&[&folder.path("a"), &folder.path("b")]);
    assert_eq!(ids(&clusters[0]), [&*a, &*b]);
    // One file named twice is no duplicate.
    let output = run(&[&a, &folder.path("a"), "--format", "jsonl"]);
    assert_eq!(json_lines(&output.stdout)[0]["articles"], 1);
    assert!(stderr(&output).contains("1 path not read again"));
    let folder = folder.path("a");
    let errors = stderr(&run(&[&folder, &folder]));
    assert!(errors.contains("1 path not read again") && !errors.contains("no article"), "{errors}");
}

#[test]
fn bad_lines_are_skipped_and_named() {
    let folder = Folder::new();
    let mut lines = Vec::new();
    lines.extend_from_slice(b"\xEF\xBB\xBF");
    lines.extend_from_slice(line("a", BRIDGE).as_bytes());
    lines.extend_from_slice(b"{\"id\": \"broken\", \"text\": \n");
    lines.extend_from_slice(b"\r\n   \n");
    lines.extend_from_slice(b"[1, 2]\n{\"id\":\"x\",\"body\":\"y\"}\n");
    lines.extend_from_slice(b"{\"id\":\"x\",\"text\":7}\n{\"text\":\"\\ud800\"}\n");
    lines.extend_from_slice(b"{\"text\":\"caf\xE9\"}\n");
    lines.extend_from_slice(line("b", BRIDGE_AGAIN).trim_end().as_bytes());
    let path = folder.file("mixed.jsonl", &lines);
    let (clusters, summary) = clusters(&[&path]);
    assert_eq!(ids(&clusters[0]), ["a", "b"]);
    assert_eq!((&summary["articles"], &summary["skipped"]), (&json!(2), &json!(6)));
    let errors = stderr(&run(&[&path]));
    for (number, reason) in [
        (2, "not JSON: EOF while parsing"),
        (5, "not a JSON object"),
        (6, "no field `text` (there are: body, id)"),
        (7, "field `text` is a number"),
        (8, "not JSON: "),
        (9, "not UTF-8 (byte 13)"),
    ] {
        assert!(errors.contains(&format!("{path}:{number}: {reason}")), "{number}: {errors}");
    }
    fails(&run(&[&path, "--strict"]), 1, &["mixed.jsonl:2: ", "6 inputs skipped", "--strict"]);
}

#[test]
fn the_output_does_not_decide_what_is_an_article() {
    let odd = r#"{"text": "one", "date": "\ud800"}"#;
    for format in ["text", "jsonl"] {
        let output = run_with_input(&["-", "--format", format], odd.as_bytes());
        assert!(stderr(&output).contains("-:1: not JSON"), "{}", stderr(&output));
    }
}

#[test]
fn many_bad_lines_are_counted() {
    let output = run_with_input(&["-"], "?\n".repeat(1234).as_bytes());
    let errors = stderr(&output);
    assert!(errors.contains("-:10: ") && !errors.contains("-:11: "), "{errors}");
    assert!(errors.contains("and 1,224 more"), "{errors}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_text_that_is_not_utf_8_is_skipped() {
    let folder = Folder::new();
    folder.file("a.txt", BRIDGE);
    folder.file("b.txt", BRIDGE_AGAIN);
    folder.file("c.txt", b"caf\xE9");
    let path = folder.path("");
    let (clusters, summary) = clusters(&[&path]);
    assert_eq!((clusters.len(), &summary["skipped"]), (1, &json!(1)));
    assert!(stderr(&run(&[&path])).contains("c.txt: not UTF-8 (byte 4)"));
}

#[test]
fn ids_may_be_numbers_or_missing_or_repeated() {
    let input = [
        line(7, BRIDGE),
        line(-12, BRIDGE),
        format!("{}\n", json!({"text": BRIDGE})),
        format!("{}\n", json!({"text": BRIDGE, "id": null})),
        line("7", BRIDGE),
    ];
    let (clusters, _) = clusters_with_input(&["-"], input.concat().as_bytes());
    assert_eq!(ids(&clusters[0]), ["-12", "-:3", "-:4", "7", "7"]);
    let errors = stderr(&run_with_input(&["-"], input.concat().as_bytes()));
    assert!(errors.contains("1 article with the id of an earlier one, such as 7"), "{errors}");
}

#[test]
fn fields_have_names() {
    let old = json!({"key": 1, "body": "old", "head": "A bridge", "when": 1987, "paper": "Bote",
        "nested": {"body": ["not this"]}});
    // The last of repeated fields counts.
    let first = old.to_string().replace("\"old\"", &json!(BRIDGE).to_string());
    let first = first.replacen('{', "{\"body\":null,", 1);
    let second = json!({"key": 2, "body": BRIDGE_AGAIN}).to_string();
    let input = format!("{first}\r\n{second}\r\n");
    let names = ["--id-field", "key", "--text-field", "body", "--title-field", "head"];
    let arguments =
        [&["-", "--date-field", "when", "--source-field", "paper"], &names[..]].concat();
    let output = run_with_input(&arguments, input.as_bytes());
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("1 (1987, Bote)"), "{text} {}", stderr(&output));
    let (clusters, _) = clusters_with_input(&arguments, input.as_bytes());
    assert_eq!(ids(&clusters[0]), ["1", "2"]);
}

#[test]
fn a_title_is_the_first_line() {
    let titled = |title: &str, text: &str| format!("{}\n", json!({"title": title, "text": text}));
    let input = [
        titled("Bridge to close", BRIDGE),
        titled("Bridge to close", &format!("Bridge to close\n{BRIDGE}")),
        titled("", &format!("Bridge to close {BRIDGE}")),
    ];
    let (clusters, summary) = clusters_with_input(&["-"], input.concat().as_bytes());
    assert_eq!(summary["copies"], 2, "{clusters:?}");
}

/// Lines that fill several chunks of the reader, whatever their size: texts of all lengths, in all
/// ways of writing JSON strings, with one of many megabytes among them.
fn long_input() -> Vec<u8> {
    let mut input = b"\xEF\xBB\xBF".to_vec();
    for number in 0..2500 {
        // Pairs with the same text but for the last word, each written in its own way.
        let mut text = String::new();
        for word in 0..40 + number / 2 % 517 {
            let ways = [
                ["é", "\\u00e9"],
                ["\\n", "\\u000A"],
                ["\\\"", "\\u0022"],
                ["😀", "\\ud83d\\ude00"],
                ["日本", "日\\u672c"],
                ["\\/", "/"],
            ];
            text += ways[word % ways.len()][number % 2];
            text += &format!(" w{}", number / 2 * 1000 + word);
        }
        text += &format!(" {number}");
        if number == 1100 {
            text = format!("{} {text}", "x ".repeat(2 << 20));
        }
        let end = ["\n", "\r\n", "\n\n", "\r\n \n"][number % 4];
        let line = match number % 100 {
            17 => format!("{{\"id\": {number}, \"text\": \"{text}{end}"),
            // Has its number for an id.
            50 => format!("{{\"text\": \"{text}\"}}{end}"),
            _ => format!("{{\"more\": [1, {{}}], \"text\": \"{text}\", \"id\": {number}}}{end}"),
        };
        input.extend_from_slice(line.as_bytes());
    }
    input.truncate(input.trim_ascii_end().len());
    input
}

#[test]
fn lines_are_read_across_chunks() {
    let input = long_input();
    let folder = Folder::new();
    let path = folder.file("long.jsonl", &input);
    let kept = folder.path("kept.jsonl");
    let by_threads = ["1", "2", "3"].map(|threads| {
        let arguments = [
            &*path,
            "--keep",
            &kept,
            "--format",
            "jsonl",
            "--threads",
            threads,
            "--keep-by",
            "first",
        ];
        let output = run(&arguments);
        assert!(output.status.success(), "{}", stderr(&output));
        (output.stdout, output.stderr, fs::read(&kept).expect("it is there"))
    });
    assert!(by_threads.iter().all(|result| *result == by_threads[0]));
    let (stdout, errors, kept_lines) = &by_threads[0];
    let summary = json_lines(stdout).pop().expect("there is a summary");
    assert_eq!((&summary["articles"], &summary["skipped"]), (&json!(2475), &json!(25)));
    // What a plain reading finds.
    let text = std::str::from_utf8(&input[3..]).expect("UTF-8");
    let (mut bad, mut firsts) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(text.split('\n')) {
        match serde_json::from_str::<Value>(line) {
            _ if line.trim().is_empty() => {}
            Ok(_) => firsts.push(line),
            Err(_) => bad.push(number),
        }
    }
    let errors = String::from_utf8_lossy(errors);
    for number in &bad[..10] {
        assert!(errors.contains(&format!("long.jsonl:{number}: not JSON")), "{number}: {errors}");
    }
    assert!(errors.contains("and 15 more skipped"), "{errors}");
    let kept_lines = std::str::from_utf8(kept_lines).expect("UTF-8").split_terminator('\n');
    let mut firsts = firsts.into_iter();
    let mut count = 0;
    for line in kept_lines {
        assert!(firsts.any(|first| first == line), "{line} is no line, or in a wrong place");
        count += 1;
    }
    assert_eq!(json!(2475 - count), summary["removable"]);
    // The same from a pipe, which comes in other pieces and can be read only once.
    let arguments = ["-", "--keep", &kept, "--format", "jsonl", "--keep-by", "first"];
    let output = run_with_input(&arguments, &input);
    let named = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("long.jsonl:", "-:");
    assert_eq!(named(&output.stdout), named(stdout));
    assert_eq!(fs::read(&kept).expect("it is there"), by_threads[0].2);
}

#[test]
fn texts_are_read_again_for_the_reports() {
    let input = long_input();
    let folder = Folder::new();
    folder.file("a/long.jsonl", &input);
    for number in 0..600 {
        folder.file(&format!("b/{number}.txt"), format!("\u{feff}{BRIDGE} {}.", number / 2 * 2));
    }
    let mut printed = Vec::new();
    for threads in ["1", "2", "3"] {
        let output = run(&[&folder.path(""), "--threads", threads]);
        assert!(output.status.success(), "{}", stderr(&output));
        printed.push(output.stdout);
    }
    assert!(printed.windows(2).all(|pair| pair[0] == pair[1]));
    let from_files = run(&[&folder.path("a/long.jsonl"), "--furniture", "off"]);
    let from_pipe = run_with_input(&["-", "--furniture", "off"], &input);
    let named = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("long.jsonl:", "-:");
    let (from_files, from_pipe) = (named(&from_files.stdout), named(&from_pipe.stdout));
    assert!(from_files.contains("Cluster 1: "), "{from_files}");
    // Columns are as wide as the names.
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&from_files), words(&from_pipe));
}
