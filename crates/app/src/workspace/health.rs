//! How program and workspace are.

use serde::Serialize;

use crate::App;
use crate::error::Result;
use crate::workspace::{self, Totals};

/// How program and workspace are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Version of the program.
    pub version: String,
    /// Version of the stored form.
    pub schema_version: u32,
    /// Where the workspace is.
    pub address: String,
    /// Bytes on disk.
    pub size_bytes: u64,
    /// What it holds.
    pub totals: Totals,
    /// What an integrity check found, as sentences; `None` if none was asked for.
    pub integrity: Option<Vec<String>>,
}

impl App {
    /// How things are; `check` also runs the integrity check, which reads the whole workspace.
    pub fn health(&self, check: bool) -> Result<Health> {
        let reader = self.store.read()?;
        Ok(Health {
            version: self.version().to_owned(),
            schema_version: self.store.schema_version()?,
            address: self.address(),
            size_bytes: self.store.size_bytes()?,
            totals: workspace::totals(&reader.profiles()?),
            integrity: check.then(|| self.store.check_integrity()).transpose()?,
        })
    }
}
