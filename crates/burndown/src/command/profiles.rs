//! `burndown profiles`: what profiles there are.

use app::workspace::ProfileEntry;
use words::format::count;

use crate::failure::Result;
use crate::figures::minute;
use crate::opening;
use crate::run::Run;
use crate::table::{Side, Table};

/// Lists the profiles, most recently used first.
pub fn run(run: &Run) -> Result<()> {
    let workspace = opening::existing(run)?.workspace()?;
    run.output.answer(&workspace.profiles, |profiles| {
        text(run, profiles, workspace.active.profile.as_deref())
    })
}

fn text(run: &Run, profiles: &[ProfileEntry], active: Option<&str>) -> String {
    if profiles.is_empty() {
        return "there are no profiles yet\n".to_owned();
    }
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
    table.into_text(run.output.width, &run.output.head)
}
