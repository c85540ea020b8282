//! What the two projects of the demo are like: figures of their pace, types, order of histories.

/// A type of issue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum IssueType {
    #[default]
    Story,
    Task,
    Bug,
    Subtask,
}

/// Tenths of issues a week, each up to (not including) a week of the demo.
pub(super) type Pace = &'static [(usize, u32)];

/// A project with the query that finds its issues.
#[derive(Debug)]
pub(super) struct Project {
    /// Number that keeps its draws apart from those of the others.
    pub stream: u64,
    pub query_id: &'static str,
    pub name: &'static str,
    pub description: &'static str,
    pub jql: &'static str,
    /// Key of the project in Jira.
    pub key: &'static str,
    /// Types in the proportions of the list.
    pub types: &'static [IssueType],
    pub labels: &'static [&'static str],
    pub created: Pace,
    pub finished: Pace,
    /// Whether histories come newest first, as Cloud sends them, or oldest first.
    pub is_newest_first: bool,
}

use IssueType::{Bug, Story, Subtask, Task};

/// The projects, the one that is shown first at the top.
pub(super) const PROJECTS: [Project; 2] = [
    Project {
        stream: 1,
        query_id: "checkout-rewrite",
        name: "Checkout rewrite",
        description: "Everything that has to be done before the new checkout replaces the old one.",
        jql: "project = CHK ORDER BY created",
        key: "CHK",
        types: &[Story, Story, Story, Story, Story, Task, Task, Task, Subtask, Bug],
        labels: &["web", "app", "payments", "platform"],
        created: &[(3, 400), (19, 25), (22, 130), (usize::MAX, 40)],
        finished: &[(2, 10), (6, 40), (usize::MAX, 65)],
        is_newest_first: true,
    },
    Project {
        stream: 2,
        query_id: "bugs",
        name: "Bugs",
        description: "Bugs of the shop that customers use today.",
        jql: "project = SHOP AND type = Bug ORDER BY created",
        key: "SHOP",
        types: &[Bug],
        labels: &["web", "app", "support"],
        created: &[(1, 120), (usize::MAX, 30)],
        finished: &[(1, 10), (usize::MAX, 30)],
        is_newest_first: false,
    },
];

impl IssueType {
    /// Its name in Jira.
    pub fn name(self) -> &'static str {
        match self {
            Story => "Story",
            Task => "Task",
            Bug => "Bug",
            Subtask => "Sub-task",
        }
    }

    /// Its id in Jira.
    pub fn id(self) -> &'static str {
        match self {
            Story => "10001",
            Task => "10002",
            Bug => "10003",
            Subtask => "10004",
        }
    }
}

/// What is expected in a week of the demo, in tenths.
pub(super) fn expected(pace: Pace, week: usize) -> u32 {
    pace.iter().find(|(until, _)| week < *until).map_or(0, |(_, tenths)| *tenths)
}
