//! Credits, claims of rights, calls to read on: lines known by what they begin with, or by a
//! phrase within them.

use super::NewsLineKind;
use super::scan::{Lower, Part, Parts, is_agency, is_capitalised, starts_with};
use super::words::{AGENCY_WORDS, After, CREDIT_PHRASES, OPENINGS, RIGHTS};

/// The longest line that begins with a phrase, in bytes.
const LONGEST: usize = 120;

/// The longest credit in parentheses, in bytes.
const LONGEST_CLOSING: usize = 48;

/// The longest credit of nothing but agencies and initials, in bytes.
const LONGEST_SIGNATURE: usize = 40;

/// What a line is by the words it begins with.
pub(super) fn opening(line: &str) -> Option<NewsLineKind> {
    let line = line.trim_start_matches(['(', '[', '>', '\u{BB}', '\u{2192}', '+', '*', ' ']);
    let first = line.bytes().next()?.to_ascii_lowercase();
    let byte = |entry: &(&str, _, _)| entry.0.bytes().next().unwrap_or(0);
    let from = OPENINGS.partition_point(|entry| byte(entry) < first);
    for &(phrase, kind, after) in OPENINGS[from..].iter().take_while(|entry| byte(entry) == first) {
        let Some(end) = starts_with(line, phrase) else { continue };
        if line.len() <= LONGEST && follows(&line[end..], after) {
            return Some(kind);
        }
    }
    None
}

fn follows(rest: &str, after: After) -> bool {
    let rest = rest.trim_start();
    let is_end = |rest: &str| !rest.chars().any(char::is_alphanumeric);
    match after {
        After::End => is_end(rest),
        After::Label => {
            is_end(rest) || rest.starts_with([':', '|', '\u{BB}', '\u{2192}', '>', '\u{FF1A}'])
        }
        After::Rest => true,
    }
}

/// Whether the line claims the rights: `© 2008 …`, `Copyright 2008 …`, `All rights reserved`.
pub(super) fn is_copyright(line: &str) -> bool {
    let first = line.trim_start_matches(['(', '[', ' ']);
    let mut chars = first.chars();
    match chars.next() {
        Some('\u{A9}') => true,
        Some('c' | 'C') => {
            let mark = if line.starts_with("(c)") || line.starts_with("(C)") {
                Some(2)
            } else {
                starts_with(first, "copyright")
            };
            mark.is_some_and(|end| {
                let mut rest = first[end..].trim_start_matches([' ', ':', ',', ')']);
                let mut is_marked = false;
                for sign in ["\u{A9}", "(c)", "(C)", "by ", "&copy;"] {
                    if let Some(stripped) = rest.strip_prefix(sign) {
                        rest = stripped.trim_start();
                        is_marked |= !sign.starts_with('b');
                    }
                }
                is_marked || is_year(rest) || rest.split('.').any(has_rights)
            })
        }
        _ => has_rights(line),
    }
}

fn is_year(text: &str) -> bool {
    let year = text.as_bytes();
    year.len() >= 4
        && matches!(&year[..2], b"19" | b"20")
        && year[2..4].iter().all(u8::is_ascii_digit)
        && !year.get(4).is_some_and(u8::is_ascii_alphanumeric)
}

/// Whether the line ends with the words that claim rights.
fn has_rights(line: &str) -> bool {
    let line = line.trim_end_matches(['.', ' ', '-', ')']).as_bytes();
    RIGHTS.iter().any(|phrase| {
        let phrase = phrase.as_bytes();
        let at = line.len().wrapping_sub(phrase.len());
        line.get(at..).is_some_and(|end| end.eq_ignore_ascii_case(phrase))
    })
}

/// Whether the line credits someone.
pub(super) fn is_credit(line: &str, is_foot: bool) -> bool {
    is_signature(line) || is_foot && is_contribution(line)
}

/// `Jane Doe contributed to this report.`
fn is_contribution(line: &str) -> bool {
    // The phrases are known by a letter that is rare.
    line.match_indices('b').any(|(at, _)| {
        CREDIT_PHRASES.iter().any(|&(phrase, before)| {
            let start = at.checked_sub(before).and_then(|start| line.get(start..));
            start.is_some_and(|line| starts_with(line, phrase).is_some())
        })
    })
}

/// `AFP/xyz`, `dpa`, `(Meridian Wire)`, `(dpa/AFP/jd)`: an agency, alone or with others and with
/// initials.
fn is_signature(line: &str) -> bool {
    if line.len() > LONGEST_SIGNATURE {
        return false;
    }
    let inside = line.strip_prefix(['(', '[']).and_then(|line| line.strip_suffix([')', ']']));
    signs(inside.unwrap_or(line), inside.is_some())
}

/// Whether the text is nothing but agencies and initials.
fn signs(text: &str, in_parentheses: bool) -> bool {
    let (mut words, mut agencies, mut names) = (0, 0, 0);
    for part in Parts::of(text) {
        match part {
            Part::Word(word) => {
                words += 1;
                if is_agency(word) {
                    agencies += 1;
                } else if in_parentheses && Lower::of(word).is_in(&AGENCY_WORDS) {
                    names += 1;
                } else if !(word.len() <= 4 || in_parentheses && is_capitalised(word)) {
                    return false;
                }
            }
            Part::Sign('/' | ',' | '-' | '+' | '&') => {}
            Part::Sign(_) => return false,
        }
    }
    // A line `AP and I` is no credit; `Paris Press` in parentheses is one.
    let has_slash = text.contains(['/', ',']);
    words <= 5 && (agencies > 0 && (agencies == words || has_slash || in_parentheses) || names > 0)
}

/// Where the credit in parentheses that ends the text begins: `… he said. (dpa)`.
pub(super) fn closing(text: &str) -> Option<usize> {
    let before = text.strip_suffix(')')?;
    let bytes = before.as_bytes();
    let tail = &bytes[bytes.len().saturating_sub(LONGEST_CLOSING)..];
    let open = tail.iter().rposition(|&byte| byte == b'(')?;
    let start = bytes.len() - tail.len() + open;
    let has_end = text[..start]
        .trim_end()
        .ends_with(['.', '!', '?', '"', '\u{201D}', '\u{201C}', '\u{BB}', '\u{AB}', '\u{2026}']);
    (has_end && signs(&before[start + 1..], true)).then_some(start)
}
