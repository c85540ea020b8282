//! Syncs that a kill or a crash ended: their task still says that they run, but nobody holds their
//! lock.

use model::{QueryKey, SyncOutcome, SyncRecord, TaskProgress, TaskStatus};
use store::Stage;

use crate::Workspace;
use crate::error::Result;
use crate::progress::{self, task_id};

const INTERRUPTED: &str = "it was interrupted; what was there before is still in force";

impl Workspace<'_> {
    /// Marks syncs that were interrupted as failed, and forgets what was fetched for queries that
    /// are not there any more. For the start of a server; says how many were interrupted.
    pub fn end_interrupted(&self) -> Result<usize> {
        let Some(folder) = self.stage_folder() else { return Ok(0) };
        let tasks = self.store.read()?.tasks()?;
        let mut ended = 0;
        for task in tasks.iter().filter(|task| task.status == TaskStatus::Running) {
            let Some(key) = progress::query_of(&task.id) else { continue };
            if self.is_leased(&key)? {
                continue;
            }
            // Locked: it runs in another process.
            if let Some(_stage) = Stage::lock(&folder, &key)? {
                self.note_interruption(&key, task)?;
                ended += 1;
            }
        }
        self.forget_stages_of_nothing()?;
        Ok(ended)
    }

    /// Notes that the sync before this one was interrupted, if it was. The caller holds the lock.
    pub(super) fn note_interrupted(&self, key: &QueryKey) -> Result<()> {
        let task = self.store.read()?.task(&task_id(key))?;
        match task.filter(|task| task.status == TaskStatus::Running) {
            Some(task) => self.note_interruption(key, &task),
            None => Ok(()),
        }
    }

    fn note_interruption(&self, key: &QueryKey, task: &TaskProgress) -> Result<()> {
        let record = SyncRecord {
            started_at: task.started_at,
            ended_at: task.updated_at,
            outcome: SyncOutcome::Failed,
            message: INTERRUPTED.to_owned(),
            ..SyncRecord::default()
        };
        let mut writer = self.store.write()?;
        writer.put_task(&progress::ended(key, &record))?;
        if writer.query(key)?.is_some() {
            writer.add_sync(key, &record)?;
        }
        Ok(writer.commit()?)
    }

    /// Removes files of queries that are gone: nobody will go on with them.
    fn forget_stages_of_nothing(&self) -> Result<()> {
        let Some(folder) = self.stage_folder() else { return Ok(()) };
        let reader = self.store.read()?;
        let mut known = Vec::new();
        for profile in reader.profiles()? {
            known.extend(reader.queries(&profile.id)?.into_iter().map(|query| query.key));
        }
        Stage::remove_all_but(&folder, known.iter());
        Ok(())
    }
}
