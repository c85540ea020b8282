//! Splits a file of any size into the members of its top-level object (or the elements of its
//! top-level array), without reading it whole and without recursion.
//!
//! Only complete pieces are handed over. Where the file breaks, the pieces before the break have
//! been delivered and [`End::broken_at`] says where it was.

use std::borrow::Cow;
use std::io::{self, Read};

use model::cp1252;
use model::json::scan::comment_end;

/// How much is read at a time, in bytes; also how long a scalar or name can usually be.
const CHUNK_BYTES: usize = 1 << 20;

/// A single value may not be longer, in bytes.
pub const PIECE_BYTES_MAX: usize = 1 << 30;

/// A complete part of the file.
#[derive(Debug)]
pub enum Piece<'b> {
    /// A member of the top-level object with its value's text.
    Member(&'b str, PieceText<'b>),
    /// An element of a split member (of the top-level array if the name is empty).
    Element(&'b str, PieceText<'b>),
}

/// Text of a value.
#[derive(Debug)]
pub struct PieceText<'b> {
    /// The JSON text.
    pub text: Cow<'b, str>,
    /// Whether it was not UTF-8 and was read as cp1252.
    pub is_cp1252: bool,
    /// Byte offset in the (decoded) file.
    pub at: u64,
}

/// How a file ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct End {
    /// `{`, `[`, another first byte, or `None` for an empty file.
    pub opens_with: Option<u8>,
    /// Where the text stopped making sense; everything before was delivered.
    pub broken_at: Option<u64>,
    /// The split member in which it broke, if it was one.
    pub broken_in: Option<String>,
    /// Text stood after the end.
    pub trailing_text: bool,
    /// Comments and trailing commas between the pieces.
    pub hand_edits: u32,
    /// A byte-order mark or UTF-16 was converted.
    pub converted_from: Option<&'static str>,
    /// Split members that were there, even if empty.
    pub split_members: Vec<String>,
}

