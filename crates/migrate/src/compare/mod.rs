//! Proves that the database holds what the old files say, record by record.
//!
//! Two proofs for everything: what the files say now, as nouns, equals what the store gives; and
//! what the store gives, written as the old app would, is the same JSON as the file, but for the
//! findings of the closed list. Records written after the migration carry a later revision and are
//! counted as changed since.

mod config;
mod records;

use std::sync::Mutex;

use model::{Json, ProfileId, TimeZone};
use store::legacy::sqlite::OldDatabase;
use store::legacy::{Finding, FindingKind};
use store::{Reader, Record, Revision, Store};

use crate::build::units;
use crate::error::Result;
use crate::folder::Folder;
use crate::inventory::OLD_DATABASE;
use crate::plan::Plan;
use crate::read::{Outcome, Unit, read_records};
use crate::report::Verification;
use records::Records;

/// Unexplained differences that are spelled out.
const SPELLED_OUT_MAX: usize = 100;

/// Counts what comparing one reader's records found.
pub(crate) struct Tally<'r> {
    reader: &'r dyn Reader,
    /// The workspace's revision when the migration ended.
    baseline: Revision,
    pub found: Verification,
}

impl Tally<'_> {
    pub(crate) fn new(reader: &dyn Reader, baseline: Revision) -> Tally<'_> {
        Tally { reader, baseline, found: Verification::default() }
    }

    fn equal(&mut self) {
        self.found.compared += 1;
        self.found.equal += 1;
    }

    /// A record that differs: changed since, or a fault of which `what` says where it is.
    fn differs(&mut self, record: Record<'_>, what: impl FnOnce() -> String) -> Result<()> {
        self.found.compared += 1;
        if self.is_changed_since(record)? {
            self.found.changed_since += 1;
        } else {
            self.unexplained(what());
        }
        Ok(())
    }

    fn is_changed_since(&self, record: Record<'_>) -> Result<bool> {
        let newest = self.reader.revision()?;
        let revision = self.reader.revision_of(record)?;
        Ok(revision.is_some_and(|revision| revision > self.baseline && revision <= newest))
    }

    fn unexplained(&mut self, what: String) {
        self.found.unexplained_count += 1;
        if self.found.unexplained.len() < SPELLED_OUT_MAX {
            self.found.unexplained.push(what);
        }
    }

    /// Compares a file's JSON with what the store gives for it. Every difference on the file's
    /// side needs a finding at its path or above; what the store adds needs one that says so.
    fn explain(&mut self, path: &str, original: &Json, rendered: &Json, findings: &[Finding]) {
        let adds = |finding: &Finding| {
            use FindingKind::{FilledIn, Moved, Overridden, WeekLabel};
            matches!(finding.kind, FilledIn | Moved | Overridden | WeekLabel)
        };
        for difference in model::json::differences(original, rendered) {
            let explained = findings.iter().any(|finding| {
                let at_path = finding.kind.normalises() && covers(&finding.path, &difference.path);
                at_path || (difference.left.is_none() && adds(finding))
            });
            if !explained {
                self.unexplained(format!("{path}: {}: differs from the file", difference.path));
            }
        }
    }
}

/// Whether a finding at `path` speaks of `place`.
fn covers(path: &str, place: &str) -> bool {
    place
        .strip_prefix(path)
        .is_some_and(|rest| !path.is_empty() && (rest.is_empty() || rest.starts_with(['.', '['])))
}

/// Compares the whole store with the files below `folder`, which `plan` was made from.
pub(crate) fn compare(
    plan: &mut Plan,
    folder: &Folder,
    zone: &TimeZone,
    store: &dyn Store,
    baseline: Revision,
    compared: &(dyn Fn(u64) + Sync),
) -> Result<Verification> {
    let units = units(plan, folder)?;
    let mut found = {
        let reader = store.read()?;
        let mut tally = Tally::new(&*reader, baseline);
        config::compare(plan, &mut tally)?;
        tally.found
    };
    let next = Mutex::new(units.iter());
    let workers = std::thread::available_parallelism().map_or(1, |cores| cores.get()).min(2);
    let work = || compare_units(folder, zone, store, baseline, &next, compared);
    let results = model::thread::on_each(workers, work);
    for result in results {
        let (verification, settled) = result?;
        add(&mut found, verification);
        for (unit, outcome) in settled {
            plan.ledger.find(&unit.path, &outcome.findings);
            plan.ledger.count_unit(&unit, &outcome);
        }
    }
    if let Some(database) = folder.usable_database()? {
        count_rows(database, plan, &mut found);
    }
    found.normalised = plan.ledger.normalised();
    for problem in store.check_integrity()? {
        found.unexplained_count += 1;
        found.unexplained.push(format!("integrity: {problem}"));
    }
    Ok(found)
}

