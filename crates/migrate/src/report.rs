//! What a migration did, file by file: the report that users read and pages show.

use model::plain::one_line;
use serde::{Deserialize, Serialize};
use store::legacy::FindingKind;

use crate::inventory::OLD_DATABASE;
use crate::row_count::TableReport;

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
    /// Rows of the old app's database by table and query; empty where there was none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<TableReport>,
    /// What was noticed about the workspace as a whole.
    pub notes: Vec<FindingReport>,
    /// Old files that still hold a token in clear text. Their copies in the backup do so too.
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

    /// Whether the old app wrote to its database after that was copied.
    pub fn was_written_later(&self) -> bool {
        let mut findings = self.files.iter().flat_map(|file| &file.findings);
        findings.any(|finding| finding.code == FindingKind::WrittenLater.code())
    }

    /// How many findings there are in all.
    pub fn finding_count(&self) -> u64 {
        let in_files = self.files.iter().flat_map(|file| &file.findings);
        in_files.chain(&self.notes).map(|finding| finding.count).sum()
    }

    /// The report as text for people. Names and values of others are spelled out where they could
    /// break a line or drive a terminal.
    pub fn to_text(&self) -> String {
        let mut lines = self.head_lines();
        lines.extend(self.notes.iter().flat_map(|note| finding_lines("", note)));
        for file in &self.files {
            let fate = match file.fate {
                Fate::Imported => "imported",
                Fate::Partly => "partly imported",
                Fate::Quarantined => "in quarantine",
                Fate::Kept => "kept in the backup",
                Fate::Transient => "transient, left alone",
            };
            let records = counted(file.records, "record", "records");
            lines.push(String::new());
            lines.push(format!("{} ({} bytes): {fate}, {records}", file.path, file.bytes));
            lines.extend(file.findings.iter().flat_map(|finding| finding_lines("  ", finding)));
            if file.path == OLD_DATABASE {
                lines.extend(self.tables.iter().flat_map(TableReport::lines));
            }
        }
        lines.iter().map(|line| one_line(line) + "\n").collect()
    }

    fn head_lines(&self) -> Vec<String> {
        let verb = if self.dry_run { "would migrate" } else { "migrated" };
        let mut lines = vec![
            format!("burndown {} {verb} {}", self.program_version, self.source),
            format!("layout: {}", self.layout),
            format!(
                "begun: {}; times without an offset were read as {}",
                self.started_at, self.zone
            ),
        ];
        if !self.backup.is_empty() {
            lines.push(format!("backup: {}", self.backup));
        }
        lines.push(self.totals.to_line());
        if let Some(verification) = &self.verification {
            lines.extend(verification.lines());
        }
        let files = self.token_files.iter();
        lines.extend(files.map(|file| format!("token: {file} still holds a token in clear text")));
        if !self.token_files.is_empty() && !self.backup.is_empty() {
            lines.push(format!(
                "token: take its value out of those files once the old app is not needed any more; the \
                 backup in {} holds it too and has to stay as it is for verify and rollback, so \
                 delete that folder as a whole when you need neither",
                self.backup
            ));
        }
        lines
    }
}

impl Totals {
    fn to_line(self) -> String {
        let parts = [
            counted(self.profiles, "profile", "profiles"),
            counted(self.queries, "query", "queries"),
            counted(self.issues, "issue", "issues"),
            counted(self.changelogs, "changelog", "changelogs"),
            counted(self.statistics, "row of statistics", "rows of statistics"),
            counted(self.snapshots, "snapshot", "snapshots"),
            counted(self.saved_queries, "saved query", "saved queries"),
        ];
        format!("carried: {}", parts.join(", "))
    }
}

impl Verification {
    fn lines(&self) -> Vec<String> {
        let first = format!(
            "verified: {} compared, {} equal, {} changed since, {} explained, {} unexplained",
            counted(self.compared, "record", "records"),
            self.equal,
            self.changed_since,
            counted(self.normalised, "difference", "differences"),
            self.unexplained_count
        );
        let unexplained = self.unexplained.iter().map(|line| format!("  unexplained: {line}"));
        std::iter::once(first).chain(unexplained).collect()
    }
}

fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn finding_lines(indent: &str, finding: &FindingReport) -> Vec<String> {
    let meaning = FindingKind::parse(&finding.code).map_or("", FindingKind::meaning);
    let mut lines = vec![format!("{indent}{} × {}: {meaning}", finding.count, finding.code)];
    lines.extend(finding.examples.iter().map(|example| format!("{indent}  {example}")));
    let rest = finding.count.saturating_sub(finding.examples.len() as u64);
    if rest > 0 && !finding.examples.is_empty() {
        lines.push(format!("{indent}  … and {rest} more"));
    }
    lines
}
