//! `burndown milestone`: the deadlines of a profile.

use app::forecast::Deadline;

use crate::arguments::{self, MilestoneAction};
use crate::failure::Result;
use crate::opening;
use crate::run::Run;
use crate::selection;
use crate::table::{Listing, Side, Table};
use model::plain::one_line;

/// Lists, sets or takes away; prints what there is then.
pub fn run(run: &Run, options: &arguments::Milestone) -> Result<()> {
    let app = opening::existing(run)?;
    let profile = selection::profile_id(&app, options.profile.as_deref())?;
    match &options.action {
        None | Some(MilestoneAction::List) => {}
        // Each changes one milestone of whatever stands there, so no revision is needed.
        Some(MilestoneAction::Set { name, date }) => {
            app.put_milestone(&profile, name, *date, None)?;
        }
        Some(MilestoneAction::Remove { name }) => app.remove_milestone(&profile, name, None)?,
    }
    run.output.list(&app.milestones(&profile)?, |found| listing(found))
}

fn listing(milestones: &[Deadline]) -> Listing {
    let mut table = Table::new(&[("milestone", Side::Left), ("date", Side::Left)]);
    for milestone in milestones {
        table.row([one_line(&milestone.name), milestone.date.to_string()]);
    }
    Listing::of(table, "No milestone is set. burndown milestone set NAME DATE sets one.\n")
}
