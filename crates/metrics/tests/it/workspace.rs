//! Sample workspaces of the old app, read straight from their files.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use metrics::{IssueHistory, Statistics, Workflow};
use model::{Document, IssueFacts, Json, ProjectData, Settings, Tape, changelog};
use tempfile::TempDir;

/// One query with issues.
pub struct Query {
    /// Its name.
    pub name: String,
    /// The workflow of its profile.
    pub workflow: Workflow,
    /// Its issues.
    pub histories: Vec<IssueHistory>,
    /// Its stored statistics.
    pub statistics: Statistics,
    /// The issue cache as it is in the file.
    pub issues_text: String,
    /// The changelog cache as it is in the file.
    pub changelogs_text: String,
    /// The settings as they are in the file.
    pub profile_text: String,
}

/// The queries with issues of a sample workspace, by name; `None` where the sample is not there.
pub fn queries(sample: &str) -> Option<Vec<Query>> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let data = std::env::var_os("BURNDOWN_TEST_DATA").map_or(beside, PathBuf::from);
    let archive = data.join("legacy").join(format!("{sample}.tar.gz"));
    if !archive.is_file() {
        eprintln!("skipped: {} is not there", archive.display());
        return None;
    }
    let folder = TempDir::new().unwrap();
    let unzipped = flate2::read::GzDecoder::new(File::open(&archive).unwrap());
    tar::Archive::new(unzipped).unpack(folder.path()).unwrap();
    let mut queries = Vec::new();
    for profile in folders(&folder.path().join(sample).join("profiles")) {
        let found = folders(&profile.join("queries")).into_iter();
        queries.extend(found.filter_map(|query| read(&profile, &query)));
    }
    queries.sort_by(|a, b| a.name.cmp(&b.name));
    Some(queries)
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_dir()).collect()
}

fn read(profile: &Path, query: &Path) -> Option<Query> {
    let issues_text = fs::read_to_string(query.join("jira_cache.json")).ok()?;
    let text = |path: PathBuf| fs::read_to_string(path).unwrap();
    let changelogs_text = text(query.join("jira_changelog_cache.json"));
    let profile_text = text(profile.join("profile.json"));
    let member = |text: &str, name: &str| Json::parse(text).unwrap().get(name).cloned();
    let settings = Settings {
        jira_config: member(&profile_text, "jira_config"),
        project_classification: member(&profile_text, "project_classification"),
        ..Settings::default()
    };
    let statistics = member(&text(query.join("project_data.json")), "statistics");
    let data = ProjectData { statistics, ..ProjectData::default() };
    Some(Query {
        name: member(&text(query.join("query.json")), "name")?.as_text()?.into_owned(),
        workflow: Workflow::of(&model::ProfileSettings::read(&settings)),
        histories: histories(&issues_text, &changelogs_text, settings.points_field()),
        statistics: Statistics::read(&data),
        issues_text,
        changelogs_text,
        profile_text,
    })
}

fn histories(issues: &str, changelogs: &str, points_field: Option<&str>) -> Vec<IssueHistory> {
    let mut tape = Tape::new();
    let document = |value: &Json| Document::from_stored(value.to_compact());
    let cache = Json::parse(issues).unwrap();
    let issues = cache.get("issues").and_then(Json::as_array).unwrap();
    let facts: Vec<IssueFacts> = issues
        .iter()
        .map(|issue| {
            let key = issue.get("key").and_then(Json::as_text).unwrap();
            IssueFacts::derive(&key, &document(issue), points_field, &mut tape)
        })
        .collect();
    let cache = Json::parse(changelogs).unwrap();
    let transitions: Vec<_> = cache
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, entry)| (key.to_owned(), changelog::transitions(&document(entry), &mut tape)))
        .collect();
    IssueHistory::join(facts, transitions)
}
