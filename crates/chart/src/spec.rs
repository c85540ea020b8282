//! What a chart shows, as plain data: positions along the time axis, series, rules and words.

use jiff::civil::Date;

/// Values further from zero than this are treated as missing: no axis could label them.
const VALUE_MAX: f64 = 1e14;

/// A chart, independent of its width. Build it from [`ChartSpec::new`] and fill in the rest.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartSpec {
    /// Start of every id in the SVG; unique in its page.
    pub id: String,
    /// What the chart is called.
    pub title: String,
    /// Sentence that opens the description read aloud; what the data says follows it. May be empty.
    pub lead: String,
    /// What one position stands for.
    pub axis: Axis,
    /// What is counted or measured, written above the value axis. May be empty.
    pub unit: String,
    /// Whether values are whole things, so that no tick stands at a fraction.
    pub is_count: bool,
    /// Height between the lowest and the highest tick, in pixels; at least 48.
    pub plot_height_px: u16,
    /// Where the series have values, ascending; a day may repeat on [`Axis::Days`].
    pub positions: Vec<Position>,
    /// Drawn in this order, the first at the back; bars stack in this order.
    pub series: Vec<Series>,
    /// Dates and values worth a line of their own.
    pub rules: Vec<Rule>,
    /// What each position is called, instead of its date; empty where dates do.
    pub labels: Vec<String>,
    /// Where positions lead to, if they do.
    pub links: Option<Links>,
    /// What pale bars are called in the legend.
    pub pale_name: String,
    /// What hatched bars are called in the legend.
    pub partial_name: String,
}

impl ChartSpec {
    /// Whether there is nothing to see: no value but zero.
    pub fn is_flat(&self) -> bool {
        let values = self.series.iter().flat_map(|series| &series.values);
        values.flatten().all(|value| *value == 0.0)
    }

    /// A chart of counts without content.
    pub fn new(id: &str, title: &str, axis: Axis) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            lead: String::new(),
            axis,
            unit: String::new(),
            is_count: true,
            plot_height_px: 200,
            positions: Vec::new(),
            series: Vec::new(),
            rules: Vec::new(),
            labels: Vec::new(),
            links: None,
            pale_name: "earlier weeks".to_owned(),
            partial_name: "running week".to_owned(),
        }
    }

    /// Whether no series has a value at any position, so that a sentence serves better.
    pub fn is_empty(&self) -> bool {
        let count = self.positions.len();
        self.series.iter().all(|series| (0..count).all(|at| series.value(at).is_none()))
    }

    /// What a position is called, if not by its date.
    pub(crate) fn own_label(&self, at: usize) -> Option<&str> {
        self.labels.get(at).map(String::as_str).filter(|label| !label.is_empty())
    }

    pub(crate) fn has_bars(&self) -> bool {
        self.series.iter().any(|series| series.shape == Shape::Bar)
    }
}

/// Where the positions of a chart lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// An address with `{}` for what tells the positions apart.
    pub to: String,
    /// That, for each position, as it may stand in an address; empty where one leads nowhere.
    pub parts: Vec<String>,
    /// For each series an address like `to`, for the table; none where these are fewer.
    pub cells: Vec<String>,
}

impl Links {
    /// The address of a position.
    pub(crate) fn row(&self, at: usize) -> Option<String> {
        self.filled(&self.to, at)
    }

    /// The address of what a series has at a position.
    pub(crate) fn cell(&self, series: usize, at: usize) -> Option<String> {
        self.filled(self.cells.get(series)?, at)
    }

    fn filled(&self, to: &str, at: usize) -> Option<String> {
        let part = self.parts.get(at).filter(|part| !part.is_empty())?;
        Some(to.replace("{}", part))
    }
}

/// What one position on the horizontal axis stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// A day; values are points in time.
    Days,
    /// The week that begins on that Monday; bars fill it, points stand in its middle.
    Weeks,
}

/// One place along the horizontal axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The day, or the Monday of the week.
    pub date: Date,
    /// How strongly a bar is drawn here.
    pub emphasis: Emphasis,
}

