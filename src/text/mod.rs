//! Text to tokens, tokens to shingles: the first stage, which knows nothing of those after it.
//!
//! # Recipe V1
//!
//! Hashes outlive a build, so what they are made of is frozen under a name
//! ([`Shingler::V1`]) and nailed by golden vectors in the tests.
//!
//! **Token.** The text is normalised to NFKC and then case-folded (default, full folding). A token
//! is a maximal run of letters, digits and marks (general categories L, N and M) of the result,
//! with these rules:
//!
//! - A mark continues a token but never starts one: a mark on its own is ignored.
//! - An apostrophe (U+0027, U+2018, U+2019, U+02BC, U+02BB) is dropped when it directly follows a
//!   token's character and a letter or digit follows it: `don't` and `don’t` are both the token
//!   `dont`. Elsewhere it separates, like all other punctuation, symbols and white space: `1,000`
//!   is two tokens, and so is `snake_case`.
//! - Invisible format characters are dropped and do not separate: soft hyphen U+00AD, ZWNJ and ZWJ
//!   (U+200C, U+200D), word joiner U+2060, byte order mark U+FEFF, bidi controls (U+061C, U+200E,
//!   U+200F, U+202A–U+202E, U+2066–U+2069) and variation selectors (U+FE00–U+FE0F,
//!   U+E0100–U+E01EF). U+200B ZERO WIDTH SPACE separates.
//! - In scripts written without spaces (Han, Hiragana, Katakana, Thai, Lao, Khmer, Myanmar) each
//!   letter is a token of its own, together with the marks that follow it. Their digits form runs
//!   as other digits do. Hangul and Bopomofo form runs.
//!
//! The token's hash is the upper half of the 64-bit XXH3 (seed 0) of its UTF-8 bytes as normalised
//! and folded.
//!
//! **Shingle.** k consecutive tokens, hashed from their token hashes: see [`Shingler`].
//!
//! **Unicode.** Every property comes from crates with tables of their own, so it does not change
//! with the compiler. A later version of those crates may know more characters; Unicode promises
//! that the normalisation and the folding of the characters already assigned stay as they are.

mod chars;
mod news;
mod shingle;
mod tokens;

#[cfg(test)]
mod tests;

pub use news::{NewsLine, NewsLineKind, append_news_lines, hash_article, news_lines, news_tokens};
pub use shingle::Shingler;
pub use tokens::{Tokens, for_each_token, hash_tokens, token_hash};
