//! The workspace at a glance.

use app::workspace::WorkspaceOverview;
use axum::extract::State;
use axum::response::Response;

use crate::ask::Parameters;
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;

pub(crate) async fn page(
    State(site): State<Site>,
    parameters: Parameters,
) -> Result<Response, Failure> {
    let answer = answer(&site, &parameters).await?;
    Ok(reply::page(ui::page::workspace::page(&answer, &site.frame())))
}

pub(crate) async fn json(
    State(site): State<Site>,
    parameters: Parameters,
) -> Result<Response, Failure> {
    Ok(reply::json(&answer(&site, &parameters).await?))
}

async fn answer(site: &Site, parameters: &Parameters) -> Result<WorkspaceOverview, Failure> {
    parameters.none()?;
    site.blocking(|app| app.workspace()).await
}
