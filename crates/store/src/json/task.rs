//! Task progress, in the ledger.

use model::TaskProgress;

use super::tx::JsonTx;
use crate::contract::{ReadTask, WriteTask};
use crate::error::{Error, Result};

impl ReadTask for JsonTx<'_> {
    fn task(&self, id: &str) -> Result<Option<TaskProgress>> {
        Ok(self.files().ledger.tasks().get(id).cloned())
    }

    fn tasks(&self) -> Result<Vec<TaskProgress>> {
        let mut tasks: Vec<TaskProgress> = self.files().ledger.tasks().values().cloned().collect();
        // They come in order of their id, which the sort keeps.
        tasks.sort_by_key(|task| std::cmp::Reverse(task.updated_at));
        Ok(tasks)
    }
}

impl WriteTask for JsonTx<'_> {
    fn put_task(&mut self, task: &TaskProgress) -> Result<()> {
        if task.id.is_empty() {
            return Err(Error::invalid("task.id", "it must not be empty"));
        }
        if task.percent > 100 {
            return Err(Error::invalid("task.percent", "it must not exceed 100"));
        }
        self.files_mut().ledger.put_task(task);
        tracing::debug!(percent = task.percent, "a task was put");
        Ok(())
    }

    fn remove_task(&mut self, id: &str) -> Result<bool> {
        let was_there = self.files_mut().ledger.remove_task(id);
        tracing::debug!(was_there, "a task was removed");
        Ok(was_there)
    }
}
