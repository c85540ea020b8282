//! The chart in sentences, for those who do not see it.

use crate::slot::position_label;
use crate::{Axis, ChartSpec, Emphasis, RuleAt, Series, Shape, number};

/// What the caller says, then what the data says: each series, each rule.
pub fn sentence(spec: &ChartSpec) -> String {
    let lead = Some(spec.lead.trim().to_owned()).filter(|lead| !lead.is_empty());
    let nothing = spec.is_empty().then(|| "There is nothing to show.".to_owned());
    let series = spec.series.iter().filter_map(|series| series_sentence(spec, series));
    let rules = spec.rules.iter().map(|rule| match rule.at {
        RuleAt::Date(date) => format!("{}: {}.", rule.label, position_label(Axis::Days, date)),
        RuleAt::Value { value, .. } => format!("{}: {}.", rule.label, text(value)),
    });
    let sentences = lead.into_iter().chain(nothing).chain(series).chain(rules);
    sentences.collect::<Vec<_>>().join(" ")
}

fn series_sentence(spec: &ChartSpec, series: &Series) -> Option<String> {
    let whole = spec.positions.iter().enumerate();
    let whole = whole.filter(|(_, position)| {
        series.shape != Shape::Bar || position.emphasis != Emphasis::Partial
    });
    let known = whole.filter_map(|(at, position)| {
        Some((position_label(spec.axis, position.date), series.value(at)?, at))
    });
    let known: Vec<_> = known.collect();
    let ((first_day, first, _), (last_day, last, end)) = (known.first()?, known.last()?);
    let (name, first, last) = (&series.name, text(*first), text(*last));
    Some(match series.shape {
        _ if known.len() == 1 && series.shape != Shape::Told => {
            format!("{name}: {last} ({last_day}).")
        }
        Shape::Told => return None,
        Shape::Line | Shape::Dashed | Shape::Area | Shape::Stack { .. } => {
            format!("{name}: from {first} ({first_day}) to {last} ({last_day}).")
        }
        Shape::Band { .. } => {
            let low = series.lower(*end).map(text).unwrap_or_default();
            format!("{name}: between {low} and {last} at the end ({last_day}).")
        }
        Shape::Bar | Shape::Dot => {
            let (low, high) = extremes(known.iter().map(|(_, value, _)| *value));
            format!("{name}: between {low} and {high}, at last {last} ({last_day}).")
        }
    })
}

fn extremes(values: impl Iterator<Item = f64> + Clone) -> (String, String) {
    let low = values.clone().fold(f64::INFINITY, f64::min);
    (text(low), text(values.fold(f64::NEG_INFINITY, f64::max)))
}

fn text(value: f64) -> String {
    number::value(value, 1)
}
