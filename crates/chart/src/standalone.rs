//! A chart as a file of its own: fixed width, title, legend and concrete colours.

use crate::bounds::{Anchor, LINE_PX, Label, TEXT_PX, shortened, width_px as text_width_px};
use crate::layout::{LEFT_PX, Layout};
use crate::number::px;
use crate::{ChartSpec, draw, svg};

/// Colours of a standalone picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark on white.
    Light,
    /// Light on near black.
    Dark,
}

/// A variable of the stylesheet with its colour in the light and in the dark theme.
const COLOURS: [(&str, &str, &str); 17] = [
    ("work", "#1b62d4", "#6ba1ff"),
    ("done", "#1a7f37", "#3fb950"),
    ("scope", "#8250df", "#b392f7"),
    ("wait", "#8a5f00", "#d6a021"),
    ("risk", "#c01f2b", "#ff7b74"),
    ("soft", "#566170", "#a3afbd"),
    ("text", "#1b2430", "#e6ebf1"),
    ("line", "#e1e5ea", "#2a333e"),
    ("card", "#ffffff", "#171d25"),
    ("queue", "#b35c00", "#ffb454"),
    ("delivered", "#0b4f3a", "#2e8b57"),
    ("kind-0", "#1b62d4", "#6ba1ff"),
    ("kind-1", "#939302", "#c68f1f"),
    ("kind-2", "#bc72aa", "#b0e998"),
    ("kind-3", "#76214b", "#c3504f"),
    ("kind-4", "#cb5366", "#17fad9"),
    ("kind-5", "#091979", "#954ca2"),
];

/// Least width; below it labels have no room.
const WIDTH_PX_MIN: u16 = 260;

/// Free room around everything.
const MARGIN_PX: f64 = 16.0;

/// A swatch and the gap before its label.
const SWATCH_PX: f64 = 24.0;

/// Gap between two entries of the legend.
const ENTRY_GAP_PX: f64 = 16.0;

impl Theme {
    fn style(self) -> String {
        let mut style = include_str!("../asset/mark.css").to_owned();
        for (name, light, dark) in COLOURS {
            let colour = match self {
                Theme::Light => light,
                Theme::Dark => dark,
            };
            style = style.replace(&format!("var(--{name})"), colour);
        }
        style
    }
}

impl ChartSpec {
    /// The chart as an SVG file of that width, at least 260 px, that needs no page around it.
    pub fn to_standalone_svg(&self, width_px: u16, theme: Theme) -> String {
        let width_px = f64::from(width_px.max(WIDTH_PX_MIN));
        let layout = Layout::of_width(self, width_px - 2.0 * MARGIN_PX);
        let (legend, legend_px) = legend(self, width_px - 2.0 * MARGIN_PX);
        let top_px = MARGIN_PX + 24.0;
        let plot_top_px = top_px + legend_px;
        let height_px = plot_top_px + layout.height_px() + MARGIN_PX;
        let id = svg::id(&self.id);
        let (width, height) = (px(width_px), px(height_px));
        let title = svg::escaped(&shortened(&self.title, true, (width_px - 40.0) * 0.8));
        let (margin, top) = (px(MARGIN_PX), px(top_px));
        let (left, plot_top) = (px(MARGIN_PX + LEFT_PX), px(plot_top_px));
        let (plot_width, plot_height) = (px(layout.plot_px), px(layout.height_px()));
        [
            format!(r#"<svg xmlns="http://www.w3.org/2000/svg" class="chart" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{id}-t {id}-d">"#),
            self.head(&id),
            format!("<style>{}</style>", theme.style()),
            r#"<rect class="ground" width="100%" height="100%"/>"#.to_owned(),
            format!(r#"<text class="title" x="{margin}" y="28">{title}</text>"#),
            format!(r#"<g transform="translate({margin} {top})">{legend}</g>"#),
            format!(r#"<svg x="{left}" y="{plot_top}" width="{plot_width}" height="{plot_height}" overflow="visible">{}</svg></svg>"#, draw::plot(self, &layout)),
        ]
        .concat()
    }
}

/// The legend in lines of that width, and their height.
fn legend(spec: &ChartSpec, width_px: f64) -> (String, f64) {
    let mut out = String::new();
    let (mut x, mut line) = (0.0, 0.0);
    let entries = spec.entries();
    for (text, mark) in &entries {
        let text = shortened(text, false, width_px - SWATCH_PX);
        let entry_px = SWATCH_PX + text_width_px(&text, false);
        if x > 0.0 && x + entry_px > width_px {
            (x, line) = (0.0, line + 1.0);
        }
        let y = line * (LINE_PX + 4.0);
        out.push_str(&format!(r#"<g transform="translate({} {})">{mark}"#, px(x), px(y)));
        legend_label(text).draw(&mut out);
        out.push_str("</g>");
        x += entry_px + ENTRY_GAP_PX;
    }
    let lines = if entries.is_empty() { 0.0 } else { line + 1.0 };
    (out, lines * (LINE_PX + 4.0) + 8.0)
}

fn legend_label(text: String) -> Label {
    Label {
        text,
        class: "caption".to_owned(),
        is_bold: false,
        anchor: Anchor::Start,
        fraction: 0.0,
        shift_px: SWATCH_PX,
        baseline_px: TEXT_PX - 2.0,
    }
}