/// Splits `source`. Members named in `split` that hold arrays are handed over element by element.
pub fn split<R: Read, E: From<io::Error>>(
    source: R,
    split: &[&str],
    visit: &mut dyn FnMut(Piece<'_>) -> Result<(), E>,
) -> Result<End, E> {
    let (source, converted_from) = decode_utf16(source)?;
    let mut splitter = Splitter {
        window: Window { source, bytes: Vec::new(), at: 0, offset: 0, ended: false },
        end: End { converted_from, ..End::default() },
    };
    splitter.file(split, visit)?;
    Ok(splitter.end)
}

struct Splitter<R> {
    window: Window<R>,
    end: End,
}

impl<R: Read> Splitter<R> {
    fn file<E: From<io::Error>>(
        &mut self,
        split: &[&str],
        visit: &mut dyn FnMut(Piece<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.end.opens_with = self.next_token()?;
        let complete = match self.end.opens_with {
            Some(b'{') => self.members(split, visit)?,
            Some(b'[') => self.elements("", visit)?,
            _ => false,
        };
        if !complete {
            self.end.broken_at = Some(self.window.position());
        } else if self.next_token()?.is_some() {
            self.end.trailing_text = true;
        }
        Ok(())
    }

    /// The members of the object whose bracket is next; false where the text breaks.
    fn members<E: From<io::Error>>(
        &mut self,
        split: &[&str],
        visit: &mut dyn FnMut(Piece<'_>) -> Result<(), E>,
    ) -> Result<bool, E> {
        self.window.at += 1;
        let mut first = true;
        loop {
            match self.next_item(b'}', first)? {
                Item::Closed => return Ok(true),
                Item::Broken => return Ok(false),
                Item::Next => first = false,
            }
            if self.next_token()? != Some(b'"') {
                return Ok(false);
            }
            let Some(length) = self.window.value_length()? else { return Ok(false) };
            let raw = self.window.take(length);
            let Some(name) = decode_name(raw) else { return Ok(false) };
            if self.next_token()? != Some(b':') {
                return Ok(false);
            }
            self.window.at += 1;
            if self.next_token()? == Some(b'[') && split.contains(&name.as_str()) {
                self.end.split_members.push(name.clone());
                if !self.elements(&name, visit)? {
                    self.end.broken_in = Some(name);
                    return Ok(false);
                }
                continue;
            }
            let at = self.window.position();
            let Some(length) = self.window.value_length()? else { return Ok(false) };
            let text = self.window.take(length);
            visit(Piece::Member(&name, piece_text(text, at)))?;
        }
    }

    fn elements<E: From<io::Error>>(
        &mut self,
        name: &str,
        visit: &mut dyn FnMut(Piece<'_>) -> Result<(), E>,
    ) -> Result<bool, E> {
        self.window.at += 1;
        let mut first = true;
        loop {
            match self.next_item(b']', first)? {
                Item::Closed => return Ok(true),
                Item::Broken => return Ok(false),
                Item::Next => first = false,
            }
            let at = self.window.position();
            let Some(length) = self.window.value_length()? else { return Ok(false) };
            let text = self.window.take(length);
            visit(Piece::Element(name, piece_text(text, at)))?;
        }
    }

    /// Steps over a comma to the next item, or over the closing bracket.
    fn next_item(&mut self, closing: u8, first: bool) -> io::Result<Item> {
        let mut token = self.next_token()?;
        if token == Some(b',') && !first {
            self.window.at += 1;
            token = self.next_token()?;
            if token == Some(closing) {
                self.end.hand_edits += 1;
            }
        } else if token != Some(closing) && !first {
            return Ok(Item::Broken);
        }
        match token {
            Some(byte) if byte == closing => {
                self.window.at += 1;
                Ok(Item::Closed)
            }
            Some(b'}' | b']' | b',' | b':') | None => Ok(Item::Broken),
            Some(_) => Ok(Item::Next),
        }
    }

    /// The next byte that is neither white space nor part of a comment; it is not consumed.
    fn next_token(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.window.peek()? {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.window.at += 1,
                Some(b'/') => match self.window.comment_length()? {
                    Some(length) => {
                        self.window.at += length;
                        self.end.hand_edits += 1;
                    }
                    None => return Ok(Some(b'/')),
                },
                other => return Ok(other),
            }
        }
    }
}

enum Item {
    Next,
    Closed,
    Broken,
}

/// The part of the file that is in memory: consumed bytes are dropped as more is read.
struct Window<R> {
    source: R,
    bytes: Vec<u8>,
    at: usize,
    /// Offset of `bytes` in the file.
    offset: u64,
    ended: bool,
}

impl<R: Read> Window<R> {
    fn position(&self) -> u64 {
        self.offset + self.at as u64
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
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

    fn take(&mut self, length: usize) -> &[u8] {
        let start = self.at;
        self.at += length;
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    /// Length of the value that starts here; `None` if the file ends inside it.
    fn value_length(&mut self) -> io::Result<Option<usize>> {
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            if let Some(length) = value_length(rest, self.ended) {
                return Ok(Some(length));
            }
            if self.ended || rest.len() > PIECE_BYTES_MAX {
                return Ok(None);
            }
            self.read_more()?;
        }
    }

    fn comment_length(&mut self) -> io::Result<Option<usize>> {
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

fn piece_text(bytes: &[u8], at: u64) -> PieceText<'_> {
    match std::str::from_utf8(bytes) {
        Ok(text) => PieceText { text: text.into(), is_cp1252: false, at },
        Err(_) => PieceText { text: cp1252::decode(bytes).into(), is_cp1252: true, at },
    }
}

fn decode_name(quoted: &[u8]) -> Option<String> {
    let text = piece_text(quoted, 0).text;
    Some(model::Json::parse(&text).ok()?.as_text()?.into_owned())
}

/// Removes a byte-order mark and turns UTF-16 into UTF-8.
pub fn decode_utf16<R: Read>(mut source: R) -> io::Result<(impl Read, Option<&'static str>)> {
    let mut head = Vec::new();
    source.by_ref().take(4).read_to_end(&mut head)?;
    let (skip, wide, name) = match head.as_slice() {
        [0xEF, 0xBB, 0xBF, ..] => (3, None, Some("UTF-8 with a byte-order mark")),
        [0xFF, 0xFE, ..] => (2, Some(Endian::Little), Some("UTF-16")),
        [0xFE, 0xFF, ..] => (2, Some(Endian::Big), Some("UTF-16")),
        [b'{' | b'[', 0, ..] => (0, Some(Endian::Little), Some("UTF-16 without a mark")),
        [0, b'{' | b'[', ..] => (0, Some(Endian::Big), Some("UTF-16 without a mark")),
        _ => (0, None, None),
    };
    head.drain(..skip);
    let bytes = io::Cursor::new(head).chain(source);
    Ok((Utf8 { bytes, wide, pending: Vec::new(), high: None }, name))
}

#[derive(Clone, Copy)]
enum Endian {
    Little,
    Big,
}

struct Utf8<R> {
    bytes: R,
    wide: Option<Endian>,
    pending: Vec<u8>,
    high: Option<u16>,
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(endian) = self.wide else { return self.bytes.read(buffer) };
        if self.pending.is_empty() {
            self.refill(endian, buffer.len().max(64) as u64)?;
        }
        let length = self.pending.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(self.pending.drain(..length)) {
            *to = from;
        }
        Ok(length)
    }
}

impl<R: Read> Utf8<R> {
    fn refill(&mut self, endian: Endian, units: u64) -> io::Result<()> {
        let mut wide = Vec::new();
        self.bytes.by_ref().take(units * 2).read_to_end(&mut wide)?;
        let is_end = (wide.len() as u64) < units * 2;
        let units = wide.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok());
        let units = units.map(|pair| match endian {
            Endian::Little => u16::from_le_bytes(pair),
            Endian::Big => u16::from_be_bytes(pair),
        });
        let mut units: Vec<u16> = self.high.take().into_iter().chain(units).collect();
        let ends_in_half = units.last().is_some_and(|unit| (0xD800..0xDC00).contains(unit));
        if ends_in_half && !is_end {
            self.high = units.pop();
        }
        let text: String = char::decode_utf16(units)
            .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        self.pending = text.into_bytes();
        Ok(())
    }
}
