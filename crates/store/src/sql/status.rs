//! The table `statuses`: the statuses that the server of a profile lists.

use model::{ProfileId, Status, StatusCategory};

use super::check::Checked;
use super::driver::{Row, params};
use super::field::{time, time_text};
use super::tx::SqlTx;
use crate::contract::{ReadStatus, WriteStatus};
use crate::error::{Error, Result};

columns! {
    table statuses;
    key profile_id, id;
    set place, name, untranslated_name, category, project, workflow_order, seen_last, is_gone;
}

const OF_PROFILE: &str = statement!(statuses::SELECT, "WHERE profile_id = ? ORDER BY place");
const PROFILE: &str = "SELECT 1 FROM profiles WHERE id = ?";
const REMOVE: &str = "DELETE FROM statuses WHERE profile_id = ?";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[OF_PROFILE];

fn status(row: &Row<'_>) -> Result<Status> {
    let category: Option<String> = row.get(statuses::category)?;
    Ok(Status {
        id: row.get(statuses::id)?,
        name: row.get(statuses::name)?,
        untranslated_name: row.get(statuses::untranslated_name)?,
        category: category.as_deref().and_then(StatusCategory::of_key),
        project: row.get(statuses::project)?,
        order: row.get::<Option<i64>>(statuses::workflow_order)?.and_then(|o| o.try_into().ok()),
        seen_last: time(row, statuses::seen_last)?,
        is_gone: row.get::<i64>(statuses::is_gone)? != 0,
    })
}

impl ReadStatus for SqlTx<'_> {
    fn statuses(&self, profile: &ProfileId) -> Result<Vec<Status>> {
        self.expect(Checked::Statuses)?;
        self.all(OF_PROFILE, params![profile.as_str()], status)
    }
}

impl WriteStatus for SqlTx<'_> {
    fn put_statuses(&mut self, profile: &ProfileId, list: &[Status]) -> Result<()> {
        if self.one(PROFILE, params![profile.as_str()], |_| Ok(()))?.is_none() {
            return Err(Error::ProfileNotFound(profile.clone()));
        }
        if self.statuses(profile)? == list {
            return Ok(());
        }
        self.written_revision();
        self.run(REMOVE, params![profile.as_str()])?;
        for (place, status) in list.iter().enumerate() {
            let row = statuses::Row {
                profile_id: profile.as_str().into(),
                id: status.id.as_str().into(),
                place: (place as i64).into(),
                name: status.name.as_str().into(),
                untranslated_name: (&status.untranslated_name).into(),
                category: status.category.map(StatusCategory::key).into(),
                project: (&status.project).into(),
                workflow_order: status.order.map(i64::from).into(),
                seen_last: time_text(status.seen_last).into(),
                is_gone: i64::from(status.is_gone).into(),
            };
            self.run(statuses::UPSERT, &row.values())?;
        }
        tracing::debug!(count = list.len(), "put statuses");
        Ok(())
    }
}
