//! What a corpus repeats around its articles.
//!
//! Navigation, teasers, appeals and legal lines stand around all the articles of a site. They are
//! no part of the writing, and two articles that share nothing else are strangers. This module
//! learns such text from the corpus itself, as a set of shingles, and marks it in an article.
//!
//! Text that at least [`Learner::ARTICLES`] articles share is either furniture or a story that is
//! widely reprinted. What tells the two apart is the text besides. The articles that share a
//! piece of furniture are otherwise unlike each other: each has text of its own. The copies of a
//! story are alike all over; what they do not share with each other is furniture, which others
//! have too, or an edit. So the articles that have a shingle are of three sorts. Some have text
//! of their own, more than a tenth and more than a headline, which is neither common in the
//! corpus nor common among these articles. Some are alike: they have next to nothing that is not
//! common among them. The rest has text that only the corpus has in common: a popular story on
//! a page, or a site's furniture around a story; they bear witness to neither. The shingle is
//! furniture when half of them have text of their own, and four times as many as are alike.
//! (A few are alike on any site, and some copies of a story are extended or stand in furniture
//! that nobody else has, but hardly most of them.)
//!
//! The decision is made for sampled shingles, and then carried over to all shingles around them.
//! This stage knows numbers only: shingle hashes by article.

use std::ops::Range;

use xxhash_rust::xxh3::xxh3_64;

use crate::Error;
use crate::parallel;

/// How furniture is told from stories.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Learner {
    /// Tokens in a shingle.
    pub(crate) width: usize,
}

/// A sampled shingle that some articles share, at its position in one of them.
#[derive(Clone, Copy, Debug)]
struct Shared {
    name: u32,
    position: u32,
    /// Whether so many share it that it is common in the corpus.
    common: bool,
}

impl Learner {
    /// How many articles must share a piece of text before it can be furniture.
    pub(crate) const ARTICLES: usize = 12;
    /// How many articles must share a shingle before it can be common among those of a group.
    pub(crate) const FEW: usize = 5;
    /// How many of the articles of a shingle are looked at, and how many of these must share
    /// another shingle for it to be common among them.
    const GROUP: usize = 16;
    const IN_GROUP: usize = 4;
    /// The share of own text that an article of its own has, and the least number of tokens: less
    /// may be a headline, a standfirst and a byline.
    const OWN: f64 = 0.1;
    const OWN_TOKENS: f64 = 30.0;
    /// Below this lies the upper half of one hash in 8.
    const SAMPLED: u64 = 1 << 29;
    /// The longest distance between sampled shingles of one stretch of shared text. At one in 8,
    /// a gap of 48 in shared text is a chance of 1 in 600.
    const GAP: u32 = 48;
    /// How many sampled shingles make a stretch of furniture. A phrase has fewer.
    const SAMPLES: usize = 3;
    /// How far furniture may go on beyond its first and last sampled shingle.
    const MARGIN: u32 = 24;
    /// How many (shingle, article) pairs are sorted at once: 16 bytes each.
    const BATCH: usize = 1 << 22;

