//! Results: clusters, members, pairs, the summary.

use std::collections::HashMap;
use std::fmt;
use std::ops::{Deref, Range};

use crate::align::{Evidence, Overlap, Relation};
use crate::cluster::Group;
#[cfg(feature = "diff")]
use crate::diff::ClusterReport;
use crate::lsh::Limited;
use crate::parallel;

use super::Deduper;
use super::corpus::Rows;
use super::near::Near;
use super::run::{Observer, Run, Stage};
use super::texts::narrow;
use super::verify::{Article, Verifier};

/// The clusters of a corpus, in the order of their lowest article; dereferences to a slice of
/// them.
#[derive(Debug)]
pub struct Clusters<'d> {
    pub(super) dedup: &'d Deduper,
    pub(super) run: Run,
    clusters: Vec<Cluster<'d>>,
    summary: Summary,
}

/// Articles that are the same piece of writing, around a representative.
#[derive(Clone, Debug)]
pub struct Cluster<'d> {
    pub(super) dedup: &'d Deduper,
    representative: usize,
    members: Vec<Member>,
    /// What was left aside in some of the articles.
    pub(super) aside: HashMap<usize, Vec<Range<u32>>>,
}

/// An article of a cluster, with its relation to the representative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Member {
    article: usize,
    relation: Relation,
    evidence: Evidence,
}

impl Member {
    /// The number of the article.
    pub fn article(&self) -> usize {
        self.article
    }

    /// What the article is to the representative. With
    /// [`Grouping::Components`](crate::Grouping::Components) it may be
    /// [`Overlap`](Relation::Overlap) for a member that is tied to it through others only.
    pub fn relation(&self) -> Relation {
        self.relation
    }

    /// The counts that the relation rests on; `a` is this article, `b` the representative.
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }
}

impl<'d> Cluster<'d> {
    /// The article that stands for the cluster: the one with the most reprints, then the longest.
    pub fn representative(&self) -> usize {
        self.representative
    }

    /// The text of the representative, as it was inserted.
    pub fn text(&self) -> &'d str {
        self.dedup.text(self.representative)
    }

    /// The other articles, by number, each with its relation to the representative.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The numbers of all articles of the cluster, ascending.
    pub fn articles(&self) -> Vec<usize> {
        let mut articles: Vec<usize> = self.members.iter().map(Member::article).collect();
        articles.push(self.representative);
        articles.sort_unstable();
        articles
    }

    /// The lowest number of an article.
    fn first(&self) -> usize {
        self.members
            .first()
            .map_or(self.representative, |member| member.article.min(self.representative))
    }

    /// The number of articles, at least 2.
    #[expect(clippy::len_without_is_empty, reason = "a cluster is never empty")]
    pub fn len(&self) -> usize {
        self.members.len() + 1
    }

    /// What differs between the representative and each other member. Linear in the members; see
    /// [`diff`](crate::diff).
    #[cfg(feature = "diff")]
    pub fn report(&self) -> ClusterReport<'d> {
        let members: Vec<usize> = self.members.iter().map(Member::article).collect();
        self.report_on(&members)
    }

    /// The same for some articles only. What was left aside in them as furniture is named so.
    ///
    /// # Panics
    /// If there is no article of such a number.
    #[cfg(feature = "diff")]
    pub fn report_on(&self, articles: &[usize]) -> ClusterReport<'d> {
        let dedup = self.dedup;
        self.report_of(articles, |article| dedup.text(article))
    }

    /// The same with texts that the caller gives, by number: those that were inserted. For a
    /// deduper that does [not keep them](super::Builder::keep_texts).
    #[cfg(feature = "diff")]
    pub fn report_of<'t>(
        &self,
        articles: &[usize],
        texts: impl Fn(usize) -> &'t str,
    ) -> ClusterReport<'t> {
        let aside = |article| self.aside.get(&article).map_or(&[][..], Vec::as_slice);
        let mut report = ClusterReport::with_furniture(texts, self.representative, articles, aside);
        for version in &mut report.versions {
            let found = self.members.binary_search_by_key(&version.members[0], Member::article);
            let member = found.ok().map(|index| self.members[index]);
            version.relation = member.map(|member| member.relation);
            version.evidence = member.map(|member| member.evidence.swapped());
        }
        report
    }
}

impl<'d> Deref for Clusters<'d> {
    type Target = [Cluster<'d>];

    fn deref(&self) -> &Self::Target {
        &self.clusters
    }
}

impl<'d> IntoIterator for Clusters<'d> {
    type Item = Cluster<'d>;
    type IntoIter = std::vec::IntoIter<Cluster<'d>>;

    fn into_iter(self) -> Self::IntoIter {
        self.clusters.into_iter()
    }
}

impl<'c, 'd> IntoIterator for &'c Clusters<'d> {
    type Item = &'c Cluster<'d>;
    type IntoIter = std::slice::Iter<'c, Cluster<'d>>;

