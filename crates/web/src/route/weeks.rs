//! The weekly table of a query, as JSON and for spreadsheets.

use app::weeks::Weeks;
use axum::extract::State;
use axum::response::Response;
use model::QueryKey;

use super::overview::ask;
use crate::ask::{AtQuery, Parameters};
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;

/// What a browser calls the file.
const FILE_NAME: &str = "weeks.csv";

pub(crate) async fn json(
    State(site): State<Site>,
    AtQuery(key): AtQuery,
    parameters: Parameters,
) -> Result<Response, Failure> {
    Ok(reply::json(&answer(&site, key, &parameters).await?))
}

pub(crate) async fn csv(
    State(site): State<Site>,
    AtQuery(key): AtQuery,
    parameters: Parameters,
) -> Result<Response, Failure> {
    Ok(reply::csv(FILE_NAME, answer(&site, key, &parameters).await?.to_csv()))
}

async fn answer(site: &Site, key: QueryKey, parameters: &Parameters) -> Result<Weeks, Failure> {
    let ask = ask(parameters)?;
    site.blocking(move |app| app.weeks(&key, &ask)).await
}
