//! Compares two text files and prints what differs, and what kinds of changes there are.
//!
//! ```text
//! cargo run --example compare_two OLD.txt NEW.txt
//! ```

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::{env, fs, io};

use reprint::diff::{DiffReport, Style};

fn main() -> ExitCode {
    let files: Vec<String> = env::args().skip(1).collect();
    let [old, new] = &files[..] else {
        eprintln!("usage: compare_two OLD.txt NEW.txt");
        return ExitCode::from(2);
    };
    match compare(old, new) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn compare(old: &str, new: &str) -> io::Result<()> {
    let read = |file: &str| {
        let named = |error| io::Error::other(format!("{file}: {error}"));
        fs::read_to_string(file).map_err(named)
    };
    let (old_text, new_text) = (read(old)?, read(new)?);
    let report = DiffReport::between(&old_text, &new_text);
    let style = Style { a: old.into(), b: new.into(), ..Style::default() };
    println!("{}", report.display(&style));

    let mut kinds = BTreeMap::new();
    for edit in report.edits() {
        *kinds.entry(edit.kind).or_insert(0) += 1;
    }
    for (kind, count) in kinds {
        println!("{count:>4} {kind}");
    }
    Ok(())
}
