//! The forecast of a query.

use app::forecast::ForecastAsk;
use axum::extract::State;
use axum::response::Response;

use crate::ask::Asked;
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;

pub(crate) async fn page(
    State(site): State<Site>,
    Asked(key, ask): Asked<ForecastAsk>,
) -> Result<Response, Failure> {
    let asked = ask.clone();
    let answer = site.blocking(move |app| app.forecast(&key, &asked)).await?;
    Ok(reply::page(ui::page::forecast::page(&answer, &ask, &site.frame())))
}

pub(crate) async fn json(
    State(site): State<Site>,
    Asked(key, ask): Asked<ForecastAsk>,
) -> Result<Response, Failure> {
    Ok(reply::json(&site.blocking(move |app| app.forecast(&key, &ask)).await?))
}
