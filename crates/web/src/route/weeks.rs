//! The weekly table of a query, as a page, as JSON and for spreadsheets.

use app::overview::OverviewAsk;
use axum::extract::State;
use axum::response::Response;

use crate::ask::Asked;
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;

/// What a browser calls the file.
const FILE_NAME: &str = "weeks.csv";

pub(crate) async fn page(
    State(site): State<Site>,
    Asked(key, ask): Asked<OverviewAsk>,
) -> Result<Response, Failure> {
    let answer = site.blocking(move |app| app.weeks(&key, &ask)).await?;
    Ok(reply::page(ui::page::weeks::page(&answer, &ask, &site.frame_at(&answer.trail))))
}

pub(crate) async fn json(
    State(site): State<Site>,
    Asked(key, ask): Asked<OverviewAsk>,
) -> Result<Response, Failure> {
    Ok(reply::told(&site.blocking(move |app| app.weeks(&key, &ask)).await?))
}

pub(crate) async fn csv(
    State(site): State<Site>,
    Asked(key, ask): Asked<OverviewAsk>,
) -> Result<Response, Failure> {
    let weeks = site.blocking(move |app| app.weeks(&key, &ask)).await?;
    Ok(reply::file(reply::CSV, FILE_NAME, weeks.to_csv()))
}
