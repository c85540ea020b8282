//! Nothing that came after a day has a part in what is told as of that day: figures and forecasts are
//! those of data that was cut at its end.

use std::collections::BTreeMap;

use app::forecast::ForecastAsk;
use app::overview::{OverviewAsk, Window};
use app::{App, Context, demo};
use model::{
    CacheHeader, Changelog, Date, Document, Issue, QueryKey, Stamp, Tape, TimeZone, Timestamp,
};
use serde_json::{Value, json};
use store::Store;

const END: &str = "2026-11-20T15:00:00Z";
/// Within a week, and within the history of the demo.
const DAY: Date = Date::constant(2026, 9, 16);
const CUT: &str = "2026-09-16T23:59:59.999999999Z";

fn end() -> Timestamp {
    END.parse().unwrap()
}

fn cut() -> Timestamp {
    CUT.parse().unwrap()
}

fn app(store: Box<dyn Store>, clock: fn() -> Timestamp) -> App {
    let context = Context {
        version: String::new(),
        zone: TimeZone::UTC,
        clock,
        report: None,
        is_demo: true,
        access: app::access::Access::default(),
    };
    App::new(store, context)
}

fn values(store: &dyn Store, key: &QueryKey) -> (Vec<Value>, BTreeMap<String, Value>) {
    let reader = store.read().unwrap();
    let parse = |document: &Document| serde_json::from_str::<Value>(document.as_str()).unwrap();
    let (mut issues, mut changelogs) = (Vec::new(), BTreeMap::new());
    reader
        .each_issue(key, &mut |issue| {
            issues.push(parse(&issue.document));
            Ok(())
        })
        .unwrap();
    reader
        .each_changelog(key, &mut |entry| {
            changelogs.insert(entry.key.clone(), parse(&entry.document));
            Ok(())
        })
        .unwrap();
    (issues, changelogs)
}

fn at(value: &Value) -> Timestamp {
    model::stamp::parse(value.as_str().unwrap(), &TimeZone::UTC).unwrap().0
}

/// What the store would hold, had it been fetched at the end of the day: issues created later are
/// not there, entries made later neither, and each field that they changed is what it was before.
fn cut_store(store: &dyn Store, key: &QueryKey) {
    let (issues, mut changelogs) = values(store, key);
    let status_of = statuses(&issues);
    let mut kept = Vec::new();
    for mut issue in issues {
        if at(&issue["fields"]["created"]) > cut() {
            changelogs.remove(issue["key"].as_str().unwrap());
            continue;
        }
        if let Some(entry) = changelogs.get_mut(issue["key"].as_str().unwrap()) {
            take_back(&mut issue, entry, &status_of);
        }
        kept.push(issue);
    }
    let document = |value: &Value| Document::parse(&value.to_string(), &mut Tape::new()).unwrap();
    let header = CacheHeader {
        jql: store.read().unwrap().query(key).unwrap().map(|query| query.jql),
        fetched_at: Some(Stamp::at(cut())),
        ..CacheHeader::default()
    };
    let mut issues = kept.iter().map(|issue| Issue {
        key: issue["key"].as_str().unwrap().to_owned(),
        document: document(issue),
    });
    let mut entries = changelogs
        .iter()
        .map(|(key, entry)| Changelog { key: key.clone(), document: document(entry) });
    store
        .transact(|tx| {
            tx.replace_issues(key, &header, &mut issues)?;
            tx.replace_changelogs(key, &header, &mut entries)
        })
        .unwrap();
}

/// A status that no issue is in now: of the demo's only those of work under way can be empty.
fn under_way(item: &Value) -> Value {
    let category = json!({ "key": "indeterminate" });
    json!({ "id": item["from"], "name": item["fromString"], "statusCategory": category })
}

/// Each status that any issue is in, as Jira tells it.
fn statuses(issues: &[Value]) -> BTreeMap<String, Value> {
    let named = |issue: &Value| {
        let status = issue["fields"]["status"].clone();
        (status["id"].as_str().unwrap().to_owned(), status)
    };
    issues.iter().map(named).collect()
}

