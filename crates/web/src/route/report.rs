//! A report on a query as a file.

use app::query_report::ReportAsk;
use axum::extract::State;
use axum::response::Response;
use model::QueryKey;
use ui::report::Document;

use crate::ask::{Asked, At};
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;

/// What a browser calls the files.
const HTML_NAME: &str = "report.html";
const MARKDOWN_NAME: &str = "report.md";

pub(crate) async fn html(
    State(site): State<Site>,
    At(key): At<QueryKey>,
    Asked(ask): Asked<ReportAsk>,
) -> Result<Response, Failure> {
    let text = written(&site, key, ask, ui::report::html).await?;
    Ok(reply::file("text/html; charset=utf-8", HTML_NAME, text))
}

pub(crate) async fn markdown(
    State(site): State<Site>,
    At(key): At<QueryKey>,
    Asked(ask): Asked<ReportAsk>,
) -> Result<Response, Failure> {
    let text = written(&site, key, ask, ui::report::markdown).await?;
    Ok(reply::file("text/markdown; charset=utf-8", MARKDOWN_NAME, text))
}

async fn written(
    site: &Site,
    key: QueryKey,
    ask: ReportAsk,
    write: fn(&Document) -> String,
) -> Result<String, Failure> {
    let answer = site.blocking(move |app| {
        let report = app.query_report(&key, &ask)?;
        Ok(write(&Document::of(&[report], &ask)))
    });
    answer.await
}
