//! Before something is deleted: what goes, and until when that can be undone.

use app::trash::{DAYS_KEPT, Going};
use maud::{Markup, html};
use words::format;

use crate::frame::Frame;
use crate::shell::{self, Tab};
use crate::{link, part};

/// Most queries that are named; of more, the rest is counted.
const NAMES_MAX: usize = 20;

/// The page.
pub fn page(answer: &Going, frame: &Frame) -> String {
    let title = format!("Delete {}", answer.deleted.name());
    shell::page(frame, &title, Some(&answer.trail), Tab::Setup, &body(answer, frame))
}

fn body(answer: &Going, frame: &Frame) -> Markup {
    let here = link::of_query(&answer.trail);
    let noun = answer.deleted.noun();
    html! {
        section.answer {
            h1 { "Delete the " (noun) " " mark { (answer.deleted.name()) } "?" }
            p.how {
                "It goes to the trash and can be restored for " (DAYS_KEPT) " days, until "
                (part::day(Some(answer.until), frame)) "."
                @if answer.deleted.query.is_some() { " The profile and its other queries stay as they are." }
                @else { " Other profiles stay as they are." }
            }
        }
        section.card aria-labelledby="goes" {
            header { h2 #goes { "What goes" } }
            p { (part::amounts(&answer.deleted)) }
            @if answer.deleted.query.is_none() { (names(&answer.query_names)) }
            @if answer.deleted.had_token {
                p.strip { "Its Jira token is not kept: after a restore you have to enter it again." }
            }
            form.fields method="post" action=(link::deletion(&here)) {
                div.acts {
                    button.danger type="submit" { "Delete the " (noun) }
                    a href=(link::setup_of(&here)) { "Leave it as it is" }
                }
            }
        }
    }
}

fn names(names: &[String]) -> Markup {
    let more = names.len().saturating_sub(NAMES_MAX) as u64;
    html! {
        @if !names.is_empty() {
            p.soft { "Its queries:" }
            ul {
                @for name in names.iter().take(NAMES_MAX) { li { (name) } }
                @if more > 0 { li { "and " (format::count(more)) " more" } }
            }
        }
    }
}

/// The part of a set-up page that leads here; `page` is that of the profile or query.
pub(crate) fn card(noun: &str, page: &str) -> Markup {
    html! {
        section.card aria-labelledby="delete" {
            header { h2 #delete { "Delete" } p.soft { "can be undone for " (DAYS_KEPT) " days" } }
            p { a href=(link::deletion(page)) { "Delete this " (noun) } }
        }
    }
}
