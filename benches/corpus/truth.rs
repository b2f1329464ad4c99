//! What was planted in a corpus, and how much of it a program found.

use std::collections::{BTreeMap, HashMap};

use super::{Article, Kind};

/// What is known about each article of a corpus, in the corpus's order.
#[derive(Clone, Debug, Default)]
pub struct Truth {
    articles: Vec<Known>,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    story: u64,
    kind: Kind,
    original: Option<usize>,
}

/// How many of the planted copies were found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recall {
    /// Copies that share a group with their original.
    pub found: u64,
    /// Copies that were planted.
    pub planted: u64,
}

/// How well groups or pairs agree with the truth. Each unordered pair of articles counts once.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Pairs of articles of one story.
    pub true_pairs: u64,
    /// Pairs predicted.
    pub predicted_pairs: u64,
    /// Pairs predicted that are of one story.
    pub right_pairs: u64,
    /// Planted copies found together with their original, by the name of their kind.
    pub recall_by_kind: BTreeMap<&'static str, Recall>,
    /// Pairs predicted that are not of one story, by the names of the two kinds (in order).
    pub wrong_by_kinds: BTreeMap<(&'static str, &'static str), u64>,
    /// Adjusted Rand index of the groups; an article in several groups counts in the first, one in
    /// none is a group of its own. Absent when pairs were scored.
    pub adjusted_rand: Option<f64>,
}

impl Score {
    /// Share of the predicted pairs that are right; 1 when none was predicted.
    pub fn precision(&self) -> f64 {
        share(self.right_pairs, self.predicted_pairs)
    }

    /// Share of the true pairs that were predicted; 1 when there are none.
    pub fn recall(&self) -> f64 {
        share(self.right_pairs, self.true_pairs)
    }

    /// Harmonic mean of precision and recall.
    pub fn f1(&self) -> f64 {
        let (precision, recall) = (self.precision(), self.recall());
        if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 }
    }

    /// Number of predicted pairs that are not of one story.
    pub fn wrong_pairs(&self) -> u64 {
        self.predicted_pairs - self.right_pairs
    }
}

impl Truth {
    /// Takes in the next article of the corpus.
    pub fn push(&mut self, article: &Article) {
        let Article { story, kind, original, .. } = *article;
        self.articles.push(Known { story, kind, original });
    }

    /// Number of articles taken in.
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Whether no article was taken in.
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    /// Which article an article of a story was made from: itself for an original, none for what
    /// is neither that nor a copy.
    pub fn original(&self, place: usize) -> Option<usize> {
        let Known { kind, original, .. } = self.articles[place];
        if kind == Kind::Original { Some(place) } else { original.filter(|_| kind.is_copy()) }
    }

    /// Number of pairs of articles of one story.
    pub fn true_pairs(&self) -> u64 {
        let mut sizes: HashMap<u64, u64> = HashMap::new();
        for article in &self.articles {
            *sizes.entry(article.story).or_default() += 1;
        }
        sizes.values().map(|size| pairs(*size)).sum()
    }

    /// Scores groups of places in the corpus. An article may be in several groups.
    pub fn score_groups(&self, groups: &[Vec<usize>]) -> Score {
        let mut memberships: Vec<(usize, usize)> = groups
            .iter()
            .enumerate()
            .flat_map(|(group, members)| members.iter().map(move |member| (*member, group)))
            .collect();
        memberships.sort_unstable();
        memberships.dedup();
        let mut members = vec![Vec::new(); groups.len()];
        for &(article, group) in &memberships {
            members[group].push(article);
        }
        let groups_of = |article: usize| {
            let start = memberships.partition_point(|(member, _)| *member < article);
            memberships[start..].iter().take_while(move |(m, _)| *m == article).map(|(_, g)| *g)
        };

        let mut score = self.empty_score();
        for group in &members {
            self.count_group(group, &mut score);
        }
        // Only articles of several groups can make a pair that was counted more than once.
        let mut repeated = Vec::new();
        for group in &members {
            let several: Vec<usize> =
                group.iter().copied().filter(|a| groups_of(*a).nth(1).is_some()).collect();
            repeated.extend(all_pairs(&several));
        }
        repeated.sort_unstable();
        for same in repeated.chunk_by(|x, y| x == y) {
            self.discount(same[0], same.len() as u64 - 1, &mut score);
        }

        for (place, article) in self.articles.iter().enumerate() {
            if let (true, Some(original)) = (article.kind.is_copy(), article.original) {
                let found = groups_of(place).any(|g| groups_of(original).any(|h| g == h));
                count_copy(article.kind, found, &mut score);
            }
        }
        score.adjusted_rand = Some(self.adjusted_rand(|article| groups_of(article).next()));
        score
    }

