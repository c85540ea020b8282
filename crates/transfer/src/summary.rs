//! What was carried, for people and scripts.

use serde::Serialize;

use crate::record::Record;

/// How many records of each noun.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Carried {
    /// Profiles; one, in a whole file.
    pub profiles: u64,
    /// Queries.
    pub queries: u64,
    /// Issues.
    pub issues: u64,
    /// Changelogs.
    pub changelogs: u64,
    /// Queries with project data.
    pub project_data: u64,
    /// Snapshots: one a week and metric.
    pub snapshots: u64,
}

impl Carried {
    pub(crate) fn count(&mut self, record: &Record) {
        *match record {
            Record::Profile(..) => &mut self.profiles,
            Record::Query(_) => &mut self.queries,
            Record::Header(..) | Record::Sync(_) => return,
            Record::Issue(..) => &mut self.issues,
            Record::Changelog(_) => &mut self.changelogs,
            Record::ProjectData(_) => &mut self.project_data,
            Record::Snapshot(_) => &mut self.snapshots,
        } += 1;
    }
}

/// What an export holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Exported {
    /// How much.
    pub carried: Carried,
    /// Paths of settings that were left out because they hold, or may hold, a secret.
    pub left_out: Vec<String>,
}

/// What an import put into the workspace, or would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// What the file is, e.g. `an export of burndown 0.1.0`.
    pub source: String,
    /// When it was made, as the file says.
    pub exported_at: Option<String>,
    /// Id of the new profile.
    pub profile: String,
    /// Its name.
    pub name: String,
    /// How much.
    pub carried: Carried,
    /// Its queries in the order of the file.
    pub queries: Vec<ImportedQuery>,
    /// What is not as it was in the file, and why; each a sentence.
    pub notes: Vec<String>,
    /// What the file does not hold and what to do about it; each a sentence.
    pub lacks: Vec<String>,
}

/// One query of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportedQuery {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many issues.
    pub issues: u64,
    /// How many changelogs.
    pub changelogs: u64,
    /// Whether it has project data.
    pub has_project_data: bool,
    /// How many snapshots.
    pub snapshots: u64,
}
