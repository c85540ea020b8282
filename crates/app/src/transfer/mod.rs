//! Profiles as files: out of the workspace, and into it.

use std::fs::File;
use std::io::{BufWriter, Read, Seek, Write};
use std::path::Path;

pub use ::transfer::DayOrder;
use ::transfer::ImportAsk;
use model::{Profile, ProfileId, ProfileSummary, QueryId, Settings, TimeZone};
use store::{Address, Reader, Writer};

pub use ::transfer::{Carried, Content, Exported, Imported, ImportedQuery};

mod scratch;
mod tables;

use self::scratch::Scratch;

use crate::error::{Error, Parameter, Result};
use crate::{App, Context};

/// What of a profile is exported, and how it is packed.
#[derive(Debug, Clone)]
pub struct ExportOptions {
    /// Only this query; all if `None`.
    pub query: Option<QueryId>,
    /// How much.
    pub content: Content,
    /// Whether the file is gzip.
    pub is_gzip: bool,
}

/// The forms that are folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FolderForm {
    /// The old app's layout.
    OldApp,
    /// A file of comma-separated values per table.
    Tables,
}

/// Whether a file of that name is to be packed.
pub fn is_gzip_name(name: &str) -> bool {
    name.to_lowercase().ends_with(".gz")
}

/// Writes a profile as one file of our own format, without any secret.
pub fn export_profile(
    reader: &dyn Reader,
    profile: &ProfileId,
    options: &ExportOptions,
    context: &Context,
    out: &mut dyn Write,
) -> Result<Exported> {
    let ask = ::transfer::ExportAsk {
        query: options.query.as_ref(),
        content: options.content,
        is_gzip: options.is_gzip,
        program_version: &context.version,
        exported_at: (context.clock)(),
        zone: &context.zone,
        note: None,
    };
    Ok(::transfer::export_profile(reader, profile, &ask, out)?)
}

/// How a file is to be imported.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportHow {
    /// Name of the new profile, in place of the one in the file.
    pub name: Option<String>,
    /// Whether day or month comes first in dates that leave it open.
    pub day_order: Option<DayOrder>,
}

impl From<Option<&str>> for ImportHow {
    fn from(name: Option<&str>) -> ImportHow {
        ImportHow { name: name.map(str::to_owned), day_order: None }
    }
}

impl App {
    /// A name for the file of a profile; plain ASCII, so that no system stumbles over it.
    pub fn export_name(&self, profile: &ProfileId) -> Result<String> {
        let found = self.store.read()?.profile(profile)?;
        let found = found.ok_or_else(|| store::Error::ProfileNotFound(profile.clone()))?;
        let day = self.now().to_zoned(self.zone().clone()).date();
        Ok(format!("burndown-{}-{day}.json.gz", plain_name(&found.name)))
    }

    /// Writes a profile to `out`; see [`export_profile`].
    pub fn export(
        &self,
        profile: &ProfileId,
        options: &ExportOptions,
        out: &mut dyn Write,
    ) -> Result<Exported> {
        export_profile(&*self.store.read()?, profile, options, &self.context, out)
    }

    /// Writes a profile to a file that gets its name only when it is whole. One that stands there
    /// is an error unless `replaces`.
    pub fn export_file(
        &self,
        profile: &ProfileId,
        options: &ExportOptions,
        path: &Path,
        replaces: bool,
    ) -> Result<Exported> {
        let failed = |source| Error::File { path: path.to_owned(), source };
        if !replaces && path.symlink_metadata().is_ok() {
            return Err(Error::FileExists { path: path.to_owned() });
        }
        let mut file = files::held_scratch_file(files::folder_of(path))?;
        let mut out = BufWriter::new(file.as_file_mut());
        let exported = self.export(profile, options, &mut out)?;
        out.flush().map_err(failed)?;
        drop(out);
        files::publish_file(file, path, replaces)?;
        Ok(exported)
    }

    /// Writes a profile as a folder of that form, which gets its name only when it is whole. What
    /// stands there is an error.
    pub fn export_folder(
        &self,
        profile: &ProfileId,
        options: &ExportOptions,
        form: FolderForm,
        path: &Path,
    ) -> Result<Exported> {
        if path.symlink_metadata().is_ok() {
            let remedy = "it is there already, and folders are never replaced; name another one";
            return Err(Error::about(
                Parameter::Thing("the folder"),
                &path.display().to_string(),
                remedy,
            ));
        }
        let made = files::scratch_folder(files::folder_of(path))?;
        let reader = self.store.read()?;
        let query = options.query.as_ref();
        let exported = match form {
            FolderForm::OldApp => {
                let content = options.content;
                ::transfer::export_folder(&*reader, profile, query, content, made.path())?
            }
            FolderForm::Tables => export_tables(&*reader, profile, query, made.path())?,
        };
        files::publish_folder(made, path)?;
        Ok(exported)
    }

