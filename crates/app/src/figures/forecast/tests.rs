//! The forecast of a team that finishes two items a week, what if, and what is kept of it.

use ::forecast::Odds;
use metrics::Reason;
use model::{CacheHeader, CacheKind, Json, ProfileId, Remedy};
use store::Writer;

use super::*;
use crate::figures::ask::OverviewAsk;

use crate::sample::Sample;

/// The forecast of twelve steady weeks, as URLs ask for it.
fn ask(sample: &Sample, parameters: &[(&str, &str)]) -> Arc<QueryForecast> {
    let mut ask = ForecastAsk::default();
    for (name, value) in parameters {
        ask.set(name, value).unwrap();
    }
    sample.app.forecast(&sample.key, &ask).unwrap()
}

/// The date that is said with 85 %.
fn likely(forecast: &Forecast) -> Option<Date> {
    forecast.when.known()?.percentile(85)?.date
}

#[test]
fn a_steady_team_is_done_when_it_must_be() {
    let sample = Sample::steady();
    let found = ask(&sample, &[]);
    assert_eq!(found.base.remaining.known(), Some(&10.0));
    // 2 a week, 10 left, the data ends on a Sunday: five working weeks later, on a Friday.
    assert_eq!(likely(&found.base).unwrap().to_string(), "2025-07-25");
    assert_eq!((&found.what_if, &found.track_record.forecasts), (&None, &vec![]));
    let weeks: Vec<f64> = found
        .base
        .how_many
        .iter()
        .map(|f| f.amount.known().unwrap().percentiles[2].amount)
        .collect();
    assert_eq!(weeks, [8.0, 16.0, 24.0]);
}

#[test]
fn an_old_request_makes_no_weeks_of_a_team() {
    for sample in [Sample::steady(), Sample::with_old_request()] {
        let found = ask(&sample, &[]);
        let weeks = &found.base.sample.known().unwrap().weeks;
        assert_eq!(weeks.len(), 12, "{:?}", weeks.first());
        assert_eq!(found.base.pace.as_ref().unwrap().views, [3, 6, 12]);
    }
}

#[track_caller]
fn check_what_if(parameters: &[(&str, &str)], want: &str) {
    let found = ask(&Sample::steady(), parameters);
    let date = likely(found.what_if.as_ref().unwrap()).unwrap();
    assert_eq!(date.to_string(), want, "{parameters:?}");
    assert_eq!(likely(&found.base).unwrap().to_string(), "2025-07-25");
}

#[test]
fn assumptions_change_the_date() {
    check_what_if(&[("focus", "50")], "2025-08-29");
    check_what_if(&[("add", "2")], "2025-08-01");
    check_what_if(&[("items", "2")], "2025-06-27");
    check_what_if(&[("start", "2025-07-07")], "2025-08-08");
    check_what_if(&[("model", "exact")], "2025-07-25");
    check_what_if(&[("exclude", "2025-W20,2025-W21")], "2025-07-25");
}

#[test]
fn deadlines_of_the_profile_have_odds() {
    let sample = Sample::steady();
    sample
        .app
        .put_milestone(&sample.key.profile, "Beta", "2025-07-24".parse().unwrap(), None)
        .unwrap();
    sample.app.keep_forecasts(Some(&sample.key.profile)).unwrap();
    sample
        .app
        .put_milestone(&sample.key.profile, "Deadline", "2025-07-25".parse().unwrap(), None)
        .unwrap();
    sample
        .app
        .put_milestone(&sample.key.profile, "Past", "2025-06-01".parse().unwrap(), None)
        .unwrap();
    let overview = sample.app.overview(&sample.key, &OverviewAsk::default()).unwrap();
    let deadlines = overview.forecast.deadlines.iter();
    let said: Vec<(&str, Odds)> = deadlines
        .map(|answer| (answer.deadline.name.as_str(), answer.odds.known().unwrap().odds))
        .collect();
    let want = [("Past", Odds::Missed), ("Beta", Odds::Below1), ("Deadline", Odds::Above95)];
    assert_eq!(said, want);
}

#[test]
fn the_first_base_forecast_of_a_week_is_kept_once() {
    let sample = Sample::steady();
    let kept = || {
        let reader = sample.app.store.read().unwrap();
        let all = reader.snapshots(&sample.key, 100).unwrap();
        all.into_iter().filter(|row| row.metric == FORECASTS).collect::<Vec<_>>()
    };
    ask(&sample, &[]);
    assert_eq!(kept(), [], "an answer keeps nothing");
    sample.app.keep_forecasts(Some(&ProfileId::new("other").unwrap())).unwrap();
    assert_eq!(kept(), []);
    sample.app.keep_forecasts(None).unwrap();
    let first = kept();
    assert_eq!(first.len(), 1);
    assert_eq!(first[0].week.to_string(), "2025-W25");
    assert_eq!(first[0].metrics.get("remaining").and_then(Json::as_f64), Some(10.0));
    let day = "2025-07-24".parse().unwrap();
    sample.app.put_milestone(&sample.key.profile, "Beta", day, None).unwrap();
    sample.app.keep_forecasts(Some(&sample.key.profile)).unwrap();
    let again = ask(&sample, &[]);
    assert_eq!(kept(), first);
    assert_eq!(again.track_record.forecasts.len(), 1);
    assert_eq!(again.track_record.forecasts[0].held, [None; 4]);
}

