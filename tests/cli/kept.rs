//! What --keep and --format write: the kinds of files, and which articles stay.

use std::collections::HashSet;
use std::io::Read;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, UInt64Type};
use arrow_array::{Array, ArrayRef, Int32Array, RecordBatch, StringArray};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use proptest::prelude::*;
use serde_json::json;

use super::formats::{articles, columns, csv, ids_and_texts, jsonl, page};
use super::*;

/// All rows of a Parquet file, in one batch.
fn rows(path: &str) -> RecordBatch {
    let file = fs::File::open(path).expect("it is there");
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).expect("it is Parquet");
    let mut reader = builder.with_batch_size(1 << 20).build().expect("it is Parquet");
    reader.next().expect("there are rows").expect("they can be read")
}

fn texts(batch: &RecordBatch, name: &str) -> Vec<String> {
    let column = batch.column_by_name(name).expect("a column").as_string::<i32>();
    column.iter().map(|text| text.expect("a text").to_owned()).collect()
}

/// The articles of [`articles`] that stay with `--keep-by first`.
fn firsts() -> Vec<(String, String)> {
    articles().into_iter().step_by(3).collect()
}

#[test]
fn rows_are_kept_as_they_were() {
    let folder = Folder::new();
    let kept = folder.path("kept.csv");
    let path = folder.file("corpus.csv", csv(&articles(), ','));
    let keep = ["--keep-by", "first", "--keep", &kept];
    assert!(run(&[&[&*path], &keep[..]].concat()).status.success());
    assert!(fs::read(&kept).expect("it is there") == csv(&firsts(), ','));
    // Odd but right quoting, other columns, and no end of the last line.
    let odd =
        format!("\"id\",x,text\n\"1\",\"\",{BRIDGE:?}\n\n2,,\"{CHOIR}\"\r\n3,\"a\nb\",{BRIDGE:?}");
    let (from_pipe, first) = (odd.as_bytes(), odd.split("\n3").next().expect("a part"));
    let arguments = [&["-", "--input-format", "csv"], &keep[..]].concat();
    assert!(run_with_input(&arguments, from_pipe).status.success());
    let expected = first.replace("\n\n", "\n") + "\n";
    assert_eq!(fs::read_to_string(&kept).expect("it is there"), expected);
}

#[test]
fn what_is_kept_is_packed_by_its_name() {
    let folder = Folder::new();
    let path = folder.file("corpus.jsonl", jsonl(&articles()));
    for packing in ["gz", "zst", "bz2", "xz"] {
        let kept = folder.path(&format!("kept.jsonl.{packing}"));
        assert!(run(&[&path, "--keep", &kept, "--keep-by", "first"]).status.success());
        let bytes = fs::read(&kept).expect("it is there");
        assert!(bytes.len() < jsonl(&firsts()).len() / 2, "{packing}: {}", bytes.len());
        let again = folder.path("again.jsonl");
        assert!(run(&[&kept, "--keep", &again]).status.success());
        assert!(fs::read(&again).expect("it is there") == jsonl(&firsts()), "{packing}");
    }
    let pairs = folder.path("pairs.jsonl.gz");
    assert!(run(&[&path, "--pairs", &pairs]).status.success());
    let mut text = String::new();
    let file = fs::File::open(&pairs).expect("it is there");
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("it is packed");
    assert_eq!(text.lines().count(), 1500);
}

