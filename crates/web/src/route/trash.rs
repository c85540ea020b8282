//! Deleting profiles and queries, and the trash that they go to.

use app::App;
use app::trash::{Restored, Thing, Trash};
use axum::extract::{Path, State};
use axum::response::Response;
use model::{ProfileId, QueryKey};
use ui::link;

use crate::ask::{self, Ask, Asked, At};
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;
use crate::typed::{self, Typed};

/// What was deleted just now, to be pointed out.
#[derive(Default)]
pub(crate) struct TrashAsk {
    deleted: Option<String>,
}

impl Ask for TrashAsk {
    fn set(&mut self, name: &str, value: &str) -> app::Result<()> {
        if name != "deleted" {
            return Err(ask::only("deleted", name));
        }
        self.deleted = Some(value.to_owned());
        Ok(())
    }
}

pub(crate) fn page(site: &Site, trash: &Trash, ask: &TrashAsk) -> String {
    // What was restored or removed meanwhile was not deleted just now.
    let deleted = trash.entries.iter().find(|entry| Some(&entry.id) == ask.deleted.as_ref());
    ui::page::trash::page(trash, deleted, &site.frame())
}

pub(crate) async fn delete_profile(
    State(site): State<Site>,
    At(id): At<ProfileId>,
) -> Result<Response, Failure> {
    delete(&site, Thing::Profile(id)).await
}

pub(crate) async fn delete_query(
    State(site): State<Site>,
    At(key): At<QueryKey>,
) -> Result<Response, Failure> {
    delete(&site, Thing::Query(key)).await
}

/// Leads to the trash, where the deletion can be undone.
async fn delete(site: &Site, thing: Thing) -> Result<Response, Failure> {
    let entry = site.blocking(move |app| app.delete(&thing)).await?;
    site.live().tidy_up_soon();
    Ok(typed::lead_to(&link::just_deleted(&entry.id)))
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
    Asked(()): Asked<()>,
) -> Result<Response, Failure> {
    let (answer, kept) = site
        .blocking(|app| {
            let trash = app.trash()?;
            let kept = app.kept_of(&trash)?;
            Ok((trash, kept))
        })
        .await?;
    if answer == Trash::default() {
        return Ok(typed::lead_to(link::TRASH));
    }
    Ok(reply::page(ui::page::trash::empty(&answer, &kept, &site.frame())))
}

pub(crate) async fn empty(State(site): State<Site>, typed: Typed) -> Result<Response, Failure> {
    let with_backups = typed.text("backups") == "too";
    let emptied = move |app: &App| {
        let kept = if with_backups { app.kept_of(&app.trash()?)?.backups } else { Vec::new() };
        app.empty_trash(&kept)
    };
    let emptied = site.blocking(emptied).await?;
    if emptied.failure.is_some() || emptied.traces.is_some() {
        return Ok(reply::page(ui::page::trash::emptied_in_part(&emptied, &site.frame())));
    }
    Ok(typed::lead_to(link::TRASH))
}
