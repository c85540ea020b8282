//! What settings could be, told from what the issues name. A proposal is made where nothing is set,
//! and it is saved only if somebody accepts it.

use model::ProfileSettings;
use model::settings::{Field, NameSet, Section, Setting};
use serde::Serialize;

use super::evidence::Seen;

/// Parts of names of statuses in which work waits.
const WAITING: [&str; 6] = ["wait", "block", "hold", "pending", "queue", "paused"];

/// A value that a setting could have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// The name of the setting.
    pub name: &'static str,
    /// Its value, a line each.
    pub value: Vec<String>,
    /// What speaks for it, as a sentence.
    pub why: String,
}

/// What statuses could mean by their categories; nothing where the profile says anything about
/// statuses, as one list changes what the others mean.
pub(super) fn of_workflow(statuses: &[Seen], settings: &ProfileSettings) -> Vec<Proposal> {
    if Section::Workflow.settings().any(|setting| setting.field(settings).is_set()) {
        return Vec::new();
    }
    let begun = |seen: &Seen| seen.category.as_deref() == Some("indeterminate");
    let is_active = |seen: &Seen| begun(seen) && !waits(&seen.name);
    let is_done = |seen: &Seen| seen.category.as_deref() == Some("done");
    [
        propose("started", "Jira counts them as in progress", statuses, &begun),
        propose(
            "active",
            "Jira counts them as in progress, and no name says that work waits",
            statuses,
            &is_active,
        ),
        propose("done", "Jira counts them as done", statuses, &is_done),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn waits(name: &str) -> bool {
    let name = name.to_lowercase();
    WAITING.iter().any(|word| name.contains(word))
}

fn propose(
    name: &str,
    reason: &str,
    statuses: &[Seen],
    is_meant: &dyn Fn(&Seen) -> bool,
) -> Option<Proposal> {
    let setting = Setting::find(name)?;
    let meant: Vec<&Seen> = statuses.iter().filter(|seen| is_meant(seen)).collect();
    let names: Vec<&str> = meant.iter().map(|seen| seen.name.as_str()).collect();
    // What could not be saved is not proposed.
    let mut typed = NameSet::default();
    typed.set(&names).ok()?;
    let value = Some(typed.lines()).filter(|value| !value.is_empty())?;
    let counts = meant
        .iter()
        .map(|seen| format!("{} ({} now, entered {}×)", seen.name, seen.now, seen.entered));
    let why = format!("{reason}: {}.", counts.collect::<Vec<_>>().join(", "));
    Some(Proposal { name: setting.name, value, why })
}

#[cfg(test)]
mod tests {
    use model::{Json, Settings};

    use super::*;

    fn seen(name: &str, category: Option<&str>, now: u64) -> Seen {
        let category = category.map(str::to_owned);
        Seen { name: name.to_owned(), category, now, entered: now * 2, is_seen: true }
    }

    #[track_caller]
    fn check(statuses: &[Seen], classification: &str, want: &[(&str, &str)]) {
        let group = Json::parse(classification).ok();
        let settings = Settings { project_classification: group, ..Settings::default() };
        let found = of_workflow(statuses, &ProfileSettings::read(&settings));
        let found: Vec<(&str, String)> =
            found.iter().map(|proposal| (proposal.name, proposal.value.join("|"))).collect();
        let want: Vec<(&str, String)> =
            want.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        assert_eq!(found, want, "{classification}");
    }

    #[test]
    fn categories_say_what_statuses_mean() {
        let statuses = [
            seen("Closed", Some("done"), 9),
            seen("Open", Some("new"), 4),
            seen("In Review", Some("indeterminate"), 3),
            seen("Waiting for customer", Some("indeterminate"), 2),
            seen("Reopened", None, 0),
        ];
        let all = [
            ("started", "In Review|Waiting for customer"),
            ("active", "In Review"),
            ("done", "Closed"),
        ];
        check(&statuses, "{}", &all);
        check(&statuses, r#"{"flow_end_statuses":[],"bug_types":["Bug"]}"#, &all);
        check(&statuses, r#"{"wip_statuses":["In Review"]}"#, &[]);
        check(&statuses[1..2], "{}", &[]);
        check(&[seen("a\u{1b}b", Some("done"), 1)], "{}", &[]);
        let why = &of_workflow(&statuses, &ProfileSettings::default())[2].why;
        assert_eq!(why, "Jira counts them as done: Closed (9 now, entered 18×).");
    }
}
