//! The bar of a sync that runs, on every page of its query.

use app::trail::Trail;
use maud::{Markup, html};
use model::{TaskProgress, Timestamp};
use words::format;

use crate::link;

/// Below this much nothing is said about what remains.
const PERCENT_FOR_ESTIMATE_MIN: u8 = 12;

/// The bar; the script asks the sync page for a newer one now and then, without it a reload does.
pub fn bar(trail: &Trail, task: &TaskProgress, now: Timestamp) -> Markup {
    html! {
        section.syncing #syncing aria-label="Running sync" data-poll=(link::sync(trail)) {
            p { a href=(link::sync(trail)) { "Syncing" } " – " (task.message) (remaining(task, now)) }
            progress max="100" value=(task.percent) aria-label="How far the sync is" { (task.percent) " %" }
            form method="post" action=(link::sync_cancel(trail)) { button type="submit" { "Cancel" } }
        }
    }
}

/// How long it will take if it goes on as it went so far.
fn remaining(task: &TaskProgress, now: Timestamp) -> String {
    let spent_s = now.duration_since(task.started_at).as_secs();
    if task.percent < PERCENT_FOR_ESTIMATE_MIN || spent_s < 5 {
        return String::new();
    }
    let percent = i64::from(task.percent);
    match spent_s * (100 - percent) / percent {
        ..60 => ", under a minute left".to_owned(),
        left_s => format!(", about {} left", format::duration(left_s)),
    }
}

#[cfg(test)]
mod tests {
    use model::TaskStatus;

    use super::*;

    #[track_caller]
    fn check(percent: u8, spent_s: i64, want: &str) {
        let started_at = Timestamp::from_second(1_000_000).unwrap();
        let task = TaskProgress {
            id: String::new(),
            status: TaskStatus::Running,
            percent,
            message: String::new(),
            started_at,
            updated_at: started_at,
        };
        let now = Timestamp::from_second(1_000_000 + spent_s).unwrap();
        assert_eq!(remaining(&task, now), want);
    }

    #[test]
    fn what_remains_is_said_once_it_can_be() {
        check(5, 60, "");
        check(50, 2, "");
        check(25, 60, ", about 3 min left");
        check(50, 30, ", under a minute left");
    }
}
