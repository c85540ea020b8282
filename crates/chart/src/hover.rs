//! Lists for the hover layer of a page, on one element that covers the plot.

use crate::layout::Layout;
use crate::number::{plain, px};
use crate::slot::Slot;
use crate::svg::escaped;
use crate::{ChartSpec, Series, Shape};

/// More places than this cannot be told apart under a pointer.
const PLACES_MAX: usize = 600;

/// The element that covers the plot, with names and values for each place along it.
pub fn hits(spec: &ChartSpec, layout: &Layout) -> String {
    let slots = shown(layout);
    let x = joined(slots.iter().map(|slot| format!("{:.0}", slot.middle() * 1000.0)), " ");
    let labels = joined(slots.iter().map(|slot| listed(&slot.label(spec))), "|");
    let names = joined(spec.series.iter().map(|series| listed(&series.name)), "|");
    let of = |series| joined(slots.iter().map(|slot| value(series, slot)), " ");
    let values = joined(spec.series.iter().map(of), "|");
    let (top, height) = (px(layout.top_px), px(layout.bottom_px - layout.top_px));
    let more = links(spec, &slots) + &range(spec, layout);
    format!(
        r#"<rect class="hits" width="100%" y="{top}" height="{height}" data-x="{x}" data-label="{labels}" data-series="{names}" data-values="{values}"{more}/>"#
    )
}

/// Where the places lead to.
fn links(spec: &ChartSpec, slots: &[&Slot]) -> String {
    let Some(links) = &spec.links else { return String::new() };
    let parts = joined(slots.iter().map(|slot| escaped(&slot.link_part(&links.parts))), "|");
    format!(r#" data-link="{}" data-to="{parts}""#, escaped(&links.to))
}

/// The values at the bottom and the top of the plot, where places lie over each other.
fn range(spec: &ChartSpec, layout: &Layout) -> String {
    let is_repeated =
        spec.positions.iter().zip(spec.positions.iter().skip(1)).any(|(a, b)| a.date == b.date);
    if !is_repeated {
        return String::new();
    }
    let (low, high) = layout.values.ends();
    format!(r#" data-range="{} {}""#, plain(low), plain(high))
}

/// Slots as bars show them, thinned from the end where there are too many.
fn shown(layout: &Layout) -> Vec<&Slot> {
    let step = layout.slots.len().div_ceil(PLACES_MAX).max(1);
    let mut slots: Vec<&Slot> = layout.slots.iter().rev().step_by(step).collect();
    slots.reverse();
    slots
}

fn value(series: &Series, slot: &Slot) -> String {
    match (&series.shape, slot.mean(series), slot.mean_lower(series)) {
        (_, None, _) => "-".to_owned(),
        (Shape::Band { .. }, Some(high), Some(low)) => format!("{}..{}", plain(low), plain(high)),
        (_, Some(value), _) => plain(value),
    }
}

/// A name without the sign that separates names.
fn listed(name: &str) -> String {
    escaped(&name.replace('|', "/"))
}

fn joined(parts: impl Iterator<Item = String>, between: &str) -> String {
    parts.collect::<Vec<_>>().join(between)
}
