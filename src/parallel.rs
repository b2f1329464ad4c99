//! Work spread over threads with feature `parallel`, and done in place without it. Results come
//! in the order of the input either way.

/// Pieces for each thread, so that none of them waits long for the last one.
#[cfg(feature = "parallel")]
const PIECES: usize = 64;

/// Maps a slice with a scratch space that each thread makes once, if it comes to work, and reuses.
#[cfg(feature = "parallel")]
pub(crate) fn map_with<T: Sync, S, R: Send>(
    items: &[T],
    scratch: impl Fn() -> S + Sync + Send,
    map: impl Fn(&mut S, &T) -> R + Sync + Send,
) -> Vec<R> {
    use rayon::prelude::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    let threads = rayon::current_num_threads();
    let pieces: Vec<&[T]> = items.chunks(items.len().div_ceil(threads * PIECES).max(1)).collect();
    let next = AtomicUsize::new(0);
    let work = |_| {
        let mut own = None;
        std::iter::from_fn(|| {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let piece = pieces.get(number)?;
            let own = own.get_or_insert_with(&scratch);
            Some((number, piece.iter().map(|item| map(own, item)).collect::<Vec<R>>()))
        })
        .collect::<Vec<_>>()
    };
    let parts: Vec<Vec<_>> = (0..threads).into_par_iter().with_max_len(1).map(work).collect();
    let mut parts: Vec<_> = parts.into_iter().flatten().collect();
    parts.sort_unstable_by_key(|&(number, _)| number);
    parts.into_iter().flat_map(|(_, part)| part).collect()
}

/// Maps a slice with a scratch space that is made once and reused.
#[cfg(not(feature = "parallel"))]
pub(crate) fn map_with<T, S, R>(
    items: &[T],
    scratch: impl Fn() -> S,
    map: impl Fn(&mut S, &T) -> R,
) -> Vec<R> {
    let mut scratch = scratch();
    items.iter().map(|item| map(&mut scratch, item)).collect()
}

/// How many threads there are to work.
pub(crate) fn threads() -> usize {
    #[cfg(feature = "parallel")]
    return rayon::current_num_threads();
    #[cfg(not(feature = "parallel"))]
    1
}

/// Does something with each of some items.
pub(crate) fn for_each<T: Send>(items: Vec<T>, work: impl Fn(T) + Sync + Send) {
    #[cfg(feature = "parallel")]
    rayon::iter::ParallelIterator::for_each(
        rayon::iter::IntoParallelIterator::into_par_iter(items),
        work,
    );
    #[cfg(not(feature = "parallel"))]
    items.into_iter().for_each(work);
}

/// Sorts numbers, ascending.
pub(crate) fn sort<T: Ord + Send>(items: &mut [T]) {
    #[cfg(feature = "parallel")]
    rayon::slice::ParallelSliceMut::par_sort_unstable(items);
    #[cfg(not(feature = "parallel"))]
    items.sort_unstable();
}

/// The index ranges of pieces of at most `size` of `length` items.
pub(crate) fn chunks(length: usize, size: usize) -> Vec<std::ops::Range<usize>> {
    (0..length).step_by(size).map(|start| start..(start + size).min(length)).collect()
}
