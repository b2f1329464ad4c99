//! The edits themselves: each takes a text and writes an edited one.

use super::language::Language;
use super::rng::Rng;

/// Where the word after the first `words` words starts, or the end of the text.
pub fn offset_of_word(text: &str, words: usize) -> usize {
    let mut seen = 0;
    let mut inside = false;
    for (at, byte) in text.bytes().enumerate() {
        let space = byte == b' ' || byte == b'\n';
        if !space && !inside {
            if seen == words {
                return at;
            }
            seen += 1;
        }
        inside = !space;
    }
    text.len()
}

/// The first so many words.
pub fn first_words(text: &str, words: usize) -> &str {
    text[..offset_of_word(text, words)].trim_end()
}

/// The first so many words, and the rest of the sentence they end in.
pub fn cut(text: &str, words: usize) -> &str {
    let end = offset_of_word(text, words);
    if end == 0 {
        return "";
    }
    // The sentence may be over already: begin the search at the end of the last word kept.
    let last = text[..end].trim_end().len() - 1;
    let stop = text.bytes().skip(last).position(|byte| byte == b'.' || byte == b'?');
    stop.map_or(text, |stop| &text[..=last + stop])
}

/// A piece of `words` words out of a text of `total`, from the beginning of a paragraph on.
pub fn background<'a>(text: &'a str, words: usize, total: usize, rng: &mut Rng) -> &'a str {
    let last_start = offset_of_word(text, total.saturating_sub(words));
    let starts = paragraphs(text).map(|(at, _)| at).take_while(|at| *at <= last_start).count();
    let chosen = rng.below(starts);
    let start = paragraphs(text).nth(chosen).map_or(0, |(at, _)| at);
    first_words(&text[start..], words)
}

/// The paragraphs and where each starts.
fn paragraphs(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split("\n\n").map(move |paragraph| {
        let at = start;
        start += paragraph.len() + 2;
        (at, paragraph)
    })
}

/// Replaces, deletes or inserts words: a share of all, `rate`, and at least one.
pub fn edit_words(
    text: &str,
    total: usize,
    rate: f64,
    language: &Language,
    rng: &mut Rng,
    out: &mut String,
) {
    let mut until = rng.below(total.min((1.0 / rate) as usize));
    let mut rest = text;
    loop {
        let hit = offset_of_word(rest, until);
        out.push_str(&rest[..hit]);
        rest = &rest[hit..];
        if rest.is_empty() {
            return;
        }
        let word_end = rest.find([' ', '\n']).unwrap_or(rest.len());
        let (word, after) = rest.split_at(word_end);
        match rng.below(5) {
            0 => {
                language.push_word(rng, out);
                out.push(' ');
                out.push_str(word);
            }
            1 if after.starts_with(' ') => {
                rest = &after[1..];
                until = rng.gap(rate);
                continue;
            }
            _ => {
                language.push_word(rng, out);
                let stem = word.trim_end_matches(['.', ',', '?', '”']);
                out.push_str(&word[stem.len()..]);
            }
        }
        rest = after;
        until = rng.gap(rate);
    }
}

/// What scanners read instead of a character.
const MISREAD: [(char, &str); 14] = [
    ('l', "1"),
    ('o', "0"),
    ('e', "c"),
    ('m', "rn"),
    ('h', "b"),
    ('i', "l"),
    ('s', "5"),
    ('u', "n"),
    ('n', "u"),
    ('a', "o"),
    ('t', "f"),
    ('c', "e"),
    ('r', "n"),
    ('d', "cl"),
];

/// Substitutes, deletes, inserts or splits characters, a share of all, as a scanner would.
pub fn add_noise(text: &str, rate: f64, rng: &mut Rng, out: &mut String) {
    let mut rest = text;
    loop {
        let mut hit = rng.gap(rate).min(rest.len());
        while !rest.is_char_boundary(hit) {
            hit += 1;
        }
        out.push_str(&rest[..hit]);
        let mut characters = rest[hit..].chars();
        let Some(character) = characters.next() else { return };
        rest = characters.as_str();
        match rng.below(10) {
            0 => {}
            1 => {
                out.push(char::from(b'a' + rng.below(26) as u8));
                out.push(character);
            }
            2 => {
                out.push(' ');
                out.push(character);
            }
            _ => match MISREAD.iter().find(|(from, _)| *from == character) {
                Some((_, to)) => out.push_str(to),
                None if character.is_alphabetic() => {
                    out.push(char::from(b'a' + rng.below(26) as u8))
                }
                None => out.push(character),
            },
        }
    }
}

/// Moves up to three paragraphs elsewhere and returns how many; none when there are fewer than
/// three paragraphs, and then nothing is written.
pub fn move_paragraphs(text: &str, rng: &mut Rng, out: &mut String) -> usize {
    let mut order: Vec<&str> = text.split("\n\n").collect();
    if order.len() < 3 {
        return 0;
    }
    let moved = rng.within(1..=(order.len() / 3).min(3));
    for _ in 0..moved {
        let from = rng.below(order.len());
        let paragraph = order.remove(from);
        // Any place but the one it came from.
        let to = (from + rng.within(1..=order.len())) % (order.len() + 1);
        order.insert(to, paragraph);
    }
    for (place, paragraph) in order.iter().enumerate() {
        if place > 0 {
            out.push_str("\n\n");
        }
        out.push_str(paragraph);
    }
    moved
}

/// Puts `added` after a randomly chosen paragraph or, half of the time, at the end.
pub fn extend(text: &str, added: &str, rng: &mut Rng, out: &mut String) {
    let at = if rng.chance(0.5) {
        text.len()
    } else {
        let breaks = text.matches("\n\n").count();
        let chosen = rng.below(breaks + 1);
        text.match_indices("\n\n").nth(chosen).map_or(text.len(), |(at, _)| at)
    };
    out.push_str(&text[..at]);
    out.push_str("\n\n");
    out.push_str(added);
    out.push_str(&text[at..]);
}
