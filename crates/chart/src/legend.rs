//! The legend: what each mark stands for, in the order of the series.

use crate::{ChartSpec, Emphasis, Role, RuleAt, Series, Shape, svg};

/// One entry of a legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegendItem {
    /// What the mark stands for.
    pub label: String,
    /// A picture of the mark as an `<svg>` of 18 × 12 px, hidden from screen readers.
    pub swatch: String,
}

impl ChartSpec {
    /// The legend in the order of series and rules; a page shows it as a list above the chart.
    /// Patterns are those of [`ChartSpec::to_svg`], so both belong into the same page.
    pub fn legend(&self) -> Vec<LegendItem> {
        let marks = self.entries().into_iter();
        marks.map(|(label, mark)| LegendItem { label, swatch: swatch(&mark) }).collect()
    }

    /// Labels with pictures in a box of 18 × 12.
    pub(crate) fn entries(&self) -> Vec<(String, String)> {
        let mut entries = Vec::new();
        let mut bands = 0;
        for series in self.series.iter().filter(|series| series.shape != Shape::Told) {
            bands += usize::from(matches!(series.shape, Shape::Band { .. }));
            entries.push((series.name.clone(), series_mark(series, bands)));
        }
        entries.extend(self.bar_entries());
        let levels = self.rules.iter().filter(|rule| matches!(rule.at, RuleAt::Value { .. }));
        entries.extend(levels.map(|rule| {
            let line = r#"<line class="rule" x1="0" x2="18" y1="6" y2="6"/>"#;
            (rule.label.clone(), coloured(rule.role, line))
        }));
        entries
    }

    /// What pale and hatched bars mean, if there are any.
    fn bar_entries(&self) -> Vec<(String, String)> {
        let bars = self.series.iter().enumerate().find(|(_, series)| series.shape == Shape::Bar);
        let Some((place, series)) = bars else { return Vec::new() };
        let has = |emphasis| self.positions.iter().any(|position| position.emphasis == emphasis);
        let mut entries = Vec::new();
        if has(Emphasis::Pale) {
            let pale = format!(r#"<g class="mark-bar pale">{BAR}</g>"#);
            entries.push((self.pale_name.clone(), coloured(series.role, &pale)));
        }
        if has(Emphasis::Partial) {
            let fill = format!("url(#{})", svg::hatch_id(self, place));
            let partial = format!(r#"<g class="bar-partial" fill="{fill}">{BAR}</g>"#);
            entries.push((self.partial_name.clone(), coloured(series.role, &partial)));
        }
        entries
    }
}

const BAR: &str = r#"<rect x="3.5" y=".5" width="11" height="11"/>"#;

fn swatch(mark: &str) -> String {
    format!(
        r#"<svg class="swatch" width="18" height="12" viewBox="0 0 18 12" aria-hidden="true">{mark}</svg>"#
    )
}

fn coloured(role: Role, mark: &str) -> String {
    format!(r#"<g class="{}">{mark}</g>"#, role.class())
}

/// A picture of a series; the nth band looks like n bands over each other.
fn series_mark(series: &Series, bands: usize) -> String {
    let area = |class: &str| format!(r#"<path class="{class}" d="M0,1H18V11H0z"/>"#);
    let line = |class: &str| format!(r#"<path class="{class}" d="M0,6H18"/>"#);
    let mark = match series.shape {
        Shape::Line => line("mark-line"),
        Shape::Dashed => line("mark-line dashed"),
        Shape::Area => {
            r#"<path class="mark-area" d="M0,2H18V12H0z"/><path class="mark-line" d="M0,2H18"/>"#
                .to_owned()
        }
        Shape::Band { .. } => area("mark-band").repeat(bands),
        Shape::Bar => format!(r#"<g class="mark-bar">{BAR}</g>"#),
        Shape::Dot => r#"<path class="mark-dot" d="M9,6h0"/>"#.to_owned(),
        Shape::Stack { pale } => area(&format!("mark-stack pale-{pale}")),
        Shape::Told => String::new(),
    };
    coloured(series.role, &mark)
}
