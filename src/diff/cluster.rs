//! One text against all its versions.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Range;

use super::compare::Comparer;
use super::display::Style;
use super::kind::EditKind;
use super::layout::{Flow, Printed};
use super::outline::Outline;
use super::report::{DiffReport, Edit, Format, PartKind, Span};
use super::source::Source;
use crate::align::{Evidence, Relation};

/// What differs between the representative of a cluster and each of its other members, and which
/// members have an edit in common.
///
/// [`Display`](fmt::Display) prints it with the members' numbers; [`display`](Self::display) with
/// names. Serialised (feature `serde`), it is report format 1: an object with these fields under
/// these names, all places as `{"tokens": {"start", "end"}, "bytes": {"start", "end"}}`, and all
/// kinds as lower-case words. A later format has another number in `format`; fields may be added
/// to this one.
///
/// ```
/// use reprint::diff::{ClusterReport, EditKind};
///
/// let texts = [
///     "Port to close\n\nThe port closes on Monday.\n\nDockers were not asked.",
///     "Port to close\n\nThe port closes on Tuesday.\n\nDockers were not asked.",
///     "Port to close\n\nThe port closes on Tuesday.",
/// ];
/// let report = ClusterReport::new(|at| texts[at], 0, &[1, 2]);
/// let shared = &report.edits[0];
/// assert_eq!((shared.kind, &shared.versions[..]), (EditKind::Date, &[0, 1][..]));
/// # #[cfg(feature = "serde")] {
/// let json = serde_json::to_value(&report)?;
/// assert_eq!(json["format"], 1);
/// assert_eq!(json["edits"][1]["kind"], "tail");
/// assert_eq!(json["edits"][1]["versions"], serde_json::json!([1]));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ClusterReport<'t> {
    /// The format in which it is serialised: 1.
    pub format: Format,
    /// The number of the representative.
    pub representative: usize,
    /// The other members, those with the same words together, in the order in which the first of
    /// each was given.
    pub versions: Vec<Version<'t>>,
    /// Each edit once, by its place in the representative, with the versions that have it.
    pub edits: Vec<SharedEdit>,
}

/// Members with the same words, and how they differ from the representative.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Version<'t> {
    /// The numbers of the members, in the order in which they were given. There is at least one.
    pub members: Vec<usize>,
    /// What the members are to the representative, where that is known.
    pub relation: Option<Relation>,
    /// The counts that the relation rests on; `a` is the representative.
    pub evidence: Option<Evidence>,
    /// From the representative, as text `a`, to the first of the members, as text `b`.
    pub report: DiffReport<'t>,
    /// Its edits, ascending: indices of [`ClusterReport::edits`].
    pub edits: Vec<usize>,
}

/// An edit that one version has, or several in the same way: the same words of the representative
/// replaced by the same words, at the same place. Of what was dropped or inserted in whole blocks,
/// the blocks that the same versions have in common are one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SharedEdit {
    /// What kind of change it is in the first of the versions.
    pub kind: EditKind,
    /// Where it stands in the representative.
    pub a: Span,
    /// Where it stands in the first of the versions.
    pub b: Span,
    /// The versions that have it, ascending: indices of [`ClusterReport::versions`].
    pub versions: Vec<usize>,
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
        let mut shared = Shared::default();
        let mut given = HashSet::from([representative]);
        for &member in members.iter().filter(|&&member| given.insert(member)) {
            let source = comparer.read(texts(member));
            if let Some(&version) = version_of.get(&source.ids) {
                versions[version].members.push(member);
                continue;
            }
            let report = super::report(&mut comparer, &outline, &source, [own, furniture(member)]);
            shared.add(versions.len(), &report, &comparer.a, &source);
            version_of.insert(source.ids, versions.len());
            let (relation, evidence) = (None, None);
            let members = vec![member];
            versions.push(Version { members, relation, evidence, report, edits: Vec::new() });
        }
        let edits = shared.finish();
        for (index, edit) in edits.iter().enumerate() {
            edit.versions.iter().for_each(|&version| versions[version].edits.push(index));
        }
        Self { format: Format, representative, versions, edits }
    }

    /// The report with a style and with names for the numbers, to be printed. Each version begins
    /// with a line that says which names stand behind the two texts of the style. Of three
    /// versions or more, the edits that several of them have are listed at the end.
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
                let shown = |&member: &usize| style.shown(&name(member).to_string());
                let names: Vec<String> = version.members.iter().map(shown).collect();
                let (a, b) = (shown(&self.representative), names.join(" = "));
                let [of_a, of_b] = [&style.a, &style.b].map(|name| style.shown(name));
                let mut line = Flow::default();
                line.note(Some(&style.heading), &format!("{of_a} is {a}, {of_b} is {b}"));
                line.print(f, 0, style)?;
                write!(f, "{}", version.report.display(style))?;
            }
            self.print_shared(f, style)
        })
    }
}

