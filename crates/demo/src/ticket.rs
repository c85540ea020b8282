//! The issues of the demo with everything that their documents say.

use model::Timestamp;

use crate::calendar;
use crate::draw::Draw;
use crate::flow::{self, Life};
use crate::project::{IssueType, Project};
use crate::wording;

const STORY_POINTS: [u32; 9] = [1, 2, 2, 3, 3, 5, 5, 8, 13];
const SMALL_POINTS: [u32; 4] = [1, 1, 2, 3];
const UNESTIMATED_PERCENT: u32 = 12;
const LABELLED_PERCENT: u32 = 70;
const DUPLICATE_PERCENT: u32 = 25;
const PRIORITIES: [Priority; 10] = [
    Priority("1", "Highest"),
    Priority("2", "High"),
    Priority("2", "High"),
    Priority("3", "Medium"),
    Priority("3", "Medium"),
    Priority("3", "Medium"),
    Priority("3", "Medium"),
    Priority("4", "Low"),
    Priority("4", "Low"),
    Priority("5", "Lowest"),
];

/// Id and name of a priority in Jira.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Priority(pub &'static str, pub &'static str);

/// One issue.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ticket {
    /// Its number in the project.
    pub number: usize,
    pub life: Life,
    pub issue_type: IssueType,
    /// Number of the issue it is a part of.
    pub parent: Option<usize>,
    pub summary: String,
    pub priority: Priority,
    /// `None` if nobody estimated it.
    pub points: Option<u32>,
    pub label: Option<&'static str>,
    /// Whether another issue says the same, should it be cancelled.
    pub is_duplicate: bool,
}

/// The issues of a project as they are at `as_of`, oldest first.
pub(super) fn tickets(project: &Project, as_of: Timestamp, seed: u64) -> Vec<Ticket> {
    let weeks = calendar::weeks(as_of);
    let mut flow = Draw::new(seed, project.stream);
    let lives = flow::lives(project, &weeks, as_of.as_second(), &mut flow);
    let mut story = None;
    let numbered = lives.into_iter().zip(1..);
    numbered
        .map(|(life, number)| {
            // A stream of its own: what one issue draws does not change the next.
            let mut draw = Draw::new(seed, (project.stream << 32) + number as u64);
            let ticket = ticket(project, number, life, story, &mut draw);
            if ticket.issue_type == IssueType::Story {
                story = Some(number);
            }
            ticket
        })
        .collect()
}

fn ticket(
    project: &Project,
    number: usize,
    life: Life,
    story: Option<usize>,
    draw: &mut Draw,
) -> Ticket {
    let issue_type = match (draw.one_of(project.types), story) {
        (IssueType::Subtask, None) => IssueType::Task,
        (drawn, _) => drawn,
    };
    Ticket {
        number,
        life,
        issue_type,
        parent: story.filter(|_| issue_type == IssueType::Subtask),
        summary: wording::summary(issue_type, draw),
        priority: draw.one_of(&PRIORITIES),
        points: points(issue_type, draw),
        label: draw.happens(LABELLED_PERCENT).then(|| draw.one_of(project.labels)),
        is_duplicate: draw.happens(DUPLICATE_PERCENT),
    }
}

fn points(issue_type: IssueType, draw: &mut Draw) -> Option<u32> {
    let sizes: &[u32] = match issue_type {
        IssueType::Story => &STORY_POINTS,
        IssueType::Task | IssueType::Bug => &SMALL_POINTS,
        IssueType::Subtask => return None,
    };
    (!draw.happens(UNESTIMATED_PERCENT)).then(|| draw.one_of(sizes))
}
