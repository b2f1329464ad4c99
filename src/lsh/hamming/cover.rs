//! Tables that bring every pair within a distance together: which bits each of them looks at.

/// What a table costs an article, in comparisons of two signatures.
const TABLE_COST: f64 = 150.0;

/// The masks of the tables, of at most `tables`, with the least work for `articles` articles.
///
/// The bits are cut into parts, each with a radius `r`, so that the sum over `r + 1` is
/// `distance + 1`: a pair within the distance is within the radius in at least one part. The bits
/// of a part are dealt to the `2^(r+1) − 1` points of a projective space, the nonzero vectors of
/// `r + 1` bits. Its tables are the nonzero vectors, too, and the key of one is the points that
/// have an odd number of bits in common with it, `2^r` of them. At most `r` points differ, and
/// for these there is a vector that is orthogonal to all: its table does not look at them.
///
/// With a radius of 0 that is one table with all bits of the part, and with 1 three blocks of
/// which two agree. A higher radius makes wider keys, and more tables. When no key is wide enough
/// to be worth its table, a single empty one brings all together.
///
/// `agreements` holds for each bit the probability that two articles agree in it. The bits are
/// dealt so that all keys get their part of the selective ones.
pub(super) fn masks(agreements: &[f64], distance: u32, articles: f64, tables: usize) -> Vec<u128> {
    let mut order: Vec<(usize, f64)> =
        agreements.iter().map(|&agreement| selectivity(agreement)).enumerate().collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let errors = distance as usize + 1;
    let cost = |masks: &[u128]| {
        TABLE_COST * masks.len() as f64 + articles / 2.0 * share(agreements, masks)
    };
    let all_together = (vec![0], articles / 2.0);
    (1..=errors)
        .map(|parts| radii(errors, parts))
        .filter(|radii| {
            let points = radii.iter().map(|&radius| points(radius));
            points.fold(0, usize::saturating_add) <= tables.min(agreements.len())
        })
        .map(|radii| {
            let masks = masks_of_parts(&order, &radii);
            let cost = cost(&masks);
            (masks, cost)
        })
        .fold(all_together, |best, next| if next.1 < best.1 { next } else { best })
        .0
}

/// The radii of so many parts.
fn radii(errors: usize, parts: usize) -> Vec<usize> {
    (0..parts).map(|part| errors / parts - usize::from(part >= errors % parts)).collect()
}

/// The points of a part, which are as many as its tables.
fn points(radius: usize) -> usize {
    (2 << radius) - 1
}

/// The masks of the tables of parts with these radii.
fn masks_of_parts(order: &[(usize, f64)], radii: &[usize]) -> Vec<u128> {
    // A key of a part with the radius r has 2^r points. A part has about 2^r tables, too, so that
    // r bits more in a key make strangers fall together as often in all parts.
    let keys = |radius: usize| (1_u32 << radius) as f64;
    let weight: f64 = radii.iter().map(|&r| points(r) as f64 / keys(r)).sum();
    let more: f64 = radii.iter().map(|&r| (r * points(r)) as f64 / keys(r)).sum();
    let all: f64 = order.iter().map(|&(_, selectivity)| selectivity).sum();
    let width = ((all - more) / weight).max(0.0);
    let mut parts: Vec<Part> = (radii.iter())
        .map(|&radius| Part::new(points(radius), (width + radius as f64) / keys(radius)))
        .collect();
    for &(bit, selectivity) in order {
        neediest(&mut parts, |part| part.wants).take(bit, selectivity);
    }
    let mut masks = Vec::new();
    for Part { points: part, .. } in &parts {
        masks.extend((1..=part.len()).map(|table| {
            let in_key = |&(point, _): &(usize, &Point)| (point & table).count_ones() % 2 == 1;
            (1..).zip(part).filter(in_key).fold(0, |mask, (_, point)| mask | point.bits)
        }));
    }
    masks
}

/// The bits that one gets, and the selectivity that it still wants.
#[derive(Clone, Debug)]
struct Point {
    bits: u128,
    wants: f64,
}

/// The points of a part, and the selectivity that they still want together.
#[derive(Clone, Debug)]
struct Part {
    points: Vec<Point>,
    wants: f64,
}

impl Part {
    fn new(points: usize, wants: f64) -> Self {
        Self { points: vec![Point { bits: 0, wants }; points], wants: points as f64 * wants }
    }

    fn take(&mut self, bit: usize, selectivity: f64) {
        self.wants -= selectivity;
        let point = neediest(&mut self.points, |point| point.wants);
        point.wants -= selectivity;
        point.bits |= 1 << bit;
    }
}

