//! Temporary copies of old workspaces and short ways to migrate and look at them.

use std::fs;
use std::path::{Path, PathBuf};

use migrate::{Job, Progress, Report};
use model::{Issue, Json, Query, QueryKey, TimeZone};
use store::{Reader, Store};

/// A workspace of its own, removed when it goes.
pub struct Workspace {
    _folder: tempfile::TempDir,
    pub path: PathBuf,
}

/// The repository's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn unpack(archive: &Path, inner: &str) -> Workspace {
    let folder = tempfile::tempdir().unwrap();
    let file = fs::File::open(archive).unwrap();
    tar::Archive::new(flate2::read::GzDecoder::new(file)).unpack(folder.path()).unwrap();
    Workspace { path: folder.path().join(inner), _folder: folder }
}

impl Workspace {
    /// The small workspace of the repository.
    pub fn small() -> Workspace {
        unpack(&root().join("fixtures/legacy/small.tar.gz"), "small")
    }

    /// One damaged workspace of the repository.
    pub fn corrupt(case: &str) -> Workspace {
        unpack(&root().join("fixtures/legacy/corrupt.tar.gz"), &format!("corrupt/{case}"))
    }

    /// A workspace of the data beside the repository; `None` (said) where it is not there.
    pub fn shared(name: &str) -> Option<Workspace> {
        let data = std::env::var_os("BURNDOWN_TEST_DATA").map(PathBuf::from);
        let data = data.unwrap_or_else(|| root().join("../shared/data"));
        let archive = data.join(format!("legacy/{name}.tar.gz"));
        if !archive.is_file() {
            // Past what the tests' harness keeps to itself of those that pass.
            let said = format!("skipped: no {name}.tar.gz in the test data (BURNDOWN_TEST_DATA)\n");
            let _ = std::io::Write::write_all(&mut std::io::stderr(), said.as_bytes());
            return None;
        }
        Some(unpack(&archive, name))
    }

    /// A workspace of the repository whose data is in the old app's database.
    pub fn database_of(name: &str) -> Workspace {
        unpack(&root().join(format!("fixtures/legacy/{name}.tar.gz")), name)
    }

    /// One damaged database of the data beside the repository; `None` (said) where it is not there.
    pub fn damaged_database(case: &str) -> Option<Workspace> {
        let mut workspace = Workspace::shared("sqlite-v2.15.3-damaged")?;
        workspace.path.push(case);
        Some(workspace)
    }

    /// An empty folder with these files.
    pub fn with(files: &[(&str, &[u8])]) -> Workspace {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace { path: folder.path().to_owned(), _folder: folder };
        for (path, bytes) in files {
            workspace.write(path, bytes);
        }
        workspace
    }

    pub fn write(&self, path: &str, bytes: &[u8]) {
        let place = self.path.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, bytes).unwrap();
    }

    pub fn job(&self) -> Job {
        Job {
            source: self.path.clone(),
            workspace: self.path.clone(),
            now: "2026-01-05T08:00:00Z".parse().unwrap(),
            zone: TimeZone::get("Europe/Zurich").unwrap(),
            program_version: "1.2.3".to_owned(),
            again: false,
        }
    }

    #[track_caller]
    pub fn migrate(&self) -> Report {
        let report = migrate::migrate(&self.job(), &silent).unwrap();
        let verification = report.verification.as_ref().unwrap();
        assert_eq!(verification.unexplained, Vec::<String>::new());
        report
    }

    #[track_caller]
    pub fn verify(&self) -> migrate::Verification {
        migrate::verify(&self.path, &silent).unwrap()
    }

    pub fn store(&self) -> Box<dyn Store> {
        store::open_existing(&format!("sqlite:{}", self.database().display())).unwrap()
    }

    pub fn database(&self) -> PathBuf {
        migrate::database_path(&self.path)
    }

    /// Every file with its bytes, but ours.
    pub fn legacy_files(&self) -> Vec<(String, Vec<u8>)> {
        let mut found = Vec::new();
        collect(&self.path, "", &mut found);
        found
    }
}

/// Hears of progress and says nothing.
pub fn silent(_: Progress) {}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<(String, Vec<u8>)>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let ours = (name.starts_with("burndown") && !name.starts_with("burndown.db"))
            || (prefix.is_empty() && name == "backups");
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if ours {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &path, found);
        } else if entry.file_type().unwrap().is_file() {
            found.push((path, fs::read(entry.path()).unwrap()));
        }
    }
}

/// Ids of all queries in the store.
pub fn query_keys(reader: &dyn Reader) -> Vec<QueryKey> {
    let profiles = reader.profiles().unwrap();
    let queries = profiles.iter().flat_map(|profile| reader.queries(&profile.id).unwrap());
    queries.map(|query| query.key).collect()
}

/// The only query there is.
#[track_caller]
pub fn only_query(reader: &dyn Reader) -> Query {
    let keys = query_keys(reader);
    assert_eq!(keys.len(), 1);
    reader.query(&keys[0]).unwrap().unwrap()
}

/// All issues of a query.
pub fn issues(reader: &dyn Reader, query: &QueryKey) -> Vec<Issue> {
    let mut issues = Vec::new();
    reader
        .each_issue(query, &mut |issue| {
            issues.push(issue);
            Ok(())
        })
        .unwrap();
    issues
}

/// How often a finding was reported for files whose path ends so.
pub fn findings(report: &Report, file: &str, code: &str) -> u64 {
    let files = report.files.iter().filter(|found| found.path.ends_with(file));
    let findings = files.flat_map(|found| &found.findings).filter(|found| found.code == code);
    findings.map(|found| found.count).sum()
}

/// How often a finding was reported about the workspace as a whole.
pub fn notes(report: &Report, code: &str) -> u64 {
    report.notes.iter().filter(|note| note.code == code).map(|note| note.count).sum()
}

/// A file's JSON.
pub fn json(path: &Path) -> Json {
    Json::parse(&fs::read_to_string(path).unwrap()).unwrap()
}
