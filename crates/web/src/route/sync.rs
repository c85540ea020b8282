//! The sync of a query: how it stands, beginning one, and ending it early.

use app::sync::SyncOptions;
use app::sync_state::SyncState;
use axum::extract::State;
use axum::response::Response;
use model::QueryKey;
use ui::link;

use crate::ask::{AtQuery, Parameters};
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;
use crate::typed::{self, Typed};

pub(crate) async fn page(
    State(site): State<Site>,
    AtQuery(key): AtQuery,
    parameters: Parameters,
) -> Result<Response, Failure> {
    parameters.none()?;
    let answer = answer(&site, key).await?;
    Ok(reply::page(ui::page::sync::page(&answer, &site.frame_at(&answer.trail))))
}

pub(crate) async fn json(
    State(site): State<Site>,
    AtQuery(key): AtQuery,
    parameters: Parameters,
) -> Result<Response, Failure> {
    parameters.none()?;
    Ok(reply::json(&answer(&site, key).await?))
}

async fn answer(site: &Site, key: QueryKey) -> Result<SyncState, Failure> {
    let jobs = site.jobs();
    site.blocking(move |app| app.sync_state(&key, &jobs)).await
}

pub(crate) async fn start(
    State(site): State<Site>,
    AtQuery(key): AtQuery,
    typed: Typed,
) -> Result<Response, Failure> {
    let options = SyncOptions { is_full: typed.text("full") == "true", is_forced: true };
    let page = page_of(&key);
    let jobs = site.jobs();
    site.blocking(move |app| app.start_sync(&key, options, &jobs)).await?;
    Ok(typed::lead_to(&page))
}

pub(crate) async fn cancel(
    State(site): State<Site>,
    AtQuery(key): AtQuery,
) -> Result<Response, Failure> {
    let page = page_of(&key);
    let jobs = site.jobs();
    site.blocking(move |app| app.cancel_sync(&key, &jobs)).await?;
    Ok(typed::lead_to(&page))
}

fn page_of(key: &QueryKey) -> String {
    format!("{}/sync", link::query(key.profile.as_str(), key.query.as_str()))
}
