//! A file as a profile, new or in place of another: chosen, looked at, imported.

use std::io::Write as _;
use std::sync::Arc;

use app::App;
use app::transfer::{DayOrder, ImportHow};
use app::trash::Thing;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect, Response};
use model::ProfileId;
use model::id::ID_BYTES_MAX;
use serde::Deserialize;
use tempfile::NamedTempFile;

use crate::failure::Failure;
use crate::pool::Pool;
use crate::reply;
use crate::site::Site;

/// Longest upload, in bytes.
pub(crate) const UPLOAD_BYTES_MAX: usize = 256 << 20;

/// The form below a preview.
#[derive(Deserialize)]
pub(crate) struct Confirmed {
    upload: String,
    #[serde(default)]
    name: String,
    /// Id of the profile to replace; empty for none.
    #[serde(default)]
    replace: String,
    /// What comes first in dates of a table; empty if nobody said.
    #[serde(default)]
    dates: String,
}

/// The profile to replace; `None` for a new one.
fn replaced(id: &str) -> Result<Option<ProfileId>, Failure> {
    Ok((!id.is_empty()).then(|| ProfileId::new(id)).transpose()?)
}

/// Keeps the file and shows what would come of it.
pub(crate) async fn preview(
    State(site): State<Site>,
    mut parts: Multipart,
) -> Result<Response, Failure> {
    let Sent { file, replace, dates } = read(&site, &mut parts).await?;
    let how = ImportHow { name: None, day_order: day_order(&dates)? };
    let mut source = file.reopen().map_err(|error| unusable(&error))?;
    let look = move |app: &App| {
        Ok(match replace {
            Some(id) => (
                app.preview_import_instead(&mut source, how, &id)?,
                Some(app.going(&Thing::Profile(id))?),
            ),
            None => (app.preview_import(&mut source, how)?, None),
        })
    };
    let (answer, going) = site.blocking_in(Pool::Transfers, look).await?;
    let upload = site.uploads().keep(file)?;
    let going = going.as_ref();
    Ok(reply::page(ui::page::import::preview(&answer, (&upload, &dates), going, &site.frame())))
}

/// What was sent.
struct Sent {
    file: NamedTempFile,
    /// The profile that it is to replace.
    replace: Option<ProfileId>,
    /// What comes first in dates of a table.
    dates: String,
}

fn day_order(word: &str) -> Result<Option<DayOrder>, Failure> {
    let order = (!word.is_empty()).then(|| word.parse()).transpose();
    order.map_err(|why: &str| Failure::unusable_file(why.to_owned()))
}

async fn read(site: &Site, parts: &mut Multipart) -> Result<Sent, Failure> {
    let (mut replace, mut dates) = (None, String::new());
    while let Some(mut field) = parts.next_field().await.map_err(broken_off)? {
        match field.name() {
            Some("replace") => replace = replaced(&read_id(&mut field).await?)?,
            Some("dates") => dates = read_id(&mut field).await?,
            _ => match save(site, field).await? {
                (_, 0) => break,
                (file, _) => return Ok(Sent { file, replace, dates }),
            },
        }
    }
    Err(Failure::unusable_file("choose a file first".to_owned()))
}

/// A text that can be an id; of a longer one enough to be refused.
async fn read_id(field: &mut Field<'_>) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(broken_off)? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > ID_BYTES_MAX {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn broken_off(_: MultipartError) -> Failure {
    Failure::unusable_file("the upload broke off or is too large".to_owned())
}

async fn save(site: &Site, mut field: Field<'_>) -> Result<(NamedTempFile, usize), Failure> {
    let mut file = site.blocking(|app| app.begin_upload()).await?;
    let mut bytes = 0;
    while let Some(piece) = field.chunk().await.map_err(broken_off)? {
        bytes += piece.len();
        file.write_all(&piece).map_err(|error| unusable(&error))?;
    }
    Ok((file, bytes))
}

/// Imports a file that was looked at, and leads to its profile.
pub(crate) async fn confirm(
    State(site): State<Site>,
    Form(form): Form<Confirmed>,
) -> Result<Response, Failure> {
    let gone = "the file is not here any more, because it was imported, others were uploaded after it \
                or the server was started anew; look whether its profile is there, or choose it again";
    let gone = || Failure::unusable_file(gone.to_owned());
    let source = site.uploads().look(&form.upload, NamedTempFile::reopen).ok_or_else(gone)?;
    let mut source = source.map_err(|error| unusable(&error))?;
    let name = form.name.trim().to_owned();
    let name = (!name.is_empty()).then_some(name);
    let how = ImportHow { name, day_order: day_order(&form.dates)? };
    let replace = replaced(&form.replace)?;
    let takes_a_place = replace.is_some();
    let uploads = Arc::clone(site.uploads());
    let work = move |app: &App| {
        // Taken out: a button that is pressed twice imports once. Not before the work begins, which it
        // does not where the browser went away while it waited for its turn.
        let Some(file) = uploads.take(&form.upload) else { return Ok(None) };
        let imported = match replace {
            Some(id) => app.import_instead(&mut source, how, &id).map(|(_, imported)| imported),
            None => app.import(&mut source, how),
        };
        if imported.is_err() {
            uploads.keep_as(&form.upload, file);
        }
        imported.map(Some)
    };
    let imported = site.blocking_in(Pool::Transfers, work).await?.ok_or_else(gone)?;
    if takes_a_place {
        site.live().tidy_up_soon();
    }
    Ok(Redirect::to(&ui::link::profile(&imported.profile)).into_response())
}

fn unusable(error: &std::io::Error) -> Failure {
    tracing::error!(%error, "an upload could not be kept");
    Failure::unusable_file(
        "the upload could not be kept; is the disk for temporary files full?".to_owned(),
    )
}
