//! The order of statuses and of stages: what the profile chose, else that of a board, else the usual
//! path of issues.

use std::cmp::Reverse;

use model::Lane;
use model::settings::fold;

use super::{KnownStatus, Meaning, Statuses, project_of};
use crate::history::IssueHistory;
use crate::weeks::AsOf;
use crate::workflow::Workflow;

/// A status and how often it is used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StatusUse<'s, 'h> {
    /// The status.
    pub status: &'s KnownStatus<'h>,
    /// Its place among all that are known.
    pub place: usize,
    /// How many issues are in it by their documents.
    pub now: u64,
    /// How often issues entered it by the moment.
    pub entered: u64,
}

/// Which of two statuses issues enter first, counted for all pairs.
pub(crate) struct Paths {
    len: usize,
    before: Vec<u32>,
}

/// How often each status is used.
struct Uses {
    now: Vec<u64>,
    entered: Vec<u64>,
}

/// What the place of a status in its workflow follows from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placing {
    pub meaning: Meaning,
    /// Its place as the profile or a board tells.
    pub told: Option<u32>,
}

/// Places in the order of the workflow. What nobody tells the place of, stands behind what issues
/// usually enter before it, and before nothing that is an earlier phase of work.
pub(crate) fn in_workflow(all: &[Placing], paths: &Paths) -> Vec<usize> {
    let phases: Vec<u8> = all.iter().map(|one| phase(one.meaning)).collect();
    let phase_of = |place: usize| phases.get(place).copied().unwrap_or_default();
    let mut usual: Vec<usize> = (0..all.len()).collect();
    usual.sort_by_key(|place| (phase_of(*place), Reverse(paths.lead(*place)), *place));
    let told = told(all.iter().map(|one| one.told));
    arranged(usual, &told, &phases)
}

/// Places that are told, in their order.
fn told(orders: impl Iterator<Item = Option<u32>>) -> Vec<usize> {
    let mut told: Vec<(u32, usize)> =
        orders.enumerate().filter_map(|(place, order)| Some((order?, place))).collect();
    told.sort_unstable();
    told.into_iter().map(|(_, place)| place).collect()
}

/// How far work in it has come.
fn phase(meaning: Meaning) -> u8 {
    match meaning.lane {
        Some(Lane::NotStarted) => 0,
        Some(Lane::Waiting | Lane::Active) if !meaning.is_started => 1,
        Some(Lane::Waiting | Lane::Active) => 2,
        None => 3,
        Some(Lane::Done) => 4,
        Some(Lane::NotDelivered) => 5,
    }
}

impl<'h> Statuses<'h> {
    /// All statuses in the order of the workflow, as pictures of flow stack them. `histories` are
    /// those that the statuses were learned from.
    pub fn in_order<'s>(
        &'s self,
        histories: &[IssueHistory],
        as_of: &AsOf,
    ) -> Vec<StatusUse<'s, 'h>> {
        let (paths, uses) = self.paths(histories, as_of);
        let placing =
            |known: &KnownStatus<'_>| Placing { meaning: known.meaning, told: known.order };
        let all: Vec<Placing> = self.known.iter().map(placing).collect();
        let of = |counts: &[u64], place: usize| counts.get(place).copied().unwrap_or_default();
        let usage = |place: usize| {
            let status = self.known.get(place)?;
            let (now, entered) = (of(&uses.now, place), of(&uses.entered, place));
            Some(StatusUse { status, place, now, entered })
        };
        in_workflow(&all, &paths).into_iter().filter_map(usage).collect()
    }

    /// Takes the places that the profile chose; what it did not choose keeps its place among those
    /// that boards show. Boards of several projects count from the left each, so that phases come
    /// first there.
    pub(super) fn take_order(&mut self, workflow: &Workflow) {
        let chosen: Vec<usize> =
            workflow.status_order.iter().filter_map(|name| self.place_called(name)).collect();
        let phases: Vec<u8> = self.known.iter().map(|known| phase(known.meaning)).collect();
        let mut shown = told(self.known.iter().map(|known| known.order));
        shown.sort_by_key(|place| phases.get(*place).copied());
        let told = arranged(shown, &chosen, &phases);
        for (order, place) in told.into_iter().enumerate() {
            if let Some(known) = self.known.get_mut(place) {
                known.order = u32::try_from(order).ok();
            }
        }
    }

    /// The status of that id or name.
    fn place_called(&self, wanted: &str) -> Option<usize> {
        let is_id = |known: &KnownStatus<'_>| known.id == Some(wanted);
        let is_named =
            |known: &KnownStatus<'_>| known.names.iter().any(|name| fold(name) == fold(wanted));
        self.known.iter().position(is_id).or_else(|| self.known.iter().position(is_named))
    }

    fn paths(&self, histories: &[IssueHistory], as_of: &AsOf) -> (Paths, Uses) {
        let len = self.known.len();
        let (mut paths, mut uses) =
            (Paths::new(len), Uses { now: vec![0; len], entered: vec![0; len] });
        for history in histories {
            let project = project_of(&history.facts);
            let current = self.place_of_document(&history.facts);
            if let Some(now) = current.and_then(|place| uses.now.get_mut(place)) {
                *now += 1;
            }
            let changes = history.transitions.as_deref().unwrap_or_default();
            let first = changes.first().and_then(|change| change.from.as_ref());
            let mut path: Vec<usize> =
                first.and_then(|from| self.look_up(from, project)).into_iter().collect();
            for change in changes.iter().take_while(|change| as_of.knows(change.at)) {
                let to = change.to.as_ref().and_then(|to| self.look_up(to, project));
                let Some(place) = to else { continue };
                if let Some(entered) = uses.entered.get_mut(place) {
                    *entered += 1;
                }
                if !path.contains(&place) {
                    path.push(place);
                }
            }
            paths.add(&path);
        }
        (paths, uses)
    }
}