/// Every row of every table has to be accounted for.
fn count_rows(database: &OldDatabase, plan: &Plan, found: &mut Verification) {
    for table in &database.tables {
        let (rows, told) = (table.rows, plan.ledger.rows_of(&table.name));
        if rows != told {
            found.unexplained_count += 1;
            found
                .unexplained
                .push(format!("{OLD_DATABASE}: {}: {rows} rows, {told} accounted for", table.name));
        }
    }
}

type Settled = (Unit, Outcome);

fn compare_units<'u>(
    folder: &Folder,
    zone: &TimeZone,
    store: &dyn Store,
    baseline: Revision,
    next: &Mutex<impl Iterator<Item = &'u Unit>>,
    compared: &(dyn Fn(u64) + Sync),
) -> Result<(Verification, Vec<Settled>)> {
    let reader = store.read()?;
    let mut tally = Tally::new(&*reader, baseline);
    let mut settled = Vec::new();
    loop {
        let unit = next.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).next();
        let Some(unit) = unit else { return Ok((tally.found, settled)) };
        let points_field = points_field(&*reader, &unit.query.profile)?;
        let mut records = Records::new(unit, points_field, &mut tally);
        let outcome = read_records(folder, unit, zone, &mut |batch| records.take(batch))?;
        records.finish(&outcome.findings)?;
        compared(unit.bytes);
        settled.push((unit.clone(), outcome));
    }
}

/// The field that points are read from, as it is in force now: the columns that are derived from
/// documents follow it. Whether the files said so is compared with the profile.
fn points_field(reader: &dyn Reader, profile: &ProfileId) -> Result<Option<String>> {
    let stored = reader.profile(profile)?;
    Ok(stored.and_then(|profile| profile.settings.points_field().map(str::to_owned)))
}

fn add(into: &mut Verification, other: Verification) {
    into.compared += other.compared;
    into.equal += other.equal;
    into.changed_since += other.changed_since;
    into.unexplained_count += other.unexplained_count;
    let room = SPELLED_OUT_MAX.saturating_sub(into.unexplained.len());
    into.unexplained.extend(other.unexplained.into_iter().take(room));
}

#[cfg(test)]
mod tests {
    use store::Address;

    use super::*;

    /// How many differences between two texts are not explained by findings at these paths.
    #[track_caller]
    fn check(file: &str, rendered: &str, found: &[(&str, FindingKind)], want: u64) {
        let folder = tempfile::tempdir().unwrap();
        let store = Address::Sqlite(folder.path().join("x.sqlite")).open().unwrap();
        let reader = store.read().unwrap();
        let mut tally = Tally::new(&*reader, reader.revision().unwrap());
        let json = |text: &str| Json::parse(text).unwrap();
        let findings: Vec<Finding> =
            found.iter().map(|(path, kind)| Finding::new(*path, *kind, "")).collect();
        tally.explain("f.json", &json(file), &json(rendered), &findings);
        let told = &tally.found;
        assert_eq!(told.unexplained_count, want, "{file} {rendered} {found:?}");
        assert_eq!(told.unexplained.len() as u64, want);
        assert!(told.unexplained.iter().all(|what| what.starts_with("f.json: ")), "{told:?}");
    }

    #[test]
    fn a_difference_needs_a_finding_that_speaks_of_it() {
        use FindingKind::{FilledIn, NameRepaired};
        let (one, two) = (r#"{"a":{"b":1},"ab":1}"#, r#"{"a":{"b":2},"ab":1}"#);
        check(one, one, &[], 0);
        check(one, two, &[], 1);
        for (path, want) in [("a.b", 0), ("a", 0), ("ab", 1), ("a.b.c", 1), ("", 1), ("A", 1)] {
            check(one, two, &[(path, NameRepaired)], want);
        }
        // One that changes nothing explains nothing.
        let changes_nothing = FindingKind::ALL.iter().find(|kind| !kind.normalises()).unwrap();
        check(one, two, &[("a.b", *changes_nothing)], 1);
        // What the store adds is explained by what adds, wherever; what it has not, by that path alone.
        let more = r#"{"a":{"b":1},"ab":1,"c":1}"#;
        check(one, more, &[("x", FilledIn)], 0);
        check(one, more, &[("x", NameRepaired)], 1);
        check(more, one, &[("x", FilledIn)], 1);
        check(more, two, &[("c", NameRepaired)], 1);
        check(more, two, &[("c", NameRepaired), ("a", NameRepaired)], 0);
    }
}
