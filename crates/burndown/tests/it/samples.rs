//! Workspaces to run the program on.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::program::run;

/// A folder of its own, removed when dropped.
pub struct Workspace {
    _keeper: TempDir,
    /// The workspace in it.
    pub path: PathBuf,
}

impl Workspace {
    /// Nothing at all.
    pub fn empty() -> Workspace {
        let keeper = TempDir::new().unwrap();
        // The path as the program sees it, where the folder for temporary files is a link.
        let path = keeper.path().canonicalize().unwrap();
        Workspace { _keeper: keeper, path }
    }

    /// The sample of the old app with one query of 60 issues.
    pub fn small() -> Workspace {
        Workspace::unpacked(&fixture("small"), "small")
    }

    /// The same, migrated.
    pub fn migrated() -> Workspace {
        let workspace = Workspace::small();
        run(&workspace.path, &["migrate"]).answer();
        workspace
    }

    /// One of the damaged samples.
    pub fn corrupt(case: &str) -> Workspace {
        Workspace::unpacked(&fixture("corrupt"), &format!("corrupt/{case}"))
    }

    /// A folder of an archive.
    pub fn unpacked(archive: &Path, folder: &str) -> Workspace {
        let Workspace { _keeper, path } = Workspace::empty();
        unpack(archive, &path);
        Workspace { _keeper, path: path.join(folder) }
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.path.join("profiles/burndown.sqlite")
    }

    /// Every file with its bytes, by path relative to the workspace.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.path, &self.path, &mut files);
        files
    }
}

/// Unpacks an archive into a folder.
pub fn unpack(archive: &Path, into: &Path) {
    let unzipped = flate2::read::GzDecoder::new(File::open(archive).unwrap());
    tar::Archive::new(unzipped).unpack(into).unwrap();
}

/// A packed sample of this repository.
pub fn fixture(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/legacy");
    folder.join(format!("{name}.tar.gz"))
}

/// A workspace equal to another one, with every folder and file.
pub fn copy_folder(from: &Workspace) -> Workspace {
    let to = Workspace::empty();
    copy_into(&from.path, &to.path);
    to
}

fn copy_into(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let place = to.join(path.file_name().unwrap());
        if path.is_dir() {
            fs::create_dir(&place).unwrap();
            fs::set_permissions(&place, fs::metadata(&path).unwrap().permissions()).unwrap();
            copy_into(&path, &place);
        } else {
            fs::copy(&path, &place).unwrap();
        }
    }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else if path.is_file() {
            let name = path.strip_prefix(root).unwrap().display().to_string();
            files.insert(name, fs::read(&path).unwrap());
        }
    }
}
