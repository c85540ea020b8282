//! The deadlines of a profile: listed, set and taken away.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::ask::{AtProfile, Parameters};
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;

/// What was sent; an error if it is no such form.
type Filled = Result<Form<Milestone>, FormRejection>;

/// A filled-in form.
#[derive(Deserialize)]
pub(crate) struct Milestone {
    name: String,
    #[serde(default)]
    date: String,
    /// The page that the form stood on.
    #[serde(default)]
    back: String,
}

impl Milestone {
    /// Back to the page of the form; elsewhere than on this server nothing leads.
    fn back(&self) -> Response {
        let is_here =
            self.back.starts_with("/profiles/") && !self.back.contains(['\\', '\r', '\n']);
        Redirect::to(if is_here { &self.back } else { ui::link::WORKSPACE }).into_response()
    }
}

pub(crate) async fn json(
    State(site): State<Site>,
    AtProfile(id): AtProfile,
    parameters: Parameters,
) -> Result<Response, Failure> {
    parameters.none()?;
    Ok(reply::json(&site.blocking(move |app| app.milestones(&id)).await?))
}

pub(crate) async fn put(
    State(site): State<Site>,
    AtProfile(id): AtProfile,
    form: Filled,
) -> Result<Response, Failure> {
    let Form(form) =
        form.map_err(|_| Failure::invalid("fill in every field of the form".to_owned()))?;
    let answer = form.back();
    site.blocking(move |app| app.put_milestone(&id, &form.name, &form.date)).await?;
    Ok(answer)
}

pub(crate) async fn remove(
    State(site): State<Site>,
    AtProfile(id): AtProfile,
    form: Filled,
) -> Result<Response, Failure> {
    let Form(form) =
        form.map_err(|_| Failure::invalid("fill in every field of the form".to_owned()))?;
    let answer = form.back();
    site.blocking(move |app| app.remove_milestone(&id, &form.name)).await?;
    Ok(answer)
}
