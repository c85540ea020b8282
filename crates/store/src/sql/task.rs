//! The table `task_progress`.

use model::{TaskProgress, TaskStatus};

use super::driver::{Row, params};
use super::field::{time, time_text};
use super::tx::SqlTx;
use crate::contract::{ReadTask, WriteTask};
use crate::error::{Error, Result};

columns! {
    table task_progress;
    key id;
    set status, percent, message, started_at, updated_at;
}

const ONE: &str = statement!(task_progress::SELECT, "WHERE id = ?");
const LIST: &str = statement!(task_progress::SELECT, "ORDER BY updated_at DESC, id");
const REMOVE: &str = "DELETE FROM task_progress WHERE id = ?";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[ONE];

fn task(row: &Row<'_>) -> Result<TaskProgress> {
    let broken = || row.damaged("task_progress: a row cannot be read");
    let status: String = row.get(task_progress::status)?;
    Ok(TaskProgress {
        id: row.get(task_progress::id)?,
        status: TaskStatus::parse(&status).ok_or_else(broken)?,
        percent: row.get(task_progress::percent)?,
        message: row.get(task_progress::message)?,
        started_at: time(row, task_progress::started_at)?.ok_or_else(broken)?,
        updated_at: time(row, task_progress::updated_at)?.ok_or_else(broken)?,
    })
}

impl ReadTask for SqlTx<'_> {
    fn task(&self, id: &str) -> Result<Option<TaskProgress>> {
        self.one(ONE, params![id], task)
    }

    fn tasks(&self) -> Result<Vec<TaskProgress>> {
        self.all(LIST, &[], task)
    }
}

impl WriteTask for SqlTx<'_> {
    fn put_task(&mut self, task: &TaskProgress) -> Result<()> {
        if task.id.is_empty() {
            return Err(Error::invalid("task.id", "it must not be empty"));
        }
        if task.percent > 100 {
            return Err(Error::invalid("task.percent", "it must not exceed 100"));
        }
        let row = task_progress::Row {
            id: task.id.as_str().into(),
            status: task.status.as_str().into(),
            percent: task.percent.into(),
            message: task.message.as_str().into(),
            started_at: time_text(Some(task.started_at)).into(),
            updated_at: time_text(Some(task.updated_at)).into(),
        };
        self.run(task_progress::UPSERT, &row.values())?;
        tracing::debug!(count = 1, "put task");
        Ok(())
    }

    fn remove_task(&mut self, id: &str) -> Result<bool> {
        let removed = self.run(REMOVE, params![id])?;
        tracing::debug!(count = removed, "remove task");
        Ok(removed > 0)
    }
}
