//! The weekly table of a query for spreadsheets.

use app::overview::OverviewAsk;
use axum::extract::State;
use axum::response::Response;
use model::QueryKey;

use crate::ask::{Asked, At};
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;

/// What a browser calls the file.
const FILE_NAME: &str = "weeks.csv";

pub(crate) async fn csv(
    State(site): State<Site>,
    At(key): At<QueryKey>,
    Asked(ask): Asked<OverviewAsk>,
) -> Result<Response, Failure> {
    let weeks = site.blocking(move |app| app.weeks(&key, &ask)).await?;
    Ok(reply::file(reply::CSV, FILE_NAME, weeks.to_csv()))
}
