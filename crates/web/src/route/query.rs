//! One query, and the queries of a profile.

use app::query::{QueryAsk, QueryOverview};
use axum::extract::State;
use axum::response::Response;
use model::QueryKey;

use crate::ask::{AtProfile, AtQuery, Parameters};
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;

pub(crate) async fn page(
    State(site): State<Site>,
    AtQuery(key): AtQuery,
    parameters: Parameters,
) -> Result<Response, Failure> {
    let answer = answer(&site, key, &parameters).await?;
    Ok(reply::page(ui::page::query::page(&answer, &site.frame_at(&answer.trail))))
}

pub(crate) async fn json(
    State(site): State<Site>,
    AtQuery(key): AtQuery,
    parameters: Parameters,
) -> Result<Response, Failure> {
    Ok(reply::told(&answer(&site, key, &parameters).await?))
}

pub(crate) async fn list_json(
    State(site): State<Site>,
    AtProfile(id): AtProfile,
    parameters: Parameters,
) -> Result<Response, Failure> {
    parameters.none()?;
    let profile = site.blocking(move |app| app.profile(&id)).await?;
    Ok(reply::json(&profile.queries))
}

async fn answer(
    site: &Site,
    key: QueryKey,
    parameters: &Parameters,
) -> Result<QueryOverview, Failure> {
    let ask = QueryAsk::parse(parameters.only("weeks")?)?;
    site.blocking(move |app| app.query(&key, ask)).await
}
