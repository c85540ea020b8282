//! Task progress, keyed by task id.

use model::TaskProgress;

use crate::error::Result;

/// Reads task progress.
pub trait ReadTask {
    /// The progress of one task.
    fn task(&self, id: &str) -> Result<Option<TaskProgress>>;

    /// All of them, last updated first, then by id.
    fn tasks(&self) -> Result<Vec<TaskProgress>>;
}

/// Writes task progress.
pub trait WriteTask: ReadTask {
    /// Inserts or replaces by id. `Invalid` if the id is empty or `percent` exceeds 100.
    fn put_task(&mut self, task: &TaskProgress) -> Result<()>;

    /// Clears it.
    fn remove_task(&mut self, id: &str) -> Result<bool>;
}
