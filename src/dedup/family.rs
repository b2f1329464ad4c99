//! The family tree of a cluster.

use crate::family::{Family, Text};

use super::Cluster;

impl Cluster<'_> {
    /// Which version most likely came from which, without dates: the direction is a guess then.
    /// What was left aside in the articles does not count. See [`family`](crate::family).
    ///
    /// ```
    /// let mut dedup = reprint::Deduper::new();
    /// let first = "The old bridge over the Lenne will close for repairs on Monday, the council said. \
    ///              Buses will run over the upper bridge until the end of the month.";
    /// dedup.insert(&format!("{first} Boats may pass."));
    /// dedup.insert(first);
    /// dedup.insert(&first.replace("Monday", "Tuesday"));
    /// let clusters = dedup.clusters();
    /// let family = clusters[0].family();
    /// assert_eq!(family.versions[0].members, [1]);
    /// assert_eq!(family.versions[1].parent, Some(0));
    /// assert_eq!(
    ///     family.to_string(),
    ///     "#1  28 words\n\
    ///      ├─ #0  3 words added\n\
    ///      └─ #2  1 word added, 1 word dropped\n",
    /// );
    /// ```
    pub fn family(&self) -> Family {
        self.family_with_dates(|_| None::<()>)
    }

    /// The same with dates, by the number of an article, of any kind that has an order. An
    /// article may have none. Dates that the texts speak against strongly are not followed, but
    /// [pointed out](Family::contradictions).
    pub fn family_with_dates<D: Ord>(&self, date: impl Fn(usize) -> Option<D>) -> Family {
        let articles = self.articles();
        let tokens: Vec<_> =
            articles.iter().map(|&article| self.dedup.corpus.tokens(article)).collect();
        let aside = |article| self.aside.get(article).map_or(&[][..], Vec::as_slice);
        let texts: Vec<Text<'_>> = (articles.iter().zip(&tokens))
            .map(|(article, tokens)| Text { tokens, aside: aside(article) })
            .collect();
        let dates: Vec<Option<D>> = articles.iter().map(|&article| date(article)).collect();
        let mut family = Family::new(&self.dedup.settings.aligner, &texts, &dates);
        for version in &mut family.versions {
            version.members.iter_mut().for_each(|member| *member = articles[*member]);
        }
        family
    }
}
