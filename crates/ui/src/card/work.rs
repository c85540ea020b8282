//! What the work of a query is taken to be, with the button that says otherwise, and what it would take
//! to keep up.

use app::forecast::{ForecastAsk, Growth};
use app::trail::Trail;
use app::work::Work;
use forecast::Forecast;
use maud::{Markup, html};
use model::WorkKind;
use words::Way;

use crate::link;

/// What it is taken to be; `back` is the page of the query to come back to, empty for its overview.
pub fn kind(trail: &Trail, work: Work, back: &str) -> Markup {
    let (told, other, button) = match work.kind {
        WorkKind::Team => {
            ("the work of a team, which is never over", WorkKind::Delivery, "It has an end")
        }
        WorkKind::Delivery => {
            ("a delivery, which has an end", WorkKind::Team, "It is the work of a team")
        }
    };
    html! {
        form.kind method="post" action=(link::work(trail)) {
            input type="hidden" name="back" value=(back);
            input type="hidden" name="work" value=(other.as_str());
            span.soft { "Told as " (told) @if !work.is_said { ", by its JQL" } ". " }
            button type="submit" { (button) }
        }
    }
}

/// The ways to keep up, each a what-if.
pub fn ways(forecast: &Forecast, trail: &Trail, base: &ForecastAsk) -> Markup {
    let Some(balance) = &forecast.balance else { return html! {} };
    let to = |way: Way| {
        let mut ask = ForecastAsk { growth: Growth::On, ..base.clone() };
        match way {
            Way::Pace { percent } => ask.focus(percent),
            Way::Arrivals { percent } => ask.arrivals(percent),
            Way::Dropped { amount } => ask.added = -amount,
        }
        link::forecast(trail, &ask)
    };
    let ways = words::balance_ways(balance, forecast.assumptions.unit);
    html! {
        p.ways {
            (words::balance_for(balance))
            @for (place, (way, text)) in ways.into_iter().enumerate() {
                @if place > 0 { ", or" } " " a href=(to(way)) { (text) }
            }
            "."
        }
    }
}
