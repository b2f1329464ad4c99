//! 64 bytes in two registers of AVX2, or in one of AVX-512.

use std::arch::x86_64::*;

use super::bytes::{BLOCK, Block, Lowered, to_lower_with, words_with};

/// Two halves, one after the other: a closure over both would not be compiled for AVX2.
#[derive(Clone, Copy)]
struct Avx2(__m256i, __m256i);

/// All bits of each byte from `first` to `last`.
///
/// # Safety
///
/// The processor has AVX2.
#[inline(always)]
unsafe fn between(bytes: __m256i, first: u8, last: u8) -> __m256i {
    // SAFETY: as the caller promises.
    unsafe {
        let offset = _mm256_sub_epi8(bytes, _mm256_set1_epi8(first.cast_signed()));
        let least = _mm256_min_epu8(offset, _mm256_set1_epi8((last - first).cast_signed()));
        _mm256_cmpeq_epi8(offset, least)
    }
}

/// # Safety
///
/// The processor has AVX2.
#[inline(always)]
unsafe fn lower_half(bytes: __m256i) -> __m256i {
    // SAFETY: as the caller promises.
    unsafe {
        let upper = between(bytes, b'A', b'Z');
        _mm256_or_si256(bytes, _mm256_and_si256(upper, _mm256_set1_epi8(0x20)))
    }
}

/// # Safety
///
/// The processor has AVX2.
#[inline(always)]
unsafe fn alphanumeric_half(bytes: __m256i) -> __m256i {
    // SAFETY: as the caller promises.
    unsafe { _mm256_or_si256(between(bytes, b'a', b'z'), between(bytes, b'0', b'9')) }
}

impl Avx2 {
    /// The highest bit of each byte.
    ///
    /// # Safety
    ///
    /// The processor has AVX2.
    #[inline(always)]
    unsafe fn mask(self) -> u64 {
        // SAFETY: as the caller promises.
        let (low, high) = unsafe { (_mm256_movemask_epi8(self.0), _mm256_movemask_epi8(self.1)) };
        u64::from(low.cast_unsigned()) | u64::from(high.cast_unsigned()) << 32
    }
}

// SAFETY, for all of it: who calls a method has AVX2. Loads and stores need no alignment and are
// within the array.
impl Block for Avx2 {
    #[inline(always)]
    unsafe fn load(bytes: &[u8; BLOCK]) -> Self {
        let at: *const __m256i = bytes.as_ptr().cast();
        unsafe { Self(_mm256_loadu_si256(at), _mm256_loadu_si256(at.add(1))) }
    }

    #[inline(always)]
    unsafe fn store(self, to: &mut [u8; BLOCK]) {
        let at: *mut __m256i = to.as_mut_ptr().cast();
        unsafe {
            _mm256_storeu_si256(at, self.0);
            _mm256_storeu_si256(at.add(1), self.1);
        }
    }

    #[inline(always)]
    unsafe fn to_lower(self) -> Self {
        unsafe { Self(lower_half(self.0), lower_half(self.1)) }
    }

    #[inline(always)]
    unsafe fn alphanumeric(self) -> u64 {
        unsafe { Self(alphanumeric_half(self.0), alphanumeric_half(self.1)).mask() }
    }

    #[inline(always)]
    unsafe fn equal(self, byte: u8) -> u64 {
        unsafe {
            let byte = _mm256_set1_epi8(byte.cast_signed());
            Self(_mm256_cmpeq_epi8(self.0, byte), _mm256_cmpeq_epi8(self.1, byte)).mask()
        }
    }

    #[inline(always)]
    unsafe fn non_ascii(self) -> u64 {
        unsafe { self.mask() }
    }
}

#[derive(Clone, Copy)]
struct Avx512(__m512i);

/// The position of each byte.
static POSITIONS: [u8; BLOCK] = {
    let mut positions = [0; BLOCK];
    let mut byte = 0;
    while byte < 64 {
        positions[byte as usize] = byte;
        byte += 1;
    }
    positions
};

