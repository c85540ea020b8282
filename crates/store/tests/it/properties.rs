//! Random workspaces go in and come back equal, also from backend to backend.

use model::*;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use store::{Reader, Store};

use crate::backends::Place;
use crate::sample::*;

/// Everything that a workspace holds, in the order in which it is listed.
#[derive(Debug, Clone, PartialEq)]
pub struct Workspace {
    pub profiles: Vec<(Profile, Vec<QueryData>)>,
    pub states: Vec<(String, String)>,
    pub tasks: Vec<TaskProgress>,
}

/// A query with what it owns.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryData {
    query: Query,
    issues: Option<(CacheHeader, Vec<Issue>)>,
    changelogs: Option<(CacheHeader, Vec<Changelog>)>,
    project_data: Option<ProjectData>,
    snapshots: Vec<Snapshot>,
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zA-Z ]{0,8}", any::<String>().prop_map(|text| text.chars().take(12).collect())]
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        4 => prop::sample::select(&ODD_JSON[..]).prop_map(json),
        1 => any::<i64>().prop_map(Json::integer),
        1 => any::<f64>().prop_map(Json::float),
        2 => any_text().prop_map(Json::Text),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Json::Array),
            any_object_of(inner).prop_map(Json::Object),
        ]
    })
}

/// Members that no layout knows, so that they stay what they are.
fn any_object_of(value: impl Strategy<Value = Json>) -> impl Strategy<Value = Object> {
    let name = any_text().prop_map(|text| format!("x {text}"));
    btree_map(name, value, 0..4).prop_map(|members| members.into_iter().collect())
}

fn any_object() -> impl Strategy<Value = Object> {
    any_object_of(any_json())
}

fn any_group() -> impl Strategy<Value = Option<Json>> {
    option::of(any_json())
}

/// Whole milliseconds between 1910 and 2159.
fn any_time() -> impl Strategy<Value = Timestamp> {
    (-60_i64 * 31_536_000_000..190 * 31_536_000_000)
        .prop_map(|ms| Timestamp::from_millisecond(ms).unwrap())
}

fn any_stamp() -> impl Strategy<Value = Option<Stamp>> {
    let read = |text: String| Stamp::read(&text, &TimeZone::UTC);
    option::of(prop_oneof![
        any_time().prop_map(Stamp::at),
        any_time().prop_map(move |at| read(at.to_string().replace('Z', "123+00:00"))),
        // A local time, read in its zone.
        any_time().prop_map(|at| Stamp { at: Some(at), text: Some("2025-12-22T17:09:33".into()) }),
        any_text().prop_map(read),
    ])
}

fn any_settings() -> impl Strategy<Value = Settings> {
    let groups = (any_group(), any_group(), any_group(), any_group(), any_group());
    let shown = (any_group(), any_group(), any_group(), any_group());
    let older = option::of(any_json()).prop_map(|value| {
        value.map(|value| ("setup_status".to_owned(), value)).into_iter().collect()
    });
    (groups, shown, older, any_object()).prop_map(|(groups, shown, older, extra)| Settings {
        jira_config: groups.0,
        field_mappings: groups.1,
        forecast_settings: groups.2,
        project_classification: groups.3,
        flow_type_mappings: groups.4,
        show_milestone: shown.0,
        show_points: shown.1,
        listed_queries: shown.2,
        active_query_id: shown.3,
        older,
        extra,
    })
}

fn any_profile() -> impl Strategy<Value = (Profile, Vec<QueryData>)> {
    let description = option::of(any_text());
    let queries = vec(any_query(), 0..3);
    (description, any_stamp(), any_stamp(), any_settings(), queries).prop_map(
        |(description, created_at, last_used, settings, queries)| {
            (Profile { description, created_at, last_used, settings, ..profile("p") }, queries)
        },
    )
}

fn any_header() -> impl Strategy<Value = CacheHeader> {
    let texts = (option::of(any_text()), option::of(any_text()), option::of(any_text()));
    let times = (any_stamp(), any_stamp(), option::of(any_time()));
    let values = (any_group(), any_group(), any_group());
    (texts, times, values, option::of(any_text()), any_object()).prop_map(
        |(texts, times, values, partial, extra)| CacheHeader {
            cache_version: values.0,
            fetched_at: times.0,
            expires_at: times.2,
            jql: texts.0,
            jql_hash: texts.1,
            fields_requested: texts.2,
            last_updated: times.1,
            changed_keys: values.1,
            told_total: values.2,
            partial,
            extra,
        },
    )
}