    /// Scores pairs of places in the corpus. Order within a pair and repetitions do not matter.
    pub fn score_pairs(&self, predicted: &[(usize, usize)]) -> Score {
        let mut predicted: Vec<(usize, usize)> =
            predicted.iter().filter(|(a, b)| a != b).map(|&(a, b)| (a.min(b), a.max(b))).collect();
        predicted.sort_unstable();
        predicted.dedup();
        let mut score = self.empty_score();
        for &(a, b) in &predicted {
            self.count_group(&[a, b], &mut score);
        }
        for (place, article) in self.articles.iter().enumerate() {
            if let (true, Some(original)) = (article.kind.is_copy(), article.original) {
                let pair = (place.min(original), place.max(original));
                count_copy(article.kind, predicted.binary_search(&pair).is_ok(), &mut score);
            }
        }
        score
    }

    fn empty_score(&self) -> Score {
        Score {
            true_pairs: self.true_pairs(),
            predicted_pairs: 0,
            right_pairs: 0,
            recall_by_kind: BTreeMap::new(),
            wrong_by_kinds: BTreeMap::new(),
            adjusted_rand: None,
        }
    }

    /// Adds the pairs of one group, without going through them one by one.
    fn count_group(&self, group: &[usize], score: &mut Score) {
        let mut kinds: BTreeMap<&'static str, u64> = BTreeMap::new();
        let mut stories: BTreeMap<u64, BTreeMap<&'static str, u64>> = BTreeMap::new();
        for &article in group {
            let Known { story, kind, .. } = self.articles[article];
            *kinds.entry(kind.name()).or_default() += 1;
            *stories.entry(story).or_default().entry(kind.name()).or_default() += 1;
        }
        score.predicted_pairs += pairs(group.len() as u64);
        for story in stories.values() {
            score.right_pairs += pairs(story.values().sum());
        }
        for (kinds, count) in pairs_of_kinds(&kinds) {
            *score.wrong_by_kinds.entry(kinds).or_default() += count;
        }
        for (kinds, count) in stories.values().flat_map(pairs_of_kinds) {
            take_away(&mut score.wrong_by_kinds, kinds, count);
        }
    }

    /// Takes back what one pair was counted too often.
    fn discount(&self, (a, b): (usize, usize), times: u64, score: &mut Score) {
        let (a, b) = (self.articles[a], self.articles[b]);
        score.predicted_pairs -= times;
        if a.story == b.story {
            score.right_pairs -= times;
        } else {
            let (x, y) = (a.kind.name(), b.kind.name());
            take_away(&mut score.wrong_by_kinds, (x.min(y), x.max(y)), times);
        }
    }

    fn adjusted_rand(&self, group_of: impl Fn(usize) -> Option<usize>) -> f64 {
        let mut groups: HashMap<usize, u64> = HashMap::new();
        let mut both: HashMap<(usize, u64), u64> = HashMap::new();
        for (place, article) in self.articles.iter().enumerate() {
            // An article in no group is alone and makes no pair.
            if let Some(group) = group_of(place) {
                *groups.entry(group).or_default() += 1;
                *both.entry((group, article.story)).or_default() += 1;
            }
        }
        let in_groups = groups.values().map(|size| pairs(*size)).sum::<u64>() as f64;
        let in_both = both.values().map(|size| pairs(*size)).sum::<u64>() as f64;
        let in_stories = self.true_pairs() as f64;
        let all = pairs(self.articles.len() as u64).max(1) as f64;
        let expected = in_groups * in_stories / all;
        let most = (in_groups + in_stories) / 2.0;
        if most == expected { 1.0 } else { (in_both - expected) / (most - expected) }
    }
}

fn count_copy(kind: Kind, found: bool, score: &mut Score) {
    let recall = score.recall_by_kind.entry(kind.name()).or_default();
    recall.planted += 1;
    recall.found += u64::from(found);
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// Number of pairs among so many.
fn pairs(size: u64) -> u64 {
    size * size.saturating_sub(1) / 2
}

fn all_pairs(articles: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    let rest = |place: usize| articles[place + 1..].iter();
    articles.iter().enumerate().flat_map(move |(place, a)| rest(place).map(|b| (*a, *b)))
}

type KindPair = (&'static str, &'static str);

/// How many pairs there are of each two kinds.
fn pairs_of_kinds(counts: &BTreeMap<&'static str, u64>) -> Vec<(KindPair, u64)> {
    let mut found = Vec::new();
    for (a, count_a) in counts {
        for (b, count_b) in counts.range(*a..) {
            let count = if a == b { pairs(*count_a) } else { count_a * count_b };
            if count > 0 {
                found.push(((*a, *b), count));
            }
        }
    }
    found
}

fn take_away(counts: &mut BTreeMap<KindPair, u64>, kinds: KindPair, count: u64) {
    if let Some(left) = counts.get_mut(&kinds) {
        *left -= count;
        if *left == 0 {
            counts.remove(&kinds);
        }
    }
}
