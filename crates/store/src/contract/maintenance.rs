//! Looking after the store itself.

use model::Timestamp;

use crate::error::Result;

/// Upkeep.
pub trait Maintenance {
    /// Removes what nothing needs any more: superseded auxiliary records, changelogs of issues
    /// that a complete and newer issue cache no longer holds, tasks that ended more than seven
    /// days before `now`. Never removes or hides the last copy of a query's issues: expiry only
    /// means that a refetch is due. Says how many records went.
    fn cleanup(&self, now: Timestamp) -> Result<u64>;

    /// Checks structure and references; an empty list means all is well. Each finding is a
    /// sentence that names the table or file.
    fn check_integrity(&self) -> Result<Vec<String>>;

    /// Looks for damage of the stored form, in a fraction of the time that
    /// [`check_integrity`](Maintenance::check_integrity) takes.
    /// [`Error::Corrupt`](crate::Error::Corrupt) names the first that it finds.
    fn look_for_damage(&self) -> Result<()>;

    /// Whether the store is still what stands at its place; [`Error::Displaced`](crate::Error::Displaced)
    /// if another program removed or replaced files of it while it was open. Only of one file can that be.
    fn check_place(&self) -> Result<()> {
        Ok(())
    }

    /// Bytes on disk, side files included.
    fn size_bytes(&self) -> Result<u64>;

    /// Of those, bytes of the file itself, and of it bytes that nothing needs and
    /// [`compact`](Maintenance::compact) gives back; `None` where it is no file.
    fn file_and_unused_bytes(&self) -> Result<Option<(u64, u64)>> {
        Ok(None)
    }

    /// Gives unused space back to the disk.
    fn compact(&self) -> Result<()>;

    /// The same where a quarter or more of the stored form is unused; says whether it was. Where that needs
    /// nobody, nothing is done.
    fn compact_if_loose(&self) -> Result<bool> {
        Ok(false)
    }

    /// Brings up to date what the plans of questions rest on. Where that needs nobody, nothing is done.
    fn optimize(&self) -> Result<()> {
        Ok(())
    }

    /// Version of the stored form.
    fn schema_version(&self) -> Result<u32>;
}
