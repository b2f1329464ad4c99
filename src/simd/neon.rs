//! 64 bytes in four registers of NEON.

use std::arch::aarch64::*;

use super::bytes::{BLOCK, Block};

#[derive(Clone, Copy)]
pub(super) struct Neon([uint8x16_t; 4]);

/// All bits of each byte from `first` to `last`.
///
/// # Safety
///
/// The processor has NEON.
#[inline(always)]
unsafe fn between(bytes: uint8x16_t, first: u8, last: u8) -> uint8x16_t {
    // SAFETY: as the caller promises.
    unsafe { vcleq_u8(vsubq_u8(bytes, vdupq_n_u8(first)), vdupq_n_u8(last - first)) }
}

impl Neon {
    /// A bit for each byte, of which all bits are set or none.
    ///
    /// # Safety
    ///
    /// The processor has NEON.
    #[inline(always)]
    unsafe fn mask(self) -> u64 {
        const BITS: [u8; 16] = [1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128];
        // SAFETY: as the caller promises. Sums of different bits, pair by pair, three times.
        unsafe {
            let bits = vld1q_u8(BITS.as_ptr());
            let [a, b, c, d] = self.0.map(|found| vandq_u8(found, bits));
            let sum = vpaddq_u8(vpaddq_u8(a, b), vpaddq_u8(c, d));
            vgetq_lane_u64::<0>(vreinterpretq_u64_u8(vpaddq_u8(sum, sum)))
        }
    }
}

// SAFETY, for all of it: who calls a method has NEON. Loads and stores are within the array.
impl Block for Neon {
    #[inline(always)]
    unsafe fn load(bytes: &[u8; BLOCK]) -> Self {
        let at = bytes.as_ptr();
        Self(std::array::from_fn(|i| unsafe { vld1q_u8(at.add(16 * i)) }))
    }

    #[inline(always)]
    unsafe fn store(self, to: &mut [u8; BLOCK]) {
        for (to, register) in to.as_chunks_mut::<16>().0.iter_mut().zip(self.0) {
            unsafe { vst1q_u8(to.as_mut_ptr(), register) }
        }
    }

    #[inline(always)]
    unsafe fn to_lower(self) -> Self {
        Self(self.0.map(|bytes| unsafe {
            vorrq_u8(bytes, vandq_u8(between(bytes, b'A', b'Z'), vdupq_n_u8(0x20)))
        }))
    }

    #[inline(always)]
    unsafe fn alphanumeric(self) -> u64 {
        let found = Self(self.0.map(|bytes| unsafe {
            vorrq_u8(between(bytes, b'a', b'z'), between(bytes, b'0', b'9'))
        }));
        unsafe { found.mask() }
    }

    #[inline(always)]
    unsafe fn equal(self, byte: u8) -> u64 {
        let found = Self(self.0.map(|bytes| unsafe { vceqq_u8(bytes, vdupq_n_u8(byte)) }));
        unsafe { found.mask() }
    }

    #[inline(always)]
    unsafe fn non_ascii(self) -> u64 {
        let found = Self(self.0.map(|bytes| unsafe { vcgeq_u8(bytes, vdupq_n_u8(0x80)) }));
        unsafe { found.mask() }
    }
}
