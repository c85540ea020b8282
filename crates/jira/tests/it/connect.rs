//! Finding out which Jira it is, and every way in which that can fail.

use std::sync::Arc;
use std::time::Duration;

use jira::{Client, ClientOptions, Error, Kind, Login, Site};
use model::Token;

use crate::patience::Noted;
use crate::scripted::{Scripted, json, myself, reply, server_info};

fn bearer() -> Login {
    Login::Bearer(Token::new("canary-token").unwrap())
}

fn basic() -> Login {
    Login::Basic { email: "a@b.example".to_owned(), token: Token::new("canary-token").unwrap() }
}

fn connect(url: &str, login: Login) -> Result<Client, Error> {
    let options = ClientOptions {
        connect_timeout: Duration::from_secs(5),
        read_timeout: Duration::from_secs(10),
        tries_max: 3,
        answer_bytes_max: 1 << 20,
        ..ClientOptions::default()
    };
    Client::connect(Site { base_url: url.to_owned(), login }, &options, Arc::new(Noted::default()))
}

/// Connects to a server that answers `first`, then `then` for ever.
#[track_caller]
fn check_failure(login: Login, first: String, then: String, want: &str) {
    let server = Scripted::start(move |n, _| if n == 0 { first.clone() } else { then.clone() });
    let error = connect(&server.url(), login).err().unwrap().to_string();
    assert!(error.contains(want), "{error}");
    assert!(!error.contains("canary") && !error.contains("Y2FuYXJ5"), "{error}");
    assert!(!error.chars().any(char::is_control), "{error}");
}

/// Where every request gets the same answer.
#[track_caller]
fn check_always(login: Login, answer: String, want: &str) {
    check_failure(login, answer.clone(), answer, want);
}

#[test]
fn the_kind_is_what_the_server_says() {
    for (said, want) in [("Cloud", Kind::Cloud), ("Server", Kind::Server), ("x", Kind::Server)] {
        let info = server_info(said);
        let server = Scripted::start(move |n, _| if n == 0 { info.clone() } else { myself() });
        let client = connect(&format!("{}/browse/A-1", server.url()), bearer()).unwrap();
        assert_eq!(client.server().kind, want);
        assert_eq!(
            (client.server().version.as_str(), client.server().title.as_str()),
            ("9.12.2", "Our\\u{7} Jira")
        );
        let ahead = client.server().ahead_of("2026-11-22T15:59:30Z".parse().unwrap()).unwrap();
        assert_eq!(ahead.as_secs(), 30);
        let asked = server.asked();
        assert!(asked.iter().all(|a| a.authorization.as_deref() == Some("Bearer canary-token")));
        let path =
            if want == Kind::Cloud { "GET /rest/api/3/myself" } else { "GET /rest/api/2/myself" };
        assert!(asked.last().unwrap().line.starts_with(path));
    }
}

