//! Ticks of the time axis: weeks, days, months or years, as many as have room.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::bounds::{Anchor, LINE_PX, Label};
use crate::scale::{DayScale, days_between};
use crate::{Axis, ChartSpec};

/// Free room between two labels side by side, in pixels.
const GAP_PX: f64 = 12.0;

/// No axis has room for more ticks than this.
const TICKS_MAX: f64 = 60.0;

/// Over a longer span months are easier to read than days.
const DAYS_SPAN_MAX: f64 = 100.0;

/// With more weeks than this their numbers say less than months.
const WEEK_NUMBERS_MAX: f64 = 27.0;

/// Distance from one tick to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Weeks(i32),
    Days(i32),
    Months(i32),
}

/// From fine to coarse; the first whose labels fit is taken.
const WEEK_STEPS: [Step; 3] = [Step::Weeks(1), Step::Weeks(2), Step::Weeks(4)];
const STEPS: [Step; 14] = [
    Step::Days(1),
    Step::Days(2),
    Step::Days(7),
    Step::Days(14),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Months(12),
    Step::Months(24),
    Step::Months(60),
    Step::Months(120),
    Step::Months(600),
    Step::Months(1200),
];

/// Where the axis is and how much room its labels have.
pub struct Room {
    pub plot_px: f64,
    pub left_px: f64,
    pub right_px: f64,
    pub bottom_px: f64,
}

/// What stands below the plot.
#[derive(Debug, Default)]
pub struct Dates {
    /// The dates, and the year on a second line where it changes.
    pub labels: Vec<Label>,
    /// Shares of the plot width where a date begins; weeks are named in their middle instead.
    pub marks: Vec<f64>,
}

impl Dates {
    /// The finest dates whose labels have room.
    pub fn new(spec: &ChartSpec, days: &DayScale, room: &Room) -> Self {
        let has_numbers = spec.axis == Axis::Weeks && days.span_days / 7.0 <= WEEK_NUMBERS_MAX;
        let finer: &[Step] = if has_numbers { &WEEK_STEPS } else { &[] };
        let steps = finer.iter().chain(&STEPS);
        let candidates = steps.filter(|step| step.suits(days.span_days));
        let mut dates = candidates.map(|step| Self::at(*step, days, room));
        dates.find(|dates| !dates.labels.is_empty() && dates.fit(room)).unwrap_or_default()
    }

    fn at(step: Step, days: &DayScale, room: &Room) -> Self {
        let mut dates = Self::default();
        let mut year_before = None;
        for date in step.dates(days) {
            let (text, year) = step.text(date);
            let label = label(text, days.fraction(date, step.shift_days()), room);
            let bounds = label.bounds(room.plot_px);
            if bounds.left < -room.left_px || bounds.right > room.plot_px + room.right_px {
                continue;
            }
            let baseline_px = label.baseline_px + LINE_PX - 1.0;
            let below = Label { text: year.to_string(), baseline_px, ..label.clone() };
            dates.marks.extend((step.shift_days() == 0.0).then_some(label.fraction));
            dates.labels.push(label);
            let is_new = year_before.replace(year) != Some(year);
            dates.labels.extend((is_new && !step.is_years()).then_some(below));
        }
        dates
    }

    fn fit(&self, room: &Room) -> bool {
        let bounds: Vec<_> = self.labels.iter().map(|label| label.bounds(room.plot_px)).collect();
        let mut pairs = bounds.iter().enumerate().flat_map(|(at, one)| {
            bounds.iter().skip(at + 1).take(3).map(move |other| (one, other))
        });
        !pairs.any(|(one, other)| one.touches(other, GAP_PX))
    }
}

fn label(text: String, fraction: f64, room: &Room) -> Label {
    Label {
        text,
        class: "tick".to_owned(),
        is_bold: false,
        anchor: Anchor::Middle,
        fraction,
        shift_px: 0.0,
        baseline_px: room.bottom_px + 20.0,
    }
}

impl Step {
    fn days(self) -> f64 {
        match self {
            Step::Weeks(weeks) => f64::from(weeks) * 7.0,
            Step::Days(days) => f64::from(days),
            Step::Months(months) => f64::from(months) * 30.4,
        }
    }

    fn suits(self, span_days: f64) -> bool {
        let is_fine = matches!(self, Step::Days(_));
        span_days / self.days() <= TICKS_MAX && !(is_fine && span_days > DAYS_SPAN_MAX)
    }

