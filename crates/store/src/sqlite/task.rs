//! The table `task_progress`.

use model::{TaskProgress, TaskStatus};
use rusqlite::{Row, params};

use super::column::{time, time_text};
use super::error::damaged;
use super::tx::SqliteTx;
use crate::contract::{ReadTask, WriteTask};
use crate::error::{Error, Result};

const ONE: &str = "SELECT * FROM task_progress WHERE id = ?1";
const LIST: &str = "SELECT * FROM task_progress ORDER BY updated_at DESC, id";
const PUT: &str = "INSERT OR REPLACE INTO task_progress
    (id, status, percent, message, started_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const REMOVE: &str = "DELETE FROM task_progress WHERE id = ?1";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[ONE];

fn task(row: &Row<'_>) -> rusqlite::Result<TaskProgress> {
    let broken = || damaged("task_progress: a row cannot be read");
    let status: String = row.get("status")?;
    Ok(TaskProgress {
        id: row.get("id")?,
        status: TaskStatus::parse(&status).ok_or_else(broken)?,
        percent: row.get("percent")?,
        message: row.get("message")?,
        started_at: time(row, "started_at")?.ok_or_else(broken)?,
        updated_at: time(row, "updated_at")?.ok_or_else(broken)?,
    })
}

impl ReadTask for SqliteTx<'_> {
    fn task(&self, id: &str) -> Result<Option<TaskProgress>> {
        self.one(ONE, [id], task)
    }

    fn tasks(&self) -> Result<Vec<TaskProgress>> {
        self.all(LIST, [], task)
    }
}

impl WriteTask for SqliteTx<'_> {
    fn put_task(&mut self, task: &TaskProgress) -> Result<()> {
        if task.id.is_empty() {
            return Err(Error::invalid("task.id", "it must not be empty"));
        }
        if task.percent > 100 {
            return Err(Error::invalid("task.percent", "it must not exceed 100"));
        }
        let row = params![
            task.id,
            task.status.as_str(),
            task.percent,
            task.message,
            time_text(Some(task.started_at)),
            time_text(Some(task.updated_at)),
        ];
        self.run(PUT, row)?;
        tracing::debug!(count = 1, "put task");
        Ok(())
    }

    fn remove_task(&mut self, id: &str) -> Result<bool> {
        let removed = self.run(REMOVE, [id])?;
        tracing::debug!(count = removed, "remove task");
        Ok(removed > 0)
    }
}