/// Cloud does not always say what it is; its version does.
#[test]
fn a_server_that_does_not_say_its_kind_is_known_by_its_version() {
    for (version, want) in [
        ("1001.0.0-SNAPSHOT", Kind::Cloud),
        ("1001.0.0-build.7", Kind::Cloud),
        ("9.12.2", Kind::Server),
        ("10010.1", Kind::Server),
    ] {
        let info = json(200, &format!(r#"{{"version":"{version}","serverTitle":"Jira"}}"#));
        let server = Scripted::start(move |n, _| if n == 0 { info.clone() } else { myself() });
        assert_eq!(connect(&server.url(), bearer()).unwrap().server().kind, want, "{version}");
    }
}

#[test]
fn without_a_login_nothing_is_sent_and_nobody_is_asked_for() {
    let server = Scripted::start(|_, _| server_info("Server"));
    let client = connect(&server.url(), Login::None).unwrap();
    assert!(client.is_anonymous());
    assert_eq!(server.asked().len(), 1);
    assert_eq!(server.asked()[0].authorization, None);
}

#[test]
fn what_is_no_jira_is_said_so() {
    let html = || reply(200, "content-type: text/html\n", "<html>Welcome canary-token</html>");
    check_always(bearer(), html(), "not as a Jira does (it is text/html, not JSON)");
    check_always(bearer(), reply(404, "", ""), "it has no Jira interface");
    check_always(bearer(), json(200, r#"{"hello":1}"#), "a version of Jira is missing");
    check_always(bearer(), json(200, "[]"), "a version of Jira is missing");
    check_always(bearer(), reply(302, "location: /login.jsp?canary-token\n", ""), "a login page");
    check_always(bearer(), reply(302, "location: /rest/api/2/serverInfo\n", ""), "without end");
}

#[test]
fn a_login_that_fails_says_what_to_do() {
    let denied = || json(401, r#"{"message":"canary-token is wrong"}"#);
    check_failure(bearer(), server_info("Cloud"), denied(), "give the e-mail as well");
    check_failure(bearer(), server_info("Server"), denied(), "Personal Access Tokens");
    check_failure(basic(), server_info("Cloud"), denied(), "id.atlassian.com");
    check_failure(basic(), server_info("Server"), denied(), "give it without an e-mail");
    check_always(bearer(), denied(), "has expired");
    let unmet = json(401, r#"{"message":"Go away."}"#);
    check_always(Login::None, unmet, "(Go away.): it shows nothing to strangers; give a token");
    let captcha = "x-authentication-denied-reason: CAPTCHA_CHALLENGE; login-url=https://x/\n";
    check_always(basic(), reply(403, captcha, ""), "CAPTCHA");
    let seraph = "content-type: application/json\nx-seraph-loginreason: AUTHENTICATED_FAILED\n";
    check_always(basic(), reply(200, seraph, ""), "does not accept the login");
    let forbidden = || json(403, r#"{"errorMessages":["Not you, canary-token"]}"#);
    check_always(bearer(), forbidden(), "has expired");
    check_failure(bearer(), server_info("Cloud"), forbidden(), "give the e-mail as well");
    check_failure(basic(), server_info("Cloud"), forbidden(), "Not you, ***");
    check_failure(bearer(), server_info("Server"), forbidden(), "Not you, ***");
}

#[test]
fn troubles_on_the_way_have_their_words() {
    check_always(bearer(), String::new(), "breaks off");
    check_always(bearer(), "not HTTP at all\r\n\r\n".to_owned(), "not as a Jira does");
    let torn = json(200, r#"{"version":"9.12.2"}"#).replace("h: 20", "h: 2000");
    check_always(bearer(), torn, "breaks off");
    check_always(bearer(), json(200, r#"{"version":"#), "ends too early");
    check_always(bearer(), json(200, &" ".repeat(3 << 20)), "larger than 1 MB");
    check_always(bearer(), json(503, r#"{"message":"Back\u001b[2J soon"}"#), "after 3 tries");
    check_always(bearer(), json(429, ""), "slow down, still after 3 tries");
    let refused = connect("http://127.0.0.1:1", bearer()).err().unwrap();
    assert!(matches!(refused, Error::Unreachable { .. }), "{refused}");
    let unknown = connect("https://burndown.invalid", bearer()).err().unwrap();
    assert!(matches!(unknown, Error::NoSuchHost { .. } | Error::Unreachable { .. }), "{unknown}");
    let plain = Scripted::start(|_, _| server_info("Cloud"));
    let tls = connect(&plain.url().replace("http", "https"), bearer()).err().unwrap();
    assert!(matches!(tls, Error::NotSecure { .. }), "{tls:?}");
}

#[test]
fn a_login_never_travels_to_another_host() {
    let other = Scripted::start(|_, _| server_info("Cloud"));
    let away = format!(
        "location: {}/rest/api/2/serverInfo\n",
        other.url().replace("127.0.0.1", "localhost")
    );
    check_always(bearer(), reply(302, &away, ""), "sends on to localhost");
    let info = server_info("Server");
    check_failure(bearer(), info, reply(307, &away, ""), "sends on to localhost");
    assert_eq!(other.asked().len(), 0);
}

#[test]
fn a_redirect_on_the_same_host_gives_the_address() {
    let server = Scripted::start(|_, asked| {
        if asked.line.contains("/jira/rest/api/2/serverInfo") {
            server_info("Server")
        } else if asked.line.contains("serverInfo") {
            reply(301, "location: /jira/rest/api/2/serverInfo\n", "")
        } else {
            myself()
        }
    });
    let client = connect(&server.url(), bearer()).unwrap();
    assert_eq!(client.base_url(), format!("{}/jira", server.url()));
    assert!(server.asked().last().unwrap().line.starts_with("GET /jira/rest/api/2/myself"));
}

#[test]
fn certificates_and_proxies_that_cannot_be_used_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("ca.pem");
    std::fs::write(&empty, "nothing").unwrap();
    for (options, want) in [
        (
            ClientOptions { ca_bundle: Some(empty), ..ClientOptions::default() },
            "no certificate is in it",
        ),
        (
            ClientOptions {
                ca_bundle: Some(folder.path().join("none.pem")),
                ..ClientOptions::default()
            },
            "none.pem",
        ),
        (ClientOptions { proxy: Some("://x".to_owned()), ..ClientOptions::default() }, "proxy"),
    ] {
        let site = Site { base_url: "https://jira.example".to_owned(), login: bearer() };
        let error = Client::connect(site, &options, Arc::new(Noted::default())).err().unwrap();
        assert!(error.to_string().contains(want), "{error}");
    }
}

#[test]
fn a_proxy_is_used_but_for_the_hosts_without() {
    let server = Scripted::start(|_, _| server_info("Server"));
    for (no_proxy, want) in [
        (None, Some("proxy")),
        (Some("example.org, localhost"), Some("proxy")),
        (Some("example.org, 127.0.0.1"), None),
        (Some("*"), None),
    ] {
        let options = ClientOptions {
            // Nobody listens there.
            proxy: Some("http://me:canary-token@127.0.0.1:1".to_owned()),
            no_proxy: no_proxy.map(str::to_owned),
            ..ClientOptions::default()
        };
        let site = Site { base_url: server.url(), login: Login::None };
        let error = Client::connect(site, &options, Arc::new(Noted::default())).err();
        let said = error.map(|error| error.to_string()).unwrap_or_default();
        assert!(want.map_or(said.is_empty(), |want| said.contains(want)), "{no_proxy:?}: {said}");
        assert!(!said.contains("canary"), "{said}");
    }
}
