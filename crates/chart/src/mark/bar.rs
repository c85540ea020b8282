//! Bars, stacked in the order of their series.

use crate::layout::Layout;
use crate::number::{percent, px};
use crate::slot::Slot;
use crate::{ChartSpec, Emphasis, Series, svg};

/// Share of its slot that a bar takes.
const FILL: f64 = 0.8;

/// No bar is wider than this share of the plot, however few there are.
const WIDTH_MAX: f64 = 0.07;

/// Between bars that stand on each other.
const SEAM_PX: f64 = 1.0;

/// What is not zero is seen.
const HEIGHT_PX_MIN: f64 = 1.0;

/// Bars drawn so far: up and down from zero, for each slot.
pub struct Stack<'l> {
    layout: &'l Layout,
    ends: Vec<(f64, f64)>,
}

impl<'l> Stack<'l> {
    pub fn new(layout: &'l Layout) -> Self {
        Self { layout, ends: vec![(0.0, 0.0); layout.slots.len()] }
    }

    /// The bars of a series on top of those before it, grouped by how they are filled.
    pub fn draw(&mut self, spec: &ChartSpec, place: usize, series: &Series) -> String {
        let [mut full, mut pale, mut partial] = [const { String::new() }; 3];
        for (slot, ends) in self.layout.slots.iter().zip(&mut self.ends) {
            let Some(value) = slot.mean(series).filter(|value| *value != 0.0) else { continue };
            let end = if value > 0.0 { &mut ends.0 } else { &mut ends.1 };
            let from = *end;
            *end += value;
            let out = match slot.emphasis {
                Emphasis::Full => &mut full,
                Emphasis::Pale => &mut pale,
                Emphasis::Partial => &mut partial,
            };
            out.push_str(&bar(self.layout, slot, from, *end));
        }
        let role = series.role.class();
        let hatch = format!(r##" fill="url(#{})""##, svg::hatch_id(spec, place));
        group(&format!("mark-bar {role}"), "", &full)
            + &group(&format!("mark-bar pale {role}"), "", &pale)
            + &group(&format!("bar-partial {role}"), &hatch, &partial)
    }
}

fn group(class: &str, attributes: &str, bars: &str) -> String {
    if bars.is_empty() {
        return String::new();
    }
    format!(r#"<g class="{class}"{attributes}>{bars}</g>"#)
}

fn bar(layout: &Layout, slot: &Slot, from: f64, to: f64) -> String {
    let width = ((slot.right - slot.left) * FILL).min(WIDTH_MAX);
    let (top, bottom) = (layout.y(from.max(to)), layout.y(from.min(to)));
    let seam = if from != 0.0 && bottom - top > 3.0 * SEAM_PX { SEAM_PX } else { 0.0 };
    let (top, bottom) = if to > from { (top, bottom - seam) } else { (top + seam, bottom) };
    let height = (bottom - top).max(HEIGHT_PX_MIN);
    let (x, width) = (percent(slot.middle() - width / 2.0), percent(width));
    let (y, height) = (px(bottom - height), px(height));
    format!(r#"<rect x="{x}" y="{y}" width="{width}" height="{height}"/>"#)
}
