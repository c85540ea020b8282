//! Generated issues with changelogs, and generated queries: the same for the same number.

use model::json::Json;
use model::{
    CacheHeader, Changelog, Document, Issue, Object, Profile, ProfileId, Query, QueryKey, Settings,
    Stamp, Timestamp,
};
use store::{Store, Writer};

/// 2024-01-01, and two years of seconds.
const FIRST_SECOND: usize = 1_704_067_200;
const SECONDS: usize = 2 * 365 * 86_400;
const PATH: [(&str, &str); 6] = [
    ("Open", "new"),
    ("In Progress", "indeterminate"),
    ("Review", "indeterminate"),
    ("Resolved", "done"),
    ("Reopened", "new"),
    ("Closed", "done"),
];

/// One query with so many issues, each with up to five status changes.
pub fn fill(store: &dyn Store, count: usize) -> QueryKey {
    let key = QueryKey::parse("p", "q").unwrap();
    let fetched_at = Some(Stamp::at(at(FIRST_SECOND + SECONDS)));
    let header = CacheHeader { fetched_at, ..CacheHeader::default() };
    let mut issues = (0..count)
        .map(|number| Issue { key: name(number), document: Document::from_stored(issue(number)) });
    let mut changelogs = (0..count).map(|number| Changelog {
        key: name(number),
        document: Document::from_stored(changelog(number)),
    });
    let fill = |writer: &mut dyn Writer| {
        put_profile(writer, "p", &["q".to_owned()])?;
        writer.replace_issues(&key, &header, &mut issues)?;
        writer.replace_changelogs(&key, &header, &mut changelogs)
    };
    store.transact(fill).unwrap();
    key
}

/// So many profiles, each with so many queries without issues; gives one of them.
pub fn fill_profiles(store: &dyn Store, profiles: usize, queries: usize) -> QueryKey {
    let names: Vec<String> = (0..queries).map(|number| format!("query {number}")).collect();
    let fill = |writer: &mut dyn Writer| {
        (0..profiles).try_for_each(|number| put_profile(writer, &format!("p{number}"), &names))
    };
    store.transact(fill).unwrap();
    QueryKey::parse("p0", "query 0").unwrap()
}

fn put_profile(writer: &mut dyn Writer, id: &str, queries: &[String]) -> store::Result<()> {
    let group = |text: &str| Json::parse(text).ok();
    writer.put_profile(&Profile {
        id: ProfileId::new(id)?,
        name: id.to_owned(),
        description: None,
        created_at: None,
        last_used: None,
        settings: Settings {
            jira_config: group(r#"{"base_url":"https://jira.example.org","points_field":"cf"}"#),
            project_classification: group(
                r#"{"flow_end_statuses":["Resolved","Closed"],"flow_start_statuses":["In Progress"],
                    "wip_statuses":["In Progress","Review"],"development_projects":["BENCH"]}"#,
            ),
            ..Settings::default()
        },
    })?;
    queries.iter().try_for_each(|query| {
        writer.put_query(&Query {
            key: QueryKey::parse(id, query)?,
            name: query.clone(),
            jql: "project = BENCH ORDER BY created DESC".to_owned(),
            description: None,
            created_at: None,
            updated_at: None,
            last_used: None,
            extra: Object::new(),
        })
    })
}

fn at(second: usize) -> Timestamp {
    Timestamp::from_second(second as i64).unwrap()
}

fn name(number: usize) -> String {
    format!("BENCH-{number}")
}

// Steps of primes spread the values without a generator of random numbers.
fn created(number: usize) -> usize {
    FIRST_SECOND + number * 7_919_993 % SECONDS
}

fn steps(number: usize) -> usize {
    if number.is_multiple_of(8) { 2 } else { 5 }
}

fn changed(number: usize, step: usize) -> Timestamp {
    at(created(number) + step * (50_000 + number * 104_729 % 900_000))
}

fn issue(number: usize) -> String {
    let (status, category) = PATH[steps(number)];
    let created = at(created(number));
    let updated = changed(number, steps(number));
    let points = (number % 16) as f64 / 2.0;
    format!(
        r#"{{"key":"{}","fields":{{"project":{{"key":"BENCH"}},"issuetype":{{"name":"Task"}},"status":{{"name":"{status}","statusCategory":{{"key":"{category}"}}}},"priority":{{"name":"Major"}},"created":"{created}","updated":"{updated}","resolutiondate":"{updated}","resolution":null,"cf":{points}}}}}"#,
        name(number)
    )
}

fn changelog(number: usize) -> String {
    let history = |step: usize| {
        let (from, to) = (PATH[step - 1].0, PATH[step].0);
        format!(
            r#"{{"created":"{}","items":[{{"field":"status","fromString":"{from}","toString":"{to}"}}]}}"#,
            changed(number, step)
        )
    };
    let histories: Vec<String> = (1..=steps(number)).map(history).collect();
    format!(r#"{{"key":"{}","changelog":{{"histories":[{}]}}}}"#, name(number), histories.join(","))
}
