//! Project data: one document per query.

use model::{ProjectData, QueryKey};

use crate::error::Result;

/// Reads project data.
pub trait ReadProjectData {
    /// The document of a query; `None` before it was ever put.
    fn project_data(&self, query: &QueryKey) -> Result<Option<ProjectData>>;
}

/// Writes project data.
pub trait WriteProjectData: ReadProjectData {
    /// Inserts or replaces it. `QueryNotFound` if the query is not there.
    fn put_project_data(&mut self, query: &QueryKey, data: &ProjectData) -> Result<()>;

    /// Removes it.
    fn remove_project_data(&mut self, query: &QueryKey) -> Result<bool>;
}
