//! The issue list of a query.

use app::issues::IssuesAsk;
use axum::extract::State;
use axum::response::Response;

use crate::ask::Asked;
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;

pub(crate) async fn page(
    State(site): State<Site>,
    Asked(key, ask): Asked<IssuesAsk>,
) -> Result<Response, Failure> {
    let asked = ask.clone();
    let answer = site.blocking(move |app| app.issues(&key, &asked)).await?;
    Ok(reply::page(ui::page::issues::page(&answer, &ask, &site.frame_at(&answer.trail))))
}

pub(crate) async fn json(
    State(site): State<Site>,
    Asked(key, ask): Asked<IssuesAsk>,
) -> Result<Response, Failure> {
    Ok(reply::json(&site.blocking(move |app| app.issues(&key, &ask)).await?))
}
