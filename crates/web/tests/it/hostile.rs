//! Text from Jira and from files is text, whatever it holds.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;

use crate::server::{QUERY, Server};

#[test]
fn nothing_hostile_becomes_markup() {
    let server = Server::filled();
    for path in [
        "/".to_owned(),
        "/profiles/p%201".to_owned(),
        "/profiles/p%201/setup".to_owned(),
        format!("{QUERY}/setup"),
        "/migration".to_owned(),
        QUERY.to_owned(),
        format!("{QUERY}/issues"),
        format!("{QUERY}/issues/K-10"),
        format!("{QUERY}/issues/K-11"),
        format!("{QUERY}/issues?text=%3Cscript%3Ealert(1)%3C/script%3E"),
        format!("{QUERY}/issues?status=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"),
        format!("{QUERY}/issues/%3Cscript%3Ealert(1)%3C%2Fscript%3E"),
        "/profiles/%3Cscript%3Ealert(1)%3C%2Fscript%3E".to_owned(),
    ] {
        let page = server.get(&path).text;
        for markup in ["<script>", "<img", "<b>", "<i>", "alert(1)\"", "onerror=alert(1)>"] {
            let allowed = markup == "<b>" && page.contains("class=\"notes\"");
            assert!(allowed || !page.contains(markup), "{path} holds {markup}");
        }
        assert!(!page.contains(" style=") && !page.contains(" onclick="), "{path}");
        let elsewhere = page.replace("href=\"https://jira.example.org/browse/", "");
        assert!(!page.contains("src=\"http") && !elsewhere.contains("href=\"http"), "{path}");
    }
}

/// Links keep what a page was asked for, so that their combinations have no end: of each page so many
/// with the same parameters are followed.
const ALIKE_MAX: usize = 4;

/// A page with the names of its parameters.
fn kind_of(path: &str) -> String {
    let (page, asked) = path.split_once('?').unwrap_or((path, ""));
    let names: BTreeSet<&str> = asked.split('&').filter_map(|one| one.split('=').next()).collect();
    format!("{page}?{}", Vec::from_iter(names).join("&"))
}

#[test]
fn every_link_leads_somewhere() {
    let server = Server::filled();
    let mut open = vec!["/".to_owned()];
    let mut seen = BTreeSet::new();
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    while let Some(path) = open.pop() {
        if seen.contains(&path) {
            continue;
        }
        let followed = alike.entry(kind_of(&path)).or_default();
        *followed += 1;
        if *followed > ALIKE_MAX {
            continue;
        }
        let answer = server.get(&path);
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let links = answer.text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        for link in links.filter(|link| link.starts_with('/')) {
            let link = link.split('#').next().unwrap_or_default();
            open.push(link.replace("&amp;", "&"));
        }
        seen.insert(path);
    }
    assert!(seen.iter().any(|path| path.contains("K%201")), "{seen:?}");
    assert!(seen.len() > 20, "{seen:?}");
}
