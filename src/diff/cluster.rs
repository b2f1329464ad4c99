//! One text against all its versions.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    ops::Range,
};

use super::compare::Comparer;
use super::display::Style;
use super::layout::Printed;
use super::outline::Outline;
use super::report::DiffReport;

/// What differs between the representative of a cluster and each of its other members.
///
/// [`Display`](fmt::Display) prints it with the members' numbers; [`display`](Self::display) with
/// names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ClusterReport<'t> {
    /// The number of the representative.
    pub representative: usize,
    /// The other members, those with the same words together, in the order in which the first of
    /// each was given.
    pub versions: Vec<Version<'t>>,
}

/// Members with the same words, and how they differ from the representative.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Version<'t> {
    /// The numbers of the members, in the order in which they were given. There is at least one.
    pub members: Vec<usize>,
    /// From the representative, as text `a`, to the first of the members, as text `b`.
    pub report: DiffReport<'t>,
}

impl<'t> ClusterReport<'t> {
    /// Compares each of the members with the representative, which is tokenised and indexed once.
    /// `texts` gives the text of a number. The representative itself may be among the members; it
    /// is left out, and so are numbers that were given before.
    ///
    /// The cost is that of [`DiffReport::between`] for each version.
    ///
    /// # Panics
    /// As [`DiffReport::between`] does; and when `texts` does.
    pub fn new(texts: impl Fn(usize) -> &'t str, representative: usize, members: &[usize]) -> Self {
        Self::with_furniture(texts, representative, members, |_| &[])
    }

    /// The same when it is known what the corpus repeats in each text, in tokens.
    pub(crate) fn with_furniture<'f>(
        texts: impl Fn(usize) -> &'t str,
        representative: usize,
        members: &[usize],
        furniture: impl Fn(usize) -> &'f [Range<u32>],
    ) -> Self {
        let mut comparer = Comparer::new(texts(representative));
        let own = furniture(representative);
        let outline = Outline::new(&comparer.a, own);
        let mut versions: Vec<Version<'t>> = Vec::new();
        let mut version_of: HashMap<Vec<u32>, usize> = HashMap::new();
        let mut given = HashSet::from([representative]);
        for &member in members.iter().filter(|&&member| given.insert(member)) {
            let source = comparer.read(texts(member));
            if let Some(&version) = version_of.get(&source.ids) {
                versions[version].members.push(member);
                continue;
            }
            let report = super::report(&mut comparer, &outline, &source, [own, furniture(member)]);
            version_of.insert(source.ids, versions.len());
            versions.push(Version { members: vec![member], report });
        }
        Self { representative, versions }
    }

    /// The report with a style and with names for the numbers, to be printed. Each version begins
    /// with a line that says which names stand behind the two texts of the style.
    pub fn display<'r, S: fmt::Display>(
        &'r self,
        style: &'r Style,
        name: impl Fn(usize) -> S + 'r,
    ) -> impl fmt::Display + 'r {
        Printed(move |f: &mut fmt::Formatter<'_>| {
            for (index, version) in self.versions.iter().enumerate() {
                if index > 0 {
                    writeln!(f)?;
                }
                let names: Vec<String> =
                    version.members.iter().map(|&member| name(member).to_string()).collect();
                let (a, b) = (name(self.representative), names.join(" = "));
                writeln!(f, "{} is {a}, {} is {b}", style.a, style.b)?;
                write!(f, "{}", version.report.display(style))?;
            }
            Ok(())
        })
    }
}

impl fmt::Display for ClusterReport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.display(&Style::default(), |member| format!("#{member}")))
    }
}
