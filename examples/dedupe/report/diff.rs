//! What differs between the representative and a version, as the page's script reads it.
//!
//! The representative's text is in the page once. What a version has of it is said in places of
//! that text, counted in UTF-16 as scripts do; only its other words are there as text.

use std::convert::Infallible;
use std::ops::Range;

use reprint::diff::{DiffReport, Edit, EditKind, Part, PartKind, Piece, PieceKind, Visitor};
use serde::Serialize;

use super::lines::part_kind;

/// A place in the representative, in UTF-16.
pub type Place = [usize; 2];

/// Places in bytes to places in UTF-16.
pub struct Utf16(Vec<u32>);

impl Utf16 {
    /// For a text of up to 4 GiB, which no article exceeds.
    pub fn new(text: &str) -> Self {
        let mut units = vec![0; text.len() + 1];
        let mut count = 0;
        for (at, c) in text.char_indices() {
            units[at] = count;
            count += if c.len_utf16() == 2 { 2 } else { 1 };
        }
        units[text.len()] = count;
        Self(units)
    }

    pub fn place(&self, bytes: &Range<usize>) -> Place {
        [self.0[bytes.start] as usize, self.0[bytes.end] as usize]
    }
}

/// A part of the report.
#[derive(Serialize)]
pub struct PartEntry<'t> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    aside: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    edit: Option<&'static str>,
    #[serde(skip_serializing_if = "is_false")]
    coarse: bool,
    /// Where it stands in the representative.
    a: Place,
    words: usize,
    pieces: Vec<PieceEntry<'t>>,
}

/// Some words of a part. One of `kept`, `cut` and `new` is there.
#[derive(Default, Serialize)]
struct PieceEntry<'t> {
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<Place>,
    /// How the version spells what was kept, where it does in another way.
    #[serde(skip_serializing_if = "Option::is_none")]
    spelled: Option<&'t str>,
    /// What the version does not have.
    #[serde(skip_serializing_if = "Option::is_none")]
    cut: Option<Place>,
    /// What only the version has.
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<&'t str>,
    /// What stands between this and what the version has before, if it is no space.
    #[serde(skip_serializing_if = "Option::is_none")]
    gap: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    edit: Option<&'static str>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_false(value: &bool) -> bool {
    !value
}

/// All parts of a report.
pub fn parts<'t>(report: &DiffReport<'t>, utf16: &Utf16) -> Vec<PartEntry<'t>> {
    let mut entries = Entries { report, utf16, parts: Vec::new(), end: 0 };
    let Ok(()) = report.visit(&mut entries);
    entries.parts
}

struct Entries<'r, 't> {
    report: &'r DiffReport<'t>,
    utf16: &'r Utf16,
    parts: Vec<PartEntry<'t>>,
    /// Where the version has been read up to, in bytes.
    end: usize,
}

impl Visitor for Entries<'_, '_> {
    type Error = Infallible;

    fn part(&mut self, part: &Part, kind: Option<EditKind>) -> Result<(), Infallible> {
        let span = if part.kind == PartKind::Removed { &part.a } else { &part.b };
        self.parts.push(PartEntry {
            kind: part_kind(part.kind),
            aside: part.aside,
            edit: kind.map(EditKind::name),
            coarse: part.coarse,
            a: self.utf16.place(&part.a.bytes),
            words: span.tokens.len(),
            pieces: Vec::new(),
        });
        Ok(())
    }

    fn piece(&mut self, piece: &Piece, _: &str, edit: Option<&Edit>) -> Result<(), Infallible> {
        let (a, b) = (&piece.a.bytes, &piece.b.bytes);
        let text = &self.report.text_b()[b.clone()];
        let mut entry =
            PieceEntry { edit: edit.map(|edit| edit.kind.name()), ..Default::default() };
        match piece.kind {
            PieceKind::Kept => {
                entry.kept = Some(self.utf16.place(a));
                entry.spelled = (self.report.text_a()[a.clone()] != *text).then_some(text);
            }
            PieceKind::Deleted => entry.cut = Some(self.utf16.place(a)),
            PieceKind::Inserted => entry.new = Some(text),
        }
        if piece.kind != PieceKind::Deleted {
            // Words of one character share its place.
            let gap = self.report.text_b().get(self.end..b.start).unwrap_or_default();
            entry.gap = Some(gap).filter(|&gap| gap != " ");
            self.end = b.end.max(self.end);
        }
        if let Some(part) = self.parts.last_mut() {
            part.pieces.push(entry);
        }
        Ok(())
    }
}
