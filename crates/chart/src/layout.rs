//! Where everything stands in a chart of one width, before anything is drawn.

use jiff::civil::Date;

use crate::bounds::{Anchor, LINE_PX, Label, shortened};
use crate::calendar::{Dates, Room};
use crate::rule_label::Above;
use crate::scale::{DayScale, ValueScale};
use crate::size::Size;
use crate::slot::{Slot, slots, weeks_per_bar};
use crate::svg::STRETCH;
use crate::{Axis, ChartSpec, Emphasis, Position, Series, Shape, end_label};

/// Room left of the plot for value labels; the stylesheet has the same padding.
pub const LEFT_PX: f64 = 44.0;

/// From a value label to the plot.
const TICK_GAP_PX: f64 = 8.0;

/// Room above the plot for the upper half of the topmost value label.
const HEADROOM_PX: f64 = 10.0;

/// From one tick of the value axis to the next, about.
const TICK_PX: f64 = 40.0;

/// Less has no room for value labels.
const PLOT_HEIGHT_PX_MIN: u16 = 48;

/// A chart laid out for one width.
#[derive(Debug, Clone)]
pub struct Layout {
    pub size: Size,
    /// Width between the axes.
    pub plot_px: f64,
    /// Width of the plot in the coordinates of paths: [`STRETCH`], or pixels.
    pub path_width: f64,
    /// Room right of the plot.
    pub right_px: u16,
    /// Where the highest tick stands.
    pub top_px: f64,
    /// Where the lowest tick stands.
    pub bottom_px: f64,
    pub days: DayScale,
    pub values: ValueScale,
    /// For each position its share of the plot width.
    places: Vec<f64>,
    pub slots: Vec<Slot>,
    /// Every text in the picture.
    pub labels: Vec<Label>,
    /// Caption and vertical rules.
    pub above: Above,
    /// Where dates are marked on the time axis.
    pub date_marks: Vec<f64>,
}

impl Layout {
    /// The three layouts of a fluid chart; the same part of the height is plot in each.
    pub fn for_page(spec: &ChartSpec) -> [Layout; 3] {
        let layouts = Size::ALL.map(|size| Layout::unlabelled(spec, size, size.least_px()));
        let lines = layouts.iter().map(|layout| layout.above.lines).max().unwrap_or(0);
        layouts.map(|layout| layout.labelled(spec, lines))
    }

    /// The layout of a chart of exactly that width.
    pub fn of_width(spec: &ChartSpec, width_px: f64) -> Layout {
        let layout = Layout::unlabelled(spec, Size::of(width_px), width_px);
        let lines = layout.above.lines;
        Layout { path_width: layout.plot_px, ..layout.labelled(spec, lines) }
    }

    fn unlabelled(spec: &ChartSpec, size: Size, width_px: f64) -> Layout {
        let right_px = end_label::room_px(spec, size);
        let plot_px = (width_px - LEFT_PX - f64::from(right_px)).max(1.0);
        let weeks_per_bar = weeks_per_bar(spec, &day_scale(spec, 1), plot_px);
        let days = day_scale(spec, weeks_per_bar);
        let slots = slots(spec, &days, weeks_per_bar);
        let (low, high) = value_range(spec, &slots);
        let height_px = f64::from(spec.plot_height_px.max(PLOT_HEIGHT_PX_MIN));
        let values = ValueScale::new(low, high, height_px / TICK_PX, spec.is_count);
        let caption = shortened(&caption(spec, weeks_per_bar), false, LEFT_PX + plot_px);
        let above = Above::new(spec, &days, &caption, plot_px, f64::from(right_px));
        let middle_days = if spec.axis == Axis::Weeks { 3.5 } else { 0.0 };
        let place = |position: &Position| days.fraction(position.date, middle_days);
        let places = spec.positions.iter().map(place).collect();
        let labels = Vec::new();
        let (top_px, bottom_px) = (0.0, height_px);
        Layout {
            size,
            plot_px,
            path_width: STRETCH,
            right_px,
            top_px,
            bottom_px,
            days,
            values,
            places,
            slots,
            labels,
            above,
            date_marks: Vec::new(),
        }
    }

    /// Adds all labels, with room for that many lines above the plot.
    fn labelled(mut self, spec: &ChartSpec, lines: usize) -> Layout {
        self.top_px = HEADROOM_PX + LINE_PX * lines as f64;
        self.bottom_px += self.top_px;
        if spec.is_empty() {
            self.labels.push(self.nothing());
            return self;
        }
        let (plot_px, right_px) = (self.plot_px, f64::from(self.right_px));
        let room = Room { plot_px, left_px: LEFT_PX, right_px, bottom_px: self.bottom_px };
        let dates = Dates::new(spec, &self.days, &room);
        self.labels.extend(self.above.labels(self.top_px));
        self.labels.extend(self.value_labels());
        self.labels.extend(dates.labels);
        self.labels.extend(end_label::labels(spec, &self));
        self.date_marks = dates.marks;
        self
    }

