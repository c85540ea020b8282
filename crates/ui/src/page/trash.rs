//! The trash: what was deleted, and the way back.

use app::trash::{DAYS_KEPT, Emptied, KeptElsewhere, Restored, Trash, TrashEntry};
use maud::{Markup, html};
use words::format;

use crate::frame::Frame;
use crate::shell::{self, Tab};
use crate::{link, part};

/// The page; `deleted` is what came here just now.
pub fn page(answer: &Trash, deleted: Option<&TrashEntry>, frame: &Frame) -> String {
    let body = html! {
        section.answer {
            @match deleted {
                Some(entry) => (just_deleted(entry, frame)),
                None => (headline(answer)),
            }
        }
        @if !answer.entries.is_empty() { (entries(&answer.entries, frame)) }
        @if !answer.unreadable.is_empty() { (unreadable(&answer.unreadable)) }
        @if !answer.entries.is_empty() || !answer.unreadable.is_empty() {
            p { a href=(link::EMPTY_TRASH) { "Empty the trash" } }
        }
    };
    shell::page(frame, "Trash", None, Tab::Other, &body)
}

fn headline(answer: &Trash) -> Markup {
    let count = answer.entries.len() as u64;
    html! {
        h1 {
            @if count == 0 { mark { "The trash is empty." } }
            @else { mark { (format::counted(count, "thing", "things")) } " can be restored." }
        }
        p.how { "Deleted profiles and queries stay here for " (DAYS_KEPT) " days, then they go for good." }
        div.acts { a href=(link::WORKSPACE) { "Go to the workspace" } }
    }
}

fn just_deleted(entry: &TrashEntry, frame: &Frame) -> Markup {
    html! {
        h1 { "The " (entry.deleted.noun()) " " mark { (entry.deleted.name()) } " is deleted." }
        p.how {
            "Everything it held is kept until " (part::day(Some(entry.until), frame)) "."
            @if entry.deleted.had_token { " Its Jira token is not: after a restore you have to enter it again." }
        }
        div.acts {
            (restore(entry, &html! { "Undo" }))
            a href=(link::WORKSPACE) { "Go to the workspace" }
        }
    }
}

fn restore(entry: &TrashEntry, label: &Markup) -> Markup {
    html! { form method="post" action=(link::restore(&entry.id)) { button type="submit" { (label) } } }
}

fn entries(entries: &[TrashEntry], frame: &Frame) -> Markup {
    let table = html! {
        table.wide.queries aria-labelledby="deleted" {
            thead { tr {
                th scope="col" { "What" } th scope="col" { "Held" }
                th scope="col" { "Deleted" } th scope="col" { "Kept until" } td {}
            } }
            tbody { @for entry in entries { (row(entry, frame)) } }
        }
    };
    html! {
        section.card aria-labelledby="deleted" {
            header { h2 #deleted { "Deleted" } p.soft { "last deleted first" } }
            (part::scrolling("deleted", &table))
        }
    }
}

fn row(entry: &TrashEntry, frame: &Frame) -> Markup {
    let deleted = &entry.deleted;
    let label = html! { "Restore" span.hidden { " " (deleted.name()) } };
    html! {
        tr {
            th scope="row" {
                (deleted.name()) " "
                span.soft {
                    @if deleted.query.is_some() { "query of " (deleted.profile.name) } @else { "profile" }
                }
            }
            td { (part::amounts(deleted)) }
            td { time datetime=(deleted.deleted_at) { (format::minute(deleted.deleted_at, &frame.zone)) } }
            td { (part::day(Some(entry.until), frame)) }
            td.choose { (restore(entry, &label)) }
        }
    }
}

fn unreadable(names: &[String]) -> Markup {
    html! {
        section.card aria-labelledby="unreadable" {
            header { h2 #unreadable { "What cannot be read" } }
            p { "These files in the folder " code { "trash" } " are damaged, or of a newer burndown. They are left alone." }
            ul { @for name in names { li { code { (name) } } } }
        }
    }
}

/// Before the trash is emptied.
pub fn empty(answer: &Trash, kept: &KeptElsewhere, frame: &Frame) -> String {
    let count = (answer.entries.len() + answer.unreadable.len()) as u64;
    let body = html! {
        section.answer {
            h1 { "Empty " mark { "the trash" } "?" }
            p.how { (format::counted(count, "thing goes", "things go")) " for good. This cannot be undone." }
        }
        section.card aria-labelledby="goes" {
            header { h2 #goes { "What goes" } }
            ul {
                @for entry in &answer.entries { li { (entry.deleted.name()) } }
                @for name in &answer.unreadable { li { code { (name) } } }
            }
            @for said in words::kept_elsewhere(kept) { p.how { (format::sentence(&said)) } }
            form.fields method="post" action=(link::EMPTY_TRASH) {
                @if !kept.backups.is_empty() {
                    label.check {
                        input type="checkbox" name="backups" value="too";
                        " Remove these backups, too, after a new one was made"
                    }
                }
                div.acts {
                    button type="submit" { "Empty the trash" }
                    a href=(link::TRASH) { "Leave it as it is" }
                }
            }
        }
    };
    shell::page(frame, "Empty the trash", None, Tab::Other, &body)
}

/// What was emptied while backups that were to go as well are still there.
pub fn emptied_in_part(emptied: &Emptied, frame: &Frame) -> String {
    let body = html! {
        section.answer {
            @if let Some(why) = &emptied.traces {
                h1 { mark { "The trash is empty" } ", but not all of it is gone." }
                p.how { (format::sentence(&words::traces(why, &emptied.backups_left))) }
            } @else {
                h1 { mark { "The trash is empty" } ", but backups that held it are still there." }
                p.how { (emptied.backups_left.join(", ")) }
                @if let Some(why) = &emptied.failure { p.how { (format::sentence(why)) } }
            }
            div.acts { a href=(link::BACKUPS) { "Backups" } }
        }
    };
    shell::page(frame, "Trash", None, Tab::Other, &body)
}

/// What was restored, and what about it is not as it was.
pub fn restored(answer: &Restored, frame: &Frame) -> String {
    let (name, page) = match &answer.query {
        Some(query) => (&query.name, link::query(&answer.profile.id, &query.id)),
        None => (&answer.profile.name, link::profile(&answer.profile.id)),
    };
    let body = html! {
        section.answer {
            h1 { mark { (name) } " is back." }
            ul { @for note in &answer.notes { li { (format::sentence(note)) } } }
            div.acts { a href=(page) { "Look at it" } a href=(link::setup_of(&page)) { "Set it up" } }
        }
    };
    shell::page(frame, "Restored", None, Tab::Other, &body)
}
