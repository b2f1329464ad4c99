//! Integration tests, all in one binary.

#[cfg(all(feature = "parallel", feature = "diff"))]
mod cli;
#[allow(dead_code, reason = "each user uses a part")]
#[path = "../benches/corpus/mod.rs"]
mod corpus;
mod determinism;
mod family;
mod furniture;
mod generator;
mod house;
mod laws;
mod press;
mod recall;
#[cfg(feature = "diff")]
mod report;
mod samples;
mod scripts;
mod seeds;
mod simhash;
mod support;
mod work;
