//! `burndown profiles`: what profiles there are.

use app::workspace::ProfileEntry;
use words::format::count;

use crate::failure::Result;
use crate::figures::{instant, minute};
use crate::opening;
use crate::run::Run;
use crate::table::{Cell, Listing, Side, Table};

/// Lists the profiles, most recently used first.
pub fn run(run: &Run) -> Result<()> {
    let workspace = opening::existing(run)?.workspace()?;
    run.output.list(&workspace.profiles, |profiles| {
        listing(run, profiles, workspace.active.profile.as_deref())
    })
}

fn listing(run: &Run, profiles: &[ProfileEntry], active: Option<&str>) -> Listing {
    let mut table = Table::new(&[
        ("", Side::Left),
        ("id", Side::Left),
        ("name", Side::Left),
        ("queries", Side::Right),
        ("issues", Side::Right),
        ("last used", Side::Left),
    ])
    .named(&["is_active", "id", "name", "queries", "issues", "last_used"]);
    for profile in profiles {
        table.row([
            Cell::mark(active == Some(&profile.id)),
            profile.id.clone().into(),
            profile.name.clone().into(),
            count(profile.queries.len() as u64).into(),
            count(profile.issues).into(),
            instant(profile.last_used, minute(profile.last_used, &run.surroundings.zone)),
        ]);
    }
    Listing::of(table, "there are no profiles yet\n")
}
