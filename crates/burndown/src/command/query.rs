//! `burndown query`: makes, edits, duplicates, moves and deletes queries.

use app::App;
use app::draft::QueryDraft;
use app::query::QuerySetup;
use app::trash::Thing;
use model::QueryKey;
use model::plain::one_line;
use words::format::counted;

use super::trash;
use crate::arguments::{OfQuery, Query, QueryAction};
use crate::confirm::confirm;
use crate::failure::Result;
use crate::run::Run;
use crate::{opening, selection};

/// Does one of them and says what there is then.
pub fn run(run: &Run, options: &Query) -> Result<()> {
    let app = opening::existing(run)?;
    let Some((key, done)) = act(run, &app, options)? else { return Ok(()) };
    let setup = app.query_setup(&key)?;
    if setup.fetched_with.is_some() {
        run.output.warn(
            "its issues were fetched with another JQL: all are kept, and stale until they are \
             fetched anew",
        );
    }
    run.output.answer(&setup, |setup| {
        let (name, profile) = (&setup.draft.name, &setup.trail.profile.name);
        one_line(&format!("{done} the query {name:?} ({key}) of the profile {profile:?}")) + "\n"
    })
}

/// The query and what was done to it; `None` where it is gone and all is said.
fn act(run: &Run, app: &App, options: &Query) -> Result<Option<(QueryKey, &'static str)>> {
    let profile = options.profile.as_deref();
    Ok(Some(match &options.action {
        QueryAction::Create { jql, name, description } => {
            let (name, jql) = (name.clone(), jql.clone());
            let draft = QueryDraft { name, jql, description: description.clone() };
            (app.create_query(&selection::profile_id(app, profile)?, &draft)?, "made")
        }
        QueryAction::Edit { query, jql, name, description } => {
            let (key, QuerySetup { draft, revision, .. }) = named(app, profile, query)?;
            let draft = QueryDraft {
                name: name.clone().unwrap_or(draft.name),
                jql: jql.clone().unwrap_or(draft.jql),
                description: description.clone().unwrap_or(draft.description),
            };
            app.edit_query(&key, &draft, revision)?;
            (key, "edited")
        }
        QueryAction::Work { query, kind } => {
            let (key, _) = named(app, profile, query)?;
            app.set_work(&key, *kind)?;
            (key, "edited")
        }
        QueryAction::Duplicate { query, name, with_data } => {
            let (key, setup) = named(app, profile, query)?;
            let name = name.as_deref().unwrap_or(&setup.copy_name);
            (app.duplicate_query(&key, name, *with_data)?, "made")
        }
        QueryAction::Move { query, to } => {
            let (key, _) = named(app, profile, query)?;
            (app.move_query(&key, &selection::profile_id(app, Some(to))?)?, "moved")
        }
        QueryAction::ForgetLeft { query, yes } => {
            let (key, setup) = named(app, profile, query)?;
            let left = counted(app.left_count(&key)? as u64, "issue", "issues");
            let name = &setup.draft.name;
            run.output.say(&format!(
                "{left} that left {name:?} go for good, with their history and the weeks in which they were done"
            ));
            confirm(*yes, "Forget them?")?;
            app.forget_left(&key)?;
            (key, "forgot what had left")
        }
        QueryAction::Delete { query, yes } => {
            let (key, _) = named(app, profile, query)?;
            trash::delete(run, app, &Thing::Query(key), *yes)?;
            return Ok(None);
        }
    }))
}

fn named(app: &App, profile: Option<&str>, query: &str) -> Result<(QueryKey, QuerySetup)> {
    let query = Some(query.to_owned());
    let key = selection::key(app, &OfQuery { profile: profile.map(str::to_owned), query })?;
    let setup = app.query_setup(&key)?;
    Ok((key, setup))
}
