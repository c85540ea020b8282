//! The connection of a profile, tried out, and what is made of what it finds.

use app::draft::QueryDraft;
use app::sync::SyncOptions;
use axum::extract::State;
use axum::response::Response;
use model::ProfileId;
use ui::link;

use crate::ask::At;
use crate::failure::Failure;
use crate::pool::Pool;
use crate::reply;
use crate::site::Site;
use crate::typed::{self, Typed};

/// Makes a query of the JQL that was tried and fetches it, or takes the proposed points field.
pub(crate) async fn save(
    State(site): State<Site>,
    At(id): At<ProfileId>,
    typed: Typed,
) -> Result<Response, Failure> {
    let path = match typed.text("form") {
        "test" => tried(&site, id, typed.text("jql")).await?,
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

/// Asks the Jira of a profile who it is, and what a JQL finds unless it is empty. Gives the page that
/// shows the answer: whoever opens that again, or has it opened, does not ask Jira again.
pub(crate) async fn tried(site: &Site, id: ProfileId, jql: &str) -> Result<String, Failure> {
    let (profile, asked) = (id.clone(), jql.trim().to_owned());
    let trial =
        site.blocking_in(Pool::Jira, move |app| app.try_connection(&profile, &asked)).await?;
    let page = link::connection(id.as_str());
    let found = site.trials().keep((id, trial))?;
    Ok(link::with(&page, &[("found", found)]))
}

/// The same for scripts.
pub(crate) async fn try_out(
    State(site): State<Site>,
    At(id): At<ProfileId>,
    typed: Typed,
) -> Result<Response, Failure> {
    let jql = typed.text("jql").trim().to_owned();
    let answer = site.blocking_in(Pool::Jira, move |app| {
        let trial = app.try_connection(&id, &jql)?;
        app.connection_page(&id, trial)
    });
    Ok(reply::json(&answer.await?))
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
        app.start_sync(&key, SyncOptions { is_forced: true, ..SyncOptions::default() }, &jobs)?;
        Ok(key)
    });
    let key = key.await?;
    Ok(format!("{}/sync", link::query(key.profile.as_str(), key.query.as_str())))
}