impl fmt::Display for ClusterReport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.display(&Style::default(), |member| format!("#{member}")))
    }
}

/// What makes edits of two versions one.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    a: Range<usize>,
    /// The words instead; for what was moved, those that it stands behind.
    words: Vec<u32>,
    is_moved: bool,
}

/// The edits of all versions so far, by block.
#[derive(Debug, Default)]
struct Shared {
    edits: Vec<SharedEdit>,
    known: HashMap<Key, usize>,
}

impl Shared {
    fn add(&mut self, version: usize, report: &DiffReport<'_>, a: &Source<'_>, b: &Source<'_>) {
        for edit in &report.edits {
            let (of_a, of_b) = (edit.a.tokens.clone(), edit.b.tokens.clone());
            match report.parts[edit.part].kind {
                PartKind::Removed => {
                    for block in a.blocks_within(of_a) {
                        self.add_edit(version, edit, (a, block), (b, of_b.clone()));
                    }
                }
                PartKind::Added => {
                    for block in b.blocks_within(of_b) {
                        self.add_edit(version, edit, (a, of_a.clone()), (b, block));
                    }
                }
                _ => self.add_edit(version, edit, (a, of_a), (b, of_b)),
            }
        }
    }

    fn add_edit(
        &mut self,
        version: usize,
        edit: &Edit,
        (a, of_a): (&Source<'_>, Range<usize>),
        (b, of_b): (&Source<'_>, Range<usize>),
    ) {
        let is_moved = edit.kind == EditKind::Moved;
        let words =
            if is_moved { of_b.start.saturating_sub(BEHIND)..of_b.start } else { of_b.clone() };
        let key = Key { a: of_a.clone(), words: b.ids[words].to_vec(), is_moved };
        let next = self.edits.len();
        let index = *self.known.entry(key).or_insert(next);
        if index == next {
            let (a, b) = (a.span(of_a), b.span(of_b));
            self.edits.push(SharedEdit { kind: edit.kind, a, b, versions: vec![version] });
        } else if self.edits[index].versions.last() != Some(&version) {
            self.edits[index].versions.push(version);
        }
    }

    /// Joins blocks side by side that the same versions have, and sorts by place.
    fn finish(self) -> Vec<SharedEdit> {
        let mut edits: Vec<SharedEdit> = Vec::with_capacity(self.edits.len());
        for edit in self.edits {
            let follows = |last: &&mut SharedEdit| {
                last.kind == edit.kind
                    && last.versions == edit.versions
                    && last.a.tokens.end == edit.a.tokens.start
                    && last.b.tokens.end == edit.b.tokens.start
                    && (last.a.tokens.is_empty() && edit.a.tokens.is_empty()
                        || last.b.tokens.is_empty() && edit.b.tokens.is_empty())
            };
            match edits.last_mut().filter(follows) {
                Some(last) => {
                    for (span, more) in [(&mut last.a, edit.a), (&mut last.b, edit.b)] {
                        span.tokens.end = more.tokens.end;
                        span.bytes.end = more.bytes.end;
                    }
                }
                None => edits.push(edit),
            }
        }
        edits.sort_by_key(|edit| (edit.a.tokens.start, edit.a.tokens.end));
        edits
    }
}

/// How many words before a moved passage tell where it was moved to.
const BEHIND: usize = 4;
