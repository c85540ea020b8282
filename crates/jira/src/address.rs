//! Addresses: the one a person typed, and the one a server points to.

use model::connection::{check_address, is_same_server};
use model::plain::one_line;

use crate::error::{Error, Result};
use crate::fetch::encoded;

/// Where a Jira lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// Without a slash at its end.
    pub base: String,
    /// Host and, where it is told, port.
    pub host: String,
}

/// Where pages and interfaces of a Jira begin: nothing from here on is part of its address.
const PAGES: [&str; 14] = [
    "/rest/",
    "/plugins/servlet/",
    "/browse/",
    "/secure/",
    "/projects/",
    "/issues/",
    "/login",
    "/jira/core/",
    "/jira/dashboards/",
    "/jira/filters/",
    "/jira/for-you/",
    "/jira/projects/",
    "/jira/software/",
    "/jira/your-work/",
];

impl Address {
    /// Reads what a person typed: the scheme may be missing, a page of Jira may follow.
    pub fn read(text: &str) -> Result<Self> {
        let typed = text.trim();
        let wrong = |why| Error::Address { address: shown(typed), why };
        let (scheme, rest) = match typed.split_once("://") {
            Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
            None => ("https".to_owned(), typed),
        };
        if scheme != "https" && scheme != "http" {
            return Err(wrong("it does not begin with https://"));
        }
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if host.contains('@') {
            return Err(wrong("it holds a user or password, which belong into the login"));
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-_:[]".contains(c);
        if host.is_empty() || !host.chars().all(is_plain) {
            return Err(wrong("it has no readable host"));
        }
        if path.chars().any(|c| !c.is_ascii_graphic() || "\"<>\\^`{|}".contains(c)) {
            return Err(wrong("it holds characters that no address has"));
        }
        let path = format!("{path}/");
        let end = PAGES.iter().filter_map(|page| path.find(page)).min().unwrap_or(path.len());
        let folder = path.get(..end).unwrap_or_default().trim_end_matches('/');
        let host = host.to_ascii_lowercase();
        Ok(Self { base: format!("{scheme}://{host}{folder}"), host })
    }

    /// Where a redirect from below this address to `location` leads: the host, and the whole
    /// address where it is the same server (host and port; under `https`, or as before).
    pub fn redirected(&self, location: &str) -> (String, Option<String>) {
        if location.starts_with('/') && !location.starts_with("//") {
            let end = self.base.find("://").map_or(0, |at| at + 3) + self.host.len();
            let origin = self.base.get(..end).unwrap_or_default();
            return (self.host.clone(), Some(format!("{origin}{location}")));
        }
        let Ok(target) = Address::read(location) else {
            return (shown(location), None);
        };
        let is_same = is_same_server(&self.base, location);
        (target.host, is_same.then(|| location.to_owned()))
    }
}

/// Where people see an issue; `None` where no page can be: the server is no http or https address,
/// its name is reserved for what does not exist (RFC 2606), or the key would lead elsewhere.
pub fn issue_page(server: &str, key: &str) -> Option<String> {
    let address = Address::read(&check_address(server).ok()?).ok()?;
    // The gateway of Jira Cloud has no pages.
    let is_gateway = address.base.contains("://api.atlassian.com/ex/");
    let is_made_up = is_gateway || name(&address.host).trim_end_matches('.').ends_with(".invalid");
    let is_step = key.chars().all(|c| c == '.');
    (!is_made_up && !is_step).then(|| format!("{}/browse/{}", address.base, encoded(key)))
}

/// The address of the Jira that a pasted address leads into: without the page, its parameters and what
/// follows `#`. `None` if it is no address.
pub fn address_of(pasted: &str) -> Option<String> {
    Address::read(pasted).ok().map(|address| address.base)
}

/// The host without its port.
fn name(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

fn shown(text: &str) -> String {
    let without_login = text.rsplit_once('@').map_or(text, |(_, rest)| rest);
    one_line(without_login).chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_people_paste_it() {
        for (typed, want) in [
            ("https://Jira.example.org", Some("https://jira.example.org")),
            (" https://jira.example.org/ ", Some("https://jira.example.org")),
            ("jira.example.org/jira/", Some("https://jira.example.org/jira")),
            ("http://127.0.0.1:8080", Some("http://127.0.0.1:8080")),
            ("https://x.example/jira/browse/ABC-1?a=b#c", Some("https://x.example/jira")),
            ("https://x.example/jira/software/projects/A", Some("https://x.example")),
            ("https://x.example/rest/api/2", Some("https://x.example")),
            (
                "https://x.example/jira/secure/RapidBoard.jspa?rapidView=1&view=detail",
                Some("https://x.example/jira"),
            ),
            ("https://x.example/plugins/servlet/project-config/A", Some("https://x.example")),
            ("x.example?rapidView=1", Some("https://x.example")),
            ("ftp://x.example", None),
            ("https://", None),
            ("", None),
            ("https://user:pw@x.example", None),
            ("https://x.example/a b", None),
            ("https://x\u{202e}.example", None),
        ] {
            let got = Address::read(typed).ok().map(|address| address.base);
            assert_eq!(got.as_deref(), want, "{typed}");
        }
        let error = Address::read("https://user:pw@x.example").unwrap_err().to_string();
        assert!(!error.contains("pw"), "{error}");
    }

    #[test]
    fn an_issue_has_a_page_only_where_a_browser_can_go() {
        for (server, key, want) in [
            ("https://a.example/jira/", "ABC-1", Some("https://a.example/jira/browse/ABC-1")),
            ("jira.example", "ABC-1", Some("https://jira.example/browse/ABC-1")),
            ("http://10.0.0.1:8080/rest/api/2", "A-1", Some("http://10.0.0.1:8080/browse/A-1")),
            (
                "https://a.example",
                "a b/../\"<é",
                Some("https://a.example/browse/a%20b%2F..%2F%22%3C%C3%A9"),
            ),
            ("https://a.example", "..", None),
            ("https://a.example", "", None),
            ("javascript:alert(1)//x", "A-1", None),
            ("data://text/html,x", "A-1", None),
            ("javascript://%0aalert(1)", "A-1", None),
            ("https://user:pw@a.example", "A-1", None),
            ("https://a.example\" onclick=\"x", "A-1", None),
            ("https://demo.invalid", "A-1", None),
            ("", "A-1", None),
        ] {
            assert_eq!(issue_page(server, key).as_deref(), want, "{server} {key}");
        }
    }

    #[test]
    fn a_redirect_stays_on_the_host_and_secret() {
        let at = Address::read("https://a.example/jira").unwrap();
        for (location, want) in [
            ("/login", ("a.example", Some("https://a.example/login"))),
            ("https://a.example:8443/x", ("a.example:8443", None)),
            ("https://a.example:443/x", ("a.example:443", Some("https://a.example:443/x"))),
            ("http://a.example/x", ("a.example", None)),
            ("https://b.example/x", ("b.example", None)),
            ("//b.example/x", ("//b.example/x", None)),
            ("https://a.example@b.example/", ("b.example/", None)),
        ] {
            let (host, whole) = at.redirected(location);
            assert_eq!((host.as_str(), whole.as_deref()), want, "{location}");
        }
        let open = Address::read("http://a.example").unwrap();
        assert!(open.redirected("https://a.example/").1.is_some());
    }
}
