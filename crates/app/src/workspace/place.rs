//! Where data lives: which folder is the workspace, and why.

use std::path::{Component, Path, PathBuf};

use serde::Serialize;

/// What the choice depends on.
#[derive(Debug, Clone, Copy)]
pub struct Candidates<'a> {
    /// The folder that was named on the command line.
    pub option: Option<&'a Path>,
    /// The folder that the environment names.
    pub variable: Option<&'a Path>,
    /// The current folder.
    pub current: &'a Path,
    /// The folder for our data on this platform.
    pub platform: Option<&'a Path>,
}

/// Which rule chose a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// It was named on the command line.
    Option,
    /// The environment names it.
    Variable,
    /// It is the current folder, and data is in it.
    CurrentFolder,
    /// Nothing else said where.
    PlatformFolder,
    /// The demo has a folder of its own.
    Demo,
    /// The data is on a server; the folder is for what only this node needs.
    State,
}

/// The folder of a workspace and why it is this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The folder, absolute if the current folder is.
    pub folder: PathBuf,
    /// The rule that chose it.
    pub rule: Rule,
}

/// Chooses the workspace: the first rule that gives a folder counts. `None` if none does, which
/// means that the platform has no place for data. The folder need not exist.
pub fn resolve(candidates: Candidates<'_>) -> Option<Place> {
    let Candidates { option, variable, current, platform } = candidates;
    let named = |folder: &Path, rule| Place { folder: real(current, folder), rule };
    let current_folder = holds_workspace(current).then(|| named(current, Rule::CurrentFolder));
    option
        .map(|folder| named(folder, Rule::Option))
        .or_else(|| variable.map(|folder| named(folder, Rule::Variable)))
        .or(current_folder)
        .or_else(|| platform.map(|folder| named(folder, Rule::PlatformFolder)))
}

/// The folder in full: without `.`, `..` and doubled separators, so that messages show a path that
/// people recognise.
pub fn absolute(current: &Path, folder: &Path) -> PathBuf {
    let mut full = PathBuf::new();
    for part in current.join(folder).components() {
        if part != Component::ParentDir {
            full.push(part);
            continue;
        }
        // Above a link lies the folder above its target.
        if full.is_symlink() {
            full = full.canonicalize().unwrap_or(full);
        }
        full.pop();
    }
    full
}

/// The same with links followed, so that a workspace reached through a link is the one it points to.
pub fn real(current: &Path, folder: &Path) -> PathBuf {
    let full = absolute(current, folder);
    full.canonicalize().unwrap_or(full)
}

/// Whether the folder holds our database or something of the old app.
fn holds_workspace(folder: &Path) -> bool {
    migrate::database_path(folder).exists() || migrate::looks_legacy(folder)
}

impl Place {
    /// The place of the demo. `platform` is the folder for the user's own data.
    pub fn demo(platform: &Path) -> Place {
        Place { folder: demo::folder(platform), rule: Rule::Demo }
    }

    /// The workspace that was meant, if the folder, or the current one where nothing was named, is
    /// the `profiles` folder inside it.
    pub fn workspace_around(&self, current: &Path) -> Option<PathBuf> {
        let meant = if self.rule == Rule::PlatformFolder { current } else { &self.folder };
        let is_inside = self.rule != Rule::Demo && migrate::is_profiles_folder(meant);
        meant.parent().filter(|_| is_inside).map(Path::to_owned)
    }

    /// Why it is this folder, as a sentence.
    pub fn why(&self) -> &'static str {
        match self.rule {
            Rule::Option => "--workspace names it",
            Rule::Variable => "the environment variable BURNDOWN_WORKSPACE names it",
            Rule::CurrentFolder => "it is the current folder, and data is in it",
            Rule::Demo => "the demo has a folder of its own",
            Rule::State => {
                "the data is on a server, which --store or BURNDOWN_STORE names; this folder holds \
                 what only this machine needs"
            }
            Rule::PlatformFolder => {
                "it is this system's folder for data of programs; no other was named, and the \
                 current folder holds none"
            }
        }
    }
}

/// Files of a workspace that hold data or secrets and that others than their owner may read or write.
pub fn open_to_others(folder: &Path) -> Vec<PathBuf> {
    const PRIVATE: [&str; 2] = ["burndown.sqlite", store::SecretFile::NAME];
    let files = PRIVATE.map(|name| folder.join(crate::PROFILES).join(name));
    files.into_iter().filter(|file| files::leads_to_open(file)).collect()
}

/// Whether anybody but its owner may read or write a file.
pub fn is_open_to_others(file: &Path) -> bool {
    files::leads_to_open(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(option: Option<&str>, variable: Option<&str>, data: Option<&str>, want: (&str, Rule)) {
        let temporary = tempfile::tempdir().unwrap();
        let current = temporary.path();
        if let Some(file) = data {
            let file = current.join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "{}").unwrap();
        }
        let platform = current.join("platform");
        let place = resolve(Candidates {
            option: option.map(Path::new),
            variable: variable.map(Path::new),
            current,
            platform: Some(&platform),
        });
        let place = place.unwrap();
        assert_eq!((place.folder, place.rule), (current.join(want.0), want.1));
    }

    #[test]
    fn the_first_rule_that_says_something_counts() {
        let database = Some("profiles/burndown.sqlite");
        check(Some("a"), Some("b"), database, ("a", Rule::Option));
        check(None, Some("b"), database, ("b", Rule::Variable));
        check(None, None, database, ("", Rule::CurrentFolder));
        check(None, None, Some("profiles/profiles.json"), ("", Rule::CurrentFolder));
        check(None, None, Some("app_settings.json"), ("", Rule::CurrentFolder));
        check(None, None, Some("notes.json"), ("platform", Rule::PlatformFolder));
        check(None, None, None, ("platform", Rule::PlatformFolder));
    }

    #[test]
    fn a_folder_is_shown_without_detours() {
        for (folder, want) in [("../b", "/x/b"), ("./c/../../d/", "/x/d"), ("/e/f//g", "/e/f/g")] {
            assert_eq!(absolute(Path::new("/x/a"), Path::new(folder)), Path::new(want));
        }
    }

    #[cfg(unix)]
    #[test]
    fn above_a_link_lies_the_folder_above_its_target() {
        let temporary = tempfile::tempdir().unwrap();
        let root = temporary.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("far/away")).unwrap();
        std::os::unix::fs::symlink(root.join("far/away"), root.join("link")).unwrap();
        assert_eq!(absolute(&root, Path::new("link/../x")), root.join("far/x"));
    }

    #[test]
    fn without_any_rule_there_is_no_place() {
        let current = tempfile::tempdir().unwrap();
        let current = current.path();
        let none = Candidates { option: None, variable: None, current, platform: None };
        assert_eq!(resolve(none), None);
    }
}
