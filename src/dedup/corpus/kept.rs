//! The articles in a work folder.

use std::io;
use std::path::Path;

use super::{Corpus, Rows};
use crate::dedup::settings::Settings;
use crate::dedup::store::{Described, Store};
use crate::dedup::texts::narrow;
use crate::dedup::work::file::{Damage, Reader, Writer};

/// The names of the files of numbers.
pub(in crate::dedup) const TOKENS: &str = "reprint-tokens";
pub(in crate::dedup) const SAMPLES: &str = "reprint-samples";

impl Corpus {
    /// An empty corpus in a work folder.
    pub(in crate::dedup) fn in_folder(settings: &Settings, folder: &Path) -> io::Result<Self> {
        let (tokens, samples) = Self::stores(settings);
        let tokens = tokens.kept_in(&folder.join(TOKENS))?;
        let samples = samples.kept_in(&folder.join(SAMPLES))?;
        Ok(Self { tokens, samples, ..Self::new(settings) })
    }

    /// Makes sure that the tokens and samples are in their files, and returns the checksums.
    pub(in crate::dedup) fn keep(&mut self) -> io::Result<[u64; 2]> {
        Ok([self.tokens.keep()?, self.samples.keep()?])
    }

    /// Writes what is not in the files of numbers, with their checksums.
    pub(in crate::dedup) fn write(&self, checksums: [u64; 2], out: &mut Writer) -> io::Result<()> {
        for (store, checksum) in [&self.tokens, &self.samples].into_iter().zip(checksums) {
            out.number(checksum)?;
            store.describe(out)?;
        }
        let halves = |number: u64| [number & u64::from(u32::MAX), number >> 32];
        let fingerprints = self.fingerprints.iter().flatten().flat_map(|&hash| halves(hash));
        out.numbers(fingerprints.map(|half| u32::try_from(half).unwrap_or_default()))?;
        let articles = 0..self.len();
        out.numbers(articles.map(|article| narrow(self.news.row(article).len())))?;
        out.number(self.news.items.len() as u64)?;
        out.numbers(self.news.items.iter().flat_map(|range| [range.start, range.end]))
    }

    /// Reads the same.
    pub(in crate::dedup) fn read(
        settings: &Settings,
        from: &mut Reader,
    ) -> Result<WithoutNumbers, Damage> {
        let mut corpus = Self::new(settings);
        let (tokens, samples) = Self::stores(settings);
        let mut numbers = |store: Store| {
            let checksum = from.number()?;
            Ok::<_, Damage>((store.described(from)?, checksum))
        };
        let (tokens, samples) = (numbers(tokens)?, numbers(samples)?);
        let articles = tokens.0.len();
        // Each has numbers that were read already: there is memory for them.
        corpus.fingerprints.reserve_exact(articles);
        let fingerprints = &mut corpus.fingerprints;
        let whole = |low: u32, high: u32| u64::from(low) | u64::from(high) << 32;
        from.groups(articles, |[a, b, c, d]| fingerprints.push([whole(a, b), whole(c, d)]))?;
        let mut news = Vec::with_capacity(articles);
        from.groups(articles, |[length]| news.push(length))?;
        let ranges = from.count(8).and_then(|count| from.ranges(count))?;
        corpus.news = Rows::new(ranges, &news).ok_or(DO_NOT_FIT)?;
        if samples.0.len() != articles {
            return Err(DO_NOT_FIT.into());
        }
        Ok(WithoutNumbers { corpus, tokens, samples })
    }
}

/// What is wrong when the file contradicts itself.
const DO_NOT_FIT: &str = "its parts do not fit together";

/// A corpus whose tokens and samples are to be read, with the checksums of their files.
#[derive(Debug)]
pub(in crate::dedup) struct WithoutNumbers {
    corpus: Corpus,
    tokens: (Described, u64),
    samples: (Described, u64),
}

impl WithoutNumbers {
    /// Reads the numbers. On damage, says in which file.
    pub(in crate::dedup) fn complete(
        self,
        folder: &Path,
    ) -> Result<Corpus, (&'static str, Damage)> {
        let store = |name, (described, checksum): (Described, u64)| {
            described.complete(&folder.join(name), checksum).map_err(|damage| (name, damage))
        };
        let tokens = store(TOKENS, self.tokens)?;
        Ok(Corpus { tokens, samples: store(SAMPLES, self.samples)?, ..self.corpus })
    }
}
