//! Splits a file of any size into the members of its top-level object (or the elements of its
//! top-level array), without reading it whole and without recursion.
//!
//! Only complete pieces are handed over. Where the file breaks, the pieces before the break have
//! been delivered and [`End::broken_at`] says where it was.

use std::borrow::Cow;
use std::io::{self, Read};

use model::{Json, cp1252};

mod window;

use self::window::Window;

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
    /// What the file holds, where that is one value that has no parts.
    pub holds: Option<&'static str>,
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
    /// Stretches that could not be read and that were stepped over.
    pub gaps: Vec<Gap>,
}

/// A stretch of a file that could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// Where it begins.
    pub at: u64,
    /// How long it is, in bytes.
    pub bytes: u64,
}

impl End {
    /// Where something could not be read first, if anywhere.
    pub fn damaged_at(&self) -> Option<u64> {
        let gap = self.gaps.first().map(|gap| gap.at);
        gap.into_iter().chain(self.broken_at).min()
    }
}

/// Splits `source`. Members named in `split` that hold arrays are handed over element by element.
pub fn split<R: Read, E: From<io::Error>>(
    source: R,
    split: &[&str],
    visit: &mut dyn FnMut(Piece<'_>) -> Result<(), E>,
) -> Result<End, E> {
    split_within(PIECE_BYTES_MAX, source, split, visit)
}

/// The same where no value may be longer than `piece_bytes_max`: at a longer one the file breaks.
pub fn split_within<R: Read, E: From<io::Error>>(
    piece_bytes_max: usize,
    source: R,
    split: &[&str],
    visit: &mut dyn FnMut(Piece<'_>) -> Result<(), E>,
) -> Result<End, E> {
    let (source, converted_from) = decode_utf16(source)?;
    let window = Window::new(source, piece_bytes_max);
    let mut splitter = Splitter { window, end: End { converted_from, ..End::default() } };
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
        let at = self.window.position();
        let complete = match self.end.opens_with {
            Some(b'{') => self.members(split, visit)?,
            Some(b'[') => self.elements("", visit)?,
            Some(_) => {
                self.end.holds = self.plain_value()?;
                self.end.broken_at = Some(at);
                return Ok(());
            }
            None => false,
        };
        if !complete {
            self.end.broken_at = Some(self.window.position());
        } else if self.next_token()?.is_some() {
            self.end.trailing_text = true;
        }
        Ok(())
    }

    /// What the value is that starts here and is neither object nor list; `None` if it is no JSON.
    fn plain_value(&mut self) -> io::Result<Option<&'static str>> {
        let text = String::from_utf8_lossy(self.window.short_rest()?);
        Ok(Json::parse(text.trim()).ok().map(|value| value.kind_name()))
    }

    /// The members of the object whose bracket is next; false where the text breaks.
    fn members<E: From<io::Error>>(
        &mut self,
        split: &[&str],
        visit: &mut dyn FnMut(Piece<'_>) -> Result<(), E>,
    ) -> Result<bool, E> {
        self.window.at += 1;
        let indent = self.window.indent()?;
        let mut first = true;
        loop {
            let is_whole = match self.next_item(b'}', first)? {
                Item::Closed => return Ok(true),
                Item::Broken => false,
                Item::Next => self.member(indent.as_deref(), split, visit)?,
            };
            if !is_whole && !self.step_over_gap(indent.as_deref(), b'"', b'}')? {
                return Ok(false);
            }
            // After a gap no comma is expected.
            first = !is_whole;
        }
    }

    /// One member; false where the text breaks.
    fn member<E: From<io::Error>>(
        &mut self,
        indent: Option<&[u8]>,
        split: &[&str],
        visit: &mut dyn FnMut(Piece<'_>) -> Result<(), E>,
    ) -> Result<bool, E> {
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
            return Ok(true);
        }
        let at = self.window.position();
        let Some(length) = self.window.whole_value_length(indent, b'"', b'}')? else {
            return Ok(false);
        };
        let text = self.window.take(length);
        visit(Piece::Member(&name, piece_text(text, at)))?;
        Ok(true)
    }

    fn elements<E: From<io::Error>>(
        &mut self,
        name: &str,
        visit: &mut dyn FnMut(Piece<'_>) -> Result<(), E>,
    ) -> Result<bool, E> {
        self.window.at += 1;
        let indent = self.window.indent()?;
        let mut first = true;
        loop {
            let is_next = match self.next_item(b']', first)? {
                Item::Closed => return Ok(true),
                Item::Broken => false,
                Item::Next => true,
            };
            let at = self.window.position();
            let length = if is_next {
                self.window.whole_value_length(indent.as_deref(), b'{', b']')?
            } else {
                None
            };
            if let Some(length) = length {
                let text = self.window.take(length);
                visit(Piece::Element(name, piece_text(text, at)))?;
            } else if !self.step_over_gap(indent.as_deref(), b'{', b']')? {
                return Ok(false);
            }
            // After a gap no comma is expected.
            first = length.is_none();
        }
    }

    /// Steps over damage to where items can be read again; false if there is no such place.
    fn step_over_gap(
        &mut self,
        indent: Option<&[u8]>,
        opening: u8,
        closing: u8,
    ) -> io::Result<bool> {
        let at = self.window.position();
        let Some(indent) = indent else { return Ok(false) };
        let Some(bytes) = self.window.step_over_break(indent, opening, closing)? else {
            return Ok(false);
        };
        self.end.gaps.push(Gap { at, bytes });
        self.end.broken_in = None;
        Ok(true)
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
        // Whatever it is, it begins with letters or signs that need one byte.
        [1..=0xFF, 0, 1..=0xFF, 0] | [b'{' | b'[', 0, ..] => {
            (0, Some(Endian::Little), Some("UTF-16 without a mark"))
        }
        [0, 1..=0xFF, 0, 1..=0xFF] | [0, b'{' | b'[', ..] => {
            (0, Some(Endian::Big), Some("UTF-16 without a mark"))
        }
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
