//! Learning furniture from the samples of a corpus.

use std::ops::Range;

use super::Furniture;
use super::common::{Stretches, common_shingles};
use crate::lookup::{Filter, Lookup};
use crate::lsh::containment::{Part, SharedSamples};
use crate::parallel;

/// How furniture is told from stories.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Learner {
    /// Tokens in a shingle.
    pub(crate) width: usize,
}

impl Learner {
    /// How many articles must share a piece of text before it can be furniture.
    pub(crate) const ARTICLES: u8 = 12;
    /// How many articles furniture is learned from, at most.
    pub(crate) const MOST: usize = 1 << 20;
    /// How many articles must share a shingle before it can be common among those of a group.
    const FEW: usize = 5;
    /// How many of the articles of a shingle are looked at, and how many of these must share
    /// another shingle for it to be common among them.
    const GROUP: usize = 16;
    const IN_GROUP: u8 = 4;
    /// The share of own text that an article of its own has, and the least number of tokens: less
    /// may be a headline, a standfirst and a byline.
    const OWN: f64 = 0.1;
    const OWN_TOKENS: f64 = 30.0;
    /// The longest distance between sampled shingles of one stretch of shared text. At one in 8,
    /// a gap of 48 in shared text is a chance of 1 in 600.
    const GAP: u32 = 48;
    /// How many sampled shingles make a stretch of furniture. A phrase has fewer.
    const SAMPLES: usize = 3;
    /// How far furniture may go on beyond its first and last sampled shingle.
    const MARGIN: u32 = 24;