impl Paths {
    /// Of that many statuses, before any issue is known.
    pub fn new(len: usize) -> Paths {
        Paths { len, before: vec![0; len * len] }
    }

    /// Counts an issue that entered these, each for the first time, in that order.
    pub fn add(&mut self, path: &[usize]) {
        for (order, earlier) in path.iter().enumerate() {
            for later in path.iter().skip(order + 1) {
                if let Some(count) = self.before.get_mut(earlier * self.len + later) {
                    *count += 1;
                }
            }
        }
    }

    /// Of how many statuses it is ahead more often than behind, less those that are ahead of it.
    fn lead(&self, place: usize) -> i64 {
        let count = |a: usize, b: usize| self.before.get(a * self.len + b).copied().unwrap_or(0);
        (0..self.len)
            .map(|other| match count(place, other).cmp(&count(other, place)) {
                std::cmp::Ordering::Greater => 1,
                std::cmp::Ordering::Equal => 0,
                std::cmp::Ordering::Less => -1,
            })
            .sum()
    }
}

/// `usual` with those of `wanted` in the order of `wanted`; each of the others stays behind the one
/// that it usually follows, and behind all that are of an earlier phase.
fn arranged(usual: Vec<usize>, wanted: &[usize], phases: &[u8]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(usual.len());
    wanted.iter().for_each(|place| {
        if !order.contains(place) {
            order.push(*place);
        }
    });
    let mut previous = None;
    for place in usual {
        if !order.contains(&place) {
            let is_before =
                |other: &usize| Some(*other) == previous || phases.get(*other) < phases.get(place);
            let after = order.iter().rposition(is_before);
            order.insert(after.map_or(0, |after| after + 1), place);
        }
        previous = Some(place);
    }
    order
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use model::{
        IssueFacts, Json, ProfileSettings, Settings, Status, StatusCategory, StatusRef, Transition,
    };

    use super::*;

    const AT: [&str; 3] = ["2025-03-03T10:00:00Z", "2025-03-04T10:00:00Z", "2025-03-05T10:00:00Z"];

    fn history(path: &[&str]) -> IssueHistory {
        let status = |name: &str| Some(Arc::new(StatusRef::named(name)));
        let steps = path.windows(2).zip(AT);
        let transitions = steps.map(|(step, at)| Transition {
            at: at.parse().unwrap(),
            from: status(step[0]),
            to: status(step[1]),
        });
        let transitions = Some(transitions.collect());
        let facts = IssueFacts {
            key: "K-1".into(),
            status: path.last().map(|name| Arc::from(*name)),
            ..IssueFacts::default()
        };
        IssueHistory { facts, transitions, ..IssueHistory::default() }
    }

    fn listed(name: &str, category: StatusCategory, order: Option<u32>) -> Status {
        Status {
            id: format!("id of {name}"),
            name: name.to_owned(),
            untranslated_name: None,
            category: Some(category),
            project: None,
            order,
            seen_last: None,
            is_gone: false,
        }
    }

    #[track_caller]
    fn check(classification: &str, board: [Option<u32>; 5], want: &[&str]) {
        use StatusCategory::{Done, Indeterminate, New};
        let names = [
            ("Done", Done),
            ("Review", Indeterminate),
            ("Rejected", Done),
            ("Doing", Indeterminate),
            ("Open", New),
        ];
        let statuses: Vec<Status> = names
            .into_iter()
            .zip(board)
            .map(|((name, category), order)| listed(name, category, order))
            .collect();
        let histories = [
            history(&["Open", "Doing", "Review", "Done"]),
            history(&["Open", "Review", "Doing"]),
            history(&["Open", "Doing", "Review"]),
        ];
        let settings = Settings {
            project_classification: Json::parse(classification).ok(),
            ..Settings::default()
        };
        let workflow = Workflow::of(&ProfileSettings::read(&settings));
        let as_of = AsOf::moment("2025-04-01T00:00:00Z".parse().unwrap(), model::TimeZone::UTC);
        let learned = Statuses::learn(&workflow, &statuses, &histories, &as_of);
        let order = learned.in_order(&histories, &as_of);
        let found: Vec<&str> = order.iter().map(|usage| usage.status.names[0]).collect();
        assert_eq!(found, want, "{classification} {board:?}");
        let doing = order.iter().find(|usage| usage.status.names[0] == "Doing").unwrap();
        assert_eq!((doing.now, doing.entered), (1, 3));
    }

    #[test]
    fn statuses_are_in_the_order_of_the_choice_the_board_or_the_usual_path() {
        let none = [None; 5];
        check("{}", none, &["Open", "Doing", "Review", "Done", "Rejected"]);
        // Review is before Doing on the board, which has neither Open nor Rejected.
        let board = [Some(2), Some(0), None, Some(1), None];
        check("{}", board, &["Open", "Review", "Doing", "Done", "Rejected"]);
        let chosen = r#"{"status_order":["id of Done","doing"]}"#;
        check(chosen, board, &["Open", "Review", "Done", "Doing", "Rejected"]);
        // A board without a column for what is done.
        let board = [None, Some(0), None, Some(1), None];
        check("{}", board, &["Open", "Review", "Doing", "Done", "Rejected"]);
        check(r#"{"lanes":["Open done"]}"#, none, &["Doing", "Review", "Open", "Done", "Rejected"]);
    }
}
