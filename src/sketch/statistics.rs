//! Two-sided tests that judge the estimators: a fixed seed and a stated significance, no epsilon.

/// The z value beyond which a two-sided test rejects at a significance of 1 in 10,000.
const CRITICAL: f64 = 3.89;

/// How many standard deviations `hits` out of `trials` lie from what a probability `p` would give.
pub(crate) fn binomial_z(hits: u64, trials: u64, p: f64) -> f64 {
    let trials = trials as f64;
    (hits as f64 - trials * p) / (trials * p * (1.0 - p)).sqrt()
}

/// How many standard deviations the spread of `counts` lies from that of Binomial(`size`, `p`).
/// Slots that depend on each other pass a test of the mean and fail this one.
pub(crate) fn variance_z(counts: &[u64], size: u64, p: f64) -> f64 {
    let (size, pq) = (size as f64, p * (1.0 - p));
    let squares: f64 = counts.iter().map(|&k| (k as f64 - size * p).powi(2) / (size * pq)).sum();
    let n = counts.len() as f64;
    (squares - n) / (n * (2.0 + (1.0 - 6.0 * pq) / (size * pq))).sqrt()
}

/// Passes unless a coin of probability `p` would give `hits` less often than once in 10,000 times.
#[track_caller]
pub(crate) fn assert_binomial(hits: u64, trials: u64, p: f64) {
    if p == 0.0 || p == 1.0 {
        assert_eq!(hits as f64, trials as f64 * p, "certain, but {hits} of {trials}");
    } else {
        let z = binomial_z(hits, trials, p);
        assert!(z.abs() < CRITICAL, "{hits} of {trials} at p = {p}: z = {z}");
    }
}

/// Passes unless counts of Binomial(`size`, `p`) would spread so less often than once in 10,000.
#[track_caller]
pub(crate) fn assert_variance(counts: &[u64], size: u64, p: f64) {
    if p > 0.0 && p < 1.0 {
        let z = variance_z(counts, size, p);
        assert!(z.abs() < CRITICAL, "variance of {size} slots at p = {p}: z = {z}");
    }
}

#[test]
fn the_tests_can_tell() {
    assert!(binomial_z(5_000, 10_000, 0.5).abs() < 1e-9);
    assert!(binomial_z(5_300, 10_000, 0.5) > CRITICAL);
    // Two slots that always agree double the variance.
    let mut coins = super::SplitMix::new(1);
    let doubled: Vec<u64> =
        (0..1000).map(|_| 2 * u64::from((coins.next() as u32).count_ones())).collect();
    assert!(variance_z(&doubled, 64, 0.5) > CRITICAL);
    let single: Vec<u64> = (0..1000).map(|_| u64::from(coins.next().count_ones())).collect();
    assert!(variance_z(&single, 64, 0.5).abs() < CRITICAL);
}
