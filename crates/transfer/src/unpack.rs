//! What a file is by its first bytes, and its text, with limits against files that unpack to more
//! than a disk holds.

use std::io::{self, Read, Seek, SeekFrom};

use flate2::read::MultiGzDecoder;

use crate::bounds::TEXT_BYTES_MAX;
use crate::error::{Error, Result};

/// A file may unpack to so many times its size, and to `SMALL_BYTES` in any case.
const RATIO_MAX: u64 = 200;
const SMALL_BYTES: u64 = 64 << 20;

/// What the first bytes of a file say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    /// Text.
    None,
    /// A gzip file.
    Gzip,
    /// A ZIP archive.
    Zip,
}

/// A file that is read several times.
pub(crate) struct Packed<'s, S> {
    source: &'s mut S,
    bytes: u64,
    pub packing: Packing,
}

impl<'s, S: Read + Seek> Packed<'s, S> {
    /// Looks at the first bytes.
    pub fn open(source: &'s mut S) -> Result<Packed<'s, S>> {
        let bytes = source.seek(SeekFrom::End(0))?;
        source.rewind()?;
        let mut head = Vec::new();
        source.by_ref().take(4).read_to_end(&mut head)?;
        let packing = match head.as_slice() {
            [] => return Err(Error::Unknown("it is empty".to_owned())),
            [0x1f, 0x8b, ..] => Packing::Gzip,
            [b'P', b'K', 3 | 5, 4 | 6] => Packing::Zip,
            _ => Packing::None,
        };
        Ok(Packed { source, bytes, packing })
    }

    /// The file as it is.
    pub fn source(&mut self) -> &mut S {
        self.source
    }

    /// Whether it is a packed text.
    pub fn is_packed(&self) -> bool {
        self.packing == Packing::Gzip
    }

    /// How long its text is, as far as the file says so itself.
    pub fn told_bytes(&mut self) -> Result<u64> {
        if self.packing != Packing::Gzip {
            return Ok(self.bytes);
        }
        // The last four bytes of a gzip file are the length of what was packed.
        let mut length = [0; 4];
        self.source.seek(SeekFrom::End(-4))?;
        self.source.read_exact(&mut length)?;
        Ok(u64::from(u32::from_le_bytes(length)).max(self.bytes))
    }

    /// Its text from the beginning, unpacked.
    pub fn text(&mut self) -> Result<Box<dyn Read + '_>> {
        self.source.rewind()?;
        Ok(match self.packing {
            Packing::Gzip => {
                let left = most_bytes(self.bytes);
                let is_ratio = left < TEXT_BYTES_MAX;
                let source = MultiGzDecoder::new(&mut *self.source);
                Box::new(Limited { source, left, is_ratio })
            }
            Packing::None | Packing::Zip if self.bytes > TEXT_BYTES_MAX => {
                return Err(Error::TooLarge(too_long()));
            }
            Packing::None | Packing::Zip => Box::new(&mut *self.source),
        })
    }
}

fn most_bytes(packed_bytes: u64) -> u64 {
    packed_bytes.saturating_mul(RATIO_MAX).clamp(SMALL_BYTES, TEXT_BYTES_MAX)
}

fn too_long() -> String {
    format!("it has more than {} GiB", TEXT_BYTES_MAX >> 30)
}

/// Gives up where more comes than there should be.
struct Limited<R> {
    source: R,
    left: u64,
    /// Whether what limits it is the size that it was packed to.
    is_ratio: bool,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => {
                let what = match self.is_ratio {
                    true => format!("it unpacks to more than {RATIO_MAX} times its size"),
                    false => too_long(),
                };
                return Err(io::Error::other(Error::TooLarge(what)));
            }
        }
        Ok(read)
    }
}
