//! Keeps secrets out of exports, and out of what is imported: the connection by a list of what may go, everything else by names
//! and forms that secrets have.

use model::connection::is_auth_word;
use model::{Json, Object, Settings};

use crate::error::Result;
use crate::record::{Record, Sink};

/// Members of the connection whose texts may leave. Others leave only if they cannot hold a secret:
/// numbers, truth values, nothing.
const CONNECTION_TEXTS: [&str; 4] =
    ["base_url", "api_version", "points_field", "last_test_timestamp"];

/// Parts of member names under which secrets are kept.
const SECRET_NAMES: [&str; 10] = [
    "token",
    "password",
    "passwd",
    "secret",
    "apikey",
    "authorization",
    "cookie",
    "credential",
    "privatekey",
    "bearer",
];

/// Words of such names that are parts of harmless ones as well, such as *path* and *author*.
const SECRET_WORDS: [&str; 7] = ["pat", "pwd", "auth", "session", "sessionid", "jsessionid", "jwt"];

/// Beginnings of header values that hold one.
const SECRET_VALUES: [&str; 2] = ["bearer ", "basic "];
/// What stands before one anywhere in a text.
const SECRET_HEADER: &str = "authorization:";
/// Options of commands before a user and password.
const LOGIN_OPTIONS: [&str; 2] = ["-u", "--user"];

/// Takes secrets out of records on their way.
pub(crate) struct Clean<'s> {
    to: &'s mut dyn Sink,
    /// Paths of what was left out.
    pub left_out: Vec<String>,
}

impl<'s> Clean<'s> {
    /// Everything goes through this on its way to `to`.
    pub fn before(to: &'s mut dyn Sink) -> Clean<'s> {
        Clean { to, left_out: Vec::new() }
    }
}

impl Sink for Clean<'_> {
    fn take(&mut self, mut record: Record) -> Result<()> {
        self.left_out.extend(match &mut record {
            Record::Profile(whole) => clean_settings(&mut whole.profile.settings),
            Record::Query(query) => clean_members(&mut query.extra),
            Record::Header(_, header) => clean_members(&mut header.extra),
            Record::ProjectData(data) => clean_members(&mut data.extra),
            Record::Issue(..) | Record::Changelog(_) | Record::Snapshot(_) | Record::Sync(_) => {
                Vec::new()
            }
        });
        self.to.take(record)
    }
}

/// Takes secrets out of the settings of a profile. Gives the paths of what was left out.
fn clean_settings(settings: &mut Settings) -> Vec<String> {
    let mut left_out = Vec::new();
    if let Some(Json::Object(connection)) = &mut settings.jira_config {
        keep_known_texts(connection, &mut left_out);
    }
    for (name, group) in settings.groups_mut() {
        if let Some(group) = group {
            clean(group, name, &mut left_out);
        }
    }
    left_out.extend(clean_members(&mut settings.older));
    left_out.extend(clean_members(&mut settings.extra));
    left_out
}

/// Takes secrets out of members that nobody knows. Gives the paths of what was left out.
fn clean_members(members: &mut Object) -> Vec<String> {
    let mut left_out = Vec::new();
    clean_object(members, "", &mut left_out);
    left_out
}

fn keep_known_texts(connection: &mut Object, left_out: &mut Vec<String>) {
    let is_left_out = |name: &str, value: &Json| {
        let is_plain_text = matches!(value, Json::Text(_) | Json::Surrogate(_));
        let is_kind = name == "auth" && is_auth_word(value);
        may_hold_text(value) && !is_kind && !(is_plain_text && CONNECTION_TEXTS.contains(&name))
    };
    remove(connection, "jira_config", &is_left_out, left_out);
    // An address needs no more than where it leads.
    if let Some(Json::Text(address)) = connection.get_mut("base_url")
        && let Some(end) = address.find(['?', '#'])
    {
        address.truncate(end);
        left_out.push("jira_config.base_url".to_owned());
    }
}

