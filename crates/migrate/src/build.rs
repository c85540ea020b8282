//! From a plan and its record files into a new database: files are read on worker threads, one
//! thread writes.

use std::sync::Mutex;

use model::{ProjectData, TimeZone};
use store::Writer;

use crate::error::{Error, Result};
use crate::folder::{Folder, Kind};
use crate::inventory::OLD_DATABASE;
use crate::ledger::Ledger;
use crate::plan::Plan;
use crate::quarantine::Quarantine;
use crate::read::{Batch, Outcome, Unit, read_records};
use crate::report::{Fate, Totals};

/// Batches that may wait for the writer; bounds memory.
const WAITING_MAX: usize = 4;

/// Record files of a plan, the largest first so that the workers end together.
pub(crate) fn units(plan: &Plan, folder: &Folder) -> Result<Vec<Unit>> {
    let mut units = Vec::new();
    let all_rows: u64 = folder
        .usable_database()?
        .map_or(0, |database| database.tables.iter().map(|table| table.rows).sum());
    for query in plan.profiles.iter().flat_map(|planned| &planned.queries) {
        for (path, content) in &query.records {
            let bytes = match folder.kind(path)? {
                Kind::File { bytes, .. } => bytes,
                _ => 0,
            };
            // Rows have their share of the database.
            let rows = query.rows.clone().filter(|_| path == OLD_DATABASE);
            let bytes = match &rows {
                Some(rows) => bytes * rows.count_of(*content) / all_rows.max(1),
                None => bytes,
            };
            let key = query.query.key.clone();
            units.push(Unit { query: key, path: path.clone(), content: *content, bytes, rows });
        }
    }
    units.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.path.cmp(&b.path)));
    Ok(units)
}

enum Message {
    Batch(usize, Batch),
    Done(usize, Outcome),
    Failed(Error),
}

/// What is done with batches.
pub(crate) trait Sink {
    fn take(&mut self, unit: &Unit, batch: Batch) -> Result<()>;
}

/// Reads all units and hands their batches to `sink` on this thread. `read` hears of bytes done.
pub(crate) fn read_units(
    folder: &Folder,
    units: &[Unit],
    zone: &TimeZone,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
    read: &mut dyn FnMut(u64),
) -> Result<u64> {
    let next = Mutex::new(units.iter().enumerate());
    let workers = std::thread::available_parallelism().map_or(1, |cores| cores.get()).min(2);
    let mut received = Ok(0);
    let work = |emit: &mut dyn FnMut(Message) -> bool| work(folder, &next, zone, emit);
    model::thread::gather(workers, WAITING_MAX, work, |message| {
        // What follows a failure is of its making.
        if let Ok(records) = &mut received {
            match receive(units, message, sink, ledger, read) {
                Ok(more) => *records += more,
                Err(error) => received = Err(error),
            }
        }
        received.is_ok()
    });
    received
}

fn work<'u>(
    folder: &Folder,
    next: &Mutex<impl Iterator<Item = (usize, &'u Unit)>>,
    zone: &TimeZone,
    send: &mut dyn FnMut(Message) -> bool,
) {
    loop {
        let unit = next.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).next();
        let Some((place, unit)) = unit else { return };
        let mut emit = |batch| {
            // The receiver is gone only after a failure that it reports itself.
            if send(Message::Batch(place, batch)) { Ok(()) } else { Err(stopped()) }
        };
        let message = match read_records(folder, unit, zone, &mut emit) {
            Ok(outcome) => Message::Done(place, outcome),
            Err(error) => Message::Failed(error),
        };
        if !send(message) {
            return;
        }
    }
}

fn stopped() -> Error {
    Error::Store(store::Error::Aborted("the migration stopped".to_owned()))
}

/// Takes one message in; gives how many records a file had that came to its end.
fn receive(
    units: &[Unit],
    message: Message,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
    read: &mut dyn FnMut(u64),
) -> Result<u64> {
    match message {
        Message::Batch(place, batch) => {
            if let Some(unit) = units.get(place) {
                sink.take(unit, batch)?;
            }
        }
        Message::Done(place, outcome) => {
            if let Some(unit) = units.get(place) {
                settle(unit, &outcome, ledger);
                read(unit.bytes);
                return Ok(outcome.records);
            }
        }
        Message::Failed(error) => return Err(error),
    }
    Ok(0)
}