    /// Learns from a corpus. `shared` are the sampled shingles that at least [`FEW`](Self::FEW)
    /// articles have, each with its articles, by the lower halves of their hashes, ascending;
    /// `shingles_of` appends the shingles of an article in text order.
    ///
    /// Cost: one pass over all shingles, a few microseconds for each common sampled shingle, and
    /// a sort of the shingles in and around furniture, in batches of 64 MB.
    pub(crate) fn learn(
        &self,
        articles: usize,
        shared: &[(u32, Vec<u32>)],
        shingles_of: impl Fn(usize, &mut Vec<u64>) + Sync,
    ) -> Furniture {
        let is_common = |(_, articles): &&(u32, Vec<u32>)| articles.len() >= Self::ARTICLES;
        let groups: Vec<&(u32, Vec<u32>)> = shared.iter().filter(is_common).collect();
        if groups.is_empty() {
            return Furniture::default();
        }
        let few = Set::new(shared.iter().map(|&(name, _)| u64::from(name)).collect());
        let common = Set::new(groups.iter().map(|&&(name, _)| u64::from(name)).collect());
        let all: Vec<usize> = (0..articles).collect();
        let found: Vec<Found> = parallel::map_with(&all, Vec::new, |shingles, &article| {
            shingles.clear();
            shingles_of(article, shingles);
            let (mut shared, mut unshared) = (Vec::new(), Vec::new());
            for (position, &hash) in (0u32..).zip(shingles.iter()) {
                let name = hash & u64::from(u32::MAX);
                if few.contains(name) {
                    let common = common.contains(name);
                    shared.push(Shared { name: lower_half(hash), position, common });
                } else if hash >> 32 < Self::SAMPLED {
                    unshared.push(position);
                }
            }
            Found { shared, unshared, shingles: shingles.len() }
        });
        let is_furniture = parallel::map_with(&groups, Vec::new, |names, (_, articles)| {
            self.is_furniture(&found, articles, names)
        });
        let furniture = Set::new(
            (groups.iter().zip(is_furniture))
                .filter(|(_, is_furniture)| *is_furniture)
                .map(|(&&(name, _), _)| u64::from(name))
                .collect(),
        );
        let stretches: Vec<(usize, Vec<Range<usize>>)> = (found.iter().enumerate())
            .map(|(article, found)| (article, Self::stretches(found, &furniture)))
            .filter(|(_, stretches)| !stretches.is_empty())
            .collect();
        let total: usize = stretches.iter().flat_map(|(_, ranges)| ranges).map(Range::len).sum();
        let batches = (total / Self::BATCH + 1) as u64;
        let mut learned = Vec::new();
        for batch in 0..batches {
            let entries =
                parallel::map_with(&stretches, Vec::new, |shingles, (article, stretches)| {
                    shingles.clear();
                    shingles_of(*article, shingles);
                    let mut entries: Vec<(u64, u32)> = Vec::new();
                    #[expect(clippy::cast_possible_truncation, reason = "fewer than 2^32 articles")]
                    for stretch in stretches {
                        let of_batch = |hash: &&u64| **hash % batches == batch;
                        let hashes = shingles[stretch.clone()].iter().filter(of_batch);
                        entries.extend(hashes.map(|&hash| (hash, *article as u32)));
                    }
                    entries
                });
            let mut entries = entries.concat();
            parallel::sort(&mut entries);
            entries.dedup();
            learned.extend(
                (entries.chunk_by(|a, b| a.0 == b.0))
                    .filter(|run| run.len() >= Self::ARTICLES)
                    .map(|run| (run[0].0, u32::try_from(run.len()).unwrap_or(u32::MAX))),
            );
        }
        Furniture::new(self.width, learned)
    }

    /// Whether the articles that share a shingle have text of their own.
    fn is_furniture(&self, found: &[Found], articles: &[u32], names: &mut Vec<u32>) -> bool {
        let step = articles.len().div_ceil(Self::GROUP);
        let group = || articles.iter().step_by(step).map(|&article| &found[article as usize]);
        names.clear();
        for article in group() {
            let start = names.len();
            names.extend(article.shared.iter().map(|shared| shared.name));
            names[start..].sort_unstable();
            // Each article counts once.
            let mut kept = start;
            for index in start..names.len() {
                if kept == start || names[index] != names[kept - 1] {
                    names[kept] = names[index];
                    kept += 1;
                }
            }
            names.truncate(kept);
        }
        names.sort_unstable();
        let mut kept = 0;
        for index in 0..names.len() {
            // The first of so many equal ones.
            let last = index + Self::IN_GROUP - 1;
            let enough = names.get(last) == Some(&names[index]);
            if enough && (kept == 0 || names[kept - 1] != names[index]) {
                names[kept] = names[index];
                kept += 1;
            }
        }
        names.truncate(kept);
        let is_in_group = |shared: &Shared| names.binary_search(&shared.name).is_ok();
        let (mut all, mut alike, mut own) = (0, 0, 0);
        for article in group() {
            all += 1;
            if self.has_own_text(article, |shared| shared.common || is_in_group(shared)) {
                own += 1;
            } else if !self.has_own_text(article, is_in_group) {
                alike += 1;
            }
        }
        2 * own >= all && own >= 4 * alike
    }

    /// Whether an article has text of its own beside what is shared.
    fn has_own_text(&self, article: &Found, is_shared: impl Fn(&Shared) -> bool) -> bool {
        let end = u32::try_from(article.shingles + self.width - 1).unwrap_or(u32::MAX);
        let (mut own, mut from, mut unshared) = (0, 0, article.unshared.as_slice());
        // What is shared, but not here, since the last that is.
        let mut strange = 0;
        let places = article.shared.iter().map(|shared| (shared.position, is_shared(shared)));
        for (to, is_shared) in places.chain([(end, true)]) {
            if !is_shared {
                strange += 1;
                continue;
            }
            let (within, after) = unshared.split_at(unshared.partition_point(|&at| at < to));
            unshared = after;
            // Between two sampled shingles that are near each other all is taken for shared; and
            // where none that is not shared was sampled, shared ones were missed by chance.
            let inner = from > 0 && to < end;
            if strange + within.len() >= Self::SAMPLES && !(inner && to - from <= Self::GAP) {
                // Shared text goes on for 8 shingles, on average, on either side.
                own += (to - from).saturating_sub(if inner { 16 } else { 8 });
            }
            (from, strange) = (to, 0);
        }
        f64::from(own) > (Self::OWN * f64::from(end)).max(Self::OWN_TOKENS)
    }

