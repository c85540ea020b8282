//! What holds of every history: random ones, with reopening, gaps, stale and missing dates.

use std::sync::Arc;

use metrics::{
    Amount, AsOf, IssueHistory, Items, Measured, Selection, Stages, State, WeeklyTable, Workflow,
    weekly_table,
};
use model::{
    IssueFacts, Lane, Points, Remedy, Resolution, StatusRef, TimeZone, Timestamp, Transition, Week,
};
use proptest::prelude::*;

use crate::sketch::{CONFIGURED, workflow};

/// Around week 53 of 2020, both changes of clocks included.
const FIRST_SECOND: i64 = 1_598_000_000;
const LAST_SECOND: i64 = 1_618_000_000;
const STATUSES: [&str; 6] = ["To Do", "Doing", "Review", "Done", "closed ", "Limbo"];
const ZONES: [&str; 5] =
    ["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "America/Asuncion"];

fn moment() -> impl Strategy<Value = Timestamp> {
    (FIRST_SECOND..LAST_SECOND).prop_map(|second| Timestamp::from_second(second).unwrap())
}

fn status() -> impl Strategy<Value = Option<Arc<str>>> {
    prop::option::weighted(0.95, prop::sample::select(&STATUSES[..]).prop_map(Arc::from))
}

fn resolution() -> impl Strategy<Value = Resolution> {
    let named = |name: &str| Resolution::Named(name.to_owned());
    prop::sample::select(vec![
        Resolution::Absent,
        Resolution::Unresolved,
        named("Fixed"),
        named("Won't Do"),
    ])
}

fn points() -> impl Strategy<Value = Points> {
    prop_oneof![
        (0..40_u8).prop_map(|halves| Points::Known(f64::from(halves) / 2.0)),
        Just(Points::Empty),
        Just(Points::NotRequested),
    ]
}

prop_compose! {
    fn history()(
        key in "[AB]-[0-9]{1,6}",
        created in prop::option::weighted(0.95, moment()),
        resolved in prop::option::of(moment()),
        resolution in resolution(),
        points in points(),
        current in prop::option::weighted(0.2, status()),
        has_changelog in prop::bool::weighted(0.9),
        path in prop::collection::vec((moment(), status()), 0..8),
        first in status(),
    ) -> IssueHistory {
        let mut times: Vec<Timestamp> = path.iter().map(|(at, _)| *at).collect();
        times.sort();
        let named = |name: &Option<Arc<str>>| {
            name.as_ref().map(|name| Arc::new(StatusRef { id: None, name: Some(name.clone()) }))
        };
        let mut was = first;
        let mut transitions = Vec::new();
        for (at, (_, to)) in times.into_iter().zip(path) {
            transitions.push(Transition { at, from: named(&was), to: named(&to) });
            was = to;
        }
        let status = current.unwrap_or(was);
        let facts = IssueFacts { key, status, created, resolved, resolution, points, ..IssueFacts::default() };
        IssueHistory {
            facts,
            transitions: has_changelog.then_some(transitions),
            ..IssueHistory::default()
        }
    }
}

fn histories() -> impl Strategy<Value = Vec<IssueHistory>> {
    prop::collection::vec(history(), 0..30)
}

fn as_of() -> impl Strategy<Value = AsOf> {
    let zone = prop::sample::select(&ZONES[..]).prop_map(|name| TimeZone::get(name).unwrap());
    let later = (FIRST_SECOND..LAST_SECOND + 10_000_000)
        .prop_map(|second| Timestamp::from_second(second).unwrap());
    (later, zone).prop_map(|(at, zone)| AsOf::moment(at, zone))
}

fn table(histories: &[IssueHistory], workflow: &Workflow, as_of: &AsOf) -> Option<WeeklyTable> {
    let items = Items::read(histories, workflow, &[], as_of, Remedy::SyncNow);
    match weekly_table(&items, None) {
        Measured::Known { value, .. } => Some(value),
        Measured::Unavailable { .. } => None,
    }
}

/// What is left of a history if the world had ended then. `None` if it has not begun.
fn cut(history: &IssueHistory, workflow: &Workflow, as_of: &AsOf) -> Option<IssueHistory> {
    let mut cut = history.clone();
    if cut.facts.created.is_some_and(|at| !as_of.knows(at)) {
        return None;
    }
    let transitions = cut.transitions.as_mut()?;
    let later: Vec<Transition> = transitions.extract_if(.., |t| !as_of.knows(t.at)).collect();
    let name =
        |status: &Option<Arc<StatusRef>>| status.as_ref().and_then(|status| status.name.clone());
    let before_later = later.first().and_then(|next| name(&next.from));
    cut.facts.status = transitions.last().map_or(before_later, |last| name(&last.to));
    cut.facts.resolved = cut.facts.resolved.filter(|at| as_of.knows(*at));
    let is_done = |status: Option<Arc<str>>| {
        status.is_some_and(|status| workflow.end_statuses.contains(&status))
    };
    if later.iter().any(|transition| !is_done(name(&transition.to))) {
        cut.facts.resolution = Resolution::Absent;
    }
    Some(cut)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn weeks_add_up(histories in histories(), as_of in as_of()) {
        let workflow = workflow(CONFIGURED);
        let items = Items::read(&histories, &workflow, &[], &as_of, Remedy::SyncNow);
        let Measured::Known { value: table, .. } = weekly_table(&items, None) else {
            prop_assert!(items.counted.is_empty() || !items.can_tell_done());
            return Ok(());
        };
        let mut open = Amount::default();
        for (before, row) in std::iter::once(None).chain(table.rows.iter().map(Some)).zip(&table.rows) {
            let flow = row.flow;
            open = open + flow.created - flow.done - flow.cancelled.unwrap_or_default() - flow.left;
            prop_assert_eq!(row.open, Some(open));
            prop_assert!(open.items >= 0 && open.estimated >= 0);
            prop_assert!(before.is_none_or(|before| before.week.number() + 1 == row.week.number()));
        }
        let sum = |state: State| items.in_state(state).map(|item| item.amount()).sum::<Amount>();
        let (total, undated) = (table.total(), table.undated);
        prop_assert_eq!(open + undated.net(), sum(State::Open));
        prop_assert_eq!(total.done + undated.done, sum(State::Done));
        prop_assert_eq!(total.cancelled.unwrap_or_default() + undated.cancelled.unwrap_or_default(), sum(State::Cancelled));
        prop_assert_eq!((total.created + undated.created).items, items.counted.len() as i64);
        prop_assert!(table.rows.last().is_none_or(|last| last.week == as_of.week()));
        prop_assert_eq!(items.len(), histories.len());
    }

    #[test]
    fn every_number_has_its_issues(histories in histories(), as_of in as_of()) {
        let workflow = workflow(CONFIGURED);
        let items = Items::read(&histories, &workflow, &[], &as_of, Remedy::SyncNow);
        let Measured::Known { value: table, .. } = weekly_table(&items, None) else { return Ok(()) };
        let count = |selection: Selection| items.keys(&selection).len() as i64;
        for row in &table.rows {
            let weeks = row.week..=row.week;
            prop_assert_eq!(count(Selection::CreatedIn(weeks.clone())), row.flow.created.items);
            prop_assert_eq!(count(Selection::DoneIn(weeks.clone())), row.flow.done.items);
            prop_assert_eq!(count(Selection::CancelledIn(weeks)), row.flow.cancelled.unwrap_or_default().items);
            prop_assert_eq!(Some(count(Selection::OpenAtEndOf(row.week))), row.open.map(|o| o.items));
        }
        prop_assert_eq!(count(Selection::Undated), table.undated.created.items);
    }

    /// Stages follow one another and end as the item did.
    #[test]
    fn an_item_is_in_one_stage_at_a_time(histories in histories(), as_of in as_of()) {
        let workflow = workflow(CONFIGURED);
        let items = Items::read(&histories, &workflow, &[], &as_of, Remedy::SyncNow);
        let stages = Stages::read(&items);
        for (item, intervals) in stages.with(&items) {
            for (place, interval) in intervals.iter().enumerate() {
                let next = intervals.get(place + 1).map(|next| next.from);
                prop_assert!(interval.to.is_none_or(|to| to > interval.from), "{intervals:?} {item:?}");
                prop_assert!(next.is_none_or(|next| interval.to == Some(next)), "{intervals:?} {item:?}");
                prop_assert!(as_of.knows(interval.from) && interval.to.is_none_or(|to| as_of.knows(to)));
            }
            let Some(last) = intervals.last().filter(|_| item.undated().is_none()) else {
                prop_assert!(item.state != State::Open || item.created.is_none(), "{item:?}");
                continue;
            };
            let lane = stages.lane(last.stage);
            match item.state {
                State::Open => {
                    prop_assert!(last.to.is_none() && !lane.is_some_and(Lane::is_over), "{intervals:?} {item:?}");
                    prop_assert_eq!(stages.meaning(last.stage).is_started, item.is_under_way);
                }
                State::Done => prop_assert!(last.to.is_none() && lane == Some(Lane::Done), "{intervals:?} {item:?}"),
                State::Cancelled | State::Left => {
                    prop_assert!(last.to <= item.finished.map(|finished| finished.at), "{intervals:?} {item:?}");
                    prop_assert!(last.to.is_some());
                }
            }
        }
    }

    #[test]
    fn a_past_day_knows_nothing_later(histories in histories(), as_of in as_of()) {
        let workflow = workflow(CONFIGURED);
        // Documents that a changelog does not explain are news of an unknown day.
        let sound = |history: &&IssueHistory| {
            let last = history.transitions.as_ref().and_then(|t| t.last());
            last.is_some_and(|last| last.to.as_ref().and_then(|to| to.name.clone()) == history.facts.status)
        };
        let histories: Vec<_> = histories.iter().filter(sound).cloned().collect();
        let cut: Vec<_> = histories.iter().filter_map(|h| cut(h, &workflow, &as_of)).collect();
        // What a status means may be told by what came later, and so when work on an issue began.
        let rows = |histories: &[IssueHistory]| {
            table(histories, &workflow, &as_of).map(|table| (table.rows, table.undated))
        };
        prop_assert_eq!(rows(&histories), rows(&cut));
    }

    #[test]
    fn an_event_lies_in_the_week_of_its_day(at in moment(), zone in prop::sample::select(&ZONES[..])) {
        let zone = TimeZone::get(zone).unwrap();
        let facts = IssueFacts { key: "A-1".into(), created: Some(at), status: Some("To Do".into()), ..IssueFacts::default() };
        let history = IssueHistory { facts, ..IssueHistory::default() };
        let as_of = AsOf::moment(Timestamp::from_second(LAST_SECOND).unwrap(), zone.clone());
        let table = table(&[history], &workflow(CONFIGURED), &as_of).unwrap();
        let first = table.rows.first().unwrap();
        prop_assert_eq!(first.week, Week::of(at.to_zoned(zone).date()));
        prop_assert_eq!(first.flow.created.items, 1);
    }
}

/// Going on from one end to another that nothing was in before does not take a resolution away.
#[test]
fn an_end_entered_later_leaves_the_resolution_known() {
    let workflow = workflow(CONFIGURED);
    let status = |name: &str| Some(Arc::new(StatusRef { id: None, name: Some(name.into()) }));
    let at = |second: i64| Timestamp::from_second(FIRST_SECOND + second).unwrap();
    let facts = IssueFacts {
        key: "A-1".into(),
        created: Some(at(-60)),
        status: Some("Closed".into()),
        resolution: Resolution::Unresolved,
        ..IssueFacts::default()
    };
    let transitions = vec![
        Transition { at: at(0), from: None, to: status("Closed") },
        Transition { at: at(60), from: status("Closed"), to: status("Done") },
        Transition { at: at(120), from: status("Done"), to: status("Closed") },
    ];
    let history = IssueHistory { facts, transitions: Some(transitions), ..IssueHistory::default() };
    let as_of = AsOf::moment(at(0), TimeZone::UTC);
    let cut = cut(&history, &workflow, &as_of).unwrap();
    let [all, cut] = [history, cut].map(|history| table(&[history], &workflow, &as_of));
    assert_eq!(all, cut);
    assert_eq!(all.unwrap().total().cancelled, Some(Amount::default()));
}
