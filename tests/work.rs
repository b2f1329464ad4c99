//! Work folders: what is kept is trusted only if it is whole, and the result is always the same.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::prelude::*;
use reprint::{Builder, Checkpoint, Deduper, ErrorKind, Grouping, Measure, Method, Redo, Work};

use crate::support::{Outcome, filled, hard_corpus};

const INPUTS: [(&str, &str); 2] = [("news.jsonl", "of today"), ("fields", "a=b\nc")];

/// The files of the stages, in their order.
const STAGES: [(Checkpoint, &str); 4] = [
    (Checkpoint::Articles, "reprint-articles"),
    (Checkpoint::Furniture, "reprint-furniture"),
    (Checkpoint::Candidates, "reprint-candidates"),
    (Checkpoint::Pairs, "reprint-pairs"),
];

fn builder(folder: &Path) -> Builder {
    Deduper::builder().keep_texts(false).work(folder, INPUTS)
}

/// Goes on, or begins, and says what was found at first.
fn outcome(builder: Builder, texts: &[String]) -> (Outcome, Option<Checkpoint>, Option<Redo>) {
    let mut dedup = builder.build().expect("valid settings");
    let work = dedup.work().expect("there is a folder");
    let (found, redo) = (work.found(), work.redo().map(|(_, redo)| redo.clone()));
    assert_eq!(dedup.is_empty(), found.is_none());
    match dedup.resume() {
        Some(notes) => assert_eq!(notes, b"notes"),
        None => {
            dedup = filled(dedup, texts);
            dedup.checkpoint(b"notes");
        }
    }
    assert_eq!(dedup.resume(), None);
    let outcome = Outcome::of(&dedup.clusters());
    let error = dedup.work().and_then(Work::error);
    assert!(error.is_none(), "{error:?}");
    (outcome, found, redo)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("it is there") {
        let path = entry.expect("an entry").path();
        fs::copy(&path, to.join(path.file_name().expect("a name"))).expect("it can be copied");
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("it is there");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

/// From each stage on, with any number of threads, in memory or not.
#[test]
fn going_on_changes_nothing() {
    let texts = hard_corpus(2500, 13);
    let overlap = |builder: Builder| builder.method(Method::SIM_HASH).overlap(40);
    let jaccard = |builder: Builder| builder.measure(Measure::Jaccard).threshold(0.5);
    let components = |builder: Builder| builder.grouping(Grouping::Components);
    let changes: [fn(Builder) -> Builder; 4] = [|builder| builder, overlap, jaccard, components];
    for (number, change) in changes.into_iter().enumerate() {
        let plain = change(Deduper::builder()).build().expect("valid settings");
        let expected = Outcome::of(&filled(plain, &texts).clusters());
        assert!(expected.clusters.len() > 50);
        let home = tempfile::tempdir().expect("a folder");
        let all = home.path().join("all");
        let fresh = outcome(change(builder(&all)), &texts);
        assert!(fresh == (expected.clone(), None, None), "{number}");
        for (stages, memory) in
            [(4, None), (3, Some(0)), (2, None), (2, Some(100_000)), (1, Some(0))]
        {
            let part = home.path().join(format!("{stages} {memory:?}"));
            copy(&all, &part);
            let behind = &STAGES[stages..];
            behind.iter().for_each(|(_, file)| fs::remove_file(part.join(file)).expect("is there"));
            let mut builder = change(builder(&part));
            if let Some(memory) = memory {
                builder = builder.scratch(home.path(), memory);
            }
            let threads = 1 + stages % 2;
            let again = on(threads, || outcome(builder, &texts));
            let found = Some(STAGES[stages - 1].0);
            assert!(again == (expected.clone(), found, None), "{number}: {stages} {memory:?}");
            let same = files(&all).into_iter().zip(files(&part));
            for (one, other) in same {
                assert!(fs::read(&one).ok() == fs::read(&other).ok(), "{}", other.display());
            }
        }
    }
}

#[cfg(feature = "parallel")]
fn on<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.expect("a pool").install(work)
}

#[cfg(not(feature = "parallel"))]
fn on<T>(_: usize, work: impl FnOnce() -> T) -> T {
    work()
}

#[test]
fn spilling_into_the_folder_changes_nothing() {
    let texts = hard_corpus(1000, 14);
    let expected = Outcome::of(&filled(Deduper::new(), &texts).clusters());
    let home = tempfile::tempdir().expect("a folder");
    for memory in [0, 10_000, 300_000, 1 << 30] {
        let folder = home.path().join(memory.to_string());
        let spilling = || builder(&folder).scratch(home.path(), memory);
        let (fresh, _, _) = outcome(spilling(), &texts);
        let (again, found, _) = outcome(builder(&folder), &texts);
        assert!(fresh == expected && again == expected, "{memory}");
        assert_eq!(found, Some(Checkpoint::Pairs));
    }
    let mut sizes = files(home.path()).into_iter().map(|folder| {
        files(&folder).iter().map(|file| fs::metadata(file).expect("it is there").len()).collect()
    });
    let first: Vec<u64> = sizes.next().expect("four folders");
    assert!(sizes.all(|sizes| sizes == first), "no byte is written twice");
}

#[test]
fn more_articles_need_another_checkpoint() {
    let texts = hard_corpus(600, 15);
    let home = tempfile::tempdir().expect("a folder");
    let expected = Outcome::of(&filled(Deduper::new(), &texts).clusters());
    let first = Outcome::of(&filled(Deduper::new(), &texts[..400]).clusters());
    for memory in [0, 1 << 30] {
        let folder = home.path().join(memory.to_string());
        let builder = || builder(&folder).scratch(home.path(), memory);
        assert!(outcome(builder(), &texts[..400]).0 == first);
        let mut dedup = builder().build().expect("valid settings");
        assert_eq!((dedup.len(), dedup.resume().as_deref()), (400, Some(&b"notes"[..])));
        dedup.extend(&texts[400..]);
        assert!(Outcome::of(&dedup.clusters()) == expected);
        drop(dedup);
        // What came without a checkpoint is as if it had not come.
        let mut dedup = builder().build().expect("valid settings");
        assert_eq!(dedup.len(), 400);
        assert!(Outcome::of(&dedup.clusters()) == first);
        dedup.extend(&texts[400..]);
        dedup.checkpoint(b"notes");
        assert!(Outcome::of(&dedup.clusters()) == expected);
        drop(dedup);
        assert!(outcome(builder(), &[]) == (expected.clone(), Some(Checkpoint::Pairs), None));
        let mut dedup = builder().build().expect("valid settings");
        dedup.clear();
        assert!(dedup.is_empty() && dedup.resume().is_none());
        drop(dedup);
        assert!(outcome(builder(), &texts[..400]) == (first.clone(), None, None));
    }
}

#[test]
fn each_stage_depends_on_its_own_settings() {
    let texts = hard_corpus(300, 16);
    let home = tempfile::tempdir().expect("a folder");
    outcome(builder(home.path()), &texts);
    let was = |name: &str, was: &str, now: &str| {
        let [was, now] = [was, now].map(|value| Some(value.to_owned()).filter(|v| !v.is_empty()));
        Some(Redo::Changed { name: name.to_owned(), was, now })
    };
    // What is found with other settings, by turns with those before.
    let goes_on = |builder: Builder, found, redo| {
        let folder = tempfile::tempdir().expect("a folder");
        copy(home.path(), folder.path());
        let dedup = builder.clone().work(folder.path(), INPUTS).build().expect("valid settings");
        let work = dedup.work().expect("there is a folder");
        assert_eq!((work.found(), work.redo().map(|(_, redo)| redo.clone())), (found, redo));
        drop(dedup);
        let (again, ..) = outcome(builder.clone().work(folder.path(), INPUTS), &texts);
        let plain = builder.work(folder.path().join("other"), INPUTS);
        assert!(again == outcome(plain, &texts).0);
    };
    let plain = || Deduper::builder().keep_texts(false);
    goes_on(plain(), Some(Checkpoint::Pairs), None);
    goes_on(plain().grouping(Grouping::Components), Some(Checkpoint::Pairs), None);
    let (articles, furniture) = (Some(Checkpoint::Articles), Some(Checkpoint::Furniture));
    let candidates = Some(Checkpoint::Candidates);
    goes_on(plain().threshold(0.65), candidates, was("threshold", "0.6", "0.65"));
    goes_on(plain().excerpt(None), candidates, was("excerpt", "0.65", "none"));
    goes_on(plain().overlap(40), furniture, was("overlap", "none", "40"));
    goes_on(plain().limit(30), furniture, was("limit", "128", "30"));
    goes_on(plain().learn_furniture(false), articles, was("furniture", "learn", "off"));
    goes_on(plain().measure(Measure::Containment), None, was("measure", "coverage", "containment"));
    goes_on(plain().shingle(3), None, was("sampled_shingle", "4", "3"));
    goes_on(plain().news_lines_aside(false), None, was("news_lines_aside", "true", "false"));
    let inputs = |inputs: &[(&str, &str)], redo| {
        let folder = tempfile::tempdir().expect("a folder");
        copy(home.path(), folder.path());
        let builder = plain().work(folder.path(), inputs.iter().copied());
        let (_, found, why) = outcome(builder, &texts);
        assert_eq!((found, why), (None, redo));
    };
    let [first, second] = INPUTS;
    inputs(&[first], was("fields", "a=b\nc", ""));
    inputs(
        &[first, second, ("more", "")],
        Some(Redo::Changed { name: "more".to_owned(), was: None, now: Some(String::new()) }),
    );
    inputs(
        &[("news.jsonl", "of yesterday"), second],
        was("news.jsonl", "of today", "of yesterday"),
    );
    inputs(&[second, first], was("fields", "a=b\nc", "a=b\nc"));
    inputs(&[], was("news.jsonl", "of today", ""));
}

#[test]
fn a_folder_is_for_one_process_and_has_no_texts() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("made/if/missing");
    let first = builder(&folder).build().expect("valid settings");
    let problem = |builder: Builder| builder.build().expect_err("it is not possible");
    let error = problem(builder(&folder));
    assert!(error.to_string().contains("another process works in it"), "{error}");
    assert!(matches!(error.kind(), ErrorKind::Folder { path, .. } if *path == folder));
    drop(first);
    // What a killed process was writing goes.
    let unfinished = folder.join("reprint-pairs.new");
    fs::write(&unfinished, "half").expect("it can be written");
    assert!(builder(&folder).build().is_ok() && !unfinished.exists());
    let error = problem(builder(&folder).keep_texts(true));
    assert!(matches!(error.kind(), ErrorKind::Parameter { name: "keep_texts", .. }), "{error}");
    fs::write(home.path().join("file"), "").expect("it can be written");
    problem(builder(&home.path().join("file")));
}

