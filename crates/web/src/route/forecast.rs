//! The forecast of a query.

use app::forecast::{ForecastAsk, QueryForecast};
use axum::extract::State;
use axum::response::Response;
use model::QueryKey;

use crate::ask::Asked;
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;

pub(crate) async fn page(
    State(site): State<Site>,
    Asked(key, ask): Asked<ForecastAsk>,
) -> Result<Response, Failure> {
    let answer = answer(&site, key, ask.clone()).await?;
    Ok(reply::page(ui::page::forecast::page(&answer, &ask, &site.frame_at(&answer.trail))))
}

pub(crate) async fn json(
    State(site): State<Site>,
    Asked(key, ask): Asked<ForecastAsk>,
) -> Result<Response, Failure> {
    Ok(reply::told(&answer(&site, key, ask).await?))
}

async fn answer(site: &Site, key: QueryKey, ask: ForecastAsk) -> Result<QueryForecast, Failure> {
    let asked = key.clone();
    let mut answer = site.blocking(move |app| app.forecast(&asked, &ask)).await?;
    site.keep_forecast(key, answer.to_keep.take());
    Ok(answer)
}
