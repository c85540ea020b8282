//! Setting up a query, and choosing it.

use app::App;
use axum::extract::State;
use axum::response::Response;
use model::{ProfileId, QueryKey, WorkKind};
use ui::form::FormName;
use ui::link;

use super::profile_setup::setup_of_query;
use crate::ask::At;
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;
use crate::typed::{self, Typed};

/// Does what one of the page's forms asks for; the page again where it cannot be saved.
pub(crate) async fn save(
    State(site): State<Site>,
    At(key): At<QueryKey>,
    typed: Typed,
) -> Result<Response, Failure> {
    let form = typed.form()?;
    let query = key.clone();
    let work = move |app: &App, typed: &Typed| match form {
        FormName::Duplicate => {
            let with_data = typed.text("with") == "data";
            let copy = app.duplicate_query(&query, typed.text("name"), with_data)?;
            Ok(setup_of_query(&copy))
        }
        FormName::Move => {
            let to = ProfileId::new(typed.text("profile"))?;
            Ok(setup_of_query(&app.move_query(&query, &to)?))
        }
        FormName::Edit => {
            app.edit_query(&query, &typed.query(), typed.revision()?)?;
            Ok(setup_of_query(&query))
        }
        _ => Err(typed.refuse("form")),
    };
    match typed::save(&site, form, typed, work).await? {
        Ok(done) => Ok(done),
        Err(refusal) => {
            let answer = site.blocking(move |app| app.query_setup(&key)).await?;
            let page =
                ui::page::query_setup::page(&answer, Some(&refusal), &site.frame_at(&answer.trail));
            Ok(typed::refused(&refusal, reply::page(page)))
        }
    }
}

pub(crate) async fn choose(
    State(site): State<Site>,
    At(key): At<QueryKey>,
) -> Result<Response, Failure> {
    let page = link::query(key.profile.as_str(), key.query.as_str());
    site.blocking(move |app| app.choose(&key.profile, Some(&key.query))).await?;
    Ok(typed::lead_to(&page))
}

/// Says what the work of the query is, and leads back to the page that the form stood on.
pub(crate) async fn set_work(
    State(site): State<Site>,
    At(key): At<QueryKey>,
    typed: Typed,
) -> Result<Response, Failure> {
    let page = link::query(key.profile.as_str(), key.query.as_str());
    let page = if typed.text("back") == "forecast" { format!("{page}/forecast") } else { page };
    let kind = app::parameter::read("work", typed.text("work"), |word| {
        app::parameter::word(WorkKind::ALL, word)
    })?;
    site.blocking(move |app| app.set_work(&key, kind)).await?;
    Ok(typed::lead_to(&page))
}
