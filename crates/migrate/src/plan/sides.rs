//! Database and JSON side by side: which of them counts for which profile.

use model::{TimeZone, Timestamp, stamp};
use store::legacy::sqlite::{OldDatabase, QUERY_TABLES, Unusable};
use store::legacy::{Finding, FindingKind};

use super::registry::Registry;
use super::tables::Tables;
use super::{PlannedProfile, Planner};
use crate::error::{Error, Result};
use crate::folder::{Choice, Kind};
use crate::inventory::OLD_DATABASE;
use crate::old_backup::COPY;
use crate::read::peek_text;
use crate::report::Fate;

/// Columns that say how new a database is.
const TIME_COLUMNS: [&str; 4] = ["fetched_at", "recorded_at", "updated_at", "calculated_at"];

/// Where a query's files say how new they are.
const TIME_MEMBERS: [(&str, &[&str]); 2] =
    [("jira_cache.json", &["timestamp"]), ("project_data.json", &["metadata", "last_updated"])];

impl Planner<'_> {
    /// Profiles that come from the old app's database, and the selection in it.
    pub(super) fn read_database(
        &mut self,
        registry: &Registry,
    ) -> Result<(Vec<PlannedProfile>, Option<Registry>)> {
        let folder = self.folder;
        if folder.choice() == Some(Choice::Json) && folder.has_database()? {
            self.note_other_database("the JSON beside it was asked for");
            return Ok((Vec::new(), None));
        }
        let database = match folder.database()? {
            None => return Ok((Vec::new(), None)),
            Some(Err(Unusable::Busy)) => {
                let (folder, database) = (folder.root().to_owned(), OLD_DATABASE.to_owned());
                return Err(Error::OnlyOtherDatabase {
                    folder,
                    database,
                    hint: Unusable::Busy.to_string(),
                });
            }
            Some(Err(why)) => {
                self.note_other_database(&format!("nothing was taken from it: {why}"));
                return Ok((Vec::new(), None));
            }
            Some(Ok(database)) => database,
        };
        let tables = self.tables(database)?;
        let is_chosen = folder.choice() == Some(Choice::Database);
        self.json_counts = !tables.is_migrated() && !is_chosen;
        if tables.is_migrated() && !is_chosen {
            self.refuse_newer_json(database, &tables)?;
            self.refuse_newer_copy(database)?;
        }
        let profiles = self.database_profiles(database, &tables, registry)?;
        self.old_tasks(database)?;
        self.keep_ownerless_rows_aside(database)?;
        self.of_database = tables.ids.iter().map(|(id, _)| id.clone()).collect();
        self.note_copies()?;
        let fate = if database.is_damaged() { Fate::Partly } else { Fate::Imported };
        self.ledger.settle(OLD_DATABASE, fate, 0);
        let registry = (!profiles.is_empty()).then(|| Self::database_registry(&tables));
        Ok((profiles, registry))
    }

    fn note_other_database(&mut self, note: &str) {
        let finding = Finding::new("", FindingKind::OtherDatabase, note);
        self.ledger.find(OLD_DATABASE, &[finding]);
    }

    /// The old app of before the database may have been used again: both dates are named, nothing is
    /// chosen.
    fn refuse_newer_json(&self, database: &OldDatabase, tables: &Tables) -> Result<()> {
        let mut newer = Vec::new();
        for (profile, _) in &tables.ids {
            let of_json = self.newest_of_json(&format!("profiles/{profile}"))?;
            newer.extend(of_json.map(|at| (at, profile.clone())));
        }
        // The database is asked last: that goes over all of it.
        let of_database = match newer.is_empty() {
            true => None,
            false => newest_of_database(database, tables, self.zone)?,
        };
        let Some(of_database) = of_database else { return Ok(()) };
        newer.retain(|(at, _)| *at > of_database);
        newer.sort();
        let Some((newest, _)) = newer.last() else { return Ok(()) };
        let names: Vec<&str> = newer.iter().map(|(_, profile)| profile.as_str()).collect();
        Err(Error::TwoStates {
            folder: self.folder.root().to_owned(),
            profiles: names.join(", "),
            database_at: stamp::format(of_database),
            json_at: stamp::format(*newest),
        })
    }

    /// A copy that the old app made of its folder may have been used later: both dates are named, nothing
    /// is chosen.
    fn refuse_newer_copy(&self, database: &OldDatabase) -> Result<()> {
        let mut in_place = None;
        for entry in self.folder.list("")? {
            let path = format!("{}/burndown.db", entry.path);
            if !entry.path.starts_with(COPY) || !self.folder.is_file(&path)? {
                continue;
            }
            let Ok(copy) = self.folder.database_at(&path)? else { continue };
            if in_place.is_none() {
                in_place = newest_row(database, self.zone)?;
            }
            let Some(in_place) = in_place else { return Ok(()) };
            let of_copy = newest_row(&copy, self.zone)?.filter(|at| *at > in_place);
            if let Some(of_copy) = of_copy {
                return Err(Error::TwoDatabases {
                    folder: self.folder.root().to_owned(),
                    copy: path,
                    database_at: stamp::format(in_place),
                    copy_at: stamp::format(of_copy),
                });
            }
        }
        Ok(())
    }

    fn newest_of_json(&self, base: &str) -> Result<Option<Timestamp>> {
        let mut newest = None;
        for query in self.folder.list(&format!("{base}/queries"))? {
            for (file, names) in TIME_MEMBERS {
                let text = peek_text(self.folder, &format!("{}/{file}", query.path), names)?;
                newest = newest.max(text.and_then(|text| moment(&text, self.zone)));
            }
        }
        Ok(newest)
    }

    /// Files with JSON of the time before the database: read where the database lacks something.
    fn note_copies(&mut self) -> Result<()> {
        let mut ids: Vec<String> = self.of_database.iter().cloned().collect();
        ids.sort();
        for id in ids {
            for base in self.copies_of(&id) {
                for entry in self.folder.walk(&base)? {
                    let is_free = self.ledger.account(&entry.path).fate.is_none();
                    if matches!(entry.kind, Kind::File { .. }) && is_free {
                        let note = "of the time before the database, which counts";
                        let finding = Finding::new("", FindingKind::OlderCopy, note);
                        self.ledger.find(&entry.path, &[finding]);
                    }
                }
            }
        }
        Ok(())
    }
}

fn newest_of_database(
    database: &OldDatabase,
    tables: &Tables,
    zone: &TimeZone,
) -> Result<Option<Timestamp>> {
    let fetched = tables
        .states
        .iter()
        .filter(|(key, _)| key.starts_with("last_fetch_time:") || *key == "migration_timestamp");
    let newest = fetched.filter_map(|(_, at)| moment(at, zone)).max();
    Ok(newest.max(newest_row(database, zone)?))
}

/// The newest moment that a row of a query names.
fn newest_row(database: &OldDatabase, zone: &TimeZone) -> Result<Option<Timestamp>> {
    let mut newest = None;
    for table in QUERY_TABLES {
        for column in TIME_COLUMNS {
            let latest = database.latest(table, column)?;
            newest = newest.max(latest.and_then(|at| moment(&at, zone)));
        }
    }
    Ok(newest)
}

fn moment(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    stamp::parse(text, zone).map(|(at, _)| at)
}
