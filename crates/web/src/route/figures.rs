//! How figures are calculated, as a page and as JSON.

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
    parameters.none()?;
    Ok(reply::page(ui::page::figures::page(&site.frame())))
}

pub(crate) async fn json(parameters: Parameters) -> Result<Response, Failure> {
    parameters.none()?;
    Ok(reply::json(&app::metrics::CATALOG))
}
