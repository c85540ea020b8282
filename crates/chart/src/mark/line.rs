//! Lines, areas, bands and dots, as paths.

use crate::Series;
use crate::layout::Layout;
use crate::number::{percent, px};
use crate::simplify::{Point, simplified};
use crate::svg::placed;

/// A line with gaps where values are missing; what stands alone is a dot, its end a ring.
pub fn line(series: &Series, layout: &Layout) -> String {
    let lines: String = runs(series, layout, Series::value).iter().map(|run| path(run)).collect();
    path_element("mark-line", series, layout, &lines) + &ring(series, layout)
}

/// A dashed line without a ring.
pub fn dashed(series: &Series, layout: &Layout) -> String {
    let lines: String = runs(series, layout, Series::value).iter().map(|run| path(run)).collect();
    path_element("mark-line dashed", series, layout, &lines)
}

/// The area between the values and zero.
pub fn area(series: &Series, layout: &Layout) -> String {
    let base = px(layout.y(0.0));
    let close = |run: &Vec<Point>| {
        let (first, last) = (run.first()?, run.last()?);
        Some(format!("{}V{base}H{}z", path(run), px(first.0))).filter(|_| last.0 > first.0)
    };
    let areas: String = runs(series, layout, Series::value).iter().filter_map(close).collect();
    path_element("mark-area", series, layout, &areas)
}

/// The area between the lower edge and the values.
pub fn band(series: &Series, layout: &Layout) -> String {
    let both = |edge: fn(&Series, usize) -> Option<f64>| {
        move |series: &Series, at: usize| {
            let is_whole = series.value(at).is_some() && series.lower(at).is_some();
            edge(series, at).filter(|_| is_whole)
        }
    };
    let upper = runs(series, layout, both(Series::value));
    let lower = runs(series, layout, both(Series::lower));
    let shape = |(upper, lower): (&Vec<Point>, &Vec<Point>)| {
        let back: String = lower.iter().rev().map(|point| format!("L{}", pair(point))).collect();
        format!("{}{back}z", path(upper))
    };
    let bands: String = upper.iter().zip(&lower).map(shape).collect();
    path_element("mark-band", series, layout, &bands)
}

/// A dot for each value: a line without length has round ends.
pub fn dots(series: &Series, layout: &Layout) -> String {
    let points = layout.places().filter_map(|(at, x)| Some((x, series.value(at)?)));
    let points = points.map(|(x, value)| (x * layout.path_width, layout.y(value)));
    let dots: String = points.map(|point| format!("M{}h0", pair(&point))).collect();
    path_element("mark-dot", series, layout, &dots)
}

fn path_element(class: &str, series: &Series, layout: &Layout, d: &str) -> String {
    if d.is_empty() {
        return String::new();
    }
    let role = series.role.class();
    placed(layout, &format!(r#"<path class="{class} {role}" d="{d}"/>"#))
}

fn ring(series: &Series, layout: &Layout) -> String {
    let ends = layout.places().filter_map(|(at, x)| Some((x, series.value(at)?)));
    let Some((x, value)) = ends.last() else { return String::new() };
    let (x, y, role) = (percent(x), px(layout.y(value)), series.role.class());
    format!(r#"<circle class="mark-end {role}" cx="{x}" cy="{y}" r="3.5"/>"#)
}

/// The points of a series, split where a value is missing and thinned to what can be seen.
fn runs(
    series: &Series,
    layout: &Layout,
    edge: impl Fn(&Series, usize) -> Option<f64>,
) -> Vec<Vec<Point>> {
    let mut runs: Vec<Vec<Point>> = vec![Vec::new()];
    for (at, x) in layout.places() {
        match (edge(series, at), runs.last_mut()) {
            (Some(value), Some(run)) => run.push((x * layout.path_width, layout.y(value))),
            _ => runs.push(Vec::new()),
        }
    }
    runs.iter().filter(|run| !run.is_empty()).map(|run| simplified(run)).collect()
}

fn path(run: &[Point]) -> String {
    let mut path = String::new();
    for (place, point) in run.iter().enumerate() {
        path.push_str(match place {
            0 => "M",
            1 => "L",
            _ => " ",
        });
        path.push_str(&pair(point));
    }
    if run.len() == 1 {
        path.push_str("h0");
    }
    path
}

pub fn pair(point: &Point) -> String {
    format!("{},{}", px(point.0), px(point.1))
}