    /// Where furniture stands in an article, in shingles, roughly. Common shingles that are not
    /// furniture end a stretch.
    fn stretches(found: &Found, furniture: &Set) -> Vec<Range<usize>> {
        let mut stretches = Vec::new();
        let common: Vec<&Shared> = found.shared.iter().filter(|shared| shared.common).collect();
        let is_furniture = |shared: &&Shared| furniture.contains(u64::from(shared.name));
        let mut position = 0;
        for run in common.chunk_by(|a, b| {
            is_furniture(a) == is_furniture(b) && b.position - a.position <= Self::GAP
        }) {
            let (first, last) = (run[0].position, run[run.len() - 1].position);
            let next = position + run.len();
            if run.len() >= Self::SAMPLES && is_furniture(&run[0]) {
                let before = position.checked_sub(1).map_or(0, |index| common[index].position + 1);
                let after = common.get(next).map_or(u32::MAX, |shared| shared.position);
                let start = first.saturating_sub(Self::MARGIN).max(before);
                let end = last.saturating_add(Self::MARGIN + 1).min(after);
                stretches.push(start as usize..(end as usize).min(found.shingles));
            }
            position = next;
        }
        stretches
    }
}

/// What an article shares.
#[derive(Debug)]
struct Found {
    shared: Vec<Shared>,
    /// Where one in 8 of the other shingles stand.
    unshared: Vec<u32>,
    /// The number of its shingles.
    shingles: usize,
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is what is wanted")]
fn lower_half(hash: u64) -> u32 {
    hash as u32
}

/// Furniture as it was learned: the shingles it is made of.
#[derive(Clone, Debug, Default)]
pub struct Furniture {
    width: usize,
    /// How many tokens between two marks are marked too, and the least length of a mark.
    bridge: u32,
    least: usize,
    /// Sorted, with the number of articles that have each.
    articles: Vec<u32>,
    shingles: Set,
}

impl Furniture {
    /// Furniture with a date in a footer, say, is marked over the date; and a phrase that is
    /// part of some furniture is none.
    fn new(width: usize, learned: Vec<(u64, u32)>) -> Self {
        Self { bridge: 4, least: 8, ..Self::exactly(width, learned) }
    }

    /// Marks just the shingles, each of so many tokens and found in so many articles.
    pub(crate) fn exactly(width: usize, mut learned: Vec<(u64, u32)>) -> Self {
        learned.sort_unstable();
        learned.dedup_by_key(|entry| entry.0);
        let articles = learned.iter().map(|&(_, articles)| articles).collect();
        let shingles = Set::new(learned.into_iter().map(|(hash, _)| hash).collect());
        Self { width, bridge: 0, least: width, articles, shingles }
    }

    /// The same with marks of so many tokens at least.
    pub(crate) fn at_least(self, tokens: usize) -> Self {
        Self { least: tokens, ..self }
    }

    /// Several of them as one, for exact marks.
    pub(crate) fn union<'f>(parts: impl Iterator<Item = &'f Self>) -> Self {
        let mut width = 0;
        let mut learned = Vec::new();
        for part in parts {
            width = part.width;
            learned.extend(part.shingles.sorted.iter().copied().zip(part.articles.iter().copied()));
        }
        Self::exactly(width, learned)
    }

    /// Tokens in a shingle, if there is any.
    pub(crate) fn width(&self) -> Option<usize> {
        (!self.is_empty()).then_some(self.width)
    }

    /// The number of shingles.
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Whether nothing was learned.
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    /// For naming its pieces: none of them is known yet.
    pub(crate) fn unknown(&self) -> Known {
        Known(vec![false; self.len()])
    }

    /// Appends what is furniture in an article, as ranges of tokens, ascending and apart from
    /// each other. Takes the article's shingles in text order.
    pub(crate) fn mark(&self, shingles: &[u64], out: &mut Vec<Range<u32>>) {
        let start = out.len();
        for (position, &hash) in shingles.iter().enumerate() {
            if !self.shingles.contains(hash) {
                continue;
            }
            let Ok(first) = u32::try_from(position) else { break };
            let end = first.saturating_add(u32::try_from(self.width).unwrap_or(0));
            match out[start..].last_mut() {
                Some(last) if first <= last.end + self.bridge => last.end = end,
                _ => out.push(first..end),
            }
        }
        let mut kept = start;
        for index in start..out.len() {
            if out[index].len() >= self.least {
                out.swap(kept, index);
                kept += 1;
            }
        }
        out.truncate(kept);
    }
}

/// How stored furniture begins: a name, and the version of the format and of the recipe for
/// shingles.
const MAGIC: &[u8; 8] = b"RPFURN\0\x01";

