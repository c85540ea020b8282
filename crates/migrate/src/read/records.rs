//! Issues and changelogs on their way from a file into batches: documents with a key, of which
//! unreadable and repeated ones are named.

use std::collections::HashSet;

use model::json::Kind;
use model::{Changelog, Document, Issue, Tape};
use store::legacy::split::PieceText;
use store::legacy::{Finding, FindingKind};

use super::{BATCH_RECORDS, Batch, Emit, Outcome, Stop, note_oddities};

/// A document with a key.
pub(super) trait Record: Sized {
    /// What people call it, with its article.
    const NOUN: &str;

    fn new(key: String, document: Document) -> Self;
    fn key(&self) -> &str;
    fn batch(records: Vec<Self>) -> Batch;
}

impl Record for Issue {
    const NOUN: &str = "an issue";

    fn new(key: String, document: Document) -> Issue {
        Issue { key, document }
    }

    fn key(&self) -> &str {
        &self.key
    }

    fn batch(records: Vec<Issue>) -> Batch {
        Batch::Issues(records)
    }
}

impl Record for Changelog {
    const NOUN: &str = "a changelog";

    fn new(key: String, document: Document) -> Changelog {
        Changelog { key, document }
    }

    fn key(&self) -> &str {
        &self.key
    }

    fn batch(records: Vec<Changelog>) -> Batch {
        Batch::Changelogs(records)
    }
}

/// The records of one file.
pub(super) struct Records<R> {
    pub outcome: Outcome,
    pub tape: Tape,
    /// Elements of the list so far, good or bad.
    pub from_list: u64,
    /// Records that could not be read.
    pub bad: u64,
    /// Records whose key was there before.
    pub repeated: u64,
    batch: Vec<R>,
    seen: HashSet<String>,
}

impl<R: Record> Records<R> {
    pub fn new() -> Records<R> {
        Records {
            outcome: Outcome::default(),
            tape: Tape::new(),
            from_list: 0,
            bad: 0,
            repeated: 0,
            batch: Vec::new(),
            seen: HashSet::new(),
        }
    }

    /// Takes an element of the list `issues`, which holds its key.
    pub fn take_element(&mut self, text: &PieceText<'_>, emit: &mut Emit<'_>) -> Result<(), Stop> {
        let path = format!("issues[{}]", self.from_list);
        self.from_list += 1;
        let record = match self.tape.parse(&text.text) {
            Ok(value) if value.kind() == Kind::Object => {
                let oddities = value.oddities();
                note_oddities(&path, &oddities, text.is_cp1252, &mut self.outcome.findings);
                let key =
                    value.get("key").and_then(|key| key.as_text()).filter(|key| !key.is_empty());
                key.map(|key| R::new(key.into_owned(), Document::of(value)))
                    .ok_or_else(|| format!("{} without a key", R::NOUN))
            }
            Ok(_) => Err(format!("no object where {} belongs", R::NOUN)),
            Err(error) => Err(error.to_string()),
        };
        match record {
            Ok(record) => self.push(record, &path, emit),
            Err(why) => self.refuse(path, why, text, emit),
        }
    }

    /// Takes a record that was read.
    pub fn push(&mut self, record: R, path: &str, emit: &mut Emit<'_>) -> Result<(), Stop> {
        if self.seen.insert(record.key().to_owned()) {
            self.outcome.records += 1;
        } else {
            self.repeated += 1;
            self.outcome.is_damaged = true;
            let note = format!("{} stands more than once; the last one counts", record.key());
            self.outcome.find(path, FindingKind::RepeatedRecord, note);
        }
        self.batch.push(record);
        if self.batch.len() >= BATCH_RECORDS { self.flush(emit) } else { Ok(()) }
    }

    /// Puts a record that cannot be read into quarantine.
    pub fn refuse(
        &mut self,
        path: String,
        why: String,
        text: &PieceText<'_>,
        emit: &mut Emit<'_>,
    ) -> Result<(), Stop> {
        self.bad += 1;
        self.outcome.is_damaged = true;
        let finding = Finding::new(path, FindingKind::BadRecord, why);
        self.outcome.findings.push(finding.clone());
        Ok(emit(Batch::Quarantined(finding, text.text.to_string()))?)
    }

    /// Hands over what is left.
    pub fn flush(&mut self, emit: &mut Emit<'_>) -> Result<(), Stop> {
        if !self.batch.is_empty() {
            emit(R::batch(std::mem::take(&mut self.batch)))?;
        }
        Ok(())
    }
}
