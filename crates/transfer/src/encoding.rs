//! Texts in the encodings that spreadsheets and the old app write.

use std::io::{Cursor, Read as _};

use model::cp1252;
use store::legacy::split::decode_utf16;

use crate::bounds;
use crate::error::Result;

/// The text of a file: UTF-8, UTF-16 or, where it is neither, cp1252.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<String> {
    let is_marked = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let bytes = match is_marked || bytes.starts_with(&[0xef, 0xbb, 0xbf]) || bytes.contains(&0) {
        true => bytes,
        // The usual case, without a second copy.
        false => match String::from_utf8(bytes) {
            Ok(text) => return Ok(text),
            Err(error) => error.into_bytes(),
        },
    };
    // Another encoding takes several times its bytes.
    bounds::check("bytes that are no UTF-8", bytes.len() as u64, bounds::ENCODED_BYTES_MAX)?;
    let length = bytes.len();
    let (mut source, _) = decode_utf16(Cursor::new(bytes))?;
    // Room at once: a text that has to be moved is there twice meanwhile.
    let mut bytes = Vec::with_capacity(length);
    source.read_to_end(&mut bytes)?;
    drop(source);
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| cp1252::decode(error.as_bytes())))
}
