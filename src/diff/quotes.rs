//! What stands within quotation marks.

use std::ops::Range;

use super::source::Source;

/// The fewest words of a quotation; fewer are a title, a nickname, irony.
const WORDS: usize = 4;

/// The same in characters where there are no spaces.
const CHARACTERS: usize = 8;

/// Whether all the words stand within a quotation.
pub(super) fn is_quoted(source: &Source<'_>, tokens: &Range<usize>) -> bool {
    let line = source.line(tokens);
    let text = &source.text[line.clone()];
    let words = source.span(tokens.clone()).bytes;
    let words = words.start - line.start..words.end - line.start;
    // Marks and other punctuation at the border are no words.
    let edit = &text[words.clone()];
    let first = edit.find(char::is_alphanumeric).unwrap_or(0);
    let last = edit.rfind(char::is_alphanumeric).unwrap_or(0);
    let words = words.start + first..words.start + last;
    quotations(text).iter().any(|range| range.start <= words.start && words.end < range.end)
}

/// The quotations of a line, without their marks.
fn quotations(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // The mark that closes the quotation, and where that begins.
    let mut open: Option<(char, usize)> = None;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let after = text[at + c.len_utf8()..].chars().next().unwrap_or(' ');
        match open {
            // An apostrophe closes nothing.
            Some((closing, start))
                if closes(closing, c) && !(c == '’' && after.is_alphanumeric()) =>
            {
                found.push(start..at);
                open = None;
            }
            None if !before.is_alphanumeric() || !is_either(c) => {
                open = closing(c).map(|closing| (closing, at + c.len_utf8()));
            }
            _ => {}
        }
        before = c;
    }
    // A quotation that goes on in the next paragraph is not closed in this one.
    if let Some((closing, start)) = open
        && closing != '"'
        && closing != '’'
    {
        found.push(start..text.len());
    }
    found.retain(|range| {
        let quotation = &text[range.clone()];
        let words = quotation.split_whitespace().count();
        words >= WORDS
            || words == 1 && quotation.chars().count() >= CHARACTERS && !quotation.is_ascii()
    });
    found
}

/// Marks that open in some languages and close in others.
fn is_either(c: char) -> bool {
    matches!(c, '"' | '”' | '»' | '‘' | '“')
}

fn closing(open: char) -> Option<char> {
    Some(match open {
        '"' | '＂' => '"',
        '“' | '”' => '”',
        '„' | '‟' => '“',
        '«' => '»',
        '»' => '«',
        '‹' => '›',
        '「' => '」',
        '『' => '』',
        '‘' | '‚' => '’',
        _ => return None,
    })
}

fn closes(closing: char, c: char) -> bool {
    // German closes with what English opens with, and often with what English closes with.
    c == closing || closing == '“' && c == '”' || closing == '"' && c == '＂'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_of_many_languages() {
        for (text, expected) in [
            ("He said: \"We shall all be there.\" Then he left.", "We shall all be there."),
            ("He said: “We’d all be there, Joe’s too.”", "We’d all be there, Joe’s too."),
            ("Er sagte: „Wir werden alle da sein.“ Dann ging er.", "Wir werden alle da sein."),
            ("Er sagte: »Wir werden alle da sein.« Dann ging er.", "Wir werden alle da sein."),
            ("Il a dit : « Nous serons tous là. » Puis il partit.", " Nous serons tous là. "),
            ("Han sade: ”Vi kommer att vara där.” Sedan gick han.", "Vi kommer att vara där."),
            ("彼は「みんなそこにいるだろう」と言った。", "みんなそこにいるだろう"),
            ("“It goes on in the next paragraph", "It goes on in the next paragraph"),
        ] {
            let found: Vec<_> = quotations(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, [expected], "{text}");
        }
    }

    #[test]
    fn no_quotations() {
        for text in [
            "It’s Joe’s, isn't it, and the boys' too",
            "The \"old\" lady",
            "列車「ほしかげ」が",
            "5\" of rain fell in the night",
        ] {
            assert!(quotations(text).is_empty(), "{text}");
        }
    }
}
