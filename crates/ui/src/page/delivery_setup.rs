//! Making a delivery, and changing one.

use app::delivery::{DeliveryAsk, DeliverySetup};
use app::draft::Field;
use maud::{Markup, html};
use model::name::NAME_CHARACTERS_MAX;

use crate::form::{Form, FormName, Refusal, Several};
use crate::frame::Frame;
use crate::link;
use crate::shell::{self, Tab};

/// How the pace of a team can be split, with what it is called.
const SPLITS: [(&str, &str); 3] = [
    ("", "as the team's past tells, else in order"),
    ("order", "in order: the first running ones first"),
    ("share", "by share: as much as it had lately"),
];
const STATES: [(&str, &str); 4] = [
    ("running", "running"),
    ("planned", "planned: after those that run"),
    ("done", "done"),
    ("archived", "archived"),
];

/// The page; with `refused`, that form is as it was sent.
pub fn page(answer: &DeliverySetup, refused: Option<&Refusal>, frame: &Frame) -> String {
    let title = match &answer.id {
        Some(_) => format!("Change {}", answer.draft.name),
        None => "A new delivery".to_owned(),
    };
    shell::page(frame, &title, Some(&answer.trail), Tab::Other, &body(answer, &title, refused))
}

fn body(answer: &DeliverySetup, title: &str, refused: Option<&Refusal>) -> Markup {
    let profile = &answer.trail.profile.id;
    let here = answer.id.as_ref().map(|id| link::delivery(profile, id, &DeliveryAsk::default()));
    html! {
        div.at { p.name { a href=(link::deliveries(profile)) { "Deliveries" } } }
        section.answer { h1 { (title) } }
        div.cols.halves {
            div.side { (edit(answer, here.as_deref(), refused)) }
            div.side { (rules()) @if let Some(here) = &here { (remove(here)) } }
        }
    }
}

fn edit(answer: &DeliverySetup, here: Option<&str>, refused: Option<&Refusal>) -> Markup {
    let name = if here.is_some() { FormName::Edit } else { FormName::NewDelivery };
    let form = Form::new(name, refused);
    let draft = &answer.draft;
    let queries: Vec<Several<'_>> = answer
        .offered
        .iter()
        .map(|(key, name, _)| Several {
            value: key.to_string(),
            text: name,
            is_chosen: draft.queries.contains(key),
        })
        .collect();
    let fields = html! {
        input type="hidden" name="revision" value=(answer.revision);
        (form.area(Field::Rule, "Rule", &draft.rule, 2, false))
        (form.line(Field::Name, "Name; left empty, it is made from the rule", &draft.name, NAME_CHARACTERS_MAX, false))
        (form.day(Field::Target, "Target: the day by which it shall be done", &draft.target))
        (form.several(Field::Queries, "Queries that it lies in", &queries))
        (form.chosen(Field::State, "State", &draft.state, &STATES))
        (form.chosen(Field::Split, "The team's pace is split", &draft.split, &SPLITS))
    };
    let (path, button) = match here {
        Some(here) => (link::setup_of(here), "Save"),
        None => (link::new_delivery(&answer.trail.profile.id, ""), "Make it"),
    };
    html! {
        section.card aria-labelledby="edit" {
            header { h2 #edit { "What it is" } }
            (form.draw(&path, button, &fields))
        }
    }
}

fn rules() -> Markup {
    html! {
        section.card aria-labelledby="rules" {
            header { h2 #rules { "Rules" } }
            p { "A rule says which issues of the queries belong to it. Left empty, all of them do." }
            ul {
                li { code { "fix version = \"1.0\"" } }
                li { code { "epic = AB-12 or sprint = \"Sprint 7\"" } }
                li { code { "component = core and (label = ui or text ~ \"log in\")" } }
                li { code { "type = Bug" } }
            }
        }
    }
}

fn remove(here: &str) -> Markup {
    html! {
        section.card aria-labelledby="remove" {
            header { h2 #remove { "Remove" } }
            p.soft { "Its record goes too; issues and queries stay." }
            form method="post" action={ (here) "/remove" } {
                label.check { input type="checkbox" name="sure" value="yes" required; " Yes, remove it" }
                button type="submit" { "Remove" }
            }
        }
    }
}
