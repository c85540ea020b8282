//! The profiles of a workspace with their queries.

use app::workspace::{PAGE_PROFILES, ProfileEntry, WorkspaceAsk, WorkspacePage};
use maud::{Markup, html};
use model::RecordCounts;
use words::format;

use crate::frame::Frame;
use crate::link;
use crate::part::{self, Pages};
use crate::shell::{self, Tab};

/// Most profiles that are shown with their queries; of more, each has its queries on its own page.
const PROFILES_UNFOLDED_MAX: usize = 20;
/// Most queries that are shown of a profile here.
const QUERIES_MAX: usize = 10;

/// The page for what was asked.
pub fn page(answer: &WorkspacePage, ask: &WorkspaceAsk, frame: &Frame) -> String {
    shell::page(frame, "Profiles", None, Tab::Other, &body(answer, ask, frame))
}

fn body(answer: &WorkspacePage, ask: &WorkspaceAsk, frame: &Frame) -> Markup {
    let workspace = &answer.workspace;
    html! {
        section.answer {
            (headline(&workspace.totals))
            p.how { (format::bytes(workspace.size_bytes)) " on this machine, in " span.address { (part::place(&workspace.address)) } }
            div.acts {
                a href=(link::CONNECT) { "Connect to Jira" }
                a href=(link::NEW_PROFILE) { "New profile" }
                a href=(link::IMPORT) { "Import a profile from a file" }
            }
        }
        @if workspace.totals.profiles > PROFILES_UNFOLDED_MAX as u64 { (search(ask)) }
        @if workspace.profiles.is_empty() { (nothing(answer, ask)) }
        @else if answer.matching > PROFILES_UNFOLDED_MAX as u64 { (profile_table(answer, ask, frame)) }
        @else {
            @for (place, profile) in workspace.profiles.iter().enumerate() { (profile_card(place, profile, frame)) }
        }
    }
}

fn search(ask: &WorkspaceAsk) -> Markup {
    html! {
        form.filter method="get" action=(link::PROFILES) role="search" {
            label {
                "Text in name or description of a profile"
                input type="search" name="text" maxlength=(app::parameter::TEXT_CHARACTERS_MAX) value=(ask.text);
            }
            button type="submit" { "Search" }
            @if !ask.text.is_empty() { a href=(link::PROFILES) { "Show all" } }
        }
    }
}

fn nothing(answer: &WorkspacePage, ask: &WorkspaceAsk) -> Markup {
    let last = WorkspaceAsk { page: answer.pages, ..ask.clone() };
    html! {
        section.card {
            @if answer.matching == 0 && ask.text.is_empty() {
                (part::unavailable("There is no profile yet.", "Connect to Jira, make one, or import one."))
            } @else if answer.matching == 0 {
                (part::unavailable("No profile matches.", "Search for another text, or show all."))
            } @else {
                (part::unavailable("This page is beyond the last one.", ""))
                p { a href=(link::profiles(&last)) { "Go to page " (answer.pages) } }
            }
        }
    }
}

fn headline(totals: &RecordCounts) -> Markup {
    html! {
        h1 {
            mark { (format::counted(totals.issues, "issue", "issues")) }
            " in " (format::counted(totals.queries, "query", "queries"))
            " of " (format::counted(totals.profiles, "profile", "profiles")) "."
        }
    }
}

fn profile_card(place: usize, profile: &ProfileEntry, frame: &Frame) -> Markup {
    let heading = format!("profile-{place}");
    html! {
        section.card aria-labelledby=(heading) {
            header {
                h2 #(heading) { a href=(link::profile(&profile.id)) { (profile.name) } }
                p.soft {
                    @if let Some(server) = &profile.server { span.address { (server) } " · " }
                    (format::counted(profile.issues, "issue", "issues"))
                    @if let Some(at) = profile.last_used { " · last used " (part::day(Some(at), frame)) }
                }
            }
            @if let Some(description) = profile.description.as_deref().filter(|text| !text.is_empty()) {
                p.description { (description) }
            }
            @if profile.queries.is_empty() {
                (part::no_query(&link::profile(&profile.id)))
            } @else {
                (part::queries(profile.queries.get(..QUERIES_MAX).unwrap_or(&profile.queries), &heading, frame))
                @if profile.queries.len() > QUERIES_MAX {
                    p { a href=(link::profile(&profile.id)) { "All " (format::count(profile.queries.len() as u64)) " queries" } }
                }
            }
        }
    }
}

fn profile_table(answer: &WorkspacePage, ask: &WorkspaceAsk, frame: &Frame) -> Markup {
    let pages = Pages {
        page: answer.page,
        count: answer.pages,
        size: PAGE_PROFILES,
        shown: answer.workspace.profiles.len(),
        matching: answer.matching,
    };
    let table = html! {
        table.wide aria-labelledby="profiles" {
            thead {
                tr {
                    th scope="col" { "Profile" }
                    th scope="col" { "Jira server" }
                    th.num scope="col" { "Queries" }
                    th.num scope="col" { "Issues" }
                    th scope="col" { "Last used" }
                }
            }
            tbody { @for profile in &answer.workspace.profiles { (profile_row(profile, frame)) } }
        }
    };
    html! {
        section.card aria-labelledby="profiles" {
            header { h2 #profiles { "Profiles" } p.soft { "the queries of a profile are on its page" } }
            (part::scrolling("profiles", &table))
            (part::pager(pages, &|page| link::profiles(&WorkspaceAsk { page, ..ask.clone() })))
        }
    }
}

fn profile_row(profile: &ProfileEntry, frame: &Frame) -> Markup {
    let is_active = profile.queries.iter().any(|query| query.is_active);
    html! {
        tr {
            th scope="row" {
                a href=(link::profile(&profile.id)) { (profile.name) }
                @if is_active { " " span.chip { "last chosen" } }
            }
            td { (profile.server.as_deref().unwrap_or(part::NONE)) }
            td.num { (format::count(profile.queries.len() as u64)) }
            td.num { (format::count(profile.issues)) }
            td { (part::day(profile.last_used, frame)) }
        }
    }
}
