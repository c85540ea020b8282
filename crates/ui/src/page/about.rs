//! About the program, and how the workspace is.

use app::health::Health;
use maud::{Markup, html};
use words::format;

use crate::frame::Frame;
use crate::shell::{self, Tab};
use crate::{link, part};

/// The page.
pub fn page(answer: &Health, frame: &Frame) -> String {
    shell::page(frame, "About", None, Tab::About, &body(answer))
}

fn body(answer: &Health) -> Markup {
    html! {
        section.answer {
            h1 { mark { "burndown " (answer.version) } }
            p.how {
                "When will this be done, and how sure are we? Everything stays in one database on this machine; "
                "no page asks another server for anything."
            }
        }
        section.card aria-labelledby="workspace" {
            header { h2 #workspace { "This workspace" } }
            dl.facts {
                dt { "Place" } dd { code.address { (part::place(&answer.address)) } }
                dt { "Size" } dd { (words::room(answer.size_bytes, answer.room.as_ref())) }
                dt { "Schema version" } dd { (answer.schema_version) }
                dt { "Profiles" } dd { (format::count(answer.totals.profiles)) }
                dt { "Queries" } dd { (format::count(answer.totals.queries)) }
                dt { "Issues" } dd { (format::count(answer.totals.issues)) }
                dt { "Changelogs" } dd { (format::count(answer.totals.changelogs)) }
            }
        }
        section.card aria-labelledby="integrity" {
            header { h2 #integrity { "Integrity" } }
            (integrity(answer.integrity.as_deref()))
        }
        section.card aria-labelledby="access" {
            header { h2 #access { "Who gets in" } }
            p { a href=(link::ACCESS_KEYS) { "Access keys" } " let people and scripts in, to see or to change." }
        }
        section.card aria-labelledby="json" {
            header { h2 #json { "For scripts" } }
            p {
                "Every page has a JSON twin below " code { "/api/v1" } ": "
                a href="/api/v1/workspace" { "workspace" } ", " a href="/api/v1/profiles" { "profiles" } ", "
                a href="/api/v1/health" { "health" } ". "
                a href="/api/v1/openapi.json" { "OpenAPI description" } " of all of them. The commands of " code { "burndown --help" } " answer the same with " code { "--json" } ". Scripts send a key: " code { "Authorization: Bearer KEY" } "."
            }
        }
    }
}

fn integrity(findings: Option<&[String]>) -> Markup {
    let check = format!("{}?check=true", link::ABOUT);
    html! {
        @match findings {
            None => p { a href=(check) { "Check the database now" } span.soft { " reads all of it and changes nothing." } },
            Some([]) => p { span.chip.ok { "sound" } " Structure and references are as they should be." },
            Some(findings) => {
                p { span.chip.risk { "damaged" } " Nothing was changed. " a href=(link::BACKUPS) { "Backups" } " lists what can be restored; " code { "burndown doctor --repair" } " saves what can still be read." }
                ul.notes.risk { @for finding in findings { li { (finding) } } }
            }
        }
    }
}
