//! The aligner against a naive oracle, and the laws that it obeys.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;

/// Everything an alignment says.
#[derive(Debug, PartialEq)]
struct Outcome {
    passages: Vec<Passage>,
    covered_a: Vec<bool>,
    covered_b: Vec<bool>,
    longest: usize,
}

impl Outcome {
    fn covered(&self) -> (usize, usize) {
        let count = |side: &[bool]| side.iter().filter(|&&covered| covered).count();
        (count(&self.covered_a), count(&self.covered_b))
    }
}

fn fast(aligner: &Aligner, a: &[u32], b: &[u32]) -> Outcome {
    fast_in(&mut Workspace::default(), aligner, a, b)
}

fn fast_in(workspace: &mut Workspace, aligner: &Aligner, a: &[u32], b: &[u32]) -> Outcome {
    aligner.prepare(workspace, a);
    let alignment = aligner.align(workspace, a, b);
    let outcome = Outcome {
        passages: alignment.passages().to_vec(),
        covered_a: (0..a.len()).map(|i| alignment.covers_a(i)).collect(),
        covered_b: (0..b.len()).map(|j| alignment.covers_b(j)).collect(),
        longest: alignment.longest_run(),
    };
    assert_eq!(outcome.covered(), (alignment.covered_a(), alignment.covered_b()));
    outcome
}

/// The definitions of the module's documentation, word by word, in quadratic time and more.
fn naive(aligner: &Aligner, a: &[u32], b: &[u32]) -> Outcome {
    let k = aligner.shingle;
    let positions = |tokens: &[u32]| {
        let mut positions: HashMap<Vec<u32>, Vec<usize>> = HashMap::new();
        for (position, shingle) in tokens.windows(k).enumerate() {
            positions.entry(shingle.to_vec()).or_default().push(position);
        }
        positions
    };
    let (in_a, in_b) = (positions(a), positions(b));
    let mut points = Vec::new();
    for (shingle, of_a) in &in_a {
        let Some(of_b) = in_b.get(shingle) else { continue };
        if (of_a.len() * of_b.len()) as u64 <= MAX_POINTS {
            points.extend(of_a.iter().flat_map(|&i| of_b.iter().map(move |&j| (i, j))));
        } else {
            points.extend(of_a.iter().copied().zip(of_b.iter().copied()));
        }
    }
    points.sort_unstable();

    // Components of the relation "leads to".
    let leads = |p: (usize, usize), q: (usize, usize)| {
        p.0 < q.0 && p.1 < q.1 && q.0 <= p.0 + k + aligner.gap && q.1 <= p.1 + k + aligner.gap
    };
    let mut component: Vec<usize> = (0..points.len()).collect();
    for p in 0..points.len() {
        for q in 0..points.len() {
            if leads(points[p], points[q]) && component[p] != component[q] {
                let (from, to) = (component[p], component[q]);
                component.iter_mut().filter(|c| **c == from).for_each(|c| *c = to);
            }
        }
    }

    let (min_shingles, min_tokens) = aligner.floor(a.len(), b.len());
    let mut outcome = Outcome {
        passages: Vec::new(),
        covered_a: vec![false; a.len()],
        covered_b: vec![false; b.len()],
        longest: 0,
    };
    for root in 0..points.len() {
        let members: Vec<_> =
            (0..points.len()).filter(|&p| component[p] == root).map(|p| points[p]).collect();
        if members.is_empty() {
            continue;
        }
        let span = |side: fn(&(usize, usize)) -> usize| {
            let start = members.iter().map(side).min().unwrap();
            start..members.iter().map(side).max().unwrap() + k
        };
        let passage = Passage { a: span(|p| p.0), b: span(|p| p.1), shingles: members.len() };
        if passage.shingles < min_shingles
            || passage.a.len() < min_tokens
            || passage.b.len() < min_tokens
        {
            continue;
        }
        for &(i, j) in &members {
            outcome.covered_a[i..i + k].fill(true);
            outcome.covered_b[j..j + k].fill(true);
            // The run that starts here.
            if i == 0 || j == 0 || !members.contains(&(i - 1, j - 1)) {
                let length = (1..).find(|&n| !members.contains(&(i + n, j + n))).unwrap();
                outcome.longest = outcome.longest.max(length + k - 1);
            }
        }
        for (i, j) in passage.a.clone().flat_map(|i| passage.b.clone().map(move |j| (i, j))) {
            // On the diagonal of a point of the passage, at most `gap` tokens from its shingle.
            let near = members
                .iter()
                .any(|&(p, q)| p + j == q + i && i + aligner.gap >= p && i < p + k + aligner.gap);
            if a[i] == b[j] && near {
                outcome.covered_a[i] = true;
                outcome.covered_b[j] = true;
            }
        }
        outcome.passages.push(passage);
    }
    outcome.passages.sort_unstable_by_key(|p| (p.a.start, p.b.start, p.a.end));
    outcome
}

