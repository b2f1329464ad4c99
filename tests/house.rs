//! What the sources promise each other: the direction of imports, no `unsafe`, no long files.

use std::fs;
use std::path::{Path, PathBuf};

/// What each module may import from the others. A module that does not stand here may import
/// nothing but what is common to all.
const MAY_IMPORT: [(&str, &[&str]); 7] = [
    ("text", &["simd"]),
    ("sketch", &["simd"]),
    ("lsh", &["sketch", "simd"]),
    ("furniture", &["lsh"]),
    ("diff", &["text", "align"]),
    ("family", &["align"]),
    (
        "dedup",
        &["text", "sketch", "lsh", "align", "furniture", "cluster", "diff", "family", "simd"],
    ),
];

/// What all modules may import.
const COMMON: [&str; 4] = ["error", "lookup", "parallel", "sort"];

/// The longest file, in lines.
const LONGEST: usize = 600;

/// A name that a source takes from the root of the crate, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Import {
    name: String,
    line: usize,
}

/// The words and signs of a Rust source, without comments and literals, each with its line.
fn lex(source: &str) -> Vec<(String, usize)> {
    let chars: Vec<char> = source.chars().collect();
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    while at < chars.len() {
        let start = at;
        let rest = &chars[at..];
        match rest {
            ['/', '/', ..] => {
                at += rest.iter().position(|&c| c == '\n').unwrap_or(rest.len());
            }
            ['/', '*', ..] => at += block_comment(rest),
            ['"', ..] => at += quoted(rest),
            ['\'', ..] => at += character_or_lifetime(rest),
            ['r' | 'b' | 'c', ..] if raw_string(rest).is_some() => {
                at += raw_string(rest).unwrap_or(1);
            }
            // A raw identifier is the identifier.
            ['r', '#', c, ..] if is_word(*c) => at += 2,
            [c, ..] if is_word(*c) => {
                let length = rest.iter().position(|&c| !is_word(c)).unwrap_or(rest.len());
                tokens.push((rest[..length].iter().collect(), line));
                at += length;
            }
            [':', ':', ..] => {
                tokens.push(("::".to_owned(), line));
                at += 2;
            }
            [c, ..] => {
                if !c.is_whitespace() {
                    tokens.push((c.to_string(), line));
                }
                at += 1;
            }
            [] => unreachable!("at is before the end"),
        }
        line += chars[start..at].iter().filter(|&&c| c == '\n').count();
    }
    tokens
}