    fn into_iter(self) -> Self::IntoIter {
        self.clusters.iter()
    }
}

/// A verified pair of articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Pair {
    /// The number of the first article, the lower one.
    pub a: usize,
    /// The number of the second article.
    pub b: usize,
    /// What the first is to the second.
    pub relation: Relation,
    /// The counts that the relation rests on.
    pub evidence: Evidence,
}

/// What a run did, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Summary {
    /// Articles inserted.
    pub articles: usize,
    /// Articles without any letter or digit. They match nothing.
    pub empty: usize,
    /// Articles with exactly the words of an earlier one.
    pub copies: usize,
    /// Tokens of all articles.
    pub tokens: usize,
    /// Shingles of the distinct articles.
    pub shingles: usize,
    /// Pairs of distinct articles that were looked at.
    pub candidates: usize,
    /// Pairs of distinct articles that turned out to be related.
    pub verified: usize,
    /// The same with all copies: what [`Clusters::pairs`] yields.
    pub pairs: u64,
    /// Clusters of two articles or more.
    pub clusters: usize,
    /// Articles in at least one cluster.
    pub clustered_articles: usize,
    /// Tokens of the distinct articles that were left aside as news lines: datelines, bylines
    /// and the like.
    pub news: usize,
    /// Tokens of the distinct articles that were left aside beside these: furniture, and the
    /// fixed text of moulds.
    pub aside: usize,
    /// Moulds that were found.
    pub moulds: usize,
    /// Distinct articles that fill one of them.
    pub mould_siblings: usize,
    /// Pairs of articles that were not looked at, because too many others share the same text.
    pub limited: Limited,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} articles ({} copies, {} empty), {} candidates, {} verified pairs, \
             {} clusters of {} articles",
            self.articles,
            self.copies,
            self.empty,
            self.candidates,
            self.verified,
            self.clusters,
            self.clustered_articles,
        )?;
        if self.aside > 0 {
            let share = 100.0 * self.aside as f64 / self.tokens.max(1) as f64;
            write!(f, "; {share:.1} % of the words left aside as furniture")?;
        }
        if self.moulds > 0 {
            write!(f, "; {} moulds, filled by {} articles", self.moulds, self.mould_siblings)?;
        }
        if !self.limited.is_empty() {
            write!(
                f,
                "; limited: {} shingles or buckets of up to {} articles, {} pairs not looked at",
                self.limited.buckets, self.limited.largest, self.limited.pairs,
            )?;
        }
        Ok(())
    }
}

impl<'d> Clusters<'d> {
    pub(super) fn new(dedup: &'d Deduper, run: Run, observer: &dyn Observer) -> Self {
        observer.begin(Stage::Cluster, run.groups.len());
        let mut groups: Vec<&Group> = run.groups.iter().collect();
        groups.sort_unstable_by_key(|group| run.distinct.first(group.representative));
        let pieces: Vec<&[&Group]> = groups.chunks(64).collect();
        let scratch = <(Verifier, Near)>::default;
        let clusters = parallel::map_with(&pieces, scratch, |(verifier, near), piece| {
            let nodes = piece.iter().flat_map(|group| group.nodes());
            dedup.corpus.load(near, nodes.map(|node| narrow(run.distinct.first(node))));
            let cluster = |group: &&Group| Cluster::new(dedup, &run, verifier, near, group);
            let clusters = piece.iter().map(cluster).collect::<Vec<_>>();
            observer.advance(piece.len());
            clusters
        });
        let mut clusters: Vec<Cluster<'_>> = clusters.into_iter().flatten().collect();
        clusters.sort_unstable_by_key(|cluster| (cluster.first(), cluster.representative));
        let summary = summary(dedup, &run, &clusters);
        Self { dedup, run, clusters, summary }
    }

    /// What the run did, in numbers.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// All verified pairs of articles, not only those with a representative, by number. Copies
    /// count as articles: a text with a thousand copies has half a million pairs, which are made
    /// as the iterator goes.
    pub fn pairs(&self) -> impl Iterator<Item = Pair> + '_ {
        let neighbours = self.neighbours();
        let mut verifier = Verifier::default();
        let text = |node| {
            let tokens = self.dedup.corpus.tokens(self.run.distinct.first(node));
            Article { tokens, aside: &[] }
        };
        (0..self.dedup.len()).flat_map(move |a| {
            let mut pairs: Vec<Pair> = Vec::new();
            let Some(node) = self.run.distinct.node_of(a) else { return pairs };
            let later = |node: u32| {
                let articles = self.run.distinct.articles(node);
                articles.iter().map(|&b| b as usize).filter(move |&b| b > a)
            };
            if later(node).next().is_some() {
                let evidence = self.run.identical(self.dedup, node);
                let relation = Relation::Identical;
                pairs.extend(later(node).map(|b| Pair { a, b, relation, evidence }));
            }
            verifier.prepare();
            for &index in neighbours.row(node as usize) {
                let ((first, second), mut verified) = self.run.pairs.get(index as usize);
                let other = if first == node { second } else { first };
                if later(other).next().is_none() {
                    continue;
                }
                if other == second {
                    verified = verified.swapped();
                }
                verifier.count(&self.dedup.settings, &text(node), &text(other), &mut verified);
                let verified = verified.swapped();
                let (relation, evidence) = (verified.relation, verified.evidence);
                pairs.extend(later(other).map(|b| Pair { a, b, relation, evidence }));
            }
            pairs.sort_unstable_by_key(|pair| pair.b);
            pairs
        })
    }

    /// For each node, the indices of its verified pairs, ascending.
    pub(super) fn neighbours(&self) -> Rows<u32> {
        let pairs = (0..).zip(self.run.pairs.iter());
        let ends = pairs.flat_map(|(index, ((a, b), _))| [(a, index), (b, index)]);
        Rows::of(self.run.distinct.len(), ends)
    }
}

