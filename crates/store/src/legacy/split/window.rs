//! The part of a file that is in memory, and where a value in it ends.

use std::io::{self, Read};

use memchr::memmem;
use model::Json;
use model::json::scan::comment_end;

use super::CHUNK_BYTES;

/// What a disk that failed, or a computer that lost power, leaves in place of data: as many zeros as
/// this never stand in a file of the old app.
const ZEROS: [u8; 16] = [0; 16];

/// The part of the file that is in memory: consumed bytes are dropped as more is read.
pub(super) struct Window<R> {
    source: R,
    bytes: Vec<u8>,
    pub at: usize,
    /// Offset of `bytes` in the file.
    offset: u64,
    ended: bool,
    piece_bytes_max: usize,
}

impl<R: Read> Window<R> {
    pub fn new(source: R, piece_bytes_max: usize) -> Window<R> {
        Window { source, bytes: Vec::new(), at: 0, offset: 0, ended: false, piece_bytes_max }
    }

    pub fn position(&self) -> u64 {
        self.offset + self.at as u64
    }

    pub fn peek(&mut self) -> io::Result<Option<u8>> {
        while self.at >= self.bytes.len() && !self.ended {
            self.read_more()?;
        }
        Ok(self.bytes.get(self.at).copied())
    }

    /// Reads on; as much again as there is already, so that a long value costs linear time.
    fn read_more(&mut self) -> io::Result<()> {
        if self.at > 0 {
            self.bytes.drain(..self.at);
            self.offset += self.at as u64;
            self.at = 0;
        }
        let wanted = self.bytes.len().max(CHUNK_BYTES) as u64;
        let read = self.source.by_ref().take(wanted).read_to_end(&mut self.bytes)?;
        self.ended = (read as u64) < wanted;
        Ok(())
    }

    /// What is left of the file; of a long one only the beginning.
    pub fn short_rest(&mut self) -> io::Result<&[u8]> {
        while !self.ended && self.bytes.len() - self.at < CHUNK_BYTES {
            self.read_more()?;
        }
        Ok(self.bytes.get(self.at..).unwrap_or_default())
    }

    pub fn take(&mut self, length: usize) -> &[u8] {
        let start = self.at;
        self.at += length;
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    /// Length of the value that starts here; `None` if the file ends inside it, or zeros stand in it.
    pub fn value_length(&mut self) -> io::Result<Option<usize>> {
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            if let Some(length) = value_length(rest, self.ended) {
                let value = rest.get(..length).unwrap_or_default();
                return Ok(memmem::find(value, &ZEROS).is_none().then_some(length));
            }
            if self.ended || rest.len() > self.piece_bytes_max {
                return Ok(None);
            }
            self.read_more()?;
        }
    }

    /// The same; `None` as well for a value that lost its last bracket and so took in the items after it.
    pub fn whole_value_length(
        &mut self,
        indent: Option<&[u8]>,
        opening: u8,
        closing: u8,
    ) -> io::Result<Option<usize>> {
        let length = self.value_length()?;
        let value = length.and_then(|length| self.bytes.get(self.at..self.at + length));
        let (Some(value), Some(indent)) = (value, indent.filter(|indent| !indent.is_empty()))
        else {
            return Ok(length);
        };
        let has_items = next_line(value, indent, opening, closing).is_some();
        let is_torn = has_items && Json::parse(&String::from_utf8_lossy(value)).is_err();
        Ok(length.filter(|_| !is_torn))
    }

    /// What stands between a line break and here, if that is white space: how far items are
    /// indented. `None` where they do not begin their lines.
    pub fn indent(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let space = rest.iter().position(|byte| !byte.is_ascii_whitespace());
            if let Some(space) = space {
                let before = rest.get(..space).unwrap_or_default();
                let line = before.iter().rposition(|byte| *byte == b'\n');
                return Ok(line.and_then(|line| Some(before.get(line + 1..)?.to_vec())));
            }
            if self.ended {
                return Ok(None);
            }
            self.read_more()?;
        }
    }

    /// Steps over what cannot be read, to the next item that begins its line like the others, or to the
    /// closing bracket. Gives how many bytes were lost; `None`, and stays where it is, if nothing readable
    /// follows.
    pub fn step_over_break(
        &mut self,
        indent: &[u8],
        opening: u8,
        closing: u8,
    ) -> io::Result<Option<u64>> {
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            if let Some(next) = next_line(rest, indent, opening, closing) {
                self.at += next;
                return Ok(Some(next as u64));
            }
            if self.ended || rest.len() > self.piece_bytes_max {
                return Ok(None);
            }
            self.read_more()?;
        }
    }

    pub fn comment_length(&mut self) -> io::Result<Option<usize>> {
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            match comment_end(rest, 0) {
                Some(length) if length < rest.len() || self.ended => return Ok(Some(length)),
                _ if self.ended => return Ok(None),
                _ => self.read_more()?,
            }
        }
    }
}

/// Where the next item or the closing bracket is that begins a line. Line breaks inside texts are
/// escaped, so a line never begins in the middle of one.
fn next_line(bytes: &[u8], indent: &[u8], opening: u8, closing: u8) -> Option<usize> {
    memchr::memchr_iter(b'\n', bytes).find_map(|line| {
        let start = line + 1;
        let text = bytes.get(start..)?;
        let space = text.iter().position(|byte| !matches!(byte, b' ' | b'\t'))?;
        let first = text.get(space).copied();
        let is_item = first == Some(opening) && text.get(..space) == Some(indent);
        let is_end = first == Some(closing) && space < indent.len().max(1);
        (is_item || is_end).then_some(start + space)
    })
}

/// Length of the value at the start of `bytes`, by quotes and brackets alone; `None` if it goes on
/// beyond the end. A scalar that touches the end counts only if the file is known to go on.
fn value_length(bytes: &[u8], ended: bool) -> Option<usize> {
    match bytes.first()? {
        b'"' => string_length(bytes),
        b'{' | b'[' => bracket_length(bytes),
        _ => {
            let is_end =
                |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t');
            let length = bytes.iter().position(is_end);
            // A scalar cut by the end of the file may have been longer.
            length.filter(|_| !ended || length.is_some())
        }
    }
}

fn string_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes.get(at) == Some(&b'"') {
            return Some(at + 1);
        }
        at += 2;
    }
}

fn bracket_length(bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, 0);
    loop {
        let rest = bytes.get(at..)?;
        at += rest.iter().position(|byte| MATTERS.get(usize::from(*byte)) == Some(&true))?;
        match bytes.get(at)? {
            b'"' => at += string_length(bytes.get(at..)?)?,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'/' => at = comment_end(bytes, at).filter(|end| *end < bytes.len()).unwrap_or(at + 1),
            _ => {
                depth -= 1;
                at += 1;
                if depth == 0 {
                    return Some(at);
                }
            }
        }
    }
}

/// Bytes that can change where a bracketed value ends.
#[expect(clippy::indexing_slicing, reason = "a byte is always below 256; checked at compile time")]
const MATTERS: [bool; 256] = {
    let mut matters = [false; 256];
    let mut deciding: &[u8] = b"\"{}[]/";
    while let [first, rest @ ..] = deciding {
        matters[*first as usize] = true;
        deciding = rest;
    }
    matters
};