/// Documents by key, each key once, in any order.
fn any_records() -> impl Strategy<Value = Vec<(String, Document)>> {
    let key = prop_oneof!["[A-C]-[0-9]", any_text()].prop_filter("empty", |key| !key.is_empty());
    let document = any_json().prop_map(|json| Document::from(&json));
    btree_map(key, document, 0..5)
        .prop_map(|records| records.into_iter().collect::<Vec<_>>())
        .prop_shuffle()
}

fn any_project_data() -> impl Strategy<Value = ProjectData> {
    let values = (any_group(), any_group(), any_group(), any_group(), any_group());
    let total = option::of(any_json()).prop_map(|value| {
        value.map(|value| ("total_items".to_owned(), value)).into_iter().collect()
    });
    (values, total, any_stamp(), option::of(any_text()), any_object()).prop_map(
        |(values, totals, last_updated, partial, extra)| ProjectData {
            statistics: values.0,
            project_scope: values.1,
            metadata: values.2,
            metrics_history: values.3,
            version: values.4,
            totals,
            last_updated,
            partial,
            extra,
        },
    )
}

fn any_snapshots() -> impl Strategy<Value = Vec<Snapshot>> {
    let metric =
        prop_oneof!["flow_[a-c]", any_text()].prop_filter("empty", |text| !text.is_empty());
    btree_map((-200_i32..4_000, metric), (any_json(), any_group()), 0..6).prop_map(|rows| {
        let row = |((week, metric), (metrics, forecast))| Snapshot {
            week: Week::from_number(week),
            metric,
            metrics,
            forecast,
        };
        rows.into_iter().map(row).collect()
    })
}

fn any_query() -> impl Strategy<Value = QueryData> {
    let texts = (any_text(), option::of(any_text()));
    let times = (any_stamp(), any_stamp(), any_stamp());
    let below = (
        option::of((any_header(), any_records())),
        option::of((any_header(), any_records())),
        option::of(any_project_data()),
        any_snapshots(),
    );
    (texts, times, any_object(), below).prop_map(|((jql, description), times, extra, below)| {
        let query = Query {
            jql,
            description,
            created_at: times.0,
            updated_at: times.1,
            last_used: times.2,
            extra,
            ..query(&key("p", "q"))
        };
        let issue = |(key, document)| Issue { key, document };
        let entry = |(key, document)| Changelog { key, document };
        QueryData {
            query,
            issues: below.0.map(|(header, all)| (header, all.into_iter().map(issue).collect())),
            changelogs: below.1.map(|(header, all)| (header, all.into_iter().map(entry).collect())),
            project_data: below.2,
            snapshots: below.3,
        }
    })
}

/// A workspace of up to two profiles.
pub fn any_workspace() -> impl Strategy<Value = Workspace> {
    let states =
        btree_map(prop_oneof!["active_(profile|query)_id", "[a-z]{1,3}"], any_text(), 0..4);
    let tasks = vec((any_text(), 0_u8..=100, any_time()), 0..3);
    (vec(any_profile(), 0..3), states, tasks).prop_map(|(profiles, states, tasks)| {
        let tasks = tasks.into_iter().enumerate().map(|(number, (message, percent, at))| {
            let status = TaskStatus::ALL[number % 4];
            let id = format!("t{number}");
            TaskProgress { id, status, percent, message, started_at: at, updated_at: at }
        });
        let mut workspace =
            Workspace { profiles, states: states.into_iter().collect(), tasks: tasks.collect() };
        workspace.number();
        workspace.sort();
        workspace
    })
}

impl Workspace {
    /// Gives profiles and queries ids and names of their own.
    fn number(&mut self) {
        for (number, (profile, queries)) in self.profiles.iter_mut().enumerate() {
            profile.id = profile_id(&format!("p{number}"));
            profile.name = format!("Größe {number}");
            for (place, data) in queries.iter_mut().enumerate() {
                data.query.key = key(profile.id.as_str(), &format!("q{place}"));
            }
        }
    }

    /// The order in which stores list things.
    fn sort(&mut self) {
        let used = |stamp: &Option<Stamp>| std::cmp::Reverse(stamp.as_ref().and_then(|s| s.at));
        self.profiles.sort_by_key(|(profile, _)| (used(&profile.last_used), profile.id.clone()));
        for (_, queries) in &mut self.profiles {
            queries.sort_by_key(|q| (used(&q.query.last_used), q.query.key.clone()));
        }
        self.tasks.sort_by_key(|task| (std::cmp::Reverse(task.updated_at), task.id.clone()));
    }

