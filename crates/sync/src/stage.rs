//! Where a sync puts what it fetched until all of it is there: a file of its own, with a lock that
//! says that the query is being synced. A kill or an error leaves it for the next sync; a torn end is
//! cut off.

use std::collections::HashMap;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use files::{Held, Kind, LockFile};
use model::remote::{Fetched, Stub};
use model::{QueryKey, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::ask::{Ask, is_subset};
use crate::compare::is_volatile;
use crate::error::Result;
use crate::stage_record::{
    FRAME_HEAD_BYTES, StagedIssue, checksum, content, content_of, frame_head, push_frame, take_text,
};

/// How much of the file is read at a time.
const BUFFER_BYTES: usize = 1 << 16;
/// The first text of the first frame.
const MARK: &str = "burndown stage 1";
const ENDING: &str = "stage";
const FULL: &str = "full";

/// What the staged issues were asked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    fields: String,
    server: String,
    /// A mark of what the server called things.
    labels: String,
    is_full: bool,
}

impl Head {
    pub fn of(ask: &Ask) -> Head {
        Head {
            fields: ask.fields_text(),
            server: ask.server.clone(),
            labels: ask.labels.mark().to_owned(),
            is_full: ask.is_full,
        }
    }

    fn content(&self) -> Vec<u8> {
        let full = if self.is_full { FULL } else { "" };
        content(&[MARK, &self.fields, &self.server, &self.labels, full])
    }

    fn read(mut content: &[u8]) -> Option<Head> {
        let mut next = || take_text(&mut content);
        let is_ours = next()? == MARK;
        let (fields, server, labels) = (next()?.to_owned(), next()?.to_owned(), next()?.to_owned());
        let is_full = next()? == FULL;
        is_ours.then_some(Head { fields, server, labels, is_full })
    }

    /// Whether what was asked with this serves who asks with `other`.
    fn serves(&self, other: &Head) -> bool {
        let wanted = other.fields.split(',').map(str::to_owned).collect();
        self.server == other.server
            && self.labels == other.labels
            && is_subset(&wanted, &self.fields)
            && (self.is_full || !other.is_full)
    }
}

/// Where an issue lies, with the key that it had, and when it was last changed; that is `None` where
/// it may change without that being told.
#[derive(Debug, Clone)]
struct Place {
    at: u64,
    key: String,
    updated: Option<Timestamp>,
}

/// The staged issues of one query, locked.
#[derive(Debug)]
pub(super) struct Stage {
    lock: Held,
    path: PathBuf,
    /// By id; of two the later.
    places: HashMap<String, Place>,
    /// Behind the last whole frame.
    end: u64,
}

impl Stage {
    /// Locks the stage of a query; `None` if somebody else holds it.
    pub fn lock(folder: &Path, key: &QueryKey) -> Result<Option<Stage>> {
        files::create_folder(folder).map_err(store::Error::from)?;
        let path = folder.join(file_name(key));
        let lock = LockFile::create(&path).and_then(|lock| lock.hold(Kind::Exclusive, 0));
        let held = lock.map_err(store::Error::from)?;
        Ok(held.map(|lock| Stage { lock, path, places: HashMap::new(), end: 0 }))
    }

    /// Takes up what an earlier sync left, if that serves who asks with `head`; else begins anew.
    pub fn resume(&mut self, head: &Head) -> Result<()> {
        let found = self.load().map_err(|error| failed(&error, &self.path))?;
        if found.is_some_and(|found| found.serves(head)) {
            // What is torn must not stand before what comes.
            return self.lock.file().set_len(self.end).map_err(|error| failed(&error, &self.path));
        }
        self.clear()?;
        let mut frame = Vec::new();
        push_frame(&head.content(), &mut frame);
        self.append(&frame)
    }

    /// Whether it holds the issue as the server has it now.
    pub fn holds(&self, stub: &Stub) -> bool {
        self.places.get(&stub.id).is_some_and(|place| {
            let is_same = place.key == stub.key && place.updated == stub.updated;
            is_same && place.updated.is_some()
        })
    }

    /// Adds issues.
    pub fn add(&mut self, issues: &[Fetched]) -> Result<()> {
        let mut frames = Vec::new();
        let mut added = Vec::with_capacity(issues.len());
        for issue in issues {
            let at = self.end + frames.len() as u64;
            let updated = updated(issue.stub.updated, issue.document.as_str());
            let key = issue.stub.key.clone();
            added.push((issue.stub.id.clone(), Place { at, key, updated }));
            push_frame(&content_of(issue), &mut frames);
        }
        self.append(&frames)?;
        self.places.extend(added);
        Ok(())
    }

