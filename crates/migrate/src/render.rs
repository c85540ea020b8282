//! A store's content written out in the old app's layout, and the comparison with files that are
//! there.

use std::fs;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use model::{CacheKind, Json, Object, Profile, ProfileId, Token};
use store::legacy::header::PARTIAL;
use store::legacy::split::{Piece, split};
use store::{Address, Reader, SecretFile, Store, Writer};

use crate::backup::{self, Manifest};
use crate::build::build;
use crate::error::{Error, Result};
use crate::folder::{Folder, Kind};
use crate::inventory::{SAVED_QUERIES, is_ours};
use crate::place;
use crate::plan::plan;
use crate::quarantine::Quarantine;
use crate::verify::zone_of;

/// Files above this are compared piece by piece, in bytes.
const WHOLE_BYTES_MAX: u64 = 1 << 20;

/// A workspace in the old app's layout, below a folder.
pub(crate) struct Rendered {
    folder: Folder,
}

impl Rendered {
    /// Writes out what a store holds now, with the tokens of the secret file.
    pub fn of_store(store: &dyn Store, workspace: &Path, target: &Path) -> Result<Rendered> {
        let legacy = new_store(target)?;
        let reader = store.read()?;
        legacy.transact(|writer| store::copy(&*reader, writer))?;
        legacy.transact(|writer| settle_settings(&*reader, writer))?;
        legacy.transact(|writer| mark_partial(&*reader, writer))?;
        let secrets = SecretFile::open(&place::profiles(workspace))?;
        let mut tokens = Vec::new();
        for profile in reader.profiles()? {
            if let Some(token) = secrets.token(&profile.id) {
                tokens.push((profile.id, token.clone()));
            }
        }
        complete(target, &*reader, &tokens)
    }

    /// Writes out in the same way what the migration read from its backup. Where both are equal,
    /// nothing was changed since, and the old file says it as well as the new one.
    pub fn of_backup(place: &Path, manifest: &Manifest, target: &Path) -> Result<Rendered> {
        let (folder, zone) = (backup::folder(place, manifest), zone_of(manifest));
        let mut plan = plan(&folder, &zone)?;
        let legacy = new_store(target)?;
        let mut quarantine = Quarantine::new(target);
        let mut writer = legacy.write()?;
        build(&mut plan, &folder, &zone, &mut *writer, &mut quarantine, &mut |_| {})?;
        writer.commit()?;
        let reader = legacy.read()?;
        legacy.transact(|writer| mark_partial(&*reader, writer))?;
        drop(reader);
        let tokens = plan.tokens.iter().map(|(id, stored)| (id.clone(), stored.token.clone()));
        complete(target, &*legacy.read()?, &tokens.collect::<Vec<_>>())
    }

    /// The paths of its files.
    pub fn paths(&self) -> Result<Vec<String>> {
        let entries = self.folder.walk("")?.into_iter();
        let files = entries.filter(|entry| {
            let is_our_own =
                entry.path.strip_prefix("profiles/").is_some_and(|path| is_ours(path, entry.kind));
            let is_kept_beside = entry.path.starts_with("quarantine/");
            matches!(entry.kind, Kind::File { .. }) && !is_our_own && !is_kept_beside
        });
        Ok(files.map(|entry| entry.path).collect())
    }

    /// Where a file is.
    pub fn place(&self, path: &str) -> Result<PathBuf> {
        self.folder.place(path)
    }

    /// Whether the file is there and holds the same JSON as another.
    pub fn means_same(&self, path: &str, other: &Path) -> Result<bool> {
        Ok(self.folder.is_file(path)? && other.is_file() && mean_same(&self.place(path)?, other)?)
    }
}

/// Settings as the old app can use them.
fn settle_settings(reader: &dyn Reader, writer: &mut dyn Writer) -> store::Result<()> {
    for summary in reader.profiles()? {
        let Some(profile) = reader.profile(&summary.id)? else { continue };
        let settings = profile.settings.for_old_app(&reader.statuses(&summary.id)?);
        if settings != profile.settings {
            writer.put_profile(&Profile { settings, ..profile })?;
        }
    }
    Ok(())
}