    /// Whether marks come out the same as in another layout of the same chart.
    pub fn is_drawn_like(&self, other: &Layout) -> bool {
        self.values == other.values && self.slots == other.slots && self.places == other.places
    }

    /// Height of the whole picture: two lines of dates stand below the plot.
    pub fn height_px(&self) -> f64 {
        self.bottom_px + 2.0 * LINE_PX + 8.0
    }

    /// Height of a value in the picture.
    pub fn y(&self, value: f64) -> f64 {
        self.bottom_px - self.values.fraction(value) * (self.bottom_px - self.top_px)
    }

    /// Every position with its share of the plot width, at its own date even where weeks share a bar.
    pub fn places(&self) -> impl Iterator<Item = (usize, f64)> {
        self.places.iter().copied().enumerate()
    }

    /// Where a tick stands: in the middle of a pixel, so that its line is sharp.
    pub fn tick_y(&self, value: f64) -> f64 {
        self.y(value).floor() + 0.5
    }

    fn nothing(&self) -> Label {
        Label {
            text: "Nothing to show".to_owned(),
            class: "caption".to_owned(),
            is_bold: false,
            anchor: Anchor::Middle,
            fraction: 0.5,
            shift_px: 0.0,
            baseline_px: f64::midpoint(self.top_px, self.bottom_px),
        }
    }

    fn value_labels(&self) -> Vec<Label> {
        let label = |(value, text)| Label {
            text,
            class: "tick".to_owned(),
            is_bold: false,
            anchor: Anchor::End,
            fraction: 0.0,
            shift_px: -TICK_GAP_PX,
            baseline_px: self.tick_y(value) + 4.0,
        };
        // What is left out is below minus a hundred million.
        let fits = |label: &Label| label.bounds(self.plot_px).left >= -LEFT_PX;
        self.values.ticks().map(label).filter(fits).collect()
    }
}

/// The unit, and how many weeks share a bar.
fn caption(spec: &ChartSpec, weeks_per_bar: usize) -> String {
    match weeks_per_bar {
        _ if spec.unit.is_empty() => String::new(),
        1 => spec.unit.clone(),
        weeks => format!("{}, mean of {weeks} weeks", spec.unit),
    }
}

/// All positions and dated rules. A running week takes the width of a whole bar, to be seen.
fn day_scale(spec: &ChartSpec, weeks_per_bar: usize) -> DayScale {
    let rules = spec.rules.iter().filter_map(crate::Rule::date);
    let dates = spec.positions.iter().map(|position| position.date).chain(rules);
    let is_running = spec.positions.last().is_some_and(|at| at.emphasis == Emphasis::Partial);
    let weeks = if is_running { weeks_per_bar } else { 1 };
    let width_days = if spec.axis == Axis::Weeks { 7 * weeks as i32 } else { 0 };
    DayScale::new(dates, width_days).unwrap_or(DayScale { first: Date::ZERO, span_days: 0.0 })
}

/// The lowest and the highest value that has to have a place.
fn value_range(spec: &ChartSpec, slots: &[Slot]) -> (f64, f64) {
    let mut values: Vec<f64> =
        spec.rules.iter().filter_map(|rule| rule.level()).map(|(value, _)| value).collect();
    let is_line =
        |series: &&Series| !matches!(series.shape, Shape::Bar | Shape::Stack { .. } | Shape::Told);
    for series in spec.series.iter().filter(is_line) {
        let places = 0..spec.positions.len();
        values.extend(places.flat_map(|at| [series.value(at), series.lower(at)]).flatten());
    }
    let stacks = || spec.series.iter().filter(|s| matches!(s.shape, Shape::Stack { .. }));
    let top = |at: usize| stacks().filter_map(|series| series.value(at)).sum::<f64>();
    values.extend((0..spec.positions.len()).map(top));
    for slot in slots {
        let bars = spec.series.iter().filter(|series| series.shape == Shape::Bar);
        let heights: Vec<f64> = bars.filter_map(|series| slot.mean(series)).collect();
        values.push(heights.iter().filter(|height| **height > 0.0).sum());
        values.push(heights.iter().filter(|height| **height < 0.0).sum());
    }
    (values.iter().copied().fold(0.0, f64::min), values.iter().copied().fold(0.0, f64::max))
}

#[cfg(test)]
mod tests;
