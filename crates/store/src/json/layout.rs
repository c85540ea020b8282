//! Names and places in the folder of the old app, and what stands there now.
//!
//! A place is a path relative to the folder with `/` between its parts. Ids never hold a
//! separator, so a place names one file exactly.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use model::{CacheKind, ProfileId, QueryId, QueryKey};

use crate::error::{Error, Result};

/// The registry of profiles and the active selection.
pub(super) const REGISTRY: &str = "profiles.json";
/// What the layout has no place for.
pub const LEDGER: &str = "burndown.json";
/// Locks, unfinished writes and versions that readers still need.
pub const WORK_FOLDER: &str = ".burndown-json";

/// The files of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QueryFile {
    Query,
    Issues,
    Changelogs,
    ProjectData,
    Snapshots,
    Syncs,
    Left,
}

impl QueryFile {
    const ALL: [QueryFile; 7] = [
        Self::Query,
        Self::Issues,
        Self::Changelogs,
        Self::ProjectData,
        Self::Snapshots,
        Self::Syncs,
        Self::Left,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Query => "query.json",
            Self::Issues => "jira_cache.json",
            Self::Changelogs => "jira_changelog_cache.json",
            Self::ProjectData => "project_data.json",
            Self::Snapshots => "metrics_snapshots.json",
            Self::Syncs => "burndown_syncs.json",
            Self::Left => "burndown_left.json",
        }
    }
}

impl From<CacheKind> for QueryFile {
    fn from(kind: CacheKind) -> QueryFile {
        match kind {
            CacheKind::Issues => QueryFile::Issues,
            CacheKind::Changelogs => QueryFile::Changelogs,
        }
    }
}

/// Place of a profile's folder.
pub(super) fn profile_folder(id: &ProfileId) -> String {
    id.to_string()
}

/// Place of a profile's settings.
pub(super) fn profile_file(id: &ProfileId) -> String {
    format!("{id}/profile.json")
}

/// Place of the statuses that a profile's server lists.
pub(super) fn statuses_file(id: &ProfileId) -> String {
    format!("{id}/burndown_statuses.json")
}

/// Place of a query's folder.
pub(super) fn query_folder(key: &QueryKey) -> String {
    format!("{}/queries/{}", key.profile, key.query)
}

/// Place of one file of a query.
pub(super) fn query_file(key: &QueryKey, file: QueryFile) -> String {
    format!("{}/{}", query_folder(key), file.name())
}

/// Place of a profile's deliveries.
pub(super) fn deliveries_file(id: &ProfileId) -> String {
    format!("{id}/burndown_deliveries.json")
}

/// The file of a place.
pub(super) fn absolute(root: &Path, place: &str) -> PathBuf {
    place.split('/').fold(root.to_owned(), |path, part| path.join(part))
}

/// Whether a place is not in the folder by its name, or through a link on the way.
pub(super) fn leads_elsewhere(root: &Path, place: &str) -> bool {
    let is_name = |part: &str| {
        let mut parts = Path::new(part).components();
        let is_plain = matches!(parts.next(), Some(Component::Normal(name)) if name == part);
        is_plain && parts.next().is_none() && !part.contains('\0')
    };
    let is_link = |folder: &str| absolute(root, folder).is_symlink();
    !place.split('/').all(is_name) || ancestors(place).any(is_link)
}

/// The folders that a place lies in, the nearest first, without the root.
pub(super) fn ancestors(place: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(place.rsplit_once('/'), |(folder, _)| folder.rsplit_once('/'))
        .map(|(folder, _)| folder)
}

