//! Issues and changelogs on their way from a file into batches: documents with a key, of which
//! unreadable and repeated ones are named.

use std::collections::HashSet;

use model::json::{Kind, Value};
use model::{CacheHeader, Document, Object, Tape};
use store::contract::CacheRecord;
use store::legacy::split::{End, Piece, PieceText, split};
use store::legacy::{Finding, FindingKind, header};

use super::{
    BATCH_BYTES, BATCH_RECORDS, Batch, Emit, Outcome, Source, Stop, not_a_file, note_end,
    note_oddities,
};

/// What is special to the file of a cache.
pub(super) trait Record: CacheRecord {
    /// What people call one, with its article.
    const NOUN: &str;
    /// What they call many.
    const PLURAL: &str;
    /// Its file.
    const FILE: &str;

    fn batch(records: Vec<Self>) -> Batch;

    /// Takes a member of the file's object.
    fn take_member(
        records: &mut Records<Self>,
        name: &str,
        text: &PieceText<'_>,
        members: &mut Object,
        emit: &mut Emit<'_>,
    ) -> Result<(), Stop>;

    /// Why an element of the list is none, if it is not.
    fn refusal(_element: &Value<'_>) -> Option<&'static str> {
        None
    }

    /// Notes where the records lay, once all are read.
    fn note_place(records: &mut Records<Self>, end: &End);

    /// Notes what the header says of them, and completes it.
    fn complete(records: &mut Records<Self>, header: &mut CacheHeader);
}

/// Reads records in order, then the header.
pub(super) fn read<R: Record>(source: &Source<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Stop> {
    let Some(file) = source.open()? else {
        let outcome =
            Outcome { findings: vec![not_a_file()], is_damaged: true, ..Outcome::default() };
        let missing = format!("{} is not a file", R::FILE);
        let header = CacheHeader { partial: Some(missing), ..CacheHeader::default() };
        emit(Batch::Header(R::KIND, Box::new(header), Object::new()))?;
        return Ok(outcome);
    };
    let mut records = Records::<R>::new();
    let mut members = Object::new();
    let end = split::<_, Stop>(file, &["issues"], &mut |piece| match piece {
        Piece::Element(_, text) => records.take_element(&text, emit),
        Piece::Member(name, text) => R::take_member(&mut records, name, &text, &mut members, emit),
    })?;
    records.flush(emit)?;
    R::note_place(&mut records, &end);
    let broken = note_end(&end, records.outcome.records, &mut records.outcome);
    let (mut header, findings) = header::decode(members.clone(), source.zone);
    records.outcome.findings.extend(findings);
    R::complete(&mut records, &mut header);
    let bad = (records.bad > 0).then(|| format!("{} {} could not be read", records.bad, R::PLURAL));
    header.partial = broken.or(bad).or(header.partial);
    emit(Batch::Header(R::KIND, Box::new(header), members))?;
    Ok(records.outcome)
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
    /// How long the documents of the batch are together.
    batch_bytes: usize,
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
            batch_bytes: 0,
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
                match (R::refusal(&value), key) {
                    (Some(why), _) => Err(why.to_owned()),
                    (None, Some(key)) => Ok(R::new(key.into_owned(), Document::of(value))),
                    (None, None) => Err(format!("{} without a key", R::NOUN)),
                }
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
        self.batch_bytes += record.document().as_str().len();
        self.batch.push(record);
        let is_full = self.batch.len() >= BATCH_RECORDS || self.batch_bytes >= BATCH_BYTES;
        if is_full { self.flush(emit) } else { Ok(()) }
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
        self.batch_bytes = 0;
        if !self.batch.is_empty() {
            emit(R::batch(std::mem::take(&mut self.batch)))?;
        }
        Ok(())
    }
}
