//! The order in which candidates are verified.

use crate::sort::radix_sort;

/// The indices of pairs of some nodes, component by component: the pairs of nodes that are tied to
/// each other come together, so that each text is read about once. Within a component they keep
/// their order.
///
/// # Panics
/// If there are more than 2³² pairs.
pub(super) fn by_component(pairs: &[(u32, u32)], nodes: usize) -> Vec<u32> {
    let mut roots: Vec<u32> = (0..).take(nodes).collect();
    for &(a, b) in pairs {
        let (a, b) = (root(&mut roots, a), root(&mut roots, b));
        roots[a.max(b) as usize] = a.min(b);
    }
    assert!(u32::try_from(pairs.len()).is_ok(), "{} pairs are more than 2^32", pairs.len());
    let numbered = (0u64..).zip(pairs);
    let mut order: Vec<u64> =
        numbered.map(|(index, &(a, _))| u64::from(root(&mut roots, a)) << 32 | index).collect();
    drop(roots);
    let bits = 32..32 + usize::BITS.min(64 - nodes.leading_zeros());
    radix_sort(&mut order, &mut Vec::new(), bits);
    #[expect(clippy::cast_possible_truncation, reason = "the lower half is the index")]
    order.into_iter().map(|key| key as u32).collect()
}

/// The lowest node that is tied to a node, as far as is known.
fn root(roots: &mut [u32], mut node: u32) -> u32 {
    while roots[node as usize] != node {
        let next = roots[roots[node as usize] as usize];
        roots[node as usize] = next;
        node = next;
    }
    node
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Every pair comes once, a component comes in one piece, and in order.
        #[test]
        fn components_come_one_after_the_other(
            pairs in proptest::collection::btree_set((0u32..30, 0u32..30), 0..40),
        ) {
            let pairs: Vec<(u32, u32)> = pairs.into_iter().filter(|(a, b)| a < b).collect();
            let order = by_component(&pairs, 30);
            let mut component: Vec<u32> = (0..30).collect();
            for _ in 0..30 {
                for &(a, b) in &pairs {
                    let least = component[a as usize].min(component[b as usize]);
                    component[a as usize] = least;
                    component[b as usize] = least;
                }
            }
            let mut expected: Vec<u32> = (0..).take(pairs.len()).collect();
            expected.sort_by_key(|&index| component[pairs[index as usize].0 as usize]);
            prop_assert_eq!(order, expected);
        }
    }
}
