//! What a forecast takes for granted, as a form: every assumption is in the address.

use app::forecast::{ForecastAsk, QueryForecast, SCENARIO_NAME_CHARACTERS_MAX};
use app::metrics::Unit;
use app::overview::Window;
use forecast::{Exclusion, Growth, Model, Sample};
use maud::{Markup, html};
use words::{format, noun};

use crate::{link, view};

/// The card.
pub fn card(answer: &QueryForecast, ask: &ForecastAsk) -> Markup {
    let path = link::forecast_page(&answer.trail);
    let usual = ask.told_alike();
    html! {
        section.card aria-labelledby="what-if" {
            header {
                h2 #what-if { "What if" }
                @if answer.what_if.is_some() { p.act { a href=(link::forecast(&answer.trail, &usual)) data-swap { "Usual assumptions" } } }
            }
            form.what-if method="get" action=(path) data-swap {
                @if let Some(day) = ask.view.as_of { input type="hidden" name="as_of" value=(day); }
                (choice("Based on", "window", &windows(answer, ask)))
                @if answer.usual.offers_points || ask.view.unit == Unit::Points {
                    (choice("Counted in", "unit", &[
                        ("items", "items", ask.view.unit == Unit::Items),
                        ("points", noun(answer.usual.unit(Unit::Points), true), ask.view.unit == Unit::Points),
                    ]))
                }
                (choice("Scope", "growth", &[
                    ("", "grows if it did", ask.growth == Growth::Auto),
                    ("on", "grows as it did", ask.growth == Growth::On),
                    ("off", "stays as it is", ask.growth == Growth::Off),
                ]))
                label { "Pace, in % of the sample" input type="number" name="focus" min="10" max="300" step="5" value=(ask.focus_percent.unwrap_or(100)); }
                label { "New work, in % of what came" input type="number" name="arrivals" min="0" max="300" step="5" value=(ask.arrivals_percent.unwrap_or(100)); }
                label { "Work starts on" input type="date" name="start" value=[ask.start]; }
                label { "Added work" input type="number" name="add" step="any" value=[(ask.added != 0.0).then_some(ask.added)]; }
                label { "Work instead of what is open" input type="number" name="items" min="0" step="any" value=[ask.remaining]; }
                label { "How much is done by" input type="date" name="by" value=[ask.by.first()]; }
                (choice("Model", "model", &[
                    ("", "at a pace that moves (usual)", ask.model == Model::Views),
                    ("urn", "at a steady pace", ask.model == Model::Bootstrap),
                    ("exact", "each week as likely", ask.model == Model::Exact),
                ]))
                @match answer.asked().sample.known() {
                    Some(sample) => (weeks(sample)),
                    None => (left_out(ask)),
                }
                label { "Name, to compare it with others" input name="name" maxlength=(SCENARIO_NAME_CHARACTERS_MAX) value=[ask.name.as_deref()]; }
                @for day in ask.by.iter().skip(1) { input type="hidden" name="by" value=(day); }
                @if let Some(percent) = ask.percent { input type="hidden" name="percent" value=(percent); }
                @if ask.is_pert_wanted { input type="hidden" name="pert" value="true"; }
                @for scenario in &ask.beside { input type="hidden" name="beside" value=(scenario.to_text()); }
                button type="submit" { "Apply" }
            }
        }
    }
}

/// The windows offered; another one in force stays as it is. That of the profile stands without a number: a
/// forecast looks at longer windows, too, unless one is asked for.
fn windows(answer: &QueryForecast, ask: &ForecastAsk) -> Vec<(String, String, bool)> {
    let (window, usual) = (ask.view.window, answer.usual);
    let chosen = window.weeks(usual);
    let option = |weeks: Option<usize>| {
        let name = weeks.map_or_else(|| "all".to_owned(), |weeks| weeks.to_string());
        match Window::of(weeks, usual) {
            Window::OfProfile => {
                (String::new(), format!("{name} weeks, as usual"), window == Window::OfProfile)
            }
            _ => (name.clone(), format!("{name} weeks"), weeks == chosen),
        }
    };
    let alone = match window {
        Window::Last(weeks) if weeks == usual.window_weeks => {
            Some((weeks.to_string(), format!("{weeks} weeks alone"), true))
        }
        _ => None,
    };
    view::windows(chosen, usual).into_iter().map(option).chain(alone).collect()
}

fn choice(label: &str, name: &str, options: &[(impl AsRef<str>, impl AsRef<str>, bool)]) -> Markup {
    html! {
        label {
            (label)
            select name=(name) {
                @for (value, text, is_chosen) in options { option value=(value.as_ref()) selected[*is_chosen] { (text.as_ref()) } }
            }
        }
    }
}

/// The weeks that were left out, where so many were that no sample is left.
fn left_out(ask: &ForecastAsk) -> Markup {
    html! {
        @if !ask.excluded.is_empty() {
            details.weeks-out open {
                summary { "Leave weeks out (" (ask.excluded.len()) ")" }
                ul { @for week in &ask.excluded { li { label { input type="checkbox" name="exclude" value=(week) checked; " " (week) } } } }
            }
        }
    }
}

/// The weeks of the sample, each with a box to leave it out.
fn weeks(sample: &Sample) -> Markup {
    let left_out =
        sample.weeks.iter().filter(|week| week.excluded == Some(Exclusion::ByUser)).count();
    html! {
        details.weeks-out open[left_out > 0] {
            summary { "Leave weeks out" @if left_out > 0 { " (" (left_out) ")" } }
            ul {
                @for week in sample.weeks.iter().rev() {
                    li {
                        label {
                            input type="checkbox" name="exclude" value=(week.week) checked[week.excluded == Some(Exclusion::ByUser)];
                            " " (week.week) " " span.unit { (format::decimal(week.done)) " done" }
                        }
                    }
                }
            }
        }
    }
}