#[test]
fn all_columns_are_kept() {
    let folder = Folder::new();
    let articles = articles();
    let numbers: ArrayRef = Arc::new((0..1500).collect::<Int32Array>());
    let tags: StringArray = (0..1500).map(|row| (row % 2 == 0).then_some("even")).collect();
    let with_more = |articles| {
        let mut all = ids_and_texts(articles);
        all.push(("number", numbers.clone()));
        all.push(("tag", Arc::new(tags.clone()) as ArrayRef));
        columns(all, 400)
    };
    let path = folder.file("corpus.parquet", with_more(&articles));
    let kept = folder.path("kept.parquet");
    let from_pipe = fs::read(&path).expect("it is there");
    let pipe = ["-", "--input-format", "parquet"];
    for (arguments, input) in [(&[&*path][..], &[][..]), (&pipe, &from_pipe)] {
        let keep = ["--keep-by", "first", "--keep", &kept];
        let output = run_with_input(&[arguments, &keep].concat(), input);
        assert!(output.status.success(), "{}", stderr(&output));
        let (before, after) = (rows(&path), rows(&kept));
        assert_eq!(before.schema(), after.schema());
        assert_eq!(texts(&after, "id"), firsts().into_iter().map(|(id, _)| id).collect::<Vec<_>>());
        let numbers = after.column_by_name("number").expect("a column").as_primitive::<Int32Type>();
        assert!(numbers.iter().eq((0..1500).step_by(3).map(Some)));
        let tags = after.column_by_name("tag").expect("a column").as_string::<i32>();
        assert!(tags.iter().eq((0..500).map(|row| (row % 2 == 0).then_some("even"))));
        fs::remove_file(&kept).expect("it is there");
    }
    // A row without a text is no article, and does not shift the others.
    let texts: ArrayRef = Arc::new(StringArray::from(vec![None, Some(BRIDGE), None, Some(CHOIR)]));
    let numbers: ArrayRef = Arc::new(Int32Array::from(vec![0, 1, 2, 3]));
    let path = folder.file("nulls.parquet", columns(vec![("text", texts), ("n", numbers)], 3));
    assert!(run(&[&path, "--keep", &kept]).status.success());
    let numbers = rows(&kept);
    let numbers = numbers.column_by_name("n").expect("a column").as_primitive::<Int32Type>();
    assert!(numbers.iter().eq([Some(1), Some(3)]));
}

#[test]
fn kinds_that_cannot_stand_in_one_file() {
    let folder = Folder::new();
    let lines = folder.file("a.jsonl", line("1", BRIDGE));
    let table = folder.file("a.csv", format!("id,text\n2,{BRIDGE:?}\n"));
    let other = folder.file("b.csv", format!("text,id\n{CHOIR:?},3\n"));
    let page = folder.file("a.html", page("Bridge", BRIDGE));
    let parquet = folder.file("a.parquet", columns(ids_and_texts(&articles()), 900));
    let kept = folder.file("kept", "as before");
    for (first, second) in [(&lines, &table), (&table, &parquet), (&page, &parquet)] {
        let output = run(&[first, second, "--keep", &kept]);
        fails(&output, 2, &["--keep writes what it reads", first, second]);
    }
    let named = folder.path("kept.parquet");
    fails(&run(&[&lines, "--keep", &named]), 2, &["--keep", "of another kind"]);
    let output = run(&[&table, &other, "--keep", &kept]);
    fails(&output, 1, &[&format!("{table} and {other} have other columns")]);
    let less = folder.file("b.parquet", columns(ids_and_texts(&articles())[1..].to_vec(), 900));
    let output = run(&[&parquet, &less, "--keep", &kept]);
    fails(&output, 1, &[&format!("{parquet} and {less} have other columns")]);
    assert_eq!(fs::read_to_string(&kept).expect("it is there"), "as before");
    assert!(run(&[&lines, &page, "--keep", &kept]).status.success());
    // Without --keep they need not be alike.
    let (_, summary) = clusters(&[&lines, &table, &other, &page, &parquet, &less]);
    assert_eq!(summary["articles"], 3004);
}

#[test]
fn clusters_as_a_table() {
    let folder = Folder::new();
    let (clusters, _) = clusters(&[&samples()]);
    let members = |cluster: &Value| cluster["members"].as_array().expect("members").clone();
    let expected: Vec<(usize, Value, Value)> = (0..)
        .zip(&clusters)
        .flat_map(|(number, cluster)| {
            let representative = cluster["representative"].clone();
            members(cluster).into_iter().map(move |member| (number, member, representative.clone()))
        })
        .collect();
    let output = run(&[&samples(), "--format", "csv"]);
    let mut table = csv::Reader::from_reader(&*output.stdout);
    let names = table.headers().expect("names").clone();
    let table: Vec<_> = table.records().map(|row| row.expect("a row")).collect();
    assert_eq!(table.len(), expected.len());
    for (row, (number, member, representative)) in table.iter().zip(&expected) {
        for (name, cell) in names.iter().zip(row) {
            let value = match name {
                "cluster" => json!(number),
                "representative" => representative.clone(),
                _ => member[name].clone(),
            };
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            match value.as_f64() {
                None => assert_eq!(cell, text.replace("null", ""), "{name}"),
                number => assert_eq!(cell.parse().ok(), number, "{name}"),
            }
        }
    }
    let path = folder.path("clusters.parquet");
    let output = run(&[&samples(), "--format", "parquet"]);
    fs::write(&path, &output.stdout).expect("a file can be written");
    let batch = rows(&path);
    let schema = batch.schema();
    assert!(schema.fields().iter().map(|field| field.name().as_str()).eq(&names));
    assert!(texts(&batch, "id").iter().eq(table.iter().map(|row| &row[1])));
    let words =
        batch.column_by_name("shared_words").expect("a column").as_primitive::<UInt64Type>();
    let shares = batch.column_by_name("coverage").expect("a column").as_primitive::<Float64Type>();
    for (row, cells) in table.iter().enumerate() {
        assert_eq!(words.is_valid(row).then(|| words.value(row)), cells[7].parse().ok());
        assert_eq!(shares.is_valid(row).then(|| shares.value(row)), cells[3].parse().ok());
    }
    // Clusters of nothing are a table all the same.
    let output = run_with_input(&["-", "--format", "csv"], b"");
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 1);
    let output = run_with_input(&["-", "--format", "parquet"], b"");
    assert!(output.stdout.ends_with(b"PAR1"), "{}", stderr(&output));
}

