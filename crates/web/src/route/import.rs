//! A file as a new profile: chosen, looked at, imported.

use std::io::Write as _;

use app::transfer::Imported;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tempfile::NamedTempFile;

use crate::ask::Parameters;
use crate::failure::Failure;
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
}

pub(crate) async fn page(
    State(site): State<Site>,
    parameters: Parameters,
) -> Result<Response, Failure> {
    parameters.none()?;
    Ok(reply::page(ui::page::import::page(&site.frame())))
}

/// Keeps the file and shows what would come of it.
pub(crate) async fn preview(
    State(site): State<Site>,
    mut parts: Multipart,
) -> Result<Response, Failure> {
    let unreadable = |_| Failure::unusable_file("the upload broke off or is too large".to_owned());
    let Some(field) = parts.next_field().await.map_err(unreadable)? else {
        return Err(Failure::unusable_file("choose a file first".to_owned()));
    };
    let (file, bytes) = save(field).await?;
    if bytes == 0 {
        return Err(Failure::unusable_file("choose a file first".to_owned()));
    }
    let mut source = file.reopen().map_err(|error| unusable(&error))?;
    let answer = site.blocking(move |app| app.preview_import(&mut source, None)).await?;
    let upload = site.uploads().keep(file);
    Ok(reply::page(ui::page::import::preview(&answer, &upload, &site.frame())))
}

async fn save(mut field: Field<'_>) -> Result<(NamedTempFile, usize), Failure> {
    let unreadable = |_| Failure::unusable_file("the upload broke off or is too large".to_owned());
    let mut file = NamedTempFile::new().map_err(|error| unusable(&error))?;
    let mut bytes = 0;
    while let Some(piece) = field.chunk().await.map_err(unreadable)? {
        bytes += piece.len();
        file.write_all(&piece).map_err(|error| unusable(&error))?;
    }
    Ok((file, bytes))
}

/// Imports a file that was looked at, and leads to the new profile.
pub(crate) async fn confirm(
    State(site): State<Site>,
    Form(form): Form<Confirmed>,
) -> Result<Response, Failure> {
    let gone = "the file is not here any more, because others were uploaded after it or the server \
                was started anew; choose it again";
    let source = site.uploads().open(&form.upload);
    let source = source.ok_or_else(|| Failure::unusable_file(gone.to_owned()))?;
    let mut source = source.map_err(|error| unusable(&error))?;
    let name = form.name.trim().to_owned();
    let name = (!name.is_empty()).then_some(name);
    let imported: Imported =
        site.blocking(move |app| app.import(&mut source, name.as_deref())).await?;
    site.uploads().forget(&form.upload);
    Ok(Redirect::to(&ui::link::profile(&imported.profile)).into_response())
}

fn unusable(error: &std::io::Error) -> Failure {
    tracing::error!(%error, "an upload could not be kept");
    Failure::unusable_file(
        "the upload could not be kept; is the disk for temporary files full?".to_owned(),
    )
}
