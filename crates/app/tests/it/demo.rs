//! What the demo shows.

use app::forecast::ForecastAsk;
use app::{App, Context, demo};
use model::{QueryKey, TimeZone, Timestamp};

const AS_OF: &str = "2026-11-20T15:00:00Z";

fn as_of() -> Timestamp {
    AS_OF.parse().unwrap()
}

/// The forecast of the demo is fixed; a change of the model or of the demo shows here.
#[test]
fn the_forecast_of_the_demo_is_known() {
    let folder = tempfile::tempdir().unwrap();
    demo::prepare(folder.path(), as_of(), &TimeZone::UTC).unwrap();
    let store = store::Address::Sqlite(migrate::database_path(folder.path())).open().unwrap();
    let active = |key| store.read().unwrap().state(key).unwrap().unwrap();
    let key =
        QueryKey::parse(&active(store::ACTIVE_PROFILE), &active(store::ACTIVE_QUERY)).unwrap();
    let context = Context {
        version: String::new(),
        zone: TimeZone::UTC,
        clock: as_of,
        report: None,
        is_demo: true,
        access: app::access::Access::default(),
    };
    let app = App::new(store, context);
    let found = app.forecast(&key, &ForecastAsk::default()).unwrap();
    let dates: Vec<String> = found
        .base
        .when
        .known()
        .unwrap()
        .percentiles
        .iter()
        .map(|said| format!("{} % {}", said.percent, said.date.unwrap()))
        .collect();
    assert_eq!(dates, ["50 % 2027-02-15", "70 % 2027-02-24", "85 % 2027-03-05", "95 % 2027-03-25"]);
    assert_eq!(found.base.input_hash.as_deref(), Some("d8a203e4accf5638"));
}
