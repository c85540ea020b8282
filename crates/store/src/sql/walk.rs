//! A walk over the rows of a cache: what it has met, to be compared with what was written.

use super::check::Total;
use super::digest::Digest;
use super::driver::Row;
use crate::error::Result;

/// A row as three numbers, for whoever reads only a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Digests {
    /// Of what is derived from the document for figures.
    pub facts: u64,
    /// Of key and document as they are stored.
    pub document: u64,
    /// Of what the issue belongs to, or how that changed.
    pub membership: u64,
}

/// The digest of key and document as they are stored.
pub(super) fn document_digest(key: &str, blob: &[u8]) -> u64 {
    let mut digest = Digest::default();
    digest.bytes(key.as_bytes());
    digest.bytes(blob);
    digest.finish()
}

/// The digest of key and column of what an issue belongs to, or of how that changed.
pub(super) fn membership_digest(key: &str, text: Option<&str>) -> u64 {
    let mut digest = Digest::default();
    digest.bytes(key.as_bytes());
    digest.text(text);
    digest.finish()
}

/// What a walk over a cache has met.
#[derive(Debug)]
pub(super) struct Walk {
    total: Total,
    last_position: i64,
}

impl Digests {
    /// Those of the row at that place in the stored order, as [`Cached::PARTS`] names them.
    ///
    /// [`Cached::PARTS`]: super::cache::Cached::PARTS
    pub fn at(self, position: i64) -> [u64; 3] {
        [self.facts, self.document, self.membership].map(|digest| placed(digest, position))
    }
}

/// A digest that tells the place of its row as well.
fn placed(digest: u64, position: i64) -> u64 {
    let mut placed = Digest::default();
    placed.word(digest);
    placed.word(position.cast_unsigned());
    placed.finish()
}

impl Walk {
    pub fn new() -> Walk {
        Walk { total: Total::default(), last_position: i64::MIN }
    }

    /// Takes in a row, which lies behind the one before unless a page is not in its place.
    pub fn meet(&mut self, row: &Row<'_>, position: usize, digest: u64) -> Result<()> {
        let position: i64 = row.get(position)?;
        if position <= self.last_position {
            return Err(row.damaged("rows of a cache are not in their places"));
        }
        self.last_position = position;
        self.total.add(placed(digest, position));
        Ok(())
    }

    pub fn total(&self) -> Total {
        self.total
    }
}
