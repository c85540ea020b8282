//! Who has a key to the workspace.

use app::access_key::KeyEntry;
use maud::{Markup, html};
use model::access_key::Role;
use model::name::NAME_CHARACTERS_MAX;
use words::format;

use crate::frame::Frame;
use crate::shell::{self, Tab};
use crate::{link, part};

/// What came of a form.
#[derive(Debug, Clone)]
pub enum Said<'a> {
    /// Nothing was sent.
    Nothing,
    /// A key was made.
    Made {
        /// What it is called.
        name: &'a str,
        /// The key, which is never shown again.
        key: &'a str,
    },
    /// No key was made.
    Refused {
        /// The name that was typed.
        typed: &'a str,
        /// What is wrong with it.
        why: &'a str,
    },
}

/// The page.
pub fn page(answer: &[KeyEntry], said: &Said, frame: &Frame) -> String {
    let body = html! {
        section.answer {
            @match said {
                Said::Made { name, key } => (made(name, key)),
                Said::Nothing | Said::Refused { .. } => {
                    h1 { mark { (format::counted(answer.len() as u64, "key", "keys")) } " to this workspace." }
                    p.how { "Only who has a key sees these pages. One for each person and script can be removed alone." }
                }
            }
        }
        (entries(answer, frame))
        (add(said))
        section.card aria-labelledby="leave" {
            header { h2 #leave { "This browser" } }
            form method="post" action=(link::LOGOUT) { button type="submit" { "Sign out" } }
        }
    };
    shell::page(frame, "Access keys", None, Tab::Other, &body)
}

fn made(name: &str, key: &str) -> Markup {
    html! {
        h1 { "The key for " mark { (name) } " is made." }
        p.how { "It is shown this once; what is stored cannot be turned back into it." }
        p { code.address { (key) } }
        p.soft.fine { "In a browser it is typed where this server asks for it; scripts send " code { "Authorization: Bearer KEY" } "." }
    }
}

fn entries(entries: &[KeyEntry], frame: &Frame) -> Markup {
    let table = html! {
        table.wide aria-labelledby="keys-there" {
            thead { tr {
                th scope="col" { "Name" } th scope="col" { "May" } th scope="col" { "Made" }
                th scope="col" { "Last used" } td {}
            } }
            tbody { @for entry in entries { (row(entry, frame)) } }
        }
    };
    html! {
        section.card aria-labelledby="keys-there" {
            header { h2 #keys-there { "Keys" } }
            (part::scrolling("keys-there", &table))
        }
    }
}

fn row(entry: &KeyEntry, frame: &Frame) -> Markup {
    html! {
        tr {
            th scope="row" {
                (entry.name) " "
                @if entry.is_own { span.soft { "of this workspace itself; " code { "burndown key remove workspace" } " makes another and ends all sessions" } }
            }
            td { (may(entry.role)) }
            td { @if !entry.is_own { (part::day(entry.made_at, frame)) } }
            td { @if !entry.is_own { @match entry.used_at { Some(at) => (part::day(Some(at), frame)), None => "never" } } }
            td.choose {
                @if !entry.is_own {
                    form method="post" action=(link::REMOVE_ACCESS_KEY) {
                        input type="hidden" name="name" value=(entry.name);
                        button type="submit" { "Remove" span.hidden { " " (entry.name) } }
                    }
                }
            }
        }
    }
}

fn may(role: Role) -> &'static str {
    match role {
        Role::View => "view",
        Role::Edit => "edit",
    }
}

fn add(said: &Said) -> Markup {
    let (typed, why) = match said {
        Said::Refused { typed, why } => (*typed, Some(*why)),
        Said::Nothing | Said::Made { .. } => ("", None),
    };
    html! {
        section.card aria-labelledby="add" {
            header { h2 #add { "Another key" } }
            form.fields method="post" action=(link::ACCESS_KEYS) {
                label {
                    "For whom or what"
                    input name="name" value=(typed) maxlength=(NAME_CHARACTERS_MAX) required
                        aria-invalid=[why.map(|_| "true")] aria-describedby=[why.map(|_| "name-why")] autofocus[why.is_some()];
                }
                @if let Some(why) = why { p.wrong #name-why { (format::sentence(why)) } }
                label {
                    "It may"
                    select name="role" {
                        option value=(Role::View.as_str()) { "view: see everything, change nothing" }
                        option value=(Role::Edit.as_str()) { "edit: change things and ask Jira" }
                    }
                }
                button type="submit" { "Make the key" }
            }
        }
    }
}
