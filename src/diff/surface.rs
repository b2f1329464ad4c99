//! Kept words that the two texts write in another way.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::kind::EditKind;
use super::report::{DiffReport, Edit, PieceKind, Span};
use crate::text::Tokens;

impl DiffReport<'_> {
    /// Where kept words are written in another way: case, hyphens, punctuation before a word or
    /// at the end of a text. White space, and other forms of the same quotation marks, dashes,
    /// ligatures and accents are no difference. All of them are of the kind
    /// [`Spelling`](EditKind::Spelling).
    ///
    /// They are not among the [edits](Self::edits), which are about words, and are computed when
    /// asked for: in the time of reading both texts once more.
    pub fn surface(&self) -> Vec<Edit> {
        let [tokens_a, tokens_b] = [self.text_a, self.text_b].map(Tokens::of);
        let mut found: Vec<Edit> = Vec::new();
        for (index, part) in self.parts.iter().enumerate() {
            for piece in part.pieces.iter().filter(|piece| piece.kind == PieceKind::Kept) {
                let [a, b] = [&piece.a, &piece.b];
                if self.text_a[a.bytes.clone()] == self.text_b[b.bytes.clone()] {
                    continue;
                }
                for (at_a, at_b) in a.tokens.clone().zip(b.tokens.clone()) {
                    let [from, to] = [
                        written(self.text_a, &tokens_a, at_a, a),
                        written(self.text_b, &tokens_b, at_b, b),
                    ];
                    if is_same(&self.text_a[from.clone()], &self.text_b[to.clone()]) {
                        continue;
                    }
                    let follows =
                        |last: &&mut Edit| last.part == index && last.b.tokens.end == at_b;
                    match found.last_mut().filter(follows) {
                        Some(last) => {
                            (last.a.tokens.end, last.b.tokens.end) = (at_a + 1, at_b + 1);
                            (last.a.bytes.end, last.b.bytes.end) = (from.end, to.end);
                        }
                        None => found.push(Edit {
                            kind: EditKind::Spelling,
                            part: index,
                            a: Span { tokens: at_a..at_a + 1, bytes: from },
                            b: Span { tokens: at_b..at_b + 1, bytes: to },
                        }),
                    }
                }
            }
        }
        found
    }
}

/// A token with what stands behind it, up to the next token or the end of the piece.
fn written(text: &str, tokens: &Tokens, at: usize, piece: &Span) -> Range<usize> {
    let start = tokens.range(at).start;
    let start = if at == piece.tokens.start { piece.bytes.start.min(start) } else { start };
    let end = if at + 1 < piece.tokens.end { tokens.range(at + 1).start } else { piece.bytes.end };
    // Tokens that come from one character share its range.
    let end = end.max(start);
    start..start + text[start..end].trim_end().len()
}

/// Whether two spellings differ in nothing but typography.
fn is_same(a: &str, b: &str) -> bool {
    a == b || typographic(a).eq(typographic(b))
}

/// The characters without white space, with one form for quotation marks, dashes, ligatures and
/// accents.
fn typographic(text: &str) -> impl Iterator<Item = char> + '_ {
    text.nfkc().filter(|c| !c.is_whitespace() && !is_invisible(*c)).map(|c| match c {
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' => '"',
        '‘' | '’' | '‚' | '‛' | '‹' | '›' | '′' | 'ʼ' => '\'',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        _ => c,
    })
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}
