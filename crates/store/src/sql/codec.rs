//! Encoding and decoding of the documents of one transaction: which dictionary a query's documents
//! are written with, and the zstd contexts, which are too costly to make for every document.

use std::collections::HashMap;

use zstd::bulk::Decompressor;

use super::dictionary;
use super::document::{self, Encoded, Encoder};
use super::driver::params;
use super::field::unreadable_json;
use super::tx::SqlTx;
use crate::error::Result;
use model::Json;

/// Dictionaries that a reader keeps ready; a walk over one query needs one or two.
const DECODERS_MAX: usize = 8;

const NEWEST: &str = "SELECT id, samples, content FROM dictionaries
    WHERE query = ?1 AND noun = ?2 ORDER BY id DESC LIMIT 1";
const CONTENT: &str = "SELECT content FROM dictionaries WHERE id = ?1";
const INSERT: &str = "INSERT INTO dictionaries (query, noun, samples, content)
    VALUES (?1, ?2, ?3, ?4) RETURNING id";
const DELETE: &str = "DELETE FROM dictionaries WHERE query = ?1 AND noun = ?2";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[NEWEST, CONTENT];

/// Whose documents a dictionary is for. The numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noun {
    Issue = 0,
    Changelog = 1,
    Snapshot = 2,
}

/// What a transaction keeps ready.
#[derive(Default)]
pub(super) struct Codec {
    /// The encoder used last; each holds more than a megabyte.
    encoder: Option<((i64, Noun), Encoder)>,
    plain_encoder: Option<Encoder>,
    plain_decoder: Option<Decompressor<'static>>,
    decoders: HashMap<i64, Decompressor<'static>>,
}

impl SqlTx<'_> {
    /// Makes ready to encode documents of a query; the first big batch of them gets a dictionary
    /// of its own. `documents` are those about to be written, or the first of them.
    pub(super) fn prepare_encoder(&self, query: i64, noun: Noun, documents: &[&str]) -> Result<()> {
        let present = self.one(NEWEST, params![query, noun as i64], |row| {
            Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<Vec<u8>>(2)?))
        })?;
        let present_samples =
            present.as_ref().map(|(_, samples, _)| usize::try_from(*samples).unwrap_or(0));
        let samples = dictionary::samples(documents, present_samples);
        if !samples.is_empty() {
            // Documents too odd to learn from are written as without a dictionary.
            if let Ok(content) = dictionary::make(&samples) {
                let id = self.put_dictionary(query, noun, samples.len(), &content)?;
                return self.set_encoder(query, noun, Some((id, content)));
            }
        }
        let is_ready =
            self.codec.borrow().encoder.as_ref().is_some_and(|(whose, _)| *whose == (query, noun));
        if is_ready {
            return Ok(());
        }
        let present = match present {
            Some((id, _, packed)) => Some((id, self.io(dictionary::unpack(&packed))?)),
            None => None,
        };
        self.set_encoder(query, noun, present)
    }

    fn put_dictionary(
        &self,
        query: i64,
        noun: Noun,
        samples: usize,
        content: &[u8],
    ) -> Result<i64> {
        let packed = self.io(dictionary::pack(content))?;
        let row = params![query, noun as i64, samples as i64, packed];
        self.one(INSERT, row, |row| row.get(0))?.ok_or_else(|| self.damaged("dictionaries: no id"))
    }

    fn set_encoder(
        &self,
        query: i64,
        noun: Noun,
        dictionary: Option<(i64, Vec<u8>)>,
    ) -> Result<()> {
        let encoder = match dictionary {
            Some((id, content)) => Encoder::with_dictionary(id, &content),
            None => Encoder::plain(),
        };
        self.codec.borrow_mut().encoder = Some(((query, noun), self.io(encoder)?));
        Ok(())
    }

    /// The blob of a document, by the encoder made ready last.
    pub(super) fn encode(&self, text: &str) -> Result<Vec<u8>> {
        match &mut self.codec.borrow_mut().encoder {
            Some((_, encoder)) => self.io(encoder.encode(text)),
            None => self.encode_alone(text),
        }
    }

    /// The blob of a text that has no like.
    pub(super) fn encode_alone(&self, text: &str) -> Result<Vec<u8>> {
        let mut codec = self.codec.borrow_mut();
        if codec.plain_encoder.is_none() {
            codec.plain_encoder = Some(self.io(Encoder::plain())?);
        }
        match &mut codec.plain_encoder {
            Some(encoder) => self.io(encoder.encode(text)),
            None => Ok(Vec::new()),
        }
    }

    /// Forgets the dictionaries of a query whose documents are about to be replaced.
    pub(super) fn remove_dictionaries(&self, query: i64, noun: Noun) -> Result<()> {
        self.run(DELETE, params![query, noun as i64])?;
        self.forget_encoders();
        Ok(())
    }

    /// Drops what was kept ready, after rows that dictionaries hang on went: their numbers may be
    /// given out again.
    pub(super) fn forget_encoders(&self) {
        self.codec.take();
    }

    /// The blob of a value that has no like.
    pub(super) fn encode_json(&self, json: Option<&Json>) -> Result<Option<Vec<u8>>> {
        json.map(|json| self.encode_alone(&json.to_compact())).transpose()
    }

    /// The value of a blob.
    pub(super) fn decode_json(&self, blob: Option<&[u8]>) -> Result<Option<Json>> {
        let Some(blob) = blob else { return Ok(None) };
        let text = self.decode(blob)?;
        Json::parse(&text).map(Some).map_err(|error| self.damaged(unreadable_json(&error)))
    }

    /// The text of a blob.
    pub(super) fn decode(&self, blob: &[u8]) -> Result<String> {
        let encoded = document::inspect(blob)
            .ok_or_else(|| self.damaged("a document is encoded in an unknown way"))?;
        match encoded {
            Encoded::Plain(bytes) => self.io(document::text(bytes.to_vec())),
            Encoded::Zstd(frame) => {
                let decoder = &mut self.codec.borrow_mut().plain_decoder;
                self.io(document::decompress(decoder.get_or_insert_default(), frame))
            }
            Encoded::WithDictionary(id, frame) => self.decode_with(id, frame),
        }
    }

    fn decode_with(&self, id: i64, frame: &[u8]) -> Result<String> {
        let mut codec = self.codec.borrow_mut();
        if codec.decoders.len() >= DECODERS_MAX && !codec.decoders.contains_key(&id) {
            codec.decoders.clear();
        }
        let decoder = match codec.decoders.entry(id) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(free) => {
                let packed: Option<Vec<u8>> = self.one(CONTENT, params![id], |row| row.get(0))?;
                let packed = packed.ok_or_else(|| {
                    self.damaged("dictionaries: one that a document needs is gone")
                })?;
                let content = self.io(dictionary::unpack(&packed))?;
                free.insert(self.io(Decompressor::with_dictionary(&content))?)
            }
        };
        self.io(document::decompress(decoder, frame))
    }

    fn io<T>(&self, result: std::io::Result<T>) -> Result<T> {
        result.map_err(|error| self.damaged(format!("a document: {error}")))
    }
}
