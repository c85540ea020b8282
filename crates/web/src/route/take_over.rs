//! Taking the old app's folder over from the page. While it runs, nobody else can open the database,
//! so these pages ask nothing of it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ui::link;
use ui::page::take_over;

use crate::failure::Failure;
use crate::reply;
use crate::site::Site;
use crate::typed::{self, Typed};

/// How it stands.
pub(crate) async fn show(State(site): State<Site>) -> Response {
    reply::page(take_over::page(&site.take_over().standing(), &site.frame()))
}

/// Begins it.
pub(crate) async fn begin(State(site): State<Site>, typed: Typed) -> Result<Response, Failure> {
    let folder = typed.text("folder").to_owned();
    let here = site.clone();
    let asked = folder.clone();
    let begun = site.blocking(move |_| Ok(here.take_over().begin(&here.live(), &asked))).await?;
    match begun {
        Ok(()) => Ok(typed::lead_to(link::TAKE_OVER)),
        Err(error) => {
            let page = take_over::refused(&folder, &error.to_string(), &site.frame());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, reply::page(page)).into_response())
        }
    }
}
