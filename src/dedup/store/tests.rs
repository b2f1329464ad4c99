//! Stores against lists of rows.

use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::dedup::near::Near;

fn scratch(memory: usize) -> Option<Arc<Scratch>> {
    Some(Arc::new(Scratch::new(std::env::temp_dir(), memory)))
}

fn store(is_repeated: bool, scratch: Option<Arc<Scratch>>) -> Store {
    if is_repeated { Store::of_repeated(scratch) } else { Store::new(scratch) }
}

/// Bytes that went into a file.
fn written(store: &Store) -> u64 {
    store.scratch.as_ref().and_then(|scratch| scratch.written().ok()).unwrap_or(0)
}

/// Numbers of which some come often.
fn rows() -> impl Strategy<Value = Vec<Vec<u32>>> {
    let number = prop_oneof![0u32..20, any::<u32>()];
    proptest::collection::vec(proptest::collection::vec(number, 0..9), 0..9)
}

proptest! {
    /// Rows are what was put in, wherever they are.
    #[test]
    fn a_store_is_a_list_of_rows(
        parts in proptest::collection::vec(rows(), 0..6),
        memory in 0usize..200,
        is_repeated: bool,
        wanted in proptest::collection::btree_set(0u32..54, 0..9),
    ) {
        let mut store = store(is_repeated, scratch(memory));
        let mut part = Store::default();
        for rows in &parts {
            for row in rows {
                part.items().extend(row);
                part.end();
            }
            store.append(&part);
            part.clear();
        }
        let rows: Vec<Vec<u32>> = parts.concat();
        prop_assert_eq!(store.len(), rows.len());
        prop_assert_eq!(store.total(), rows.concat().len());
        let mut seen = 0;
        let mut buffer = Buffer::default();
        for piece in store.pieces() {
            store.for_each_of(piece, &mut buffer, |number, row| {
                assert_eq!((number, row), (seen, &rows[seen][..]));
                seen += 1;
            });
        }
        prop_assert_eq!(seen, rows.len());
        for (number, row) in rows.iter().enumerate() {
            prop_assert_eq!(&store.row(number)[..], &row[..]);
            prop_assert_eq!(store.length(number), row.len());
        }
        let mut near = Near::default();
        near.load(&store, wanted.into_iter().filter(|&row| (row as usize) < rows.len()).rev());
        for (number, row) in (0..).zip(&rows) {
            prop_assert_eq!(&near.row(&store, number)[..], &row[..]);
        }
        let in_memory = 4 * store.items.len();
        prop_assert!(in_memory < memory.max(4).max(4 * PIECE), "{in_memory}");
        prop_assert_eq!(written(&store) > 0, store.before > 0);
    }
}

#[test]
fn what_cannot_be_written_stays() {
    for is_repeated in [false, true] {
        let folder = PathBuf::from("/nowhere/at all");
        let mut store = store(is_repeated, Some(Arc::new(Scratch::new(folder, 8))));
        for number in 0..100 {
            store.items().push(number);
            store.end();
        }
        assert!(store.scratch.as_ref().is_some_and(|scratch| scratch.written().is_err()));
        assert_eq!(store.row(99)[..], [99]);
        assert_eq!(store.row(0)[..], [0]);
    }
}

/// Two bytes a number, though there are more kinds of them than codes: in the first half of the
/// rows other ones come than in the second half.
#[test]
fn codes_follow_the_numbers() {
    const ROWS: u32 = 30_000;
    let row = |row: u32| {
        let half = if row < ROWS / 2 { 0 } else { 1 << 20 };
        (0..400_u32).map(move |place| {
            let kind = (row * 400 + place).wrapping_mul(2_654_435_761) >> 17;
            (half | kind).wrapping_mul(0x9e37_79b1)
        })
    };
    let mut store = Store::of_repeated(scratch(1 << 20));
    for number in 0..ROWS {
        store.items().extend(row(number));
        store.end();
    }
    let bytes = written(&store) as f64 / store.before as f64;
    assert!(bytes > 2.0 && bytes < 4.0, "{bytes} bytes");
    let mut seen = 0;
    for piece in store.pieces() {
        store.for_each_of(piece, &mut Buffer::default(), |number, numbers| {
            assert!(row(number as u32).eq(numbers.iter().copied()), "{number}");
            seen += 1;
        });
    }
    assert_eq!(seen, ROWS);
    let last = store.filed.bytes();
    let late = store.filed.ends.partition_point(|&end| end < last * 19 / 20);
    let late = store.filed.range(late).start..last;
    let rows = store.filed.ends.iter().filter(|&&end| end > late.start).count();
    let bytes = (late.end - late.start) as f64 / (rows * 400) as f64;
    assert!(bytes < 2.5, "{bytes} bytes at the end");
}
