//! The bytes of a file, in pieces of whole records.

use std::io::{self, Read};

use memchr::memchr;

use super::kind::Kind;

/// Bytes of a piece, unless a record is longer. All that is made of it fits in a core's own cache.
pub const PIECE: usize = 256 << 10;

/// A file being read.
pub struct Pieces<'r> {
    input: Box<dyn Read + 'r>,
    kind: Kind,
    /// The most bytes of a record.
    limit: usize,
    /// The beginning of a record of which the end is still to be read.
    rest: Vec<u8>,
}

/// What came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Whole records in so many bytes.
    Records(usize),
    /// The same, and there is no more. The last record may lack its end.
    Last(usize),
    /// So many bytes of a record that is too long, which are gone.
    TooLong(u64),
}

impl<'r> Pieces<'r> {
    pub fn new(input: Box<dyn Read + 'r>, kind: Kind, limit: usize) -> Self {
        Self { input, kind, limit, rest: Vec::new() }
    }

    /// Puts the next records in front of `bytes`; with an error, those that came whole before it.
    pub fn next(&mut self, bytes: &mut Vec<u8>) -> (Piece, Option<io::Error>) {
        bytes.truncate(PIECE);
        bytes.shrink_to(2 * PIECE);
        let mut filled = self.rest.len();
        bytes.resize(PIECE.max(filled + filled.min(PIECE)), 0);
        bytes[..filled].copy_from_slice(&self.rest);
        self.rest.clear();
        self.rest.shrink_to(PIECE);
        let mut searched = 0;
        loop {
            if filled == bytes.len() {
                if let Some(end) = self.kind.whole_records(bytes, searched) {
                    self.rest.extend_from_slice(&bytes[end..]);
                    return (Piece::Records(end), None);
                }
                if filled >= self.limit {
                    return self.pass(bytes);
                }
                searched = filled;
                bytes.resize((2 * filled).min(self.limit), 0);
            }
            match self.input.read(&mut bytes[filled..]) {
                Ok(0) => return (Piece::Last(filled), None),
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let end = self.kind.whole_records(&bytes[..filled], 0).unwrap_or(0);
                    return (Piece::Last(end), Some(error));
                }
            }
        }
    }

    /// Passes over the line that is at the front of `bytes`. That of a table may end there: a
    /// quote was not closed, and the rows behind it are good.
    fn pass(&mut self, bytes: &mut [u8]) -> (Piece, Option<io::Error>) {
        let mut passed = 0;
        let mut length = bytes.len();
        loop {
            if let Some(end) = memchr(b'\n', &bytes[..length]) {
                self.rest.extend_from_slice(&bytes[end + 1..length]);
                return (Piece::TooLong(passed + end as u64 + 1), None);
            }
            passed += length as u64;
            length = match self.input.read(bytes) {
                Ok(0) => return (Piece::TooLong(passed), None),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
                Err(error) => return (Piece::Last(0), Some(error)),
            };
        }
    }
}
