//! The access keys: made and taken away.

use app::App;
use app::access_key::{NewKey, OWN_NAME};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use model::access_key::Role;
use ui::link;
use ui::page::access_keys::{self, Said};

use crate::failure::Failure;
use crate::reply;
use crate::site::Site;
use crate::typed::{self, Typed};

/// Makes a key and shows it, this once.
pub(crate) async fn add(State(site): State<Site>, typed: Typed) -> Result<Response, Failure> {
    let role = Role::parse(typed.text("role")).ok_or_else(|| typed.refuse("role"))?;
    let name = typed.text("name").to_owned();
    let typed_name = name.clone();
    let work = move |app: &App| Ok((app.add_access_key(&name, role), app.access_keys()?));
    let (made, keys) = site.blocking(work).await?;
    match made {
        Ok(NewKey { name, key, .. }) => {
            let said = Said::Made { name: &name, key: key.reveal() };
            Ok(reply::page(access_keys::page(&keys, &said, &site.frame())))
        }
        Err(app::Error::Field { why, .. }) => {
            let said = Said::Refused { typed: &typed_name, why: &why };
            let page = reply::page(access_keys::page(&keys, &said, &site.frame()));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Takes a key away; never the workspace's own, which would shut out whoever sends this.
pub(crate) async fn remove(State(site): State<Site>, typed: Typed) -> Result<Response, Failure> {
    let name = typed.text("name").to_owned();
    if name.trim().eq_ignore_ascii_case(OWN_NAME) {
        return Err(typed.refuse("name").into());
    }
    site.blocking(move |app| app.remove_access_key(&name)).await?;
    Ok(typed::lead_to(link::ACCESS_KEYS))
}
