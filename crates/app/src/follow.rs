//! Syncing a query, and what follows: the values of the weeks are stored, so that trends outlive a
//! change of the settings that they were counted with.

use metrics::{Measured, Origin, Span, WeekRow, weekly_table};
use model::remote::Remote;
use model::{Json, Object, QueryKey, Snapshot, SyncOutcome, SyncRecord};
use sync::{Conduct, SyncOptions, SyncProgress, Workspace};

use crate::App;
use crate::error::{Error, Result};
use crate::overview::OverviewAsk;

/// The metric type of a week's counts.
pub(crate) const STORED_AS: &str = "throughput";
/// How many complete weeks are looked at.
const WEEKS: usize = 60;
/// The member that says how they were counted.
const RULE: &str = "rule";

/// Ends a sync as if it were cancelled when somebody asks to replace the database; what it fetched so
/// far stays for the next one.
struct Yielding<'c> {
    conduct: &'c dyn Conduct,
    hold: Option<&'c migrate::Hold>,
}

impl Yielding<'_> {
    fn asked_by(&self) -> Option<String> {
        self.hold.and_then(migrate::Hold::is_asked_to_end_by)
    }

    fn ended_by(&self, error: Error) -> Error {
        match (error, self.asked_by()) {
            (Error::Jira(jira::Error::Cancelled), Some(by)) => Error::BeingReplaced { by },
            (error, _) => error,
        }
    }
}

impl Conduct for Yielding<'_> {
    fn told(&self, progress: &SyncProgress) {
        self.conduct.told(progress);
    }

    fn is_cancelled(&self) -> bool {
        self.conduct.is_cancelled() || self.asked_by().is_some()
    }
}

impl App {
    /// Makes the stored issues and changelogs of a query what `remote` has now, or marks them with
    /// what is missing; see [`Workspace::sync`].
    pub fn sync(
        &self,
        key: &QueryKey,
        remote: &dyn Remote,
        options: SyncOptions,
        conduct: &dyn Conduct,
    ) -> Result<SyncRecord> {
        let conduct = &Yielding { conduct, hold: self.hold.as_ref() };
        let record = self.synced().sync(key, remote, options, conduct);
        let record = record.map_err(|error| conduct.ended_by(error.into()))?;
        if record.outcome != SyncOutcome::Fresh
            && let Err(error) = self.follow(key)
        {
            tracing::warn!(%error, "the weekly values could not be stored");
        }
        self.tidy_up();
        Ok(record)
    }

    /// Removes what nothing needs any more and gives unused space back. It can wait: a failure is only
    /// logged.
    pub(crate) fn tidy_up(&self) {
        let tidied = self.store.cleanup(self.now()).and_then(|_| self.store.compact_if_loose());
        match tidied {
            Ok(true) => tracing::info!("the database was compacted"),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the database could not be tidied up"),
        }
    }

    /// Marks syncs that were interrupted as failed, and forgets what was fetched for queries that
    /// are not there any more. For the start of a server; says how many were interrupted.
    pub fn end_interrupted_syncs(&self) -> Result<usize> {
        Ok(self.synced().end_interrupted()?)
    }

    /// Notes that a sync could not even begin.
    pub(crate) fn note_refused(&self, key: &QueryKey, error: &Error) {
        let outcome = match error {
            Error::Jira(jira::Error::Cancelled) => SyncOutcome::Cancelled,
            _ => SyncOutcome::Failed,
        };
        self.synced().note_refused(key, outcome, error.to_string());
    }

    /// The workspace as syncs see it.
    fn synced(&self) -> Workspace<'_> {
        let (store, folder) = (&*self.store, self.folder.as_deref());
        Workspace { store, folder, clock: self.context.clock }
    }

    /// Stores the values of complete weeks where they are not stored, or were counted in the same
    /// way and came out otherwise; and the forecast of the week. Nothing in the old app's own files.
    fn follow(&self, key: &QueryKey) -> Result<()> {
        if self.is_of_old_app() {
            return Ok(());
        }
        self.put_weeks(key)?;
        match self.overview(key, &OverviewAsk::default())?.to_keep {
            Some(record) => self.keep_forecast(key, &record),
            None => Ok(()),
        }
    }

    fn put_weeks(&self, key: &QueryKey) -> Result<()> {
        let reader = self.store.read()?;
        let history = self.history(&*reader, key, None)?;
        let Measured::Known { value: table, rule, .. } = weekly_table(&history.items(), None)
        else {
            return Ok(());
        };
        let rows = table.complete(Span::Last(WEEKS));
        let (Some(first), Some(last), Origin::Issues) = (rows.first(), rows.last(), table.origin)
        else {
            return Ok(());
        };
        let stored = reader.snapshots_between(key, first.week..=last.week)?;
        drop(reader);
        let rows = rows.iter().map(|row| snapshot(row, &rule));
        let due: Vec<Snapshot> = rows.filter(|row| is_due(row, &stored)).collect();
        if due.is_empty() {
            return Ok(());
        }
        Ok(self.store.transact(|writer| writer.put_snapshots(key, &due))?)
    }
}

/// Whether a week is to be stored. One that was counted in another way stays as it was.
fn is_due(row: &Snapshot, stored: &[Snapshot]) -> bool {
    let is_it = |known: &&Snapshot| known.week == row.week && known.metric == row.metric;
    match stored.iter().find(is_it) {
        None => true,
        Some(known) => {
            known.metrics.get(RULE) == row.metrics.get(RULE)
                && !known.metrics.means_same(&row.metrics)
        }
    }
}

fn snapshot(row: &WeekRow, rule: &str) -> Snapshot {
    let mut metrics = Object::new();
    let amounts = [
        ("completed", Some(row.flow.done)),
        ("created", Some(row.flow.created)),
        ("cancelled", row.flow.cancelled),
        ("open", row.open),
    ];
    for (name, amount) in amounts {
        let Some(amount) = amount else { continue };
        metrics.set(name, Json::integer(amount.items));
        metrics.set(format!("{name}_points"), Json::float(amount.points));
    }
    metrics.set(RULE, Json::text(rule));
    Snapshot {
        week: row.week,
        metric: STORED_AS.to_owned(),
        metrics: Json::Object(metrics),
        forecast: None,
    }
}
