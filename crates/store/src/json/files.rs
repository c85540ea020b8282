//! The files of one transaction: a reader's view of its revision, or the folder with a writer's
//! staged changes on top.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Read as _, Write};
use std::path::{Path, PathBuf};

use model::{Json, Object, cp1252};

use super::layout::{LEDGER, Tree, absolute, check_folders};
use super::ledger::{self, Ledger};
use super::publish::Journal;
use super::staging::{Newest, Staging};
use super::work_folder::WorkFolder;
use crate::contract::Revision;
use crate::error::{Error, Result};
use crate::legacy::split::decode_utf16;

/// Files by their place, as this transaction sees them.
#[derive(Debug)]
pub(super) struct Files {
    root: PathBuf,
    mode: Mode,
    pub tree: Tree,
    pub ledger: Ledger,
}

#[derive(Debug)]
enum Mode {
    /// What stood there at the ledger's revision. Without a work folder at its begin a reader
    /// holds no lock (see [`Files::check_undisturbed`]).
    Reading {
        holds_lock: bool,
    },
    Writing(Staging),
}

impl Files {
    /// A view of what stands in the folder now; the caller keeps writers away meanwhile.
    pub(super) fn for_reading(root: &Path, holds_lock: bool) -> Result<Files> {
        Files::load(root, Mode::Reading { holds_lock })
    }

    /// The folder, to be changed; the caller holds the writer's lock.
    pub(super) fn for_writing(root: &Path) -> Result<Files> {
        let mut files = Files::load(root, Mode::Writing(Staging::new(WorkFolder::of(root))))?;
        files.ledger.revision += 1;
        Ok(files)
    }

    fn load(root: &Path, mode: Mode) -> Result<Files> {
        let tree = Tree::walk(root)?;
        let ledger =
            if tree.files.contains(LEDGER) { load_ledger(root)? } else { Ledger::default() };
        Ok(Files { root: root.to_owned(), mode, tree, ledger })
    }

    pub(super) fn path_of(&self, place: &str) -> PathBuf {
        absolute(&self.root, place)
    }

    /// Opens the file at a place; `None` if there is none.
    pub(super) fn open(&self, place: &str) -> Result<Option<File>> {
        if !self.tree.files.contains(place) {
            return Ok(None);
        }
        let path = match &self.mode {
            Mode::Reading { holds_lock } => return self.open_version(place, *holds_lock).map(Some),
            Mode::Writing(staging) => match staging.newest(place) {
                Newest::Staged(path) => path,
                Newest::Gone => return Ok(None),
                Newest::Untouched => absolute(&self.root, place),
            },
        };
        File::open(&path).map(Some).map_err(|error| Error::from_io(&error, &path))
    }

    /// Opens the version that a reader of the ledger's revision must see.
    fn open_version(&self, place: &str, holds_lock: bool) -> Result<File> {
        let path = absolute(&self.root, place);
        if let Some(kept) = self.kept_version(place)? {
            return Ok(kept);
        }
        let live = File::open(&path);
        // A writer keeps the old version before it puts a new one in place, so if there is none
        // after opening, what was opened is what stood there.
        if let Some(kept) = self.kept_version(place)? {
            return Ok(kept);
        }
        if !holds_lock {
            self.check_undisturbed()?;
        }
        live.map_err(|error| Error::from_io(&error, &path))
    }

    fn kept_version(&self, place: &str) -> Result<Option<File>> {
        let work = WorkFolder::of(&self.root);
        for revision in work.kept_revisions()? {
            let path = absolute(&work.superseded_by(revision), place);
            if revision <= self.ledger.revision {
                continue;
            }
            match File::open(&path) {
                Ok(file) => return Ok(Some(file)),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(Error::from_io(&error, &path)),
            }
        }
        Ok(None)
    }

    /// A reader without a lock sees whether the first writer of another process has tidied away
    /// what it would still need.
    fn check_undisturbed(&self) -> Result<()> {
        let work = WorkFolder::of(&self.root);
        if work.exists() && !work.kept_revisions()?.contains(&(self.ledger.revision + 1)) {
            let place = self.root.display().to_string();
            let why = "another program wrote to it meanwhile; read it again".to_owned();
            return Err(Error::Unreachable { place, why });
        }
        Ok(())
    }

    /// The object in a small file; `None` if there is no such file.
    pub(super) fn read_object(&self, place: &str) -> Result<Option<Object>> {
        let Some(file) = self.open(place)? else { return Ok(None) };
        parse_object(file, &absolute(&self.root, place)).map(Some)
    }

