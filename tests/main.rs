//! The one integration test binary.

#[allow(dead_code, reason = "each user uses a part")]
#[path = "../benches/corpus/mod.rs"]
mod corpus;
mod generator;
