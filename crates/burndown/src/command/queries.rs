//! `burndown queries`: what queries a profile has.

use app::workspace::QueryEntry;
use words::format::count;

use crate::arguments::Queries;
use crate::failure::Result;
use crate::figures::{instant, minute};
use crate::run::Run;
use crate::table::{Cell, Listing, Side, Table};
use crate::{opening, selection};

/// Lists the queries of one profile, most recently used first.
pub fn run(run: &Run, options: &Queries) -> Result<()> {
    let workspace = opening::existing(run)?.workspace()?;
    let profile = selection::profile(&workspace, options.profile.as_deref())?;
    run.output.list(&profile.queries, |queries| listing(run, queries))
}

fn listing(run: &Run, queries: &[QueryEntry]) -> Listing {
    let mut table = Table::new(&[
        ("", Side::Left),
        ("id", Side::Left),
        ("name", Side::Left),
        ("issues", Side::Right),
        ("fetched", Side::Left),
        ("note", Side::Left),
    ])
    .named(&["is_active", "id", "name", "issues", "fetched_at", "note"]);
    for query in queries {
        table.row([
            Cell::mark(query.is_active),
            query.id.clone().into(),
            query.name.clone().into(),
            count(query.issues).into(),
            instant(query.fetched_at, minute(query.fetched_at, &run.surroundings.zone)),
            query.partial.clone().unwrap_or_default().into(),
        ]);
    }
    Listing::of(table, "this profile has no queries yet\n")
}
