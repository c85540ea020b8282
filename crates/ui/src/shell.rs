//! The frame of every page: top bar with pickers, tabs, landmarks, footer.

use app::issues::IssuesAsk;
use app::trail::{Named, Trail};
use maud::{DOCTYPE, Markup, html};
use words::format;

use crate::card::{stale, syncing};
use crate::frame::Frame;
use crate::{asset, link};

/// Most profiles and queries that a picker offers, those used last.
const CHOICES_MAX: usize = 50;

/// Which part of the program a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// The workspace.
    Workspace,
    /// A profile.
    Profile,
    /// A query at a glance.
    Overview,
    /// When it will be done.
    Forecast,
    /// How its work flows.
    Flow,
    /// What is under way.
    Now,
    /// Its weekly table.
    Weeks,
    /// The issues of a query.
    Issues,
    /// What a query holds.
    Data,
    /// Its sync with Jira.
    Sync,
    /// What is set up.
    Setup,
    /// Migration report.
    Migration,
    /// How figures are calculated.
    Figures,
    /// About and health.
    About,
    /// None of them.
    Other,
}

/// A whole page as text. `trail` fills the pickers.
pub fn page(frame: &Frame, title: &str, trail: Option<&Trail>, tab: Tab, body: &Markup) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (full_title(title, trail)) }
                link rel="icon" type="image/svg+xml" href=(asset::ICON.path());
                link rel="stylesheet" href=(asset::STYLE.path());
                script src=(asset::SCRIPT.path()) defer {}
                @if tab == Tab::Sync && frame.syncing.is_some() {
                    noscript { meta http-equiv="refresh" content="3"; }
                }
            }
            body {
                a.skip href="#main" { "Skip to content" }
                (top(trail, tab, frame))
                @if let Some(damage) = &frame.damage { (damage_strip(damage, frame.is_on_server)) }
                @if let Some(behind) = frame.behind.and_then(words::behind) {
                    aside.demo role="status" aria-label="Replica" { p { (behind) } }
                }
                @if frame.is_demo { (demo_strip()) }
                @if let Some(trail) = trail {
                    (tabs(trail, tab, frame))
                    @match (&frame.syncing, &trail.stale) {
                        (Some(task), _) => (syncing::bar(trail, task, frame.as_of)),
                        (None, Some(found)) if tab != Tab::Sync => (stale::strip(trail, found, frame.as_of)),
                        _ => {}
                    }
                }
                main #main tabindex="-1" { (body) }
                (footer(frame))
                (keys(trail))
            }
        }
    }
    .into_string()
}

/// What a bookmark and a tab of the browser are called: the page, and what it is about.
fn full_title(title: &str, trail: Option<&Trail>) -> String {
    match trail.map(Trail::name).filter(|name| !title.contains(name)) {
        Some(name) => format!("{title} · {name} – burndown"),
        None => format!("{title} – burndown"),
    }
}

fn top(trail: Option<&Trail>, tab: Tab, frame: &Frame) -> Markup {
    html! {
        header.top {
            nav.crumbs aria-label="Workspace" {
                a.brand href=(link::WORKSPACE) aria-current=[current(tab == Tab::Workspace)] data-key="w" {
                    (mark()) "burndown"
                }
                @if let Some(trail) = trail {
                    (picker("Profile", &trail.profile, &trail.profiles, tab == Tab::Profile, &link::profile, link::PROFILES))
                    @let to_query = |id: &str| link::figures(&link::query(&trail.profile.id, id), &frame.kept);
                    @let profile = link::profile(&trail.profile.id);
                    @match &trail.query {
                        Some(query) => (picker("Query", query, &trail.queries, tab == Tab::Overview, &to_query, &profile)),
                        None if !trail.queries.is_empty() => {
                            (choose("Query", "choose a query", &trail.queries, &to_query, &profile))
                        }
                        None => {}
                    }
                }
            }
            nav.tools aria-label="Program" {
                a href=(trail.map_or(link::PROFILES.to_owned(), link::setup)) aria-current=[current(tab == Tab::Setup)] data-key="s" { "Set-up" }
                a href=(link::FIGURES) aria-current=[current(tab == Tab::Figures)] data-key="f" { "Glossary" }
                a href=(link::ABOUT) aria-current=[current(tab == Tab::About)] data-key="a" { "About" }
            }
        }
    }
}

/// On every page: a figure may rest on what is damaged.
fn damage_strip(damage: &str, is_on_server: bool) -> Markup {
    html! {
        aside.damage role="alert" aria-label="Damage" {
            p { strong { "The database is damaged." } " Figures may be wrong. " (damage) ". "
                @if !is_on_server { a href=(link::BACKUPS) { "What can be restored" } }
            }
        }
    }
}

fn demo_strip() -> Markup {
    html! {
        aside.demo aria-label="Demo" {
            p { strong { "Demo data" } " – generated, not yours. " code { "burndown demo --remove" } " removes it." }
        }
    }
}

