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
