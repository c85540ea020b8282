//! Every kind of chart, at several widths, light and dark, as one HTML page to look at:
//! `cargo run -p chart --example gallery > gallery.html`.

mod case;

use std::io::Write;

use chart::{ChartSpec, LegendItem, Role, Theme, sparkline};

/// Widths of the element around a chart, among them the edges of each range.
const WIDTHS_PX: [u16; 6] = [260, 330, 479, 480, 799, 1200];

const THEMES: [(&str, Theme); 2] = [("light", Theme::Light), ("dark", Theme::Dark)];

const STYLE: &str = "
:root { --card: #fff; --text: #1b2430; --soft: #566170; --line: #e1e5ea; --work: #1b62d4;
  --done: #1a7f37; --scope: #8250df; --wait: #8a5f00; --risk: #c01f2b; }
.dark { --card: #171d25; --text: #e6ebf1; --soft: #a3afbd; --line: #2a333e; --work: #6ba1ff;
  --done: #3fb950; --scope: #b392f7; --wait: #d6a021; --risk: #ff7b74; }
body { margin: 0; font: 14px/1.5 system-ui, sans-serif; }
section { padding: 16px; background: var(--card); color: var(--text); }
.row { display: flex; flex-wrap: wrap; gap: 32px; align-items: start; }
.chart-frame { outline: 1px dotted var(--line); }
h2 { font-size: 16px; margin: 0 0 8px; }
";

fn main() -> std::io::Result<()> {
    let mut page = format!(
        "<!doctype html><meta charset=utf-8><title>Charts</title><style>{STYLE}{}</style>",
        chart::CSS
    );
    for (theme, colours) in THEMES {
        for spec in case::all(theme) {
            page.push_str(&section(&spec, theme));
        }
        page.push_str(&small(theme, colours));
    }
    std::io::stdout().write_all(page.as_bytes())
}

fn section(spec: &ChartSpec, theme: &str) -> String {
    let (legend, svg) = (legend(&spec.legend()), spec.to_svg());
    let frame = |width: &u16| {
        format!(
            "<div><div style=\"width:{width}px\">{legend}<div class=chart-frame>{svg}</div></div></div>"
        )
    };
    let frames: String = WIDTHS_PX.iter().map(frame).collect();
    format!(
        "<section class={theme}><h2>{} ({} bytes)</h2><div class=row>{frames}</div></section>",
        spec.id,
        svg.len()
    )
}

fn legend(items: &[LegendItem]) -> String {
    let item = |item: &LegendItem| format!("<li>{}{}</li>", item.swatch, item.label);
    format!("<ul class=chart-legend>{}</ul>", items.iter().map(item).collect::<String>())
}

/// Sparklines, and charts as files of their own.
fn small(theme: &str, colours: Theme) -> String {
    let values: Vec<_> = (0..12).map(|week| Some(f64::from((week * 7) % 5))).collect();
    let sparks: String =
        [Role::Work, Role::Done, Role::Risk].map(|role| sparkline(&values, role)).concat();
    let file =
        |spec: ChartSpec| [320, 640, 1040].map(|px| spec.to_standalone_svg(px, colours)).concat();
    let files: String = case::all(&format!("{theme}-file")).into_iter().take(3).map(file).collect();
    format!("<section class={theme}><div class=row>{sparks}{files}</div></section>")
}
