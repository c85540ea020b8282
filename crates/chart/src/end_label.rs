//! Labels of lines and horizontal rules at the right of the plot, pushed apart where they crowd.

use crate::bounds::{Anchor, Label, TEXT_PX, shortened, width_px};
use crate::layout::Layout;
use crate::size::Size;
use crate::{ChartSpec, Role, Series, Shape, number};

/// From the plot to a label.
const BESIDE_PX: f64 = 10.0;

/// From one baseline to the next.
const APART_PX: f64 = 15.0;

/// The stylesheet has a class for each multiple of this up to [`ROOM_MAX_PX`].
const ROOM_STEP_PX: f64 = 16.0;
const ROOM_MAX_PX: f64 = 144.0;

/// Inside the plot a longer name could reach the right edge.
const INSIDE_MAX_PX: f64 = 110.0;

/// Longer values are rounded where room is short.
const VALUE_CHARS_MAX: usize = 6;

/// Lines that end further left than this are named beside their end, inside the plot.
const AT_EDGE: f64 = 0.97;

/// Room right of the plot for the labels of a chart.
pub fn room_px(spec: &ChartSpec, size: Size) -> u16 {
    let widths =
        named(spec).map(|end| width_px(&end.text(size, f64::INFINITY), true) + BESIDE_PX + 2.0);
    let width = widths.fold(ROOM_STEP_PX, f64::max).min(ROOM_MAX_PX);
    ((width / ROOM_STEP_PX).ceil() * ROOM_STEP_PX) as u16
}

/// Labels of all lines and horizontal rules, none over another.
pub fn labels(spec: &ChartSpec, layout: &Layout) -> Vec<Label> {
    let room_px = f64::from(layout.right_px) - BESIDE_PX;
    let (outside, inside): (Vec<End>, Vec<End>) =
        named(spec).partition(|end| end.is_at_edge(layout));
    let beside = |end: &End| Label {
        text: end.text(layout.size, room_px),
        class: format!("end {}", end.role.class()),
        is_bold: true,
        anchor: Anchor::Start,
        fraction: 1.0,
        shift_px: BESIDE_PX,
        baseline_px: layout.y(end.value) + 4.0,
    };
    let near =
        |end: &End| end.inside(layout, inside.iter().any(|other| other.is_over(end, layout)));
    let outside = apart(outside.iter().map(beside).collect(), layout);
    let inside = apart(inside.iter().map(near).collect(), layout);
    outside.into_iter().chain(inside).collect()
}

/// Something that has a name at its end.
struct End<'s> {
    name: &'s str,
    role: Role,
    value: f64,
    /// The series and its last position with a value; a rule reaches the edge.
    line: Option<(&'s Series, usize)>,
}

fn named(spec: &ChartSpec) -> impl Iterator<Item = End<'_>> {
    let lines = spec.series.iter().filter_map(|series| {
        let is_line = matches!(series.shape, Shape::Line | Shape::Area);
        let last = (0..spec.positions.len()).rev().find(|at| series.value(*at).is_some())?;
        let value = series.value(last)?;
        let line = Some((series, last));
        is_line.then_some(End { name: &series.name, role: series.role, value, line })
    });
    let rules = spec.rules.iter().filter_map(|rule| {
        let (value, _) = rule.level()?;
        Some(End { name: &rule.label, role: rule.role, value, line: None })
    });
    lines.chain(rules)
}

impl End<'_> {
    /// The value after as much of the name as fits; where room is short the value alone, since
    /// the legend has the name.
    fn text(&self, size: Size, room_px: f64) -> String {
        let value = number::value(self.value, 1);
        match size {
            Size::Narrow if value.chars().count() > VALUE_CHARS_MAX => number::tick(self.value),
            Size::Narrow => value,
            Size::Medium | Size::Wide => {
                let value = format!(" {value}");
                shortened(self.name, true, room_px - width_px(&value, true)) + &value
            }
        }
    }

    /// Where a line ends; the right edge for what reaches across the plot.
    fn fraction(&self, layout: &Layout) -> f64 {
        let last = self.line.and_then(|(_, last)| layout.places().nth(last));
        last.map_or(1.0, |(_, fraction)| fraction)
    }

    /// Whether nothing but the end of its own week is right of the end.
    fn is_at_edge(&self, layout: &Layout) -> bool {
        self.fraction(layout) + layout.days.share(3.5) >= AT_EDGE
    }

    /// Whether the label above this end leaves no room for one between it and that of another.
    fn is_over(&self, other: &End, layout: &Layout) -> bool {
        let apart_px = layout.y(other.value) - layout.y(self.value);
        let is_first = self.value > other.value || self.name < other.name;
        (0.0..TEXT_PX + BESIDE_PX).contains(&apart_px) && is_first
    }

    /// Left of the end of the line, above it where the line rises and below it where it falls, or
    /// where another end is right over it.
    fn inside(&self, layout: &Layout, is_under_another: bool) -> Label {
        let fraction = self.fraction(layout);
        let text = self.text(layout.size, INSIDE_MAX_PX);
        let has_room = fraction * layout.plot_px > width_px(&text, true) + 2.0 * BESIDE_PX;
        let is_falling = self.line.is_some_and(|(series, last)| {
            let before = (last.saturating_sub(last / 4 + 1)..last).find_map(|at| series.value(at));
            before.is_some_and(|before| before > self.value)
        });
        let shift_y = if is_falling || is_under_another { TEXT_PX + 6.0 } else { -BESIDE_PX };
        Label {
            text,
            class: format!("end {}", self.role.class()),
            is_bold: true,
            anchor: if has_room { Anchor::End } else { Anchor::Start },
            fraction,
            shift_px: if has_room { -BESIDE_PX } else { BESIDE_PX },
            baseline_px: layout.y(self.value) + shift_y,
        }
    }
}

/// Moves labels up or down until none touches another; those beyond the plot height are left out.
fn apart(mut labels: Vec<Label>, layout: &Layout) -> Vec<Label> {
    labels.sort_by(|a, b| a.baseline_px.total_cmp(&b.baseline_px));
    let lowest_px = layout.bottom_px + 4.0;
    let highest_px = layout.top_px + 4.0;
    labels.truncate(((lowest_px - highest_px) / APART_PX).max(0.0) as usize + 1);
    let mut least_px = highest_px;
    for label in &mut labels {
        label.baseline_px = label.baseline_px.max(least_px);
        least_px = label.baseline_px + APART_PX;
    }
    let mut most_px = lowest_px;
    for label in labels.iter_mut().rev() {
        label.baseline_px = label.baseline_px.min(most_px);
        most_px = label.baseline_px - APART_PX;
    }
    labels
}
