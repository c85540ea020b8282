//! Addresses as people type them, and connections as old and new settings have them.

use super::*;
use crate::{ProfileSettings, Settings};

#[track_caller]
fn check(typed: &str, want: Result<&str, &str>) {
    let found = check_address(typed);
    match (&found, want) {
        (Ok(found), Ok(want)) => assert_eq!(found, want, "{typed}"),
        (Err(why), Err(part)) => assert!(why.contains(part), "{typed}: {why}"),
        _ => panic!("{typed}: {found:?}"),
    }
}

#[test]
fn addresses_are_trimmed_or_refused() {
    check(" https://jira.example.org/ ", Ok("https://jira.example.org"));
    check("HTTP://Jira.Example.org:8080/jira//", Ok("http://Jira.Example.org:8080/jira"));
    check("https://[::1]:8080", Ok("https://[::1]:8080"));
    check("https://müller.example", Ok("https://müller.example"));
    check("jira.example.org/", Ok("https://jira.example.org"));
    check("localhost:8080", Ok("https://localhost:8080"));
    for none in
        ["", "javascript:alert(1)", "two words", "ftp://x", "https://", "https:///x", "https://:80"]
    {
        check(none, Err("such as https://jira.example.org"));
    }
    check("https://me:secret@jira.example.org", Err("user and password"));
    check("https://x.org/a?b=c", Err("? or #"));
    check("https://x.org/#b", Err("? or #"));
    for odd in ["https://x.org/a b", "https://x<script>", "https://x\\y.org", "https://x:port"] {
        check(odd, Err("such as"));
    }
    check("https://x.org:99999", Err("such as"));
    check(&format!("https://{}.org", "x".repeat(400)), Err("300 characters"));
}

#[test]
fn a_token_goes_to_its_own_server_only() {
    for (before, after, want) in [
        ("https://jira.org", "https://JIRA.org/sub", true),
        ("https://jira.org", "https://jira.org:443", true),
        ("http://jira.org", "https://jira.org", true),
        ("https://jira.org", "http://jira.org", false),
        ("https://jira.org", "https://jira.org:8443", false),
        ("https://jira.org", "https://jira.org.evil.example", false),
        ("https://jira.org", "https://jira.com", false),
        ("", "https://jira.com", false),
    ] {
        assert_eq!(is_same_server(before, after), want, "{before} {after}");
    }
    for (address, want) in [
        ("http://jira.org", true),
        ("https://jira.org", false),
        ("http://localhost:8080", false),
        ("http://127.0.0.1", false),
        ("http://127.evil.example", true),
        ("http://[::1]:80/x", false),
    ] {
        assert_eq!(is_readable_by_others(address), want, "{address}");
    }
}

#[track_caller]
fn check_read(config: &str, has_token: bool, want: Result<Auth, Lack>) {
    let settings = Settings { jira_config: Json::parse(config).ok(), ..Settings::default() };
    let connection = ProfileSettings::read(&settings).connection;
    let found = Connection::of(&connection, has_token).map(|connection| connection.auth);
    assert_eq!(found, want, "{config}");
}

#[test]
fn old_settings_name_no_kind() {
    let basic = r#"{"base_url":"https://x.org","auth":"basic","email":" me@x.org "}"#;
    check_read(r#"{"base_url":"https://x.org/"}"#, true, Ok(Auth::Bearer));
    check_read(r#"{"base_url":"https://x.org"}"#, false, Ok(Auth::Bearer));
    check_read(r#"{"base_url":"https://x.org","token":""}"#, false, Ok(Auth::None));
    check_read(r#"{"base_url":"https://x.org","token":""}"#, true, Ok(Auth::Bearer));
    check_read(r#"{"base_url":"https://x.org","auth":"magic"}"#, false, Ok(Auth::Bearer));
    check_read(r#"{"base_url":"https://x.org","auth":"none"}"#, true, Ok(Auth::None));
    check_read(basic, false, Ok(Auth::Basic { email: "me@x.org".to_owned() }));
    check_read(r#"{"base_url":"https://x.org","auth":"basic"}"#, true, Err(Lack::Email));
    check_read(r#"{"base_url":"not one"}"#, true, Err(Lack::Address));
    check_read("{}", true, Err(Lack::Address));
}
