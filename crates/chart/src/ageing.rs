//! Dots in columns over zones: how old each item of a stage is, beside how old finished ones were.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::number::{percent, px};
use crate::scale::ValueScale;
use crate::svg::escaped;

/// Height of the plot, in pixels.
const HEIGHT_PX: f64 = 280.0;
/// Room above for the highest tick, in pixels.
const TOP_PX: f64 = 10.0;
/// Dots closer than this above each other stand side by side, in pixels.
const DOT_PX: f64 = 10.0;
/// Most dots of which each is drawn by itself; of more, those at one place become one.
const SINGLE_MAX: usize = 160;
/// Where the oldest is so many times the highest zone, the axis grows with the square root.
const LINEAR_RATIO_MAX: f64 = 2.5;

/// A chart of ages in columns.
#[derive(Debug, Clone, PartialEq)]
pub struct AgeingChart {
    /// What it says, read aloud.
    pub description: String,
    /// The columns, from left to right.
    pub columns: Vec<AgeingColumn>,
    /// The dots.
    pub dots: Vec<AgeingDot>,
}

/// A column of the chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgeingColumn {
    /// What it is called.
    pub name: String,
    /// The upper edges of its zones in days, ascending; above the last is one more. Empty where
    /// nothing is known.
    pub zones: Vec<u32>,
}

/// An item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgeingDot {
    /// Its column.
    pub column: usize,
    /// How old it is, in days.
    pub days: u32,
    /// What it is called.
    pub name: String,
    /// Where it leads.
    pub href: String,
    /// Whether it is marked: another colour, and a square.
    pub is_marked: bool,
}

/// Days to heights.
struct Heights {
    scale: ValueScale,
    is_root: bool,
}

impl Heights {
    fn of(chart: &AgeingChart) -> Heights {
        let oldest = chart.dots.iter().map(|dot| dot.days).max().unwrap_or_default();
        let zone = chart.columns.iter().filter_map(|column| column.zones.last()).max();
        let zone = zone.copied().unwrap_or_default();
        let is_root = zone > 0 && f64::from(oldest) > LINEAR_RATIO_MAX * f64::from(zone);
        let highest = f64::from(oldest.max(zone)).max(1.0);
        let high = if is_root { highest.sqrt() } else { highest };
        Heights { scale: ValueScale::new(0.0, high, 5.0, !is_root), is_root }
    }

    fn y(&self, days: f64) -> f64 {
        let value = if self.is_root { days.sqrt() } else { days };
        TOP_PX + HEIGHT_PX * (1.0 - self.scale.fraction(value))
    }

    /// Every tick: its height and the days it stands for.
    fn ticks(&self) -> Vec<(f64, f64)> {
        let days = |value: f64| if self.is_root { value * value } else { value };
        self.scale.ticks().map(|(value, _)| (self.y(days(value)), days(value))).collect()
    }
}

impl AgeingChart {
    /// An SVG as wide as the element around it; its columns and those of a row of equal parts
    /// beneath stand under each other.
    pub fn to_svg(&self) -> String {
        let heights = Heights::of(self);
        let mut svg = format!(
            r#"<svg class="chart ageing" height="{}" role="group" aria-label="{}">"#,
            px(HEIGHT_PX + 2.0 * TOP_PX),
            escaped(&self.description)
        );
        self.columns
            .iter()
            .enumerate()
            .for_each(|(at, column)| self.zones(&mut svg, &heights, at, column));
        for (y, days) in heights.ticks() {
            let (y, days) = (px(y), days.round());
            let _ = write!(
                svg,
                r#"<line class="grid" x2="100%" y1="{y}" y2="{y}"/><text x="-8" y="{y}" dy="4" text-anchor="end">{days}</text>"#
            );
        }
        for at in 1..self.columns.len() {
            let x = percent(self.left(at));
            let bottom = px(TOP_PX + HEIGHT_PX);
            let _ = write!(
                svg,
                r#"<line class="grid" x1="{x}" x2="{x}" y1="{TOP_PX}" y2="{bottom}"/>"#
            );
        }
        self.draw_dots(&mut svg, &heights);
        svg + "</svg>"
    }

    /// Share of the width left of a column.
    fn left(&self, column: usize) -> f64 {
        column as f64 / self.columns.len().max(1) as f64
    }

    fn zones(&self, svg: &mut String, heights: &Heights, at: usize, column: &AgeingColumn) {
        let (x, width) = (percent(self.left(at)), percent(self.left(1)));
        let mut lower = heights.y(0.0);
        let edges = column.zones.iter().map(|days| heights.y(f64::from(*days)));
        let edges = edges.chain((!column.zones.is_empty()).then_some(TOP_PX));
        for (zone, upper) in edges.enumerate() {
            let height = (lower - upper).max(0.0);
            let (y, height) = (px(upper), px(height));
            let _ = write!(
                svg,
                r#"<rect class="zone z{zone}" x="{x}" width="{width}" y="{y}" height="{height}"/>"#
            );
            lower = upper;
        }
    }

