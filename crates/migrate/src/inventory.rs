//! Which files belong to the old app, and what each is for, by place and name.

use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::folder::{Choice, Entry, Folder, Kind};
use crate::{link, old_backup};

/// Which of the layouts of `docs/migration.md` are there; several may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Layout {
    /// `profiles/burndown.db` (2.5 and later).
    pub has_database: bool,
    /// `profiles/<id>/…`.
    pub has_profiles: bool,
    /// Everything in the root folder (2025).
    pub has_root: bool,
}

impl Layout {
    pub fn is_empty(self) -> bool {
        self == Layout::default()
    }

    /// Whether there is JSON.
    pub fn has_json(self) -> bool {
        self.has_profiles || self.has_root
    }

    pub fn describe(self) -> &'static str {
        match (self.has_database, self.has_profiles, self.has_root) {
            (true, false, false) => "database (2.5 or later)",
            (true, true, _) => "database (2.5 or later) with JSON profiles",
            (true, false, true) => "database (2.5 or later) with root files of 2025",
            (false, true, false) => "profiles folder (2.x)",
            (false, true, true) => "profiles folder (2.x) with root files of 2025",
            (false, false, true) => "root files of 2025 (before profiles)",
            (false, false, false) => "nothing of the old app",
        }
    }
}

/// What a file is to the migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Backed up, and read if it has a known place.
    Data,
    /// Of one machine or moment: listed only.
    Transient,
}

/// One entry of the old app's folder.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub entry: Entry,
    pub class: Class,
}

/// Root files of 2025 that hold a user's data.
pub(crate) const ROOT_DATA: [&str; 7] = [
    "app_settings.json",
    "project_data.json",
    "jira_cache.json",
    "jira_changelog_cache.json",
    "metrics_snapshots.json",
    "forecast_settings.json",
    "forecast_statistics.csv",
];

/// Saved JQL texts: root file, also beside profiles.
pub(crate) const SAVED_QUERIES: &str = "jira_query_profiles.json";

/// Where the step to profiles archived them.
pub(crate) const ARCHIVED_SAVED_QUERIES: &str = "_migrated_backup/jira_query_profiles.json";

const TRANSIENT_ROOT: [&str; 6] = [
    "task_progress.json",
    "task_progress.json.restart",
    "metrics_cache.json",
    "burndown_errors.log",
    "app_pid.txt",
    ".task_progress.json",
];

const TRANSIENT_FOLDERS: [&str; 3] = ["cache", "logs", "temp_reports"];

/// Where the JSON store keeps what it works on.
const WORK_FOLDER: &str = ".burndown-json";

/// The old app's own database, which is only ever opened as a copy.
pub const OLD_DATABASE: &str = "profiles/burndown.db";

/// Its log, which holds the newest changes where it is there.
pub(crate) const OLD_DATABASE_LOG: &str = "profiles/burndown.db-wal";

/// What SQLite makes anew whenever it opens the database.
const OLD_DATABASE_INDEX: &str = "profiles/burndown.db-shm";

/// Whether a path is the old app's database or one of the files that SQLite keeps beside it.
pub(crate) fn is_old_database(path: &str) -> bool {
    let suffix = path.strip_prefix(OLD_DATABASE);
    suffix.is_some_and(|suffix| ["", "-wal", "-shm", "-journal"].contains(&suffix))
}

/// Whether files of that name are settings, which may hold a token.
pub(crate) fn may_hold_token(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    ["app_settings", "profile"].iter().any(|stem| name.starts_with(stem))
}

/// Whether a path below `profiles` is one of our own files. A folder is that of a profile, whatever its
/// name, unless its name is that of a temporary one.
pub(crate) fn is_ours(path: &str, kind: Kind) -> bool {
    const STEMS: [&str; 10] = [
        "burndown.sqlite",
        "burndown.lock",
        "burndown.before-v",
        "burndown.rescued-",
        "burndown-secrets.",
        "burndown-checked.",
        "burndown-compared.",
        model::access_key::KEY_FILE,
        model::access_key::ADDRESS_FILE,
        model::access_key::OPENING_FILE,
    ];
    const NAME: &str = "burndown.json";
    let name = path.split('/').next().unwrap_or_default();
    if name.starts_with(files::TEMPORARY) {
        return true;
    }
    if kind == Kind::Folder || name != path {
        return false;
    }
    STEMS.iter().any(|stem| name.starts_with(stem)) || name == NAME
}

/// Finds the layout of a folder.
pub(crate) fn layout(folder: &Folder) -> Result<Layout> {
    let profiles = folder.list("profiles")?;
    let in_profiles = profiles.iter().any(|entry| {
        let name = entry.path.trim_start_matches("profiles/");
        let is_other = is_ours(name, entry.kind) || is_old_database(&entry.path);
        !is_other && !is_system_file(name)
    });
    let mut has_root = false;
    for name in ROOT_DATA {
        has_root |= folder.is_file(name)?;
    }
    let choice = folder.choice();
    Ok(Layout {
        has_database: folder.has_database()? && choice != Some(Choice::Json),
        has_profiles: in_profiles && choice != Some(Choice::Database),
        has_root: has_root && choice != Some(Choice::Database),
    })
}

/// Files that file managers leave behind.
fn is_system_file(name: &str) -> bool {
    [".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep", ".gitignore"].contains(&name)
}

