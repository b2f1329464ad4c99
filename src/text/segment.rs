//! Characters that normalisation treats together.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::compose;

use super::chars::{Char, Check, Class};

/// A character and those after it up to the next one that has nothing to do with what is before
/// it. A segment can be normalised by itself; nearly all are one character.
///
/// It finds out, while it is gathered, whether it can do without the full normalisation.
pub(super) struct Segment {
    start: usize,
    end: usize,
    /// The one character that the whole segment is equivalent to, if it composes step by step.
    composed: Option<char>,
    /// The characters pass the quick check, or may compose but do not; their combining classes
    /// are in order.
    passes: bool,
    may_compose: bool,
    /// A character has a decomposition, with which another one may compose.
    decomposes: bool,
    /// The last character of combining class 0.
    starter: Option<char>,
    combining: u8,
}

impl Segment {
    /// Reads the segment of the text that begins at `at`, if that is not the end.
    pub(super) fn at(text: &str, at: usize) -> Option<Self> {
        let mut chars = text[at..].chars();
        let first = chars.next()?;
        let mut segment = Self {
            start: at,
            end: at,
            composed: None,
            passes: true,
            may_compose: false,
            decomposes: false,
            starter: None,
            combining: 0,
        };
        segment.push(Char::of(first));
        segment.composed = Some(first);
        // An ASCII character, which most texts go on with, is known to be a boundary.
        while let Some(char) = chars.next().filter(|c| !c.is_ascii()).map(Char::of)
            && !char.boundary
        {
            segment.push(char);
        }
        Some(segment)
    }

    /// Where the segment ends in the text.
    pub(super) fn end(&self) -> usize {
        self.end
    }

    /// Visits what NFKC and case folding make of the segment of this text.
    #[inline]
    pub(super) fn for_each_folded(&self, text: &str, mut visit: impl FnMut(char, Class)) {
        let mut alone = |c: char| Char::of(c).for_each_folded(&mut visit);
        let chars = text[self.start..self.end].chars();
        if let Some(composed) = self.composed {
            alone(composed);
        } else if self.passes && !(self.may_compose && self.decomposes) {
            chars.for_each(alone);
        } else {
            chars.nfkc().for_each(alone);
        }
    }

    fn push(&mut self, char: &Char) {
        self.end += char.char.len_utf8();
        self.composed = self.composed.and_then(|base| compose(base, char.char));
        self.passes &= char.combining == 0 || self.combining <= char.combining;
        self.decomposes |= char.decomposes;
        match char.check {
            Check::Yes => {}
            // Many vowel signs may compose, but rarely find the letter they compose with.
            Check::Maybe => {
                self.may_compose = true;
                self.passes = self.passes
                    && self.composed.is_none()
                    && self.starter.is_none_or(|s| compose(s, char.char).is_none());
            }
            Check::No => self.passes = false,
        }
        self.combining = char.combining;
        if char.combining == 0 {
            self.starter = Some(char.char);
        }
    }
}
