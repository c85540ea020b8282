//! Issues, changelogs and snapshots that are the same everywhere, for the benches of this crate.

use model::{
    Changelog, Document, Issue, Json, Object, Profile, ProfileId, Query, QueryKey, Settings,
    Snapshot, Week,
};
use store::{Result, Writer};

const STATUSES: [(&str, &str); 4] =
    [("Open", "new"), ("In Progress", "indeterminate"), ("Resolved", "done"), ("Closed", "done")];
const TYPES: [&str; 4] = ["Bug", "Improvement", "New Feature", "Task"];
const PRIORITIES: [&str; 3] = ["Major", "Minor", "Critical"];

/// The text of an issue as Jira Server sends it, about 1.7 KB; the same for the same number.
fn issue_text(number: usize) -> String {
    // Steps of primes spread the values without a generator of random numbers.
    let (status, category) = STATUSES[number * 7 % STATUSES.len()];
    let kind = TYPES[number * 11 % TYPES.len()];
    let priority = PRIORITIES[number * 13 % PRIORITIES.len()];
    let (month, day) = (1 + number * 17 % 12, 1 + number * 19 % 28);
    let (hour, minute) = (number * 23 % 24, number * 29 % 60);
    let points = number * 31 % 13;
    let url = "https://issues.example.org";
    format!(
        r#"{{"expand":"operations,versionedRepresentations,editmeta,changelog,renderedFields","id":"{id}","self":"{url}/rest/api/2/issue/{id}","key":"{key}","fields":{{"project":{{"self":"{url}/rest/api/2/project/12311720","id":"12311720","key":"BENCH","name":"Bench","projectTypeKey":"software","avatarUrls":{{"48x48":"{url}/secure/projectavatar?pid=12311720&avatarId=10415","24x24":"{url}/secure/projectavatar?pid=12311720&avatarId=10415&size=small","16x16":"{url}/secure/projectavatar?pid=12311720&avatarId=10415&size=xsmall"}}}},"created":"2024-{month:02}-{day:02}T{hour:02}:{minute:02}:37.000+0000","updated":"2025-{month:02}-{day:02}T{minute:02}:{hour:02}:11.000+0000","resolutiondate":null,"status":{{"self":"{url}/rest/api/2/status/{number}","description":"{status} state","iconUrl":"{url}/images/icons/statuses/open.png","name":"{status}","id":"1","statusCategory":{{"self":"{url}/rest/api/2/statuscategory/2","id":2,"key":"{category}","colorName":"blue-gray","name":"{category}"}}}},"issuetype":{{"self":"{url}/rest/api/2/issuetype/4","id":"4","description":"","iconUrl":"{url}/secure/viewavatar?size=xsmall&avatarId=21134&avatarType=issuetype","name":"{kind}","subtask":false,"avatarId":21134}},"fixVersions":[],"customfield_10016":{points}.0,"customfield_12000":null,"priority":{{"self":"{url}/rest/api/2/priority/3","iconUrl":"{url}/images/icons/priorities/major.svg","name":"{priority}","id":"3"}}}}}}"#,
        id = 15_600_000 + number,
        key = key_of(number),
    )
}

/// The key of an issue.
pub fn key_of(number: usize) -> String {
    format!("BENCH-{number}")
}

/// So many issues.
pub fn issues(count: usize) -> Vec<Issue> {
    let document = |number| Document::from_stored(issue_text(number));
    (0..count).map(|number| Issue { key: key_of(number), document: document(number) }).collect()
}

/// So many changelogs, of two status changes each.
pub fn changelogs(count: usize) -> Vec<Changelog> {
    let text = |number: usize| {
        let (day, hour) = (1 + number * 3 % 27, number * 5 % 24);
        format!(
            r#"{{"key":"{}","changelog":{{"histories":[{{"created":"2025-03-{day:02}T{hour:02}:00:00.000+0000","items":[{{"field":"status","fromString":"Open","toString":"In Progress"}}]}},{{"created":"2025-04-{day:02}T{hour:02}:30:00.000+0000","items":[{{"field":"status","fromString":"In Progress","toString":"Resolved"}}]}}]}}}}"#,
            key_of(number)
        )
    };
    let changelog =
        |number| Changelog { key: key_of(number), document: Document::from_stored(text(number)) };
    (0..count).map(changelog).collect()
}

/// Nine metrics of fifty weeks.
pub fn snapshots() -> Vec<Snapshot> {
    let metrics = |number: i32| {
        let text = format!(
            r#"{{"median_days":{number}.25,"avg_days":{number}.5,"p85_days":9,"completed_count":{number}}}"#
        );
        Json::parse(&text).unwrap()
    };
    let snapshot = |number: i32| Snapshot {
        week: Week::from_number(2900 + number / 9),
        metric: format!("metric_{}", number % 9),
        metrics: metrics(number),
        forecast: None,
    };
    (0..450).map(snapshot).collect()
}

/// The query that holds them.
pub fn key() -> QueryKey {
    QueryKey::parse("p", "q0").unwrap()
}

/// A profile with so many queries.
pub fn put_queries(writer: &mut dyn Writer, count: usize) -> Result<()> {
    let settings = Settings {
        jira_config: Some(Json::parse(r#"{"points_field":"customfield_10016"}"#).unwrap()),
        ..Settings::default()
    };
    writer.put_profile(&Profile {
        id: ProfileId::new("p")?,
        name: "p".into(),
        description: None,
        created_at: None,
        last_used: None,
        settings,
    })?;
    for number in 0..count {
        writer.put_query(&Query {
            key: QueryKey::parse("p", &format!("q{number}"))?,
            name: format!("query {number}"),
            jql: "project = BENCH".into(),
            description: None,
            created_at: None,
            updated_at: None,
            last_used: None,
            extra: Object::new(),
        })?;
    }
    Ok(())
}