fn remove(
    object: &mut Object,
    path: &str,
    is_left_out: &dyn Fn(&str, &Json) -> bool,
    left_out: &mut Vec<String>,
) {
    let found = object.iter().filter(|(name, value)| is_left_out(name, value));
    let names: Vec<String> = found.map(|(name, _)| name.to_owned()).collect();
    for name in names {
        object.remove(&name);
        left_out.push(join(path, &name));
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn clean_object(object: &mut Object, path: &str, left_out: &mut Vec<String>) {
    let is_secret = |name: &str, value: &Json| {
        let is_kind = name == "auth" && is_auth_word(value);
        is_secret_name(name) && is_text(value)
            || is_secret_word(name) && !is_kind && may_hold_text(value)
    };
    remove(object, path, &is_secret, left_out);
    for (name, value) in object.iter_mut() {
        let path = join(path, name);
        clean(value, &path, left_out);
    }
}

fn clean(value: &mut Json, path: &str, left_out: &mut Vec<String>) {
    match value {
        Json::Object(object) => clean_object(object, path, left_out),
        Json::Array(elements) => {
            for (place, element) in elements.iter_mut().enumerate() {
                clean(element, &format!("{path}[{place}]"), left_out);
            }
        }
        Json::Text(text) => {
            let cleaned = clean_text(text);
            if let Some(cleaned) = cleaned {
                *text = cleaned;
                left_out.push(path.to_owned());
            }
        }
        _ => {}
    }
}

/// The text without its secrets; `None` if it holds none that can be seen.
fn clean_text(text: &str) -> Option<String> {
    let small = text.trim_start().to_lowercase();
    if SECRET_VALUES.iter().any(|value| small.starts_with(value)) || small.contains(SECRET_HEADER) {
        return Some(String::new());
    }
    let (mut cleaned, mut before) = (String::with_capacity(text.len()), "");
    for part in text.split_inclusive(char::is_whitespace) {
        let word = part.trim_end();
        let (option, login) = word.split_once('=').unwrap_or((before, word));
        if LOGIN_OPTIONS.contains(&option) && login.contains(':') {
            cleaned.push_str(word.strip_suffix(login).unwrap_or_default());
        } else {
            clean_addresses(word, &mut cleaned);
        }
        cleaned.push_str(part.strip_prefix(word).unwrap_or_default());
        before = word;
    }
    (cleaned != text).then_some(cleaned)
}

/// A word whose addresses name no user, and no value of what is called like a secret.
fn clean_addresses(word: &str, cleaned: &mut String) {
    let mut parts = word.split("://");
    cleaned.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let host_end = part.find(['/', '?', '#']).unwrap_or(part.len());
        let (host, rest) = part.split_at_checked(host_end).unwrap_or((part, ""));
        cleaned.push_str("://");
        cleaned.push_str(host.rsplit_once('@').map_or(host, |(_, host)| host));
        for value in rest.split_inclusive(['?', '&', '#', ';']) {
            match value.split_once('=') {
                Some((name, told)) if is_secret_name(name) || is_secret_word(name) => {
                    cleaned.push_str(name);
                    cleaned.push('=');
                    cleaned.extend(told.chars().next_back().filter(|end| "?&#;".contains(*end)));
                }
                _ => cleaned.push_str(value),
            }
        }
    }
}

fn is_secret_name(name: &str) -> bool {
    let plain: String = name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    SECRET_NAMES.iter().any(|secret| plain.contains(secret))
}

/// Whether one of the words is, that a name is put together from by signs or capitals.
fn is_secret_word(name: &str) -> bool {
    let (mut words, mut is_small) = (String::with_capacity(name.len()), false);
    for character in name.chars() {
        if is_small && character.is_uppercase() {
            words.push(' ');
        }
        is_small = character.is_lowercase();
        words.extend(character.to_lowercase());
    }
    words.split(|c: char| !c.is_alphanumeric()).any(|word| SECRET_WORDS.contains(&word))
}

fn may_hold_text(value: &Json) -> bool {
    match value {
        Json::Text(text) => !text.is_empty(),
        Json::Array(elements) => !elements.is_empty(),
        Json::Object(members) => !members.is_empty(),
        Json::Surrogate(_) | Json::Deep(_) => true,
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}

/// Whether a value can be a secret: a list or a group of that name is searched instead.
fn is_text(value: &Json) -> bool {
    matches!(value, Json::Text(text) if !text.is_empty()) || matches!(value, Json::Surrogate(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: &str, want: &str, left_out: &[&str]) {
        let mut json = Json::parse(given).unwrap();
        let Json::Object(members) = &mut json else { panic!("no object") };
        let found = clean_members(members);
        assert_eq!(
            (json.to_compact().as_str(), found),
            (want, left_out.iter().map(|path| (*path).to_owned()).collect())
        );
    }

    #[test]
    fn secrets_are_known_by_name_and_form() {
        check(
            r#"{"a":{"Api-Token":"x","token":""},"b":1}"#,
            r#"{"a":{"token":""},"b":1}"#,
            &["a.Api-Token"],
        );
        check(
            r#"{"headers":[{"Authorization":"Basic eA=="}]}"#,
            r#"{"headers":[{}]}"#,
            &["headers[0].Authorization"],
        );
        check(
            r#"{"headers":["X-Y: 1"," bearer abc"]}"#,
            r#"{"headers":["X-Y: 1",""]}"#,
            &["headers[1]"],
        );
        check(
            r#"{"url":"https://me:pass@jira.example.org/x?y=a@b"}"#,
            r#"{"url":"https://jira.example.org/x?y=a@b"}"#,
            &["url"],
        );
        check(
            r#"{"mail":"a@b.org","url":"https://x/@y"}"#,
            r#"{"mail":"a@b.org","url":"https://x/@y"}"#,
            &[],
        );
    }

    #[test]
    fn only_what_is_known_leaves_the_connection() {
        let config = r#"{"base_url":"https://u:p@x","api_version":"v2","cache_size_mb":100,"configured":true,
            "last_test_timestamp":null,"auth":"basic","token":"","email":"me@x","proxy":{"user":"me"},"points_field":{"a":"b"},"list":[]}"#;
        let mut settings =
            Settings { jira_config: Json::parse(config).ok(), ..Settings::default() };
        let left_out = clean_settings(&mut settings);
        let kept = settings.jira_config.unwrap().to_compact();
        assert_eq!(
            kept,
            r#"{"base_url":"https://x","api_version":"v2","cache_size_mb":100,"configured":true,"last_test_timestamp":null,"auth":"basic","token":"","list":[]}"#
        );
        assert_eq!(
            left_out,
            [
                "jira_config.email",
                "jira_config.proxy",
                "jira_config.points_field",
                "jira_config.base_url"
            ]
        );
        let config = r#"{"auth":"me:secret"}"#;
        let mut settings =
            Settings { jira_config: Json::parse(config).ok(), ..Settings::default() };
        assert_eq!(clean_settings(&mut settings), ["jira_config.auth"]);
    }
}