/// What was said of what another JQL found is not held against this one.
#[test]
fn forecasts_of_another_jql_are_not_scored() {
    let sample = Sample::steady();
    let edit = |hash: &str| {
        let put = |writer: &mut dyn Writer| {
            let header = writer.header(&sample.key, CacheKind::Issues)?.unwrap_or_default();
            let header = CacheHeader { jql_hash: Some(hash.to_owned()), ..header };
            writer.put_header(&sample.key, CacheKind::Issues, &header)
        };
        sample.app.store.transact(put).unwrap();
        ask(&sample, &[]).track_record.forecasts.len()
    };
    assert_eq!(edit("one"), 0);
    sample.app.keep_forecasts(None).unwrap();
    assert_eq!(["one", "other", "one"].map(edit), [1, 0, 1]);
}

#[test]
fn without_enough_weeks_there_is_a_reason() {
    let few = ask(&Sample::issues(), &[]);
    let Measured::Unavailable { reason, remedy } = few.base.when else { panic!("{few:?}") };
    assert!(matches!(reason, Reason::ShortSample { weeks: 2, .. }), "{reason:?}");
    assert_eq!(remedy, Remedy::WidenSample);
    assert_eq!(few.base.record(), None);
}

#[test]
fn a_steady_team_would_have_said_the_same_all_along() {
    let drift = ask(&Sample::steady(), &[]).drift.clone();
    let last = drift.last().unwrap();
    assert_eq!((last.date.to_string().as_str(), last.remaining), ("2025-06-15", 10.0));
    assert_eq!(last.likely.unwrap().to_string(), "2025-07-18");
    // Two fewer are left with each week, so the date stays; before the third week none is said.
    assert_eq!(drift.len(), 10);
    assert_eq!(drift.first().unwrap().remaining, 28.0);
}

#[test]
fn how_much_is_done_does_not_depend_on_how_much_is_left() {
    let amounts = |parameters: &[(&str, &str)]| {
        let found = ask(&Sample::steady(), parameters);
        let all = found.asked().how_many.iter();
        all.map(|found| found.amount.known().unwrap().percentiles.clone()).collect::<Vec<_>>()
    };
    let usual = amounts(&[]);
    for other in [&[("add", "-9")], &[("items", "3")], &[("add", "500")], &[("growth", "on")]] {
        assert_eq!(amounts(other), usual, "{other:?}");
    }
}

#[test]
fn a_huge_question_is_still_answered() {
    let huge = [("model", "exact"), ("window", "1040"), ("focus", "299"), ("by", "2030-06-01")];
    let found = ask(&Sample::steady(), &huge);
    let amount = &found.asked().how_many[0].amount.known().unwrap().percentiles[0].amount;
    // 258 weeks at 299 % of 24 items in 13 weeks: 1424 on average.
    assert!((1_400.0..1_450.0).contains(amount), "{amount}");
}

/// Why nothing is said of points after the fetch asked for `asked`, and the settings name `field`.
#[track_caller]
fn check_points(asked: &str, field: &str, want: Option<(Reason, Remedy)>) {
    let sample = Sample::issues();
    let fields_requested = Some(asked.to_owned());
    let put = |tx: &mut dyn Writer| {
        let header = tx.header(&sample.key, CacheKind::Issues)?.unwrap_or_default();
        let header = CacheHeader { fields_requested, ..header };
        tx.put_header(&sample.key, CacheKind::Issues, &header)
    };
    sample.app.store.transact(put).unwrap();
    let setting = model::settings::Setting::find("points-field").unwrap();
    let change = crate::settings::Change::Set(vec![field.to_owned()]);
    let draft = crate::settings::SettingsDraft::of(setting, change);
    sample.app.edit_settings(&sample.key.profile, &draft, None).unwrap();
    let of = |why: &Measured<_>| match why {
        Measured::Unavailable { reason, remedy } => Some((*reason, *remedy)),
        Measured::Known { .. } => None,
    };
    let forecast = ask(&sample, &[("unit", "points")]);
    let mut view = OverviewAsk::default();
    view.set("unit", "points").unwrap();
    let overview = sample.app.overview(&sample.key, &view).unwrap();
    let found = match &overview.summary.totals {
        Measured::Unavailable { reason, remedy } => Some((*reason, *remedy)),
        Measured::Known { .. } => None,
    };
    assert_eq!(found, want, "{asked} {field}");
    if want.is_some() {
        assert_eq!(of(&forecast.base.remaining), want, "{asked} {field}");
    }
}

#[test]
fn points_that_were_not_asked_for_are_not_known() {
    let asked = "created,status,cf";
    check_points(asked, "cf", None);
    check_points(asked, "cf2", Some((Reason::PointsNotRequested, Remedy::ConnectJira)));
    check_points("created,cf2", "cf2", Some((Reason::NoPointsField, Remedy::MapPointsField)));
    check_points("*all", "cf", None);
}
