//! Numbers behind the drawings: days for the timeline, the family tree of what is compared.

use std::collections::HashMap;

use serde::Serialize;

use super::story::Story;
use crate::keep::Date;

/// A version in the family tree, behind the one it came from.
#[derive(Serialize)]
pub struct Node {
    /// The version's number in the section; none for the representative.
    version: Option<usize>,
    parent: Option<usize>,
    words: usize,
    added: usize,
    dropped: usize,
    cuts: usize,
    moves: usize,
    /// An ancestor with a later date.
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<usize>,
}

/// The tree of the representative and the versions that are compared with it, each by an article.
/// Where a parent is not compared, the version hangs from the next ancestor that is. None when
/// there are less than three.
pub fn tree(story: &Story<'_>, versions: &[usize]) -> Vec<Node> {
    let family = &story.family;
    let number_of: HashMap<usize, usize> =
        versions.iter().enumerate().map(|(number, &article)| (article, number)).collect();
    let representative = story.cluster.representative();
    // By version of the family, its node.
    let mut node_of: Vec<Option<usize>> = Vec::with_capacity(family.versions.len());
    let mut nodes = Vec::new();
    for version in &family.versions {
        let parent = version.parent.and_then(|parent| node_of[parent]);
        let number = version.members.iter().find_map(|member| number_of.get(member)).copied();
        let is_representative = version.members.contains(&representative);
        // Node numbers of those left out are their ancestor's.
        if number.is_none() && !is_representative {
            node_of.push(parent);
            continue;
        }
        node_of.push(Some(nodes.len()));
        nodes.push(Node {
            version: number.filter(|_| !is_representative),
            parent,
            words: version.words,
            added: version.edit.added,
            dropped: version.edit.dropped,
            cuts: version.edit.cuts,
            moves: version.edit.moves,
            against: None,
        });
    }
    for found in &family.contradictions {
        if let (Some(version), Some(ancestor)) = (node_of[found.version], node_of[found.ancestor])
            && version != ancestor
        {
            nodes[version].against = Some(ancestor);
        }
    }
    if nodes.len() < 3 { Vec::new() } else { nodes }
}

/// The day of a date, counted from 1970, with the hour as a fraction where it is written as 10:30.
/// What a date leaves open is taken as its beginning.
pub fn day(date: &Date) -> f64 {
    let Date(year, month, day, rest) = date;
    // Years that begin in March, so that the leap day is their last.
    let (month, day) = (i64::from(*month).max(1), i64::from(*day).max(1));
    let year = i64::from(*year) - i64::from(month <= 2);
    let since_march = (month + 9) % 12;
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days = 365 * year + leaps + (153 * since_march + 2) / 5 + day - 1 - 719_468;
    days as f64 + time(rest).unwrap_or(0.0)
}

/// The share of the day at a time such as `T10:30:00Z`.
fn time(text: &str) -> Option<f64> {
    let (before, after) = text.split_once(':')?;
    let hour = before.get(before.len().checked_sub(2)?..)?.parse::<u32>().ok()?;
    let minute = after.get(..2)?.parse::<u32>().ok()?;
    (hour < 24 && minute < 60).then(|| f64::from(hour * 60 + minute) / 1440.0)
}
