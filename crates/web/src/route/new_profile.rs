//! Making a profile.

use axum::extract::State;
use axum::response::Response;
use ui::form::FormName;

use crate::failure::Failure;
use crate::reply;
use crate::site::Site;
use crate::typed::{self, Typed};

pub(crate) async fn save(State(site): State<Site>, typed: Typed) -> Result<Response, Failure> {
    let saved = typed::save(&site, FormName::NewProfile, typed, |app, typed| {
        let id = app.create_profile(&typed.profile())?;
        Ok(ui::link::setup_of(&ui::link::profile(id.as_str())))
    });
    Ok(saved.await?.unwrap_or_else(|refusal| {
        let page = ui::page::new_profile::page(Some(&refusal), &site.frame());
        typed::refused(&refusal, reply::page(page))
    }))
}
