//! Files that stay in their workspace: proven equal to what they are copies of, and told apart by a
//! note that stands before their records.

use std::io::{BufRead as _, BufReader, Read, Seek};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use model::{Json, ProfileId, QueryId};
use store::Reader;

use crate::error::{Error, Result};
use crate::export::{Content, Part, walk};
use crate::ours::read::Limits;
use crate::ours::{self, NOTE, RECORDS};
use crate::record::{Record, Sink};
use crate::unpack::Packed;

/// How many records of the file may wait for those of the store.
const WAITING_MAX: usize = 64;

/// Longest line before the records, in bytes.
const HEAD_BYTES_MAX: u64 = 64 << 10;

/// Compares a file, record by record and in order, with what the store holds of a profile, or of one
/// query of it. [`Error::Differs`] names the first difference.
pub fn verify_kept<S: Read + Seek + Send>(
    reader: &dyn Reader,
    profile: &ProfileId,
    query: Option<&QueryId>,
    source: &mut S,
) -> Result<()> {
    let (sender, records) = sync_channel(WAITING_MAX);
    thread::scope(|scope| {
        let file = thread::Builder::new().spawn_scoped(scope, move || {
            let mut packed = Packed::open(source)?;
            ours::read::read(packed.text()?, &mut Outlet(sender), &Limits::OWN).map(drop)
        });
        // Each side tells its records as it comes to them: that takes two.
        let file = file.map_err(Error::NoThread)?;
        let part = Part { only: query, content: Content::Everything, has_ledger: true };
        let mut twin = Twin { records, seen: 0 };
        let compared = walk(reader, profile, &part, &mut twin);
        let compared = compared.and_then(|()| twin.end());
        // The other side must not wait for this one.
        drop(twin);
        let read = file.join().unwrap_or_else(|_| Err(differs("it cannot be read")));
        match (compared, read) {
            // Why the file ended too early is better known to whoever read it.
            (Err(_), Err(why)) if !matches!(why, Error::Differs(_)) => Err(why),
            (compared, read) => compared.and(read),
        }
    })
}

/// Hands records over to the other side.
struct Outlet(SyncSender<Record>);

impl Sink for Outlet {
    fn take(&mut self, record: Record) -> Result<()> {
        self.0.send(record).map_err(|_| differs("it holds what the workspace does not"))
    }
}

/// Compares what comes with the records of the other side.
struct Twin {
    records: Receiver<Record>,
    seen: u64,
}

impl Twin {
    /// Nothing must be left.
    fn end(&self) -> Result<()> {
        match self.records.recv() {
            Ok(_) => Err(differs("it holds more than the workspace")),
            Err(_) => Ok(()),
        }
    }
}

impl Sink for Twin {
    fn take(&mut self, record: Record) -> Result<()> {
        self.seen += 1;
        match self.records.recv() {
            Ok(found) if found == record => Ok(()),
            Ok(_) => Err(differs(&format!("record {} is another one", self.seen))),
            Err(_) => Err(differs(&format!("it ends before record {}", self.seen))),
        }
    }
}

fn differs(what: &str) -> Error {
    Error::Differs(what.to_owned())
}

/// The note that stands before the records of a file, as JSON; nothing behind it is read.
pub fn read_note<S: Read + Seek>(source: &mut S) -> Result<String> {
    let damaged = |what: &str| Error::Damaged(what.to_owned());
    let mut packed = Packed::open(source)?;
    let mut line = String::new();
    BufReader::new(packed.text()?.take(HEAD_BYTES_MAX)).read_line(&mut line)?;
    let head = line.trim_end().strip_suffix(&format!("\"{RECORDS}\":["));
    let head = head.ok_or_else(|| damaged("its first line does not lead to records"))?;
    let head = Json::parse(&format!("{}}}", head.trim_end_matches(',')));
    let head = head.map_err(|error| Error::Damaged(error.to_string()))?;
    let note = head.get(NOTE).ok_or_else(|| damaged("it does not say what was deleted"))?;
    Ok(note.to_compact())
}