/// The first of those that want most.
fn neediest<T>(all: &mut [T], wants: impl Fn(&T) -> f64) -> &mut T {
    let most = (0..all.len()).fold(0, |m, i| if wants(&all[i]) > wants(&all[m]) { i } else { m });
    &mut all[most]
}

/// The bits that a bit is worth in which two articles agree with this probability: `−log₂`, by a
/// parabola that is right at both ends, since std's logarithm may differ between machines.
fn selectivity(agreement: f64) -> f64 {
    let differ = 1.0 - agreement;
    differ * (1.44 + 1.12 * differ)
}

/// The share of all articles that fall together with one in these tables, a few times some of them.
pub(super) fn share(agreements: &[f64], masks: &[u128]) -> f64 {
    masks.iter().map(|&mask| together(agreements, mask)).sum()
}

/// The probability that two articles agree in all bits of a mask, were they independent.
fn together(agreements: &[f64], mask: u128) -> f64 {
    let in_mask = |&(bit, _): &(usize, &f64)| mask >> bit & 1 == 1;
    agreements.iter().enumerate().filter(in_mask).map(|(_, agreement)| agreement).product()
}

/// How many articles, at most, tell how often two agree in a bit.
const SAMPLE: usize = 1 << 12;

/// For each bit the probability that two of these signatures agree in it.
pub(super) fn agreements(words: &[u64], size: usize) -> Vec<f64> {
    let articles = words.len() / size;
    let step = articles.div_ceil(SAMPLE).max(1);
    let mut ones = vec![0_u32; 64 * size];
    for signature in words.chunks_exact(size).step_by(step) {
        for (ones, word) in ones.as_chunks_mut::<64>().0.iter_mut().zip(signature) {
            for (bit, ones) in ones.iter_mut().enumerate() {
                *ones += u32::from(word >> bit & 1 == 1);
            }
        }
    }
    let sampled = articles.div_ceil(step).max(1) as f64;
    ones.iter()
        .map(|&ones| f64::from(ones) / sampled)
        .map(|share| share * share + (1.0 - share) * (1.0 - share))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_errors_within_the_distance_spoil_all_tables(
            wide: bool,
            distance in 0_u32..32,
            articles in 1_u32..40,
            biased in proptest::collection::vec(0.5..1.0_f64, 128),
            errors in proptest::collection::vec(0_u32..128, 32),
        ) {
            let bits = if wide { 128 } else { 64 };
            let masks = masks(&biased[..bits as usize], distance, f64::from(articles).exp2(), 128);
            let errors = &errors[..distance as usize];
            let difference = errors.iter().fold(0_u128, |all, bit| all | 1 << (bit % bits));
            prop_assert!(masks.iter().any(|mask| difference & mask == 0));
        }

        #[test]
        fn parts_of_any_radius_cover(
            radii in proptest::collection::vec(0_usize..4, 1..6),
            seed: u64,
            errors in proptest::collection::vec(0_usize..128, 24),
        ) {
            let order: Vec<(usize, f64)> = (0..128).map(|bit| (bit, 1.0)).collect();
            let masks = masks_of_parts(&order, &radii);
            prop_assert_eq!(masks.len(), radii.iter().map(|&radius| points(radius)).sum::<usize>());
            let distance = radii.iter().map(|radius| radius + 1).sum::<usize>() - 1;
            // Errors side by side fall on one part, others on all.
            let close = seed % 2 == 0;
            let difference = (0..distance).fold(0_u128, |all, i| {
                all | 1 << (if close { errors[0] + i } else { errors[i] } % 128)
            });
            prop_assert!(masks.iter().any(|mask| difference & mask == 0));
        }
    }

    #[test]
    fn radii_add_up_to_the_errors() {
        for errors in 1..40 {
            for parts in 1..=errors {
                let radii = radii(errors, parts);
                assert_eq!(radii.iter().map(|radius| radius + 1).sum::<usize>(), errors);
                assert_eq!(radii.len(), parts);
            }
        }
    }

    #[test]
    fn documented_choices() {
        let choice = |bits: usize, distance: u32| {
            let masks = masks(&vec![0.5; bits], distance, 1e6, usize::MAX);
            let width = masks.iter().map(|mask| mask.count_ones()).min().unwrap();
            (bits, distance, masks.len(), width)
        };
        for expected in [
            (64, 0, 1, 64),
            (64, 3, 4, 16),
            (64, 6, 13, 12),
            (64, 10, 37, 8),
            (128, 3, 4, 32),
            (128, 6, 7, 18),
            (128, 10, 16, 14),
            (128, 14, 35, 13),
            (128, 18, 67, 12),
            (128, 24, 106, 8),
            (128, 31, 120, 8),
        ] {
            assert_eq!(choice(expected.0, expected.1), expected);
        }
    }
}
