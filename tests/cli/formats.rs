//! Kinds of files, packed and plain: what is in them is found whatever they are.

use std::io::Write;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BinaryArray, DictionaryArray, Int64Array, LargeStringArray, RecordBatch, StringArray,
    StringViewArray, TimestampSecondArray,
};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;

use super::*;

/// Articles of several chunks, some of them twice, with all that has to be quoted.
pub(super) fn articles() -> Vec<(String, String)> {
    let words = |seed: usize| {
        let word = |at: usize| ["\"w", ",w", "w\n", "é", "\tw", "w"][at % 6].to_owned();
        (0..120).map(|at| format!("{}{}", word(at), seed * 131 + at)).collect::<Vec<_>>().join(" ")
    };
    (0..1500).map(|id| (id.to_string(), format!("{} {id}", words(id - id % 3)))).collect()
}

pub(super) fn jsonl(articles: &[(String, String)]) -> Vec<u8> {
    articles.iter().map(|(id, text)| line(id.as_str(), text)).collect::<String>().into_bytes()
}

pub(super) fn csv(articles: &[(String, String)], delimiter: char) -> Vec<u8> {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let row = |(id, text): &(String, String)| format!("{id}{delimiter}{}\r\n", quoted(text));
    let rows: String = articles.iter().map(row).collect();
    format!("id{delimiter}text\r\n{rows}").into_bytes()
}

/// A file of these columns, in groups of so many rows.
pub(super) fn columns(columns: Vec<(&str, ArrayRef)>, group: usize) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).expect("columns are of one length");
    let settings = WriterProperties::builder().set_max_row_group_row_count(Some(group)).build();
    let mut writer =
        ArrowWriter::try_new(Vec::new(), batch.schema(), Some(settings)).expect("a schema");
    writer.write(&batch).expect("rows are written");
    writer.into_inner().expect("the file is written")
}

pub(super) fn ids_and_texts(articles: &[(String, String)]) -> Vec<(&'static str, ArrayRef)> {
    let ids: StringArray = articles.iter().map(|(id, _)| Some(id.as_str())).collect();
    let texts: StringArray = articles.iter().map(|(_, text)| Some(text.as_str())).collect();
    vec![("id", Arc::new(ids)), ("text", Arc::new(texts))]
}

/// Packs bytes, the halves one behind the other as files are that were put together.
fn packed(extension: &str, bytes: &[u8]) -> Vec<u8> {
    let (first, second) = bytes.split_at(bytes.len() / 2);
    [first, second].map(|half| packed_once(extension, half)).concat()
}

pub(super) fn packed_once(extension: &str, bytes: &[u8]) -> Vec<u8> {
    match extension {
        "gz" => {
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), Default::default());
            packer.write_all(bytes).and_then(|()| packer.finish()).expect("it is packed")
        }
        "zst" => zstd::encode_all(bytes, 0).expect("it is packed"),
        "bz2" => {
            let mut packer = bzip2::write::BzEncoder::new(Vec::new(), Default::default());
            packer.write_all(bytes).and_then(|()| packer.finish()).expect("it is packed")
        }
        "xz" => {
            let options = lzma_rust2::XzOptions::with_preset(1);
            let mut packer = lzma_rust2::XzWriter::new(Vec::new(), options).expect("options");
            packer.write_all(bytes).expect("it is packed");
            packer.finish().expect("it is packed")
        }
        _ => unreachable!("no such packing"),
    }
}

#[test]
fn the_same_articles_whatever_they_come_in() {
    let articles = articles();
    let folder = Folder::new();
    let kinds = [
        ("jsonl", jsonl(&articles)),
        ("csv", csv(&articles, ',')),
        ("tsv", csv(&articles, '\t')),
        ("parquet", columns(ids_and_texts(&articles), 400)),
    ];
    let expected = run_with_input(&["-", "--format", "jsonl"], &kinds[0].1);
    let shown = run_with_input(&["-"], &kinds[0].1);
    assert_eq!(json_lines(&expected.stdout).len(), 501, "{}", stderr(&expected));
    for (kind, bytes) in &kinds {
        for packing in ["", "gz", "zst", "bz2", "xz"] {
            let (name, bytes) = match packing {
                "" => (format!("corpus.{kind}"), bytes.clone()),
                _ => (format!("corpus.{kind}.{packing}"), packed(packing, bytes)),
            };
            let path = folder.file(&name, &bytes);
            for threads in ["1", "3"] {
                let output = run(&[&path, "--format", "jsonl", "--threads", threads]);
                assert!(output.stdout == expected.stdout, "{name}: {}", stderr(&output));
                assert_eq!(stderr(&output), "", "{name}");
            }
            // What is shown is read again.
            assert!(run(&[&path]).stdout == shown.stdout, "{name}");
            let from_pipe = run_with_input(&["-", "--input-format", kind], &bytes);
            assert!(from_pipe.stdout == shown.stdout, "{name}: {}", stderr(&from_pipe));
        }
    }
}

#[test]
fn many_packed_files_come_in_their_order() {
    let folder = Folder::new();
    let articles = articles();
    for (number, part) in articles.chunks(100).enumerate() {
        let extension = ["gz", "zst", "bz2", "xz"][number % 4];
        let name = format!("{number:02}.jsonl.{extension}");
        folder.file(&name, packed(extension, &jsonl(part)));
    }
    let expected = run_with_input(&["-", "--format", "jsonl"], &jsonl(&articles)).stdout;
    for threads in ["1", "2", "7"] {
        let output = run(&[&folder.path(""), "--format", "jsonl", "--threads", threads]);
        assert!(output.stdout == expected, "{threads}: {}", stderr(&output));
    }
}

