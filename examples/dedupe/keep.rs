//! Which articles stay where some are the same.

use std::cmp::Reverse;

use reprint::Clusters;

use crate::args::KeepBy;
use crate::input::Corpus;

/// Which articles stay, by number: those of the sources that are preferred, then others as `by`
/// says.
pub fn choose(
    clusters: &Clusters<'_>,
    corpus: &Corpus,
    prefer: &[String],
    by: KeepBy,
) -> Vec<bool> {
    let articles = &corpus.articles;
    let place = |article: usize| match prefer {
        [] => 0,
        _ => prefer
            .iter()
            .position(|name| articles.source(article) == Some(name))
            .unwrap_or(prefer.len()),
    };
    match by {
        KeepBy::First => clusters.keep(place),
        KeepBy::Longest => {
            clusters.keep(|article| (place(article), Reverse(articles.lengths[article])))
        }
        KeepBy::Earliest => clusters.keep(|article| {
            let date = articles.date(article).and_then(Date::parse);
            (place(article), date.is_none(), date)
        }),
    }
}

/// The sources that are preferred and have no article.
pub fn without_article<'p>(corpus: &Corpus, prefer: &'p [String]) -> Vec<&'p str> {
    let articles = &corpus.articles;
    let mut missing: Vec<&str> = prefer.iter().map(String::as_str).collect();
    for article in 0..articles.len() {
        if missing.is_empty() {
            break;
        }
        missing.retain(|&name| articles.source(article) != Some(name));
    }
    missing
}

/// How many articles have no date that can be read.
pub fn without_date(corpus: &Corpus) -> usize {
    let articles = &corpus.articles;
    let has_none = |&article: &usize| articles.date(article).and_then(Date::parse).is_none();
    (0..articles.len()).filter(has_none).count()
}

/// A date that can be compared: year, month, day, then the rest as text, which orders the hours
/// of a day where they are written alike. Time zones are not looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub u32, pub u32, pub u32, pub String);

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

impl Date {
    /// Reads `2024-05-01`, `2024/5/1`, `20240501`, `2024-05` and `2024`, with or without a time,
    /// and dates with an English month in letters, such as `May 1, 2024` or `Wed, 1 May 2024
    /// 10:00 GMT`. Not `5/1/2024`, of which nobody knows whether it is in January or in May.
    pub fn parse(text: &str) -> Option<Self> {
        let is_separator = |c: char| !c.is_alphanumeric() && c != ':';
        let words: Vec<&str> = text.split(is_separator).filter(|word| !word.is_empty()).collect();
        if let Some(month) = words.iter().position(|word| month(word).is_some()) {
            let day = |word: &&str| number(word, 1..=2).filter(|day| (1..=31).contains(day));
            let year = words.iter().find_map(|word| number(word, 4..=4))?;
            let day = words.iter().find_map(day).unwrap_or(0);
            let time = words.iter().find(|word| word.contains(':'));
            let time = time.copied().unwrap_or_default().to_owned();
            return Some(Self(year, self::month(words[month])?, day, time));
        }
        let first = *words.first()?;
        let digits = first.len() - first.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits == 8 {
            let part = |range| first.get(range).and_then(|part: &str| part.parse().ok());
            return Self(part(0..4)?, part(4..6)?, part(6..8)?, first[8..].to_owned()).checked();
        }
        let year = number(first, 4..=4)?;
        let month = words.get(1).map_or(Some(0), |word| number(word, 1..=2))?;
        // The time may follow after a T.
        let (day, time) = words.get(2).map_or(("0", ""), |word| {
            word.split_at(word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len()))
        });
        let rest = [&[time], words.get(3..).unwrap_or_default()].concat();
        Self(year, month, number(day, 1..=2)?, rest.join(" ")).checked()
    }

    fn checked(self) -> Option<Self> {
        (self.1 <= 12 && self.2 <= 31).then_some(self)
    }
}

/// A number of so many digits.
fn number(word: &str, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let word = word.trim_end_matches(|c: char| "stndrh".contains(c));
    (digits.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| word.parse().ok())?
}

/// The month whose English name begins with the same three letters.
fn month(word: &str) -> Option<u32> {
    let start = word.get(..3)?.to_ascii_lowercase();
    let is_word = word.chars().all(char::is_alphabetic);
    (1..).zip(MONTHS).find(|(_, name)| is_word && *name == start).map(|(month, _)| month)
}
