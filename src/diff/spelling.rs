//! Whether words are the same in another spelling.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The fewest letters of a word in which slips of the pen are looked for.
const LETTERS: usize = 5;

/// Endings and letters that English and others spell in two ways.
const VARIANTS: [(&str, &str); 14] = [
    ("our", "or"),
    ("ise", "ize"),
    ("isa", "iza"),
    ("isi", "izi"),
    ("yse", "yze"),
    ("tre", "ter"),
    ("bre", "ber"),
    ("ence", "ense"),
    ("ogue", "og"),
    ("ae", "e"),
    ("oe", "e"),
    ("ae", "a"),
    ("oe", "o"),
    ("ue", "u"),
];

/// Whether two rows of words, as the texts spell them, are the same words.
pub(super) fn is_same_word(a: &[&str], b: &[&str]) -> bool {
    let [plain_a, plain_b] =
        [a, b].map(|words| words.iter().map(|word| plain(word)).collect::<Vec<_>>());
    // `per cent` and `percent`; but 1 and 2 are not 12.
    let digits = |words: &[String]| words.iter().any(|word| word.contains(char::is_numeric));
    if digits(&plain_a) || digits(&plain_b) {
        return plain_a == plain_b;
    }
    plain_a.concat() == plain_b.concat()
        || a.len() == b.len()
            && (plain_a.iter().zip(&plain_b).zip(a.iter().zip(b))).all(|((x, y), (from, to))| {
                x == y || is_variant(x, y) || !is_name(from) && !is_name(to) && is_slip(x, y)
            })
}

/// In lower case, without accents and other marks, ligatures taken apart.
fn plain(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    for c in word.nfkd().filter(|&c| !is_combining_mark(c)) {
        match c {
            'ß' => plain.push_str("ss"),
            'æ' | 'Æ' => plain.push_str("ae"),
            'œ' | 'Œ' => plain.push_str("oe"),
            'ø' | 'Ø' => plain.push('o'),
            'ł' | 'Ł' => plain.push('l'),
            _ if c.is_alphanumeric() => plain.extend(c.to_lowercase()),
            _ => {}
        }
    }
    plain
}

fn is_name(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

/// Whether two words differ in letters that are spelled in two ways, and nowhere else.
fn is_variant(a: &str, b: &str) -> bool {
    let replaced = |from: &str, to: &str, old: &str, new: &str| {
        from.len().min(to.len()) >= LETTERS - 1
            && from.match_indices(old).any(|(at, _)| {
                to.strip_prefix(&from[..at])
                    .and_then(|rest| rest.strip_prefix(new))
                    .is_some_and(|rest| rest == &from[at + old.len()..])
            })
    };
    VARIANTS.iter().any(|&(old, new)| replaced(a, b, old, new) || replaced(b, a, old, new))
}

/// Whether two letters were exchanged, or a letter doubled or not. The first letter stays.
fn is_slip(a: &str, b: &str) -> bool {
    let [a, b]: [Vec<char>; 2] = [a, b].map(|word| word.chars().collect());
    if a.len().min(b.len()) < LETTERS || a[0] != b[0] {
        return false;
    }
    let (long, short) = if a.len() >= b.len() { (&a, &b) } else { (&b, &a) };
    let same = long.iter().zip(short).take_while(|(x, y)| x == y).count();
    if long.len() == short.len() {
        let (Some([a, b]), Some([c, d])) = (long.get(same..same + 2), short.get(same..same + 2))
        else {
            return false;
        };
        return (a, b) == (d, c) && long[same + 2..] == short[same + 2..];
    }
    long.len() == short.len() + 1
        && long[same] == long[same - 1]
        && long[same + 1..] == short[same..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        let [a, b]: [Vec<&str>; 2] = [a, b].map(|words| words.split(' ').collect());
        is_same_word(&a, &b) && is_same_word(&b, &a)
    }

    #[test]
    fn other_spellings() {
        for (a, b) in [
            ("colour", "color"),
            ("organise", "organize"),
            ("theatre", "theater"),
            ("defence", "defense"),
            ("received", "recieved"),
            ("occurred", "occured"),
            ("per cent", "percent"),
            ("Müller", "Mueller"),
            ("Straße", "Strasse"),
            ("café", "cafe"),
            ("encyclopædia", "encyclopedia"),
        ] {
            assert!(same(a, b), "{a} {b}");
        }
    }

    #[test]
    fn other_words() {
        for (a, b) in [
            ("million", "billion"),
            ("form", "from"),
            ("founded", "wounded"),
            ("Philip", "Phillip"),
            ("can", "cant"),
            ("later", "latest"),
            ("46", "48"),
            ("1 2", "12"),
            ("public", "pubic"),
            ("", "word"),
        ] {
            assert!(!same(a, b), "{a} {b}");
        }
    }
}
