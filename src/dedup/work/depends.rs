//! What each stage depends on, by the names of the builder.

use xxhash_rust::xxh3::xxh3_64;

use super::file::Setting;
use crate::align::Measure;
use crate::dedup::settings::{Furnishing, Settings, Signature};

/// The settings of each stage that the stages before do not depend on. `inputs` is what the caller
/// says of the articles.
pub(in crate::dedup) fn stages(settings: &Settings, inputs: Vec<Setting>) -> [Vec<Setting>; 4] {
    let Settings { rules, containment, signature, .. } = settings;
    let named = |name: &str, value: String| (name.to_owned(), value);
    let or_none = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
    let threshold = named("threshold", rules.threshold.to_string());
    let overlap = named("overlap", or_none(rules.overlap.map(|tokens| tokens.to_string())));
    let shingle = named("shingle", settings.shingler.size().to_string());
    let sampled = containment.map(|_| settings.sampled.size().to_string());
    let measure = match rules.measure {
        Measure::Coverage => "coverage",
        Measure::Jaccard => "jaccard",
        Measure::Containment => "containment",
    };
    let mut articles = vec![
        named("reprint", env!("CARGO_PKG_VERSION").to_owned()),
        named("measure", measure.to_owned()),
        named("news_lines_aside", settings.news_aside.to_string()),
        named("sampled_shingle", or_none(sampled)),
    ];
    articles.extend(inputs);
    let furniture = match &settings.furniture {
        Furnishing::Off => "off".to_owned(),
        Furnishing::Learn => "learn".to_owned(),
        Furnishing::Known(furniture) => format!("{:016x}", xxh3_64(&furniture.to_bytes())),
    };
    let limit = containment.map(|containment| containment.limit().to_string());
    let mut candidates = vec![named("limit", or_none(limit)), overlap.clone()];
    let method = match signature {
        None => "none".to_owned(),
        Some(Signature::MinHash { sketch, .. }) => {
            // It decides about the bands.
            candidates.push(threshold.clone());
            candidates.push(shingle.clone());
            format!("minhash of {} slots", sketch.slots())
        }
        Some(Signature::SimHash { blocks, .. }) => {
            format!("simhash of {} bits within {}", blocks.bits(), blocks.distance())
        }
    };
    candidates.push(named("method", method));
    if signature.is_some() {
        candidates.push(named("bucket_limit", settings.bucket_limit.to_string()));
    }
    let excerpt = named("excerpt", or_none(rules.excerpt.map(|share| share.to_string())));
    let aligned = named("aligned_shingle", settings.aligner.shingle().to_string());
    let pairs = vec![threshold, excerpt, overlap, shingle, aligned];
    [articles, vec![named("furniture", furniture)], candidates, pairs]
}