/// A page with the usual things around its article.
pub(super) fn page(title: &str, text: &str) -> String {
    format!(
        "<html><head><title>{title}</title><meta property=\"article:published_time\" \
         content=\"2024-05-01\"><meta property=\"og:site_name\" content=\"Bote\"></head><body>\
         <nav><a href=\"/\">Home</a> <a href=\"/sport\">Sport</a></nav><article><p>{text}</p>\
         <p>{text}</p></article><footer>Imprint</footer></body></html>"
    )
}

#[test]
fn the_main_text_of_a_page() {
    let folder = Folder::new();
    folder.file("a.html", page("Bridge to close", BRIDGE));
    folder.file("b.HTM.gz", packed_once("gz", page("Another headline", BRIDGE_AGAIN).as_bytes()));
    folder.file("c.txt.zst", packed_once("zst", CHOIR.as_bytes()));
    let output = run(&[&folder.path("")]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("a.html (2024-05-01, Bote)"), "{text} {}", stderr(&output));
    let kept = folder.path("kept.jsonl");
    let (clusters, summary) = clusters(&[&folder.path(""), "--keep", &kept, "--keep-by", "first"]);
    assert_eq!(ids(&clusters[0]), ["a.html", "b.HTM.gz"]);
    assert_eq!(summary["articles"], 3);
    let kept = json_lines(&fs::read(&kept).expect("it is there"));
    assert_eq!(kept[0]["text"], format!("Bridge to close\n\n{BRIDGE}\n\n{BRIDGE}"));
    assert_eq!(kept[1]["text"], CHOIR);
}

#[test]
fn columns_of_all_types() {
    let folder = Folder::new();
    let texts = [BRIDGE, CHOIR, BRIDGE_AGAIN];
    let bytes: Vec<&[u8]> = texts.iter().map(|text| text.as_bytes()).collect();
    let forms: [(&str, ArrayRef); 5] = [
        ("large", Arc::new(LargeStringArray::from(texts.to_vec()))),
        ("view", Arc::new(StringViewArray::from(texts.to_vec()))),
        ("dictionary", Arc::new(DictionaryArray::<Int32Type>::from_iter(texts))),
        ("binary", Arc::new(BinaryArray::from(bytes))),
        ("plain", Arc::new(StringArray::from(texts.to_vec()))),
    ];
    for (name, texts) in forms {
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![7, 8, 9]));
        let dates = TimestampSecondArray::from(vec![Some(0), None, Some(86_400 * 365)]);
        let dates: ArrayRef = Arc::new(dates);
        let columns = columns(vec![("id", numbers), ("body", texts), ("date", dates)], 2);
        let path = folder.file(&format!("{name}.parquet"), columns);
        let kept = folder.path("kept.parquet");
        let arguments = ["--text-field", "body", "--keep", &kept, "--keep-by", "earliest"];
        let output = run(&[&[&*path], &arguments[..]].concat());
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("7 (1970-01-01T00:00:00)"), "{name}: {text} {}", stderr(&output));
        let (clusters, _) = clusters(&[&[&*path], &arguments[..]].concat());
        assert_eq!(ids(&clusters[0]), ["7", "9"], "{name}");
    }
}

#[test]
fn patterns_stand_for_files() {
    let folder = Folder::new();
    folder.file("a/one.jsonl", line("1", BRIDGE));
    folder.file("b/two.jsonl.gz", packed_once("gz", line("2", BRIDGE_AGAIN).as_bytes()));
    folder.file("b/three.csv", "id,text\n3,none\n");
    let (clusters, summary) = clusters(&[&folder.path("*/*.jsonl*")]);
    assert_eq!(ids(&clusters[0]), ["1", "2"]);
    assert_eq!(summary["articles"], 2);
    // Files of several folders may be called the same.
    let same = folder.file("c/one.jsonl", format!("{}\n", serde_json::json!({"text": BRIDGE})));
    let (clusters, _) = super::clusters(&[&folder.path("[ac]"), "--id-field", "none"]);
    assert_eq!(
        ids(&clusters[0]),
        [format!("{}:1", folder.path("a/one.jsonl")), format!("{same}:1")]
    );
    fails(&run(&[&folder.path("*.tsv")]), 1, &["*.tsv: not found"]);
    fails(&run(&[&folder.path("a***.tsv")]), 2, &["a***.tsv: "]);
    // A file of that very name comes first.
    let odd = folder.file("[x].jsonl", line("4", CHOIR));
    let output = run(&[&odd, "--format", "jsonl"]);
    assert_eq!(json_lines(&output.stdout)[0]["articles"], 1, "{}", stderr(&output));
}

#[test]
fn rows_are_called_by_their_lines() {
    let folder = Folder::new();
    let input = format!("text\r\n\"one\n{BRIDGE}\"\r\n\r\n\"one {BRIDGE}\"");
    let path = folder.file("a.csv", input);
    let (clusters, _) = clusters(&[&path]);
    assert_eq!(ids(&clusters[0]), ["a.csv:2", "a.csv:5"]);
    let texts: ArrayRef = Arc::new(StringArray::from(vec![BRIDGE, CHOIR, BRIDGE]));
    let path = folder.file("a.parquet", columns(vec![("text", texts)], 2));
    assert_eq!(ids(&super::clusters(&[&path]).0[0]), ["a.parquet:1", "a.parquet:3"]);
}
