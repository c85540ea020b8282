//! Which profile and query a command is about: those that are named, else the active ones.

use app::App;
use app::trail::Named;
use app::workspace::{Names, ProfileEntry, QueryEntry, WorkspaceOverview};
use model::{DeliveryId, DeliveryKey, ProfileId, QueryId, QueryKey};

use crate::arguments::OfQuery;
use crate::failure::{Failure, Kind, Result};

/// What has an id and a name.
trait HasName {
    fn id(&self) -> &str;
    fn name(&self) -> &str;
}

macro_rules! has_name {
    ($($type:ty),+) => {$(
        impl HasName for $type {
            fn id(&self) -> &str {
                &self.id
            }

            fn name(&self) -> &str {
                &self.name
            }
        }
    )+};
}

has_name!(Named, ProfileEntry, QueryEntry);

/// The profile that `asked` names by id or name; without it the active one, else the only one.
pub fn profile<'w>(
    workspace: &'w WorkspaceOverview,
    asked: Option<&str>,
) -> Result<&'w ProfileEntry> {
    chosen_profile(&workspace.profiles, workspace.active.profile.as_deref(), asked)
}

/// The same without what the workspace holds.
pub fn profile_id(app: &App, asked: Option<&str>) -> Result<ProfileId> {
    Ok(ProfileId::new(named_profile(app, asked)?.id).map_err(app::Error::from)?)
}

fn named_profile(app: &App, asked: Option<&str>) -> Result<Named> {
    let Names { all, active } = app.profile_names()?;
    chosen_profile(&all, active.as_deref(), asked).cloned()
}

/// The query that `asked` names by id or name; without it the active one of that profile, else the
/// only one, else the most recently used.
pub fn query<'p>(profile: &'p ProfileEntry, asked: Option<&str>) -> Result<&'p QueryEntry> {
    let active = profile.queries.iter().find(|query| query.is_active);
    chosen_query(&profile.queries, active.map(HasName::id), &profile.name, asked)
}

/// The key of the query that `of` names, with the rules of [`profile`] and [`query`].
pub fn key(app: &App, of: &OfQuery) -> Result<QueryKey> {
    let profile = named_profile(app, of.profile.as_deref())?;
    let id = ProfileId::new(profile.id).map_err(app::Error::from)?;
    let Names { all, active } = app.query_names(&id)?;
    let query = chosen_query(&all, active.as_deref(), &profile.name, of.query.as_deref())?;
    Ok(QueryKey::new(id, QueryId::new(query.id.clone()).map_err(app::Error::from)?))
}

/// A query by `QUERY`, in this profile, or by `PROFILE/QUERY`; each an id or a name.
pub fn query_in(app: &App, profile: &ProfileId, asked: &str) -> Result<QueryKey> {
    let (of, query) = match asked.split_once('/') {
        Some((other, query)) => (Some(other), query),
        None => (None, asked),
    };
    let of = of.unwrap_or(profile.as_str()).to_owned();
    key(app, &OfQuery { profile: Some(of), query: Some(query.to_owned()) })
}

/// The delivery of a profile that `asked` names by id or name.
pub fn delivery(app: &App, profile: &ProfileId, asked: &str) -> Result<DeliveryKey> {
    let all = app.delivery_names(profile)?;
    let id = DeliveryId::new(named("delivery", asked, &all)?.id.clone());
    Ok(DeliveryKey::new(profile.clone(), id.map_err(app::Error::from)?))
}

fn chosen_profile<'l, T: HasName>(
    all: &'l [T],
    active: Option<&str>,
    asked: Option<&str>,
) -> Result<&'l T> {
    if let Some(asked) = asked {
        return named("profile", asked, all);
    }
    let active = all.iter().find(|profile| Some(profile.id()) == active);
    active.or_else(|| only(all)).ok_or_else(|| {
        Failure::usage(
            "no profile is active; name one with --profile, `burndown profiles` lists them",
        )
    })
}

fn chosen_query<'l, T: HasName>(
    all: &'l [T],
    active: Option<&str>,
    profile: &str,
    asked: Option<&str>,
) -> Result<&'l T> {
    if let Some(asked) = asked {
        return named("query", asked, all);
    }
    let active = all.iter().find(|query| Some(query.id()) == active);
    active.or_else(|| all.first()).ok_or_else(|| {
        Failure::of_kind(Kind::NotFound, format!("the profile {profile:?} has no queries yet"))
    })
}

fn only<T>(list: &[T]) -> Option<&T> {
    if let [one] = list { Some(one) } else { None }
}

fn begins_with<T: HasName>(one: &T, wanted: &str) -> bool {
    model::name::fold(one.name()).starts_with(wanted)
}

/// An id wins over names, a name over one that begins so; what several are called is refused with
/// their ids.
fn named<'l, T: HasName>(noun: &str, asked: &str, list: &'l [T]) -> Result<&'l T> {
    if let Some(found) = list.iter().find(|one| one.id() == asked) {
        return Ok(found);
    }
    let wanted = model::name::fold(asked);
    let found: Vec<&T> =
        list.iter().filter(|one| model::name::fold(one.name()) == wanted).collect();
    let begins: Vec<&T> = list
        .iter()
        .filter(|one| found.is_empty() && !wanted.is_empty() && begins_with(*one, &wanted))
        .collect();
    let found = if found.is_empty() { begins } else { found };
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(Failure::of_kind(Kind::NotFound, unknown(noun, asked, list))),
        several => {
            let ids: Vec<&str> = several.iter().map(|one| one.id()).collect();
            let list = match noun {
                "query" => "queries",
                "delivery" => "delivery list",
                _ => "profiles",
            };
            Err(Failure::usage(format!(
                "several are called {asked:?} or begin so; name the {noun} by its id, one of {} \
                 (`burndown {list}` shows which is which)",
                ids.join(", ")
            )))
        }
    }
}

fn unknown<T: HasName>(noun: &str, asked: &str, list: &[T]) -> String {
    if list.is_empty() {
        return format!("there is no {noun} {asked:?}, and none at all yet");
    }
    let names: Vec<String> = list.iter().map(|one| format!("{:?}", one.name())).collect();
    format!("there is no {noun} {asked:?}; there are {}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(asked: &str, want: std::result::Result<&str, &str>) {
        let list = [("a", "Zürich"), ("b", "b"), ("c", "twin"), ("d", "Twin"), ("e", "a")]
            .map(|(id, name)| Named { id: id.to_owned(), name: name.to_owned() });
        let found = named("query", asked, &list);
        let found = found.map(HasName::id).map_err(|failure| failure.message);
        assert_eq!(found, want.map_err(str::to_owned));
    }

    #[test]
    fn ids_win_and_names_must_be_one() {
        check("a", Ok("a"));
        check("zÜRICH", Ok("a"));
        let twins = "several are called \"twin\" or begin so; name the query by its id, one of c, d \
                     (`burndown queries` shows which is which)";
        check("twin", Err(twins));
        check("zür", Ok("a"));
        check(
            "",
            Err("there is no query \"\"; there are \"Zürich\", \"b\", \"twin\", \"Twin\", \"a\""),
        );
        check(
            "x",
            Err("there is no query \"x\"; there are \"Zürich\", \"b\", \"twin\", \"Twin\", \"a\""),
        );
    }
}
