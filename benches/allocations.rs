//! How often the stages allocate, for each article, once their scratch space has grown.
//!
//! ```text
//! cargo bench --bench allocations
//! ```
//!
//! The stages that are documented to allocate nothing are held to it: the status is 1 when one of
//! them does. Counts depend on nothing but the code: there is one thread, and the articles are
//! generated.

#[allow(dead_code, reason = "each user uses a part")]
#[path = "corpus/mod.rs"]
mod corpus;

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use corpus::{Generator, Settings};
use reprint::align::{Aligner, Workspace};
use reprint::lsh::containment::{Containment, Samples};
use reprint::sketch::{MinHash, SimHash};
use reprint::text::{Shingler, Tokens, hash_tokens};

/// The allocator of the system, with a counter.
struct Counting;

/// Allocations so far, those that grow one included.
static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: each call is passed on unchanged to the allocator of the system, which keeps the
// contract; counting neither allocates nor panics.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promises are those that the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: as above; what is at `at` came from the system's allocator.
        unsafe { System.realloc(at, layout, size) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(at, layout) }
    }
}

/// How many allocations something makes.
fn count(work: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    work();
    ALLOCATIONS.load(Ordering::Relaxed) - before
}

/// Counts what a stage allocates for all articles when it has seen them once.
fn stage(name: &str, articles: usize, mut work: impl FnMut()) -> usize {
    work();
    let allocations = count(work);
    println!("{name:<22}{:>9.3} allocations an article", allocations as f64 / articles as f64);
    allocations
}

fn main() -> ExitCode {
    let counted = count(|| drop(black_box(Vec::<u8>::with_capacity(black_box(100)))));
    assert_eq!(counted, 1, "the counter counts");

    let mut texts: Vec<String> =
        Generator::new(Settings::new(500, 1)).map(|article| article.text).collect();
    // Not all the world writes in ASCII.
    texts.push("Ærøskøbing’s naïve fiancé — ½ ﬁne, ΣΊΣΥΦΟΣ, e\u{301}t\u{327}e\u{301}".repeat(20));
    texts.push("夜行列車「ほしかげ」が、来月十二日の運行を最後に。ภาษาไทย".repeat(20));
    let articles = texts.len();

    let mut read = Tokens::new();
    let mut buffer = Vec::new();
    let tokens: Vec<Vec<u32>> =
        texts.iter().map(|text| Tokens::of(text).hashes().to_vec()).collect();
    let shingler = Shingler::new(5).expect("a valid size");
    let shingles: Vec<Vec<u64>> = tokens.iter().map(|of| shingler.shingles(of).collect()).collect();
    let minhash = MinHash::new(128, 0).expect("valid settings");
    let simhash = SimHash::new(128, 0).expect("valid settings");
    let containment = Containment::default();
    let mut slots = vec![0; minhash.slots()];
    let mut samples = Samples::default();
    let mut appended = Vec::new();
    let aligner = Aligner::default();
    let mut workspace = Workspace::default();

    let mut total = 0;
    total += stage("tokenise, hashes", articles, || {
        for text in &texts {
            buffer.clear();
            hash_tokens(black_box(text), &mut buffer);
        }
    });
    total += stage("tokenise, with ranges", articles, || {
        texts.iter().for_each(|text| read.read(black_box(text)));
    });
    total += stage("shingle", articles, || {
        for tokens in &tokens {
            appended.clear();
            shingler.append(black_box(tokens), &mut appended);
        }
    });
    total += stage("sketch, minhash", articles, || {
        shingles.iter().for_each(|of| minhash.sketch_into(black_box(of), &mut slots));
    });
    total += stage("sketch, simhash", articles, || {
        for shingles in &shingles {
            black_box(simhash.signature(black_box(shingles)));
        }
    });
    total += stage("sketch, containment", articles, || {
        samples.clear();
        shingles.iter().for_each(|of| containment.sample(black_box(of), &[], &mut samples));
    });
    total += stage("align", articles, || {
        // Each with itself, which makes the most of every buffer, and with the next one.
        for (a, next) in tokens.iter().zip(tokens.iter().cycle().skip(1)) {
            aligner.prepare(&mut workspace, black_box(a));
            for b in [a, next] {
                black_box(aligner.align(&mut workspace, a, black_box(b)).covered_a());
            }
        }
    });
    if total > 0 {
        eprintln!("allocations: {total} where there should be none");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
