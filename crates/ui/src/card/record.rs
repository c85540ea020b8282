//! Whether forecasts come true: those of past weeks made anew, and those that were really made.

use app::forecast::DriftPoint;
use app::metrics::Measured;
use forecast::{Backtest, HitRate, ScoredForecast, TrackRecord, Verdict};
use maud::{Markup, html};
use words::{format, statement};

use crate::card::why::{WEEKS, why};
use crate::{part, plot};

/// Rows of the track record that are shown.
const SHOWN: usize = 12;

/// Forecasts of past weeks from what was known before them.
pub fn backtest(measured: &Measured<Backtest>) -> Markup {
    html! {
        section.card aria-labelledby="backtest" {
            header {
                h2 #backtest { "How our forecast would have done" }
                (why("forecast_backtest", measured, WEEKS))
            }
            @match measured {
                Measured::Known { value, .. } => {
                    p {
                        (format::counted(value.windows.len() as u64, "forecast", "forecasts")) " of "
                        (format::counted(value.horizon_weeks as u64, "week", "weeks"))
                        " each, made with only what was known before them. Off by "
                        (format::fixed(value.crps, 1)) " items on average; a plain average would be off by " (format::fixed(value.crps_of_mean, 1)) "."
                    }
                    (part::scrolling("backtest", &rates(&value.hit_rates)))
                    ul.fine { @for held in &value.horizons { li { (statement(&held.sentence)) } } }
                }
                Measured::Unavailable { reason, remedy } => (part::unknown(reason, *remedy)),
            }
        }
    }
}

fn rates(rates: &[HitRate]) -> Markup {
    html! {
        table {
            caption.hidden { "How often forecasts came true" }
            thead { tr {
                th scope="col" { "Said" } th.num scope="col" { "Came true" } th.num scope="col" { "Expected" } th scope="col" { "Verdict" }
            } }
            tbody {
                @for rate in rates {
                    tr {
                        th scope="row" { (rate.percent) "\u{a0}%" }
                        td.num { (rate.hits) " of " (rate.forecasts) }
                        td.num { (format::decimal(rate.expected)) }
                        td { (verdict(rate.verdict)) }
                    }
                }
            }
        }
    }
}

fn verdict(verdict: Verdict) -> Markup {
    let (text, class) = match verdict {
        Verdict::TooFew => ("too few to judge", "quiet"),
        Verdict::Holds => ("holds", "ok"),
        Verdict::TooOptimistic => ("too optimistic", "risk"),
        Verdict::TooCautious => ("too cautious", "watch"),
    };
    html! { span.chip.(class) { (text) } }
}

/// What would have been said at the end of past weeks, newest first.
pub fn drift(points: &[DriftPoint]) -> Markup {
    let text = |date: Option<model::Date>| date.map_or("not in sight".to_owned(), format::day);
    let table = html! {
        table {
            caption.hidden { "Dates that would have been said, newest first" }
            thead { tr { th scope="col" { "At the end of" } th.num scope="col" { "Left" } th scope="col" { "50 % by" } th scope="col" { "85 % by" } } }
            tbody {
                @for point in points.iter().rev() {
                    tr {
                        th scope="row" { (format::day(point.date)) }
                        td.num { (format::decimal(point.remaining)) }
                        td { (text(point.half)) }
                        td { (text(point.likely)) }
                    }
                }
            }
        }
    };
    const REMARK: &str = "what would have been said then, with what was known then";
    match plot::drift::draw(points) {
        Some(spec) => super::chart::plain_with(
            &spec,
            REMARK,
            &html! { details.twin { summary { "Table" } (part::scrolling("drift-title", &table)) } },
        ),
        None if points.is_empty() => html! {},
        None => html! {
            section.card aria-labelledby="drift" {
                header { h2 #drift { "How our date moved" } p.soft { (REMARK) } }
                @if points.iter().any(|point| point.half.is_some()) { (part::scrolling("drift", &table)) }
                @else { p.soft { "No date was in sight in any of these weeks." } }
            }
        },
    }
}

/// Forecasts that were kept, with what became of them, newest first.
pub fn track(record: &TrackRecord) -> Markup {
    let table = html! {
        table {
            caption.hidden { "Kept forecasts, newest first" }
            thead { tr { th scope="col" { "Made on" } th.num scope="col" { "Left" } th scope="col" { "Said" } th scope="col" { "Became of it" } } }
            tbody { @for scored in record.forecasts.iter().rev().take(SHOWN) { (row(scored)) } }
        }
    };
    html! {
        section.card aria-labelledby="track" {
            header { h2 #track { "How our forecast did" } p.soft { "the first forecast of each week is kept" } }
            @if record.forecasts.is_empty() {
                (part::unavailable("No forecast was kept yet.", "Come back next week."))
            } @else {
                (part::scrolling("track", &table))
            }
        }
    }
}

fn row(scored: &ScoredForecast) -> Markup {
    let said = scored.record.percentiles.iter().zip(&scored.held);
    let likely = said.into_iter().find(|(said, _)| said.percent == forecast::HEADLINE_PERCENT);
    html! {
        tr {
            th scope="row" { (format::day(scored.record.made_on)) }
            td.num { (format::decimal(scored.record.remaining)) }
            td {
                @match likely.and_then(|(said, _)| said.date) {
                    Some(date) => { (forecast::HEADLINE_PERCENT) " % by " (format::day(date)) }
                    None => "no date in sight",
                }
            }
            td {
                @match (likely.and_then(|(_, held)| *held), scored.finished_on) {
                    (Some(true), _) => span.chip.ok { "held" },
                    (Some(false), _) => span.chip.risk { "did not hold" },
                    (None, Some(date)) => { "done on " (format::day(date)) }
                    (None, None) => span.soft { "not due yet" },
                }
            }
        }
    }
}
