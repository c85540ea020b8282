//! Which profile and query a command is about: those that are named, else the active ones.

use app::App;
use app::workspace::{ProfileEntry, QueryEntry, WorkspaceOverview};
use model::{ProfileId, QueryKey};

use crate::arguments::OfQuery;
use crate::failure::{Failure, Kind, Result};

/// The profile that `asked` names by id or name; without it the active one, else the only one.
pub fn profile<'w>(
    workspace: &'w WorkspaceOverview,
    asked: Option<&str>,
) -> Result<&'w ProfileEntry> {
    let profiles = &workspace.profiles;
    match asked {
        Some(asked) => named("profile", asked, profiles, |p| (&p.id, &p.name)),
        None => {
            let active = workspace.active.profile.as_ref();
            let active = profiles.iter().find(|profile| Some(&profile.id) == active);
            active.or_else(|| only(profiles)).ok_or_else(|| {
                Failure::usage(
                    "no profile is active; name one with --profile, `burndown profiles` lists them",
                )
            })
        }
    }
}

/// The id of the profile that [`profile`] finds.
pub fn profile_id(app: &App, asked: Option<&str>) -> Result<ProfileId> {
    let workspace = app.workspace()?;
    let found = profile(&workspace, asked)?;
    Ok(ProfileId::new(found.id.clone()).map_err(app::Error::from)?)
}

/// The query that `asked` names by id or name; without it the active one of that profile, else the
/// only one, else the most recently used.
pub fn query<'p>(profile: &'p ProfileEntry, asked: Option<&str>) -> Result<&'p QueryEntry> {
    let queries = &profile.queries;
    match asked {
        Some(asked) => named("query", asked, queries, |q| (&q.id, &q.name)),
        None => {
            let active = queries.iter().find(|query| query.is_active);
            active.or_else(|| queries.first()).ok_or_else(|| {
                let message = format!("the profile {:?} has no queries yet", profile.name);
                Failure::of_kind(Kind::NotFound, message)
            })
        }
    }
}

/// The key of the query that `of` names, with the rules of [`profile`] and [`query`].
pub fn key(app: &App, of: &OfQuery) -> Result<QueryKey> {
    let workspace = app.workspace()?;
    let profile = profile(&workspace, of.profile.as_deref())?;
    let query = query(profile, of.query.as_deref())?;
    Ok(QueryKey::parse(&query.profile, &query.id).map_err(app::Error::from)?)
}

fn only<T>(list: &[T]) -> Option<&T> {
    if let [one] = list { Some(one) } else { None }
}

/// An id wins over names; a name that several have is refused with their ids.
fn named<'l, T>(
    noun: &str,
    asked: &str,
    list: &'l [T],
    id_and_name: impl Fn(&T) -> (&String, &String),
) -> Result<&'l T> {
    if let Some(found) = list.iter().find(|one| id_and_name(one).0 == asked) {
        return Ok(found);
    }
    let wanted = model::name::fold(asked);
    let found: Vec<&T> =
        list.iter().filter(|one| model::name::fold(id_and_name(one).1) == wanted).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(Failure::of_kind(Kind::NotFound, unknown(noun, asked, list, id_and_name))),
        several => {
            let ids: Vec<&str> = several.iter().map(|one| id_and_name(one).0.as_str()).collect();
            Err(Failure::usage(format!(
                "several have the name {asked:?}; name the {noun} by its id: {}",
                ids.join(", ")
            )))
        }
    }
}

fn unknown<T>(
    noun: &str,
    asked: &str,
    list: &[T],
    id_and_name: impl Fn(&T) -> (&String, &String),
) -> String {
    if list.is_empty() {
        return format!("there is no {noun} {asked:?}, and none at all yet");
    }
    let names: Vec<String> = list.iter().map(|one| format!("{:?}", id_and_name(one).1)).collect();
    format!("there is no {noun} {asked:?}; there are {}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(asked: &str, want: std::result::Result<&str, &str>) {
        let list = [("a", "Zürich"), ("b", "b"), ("c", "twin"), ("d", "Twin"), ("e", "a")]
            .map(|(id, name)| (id.to_owned(), name.to_owned()));
        let found = named("query", asked, &list, |(id, name)| (id, name));
        let found = found.map(|(id, _)| id.as_str()).map_err(|failure| failure.message);
        assert_eq!(found, want.map_err(str::to_owned));
    }

    #[test]
    fn ids_win_and_names_must_be_one() {
        check("a", Ok("a"));
        check("zÜRICH", Ok("a"));
        check("twin", Err("several have the name \"twin\"; name the query by its id: c, d"));
        check(
            "x",
            Err("there is no query \"x\"; there are \"Zürich\", \"b\", \"twin\", \"Twin\", \"a\""),
        );
    }
}
