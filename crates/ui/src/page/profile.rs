//! One profile: its connection, queries and settings.

use app::profile::ProfileOverview;
use maud::{Markup, html};
use words::format;

use crate::frame::Frame;
use crate::shell::{self, Tab};
use crate::{form, link, part};

/// The page.
pub fn page(answer: &ProfileOverview, frame: &Frame) -> String {
    let name = &answer.trail.profile.name;
    shell::page(frame, name, Some(&answer.trail), Tab::Profile, &body(answer, frame))
}

fn body(answer: &ProfileOverview, frame: &Frame) -> Markup {
    let issues = answer.queries.iter().map(|query| query.issues).sum();
    html! {
        section.answer {
            h1 {
                mark { (answer.trail.profile.name) } " holds "
                (format::counted(issues, "issue", "issues")) " in "
                (format::counted(answer.queries.len() as u64, "query", "queries")) "."
            }
            @if let Some(description) = answer.description.as_deref().filter(|text| !text.is_empty()) {
                p.how { (description) }
            }
            div.acts {
                @if !answer.queries.iter().any(|query| query.is_active) {
                    (form::choose(&link::choice(&link::of_query(&answer.trail)), &html! { "Use this profile" }))
                }
                a href=(link::setup(&answer.trail)) { "Rename, duplicate, make queries" }
                a href=(link::settings(&answer.trail.profile.id)) { "Change settings" }
                a href=(link::deliveries(&answer.trail.profile.id)) { "Deliveries" }
            }
        }
        section.card aria-labelledby="queries" {
            header { h2 #queries { "Queries" } }
            @if answer.queries.is_empty() {
                (part::no_query(&link::of_query(&answer.trail)))
            } @else {
                (part::queries(&answer.queries, "queries", frame))
            }
        }
        section.card aria-labelledby="connection" {
            header { h2 #connection { "Connection" } }
            dl.facts {
                dt { "Jira server" } dd { span.address { (answer.server.as_deref().unwrap_or(part::NONE)) } }
                dt { "Points field" } dd { (answer.points_field.as_deref().unwrap_or("none is mapped")) }
                dt { "Made" } dd { (part::day(answer.created_at, frame)) }
                dt { "Last used" } dd { (part::day(answer.last_used, frame)) }
            }
        }
        section.card aria-labelledby="export" {
            header { h2 #export { "Export" } p.soft { "one file, never with a token" } }
            p {
                a href=(link::export(&answer.trail.profile.id, true)) download { "Save everything" }
                " or "
                a href=(link::export(&answer.trail.profile.id, false)) download { "settings and queries only" }
                ". On another machine it comes in by " a href=(link::IMPORT) { "import" } " or " code { "burndown import FILE" } "."
            }
        }
        @if !answer.settings.is_empty() {
            section.card aria-labelledby="settings" {
                header { h2 #settings { "Settings" } p.soft { "as stored; tokens are kept elsewhere" } }
                @for group in &answer.settings {
                    details {
                        summary { code { (group.name) } }
                        pre tabindex="0" { code { (group.value.to_indented()) } }
                    }
                }
            }
        }
    }
}
