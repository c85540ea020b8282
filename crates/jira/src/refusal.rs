//! What an answer that is no success means.

use model::plain::one_line;
use model::{Json, Tape};

use crate::error::Error;
use crate::http::{Answer, Request};
use crate::login::Login;
use crate::server::Kind;

/// Jira's words are cut after so many characters.
const WORDS_MAX: usize = 300;

/// Whom an answer came from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'c> {
    pub host: &'c str,
    pub login: &'c Login,
    /// `None` as long as it is not known.
    pub kind: Option<Kind>,
}

/// The error that an answer means, if it is not a success with JSON in it.
pub(crate) fn refusal(answer: &Answer, request: &Request, context: Context<'_>) -> Option<Error> {
    let host = context.host.to_owned();
    if is_failed_login(answer) {
        return Some(login(answer, context));
    }
    let path = request.bare_path();
    let why = || words(answer, context.login);
    let error = match answer.status {
        200..300 => {
            let why = no_json(answer, context.login);
            return why.map(|why| Error::Damaged { host, path, why, tries: 1 });
        }
        _ if is_window(answer) => Error::Window { host },
        400 if is_unbounded(answer) => Error::Unbounded,
        400 if asks_jql(request) => Error::Jql { why: why() },
        401 | 403 if is_scope(answer) => {
            Error::Scope { host, said: why(), needed: needed_scope(&path), path }
        }
        401 => login(answer, context),
        403 if is_captcha(answer) => Error::Captcha { host },
        403 if is_web_page(answer) => Error::Forbidden { host, why: GATEWAY.to_owned() },
        403 if is_wrong_kind(context) => login(answer, context),
        403 => Error::Forbidden { host, why: why() },
        404 => Error::NotFound { host, path, why: why() },
        407 => Error::Proxy { host, why: "it wants a login of its own".to_owned() },
        410 => Error::Removed { host, path, why: why() },
        429 => Error::TooManyRequests { host, tries: 1 },
        status @ 500.. => Error::Server { host, status, why: why(), tries: 1 },
        status => Error::Refused { host, status, why: why() },
    };
    Some(error)
}

/// What a web page in place of an answer stands for.
pub(crate) const GATEWAY: &str =
    "a web page comes in place of an answer, as firewalls and gateways in front of Jira send it";

/// What stands for no words.
const WORDLESS: &str = "no reason is given";
const WEB_PAGE: &str = "a web page";

fn login(answer: &Answer, context: Context<'_>) -> Error {
    let said = words(answer, context.login);
    let said = if [WORDLESS, WEB_PAGE].contains(&said.as_str()) { String::new() } else { said };
    let is_switched_off = is_switched_off(&said.to_ascii_lowercase());
    let remedy = match context.login {
        Login::Basic { .. } if is_switched_off => {
            "it takes no user with a password; make a personal access token in Jira under Profile, and give it without an e-mail"
        }
        _ => remedy(context),
    };
    Error::Login { host: context.host.to_owned(), said, remedy }
}

/// Whether a server says that it takes no password at all: each server, and what stands before it, in
/// words of its own.
fn is_switched_off(said: &str) -> bool {
    let others = ["switched off", "turned off", "deactivated", "not allowed", "not permitted"];
    said.contains("disabled")
        || (said.contains("basic auth") && others.iter().any(|word| said.contains(word)))
}

/// The gateway of Jira Cloud says so of tokens with scopes.
fn is_scope(answer: &Answer) -> bool {
    answer.body.to_ascii_lowercase().contains("scope does not match")
}

/// The scope that a path needs, by Atlassian's description of the interface.
fn needed_scope(path: &str) -> &'static str {
    match path {
        _ if path.contains("/rest/agile/") => {
            "read:board-scope:jira-software and read:project:jira"
        }
        _ if path.contains("/project/") => "read:project:jira",
        _ if path.contains("/myself") => "read:jira-user",
        _ => "read:jira-work",
    }
}

fn is_web_page(answer: &Answer) -> bool {
    answer.body.trim_start().starts_with('<')
}

