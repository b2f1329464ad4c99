//! Stores against lists of rows.

use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::dedup::near::Near;
use crate::dedup::work::file::{Reader, write};

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
    // Some have one lower half.
    let number = prop_oneof![0u32..20, (0u32..9).prop_map(|high| high << 16 | 7), any::<u32>()];
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

/// Two bytes a number, though the codes of all go to others with the same lower halves.
#[test]
fn codes_follow_the_numbers() {
    const ROWS: u32 = 40;
    let row = |row: u32| (0..40_u32).map(move |low| (row / (ROWS / 2)) << 16 | low);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("numbers");
    let mut store = Store::of_repeated(None).kept_in(&path).unwrap();
    for number in 0..ROWS {
        store.items().extend(row(number));
        store.end();
    }
    store = kept_and_read(store, &path, 0);
    let bytes = |rows: Range<u32>| {
        rows.map(|row| bytes(store.in_file(row as usize))).max().unwrap_or_default()
    };
    assert_eq!(bytes(0..ROWS / 2), 2 * 40);
    assert_eq!(bytes(ROWS / 2..ROWS / 2 + 1), 6 * 40);
    assert_eq!(bytes(ROWS / 2 + 4..ROWS), 2 * 40);
    for number in 0..ROWS {
        assert!(row(number).eq(store.row(number as usize).iter().copied()), "{number}");
    }
}

/// What is kept is read again, and goes on from there.
fn kept_and_read(mut store: Store, path: &std::path::Path, memory: usize) -> Store {
    let is_repeated = store.filed.codes.is_some();
    let checksum = store.keep().unwrap();
    let note = path.with_extension("note");
    write(&note, 0, 0, &[], |out| store.describe(out)).unwrap();
    let mut reader = Reader::open(&note, 0).unwrap().unwrap();
    let empty = self::store(is_repeated, scratch(memory));
    empty.described(&mut reader).unwrap().complete(path, checksum).unwrap()
}

proptest! {
    // Each waits for the disk.
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Rows are what was put in, whenever they were kept, read again, and moved out of memory.
    #[test]
    fn a_kept_store_is_a_list_of_rows(
        parts in proptest::collection::vec((rows(), 0..3), 1..5),
        memory in 0usize..200,
        is_repeated: bool,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("numbers");
        let mut store = store(is_repeated, scratch(memory)).kept_in(&path).unwrap();
        let mut expected: Vec<Vec<u32>> = Vec::new();
        for (rows, then) in parts {
            for row in &rows {
                store.items().extend(row);
                store.end();
            }
            expected.extend(rows);
            match then {
                0 => {}
                1 => drop(store.keep().unwrap()),
                _ => store = kept_and_read(store, &path, memory),
            }
        }
        let again = kept_and_read(store, &path, 1 << 20);
        for store in [&again] {
            prop_assert_eq!(store.len(), expected.len());
            for (number, row) in expected.iter().enumerate() {
                prop_assert_eq!(&store.row(number)[..], &row[..]);
            }
        }
    }
}

/// A part of the rows may be in the file then, and the codes of others are lost.
#[cfg(target_os = "linux")]
#[test]
fn what_failed_is_not_tried_again() {
    let mut store = Store::of_repeated(None).kept_in("/dev/full".as_ref()).unwrap();
    store.items().push(7);
    store.end();
    for _ in 0..2 {
        assert!(store.keep().is_err());
        assert_eq!((store.has_failed, store.row(0)[..].len()), (true, 1));
    }
}
