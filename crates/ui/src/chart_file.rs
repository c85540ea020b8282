//! A chart as a file: in which form, how wide, in which colours, under which name.

use app::Result;
use app::flow::FlowAsk;
use app::forecast::ForecastAsk;
use app::parameter::{Parsed, Words, read, word};
use app::trail::Trail;
use chart::ChartSpec;
pub use chart::Theme;
use model::{Date, plain};
use words::format;

use crate::plot::catalog::{Chart, Drawn, NoChart, Source};

/// Width of a picture unless another is asked for, in pixels.
pub const WIDTH_PX_DEFAULT: u16 = 1040;
/// Narrower ones have no room for labels.
const WIDTH_PX_MIN: u16 = 320;
/// Wider ones have more room than weeks.
const WIDTH_PX_MAX: u16 = 2000;
/// The colours there are.
pub const THEMES: &Words<Theme> = &[("light", Theme::Light), ("dark", Theme::Dark)];
/// Longest part of a file name that comes from the name of a query.
const SLUG_CHARS_MAX: usize = 60;

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Lines and text, sharp at every size; set in the font of whoever looks at it.
    Svg,
    /// Pixels, the same on every machine.
    Png,
}

impl Form {
    /// Both.
    pub const ALL: [Form; 2] = [Form::Svg, Form::Png];

    /// The end of the file's name, without the dot.
    pub fn ending(self) -> &'static str {
        match self {
            Form::Svg => "svg",
            Form::Png => "png",
        }
    }

    /// The name of a file without its ending, and the form that the ending means.
    pub fn of_file(file: &str) -> Option<(&str, Form)> {
        let (name, ending) = file.rsplit_once('.')?;
        let form = Form::ALL.into_iter().find(|form| form.ending().eq_ignore_ascii_case(ending))?;
        Some((name, form))
    }

    /// What a browser calls it.
    pub fn media_type(self) -> &'static str {
        match self {
            Form::Svg => "image/svg+xml; charset=utf-8",
            Form::Png => "image/png",
        }
    }

    fn content(self, svg: String) -> std::result::Result<Vec<u8>, picture::Error> {
        match self {
            Form::Svg => Ok(svg.into_bytes()),
            Form::Png => picture::png(&svg),
        }
    }
}

/// A file with a chart.
#[derive(Debug)]
pub struct ChartFile {
    /// What it is called, in letters that every system takes: `open-work-burn-up-2025-11-24.png`.
    pub name: String,
    /// What is in it.
    pub content: Vec<u8>,
}

/// Why there is no file.
#[derive(Debug)]
pub enum NoFile {
    /// There is nothing to draw.
    NoChart(NoChart),
    /// It could not be drawn; a defect.
    Undrawn(picture::Error),
}

/// How a picture looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Its width, in pixels.
    pub width_px: u16,
    /// Its colours.
    pub theme: Theme,
}

/// A chart as it is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartFileAsk {
    /// How it looks.
    pub look: Look,
    /// What it shows; a chart of the overview knows no assumptions.
    pub shown: ForecastAsk,
    /// What a chart of the flow shows.
    pub flow: FlowAsk,
}

impl Default for ChartFileAsk {
    fn default() -> Self {
        let look = Look { width_px: WIDTH_PX_DEFAULT, theme: Theme::Light };
        ChartFileAsk { look, shown: ForecastAsk::default(), flow: FlowAsk::default() }
    }
}

impl ChartFileAsk {
    /// Takes one parameter as it stands in a URL: `width`, `theme`, or one of the page that `chart`
    /// stands on. An empty value means that it is not given; an error names the parameter.
    pub fn set(&mut self, chart: &Chart, name: &str, value: &str) -> Result<()> {
        let value = value.trim();
        match (name, chart.source) {
            _ if value.is_empty() => {}
            ("width", _) => self.look.width_px = read("width", value, width_px)?,
            ("theme", _) => {
                self.look.theme = read("theme", value, |value| word(THEMES, value))?;
            }
            (_, Source::Overview(_)) => self.shown.view.set(name, value)?,
            (_, Source::Forecast(_)) => self.shown.set(name, value)?,
            (_, Source::Flow(_)) => self.flow.set(name, value)?,
        }
        Ok(())
    }

