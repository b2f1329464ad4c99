//! Files on their way into memory: packed and large ones are read by threads of their own, before
//! it is their turn.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use super::files::Source;
use super::kind::Kind;
use super::packing::Packing;
use super::parquet::{self, Parquet, Rows};
use super::pieces::PIECE;
use super::record::Fields;

/// Pieces of a file that wait to be taken.
const WAITING: usize = 32;

/// From so many bytes on a file is read ahead: the system has it on the disk rather than in memory,
/// and whoever waits for it does nothing else.
const LARGE: u64 = 1 << 30;

/// What a file gives.
pub enum Feed {
    Bytes(Box<dyn Read>),
    Rows(Box<dyn Iterator<Item = io::Result<Rows>>>),
}

/// The files that other threads have begun.
pub struct Ahead<'s> {
    files: &'s [Source],
    fields: &'s Fields,
    /// For copies of what cannot be read in place.
    folder: &'s Path,
    /// How many at once.
    most: usize,
    begun: VecDeque<(usize, Feed)>,
    /// The first file that may have to be begun.
    next: usize,
    /// Of Parquet files that come only once.
    copies: BTreeMap<usize, File>,
}

impl<'s> Ahead<'s> {
    pub fn new(files: &'s [Source], fields: &'s Fields, folder: &'s Path) -> Self {
        let threads = rayon::current_num_threads();
        let most = if threads == 1 { 0 } else { threads };
        let (begun, copies) = (VecDeque::new(), BTreeMap::new());
        Self { files, fields, folder, most, begun, next: 0, copies }
    }

    /// Opens a file; those behind it come later.
    pub fn open(&mut self, file: usize) -> io::Result<Feed> {
        self.next = self.next.max(file);
        while self.begun.len() < self.most && self.next < self.files.len() {
            let source = &self.files[self.next];
            let is_slow = source.packing != Packing::None
                || source.kind == Kind::Parquet
                || source.size() >= LARGE;
            if is_slow && !source.kind.is_whole() && source.state.is_some() {
                let feed = begin(source.clone(), self.fields.clone(), self.folder.into());
                self.begun.push_back((self.next, feed));
            }
            self.next += 1;
        }
        let is_begun = self.begun.front().is_some_and(|(begun, _)| *begun == file);
        if is_begun && let Some((_, feed)) = self.begun.pop_front() {
            return Ok(feed);
        }
        let source = &self.files[file];
        if source.kind != Kind::Parquet {
            return Ok(Feed::Bytes(source.open()?));
        }
        let whole = parquet::whole_file(source, self.folder)?;
        if !source.can_be_read_again() {
            self.copies.insert(file, whole.try_clone()?);
        }
        Ok(Feed::Rows(Box::new(Parquet::open(whole)?.rows(self.fields)?)))
    }

    /// Copies of the Parquet files that cannot be read again.
    pub fn into_copies(self) -> BTreeMap<usize, File> {
        self.copies
    }
}

fn begin(source: Source, fields: Fields, folder: Box<Path>) -> Feed {
    if source.kind == Kind::Parquet {
        let (sender, receiver) = sync_channel(WAITING);
        let open = move || Parquet::open(parquet::whole_file(&source, &folder)?)?.rows(&fields);
        thread::spawn(move || match open() {
            // Nobody waits for more after an error elsewhere.
            Ok(mut rows) => drop(rows.try_for_each(|rows| sender.send(rows))),
            Err(error) => drop(sender.send(Err(error))),
        });
        return Feed::Rows(Box::new(receiver.into_iter()));
    }
    let (sender, receiver) = sync_channel(WAITING);
    thread::spawn(move || {
        let mut input = match source.open() {
            Ok(input) => input,
            Err(error) => return drop(sender.send(Err(error))),
        };
        loop {
            let mut bytes = Vec::with_capacity(PIECE);
            let read = input.by_ref().take(PIECE as u64).read_to_end(&mut bytes);
            // No bytes mean the end. What came before an error counts, and nobody waits for more
            // after one elsewhere.
            let is_end = bytes.is_empty();
            if (!is_end || read.is_ok()) && sender.send(Ok(bytes)).is_err() {
                return;
            }
            match read {
                Ok(_) if !is_end => {}
                Ok(_) => return,
                Err(error) => return drop(sender.send(Err(error))),
            }
        }
    });
    Feed::Bytes(Box::new(Pipe { receiver, bytes: Vec::new(), at: 0, is_done: false }))
}

/// The bytes that another thread reads.
struct Pipe {
    receiver: Receiver<io::Result<Vec<u8>>>,
    bytes: Vec<u8>,
    at: usize,
    is_done: bool,
}

impl Read for Pipe {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.at == self.bytes.len() && !self.is_done {
            // That thread says so when it is done.
            self.bytes = self.receiver.recv().map_err(io::Error::other)??;
            self.at = 0;
            self.is_done = self.bytes.is_empty();
        }
        let length = to.len().min(self.bytes.len() - self.at);
        to[..length].copy_from_slice(&self.bytes[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}
