//! The tree as a drawing.

use std::fmt;

use super::{Edit, Family, Version};

impl Family {
    /// The tree as a drawing, with names for the numbers of the texts: a version a line, with what
    /// was done to its parent and the dates that speak against it. Children hang below their
    /// parent; an only child stands right under it, after an arrow.
    pub fn display<'f, S: fmt::Display>(
        &'f self,
        name: impl Fn(usize) -> S + 'f,
    ) -> impl fmt::Display + 'f {
        Drawing { family: self, name }
    }
}

/// A family with names, to be printed.
struct Drawing<'f, N> {
    family: &'f Family,
    name: N,
}

impl<S: fmt::Display, N: Fn(usize) -> S> fmt::Display for Drawing<'_, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Family { versions, contradictions } = self.family;
        let mut children = vec![0; versions.len()];
        for parent in versions.iter().filter_map(|version| version.parent) {
            children[parent] += 1;
        }
        let mut to_come = children.clone();
        // By version, what stands before its children.
        let mut margins: Vec<String> = Vec::with_capacity(versions.len());
        let mut contradictions = contradictions.iter().peekable();
        for (index, version) in versions.iter().enumerate() {
            let (margin, branch, rest) = match version.parent {
                None => (String::new(), "", ""),
                Some(parent) => {
                    to_come[parent] -= 1;
                    let (branch, rest) = match (children[parent], to_come[parent]) {
                        (1, _) => ("↓ ", ""),
                        (_, 0) => ("└─ ", "   "),
                        _ => ("├─ ", "│  "),
                    };
                    (margins[parent].clone(), branch, rest)
                }
            };
            write!(f, "{margin}{branch}{}  ", self.names(version))?;
            match version.parent {
                None => f.write_str(&words(version.words))?,
                Some(_) => version.edit.fmt(f)?,
            }
            if let Some(found) = contradictions.next_if(|found| found.version == index) {
                write!(f, "; dated before {}", self.names(&versions[found.ancestor]))?;
            }
            writeln!(f)?;
            margins.push(margin + rest);
        }
        Ok(())
    }
}

impl<S: fmt::Display, N: Fn(usize) -> S> Drawing<'_, N> {
    /// The names of all that have a version.
    fn names(&self, version: &Version) -> String {
        let names = version.members.iter().map(|&member| (self.name)(member).to_string());
        names.collect::<Vec<_>>().join(" = ")
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.display(|member| format!("#{member}")).fmt(f)
    }
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut clauses = Vec::new();
        if self.added > 0 {
            clauses.push(format!("{} added", words(self.added)));
        }
        if self.dropped > 0 {
            let places =
                if self.cuts > 1 { format!(" in {} cuts", self.cuts) } else { String::new() };
            clauses.push(format!("{} dropped{places}", words(self.dropped)));
        }
        if self.moves > 0 {
            clauses.push("passages moved".to_owned());
        }
        if clauses.is_empty() {
            clauses.push("the same words".to_owned());
        }
        f.write_str(&clauses.join(", "))
    }
}

fn words(count: usize) -> String {
    format!("{count} word{}", if count == 1 { "" } else { "s" })
}