/// The length of a block comment, with those within it.
fn block_comment(rest: &[char]) -> usize {
    let (mut at, mut depth) = (0, 0);
    while at < rest.len() {
        match &rest[at..] {
            ['/', '*', ..] => (at, depth) = (at + 2, depth + 1),
            ['*', '/', ..] => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of a literal in double quotes.
fn quoted(rest: &[char]) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != '"' {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

/// The length of a literal in single quotes, or 1 for the quote of a lifetime.
fn character_or_lifetime(rest: &[char]) -> usize {
    match rest {
        [_, '\\', _, tail @ ..] => {
            3 + tail.iter().position(|&c| c == '\'').map_or(tail.len(), |end| end + 1)
        }
        [_, _, '\'', ..] => 3,
        _ => 1,
    }
}

/// The length of a raw string, if one starts here.
fn raw_string(rest: &[char]) -> Option<usize> {
    let prefix = rest.iter().take(2).position(|&c| c == 'r')?;
    if prefix == 1 && !matches!(rest[0], 'b' | 'c') {
        return None;
    }
    let hashes = rest[prefix + 1..].iter().take_while(|&&c| c == '#').count();
    let open = prefix + 1 + hashes;
    if rest.get(open) != Some(&'"') {
        return None;
    }
    let close: Vec<char> = std::iter::once('"').chain(vec!['#'; hashes]).collect();
    let length = rest[open + 1..].windows(close.len()).position(|window| window == close);
    Some(length.map_or(rest.len(), |length| open + 1 + length + close.len()))
}

/// What a source takes from the root of the crate: the first name of each path, or `*` for a path
/// that may lead anywhere. `module` is where the source stands, as a path from the root.
fn imports(module: &[&str], source: &str) -> Vec<Import> {
    let tokens = lex(source);
    let mut found = Vec::new();
    let mut module: Vec<String> = module.iter().map(|&name| name.to_owned()).collect();
    // For each open brace, whether it is that of a module.
    let mut braces = Vec::new();
    let word = |at: usize| tokens.get(at).map_or("", |(word, _)| word.as_str());
    let mut at = 0;
    while at < tokens.len() {
        match word(at) {
            "mod" if word(at + 2) == "{" => {
                module.push(word(at + 1).to_owned());
                braces.push(true);
                at += 3;
                continue;
            }
            "{" => braces.push(false),
            "}" if braces.pop() == Some(true) => {
                module.pop();
            }
            "crate" if word(at + 1) == "as" => {
                found.push(Import { name: "*".to_owned(), line: tokens[at].1 });
            }
            "extern" if (word(at + 1), word(at + 2)) == ("crate", "self") => {
                found.push(Import { name: "*".to_owned(), line: tokens[at].1 });
            }
            "crate" | "super" => {
                at = path(&tokens, at, module.len(), &mut found);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Reads a path, or a tree of them, which starts `depth` modules below the root, and returns the
/// place after it. Names are found where the path stands at the root.
fn path(tokens: &[(String, usize)], at: usize, depth: usize, found: &mut Vec<Import>) -> usize {
    let Some((word, line)) = tokens.get(at) else { return at };
    let separated = tokens.get(at + 1).is_some_and(|(next, _)| next == "::");
    let mut report = |name: &str| found.push(Import { name: name.to_owned(), line: *line });
    match word.as_str() {
        "crate" if separated => path(tokens, at + 2, 0, found),
        "super" if separated => path(tokens, at + 2, depth.saturating_sub(1), found),
        "self" if separated => path(tokens, at + 2, depth, found),
        "{" => {
            let mut at = at + 1;
            while let Some((word, _)) = tokens.get(at) {
                at = match word.as_str() {
                    "}" => return at + 1,
                    "," => at + 1,
                    // What is left of an element that has been reported: `::Name`, `as name`.
                    "::" if tokens.get(at + 1).is_some_and(|(next, _)| next == "{") => {
                        path(tokens, at + 1, usize::MAX, found)
                    }
                    _ if matches!(tokens[at - 1].0.as_str(), "{" | ",") => {
                        path(tokens, at, depth, found)
                    }
                    _ => at + 1,
                };
            }
            at
        }
        "self" | "*" if depth == 0 => {
            report("*");
            at + 1
        }
        name if depth == 0 && name.chars().all(|c| c.is_alphanumeric() || c == '_') => {
            report(name);
            at + 1
        }
        _ => at + 1,
    }
}

/// What the root of the crate exports again, as (name, module it comes from).
fn exports(root: &str) -> Vec<(String, String)> {
    let tokens = lex(root);
    let word = |at: usize| tokens.get(at).map_or("", |(word, _)| word.as_str());
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        if (word(at), word(at + 1), word(at + 3)) == ("pub", "use", "::") {
            let names = (at + 4..).map(word).take_while(|&word| !matches!(word, ";" | ""));
            found.extend(names.map(|name| (name.to_owned(), word(at + 2).to_owned())));
        }
    }
    found
}

/// What is wrong with the imports of a source. `exports` are those of the root, through which
/// nobody may go round the rules either.
fn violations(module: &[&str], source: &str, exports: &[(String, String)]) -> Vec<String> {
    let own = module[0];
    let allowed = MAY_IMPORT.iter().find(|(name, _)| *name == own).map_or(&[][..], |rule| rule.1);
    imports(module, source)
        .into_iter()
        .filter_map(|import| {
            let from = exports.iter().find(|(name, _)| *name == import.name);
            let from = from.map_or(import.name.as_str(), |(_, module)| module);
            let fine = from == own || COMMON.contains(&from) || allowed.contains(&from);
            (!fine).then(|| format!("line {}: {own} imports {from}", import.line))
        })
        .collect()
}

/// All Rust sources under a folder of the crate, but for what is built.
fn sources(folder: &str) -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path = entry.expect("an entry").path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no sources under {folder}");
    found
}

/// The module that a file under src is, as a path from the root: none for lib.rs.
fn module_of(path: &Path) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let path = path.strip_prefix(root).expect("a file under src").with_extension("");
    let mut module: Vec<String> =
        path.iter().map(|name| name.to_string_lossy().into_owned()).collect();
    if module.last().is_some_and(|name| name == "mod" || name == "lib") {
        module.pop();
    }
    module
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn stages_import_in_one_direction() {
    let exports = exports(&read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")));
    assert!(exports.contains(&("Deduper".to_owned(), "dedup".to_owned())), "{exports:?}");
    let mut wrong = Vec::new();
    let mut seen = Vec::new();
    for path in sources("src") {
        let module = module_of(&path);
        let module: Vec<&str> = module.iter().map(String::as_str).collect();
        if let Some(&stage) = module.first() {
            seen.push(stage.to_owned());
            let found = violations(&module, &read(&path), &exports);
            wrong.extend(found.into_iter().map(|what| format!("{}: {what}", path.display())));
        }
    }
    for stage in ["text", "sketch", "lsh", "align", "cluster", "diff", "family", "dedup"] {
        assert!(seen.iter().any(|name| name == stage), "{stage} is not under src");
    }
    assert!(wrong.is_empty(), "imports against the direction:\n{}", wrong.join("\n"));
}

#[test]
fn unsafe_stays_in_its_folder() {
    for path in sources("src") {
        let in_folder = module_of(&path).first().is_some_and(|name| name == "simd");
        let found = lex(&read(&path)).into_iter().find(|(word, _)| word == "unsafe");
        if let (false, Some((_, line))) = (in_folder, found) {
            panic!("{}:{line}: unsafe outside src/simd", path.display());
        }
    }
}

#[test]
fn no_file_is_long() {
    for path in ["src", "examples", "benches", "tests"].into_iter().flat_map(sources) {
        let lines = read(&path).lines().count();
        assert!(lines <= LONGEST, "{} has {lines} lines, over {LONGEST}", path.display());
    }
}

/// The names that a source in `text/tokens.rs` takes from the root.
fn names(source: &str) -> Vec<String> {
    imports(&["text", "tokens"], source).into_iter().map(|import| import.name).collect()
}

#[test]
fn the_scanner_sees_every_spelling() {
    for (source, expected) in [
        ("use crate::align::Aligner;", &["align"][..]),
        ("use crate::align;", &["align"]),
        ("use crate::r#align;", &["align"]),
        ("use crate::{align, text};", &["align", "text"]),
        ("use crate::{\n    Error,\n    lsh::{self, banding::Banding},\n};", &["Error", "lsh"]),
        (
            "use crate::{align::{Aligner, Passage}, lsh as index, sketch};",
            &["align", "lsh", "sketch"],
        ),
        ("use crate::{{align}};", &["align"]),
        ("use {std::fmt, crate::lsh::Limited};", &["lsh"]),
        ("fn f() { let x = crate::lsh::X; }", &["lsh"]),
        (
            "fn f() -> Vec<crate::sketch::MinHash> { g::<crate::align::Passage>() }",
            &["sketch", "align"],
        ),
        ("use super::super::align::Aligner;", &["align"]),
        ("use self::super::super::align::Aligner;", &["align"]),
        ("use super::super::{align, cluster::Node};", &["align", "cluster"]),
        ("use super::{chars, super::align};", &["align"]),
        ("mod tests { use super::super::super::align::Aligner; }", &["align"]),
        ("mod tests { fn f() { {} } } use super::super::align;", &["align"]),
        ("macro_rules! m { () => { $crate::align::f() } }", &["align"]),
        ("use crate::*;", &["*"]),
        ("use crate::{self as house};", &["*"]),
        ("use crate as house;", &["*"]),
        ("use super::super::*;", &["*"]),
        ("extern crate self as house;", &["*"]),
        ("pub use crate::dedup::Deduper;", &["dedup"]),
        ("/* a comment */ use crate /* another */ :: align;", &["align"]),
        ("fn f<'a>(x: &'a str) { let c = '\"'; crate::align::f() }", &["align"]),
        (r##"fn f() { let s = r#"text" // "#; crate::align::f() }"##, &["align"]),
    ] {
        assert_eq!(names(source), expected, "{source}");
    }
}

#[test]
fn the_scanner_leaves_the_rest_alone() {
    for source in [
        "// use crate::align::Aligner;",
        "/// See [`crate::align`].\nfn f() {}",
        "//! [`Aligner`](crate::align::Aligner)",
        "/* use crate::align; /* nested */ use crate::lsh; */",
        "#[doc = \"crate::align\"]\nfn f() {}",
        "fn f() { let s = \"use crate::align; \\\" crate::lsh\"; }",
        "fn f() { let s = r#\"use crate::align; \" crate::lsh\"#; let c = b'\\''; }",
        "use super::chars::Char;",
        "use super::{chars, shingle::Shingler};",
        "mod tests { use super::*; use super::super::chars::Char; }",
        "pub(crate) fn f() {} pub(super) fn g() {} pub(in super::super) fn h() {}",
        "use other::crate_align::X; use align::Aligner;",
        "use self::align::Aligner;",
    ] {
        assert_eq!(names(source), Vec::<String>::new(), "{source}");
    }
}

#[test]
fn the_rules_tell_right_from_wrong() {
    let exports = exports("pub use align::{Evidence, Measure};\npub use dedup::Deduper;");
    let count = |module: &[&str], source: &str| violations(module, source, &exports).len();
    for (module, source) in [
        (&["lsh", "banding"][..], "use crate::sketch::MinHash; use crate::parallel;"),
        (&["diff", "compare"], "use crate::{align::Aligner, text, error::check};"),
        (&["dedup"], "use crate::{align, cluster, diff, lsh, sketch, text};"),
        (&["align", "table"], "use crate::{Evidence, align::Passage}; use super::super::align::X;"),
    ] {
        assert_eq!(count(module, source), 0, "{module:?}: {source}");
    }
    for (module, source) in [
        (&["text"][..], "use crate::sketch::MinHash;"),
        (&["text"], "use super::align::Aligner;"),
        (&["sketch", "minhash"], "use crate::text::Shingler;"),
        (&["align"], "use crate::cluster::Node;"),
        (&["cluster"], "fn f(x: crate::align::Evidence) {}"),
        (&["cluster"], "use crate::Evidence;"),
        (&["lsh"], "use crate::align::Aligner;"),
        (&["lsh"], "use crate::Measure;"),
        (&["diff"], "use crate::lsh::Limited;"),
        (&["diff"], "use crate::dedup::Deduper;"),
        (&["diff"], "use crate::Deduper;"),
        (&["family"], "use crate::text::Tokens;"),
        (&["diff"], "use crate::*;"),
        (&["error"], "use crate::text::Tokens;"),
        (&["new"], "use crate::text::Tokens;"),
    ] {
        assert_eq!(count(module, source), 1, "{module:?}: {source}");
    }
    let both = violations(&["text"], "\nuse crate::{align,\n    lsh};", &exports);
    assert_eq!(both, ["line 2: text imports align", "line 3: text imports lsh"]);
}