    /// What the ledger says about a file that is still as we wrote it.
    pub(super) fn details(&self, place: &str) -> Result<Object> {
        if !self.ledger.has_details(place) {
            return Ok(Object::new());
        }
        let Some(mut file) = self.open(place)? else { return Ok(Object::new()) };
        let seal = ledger::seal(&mut file);
        let seal = seal.map_err(|error| Error::from_io(&error, &self.path_of(place)))?;
        Ok(self.ledger.details(place, &seal).cloned().unwrap_or_default())
    }

    /// Stages a small file with what the ledger shall say about it.
    pub(super) fn write_object(
        &mut self,
        place: &str,
        object: Object,
        details: Object,
    ) -> Result<()> {
        let text = Json::Object(object).to_indented();
        self.write(place, details, |out| out.write_all(text.as_bytes()))
    }

    /// Stages a file of any size.
    pub(super) fn write(
        &mut self,
        place: &str,
        details: Object,
        content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<()> {
        check_folders(&self.root, place)?;
        let staging = self.staging()?;
        let (number, file) = staging.create()?;
        let path = staging.path(number);
        let written = (|| {
            let mut out = BufWriter::new(file);
            content(&mut out)?;
            out.into_inner().map_err(io::IntoInnerError::into_error)?;
            let needs_seal = !details.is_empty();
            needs_seal.then(|| ledger::seal(&mut File::open(&path)?)).transpose()
        })();
        let seal = written.map_err(|error| {
            let _ = fs::remove_file(&path);
            Error::from_io(&error, &path)
        })?;
        staging.put(place, number);
        self.tree.files.insert(place.to_owned());
        self.ledger.note_written(place, seal, details);
        Ok(())
    }

    /// Stages the removal of a file or of a folder with all that is in it.
    pub(super) fn remove(&mut self, place: &str) -> Result<()> {
        check_folders(&self.root, place)?;
        self.staging()?.remove(place);
        self.tree.forget_folder(place);
        self.ledger.note_removed(place);
        Ok(())
    }

    /// Stages the ledger and says what is to be done, the ledger last: its revision is what tells
    /// readers that everything before has happened.
    pub(super) fn journal(&mut self) -> Result<Journal> {
        let revision = self.ledger.revision;
        let object = self.ledger.encode();
        let text = Json::Object(object).to_indented();
        let staging = self.staging()?;
        let (number, mut file) = staging.create()?;
        let path = staging.path(number);
        file.write_all(text.as_bytes()).map_err(|error| Error::from_io(&error, &path))?;
        staging.put(LEDGER, number);
        Ok(staging.journal(revision, LEDGER))
    }

    /// From now on the journal alone decides about the staged files.
    pub(super) fn set_published(&mut self) {
        if let Mode::Writing(staging) = &mut self.mode {
            staging.set_published();
        }
    }

    /// The revision that last wrote or removed the file; 0 if only the old app ever wrote it.
    pub(super) fn revision_of(&self, place: &str) -> Option<Revision> {
        let unwritten = || self.tree.files.contains(place).then_some(0);
        self.ledger.revision_of(place).or_else(unwritten)
    }

    fn staging(&mut self) -> Result<&mut Staging> {
        match &mut self.mode {
            Mode::Writing(staging) => Ok(staging),
            Mode::Reading { .. } => Err(Error::ReadOnly {
                place: self.root.display().to_string(),
                why: "it was opened for reading".to_owned(),
            }),
        }
    }
}

/// Damage of a file.
pub(super) fn corrupt(path: &Path, what: impl Into<String>) -> Error {
    Error::Corrupt { place: path.display().to_string(), what: what.into() }
}

/// The ledger that stands in the folder: its revision is what a view is a view of.
fn load_ledger(root: &Path) -> Result<Ledger> {
    let path = absolute(root, LEDGER);
    let file = File::open(&path).map_err(|error| Error::from_io(&error, &path))?;
    let object = parse_object(file, &path)?;
    ledger::check_version(&object, &path.display().to_string())?;
    Ledger::decode(object).map_err(|what| corrupt(&path, what))
}

fn parse_object(file: File, path: &Path) -> Result<Object> {
    let text = read_text(file).map_err(|error| Error::from_io(&error, path))?;
    match Json::parse(&text) {
        Ok(Json::Object(object)) => Ok(object),
        Ok(other) => {
            let what = format!("{} stands where an object belongs", other.kind_name());
            Err(corrupt(path, what))
        }
        Err(error) => Err(corrupt(path, error.to_string())),
    }
}

fn read_text(file: File) -> io::Result<String> {
    let (mut source, _) = decode_utf16(file)?;
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes)?;
    // The old app's Windows builds left bytes of their code page behind.
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| cp1252::decode(error.as_bytes())))
}
