//! Lines that say who wrote it.

use super::scan::{Lower, Part, Parts, Table, is_agency, is_capitalised, is_number};
use super::words::{
    AFTER_NAME, AGENCY_WORDS, AND, BY, MONTHS, NAME_PARTICLES, NOT_NAMES, ROLES, WEEKDAYS,
};

/// The longest byline, in bytes.
const LONGEST: usize = 120;

/// Whether the line is a byline: `By` and one or more names, and at most what the author is and
/// where. A sentence has words in lower case that no name has.
pub(super) fn is_byline(line: &str, is_first: bool) -> bool {
    if line.len() > LONGEST {
        return false;
    }
    let Some(rest) = after_by(line, is_first) else { return false };
    if line.ends_with(['!', '?', ':', ';', ',']) {
        return false;
    }
    is_unnamed(rest) || are_names(rest)
}

/// What follows the word a byline begins with.
fn after_by(line: &str, is_first: bool) -> Option<&str> {
    // The longest such word has four letters.
    let length = line.bytes().take(6).position(|b| matches!(b, b' ' | b':'))?;
    let word = line.get(..length)?;
    let rest = line[length..].trim_start_matches(':');
    let lower = Lower::of(word);
    let &(_, anywhere) = BY.iter().find(|(by, _)| by.as_bytes() == lower.as_bytes())?;
    (is_capitalised(word) && (anywhere || !is_first)).then_some(rest)
}

/// `our shipping staff and agencies`, `a special correspondent in Mallow`: a role and no name.
fn is_unnamed(rest: &str) -> bool {
    let begins = ["our ", "a ", "an ", "unserem ", "unserer ", "nuestro ", "nuestra ", "notre "];
    let rest = rest.trim_start();
    if rest.ends_with('.') || !begins.iter().any(|begin| rest.starts_with(begin)) {
        return false;
    }
    let mut words = 0;
    let mut roles = 0;
    for part in Parts::of(rest) {
        match part {
            Part::Word(word) => {
                words += 1;
                roles += usize::from(Lower::of(word).is_in(&ROLES));
            }
            Part::Sign('\'' | '\u{2019}' | '?' | '!' | '"') => return false,
            Part::Sign(_) => {}
        }
    }
    roles > 0 && words <= 10
}

/// What is read of the names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Name,
    /// After a comma or the like.
    Tail,
}

/// `Jane Doe`, `JANE DOE and JOHN ROE, Staff Writers`, `Jane Doe in Dunsby`, `Jane Doe | 7 May 2008`.
fn are_names(rest: &str) -> bool {
    let (mut capitalised, mut in_tail, mut has_role, mut names) = (0, 0, false, 0);
    let mut reading = Reading::Name;
    let (mut lists, mut joined, mut is_abbreviated) = (false, false, false);
    for part in Parts::of(rest) {
        is_abbreviated = false;
        match part {
            Part::Word(word) => {
                let lower = Lower::of(word);
                is_abbreviated = word.ends_with('.');
                let is_org = lower.is_in(&ROLES) || lower.is_in(&AGENCY_WORDS) || is_agency(word);
                if names == 0 && capitalised == 0 && is_no_name(&lower) {
                    return false;
                }
                let is_and = lower.is_in(&AND) && !is_capital_initial(word);
                if reading == Reading::Name && is_and && capitalised >= 2 {
                    names += 1;
                    (capitalised, joined, lists) = (0, true, false);
                } else if is_org && names + usize::from(capitalised >= 2) > 0 {
                    has_role = true;
                    if reading == Reading::Name {
                        names += 1;
                        reading = Reading::Tail;
                    }
                    in_tail += 1;
                } else if reading == Reading::Tail {
                    in_tail += 1;
                    let is_date = is_number(word)
                        || lower.is_in_or_abbreviated(&MONTHS)
                        || lower.is_in_or_abbreviated(&WEEKDAYS);
                    if !is_capitalised(word) && !is_date && !lower.is_in(&AFTER_NAME) && !is_and {
                        return false;
                    }
                } else if is_capitalised(word) && !lower.is_in(&AFTER_NAME_IN_NAMES) {
                    capitalised += 1;
                } else if capitalised > 0 && lower.is_in(&NAME_PARTICLES) && !is_place(&lower) {
                    // Goes on.
                } else if capitalised >= 2 && lower.is_in(&AFTER_NAME) {
                    names += 1;
                    reading = Reading::Tail;
                    joined = true;
                } else {
                    return false;
                }
            }
            Part::Sign(',' | '/' | '|' | '\u{B7}' | '\u{2022}' | '(' | '\u{2014}' | '\u{2013}') => {
                if reading == Reading::Name && capitalised >= 2 {
                    names += 1;
                    lists = true;
                    // A date or a paper after a bar needs no word for it.
                    joined |= !matches!(part, Part::Sign(','));
                    if matches!(part, Part::Sign(',')) {
                        capitalised = 0;
                    } else {
                        reading = Reading::Tail;
                    }
                } else if reading == Reading::Name {
                    return false;
                }
            }
            Part::Sign('&') if capitalised >= 2 => {
                names += 1;
                (capitalised, joined, lists) = (0, true, false);
            }
            Part::Sign(')' | '-') if reading == Reading::Tail => {}
            Part::Sign('@') if names > 0 || capitalised >= 2 => {
                reading = Reading::Tail;
                joined = true;
            }
            Part::Sign(_) => return false,
        }
        if capitalised > 4 || in_tail > 8 || names > 5 {
            return false;
        }
    }
    if rest.ends_with('.') && !is_abbreviated {
        return false;
    }
    let complete = reading == Reading::Tail || capitalised >= 2 || lists && has_role;
    names + usize::from(capitalised >= 2) > 0 && complete && (!lists || joined || has_role)
}

/// Words that end a name though they may be capitalised in a headline.
static AFTER_NAME_IN_NAMES: Table =
    Table::new(&["at", "aus", "desde", "for", "from", "in", "nach", "of", "the", "to"]);

/// `en` and the like come before a place.
fn is_place(lower: &Lower) -> bool {
    lower.is_in(&AFTER_NAME) && !lower.is_in(&NAME_PARTICLES)
}

/// `E` in `E. Roe` is no `e`.
fn is_capital_initial(word: &str) -> bool {
    word.ends_with('.') && is_capitalised(word)
}

fn is_no_name(lower: &Lower) -> bool {
    // A line that begins with `By May` tells when; Jan is a name.
    let is_month = lower.is_in(&MONTHS) && lower.as_bytes() != b"jan";
    is_month || lower.is_in(&NOT_NAMES) || lower.is_in(&WEEKDAYS)
}

/// The line after a byline: `Associated Press Writer`, `Staff Reporter, Dunsby`.
pub(super) fn is_role(line: &str) -> bool {
    let mut words = 0;
    let mut roles = 0;
    for part in Parts::of(line) {
        let Part::Word(word) = part else {
            if matches!(part, Part::Sign(',' | '/' | '-' | '|' | '&')) {
                continue;
            }
            return false;
        };
        let lower = Lower::of(word);
        words += 1;
        let is_org = is_agency(word);
        roles += usize::from(is_org || lower.is_in(&ROLES) || lower.is_in(&AGENCY_WORDS));
        if !is_capitalised(word) && !is_org && !lower.is_in(&AFTER_NAME) {
            return false;
        }
    }
    roles > 0 && words <= 6
}
