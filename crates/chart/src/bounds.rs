//! Labels and the room they take, estimated from widths of glyphs.
//!
//! The estimate takes a wide face (DejaVu Sans, Verdana): other system fonts need less room.

use crate::{number, svg};

/// Size of all text, in pixels; the stylesheet says the same.
pub const TEXT_PX: f64 = 12.0;

/// Height of a line of labels, in pixels.
pub const LINE_PX: f64 = 16.0;

/// What bold text is wider than plain text.
const BOLD: f64 = 1.12;

/// Which point of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// A text with its place: a share of the plot width, a shift in pixels and a baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    pub text: String,
    pub class: String,
    pub is_bold: bool,
    pub anchor: Anchor,
    pub fraction: f64,
    pub shift_px: f64,
    pub baseline_px: f64,
}

impl Label {
    /// The room the label takes in a plot of that width, from its left edge.
    pub fn bounds(&self, plot_width_px: f64) -> Bounds {
        let width = width_px(&self.text, self.is_bold);
        let at = self.fraction * plot_width_px + self.shift_px;
        let left = match self.anchor {
            Anchor::Start => at,
            Anchor::Middle => at - width / 2.0,
            Anchor::End => at - width,
        };
        let top = self.baseline_px - 0.8 * TEXT_PX;
        Bounds { left, right: left + width, top, bottom: top + TEXT_PX }
    }

    pub fn draw(&self, out: &mut String) {
        let anchor = match self.anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let shift = match number::px(self.shift_px).as_str() {
            "0" => String::new(),
            shift => format!(r#" dx="{shift}""#),
        };
        let (class, text) = (&self.class, svg::escaped(&self.text));
        let (x, y) = (number::percent(self.fraction), number::px(self.baseline_px));
        out.push_str(&format!(
            r#"<text class="{class}" x="{x}" y="{y}"{shift}{anchor}>{text}</text>"#
        ));
    }
}

/// A rectangle in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

impl Bounds {
    /// Whether less than `gap_px` of free room lies between two rectangles side by side.
    pub fn touches(&self, other: &Bounds, gap_px: f64) -> bool {
        self.left < other.right + gap_px
            && other.left < self.right + gap_px
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

/// Estimated width of a text, in pixels.
pub fn width_px(text: &str, is_bold: bool) -> f64 {
    let ems: f64 = text.chars().map(glyph_em).sum();
    ems * TEXT_PX * if is_bold { BOLD } else { 1.0 }
}

fn glyph_em(glyph: char) -> f64 {
    match glyph {
        'i' | 'j' | 'l' | '\'' | '|' | '\u{202f}' => 0.29,
        ' ' | '.' | ',' | ':' | ';' | 'I' | 'f' | 't' | '-' | '(' | ')' | '/' | '!' => 0.4,
        'r' | 's' | 'c' | 'z' | 'J' => 0.54,
        'm' | 'w' | 'M' | 'W' | '%' | '…' | '@' => 1.0,
        '−' | '+' | '=' => 0.84,
        'A'..='Z' => 0.76,
        ' '..='~' => 0.64,
        '\u{a1}'..='\u{2fff}' => 0.8,
        _ => 1.1,
    }
}

/// The text, or as much of its beginning as fits together with an ellipsis.
pub fn shortened(text: &str, is_bold: bool, room_px: f64) -> String {
    if width_px(text, is_bold) <= room_px {
        return text.to_owned();
    }
    let mut short = String::new();
    for glyph in text.chars() {
        short.push(glyph);
        if width_px(&short, is_bold) + width_px("…", is_bold) > room_px {
            short.pop();
            break;
        }
    }
    short.trim_end().to_owned() + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_end_in_an_ellipsis() {
        assert_eq!(shortened("scope 373", false, 200.0), "scope 373");
        let short = shortened("a name that goes on and on", true, 80.0);
        assert!(short.ends_with('…') && width_px(&short, true) <= 80.0, "{short}");
    }

    #[test]
    fn neighbours_touch_within_the_gap() {
        let at = |left| Bounds { left, right: left + 10.0, top: 0.0, bottom: 12.0 };
        assert!(at(0.0).touches(&at(12.0), 4.0));
        assert!(!at(0.0).touches(&at(14.0), 4.0));
    }
}
