//! One issue.

use app::issue::IssueDetail;
use axum::extract::State;
use axum::response::Response;
use words::Front;
use words::json::ToldIssue;

use crate::ask::{AtIssue, Parameters};
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;

pub(crate) async fn page(
    State(site): State<Site>,
    at: AtIssue,
    parameters: Parameters,
) -> Result<Response, Failure> {
    let answer = answer(&site, at, &parameters).await?;
    Ok(reply::page(ui::page::issue::page(&answer, &site.frame_at(&answer.trail))))
}

pub(crate) async fn json(
    State(site): State<Site>,
    at: AtIssue,
    parameters: Parameters,
) -> Result<Response, Failure> {
    let issue = answer(&site, at, &parameters).await?;
    Ok(reply::json(&ToldIssue::of(&issue, Front::Page)))
}

async fn answer(
    site: &Site,
    AtIssue(query, key): AtIssue,
    parameters: &Parameters,
) -> Result<IssueDetail, Failure> {
    parameters.none()?;
    site.blocking(move |app| app.issue(&query, &key)).await
}