fn settle(unit: &Unit, outcome: &Outcome, ledger: &mut Ledger) {
    ledger.count_unit(unit, outcome);
    let fate = match (outcome.is_damaged, outcome.records) {
        // Of a database a part is lost at most.
        (true, _) if unit.rows.is_some() => Fate::Partly,
        (false, _) => Fate::Imported,
        (true, 0) => Fate::Quarantined,
        (true, _) => Fate::Partly,
    };
    ledger.find(&unit.path, &outcome.findings);
    ledger.settle(&unit.path, fate, outcome.records);
}

/// Writes batches into the store.
struct Build<'b> {
    writer: &'b mut dyn Writer,
    quarantine: &'b mut Quarantine,
    counts: Counts,
}

/// Counts records by noun.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Counts {
    pub statistics: u64,
    pub snapshots: u64,
}

impl Counts {
    pub fn add(&mut self, batch: &Batch) {
        match batch {
            Batch::ProjectData(data, _) => self.statistics += row_count(data),
            Batch::Snapshots(snapshots, _) => self.snapshots += snapshots.len() as u64,
            _ => {}
        }
    }
}

fn row_count(data: &ProjectData) -> u64 {
    let rows = data.statistics.as_ref().and_then(|rows| rows.as_array());
    rows.map_or(0, |rows| rows.len() as u64)
}

impl Sink for Build<'_> {
    fn take(&mut self, unit: &Unit, batch: Batch) -> Result<()> {
        self.counts.add(&batch);
        match batch {
            Batch::Issues(issues) => self.writer.put_issues(&unit.query, &issues)?,
            Batch::Changelogs(changelogs) => {
                self.writer.put_changelogs(&unit.query, &changelogs)?
            }
            Batch::Header(kind, header, _) => self.writer.put_header(&unit.query, kind, &header)?,
            Batch::ProjectData(data, _) => self.writer.put_project_data(&unit.query, &data)?,
            Batch::Snapshots(snapshots, _) => self.writer.put_snapshots(&unit.query, &snapshots)?,
            Batch::Quarantined(finding, text) => {
                self.quarantine.keep_record(&unit.path, &finding, &text)?;
            }
        }
        Ok(())
    }
}

/// Fills an empty store from a plan.
pub(crate) fn build(
    plan: &mut Plan,
    folder: &Folder,
    zone: &TimeZone,
    writer: &mut dyn Writer,
    quarantine: &mut Quarantine,
    read: &mut dyn FnMut(u64),
) -> Result<Totals> {
    let units = units(plan, folder)?;
    for (finding, text) in &plan.kept_aside {
        quarantine.keep_record(OLD_DATABASE, finding, text)?;
    }
    let mut totals = Totals { saved_queries: plan.saved_queries, ..Totals::default() };
    for planned in &plan.profiles {
        writer.put_profile(&planned.profile)?;
        totals.profiles += 1;
        for query in &planned.queries {
            writer.put_query(&query.query)?;
            totals.queries += 1;
        }
    }
    for (key, value) in &plan.states {
        writer.put_state(key, value)?;
    }
    let mut sink = Build { writer, quarantine, counts: Counts::default() };
    read_units(folder, &units, zone, &mut sink, &mut plan.ledger, read)?;
    let counts = sink.counts;
    for query in plan.profiles.iter().flat_map(|planned| &planned.queries) {
        totals.issues += writer.issue_count(&query.query.key)?;
        totals.changelogs += writer.changelog_count(&query.query.key)?;
    }
    Ok(Totals { statistics: counts.statistics, snapshots: counts.snapshots, ..totals })
}

/// Whole files that go to quarantine: those of which anything could not be read.
pub(crate) fn quarantine_files(
    ledger: &Ledger,
    folder: &Folder,
    quarantine: &Quarantine,
) -> Result<()> {
    for report in ledger.reports() {
        // Of the database, cells and rows are there; as a whole it is in the backup.
        let is_database = report.path == OLD_DATABASE;
        if matches!(report.fate, Fate::Partly | Fate::Quarantined) && !is_database {
            quarantine.keep_file(folder, &report.path)?;
        }
    }
    Ok(())
}
