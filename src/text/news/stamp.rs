//! Lines that say when: nothing but a date, a time, and the words for them.

use super::scan::{Lower, Part, Parts, is_number, starts_with};
use super::words::{CLOCK, MONTHS, STAMPS, WEEKDAYS};

/// The longest stamp, in bytes.
const LONGEST: usize = 100;

/// Lines of their own that name no date.
const READING_TIMES: [&str; 5] =
    ["min read", "minute read", "min. lesezeit", "min de lecture", "min de lectura"];

/// Whether the line is a stamp. A bare date is one at the head alone, and with a year or a weekday
/// and a time: `11 September` may be a headline.
pub(super) fn is_stamp(line: &str, is_head: bool) -> bool {
    if line.len() > LONGEST || line.ends_with(':') || !line.bytes().any(|b| b.is_ascii_digit()) {
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
                if word.is_in_or_abbreviated(&MONTHS) {
                    months += 1;
                } else if word.is_in_or_abbreviated(&WEEKDAYS) {
                    others += 1;
                } else if word.is_in(&STAMPS) {
                    stamps += 1;
                } else if !word.is_in_or_abbreviated(&CLOCK) {
                    return false;
                }
            }
        }
    }
    let is_dated = months > 0 && numbers > 0 || numeric > 0;
    let is_slashed = numbers >= 3 && years > 0 && months == 0 && line.contains('/');
    if stamps > 0 {
        return is_dated || numbers >= 2;
    }
    // Two months are a span of time, and dates at the foot are those of events.
    is_head
        && months <= 1
        && (is_dated && numbers + numeric >= 2 || is_slashed)
        && (years + numeric > 0 || others > 0)
}

/// `07.01.2008`, `2008-01-07`.
fn is_numeric_date(word: &str) -> bool {
    let mut fields = [0; 3];
    let mut count = 0;
    for field in word.split(['.', '-']) {
        let Ok(number) = field.parse::<u16>() else { return false };
        if let Some(place) = fields.get_mut(count) {
            *place = number;
        }
        count += 1;
    }
    let is_year = |number: u16| (1900..2100).contains(&number);
    let is_month_or_day = |number: u16| (1..=31).contains(&number);
    count == 3
        && is_month_or_day(fields[1])
        && (is_year(fields[0]) && is_month_or_day(fields[2])
            || is_month_or_day(fields[0]) && is_year(fields[2]))
}

fn is_reading_time(rest: &str) -> bool {
    let rest = rest.trim_start_matches([' ', '-']);
    READING_TIMES.iter().any(|words| starts_with(rest, words) == Some(rest.len()))
}
