//! Sparklines: the shape of a series in the size of a word, beside the number that says it.

use crate::simplify::{Point, simplified};
use crate::{Role, number};

const WIDTH_PX: f64 = 96.0;
const HEIGHT_PX: f64 = 24.0;

/// Room for the stroke and the dot at the end.
const MARGIN_PX: f64 = 3.0;

/// A line of 96 × 24 px from the lowest value to the highest, with a dot at its end; hidden from
/// screen readers, since the number beside it says what matters. Empty without values.
pub fn sparkline(values: &[Option<f64>], role: Role) -> String {
    let known: Vec<(usize, f64)> = values
        .iter()
        .enumerate()
        .filter_map(|(at, value)| Some((at, value.filter(|value| value.abs() <= 1e14)?)))
        .collect();
    let Some(((first, _), (end, _))) = known.first().zip(known.last()) else {
        return String::new();
    };
    let low = known.iter().map(|(_, value)| *value).fold(f64::INFINITY, f64::min);
    let high = known.iter().map(|(_, value)| *value).fold(f64::NEG_INFINITY, f64::max);
    let across = |at: usize| share((at - first) as f64, (end - first) as f64, 1.0);
    let point = |(at, value): &(usize, f64)| -> Point {
        let x = MARGIN_PX + across(*at) * (WIDTH_PX - 2.0 * MARGIN_PX);
        let up = share(value - low, high - low, 0.5) * (HEIGHT_PX - 2.0 * MARGIN_PX);
        (x, HEIGHT_PX - MARGIN_PX - up)
    };
    let points = simplified(&known.iter().map(point).collect::<Vec<_>>());
    let text = |(x, y): &Point| format!("{},{}", number::px(*x), number::px(*y));
    let line = points.iter().map(text).collect::<Vec<_>>().join(" ");
    let last = points.last().map(text).unwrap_or_default();
    let role = role.class();
    format!(
        r#"<svg class="spark {role}" width="96" height="24" viewBox="0 0 96 24" aria-hidden="true"><polyline class="mark-line" points="{line}"/><path class="mark-dot" d="M{last}h0"/></svg>"#
    )
}

/// Part of a whole; `otherwise` where the whole is nothing.
fn share(part: f64, whole: f64, otherwise: f64) -> f64 {
    if whole > 0.0 { part / whole } else { otherwise }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_ends_in_a_dot() {
        let svg = sparkline(&[Some(0.0), None, Some(2.0), Some(1.0)], Role::Work);
        assert!(svg.contains(r#"points="3,21 63,3 93,12""#), "{svg}");
        assert!(svg.contains(r#"d="M93,12h0""#), "{svg}");
    }

    #[test]
    fn flat_lone_and_missing_values() {
        assert_eq!(sparkline(&[None, Some(f64::NAN)], Role::Work), "");
        assert!(sparkline(&[Some(4.0)], Role::Work).contains(r#"points="93,12""#));
        assert!(sparkline(&[Some(4.0), Some(4.0)], Role::Work).contains(r#""3,12 93,12""#));
    }
}