    /// Hands over the issues of those ids, in that order.
    pub fn each<'i>(
        &self,
        ids: impl Iterator<Item = &'i str>,
        visit: &mut dyn FnMut(Fetched) -> Result<()>,
    ) -> Result<()> {
        let fail = |error: io::Error| failed(&error, &self.path);
        // Nothing but another program or a broken disk takes away what was read or written before.
        let damaged = || failed(&io::ErrorKind::InvalidData.into(), &self.path);
        let mut source = BufReader::with_capacity(BUFFER_BYTES, self.lock.file());
        source.seek(SeekFrom::Start(0)).map_err(fail)?;
        let (mut position, mut content) = (0, Vec::new());
        for id in ids {
            let at = self.places.get(id).ok_or_else(damaged)?.at;
            source.seek_relative(at.cast_signed() - position).map_err(fail)?;
            let room = self.end.saturating_sub(at);
            let frame = read_frame(&mut source, room, &mut content).map_err(fail)?;
            position = (at + frame.ok_or_else(damaged)?).cast_signed();
            visit(StagedIssue::read(&content).ok_or_else(damaged)?.to_fetched())?;
        }
        Ok(())
    }

    /// Forgets everything.
    pub fn clear(&mut self) -> Result<()> {
        self.places.clear();
        self.end = 0;
        self.lock.file().set_len(0).map_err(|error| failed(&error, &self.path))
    }

    /// Reads what is there up to the first frame that is torn.
    fn load(&mut self) -> io::Result<Option<Head>> {
        let (mut head, mut places) = (None, HashMap::new());
        let walked = self.walk(|at, content| {
            if at == 0 {
                head = Head::read(content);
            } else if let Some(issue) = StagedIssue::read(content) {
                let updated = updated(issue.updated, issue.document);
                let place = Place { at, key: issue.key.to_owned(), updated };
                places.insert(issue.id.to_owned(), place);
            }
            Ok(())
        });
        self.end = walked.map_err(io::Error::other)?;
        self.places = places;
        Ok(head)
    }

    /// Visits every whole frame with its place; says where the first that is not whole would be.
    fn walk(&self, mut visit: impl FnMut(u64, &[u8]) -> Result<()>) -> Result<u64> {
        let fail = |error: io::Error| failed(&error, &self.path);
        let length = self.lock.file().metadata().map_err(fail)?.len();
        let mut source = BufReader::with_capacity(BUFFER_BYTES, self.lock.file());
        source.seek(SeekFrom::Start(0)).map_err(fail)?;
        let (mut at, mut content) = (0, Vec::new());
        while let Some(bytes) = read_frame(&mut source, length - at, &mut content).map_err(fail)? {
            visit(at, &content)?;
            at += bytes;
        }
        Ok(at)
    }

    fn append(&mut self, frames: &[u8]) -> Result<()> {
        let mut file = self.lock.file();
        let written = file.seek(SeekFrom::Start(self.end)).and_then(|_| file.write_all(frames));
        if let Err(error) = written {
            // Half a frame would be cut off by the next sync anyway.
            let _ = self.lock.file().set_len(self.end);
            return Err(failed(&error, &self.path));
        }
        self.end += frames.len() as u64;
        Ok(())
    }
}

/// Reads a frame into `content` and says how long it is with its head; `None` if it is not whole.
fn read_frame(source: &mut impl Read, room: u64, content: &mut Vec<u8>) -> io::Result<Option<u64>> {
    content.clear();
    let Some((bytes, sum)) = frame_head(source)? else { return Ok(None) };
    let whole = FRAME_HEAD_BYTES + bytes;
    if whole > room {
        return Ok(None);
    }
    source.take(bytes).read_to_end(content)?;
    Ok((checksum(content) == sum).then_some(whole))
}

/// The time of change that tells whether an issue is still what it was.
fn updated(at: Option<Timestamp>, document: &str) -> Option<Timestamp> {
    at.filter(|_| !is_volatile(document))
}

/// Name of the file of a query. Ids may be longer together than a name may be.
pub(super) fn file_name(key: &QueryKey) -> String {
    let digest = Sha256::digest(format!("{}/{}", key.profile, key.query));
    let name: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{name}.{ENDING}")
}

fn failed(error: &io::Error, path: &Path) -> crate::Error {
    store::Error::from_io(error, path).into()
}