    /// Puts all of it into a store.
    pub fn write(&self, store: &dyn Store) {
        put(store, |writer| {
            for (profile, queries) in &self.profiles {
                writer.put_profile(profile)?;
                for data in queries {
                    data.write(writer)?;
                }
            }
            self.states.iter().try_for_each(|(key, value)| writer.put_state(key, value))?;
            self.tasks.iter().try_for_each(|task| writer.put_task(task))
        });
    }

    /// Everything that a store holds.
    pub fn read(reader: &dyn Reader) -> Workspace {
        let profile = |summary: ProfileSummary| {
            let queries = reader.queries(&summary.id).unwrap();
            let queries = queries.iter().map(|q| QueryData::read(reader, &q.key)).collect();
            (reader.profile(&summary.id).unwrap().unwrap(), queries)
        };
        Workspace {
            profiles: reader.profiles().unwrap().into_iter().map(profile).collect(),
            states: reader.states().unwrap(),
            tasks: reader.tasks().unwrap(),
        }
    }
}

impl QueryData {
    fn write(&self, writer: &mut dyn store::Writer) -> store::Result<()> {
        let key = &self.query.key;
        writer.put_query(&self.query)?;
        if let Some((header, issues)) = &self.issues {
            writer.replace_issues(key, header, &mut issues.iter().cloned())?;
        }
        if let Some((header, entries)) = &self.changelogs {
            writer.put_changelogs(key, entries)?;
            writer.put_header(key, CacheKind::Changelogs, header)?;
        }
        if let Some(data) = &self.project_data {
            writer.put_project_data(key, data)?;
        }
        writer.put_snapshots(key, &self.snapshots)
    }

    fn read(reader: &dyn Reader, key: &QueryKey) -> QueryData {
        let header = |kind| reader.header(key, kind).unwrap();
        let mut issues = Vec::new();
        reader
            .each_issue(key, &mut |issue| {
                issues.push(issue);
                Ok(())
            })
            .unwrap();
        let mut entries = Vec::new();
        reader
            .each_changelog(key, &mut |entry| {
                entries.push(entry);
                Ok(())
            })
            .unwrap();
        let mut snapshots = reader.snapshots(key, 99).unwrap();
        snapshots.sort_by(|a, b| (a.week, &a.metric).cmp(&(b.week, &b.metric)));
        QueryData {
            query: reader.query(key).unwrap().unwrap(),
            issues: header(CacheKind::Issues).map(|header| (header, issues)),
            changelogs: header(CacheKind::Changelogs).map(|header| (header, entries)),
            project_data: reader.project_data(key).unwrap(),
            snapshots,
        }
    }
}

#[track_caller]
fn check_copy(from: &dyn Store, to: &Place, workspace: &Workspace) -> Box<dyn Store> {
    let copy = to.open();
    put(&*copy, |writer| store::copy(&*from.read()?, writer));
    drop(copy);
    let copy = to.open();
    assert_eq!(&Workspace::read(&*copy.read().unwrap()), workspace);
    copy
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn workspaces_survive_every_backend_and_every_copy(workspace in any_workspace()) {
        let places = [Place::json(), Place::sqlite(), Place::json()];
        let first = places[0].open();
        workspace.write(&*first);
        prop_assert_eq!(&Workspace::read(&*first.read().unwrap()), &workspace);
        let second = check_copy(&*first, &places[1], &workspace);
        let third = check_copy(&*second, &places[2], &workspace);
        for store in [first, second, third] {
            prop_assert_eq!(store.check_integrity().unwrap(), Vec::<String>::new());
        }
    }

    #[test]
    fn workspaces_survive_the_way_to_a_server_and_back(workspace in any_workspace()) {
        let Some(server) = Place::postgres() else { return Ok(()) };
        let (first, back) = (Place::sqlite(), Place::sqlite());
        let first = first.open();
        workspace.write(&*first);
        let second = check_copy(&*first, &server, &workspace);
        let third = check_copy(&*second, &back, &workspace);
        for store in [second, third] {
            prop_assert_eq!(store.check_integrity().unwrap(), Vec::<String>::new());
        }
    }

    #[test]
    fn sqlite_gives_back_what_it_got(workspace in any_workspace()) {
        let place = Place::sqlite();
        let store = place.open();
        workspace.write(&*store);
        prop_assert_eq!(&Workspace::read(&*store.read().unwrap()), &workspace);
    }
}