/// Texts of few different words, so that everything happens often; and pairs made by editing.
fn pairs() -> impl Strategy<Value = (Vec<u32>, Vec<u32>)> {
    let text = |words: u32, length| proptest::collection::vec(0..words, length);
    let unrelated = (2u32..30).prop_flat_map(move |words| (text(words, 0..60), text(words, 0..60)));
    let edited = (3u32..2000)
        .prop_flat_map(move |words| {
            (text(words, 10..90), proptest::collection::vec((0usize..90, 0usize..8, 0u32..9), 0..6))
        })
        .prop_map(|(a, edits)| {
            let mut b = a.clone();
            for (at, length, kind) in edits {
                let at = at % b.len().max(1);
                let end = (at + length).min(b.len());
                match kind {
                    0..3 => drop(b.drain(at..end)),
                    3..6 => drop(b.splice(at..at, (0..length as u32).map(|word| 5000 + word))),
                    _ => {
                        let moved: Vec<u32> = b.drain(at..end).collect();
                        b.extend(moved);
                    }
                }
            }
            (a, b)
        });
    prop_oneof![unrelated, edited]
}

fn aligners() -> impl Strategy<Value = Aligner> {
    (1usize..4, 0usize..18).prop_map(|(shingle, gap)| Aligner::new(shingle, gap).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn alignment_is_what_the_definitions_say(aligner in aligners(), (a, b) in pairs()) {
        prop_assert_eq!(fast(&aligner, &a, &b), naive(&aligner, &a, &b));
    }

    #[test]
    fn swapping_the_articles_swaps_the_result(aligner in aligners(), (a, b) in pairs()) {
        let (forth, back) = (fast(&aligner, &a, &b), fast(&aligner, &b, &a));
        prop_assert_eq!(forth.covered_a, back.covered_b);
        prop_assert_eq!(forth.covered_b, back.covered_a);
        prop_assert_eq!(forth.longest, back.longest);
    }

    #[test]
    fn a_reused_workspace_changes_nothing(pairs in proptest::collection::vec(pairs(), 1..5)) {
        let mut workspace = Workspace::default();
        for (a, b) in pairs {
            let aligner = Aligner::default();
            let reused = fast_in(&mut workspace, &aligner, &a, &b);
            prop_assert_eq!(reused, fast(&aligner, &a, &b));
        }
    }

    #[test]
    fn a_text_covers_itself(text in proptest::collection::vec(0u32..1000, 3..200)) {
        let outcome = fast(&Aligner::default(), &text, &text);
        prop_assert_eq!(outcome.covered(), (text.len(), text.len()));
        prop_assert_eq!(outcome.longest, text.len());
    }

    /// Holds as long as no shingle stands so often that its occurrences are paired by rank,
    /// because strange words could lift it below that bound.
    #[test]
    fn strange_words_never_raise_the_coverage(
        (a, b) in pairs(), from in 0usize..90, length in 1usize..30,
    ) {
        let aligner = Aligner::default();
        let most = |text: &[u32]| {
            let mut counts = HashMap::new();
            text.windows(3).for_each(|shingle| *counts.entry(shingle).or_insert(0u64) += 1);
            counts.into_values().max().unwrap_or(0)
        };
        prop_assume!(most(&a) * most(&b) <= MAX_POINTS);
        let mut strange = b.clone();
        let end = (from + length).min(b.len());
        strange.iter_mut().take(end).skip(from).for_each(|word| *word += 100_000);
        let (before, after) = (fast(&aligner, &a, &b), fast(&aligner, &a, &strange));
        prop_assert!(after.covered().0 <= before.covered().0);
        prop_assert!(after.covered().1 <= before.covered().1);
    }

    /// Each cut breaks at most two shingles' worth of tokens, and pieces of 12 tokens and more
    /// remain passages.
    #[test]
    fn moving_paragraphs_costs_a_few_tokens_a_cut(
        order in Just((0u32..8).collect::<Vec<_>>()).prop_shuffle(), length in 12u32..60,
    ) {
        let paragraph = |index: u32| (0..length).map(move |word| index * 1000 + word);
        let a: Vec<u32> = (0..8).flat_map(paragraph).collect();
        let b: Vec<u32> = order.iter().copied().flat_map(paragraph).collect();
        let outcome = fast(&Aligner::default(), &a, &b);
        prop_assert_eq!(outcome.covered(), (a.len(), a.len()));
    }
}

#[test]
fn repetitive_texts_stay_near_linear() {
    let aligner = Aligner::default();
    let mut workspace = Workspace::default();
    let mut steps_per_token = |a: &[u32], b: &[u32]| {
        let outcome = fast_in(&mut workspace, &aligner, a, b);
        (workspace.steps() as f64 / (a.len() + b.len()) as f64, outcome)
    };

    let (one_word, fewer) = (vec![7; 1_000_000], vec![7; 900_000]);
    let (steps, outcome) = steps_per_token(&one_word, &fewer);
    assert!(steps <= 1.0, "{steps} steps a token");
    assert_eq!(outcome.covered(), (900_000, 900_000));

    let refrain = |times: usize| (0..20).cycle().take(20 * times).collect::<Vec<u32>>();
    let (steps, outcome) = steps_per_token(&refrain(10_000), &refrain(9_000));
    assert!(steps <= 1.0, "{steps} steps a token");
    assert_eq!(outcome.covered(), (180_000, 180_000));

    // As many points as the rules allow: every shingle four times in both.
    let verse: Vec<u32> = (0..20_000).collect();
    let song: Vec<u32> = verse.iter().copied().cycle().take(80_000).collect();
    let (steps, outcome) = steps_per_token(&song, &song);
    assert!(steps <= 16.0, "{steps} steps a token");
    assert_eq!(outcome.covered(), (80_000, 80_000));

    // Two words in random order: every shingle stands everywhere.
    let mut state = 1u64;
    let mut coin = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 63) as u32
    };
    let a: Vec<u32> = (0..100_000).map(|_| coin()).collect();
    let b: Vec<u32> = (0..100_000).map(|_| coin()).collect();
    let (steps, _) = steps_per_token(&a, &b);
    assert!(steps <= 40.0, "{steps} steps a token");
}

