//! The hash of a token.

use xxhash_rust::xxh3::xxh3_64;

/// The longest word that is hashed by a multiplication, in bytes.
pub(super) const SHORT: usize = 16;

/// Digits of π, each with a byte that is in no UTF-8.
const KEYS: [u64; 2] = [0x082E_FA98_EC4E_6C89, 0x9216_D5D9_8979_FB1B];
const SPREAD: u64 = 0x2FFD_72DB_D01A_DFB7;

/// The hash of a token, from its normalised and folded form, as the [module](super) defines it.
///
/// Two different words share a hash with probability 2⁻³².
#[inline]
pub fn token_hash(folded: &str) -> u32 {
    hash_bytes(folded.as_bytes())
}

pub(super) fn hash_bytes(folded: &[u8]) -> u32 {
    if folded.len() > SHORT {
        return (xxh3_64(folded) >> 32) as u32;
    }
    let mut padded = [0; SHORT];
    padded[..folded.len()].copy_from_slice(folded);
    hash_short(u128::from_le_bytes(padded))
}

/// The hash of a word of at most 16 bytes, the first one the lowest, with zeros after it.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "halves are meant")]
pub(super) fn hash_short(word: u128) -> u32 {
    let (low, high) = (word as u64, (word >> 64) as u64);
    let product = u128::from(low ^ KEYS[0]) * u128::from(high ^ KEYS[1]);
    let folded = product as u64 ^ (product >> 64) as u64;
    (folded.wrapping_mul(SPREAD) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of a kind, all different.
    fn vocabularies() -> Vec<(&'static str, Vec<String>)> {
        let letters = |first: char, count: u32, number: u32| {
            let digits = [3, 2, 1, 0].map(|power| number / count.pow(power) % count);
            digits.map(|digit| char::from_u32(u32::from(first) + digit).unwrap()).iter().collect()
        };
        let one_letter = |number: u32| {
            let mut word = b"counterrevolution"[..16 - number as usize / 26 % 8].to_vec();
            let at = number as usize / 26 / 8 % word.len();
            word[at] = b'a' + (number % 26) as u8;
            word[0] = b'0' + (number / 26 / 8 / 16) as u8;
            String::from_utf8(word).unwrap()
        };
        let mut vocabularies: Vec<(_, Vec<String>)> = vec![
            ("numbers", (0..1_000_000).map(|n| n.to_string()).collect()),
            ("aaaa to zzzz", (0..26_u32.pow(4)).map(|n| letters('a', 26, n)).collect()),
            ("аааа to яяяя", (0..32_u32.pow(4)).map(|n| letters('а', 32, n)).collect()),
            ("ends differ", (0..1_000_000).map(|n| format!("reprint{n:06}")).collect()),
            ("starts differ", (0..1_000_000).map(|n| format!("{n:06}isation")).collect()),
            ("one letter differs", (0..26 * 8 * 16 * 10).map(one_letter).collect()),
            ("ideographs", ('\u{4E00}'..'\u{9FA5}').map(String::from).collect()),
        ];
        for (_, words) in &mut vocabularies {
            words.sort_unstable();
            words.dedup();
        }
        vocabularies
    }

    fn hashes(words: &[String]) -> Vec<u32> {
        words.iter().map(|word| token_hash(word)).collect()
    }

    /// Asserts that a count is within 5 standard deviations of what chance makes of it.
    #[track_caller]
    fn assert_chance(name: &str, count: f64, expected: f64, deviation: f64) {
        assert!((count - expected).abs() <= 5.0 * deviation, "{name}: {count}, not {expected}");
    }

    /// Pairs of n words collide with probability 2⁻³² each.
    #[test]
    fn words_collide_as_often_as_chance_has_it() {
        let mut all = Vec::new();
        let check = |name: &str, words: &[String]| {
            let mut hashes = hashes(words);
            hashes.sort_unstable();
            hashes.dedup();
            let expected = (words.len() as f64).powi(2) / 2_f64.powi(33);
            let count = (words.len() - hashes.len()) as f64;
            assert_chance(name, count, expected, expected.sqrt().max(1.0));
        };
        for (name, mut words) in vocabularies() {
            check(name, &words);
            all.append(&mut words);
        }
        assert!(all.len() > 4_000_000);
        all.sort_unstable();
        all.dedup();
        check("all", &all);
    }

    /// In 4096 classes by any 12 bits in a row the words are spread as by chance: χ² has a mean of
    /// 4095 and a variance of twice that.
    #[test]
    fn all_bits_are_fit_for_sampling() {
        for (name, words) in vocabularies() {
            let hashes = hashes(&words);
            let mean = hashes.len() as f64 / 4096.0;
            for shift in [0, 7, 13, 20] {
                let mut counts = vec![0_u32; 4096];
                hashes.iter().for_each(|hash| counts[(hash >> shift & 0xFFF) as usize] += 1);
                let square = |&count: &u32| (f64::from(count) - mean).powi(2) / mean;
                let chi: f64 = counts.iter().map(square).sum();
                assert_chance(&format!("{name}, {shift}"), chi, 4095.0, (2.0 * 4095.0_f64).sqrt());
            }
        }
    }

    /// Each bit of a word of 3 bytes or more flips each bit of the hash about every second time,
    /// and each bit is set about every second time. Of 4096 trials the standard deviation is 32.
    #[test]
    fn each_bit_depends_on_each_bit() {
        for len in 3..=SHORT {
            let words: Vec<u128> = (0..4096_u64)
                .map(|trial| {
                    let random = xxh3_64(&[trial, len as u64].map(u64::to_le_bytes).concat());
                    let random = u128::from(random) << 64 | u128::from(random.rotate_left(29));
                    let ascii = u128::from_le_bytes([0x7F; 16]) >> (8 * (16 - len));
                    random & ascii | u128::from_le_bytes([0x40; 16]) & ascii
                })
                .collect();
            let count = |hash: &dyn Fn(u128) -> u32, name: &str| {
                for bit in 0..32 {
                    let set = words.iter().filter(|&&word| hash(word) >> bit & 1 == 1).count();
                    assert_chance(&format!("{name}, {bit}"), set as f64, 2048.0, 40.0);
                }
            };
            count(&hash_short, &format!("{len} bytes"));
            for flipped in (0..8 * len).filter(|bit| bit % 8 < 6) {
                let changed = |word| hash_short(word) ^ hash_short(word ^ 1 << flipped);
                count(&changed, &format!("{len} bytes, flip of {flipped}"));
            }
        }
    }

    /// No bytes of a text make a factor 0.
    #[test]
    fn keys_are_no_utf8() {
        for key in KEYS {
            assert!(key.to_le_bytes().iter().any(|&byte| byte >= 0xF8));
        }
    }
}
