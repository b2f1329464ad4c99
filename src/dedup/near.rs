//! Rows of a store that are needed together, read from its file in one go.

use std::borrow::Cow;

use super::store::Store;

/// Bytes between two rows that are read with them rather than skipped.
const GAP: u64 = 1 << 14;

/// Some rows of a store that are not in memory otherwise. Made to be reused.
#[derive(Debug, Default)]
pub(super) struct Near {
    /// Ascending, each with its place in `items`.
    rows: Vec<(u32, usize)>,
    items: Vec<u32>,
    bytes: Vec<u8>,
}

impl Near {
    /// Reads rows, and forgets those that were read before.
    ///
    /// # Panics
    /// If the scratch file cannot be read.
    pub(super) fn load(&mut self, store: &Store, rows: impl Iterator<Item = u32>) {
        self.rows.clear();
        self.items.clear();
        if !store.is_spilled() {
            return;
        }
        let rows = rows.filter(|&row| store.in_memory(row as usize).is_none());
        self.rows.extend(rows.map(|row| (row, 0)));
        self.rows.sort_unstable();
        self.rows.dedup();
        let range = |row: &(u32, usize)| store.in_file(row.0 as usize);
        for run in self.rows.chunk_by_mut(|a, b| range(b).start - range(a).end <= GAP) {
            let start = range(&run[0]).start;
            store.read(start..range(&run[run.len() - 1]).end, &mut self.bytes);
            let mut at = start;
            let mut bytes = &self.bytes[..];
            for row in run {
                let skipped = range(row).start - at;
                at += skipped;
                bytes = bytes.get(usize::try_from(skipped).unwrap_or(usize::MAX)..).unwrap_or(&[]);
                row.1 = self.items.len();
                store.decode(row.0 as usize, bytes, &mut self.items);
            }
        }
    }

    /// A row, which is read now if it is not in memory and was not loaded.
    pub(super) fn row<'n>(&'n self, store: &'n Store, row: u32) -> Cow<'n, [u32]> {
        if let Some(items) = store.in_memory(row as usize) {
            return Cow::Borrowed(items);
        }
        match self.rows.binary_search_by_key(&row, |&(row, _)| row) {
            Ok(found) => {
                let at = self.rows[found].1;
                Cow::Borrowed(&self.items[at..at + store.length(row as usize)])
            }
            Err(_) => store.row(row as usize),
        }
    }
}