/// Says in the files themselves what is missing of a query: the old app has no place for that, and its
/// files may be migrated again.
fn mark_partial(reader: &dyn Reader, writer: &mut dyn Writer) -> store::Result<()> {
    for profile in reader.profiles()? {
        for query in reader.queries(&profile.id)? {
            let header = reader.header(&query.key, CacheKind::Issues)?;
            if let Some((mut header, what)) = header.and_then(|it| Some((it.clone(), it.partial?)))
            {
                header.extra.set(PARTIAL, Json::text(what));
                writer.put_header(&query.key, CacheKind::Issues, &header)?;
            }
            let data = reader.project_data(&query.key)?;
            if let Some((mut data, what)) = data.and_then(|it| Some((it.clone(), it.partial?))) {
                data.extra.set(PARTIAL, Json::text(what));
                writer.put_project_data(&query.key, &data)?;
            }
        }
    }
    Ok(())
}

fn new_store(target: &Path) -> Result<Box<dyn Store>> {
    let profiles = target.join("profiles");
    files::create_folder_unflushed(&profiles)?;
    Ok(Address::Json(profiles).open()?)
}

/// Adds what the old app keeps beside its store: tokens and saved queries.
fn complete(target: &Path, reader: &dyn Reader, tokens: &[(ProfileId, Token)]) -> Result<Rendered> {
    for (profile, token) in tokens {
        put_token(&target.join("profiles").join(profile.as_str()).join("profile.json"), token)?;
    }
    if let Some(saved) = reader.state("saved_queries")?
        && let Ok(list) = Json::parse(&saved)
    {
        files::write_file(&target.join(SAVED_QUERIES), list.to_indented().as_bytes())?;
    }
    Ok(Rendered { folder: Folder::new(target) })
}

/// The old app keeps its token in the profile and cannot connect without.
fn put_token(file: &Path, token: &Token) -> Result<()> {
    let text = fs::read_to_string(file).map_err(|error| Error::io("reading", file, &error))?;
    let Ok(Json::Object(mut profile)) = Json::parse(&text) else { return Ok(()) };
    if profile.get("jira_config").is_none() {
        profile.set("jira_config", Json::Object(Object::new()));
    }
    if let Some(Json::Object(connection)) = profile.get_mut("jira_config") {
        connection.set("token", Json::text(token.reveal()));
    }
    Ok(files::write_file(file, Json::Object(profile).to_indented().as_bytes())?)
}

/// Whether two files hold the same JSON. Large ones are compared in written order.
fn mean_same(a: &Path, b: &Path) -> Result<bool> {
    let size = |place: &Path| fs::metadata(place).map_or(0, |found| found.len());
    if size(a).max(size(b)) > WHOLE_BYTES_MAX {
        return Ok(pieces(a)? == pieces(b)?);
    }
    let parse = |place: &Path| Json::parse(&fs::read_to_string(place).ok()?).ok();
    Ok(matches!((parse(a), parse(b)), (Some(a), Some(b)) if a.means_same(&b)))
}

/// Digests of a file's members and elements; `None` if it is damaged.
fn pieces(place: &Path) -> Result<Option<Vec<u64>>> {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let file = fs::File::open(place).map_err(|error| Error::io("reading", place, &error))?;
    let (mut digests, mut tape, mut is_damaged) = (Vec::new(), model::Tape::new(), false);
    let end =
        split::<_, std::io::Error>(BufReader::new(file), &["issues", "statistics"], &mut |piece| {
            let (Piece::Member(name, text) | Piece::Element(name, text)) = piece;
            let Ok(document) = model::Document::parse(&text.text, &mut tape) else {
                is_damaged = true;
                return Ok(());
            };
            let mut hasher = DefaultHasher::new();
            (name, document.as_str()).hash(&mut hasher);
            digests.push(hasher.finish());
            Ok(())
        })
        .map_err(|error| Error::io("reading", place, &error))?;
    Ok((!is_damaged && end.damaged_at().is_none()).then_some(digests))
}
