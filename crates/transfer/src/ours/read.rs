//! A file of our format on its way in: record by record, and whole or not at all.

use std::io::Read;

use model::Json;
use store::legacy::split::{End, Piece, PieceText, split_within};

use super::decode::Decoder;
use super::{DIGEST, Digest, FORMAT, Head, RECORDS, VERSION};
use crate::bounds;
use crate::error::{Error, Result};
use crate::record::Sink;
use crate::summary::Carried;

/// How long records may be, in bytes.
pub(crate) struct Limits {
    record_bytes: usize,
    /// Those that are no issue and no changelog.
    noun_bytes: usize,
}

impl Limits {
    /// Of files that come from elsewhere.
    pub const FOREIGN: Limits =
        Limits { record_bytes: bounds::RECORD_BYTES_MAX, noun_bytes: bounds::NOUN_BYTES_MAX };
    /// Of copies that this workspace made for itself.
    pub const OWN: Limits = Limits { record_bytes: 64 << 20, noun_bytes: 64 << 20 };
}

/// What a file said besides its records.
pub(crate) struct FileRead {
    pub head: Head,
    /// Members that this version does not know.
    pub unknown: Vec<String>,
    /// Whether its records are not those that were written.
    pub is_changed: bool,
}

/// Hands over all records of a file. An error may come after some were handed over.
pub(crate) fn read(source: impl Read, sink: &mut dyn Sink, limits: &Limits) -> Result<FileRead> {
    let mut file = File {
        around: Around::default(),
        decoder: Decoder::new(limits.noun_bytes),
        found: Carried::default(),
        digest: Digest::new(),
    };
    let end =
        split_within::<_, Error>(
            limits.record_bytes,
            source,
            &[RECORDS],
            &mut |piece| match piece {
                Piece::Member(name, text) => file.around.take(name, &text),
                Piece::Element(_, text) => file.record(&text, sink),
            },
        )?;
    check_end(&end, limits)?;
    let head = file.around.head()?;
    if file.around.counts != Some(file.found) {
        let what = "the counts at its end are not those of its records, so some are missing";
        return Err(Error::Damaged(what.to_owned()));
    }
    // Files of older versions tell none.
    let is_changed = file.around.digest.is_some_and(|told| told != file.digest.text());
    Ok(FileRead { head, unknown: file.decoder.unknown, is_changed })
}

struct File {
    around: Around,
    decoder: Decoder,
    found: Carried,
    digest: Digest,
}

impl File {
    fn record(&mut self, text: &PieceText<'_>, sink: &mut dyn Sink) -> Result<()> {
        // What the file is has to stand before what it holds.
        self.around.head()?;
        check_encoding(text)?;
        let record = self.decoder.record(&text.text).map_err(|error| match error {
            Error::Damaged(what) => Error::Damaged(format!("at byte {}: {what}", text.at)),
            other => other,
        })?;
        self.found.count(&record);
        self.digest.add(&text.text);
        sink.take(record)
    }
}

/// The members around the records.
#[derive(Default)]
struct Around {
    format: Option<String>,
    version: Option<String>,
    program_version: String,
    exported_at: String,
    time_zone: String,
    content: String,
    counts: Option<Carried>,
    digest: Option<String>,
}

impl Around {
    fn take(&mut self, name: &str, text: &PieceText<'_>) -> Result<()> {
        check_encoding(text)?;
        // What is not asked for need not be understood.
        if text.text.len() > bounds::NOUN_BYTES_MAX {
            return Err(Error::TooLarge(format!(
                "its member {name:?} has {} bytes",
                text.text.len()
            )));
        }
        let json =
            Json::parse(&text.text).map_err(|error| Error::Damaged(format!("{name}: {error}")))?;
        let plain = || match &json {
            Json::Number(number) => number.to_string(),
            other => other.as_text().unwrap_or_default().into_owned(),
        };
        match name {
            "format" => self.format = Some(plain()),
            "version" => self.version = Some(plain()),
            "program_version" => self.program_version = plain(),
            "exported_at" => self.exported_at = plain(),
            "time_zone" => self.time_zone = plain(),
            "content" => self.content = plain(),
            "counts" => self.counts = Some(counts(&json)),
            DIGEST => self.digest = Some(plain()),
            // Whatever else stands around the records says nothing about them.
            _ => {}
        }
        Ok(())
    }

    fn head(&self) -> Result<Head> {
        if self.format.as_deref() != Some(FORMAT) {
            return Err(Error::Damaged("it does not say first that it is an export".to_owned()));
        }
        let version = self.version.as_deref().unwrap_or_default();
        match version.parse::<u32>() {
            Ok(1..=VERSION) => {}
            Ok(_) if version == "0" => return Err(Error::Damaged("its version is 0".to_owned())),
            Ok(_) => return Err(Error::TooNew { found: version.to_owned(), supported: VERSION }),
            Err(_) => return Err(Error::Damaged("its version is no number".to_owned())),
        }
        Ok(Head {
            program_version: self.program_version.clone(),
            exported_at: self.exported_at.clone(),
            time_zone: self.time_zone.clone(),
            content: self.content.clone(),
        })
    }
}

fn counts(json: &Json) -> Carried {
    let count = |name: &str| match json.get(name) {
        Some(Json::Number(number)) => number.parse().unwrap_or(u64::MAX),
        _ => u64::MAX,
    };
    Carried {
        profiles: count("profiles"),
        queries: count("queries"),
        issues: count("issues"),
        changelogs: count("changelogs"),
        project_data: count("project_data"),
        snapshots: count("snapshots"),
    }
}

fn check_encoding(text: &PieceText<'_>) -> Result<()> {
    if text.is_cp1252 {
        return Err(Error::Damaged(format!("at byte {}: it is not UTF-8", text.at)));
    }
    Ok(())
}

fn check_end(end: &End, limits: &Limits) -> Result<()> {
    if let Some(at) = end.damaged_at() {
        let limit = limits.record_bytes >> 20;
        return Err(Error::Damaged(format!(
            "it breaks at byte {at} (it ends there, is no JSON from there on, or has a record of more than {limit} MiB)"
        )));
    }
    if end.trailing_text {
        return Err(Error::Damaged("something stands after its end".to_owned()));
    }
    Ok(())
}