#[test]
fn preferred_sources() {
    let folder = Folder::new();
    let kept = folder.path("kept.jsonl");
    let article = |(id, source): (usize, &str)| {
        let end = "more ".repeat(id);
        format!("{}\n", json!({"id": id, "text": format!("{BRIDGE} {end}"), "source": source}))
    };
    let sources = ["Bote", "Post", "Agency", "Post", ""];
    let input: String = sources.into_iter().enumerate().map(article).collect();
    for (prefer, by, expected) in [
        ("Agency,Post", "longest", 2),
        ("Post,Agency", "longest", 3),
        ("Post", "first", 1),
        ("Nobody", "longest", 4),
        ("Nobody,Bote", "longest", 0),
    ] {
        let arguments = ["-", "--keep", &kept, "--prefer", prefer, "--keep-by", by];
        let output = run_with_input(&arguments, input.as_bytes());
        let lines = json_lines(&fs::read(&kept).expect("it is there"));
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0]["id"], expected, "{prefer} {by}");
        let warns = stderr(&output).contains("no article of the source Nobody");
        assert_eq!(warns, prefer.contains("Nobody"), "{}", stderr(&output));
    }
}

/// Articles of a text, a source and so many words cut, by number.
fn clusters_keep_a_member(articles: &[(usize, usize, usize)], prefer: &[&str], by: &str) {
    let texts = [BRIDGE, CHOIR, BRIDGE_AGAIN, ""];
    let lines: String = articles
        .iter()
        .enumerate()
        .map(|(id, &(text, source, cut))| {
            // Cut to excerpts, and joined to extended versions.
            let words: Vec<&str> = texts[text].split(' ').skip(cut).collect();
            let text = format!("{} {}", words.join(" "), texts[(text + source) % 4]);
            let (source, date) = (format!("s{source}"), format!("2024-01-{:02}", 30 - cut));
            let article =
                json!({"id": id.to_string(), "text": text, "source": source, "date": date});
            format!("{article}\n")
        })
        .collect();
    let folder = Folder::new();
    let kept = folder.path("kept.jsonl");
    let prefer = prefer.join(",");
    let mut arguments = vec!["-", "--keep", &kept, "--keep-by", by];
    if !prefer.is_empty() {
        arguments.extend(["--prefer", &prefer]);
    }
    let (clusters, summary) = clusters_with_input(&arguments, lines.as_bytes());
    let kept = json_lines(&fs::read(&kept).expect("it is there"));
    let kept: HashSet<&str> = kept.iter().map(|line| line["id"].as_str().unwrap()).collect();
    assert_eq!(&summary["removable"], articles.len() - kept.len());
    for cluster in &clusters {
        assert!(ids(cluster).iter().any(|id| kept.contains(id)), "{}", cluster);
    }
}

#[test]
fn a_cluster_whose_articles_others_cover_keeps_one() {
    let articles = [
        (1, 2, 0),
        (0, 1, 0),
        (1, 1, 3),
        (1, 0, 15),
        (1, 2, 15),
        (0, 0, 0),
        (2, 1, 11),
        (1, 2, 11),
    ];
    clusters_keep_a_member(&articles, &["s0"], "longest");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_cluster_loses_all_its_members(
        articles in prop::collection::vec((0..4_usize, 0..3_usize, 0..30_usize), 1..20),
        prefer in prop::sample::subsequence(vec!["s0", "s1", "s2", "s3"], 0..4),
        by in prop::sample::select(vec!["longest", "earliest", "first"]),
    ) {
        clusters_keep_a_member(&articles, &prefer, by);
    }
}