#[test]
fn short_articles_need_less() {
    let aligner = Aligner::default();
    let a = [1, 2, 3, 4, 5, 6];
    assert_eq!(fast(&aligner, &a, &[1, 2, 3, 4, 5, 9]).covered(), (5, 5));
    assert_eq!(fast(&aligner, &[1, 2], &[1, 2]).covered(), (0, 0), "too short for a shingle");
    assert_eq!(fast(&aligner, &[], &a).covered(), (0, 0));
}

#[test]
fn what_is_left_aside_does_not_count() {
    let aligner = Aligner::default();
    let mut workspace = Workspace::default();
    // 40 words of furniture, 20 of the story, in both; and furniture below in one.
    let a: Vec<u32> = (0..60).collect();
    let b: Vec<u32> = (0..60).chain(100..140).collect();
    aligner.prepare(&mut workspace, &a);
    let footer = [0..40, 60..100];
    let alignment = aligner.align_own(&mut workspace, &a, &b, [&footer[..1], &footer]);
    assert_eq!((alignment.covered_a(), alignment.covered_b()), (20, 20));
    assert_eq!(alignment.longest_run(), 20);
    assert!(!alignment.covers_a(39) && alignment.covers_a(40));
    let all = [Range { start: 0, end: 60 }];
    let alignment = aligner.align_own(&mut workspace, &a, &b, [&all, &all]);
    assert_eq!((alignment.covered_a(), alignment.longest_run()), (0, 0));
}

#[test]
fn parameters_are_checked() {
    assert!(Aligner::new(0, 16).is_err());
    assert!(Aligner::new(17, 16).is_err());
    assert!(Aligner::new(3, 257).is_err());
}
