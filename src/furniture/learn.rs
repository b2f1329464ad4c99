//! Learning furniture from the samples of a corpus.

use std::ops::Range;

use super::Furniture;
use crate::lookup::Lookup;
use crate::lsh::containment::{Samples, SharedSamples};
use crate::parallel;

/// How furniture is told from stories.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Learner {
    /// Tokens in a shingle.
    pub(crate) width: usize,
}

impl Learner {
    /// How many articles must share a piece of text before it can be furniture.
    pub(crate) const ARTICLES: usize = 12;
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
    /// How many (shingle, article) pairs are sorted at once: 16 bytes each.
    const BATCH: usize = 1 << 22;

    /// Learns from a corpus: from its samples, and from what these share. `shingles_of` appends the
    /// shingles of an article in text order.
    ///
    /// Cost: a look-up for each sampled shingle, a few microseconds for each common one, and a
    /// sort of the shingles in and around furniture, in batches of 64 MB.
    pub(crate) fn learn(
        &self,
        samples: &Samples,
        shared: &SharedSamples,
        shingles_of: impl Fn(u32, &mut Vec<u64>) + Sync,
    ) -> Furniture {
        let shared = Frequent::new(shared);
        if !shared.is_common.contains(&true) {
            return Furniture::default();
        }
        let corpus = Corpus::new(self, samples, &shared);
        let names: Vec<usize> = (0..shared.len()).collect();
        let is_furniture = parallel::map_with(
            &names,
            || Counts::new(shared.len()),
            |counts, &name| shared.is_common[name] && self.is_furniture(&corpus, name, counts),
        );
        let articles: Vec<u32> = (0..).take(samples.len()).collect();
        let stretches = parallel::map_with(
            &articles,
            || (),
            |(), &article| Self::stretches(&corpus, article, &is_furniture),
        );
        let stretches: Vec<(u32, Vec<Range<usize>>)> =
            articles.into_iter().zip(stretches).filter(|(_, found)| !found.is_empty()).collect();
        Furniture::new(self.width, Self::common_shingles(&stretches, shingles_of))
    }

    /// The shingles in some stretches of articles that stand in enough of them, with their number.
    fn common_shingles(
        stretches: &[(u32, Vec<Range<usize>>)],
        shingles_of: impl Fn(u32, &mut Vec<u64>) + Sync,
    ) -> Vec<(u64, u32)> {
        let total: usize = stretches.iter().flat_map(|(_, ranges)| ranges).map(Range::len).sum();
        let batches = (total / Self::BATCH + 1) as u64;
        let pieces: Vec<_> = stretches.chunks(256).collect();
        let mut common = Vec::new();
        for batch in 0..batches {
            let entries = parallel::map_with(&pieces, Vec::new, |shingles, piece| {
                let mut entries: Vec<(u64, u32)> = Vec::new();
                for (article, stretches) in *piece {
                    shingles.clear();
                    shingles_of(*article, shingles);
                    let of_batch = |hash: &&u64| **hash % batches == batch;
                    for stretch in stretches {
                        let hashes = shingles[stretch.clone()].iter().filter(of_batch);
                        entries.extend(hashes.map(|&hash| (hash, *article)));
                    }
                }
                entries
            });
            let mut entries = entries.concat();
            leave_frequent(&mut entries, Self::ARTICLES);
            parallel::sort(&mut entries);
            entries.dedup();
            common.extend(
                (entries.chunk_by(|a, b| a.0 == b.0))
                    .filter(|run| run.len() >= Self::ARTICLES)
                    .map(|run| (run[0].0, u32::try_from(run.len()).unwrap_or(u32::MAX))),
            );
        }
        common
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
        group().for_each(|article| counts.add(corpus.names(article)));
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
        let samples = corpus.samples;
        let end = samples.lengths()[article as usize] as usize + self.width - 1;
        let end = u32::try_from(end).unwrap_or(u32::MAX);
        // What is not shared, and what is, but not here, since the last that is.
        let (mut own, mut from, mut strange) = (0, 0, 0);
        let names = corpus.names(article).iter();
        let places = samples.places(article as usize).zip(names);
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
        let names = corpus.names(article);
        let is_furniture = |name: u32| is_furniture[name as usize];
        let mut stretches = Vec::new();
        if !names.iter().any(|&name| name != ALONE && is_furniture(name)) {
            return stretches;
        }
        let shingles = corpus.samples.lengths()[article as usize] as usize;
        let common: Vec<(u32, bool)> = (names.iter().zip(corpus.samples.places(article as usize)))
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

/// The articles of a piece. There are fewer than 2^32.
#[expect(clippy::cast_possible_truncation, reason = "numbers of articles")]
fn articles_of(piece: &Range<usize>) -> Range<u32> {
    piece.start as u32..piece.end as u32
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
                is_common.push(articles >= Learner::ARTICLES);
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

/// The articles by the names of their sampled shingles.
struct Corpus<'s> {
    samples: &'s Samples,
    shared: &'s Frequent<'s>,
    /// By sample: its name, or [`ALONE`].
    names: Vec<u32>,
    /// By article: whether it has text that is not common in the corpus.
    may_have_own: Vec<bool>,
}

impl<'s> Corpus<'s> {
    fn new(learner: &Learner, samples: &'s Samples, shared: &'s Frequent<'s>) -> Self {
        let mut lookup = Lookup::default();
        lookup.reset(shared.len());
        for (name, &shingle) in (0..).zip(&shared.shingles) {
            lookup.insert(shared.shared.hash(shingle as usize), name);
        }
        let pieces = parallel::chunks(samples.len(), 1024);
        let mut names = vec![ALONE; samples.total()];
        let mut rest = &mut names[..];
        let parts = pieces.iter().map(|piece| {
            let hashes = samples.hashes_of(piece.clone());
            (hashes, rest.split_off_mut(..hashes.len()).unwrap_or_default())
        });
        parallel::for_each(parts.collect(), |(hashes, names)| {
            names.iter_mut().zip(hashes).for_each(|(name, &hash)| *name = lookup.get(hash));
        });
        let mut corpus = Self { samples, shared, names, may_have_own: Vec::new() };
        let is_common = |name: u32| shared.is_common[name as usize];
        let may_have_own = parallel::map_with(
            &pieces,
            || (),
            |(), piece| -> Vec<bool> {
                let has_own = |article| learner.has_own_text(&corpus, article, is_common);
                articles_of(piece).map(has_own).collect()
            },
        );
        corpus.may_have_own = may_have_own.concat();
        corpus
    }

    fn names(&self, article: u32) -> &[u32] {
        &self.names[self.samples.range(article as usize)]
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

/// Drops entries whose hash comes fewer than so many times, but for a few of them: hashes are
/// counted in a small table, in which some fall together.
fn leave_frequent(entries: &mut Vec<(u64, u32)>, least: usize) {
    let mut counts = vec![0u8; entries.len().next_power_of_two().max(2)];
    // The lower bits may be the same in all of a batch.
    let shift = 64 - counts.len().trailing_zeros();
    #[expect(clippy::cast_possible_truncation, reason = "below the number of counts")]
    let place = |hash: u64| (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> shift) as usize;
    for &(hash, _) in entries.iter() {
        let count = &mut counts[place(hash)];
        *count = count.saturating_add(1);
    }
    entries.retain(|&(hash, _)| usize::from(counts[place(hash)]) >= least);
}
