//! The ZIP archives of 2.0 and 2.1: `profile.json`, `queries/<id>.json`. Nothing is unpacked under a
//! name that the archive chose.

use std::io::{Read, Seek};

use model::{Json, Object};
use zip::ZipArchive;
use zip::result::ZipError;

use super::layout::Layout;
use super::{Told, values_of};
use crate::bounds;
use crate::error::{Error, Result};

/// Most files of an archive, and most bytes that are unpacked of one and of all.
const FILES_MAX: usize = 1_000;
const FILE_BYTES_MAX: u64 = 2 << 20;
const ALL_BYTES_MAX: u64 = 64 << 20;

/// Writes the files of the archive as the app would keep them.
pub(super) fn lay_out(source: &mut (impl Read + Seek), layout: &Layout) -> Result<Told> {
    source.rewind()?;
    let mut archive =
        Archive { zip: ZipArchive::new(source).map_err(damaged)?, bytes: 0, values: 0 };
    let names = archive.names()?;
    let mut told = Told::default();
    let Some(profile) = archive.object("profile.json", &names)? else {
        let what = "the archive has no profile.json";
        return Err(Error::Unknown(what.to_owned()));
    };
    told.exported_at = archive
        .object("manifest.json", &names)?
        .and_then(|manifest| Some(manifest.get("created_at")?.as_text()?.into_owned()));
    let id = profile.get("id").and_then(Json::as_text).map(|id| id.into_owned());
    let mut folder = layout.profile(id.as_deref(), &mut told.notes)?;
    folder.put(&Json::Object(profile))?;
    for name in &names {
        let id = name.strip_prefix("queries/").and_then(|name| name.strip_suffix(".json"));
        match id.filter(|id| !id.contains('/')) {
            Some(id) => {
                let query = archive.object(name, &names)?.unwrap_or_default();
                let query_folder = folder.query(id, &mut told.notes)?;
                query_folder.put_query(&Json::Object(query))?;
            }
            None if ["profile.json", "manifest.json"].contains(&name.as_str()) => {}
            None if name.ends_with('/') => {}
            None => told.notes.push(format!("{name} in the archive was not read")),
        }
    }
    let lack = "no issues and figures: what the archive keeps of them belongs to one machine";
    told.lacks.push(lack.to_owned());
    Ok(told)
}

struct Archive<S> {
    zip: ZipArchive<S>,
    /// Unpacked so far.
    bytes: u64,
    /// Values met so far: what a query keeps of them stays in memory until all are stored.
    values: u64,
}

impl<S: Read + Seek> Archive<S> {
    /// The names of all files; an archive that tries to reach out of its folder is refused.
    fn names(&self) -> Result<Vec<String>> {
        if self.zip.len() > FILES_MAX {
            let what = format!("the archive holds more than {FILES_MAX} files");
            return Err(Error::TooLarge(what));
        }
        let names = self.zip.file_names().map(|name| name.map(Into::into));
        let mut names: Vec<String> =
            names.collect::<std::result::Result<_, _>>().map_err(damaged)?;
        names.sort();
        let reaches_out = |name: &&String| {
            let is_absolute = name.starts_with('/') || name.contains([':', '\\', '\0']);
            is_absolute || name.split('/').any(|part| part == "..")
        };
        match names.iter().find(reaches_out) {
            Some(name) => {
                Err(Error::Damaged(format!("the archive names a file {name:?} outside of itself")))
            }
            None => Ok(names),
        }
    }

    fn object(&mut self, name: &str, names: &[String]) -> Result<Option<Object>> {
        if !names.iter().any(|known| known == name) {
            return Ok(None);
        }
        let file = self.zip.by_name(name).map_err(damaged)?;
        let mut bytes = Vec::new();
        file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
        self.bytes += bytes.len() as u64;
        if bytes.len() as u64 > FILE_BYTES_MAX || self.bytes > ALL_BYTES_MAX {
            return Err(Error::TooLarge(format!("{name} unpacks to too much")));
        }
        let text = String::from_utf8_lossy(&bytes);
        self.values += values_of(&text);
        bounds::check("values", self.values, bounds::OLD_VALUES_MAX as u64)?;
        match Json::parse(text.trim_start_matches('\u{feff}')) {
            Ok(Json::Object(object)) => Ok(Some(object)),
            _ => Err(Error::Damaged(format!("{name} in the archive is no JSON object"))),
        }
    }
}

fn damaged(error: ZipError) -> Error {
    match error {
        ZipError::Io(error) => Error::from(error),
        other => Error::Damaged(format!("the archive cannot be read ({other})")),
    }
}
