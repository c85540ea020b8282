//! How texts become blobs: the first byte names the method, so that new methods can be added and
//! old rows stay readable.
//!
//! | byte 0 | then |
//! |---|---|
//! | 1 | the text as it is |
//! | 2 | a zstd frame |
//! | 3 | the id of a dictionary as a varint, then a zstd frame made with it |

use std::io;

use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::CParameter;

use super::varint;

const PLAIN: u8 = 1;
const ZSTD: u8 = 2;
const ZSTD_DICTIONARY: u8 = 3;

const LEVEL: i32 = 3;

/// Longest text in bytes that is compressed; a longer one is kept plain. A frame that claims to
/// hold more is damaged, and believing it would eat the memory.
const COMPRESSED_TEXT_BYTES_MAX: usize = 256 << 20;

/// Texts shorter than this gain nothing without a dictionary.
const ZSTD_TEXT_BYTES_MIN: usize = 64;

/// Turns texts into blobs. Costly to make, cheap to use again.
pub(super) struct Encoder {
    compressor: Compressor<'static>,
    dictionary: Option<i64>,
}

impl Encoder {
    /// An encoder without a dictionary.
    pub fn plain() -> io::Result<Encoder> {
        let mut compressor = Compressor::new(LEVEL)?;
        compressor.set_parameter(CParameter::ChecksumFlag(true))?;
        Ok(Encoder { compressor, dictionary: None })
    }

    /// An encoder with the dictionary of that id.
    pub fn with_dictionary(id: i64, content: &[u8]) -> io::Result<Encoder> {
        let mut compressor = Compressor::with_dictionary(LEVEL, content)?;
        // The id stands before the frame already.
        compressor.set_parameter(CParameter::DictIdFlag(false))?;
        // A bit that flips inside a frame would else become another text.
        compressor.set_parameter(CParameter::ChecksumFlag(true))?;
        Ok(Encoder { compressor, dictionary: Some(id) })
    }

    /// The blob of a text.
    pub fn encode(&mut self, text: &str) -> io::Result<Vec<u8>> {
        let bytes = text.as_bytes();
        let is_short = self.dictionary.is_none() && bytes.len() < ZSTD_TEXT_BYTES_MIN;
        if !is_short && bytes.len() <= COMPRESSED_TEXT_BYTES_MAX {
            let frame = self.compressor.compress(bytes)?;
            let mut blob = Vec::with_capacity(frame.len() + 4);
            match self.dictionary {
                Some(id) => {
                    blob.push(ZSTD_DICTIONARY);
                    varint::push(id.unsigned_abs(), &mut blob);
                }
                None => blob.push(ZSTD),
            }
            blob.extend_from_slice(&frame);
            if blob.len() <= bytes.len() {
                return Ok(blob);
            }
        }
        let mut blob = Vec::with_capacity(bytes.len() + 1);
        blob.push(PLAIN);
        blob.extend_from_slice(bytes);
        Ok(blob)
    }
}

/// What a blob says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoded<'b> {
    /// The text as it is.
    Plain(&'b [u8]),
    /// A zstd frame.
    Zstd(&'b [u8]),
    /// A zstd frame, and the dictionary that it needs.
    WithDictionary(i64, &'b [u8]),
}

/// Takes a blob apart; `None` if its method is not known.
pub(super) fn inspect(blob: &[u8]) -> Option<Encoded<'_>> {
    let (&method, mut rest) = blob.split_first()?;
    match method {
        PLAIN => Some(Encoded::Plain(rest)),
        ZSTD => Some(Encoded::Zstd(rest)),
        ZSTD_DICTIONARY => {
            let id = i64::try_from(varint::take(&mut rest)?).ok()?;
            Some(Encoded::WithDictionary(id, rest))
        }
        _ => None,
    }
}

/// The text of plain bytes; an error if they are not UTF-8.
pub(super) fn text(bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes).map_err(|_| io::Error::other("a document is not UTF-8 text"))
}

/// The text of a frame that `decompressor` has the dictionary for.
pub(super) fn decompress(
    decompressor: &mut Decompressor<'static>,
    frame: &[u8],
) -> io::Result<String> {
    text(decompressor.decompress(frame, COMPRESSED_TEXT_BYTES_MAX)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(encoder: &mut Encoder, text: &str, method: u8) {
        let blob = encoder.encode(text).unwrap();
        assert_eq!(blob[0], method, "{} bytes", text.len());
        let back = match inspect(&blob).unwrap() {
            Encoded::Plain(bytes) => super::text(bytes.to_vec()),
            Encoded::Zstd(frame) => decompress(&mut Decompressor::new().unwrap(), frame),
            Encoded::WithDictionary(id, frame) => {
                assert_eq!(id, 300);
                decompress(&mut Decompressor::with_dictionary(b"abcdefgh").unwrap(), frame)
            }
        };
        assert_eq!(back.unwrap(), text);
    }

    #[test]
    fn texts_round_trip_by_every_method() {
        let long = "abcdefgh".repeat(100);
        let mut plain = Encoder::plain().unwrap();
        check(&mut plain, "", PLAIN);
        check(&mut plain, "ü", PLAIN);
        check(&mut plain, &long, ZSTD);
        let mut trained = Encoder::with_dictionary(300, b"abcdefgh").unwrap();
        check(&mut trained, "", PLAIN);
        check(&mut trained, &long, ZSTD_DICTIONARY);
    }

    #[test]
    fn damaged_blobs_are_errors() {
        assert_eq!(inspect(b""), None);
        assert_eq!(inspect(b"\x09abc"), None);
        assert_eq!(inspect(b"\x03\xff"), None);
        assert!(decompress(&mut Decompressor::new().unwrap(), b"no frame").is_err());
        assert!(text(vec![0xff]).is_err());
    }
}
