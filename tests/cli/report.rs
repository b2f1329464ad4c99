//! What --report writes.

use std::fs;
use std::path::Path;

use reprint::text::Tokens;
use serde_json::{Value, json};

use super::*;

/// Words that mean something to a browser, a template or a script.
const HOSTILE: [&str; 7] = [
    "</script><script>window.hostile = 1</script>",
    "<img src=x onerror=\"window.hostile = 2\">",
    "<!--<script>",
    "\u{2028}\u{2029}",
    "]]>",
    "{{ 7 * 7 }} {% raw %}",
    "\u{202e}&lt;b&gt;",
];

/// The report on some paths, as a file of that name.
fn report(name: &str, arguments: &[&str]) -> String {
    let folder = Folder::new();
    let path = folder.path(name);
    let output = run(&[&["--report", &path, "--format", "jsonl"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    fs::read_to_string(path).expect("the report is there, in UTF-8")
}

/// The data of a page: of each element, what stands in it.
fn data(page: &str, class: &str) -> Vec<Value> {
    let start = format!("<script type=\"application/json\" class=\"{class}\">");
    let lines = page.lines().filter_map(|line| line.strip_prefix(&start));
    lines
        .map(|line| {
            let json = line.strip_suffix("</script>").expect("an element a line");
            assert!(!json.contains('<'), "markup in {json}");
            serde_json::from_str(json).expect("JSON")
        })
        .collect()
}

/// A corpus of one story in hostile versions, with hostile ids, dates and sources.
fn hostile(folder: &Folder) -> String {
    let lines: String = HOSTILE
        .iter()
        .map(|words| {
            let text = format!("{words} {BRIDGE}\n\nIt was {words} in the end.");
            let line = json!({"id": format!("id {words}"), "text": text, "title": words,
                "source": format!("source {words}"), "date": format!("2024-05-01 {words}")});
            format!("{line}\n")
        })
        .collect();
    folder.file("hostile.jsonl", lines)
}

#[test]
fn a_page_has_all_clusters() {
    let page = report("page.html", &[&samples()]);
    assert!(page.starts_with("<!DOCTYPE html>"), "{page}");
    assert!(page.contains("Of <b>14</b> articles, <b>8</b> are one of several versions"));
    let (rows, sections) = (data(&page, "row-data"), data(&page, "cluster-data"));
    assert_eq!((rows.len(), sections.len()), (3, 3));
    assert_eq!(rows[0]["articles"][0]["id"], "harbour-agency.txt");
    assert_eq!(rows[0]["versions"], 4);
    assert!(rows[0]["kinds"].as_array().is_some_and(|kinds| kinds.contains(&json!("moved"))));
    let text = fs::read_to_string(Path::new(&samples()).join("harbour-local.txt")).expect("text");
    assert_eq!(sections[0]["text"], json!(text));
    assert_eq!(sections[0]["tree"].as_array().map(Vec::len), Some(4));
    // Two versions are no family.
    assert_eq!(sections[1]["tree"], json!([]));
}

#[test]
fn a_page_loads_nothing() {
    let page = report("page.html", &[&samples()]);
    for loads in [" src=", "url(", "@import", "<link", "<iframe", "fetch(", "XMLHttpRequest"] {
        assert!(!page.contains(loads), "`{loads}` in the page");
    }
    assert!(page.split("href=\"").skip(1).all(|target| target.starts_with('#')));
    // The only address is a name that drawings need.
    assert!(page.split("http").skip(1).all(|rest| {
        rest.starts_with("-equiv=") || rest.starts_with("://www.w3.org/2000/svg\"")
    }));
    let policy = page.split("Content-Security-Policy\" content=\"").nth(1).expect("a policy");
    let policy = policy.split('"').next().expect("its end");
    let forms = ["default-src 'none'; script-src 'sha256-", "'; style-src 'sha256-"];
    assert!(forms.iter().all(|form| policy.contains(form)), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[test]
fn nothing_of_an_article_is_markup() {
    let folder = Folder::new();
    let page = report("page.html", &[&hostile(&folder)]);
    let rows = data(&page, "row-data");
    assert_eq!(rows.len(), 1);
    let ids: Vec<&str> = rows[0]["articles"]
        .as_array()
        .expect("articles")
        .iter()
        .map(|of| of["id"].as_str().expect("an id"))
        .collect();
    assert_eq!(ids, HOSTILE.map(|words| format!("id {words}")));
    // One for each of the two, one for the page's own.
    assert_eq!(page.matches("<script").count(), 3);
    assert_eq!(page.matches("</script>").count(), 3);
    assert_eq!(page.matches("<!--").count(), 0);
}

#[test]
fn places_in_a_page_are_those_of_a_script() {
    let folder = Folder::new();
    let texts = ["😀 ".to_owned() + BRIDGE, "😀😀 ".to_owned() + &BRIDGE.replace("weir", "mill")];
    let lines: String = (0..).zip(&texts).map(|(id, text)| line(id, text)).collect();
    let page = report("page.html", &[&folder.file("two.jsonl", lines)]);
    let section = &data(&page, "cluster-data")[0];
    let text: Vec<u16> = section["text"].as_str().expect("a text").encode_utf16().collect();
    let parts = section["versions"][0]["parts"].as_array().expect("parts");
    let mut cut = parts
        .iter()
        .flat_map(|part| part["pieces"].as_array().expect("pieces"))
        .filter_map(|piece| {
            let [start, end] = [0, 1].map(|at| piece["cut"][at].as_u64());
            let units = &text[usize::try_from(start?).ok()?..usize::try_from(end?).ok()?];
            String::from_utf16(units).ok()
        });
    let words = ["weir", "mill"];
    assert!(cut.any(|cut| words.contains(&&*cut)));
}

#[test]
fn dates_are_days_on_the_timeline() {
    let folder = Folder::new();
    let days = [
        ("1970-01-01", json!(0.0)),
        ("1970-01-01T18:00:00Z", json!(0.75)),
        ("1969-12-31", json!(-1.0)),
        ("29 Feb 2024", json!(19_782.0)),
        ("20240301", json!(19_783.0)),
        ("1900-03-01", json!(-25_508.0)),
        ("2024", json!(19_723.0)),
        ("5/1/2024", Value::Null),
    ];
    let entry = |(id, (date, _)): (usize, &(&str, Value))| {
        format!("{}\n", json!({"id": id, "text": BRIDGE, "date": date}))
    };
    let lines: String = days.iter().enumerate().map(entry).collect();
    let page = report("page.html", &[&folder.file("dated.jsonl", lines)]);
    let articles = &data(&page, "row-data")[0]["articles"];
    for (article, (date, day)) in days.iter().enumerate() {
        assert_eq!(articles[article]["day"], *day, "{date}");
        assert_eq!(articles[article]["date"], *date);
    }
}

/// The tokens that a line of the report makes of the representative and the words that are new.
fn applied(report: &Value, a: &[String], b: &[String]) -> Vec<String> {
    let range = |span: &Value| {
        let [start, end] = ["start", "end"].map(|at| span["tokens"][at].as_u64().expect("a place"));
        usize::try_from(start).expect("small")..usize::try_from(end).expect("small")
    };
    let parts = report["parts"].as_array().expect("parts").iter();
    parts
        .flat_map(|part| part["pieces"].as_array().expect("pieces"))
        .flat_map(|piece| match piece["kind"].as_str() {
            Some("kept") => &a[range(&piece["a"])],
            Some("inserted") => &b[range(&piece["b"])],
            _ => &[],
        })
        .cloned()
        .collect()
}

#[test]
fn lines_make_each_version_of_the_representative() {
    let report = report("report.jsonl", &[&samples()]);
    let lines = json_lines(report.as_bytes());
    assert_eq!(lines.len(), 3);
    let words = |text: &str| -> Vec<String> {
        let mut words = Vec::new();
        reprint::text::for_each_token(text, |word, _| words.push(word.to_owned()));
        assert_eq!(words.len(), Tokens::of(text).len());
        words
    };
    let mut versions = 0;
    for (number, line) in lines.iter().enumerate() {
        assert_eq!((&line["type"], &line["cluster"]), (&json!("report"), &json!(number)));
        assert_eq!(line["report"]["format"], 1);
        let text = |article: &Value| {
            let mut articles = line["articles"].as_array().expect("articles").iter();
            let found = articles.find(|entry| entry["article"] == *article).expect("it is listed");
            let id = found["id"].as_str().expect("an id");
            fs::read_to_string(Path::new(&samples()).join(id)).expect("a sample")
        };
        let representative = words(&text(&line["report"]["representative"]));
        for version in line["report"]["versions"].as_array().expect("versions") {
            for member in version["members"].as_array().expect("members") {
                let own = words(&text(member));
                assert_eq!(applied(&version["report"], &representative, &own), own);
                versions += 1;
            }
        }
        let family = line["family"]["versions"].as_array().expect("a family");
        assert_eq!(family[0]["parent"], Value::Null);
    }
    assert_eq!(versions, 5);
}

/// The example writes the format itself, being built without the feature.
#[cfg(feature = "serde")]
#[test]
fn lines_are_what_the_library_serializes() {
    let folder = Folder::new();
    let texts = [BRIDGE, BRIDGE_AGAIN, CHOIR, &BRIDGE.to_uppercase(), BRIDGE_AGAIN];
    let dates = ["2024-05-03", "2024-05-02", "2024-05-01", "2024-05-04", "2024-05-01"];
    let input: String = (0..)
        .zip(texts.iter().zip(dates))
        .map(|(id, (text, date))| format!("{}\n", json!({"id": id, "text": text, "date": date})))
        .collect();
    let report = report("report.jsonl", &[&folder.file("some.jsonl", input)]);
    let lines = json_lines(report.as_bytes());
    let mut dedup = reprint::Deduper::new();
    dedup.extend(&texts);
    let clusters = dedup.clusters();
    assert_eq!(lines.len(), clusters.len());
    for (line, cluster) in lines.iter().zip(&clusters) {
        let family = cluster.family_with_dates(|article| Some(dates[article]));
        assert_eq!(line["report"], serde_json::to_value(cluster.report()).expect("JSON"));
        assert_eq!(line["family"], serde_json::to_value(family).expect("JSON"));
    }
}

#[test]
fn very_many_versions_are_counted() {
    let folder = Folder::new();
    let lines: String = (0..230).map(|id| line(id, &format!("{BRIDGE} Number {id}."))).collect();
    let path = folder.file("many.jsonl", lines);
    let options = [&*path, "--furniture", "off"];
    let lines = json_lines(report("report.jsonl", &options).as_bytes());
    assert_eq!(lines[0]["versions_not_compared"], 29);
    assert_eq!(lines[0]["report"]["versions"].as_array().map(Vec::len), Some(200));
    assert_eq!(lines[0]["family"]["versions"].as_array().map(Vec::len), Some(230));
    let section = &data(&report("page.html", &options), "cluster-data")[0];
    assert_eq!(section["more"], 29);
    assert_eq!(section["tree"].as_array().map(Vec::len), Some(201));
}

#[test]
fn reports_are_the_same_for_any_number_of_threads() {
    let folder = Folder::new();
    let hostile = hostile(&folder);
    for name in ["page.html", "report.jsonl"] {
        let [one, two] =
            ["1", "2"].map(|threads| report(name, &[&samples(), &hostile, "--threads", threads]));
        assert_eq!(one, two);
    }
}

#[test]
fn the_name_says_the_form() {
    let samples = samples();
    for name in ["report.txt", "report", "html"] {
        let folder = Folder::new();
        let path = folder.path(name);
        let output = run(&[&*samples, "--report", &path]);
        fails(&output, 2, &["must end in .html for a page, or in .jsonl for JSON lines"]);
        assert!(!Path::new(&path).exists());
    }
    let folder = Folder::new();
    let path = folder.path("same.jsonl");
    fails(&run(&[&*samples, "--report", &path, "--keep", &path]), 2, &["writes to the same file"]);
    fails(&run(&[&*samples, "--report", &folder.path("no/page.html")]), 1, &["cannot be written"]);
    assert!(report("PAGE.HTML", &[&samples]).starts_with("<!DOCTYPE html>"));
}
