//! How issues live in the demo: they are created, wait, are worked on and end.

use crate::calendar::{DAY, HOUR, Workweek, in_office};
use crate::draw::Draw;
use crate::project::{Project, expected};

/// How much better or worse than expected a week goes, in percent: the weeks of a team spread wider
/// than chance alone.
const LUCK_PERCENT: [u32; 8] = [30, 55, 80, 100, 105, 120, 145, 190];
/// Days from the start of work to its end.
const CYCLE_DAYS: [i64; 12] = [2, 3, 3, 4, 5, 6, 8, 10, 12, 16, 22, 31];
/// Among how many of the oldest open issues the next one is chosen.
const CHOICE: u32 = 8;
/// Least time between two changes of status.
const PAUSE: i64 = 20 * 60;
const CANCELLED_PERCENT: u32 = 6;
const BLOCKED_PERCENT: u32 = 20;
const REOPENED_PERCENT: u32 = 7;

/// A status of the workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Open,
    InProgress,
    Blocked,
    InReview,
    Done,
    WontDo,
}

/// A change of status; times are seconds since 1970 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub at: i64,
    pub from: Status,
    pub to: Status,
}

/// The dated life of one issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Life {
    pub created: i64,
    /// Oldest first, no two at one time.
    pub steps: Vec<Step>,
}

/// The issues of a project up to `end`, in the order they were created in.
pub(super) fn lives(project: &Project, weeks: &[Workweek], end: i64, draw: &mut Draw) -> Vec<Life> {
    let mut open: Vec<Life> = Vec::new();
    let mut ended: Vec<Life> = Vec::new();
    for (number, week) in weeks.iter().enumerate() {
        let tenths = |pace| expected(pace, number) * week.capacity_percent / 100;
        let luck = draw.one_of(&LUCK_PERCENT);
        let finished = draw.count(tenths(project.finished) * luck / 100);
        for _ in 0..finished.min(open.len()) {
            let place = draw.below(CHOICE.min(u32::try_from(open.len()).unwrap_or(CHOICE)));
            let mut life = open.remove(place as usize);
            life.finish(week, draw);
            ended.push(life);
        }
        let created = draw.count(tenths(project.created));
        let mut moments: Vec<i64> = (0..created).map(|_| week.moment(draw)).collect();
        moments.sort_unstable();
        open.extend(moments.into_iter().map(|created| Life { created, steps: Vec::new() }));
    }
    let mut all = ended;
    all.append(&mut open);
    all.sort_by_key(|life| life.created);
    all.retain(|life| life.created <= end);
    all.iter_mut().for_each(|life| life.steps.retain(|step| step.at <= end));
    all
}

impl Life {
    /// Its status at the end.
    pub fn status(&self) -> Status {
        self.steps.last().map_or(Status::Open, |step| step.to)
    }

    /// When it last changed.
    pub fn updated(&self) -> i64 {
        self.steps.last().map_or(self.created, |step| step.at)
    }

    /// When and how it ended, if it is ended now.
    pub fn ending(&self) -> Option<Step> {
        self.steps.last().copied().filter(|step| step.to.is_end())
    }

    /// Lives on to an end in that week. It was created before the week.
    fn finish(&mut self, week: &Workweek, draw: &mut Draw) {
        let end = week.moment(draw);
        if draw.happens(CANCELLED_PERCENT) {
            return self.enter(end, Status::WontDo);
        }
        let cycle = draw.one_of(&CYCLE_DAYS) * DAY - draw.seconds(8 * 3600);
        let start = (end - cycle).max(self.created + HOUR);
        let is_blocked = draw.happens(BLOCKED_PERCENT);
        let is_reopened = draw.happens(REOPENED_PERCENT);
        let share = |percent: i64| start + (end - start) * percent / 100;
        self.enter(start, Status::InProgress);
        if is_blocked {
            self.enter(share(20), Status::Blocked);
            self.enter(share(50), Status::InProgress);
        }
        self.enter(share(if is_reopened { 60 } else { 75 }), Status::InReview);
        if is_reopened {
            self.enter(share(70), Status::Done);
            self.enter(share(85), Status::InProgress);
            self.enter(share(95), Status::InReview);
        }
        self.enter(end, Status::Done);
    }

    fn enter(&mut self, at: i64, to: Status) {
        let at = in_office(at).max(self.updated() + PAUSE);
        self.steps.push(Step { at, from: self.status(), to });
    }
}

impl Status {
    /// All of them, in the order of the workflow.
    pub const ALL: [Status; 6] = [
        Status::Open,
        Status::InProgress,
        Status::Blocked,
        Status::InReview,
        Status::Done,
        Status::WontDo,
    ];

    /// Its name in Jira.
    pub fn name(self) -> &'static str {
        match self {
            Status::Open => "Open",
            Status::InProgress => "In Progress",
            Status::Blocked => "Blocked",
            Status::InReview => "In Review",
            Status::Done => "Done",
            Status::WontDo => "Won't Do",
        }
    }

    /// Its id in Jira.
    pub fn id(self) -> &'static str {
        match self {
            Status::Open => "1",
            Status::InProgress => "3",
            Status::Blocked => "10011",
            Status::InReview => "10012",
            Status::Done => "10013",
            Status::WontDo => "10014",
        }
    }

    /// Whether work on it is over.
    pub fn is_end(self) -> bool {
        matches!(self, Status::Done | Status::WontDo)
    }

    /// Whether somebody may be working on it.
    pub fn is_begun(self) -> bool {
        matches!(self, Status::InProgress | Status::Blocked | Status::InReview)
    }
}