/// Old servers answer a wrong login as if nothing were wrong.
fn is_failed_login(answer: &Answer) -> bool {
    let reason = answer.header("x-seraph-loginreason").unwrap_or_default();
    reason.contains("AUTHENTICATED_FAILED") && !is_captcha(answer)
}

/// Cloud does not say 401 to a bearer token; and the first answer is one for everybody.
fn is_wrong_kind(context: Context<'_>) -> bool {
    match context.kind {
        Some(Kind::Cloud) => matches!(context.login, Login::Bearer(_)),
        Some(Kind::Server) => false,
        None => *context.login != Login::None,
    }
}

fn is_captcha(answer: &Answer) -> bool {
    let denied = answer.header("x-authentication-denied-reason").unwrap_or_default();
    let reason = answer.header("x-seraph-loginreason").unwrap_or_default();
    denied.contains("CAPTCHA") || reason.contains("AUTHENTICATION_DENIED")
}

fn is_window(answer: &Answer) -> bool {
    const SIGNS: [&str; 3] = ["Search limit exceeded", "maxResultWindow", "max.result.window"];
    answer.status >= 400 && SIGNS.iter().any(|sign| answer.body.contains(sign))
}

fn is_unbounded(answer: &Answer) -> bool {
    answer.body.contains("Unbounded JQL")
}

fn asks_jql(request: &Request) -> bool {
    request.path.contains("/search")
}

fn no_json(answer: &Answer, login: &Login) -> Option<String> {
    let kind = answer.header("content-type").unwrap_or("data of no kind");
    let is_json = kind.to_ascii_lowercase().contains("json");
    (!is_json).then(|| format!("it is {}, not JSON", cut(&login.hide_in(kind))))
}

/// What the server says, of whatever form, as one short line without secrets.
fn words(answer: &Answer, login: &Login) -> String {
    let mut tape = Tape::new();
    let found = match tape.parse(&answer.body) {
        Ok(value) => texts(&Json::from(value)),
        // A page of a proxy or of the server; its text is of no use to a reader.
        Err(_) if is_web_page(answer) => vec![WEB_PAGE.to_owned()],
        Err(_) => vec![answer.body.clone()],
    };
    let text = login.hide_in(found.join(" ").trim());
    if text.is_empty() { WORDLESS.to_owned() } else { cut(&text) }
}

fn texts(body: &Json) -> Vec<String> {
    let list = |name| body.get(name).and_then(Json::as_array).unwrap_or_default().iter();
    let one = |name| body.get(name).and_then(Json::as_text);
    let mut found: Vec<String> =
        list("errorMessages").filter_map(Json::as_text).map(|text| text.into_owned()).collect();
    for (field, text) in body.get("errors").and_then(Json::as_object).iter().flat_map(|o| o.iter())
    {
        found.extend(text.as_text().map(|text| format!("{field}: {text}")));
    }
    let single = ["message", "errorMessage", "title", "detail"].into_iter().filter_map(one);
    found.extend(single.map(|text| text.into_owned()));
    found
}

pub(crate) fn cut(text: &str) -> String {
    let line = one_line(text);
    let mut short: String = line.chars().take(WORDS_MAX).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}

