//! `burndown profiles`: what profiles there are.

use app::workspace::ProfileEntry;
use words::format::count;

use crate::failure::Result;
use crate::figures::minute;
use crate::opening;
use crate::run::Run;
use crate::table::{Listing, Side, Table};

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
    ]);
    for profile in profiles {
        let mark = if active == Some(&profile.id) { "*" } else { "" };
        table.row([
            mark.to_owned(),
            profile.id.clone(),
            profile.name.clone(),
            count(profile.queries.len() as u64),
            count(profile.issues),
            minute(profile.last_used, &run.surroundings.zone),
        ]);
    }
    Listing::of(table, "there are no profiles yet\n")
}