    /// Learns from a corpus: from its samples, which `part` looks up and of which `order` has all
    /// numbers, best in the order in which they lie; and from what they share. `shingled` gives
    /// away some articles with their shingles in text order.
    ///
    /// Cost: a look-up for each sampled shingle, a few microseconds for each common one, and
    /// [counting](common_shingles) the shingles in and around furniture.
    pub(crate) fn learn<'s>(
        &self,
        order: &[u32],
        part: impl Fn(u32) -> Part<'s> + Sync,
        shared: &SharedSamples,
        shingled: impl Fn(&[u32], &mut dyn FnMut(u32, &[u64])) + Sync + Send,
    ) -> Furniture {
        let shared = Frequent::new(shared);
        if !shared.is_common.contains(&true) {
            return Furniture::default();
        }
        let part = |article| part(article);
        let corpus = Corpus::new(self, order, &part, &shared);
        let names: Vec<usize> = (0..shared.len()).collect();
        let is_furniture = parallel::map_with(
            &names,
            || Counts::new(shared.len()),
            |counts, &name| shared.is_common[name] && self.is_furniture(&corpus, name, counts),
        );
        let pieces: Vec<&[u32]> = order.chunks(1024).collect();
        let stretches = parallel::map_with(
            &pieces,
            || (),
            |(), piece| {
                let of =
                    |&article: &u32| (article, Self::stretches(&corpus, article, &is_furniture));
                piece.iter().map(of).filter(|(_, found)| !found.is_empty()).collect::<Vec<_>>()
            },
        );
        let stretches: Vec<Stretches> = stretches.into_iter().flatten().collect();
        Furniture::new(self.width, common_shingles(&stretches, Self::ARTICLES, shingled))
    }

    /// Whether the articles that share a shingle have text of their own.
    fn is_furniture(&self, corpus: &Corpus<'_>, name: usize, counts: &mut Counts) -> bool {
        let articles = corpus.shared.articles(name);
        let step = articles.len().div_ceil(Self::GROUP);
        let group = || articles.iter().step_by(step).copied();
        let all = group().count();
        // Text that is common in the corpus is no article's own, whatever the group has.
        if 2 * group().filter(|&article| corpus.may_have_own[article as usize]).count() < all {
            return false;
        }
        counts.clear();
        group().for_each(|article| counts.add(corpus.sample(article).0));
        let is_in_group = |name: u32| counts.get(name) >= Self::IN_GROUP;
        let (mut alike, mut own) = (0, 0);
        for article in group() {
            let is_shared = |name| corpus.shared.is_common[name as usize] || is_in_group(name);
            if corpus.may_have_own[article as usize]
                && self.has_own_text(corpus, article, is_shared)
            {
                own += 1;
            } else if !self.has_own_text(corpus, article, is_in_group) {
                alike += 1;
            }
        }
        2 * own >= all && own >= 4 * alike
    }

    /// Whether an article has text of its own beside what is shared.
    fn has_own_text(
        &self,
        corpus: &Corpus<'_>,
        article: u32,
        is_shared: impl Fn(u32) -> bool,
    ) -> bool {
        let (names, part) = corpus.sample(article);
        let end = part.length as usize + self.width - 1;
        let end = u32::try_from(end).unwrap_or(u32::MAX);
        // What is not shared, and what is, but not here, since the last that is.
        let (mut own, mut from, mut strange) = (0, 0, 0);
        let places = part.places().zip(names);
        let places = places.map(|(place, &name)| (place.position(), name, place.is_sparse()));
        for (to, name, is_sparse) in places.chain([(end, EVERYWHERE, true)]) {
            if name != EVERYWHERE && (name == ALONE || !is_shared(name)) {
                // At one density in all articles.
                strange += usize::from(is_sparse || name != ALONE);
                continue;
            }
            // Between two sampled shingles that are near each other all is taken for shared; and
            // where none that is not shared was sampled, shared ones were missed by chance.
            let inner = from > 0 && to < end;
            if strange >= Self::SAMPLES && !(inner && to - from <= Self::GAP) {
                // Shared text goes on for 8 shingles, on average, on either side.
                own += (to - from).saturating_sub(if inner { 16 } else { 8 });
            }
            (from, strange) = (to, 0);
        }
        f64::from(own) > (Self::OWN * f64::from(end)).max(Self::OWN_TOKENS)
    }

    /// Where furniture stands in an article, in shingles, roughly. Common shingles that are not
    /// furniture end a stretch.
    fn stretches(corpus: &Corpus<'_>, article: u32, is_furniture: &[bool]) -> Vec<Range<usize>> {
        let (names, part) = corpus.sample(article);
        let is_furniture = |name: u32| is_furniture[name as usize];
        let mut stretches = Vec::new();
        if !names.iter().any(|&name| name != ALONE && is_furniture(name)) {
            return stretches;
        }
        let shingles = part.length as usize;
        let common: Vec<(u32, bool)> = (names.iter().zip(part.places()))
            .filter(|&(&name, _)| name != ALONE && corpus.shared.is_common[name as usize])
            .map(|(&name, place)| (place.position(), is_furniture(name)))
            .collect();
        let mut first = 0;
        for run in common.chunk_by(|a, b| a.1 == b.1 && b.0 - a.0 <= Self::GAP) {
            let next = first + run.len();
            if run.len() >= Self::SAMPLES && run[0].1 {
                let before = first.checked_sub(1).map_or(0, |index| common[index].0 + 1);
                let after = common.get(next).map_or(u32::MAX, |&(position, _)| position);
                let start = run[0].0.saturating_sub(Self::MARGIN).max(before);
                let end = run[run.len() - 1].0.saturating_add(Self::MARGIN + 1).min(after);
                stretches.push(start as usize..(end as usize).min(shingles));
            }
            first = next;
        }
        stretches
    }
}

/// The name of a sampled shingle that fewer than [`Learner::FEW`] articles have.
const ALONE: u32 = Lookup::NONE;
/// The name of what every article has: its end.
const EVERYWHERE: u32 = u32::MAX - 1;

/// The sampled shingles that enough articles share. Their numbers here are their names.
struct Frequent<'s> {
    shared: &'s SharedSamples,
    shingles: Vec<u32>,
    /// Whether so many articles share it that it is common in the corpus.
    is_common: Vec<bool>,
}

impl<'s> Frequent<'s> {
    fn new(shared: &'s SharedSamples) -> Self {
        let (mut shingles, mut is_common) = (Vec::new(), Vec::new());
        for (number, shingle) in (0u32..).zip(0..shared.len()) {
            let articles = shared.articles(shingle).len();
            if articles >= Learner::FEW {
                shingles.push(number);
                is_common.push(articles >= usize::from(Learner::ARTICLES));
            }
        }
        Self { shared, shingles, is_common }
    }

    fn len(&self) -> usize {
        self.shingles.len()
    }

