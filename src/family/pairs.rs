//! Which versions are compared, and what each pair of them costs.

use std::cmp::Reverse;

use crate::align::{Aligner, Workspace};
use crate::parallel;

use super::Text;
use super::edit::Edit;

/// Up to so many versions are all compared with each other.
pub(super) const ALL: usize = 64;

/// With how many versions, spread over all lengths, each one is compared beyond that.
const SPREAD: usize = 16;

/// With how many that share the most of what is not common to all.
const NEAR: usize = 12;

/// How many of the next holders of a shingle each holder is tied to.
const NEXT: usize = 4;

/// About how many shingles are looked at, at most.
const SHINGLES: usize = 4 << 20;

/// What a shingle weighs that one version has; one that others have too weighs as much less.
const RARE: u32 = 1 << 20;

/// Two versions, the lower one first, with the edits from the first to the second and back.
pub(super) type Pair = ((u32, u32), [Edit; 2]);

/// The compared pairs of some versions, ascending.
///
/// The versions come in an order that depends on what they say only, the longest first. Of many,
/// some that are spread over all lengths are compared with all, and so is the one that is closest
/// to these.
pub(super) fn compare(aligner: &Aligner, versions: &[Text<'_>]) -> Vec<Pair> {
    let count = versions.len();
    let spread: Vec<usize> = if count <= ALL {
        (0..count).collect()
    } else {
        (0..SPREAD).map(|at| at * (count - 1) / (SPREAD - 1)).collect()
    };
    let mut wanted = Vec::new();
    for &a in &spread {
        wanted.extend((0..count).filter(|&b| a != b).map(|b| ordered(a, b)));
    }
    let mut pairs = align(aligner, versions, wanted);
    if count > ALL {
        let closest = closest(count, &spread, &pairs);
        let mut wanted: Vec<(u32, u32)> =
            (0..count).filter(|&b| b != closest).map(|b| ordered(closest, b)).collect();
        wanted.extend(near(versions, aligner.shingle()));
        wanted.retain(|pair| pairs.binary_search_by_key(pair, |&(known, _)| known).is_err());
        pairs.extend(align(aligner, versions, wanted));
        pairs.sort_unstable_by_key(|&(pair, _)| pair);
    }
    pairs
}

/// Aligns pairs, each once; the first of each is prepared once for all its partners.
fn align(aligner: &Aligner, versions: &[Text<'_>], mut wanted: Vec<(u32, u32)>) -> Vec<Pair> {
    wanted.sort_unstable();
    wanted.dedup();
    let pieces: Vec<&[(u32, u32)]> =
        wanted.chunk_by(|x, y| x.0 == y.0).flat_map(|partners| partners.chunks(256)).collect();
    parallel::map_with(&pieces, Workspace::default, |workspace, piece| {
        let a = versions[piece[0].0 as usize];
        aligner.prepare(workspace, a.tokens);
        let edits = |&pair: &(u32, u32)| {
            let b = versions[pair.1 as usize];
            (pair, Edit::both_ways(aligner, workspace, a, b))
        };
        piece.iter().map(edits).collect::<Vec<Pair>>()
    })
    .concat()
}

/// The version whose distances to those that all are compared with are the least together; the
/// longest of equals.
fn closest(count: usize, spread: &[usize], pairs: &[Pair]) -> usize {
    let mut is_spread = vec![false; count];
    spread.iter().for_each(|&at| is_spread[at] = true);
    let mut sums = vec![0; count];
    for ((a, b), [edit, _]) in pairs {
        let (a, b) = (*a as usize, *b as usize);
        sums[a] += if is_spread[b] { edit.distance() } else { 0 };
        sums[b] += if is_spread[a] { edit.distance() } else { 0 };
    }
    (0..count).min_by_key(|&version| sums[version]).unwrap_or(0)
}

/// Pairs of versions that share the most and the rarest shingles, of those that at most half of
/// the versions have. The holders of one are tied to the next ones in the order of length only.
fn near(versions: &[Text<'_>], width: usize) -> Vec<(u32, u32)> {
    let shingles = shingles(versions, width);
    let mut ties: Vec<(u32, u32, u32)> = Vec::new();
    for holders in shingles.chunk_by(|x, y| x.0 == y.0) {
        if 2 * holders.len() <= versions.len() {
            let weight = RARE / narrow(holders.len());
            for (at, &(_, a)) in holders.iter().enumerate() {
                let next = holders[at + 1..].iter().take(NEXT);
                ties.extend(next.map(|&(_, b)| (a, b, weight)));
            }
        }
    }
    drop(shingles);
    parallel::sort(&mut ties);
    // For each version, its partners with what the shared shingles weigh.
    let mut partners: Vec<(u32, Reverse<u64>, u32)> = Vec::new();
    for same in ties.chunk_by(|x, y| (x.0, x.1) == (y.0, y.1)) {
        let (a, b, _) = same[0];
        let weight = Reverse(same.iter().map(|tie| u64::from(tie.2)).sum());
        partners.extend([(a, weight, b), (b, weight, a)]);
    }
    drop(ties);
    parallel::sort(&mut partners);
    partners
        .chunk_by(|x, y| x.0 == y.0)
        .flat_map(|own| own.iter().take(NEAR))
        .map(|&(a, _, b)| (a.min(b), a.max(b)))
        .collect()
}

/// The distinct shingles of each version, as (hash, version), ascending. Of very many, a sample.
fn shingles(versions: &[Text<'_>], width: usize) -> Vec<(u64, u32)> {
    let total: usize = versions.iter().map(|version| version.tokens.len()).sum();
    let halvings = (total / SHINGLES).checked_ilog2().map_or(0, |log| log + 1);
    let mut shingles: Vec<(u64, u32)> = Vec::new();
    for (version, text) in (0..).zip(versions) {
        let hashes = text.tokens.windows(width).map(hash);
        let kept = hashes.filter(|hash| hash.leading_zeros() >= halvings);
        shingles.extend(kept.map(|hash| (hash, version)));
    }
    parallel::sort(&mut shingles);
    shingles.dedup();
    shingles
}

/// A hash of some tokens, for finding equal ones. Equal hashes of others do no harm.
fn hash(tokens: &[u32]) -> u64 {
    tokens.iter().fold(0, |hash: u64, &token| {
        (hash.rotate_left(29) ^ u64::from(token)).wrapping_mul(0x9fb2_1c65_1e98_df25)
    })
}

fn ordered(a: usize, b: usize) -> (u32, u32) {
    (narrow(a.min(b)), narrow(a.max(b)))
}

/// The number of a version, or the rank of a date.
///
/// # Panics
/// If there are 2³² or more.
pub(super) fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or_else(|_| panic!("{number} is more than 2^32 - 1"))
}
