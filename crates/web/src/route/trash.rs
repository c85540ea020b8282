//! Deleting profiles and queries, and the trash that they go to.

use app::trash::{Restored, Thing, Trash};
use axum::extract::{Path, State};
use axum::response::Response;
use ui::link;

use crate::ask::{AtProfile, AtQuery, Parameters};
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;
use crate::typed;

/// What would go with a profile.
pub(crate) async fn confirm_profile(
    State(site): State<Site>,
    AtProfile(id): AtProfile,
    parameters: Parameters,
) -> Result<Response, Failure> {
    parameters.none()?;
    confirm(&site, Thing::Profile(id)).await
}

/// What would go with a query.
pub(crate) async fn confirm_query(
    State(site): State<Site>,
    AtQuery(key): AtQuery,
    parameters: Parameters,
) -> Result<Response, Failure> {
    parameters.none()?;
    confirm(&site, Thing::Query(key)).await
}

async fn confirm(site: &Site, thing: Thing) -> Result<Response, Failure> {
    let answer = site.blocking(move |app| app.going(&thing)).await?;
    Ok(reply::page(ui::page::delete::page(&answer, &site.frame())))
}

pub(crate) async fn delete_profile(
    State(site): State<Site>,
    AtProfile(id): AtProfile,
) -> Result<Response, Failure> {
    delete(&site, Thing::Profile(id)).await
}

pub(crate) async fn delete_query(
    State(site): State<Site>,
    AtQuery(key): AtQuery,
) -> Result<Response, Failure> {
    delete(&site, Thing::Query(key)).await
}

/// Leads to the trash, where the deletion can be undone.
async fn delete(site: &Site, thing: Thing) -> Result<Response, Failure> {
    let entry = site.blocking(move |app| app.delete(&thing)).await?;
    Ok(typed::lead_to(&link::just_deleted(&entry.id)))
}

pub(crate) async fn page(
    State(site): State<Site>,
    parameters: Parameters,
) -> Result<Response, Failure> {
    let deleted = parameters.only("deleted")?.map(str::to_owned);
    let answer = site.blocking(|app| app.trash()).await?;
    // What was restored or removed meanwhile was not deleted just now.
    let deleted = deleted.and_then(|id| answer.entries.iter().find(|entry| entry.id == id));
    Ok(reply::page(ui::page::trash::page(&answer, deleted, &site.frame())))
}

pub(crate) async fn json(
    State(site): State<Site>,
    parameters: Parameters,
) -> Result<Response, Failure> {
    parameters.none()?;
    Ok(reply::json(&site.blocking(|app| app.trash()).await?))
}

/// Leads to what was restored; where something about it changed, a page says so first.
pub(crate) async fn restore(
    State(site): State<Site>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let restored = site.blocking(move |app| app.restore(&id)).await?;
    if !restored.notes.is_empty() {
        return Ok(reply::page(ui::page::trash::restored(&restored, &site.frame())));
    }
    let Restored { profile, query, .. } = &restored;
    let page = match query {
        Some(query) => link::query(&profile.id, &query.id),
        None => link::profile(&profile.id),
    };
    Ok(typed::lead_to(&page))
}

/// Leads to the trash where there is nothing to empty.
pub(crate) async fn confirm_empty(
    State(site): State<Site>,
    parameters: Parameters,
) -> Result<Response, Failure> {
    parameters.none()?;
    let answer = site.blocking(|app| app.trash()).await?;
    if answer == Trash::default() {
        return Ok(typed::lead_to(link::TRASH));
    }
    Ok(reply::page(ui::page::trash::empty(&answer, &site.frame())))
}

pub(crate) async fn empty(State(site): State<Site>) -> Result<Response, Failure> {
    site.blocking(|app| app.empty_trash()).await?;
    Ok(typed::lead_to(link::TRASH))
}
