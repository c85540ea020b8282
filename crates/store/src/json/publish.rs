//! Making a transaction real: a journal says what is to be done, then files take their places.
//!
//! The journal is the moment of truth. Before it stands, nothing has changed and staged files are
//! rubbish; once it stands, every step can be done again from wherever it was cut off.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use model::{Json, Object};

use super::layout::{absolute, leads_elsewhere};
use super::work_folder::WorkFolder;
use crate::contract::Revision;
use crate::error::{Error, Result};

/// One change of the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Takes a file or folder away.
    Remove(String),
    /// Puts the staged file of that number in place.
    Put(String, u32),
}

impl Step {
    fn place(&self) -> &str {
        match self {
            Step::Remove(place) | Step::Put(place, _) => place,
        }
    }
}

/// All changes of a transaction, removals first, in the order in which they are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Journal {
    pub revision: Revision,
    pub steps: Vec<Step>,
}

/// Called before each step; an error stops there, as a crash would.
pub(super) type BeforeStep<'b> = &'b mut dyn FnMut(&str) -> Result<()>;

impl Journal {
    fn encode(&self) -> Object {
        let step = |step: &Step| {
            let mut object = Object::new();
            match step {
                Step::Remove(place) => object.set("remove", Json::text(place)),
                Step::Put(place, number) => {
                    object.set("put", Json::text(place));
                    object.set("from", Json::integer((*number).into()));
                }
            }
            Json::Object(object)
        };
        let mut object = Object::new();
        object.set("revision", Json::Number(self.revision.to_string().into()));
        object.set("steps", Json::Array(self.steps.iter().map(step).collect()));
        object
    }

    fn decode(text: &str) -> Option<Journal> {
        let json = Json::parse(text).ok()?;
        let number = |json: &Json| match json {
            Json::Number(text) => Some(text.to_string()),
            _ => None,
        };
        let step = |json: &Json| match json.get("remove") {
            Some(place) => Some(Step::Remove(place.as_text()?.into_owned())),
            None => {
                let from = number(json.get("from")?)?.parse().ok()?;
                Some(Step::Put(json.get("put")?.as_text()?.into_owned(), from))
            }
        };
        Some(Journal {
            revision: number(json.get("revision")?)?.parse().ok()?,
            steps: json.get("steps")?.as_array()?.iter().map(step).collect::<Option<_>>()?,
        })
    }

    /// Writes the journal and does what it says.
    pub(super) fn publish(&self, root: &Path, before: BeforeStep<'_>) -> Result<()> {
        let work = WorkFolder::of(root);
        before("staged files are synced")?;
        for step in &self.steps {
            if let Step::Put(_, number) = step {
                files::flush_file(&work.new_file(*number))?;
            }
        }
        files::flush_folder(&work.new_folder())?;
        before("the journal is written")?;
        // What stands there from a folder that was restored since would look like steps done.
        files::remove(&work.superseded_by(self.revision))?;
        self.write(&work)?;
        self.roll_forward(root, before)
    }

    fn write(&self, work: &WorkFolder) -> Result<()> {
        let text = Json::Object(self.encode()).to_indented();
        Ok(files::write_file(&work.journal(), text.as_bytes())?)
    }

    /// Does all steps, those that were done before included, and removes the journal.
    fn roll_forward(&self, root: &Path, before: BeforeStep<'_>) -> Result<()> {
        let work = WorkFolder::of(root);
        let old = work.superseded_by(self.revision);
        let mut touched = BTreeSet::new();
        for step in &self.steps {
            before(&format!("{step:?}"))?;
            let place = match step {
                Step::Remove(place) => {
                    remove(root, &old, place)?;
                    place
                }
                Step::Put(place, number) => {
                    put(root, &old, place, &work.new_file(*number))?;
                    place
                }
            };
            touched.extend(existing_folders_of(root, place));
        }
        before("folders are synced")?;
        touched.iter().try_for_each(|folder| files::flush_folder(folder))?;
        before("the journal is removed")?;
        Ok(files::remove(&work.journal())?)
    }
}

/// Whether a journal stands: a writer was cut off, or is at it just now.
pub(super) fn is_unfinished(work: &WorkFolder) -> bool {
    work.journal().exists()
}

/// Ends what a writer that is gone left behind. The caller holds the writer's lock.
pub(super) fn recover(root: &Path, before: BeforeStep<'_>) -> Result<()> {
    let work = WorkFolder::of(root);
    let path = work.journal();
    match fs::read_to_string(&path) {
        Ok(text) => {
            let wrong = |what: &str| Error::Corrupt {
                place: path.display().to_string(),
                what: what.to_owned(),
            };
            let none = || wrong("it is no journal of an unfinished write");
            let journal = Journal::decode(&text).ok_or_else(none)?;
            // A folder may come from somebody else, with a journal of his making.
            if journal.steps.iter().any(|step| leads_elsewhere(root, step.place())) {
                return Err(wrong("its steps lead out of this folder"));
            }
            tracing::warn!(steps = journal.steps.len(), "an unfinished write is completed");
            journal.roll_forward(root, before)?;
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(Error::from_io(&error, &path)),
    }
    work.clear_new()
}

/// Moves a file or folder to the superseded ones. Being there already says that it was done.
fn remove(root: &Path, old: &Path, place: &str) -> Result<()> {
    let (from, to) = (absolute(root, place), absolute(old, place));
    if fs::symlink_metadata(&to).is_ok() {
        return Ok(());
    }
    make_parent(&to)?;
    match fs::rename(&from, &to) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::from_io(&error, &from)),
        _ => Ok(()),
    }
}

/// Keeps the superseded version for readers and puts the staged file in its place. The staged file
/// being gone says that it was done.
fn put(root: &Path, old: &Path, place: &str, staged: &Path) -> Result<()> {
    if fs::symlink_metadata(staged).is_err() {
        return Ok(());
    }
    let (live, kept) = (absolute(root, place), absolute(old, place));
    let is_superseding = fs::symlink_metadata(&live).is_ok_and(|found| found.is_file());
    if is_superseding && fs::symlink_metadata(&kept).is_err() {
        make_parent(&kept)?;
        keep(&live, &kept)?;
    }
    make_parent(&live)?;
    fs::rename(staged, &live).map_err(|error| Error::from_io(&error, &live))
}

/// A second name for the same file; a copy where the file system has no such thing.
fn keep(live: &Path, kept: &Path) -> Result<()> {
    if fs::hard_link(live, kept).is_ok() {
        return Ok(());
    }
    // Under another name first, so that a half-made copy is never taken for the version.
    let unfinished = kept.with_extension("unfinished");
    let copied = fs::copy(live, &unfinished).and_then(|_| fs::rename(&unfinished, kept));
    copied.map_err(|error| Error::from_io(&error, kept))
}

fn make_parent(path: &Path) -> Result<()> {
    let Some(parent) = path.parent() else { return Ok(()) };
    Ok(files::create_folder(parent)?)
}

/// The folders of a place whose entries may have changed.
fn existing_folders_of(root: &Path, place: &str) -> Vec<PathBuf> {
    let path = absolute(root, place);
    let folders = path.ancestors().skip(1).take_while(|folder| folder.starts_with(root));
    folders.filter(|folder| folder.is_dir()).map(Path::to_owned).collect()
}