    fn draw_dots(&self, svg: &mut String, heights: &Heights) {
        let mut rows: BTreeMap<(usize, i64), Vec<&AgeingDot>> = BTreeMap::new();
        for dot in &self.dots {
            let row = (heights.y(f64::from(dot.days)) / DOT_PX).round() as i64;
            rows.entry((dot.column, row)).or_default().push(dot);
        }
        let is_single = self.dots.len() <= SINGLE_MAX;
        for ((column, _), dots) in rows {
            if is_single || dots.len() == 1 {
                self.draw_side_by_side(svg, heights, column, &dots);
            } else {
                self.draw_as_one(svg, heights, column, &dots);
            }
        }
    }

    fn draw_side_by_side(
        &self,
        svg: &mut String,
        heights: &Heights,
        column: usize,
        dots: &[&AgeingDot],
    ) {
        let width = self.left(1);
        let step = (width * 0.9 / dots.len() as f64).min(0.018);
        let first = self.left(column) + width / 2.0 - step * (dots.len() - 1) as f64 / 2.0;
        for (place, dot) in dots.iter().enumerate() {
            let y = heights.y(f64::from(dot.days));
            let x = percent(first + step * place as f64);
            mark(svg, dot, &x, y, 4.5, &dot.name);
        }
    }

    fn draw_as_one(&self, svg: &mut String, heights: &Heights, column: usize, dots: &[&AgeingDot]) {
        let Some(oldest) = dots.iter().max_by_key(|dot| dot.days) else { return };
        let least = dots.iter().map(|dot| dot.days).min().unwrap_or_default();
        let name = format!(
            "{} items of {least} to {} days, such as {}",
            dots.len(),
            oldest.days,
            oldest.name
        );
        let marked = dots.iter().find(|dot| dot.is_marked).unwrap_or(oldest);
        let x = percent(self.left(column) + self.left(1) / 2.0);
        let radius = 4.5 + (dots.len() as f64).sqrt().min(9.0);
        let y = heights.y(f64::from(least + oldest.days) / 2.0);
        mark(svg, marked, &x, y, radius, &name);
        let (count, y) = (dots.len(), px(y));
        let _ = write!(
            svg,
            r#"<text class="many" x="{x}" y="{y}" dy="4" text-anchor="middle">{count}</text>"#
        );
    }
}

/// Links are for the pointer: the table has them all for the keyboard.
fn mark(svg: &mut String, dot: &AgeingDot, x: &str, y: f64, radius: f64, name: &str) {
    let (href, name) = (escaped(&dot.href), escaped(name));
    let _ = write!(svg, r#"<a href="{href}" tabindex="-1"><title>{name}</title>"#);
    if dot.is_marked {
        // Lines with square ends keep their shape and place where the width stretches.
        let size = px(radius * 2.0);
        let y = px(y);
        let _ = write!(
            svg,
            r#"<line class="flagged" x1="{x}" x2="{x}" y1="{y}" y2="{y}" stroke-width="{size}"/>"#
        );
    } else {
        let (y, radius) = (px(y), px(radius));
        let _ = write!(svg, r#"<circle cx="{x}" cy="{y}" r="{radius}"/>"#);
    }
    svg.push_str("</a>");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(column: usize, days: u32) -> AgeingDot {
        let name = format!("A-{days}, <b>");
        AgeingDot { column, days, name, href: "/a?b&c".to_owned(), is_marked: days == 7 }
    }

    fn chart(dots: Vec<AgeingDot>) -> AgeingChart {
        let column =
            |zones: &[u32]| AgeingColumn { name: "Doing".to_owned(), zones: zones.to_vec() };
        let columns = vec![column(&[2, 4, 8, 16]), column(&[])];
        AgeingChart { description: "What is \"old\"".to_owned(), columns, dots }
    }

    #[test]
    fn each_dot_stands_in_its_column_and_at_its_age() {
        let svg = chart(vec![dot(0, 4), dot(1, 20), dot(1, 7)]).to_svg();
        assert_eq!(svg.matches("class=\"zone").count(), 5, "{svg}");
        assert_eq!(svg.matches("<circle").count(), 2);
        // 20 is the highest tick, 4 a fifth of the height above the ground.
        assert!(svg.contains(r#"<circle cx="25%" cy="234" r="4.5"/>"#), "{svg}");
        assert!(svg.contains(r#"<circle cx="75%" cy="10" r="4.5"/>"#), "{svg}");
        assert!(svg.contains("class=\"flagged\" x1=\"75%\""), "{svg}");
        assert!(svg.contains("A-4, &lt;b&gt;") && svg.contains("/a?b&amp;c"));
    }

    #[test]
    fn coincident_dots_are_told() {
        let svg = chart((0..200).map(|_| dot(0, 5)).collect()).to_svg();
        assert_eq!(svg.matches("<circle").count(), 1);
        assert!(svg.contains("200 items of 5 to 5 days") && svg.contains(">200</text>"), "{svg}");
        let few = chart((0..12).map(|_| dot(0, 5)).collect()).to_svg();
        assert_eq!(few.matches("<circle").count(), 12);
    }

    #[test]
    fn very_old_work_does_not_press_the_zones_flat() {
        let heights = Heights::of(&chart(vec![dot(0, 900)]));
        assert!(heights.is_root && heights.y(16.0) < TOP_PX + HEIGHT_PX * 0.9);
        assert!(!Heights::of(&chart(vec![dot(0, 30)])).is_root);
    }
}
