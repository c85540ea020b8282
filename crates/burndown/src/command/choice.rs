//! `burndown use`: which profile and query commands mean when they name none.

use serde::Serialize;

use model::plain::one_line;
use model::{ProfileId, QueryId};

use crate::arguments::Use;
use crate::failure::Result;
use crate::run::Run;
use crate::{opening, selection};

/// What was chosen.
#[derive(Debug, Serialize)]
struct Chosen {
    #[serde(flatten)]
    selection: app::workspace::Selection,
    profile_name: String,
    query_name: Option<String>,
}

/// Makes a profile and a query the active ones.
pub fn run(run: &Run, options: &Use) -> Result<()> {
    let app = opening::existing(run)?;
    let workspace = app.workspace()?;
    let profile = selection::profile(&workspace, Some(&options.profile))?;
    let asked = options.query.as_deref();
    let query = asked.map(|asked| selection::query(profile, Some(asked))).transpose()?;
    let id = ProfileId::new(profile.id.clone()).map_err(app::Error::from)?;
    let query = query.map(|query| QueryId::new(query.id.clone())).transpose();
    let selection = app.choose(&id, query.map_err(app::Error::from)?.as_ref())?;
    let of_query = |id: &String| profile.queries.iter().find(|query| query.id == *id);
    let query_name = selection.query.as_ref().and_then(of_query).map(|query| query.name.clone());
    let chosen = Chosen { profile_name: profile.name.clone(), query_name, selection };
    run.output.answer(&chosen, |chosen| one_line(&sentence(chosen)) + "\n")
}

fn sentence(chosen: &Chosen) -> String {
    let profile = &chosen.profile_name;
    match &chosen.query_name {
        Some(query) => {
            format!("the query {query:?} of the profile {profile:?} is used from now on")
        }
        None => format!("the profile {profile:?} is used from now on; it has no query yet"),
    }
}
