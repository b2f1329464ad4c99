//! Clusters as a table: a row for each member.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;

use anyhow::Result;
use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, UInt64Array};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use reprint::Clusters;
use serde::Serialize;

use crate::input::Corpus;
use crate::output::{self, of_the_disk, rounded};

/// A member of a cluster, and what it shares with the representative.
#[derive(Serialize)]
struct Row<'a> {
    cluster: u64,
    id: &'a str,
    relation: &'static str,
    coverage: Option<f64>,
    representative_coverage: Option<f64>,
    jaccard: Option<f64>,
    containment: Option<f64>,
    shared_words: Option<u64>,
    longest_passage_words: Option<u64>,
    representative: &'a str,
}

const NAMES: [&str; 10] = [
    "cluster",
    "id",
    "relation",
    "coverage",
    "representative_coverage",
    "jaccard",
    "containment",
    "shared_words",
    "longest_passage_words",
    "representative",
];

/// Rows of Parquet that are written at once.
const ROWS: usize = 1 << 16;

/// All members of all clusters, the representative of each first.
fn rows<'a>(corpus: &'a Corpus, clusters: &'a Clusters<'_>) -> impl Iterator<Item = Row<'a>> {
    let id = |article: usize| corpus.articles.id(article);
    (0..).zip(clusters.iter()).flat_map(move |(cluster, group)| {
        let representative = id(group.representative());
        let first = Row {
            cluster,
            id: representative,
            relation: "representative",
            coverage: None,
            representative_coverage: None,
            jaccard: None,
            containment: None,
            shared_words: None,
            longest_passage_words: None,
            representative,
        };
        let members: Vec<_> = (group.members().iter())
            .map(|member| {
                let evidence = member.evidence();
                Row {
                    cluster,
                    id: id(member.article()),
                    relation: member.relation().name(),
                    coverage: Some(rounded(evidence.coverage_a())),
                    representative_coverage: Some(rounded(evidence.coverage_b())),
                    jaccard: Some(rounded(evidence.jaccard())),
                    containment: Some(rounded(evidence.containment())),
                    shared_words: Some(evidence.shared_words() as u64),
                    longest_passage_words: Some(evidence.longest_passage as u64),
                    representative,
                }
            })
            .collect();
        std::iter::once(first).chain(members)
    })
}

/// Writes the rows under their names.
pub fn csv(out: impl Write, corpus: &Corpus, clusters: &Clusters<'_>) -> Result<()> {
    let out = BufWriter::with_capacity(output::BUFFER, out);
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(out);
    let written = writer
        .write_record(NAMES)
        .and_then(|()| rows(corpus, clusters).try_for_each(|row| writer.serialize(row)));
    written.map_err(io::Error::from)?;
    Ok(writer.flush()?)
}

/// Writes the rows in columns of these names.
pub fn parquet(out: impl Write + Send, corpus: &Corpus, clusters: &Clusters<'_>) -> Result<()> {
    let settings =
        WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default()));
    let out = BufWriter::with_capacity(output::BUFFER, out);
    let schema = batch(&[])?.schema();
    let mut writer =
        ArrowWriter::try_new(out, schema, Some(settings.build())).map_err(of_the_disk)?;
    let mut all = rows(corpus, clusters);
    loop {
        let some: Vec<_> = all.by_ref().take(ROWS).collect();
        if some.is_empty() {
            break;
        }
        writer.write(&batch(&some)?).map_err(of_the_disk)?;
    }
    Ok(writer.into_inner().map_err(of_the_disk)?.flush()?)
}

fn batch(rows: &[Row<'_>]) -> Result<RecordBatch> {
    fn shares(rows: &[Row<'_>], of: fn(&Row<'_>) -> Option<f64>) -> ArrayRef {
        Arc::new(rows.iter().map(of).collect::<Float64Array>())
    }
    fn counts(rows: &[Row<'_>], of: fn(&Row<'_>) -> Option<u64>) -> ArrayRef {
        Arc::new(rows.iter().map(of).collect::<UInt64Array>())
    }
    let texts = |texts: StringArray| -> ArrayRef { Arc::new(texts) };
    let columns = [
        counts(rows, |row| Some(row.cluster)),
        texts(rows.iter().map(|row| Some(row.id)).collect()),
        texts(rows.iter().map(|row| Some(row.relation)).collect()),
        shares(rows, |row| row.coverage),
        shares(rows, |row| row.representative_coverage),
        shares(rows, |row| row.jaccard),
        shares(rows, |row| row.containment),
        counts(rows, |row| row.shared_words),
        counts(rows, |row| row.longest_passage_words),
        texts(rows.iter().map(|row| Some(row.representative)).collect()),
    ];
    let is_missing = |name: &str| (3..9).any(|column| NAMES[column] == name);
    let columns = NAMES.into_iter().zip(columns);
    let columns = columns.map(|(name, column)| (name, column, is_missing(name)));
    Ok(RecordBatch::try_from_iter_with_nullable(columns)?)
}
