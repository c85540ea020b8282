//! What settings are called on pages, and what they do.

use app::settings::UnknownName;
use model::settings::{Noun, Setting};

/// Name of a setting, what it is called, and what it does, as a sentence.
#[rustfmt::skip]
const TEXTS: [(&str, &str, &str); 34] = [
    ("window", "Weeks to look back at", "Figures and forecasts use so many complete weeks unless a page asks for others."),
    ("percent", "How sure", "The chance that sentences name, unless a page asks for another."),
    ("points", "Story points", "Whether pages offer story points beside items."),
    ("deadline", "Deadline", "Forecasts say how likely it is kept."),
    ("milestone", "Milestone", "The milestone that the old app knew."),
    ("milestones", "More milestones", "A line each: a day and a name, such as 2026-12-24 Release."),
    ("pert-weeks", "Best and worst weeks of the old app’s date", "How many of them the old app took, from 1 to 15."),
    ("time-zone", "Time zone", "Days and weeks begin at midnight there. Left empty, it is the zone of this machine."),
    ("working-days", "Working days", "Forecasts spread work over these days of the week; without any, Monday to Friday."),
    ("holidays", "Holidays", "A day each line, such as 2026-12-24. Forecasts leave them out."),
    ("lanes", "Lanes", "Statuses with the lane that each is in; what Jira or a list says does not count for them."),
    ("status-order", "Order of statuses", "Ids or names of statuses in the order of the workflow."),
    ("cycle-time-start", "Start of the cycle time", "Whether an issue that went back begins anew (last), or counts from its first start (first)."),
    ("started", "Started", "Work starts when an issue enters one of these."),
    ("in-progress", "In progress", "Counts as started where no status is marked as started."),
    ("active", "Active", "Somebody works on it, rather than it waits."),
    ("done", "Done", "An issue in one of these is done. Without any, Jira’s category says it."),
    ("not-delivered", "Not delivered", "Issues resolved like this, or done in a status of that name, leave the scope and never count as done."),
    ("delivered", "Delivered", "Nobody is asked about these again, and what is usually not delivered counts as done where it is among them."),
    ("count-sub-tasks", "Count sub-tasks", "Whether sub-tasks are items of their own."),
    ("count-parents", "Count parents", "Whether epics and other issues that hold issues are items of their own."),
    ("parent-types", "Parent", "Only holds other issues and does not count itself."),
    ("bug-types", "Bug", "Counts as a defect where the type is of no kind of work."),
    ("deployment-types", "Deployment", "Kept for the old app; no figure reads it."),
    ("feature-types", "Feature", "Work by type joins these as features."),
    ("defect-types", "Defect", "Work by type joins these as defects."),
    ("debt-types", "Debt", "Work by type joins these as technical debt."),
    ("risk-types", "Risk", "Work by type joins these as risks."),
    ("development-projects", "Development", "Only issues of these projects count; without any, all do."),
    ("deployment-projects", "Deployments", "Kept for the old app; no figure reads it."),
    ("server", "Address of your Jira", "Such as https://jira.example.org."),
    ("authentication", "Authentication", "How your Jira lets you in."),
    ("email", "E-mail or user name", "Only with an API token or a password: whom it belongs to."),
    ("points-field", "Fields of story points", "A line each: the id of a Jira field, such as customfield_10016, or its name. The first one that is filled counts."),
];

/// What a setting is called.
pub fn label(setting: &Setting) -> &'static str {
    text(setting).1
}

/// What a setting does.
pub fn hint(setting: &Setting) -> &'static str {
    text(setting).2
}

fn text(setting: &Setting) -> (&'static str, &'static str, &'static str) {
    TEXTS.into_iter().find(|(name, ..)| *name == setting.name).unwrap_or_default()
}

/// That nothing is called so which a setting names.
pub fn unknown_name(unknown: &UnknownName) -> String {
    let noun = match unknown.noun {
        Noun::Status => "status",
        Noun::Resolution => "resolution and no status",
        Noun::IssueType => "type of issue",
        Noun::Project => "project",
    };
    format!("no {noun} here is called “{}” so far", unknown.name)
}

#[cfg(test)]
mod tests {
    use model::settings::SETTINGS;

    use super::*;

    #[test]
    fn every_setting_has_a_text() {
        let names: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
        assert_eq!(names, TEXTS.map(|(name, ..)| name));
        assert!(SETTINGS.iter().all(|setting| hint(setting).ends_with('.')));
    }
}