impl Position {
    /// A position in full colour.
    pub fn new(date: Date) -> Self {
        Self { date, emphasis: Emphasis::Full }
    }
}

/// How strongly the bars of a position are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emphasis {
    /// In full colour.
    Full,
    /// As context.
    Pale,
    /// Hatched: the week is not over. Never averaged with others.
    Partial,
}

/// Values of one kind, one for each position.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What the legend and the table call it.
    pub name: String,
    /// What it means, which decides its colour.
    pub role: Role,
    /// How it is drawn.
    pub shape: Shape,
    /// One value for each position; missing ones are gaps.
    pub values: Vec<Option<f64>>,
}

impl Series {
    /// The value at a position; what is missing, not finite or beyond any axis is `None`.
    pub(crate) fn value(&self, at: usize) -> Option<f64> {
        drawable(self.values.get(at))
    }

    /// Lower edge of a band at a position.
    pub(crate) fn lower(&self, at: usize) -> Option<f64> {
        let Shape::Band { lower } = &self.shape else { return None };
        drawable(lower.get(at))
    }
}

fn drawable(value: Option<&Option<f64>>) -> Option<f64> {
    value.copied().flatten().filter(|value| value.abs() <= VALUE_MAX)
}

/// How a series is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A line with a ring at its end.
    Line,
    /// A dashed line, for what has not happened.
    Dashed,
    /// A line with the area between it and zero tinted.
    Area,
    /// The area between `lower` and the values; bands drawn over each other grow stronger.
    Band {
        /// Lower edge, one for each position.
        lower: Vec<Option<f64>>,
    },
    /// Bars that stack on those of earlier series.
    Bar,
    /// An area that stacks on those of earlier series; a missing value is none.
    Stack {
        /// How pale it is, 0 to 2: areas of one role beside each other differ in it.
        pale: u8,
    },
    /// Not drawn: told in the table and under the pointer alone.
    Told,
    /// A dot for each value.
    Dot,
}

/// What a series or rule means; the page decides the colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Work in general; the accent.
    Work,
    /// What is finished.
    Done,
    /// All there is to do.
    Scope,
    /// What waits, or deserves a look.
    Wait,
    /// What is at risk.
    Risk,
    /// Context.
    Muted,
    /// What waits, beside other areas.
    Queue,
    /// What is finished, beside other areas.
    Delivered,
    /// One of several kinds, told apart by colour alone as far as a legend goes: 0 to 5.
    Kind(u8),
}

impl Role {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Role::Work => "series-work",
            Role::Done => "series-done",
            Role::Scope => "series-scope",
            Role::Wait => "series-wait",
            Role::Risk => "series-risk",
            Role::Muted => "series-muted",
            Role::Queue => "series-queue",
            Role::Delivered => "series-delivered",
            Role::Kind(0) => "series-kind-0",
            Role::Kind(1) => "series-kind-1",
            Role::Kind(2) => "series-kind-2",
            Role::Kind(3) => "series-kind-3",
            Role::Kind(4) => "series-kind-4",
            Role::Kind(_) => "series-kind-5",
        }
    }
}

/// A line across the plot that marks a date or a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Where it stands.
    pub at: RuleAt,
    /// What it marks, in a few words.
    pub label: String,
    /// What it means.
    pub role: Role,
}

/// Where a rule stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RuleAt {
    /// Vertical; the time axis grows to include it.
    Date(Date),
    /// Horizontal; the value axis grows to include it.
    Value {
        /// Its height on the value axis.
        value: f64,
        /// Where it begins; across the whole plot if `None`.
        since: Option<Date>,
    },
}

impl Rule {
    pub(crate) fn date(&self) -> Option<Date> {
        match self.at {
            RuleAt::Date(date) => Some(date),
            RuleAt::Value { .. } => None,
        }
    }

    /// Height and beginning of a horizontal rule that an axis can show.
    pub(crate) fn level(&self) -> Option<(f64, Option<Date>)> {
        match self.at {
            RuleAt::Value { value, since } => Some((drawable(Some(&Some(value)))?, since)),
            RuleAt::Date(_) => None,
        }
    }
}
