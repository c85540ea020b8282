//! Gathers what happened to every source file while it is read.

use std::collections::BTreeMap;

use model::QueryKey;
use store::legacy::{Finding, FindingKind};

use crate::folder::Kind;
use crate::inventory::{Class, Source};
use crate::read::{Outcome, Unit};
use crate::report::{EXAMPLES_MAX, Fate, FileReport, FindingReport};
use crate::row_count::{Owner, RowCount, TableReport};

/// Findings of one file, counted by kind.
#[derive(Debug, Clone, Default)]
pub(crate) struct Findings(BTreeMap<FindingKind, (u64, Vec<String>)>);

impl Findings {
    pub fn add(&mut self, finding: &Finding) {
        self.put(finding.kind, 1, [example(finding)]);
    }

    fn put(&mut self, kind: FindingKind, more: u64, what: impl IntoIterator<Item = String>) {
        let (count, examples) = self.0.entry(kind).or_default();
        *count += more;
        examples.extend(what.into_iter().take(EXAMPLES_MAX.saturating_sub(examples.len())));
    }

    /// Takes over what was found in a file, naming the file.
    fn take(&mut self, path: &str, others: &Findings) {
        for (kind, (count, examples)) in &others.0 {
            self.put(*kind, *count, examples.iter().map(|example| format!("{path}: {example}")));
        }
    }

    /// How many findings mean that database and file differ.
    pub fn normalised(&self) -> u64 {
        self.0.iter().filter(|(kind, _)| kind.normalises()).map(|(_, (count, _))| count).sum()
    }

    pub fn report(&self) -> Vec<FindingReport> {
        let mut report: Vec<FindingReport> = self
            .0
            .iter()
            .map(|(kind, (count, examples))| FindingReport {
                code: kind.code().to_owned(),
                count: *count,
                examples: examples.clone(),
            })
            .collect();
        report.sort_by_key(|finding| std::cmp::Reverse(finding.count));
        report
    }
}

fn example(finding: &Finding) -> String {
    if finding.path.is_empty() {
        finding.note.clone()
    } else {
        format!("{}: {}", finding.path, finding.note)
    }
}

/// What is known about one file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Account {
    /// Whether there is such a file; findings about one that is missing have an account too.
    pub is_there: bool,
    pub bytes: u64,
    pub sha256: String,
    pub fate: Option<Fate>,
    pub profile: Option<String>,
    pub query: Option<String>,
    pub records: u64,
    pub findings: Findings,
}

/// Accounts of all files, and notes about the workspace as a whole.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    files: BTreeMap<String, Account>,
    pub notes: Findings,
    /// Files that hold a secret in clear text.
    pub token_files: Vec<String>,
    /// What became of the rows of the old app's database.
    tables: BTreeMap<(String, Owner), RowCount>,
}

impl Ledger {
    /// Opens an account for every file there is.
    pub fn open(sources: &[Source]) -> Ledger {
        let mut ledger = Ledger::default();
        for source in sources {
            let bytes = match source.entry.kind {
                Kind::File { bytes, .. } => bytes,
                Kind::Other => 0,
                Kind::Folder | Kind::Absent => continue,
            };
            let fate = (source.class == Class::Transient).then_some(Fate::Transient);
            let account = Account { is_there: true, bytes, fate, ..Account::default() };
            ledger.files.insert(source.entry.path.clone(), account);
            if source.entry.kind == Kind::Other {
                let note = "a link or special file was not followed";
                ledger.find(&source.entry.path, &[Finding::new("", FindingKind::NotAFile, note)]);
            }
        }
        ledger
    }

    pub fn account(&mut self, path: &str) -> &mut Account {
        self.files.entry(path.to_owned()).or_default()
    }

    pub fn find(&mut self, path: &str, findings: &[Finding]) {
        let account = self.account(path);
        findings.iter().for_each(|finding| account.findings.add(finding));
    }

    pub fn note(&mut self, path: &str, kind: FindingKind, note: impl Into<String>) {
        self.notes.add(&Finding::new(path, kind, note));
    }

    /// Says whose a file is and what became of it.
    pub fn settle(&mut self, path: &str, fate: Fate, records: u64) {
        let account = self.account(path);
        // What was lost of a file that is read in parts stays lost.
        let is_partly = account.fate == Some(Fate::Partly) && fate == Fate::Imported;
        account.fate = Some(if is_partly { Fate::Partly } else { fate });
        account.records += records;
    }

    /// Accounts for rows of the old app's database.
    pub fn count_rows(&mut self, table: &str, owner: Owner, count: RowCount) {
        self.tables.entry((table.to_owned(), owner)).or_default().add(&count);
    }

    /// Accounts for the rows of a unit.
    pub fn count_unit(&mut self, unit: &Unit, outcome: &Outcome) {
        let Some(rows) = &unit.rows else { return };
        for (table, count) in &outcome.tables {
            self.count_rows(table, Owner::new(&rows.profile, &rows.query), count.clone());
        }
    }

    /// How many rows of a table are accounted for.
    pub fn rows_of(&self, table: &str) -> u64 {
        let of_table = self.tables.iter().filter(|((name, _), _)| name == table);
        of_table.map(|(_, count)| count.rows()).sum()
    }

    pub fn table_reports(&self) -> Vec<TableReport> {
        self.tables.iter().map(|((table, owner), count)| count.report(table, owner)).collect()
    }

    pub fn own(&mut self, path: &str, query: &QueryKey) {
        let account = self.account(path);
        account.profile = Some(query.profile.to_string());
        account.query = Some(query.query.to_string());
    }

    /// Notes about the workspace, with what was found about files that are not there.
    pub fn all_notes(&self) -> Findings {
        let mut notes = self.notes.clone();
        for (path, account) in self.files.iter().filter(|(_, account)| !account.is_there) {
            notes.take(path, &account.findings);
        }
        notes
    }

    /// Everything that was found, in files and beside them.
    pub fn all_findings(&self) -> Findings {
        let mut findings = self.notes.clone();
        self.files.iter().for_each(|(path, account)| findings.take(path, &account.findings));
        findings
    }

    pub fn hash(&mut self, path: &str, sha256: &str) {
        self.account(path).sha256 = sha256.to_owned();
    }

    /// How many findings of all files mean that database and file differ.
    pub fn normalised(&self) -> u64 {
        let in_files = self.files.values().map(|account| account.findings.normalised());
        in_files.sum::<u64>() + self.notes.normalised()
    }

    pub fn reports(&self) -> Vec<FileReport> {
        let there = self.files.iter().filter(|(_, account)| account.is_there);
        there.map(|(path, account)| account.report(path)).collect()
    }
}

impl Account {
    fn report(&self, path: &str) -> FileReport {
        let mut findings = self.findings.clone();
        if self.fate.is_none() && findings.0.is_empty() {
            let note = "its name is none of those that data is read from";
            findings.add(&Finding::new("", FindingKind::NotRead, note));
        }
        FileReport {
            path: path.to_owned(),
            bytes: self.bytes,
            sha256: self.sha256.clone(),
            fate: self.fate.unwrap_or(Fate::Kept),
            profile: self.profile.clone(),
            query: self.query.clone(),
            records: self.records,
            findings: findings.report(),
        }
    }
}
