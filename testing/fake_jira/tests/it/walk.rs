//! Walks over everything, page by page, while the world stands still and while it moves.

use fake_jira::{Behaviour, FakeJira, Kind, Kind::Cloud, Kind::DataCenter, Which, World};
use serde_json::json;

use crate::client::{get, of_issues, post};

const JQL: &str = "project = DEMO ORDER BY key";

/// Keys of all pages as they came.
fn walk(jira: &FakeJira, kind: Kind) -> Vec<Vec<String>> {
    let mut pages: Vec<Vec<String>> = Vec::new();
    let mut token = None;
    loop {
        let seen: usize = pages.iter().map(Vec::len).sum();
        let answer = match kind {
            Cloud => {
                let body = json!({
                    "jql": JQL, "fields": ["key"], "maxResults": 5000, "nextPageToken": token,
                });
                post(jira, "/rest/api/3/search/jql", &body).json()
            }
            DataCenter => {
                let path = "/rest/api/2/search?fields=key&maxResults=5000";
                get(jira, &format!("{path}&startAt={seen}&jql={JQL}")).json()
            }
        };
        pages.push(of_issues(&answer, "/key"));
        token = answer["nextPageToken"].as_str().map(str::to_owned);
        let is_last = match kind {
            Cloud => token.is_none(),
            DataCenter => answer["total"] == json!(seen + pages.last().unwrap().len()),
        };
        if is_last || pages.len() > 20 {
            return pages;
        }
    }
}

fn numbers(pages: &[Vec<String>]) -> Vec<Vec<u64>> {
    let number = |key: &String| key.rsplit('-').next().unwrap().parse().unwrap();
    pages.iter().map(|page| page.iter().map(number).collect()).collect()
}

#[track_caller]
fn check(kind: Kind, behaviour: Behaviour, want: &[&[u64]]) {
    let jira = FakeJira::start(World::generated(7, 1), kind, behaviour).unwrap();
    assert_eq!(numbers(&walk(&jira, kind)), want, "{kind:?}");
}

fn small_pages(kind: Kind) -> Behaviour {
    Behaviour::honest(kind).pages(3, 3)
}

#[test]
fn pages_are_smaller_than_asked() {
    for kind in [Cloud, DataCenter] {
        check(kind, small_pages(kind), &[&[1, 2, 3], &[4, 5, 6], &[7]]);
        check(kind, Behaviour::honest(kind), &[&[1, 2, 3, 4, 5, 6, 7]]);
    }
}

#[test]
fn what_is_deleted_meanwhile_makes_offsets_slip() {
    let delete = |kind| {
        small_pages(kind).edit("/search", Which::Nth(2), |world| world.delete("DEMO-1").unwrap())
    };
    check(DataCenter, delete(DataCenter), &[&[1, 2, 3], &[5, 6, 7]]);
    check(Cloud, delete(Cloud), &[&[1, 2, 3], &[4, 5, 6], &[7]]);
}

#[test]
fn what_is_added_meanwhile_comes_where_it_belongs() {
    let add = |kind| {
        small_pages(kind).edit("/search", Which::Nth(3), |world| {
            world.add("DEMO", json!({})).unwrap();
            world.move_to("DEMO-2", "OTHER").unwrap();
        })
    };
    check(DataCenter, add(DataCenter), &[&[1, 2, 3], &[4, 5, 6], &[8]]);
    check(Cloud, add(Cloud), &[&[1, 2, 3], &[4, 5, 6], &[7, 8]]);
}

#[test]
fn ten_thousand_issues_are_no_burden() {
    let world = World::generated(10_000, 1);
    let jira = FakeJira::start(world, Cloud, Behaviour::honest(Cloud)).unwrap();
    let pages = walk(&jira, Cloud);
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [5_000, 5_000]);
    let kept: usize = numbers(&pages).concat().windows(2).filter(|two| two[0] < two[1]).count();
    assert_eq!(kept, 9_999, "each issue once, in order");
}

#[test]
fn generated_worlds_repeat_and_look_like_work() {
    let text = |seed| {
        let jira =
            FakeJira::start(World::generated(40, seed), DataCenter, Behaviour::honest(DataCenter));
        let path = "/rest/api/2/search?jql=&expand=changelog";
        get(&jira.unwrap(), path).body.replace(|it: char| it.is_ascii_digit(), "")
    };
    let first = text(1);
    assert_eq!(first, text(1));
    assert_ne!(first, text(2));
    let bytes = first.len() / 40;
    // Real ones with whole histories take 4.7 to 6.4 KB.
    assert!((4_000..7_000).contains(&bytes), "{bytes} bytes an issue");
}
