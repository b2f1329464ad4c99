//! A corpus without its duplicates.

use crate::align::Relation;

use super::clusters::Clusters;
use super::corpus::Rows;

impl Clusters<'_> {
    /// Which articles to keep: by number, whether an article stays.
    ///
    /// Articles are taken in the order of preference: those with the lowest `rank` first, equal
    /// ones by number. An article goes only when one that stays, in the same cluster, covers it:
    /// it is identical to that one, a reprint or an excerpt of it, by a verified pair of their
    /// own. So nothing is lost that is not in what stays; and every cluster keeps an article, also
    /// where all of its articles are in other clusters that cover them.
    ///
    /// ```
    /// # let mut dedup = reprint::Deduper::new();
    /// # dedup.extend(&["the same five words here", "the same five words here", "other"]);
    /// let clusters = dedup.clusters();
    /// // The longest version of each piece:
    /// let keep = clusters.keep(|article| std::cmp::Reverse(dedup.text(article).len()));
    /// # assert_eq!(keep, [true, false, true]);
    /// ```
    pub fn keep<K: Ord>(&self, rank: impl Fn(usize) -> K) -> Vec<bool> {
        let distinct = &self.run.distinct;
        let neighbours = self.neighbours();
        // By node, the clusters it belongs to.
        let memberships = (0u32..)
            .zip(&self.run.groups)
            .flat_map(|(index, group)| group.nodes().map(move |node| (node, index)));
        let memberships = Rows::of(distinct.len(), memberships);
        let together = |a: u32, b: u32| {
            let [of_a, of_b] = [a, b].map(|node| memberships.row(node as usize));
            of_a.iter().any(|group| of_b.contains(group))
        };
        let mut order: Vec<usize> = (0..self.dedup.len()).collect();
        order.sort_by_cached_key(|&article| (rank(article), article));
        let mut places = vec![0; order.len()];
        order.iter().enumerate().for_each(|(place, &article)| places[article] = place);
        let mut keep = vec![true; order.len()];
        let mut stays = vec![false; distinct.len()];
        for &article in &order {
            let Some(node) = distinct.node_of(article) else { continue };
            let covered = stays[node as usize]
                || neighbours.row(node as usize).iter().any(|&index| {
                    let ((first, second), mut verified) = self.run.pairs.get(index as usize);
                    let mut other = second;
                    if second == node {
                        other = first;
                        verified = verified.swapped();
                    }
                    let covers = matches!(
                        verified.relation,
                        Relation::Identical | Relation::Reprint | Relation::Excerpt
                    );
                    covers && stays[other as usize] && together(node, other)
                });
            keep[article] = !covered;
            stays[node as usize] |= !covered;
        }
        // Its articles may all be covered by those of other clusters that they are in, too.
        for group in &self.run.groups {
            if !group.nodes().any(|node| stays[node as usize]) {
                let articles = group.nodes().flat_map(|node| distinct.articles(node));
                let articles = articles.map(|&article| article as usize);
                if let Some(best) = articles.min_by_key(|&article| places[article]) {
                    keep[best] = true;
                    distinct.node_of(best).inspect(|&node| stays[node as usize] = true);
                }
            }
        }
        keep
    }
}
