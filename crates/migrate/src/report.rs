//! What a migration did, file by file: the report that users read and pages show.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// Examples of one kind of finding that a report spells out, per file.
pub const EXAMPLES_MAX: usize = 5;

/// The report of a migration (or of a dry run, which wrote nothing).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Version of the program.
    pub program_version: String,
    /// When it began, RFC 3339 in UTC.
    pub started_at: String,
    /// Whether nothing was written.
    pub dry_run: bool,
    /// The layout that was found, for people.
    pub layout: String,
    /// Zone that times without an offset were read in.
    pub zone: String,
    /// The folder of the old app.
    pub source: String,
    /// The backup folder, relative to the workspace; empty in a dry run.
    pub backup: String,
    /// What was carried.
    pub totals: Totals,
    /// Every source file with its fate, in order of the path.
    pub files: Vec<FileReport>,
    /// What was noticed about the workspace as a whole.
    pub notes: Vec<FindingReport>,
    /// Files that still hold a token in clear text (paths relative to the workspace).
    pub token_files: Vec<String>,
    /// What the comparison found; `None` in a dry run.
    pub verification: Option<Verification>,
}

/// Counts of what a workspace holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Source files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Profiles.
    pub profiles: u64,
    /// Queries.
    pub queries: u64,
    /// Issues.
    pub issues: u64,
    /// Changelogs.
    pub changelogs: u64,
    /// Rows of statistics.
    pub statistics: u64,
    /// Snapshots (week and metric).
    pub snapshots: u64,
    /// Saved JQL texts.
    pub saved_queries: u64,
}

/// What became of a source file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// All of it is in the database.
    Imported,
    /// What could be read is in the database, the rest in quarantine.
    Partly,
    /// Nothing of it could be read; it is in quarantine.
    Quarantined,
    /// It holds nothing that is not elsewhere; it is in the backup.
    Kept,
    /// It belongs to one machine or one moment and was left alone.
    Transient,
}

/// One source file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileReport {
    /// Path relative to the old app's folder, with `/`.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 in hex; empty in a dry run and for transient files.
    pub sha256: String,
    /// What became of it.
    pub fate: Fate,
    /// The profile it belongs to.
    pub profile: Option<String>,
    /// The query it belongs to.
    pub query: Option<String>,
    /// How many records were taken from it.
    pub records: u64,
    /// What was odd, most frequent kinds first.
    pub findings: Vec<FindingReport>,
}

/// Findings of one kind in one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingReport {
    /// The code of the kind, as in `docs/migration.md`.
    pub code: String,
    /// How many.
    pub count: u64,
    /// The first few, as `path: note`.
    pub examples: Vec<String>,
}

/// What comparing the database with the old files found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// Records compared.
    pub compared: u64,
    /// Records that are equal.
    pub equal: u64,
    /// Differences that the closed list explains.
    pub normalised: u64,
    /// Records that were changed in the program since the migration.
    pub changed_since: u64,
    /// Differences that nothing explains, the first hundred as `file: path: what`.
    pub unexplained: Vec<String>,
    /// How many there are of those.
    pub unexplained_count: u64,
}

impl Verification {
    /// Whether nothing is unexplained.
    pub fn is_proven(&self) -> bool {
        self.unexplained_count == 0
    }
}

impl Report {
    /// Files of one query, for its page.
    pub fn files_of<'r>(
        &'r self,
        profile: &'r str,
        query: &'r str,
    ) -> impl Iterator<Item = &'r FileReport> {
        self.files.iter().filter(move |file| {
            file.profile.as_deref() == Some(profile) && file.query.as_deref() == Some(query)
        })
    }

    /// How many findings there are in all.
    pub fn finding_count(&self) -> u64 {
        let in_files = self.files.iter().flat_map(|file| &file.findings);
        in_files.chain(&self.notes).map(|finding| finding.count).sum()
    }

    /// The report as text for people.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        // Writing into a String cannot fail.
        let _ = self.write_text(&mut out);
        out
    }

    fn write_text(&self, out: &mut String) -> std::fmt::Result {
        let totals = &self.totals;
        let verb = if self.dry_run { "would migrate" } else { "migrated" };
        writeln!(out, "burndown {} {verb} {}", self.program_version, self.source)?;
        writeln!(out, "layout: {}", self.layout)?;
        writeln!(
            out,
            "begun: {}; times without an offset were read as {}",
            self.started_at, self.zone
        )?;
        if !self.backup.is_empty() {
            writeln!(out, "backup: {}", self.backup)?;
        }
        writeln!(
            out,
            "carried: {} profiles, {} queries, {} issues, {} changelogs, {} statistics rows, {} snapshots, {} saved queries",
            totals.profiles,
            totals.queries,
            totals.issues,
            totals.changelogs,
            totals.statistics,
            totals.snapshots,
            totals.saved_queries
        )?;
        if let Some(verification) = &self.verification {
            write_verification(out, verification)?;
        }
        for file in &self.token_files {
            writeln!(out, "token: {file} still holds a token in clear text")?;
        }
        for note in &self.notes {
            write_finding(out, "", note)?;
        }
        for file in &self.files {
            let fate = match file.fate {
                Fate::Imported => "imported",
                Fate::Partly => "partly imported",
                Fate::Quarantined => "in quarantine",
                Fate::Kept => "kept in the backup",
                Fate::Transient => "transient, left alone",
            };
            writeln!(
                out,
                "\n{} ({} bytes): {fate}, {} records",
                file.path, file.bytes, file.records
            )?;
            for finding in &file.findings {
                write_finding(out, "  ", finding)?;
            }
        }
        Ok(())
    }
}

fn write_verification(out: &mut String, verification: &Verification) -> std::fmt::Result {
    writeln!(
        out,
        "verified: {} records compared, {} equal, {} changed since, {} differences explained, {} unexplained",
        verification.compared,
        verification.equal,
        verification.changed_since,
        verification.normalised,
        verification.unexplained_count
    )?;
    verification.unexplained.iter().try_for_each(|line| writeln!(out, "  unexplained: {line}"))
}

fn write_finding(out: &mut String, indent: &str, finding: &FindingReport) -> std::fmt::Result {
    writeln!(out, "{indent}{} × {}", finding.count, finding.code)?;
    for example in &finding.examples {
        writeln!(out, "{indent}  {example}")?;
    }
    let rest = finding.count.saturating_sub(finding.examples.len() as u64);
    if rest > 0 && !finding.examples.is_empty() {
        writeln!(out, "{indent}  … and {rest} more")?;
    }
    Ok(())
}
