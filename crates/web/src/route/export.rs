//! A profile as a file to save.

use app::transfer::{Content, ExportOptions};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::ask::{AtProfile, Parameters};
use crate::failure::Failure;
use crate::site::Site;

pub(crate) async fn download(
    State(site): State<Site>,
    AtProfile(id): AtProfile,
    parameters: Parameters,
) -> Result<Response, Failure> {
    let content = match parameters.only("content")? {
        None | Some("" | "everything") => Content::Everything,
        Some("settings") => Content::Settings,
        Some(other) => {
            let remedy = "use everything or settings";
            return Err(app::Error::invalid("content", other, remedy).into());
        }
    };
    let known = id.clone();
    let name = site.blocking(move |app| app.export_name(&known)).await?;
    let options = ExportOptions { query: None, content, is_gzip: true };
    let body = site.stream(move |app, out| app.export(&id, &options, out).map(drop));
    let headers = [
        (header::CONTENT_TYPE, "application/gzip".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, body).into_response())
}
