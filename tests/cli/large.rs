//! Corpora that are large in one way: many copies, one text around all articles, one long article.

use std::fmt::Write as _;

use super::*;

/// What a run with these options found and what it took, of articles that come through a pipe.
fn found(options: &[&str], articles: impl Iterator<Item = String>) -> (Vec<Value>, Value, Value) {
    let folder = Folder::new();
    let statistics = folder.path("stats.json");
    let fixed = ["-", "--format", "jsonl", "--stats", &statistics];
    let mut program = command(&[&fixed[..], options].concat());
    let mut child = program
        .stdin(Stdio::piped())
        .stdout(fs::File::create(folder.path("out.jsonl")).expect("a file"))
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = std::io::BufWriter::new(child.stdin.take().expect("piped"));
    articles.for_each(|article| input.write_all(article.as_bytes()).expect("it is read"));
    drop(input);
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stderr(&output), "");
    let mut lines = json_lines(&fs::read(folder.path("out.jsonl")).expect("it is there"));
    let summary = lines.pop().expect("there is a summary");
    let stats = json_lines(&fs::read(&statistics).expect("statistics")).remove(0);
    (lines, summary, stats)
}

/// Whether a run took at most so many MiB; nobody knows where the system does not tell.
fn took_at_most(mebibytes: u64, stats: &Value) {
    let peak = stats["peak_memory_bytes"].as_u64().unwrap_or(0);
    assert!(peak <= mebibytes << 20, "{} MiB: {stats}", peak >> 20);
}

/// So many words, each of them one of 20,000, by a number of the text.
fn words(text: u64, count: u64) -> String {
    let mut words = String::new();
    for place in 0..count {
        let mut hash = (text << 32 | place).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        hash = (hash ^ hash >> 29).wrapping_mul(0xd6e8_feb8_6659_fd93);
        let _ = write!(words, "w{} ", (hash ^ hash >> 32) % 20_000);
    }
    words
}

#[test]
fn three_million_identical_articles() {
    const ARTICLES: usize = 3_000_000;
    let articles = (0..ARTICLES).map(|id| format!("{{\"id\":{id},\"text\":\"{CHOIR}\"}}\n"));
    let (clusters, summary, stats) = found(&["--memory", "256M"], articles);
    assert_eq!((clusters.len(), &clusters[0]["size"]), (1, &json!(ARTICLES)));
    assert_eq!(clusters[0]["representative"], "0");
    assert_eq!(summary["copies"], ARTICLES - 1);
    assert_eq!(summary["removable"], ARTICLES - 1);
    assert_eq!(summary["pairs"], ARTICLES as u64 * (ARTICLES as u64 - 1) / 2);
    // They cost one: nothing was compared.
    assert_eq!(summary["candidates"], 0);
    took_at_most(900, &stats);
}

#[test]
fn one_long_paragraph_around_all_articles() {
    const ARTICLES: u64 = 100_000;
    let paragraph = words(u64::from(u32::MAX), 120);
    let articles = || {
        let article = |id: u64| {
            // A hundred of them are there twice, with a word more.
            let (text, more) = if id < 100 { (id + 100, "again ") } else { (id, "") };
            let (own, number) = (words(text, 60), id % 2);
            let text = [format!("{more}{own}{paragraph}"), format!("{paragraph}{own}{more}")];
            format!("{{\"id\":{id},\"text\":\"{}\"}}\n", text[number as usize])
        };
        (0..ARTICLES).map(article)
    };
    for options in [&[][..], &["--method", "simhash"], &["--method", "minhash"]] {
        let (clusters, summary, stats) = found(options, articles());
        assert_eq!(clusters.len(), 100, "{options:?}: {summary}");
        assert!(clusters.iter().all(|cluster| cluster["size"] == 2));
        let furniture = &summary["furniture"][0];
        assert!(furniture["articles"].as_u64() > Some(90_000), "{options:?}: {summary}");
        // All that they share is left out, so that nearly none of them is a candidate.
        assert!(summary["candidates"].as_u64() < Some(2000), "{options:?}: {summary}");
        took_at_most(400, &stats);
    }
    // Half of each article is the same in all: related to none, and nothing is left out.
    let (clusters, summary, stats) = found(&["--measure", "jaccard"], articles());
    assert_eq!(clusters.len(), 100, "{summary}");
    assert!(summary["limited_pairs"].as_u64() > Some(1_000_000), "{summary}");
    took_at_most(400, &stats);
}

#[test]
fn an_article_of_five_million_words() {
    const WORDS: u64 = 5_000_000;
    let excerpt = words(1, 400);
    let parts = (0..WORDS / 1000).map(|part| words(part + 1, 1000));
    let (first, last) = ("{\"id\":\"long\",\"text\":\"".to_owned(), "\"}\n".to_owned());
    let articles = [line("excerpt", &excerpt), first].into_iter().chain(parts).chain([
        last,
        line("again", &format!("{excerpt} and so on")),
        line("other", CHOIR),
    ]);
    let (clusters, summary, stats) = found(&[], articles);
    assert_eq!((clusters.len(), &summary["articles"]), (1, &json!(4)));
    assert_eq!(ids(&clusters[0]), ["again", "excerpt", "long"], "{}", clusters[0]);
    // 64 bytes a word, beside its text.
    took_at_most(600, &stats);
}
