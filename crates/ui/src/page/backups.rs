//! What can be restored: backups, and databases that others took the place of.

use app::backup::Entry;
use maud::{Markup, html};
use words::format;

use crate::frame::Frame;
use crate::shell::{self, Tab};
use crate::{link, part};

/// The page.
pub fn page(answer: &[Entry], frame: &Frame) -> String {
    let count = answer.len() as u64;
    let body = html! {
        section.answer {
            h1 {
                @if count == 0 { mark { "There is nothing to restore yet." } }
                @else { mark { (format::counted(count, "copy", "copies")) } " of this workspace can be restored." }
            }
            p.how {
                "A backup is made each day on which something changed, and proven when it is made. "
                code { "burndown backup" } " makes one now; " code { "burndown restore ID" }
                " puts one in the place of the database, which is kept. Tokens are in none of them."
            }
            div.acts { a href=(link::WORKSPACE) { "Go to the workspace" } a href=(link::ABOUT) { "About" } }
        }
        @if count > 0 { (entries(answer, frame)) }
    };
    shell::page(frame, "Backups", None, Tab::Other, &body)
}

fn entries(entries: &[Entry], frame: &Frame) -> Markup {
    let table = html! {
        table.wide aria-labelledby="backups" {
            thead { tr {
                th scope="col" { "Id" } th scope="col" { "What" } th scope="col" { "Made" }
                th.num scope="col" { "Profiles" } th.num scope="col" { "Issues" } th.num scope="col" { "Size" }
            } }
            tbody { @for entry in entries { (row(entry, frame)) } }
        }
    };
    html! {
        section.card aria-labelledby="backups" {
            header { h2 #backups { "Backups" } p.soft { "newest first" } }
            (part::scrolling("backups", &table))
        }
    }
}

fn row(entry: &Entry, frame: &Frame) -> Markup {
    html! {
        tr {
            td { code { (entry.id) } }
            td { (words::kind_of_copy(entry)) }
            td { (part::day(entry.made_at, frame)) }
            td.num { @if let Some(counts) = entry.counts { (format::count(counts.profiles)) } }
            td.num { @if let Some(counts) = entry.counts { (format::count(counts.issues)) } }
            td.num { (format::bytes(entry.bytes)) }
        }
    }
}
