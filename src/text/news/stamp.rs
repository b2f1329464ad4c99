//! Lines that say when: nothing but a date, a time, and the words for them.

use super::scan::{Lower, Part, Parts, is_number, starts_with};
use super::words::{CLOCK, MONTHS, STAMPS, WEEKDAYS};

/// The longest stamp, in bytes.
const LONGEST: usize = 100;

/// Lines of their own that name no date.
const READING_TIMES: [&str; 5] =
    ["min read", "minute read", "min. lesezeit", "min de lecture", "min de lectura"];

/// Whether the line is a stamp. A headline may be a date (`11 September`), so a line of a bare date
/// needs a year, a time, a weekday or a word such as `Published`.
pub(super) fn is_stamp(line: &str) -> bool {
    if line.len() > LONGEST || !line.bytes().any(|b| b.is_ascii_digit()) {
        return false;
    }
    let (mut numbers, mut months, mut numeric, mut years, mut stamps, mut others) =
        (0, 0, 0, 0, 0, 0);
    let mut parts = Parts::of(line);
    while let Some(part) = parts.next() {
        match part {
            Part::Sign('(' | ')' | '[' | ']' | ',' | '|' | '-' | '/' | ':' | '.' | '@' | '+') => {}
            Part::Sign('\u{B7}' | '\u{2022}' | '\u{2013}' | '\u{2014}') => {}
            Part::Sign(_) => return false,
            Part::Word(word) if is_number(word) => {
                if numbers == 0 && is_reading_time(parts.rest()) {
                    return true;
                }
                numbers += 1;
                let year = word.trim_end_matches('.');
                years += usize::from(year.len() == 4 && matches!(&year[..2], "19" | "20"));
                numeric += usize::from(is_numeric_date(word));
            }
            Part::Word(word) => {
                let word = Lower::of(word);
                if word.is_in_or_abbreviated(MONTHS) {
                    months += 1;
                } else if word.is_in_or_abbreviated(WEEKDAYS) {
                    others += 1;
                } else if word.is_in(STAMPS) {
                    stamps += 1;
                } else if !word.is_in_or_abbreviated(CLOCK) {
                    return false;
                }
            }
        }
    }
    let is_dated = months > 0 && numbers > 0 || numeric > 0;
    let is_slashed = numbers >= 3 && years > 0 && months == 0;
    (is_dated && (years > 0 && numbers >= 2 || stamps > 0 || others > 0 || numeric > 0))
        || stamps > 0 && (numbers >= 2 || numeric > 0 || is_slashed)
        || is_slashed && line.contains('/')
}

/// `07.01.2008`, `2008-01-07`.
fn is_numeric_date(word: &str) -> bool {
    let mut fields = 0;
    let mut has_year = false;
    for field in word.split(['.', '-']) {
        fields += 1;
        has_year |= field.len() == 4;
    }
    fields == 3 && has_year && word.bytes().all(|b| !b.is_ascii_alphabetic())
}

fn is_reading_time(rest: &str) -> bool {
    let rest = rest.trim_start_matches([' ', '-']);
    READING_TIMES.iter().any(|words| starts_with(rest, words) == Some(rest.len()))
}
