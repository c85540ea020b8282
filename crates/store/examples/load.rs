//! What a store costs that many teams share: bytes an issue, milliseconds a page, small writes a second.
//!
//! `cargo run -p store --example load -- ADDRESS PROFILES QUERIES ISSUES CLIENTS SECONDS` fills an empty
//! store at the address, then reads and writes with that many clients. docs/scale.md has figures.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::time::{Duration, Instant};

use model::{
    CacheHeader, CacheKind, Changelog, Document, Issue, Object, Profile, ProfileId, Query,
    QueryKey, Settings, Timestamp,
};
use store::{Result, Store};

/// What is asked for.
struct Load {
    profiles: u64,
    queries: u64,
    issues: u64,
    clients: u64,
    seconds: u64,
}

fn main() -> std::result::Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, numbers @ ..] = arguments.as_slice() else {
        return Err("ADDRESS PROFILES QUERIES ISSUES CLIENTS SECONDS".into());
    };
    let numbers =
        numbers.iter().map(|text| text.parse()).collect::<std::result::Result<Vec<u64>, _>>()?;
    let &[profiles, queries, issues, clients, seconds] = numbers.as_slice() else {
        return Err("PROFILES QUERIES ISSUES CLIENTS SECONDS are five numbers".into());
    };
    let load = Load { profiles, queries, issues, clients, seconds };
    let store = store::open(address)?;
    let empty_bytes = store.size_bytes()?;
    let began = Instant::now();
    (0..load.profiles).try_for_each(|profile| fill(&*store, &load, profile))?;
    store.compact()?;
    let all = profiles * queries * issues;
    let bytes = store.size_bytes()?.saturating_sub(empty_bytes) / all.max(1);
    let filled_s = began.elapsed().as_secs_f64();
    println!("{all} issues with changelogs: {bytes} bytes each, stored in {filled_s:.1} s");
    tell("pages", &load, &run(&*store, &load, &read_page)?);
    tell("small writes", &load, &run(&*store, &load, &write_little)?);
    Ok(())
}

/// Prints how often and how fast.
fn tell(what: &str, load: &Load, times: &[Duration]) {
    let at = |share: f64| {
        let place = (times.len() as f64 * share) as usize;
        times.get(place.min(times.len().saturating_sub(1))).map_or(0.0, Duration::as_secs_f64) * 1e3
    };
    let rate = times.len() as f64 / load.seconds as f64;
    let (clients, median, p95, most) = (load.clients, at(0.5), at(0.95), at(1.0));
    println!(
        "{what}: {rate:.0}/s by {clients} clients, median {median:.1} ms, p95 {p95:.1} ms, longest {most:.1} ms"
    );
}

/// Does `work` again and again with all clients; the time of each, sorted.
fn run(
    store: &dyn Store,
    load: &Load,
    work: &(dyn Fn(&dyn Store, &Load, u64) -> Result<()> + Sync),
) -> Result<Vec<Duration>> {
    let until = Instant::now() + Duration::from_secs(load.seconds);
    let client = |client: u64| {
        let mut times = Vec::new();
        let mut number = client;
        while Instant::now() < until {
            // Steps of a prime visit all without a generator of random numbers.
            number = number.wrapping_add(7_919);
            let began = Instant::now();
            work(store, load, number)?;
            times.push(began.elapsed());
        }
        Ok::<_, store::Error>(times)
    };
    let mut all = Vec::new();
    std::thread::scope(|scope| {
        let clients: Vec<_> =
            (0..load.clients).map(|number| scope.spawn(move || client(number))).collect();
        for client in clients {
            if let Ok(times) = client.join() {
                all.extend(times?);
            }
        }
        Ok::<_, store::Error>(())
    })?;
    all.sort();
    Ok(all)
}

fn key(load: &Load, number: u64) -> Result<QueryKey> {
    let (profile, query) = (number % load.profiles, number / load.profiles % load.queries);
    Ok(QueryKey::parse(&format!("p{profile}"), &format!("q{query}"))?)
}

