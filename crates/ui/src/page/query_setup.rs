//! Setting up a query: its name and JQL, a duplicate of it, and where it lies.

use app::draft::Field;
use app::query::QuerySetup;
use maud::{Markup, html};
use model::name::NAME_CHARACTERS_MAX;

use super::delete;
use crate::form::{self, Form, FormName, Refusal};
use crate::frame::Frame;
use crate::link;
use crate::shell::{self, Tab};

/// The page; with `refused`, that form is as it was sent.
pub fn page(answer: &QuerySetup, refused: Option<&Refusal>, frame: &Frame) -> String {
    let title = format!("Set-up of {}", answer.draft.name);
    shell::page(frame, &title, Some(&answer.trail), Tab::Setup, &body(answer, refused))
}

fn body(answer: &QuerySetup, refused: Option<&Refusal>) -> Markup {
    let path = link::setup(&answer.trail);
    html! {
        section.answer {
            h1 { "Set-up of " mark { (answer.draft.name) } }
            (state(answer))
        }
        @if let Some(jql) = &answer.fetched_with { (stale(jql)) }
        div.cols.halves {
            div.side { (edit(answer, &path, refused)) }
            div.side { (duplicate(answer, &path, refused)) (relocate(answer, &path, refused)) (delete::card("query", &link::of_query(&answer.trail))) }
        }
    }
}

fn state(answer: &QuerySetup) -> Markup {
    let profile = link::profile(&answer.trail.profile.id);
    let query = link::of_query(&answer.trail);
    html! {
        div.acts {
            @if answer.is_active { span.chip { "active" } }
            @else { (form::choose(&link::choice(&query), &html! { "Use this query" })) }
            a href=(link::setup_of(&profile)) { "Set-up of the profile" }
            @if let Some(query) = &answer.trail.query {
                a href=(link::delivery_of(&answer.trail.profile.id, &query.id)) { "Its work has an end: make it a delivery" }
            }
        }
    }
}

/// Which JQL the issues are of.
fn stale(jql: &str) -> Markup {
    html! {
        div.strip role="status" {
            p {
                "The JQL was edited after the issues were fetched: they are stale until they are fetched anew. "
                "All of them are kept. They were fetched with "
                @if jql.is_empty() { "a JQL that is not known." } @else { code.jql { (jql) } }
            }
        }
    }
}

fn edit(answer: &QuerySetup, path: &str, refused: Option<&Refusal>) -> Markup {
    let form = Form::new(FormName::Edit, refused);
    let draft = &answer.draft;
    let fields = html! {
        input type="hidden" name="revision" value=(answer.revision);
        (form.line(Field::Name, "Name; left empty, it is made from the JQL", &draft.name, NAME_CHARACTERS_MAX, false))
        (form.area(Field::Jql, "JQL", &draft.jql, 5, !draft.jql.is_empty()))
        (form.area(Field::Description, "Description", &draft.description, 2, false))
    };
    html! {
        section.card aria-labelledby="edit" {
            header { h2 #edit { "Name and JQL" } }
            p.soft { "With another JQL, what was fetched stays, and is stale until it is fetched anew." }
            (form.draw(path, "Save", &fields))
        }
    }
}

fn duplicate(answer: &QuerySetup, path: &str, refused: Option<&Refusal>) -> Markup {
    let form = Form::new(FormName::Duplicate, refused);
    let fields = html! {
        (form.line(Field::Name, "Name of the duplicate", &answer.copy_name, NAME_CHARACTERS_MAX, true))
        label.check { input type="checkbox" name="with" value="data"; " with everything that was fetched" }
    };
    html! {
        section.card aria-labelledby="duplicate" {
            header { h2 #duplicate { "Duplicate" } }
            (form.draw(path, "Duplicate", &fields))
        }
    }
}

/// To another profile, if there is one.
fn relocate(answer: &QuerySetup, path: &str, refused: Option<&Refusal>) -> Markup {
    let form = Form::new(FormName::Move, refused);
    let here = &answer.trail.profile;
    let others: Vec<(&str, &str)> = answer
        .trail
        .profiles
        .iter()
        .filter(|profile| profile.id != here.id)
        .map(|profile| (profile.id.as_str(), profile.name.as_str()))
        .collect();
    html! {
        section.card aria-labelledby="move" {
            header { h2 #move { "Move" } }
            @if others.is_empty() {
                p.soft { "There is no other profile to move it to. " a href=(link::NEW_PROFILE) { "Make one" } "." }
            } @else {
                p.soft { "All it holds goes along. Its figures then follow the settings of that profile." }
                (form.draw(path, "Move", &form.choice(Field::Profile, "To the profile", &others)))
            }
        }
    }
}
