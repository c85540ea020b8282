//! The pieces of SVG text that every mark is made of, and the whole picture.

use crate::layout::Layout;
use crate::size::Size;
use crate::{ChartSpec, Emphasis, Series, Shape, describe, hover, mark, number};

/// Width of the coordinates that paths are written in where they stretch.
pub const STRETCH: f64 = 1000.0;

/// Text that may stand in an element or in a quoted attribute; control characters become spaces.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for glyph in text.chars() {
        match glyph {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => safe.push(' '),
            _ if glyph.is_control() => safe.push(' '),
            _ => safe.push(glyph),
        }
    }
    safe
}

/// An id made of what a selector and `url(#…)` take without escaping.
pub fn id(text: &str) -> String {
    let safe = |glyph: char| if glyph.is_ascii_alphanumeric() { glyph } else { '-' };
    format!("c-{}", text.chars().map(safe).collect::<String>())
}

/// The id of the pattern that fills the hatched bars of a series.
pub fn hatch_id(spec: &ChartSpec, place: usize) -> String {
    format!("{}-h{place}", id(&spec.id))
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

/// Paths of a layout. On a page they are 1000 wide and stretch with the plot; a picture of one
/// width has them in pixels, since few programs but browsers keep strokes from stretching too.
pub fn placed(layout: &Layout, paths: &str) -> String {
    if paths.is_empty() || layout.path_width != STRETCH {
        return paths.to_owned();
    }
    let height = number::px(layout.bottom_px + 4.0);
    format!(
        r#"<svg width="100%" height="{height}" viewBox="0 0 1000 {height}" preserveAspectRatio="none">{paths}</svg>"#
    )
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(escaped("<a b=\"&\">\u{1}"), "&lt;a b=&quot;&amp;&quot;&gt; ");
        assert_eq!(id("a \"b"), "c-a--b");
    }

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