// SAFETY, for all of it: who calls a method has AVX-512 F, BW and VBMI2. Loads and stores need no
// alignment and are within the array, or of no more than the bytes that the mask names.
impl Block for Avx512 {
    #[inline(always)]
    unsafe fn load(bytes: &[u8; BLOCK]) -> Self {
        unsafe { Self(_mm512_loadu_si512(bytes.as_ptr().cast())) }
    }

    #[inline(always)]
    unsafe fn load_part(bytes: &[u8]) -> Self {
        let mask = !(u64::MAX << bytes.len().min(BLOCK - 1));
        unsafe { Self(_mm512_maskz_loadu_epi8(mask, bytes.as_ptr().cast())) }
    }

    #[inline(always)]
    unsafe fn store(self, to: &mut [u8; BLOCK]) {
        unsafe { _mm512_storeu_si512(to.as_mut_ptr().cast(), self.0) }
    }

    #[inline(always)]
    unsafe fn to_lower(self) -> Self {
        unsafe {
            let offset = _mm512_sub_epi8(self.0, _mm512_set1_epi8(b'A'.cast_signed()));
            let upper = _mm512_cmplt_epu8_mask(offset, _mm512_set1_epi8(26));
            Self(_mm512_mask_add_epi8(self.0, upper, self.0, _mm512_set1_epi8(0x20)))
        }
    }

    #[inline(always)]
    unsafe fn alphanumeric(self) -> u64 {
        unsafe {
            let letter = _mm512_sub_epi8(self.0, _mm512_set1_epi8(b'a'.cast_signed()));
            let digit = _mm512_sub_epi8(self.0, _mm512_set1_epi8(b'0'.cast_signed()));
            _mm512_cmplt_epu8_mask(letter, _mm512_set1_epi8(26))
                | _mm512_cmplt_epu8_mask(digit, _mm512_set1_epi8(10))
        }
    }

    #[inline(always)]
    unsafe fn equal(self, byte: u8) -> u64 {
        unsafe { _mm512_cmpeq_epi8_mask(self.0, _mm512_set1_epi8(byte.cast_signed())) }
    }

    #[inline(always)]
    unsafe fn non_ascii(self) -> u64 {
        unsafe { _mm512_movepi8_mask(self.0) }
    }

    #[inline(always)]
    unsafe fn append_positions(bits: u64, base: u16, positions: &mut [u16], at: usize) -> usize {
        let room = &mut positions[at..at + BLOCK / 2];
        unsafe {
            let each = _mm512_loadu_si512(POSITIONS.as_ptr().cast());
            let found = _mm512_castsi512_si256(_mm512_maskz_compress_epi8(bits, each));
            let base = _mm512_set1_epi16(base.cast_signed());
            let found = _mm512_add_epi16(_mm512_cvtepu8_epi16(found), base);
            _mm512_storeu_si512(room.as_mut_ptr().cast(), found);
        }
        at + bits.count_ones() as usize
    }
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
pub(super) fn to_lower_avx2(text: &[u8], in_word: bool, to: &mut [u8]) -> Lowered {
    // SAFETY: this function has the instructions.
    unsafe { to_lower_with::<Avx2>(text, in_word, to) }
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
pub(super) fn words_avx2(bytes: &[u8], starts: &mut [u16], ends: &mut [u16]) -> usize {
    // SAFETY: as above.
    unsafe { words_with::<Avx2>(bytes, starts, ends) }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi2,avx2,bmi1,bmi2,lzcnt,popcnt")]
pub(super) fn to_lower_avx512(text: &[u8], in_word: bool, to: &mut [u8]) -> Lowered {
    // SAFETY: as above.
    unsafe { to_lower_with::<Avx512>(text, in_word, to) }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi2,avx2,bmi1,bmi2,lzcnt,popcnt")]
pub(super) fn words_avx512(bytes: &[u8], starts: &mut [u16], ends: &mut [u16]) -> usize {
    // SAFETY: as above.
    unsafe { words_with::<Avx512>(bytes, starts, ends) }
}
