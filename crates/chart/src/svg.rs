//! The pieces of SVG text that every mark is made of.

use crate::layout::Layout;
use crate::{ChartSpec, number};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(escaped("<a b=\"&\">\u{1}"), "&lt;a b=&quot;&amp;&quot;&gt; ");
        assert_eq!(id("a \"b"), "c-a--b");
    }
}
