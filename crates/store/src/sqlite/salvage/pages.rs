//! The pages of a damaged database, as SQLite's file format lays them out: which of them begin a table or an
//! index, and what their first rows look like. Nothing of it rests on the list of tables.

use std::collections::HashSet;

/// Bytes before the tree of the first page.
const HEADER_BYTES: usize = 100;
/// Rows that tell whose page it is.
const LOOKED_AT: usize = 8;
/// Pages from a root down to a row, at most.
const DEPTH_MAX: usize = 20;

/// How the rows of a tree are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// By a number: a table.
    Number,
    /// By what they hold: an index, or a table that is one.
    Content,
}

/// What a column of a row holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    Null,
    Integer,
    Real,
    Text,
    Blob,
}

/// A row: what its columns hold, and their bytes as far as they are on the page.
pub(super) struct Record<'p>(Vec<(Held, &'p [u8])>);

impl Record<'_> {
    pub fn columns(&self) -> impl ExactSizeIterator<Item = Held> {
        self.0.iter().map(|(held, _)| *held)
    }

    pub fn text(&self, column: usize) -> Option<&str> {
        match self.0.get(column)? {
            (Held::Text, bytes) => str::from_utf8(bytes).ok(),
            _ => None,
        }
    }

    pub fn number(&self, column: usize) -> Option<u32> {
        let (Held::Integer, bytes) = self.0.get(column)? else { return None };
        let number = bytes.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        u32::try_from(number).ok()
    }
}

/// All pages of a file.
pub(super) struct Pages {
    bytes: Vec<u8>,
    page_bytes: usize,
}

impl Pages {
    pub fn new(bytes: Vec<u8>, page_bytes: usize) -> Pages {
        Pages { bytes, page_bytes: page_bytes.max(512) }
    }

    /// How many there are; the first has number 1.
    pub fn count(&self) -> u32 {
        u32::try_from(self.bytes.len() / self.page_bytes).unwrap_or(u32::MAX)
    }

    /// All but the first.
    pub fn after_first(&self) -> &[u8] {
        let end = self.count() as usize * self.page_bytes;
        self.bytes.get(self.page_bytes..end).unwrap_or_default()
    }

    /// The order of the tree that a page is a part of, if it is one.
    pub fn order(&self, number: u32) -> Option<Order> {
        match self.tree(number)?.first()? {
            5 | 13 => Some(Order::Number),
            2 | 10 => Some(Order::Content),
            _ => None,
        }
    }

    /// Whether a page has no row and nothing below it.
    pub fn is_empty(&self, number: u32) -> bool {
        let Some(tree) = self.tree(number) else { return false };
        matches!(tree.first(), Some(10 | 13)) && number_at(tree, 3, 2) == Some(0)
    }

    /// The pages that begin a tree, in order: nothing points at them, and they are in use.
    pub fn roots(&self) -> Vec<u32> {
        let mut below = self.free();
        for number in 1..=self.count() {
            below.extend(self.children(number));
        }
        let is_root = |number: &u32| !below.contains(number) && self.order(*number).is_some();
        (2..=self.count()).filter(is_root).collect()
    }