    fn articles(&self, name: usize) -> &[u32] {
        self.shared.articles(self.shingles[name] as usize)
    }
}

/// A name in a sample as a hash of 64 bits.
fn mixed(name: u32) -> u64 {
    u64::from(name).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(32)
}

/// Looks a sample up.
type PartOf<'s> = dyn Fn(u32) -> Part<'s> + Sync + 's;

/// The articles by the names of their sampled shingles.
struct Corpus<'s> {
    part: &'s PartOf<'s>,
    shared: &'s Frequent<'s>,
    /// By sample, in the order in which they lie: its name, or [`ALONE`].
    names: Vec<u32>,
    /// By article, where its names start.
    starts: Vec<usize>,
    /// By article: whether it has text that is not common in the corpus.
    may_have_own: Vec<bool>,
}

impl<'s> Corpus<'s> {
    fn new(
        learner: &Learner,
        order: &[u32],
        part: &'s PartOf<'s>,
        shared: &'s Frequent<'s>,
    ) -> Self {
        let mut lookup = Lookup::default();
        lookup.reset(shared.len());
        for (name, &shingle) in (0..).zip(&shared.shingles) {
            lookup.insert(shared.shared.hash(shingle as usize), name);
        }
        let hashes = shared.shingles.iter().map(|&shingle| shared.shared.hash(shingle as usize));
        let filter = Filter::new(hashes.map(mixed));
        let name_of = |hash| if filter.may_have(mixed(hash)) { lookup.get(hash) } else { ALONE };
        let mut starts = vec![0; order.len()];
        let mut total = 0;
        for &article in order {
            starts[article as usize] = total;
            total += part(article).hashes.len();
        }
        let pieces: Vec<&[u32]> = order.chunks(1024).collect();
        let mut names = vec![ALONE; total];
        let mut rest = &mut names[..];
        let parts = pieces.iter().rev().map(|piece| {
            (piece, rest.split_off_mut(starts[piece[0] as usize]..).unwrap_or_default())
        });
        parallel::for_each(parts.collect(), |(piece, names)| {
            let hashes = piece.iter().flat_map(|&article| part(article).hashes);
            names.iter_mut().zip(hashes).for_each(|(name, &hash)| *name = name_of(hash));
        });
        let mut corpus = Self { part, shared, names, starts, may_have_own: Vec::new() };
        let is_common = |name: u32| shared.is_common[name as usize];
        let may_have_own = parallel::map_with(
            &pieces,
            || (),
            |(), piece| -> Vec<bool> {
                let has_own = |&article: &u32| learner.has_own_text(&corpus, article, is_common);
                piece.iter().map(has_own).collect()
            },
        );
        let mut by_article = vec![false; order.len()];
        for (&article, has) in order.iter().zip(may_have_own.into_iter().flatten()) {
            by_article[article as usize] = has;
        }
        corpus.may_have_own = by_article;
        corpus
    }

    /// An article's sampled shingles: their names and their places.
    fn sample(&self, article: u32) -> (&[u32], Part<'s>) {
        let part = (self.part)(article);
        (&self.names[self.starts[article as usize]..][..part.hashes.len()], part)
    }
}

/// How many articles of a group have each name.
struct Counts {
    /// By name: the number of articles, and the last one of them.
    counts: Vec<(u8, u8)>,
    counted: Vec<u32>,
    articles: u8,
}

impl Counts {
    fn new(names: usize) -> Self {
        Self { counts: vec![(0, 0); names], counted: Vec::new(), articles: 0 }
    }

    fn clear(&mut self) {
        self.counted.drain(..).for_each(|name| self.counts[name as usize] = (0, 0));
        self.articles = 0;
    }

    /// Counts an article, of which each name counts once.
    fn add(&mut self, names: &[u32]) {
        // No more than fit: a group has at most 16.
        self.articles += 1;
        for &name in names.iter().filter(|&&name| name != ALONE) {
            let (count, last) = &mut self.counts[name as usize];
            if *count == 0 {
                self.counted.push(name);
            }
            *count += u8::from(*last != self.articles);
            *last = self.articles;
        }
    }

    fn get(&self, name: u32) -> u8 {
        self.counts[name as usize].0
    }
}