/// Every file and folder of the old app, ours left out.
pub(crate) fn sources(folder: &Folder) -> Result<Vec<Source>> {
    let mut found = Vec::new();
    for entry in folder.list("")? {
        let name = entry.path.clone();
        if name == "profiles" || name == "_migrated_backup" {
            found.push(Source { entry, class: Class::Data });
            for entry in folder.walk(&name)? {
                let in_profiles = entry.path.strip_prefix("profiles/");
                let is_ours = in_profiles.is_some_and(|path| is_ours(path, entry.kind));
                if !is_ours && !is_temporary(&entry.path) {
                    let class = class_in_profiles(&entry);
                    found.push(Source { entry, class });
                }
            }
        } else if TRANSIENT_FOLDERS.contains(&name.as_str()) && entry.kind == Kind::Folder {
            let below = folder.walk(&name)?.into_iter();
            let files = below.filter(|entry| matches!(entry.kind, Kind::File { .. }));
            found.extend(files.map(|entry| Source { entry, class: Class::Transient }));
        } else if let Some(class) = class_of_root(&name) {
            found.push(Source { entry, class });
        }
    }
    if folder.has_database()? {
        let copies = old_backup::entries(folder)?.into_iter();
        found.extend(copies.map(|entry| Source { entry, class: Class::Data }));
    }
    Ok(found)
}

/// The same with the private copy in place of a database that is read, which is of one moment: the old app
/// may write to its own all the time.
pub(crate) fn as_copied(folder: &Folder, sources: Vec<Source>) -> Result<Vec<Source>> {
    let Some(database) = folder.usable_database()? else { return Ok(sources) };
    let copied = database.moment.files().map(|(suffix, bytes, modified)| {
        let (path, kind) = (format!("{OLD_DATABASE}{suffix}"), Kind::File { bytes, modified });
        let entry = Entry { path, place: database.copied(suffix), kind, is_inexact: false };
        Source { entry, class: Class::Data }
    });
    let copied: Vec<Source> = copied.collect();
    let mut all = Vec::with_capacity(sources.len() + 1);
    for listed in sources {
        let path = listed.entry.path.as_str();
        let is_file = matches!(listed.entry.kind, Kind::File { .. });
        let is_copied = copied.iter().any(|source| source.entry.path == path);
        // A log that was not there yet when the database was copied is of a later moment.
        let is_later = path == OLD_DATABASE_LOG && is_file && listed.class == Class::Data;
        if path == OLD_DATABASE {
            all.extend(copied.iter().cloned());
        } else if !is_copied && !is_later {
            all.push(listed);
        }
    }
    Ok(all)
}

/// An index is made anew, and a log without a byte says nothing: they come and go by looking.
fn class_in_profiles(entry: &Entry) -> Class {
    let is_empty = matches!(entry.kind, Kind::File { bytes: 0, .. });
    if entry.path == OLD_DATABASE_INDEX || (entry.path == OLD_DATABASE_LOG && is_empty) {
        Class::Transient
    } else {
        Class::Data
    }
}

/// Our temporary files and folders, which only a kill leaves behind. The work folder of the JSON
/// store looks after itself.
pub(crate) fn temporaries(folder: &Folder) -> Result<Vec<PathBuf>> {
    let mut entries = folder.walk("profiles")?;
    entries.extend(folder.list("backups")?);
    entries.extend(folder.list("")?);
    let ours = entries.into_iter().filter(|entry| is_temporary(&entry.path));
    Ok(ours.map(|entry| entry.place).collect())
}

fn is_temporary(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.starts_with(files::TEMPORARY) && name != WORK_FOLDER
}

/// Bytes of all files that are backed up.
pub(crate) fn data_bytes(sources: &[Source]) -> u64 {
    data_files(sources).sum()
}

/// The bytes of each file that is backed up.
pub(crate) fn data_files(sources: &[Source]) -> impl Iterator<Item = u64> {
    sources.iter().filter(|source| source.class == Class::Data).filter_map(|source| {
        if let Kind::File { bytes, .. } = source.entry.kind { Some(bytes) } else { None }
    })
}

fn class_of_root(name: &str) -> Option<Class> {
    let is_backup_of_data = name
        .strip_suffix(".backup")
        .is_some_and(|data| ROOT_DATA.contains(&data) || data == SAVED_QUERIES);
    let is_old_csv = name.starts_with("backup_forecast_statistics_") && name.ends_with(".csv");
    let is_temporary = name.ends_with(".tmp")
        && ["project_data", "app_settings", "metrics_snapshots", "jira_cache"]
            .iter()
            .any(|stem| name.starts_with(stem));
    if ROOT_DATA.contains(&name)
        || name == SAVED_QUERIES
        || is_backup_of_data
        || is_old_csv
        || is_temporary
    {
        return Some(Class::Data);
    }
    let is_transient = TRANSIENT_ROOT.iter().any(|transient| name.starts_with(transient));
    is_transient.then_some(Class::Transient)
}

/// Whether the folder holds anything of the old app. What cannot be looked into, or is a link, may
/// hold it: whoever goes on from here says so rather than that there is nothing.
pub fn looks_legacy(folder: &Path) -> bool {
    let is_link = link::target_of(&folder.join("profiles")).is_some();
    let folder = Folder::new(folder);
    is_link || layout(&folder).map_or(true, |layout| !layout.is_empty())
}

/// Whether the folder is the `profiles` folder of a workspace, not the workspace itself.
pub fn is_profiles_folder(folder: &Path) -> bool {
    folder.ends_with("profiles")
        && ["profiles.json", "burndown.sqlite"].iter().any(|name| folder.join(name).is_file())
        && !looks_legacy(folder)
}
