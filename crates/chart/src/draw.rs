//! The whole picture.

use crate::layout::Layout;
use crate::size::Size;
use crate::svg::{escaped, hatch_id, id};
use crate::{ChartSpec, Emphasis, Series, Shape, describe, hover, mark, number};

/// Draws a part of a chart for one layout.
type Draw = fn(&ChartSpec, &Layout) -> String;

/// Everything inside the plot of one width, from back to front.
pub fn plot(spec: &ChartSpec, layout: &Layout) -> String {
    let parts = [mark::grid, mark::marks, mark::rules, mark::labels];
    parts.map(|draw: Draw| draw(spec, layout)).concat()
}

impl ChartSpec {
    /// The chart as SVG for a page that has [`crate::CSS`]; fills an element of class
    /// `chart-frame` at any width from 260 px. An empty chart says that there is nothing to show;
    /// for a better sentence ask [`ChartSpec::is_empty`] first.
    pub fn to_svg(&self) -> String {
        let layouts = Layout::for_page(self);
        let [narrow, _, wide] = &layouts;
        let (id, height) = (id(&self.id), number::px(wide.height_px()));
        let (end, slim) = (wide.right_px, narrow.right_px);
        let mut out = format!(
            r#"<svg class="chart end-{end} slim-{slim}" height="{height}" role="img" aria-labelledby="{id}-t {id}-d">"#
        );
        out.push_str(&self.head(&id));
        write_by_size(&mut out, layouts.each_ref().map(|layout| mark::grid(self, layout)));
        write_by_size(&mut out, drawn_once(self, &layouts, mark::marks));
        write_by_size(&mut out, layouts.each_ref().map(|layout| mark::rules(self, layout)));
        write_by_size(&mut out, layouts.each_ref().map(|layout| mark::labels(self, layout)));
        write_by_size(&mut out, drawn_once(self, &layouts, hover::hits));
        out.push_str("</svg>");
        out
    }

    /// Title, description and patterns.
    pub(crate) fn head(&self, id: &str) -> String {
        let (title, text) = (escaped(&self.title), escaped(&describe::sentence(self)));
        let patterns = hatches(self);
        format!(r#"<title id="{id}-t">{title}</title><desc id="{id}-d">{text}</desc>{patterns}"#)
    }
}

/// A part that follows from scales and slots alone, drawn once for layouts that share them: with
/// hundreds of weeks most of the time goes into marks.
fn drawn_once(spec: &ChartSpec, layouts: &[Layout; 3], draw: Draw) -> [String; 3] {
    let [narrow, medium, wide] = layouts;
    let first = draw(spec, narrow);
    let second = if medium.is_drawn_like(narrow) { first.clone() } else { draw(spec, medium) };
    let third = if wide.is_drawn_like(medium) { second.clone() } else { draw(spec, wide) };
    [first, second, third]
}

/// Writes a part once for all widths that agree on it.
fn write_by_size(out: &mut String, parts: [String; 3]) {
    let [narrow, medium, wide] = &parts;
    if narrow == medium && medium == wide {
        return out.push_str(narrow);
    }
    for (place, part) in parts.iter().enumerate() {
        let is_repeat = parts.iter().take(place).any(|earlier| earlier == part);
        if is_repeat || part.is_empty() {
            continue;
        }
        let same = parts.iter().zip(Size::ALL).filter(|(other, _)| *other == part);
        let classes: Vec<_> = same.map(|(_, size)| size.class()).collect();
        out.push_str(&format!(r#"<g class="at {}">{part}</g>"#, classes.join(" ")));
    }
}

/// Patterns for the hatched bars of all series that have some.
fn hatches(spec: &ChartSpec) -> String {
    let is_hatched = spec.positions.iter().any(|at| at.emphasis == Emphasis::Partial);
    let bars = spec.series.iter().enumerate().filter(|(_, series)| series.shape == Shape::Bar);
    let pattern = |(place, series): (usize, &Series)| {
        let (id, role) = (hatch_id(spec, place), series.role.class());
        format!(
            r#"<pattern id="{id}" class="{role}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M1,0V5"/></pattern>"#
        )
    };
    let patterns: String = bars.filter(|_| is_hatched).map(pattern).collect();
    if patterns.is_empty() { patterns } else { format!("<defs>{patterns}</defs>") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_widths_agree_on_is_written_once() {
        let check = |parts: [&str; 3], want: &str| {
            let mut out = String::new();
            write_by_size(&mut out, parts.map(str::to_owned));
            assert_eq!(out, want);
        };
        check(["a", "a", "a"], "a");
        check(["a", "b", "b"], r#"<g class="at s">a</g><g class="at m l">b</g>"#);
        check(["a", "", "a"], r#"<g class="at s l">a</g>"#);
    }
}
