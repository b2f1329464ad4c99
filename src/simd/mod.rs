//! The instructions that a processor has beyond those every one of its kind has, and the loops
//! that use them: the only place with `unsafe`.
//!
//! A loop stands here once for each [`Level`] that makes it faster, and always in a portable form,
//! which the tests hold the others against: results never depend on the level. The choice is made
//! per call of a loop, which covers kilobytes, not per step.
#![allow(unsafe_code)]

pub(crate) mod bytes;
pub(crate) mod hamming;
pub(crate) mod minhash;
#[cfg(target_arch = "aarch64")]
mod neon;
mod portable;
pub(crate) mod prefetch;
pub(crate) mod shingles;
pub(crate) mod simhash;
#[cfg(target_arch = "x86_64")]
mod x86;

/// What the processor can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// What every processor can do.
    Portable,
    /// x86-64 with AVX2, BMI1, BMI2, LZCNT and POPCNT: nearly all since 2013.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// The same with AVX-512 F, BW, CD, DQ, VL, VBMI2 and VPOPCNTDQ: Ice Lake, Zen 4 and later.
    /// Processors that have AVX-512 without VBMI2 lower their clock for it.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// AArch64, which always has NEON.
    #[cfg(target_arch = "aarch64")]
    Neon,
}

/// The highest level of this processor. It is found out once; after that a call costs a few loads.
pub(crate) fn level() -> Level {
    #[cfg(target_arch = "x86_64")]
    {
        if has_avx2() {
            return if has_avx512() { Level::Avx512 } else { Level::Avx2 };
        }
    }
    #[cfg(target_arch = "aarch64")]
    if std::arch::is_aarch64_feature_detected!("neon") {
        return Level::Neon;
    }
    Level::Portable
}

#[cfg(target_arch = "x86_64")]
fn has_avx2() -> bool {
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
        && is_x86_feature_detected!("popcnt")
}

#[cfg(target_arch = "x86_64")]
fn has_avx512() -> bool {
    is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512cd")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512vbmi2")
        && is_x86_feature_detected!("avx512vpopcntdq")
}

/// All levels of this processor, for tests that compare them.
#[cfg(test)]
pub(crate) fn levels() -> Vec<Level> {
    let highest = level();
    #[cfg(target_arch = "x86_64")]
    if highest == Level::Avx512 {
        return vec![Level::Portable, Level::Avx2, highest];
    }
    if highest == Level::Portable { vec![highest] } else { vec![Level::Portable, highest] }
}
