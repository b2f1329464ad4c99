//! How well family trees agree with what is known of the versions.

/// A version of a tree: the numbers of all that have its text, and its parent.
pub type Node<'f> = (&'f [usize], Option<usize>);

/// How well some trees agree with the true order of revisions. A page may return to an earlier
/// text, so that a version may stand at several places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lineage {
    /// Trees of three versions or more.
    pub trees: usize,
    /// Versions that have a parent in these.
    pub children: usize,
    /// Those whose parent stands right before or after them in the true order.
    pub neighbours: usize,
    /// Those whose parent came up earlier than they did.
    pub forward: usize,
    /// Trees whose root came first.
    pub roots: usize,
}

impl Lineage {
    /// Takes in a tree whose numbers are the true order.
    pub fn push(&mut self, tree: &[Node<'_>]) {
        if tree.len() < 3 {
            return;
        }
        // The versions in the true order, each once while it stays.
        let mut order: Vec<(usize, usize)> = (tree.iter().enumerate())
            .flat_map(|(version, (members, _))| members.iter().map(move |&at| (at, version)))
            .collect();
        order.sort_unstable();
        order.dedup_by_key(|entry| entry.1);
        let first = |version: usize| order.iter().position(|entry| entry.1 == version);
        self.trees += 1;
        self.roots += usize::from(first(0) == Some(0));
        for (version, (_, parent)) in tree.iter().enumerate() {
            let Some(parent) = *parent else { continue };
            let beside = |pair: &[(usize, usize)]| {
                [(version, parent), (parent, version)].contains(&(pair[0].1, pair[1].1))
            };
            self.children += 1;
            self.neighbours += usize::from(order.windows(2).any(beside));
            self.forward += usize::from(first(parent) < first(version));
        }
    }

    /// The share of the versions whose parent is a neighbour.
    pub fn neighbour_share(&self) -> f64 {
        self.neighbours as f64 / self.children.max(1) as f64
    }

    /// The share of the versions whose parent is earlier.
    pub fn forward_share(&self) -> f64 {
        self.forward as f64 / self.children.max(1) as f64
    }
}

/// How often trees of copies begin with the original.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ancestry {
    /// Trees of three versions or more, the original among them.
    pub trees: usize,
    /// Those of which it is the root.
    pub roots: usize,
    /// Versions of the original's story, beside its own.
    pub copies: usize,
    /// Those that have it as their parent.
    pub children: usize,
}

impl Ancestry {
    /// Takes in a tree; `original` tells which article an article of a story was made from, itself
    /// for originals.
    pub fn push(&mut self, tree: &[Node<'_>], original: impl Fn(usize) -> Option<usize>) {
        let is_first = |article: &usize| original(*article) == Some(*article);
        let Some(of) = tree.iter().position(|(members, _)| members.iter().any(is_first)) else {
            return;
        };
        let Some(&first) = tree[of].0.iter().find(|&article| is_first(article)) else { return };
        if tree.len() < 3 {
            return;
        }
        self.trees += 1;
        self.roots += usize::from(of == 0);
        for (version, (members, parent)) in tree.iter().enumerate() {
            if version != of && original(members[0]) == Some(first) {
                self.copies += 1;
                self.children += usize::from(*parent == Some(of));
            }
        }
    }
}