#[test]
fn what_cannot_be_kept_is_told() {
    let texts = hard_corpus(300, 17);
    let home = tempfile::tempdir().expect("a folder");
    let mut dedup = filled(builder(home.path()).build().expect("valid settings"), &texts);
    dedup.checkpoint(b"notes");
    // A folder cannot be replaced by a file.
    fs::create_dir(home.path().join("reprint-furniture")).expect("a folder");
    let expected = filled(Deduper::new(), &texts);
    assert!(Outcome::of(&dedup.clusters()) == Outcome::of(&expected.clusters()));
    assert!(dedup.work().and_then(Work::error).is_some());
    drop(dedup);
    let dedup = builder(home.path()).build().expect("valid settings");
    let work = dedup.work().expect("there is a folder");
    assert_eq!(work.found(), Some(Checkpoint::Articles));
    assert!(matches!(work.redo(), Some((Checkpoint::Furniture, Redo::Damaged { .. }))));
}

/// On a full disk everything stays in memory.
#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_written_stays() {
    let texts = hard_corpus(300, 17);
    let expected = Outcome::of(&filled(Deduper::new(), &texts).clusters());
    for memory in [0, 1 << 30] {
        let home = tempfile::tempdir().expect("a folder");
        let tokens = home.path().join("reprint-tokens");
        std::os::unix::fs::symlink("/dev/full", tokens).expect("a link");
        let dedup = builder(home.path()).scratch(home.path(), memory).build();
        let mut dedup = filled(dedup.expect("valid settings"), &texts);
        assert_eq!(dedup.spilled().is_err(), memory == 0);
        dedup.checkpoint(b"notes");
        assert!(dedup.work().and_then(Work::error).is_some());
        assert!(Outcome::of(&dedup.clusters()) == expected);
        drop(dedup);
        let names: Vec<PathBuf> = files(home.path());
        assert!(names.iter().all(|name| !name.ends_with("reprint-pairs")), "{names:?}");
        let again = builder(home.path()).build().expect("valid settings");
        assert_eq!(again.work().and_then(Work::found), None);
    }
}

