//! The migration that made the workspace, as its report tells it.

use std::collections::BTreeMap;

use migrate::{Fate, FileReport, FindingReport, Report};
use model::QueryKey;
use serde::Serialize;
use store::Reader;
use store::legacy::FindingKind;

use crate::App;
use crate::error::{Error, Result};

/// The migration in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MigrationSummary {
    /// When it was complete, RFC 3339 in UTC.
    pub completed_at: Option<String>,
    /// The backup folder, relative to the workspace.
    pub backup: Option<String>,
    /// Version of the program that did it.
    pub version: Option<String>,
    /// What its report says; `None` if the report is gone.
    pub report: Option<ReportSummary>,
}

/// A report in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportSummary {
    /// The layout that was found.
    pub layout: String,
    /// The folder of the old app.
    pub source: String,
    /// Zone that times without an offset were read in.
    pub zone: String,
    /// Source files by fate.
    pub fates: BTreeMap<&'static str, u64>,
    /// Records compared with the old files after the migration.
    pub compared: Option<u64>,
    /// Records that were equal.
    pub equal: Option<u64>,
    /// Whether every difference is explained.
    pub is_proven: Option<bool>,
    /// How many oddities were noticed.
    pub findings: u64,
    /// Old files that still hold a token in clear text.
    pub token_files: Vec<String>,
}

/// A source file and its fate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceFile {
    /// Path in the old app's folder.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// What became of it: `imported`, `partly`, `quarantined`, `kept` or `transient`.
    pub fate: Fate,
    /// How many records were taken from it.
    pub records: u64,
    /// What was odd.
    pub findings: Vec<Oddity>,
}

/// Oddities of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Oddity {
    /// Its code, as in `docs/migration.md`.
    pub code: String,
    /// What it means and what was done, as a sentence.
    pub meaning: String,
    /// How many.
    pub count: u64,
    /// The first few.
    pub examples: Vec<String>,
}

/// The whole report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MigrationReport {
    /// The migration in short.
    pub summary: MigrationSummary,
    /// What was noticed about the workspace as a whole.
    pub notes: Vec<Oddity>,
    /// Differences that nothing explains.
    pub unexplained: Vec<String>,
    /// Every source file with its fate.
    pub files: Vec<SourceFile>,
}

impl App {
    /// The report of the migration; an error if there is none.
    pub fn report(&self) -> Result<MigrationReport> {
        let report = self.context.report.as_ref().ok_or(Error::NoReport)?;
        let reader = self.store.read()?;
        let summary = MigrationSummary::read(&*reader, Some(report))?.ok_or(Error::NoReport)?;
        let unexplained = report.verification.iter().flat_map(|v| v.unexplained.clone()).collect();
        Ok(MigrationReport {
            summary,
            notes: report.notes.iter().map(Oddity::of).collect(),
            unexplained,
            files: report.files.iter().map(SourceFile::of).collect(),
        })
    }

    pub(crate) fn source_files(&self, key: &QueryKey) -> Vec<SourceFile> {
        let (profile, query) = (key.profile.as_str(), key.query.as_str());
        let report = self.context.report.iter();
        report.flat_map(|r| r.files_of(profile, query)).map(SourceFile::of).collect()
    }
}

impl MigrationSummary {
    pub(crate) fn read(
        reader: &dyn Reader,
        report: Option<&Report>,
    ) -> Result<Option<MigrationSummary>> {
        let completed_at = reader.state("migration_complete")?;
        if completed_at.is_none() && report.is_none() {
            return Ok(None);
        }
        Ok(Some(MigrationSummary {
            completed_at: completed_at.or_else(|| report.map(|r| r.started_at.clone())),
            backup: reader.state("migration_backup")?.or_else(|| report.map(|r| r.backup.clone())),
            version: reader
                .state("migration_version")?
                .or_else(|| report.map(|r| r.program_version.clone())),
            report: report.map(ReportSummary::of),
        }))
    }
}

impl ReportSummary {
    fn of(report: &Report) -> ReportSummary {
        let mut fates = BTreeMap::new();
        for file in &report.files {
            *fates.entry(fate_word(file.fate)).or_default() += 1;
        }
        let verification = report.verification.as_ref();
        ReportSummary {
            layout: report.layout.clone(),
            source: report.source.clone(),
            zone: report.zone.clone(),
            fates,
            compared: verification.map(|v| v.compared),
            equal: verification.map(|v| v.equal),
            is_proven: verification.map(|v| v.is_proven()),
            findings: report.finding_count(),
            // Reports of earlier versions name the copies in the backup, which have to stay whole.
            token_files: report
                .token_files
                .iter()
                .filter(|file| !file.starts_with("backups/"))
                .cloned()
                .collect(),
        }
    }
}

impl SourceFile {
    pub(crate) fn of(file: &FileReport) -> SourceFile {
        SourceFile {
            path: file.path.clone(),
            bytes: file.bytes,
            fate: file.fate,
            records: file.records,
            findings: file.findings.iter().map(Oddity::of).collect(),
        }
    }
}

impl Oddity {
    fn of(finding: &FindingReport) -> Oddity {
        let kind = FindingKind::parse(&finding.code);
        Oddity {
            code: finding.code.clone(),
            meaning: kind.map_or("", FindingKind::meaning).to_owned(),
            count: finding.count,
            examples: finding.examples.clone(),
        }
    }
}

/// The word for a fate, as in the report's JSON.
pub fn fate_word(fate: Fate) -> &'static str {
    match fate {
        Fate::Imported => "imported",
        Fate::Partly => "partly",
        Fate::Quarantined => "quarantined",
        Fate::Kept => "kept",
        Fate::Transient => "transient",
    }
}
