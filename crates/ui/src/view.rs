//! What a page of figures is about, and the links that keep it: window, unit and day are in every URL.

use app::forecast::ForecastAsk;
use app::issues::{Event, IssuesAsk};
use app::metrics::{Amount, Origin, Unit};
use app::overview::{OverviewAsk, Window};
use app::trail::Trail;
use app::usual::Usual;
use app::week_range::WeekRange;
use maud::{Markup, html};
use model::Date;
use words::format;

use crate::link;

/// A query as somebody looks at it.
#[derive(Debug, Clone, Copy)]
pub struct View<'v> {
    /// Which query.
    pub trail: &'v Trail,
    /// Window, unit and day.
    pub ask: &'v OverviewAsk,
    /// How the pages of the profile are unless asked otherwise.
    pub usual: Usual,
    /// What the figures were counted from; stored rows have no issues to lead to.
    pub origin: Option<Origin>,
}

impl View<'_> {
    /// What the base forecast of this view is asked with.
    pub fn base(&self) -> ForecastAsk {
        ForecastAsk { view: *self.ask, ..ForecastAsk::default() }
    }

    /// A number that leads to the issues behind it, where there are any.
    pub fn number(&self, text: &str, event: Event, week: Option<WeekRange>) -> Markup {
        html! {
            @match self.issues(event, week) {
                Some(to) => a href=(to) { (text) },
                None => (text),
            }
        }
    }

    /// An amount in the unit of the view as a table cell's content.
    pub fn amount(&self, amount: Amount, event: Event, week: WeekRange) -> Markup {
        let text = self.text(amount);
        html! {
            @if amount.items == 0 { span.none { (text) } } @else { (self.number(&text, event, Some(week))) }
        }
    }

    /// What is counted.
    pub fn unit(&self) -> Unit {
        self.usual.unit(self.ask.unit)
    }

    /// An amount in the unit of the view.
    pub fn text(&self, amount: Amount) -> String {
        format::decimal(amount.of(self.unit()))
    }

    /// The issues behind a number.
    pub fn issues(&self, event: Event, week: Option<WeekRange>) -> Option<String> {
        let as_of = self.ask.as_of;
        let ask = IssuesAsk { event: Some(event), week, as_of, ..IssuesAsk::default() };
        let list = || link::and(&link::issues(self.trail, &ask), &self.handed_on());
        (self.origin == Some(Origin::Issues)).then(list)
    }

    /// Window and unit, for pages that only hand them on.
    fn handed_on(&self) -> Vec<(&'static str, String)> {
        OverviewAsk { as_of: None, ..*self.ask }.parameters()
    }
}

/// Window, unit and day as links to the same page; `path` is that page.
pub fn controls(path: &str, ask: &OverviewAsk, usual: Usual) -> Markup {
    controls_to(&|ask| link::figures(path, &ask), ask, usual)
}

/// Window and unit as links; `to` is where each leads.
pub fn controls_to(to: &dyn Fn(OverviewAsk) -> String, ask: &OverviewAsk, usual: Usual) -> Markup {
    let chosen = ask.window.weeks(usual);
    html! {
        nav.view aria-label="View" {
            ul.choice aria-label="Window" {
                @for weeks in windows(chosen, usual) {
                    li { a href=(to(OverviewAsk { window: Window::of(weeks, usual), ..*ask })) data-swap
                        aria-current=[(weeks == chosen).then_some("true")] {
                        @match weeks { Some(weeks) => { (weeks) span.hidden { " weeks" } span aria-hidden="true" { " w" } }, None => "All" }
                    } }
                }
            }
            @if usual.offers_points || ask.unit == Unit::Points {
                ul.choice aria-label="Unit" {
                    @for unit in [Unit::Items, Unit::Points] {
                        li { a href=(to(OverviewAsk { unit, ..*ask })) data-swap
                            aria-current=[(unit == ask.unit).then_some("true")] { (words::unit_title(usual.unit(unit))) } }
                    }
                }
            }
        }
    }
}

/// The lengths offered, with that of the profile and the one in force; `None` is all.
pub fn windows(chosen: Option<usize>, usual: Usual) -> Vec<Option<usize>> {
    let own = [usual.window_weeks].into_iter().chain(chosen);
    let mut weeks: Vec<usize> = [6, 12, 26].into_iter().chain(own).collect();
    weeks.sort_unstable();
    weeks.dedup();
    weeks.into_iter().map(Some).chain([None]).collect()
}

/// A day to look back from; the form leads to the same page.
pub fn day_picker(path: &str, ask: &OverviewAsk, shown: &str) -> Markup {
    let kept = OverviewAsk { as_of: None, ..*ask }.parameters();
    day_picker_keeping(path, &kept, ask.as_of, shown)
}

/// A day to look back from; the form leads to the same page with these parameters kept.
pub fn day_picker_keeping(
    path: &str,
    kept: &[(&str, String)],
    as_of: Option<Date>,
    shown: &str,
) -> Markup {
    html! {
        details.picker.day name="picker" {
            summary.pick { span { (shown) } }
            form method="get" action=(path) data-swap {
                label { "Look back from the end of" input type="date" name="as_of" value=[as_of]; }
                @for (name, value) in kept { input type="hidden" name=(name) value=(value); }
                button type="submit" { "Show" }
                @if as_of.is_some() { a href=(link::with(path, kept)) data-swap { "Latest" } }
            }
        }
    }
}
