//! The articles in a work folder.

use std::io;
use std::path::Path;

use super::{Corpus, Rows};
use crate::dedup::settings::Settings;
use crate::dedup::store::Store;
use crate::dedup::texts::narrow;
use crate::dedup::work::file::{Damage, Reader, Writer};

/// The names of the files of numbers.
pub(in crate::dedup) const TOKENS: &str = "reprint-tokens";
pub(in crate::dedup) const SAMPLES: &str = "reprint-samples";

impl Corpus {
    /// An empty corpus in a work folder.
    pub(in crate::dedup) fn in_folder(settings: &Settings, folder: &Path) -> io::Result<Self> {
        let store = |name| Store::in_file(&folder.join(name), settings.scratch.clone());
        Ok(Self { tokens: store(TOKENS)?, samples: store(SAMPLES)?, ..Self::new(settings) })
    }

    /// Makes sure that the tokens and samples are in their files, and returns the checksums.
    pub(in crate::dedup) fn keep(&mut self) -> io::Result<[u64; 2]> {
        Ok([self.tokens.keep()?, self.samples.keep()?])
    }

    /// Writes what is not in the files of numbers, with their checksums.
    pub(in crate::dedup) fn write(&self, checksums: [u64; 2], out: &mut Writer) -> io::Result<()> {
        out.number(self.len() as u64)?;
        checksums.into_iter().try_for_each(|checksum| out.number(checksum))?;
        let halves = |number: u64| [number & u64::from(u32::MAX), number >> 32];
        let fingerprints = self.fingerprints.iter().flat_map(|&hash| halves(hash));
        out.numbers(fingerprints.map(|half| u32::try_from(half).unwrap_or_default()))?;
        let articles = 0..self.len();
        out.numbers(articles.clone().map(|article| narrow(self.tokens.length(article))))?;
        out.numbers(articles.clone().map(|article| narrow(self.samples.length(article))))?;
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
        let articles = from.count(20)?;
        let [tokens, samples] = [from.number()?, from.number()?];
        corpus.fingerprints.reserve_exact(articles);
        let fingerprints = &mut corpus.fingerprints;
        from.groups(articles, |[low, high]| {
            fingerprints.push(u64::from(low) | u64::from(high) << 32);
        })?;
        let mut lengths = || {
            let mut lengths = Vec::with_capacity(articles);
            from.groups(articles, |[length]| lengths.push(length))?;
            Ok::<_, Damage>(lengths)
        };
        let (tokens, samples, news) = ((lengths()?, tokens), (lengths()?, samples), lengths()?);
        let ranges = from.count(8).and_then(|count| from.ranges(count))?;
        corpus.news = Rows::new(ranges, &news).ok_or("its parts do not fit together")?;
        Ok(WithoutNumbers { corpus, tokens, samples })
    }
}

/// A corpus whose tokens and samples are to be read: the lengths of the rows, and the checksums.
#[derive(Debug)]
pub(in crate::dedup) struct WithoutNumbers {
    corpus: Corpus,
    tokens: (Vec<u32>, u64),
    samples: (Vec<u32>, u64),
}

impl WithoutNumbers {
    /// Reads the numbers. On damage, says in which file.
    pub(in crate::dedup) fn complete(
        self,
        settings: &Settings,
        folder: &Path,
    ) -> Result<Corpus, (&'static str, Damage)> {
        let store = |name, (lengths, checksum): (Vec<u32>, u64)| {
            let path = folder.join(name);
            Store::from_file(&path, settings.scratch.clone(), &lengths, checksum)
                .map_err(|damage| (name, damage))
        };
        let tokens = store(TOKENS, self.tokens)?;
        Ok(Corpus { tokens, samples: store(SAMPLES, self.samples)?, ..self.corpus })
    }
}
