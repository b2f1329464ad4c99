//! Packed files: the one place that knows of compression.

use std::io::{self, BufRead, Read, Write};
use std::path::Path;

use anyhow::Result;
use bzip2::read::MultiBzDecoder;
use bzip2::write::BzEncoder;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use lzma_rust2::{XzOptions, XzReader, XzWriter};

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    None,
    Gzip,
    Zstd,
    Bzip2,
    Xz,
}

/// How the files begin.
const MAGIC: [(&[u8], Packing); 4] = [
    (&[0x1f, 0x8b], Packing::Gzip),
    (&[0x28, 0xb5, 0x2f, 0xfd], Packing::Zstd),
    (b"BZh", Packing::Bzip2),
    (&[0xfd, b'7', b'z', b'X', b'Z', 0], Packing::Xz),
];

impl Packing {
    /// By the name of a file.
    pub fn of(path: &Path) -> Self {
        let extension = path.extension().and_then(|extension| extension.to_str());
        match extension.unwrap_or_default().to_ascii_lowercase().as_str() {
            "gz" => Self::Gzip,
            "zst" => Self::Zstd,
            "bz2" => Self::Bzip2,
            "xz" => Self::Xz,
            _ => Self::None,
        }
    }

    /// By the first bytes, of which six are enough.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let found = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic));
        found.map_or(Self::None, |&(_, packing)| packing)
    }

    /// Unpacks what is read: all parts of it, where several packed files are one behind the other.
    pub fn reader<'r>(
        self,
        packed: impl BufRead + Send + 'r,
    ) -> io::Result<Box<dyn Read + Send + 'r>> {
        Ok(match self {
            Self::None => Box::new(packed),
            Self::Gzip => Box::new(MultiGzDecoder::new(packed)),
            Self::Zstd => Box::new(zstd::Decoder::with_buffer(packed)?),
            Self::Bzip2 => Box::new(MultiBzDecoder::new(packed)),
            Self::Xz => Box::new(XzReader::new(packed, true)),
        })
    }

    /// Packs what `content` writes, at the level that the format's own tool has as its default.
    pub fn write<T>(
        self,
        out: &mut (dyn Write + Send),
        content: impl FnOnce(&mut (dyn Write + Send)) -> Result<T>,
    ) -> Result<T> {
        match self {
            Self::None => content(out),
            Self::Gzip => {
                let mut packed = GzEncoder::new(out, flate2::Compression::default());
                let result = content(&mut packed)?;
                packed.finish()?;
                Ok(result)
            }
            Self::Zstd => {
                let mut packed = zstd::Encoder::new(out, zstd::DEFAULT_COMPRESSION_LEVEL)?;
                let result = content(&mut packed)?;
                packed.finish()?;
                Ok(result)
            }
            Self::Bzip2 => {
                let mut packed = BzEncoder::new(out, bzip2::Compression::best());
                let result = content(&mut packed)?;
                packed.finish()?;
                Ok(result)
            }
            Self::Xz => {
                let mut packed = XzWriter::new(out, XzOptions::default())?;
                let result = content(&mut packed)?;
                packed.finish()?;
                Ok(result)
            }
        }
    }
}