/// Whether `place` is `folder` or lies in it.
pub(super) fn lies_in(place: &str, folder: &str) -> bool {
    place.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Refuses ids that are names of the folder's own files.
pub(super) fn check_profile_id(id: &ProfileId) -> Result<()> {
    if [REGISTRY, LEDGER, WORK_FOLDER].iter().any(|own| id.as_str().eq_ignore_ascii_case(own)) {
        let why = format!("{:?} is the name of a file of the folder; choose another", id.as_str());
        return Err(Error::invalid("profile.id", why));
    }
    Ok(())
}

/// Refuses a place that leads through a link or a file, so that nothing is written elsewhere.
pub(super) fn check_folders(root: &Path, place: &str) -> Result<()> {
    for folder in ancestors(place) {
        let path = absolute(root, folder);
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => {
                let why = "a link or a file stands where a folder belongs".to_owned();
                return Err(Error::Unreachable { place: path.display().to_string(), why });
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(Error::from_io(&error, &path)),
        }
    }
    Ok(())
}

/// What stands in a folder.
#[derive(Debug, Clone, Default)]
pub(super) struct Tree {
    /// Profiles with their queries. Folders are the truth, whatever the registry says.
    pub profiles: BTreeMap<ProfileId, BTreeSet<QueryId>>,
    /// Places of all files of the layout.
    pub files: BTreeSet<String>,
}

impl Tree {
    /// Walks the folder; links and special files are passed over.
    pub(super) fn walk(root: &Path) -> Result<Tree> {
        let mut tree = Tree::default();
        for name in [REGISTRY, LEDGER] {
            tree.note_file(root, name);
        }
        for name in folders_in(root)? {
            let Ok(id) = ProfileId::new(name) else { continue };
            if check_profile_id(&id).is_ok() {
                tree.walk_profile(root, id)?;
            }
        }
        Ok(tree)
    }

    fn walk_profile(&mut self, root: &Path, id: ProfileId) -> Result<()> {
        let is_profile = self.note_file(root, &profile_file(&id));
        self.note_file(root, &statuses_file(&id));
        self.note_file(root, &deliveries_file(&id));
        let queries_folder = absolute(root, &format!("{id}/queries"));
        let is_real = |path: &Path| fs::symlink_metadata(path).is_ok_and(|found| found.is_dir());
        let names =
            if is_real(&queries_folder) { folders_in(&queries_folder)? } else { Vec::new() };
        let mut queries = BTreeSet::new();
        for name in names {
            let Ok(query) = QueryId::new(name) else { continue };
            let key = QueryKey::new(id.clone(), query);
            let files = QueryFile::ALL.map(|file| self.note_file(root, &query_file(&key, file)));
            if files.contains(&true) {
                queries.insert(key.query);
            }
        }
        if is_profile || is_real(&queries_folder) {
            self.profiles.insert(id, queries);
        }
        Ok(())
    }

    fn note_file(&mut self, root: &Path, place: &str) -> bool {
        let found = fs::symlink_metadata(absolute(root, place)).is_ok_and(|found| found.is_file());
        if found {
            self.files.insert(place.to_owned());
        }
        found
    }

    /// Whether there is such a query.
    pub(super) fn has_query(&self, key: &QueryKey) -> bool {
        self.profiles.get(&key.profile).is_some_and(|queries| queries.contains(&key.query))
    }

    /// All queries, by profile.
    pub(super) fn queries(&self) -> Vec<QueryKey> {
        let of_profile = |(profile, queries): (&ProfileId, &BTreeSet<QueryId>)| {
            let key = |query: &QueryId| QueryKey::new(profile.clone(), query.clone());
            queries.iter().map(key).collect::<Vec<_>>()
        };
        self.profiles.iter().flat_map(of_profile).collect()
    }

    /// Forgets all files in a folder.
    pub(super) fn forget_folder(&mut self, folder: &str) {
        self.files.retain(|place| !lies_in(place, folder));
    }
}

fn folders_in(folder: &Path) -> Result<Vec<String>> {
    let in_folder = |error: std::io::Error| Error::from_io(&error, folder);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(in_folder(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(in_folder)?;
        if entry.file_type().map_err(in_folder)?.is_dir() {
            // A name that is not Unicode cannot be an id; the migration reports it.
            names.extend(entry.file_name().into_string().ok());
        }
    }
    Ok(names)
}
