//! Drawing: grid, marks, rules and labels of one layout.

mod bar;
mod line;
mod stack;

use crate::layout::Layout;
use crate::number::{percent, px};
use crate::svg::placed;
use crate::{ChartSpec, Shape};

/// Horizontal lines at the ticks of the value axis, the one at zero stronger.
pub fn grid(_: &ChartSpec, layout: &Layout) -> String {
    let right = px(layout.path_width);
    let line = |value: f64| format!("M0,{}H{right}", px(layout.tick_y(value)));
    let above = layout.values.ticks().map(|(value, _)| value).filter(|value| *value != 0.0);
    let lines: String = above.map(line).collect();
    let bottom = px(layout.bottom_px);
    let mark = |fraction: &f64| format!("M{},{bottom}v4", px(fraction * layout.path_width));
    let marks: String = layout.date_marks.iter().map(mark).collect();
    let zero = line(0.0);
    let paths =
        format!(r#"<path class="grid" d="{lines}"/><path class="axis" d="{zero}{marks}"/>"#);
    placed(layout, &paths)
}

/// Every series, the first at the back.
pub fn marks(spec: &ChartSpec, layout: &Layout) -> String {
    let mut stack = bar::Stack::new(layout);
    let mut areas = stack::Areas::new(spec);
    let draw = |(place, series): (usize, &crate::Series)| match &series.shape {
        Shape::Bar => stack.draw(spec, place, series),
        Shape::Line => line::line(series, layout),
        Shape::Dashed => line::dashed(series, layout),
        Shape::Area => line::area(series, layout) + &line::line(series, layout),
        Shape::Band { .. } => line::band(series, layout),
        Shape::Dot => line::dots(series, layout),
        Shape::Stack { pale } => areas.draw(series, *pale, layout),
        Shape::Told => String::new(),
    };
    spec.series.iter().enumerate().map(draw).collect()
}

/// Vertical and horizontal rules.
pub fn rules(spec: &ChartSpec, layout: &Layout) -> String {
    if spec.is_empty() {
        return String::new();
    }
    let vertical = layout.above.rules.iter().map(|rule| {
        let (class, x) = (rule.role.class(), percent(rule.fraction));
        let (from, to) = (px(rule.begin_px(layout.top_px)), px(layout.bottom_px));
        format!(r#"<line class="rule date {class}" x1="{x}" x2="{x}" y1="{from}" y2="{to}"/>"#)
    });
    let levels = spec.rules.iter().filter_map(|rule| Some((rule, rule.level()?)));
    let horizontal = levels.map(|(rule, (value, since))| {
        let from = since.map_or(0.0, |date| layout.days.fraction(date, 0.0));
        let (class, x, y) = (rule.role.class(), percent(from), px(layout.y(value)));
        let line = format!(r#"x1="{x}" x2="100%" y1="{y}" y2="{y}""#);
        // A halo sets the rule off from bars; dots on the rule it would hide.
        let halo =
            if spec.has_bars() { format!(r#"<line class="halo" {line}/>"#) } else { String::new() };
        format!(r#"{halo}<line class="rule {class}" {line}/>"#)
    });
    vertical.chain(horizontal).collect()
}

/// Every text.
pub fn labels(_: &ChartSpec, layout: &Layout) -> String {
    let mut out = String::new();
    for label in &layout.labels {
        label.draw(&mut out);
    }
    out
}
