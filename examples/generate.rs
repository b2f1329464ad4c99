//! Writes a corpus of invented articles with known copies among them, one JSON object a line.
//!
//! ```text
//! cargo run --release --example generate -- --articles 100000 --seed 1 > corpus.jsonl
//! ```
//!
//! Each line has `id`, `text`, `story` (the same for an original and its copies) and `kind` (how
//! the article was made).

#[allow(dead_code, reason = "each user uses a part")]
#[path = "../benches/corpus/mod.rs"]
mod corpus;

use std::error::Error;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use corpus::{Generator, Mix, Settings};

const USAGE: &str = "\
usage: generate [--articles N] [--seed N] [--mix plain|hard|shared-paragraphs] [--copies SHARE]

  --articles N    how many articles (default 1000)
  --seed N        another seed, another corpus (default 1)
  --mix NAME      what the corpus is made of (default plain)
  --copies SHARE  share of articles that are copies of another (default: the mix's)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let settings = match parse(&arguments) {
        Ok(settings) => settings,
        Err(error) => {
            eprintln!("generate: {error}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match write(settings) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            eprintln!("generate: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

fn parse(arguments: &[String]) -> Result<Settings, Box<dyn Error>> {
    let mut settings = Settings::new(1000, 1);
    let mut copies = None;
    for pair in arguments.chunks(2) {
        let [option, value] = pair else { return Err(format!("{} wants a value", pair[0]).into()) };
        let wrong = |error: &dyn Error| format!("{option} {value}: {error}");
        match option.as_str() {
            "--articles" => settings.articles = value.parse().map_err(|e| wrong(&e))?,
            "--seed" => settings.seed = value.parse().map_err(|e| wrong(&e))?,
            "--mix" => {
                settings.mix = Mix::named(value).ok_or(format!("there is no mix {value}"))?
            }
            "--copies" => copies = Some(value.parse::<f64>().map_err(|e| wrong(&e))?),
            _ => return Err(format!("there is no option {option}").into()),
        }
    }
    if let Some(copies) = copies {
        settings.mix.copies = copies;
    }
    settings.check()?;
    Ok(settings)
}

fn write(settings: Settings) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    for article in Generator::new(settings) {
        write!(out, "{{\"id\":\"{}\",\"text\":", article.id)?;
        serde_json::to_writer(&mut out, &article.text)?;
        writeln!(out, ",\"story\":{},\"kind\":\"{}\"}}", article.story, article.kind.name())?;
    }
    out.flush()
}