    fn is_years(self) -> bool {
        matches!(self, Step::Months(months) if months >= 12)
    }

    /// Where a label stands after the start of its day: weeks are named in their middle.
    fn shift_days(self) -> f64 {
        if matches!(self, Step::Weeks(_)) { 3.5 } else { 0.0 }
    }

    /// The label of a tick and the year it stands in.
    fn text(self, date: Date) -> (String, i16) {
        let week = date.iso_week_date();
        match self {
            Step::Weeks(_) => (format!("W{}", week.week()), week.year()),
            Step::Days(_) => (date.strftime("%-d %b").to_string(), date.year()),
            Step::Months(12..) => (date.year().to_string(), date.year()),
            Step::Months(_) => (date.strftime("%b").to_string(), date.year()),
        }
    }

    /// Every tick on the axis, at round dates.
    fn dates(self, days: &DayScale) -> Vec<Date> {
        let last = days.first.saturating_add((days.span_days as i64).days());
        match self {
            Step::Months(months) => month_starts(days.first, last, months),
            Step::Weeks(weeks) => every(monday_from(days.first), last, weeks * 7)
                .into_iter()
                .filter(|monday| *monday < last)
                .collect(),
            Step::Days(count) if count >= 7 => every(monday_from(days.first), last, count),
            Step::Days(count) => every(days.first, last, count),
        }
    }
}

fn every(first: Date, last: Date, days: i32) -> Vec<Date> {
    let count = days_between(first, last).div_euclid(days);
    (0..=count).map(|place| first.saturating_add((place * days).days())).collect()
}

fn monday_from(date: Date) -> Date {
    let after = Weekday::Monday.since(date.weekday());
    date.saturating_add(after.days())
}

/// Firsts of months from `first` to `last` whose number since year 0 is a multiple of `step`.
fn month_starts(first: Date, last: Date, step: i32) -> Vec<Date> {
    let number = |date: Date| i32::from(date.year()) * 12 + i32::from(date.month()) - 1;
    let begin = number(first).div_euclid(step) * step;
    let numbers = (begin..=number(last)).step_by(usize::try_from(step).unwrap_or(1));
    let start = |number: i32| {
        let year = i16::try_from(number.div_euclid(12)).ok()?;
        let month = i8::try_from(number.rem_euclid(12) + 1).ok()?;
        Date::new(year, month, 1).ok()
    };
    numbers.filter_map(start).filter(|date| (first..=last).contains(date)).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[track_caller]
    fn check(axis: Axis, first: Date, last: Date, plot_px: f64, want: &str) {
        let days = DayScale::new([first, last].into_iter(), i32::from(axis == Axis::Weeks) * 7);
        let room = Room { plot_px, left_px: 40.0, right_px: 16.0, bottom_px: 200.0 };
        let spec = ChartSpec::new("t", "T", axis);
        let labels = Dates::new(&spec, &days.unwrap(), &room).labels;
        let texts: Vec<_> = labels.iter().map(|label| label.text.as_str()).collect();
        assert_eq!(texts.join(" "), want);
    }

    #[test]
    fn weeks_are_numbered_with_their_own_year() {
        let (first, last) = (date(2025, 12, 15), date(2026, 1, 12));
        check(Axis::Weeks, first, last, 740.0, "W51 2025 W52 W1 2026 W2 W3");
        check(Axis::Weeks, first, last, 120.0, "W51 2025 W1 2026 W3");
    }

    #[test]
    fn months_follow_the_span_and_the_width() {
        let (first, last) = (date(2026, 3, 2), date(2027, 4, 30));
        check(
            Axis::Days,
            first,
            last,
            740.0,
            "Apr 2026 May Jun Jul Aug Sep Oct Nov Dec Jan 2027 Feb Mar Apr",
        );
        check(Axis::Days, first, last, 210.0, "Apr 2026 Jul Oct Jan 2027 Apr");
    }

    #[test]
    fn long_spans_show_years() {
        let (first, last) = (date(2011, 10, 3), date(2025, 11, 24));
        check(Axis::Days, first, last, 210.0, "2015 2020 2025");
        check(Axis::Weeks, first, last, 210.0, "2015 2020 2025");
    }

    #[test]
    fn one_day_is_named() {
        check(Axis::Days, date(2024, 2, 29), date(2024, 2, 29), 200.0, "29 Feb 2024");
    }
}
