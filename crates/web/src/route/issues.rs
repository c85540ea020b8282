//! The issue list of a query.

use app::issues::{IssueList, IssuesAsk};
use axum::extract::State;
use axum::response::Response;
use model::QueryKey;

use crate::ask::{AtQuery, Parameters};
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;

pub(crate) async fn page(
    State(site): State<Site>,
    AtQuery(key): AtQuery,
    parameters: Parameters,
) -> Result<Response, Failure> {
    let ask = ask(&parameters)?;
    let answer = answer(&site, key, ask.clone()).await?;
    Ok(reply::page(ui::page::issues::page(&answer, &ask, &site.frame())))
}

pub(crate) async fn json(
    State(site): State<Site>,
    AtQuery(key): AtQuery,
    parameters: Parameters,
) -> Result<Response, Failure> {
    Ok(reply::json(&answer(&site, key, ask(&parameters)?).await?))
}

fn ask(parameters: &Parameters) -> Result<IssuesAsk, Failure> {
    let mut ask = IssuesAsk::default();
    for (name, value) in &parameters.0 {
        ask.set(name, value)?;
    }
    Ok(ask)
}

async fn answer(site: &Site, key: QueryKey, ask: IssuesAsk) -> Result<IssueList, Failure> {
    site.blocking(move |app| app.issues(&key, &ask)).await
}
