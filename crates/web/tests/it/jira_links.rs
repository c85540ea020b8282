//! Wherever a person reads a key, the issue in Jira is one click away.

use crate::server::{QUERY, Server};

/// Pages that name issues.
fn pages() -> Vec<String> {
    ["", "/issues", "/issues?event=open", "/issues/K-10", "/issues/K-9"]
        .map(|path| format!("{QUERY}{path}"))
        .to_vec()
}

/// The text and the address of each link to an issue, and what stands behind that link.
fn links_to_issues(page: &str) -> Vec<(&str, &str)> {
    let start = format!("href=\"{QUERY}/issues/");
    let links = page.split(&start).skip(1);
    links.filter_map(|rest| Some((rest.split('>').nth(1)?, rest.split_once("</a>")?.1))).collect()
}

#[test]
fn every_key_has_its_way_to_jira_beside_it() {
    let server = Server::filled();
    let mut seen = 0;
    for path in pages() {
        let page = server.get(&path).text;
        for (text, behind) in links_to_issues(&page) {
            if !text.starts_with("K-") {
                continue;
            }
            let key = text.split('<').next().unwrap();
            let way = format!(
                " <a class=\"out\" href=\"https://jira.example.org/browse/{key}\" target=\"_blank\" \
                 rel=\"noopener noreferrer\" aria-label=\"{key} in Jira\""
            );
            let shown: String = behind.chars().take(80).collect();
            assert!(behind.starts_with(&way), "{path}: {key} is followed by {shown}");
            seen += 1;
        }
    }
    assert!(seen >= 6, "{seen}");
    let detail = server.get(&format!("{QUERY}/issues/K-10")).text;
    assert!(detail.contains("href=\"https://jira.example.org/browse/K-10\""));
}

#[test]
fn a_key_that_looks_like_a_path_stays_below_browse() {
    let page = Server::filled().get(&format!("{QUERY}/issues")).text;
    assert!(page.contains("https://jira.example.org/browse/..%2F%C3%A9%2FK%201\""), "{page}");
}

#[test]
fn an_address_that_no_browser_should_follow_is_no_link() {
    for address in [
        "javascript:alert(1)//",
        "javascript://%0aalert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://user:secret@jira.example.org",
        "https://a.example\" onclick=\"alert(1)",
        "https://demo.invalid",
        "",
    ] {
        let server = Server::with_jira(address);
        for path in pages() {
            let page = server.get(&path).text;
            assert!(
                !page.contains("class=\"out\"") && !page.contains("secret@"),
                "{address} {path}"
            );
        }
    }
}

#[test]
fn scripts_get_the_address_too() {
    let list = Server::filled().get(&format!("/api/v1{QUERY}/issues")).text;
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    for issue in list["issues"].as_array().unwrap() {
        let url = issue["url"].as_str().unwrap();
        assert!(url.starts_with("https://jira.example.org/browse/"), "{url}");
    }
}
