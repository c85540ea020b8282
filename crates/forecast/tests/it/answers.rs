//! Whole answers: what they say, and when they say why not.

use forecast::{
    Assumptions, Backlog, Deadline, Facts, Growth, Model, Question, WorkingCalendar, forecast,
    open_items,
};
use metrics::{Measured, NoteCode, Reason, Unit};
use model::{Remedy, Week};
use words::statement;

use crate::sketch::{ask, daily, date, done, table};

/// Twelve weeks of a small team; they end on Sunday 29 March 2026.
const TEAM: [i64; 12] = [5, 7, 3, 0, 6, 8, 4, 5, 9, 2, 6, 5];
/// The Sunday after them.
const SUNDAY: &str = "2026-03-29";

fn base() -> Assumptions {
    Assumptions::default()
}

fn what_if(change: impl FnOnce(&mut Assumptions)) -> Assumptions {
    let mut assumptions = base();
    change(&mut assumptions);
    assumptions
}

fn deadline(day: &str) -> Question {
    let deadlines = vec![Deadline { name: "Deadline".to_owned(), date: date(day) }];
    Question { deadlines, ..Question::default() }
}

/// The dates of 50, 70, 85 and 95 %.
fn dates(assumptions: &Assumptions) -> String {
    let found = ask(&done(&TEAM), 40.0, SUNDAY, assumptions, &Question::default());
    let when = found.when.known().unwrap();
    let date = |p: &forecast::WhenPercentile| p.date.map_or("never".into(), |d| d.to_string());
    when.percentiles.iter().map(date).collect::<Vec<String>>().join(" ")
}

#[track_caller]
fn check_refused(weeks: &[i64], as_of: &str, reason: &str) {
    let found = ask(&done(weeks), 40.0, as_of, &base(), &deadline("2026-12-01"));
    assert_eq!(statement(&found.headline), reason);
    let Measured::Unavailable { reason: why, remedy } = &found.when else {
        panic!("{:?}", found.when)
    };
    assert_eq!(words::reason(why), reason);
    // More weeks of longer ago change nothing about the last twelve.
    let wait = if weeks.len() >= 12 && weeks.iter().any(|done| *done > 0) {
        Remedy::WaitForWork
    } else {
        Remedy::WidenSample
    };
    assert_eq!(*remedy, wait);
    assert_eq!(found.deadlines[0].odds.known(), None);
    assert_eq!(found.record(), None);
}

#[test]
fn where_nothing_was_ever_done_the_query_says_what_helps() {
    let check = |weeks: &[i64], want: Remedy| {
        let table = done(weeks);
        let open = open_items(&table);
        let facts = Facts {
            as_of: date(SUNDAY),
            table: &table,
            open: &open,
            where_idle: Remedy::WidenJql,
            overdue: None,
        };
        let found = forecast(&facts, &base(), &Question::default());
        let Measured::Unavailable { remedy, .. } = found.when else { panic!("{:?}", found.when) };
        assert_eq!(remedy, want);
    };
    check(&[0; 12], Remedy::WidenJql);
    check(&[0, 0], Remedy::WidenJql);
    check(&[3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], Remedy::WaitForWork);
}

