//! A cluster with all that a report on it needs: its versions, their texts, their family tree.

use std::cmp::Reverse;
use std::collections::HashMap;

use anyhow::Result;
use reprint::diff::ClusterReport;
use reprint::family::Family;
use reprint::{Cluster, Member};

use crate::again::Again;
use crate::articles::Articles;
use crate::keep::Date;

/// How many distinct versions of a cluster are compared with the representative.
const COMPARED: usize = 200;

/// A cluster whose texts have been read again.
pub struct Story<'c> {
    pub cluster: &'c Cluster<'c>,
    /// Of all distinct versions, those that are not compared too.
    pub family: Family,
    /// How many versions are not compared.
    pub more: usize,
    /// The first article of each version that is compared, ascending.
    compared: Vec<usize>,
    /// By article: those above, and the representative.
    texts: HashMap<usize, String>,
}

impl<'c> Story<'c> {
    /// Reads one text for each version, the closest ones where there are very many.
    pub fn read(cluster: &'c Cluster<'c>, again: &mut Again<'_>) -> Result<Self> {
        let articles = &again.corpus.articles;
        let family = cluster.family_with_dates(|article| date(articles, article));
        let representative = cluster.representative();
        let others = |members: &[usize]| members.iter().copied().find(|&of| of != representative);
        let mut compared: Vec<usize> =
            family.versions.iter().filter_map(|version| others(&version.members)).collect();
        let more = compared.len().saturating_sub(COMPARED);
        if more > 0 {
            compared.sort_by_cached_key(|&article| (Reverse(closeness(cluster, article)), article));
            compared.truncate(COMPARED);
        }
        compared.sort_unstable();
        let mut texts = HashMap::from([(representative, again.text(representative)?)]);
        for &article in &compared {
            texts.insert(article, again.text(article)?);
        }
        Ok(Self { cluster, family, more, compared, texts })
    }

    /// The text of the representative.
    pub fn text(&self) -> &str {
        &self.texts[&self.cluster.representative()]
    }

    /// What differs, with all articles that have a version.
    pub fn report(&self) -> ClusterReport<'_> {
        let mut report = self.cluster.report_of(&self.compared, |article| &self.texts[&article]);
        let mut members_of: HashMap<usize, &[usize]> = HashMap::new();
        for version in &self.family.versions {
            members_of.extend(version.members.iter().map(|&of| (of, &version.members[..])));
        }
        for version in &mut report.versions {
            let members = version.members.iter().flat_map(|member| members_of[member]).copied();
            let members = members.filter(|&member| member != self.cluster.representative());
            version.members = members.collect();
        }
        report
    }
}

/// How much an article and the representative have of each other, as an integer that has an order.
fn closeness(cluster: &Cluster<'_>, article: usize) -> u64 {
    let found = cluster.members().binary_search_by_key(&article, Member::article);
    let evidence = found.ok().map(|index| cluster.members()[index].evidence());
    let share = evidence.map_or(0.0, |of| of.coverage_a() + of.coverage_b());
    // Numbers from 0 on are in the order of their bits.
    share.to_bits()
}

/// The date of an article, if it can be read.
pub fn date(articles: &Articles, article: usize) -> Option<Date> {
    articles.date(article).and_then(Date::parse)
}
