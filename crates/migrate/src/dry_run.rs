//! What a migration would do: everything is read, nothing is written.

use std::collections::{HashMap, HashSet};

use model::QueryKey;

use crate::build::{Counts, Sink, read_units, units};
use crate::error::{Error, Result};
use crate::folder::Folder;
use crate::migration::{Listener, checked_plan, report, require_source, tell};
use crate::read::{Batch, Unit};
use crate::report::{Report, Totals};
use crate::{Job, Stage, inventory};

/// Reads everything and says what a migration would do. Writes nothing.
pub fn dry_run(job: &Job, listener: &Listener<'_>) -> Result<Report> {
    let job = &job.behind_links();
    let folder = Folder::named(&job.source);
    let job = &Job { source: folder.root().to_owned(), ..job.clone() };
    require_source(job)?;
    tell(listener, Stage::Inventory, "plan", 0, 0);
    let mut plan = checked_plan(job, &folder)?;
    if inventory::layout(&folder)?.is_empty() {
        return Err(Error::NothingToMigrate(job.source.clone()));
    }
    let units = units(&plan, &folder)?;
    let total: u64 = units.iter().map(|unit| unit.bytes).sum();
    let mut done = 0;
    let mut sink = Count::default();
    read_units(&folder, &units, &job.zone, &mut sink, &mut plan.ledger, &mut |bytes| {
        done += bytes;
        tell(listener, Stage::Inventory, "read", done, total);
    })?;
    let totals = Totals {
        profiles: plan.profiles.len() as u64,
        queries: plan.profiles.iter().map(|planned| planned.queries.len() as u64).sum(),
        issues: sink.issues.values().map(|keys| keys.len() as u64).sum(),
        changelogs: sink.changelogs.values().map(|keys| keys.len() as u64).sum(),
        statistics: sink.counts.statistics,
        snapshots: sink.counts.snapshots,
        saved_queries: plan.saved_queries,
        files: inventory::data_files(&plan.sources).count() as u64,
        bytes: inventory::data_bytes(&plan.sources),
    };
    Ok(report(job, plan, totals, None, None, &[]))
}

#[derive(Default)]
struct Count {
    counts: Counts,
    issues: HashMap<QueryKey, HashSet<String>>,
    changelogs: HashMap<QueryKey, HashSet<String>>,
}

impl Sink for Count {
    fn take(&mut self, unit: &Unit, batch: Batch) -> Result<()> {
        self.counts.add(&batch);
        match batch {
            Batch::Issues(issues) => {
                let keys = self.issues.entry(unit.query.clone()).or_default();
                keys.extend(issues.into_iter().map(|issue| issue.key));
            }
            Batch::Changelogs(changelogs) => {
                let keys = self.changelogs.entry(unit.query.clone()).or_default();
                keys.extend(changelogs.into_iter().map(|entry| entry.key));
            }
            _ => {}
        }
        Ok(())
    }
}
