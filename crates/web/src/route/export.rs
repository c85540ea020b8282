//! A profile as a file to save.

use app::transfer::{Content, ExportOptions};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use model::ProfileId;

use crate::ask::{self, Ask, Asked, At};
use crate::failure::Failure;
use crate::site::Site;

/// What of a profile.
pub(crate) struct ExportAsk(Content);

impl Default for ExportAsk {
    fn default() -> ExportAsk {
        ExportAsk(Content::Everything)
    }
}

impl Ask for ExportAsk {
    fn set(&mut self, name: &str, value: &str) -> app::Result<()> {
        self.0 = match (name, value) {
            ("content", "" | "everything") => Content::Everything,
            ("content", "settings") => Content::Settings,
            ("content", other) => {
                let remedy = "use everything or settings";
                return Err(app::Error::invalid("content", other, remedy));
            }
            _ => return Err(ask::only("content", name)),
        };
        Ok(())
    }
}

pub(crate) async fn download(
    State(site): State<Site>,
    At(id): At<ProfileId>,
    Asked(ExportAsk(content)): Asked<ExportAsk>,
) -> Result<Response, Failure> {
    let known = id.clone();
    let name = site.blocking(move |app| app.export_name(&known)).await?;
    let options = ExportOptions { query: None, content, is_gzip: true };
    let body = site.stream(move |app, out| app.export(&id, &options, out).map(drop)).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/gzip".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, body).into_response())
}