/// Reads what the overview of a query needs.
fn read_page(store: &dyn Store, load: &Load, number: u64) -> Result<()> {
    let (key, reader) = (key(load, number)?, store.read()?);
    let profile = reader.profile(&key.profile)?;
    let found = reader.queries(&key.profile)?.len() + usize::from(profile.is_some());
    for kind in [CacheKind::Issues, CacheKind::Changelogs] {
        reader.header(&key, kind)?;
    }
    let mut rows = 0_u64;
    reader.each_issue_facts(&key, &mut |_| {
        rows += 1;
        Ok(())
    })?;
    reader.each_changelog_facts(&key, &mut |_, _| {
        rows += 1;
        Ok(())
    })?;
    reader.project_data(&key)?;
    reader.snapshots(&key, 500)?;
    reader.syncs(&key, 1)?;
    if found == 0 || rows != 2 * load.issues {
        return Err(store::Error::Aborted(format!("{key}: {rows} rows")));
    }
    Ok(())
}

/// Changes one record of a profile.
fn write_little(store: &dyn Store, load: &Load, number: u64) -> Result<()> {
    let key = key(load, number)?;
    store.transact(|writer| writer.touch_profile(&key.profile, Timestamp::now()))
}

fn fill(store: &dyn Store, load: &Load, profile: u64) -> Result<()> {
    let id = ProfileId::new(format!("p{profile}"))?;
    store.transact(|writer| {
        writer.put_profile(&Profile {
            name: format!("Team {profile}"),
            description: None,
            created_at: None,
            last_used: None,
            settings: Settings::default(),
            id,
        })
    })?;
    for query in 0..load.queries {
        let key = QueryKey::parse(&format!("p{profile}"), &format!("q{query}"))?;
        store.transact(|writer| {
            writer.put_query(&Query {
                key: key.clone(),
                name: format!("query {query}"),
                jql: format!("project = P{profile}"),
                description: None,
                created_at: None,
                updated_at: None,
                last_used: None,
                extra: Object::new(),
            })?;
            let header = CacheHeader::default();
            let mut issues = (0..load.issues).map(|number| issue(profile, number));
            writer.replace_issues(&key, &header, &mut issues)?;
            let mut changelogs = (0..load.issues).map(|number| changelog(profile, number));
            writer.replace_changelogs(&key, &header, &mut changelogs)
        })?;
    }
    Ok(())
}

/// An issue of about 1.2 KB.
fn issue(profile: u64, number: u64) -> Issue {
    let key = format!("P{profile}-{number}");
    let site = "https://jira.example.org/rest/api/2";
    let (status, category) = match number * 7 % 3 {
        0 => ("Open", "new"),
        1 => ("In Progress", "indeterminate"),
        _ => ("Done", "done"),
    };
    let (month, day, hour) = (1 + number * 17 % 12, 1 + number * 19 % 28, number * 23 % 24);
    let text = format!(
        r#"{{"expand":"operations,editmeta,changelog","id":"{id}","self":"{site}/issue/{id}","key":"{key}","fields":{{"summary":"Step {number} of what team {profile} was asked for","project":{{"self":"{site}/project/{profile}","id":"{profile}","key":"P{profile}","name":"Project {profile}"}},"created":"2024-{month:02}-{day:02}T{hour:02}:00:37.000+0000","updated":"2025-{month:02}-{day:02}T{hour:02}:11:11.000+0000","status":{{"self":"{site}/status/{number}","iconUrl":"{site}/images/open.png","name":"{status}","id":"{of}","statusCategory":{{"self":"{site}/statuscategory/2","id":2,"key":"{category}","colorName":"blue-gray","name":"{category}"}}}},"issuetype":{{"self":"{site}/issuetype/4","id":"4","name":"Task","subtask":false,"avatarId":21134}},"priority":{{"self":"{site}/priority/3","name":"Major","id":"3"}},"fixVersions":[],"customfield_10016":{points}.0}}}}"#,
        id = 1_000_000 + number,
        of = number * 7 % 3,
        points = number * 31 % 13,
    );
    Issue { key, document: Document::from_stored(text) }
}

fn changelog(profile: u64, number: u64) -> Changelog {
    let key = format!("P{profile}-{number}");
    let (day, hour) = (1 + number * 3 % 27, number * 5 % 24);
    let text = format!(
        r#"{{"key":"{key}","changelog":{{"histories":[{{"created":"2025-03-{day:02}T{hour:02}:00:00.000+0000","items":[{{"field":"status","from":"0","fromString":"Open","to":"1","toString":"In Progress"}}]}},{{"created":"2025-04-{day:02}T{hour:02}:30:00.000+0000","items":[{{"field":"status","from":"1","fromString":"In Progress","to":"2","toString":"Done"}}]}}]}}}}"#
    );
    Changelog { key, document: Document::from_stored(text) }
}
