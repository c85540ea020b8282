//! The report of the migration.

use app::report::MigrationReport;
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
    Ok(reply::page(ui::page::migration::page(&answer, &site.frame())))
}

pub(crate) async fn json(
    State(site): State<Site>,
    parameters: Parameters,
) -> Result<Response, Failure> {
    Ok(reply::json(&answer(&site, &parameters).await?))
}

async fn answer(site: &Site, parameters: &Parameters) -> Result<MigrationReport, Failure> {
    parameters.none()?;
    site.blocking(|app| app.report()).await
}
