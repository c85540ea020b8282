//! The connection of a profile, tried out: who answers, what a JQL finds, which field holds points.

use app::connect::{Candidate, ConnectionPage, Greeting, Look};
use app::trail::Trail;
use maud::{Markup, html};
use model::settings::points_fields;
use words::format;

use crate::frame::Frame;
use crate::shell::{self, Tab};
use crate::{card, link, part};

/// The page.
pub fn page(answer: &ConnectionPage, frame: &Frame) -> String {
    let title = format!("Connection of {}", answer.trail.profile.name);
    shell::page(frame, &title, Some(&answer.trail), Tab::Setup, &body(answer, frame))
}

fn body(answer: &ConnectionPage, frame: &Frame) -> Markup {
    html! {
        (headline(answer))
        @if let Some(greeting) = &answer.trial.greeting { (facts(greeting)) }
        (try_jql(answer))
        @if let Some(look) = &answer.trial.look { (found(answer, look, frame)) }
        (zone(answer))
        @if !answer.trial.points.is_empty() { (points(answer)) }
    }
}

fn headline(answer: &ConnectionPage) -> Markup {
    html! {
        section.answer {
            h1 {
                @match (&answer.trial.greeting, &answer.trial.obstacle) {
                    _ if !answer.trial.is_asked => { "Is the connection " mark { "good" } "? " "Jira was not asked yet." }
                    (Some(_), None) => { "The connection " mark { "works" } "." }
                    (Some(_), Some(_)) => { "The connection works, " mark { "the JQL does not" } "." }
                    (None, _) => { "The connection does " mark { "not work" } "." }
                }
            }
            @if let Some(obstacle) = &answer.trial.obstacle { p.strip role="alert" { (format::sentence(obstacle)) } }
            @if answer.trial.greeting.is_none() { (test(&answer.trail.profile.id, "Ask Jira")) }
            div.acts {
                a href=(link::settings(&answer.trail.profile.id)) { "Change the connection" }
                a href=(link::profile(&answer.trail.profile.id)) { "Open profile" }
            }
        }
    }
}

fn zone(answer: &ConnectionPage) -> Markup {
    let user =
        answer.trial.greeting.as_ref().and_then(|greeting| greeting.user_time_zone.as_deref());
    let ours = answer.time_zone.as_deref();
    html! {
        @if let Some(user) = user && ours != Some(user) { (card::zone::strip(&answer.trail, user, ours)) }
    }
}

/// A button that tries the connection of a profile out. A link would be followed by programs that
/// only look around.
pub(crate) fn test(profile_id: &str, label: &str) -> Markup {
    html! {
        form method="post" action=(link::connection(profile_id)) {
            input type="hidden" name="form" value="test";
            button type="submit" { (label) }
        }
    }
}

fn facts(greeting: &Greeting) -> Markup {
    html! {
        section.card aria-labelledby="server" {
            header { h2 #server { (if greeting.title.is_empty() { "Jira" } else { &greeting.title }) } }
            dl.facts {
                dt { "Address" } dd { (greeting.address) }
                dt { "Kind" } dd { (greeting.kind) " " (greeting.version) }
                dt { "Logged in as" } dd { (greeting.user.as_deref().unwrap_or("nobody")) }
                @if let Some(zone) = &greeting.user_time_zone { dt { "Your zone there" } dd { (zone) } }
                @if let Some(ahead_s) = greeting.clock_ahead_s { dt { "Clock" } dd { (clock(ahead_s)) } }
            }
            @for remark in &greeting.remarks { p.strip { (remark) } }
        }
    }
}

fn clock(ahead_s: i64) -> String {
    match ahead_s {
        -2..=2 => "right".to_owned(),
        3.. => format!("{} fast", format::duration(ahead_s)),
        _ => format!("{} slow", format::duration(-ahead_s)),
    }
}

fn try_jql(answer: &ConnectionPage) -> Markup {
    html! {
        section.card aria-labelledby="jql" {
            header { h2 #jql { "Try a JQL" } p.soft { "nothing is stored" } }
            form.fields method="post" action=(link::connection(&answer.trail.profile.id)) {
                input type="hidden" name="form" value="test";
                label { "What to ask for" textarea name="jql" rows="2" { (answer.trial.jql) } }
                button type="submit" { "Look" }
            }
        }
    }
}

fn found(answer: &ConnectionPage, look: &Look, frame: &Frame) -> Markup {
    let about = if look.is_exact { "" } else { "about " };
    html! {
        section.card aria-labelledby="found" {
            header {
                h2 #found {
                    @match look.count {
                        Some(count) => { "It finds " (about) (format::counted(count, "issue", "issues")) },
                        None => "It finds issues; Jira does not say how many",
                    }
                }
            }
            @for remark in &look.remarks { p.strip { (format::sentence(remark)) } }
            @if !look.issues.is_empty() {
                (part::scrolling("found", &sample(look, &answer.trail, frame)))
                p.soft.fine { "The first " (look.issues.len()) ". Statuses: " (shares(&look.statuses)) ". Types: " (shares(&look.types)) "." }
            }
            form.fields method="post" action=(link::connection(&answer.trail.profile.id)) {
                input type="hidden" name="form" value="new-query";
                input type="hidden" name="jql" value=(look.jql);
                label { "Name, made from the JQL if you leave it empty" input name="name" maxlength=(model::name::NAME_CHARACTERS_MAX); }
                button.first type="submit" { "Keep this query and fetch its issues" }
            }
        }
    }
}

fn sample(look: &Look, trail: &Trail, frame: &Frame) -> Markup {
    html! {
        table.wide {
            thead { tr { @for head in ["Key", "Type", "Status", "Created", "Summary"] { th scope="col" { (head) } } } }
            tbody {
                @for issue in &look.issues {
                    tr {
                        th scope="row" { (issue.key) (part::in_jira(trail, &issue.key)) }
                        td { (issue.issue_type) }
                        td { (part::status(Some(&issue.status), issue.category.as_deref())) }
                        td { (part::day(issue.created, frame)) }
                        td { (issue.summary) }
                    }
                }
            }
        }
    }
}

fn shares(shares: &[app::tally::Share]) -> String {
    let one = |share: &app::tally::Share| {
        format!("{} {}", format::count(share.count), share.name.as_deref().unwrap_or("without one"))
    };
    shares.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Fields that may hold the points, each with what speaks for it.
fn points(answer: &ConnectionPage) -> Markup {
    html! {
        section.card aria-labelledby="points" {
            header {
                h2 #points { @if answer.trail.estimates.is_points() { "Story points" } @else { "Hours" } }
                p.soft {
                    @match &answer.points_field {
                        Some(field) => { "read from " (field) },
                        None => "no field is chosen yet",
                    }
                }
            }
            dl.facts {
                @for field in &answer.trial.points {
                    dt { (field.name) br; code { (field.field_id) } }
                    dd { (format::sentence(&field.why)) " " (choose(answer, field)) }
                }
            }
        }
    }
}

/// What the user set is never overwritten from here.
fn choose(answer: &ConnectionPage, field: &Candidate) -> Markup {
    html! {
        @let chosen = answer.points_field.as_deref().unwrap_or_default();
        @if points_fields::split(chosen).any(|id| id == field.field_id) {
            strong { "Chosen." }
        } @else {
            form method="post" action=(link::connection(&answer.trail.profile.id)) {
                input type="hidden" name="form" value="points";
                input type="hidden" name="revision" value=(answer.revision);
                input type="hidden" name="field" value=(field.field_id);
                button type="submit" { @if chosen.is_empty() { "Use it" } @else { "Use it where the other is empty" } }
            }
        }
    }
}