fn take_back(issue: &mut Value, entry: &mut Value, status_of: &BTreeMap<String, Value>) {
    let histories = entry["changelog"]["histories"].as_array_mut().unwrap();
    histories.sort_by_key(|history| at(&history["created"]));
    let fields = issue["fields"].as_object_mut().unwrap();
    while let Some(last) = histories.last()
        && at(&last["created"]) > cut()
    {
        let last = histories.pop().unwrap();
        for item in last["items"].as_array().unwrap() {
            match item["field"].as_str().unwrap() {
                "status" => {
                    let was = status_of.get(item["from"].as_str().unwrap()).cloned();
                    fields.insert("status".to_owned(), was.unwrap_or_else(|| under_way(item)));
                }
                "resolution" => {
                    let was = match item["from"].as_str() {
                        Some(id) => json!({ "id": id, "name": item["fromString"] }),
                        None => Value::Null,
                    };
                    fields.insert("resolution".to_owned(), was);
                }
                other => panic!("a field that is not taken back: {other}"),
            }
        }
    }
    let changed = |field: &str| {
        let is_of_field = |history: &&Value| {
            history["items"].as_array().unwrap().iter().any(|item| item["field"] == field)
        };
        histories.iter().rfind(is_of_field).map(|history| history["created"].clone())
    };
    let resolved = changed("resolution").filter(|_| !fields["resolution"].is_null());
    let last = changed("status").unwrap_or_else(|| fields["created"].clone());
    fields.insert("resolutiondate".to_owned(), resolved.unwrap_or(Value::Null));
    fields.insert("statuscategorychangedate".to_owned(), last.clone());
    fields.insert("updated".to_owned(), last);
    let count = histories.len();
    entry["changelog"]["total"] = json!(count);
    entry["changelog"]["maxResults"] = json!(count);
}

/// What does not say how the day was chosen.
fn about(answer: impl serde::Serialize, members: &[&str]) -> Value {
    let answer = serde_json::to_value(answer).unwrap();
    members.iter().map(|name| ((*name).to_owned(), answer[*name].clone())).collect()
}

#[test]
fn what_is_told_as_of_a_day_knows_nothing_later() {
    let folder = |_: &str| tempfile::tempdir().unwrap();
    let (whole, early) = (folder("whole"), folder("cut"));
    let open = |folder: &tempfile::TempDir| {
        demo::prepare(folder.path(), end(), &TimeZone::UTC).unwrap();
        store::Address::Sqlite(migrate::database_path(folder.path())).open().unwrap()
    };
    let (whole, early) = (open(&whole), open(&early));
    let keys: Vec<QueryKey> = {
        let reader = whole.read().unwrap();
        let profile = reader.profiles().unwrap().remove(0).id;
        reader.queries(&profile).unwrap().into_iter().map(|query| query.key).collect()
    };
    keys.iter().for_each(|key| cut_store(&*early, key));
    let (whole, early) = (app(whole, end), app(early, cut));
    for key in &keys {
        for window in [Window::OfProfile, Window::Last(26)] {
            let asked = OverviewAsk { window, as_of: Some(DAY), ..OverviewAsk::default() };
            let plain = OverviewAsk { window, ..OverviewAsk::default() };
            let parts = ["summary", "weeks", "earlier", "burnup", "forecast", "last_done"];
            assert_eq!(
                about(&*whole.overview(key, &asked).unwrap(), &parts),
                about(&*early.overview(key, &plain).unwrap(), &parts),
                "overview of {key}"
            );
            let table = ["table"];
            assert_eq!(
                about(&*whole.weeks(key, &asked).unwrap(), &table),
                about(&*early.weeks(key, &plain).unwrap(), &table),
                "weeks of {key}"
            );
            let ask = |view| ForecastAsk { view, is_pert_wanted: true, ..ForecastAsk::default() };
            let parts = ["base", "drift", "backtest"];
            assert_eq!(
                about(&*whole.forecast(key, &ask(asked)).unwrap(), &parts),
                about(&*early.forecast(key, &ask(plain)).unwrap(), &parts),
                "forecast of {key}"
            );
        }
    }
    // The cut took something away, or nothing was tested.
    let issues = |app: &App| app.overview(&keys[0], &OverviewAsk::default()).unwrap().issues;
    assert!(issues(&early) < issues(&whole));
}
