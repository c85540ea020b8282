//! One profile, and all of them.

use app::profile::ProfileOverview;
use axum::extract::State;
use axum::response::Response;
use model::ProfileId;

use crate::ask::{AtProfile, Parameters};
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;

pub(crate) async fn page(
    State(site): State<Site>,
    AtProfile(id): AtProfile,
    parameters: Parameters,
) -> Result<Response, Failure> {
    let answer = answer(&site, id, &parameters).await?;
    Ok(reply::page(ui::page::profile::page(&answer, &site.frame_at(&answer.trail))))
}

pub(crate) async fn json(
    State(site): State<Site>,
    AtProfile(id): AtProfile,
    parameters: Parameters,
) -> Result<Response, Failure> {
    Ok(reply::json(&answer(&site, id, &parameters).await?))
}

pub(crate) async fn list_json(
    State(site): State<Site>,
    parameters: Parameters,
) -> Result<Response, Failure> {
    parameters.none()?;
    let workspace = site.blocking(|app| app.workspace()).await?;
    Ok(reply::json(&workspace.profiles))
}

async fn answer(
    site: &Site,
    id: ProfileId,
    parameters: &Parameters,
) -> Result<ProfileOverview, Failure> {
    parameters.none()?;
    site.blocking(move |app| app.profile(&id)).await
}
