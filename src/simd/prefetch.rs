//! Memory that is asked for before it is needed.

/// Begins to load some items into the caches: what is spread over the memory of a large corpus
/// takes longer to come than to be worked on. Changes nothing but the time.
#[inline]
pub(crate) fn prefetch<T>(items: &[T]) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        const LINE: usize = 64;
        let start = items.as_ptr().cast::<i8>();
        for offset in (0..size_of_val(items)).step_by(LINE) {
            // SAFETY: the address is within the slice, and nothing is read there.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(start.add(offset)) };
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = items;
}
