//! Pages and reports of ten thousand issues stay small.

use std::fs;

use super::traffic;
use crate::program::run;
use crate::requirement;
use crate::samples::Workspace;
use crate::serving::Server;

#[test]
fn of_ten_thousand_issues_they_stay_small() {
    let Some(archive) = requirement::large_sample("large") else { return };
    let workspace = Workspace::unpacked(&archive, "large");
    run(&workspace.path, &["migrate"]).answer();
    for file in ["report.html", "report.md"] {
        let write = || {
            run(&workspace.path, &["report", "-o", file, "--force"]).answer();
            fs::read(workspace.path.join(file)).unwrap()
        };
        let report = write();
        assert!(report.len() <= 300_000, "{file}: {}", report.len());
        assert!(report == write(), "{file} is not the same twice");
    }
    let Some(mut page) = super::page() else { return };
    let id = |value: &serde_json::Value| value["id"].as_str().unwrap().to_owned();
    let profiles = run(&workspace.path, &["profiles", "--json"]).json();
    let queries = run(&workspace.path, &["queries", "--json"]).json();
    let (profile, query) = (id(&profiles[0]), id(&queries[0]));
    let server = Server::start(&workspace, &["--port", "0"]);
    let origin = format!("http://{}", server.address);
    for tab in ["", "/forecast", "/flow", "/now"] {
        let url = format!("{origin}/profiles/{profile}/queries/{query}{tab}");
        assert_eq!(page.open(&url).unwrap(), 200, "{url}");
        // At most 5 requests and 100 kB.
        let complaints = traffic::requests(&mut page, &origin);
        assert!(complaints.is_empty(), "{url}: {complaints:?}");
    }
}