fn remedy(context: Context<'_>) -> &'static str {
    match (context.login, context.kind) {
        (Login::None, _) => "it shows nothing to strangers; give a token",
        (Login::Bearer(_), Some(Kind::Cloud)) => {
            "this is Jira Cloud, which takes an e-mail together with an API token; give the e-mail as well"
        }
        (Login::Basic { .. }, Some(Kind::Cloud)) => {
            "e-mail or API token are wrong, or the token has expired; make a new one at https://id.atlassian.com under Security"
        }
        (Login::Basic { .. }, Some(Kind::Server)) => {
            "user or password are wrong; if it is a personal access token, give it without an e-mail"
        }
        (Login::Bearer(_), Some(Kind::Server)) => {
            "the token is wrong or has expired; make a new one in Jira under Profile, Personal Access Tokens"
        }
        (Login::Bearer(_), None) => {
            "the token is wrong or has expired; on Jira Cloud, an e-mail is needed as well"
        }
        (Login::Basic { .. }, None) => {
            "e-mail or token are wrong, or the token has expired; a personal access token of a Jira Server goes without an e-mail"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Token;

    const JSON: (&str, &str) = ("content-type", "application/json;charset=UTF-8");

    #[track_caller]
    fn check(status: u16, headers: &[(&str, &str)], body: &str, want: &str) {
        let login = Login::Bearer(Token::new("s3cret").unwrap());
        let context = Context { host: "jira.example", login: &login, kind: Some(Kind::Server) };
        let request = Request::get("/rest/api/3/search/jql?jql=x");
        let error = refusal(&Answer::of(status, headers, body), &request, context);
        let said = error.map(|error| error.to_string()).unwrap_or_default();
        let fits = if want.is_empty() { said.is_empty() } else { said.contains(want) };
        assert!(fits, "{status} {body}: {said}");
        assert!(!said.contains("s3cret") && !said.chars().any(char::is_control), "{said}");
        assert!(said.chars().count() < 700, "{said}");
    }

    #[test]
    fn every_refusal_has_its_sentence() {
        check(200, &[JSON], "{}", "");
        check(200, &[("content-type", "text/html")], "<html>", "it is text/html, not JSON");
        check(200, &[], "", "data of no kind");
        check(200, &[("content-type", "text/s3cret")], "", "it is text/***, not JSON");
        let seraph = ("x-seraph-loginreason", "AUTHENTICATED_FAILED");
        check(200, &[JSON, seraph], "", "does not accept the login");
        check(401, &[], "", "Personal Access Tokens");
        let captcha = ("x-authentication-denied-reason", "CAPTCHA_CHALLENGE; login-url=x");
        check(403, &[captcha], "", "log in once in the browser");
        check(403, &[captcha, seraph], "", "log in once in the browser");
        check(403, &[], r#"{"message":"No."}"#, "does not allow this (No.)");
        check(403, &[], "<html><h1>Access denied</h1>", "firewalls and gateways in front of Jira");
        check(401, &[JSON], r#"{"message":"Go away."}"#, "does not accept the login (Go away.): ");
        let scope = r#"{"code":401,"message":"Unauthorized; scope does not match"}"#;
        check(401, &[JSON], scope, "scope does not match): a scope is missing");
        check(
            400,
            &[("content-type", "application/problem+json")],
            r#"{"title":"T","detail":"D"}"#,
            "T D;",
        );
        check(404, &[JSON], r#"{"errorMessages":[]}"#, "/rest/api/3/search/jql (no reason");
        check(
            410,
            &[JSON],
            r#"{"errorMessages":["The requested API has been removed."]}"#,
            "has been removed",
        );
        check(
            400,
            &[JSON],
            r#"{"errorMessages":["Unbounded JQL queries are not allowed here."]}"#,
            "finds everything",
        );
        check(
            400,
            &[JSON],
            r#"{"errorMessages":["Error in the JQL Query: Expecting ')' (line 1, character 9)"],"errors":{"a":"b"}}"#,
            "(line 1, character 9) a: b; correct it",
        );
        check(500, &[], "<html>Search limit exceeded: maxResultWindow", "split it into several");
        check(502, &[], "<html><body>Bad gateway", "(HTTP 502: a web page)");
        check(503, &[], "", "HTTP 503: no reason is given");
        check(429, &[], "", "slow down");
        check(407, &[], "", "wants a login of its own");
        check(413, &[], "too long", "HTTP 413: too long");
    }

    #[test]
    fn words_of_a_server_are_hostile() {
        let long = "long ".repeat(20_000);
        check(400, &[], &format!("a\u{1b}[2J\nb s3cret {long}"), "a\\u{1b}[2J b *** long long");
        check(
            500,
            &[],
            r#"{"errorMessages":[5,null,{"a":1}],"errors":[],"message":7}"#,
            "no reason",
        );
    }
}
