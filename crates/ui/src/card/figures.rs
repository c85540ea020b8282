//! The figures of an overview as tiles: how fast, how much more, how long, how much at once.

use app::issues::Event;
use app::metrics::{
    Age, Before, Coverage, CycleTime, Flow, Measured, Note, ScopeGrowth, Summary, Throughput, Unit,
};
use app::now::NowAsk;
use app::week_range::WeekRange;
use app::weeks::WeeksTable;
use maud::{Markup, html};
use words::format;

use crate::card::tile::Tile;
use crate::card::why::{ITEMS, WEEKS, why};
use crate::view::View;
use crate::{link, part};
use words::noun;

/// A number and what it rests on.
type Shown = (Markup, Markup);

/// The tiles of a summary over the weeks shown.
pub fn tiles<'t>(summary: &Summary, weeks: &WeeksTable, view: &View<'_>) -> Vec<Tile<'t>> {
    let Summary { throughput, scope_growth, cycle_time, work_item_age, coverage, .. } = summary;
    let window = complete(weeks);
    let before = |of: &dyn Fn(&Before) -> Option<String>| {
        let said = summary.before.as_ref().and_then(|before| Some((before.weeks, of(before)?)));
        said.map_or(String::new(), |(weeks, value)| match weeks {
            1 => format!("the week before: {value}"),
            weeks => format!("the {weeks} weeks before: {value}"),
        })
    };
    let unit = view.unit();
    let per_week = match unit {
        Unit::Items => "items a week",
        Unit::Points => "points a week",
        Unit::Hours => "hours a week",
    };
    let mut tiles = vec![
        Tile {
            title: "Throughput",
            unit: per_week,
            why: why("throughput", throughput, WEEKS),
            weeks: by_week(weeks, |flow| flow.done.of(unit)),
            before: before(&|before| Some(format::decimal(before.throughput))),
            ..tile(throughput, |found| speed(found, window, view))
        },
        Tile {
            title: "Scope growth",
            unit: per_week,
            why: why("scope_growth", scope_growth, WEEKS),
            weeks: by_week(weeks, |flow| flow.arrived().of(unit)),
            before: before(&|before| Some(signed(before.scope_growth))),
            ..tile(scope_growth, |found| growth(found, window, view))
        },
        Tile {
            title: "Cycle time, 85\u{a0}%",
            unit: "days",
            why: why("cycle_time", cycle_time, ITEMS),
            before: before(&|before| Some(before.cycle_time_p85_days?.to_string())),
            ..tile(cycle_time, |found| duration(found, window, view))
        },
        Tile {
            title: "In progress",
            unit: noun(Unit::Items, true),
            why: why("work_item_age", work_item_age, ITEMS),
            ..tile(work_item_age, |found| under_way(found, work_item_age.notes(), view))
        },
    ];
    // A team without points has nothing to estimate.
    let is_estimated = |found: &Coverage| found.open.estimated + found.done.estimated > 0;
    if coverage.known().is_none_or(is_estimated) {
        tiles.push(Tile {
            title: "Estimated",
            unit: "% of open items",
            why: why("coverage", coverage, ITEMS),
            ..tile(coverage, |found| estimated(found, view))
        });
    }
    tiles
}

/// A tile without words of its own, of a figure or of the reason why it is not known.
fn tile<'t, T>(measured: &Measured<T>, show: impl FnOnce(&T) -> Shown) -> Tile<'t> {
    let (value, about) = match measured {
        Measured::Known { value, .. } => {
            let (value, about) = show(value);
            (Some(value), about)
        }
        Measured::Unavailable { reason, .. } => (None, html! { (words::reason(reason)) }),
    };
    let before = String::new();
    Tile { title: "", value, unit: "", weeks: Vec::new(), before, about, why: html! {} }
}

/// A number of each complete week of the window.
fn by_week(weeks: &WeeksTable, of: impl Fn(&Flow) -> f64) -> Vec<Option<f64>> {
    weeks.rows.iter().filter(|row| !row.is_partial).map(|row| Some(of(&row.flow))).collect()
}

/// The complete weeks of the window.
fn complete(weeks: &WeeksTable) -> Option<WeekRange> {
    let complete = || weeks.rows.iter().filter(|row| !row.is_partial).map(|row| row.week);
    Some(WeekRange { first: complete().next()?, last: complete().next_back()? })
}

fn speed(found: &Throughput, window: Option<WeekRange>, view: &View<'_>) -> Shown {
    let Throughput { median, least, most, mean, .. } = *found;
    let [median, least, most, mean] = [median, least, most, mean].map(format::decimal);
    let about = format!("on average; from {least} to {most}, median {median}");
    (view.number(&mean, Event::Done, window), html! { (about) })
}

fn growth(found: &ScopeGrowth, window: Option<WeekRange>, view: &View<'_>) -> Shown {
    let net = match view.unit() {
        Unit::Items => found.items_per_week,
        Unit::Points | Unit::Hours => found.points_per_week,
    };
    let about = html! {
        (view.text(found.created)) " created"
        @if let Some(cancelled) = found.cancelled.filter(|cancelled| cancelled.items > 0) {
            ", " (view.number(&view.text(cancelled), Event::Cancelled, window)) " cancelled"
        }
    };
    (view.number(&signed(net), Event::Created, window), about)
}

/// A change, with its sign.
fn signed(net: f64) -> String {
    let sign = if net >= 0.05 { "+" } else { "" };
    format!("{sign}{}", format::decimal(net))
}

fn duration(found: &CycleTime, window: Option<WeekRange>, view: &View<'_>) -> Shown {
    let CycleTime { p50_days, p85_days, .. } = found;
    let about = html! { "at most; half took at most " (p50_days) };
    (view.number(&p85_days.to_string(), Event::Done, window), about)
}

fn under_way(ages: &[Age], notes: &[Note], view: &View<'_>) -> Shown {
    let about = html! {
        @match ages.first() {
            Some(oldest) => {
                "oldest " (part::key(view.trail, &oldest.key)) ", "
                (format::counted(u64::from(oldest.days.unsigned_abs()), "day", "days"))
            }
            None => "nothing is started and unfinished",
        }
        @if let Some(more) = words::without_start(notes) { "; " (more) }
    };
    let now = NowAsk { view: *view.ask, ..NowAsk::default() };
    let count = format::count(ages.len() as u64);
    (html! { a href=(link::now(view.trail, &now)) { (count) } }, about)
}

fn estimated(found: &Coverage, view: &View<'_>) -> Shown {
    let share = found.open_share.map_or(part::NONE.to_owned(), format::percent);
    let open = found.open.items.unsigned_abs();
    let about = html! {
        (found.open.estimated) " of " (format::counted(open, "item is estimated", "items are estimated"))
    };
    (view.number(&share, Event::Open, None), about)
}