    /// The first rows of the tree below a page.
    pub fn first_rows(&self, root: u32) -> Vec<Record<'_>> {
        let mut number = root;
        for _ in 0..DEPTH_MAX {
            let rows = self.rows(number);
            match self.children(number).first() {
                Some(child) if rows.is_empty() => number = *child,
                _ => return rows.into_iter().take(LOOKED_AT).collect(),
            }
        }
        Vec::new()
    }

    /// The rows on a page, but those that cannot be read.
    pub fn rows(&self, number: u32) -> Vec<Record<'_>> {
        let Some(tree) = self.tree(number) else { return Vec::new() };
        let kind = tree.first().copied().unwrap_or_default();
        let skipped = match kind {
            // Before the length of an index's row stands the page below it.
            2 => 4,
            10 | 13 => 0,
            _ => return Vec::new(),
        };
        let row = |cell: &'_ [u8]| -> Option<usize> {
            let (_, length) = varint(cell.get(skipped..)?)?;
            let number = if kind == 13 { varint(cell.get(length..)?)?.1 } else { 0 };
            Some(skipped + length + number)
        };
        let cells = self.cells(number).into_iter();
        cells.filter_map(|cell| record(cell.get(row(cell)?..)?)).collect()
    }

    fn page(&self, number: u32) -> Option<&[u8]> {
        let at = (number.checked_sub(1)? as usize).checked_mul(self.page_bytes)?;
        self.bytes.get(at..at.checked_add(self.page_bytes)?)
    }

    /// What a page has of a tree: its kind, how many cells there are, and where they stand.
    fn tree(&self, number: u32) -> Option<&[u8]> {
        let page = self.page(number)?;
        if number == 1 { page.get(HEADER_BYTES..) } else { Some(page) }
    }

    /// Each from its first byte to the end of the page.
    fn cells(&self, number: u32) -> Vec<&[u8]> {
        let (Some(page), Some(tree)) = (self.page(number), self.tree(number)) else {
            return Vec::new();
        };
        let head = if matches!(tree.first(), Some(2 | 5)) { 12 } else { 8 };
        let count = number_at(tree, 3, 2).unwrap_or_default() as usize;
        let places = (0..count).map_while(|cell| number_at(tree, head + 2 * cell, 2));
        places.filter_map(|place| page.get(place as usize..)).collect()
    }

    fn children(&self, number: u32) -> Vec<u32> {
        let Some(tree) = self.tree(number) else { return Vec::new() };
        if !matches!(tree.first(), Some(2 | 5)) {
            return Vec::new();
        }
        let cells = self.cells(number);
        let of_cells = cells.iter().filter_map(|cell| number_at(cell, 0, 4));
        of_cells.chain(number_at(tree, 8, 4)).collect()
    }

    /// Pages that hold nothing any more.
    fn free(&self) -> HashSet<u32> {
        let mut free = HashSet::new();
        let mut trunk = number_at(&self.bytes, 32, 4).unwrap_or_default();
        while let Some(page) = self.page(trunk) {
            if !free.insert(trunk) {
                break;
            }
            let count = number_at(page, 4, 4).unwrap_or_default() as usize;
            let count = count.min(self.page_bytes / 4);
            free.extend((0..count).filter_map(|leaf| number_at(page, 8 + 4 * leaf, 4)));
            trunk = number_at(page, 0, 4).unwrap_or_default();
        }
        free
    }
}

fn number_at(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(length)?)?;
    Some(bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

/// A number of SQLite's file format, and of how many bytes it is.
fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut number = 0_u64;
    for (at, byte) in bytes.iter().take(9).enumerate() {
        if at == 8 {
            return Some((number << 8 | u64::from(*byte), 9));
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((number, at + 1));
        }
    }
    None
}

fn record(bytes: &[u8]) -> Option<Record<'_>> {
    let (head, mut at) = varint(bytes)?;
    let head = usize::try_from(head).ok()?;
    let (mut columns, mut body) = (Vec::new(), head);
    while at < head {
        let (kind, length) = varint(bytes.get(at..)?)?;
        at += length;
        let (held, size) = match kind {
            0 => (Held::Null, 0),
            1..=4 => (Held::Integer, kind),
            5 => (Held::Integer, 6),
            6 => (Held::Integer, 8),
            7 => (Held::Real, 8),
            8 | 9 => (Held::Integer, 0),
            10 | 11 => return None,
            _ if kind % 2 == 0 => (Held::Blob, (kind - 12) / 2),
            _ => (Held::Text, (kind - 13) / 2),
        };
        let end = body.saturating_add(usize::try_from(size).ok()?);
        // Of a long one the rest is on other pages.
        columns.push((held, bytes.get(body..end).unwrap_or_default()));
        body = end;
    }
    (at == head && !columns.is_empty()).then_some(Record(columns))
}
