//! Setting up a profile: what it is called, which queries it has, and a duplicate of it.

use app::draft::Field;
use app::profile::Extent;
use app::profile::ProfileSetup;
use app::workspace::QueryEntry;
use maud::{Markup, html};
use model::name::NAME_CHARACTERS_MAX;
use words::format;

use super::delete;
use crate::form::{self, Form, FormName, Refusal};
use crate::frame::Frame;
use crate::shell::{self, Tab};
use crate::{link, part};

/// The page; with `refused`, that form is as it was sent.
pub fn page(answer: &ProfileSetup, refused: Option<&Refusal>, frame: &Frame) -> String {
    let title = format!("Set-up of {}", answer.draft.name);
    shell::page(frame, &title, Some(&answer.trail), Tab::Setup, &body(answer, refused, frame))
}

fn body(answer: &ProfileSetup, refused: Option<&Refusal>, frame: &Frame) -> Markup {
    let path = link::setup(&answer.trail);
    html! {
        section.answer {
            h1 { "Set-up of " mark { (answer.draft.name) } }
            (state(answer))
        }
        (queries(answer, frame))
        div.cols.halves {
            div.side { (new_query(&path, refused)) }
            div.side { (edit(answer, &path, refused)) (duplicate(answer, &path, refused)) (delete::card("profile", &link::of_query(&answer.trail))) }
        }
    }
}

fn state(answer: &ProfileSetup) -> Markup {
    let profile = link::profile(&answer.trail.profile.id);
    html! {
        div.acts {
            @if answer.is_active { span.chip { "active" } }
            @else { (form::choose(&link::choice(&profile), &html! { "Use this profile" })) }
            a href=(link::settings(&answer.trail.profile.id)) { "Settings" }
            a href=(profile) { "Open profile" }
            a href=(link::NEW_PROFILE) { "New profile" }
        }
    }
}

fn queries(answer: &ProfileSetup, frame: &Frame) -> Markup {
    let table = html! {
        table.wide.queries aria-labelledby="queries" {
            thead { tr {
                th scope="col" { "Query" } th.num scope="col" { "Issues" }
                th scope="col" { "Data as of" } td {}
            } }
            tbody { @for query in &answer.queries { (row(query, frame)) } }
        }
    };
    html! {
        section.card aria-labelledby="queries" {
            header { h2 #queries { "Queries" } p.soft { "choose one to edit, duplicate or move it" } }
            @if answer.queries.is_empty() {
                (part::unavailable("This profile has no query.", "Make its first one below."))
            } @else { (part::scrolling("queries", &table)) }
        }
    }
}

fn row(query: &QueryEntry, frame: &Frame) -> Markup {
    let page = link::query(&query.profile, &query.id);
    html! {
        tr {
            th scope="row" {
                a href=(link::setup_of(&page)) { (query.name) }
                code.jql { (query.jql) }
            }
            td.num { (format::count(query.issues)) }
            td { (part::fetched(query, frame)) }
            td.choose {
                @if query.is_active { span.chip { "active" } }
                @else { (form::choose(&link::choice(&page), &html! { "Use" span.hidden { " " (query.name) } })) }
            }
        }
    }
}

fn new_query(path: &str, refused: Option<&Refusal>) -> Markup {
    let form = Form::new(FormName::NewQuery, refused);
    let fields = html! {
        (form.area(Field::Jql, "JQL, as Jira understands it", "", 3, true))
        (form.line(Field::Name, "Name; left empty, it is made from the JQL", "", NAME_CHARACTERS_MAX, false))
        (form.area(Field::Description, "Description, if you like", "", 2, false))
    };
    html! {
        section.card aria-labelledby="new-query" {
            header { h2 #new-query { "New query" } }
            (form.draw(path, "Make the query", &fields))
        }
    }
}

fn edit(answer: &ProfileSetup, path: &str, refused: Option<&Refusal>) -> Markup {
    let check = link::check_name(Some(&answer.trail.profile.id));
    let form = Form::new(FormName::Edit, refused).checking(&check);
    let fields = html! {
        input type="hidden" name="revision" value=(answer.revision);
        (form.line(Field::Name, "Name", &answer.draft.name, NAME_CHARACTERS_MAX, true))
        (form.area(Field::Description, "Description", &answer.draft.description, 2, false))
    };
    html! {
        section.card aria-labelledby="name" {
            header { h2 #name { "Name and description" } }
            (form.draw(path, "Save", &fields))
        }
    }
}

fn duplicate(answer: &ProfileSetup, path: &str, refused: Option<&Refusal>) -> Markup {
    let check = link::check_name(None);
    let form = Form::new(FormName::Duplicate, refused).checking(&check);
    let text = |extent| match extent {
        Extent::Settings => "its settings",
        Extent::Queries => "its settings and queries",
        Extent::Data => "its settings, queries and all their data",
    };
    let fields = html! {
        (form.line(Field::Name, "Name of the duplicate", &answer.copy_name, NAME_CHARACTERS_MAX, true))
        label { "What it gets" select name="with" {
            @for (word, extent) in Extent::ALL { option value=(word) selected[*extent == Extent::Queries] { (text(*extent)) } }
        } }
    };
    html! {
        section.card aria-labelledby="duplicate" {
            header { h2 #duplicate { "Duplicate" } p.soft { "the Jira token is never copied" } }
            (form.draw(path, "Duplicate", &fields))
        }
    }
}
