//! The workspace at a glance.

use app::workspace::{WorkspaceAsk, WorkspacePage};
use axum::extract::State;
use axum::response::Response;

use crate::ask::AskedHere;
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;

pub(crate) async fn page(
    State(site): State<Site>,
    AskedHere(ask): AskedHere<WorkspaceAsk>,
) -> Result<Response, Failure> {
    let answer = answer(&site, ask.clone()).await?;
    Ok(reply::page(ui::page::workspace::page(&answer, &ask, &site.frame())))
}

pub(crate) async fn json(
    State(site): State<Site>,
    AskedHere(ask): AskedHere<WorkspaceAsk>,
) -> Result<Response, Failure> {
    Ok(reply::json(&answer(&site, ask).await?))
}

async fn answer(site: &Site, ask: WorkspaceAsk) -> Result<WorkspacePage, Failure> {
    site.blocking(move |app| app.workspace_page(&ask)).await
}
