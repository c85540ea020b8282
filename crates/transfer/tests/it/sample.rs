//! Workspaces to export from and to import into.

use std::fs::File;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use migrate::Job;
use model::{ProfileId, TimeZone};
use store::Store;
use tempfile::TempDir;
use transfer::{Content, ExportAsk, Exported, ImportAsk, Imported};

/// A store in a folder of its own.
pub struct Place {
    pub store: Box<dyn Store>,
    _folder: TempDir,
}

/// Parts of a workspace in the order of [`transfer::export_profile`].
pub const ASK: ExportAsk<'static> = ExportAsk {
    query: None,
    content: Content::Everything,
    is_gzip: false,
    program_version: "1.2.3",
    exported_at: model::Timestamp::constant(1_780_000_000, 0),
    zone: &TimeZone::UTC,
    note: None,
};

pub const IMPORT: ImportAsk<'static> = ImportAsk {
    name: None,
    zone: &TimeZone::UTC,
    day_order: None,
    into: None,
    is_own: false,
    scratch: None,
};

impl Place {
    /// A new database.
    pub fn empty() -> Place {
        Place::of(tempfile::tempdir().unwrap(), "w.sqlite")
    }

    /// A new folder in the old app's layout.
    pub fn json() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("json:{}", folder.path().join("profiles").display());
        Place { store: store::open(&address).unwrap(), _folder: folder }
    }

    fn of(folder: TempDir, database: &str) -> Place {
        let address = format!("sqlite:{}", folder.path().join(database).display());
        Place { store: store::open(&address).unwrap(), _folder: folder }
    }

    /// The small workspace of the repository, migrated.
    pub fn small() -> Place {
        Place::migrated(&root().join("fixtures/legacy/small.tar.gz"), "small")
    }

    /// A migrated workspace of the data beside the repository; `None` (said) where it is not there.
    pub fn shared(name: &str) -> Option<Place> {
        let archive = shared_archive(name)?;
        Some(Place::migrated(&archive, name))
    }

    fn migrated(archive: &Path, inner: &str) -> Place {
        Place::migrated_from(unpacked(archive), inner)
    }

    /// What the folder `inner` of a temporary one holds, migrated.
    #[track_caller]
    pub fn migrated_from(folder: TempDir, inner: &str) -> Place {
        let workspace = folder.path().join(inner);
        let job = Job {
            source: workspace.clone(),
            workspace,
            now: ASK.exported_at,
            zone: TimeZone::UTC,
            program_version: "1.2.3".to_owned(),
            again: false,
        };
        migrate::migrate(&job, &|_| {}).unwrap();
        let database = Path::new(inner).join("profiles/burndown.sqlite");
        Place::of(folder, &database.display().to_string())
    }

    /// The ids of all profiles.
    pub fn profiles(&self) -> Vec<ProfileId> {
        let profiles = self.store.read().unwrap().profiles().unwrap();
        profiles.into_iter().map(|profile| profile.id).collect()
    }

    /// The file of one profile.
    #[track_caller]
    pub fn export(&self, profile: &ProfileId, ask: &ExportAsk<'_>) -> (Vec<u8>, Exported) {
        let reader = self.store.read().unwrap();
        let mut file = Vec::new();
        let exported = transfer::export_profile(&*reader, profile, ask, &mut file).unwrap();
        (file, exported)
    }

    /// Imports and commits.
    pub fn import(&self, file: &[u8], ask: &ImportAsk<'_>) -> transfer::Result<Imported> {
        let mut writer = self.store.write()?;
        let imported = transfer::import(&mut Cursor::new(file), &mut *writer, ask)?;
        writer.commit()?;
        Ok(imported)
    }
}

/// One file of an archive of the data beside the repository; `None` (said) where it is not there.
pub fn shared_file(name: &str, path: &str) -> Option<Vec<u8>> {
    let folder = unpacked(&shared_archive(name)?);
    Some(std::fs::read(folder.path().join(name).join(path)).unwrap())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn unpacked(archive: &Path) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let file = File::open(archive).unwrap();
    tar::Archive::new(GzDecoder::new(file)).unpack(folder.path()).unwrap();
    folder
}

fn shared_archive(name: &str) -> Option<PathBuf> {
    let data = std::env::var_os("BURNDOWN_TEST_DATA").map(PathBuf::from);
    let data = data.unwrap_or_else(|| root().join("../shared/data"));
    let archive = data.join(format!("legacy/{name}.tar.gz"));
    if !archive.is_file() {
        println!("skipped: no {name}.tar.gz in the test data (BURNDOWN_TEST_DATA)");
        return None;
    }
    Some(archive)
}
