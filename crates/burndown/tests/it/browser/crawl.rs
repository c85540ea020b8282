//! Finds the pages of a server by following its links.

use std::collections::{BTreeSet, VecDeque};

use browser::Page;
use serde_json::Value;

/// More than there are, so that links which lead to ever new shapes are noticed.
const PAGES_MAX: usize = 64;

/// Parts of a path that are followed by an id.
const NOUNS: [&str; 3] = ["profiles", "queries", "issues"];

/// Where the pages are that links lead to.
const LINKS: &str = "[...document.links].map(link => link.href)";

/// Paths of pages, beginning with `/`: at least one of each shape, with and without each parameter.
pub fn crawl(page: &mut Page, origin: &str) -> Vec<String> {
    let mut known = BTreeSet::from_iter(traits("/"));
    let mut waiting = VecDeque::from(["/".to_owned()]);
    let mut found = Vec::new();
    while let Some(path) = waiting.pop_front() {
        assert_eq!(page.open(&format!("{origin}{path}")).unwrap(), 200, "{path}");
        for target in targets(&page.eval(LINKS).unwrap(), origin) {
            let count = known.len();
            known.extend(traits(&target));
            if known.len() > count {
                waiting.push_back(target);
            }
        }
        found.push(path);
        assert!(found.len() < PAGES_MAX, "pages of too many shapes: {known:#?}");
    }
    found
}

/// The pages of this server among links. What lies under `/api/` is for programs, and charts are
/// files.
fn targets(links: &Value, origin: &str) -> Vec<String> {
    let links = links.as_array().unwrap().iter().filter_map(Value::as_str);
    let own = links.filter_map(|link| link.strip_prefix(origin));
    let pages = own.map(|path| path.split('#').next().unwrap_or_default());
    let is_page = |path: &&str| !path.starts_with("/api/") && !path.contains("/charts/");
    pages.filter(is_page).map(str::to_owned).collect()
}

/// What tells a page from others that differ in their data only: its path without ids, and the
/// same with the name of each parameter.
fn traits(path: &str) -> Vec<String> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let parts: Vec<&str> = path.split('/').collect();
    let is_id = |at: usize| at > 0 && NOUNS.contains(&parts[at - 1]);
    let shape: Vec<&str> =
        (0..parts.len()).map(|at| if is_id(at) { "*" } else { parts[at] }).collect();
    let shape = shape.join("/");
    let names = query.split('&').filter_map(|pair| pair.split('=').next());
    let with_name = |name: &str| format!("{shape}?{name}");
    // The view is handed on to every page of a query; only pages of figures look different for it.
    let is_handed_on = |name: &str| {
        let is_of_view = matches!(name, "window" | "unit" | "as_of");
        is_of_view
            && ["issues", "*", "data", "report", "sync", "setup"]
                .iter()
                .any(|end| shape.ends_with(end))
            && !shape.ends_with("queries/*")
    };
    names
        .filter(|name| !name.is_empty() && !is_handed_on(name))
        .map(with_name)
        .chain([shape.clone()])
        .collect()
}

#[test]
fn pages_differ_in_shape_and_parameters() {
    let issues = "/profiles/*/queries/*/issues";
    for (path, want) in [
        ("/", vec!["/".to_owned()]),
        ("/profiles/p", vec!["/profiles/*".to_owned()]),
        ("/profiles/p/queries/q/issues", vec![issues.to_owned()]),
        ("/profiles/p/queries/q/issues/A-1", vec![format!("{issues}/*")]),
        (
            "/profiles/p/queries/q/issues?sort=key&order=asc",
            vec![format!("{issues}?sort"), format!("{issues}?order"), issues.to_owned()],
        ),
    ] {
        assert_eq!(traits(path), want);
    }
}
