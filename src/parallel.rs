//! Work spread over threads with feature `parallel`, and done in place without it. Results come
//! in the order of the input either way.

/// Maps a slice with a scratch space that each thread makes once and reuses.
#[cfg(feature = "parallel")]
pub(crate) fn map_with<T: Sync, S, R: Send>(
    items: &[T],
    scratch: impl Fn() -> S + Sync + Send,
    map: impl Fn(&mut S, &T) -> R + Sync + Send,
) -> Vec<R> {
    use rayon::prelude::*;
    items.par_iter().map_init(scratch, map).collect()
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
