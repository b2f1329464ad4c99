//! Datelines: a place, perhaps a date and an agency, and a dash before the first sentence.

use super::lines::boundary;
use super::scan::{Lower, Part, Parts, is_agency, is_capitalised, is_in_capitals, is_number};
use super::words::{
    AGENCY_WORDS, CITIES, CLOCK, HEADLINE_WORDS, MONTHS, NOT_PLACES, PARTICLES, REGIONS, WEEKDAYS,
};

/// The longest dateline, in bytes.
const LONGEST: usize = 120;

/// How much of a paragraph has to follow a dateline that has nothing but a place, in bytes.
const SENTENCE: usize = 40;

/// The first byte of a dash in UTF-8.
const DASH: u8 = 0xE2;

/// A dateline at the beginning of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dateline {
    /// Where it ends, after the dash.
    pub(super) end: usize,
    /// It is a word or a few in capitals, without a date, an agency or a region.
    pub(super) is_bare: bool,
}

/// What has been read before the dash.
#[derive(Default)]
struct Read {
    /// Words of the place, without the small ones.
    places: usize,
    /// Commas so far.
    section: usize,
    /// Words since the last comma.
    in_section: usize,
    letters: usize,
    is_lower: bool,
    is_no_place: bool,
    numbers: usize,
    months: usize,
    weekdays: usize,
    has_region: bool,
    has_agency: bool,
    has_parenthesis: bool,
    in_parentheses: bool,
    place_end: usize,
}

/// The dateline that a line begins with. `goes_on`: there is more of the line than is given.
pub(super) fn dateline(line: &str, goes_on: bool) -> Option<Dateline> {
    let first = line.chars().next()?;
    if !(first == '(' || first.is_uppercase()) {
        return None;
    }
    // Most paragraphs have no sign that could end a dateline.
    let head = &line.as_bytes()[..line.len().min(LONGEST)];
    let is_sign = |byte: u8| matches!(byte, b'-' | b'_' | b')' | b':') || byte == DASH;
    if !head.iter().fold(false, |any, &byte| any | is_sign(byte)) {
        return None;
    }
    let mut read = Read::default();
    // A dateline is at the beginning, however long the paragraph is.
    let mut parts = Parts::of(&line[..boundary(line, 2 * LONGEST)]);
    loop {
        let before = parts.at();
        if before > LONGEST {
            return None;
        }
        match parts.next() {
            Some(Part::Word(word)) => {
                if read.has_parenthesis || !read.word(word) {
                    return None;
                }
                if read.section == 0 {
                    read.place_end = parts.at();
                }
            }
            Some(Part::Sign(',')) if !read.has_parenthesis && read.places > 0 => {
                read.section += 1;
                read.in_section = 0;
            }
            Some(Part::Sign('/')) if read.places > 0 && !read.has_parenthesis => {}
            // `(OSLO, Norway) —`: the place in parentheses.
            Some(Part::Sign('(')) if read.is_opening(parts.rest()) => read.in_parentheses = true,
            Some(Part::Sign(')')) if read.in_parentheses && read.places > 0 => {
                read.has_parenthesis = true;
            }
            Some(Part::Sign('(')) if !read.has_parenthesis => {
                let inside = parts.rest();
                let length = inside.bytes().take(42).position(|b| b == b')')?;
                read.parenthesis(&inside[..length])?;
                let at = parts.at() + length + 1;
                parts.skip_to(at);
                // `(EFE).-`, `(AFP), `
                if parts.rest().starts_with('.') {
                    parts.skip_to(at + 1);
                }
            }
            Some(Part::Sign(sign @ ('-' | '\u{2013}' | '\u{2014}' | '\u{2015}' | '_'))) => {
                let end = dash_end(line, parts.at(), sign)?;
                return read.judge(line, end, goes_on);
            }
            Some(Part::Sign(':')) => {
                let is_city = !read.is_lower && read.is_city(line) && read.section == 0;
                let end = parts.at();
                let is_label = read.has_agency && read.places > 0 || is_city;
                return read.judge(line, end, goes_on).filter(|found| {
                    is_label && line[found.end..].starts_with(char::is_whitespace)
                });
            }
            // The agency ends it: a line of its own.
            None if read.has_agency
                && read.places > 0
                && !begins_with_date(line)
                && !goes_on
                && line.len() <= LONGEST =>
            {
                return Some(Dateline { end: line.len(), is_bare: false });
            }
            _ => return None,
        }
    }
}

impl Read {
    /// Reads a word of a place or a date; false if it is of neither.
    fn word(&mut self, word: &str) -> bool {
        let lower = Lower::of(word);
        self.in_section += 1;
        let is_in_place = self.section + self.numbers == 0;
        if self.places == 0 || is_in_place && is_capitalised(word) {
            if !is_capitalised(word) {
                return false;
            }
        } else if is_in_place && !word.starts_with(|c: char| c.is_ascii_digit()) {
            return lower.is_in(&PARTICLES);
        } else if is_number(word) {
            self.numbers += 1;
            return self.numbers <= 3;
        } else if lower.is_in_or_abbreviated(&MONTHS) {
            self.months += 1;
            return self.months <= 1;
        } else if self.section > 0 && lower.is_in_or_abbreviated(&WEEKDAYS) {
            self.weekdays += 1;
            return self.weekdays <= 1;
        } else if self.section > 0 && lower.is_in(&REGIONS) && is_capitalised(word) {
            self.has_region = true;
            return true;
        } else if !is_capitalised(word) {
            return self.in_section > 1 && lower.is_in(&PARTICLES) || lower.is_in(&CLOCK);
        }
        // A sentence that ends here is no dateline: `The end. Paris -`.
        if word.ends_with('.') && !is_abbreviation(word) {
            return false;
        }
        if self.section == 0 {
            self.places += 1;
            self.letters += word.chars().count();
            let is_in_capitals = is_in_capitals(word);
            self.is_lower |= !is_in_capitals;
            self.is_no_place |=
                is_in_capitals && (lower.is_in(&NOT_PLACES) || lower.is_in(&HEADLINE_WORDS));
            self.places <= 4
        } else {
            // `Paris, France`, `Bath, North East Somerset`.
            self.has_region |= word.len() == 2 && word.bytes().all(|b| b.is_ascii_uppercase());
            self.in_section <= 3 && self.section <= 3
        }
    }