/// A run on few articles.
struct Run {
    texts: Vec<String>,
    /// The files that are kept, by their names.
    files: Vec<(String, Vec<u8>)>,
    outcome: Outcome,
}

static SMALL: LazyLock<Run> = LazyLock::new(|| {
    let texts = hard_corpus(60, 18);
    let home = tempfile::tempdir().expect("a folder");
    let (outcome, ..) = outcome(builder(home.path()), &texts);
    let read = |path: PathBuf| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, fs::read(&path).expect("it can be read"))
    };
    let files = files(home.path()).into_iter().map(read).filter(|file| !file.1.is_empty());
    Run { texts, files: files.collect(), outcome }
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// A flipped bit, a lost end, something else altogether, or nothing at all.
    #[test]
    fn damage_is_noticed_and_mended(
        file in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        bit in 0u32..8,
        what in 0..10,
    ) {
        let Run { texts, files: contents, outcome: expected } = &*SMALL;
        let home = tempfile::tempdir().expect("a folder");
        for (name, content) in contents {
            fs::write(home.path().join(name), content).expect("it can be written");
        }
        let (name, content) = file.get(contents);
        let path = home.path().join(name);
        let mut content = content.clone();
        let place = place.index(content.len());
        match what {
            0 => content = b"something else".to_vec(),
            1 => content.truncate(place),
            2 if name != "reprint-tokens" && name != "reprint-samples" => content.push(b'!'),
            _ => content[place] ^= 1 << bit,
        }
        fs::write(&path, content).expect("it can be written");
        let (outcome, found, redo) = outcome(builder(home.path()), texts);
        prop_assert!(outcome == *expected);
        let stage = STAGES.iter().position(|(_, stage)| stage == name).unwrap_or(0);
        prop_assert_eq!(found, stage.checked_sub(1).map(|before| STAGES[before].0));
        match redo {
            Some(Redo::Damaged { path: of, .. }) => prop_assert_eq!(of, path),
            redo => prop_assert!(false, "{name}: {redo:?}"),
        }
        for (name, content) in contents {
            prop_assert!(fs::read(home.path().join(name)).ok().as_ref() == Some(content));
        }
    }
}