fn mark() -> Markup {
    html! {
        svg viewBox="0 0 16 16" aria-hidden="true" { path d="M2 3 L6 6 L9 9 L14 13" {} }
    }
}

fn picker(
    label: &str,
    chosen: &Named,
    all: &[Named],
    is_current: bool,
    to: &dyn Fn(&str) -> String,
    rest: &str,
) -> Markup {
    html! {
        span.sep aria-hidden="true" { "/" }
        @if all.len() < 2 {
            a.pick href=(to(&chosen.id)) aria-current=[current(is_current)] { (chosen.name) }
        } @else {
            details.picker name="picker" {
                summary.pick aria-label={ (label) ": " (chosen.name) } { span { (chosen.name) } }
                (choices(all, Some(chosen), to, rest))
            }
        }
    }
}

fn choose(
    label: &str,
    text: &str,
    all: &[Named],
    to: &dyn Fn(&str) -> String,
    rest: &str,
) -> Markup {
    html! {
        span.sep aria-hidden="true" { "/" }
        details.picker name="picker" {
            summary.pick.soft aria-label={ (label) ": " (text) } { span { (text) } }
            (choices(all, None, to, rest))
        }
    }
}

/// The first of them; all are on the page `rest`.
fn choices(
    all: &[Named],
    chosen: Option<&Named>,
    to: &dyn Fn(&str) -> String,
    rest: &str,
) -> Markup {
    html! {
        ul {
            @for named in all.iter().take(CHOICES_MAX) {
                li {
                    a href=(to(&named.id)) aria-current=[(chosen == Some(named)).then_some("true")] { (named.name) }
                }
            }
            @if all.len() > CHOICES_MAX {
                li { a.soft href=(rest) { "All " (format::count(all.len() as u64)) } }
            }
        }
    }
}

fn tabs(trail: &Trail, tab: Tab, frame: &Frame) -> Markup {
    let pages = [
        ("Overview", Tab::Overview, "q", link::of_query(trail)),
        ("Forecast", Tab::Forecast, "o", link::forecast_page(trail)),
        ("Flow", Tab::Flow, "l", link::flow_page(trail)),
        ("Now", Tab::Now, "n", link::now_page(trail)),
        ("Weeks", Tab::Weeks, "e", link::weeks(trail)),
        ("Issues", Tab::Issues, "i", link::issues(trail, &IssuesAsk::default())),
        ("Data", Tab::Data, "d", link::data(trail)),
        ("Sync", Tab::Sync, "y", link::sync(trail)),
    ];
    html! {
        @if trail.query.is_some() {
            nav.tabs aria-label="Query" {
                @for (name, of, key, path) in &pages {
                    a href=(link::figures(path, &frame.kept)) aria-current=[current(tab == *of)] data-key=(key) { (name) }
                }
            }
        }
    }
}

fn footer(frame: &Frame) -> Markup {
    html! {
        footer.foot {
            p {
                a href=(link::ABOUT) { "burndown " (frame.version) }
                " · " a href=(link::TRASH) { "Trash" }
                " · " a href=(link::BACKUPS) { "Backups" }
            }
            p { "Times in " (frame.zone.iana_name().unwrap_or("the zone of this machine")) ". Nothing but your Jira is contacted." }
        }
    }
}

fn keys(trail: Option<&Trail>) -> Markup {
    let has_query = trail.is_some_and(|trail| trail.query.is_some());
    html! {
        dialog #keys aria-labelledby="keys-title" {
            h2 #keys-title { "Keys" }
            dl {
                dt { kbd { "g" } " " kbd { "w" } } dd { "workspace" }
                @if has_query {
                    dt { kbd { "g" } " " kbd { "q" } } dd { "overview of the query" }
                    dt { kbd { "g" } " " kbd { "o" } } dd { "forecast (outlook)" }
                    dt { kbd { "g" } " " kbd { "l" } } dd { "flow" }
                    dt { kbd { "g" } " " kbd { "n" } } dd { "what is under way now" }
                    dt { kbd { "g" } " " kbd { "e" } } dd { "week by week" }
                    dt { kbd { "g" } " " kbd { "i" } } dd { "issues of the query" }
                    dt { kbd { "g" } " " kbd { "d" } } dd { "data of the query" }
                    dt { kbd { "g" } " " kbd { "y" } } dd { "sync with Jira" }
                }
                dt { kbd { "g" } " " kbd { "s" } } dd { "set-up" }
                dt { kbd { "g" } " " kbd { "f" } } dd { "how figures are calculated" }
                dt { kbd { "g" } " " kbd { "a" } } dd { "about" }
                dt { kbd { "/" } } dd { "search the list" }
                dt { kbd { "?" } } dd { "these keys" }
            }
            form method="dialog" { button { "Close" } }
        }
    }
}

fn current(is_current: bool) -> Option<&'static str> {
    is_current.then_some("page")
}