    /// What an import of that file would do. Nothing is changed, and no sync waits for it.
    pub fn preview_import(
        &self,
        source: &mut (impl Read + Seek),
        how: impl Into<ImportHow>,
    ) -> Result<Imported> {
        preview(&self.store.read()?.profiles()?, self.zone(), source, &how.into(), &self.scratch()?)
    }

    /// Imports a file as a new profile: all of it, or nothing.
    pub fn import(
        &self,
        source: &mut (impl Read + Seek),
        how: impl Into<ImportHow>,
    ) -> Result<Imported> {
        self.check_room(source)?;
        let scratch = self.scratch()?;
        let mut writer = self.store.write()?;
        let imported = import_into(source, &mut *writer, self.zone(), &how.into(), scratch.path())?;
        // Before the profile is there: none has a moment with the token of another.
        self.drop_token(&mut *writer, &imported.profile)?;
        writer.commit()?;
        tracing::info!(issues = imported.carried.issues, "a profile was imported");
        self.keep_forecasts_of(&imported);
        Ok(imported)
    }

    /// Refuses a file that the disk has no room for, as far as the file says how long it is.
    pub(crate) fn check_room(&self, source: &mut (impl Read + Seek)) -> Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let needed = ::transfer::text_bytes(source)?;
        let Ok(free) = files::free_bytes(folder) else { return Ok(()) };
        if free < needed {
            return Err(Error::NoRoom { folder: folder.clone(), needed, free });
        }
        Ok(())
    }

    /// Keeps the forecasts of an imported list, whose owner has no sync that would. An export comes back as
    /// it was made. That it does not work is no failure of the import.
    pub(crate) fn keep_forecasts_of(&self, imported: &Imported) {
        if imported.exported_at.is_some() {
            return;
        }
        let id = ProfileId::new(imported.profile.clone()).map_err(Error::from);
        if let Err(error) = id.and_then(|id| self.keep_forecasts(Some(&id))) {
            tracing::warn!(%error, "the forecasts of this week are not kept");
        }
    }
}

/// Puts a file as a new profile into an open transaction.
pub(crate) fn import_into(
    source: &mut (impl Read + Seek),
    writer: &mut dyn Writer,
    zone: &TimeZone,
    how: &ImportHow,
    scratch: &Path,
) -> Result<Imported> {
    let ask = ImportAsk {
        name: how.name.as_deref(),
        zone,
        day_order: how.day_order,
        into: None,
        is_own: false,
        scratch: Some(scratch),
    };
    Ok(::transfer::import(source, writer, &ask)?)
}

/// What an import would do where those profiles are: it is tried on a store of its own, in which
/// their ids and names are taken.
pub(crate) fn preview(
    taken: &[ProfileSummary],
    zone: &TimeZone,
    source: &mut (impl Read + Seek),
    how: &ImportHow,
    folder: &Scratch,
) -> Result<Imported> {
    let scratch = Address::Sqlite(folder.path().join("preview.sqlite")).open()?;
    let mut writer = scratch.write()?;
    for summary in taken {
        writer.put_profile(&Profile {
            id: summary.id.clone(),
            name: summary.name.clone(),
            description: None,
            created_at: None,
            last_used: None,
            settings: Settings::default(),
        })?;
    }
    import_into(source, &mut *writer, zone, how, folder.path())
}

fn export_tables(
    reader: &dyn Reader,
    profile: &ProfileId,
    only: Option<&QueryId>,
    folder: &Path,
) -> Result<Exported> {
    reader.profile(profile)?.ok_or_else(|| store::Error::ProfileNotFound(profile.clone()))?;
    let mut queries = reader.queries(profile)?;
    queries.retain(|query| only.is_none_or(|only| query.key.query == *only));
    tables::write(reader, &queries, folder)?;
    let mut carried = Carried { profiles: 1, queries: queries.len() as u64, ..Carried::default() };
    for query in &queries {
        carried.issues += query.issues;
        carried.changelogs += query.changelogs;
        carried.project_data += u64::from(reader.project_data(&query.key)?.is_some());
        carried.snapshots += reader.snapshots(&query.key, usize::MAX)?.len() as u64;
    }
    Ok(Exported { carried, left_out: Vec::new() })
}

/// Letters and digits of a name, in small letters, the rest as hyphens.
fn plain_name(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<String> =
        words.filter(|word| !word.is_empty()).map(str::to_ascii_lowercase).collect();
    if words.is_empty() { "profile".to_owned() } else { words.join("-") }
}

/// What an import of that file into an empty workspace would do.
pub fn preview_into_empty(
    zone: &TimeZone,
    source: &mut (impl Read + Seek),
    how: &ImportHow,
) -> Result<Imported> {
    preview(&[], zone, source, how, &Scratch::outside()?)
}

/// Opens a file that is to be imported.
pub fn open_file(path: &Path) -> Result<File> {
    let failed = |source| Error::File { path: path.to_owned(), source };
    if path.is_dir() {
        let source = std::io::Error::from(std::io::ErrorKind::IsADirectory);
        return Err(failed(source));
    }
    File::open(path).map_err(failed)
}
