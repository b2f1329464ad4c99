//! The report for users who draw it themselves.

use super::kind::EditKind;
use super::report::{DiffReport, Edit, Part, PartKind, Piece, PieceKind};

/// What draws a report: its methods are called in reading order by [`DiffReport::visit`].
///
/// ```
/// use std::convert::Infallible;
///
/// use reprint::diff::{DiffReport, Edit, EditKind, Part, Piece, PieceKind, Visitor};
///
/// /// Words in brackets that are new.
/// struct Plain(String);
///
/// impl Visitor for Plain {
///     type Error = Infallible;
///
///     fn part(&mut self, _: &Part, kind: Option<EditKind>) -> Result<(), Infallible> {
///         self.0 += &kind.map_or(String::new(), |kind| format!("{kind}: "));
///         Ok(())
///     }
///
///     fn piece(&mut self, piece: &Piece, text: &str, _: Option<&Edit>) -> Result<(), Infallible> {
///         match piece.kind {
///             PieceKind::Kept => self.0 += &format!("{text} "),
///             PieceKind::Inserted => self.0 += &format!("[{text}] "),
///             PieceKind::Deleted => {}
///         }
///         Ok(())
///     }
/// }
///
/// let report = DiffReport::between("It rained for 3 days.", "It rained for 4 days.");
/// let mut plain = Plain(String::new());
/// report.visit(&mut plain)?;
/// assert_eq!(plain.0, "number: It rained for [4] days. ");
/// # Ok::<(), Infallible>(())
/// ```
pub trait Visitor {
    /// What may go wrong while drawing.
    type Error;

    /// A part begins; its kind, if all of it is of one.
    ///
    /// # Errors
    /// As the visitor likes; the visit ends with it.
    fn part(&mut self, part: &Part, kind: Option<EditKind>) -> Result<(), Self::Error>;

    /// Some words of the part, as the second text spells them, deleted ones as the first does,
    /// without the white space around them; and the edit that they belong to, unless they were
    /// kept.
    ///
    /// # Errors
    /// As the visitor likes; the visit ends with it.
    fn piece(&mut self, piece: &Piece, text: &str, edit: Option<&Edit>) -> Result<(), Self::Error>;

    /// The part ends.
    ///
    /// # Errors
    /// As the visitor likes; the visit ends with it.
    fn end(&mut self, part: &Part) -> Result<(), Self::Error> {
        let _ = part;
        Ok(())
    }
}

impl DiffReport<'_> {
    /// Shows a visitor all parts in order, and of each its pieces. What was removed or added comes
    /// in a piece for each edit, all else as it is in the [parts](Self::parts).
    ///
    /// # Errors
    /// The first error of the visitor.
    pub fn visit<V: Visitor>(&self, visitor: &mut V) -> Result<(), V::Error> {
        for (index, part) in self.parts.iter().enumerate() {
            visitor.part(part, self.kind_of(index))?;
            for (piece, edit) in self.pieces_of(index) {
                let text = match piece.kind {
                    PieceKind::Deleted => &self.text_a[piece.a.bytes.clone()],
                    _ => &self.text_b[piece.b.bytes.clone()],
                };
                visitor.piece(&piece, text, edit)?;
            }
            visitor.end(part)?;
        }
        Ok(())
    }

    /// The edits of a part, without the one that says that it was moved.
    pub(super) fn edits_of(&self, part: usize) -> &[Edit] {
        let first = self.edits.partition_point(|edit| edit.part < part);
        let end = self.edits.partition_point(|edit| edit.part <= part);
        let edits = &self.edits[first..end];
        match edits {
            [first, rest @ ..] if first.kind == EditKind::Moved => rest,
            _ => edits,
        }
    }

    /// The pieces of a part, each with its edit.
    pub(super) fn pieces_of(&self, index: usize) -> Vec<(Piece, Option<&Edit>)> {
        let (part, edits) = (&self.parts[index], self.edits_of(index));
        let whole = |kind| {
            let piece = |edit: &Edit| Piece { kind, a: edit.a.clone(), b: edit.b.clone() };
            edits.iter().map(|edit| (piece(edit), Some(edit))).collect()
        };
        match part.kind {
            PartKind::Removed => whole(PieceKind::Deleted),
            PartKind::Added => whole(PieceKind::Inserted),
            _ => {
                // Edits are what stands between kept pieces.
                let mut edits = edits.iter().peekable();
                let pieces = part.pieces.iter().map(|piece| {
                    let is_over = |edit: &&Edit| {
                        edit.a.tokens.end <= piece.a.tokens.start
                            && edit.b.tokens.end <= piece.b.tokens.start
                            && (!piece.a.tokens.is_empty() || !piece.b.tokens.is_empty())
                    };
                    while edits.next_if(is_over).is_some() {}
                    let edit = edits.peek().copied();
                    (piece.clone(), edit.filter(|_| piece.kind != PieceKind::Kept))
                });
                pieces.collect()
            }
        }
    }
}