impl Furniture {
    /// The furniture as bytes, to be stored: 36 bytes, and 12 for each shingle.
    ///
    /// Little-endian numbers: 8 bytes that name the format and its version, the width of a
    /// shingle, the bridge and the least length of a mark in tokens (4 bytes each), the number of
    /// shingles (8), their hashes, ascending (8 each), their numbers of articles (4 each), and
    /// the XXH3 hash of all that (8).
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        for number in [self.width, self.bridge as usize, self.least] {
            // Widths and lengths of a few tokens.
            bytes.extend(u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
        }
        bytes.extend((self.len() as u64).to_le_bytes());
        bytes.extend(self.shingles.sorted.iter().flat_map(|hash| hash.to_le_bytes()));
        bytes.extend(self.articles.iter().flat_map(|articles| articles.to_le_bytes()));
        bytes.extend(xxh3_64(&bytes).to_le_bytes());
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// # Errors
    /// When the bytes are something else, of another version, cut short, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let wrong = |found| Error::format("stored furniture of version 1", found);
        let (body, checksum) =
            bytes.split_last_chunk::<8>().ok_or_else(|| wrong("they are too short"))?;
        let rest = body.strip_prefix(MAGIC).ok_or_else(|| wrong("they begin in another way"))?;
        if xxh3_64(body) != u64::from_le_bytes(*checksum) {
            return Err(wrong("their checksum is wrong"));
        }
        let number = |chunk: &[u8]| {
            chunk.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
        };
        let (head, rest) = rest.split_at_checked(20).ok_or_else(|| wrong("they are too short"))?;
        let [width, bridge, least] = [0, 4, 8].map(|at| number(&head[at..at + 4]));
        let count = number(&head[12..]);
        // No memory is reserved for more than there is.
        let wanted = usize::try_from(count).ok().and_then(|count| count.checked_mul(12));
        if wanted != Some(rest.len()) {
            return Err(wrong("their length is not what they say"));
        }
        let (hashes, articles) = rest.split_at(rest.len() / 3 * 2);
        let sorted: Vec<u64> = hashes.chunks_exact(8).map(number).collect();
        if !sorted.is_sorted_by(|a, b| a < b) || (count > 0 && !(1..=64).contains(&width)) {
            return Err(wrong("they are out of order"));
        }
        let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(Self {
            width: small(width) as usize,
            bridge: small(bridge).min(1 << 16),
            least: small(least) as usize,
            articles: articles.chunks_exact(4).map(|chunk| small(number(chunk))).collect(),
            shingles: Set::new(sorted),
        })
    }
}

/// Which shingles of some furniture have been met.
#[derive(Debug)]
pub(crate) struct Known(Vec<bool>);

impl Known {
    /// Meets a piece of furniture, a range of tokens of an article whose shingles are given. When
    /// the greater part of it is new, returns how many articles have it, by the shingle in the
    /// middle of them.
    pub(crate) fn learn(
        &mut self,
        furniture: &Furniture,
        shingles: &[u64],
        piece: Range<usize>,
    ) -> Option<u32> {
        let end = (piece.end + 1).saturating_sub(furniture.width).min(shingles.len());
        let found: Vec<usize> = (shingles[piece.start.min(end)..end].iter())
            .filter_map(|hash| furniture.shingles.sorted.binary_search(hash).ok())
            .collect();
        let new = found.iter().filter(|&&index| !self.0[index]).count();
        found.iter().for_each(|&index| self.0[index] = true);
        let mut articles: Vec<u32> = found.iter().map(|&index| furniture.articles[index]).collect();
        articles.sort_unstable();
        articles.get(articles.len() / 2).copied().filter(|_| 2 * new > found.len())
    }
}

/// A set of hashes that are well mixed in their lower bits. Asking for a hash that is not there
/// usually costs one look at a bitmap.
#[derive(Clone, Debug, Default)]
struct Set {
    bitmap: Vec<u64>,
    sorted: Vec<u64>,
}

impl Set {
    fn new(mut hashes: Vec<u64>) -> Self {
        hashes.sort_unstable();
        hashes.dedup();
        // At least 64 bits an element.
        let words = hashes.len().next_power_of_two().max(16);
        let mut bitmap = vec![0; words];
        for &hash in &hashes {
            let (word, bit) = Self::place(hash, words);
            bitmap[word] |= bit;
        }
        Self { bitmap, sorted: hashes }
    }

    fn place(hash: u64, words: usize) -> (usize, u64) {
        ((hash >> 6) as usize & (words - 1), 1 << (hash & 63))
    }

    fn contains(&self, hash: u64) -> bool {
        if self.bitmap.is_empty() {
            return false;
        }
        let (word, bit) = Self::place(hash, self.bitmap.len());
        self.bitmap[word] & bit != 0 && self.sorted.binary_search(&hash).is_ok()
    }
}

#[cfg(test)]
mod tests;
