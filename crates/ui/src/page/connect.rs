//! Connecting to a Jira for the first time: where it is, who asks, and what for.

use app::connect::{AUTH_FOUND, ConnectionDraft};
use app::settings::Fault;
use maud::{Markup, html};
use model::connection::{ADDRESS_CHARACTERS_MAX, Auth};
use words::format;

use crate::frame::Frame;
use crate::link;
use crate::shell::{self, Tab};

/// What was typed, and why it did not lead on. It never holds a token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConnectForm {
    /// Address of the Jira.
    pub address: String,
    /// Word of the kind of authentication.
    pub auth: String,
    /// The e-mail address that the token belongs to.
    pub email: String,
    /// What to ask for.
    pub jql: String,
    /// Whether the token may go over `http`.
    pub allows_http: bool,
    faults: Vec<Fault>,
    message: Option<String>,
}

impl ConnectForm {
    /// The form as it was sent, with what is wrong.
    pub fn refused(draft: &ConnectionDraft, jql: &str, error: &app::Error) -> ConnectForm {
        let (faults, message) = match error {
            app::Error::Settings { faults } => (faults.clone(), None),
            other => (Vec::new(), Some(other.to_string())),
        };
        ConnectForm {
            address: draft.address.clone(),
            auth: draft.auth.clone(),
            email: draft.email.clone(),
            jql: jql.to_owned(),
            allows_http: draft.allows_http,
            faults,
            message,
        }
    }

    fn why(&self, name: &str) -> Option<String> {
        let fault = self.faults.iter().find(|fault| fault.name == name);
        fault.map(|fault| fault.why.to_string())
    }
}

/// The page.
pub fn page(form: &ConnectForm, frame: &Frame) -> String {
    let body = html! {
        section.answer {
            h1 { mark { "Connect to Jira." } " What it holds is kept on this machine." }
            p.how { "burndown only reads. It asks the server that you name here and nobody else." }
        }
        section.card aria-labelledby="connect" {
            header { h2 #connect { "Where is your Jira?" } }
            (draw(form))
        }
    };
    shell::page(frame, "Connect to Jira", None, Tab::Setup, &body)
}

fn draw(form: &ConnectForm) -> Markup {
    html! {
        form.fields method="post" action=(link::CONNECT) {
            @if let Some(message) = &form.message { p.strip role="alert" { (format::sentence(message)) } }
            (line(form, "server", "Address, as in the browser", &form.address, "https://jira.example.org", true))
            label {
                "How do you log in?"
                select name="authentication" {
                    option value=(AUTH_FOUND) selected[form.auth == AUTH_FOUND || form.auth.is_empty()] { "Find out from what is given below" }
                    @for (word, text) in Auth::ALL { option value=(word) selected[form.auth == word] { (text) } }
                }
            }
            (line(form, "email", "E-mail address (with an API token of Jira Cloud) or user name (with a password, on old servers)", &form.email, "", false))
            p.soft.fine {
                "A token is made in Jira. Cloud: your picture, " em { "Account settings" } ", " em { "Security" } ", "
                em { "Create API token" } ". Server and Data Center: your picture, " em { "Profile" } ", "
                em { "Personal Access Tokens" } "."
            }
            label {
                "Token or password"
                input type="password" name="token" autocomplete="off" spellcheck="false"
                    aria-invalid=[form.why("token").map(|_| "true")];
            }
            @match form.why("token") {
                Some(why) => p.wrong { (format::sentence(&why)) },
                None => p.soft.fine { "Kept in a file of its own that only you can read, and never shown again." },
            }
            (crate::form::allow_http(form.allows_http))
            label { "What to ask for (JQL), if you know it" textarea name="jql" rows="2" { (form.jql) } }
            button.first type="submit" { "Connect" }
        }
    }
}

fn line(
    form: &ConnectForm,
    name: &str,
    label: &str,
    value: &str,
    example: &str,
    is_needed: bool,
) -> Markup {
    let why = form.why(name);
    let why = why.as_deref();
    let id = format!("{name}-why");
    html! {
        label {
            (label)
            input name=(name) value=(value) placeholder=[(!example.is_empty()).then_some(example)]
                maxlength=(ADDRESS_CHARACTERS_MAX) required[is_needed]
                aria-invalid=[why.map(|_| "true")] aria-describedby=[why.map(|_| &id)];
        }
        @if let Some(why) = why { p.wrong id=(id) { (format::sentence(why)) } }
    }
}
