//! The sync of a query: beginning one, and ending it early.

use app::sync::SyncOptions;
use axum::extract::State;
use axum::response::Response;
use model::QueryKey;
use ui::link;

use crate::ask::At;
use crate::failure::Failure;
use crate::site::Site;
use crate::typed::{self, Typed};

pub(crate) async fn start(
    State(site): State<Site>,
    At(key): At<QueryKey>,
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
    At(key): At<QueryKey>,
) -> Result<Response, Failure> {
    let page = page_of(&key);
    let jobs = site.jobs();
    site.blocking(move |app| app.cancel_sync(&key, &jobs)).await?;
    Ok(typed::lead_to(&page))
}

fn page_of(key: &QueryKey) -> String {
    format!("{}/sync", link::query(key.profile.as_str(), key.query.as_str()))
}
