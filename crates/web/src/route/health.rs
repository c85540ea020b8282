//! How program and workspace are.

use app::health::Health;
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
    Ok(reply::page(ui::page::about::page(&answer, &site.frame())))
}

pub(crate) async fn json(
    State(site): State<Site>,
    parameters: Parameters,
) -> Result<Response, Failure> {
    Ok(reply::json(&answer(&site, &parameters).await?))
}

/// Says that the server answers; touches no data.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

async fn answer(site: &Site, parameters: &Parameters) -> Result<Health, Failure> {
    let check = match parameters.only("check")? {
        None | Some("false") => false,
        Some("true") => true,
        Some(other) => {
            return Err(app::Error::invalid("check", other, "use true or false").into());
        }
    };
    site.blocking(move |app| app.health(check)).await
}
