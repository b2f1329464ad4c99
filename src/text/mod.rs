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
//! The token's hash has 32 bits and is made of its UTF-8 bytes as normalised and folded. Up to 16
//! bytes, padded with zeros at the end to 16, are read as two 64-bit numbers in little-endian
//! order, `a` before `b`. The product of `a ^ 0x082EFA98EC4E6C89` and `b ^ 0x9216D5D98979FB1B` has
//! 128 bits; the exclusive or of its halves times `0x2FFD72DBD01ADFB7`, modulo 2⁶⁴, is shifted
//! right by 32 bits. More than 16 bytes have the upper half of their 64-bit XXH3 (seed 0). The
//! constants are digits of π; each factor of the product has a byte that is in no UTF-8, so that
//! no text makes it zero.
//!
//! **Shingle.** k consecutive tokens, hashed from their token hashes: see [`Shingler`].
//!
//! **Unicode.** Every property comes from crates with tables of their own, so it does not change
//! with the compiler. A later version of those crates may know more characters; Unicode promises
//! that the normalisation and the folding of the characters already assigned stay as they are.

mod chars;
mod damping;
mod hash;
mod news;
mod segment;
mod shingle;
mod state;
mod stream;
mod tokens;

#[cfg(test)]
mod tests;

#[cfg(feature = "diff")]
pub(crate) use chars::is_spaceless;
pub use damping::Damping;
pub use hash::token_hash;
#[cfg(feature = "diff")]
pub(crate) use news::{Calendar, calendar};
pub use news::{NewsLine, NewsLineKind, append_news_lines, hash_article, news_lines, news_tokens};
pub use shingle::Shingler;
pub use stream::hash_tokens;
pub use tokens::{Tokens, for_each_token, unit};