#[test]
fn every_assumption_moves_the_date() {
    let empty_week = Week::of(date("2026-01-26"));
    let holidays = [date("2026-04-03"), date("2026-04-06"), date("2026-05-14")].into();
    let calendar = WorkingCalendar { holidays, ..WorkingCalendar::default() };
    let changes = [
        ("base", base()),
        ("exact", what_if(|a| a.model = Model::Exact)),
        ("half the pace", what_if(|a| a.focus_percent = 50)),
        ("20 more", what_if(|a| a.added = 20.0)),
        ("only 10", what_if(|a| a.remaining = Some(10.0))),
        ("from May on", what_if(|a| a.start = Some(date("2026-05-01")))),
        ("six weeks", what_if(|a| a.window_weeks = Some(6))),
        ("urn of six weeks", what_if(|a| (a.window_weeks, a.model) = (Some(6), Model::Bootstrap))),
        ("without the empty week", what_if(|a| a.excluded = [empty_week].into())),
        ("three holidays", what_if(|a| a.calendar = calendar)),
        ("at weekends too", daily()),
    ];
    let found: Vec<String> =
        changes.iter().map(|(name, change)| format!("{name}: {}", dates(change))).collect();
    insta::assert_snapshot!(found.join("\n"), @"
    base: 2026-05-25 2026-06-01 2026-06-10 2026-06-26
    exact: 2026-05-22 2026-05-28 2026-06-03 2026-06-10
    half the pace: 2026-07-21 2026-07-31 2026-08-20 2026-09-22
    20 more: 2026-06-23 2026-07-02 2026-07-16 2026-08-10
    only 10: 2026-04-10 2026-04-14 2026-04-17 2026-04-23
    from May on: 2026-06-26 2026-07-03 2026-07-14 2026-07-30
    six weeks: 2026-05-26 2026-06-02 2026-06-12 2026-07-02
    urn of six weeks: 2026-05-21 2026-05-27 2026-06-03 2026-06-12
    without the empty week: 2026-05-22 2026-05-29 2026-06-09 2026-06-25
    three holidays: 2026-05-28 2026-06-04 2026-06-15 2026-07-01
    at weekends too: 2026-05-26 2026-06-02 2026-06-12 2026-06-28
    ");
}

#[test]
fn too_little_history_is_refused() {
    let short = |weeks| {
        format!("The sample has {weeks}; a forecast needs 3. The last done work is of 2026-W0")
    };
    check_refused(&[5], "2026-01-11", &format!("{}2.", short("1 complete week")));
    check_refused(&[5, 5], "2026-01-18", &format!("{}3.", short("2 complete weeks")));
    check_refused(&[0; 12], SUNDAY, "Nothing was done in the 12 complete weeks of the sample.");
    check_refused(
        &[0, 0, 0, 40, 0, 0, 0, 0, 0, 0, 0, 0],
        SUNDAY,
        "Work was done in only 1 of 12 complete weeks; a forecast needs 3. The last done work is of 2026-W05.",
    );
    let long_ago: Vec<i64> = std::iter::repeat_n(5, 10).chain([0; 30]).collect();
    check_refused(
        &long_ago,
        "2026-10-11",
        "Nothing was done in the 12 complete weeks of the sample. The last done work is of 2026-W11.",
    );
    let calendar = WorkingCalendar { weekdays: [false; 7], ..WorkingCalendar::default() };
    let idle = what_if(|a| a.calendar = calendar);
    let found = ask(&done(&TEAM), 40.0, SUNDAY, &idle, &Question::default());
    let headline = statement(&found.headline);
    assert!(headline.starts_with("The sample has 0 complete weeks"), "{headline}");
}

#[test]
fn an_unmeasurable_query_says_why() {
    let table = Measured::unavailable(Reason::NoIssues, Remedy::SyncNow);
    let facts = Facts {
        as_of: date(SUNDAY),
        table: &table,
        open: &open_items(&table),
        where_idle: Remedy::WidenSample,
        overdue: None,
    };
    let found = forecast(&facts, &base(), &deadline("2026-12-01"));
    assert_eq!(statement(&found.headline), "The query holds no issues.");
    assert_eq!((found.growth.as_ref(), found.input_hash.as_ref()), (None, None));
    // A sample without known open work still says how much gets done.
    let open = Measured::unavailable(Reason::RemainingUnknown, Remedy::SayWhatRemains);
    let facts = Facts {
        as_of: date(SUNDAY),
        table: &done(&TEAM),
        open: &open,
        where_idle: Remedy::WidenSample,
        overdue: None,
    };
    let by = Question { by: vec![date("2026-04-26")], ..deadline("2026-12-01") };
    let found = forecast(&facts, &base(), &by);
    assert_eq!(statement(&found.headline), "The stored rows do not say how much is left.");
    let amount = found.how_many[0].amount.known().unwrap();
    assert_eq!(statement(&amount.sentence), "85 % likely: at least 14 more items by 26 Apr 2026.");
}

#[test]
fn few_weeks_are_weak_and_left_out_ones_are_told() {
    let notes = |weeks: &[i64], as_of: &str, assumptions: &Assumptions| {
        let found = ask(&done(weeks), 40.0, as_of, assumptions, &Question::default());
        let Measured::Known { notes, sample, .. } = found.when else { panic!() };
        (sample, notes.iter().map(|note| note.code).collect::<Vec<_>>())
    };
    assert_eq!(notes(&[5; 5], "2026-02-08", &base()), (5, vec![NoteCode::WeakSample]));
    assert_eq!(notes(&[5; 6], "2026-02-15", &base()), (6, vec![]));
    let without = what_if(|a| a.excluded = [Week::of(date("2026-01-26"))].into());
    assert_eq!(notes(&TEAM, SUNDAY, &without), (11, vec![NoteCode::WeeksExcluded]));
    // Before the first week, the running week and one to come.
    for elsewhere in ["2024-01-01", "2026-03-30", "2030-01-07"] {
        let without = what_if(|a| a.excluded = [Week::of(date(elsewhere))].into());
        assert_eq!(notes(&TEAM, SUNDAY, &without), (12, vec![NoteCode::WeeksNotInSample]));
    }
}

#[track_caller]
fn check_deadline(remaining: f64, as_of: &str, day: &str, want: &str) {
    let found = ask(&done(&TEAM), remaining, as_of, &base(), &deadline(day));
    assert_eq!(statement(&found.deadlines[0].odds.known().unwrap().sentence), want);
}

#[test]
fn deadlines_have_odds() {
    check_deadline(40.0, SUNDAY, "2026-06-01", "Deadline 1 Jun 2026: 70 %.");
    check_deadline(40.0, SUNDAY, "2026-04-10", "Deadline 10 Apr 2026: < 1 %.");
    check_deadline(40.0, SUNDAY, "2036-01-01", "Deadline 1 Jan 2036: > 95 %.");
    let past = "Deadline 27 Mar 2026 has passed with 40 items left.";
    check_deadline(40.0, SUNDAY, "2026-03-27", past);
    let today = "Deadline 29 Mar 2026: no working day is left for 1 item.";
    check_deadline(1.0, SUNDAY, "2026-03-29", today);
    let weekend = "Deadline 5 Apr 2026: no working day is left for 40 items.";
    check_deadline(40.0, "2026-04-03", "2026-04-05", weekend);
    let finished = "Deadline 27 Mar 2026: nothing is left to do.";
    check_deadline(0.0, SUNDAY, "2026-03-27", finished);
}

#[test]
fn a_finished_query_needs_no_history() {
    let found = ask(&done(&[0; 12]), 0.0, SUNDAY, &base(), &deadline("2026-12-01"));
    let want = "Nothing is left to do. Deadline 1 Dec 2026: nothing is left to do.";
    assert_eq!(statement(&found.headline), want);
    assert_eq!(found.record(), None);
    let found = ask(&table(&[(5, 5); 12]), 0.0, SUNDAY, &base(), &Question::default());
    assert_eq!(statement(&found.headline), "Nothing is left to do.");
    assert_eq!(found.without_growth, None);
    // What is added has to be done.
    let more = what_if(|a| a.added = 10.0);
    let found = ask(&done(&TEAM), 0.0, SUNDAY, &more, &Question::default());
    assert!(found.when.known().unwrap().percentile(85).unwrap().date.is_some());
}

#[test]
fn work_that_arrives_faster_than_it_is_done_does_not_finish() {
    let weeks: Vec<(i64, i64)> = TEAM.iter().map(|done| (*done, done + 3)).collect();
    let found = ask(&table(&weeks), 40.0, SUNDAY, &base(), &deadline("2026-12-01"));
    let amount = "85 % likely: at least 45 more items by 21 Jun 2026.";
    let date = "40 more items – as many as are open – by 10 Jun 2026 (85 %).";
    let odds = "Deadline 1 Dec 2026: > 95 %; < 1 % if the scope goes on as so far.";
    let flow = "New work comes faster (8 a week) than it is done (5).";
    assert_eq!(statement(&found.headline), [amount, date, odds, flow].join(" "));
    let want = "If new work keeps coming as in the sample: not all done within 5 years in 60 % of \
                cases.";
    let growing = found.when_growing.as_ref().and_then(Measured::known).unwrap();
    assert_eq!(statement(&growing.sentence), want);
    assert_eq!(found.without_growth.as_ref(), Some(&found.when));
    let still = what_if(|a| a.growth = Growth::Off);
    let alone = ask(&table(&weeks), 40.0, SUNDAY, &still, &Question::default());
    assert_eq!(statement(&alone.headline), [amount, date].join(" "));
    assert_eq!((alone.when_growing, alone.without_growth), (None, None));
    assert_eq!(alone.when, found.when);
}

#[test]
fn some_futures_may_not_finish() {
    // Seven weeks shrink the backlog by 1 to 4 items, five let it grow by as much.
    let nets = [4, -3, 2, -4, 3, -2, 1, -1, 4, -3, 2, 1];
    let weeks: Vec<(i64, i64)> = nets.iter().map(|net| (6, 6 - net)).collect();
    let found = ask(&table(&weeks), 9.0, SUNDAY, &base(), &Question::default());
    let when = found.when_growing.as_ref().and_then(Measured::known).unwrap();
    let want = "If new work keeps coming as in the sample: 85 % likely done by 25 Jun 2027; \
                not within 5 years in 14 % of cases.";
    assert_eq!(statement(&when.sentence), want);
    let dates = &when.percentiles;
    assert_eq!(
        dates.iter().map(|p| p.date.is_some()).collect::<Vec<_>>(),
        [true, true, true, false]
    );
}

#[test]
fn too_much_work_does_not_finish() {
    let found = ask(&done(&[1; 12]), 3_000.0, SUNDAY, &base(), &Question::default());
    let want = "85 % likely: at least 12 more items by 21 Jun 2026. 3\u{202f}000 more items – as many as \
                are open – take more than 5 years in > 99 % of cases.";
    assert_eq!(statement(&found.headline), want);
    let when = found.when.known().unwrap();
    assert_eq!(when.unfinished, 1.0);
    assert!(when.percentiles.iter().all(|percentile| percentile.date.is_none()));
    assert_eq!(found.fan.known().unwrap().len(), forecast::FAN_WEEKS_MAX);
}

#[track_caller]
fn check_growth(created: i64, wanted: Growth, is_on: bool) {
    let weeks = [(5, created), (5, 0), (5, 0), (5, 0)];
    let assumptions = what_if(|a| a.growth = wanted);
    let found = ask(&table(&weeks), 40.0, "2026-02-01", &assumptions, &Question::default());
    assert_eq!(found.growth.unwrap().is_on, is_on, "{created} {wanted:?}");
}

/// 5 % of 20 done items is 1 item.
#[test]
fn growth_is_on_where_it_is_not_negligible() {
    check_growth(0, Growth::Auto, false);
    check_growth(1, Growth::Auto, true);
    check_growth(-1, Growth::Auto, true);
    check_growth(0, Growth::On, true);
    check_growth(9, Growth::Off, false);
}

#[test]
fn the_fan_ends_with_the_work() {
    let found = ask(&done(&[5; 12]), 12.0, SUNDAY, &base(), &Question::default());
    let fan = found.fan.known().unwrap();
    let levels =
        |point: &forecast::FanPoint| point.done.iter().map(|at| at.amount).collect::<Vec<_>>();
    let sundays: Vec<String> = fan.iter().map(|point| point.sunday.to_string()).collect();
    assert_eq!(sundays, ["2026-04-05", "2026-04-12", "2026-04-19"]);
    assert_eq!(fan.iter().map(levels).collect::<Vec<_>>(), [[5.0; 5], [10.0; 5], [12.0; 5]]);
    assert!(fan.iter().all(|point| point.scope.iter().all(|at| at.amount == 12.0)));
    // From a Wednesday on the first week has two working days: two fifths of five items.
    let found = ask(&done(&[5; 12]), 12.0, "2026-04-01", &base(), &Question::default());
    assert_eq!(found.starts_on, Some(date("2026-04-02")));
    let fan = found.fan.known().unwrap();
    assert_eq!(fan.iter().map(levels).collect::<Vec<_>>(), [[2.0; 5], [7.0; 5], [12.0; 5]]);
}

#[test]
fn scope_is_drawn_with_the_work_of_its_week() {
    let found = ask(&table(&[(5, 3); 12]), 12.0, SUNDAY, &base(), &Question::default());
    let fan = found.fan.known().unwrap();
    let scope: Vec<f64> = fan.iter().map(|point| point.scope[1].amount).collect();
    // 12 − 5 + 3 − 5 + 3 − 5 + 3 − 5 + 3 = 4; the fifth week ends it, and nothing arrives with it.
    assert_eq!(scope, [15.0, 18.0, 21.0, 24.0, 24.0]);
    let when = found.when_growing.as_ref().and_then(Measured::known).unwrap();
    let want = "If new work keeps coming as in the sample: 85 % likely done by 30 Apr 2026.";
    assert_eq!(statement(&when.sentence), want);
}

#[test]
fn points_may_be_fractions() {
    let open = Measured::Known {
        value: Backlog { amount: 7.5, points_each: 1.5, extrapolated: 0.2 },
        sample: 4,
        window: None,
        rule: String::new(),
        notes: Vec::new(),
    };
    let points = what_if(|a| a.unit = Unit::Points);
    let facts = Facts {
        as_of: date(SUNDAY),
        table: &done(&[1; 12]),
        open: &open,
        where_idle: Remedy::WidenSample,
        overdue: None,
    };
    let by = Question { by: vec![date("2026-04-01")], ..Question::default() };
    let found = forecast(&facts, &points, &by);
    // 2 points a week: 7.5 take 3.75 weeks, which is the fourth day of the fourth week … 23 April,
    // as 1.5 points of that week take 3.75 of its 5 days.
    let when = statement(&found.when.known().unwrap().sentence);
    assert_eq!(when, "7.5 more points – as many as are open – by 23 Apr 2026 (85 %).");
    let amount = &found.how_many[0].amount.known().unwrap().percentiles[0].amount;
    assert_eq!(*amount, 1.0);
    // Without enough points nothing is said in points, whatever amount is given.
    let reason = Reason::TooFewEstimated { percent: 50, needed: 60 };
    let open = Measured::unavailable(reason, Remedy::EstimateMore);
    let facts = Facts { open: &open, ..facts };
    let given = what_if(|a| (a.unit, a.remaining) = (Unit::Points, Some(5.0)));
    let found = forecast(&facts, &given, &by);
    assert_eq!(
        statement(&found.headline),
        "Only 50 % of the open issues are estimated; a forecast of estimates needs 60 %."
    );
    assert_eq!(found.how_many[0].amount.known(), None);
}

#[test]
fn huge_amounts_are_counted() {
    let found = ask(
        &done(&[999_983, 1_000_003, 999_961]),
        5e6,
        "2026-01-25",
        &base(),
        &Question::default(),
    );
    // Five weeks make a few items less than five million.
    let when = &found.when.known().unwrap().percentiles[0];
    assert_eq!(when.date, Some(date("2026-03-02")));
}

#[test]
fn the_old_apps_date_has_odds() {
    let question = Question { pert_factor: Some(3), ..Question::default() };
    let found = ask(&done(&TEAM), 40.0, SUNDAY, &base(), &question);
    let pert = found.pert.unwrap();
    let want = "The old app would have said 9 Jun 2026; it holds with 83 %.";
    assert_eq!(statement(&pert.known().unwrap().sentence), want);
}

#[test]
fn equal_inputs_have_equal_answers() {
    let question =
        Question { by: vec![date("2026-04-10")], pert_factor: Some(3), ..deadline("2026-04-10") };
    let few = what_if(|a| a.window_weeks = Some(6));
    let weeks: Vec<(i64, i64)> = TEAM.iter().map(|done| (*done, done / 3)).collect();
    let first = ask(&table(&weeks), 8.0, SUNDAY, &few, &question);
    let second = ask(&table(&weeks), 8.0, SUNDAY, &few, &question);
    assert_eq!(first, second);
    // The same data a day later leads to the same working day.
    let later = ask(&table(&weeks), 8.0, "2026-03-30", &few, &question);
    assert_eq!(later.input_hash, first.input_hash);
    let day = |found: &forecast::Forecast| found.when.known().unwrap().percentiles[2].working_days;
    assert_eq!(day(&later), day(&first));
    // Fixed to the byte: another model is another text.
    insta::assert_compact_json_snapshot!(first);
}

#[test]
fn every_answer_is_explained() {
    let document = include_str!("../../../../docs/forecasting.md");
    let ids = forecast::FORECAST_CATALOG.iter().map(|metric| metric.id);
    let missing: Vec<&str> = ids.filter(|id| !document.contains(&format!("`{id}`"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The weeks of the sample that a forecast of 60 weeks draws from.
#[track_caller]
fn check_window(weeks: Option<usize>, is_asked: bool, want: usize) {
    let table = done(&TEAM.repeat(5));
    let assumptions = what_if(|all| (all.window_weeks, all.is_window_asked) = (weeks, is_asked));
    let found = ask(&table, 40.0, "2027-02-28", &assumptions, &Question::default());
    assert_eq!(found.sample.known().unwrap().weeks.len(), want, "{weeks:?} {is_asked}");
}

#[test]
fn a_window_that_is_asked_for_is_taken_as_asked() {
    check_window(Some(12), false, 48);
    check_window(Some(12), true, 12);
    check_window(Some(11), false, 11);
    check_window(None, true, 48);
}

#[test]
fn weeks_before_any_work_are_no_sample() {
    let mut table = done(&[&[0; 30], &TEAM[..]].concat());
    let weeks = |table: &Measured<metrics::WeeklyTable>| {
        let found = ask(table, 40.0, "2026-10-25", &base(), &Question::default());
        found.sample.known().unwrap().weeks.len()
    };
    assert_eq!(weeks(&table), 42, "work had started in the first of them");
    if let Measured::Known { value, .. } = &mut table {
        value.first_started = None;
    }
    assert_eq!(weeks(&table), 12);
    if let Measured::Known { value, .. } = &mut table {
        value.first_started = Some(Week::of(date("2026-07-06")));
    }
    assert_eq!(weeks(&table), 16);
}
