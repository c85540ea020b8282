//! Secrets have a type of their own, so that they cannot slip into a log, an error or a page.

use std::fmt;

use crate::json::{Json, Object};

/// A Jira token, or a key to the pages of a workspace. Its `Debug` and `Display` print stars; the value leaves only through
/// [`Token::reveal`].
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// Written into exports by the old app in place of a token.
const REDACTED: &str = "<REDACTED_FOR_EXPORT>";

/// Member names under which builds of the old app, or people by hand, kept secrets.
const SECRET_MEMBERS: [&str; 8] = [
    "token",
    "jira_token",
    "api_token",
    "jira_api_token",
    "access_token",
    "password",
    "secret",
    "jira_password",
];

impl Token {
    /// Takes a token; empty text and the redaction mark are none.
    pub fn new(text: &str) -> Option<Token> {
        (!text.trim().is_empty() && text != REDACTED).then(|| Token(text.to_owned()))
    }

    /// The secret itself, for the request header and the secret file only.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Takes every secret out of settings, at any depth. Gives the path of each with its value.
pub fn take_secrets(settings: &mut Object) -> Vec<(String, Token)> {
    let mut taken = Vec::new();
    take_from_object(settings, "", &mut taken);
    taken
}

fn take_from_object(object: &mut Object, path: &str, taken: &mut Vec<(String, Token)>) {
    let join =
        |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    let secret = |name: &str, value: &Json| {
        if is_secret_name(name) { value.as_text().and_then(|text| Token::new(&text)) } else { None }
    };
    let found: Vec<(String, Token)> = object
        .iter()
        .filter_map(|(name, value)| Some((name.to_owned(), secret(name, value)?)))
        .collect();
    for (name, token) in found {
        object.remove(&name);
        taken.push((join(&name), token));
    }
    for (name, value) in object.iter_mut() {
        let path = join(name);
        take_from_value(value, &path, taken);
    }
}

fn take_from_value(value: &mut Json, path: &str, taken: &mut Vec<(String, Token)>) {
    match value {
        Json::Object(object) => take_from_object(object, path, taken),
        Json::Array(elements) => {
            for (place, element) in elements.iter_mut().enumerate() {
                take_from_value(element, &format!("{path}[{place}]"), taken);
            }
        }
        _ => {}
    }
}

/// Removes every member that is there to hold a secret, also empty ones, at any depth.
pub fn remove_secret_members(settings: &mut Json) {
    match settings {
        Json::Object(object) => {
            let names: Vec<String> = object
                .iter()
                .filter(|(name, value)| is_secret_name(name) && is_plain(value))
                .map(|(name, _)| name.to_owned())
                .collect();
            names.iter().for_each(|name| drop(object.remove(name)));
            object.iter_mut().for_each(|(_, value)| remove_secret_members(value));
        }
        Json::Array(elements) => elements.iter_mut().for_each(remove_secret_members),
        _ => {}
    }
}

fn is_secret_name(name: &str) -> bool {
    SECRET_MEMBERS.iter().any(|member| name.eq_ignore_ascii_case(member))
}

/// Whether a value is text or nothing; a group of settings of that name is no secret.
fn is_plain(value: &Json) -> bool {
    !matches!(value, Json::Object(_) | Json::Array(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_found_at_any_depth_and_print_as_stars() {
        let mut settings = Json::parse(
            r#"{"jira_token":"s1","jira_config":{"token":"s2","base_url":"x"},"a":[{"Password":"s3"}],
                "token":"","flow":{"token":"<REDACTED_FOR_EXPORT>"}}"#,
        )
        .unwrap();
        let Json::Object(object) = &mut settings else { panic!() };
        let taken = take_secrets(object);
        let paths: Vec<&str> = taken.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["jira_token", "jira_config.token", "a[0].Password"]);
        assert!(!settings.to_compact().contains("\"s"));
        assert!(!format!("{taken:?}").contains("s1"));
        assert_eq!(taken[1].1.reveal(), "s2");
    }

    #[test]
    fn secret_members_go_also_when_they_are_empty() {
        let mut settings =
            Json::parse(r#"{"a":1,"token":"","b":[{"password":null,"secret":{"c":"token"}}]}"#)
                .unwrap();
        remove_secret_members(&mut settings);
        assert_eq!(settings.to_compact(), r#"{"a":1,"b":[{"secret":{"c":"token"}}]}"#);
    }
}
