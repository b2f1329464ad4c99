//! The peers that are crates, each run as a process of its own by this program.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};

use anyhow::{Context, Result, bail};
use gaoya::minhash::{MinHashIndex, MinHasher, MinHasher32, VecContainer};
use gaoya::text::{shingle_tokens, whitespace_split};
use lshdedup_core::{Config, Index, ShingleUnit};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Lines that are parsed and signed together.
const BATCH: usize = 4096;

#[derive(Deserialize)]
struct Article<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    text: Cow<'a, str>,
}

#[derive(Serialize)]
struct Cluster<'a> {
    members: Vec<&'a str>,
}

/// The ids of all articles, and the pairs found among them.
struct Found {
    ids: Vec<String>,
    pairs: Vec<(u32, u32)>,
}

/// What both peers are told.
struct Settings {
    threshold: f64,
    bands: usize,
    rows: usize,
    corpus: String,
}

/// Runs the peer of that name: `THRESHOLD BANDS ROWS CORPUS CLUSTERS [PAIRS]`.
pub fn run(name: &str, arguments: &[String]) -> Result<()> {
    let [threshold, bands, rows, corpus, out, pairs_out @ ..] = arguments else {
        bail!("{name} wants THRESHOLD BANDS ROWS CORPUS CLUSTERS [PAIRS]");
    };
    let settings = Settings {
        threshold: threshold.parse()?,
        bands: bands.parse()?,
        rows: rows.parse()?,
        corpus: corpus.clone(),
    };
    let found = match name {
        "gaoya" => gaoya(&settings)?,
        _ => lshdedup(&settings)?,
    };
    let mut file = BufWriter::new(File::create(out)?);
    for members in components(found.ids.len(), &found.pairs) {
        let members = members.into_iter().map(|article| found.ids[article].as_str()).collect();
        serde_json::to_writer(&mut file, &Cluster { members })?;
        file.write_all(b"\n")?;
    }
    file.flush()?;
    for path in pairs_out {
        let mut file = BufWriter::new(File::create(path)?);
        for &(a, b) in &found.pairs {
            writeln!(file, "{}\t{}", found.ids[a as usize], found.ids[b as usize])?;
        }
        file.flush()?;
    }
    Ok(())
}

/// gaoya: its words, its shingles of words, its 32-bit hasher, its index, whose queries filter
/// candidates by the signatures. Of the containers for buckets, the one that its documentation
/// recommends where nothing is removed.
fn gaoya(settings: &Settings) -> Result<Found> {
    let &Settings { threshold, bands, rows, .. } = settings;
    let hasher = MinHasher32::new(bands * rows);
    let mut index: MinHashIndex<u32, u32, VecContainer<u32>> =
        MinHashIndex::new_index(bands, rows, threshold);
    let mut ids = Vec::new();
    in_batches(&settings.corpus, |lines| {
        let signed: Vec<_> = lines
            .par_iter()
            .map(|line| {
                let article: Article<'_> = serde_json::from_str(line)?;
                let text = article.text.to_lowercase();
                let words: Vec<&str> = whitespace_split(&text).collect();
                let signature = hasher.create_signature(shingle_tokens(&words, 5));
                Ok((article.id.into_owned(), signature))
            })
            .collect::<Result<_>>()?;
        let first = ids.len() as u32;
        let (batch, signatures): (Vec<String>, Vec<_>) = signed.into_iter().unzip();
        index.par_bulk_insert((first..first + batch.len() as u32).collect(), signatures);
        ids.extend(batch);
        Ok(())
    })?;
    let pairs = (0..ids.len() as u32)
        .into_par_iter()
        .flat_map_iter(|article| {
            let found = index.query_by_id_owned(&article).into_iter();
            found.filter(move |&other| other < article).map(move |other| (other, article))
        })
        .collect();
    Ok(Found { ids, pairs })
}

/// lshdedup-core: each article is asked for before it goes in. Texts are all that can be asked for
/// and inserted, so each is signed twice.
fn lshdedup(settings: &Settings) -> Result<Found> {
    let mut index = Index::new(Config {
        num_hashes: settings.bands * settings.rows,
        bands: settings.bands,
        shingle_size: 5,
        shingle_unit: ShingleUnit::Word,
        seed: 0,
    })?;
    let mut ids = Vec::new();
    let mut pairs = Vec::new();
    in_batches(&settings.corpus, |lines| {
        for line in lines {
            let article: Article<'_> = serde_json::from_str(line)?;
            let text = article.text.to_lowercase();
            let number = ids.len() as u32;
            for hit in index.near_duplicates(&text, settings.threshold) {
                pairs.push((hit.id.parse()?, number));
            }
            index.insert(number.to_string(), &text)?;
            ids.push(article.id.into_owned());
        }
        Ok(())
    })?;
    Ok(Found { ids, pairs })
}

fn in_batches(path: &str, mut work: impl FnMut(&[String]) -> Result<()>) -> Result<()> {
    let mut lines =
        BufReader::with_capacity(1 << 20, File::open(path).context(path.to_owned())?).lines();
    loop {
        let batch: Vec<String> = lines.by_ref().take(BATCH).collect::<std::io::Result<_>>()?;
        if batch.is_empty() {
            return Ok(());
        }
        work(&batch)?;
    }
}

/// The connected components of more than one article.
fn components(articles: usize, pairs: &[(u32, u32)]) -> Vec<Vec<usize>> {
    fn root(parent: &mut [u32], mut node: u32) -> u32 {
        while parent[node as usize] != node {
            parent[node as usize] = parent[parent[node as usize] as usize];
            node = parent[node as usize];
        }
        node
    }
    let mut parent: Vec<u32> = (0..articles as u32).collect();
    for &(a, b) in pairs {
        let (a, b) = (root(&mut parent, a), root(&mut parent, b));
        parent[a.max(b) as usize] = a.min(b);
    }
    let mut members = vec![Vec::new(); articles];
    for article in 0..articles {
        members[root(&mut parent, article as u32) as usize].push(article);
    }
    members.retain(|members| members.len() > 1);
    members
}