    /// The file with what was drawn about a query as of a day.
    pub fn file(
        &self,
        form: Form,
        drawn: Drawn,
        trail: &Trail,
        as_of: Date,
    ) -> std::result::Result<ChartFile, NoFile> {
        let spec = drawn.map_err(NoFile::NoChart)?;
        let name = name(&spec, form, trail, as_of);
        let svg = titled(spec, trail, as_of).to_standalone_svg(self.look.width_px, self.look.theme);
        let svg = plain::lines(&svg);
        Ok(ChartFile { name, content: form.content(svg).map_err(NoFile::Undrawn)? })
    }
}

/// Reads a width.
pub fn width_px(given: &str) -> Parsed<u16> {
    let width = given.parse().ok().filter(|width| (WIDTH_PX_MIN..=WIDTH_PX_MAX).contains(width));
    width.ok_or_else(|| format!("give pixels from {WIDTH_PX_MIN} to {WIDTH_PX_MAX}").into())
}

/// A chart that says in its title what it is about, since no page around it does.
fn titled(spec: ChartSpec, trail: &Trail, as_of: Date) -> ChartSpec {
    let title = format!("{} – {}, {}", spec.title, trail.name(), format::day(as_of));
    ChartSpec { title, ..spec }
}

fn name(spec: &ChartSpec, form: Form, trail: &Trail, as_of: Date) -> String {
    let slug = slug(trail.name());
    let start = if slug.is_empty() { slug } else { slug + "-" };
    format!("{start}{}-{as_of}.{}", spec.id, form.ending())
}

/// Letters and digits of ASCII, in small letters; one hyphen for whatever is between.
fn slug(text: &str) -> String {
    let words = text.split(|glyph: char| !glyph.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let slug: String = words.join("-").chars().take(SLUG_CHARS_MAX).collect();
    slug.to_ascii_lowercase().trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::catalog;

    #[test]
    fn the_ending_says_the_form() {
        assert_eq!(Form::of_file("burn-up.svg"), Some(("burn-up", Form::Svg)));
        assert_eq!(Form::of_file("a.b.PNG"), Some(("a.b", Form::Png)));
        assert_eq!(Form::of_file("burn-up"), None);
        assert_eq!(Form::of_file("burn-up.pdf"), None);
    }

    #[test]
    fn names_are_made_of_plain_letters() {
        for (name, want) in [
            ("Open work", "open-work"),
            ("  \"../ö/x\r\n", "x"),
            ("日本", ""),
            (&"a ".repeat(99), &"a-".repeat(30)[..59]),
        ] {
            assert_eq!(slug(name), want);
        }
    }

    #[track_caller]
    fn check(chart: &str, name: &str, value: &str, want: std::result::Result<(), &str>) {
        let said = ChartFileAsk::default().set(catalog::find(chart).unwrap(), name, value);
        match (said, want) {
            (Ok(()), Ok(())) => {}
            (Err(said), Err(part)) => assert!(said.to_string().contains(part), "{said}"),
            (said, want) => panic!("{chart} {name} {value}: {said:?}, not {want:?}"),
        }
    }

    #[test]
    fn a_chart_takes_the_parameters_of_its_page() {
        check("burn-up", "window", "26", Ok(()));
        check("finish", "focus", "80", Ok(()));
        check("burn-up", "focus", "80", Err("window, unit or as_of"));
        check("cumulative-flow", "bands", "lane", Ok(()));
        check("cumulative-flow", "focus", "80", Err("bands, hide"));
        check("sample", "theme", "dark", Ok(()));
        check("sample", "theme", "pink", Err("light or dark"));
        check("sample", "width", "", Ok(()));
        for width in ["319", "2001", "wide", "-1"] {
            check("sample", "width", width, Err("from 320 to 2000"));
        }
    }
}
