//! A chart as plain data ([`ChartSpec`]), and as SVG text, legend, table and sentence.
//!
//! # One picture for every width
//!
//! [`ChartSpec::to_svg`] writes one SVG without a `viewBox`, as wide as the element around it. Its
//! horizontal positions are percentages and its vertical ones pixels, so lines and bars stretch
//! while text, strokes and dots keep their size: text is 12 px at every width. Room for tick and
//! end labels is the padding of the `<svg>` box, chosen by a class.
//!
//! What cannot stretch is written for three widths (narrow, from 260 px; medium, from 480 px;
//! wide, from 800 px): how many ticks fit, where labels stand, how many weeks share a bar. A part
//! that comes out the same for several widths is written once. A container query shows the right
//! one, so the element around the SVG needs the class `chart-frame`. Labels are laid out at the
//! least width of their range; anything wider moves them further apart, never together.
//!
//! Labels stand outside the plot (values left, dates below, rules above, ends of lines right), so
//! that no mark can cover them. More than about 180 weeks of bars would be thinner than 3 px, so
//! several weeks (4, 13, 26, 52 …) share a bar that shows their mean: value axis and rules keep
//! their meaning, and the caption says it.
//!
//! # A file of its own
//!
//! [`ChartSpec::to_standalone_svg`] writes the same chart for one width, with title, legend and
//! colours. Its paths are in pixels, so that programs which stretch strokes along with paths
//! draw it right. It names no font that has to be there and refers to nothing outside.
//!
//! # For the page
//!
//! There is no inline style and no script: [`CSS`] has the classes, the page the colours as
//! variables (`--work --done --scope --wait --risk --soft --text --line --card`). The element
//! `.hits` covers the plot and carries lists for a hover layer: `data-x` (thousandths of the plot
//! width, ascending), `data-label` (separated by `|`), `data-series` (names separated by `|`) and
//! `data-values` (for each series, separated by `|`, one value for each x, separated by a space;
//! `-` where there is none, `low..high` for a band). Where positions lead somewhere, `data-link` is
//! an address with `{}` in the place of the parts in `data-to`, separated by `|`. Where a day has
//! several positions, `data-range` has the values at the bottom and the top of the plot, so that the
//! nearest can be found. With several `.hits` the visible one counts.
//!
//! Everything is a function of its arguments, to the byte.

mod ageing;
mod bounds;
mod calendar;
mod describe;
mod draw;
mod end_label;
mod hover;
mod layout;
mod legend;
mod mark;
mod number;
mod rule_label;
mod scale;
mod simplify;
mod size;
mod slot;
mod spark;
mod spec;
mod standalone;
mod svg;
mod table;

pub use ageing::{AgeingChart, AgeingColumn, AgeingDot};
pub use jiff::civil::Date;
pub use legend::LegendItem;
pub use spark::sparkline;
pub use spec::{Axis, ChartSpec, Emphasis, Links, Position, Role, Rule, RuleAt, Series, Shape};
pub use standalone::Theme;
pub use table::Table;

/// The style of everything this crate writes, for the page's own stylesheet.
pub const CSS: &str = concat!(include_str!("../asset/mark.css"), include_str!("../asset/page.css"));
