//! The connection of a profile, tried out, and what is made of what it finds.

use app::connect::ConnectionAsk;
use app::draft::QueryDraft;
use app::sync::SyncOptions;
use axum::extract::State;
use axum::response::Response;
use model::ProfileId;
use ui::link;

use crate::ask::{AtProfile, Parameters};
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;
use crate::typed::{self, Typed};

pub(crate) async fn page(
    State(site): State<Site>,
    AtProfile(id): AtProfile,
    parameters: Parameters,
) -> Result<Response, Failure> {
    let ask = ask(&parameters)?;
    let answer = site.blocking(move |app| app.connection_page(&id, &ask)).await?;
    Ok(reply::page(ui::page::connection::page(&answer, &site.frame_at(&answer.trail))))
}

pub(crate) async fn json(
    State(site): State<Site>,
    AtProfile(id): AtProfile,
    parameters: Parameters,
) -> Result<Response, Failure> {
    let ask = ask(&parameters)?;
    Ok(reply::json(&site.blocking(move |app| app.connection_page(&id, &ask)).await?))
}

/// Makes a query of the JQL that was tried and fetches it, or takes the proposed points field.
pub(crate) async fn save(
    State(site): State<Site>,
    AtProfile(id): AtProfile,
    typed: Typed,
) -> Result<Response, Failure> {
    let path = match typed.text("form") {
        "test" => link::connection_with(id.as_str(), ""),
        "new-query" => keep_query(&site, id, &typed).await?,
        "points" => {
            let (field, seen) = (typed.text("field").to_owned(), typed.revision()?);
            let path = link::connection(id.as_str());
            site.blocking(move |app| app.accept_points_field(&id, &field, seen)).await?;
            path
        }
        _ => return Err(typed.refuse("form").into()),
    };
    Ok(typed::lead_to(&path))
}

async fn keep_query(site: &Site, id: ProfileId, typed: &Typed) -> Result<String, Failure> {
    let draft = QueryDraft {
        name: typed.text("name").to_owned(),
        jql: typed.text("jql").to_owned(),
        description: String::new(),
    };
    let jobs = site.jobs();
    let key = site.blocking(move |app| {
        let key = app.create_query(&id, &draft)?;
        app.choose(&key.profile, Some(&key.query))?;
        jobs.start(&key, SyncOptions { is_forced: true, ..SyncOptions::default() })?;
        Ok(key)
    });
    let key = key.await?;
    Ok(format!("{}/sync", link::query(key.profile.as_str(), key.query.as_str())))
}

fn ask(parameters: &Parameters) -> Result<ConnectionAsk, Failure> {
    let mut ask = ConnectionAsk::default();
    for (name, value) in &parameters.0 {
        match name.as_str() {
            "test" => ask.is_test = value == "true",
            "jql" => ask.jql = value.trim().to_owned(),
            _ => {
                let remedy = "use test or jql";
                return Err(app::Error::invalid("the parameter", name, remedy).into());
            }
        }
    }
    Ok(ask)
}