impl<'d> Cluster<'d> {
    /// Takes a group, whose texts may have been read with others.
    fn new(
        dedup: &'d Deduper,
        run: &Run,
        verifier: &mut Verifier,
        near: &Near,
        group: &Group,
    ) -> Self {
        let representative = run.distinct.first(group.representative);
        let copies = run.distinct.articles(group.representative);
        let mut members = Vec::new();
        let mut add = |articles: &[u32], relation, evidence| {
            members.extend(articles.iter().map(|&article| Member {
                article: article as usize,
                relation,
                evidence,
            }));
        };
        if copies.len() > 1 {
            let evidence = run.identical(dedup, group.representative);
            add(&copies[1..], Relation::Identical, evidence);
        }
        let whole =
            |article| Article { tokens: dedup.corpus.tokens_near(near, article), aside: &[] };
        let first = whole(representative);
        verifier.prepare();
        for &node in &group.members {
            let other = whole(run.distinct.first(node));
            let (relation, evidence) = match run.pairs.find(node, group.representative) {
                Some(mut verified) => {
                    verifier.count(&dedup.settings, &first, &other, &mut verified);
                    (verified.relation, verified.evidence)
                }
                // A component holds strangers too.
                None => {
                    let evidence = verifier.compare(&dedup.settings, &first, &other);
                    (Relation::Overlap, evidence.swapped())
                }
            };
            add(run.distinct.articles(node), relation, evidence);
        }
        members.sort_unstable_by_key(Member::article);
        let aside = (group.nodes())
            .filter(|_| run.aside.len() > 0)
            .flat_map(|node| run.distinct.articles(node).iter().map(move |&a| (node, a)))
            .filter(|&(node, _)| !run.aside.row(node as usize).is_empty())
            .map(|(node, article)| (article as usize, run.aside.row(node as usize).to_vec()))
            .collect();
        Self { dedup, representative, members, aside }
    }
}

impl Run {
    /// The evidence between two articles that have the text of a node.
    fn identical(&self, dedup: &Deduper, node: u32) -> Evidence {
        let mut shingles: Vec<u64> = Vec::new();
        let tokens = dedup.corpus.tokens(self.distinct.first(node));
        dedup.settings.shingler.append(&tokens, &mut shingles);
        shingles.sort_unstable();
        shingles.dedup();
        let (count, distinct) = (self.own[node as usize] as usize, shingles.len());
        Evidence {
            identical: true,
            tokens_a: count,
            tokens_b: count,
            covered_a: count,
            covered_b: count,
            longest_passage: count,
            overlap: Overlap { a: distinct, b: distinct, shared: distinct },
        }
    }
}

fn summary(dedup: &Deduper, run: &Run, clusters: &[Cluster<'_>]) -> Summary {
    let articles = dedup.len();
    let empty = (0..articles).filter(|&article| run.distinct.node_of(article).is_none()).count();
    let mut clustered: Vec<usize> = clusters.iter().flat_map(Cluster::articles).collect();
    clustered.sort_unstable();
    clustered.dedup();
    let texts = run.distinct.len() as u64;
    let all = texts * texts.saturating_sub(1) / 2;
    let copies = |node: u32| run.distinct.articles(node).len() as u64;
    let nodes = u32::try_from(run.distinct.len()).unwrap_or(u32::MAX);
    let among_copies: u64 = (0..nodes).map(|node| copies(node) * (copies(node) - 1) / 2).sum();
    let between_texts: u64 = run.pairs.iter().map(|((a, b), _)| copies(a) * copies(b)).sum();
    Summary {
        articles,
        empty,
        copies: articles - empty - run.distinct.len(),
        tokens: dedup.corpus.total_tokens(),
        shingles: run.shingles,
        candidates: run.candidates,
        verified: run.pairs.len(),
        pairs: among_copies + between_texts,
        clusters: clusters.len(),
        clustered_articles: clustered.len(),
        news: run.news,
        aside: run.aside_words,
        moulds: run.moulds.len(),
        mould_siblings: run.moulds.iter().map(|mould| mould.siblings.len()).sum(),
        // A pair counts once for each shingle that left it out, but there are only so many.
        limited: Limited {
            pairs: run.limited.pairs.min(all.saturating_sub(run.candidates as u64)),
            ..run.limited
        },
    }
}
