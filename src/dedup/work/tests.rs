//! The form of the files, nailed: a change of these bytes is another version of the format.

use proptest::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::Deduper;
use crate::align::{Evidence, Overlap, Relation};
use crate::dedup::pairs::VerifiedPairs;
use crate::dedup::verify::Verified;
use crate::furniture::Furniture;
use crate::lsh::{CandidatePairs, Limited};

use super::file::{Reader, Setting, write};
use super::*;

fn settings() -> Vec<Setting> {
    vec![("threshold".to_owned(), "0.625".to_owned())]
}

/// The bytes of a result in its file.
fn file_of<T: Kept>(result: &T) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(T::CHECKPOINT.file());
    let stage = T::CHECKPOINT as u64;
    let checksum = write(&path, stage, 7, &settings(), |out| result.write(out)).unwrap();
    let mut reader = Reader::open(&path, stage).unwrap().unwrap();
    assert_eq!((reader.from, &reader.settings), (7, &settings()));
    // What is read is what was written.
    let copy = T::read(&mut reader).unwrap();
    assert_eq!(reader.finish().unwrap(), checksum);
    let other = folder.path().join("other");
    assert_eq!(write(&other, stage, 7, &settings(), |out| copy.write(out)).unwrap(), checksum);
    let bytes = fs::read(&path).unwrap();
    assert!(fs::read_dir(folder.path()).unwrap().count() == 2, "no other file is left");
    assert_eq!(bytes, fs::read(other).unwrap());
    bytes
}

fn hex(bytes: &[u8]) -> String {
    let words = bytes.chunks(8).map(|word| word.iter().map(|byte| format!("{byte:02x}")).collect());
    words.collect::<Vec<String>>().join(" ")
}

/// Reads bytes as the result of a stage.
fn read_as<T>(bytes: &[u8], read: impl FnOnce(&mut Reader) -> Result<T, Damage>) -> Option<T> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    write(&path, 0, 0, &settings(), |out| out.bytes(bytes)).unwrap();
    let mut reader = Reader::open(&path, 0).unwrap().unwrap();
    read(&mut reader).ok()
}

proptest! {
    // Each waits for the disk.
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is in a file, counts of things that cannot be there reserve no memory.
    #[test]
    fn nothing_is_too_odd_to_read(
        numbers in proptest::collection::vec(prop_oneof![0u64..9, any::<u64>()], 0..20),
        more in proptest::collection::vec(any::<u8>(), 0..9),
    ) {
        let mut bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        bytes.extend(more);
        let pairs = read_as(&bytes, CandidatePairs::read).map(|found| found.pairs.len());
        let compared = read_as(&bytes, Compared::read).map(|found| found.pairs.len());
        let marks = read_as(&bytes, Furnished::read).map(|found| found.marks.len());
        for found in [pairs, compared, marks] {
            prop_assert!(found.unwrap_or(0) <= bytes.len() / 8);
        }
        let settings = &Deduper::new().settings;
        if let Some(corpus) = read_as(&bytes, |from| Corpus::read(settings, from)) {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(TOKENS), &bytes).unwrap();
            fs::write(folder.path().join(SAMPLES), &bytes).unwrap();
            let _ = corpus.complete(folder.path());
        }
    }
}

#[test]
fn golden_candidates() {
    let limited = Limited { buckets: 1, largest: 2, pairs: 3 };
    let candidates = CandidatePairs { pairs: vec![(0, 1), (0, 258)], limited };
    assert_eq!(
        hex(&file_of(&candidates)),
        "5250574f524b0002 0200000000000000 0700000000000000 1000000000000000 7468726573686f6c \
        643d302e3632350a 0100000000000000 0200000000000000 0300000000000000 0200000000000000 \
        0000000001000000 0000000002010000 626a65cb27b97ff3"
    );
}

#[test]
fn golden_pairs() {
    let evidence = Evidence {
        identical: false,
        tokens_a: 1,
        tokens_b: 2,
        covered_a: 3,
        covered_b: 4,
        longest_passage: 5,
        overlap: Overlap { a: 6, b: 7, shared: 8 },
    };
    let relation = Relation::Excerpt;
    let pairs = VerifiedPairs::new(vec![vec![((10, 11), Verified { relation, evidence }.into())]]);
    let compared = Compared { pairs, candidates: 9, limited: Limited::default() };
    assert_eq!(
        hex(&file_of(&compared)),
        "5250574f524b0002 0300000000000000 0700000000000000 1000000000000000 7468726573686f6c \
        643d302e3632350a 0900000000000000 0000000000000000 0000000000000000 0000000000000000 \
        0100000000000000 0a0000000b000000 0400000001000000 0200000003000000 0400000005000000 \
        0600000007000000 0800000078edf6f1 76aba20e"
    );
}

#[test]
fn golden_furniture() {
    let furniture = Furniture::exactly(4, vec![(0x1234, 5)]);
    assert_eq!(
        hex(&file_of(&Furnished { furniture, marks: vec![(1, 2..10)] })),
        "5250574f524b0002 0100000000000000 0700000000000000 1000000000000000 7468726573686f6c \
        643d302e3632350a 0100000000000000 0100000002000000 0a00000052504655 524e000104000000 \
        0000000004000000 0100000000000000 3412000000000000 0500000085d800f2 83299a724766120a \
        dfacedb1"
    );
}

#[test]
fn golden_articles() {
    let folder = tempfile::tempdir().unwrap();
    let builder = Deduper::builder().keep_texts(false).work(folder.path(), [("a.txt", "1 byte")]);
    let mut dedup = builder.build().unwrap();
    let story = "The board of the port has agreed to close the old quay for repairs. ".repeat(4);
    dedup.insert(&format!("By Anna Kern\n\nBERLIN (Reuters) - {story}"));
    dedup.insert("The old bridge will close.");
    dedup.checkpoint(b"notes");
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    // Without the settings, which name the version of the crate, and the checksum.
    let bytes = read(Checkpoint::Articles.file());
    let lines = usize::from(bytes[24]);
    let settings = String::from_utf8_lossy(&bytes[32..32 + lines]);
    let (version, rest) = settings.split_once('\n').unwrap();
    assert_eq!(version, concat!("reprint=", env!("CARGO_PKG_VERSION")));
    let expected = "measure=coverage\nnews_lines_aside=true\nsampled_shingle=4\na.txt=1 byte\n";
    assert_eq!(rest, expected);
    // The checksums of the tokens and samples are in it.
    assert_eq!(
        hex(&bytes[32 + lines..bytes.len() - 8]),
        "390b2848114505e4 0200000000000000 3d00000005000000 0100000000000000 0000000000000000 \
        1300000000000000 aa075eeeae073d38 ed3d08148642f221 0a48f01e4e4b2314 3a4eba92ee5be89b \
        3c5ce909725eb3fe 7163a945089b5f9e 72a05d8995a9125f 9eb6eedce6d36e64 d5ddaa3801e11b94 \
        86f482f266a32d53 71e2ae8702000000 0000000072000000 0600000034efdc74 dc4b74aab6ec25e9 \
        4c66433aff40ad0f f42ea305b4fb08c9 b58751ff01000000 0000000001000000 0000000000000000 \
        050000006e6f7465 73"
    );
    for name in [TOKENS, SAMPLES] {
        let checksum = xxh3_64(&read(name)).to_le_bytes();
        assert!(bytes.windows(8).any(|bytes| bytes == checksum), "{name}");
    }
}
