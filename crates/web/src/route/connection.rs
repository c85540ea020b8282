//! The connection of a profile, tried out, and what is made of what it finds.

use app::draft::QueryDraft;
use app::sync::SyncOptions;
use axum::extract::State;
use axum::response::Response;
use model::ProfileId;
use ui::link;

use crate::ask::At;
use crate::failure::Failure;
use crate::site::Site;
use crate::typed::{self, Typed};

/// Makes a query of the JQL that was tried and fetches it, or takes the proposed points field.
pub(crate) async fn save(
    State(site): State<Site>,
    At(id): At<ProfileId>,
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
        app.start_sync(&key, SyncOptions { is_forced: true, ..SyncOptions::default() }, &jobs)?;
        Ok(key)
    });
    let key = key.await?;
    Ok(format!("{}/sync", link::query(key.profile.as_str(), key.query.as_str())))
}
