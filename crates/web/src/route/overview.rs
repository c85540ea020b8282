//! The figures of a query.

use app::overview::{Overview, OverviewAsk};
use axum::extract::State;
use axum::response::Response;
use model::QueryKey;

use crate::ask::{AtQuery, Parameters};
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;

pub(crate) async fn json(
    State(site): State<Site>,
    AtQuery(key): AtQuery,
    parameters: Parameters,
) -> Result<Response, Failure> {
    Ok(reply::json(&answer(&site, key, ask(&parameters)?).await?))
}

/// Window, unit and day out of the URL.
pub(crate) fn ask(parameters: &Parameters) -> Result<OverviewAsk, Failure> {
    let mut ask = OverviewAsk::default();
    for (name, value) in &parameters.0 {
        ask.set(name, value)?;
    }
    Ok(ask)
}

async fn answer(site: &Site, key: QueryKey, ask: OverviewAsk) -> Result<Overview, Failure> {
    site.blocking(move |app| app.overview(&key, &ask)).await
}
