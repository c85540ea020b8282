//! Cumulative flow: areas on each other, done at the bottom, coloured by lane.

use app::flow::{FlowAsk, QueryFlow};
use app::issues::{Event, IssuesAsk};
use app::metrics::{Band, CumulativeFlow, Measured};
use chart::{Axis, ChartSpec, Links, Position, Role, Series, Shape};
use model::Lane;

use super::{beside, in_week, list};
use crate::plot::drawn::{Drawn, NoChart};

/// The chart of the page.
pub fn draw(answer: &QueryFlow, ask: &FlowAsk) -> Drawn {
    match &answer.figures.cumulative_flow {
        Measured::Known { value, .. } => Ok(spec(value, answer, ask)),
        Measured::Unavailable { reason, remedy } => Err(NoChart::of(reason, *remedy)),
    }
}

/// What a band is called: its status, or its lane where statuses are joined.
pub fn name(band: &Band) -> String {
    match band.statuses.as_slice() {
        [only] if only.is_empty() => "not known".to_owned(),
        [only] => only.clone(),
        many => format!("{} ({} statuses)", words::lane(band.lane, band.is_started), many.len()),
    }
}

/// The word that hides a band in an address.
pub fn hides(band: &Band) -> String {
    if band.is_joined { words::lane(band.lane, band.is_started).to_owned() } else { name(band) }
}

/// The list of what is in a band at the end of a week that is still to be named.
pub fn issues(band: &Band, answer: &QueryFlow, ask: &FlowAsk) -> String {
    let asked = IssuesAsk {
        event: Some(Event::InStage),
        stages: band.statuses.clone(),
        as_of: ask.view.as_of,
        ..IssuesAsk::default()
    };
    format!("{}&week={{}}", beside(&answer.trail, &asked))
}

/// A band as it is drawn.
struct Area {
    series: Series,
    cell: String,
}

fn spec(flow: &CumulativeFlow, answer: &QueryFlow, ask: &FlowAsk) -> ChartSpec {
    let is_drawn = |band: &Band| !ask.hidden.contains(&hides(band));
    let mut areas: Vec<Area> = Vec::new();
    if flow.bands.iter().any(|band| band.lane == Some(Lane::Done) && is_drawn(band)) {
        areas.push(done(flow, answer, ask));
    }
    let open = flow.bands.iter().enumerate().rev();
    let is_open = |(place, band): &(usize, &Band)| {
        band.lane != Some(Lane::Done) && is_drawn(band) && flow.is_used(*place)
    };
    for (place, band) in open.filter(is_open) {
        let role = role(band.lane);
        let like = areas.iter().filter(|area| area.series.role == role).count();
        let values = flow.weeks.iter().map(|week| week.counts.get(place).map(|n| *n as f64));
        areas.push(Area {
            series: Series {
                name: name(band),
                role,
                shape: Shape::Stack { pale: (like % 3) as u8 },
                values: values.collect(),
            },
            cell: issues(band, answer, ask),
        });
    }
    let weeks: Vec<String> = flow.weeks.iter().map(|week| week.week.to_string()).collect();
    let told = |name: &str, values| Series {
        name: name.to_owned(),
        role: Role::Muted,
        shape: Shape::Told,
        values,
    };
    let under_way = flow.weeks.iter().map(|week| Some(week.under_way as f64)).collect();
    let lead = flow.weeks.iter().map(|week| week.lead_time_days.map(f64::round)).collect();
    let cells = areas.iter().map(|area| area.cell.clone()).collect();
    let mut series: Vec<Series> = areas.into_iter().map(|area| area.series).collect();
    series.extend([told("Under way", under_way), told("Lead time, about, days", lead)]);
    ChartSpec {
        unit: "items".to_owned(),
        plot_height_px: 260,
        positions: flow.weeks.iter().map(|week| Position::new(week.date)).collect(),
        series,
        links: Some(Links { to: in_week(answer, ask, Event::Open), parts: weeks, cells }),
        ..ChartSpec::new("cumulative-flow", "Cumulative flow", Axis::Days)
    }
}

/// What is done since the window began: all that was ever done would leave no room for the rest.
fn done(flow: &CumulativeFlow, answer: &QueryFlow, ask: &FlowAsk) -> Area {
    let of = |week: &app::metrics::CumulativeWeek| -> f64 {
        let bands = flow.bands.iter().zip(&week.counts);
        bands.filter(|(band, _)| band.lane == Some(Lane::Done)).map(|(_, n)| *n as f64).sum()
    };
    let before = flow.weeks.first().map_or(0.0, of);
    let first = flow.weeks.get(1).or(flow.weeks.first());
    let first = first.map(|week| format!("{}..", week.week)).unwrap_or_default();
    Area {
        series: Series {
            name: "Done since then".to_owned(),
            role: Role::Delivered,
            shape: Shape::Stack { pale: 0 },
            values: flow.weeks.iter().map(|week| Some((of(week) - before).max(0.0))).collect(),
        },
        cell: format!("{}&week={first}{{}}", list(answer, ask, Event::Done)),
    }
}

fn role(lane: Option<Lane>) -> Role {
    match lane {
        Some(Lane::NotStarted) => Role::Muted,
        Some(Lane::Waiting) => Role::Queue,
        Some(Lane::Active) => Role::Work,
        Some(Lane::Done | Lane::NotDelivered) => Role::Delivered,
        None => Role::Kind(2),
    }
}
