//! The overview of a query, and its figures as JSON.

use app::overview::OverviewAsk;
use axum::extract::State;
use axum::response::Response;

use crate::ask::Asked;
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;

pub(crate) async fn page(
    State(site): State<Site>,
    Asked(key, ask): Asked<OverviewAsk>,
) -> Result<Response, Failure> {
    let answer = site.blocking(move |app| app.overview(&key, &ask)).await?;
    Ok(reply::page(ui::page::overview::page(&answer, &ask, &site.frame())))
}

pub(crate) async fn json(
    State(site): State<Site>,
    Asked(key, ask): Asked<OverviewAsk>,
) -> Result<Response, Failure> {
    Ok(reply::json(&site.blocking(move |app| app.overview(&key, &ask)).await?))
}