    /// Reads what is in parentheses: an agency, or nothing of a dateline.
    fn parenthesis(&mut self, inside: &str) -> Option<()> {
        self.has_parenthesis = true;
        let (mut agency, mut words) = (false, 0);
        for part in Parts::of(inside) {
            match part {
                Part::Word(word) => {
                    words += 1;
                    agency |= is_agency(word) || Lower::of(word).is_in(&AGENCY_WORDS);
                    // `(AP, Jan 7)`: only with an agency.
                    if word.bytes().any(|b| b.is_ascii_digit()) && !agency {
                        return None;
                    }
                }
                Part::Sign('/' | ',' | '.' | '-' | '&') => {}
                Part::Sign(_) => return None,
            }
        }
        // `SMITH (R-VA)` and `Merkel (CDU)` are people.
        (agency && (1..=5).contains(&words)).then(|| self.has_agency = true)
    }

    /// Whether the parenthesis before `inside` has a place in it, and not an agency.
    fn is_opening(&self, inside: &str) -> bool {
        let is_agency = |part| match part {
            Part::Word(word) => is_agency(word) || Lower::of(word).is_in(&AGENCY_WORDS),
            Part::Sign(_) => false,
        };
        self.places == 0
            && !self.has_parenthesis
            && !Parts::of(inside).take_while(|part| *part != Part::Sign(')')).take(5).any(is_agency)
    }

    fn is_city(&self, line: &str) -> bool {
        Lower::of(line[..self.place_end].trim_start_matches('(')).is_in(&CITIES)
    }

    /// Whether what stands before the dash is enough, given what follows.
    fn judge(&self, line: &str, end: usize, goes_on: bool) -> Option<Dateline> {
        let rest = line[end..].trim_start();
        let is_dated = self.months > 0 && self.numbers > 0 || self.weekdays > 0;
        let found = |is_bare| Some(Dateline { end, is_bare });
        // A date alone is no dateline.
        if begins_with_date(line) {
            return None;
        }
        if self.has_agency {
            return found(false);
        }
        // A parenthesis that does not close before the dash.
        if self.places == 0 || self.is_no_place || self.in_parentheses && !self.has_parenthesis {
            return None;
        }
        if rest.is_empty() {
            return if is_dated && self.section > 0 { found(false) } else { None };
        }
        // What follows is a sentence that ends, and not the rest of this one or of a headline.
        let begins = rest.chars().next().is_some_and(|c| !c.is_lowercase());
        let ends = goes_on
            || rest.len() > 200
            || rest.ends_with([
                '.', '!', '?', '"', '\u{201D}', '\u{201C}', '\u{BB}', ')', '\u{2026}', ':',
            ]);
        if !begins || !ends || rest.len() < SENTENCE || !rest.contains(char::is_lowercase) {
            return None;
        }
        if is_dated || self.has_region {
            return found(false);
        }
        if self.numbers + self.months > 0 {
            return None;
        }
        let is_bare = !self.is_lower && self.letters >= 4 && self.places <= 3;
        (is_bare || self.is_city(line)).then_some(Dateline { end, is_bare })
    }
}

/// `ST.`, `D.C.`, `FT.`: short, or in capitals.
fn is_abbreviation(word: &str) -> bool {
    word.len() <= 4 || is_in_capitals(word)
}

fn begins_with_date(line: &str) -> bool {
    let Some(Part::Word(first)) = Parts::of(line).next() else { return false };
    let lower = Lower::of(first);
    lower.is_in_or_abbreviated(&MONTHS) || lower.is_in_or_abbreviated(&WEEKDAYS)
}

/// The end of a dash of which the first sign ends at `at`, if it is one that separates.
fn dash_end(line: &str, at: usize, sign: char) -> Option<usize> {
    let before = line[..at - sign.len_utf8()].chars().next_back()?;
    let rest = &line[at..];
    let more = rest.len() - rest.trim_start_matches(sign).len();
    let end = at + more;
    let after = line[end..].chars().next();
    let is_open =
        after.is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '\u{201C}' | '\u{AB}'));
    let separates = match sign {
        '\u{2014}' | '\u{2015}' => true,
        '-' if more == 1 => true,
        _ => is_open || before.is_whitespace(),
    };
    // `PARIS -based` and `(AFP) -The`: a hyphen needs a space or a parenthesis on either side.
    let is_hyphen = sign != '-' || more > 0 || is_open || matches!(before, ')' | '.');
    (separates && is_hyphen && more <= 2).then_some(end)
}
