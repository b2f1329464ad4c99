//! Two bytes in a file for a number that comes again and again, as the hashes of words do.

use crate::dedup::work::file::{Damage, Reader, Writer};

use std::io;

/// Stands before a number that has no code, which follows in 4 bytes.
const OTHER: u16 = u16::MAX;

/// The most bytes for a number.
pub(super) const MOST_BYTES: usize = 6;

/// After so many numbers a book is closed if one in so many of them had no code.
pub(super) const PAGE: usize = if cfg!(test) { 64 } else { 1 << 22 };
const TOO_MANY: usize = 8;

/// The codes of the rows of a store: the lower halves of the numbers. The first one with some lower
/// half has it for a code, so that a file depends on its rows alone, and on where it went on after a
/// kill. Numbers that come often come early, and one in ten is left without a code in a corpus of
/// 40,000 words. When there are more of them, other codes begin.
#[derive(Debug, Default)]
pub(super) struct Codes {
    books: Vec<Book>,
    /// Numbers that were written since the last look, and how many of them had no code.
    written: usize,
    others: usize,
}

/// The numbers that have codes from a row on.
#[derive(Debug)]
struct Book {
    first: usize,
    /// By code, the number, or another one than could have it.
    numbers: Box<[u32; 1 << 16]>,
}

/// The code that a number may have.
#[expect(clippy::cast_possible_truncation, reason = "the lower half is what is wanted")]
fn code_of(number: u32) -> u16 {
    number as u16
}

impl Book {
    fn new(first: usize) -> Self {
        let mut numbers = Box::new([0; 1 << 16]);
        (0..).zip(&mut *numbers).for_each(|(code, number): (u32, _)| *number = !code);
        Self { first, numbers }
    }

    fn has(&self, code: u16) -> bool {
        code_of(self.numbers[usize::from(code)]) == code
    }
}

impl Codes {
    /// Appends a row, which comes after all others.
    pub(super) fn encode(&mut self, row: usize, numbers: &[u32], out: &mut Vec<u8>) {
        if self.written >= PAGE || self.books.is_empty() {
            if TOO_MANY * self.others >= self.written {
                self.books.push(Book::new(row));
            }
            (self.written, self.others) = (0, 0);
        }
        let Some(book) = self.books.last_mut() else { return };
        let start = out.len();
        out.resize(start + MOST_BYTES * numbers.len(), 0);
        let mut end = start;
        for &number in numbers {
            let code = code_of(number);
            if !book.has(code) && code != OTHER {
                book.numbers[usize::from(code)] = number;
            }
            // The number is written each time, and kept where it has no code: no branch that
            // nobody can predict.
            let has_code = book.numbers[usize::from(code)] == number;
            let code = if has_code { code } else { OTHER };
            let place = &mut out[end..end + MOST_BYTES];
            place[..2].copy_from_slice(&code.to_le_bytes());
            place[2..].copy_from_slice(&number.to_le_bytes());
            end += if has_code { 2 } else { MOST_BYTES };
        }
        out.truncate(end);
        self.written += numbers.len();
        self.others += (end - start - 2 * numbers.len()) / 4;
    }

    /// The codes of a row.
    fn book(&self, row: usize) -> Option<&Book> {
        let after = self.books.partition_point(|book| book.first <= row);
        self.books.get(after.checked_sub(1)?)
    }

    /// Gives the numbers of a row to `each`: so many, from the start of some bytes. Returns how
    /// many bytes they take; `None` if there are too few, or this is no row.
    pub(super) fn decode(
        &self,
        row: usize,
        length: usize,
        bytes: &[u8],
        mut each: impl FnMut(u32),
    ) -> Option<usize> {
        let mut rest = bytes;
        if length == 0 {
            return Some(0);
        }
        let book = self.book(row)?;
        for _ in 0..length {
            let (code, behind) = rest.split_first_chunk()?;
            rest = behind;
            match u16::from_le_bytes(*code) {
                OTHER => {
                    let (number, behind) = rest.split_first_chunk()?;
                    rest = behind;
                    each(u32::from_le_bytes(*number));
                }
                code if book.has(code) => each(book.numbers[usize::from(code)]),
                _ => return None,
            }
        }
        Some(bytes.len() - rest.len())
    }

    /// Writes the codes into the file of a stage.
    pub(super) fn write(&self, out: &mut Writer) -> io::Result<()> {
        out.number(self.books.len() as u64)?;
        self.books.iter().try_for_each(|book| {
            let numbers = (0..OTHER).filter(|&code| book.has(code));
            let numbers = numbers.map(|code| book.numbers[usize::from(code)]);
            out.number(book.first as u64)?;
            out.number(numbers.clone().count() as u64)?;
            out.numbers(numbers)
        })
    }

    /// Reads them again: the first row of each book, and its numbers.
    pub(super) fn read(from: &mut Reader) -> Result<Vec<(usize, Vec<u32>)>, Damage> {
        let mut books: Vec<(usize, Vec<u32>)> = Vec::new();
        for _ in 0..from.count(16)? {
            let first = usize::try_from(from.number()?).unwrap_or(usize::MAX);
            if books.last().is_some_and(|&(last, _)| last >= first) {
                return Err("its codes are in disorder".into());
            }
            let (count, mut numbers) = (from.count(4)?, Vec::new());
            from.groups(count, |[number]| numbers.push(number))?;
            books.push((first, numbers));
        }
        Ok(books)
    }

    /// The codes that were read.
    pub(super) fn new(books: Vec<(usize, Vec<u32>)>) -> Self {
        let book = |(first, numbers): (usize, Vec<u32>)| {
            let mut book = Book::new(first);
            for number in numbers {
                book.numbers[usize::from(code_of(number))] = number;
            }
            book
        };
        Self { books: books.into_iter().map(book).collect(), ..Self::default() }
    }
}
