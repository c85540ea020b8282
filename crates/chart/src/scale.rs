//! From dates and values to places in the plot.

use jiff::civil::Date;

use crate::number;

/// Values to heights. The ticks are whole multiples of a step of 1, 2 or 5.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueScale {
    step: f64,
    first: f64,
    last: f64,
}

impl ValueScale {
    /// A scale from zero that holds `low` and `high`, with about `ticks` ticks.
    pub fn new(low: f64, high: f64, ticks: f64, is_count: bool) -> Self {
        let (low, high) = (low.min(0.0), high.max(0.0));
        let high = if high - low > 0.0 { high } else { 1.0 };
        let step = round_step((high - low) / ticks.max(1.0));
        let step = if is_count { step.max(1.0) } else { step };
        Self { step, first: (low / step).floor(), last: (high / step).ceil() }
    }

    /// Share of the plot height below a value: 0 at the lowest tick, 1 at the highest.
    pub fn fraction(&self, value: f64) -> f64 {
        ((value / self.step - self.first) / (self.last - self.first)).clamp(0.0, 1.0)
    }

    /// The values at the lowest and at the highest tick.
    pub fn ends(&self) -> (f64, f64) {
        (self.first * self.step, self.last * self.step)
    }

    /// Every tick from low to high: its value and its text.
    pub fn ticks(&self) -> impl Iterator<Item = (f64, String)> {
        let (first, step) = (self.first, self.step);
        let count = (self.last - first) as usize;
        let (low, high) = self.ends();
        let largest = low.abs().max(high.abs());
        let values = (0..=count).map(move |place| (first + place as f64) * step);
        values.map(move |value| (value, number::tick_beside(value, largest)))
    }
}

/// The least of 1, 2, 5, 10, 20 … that is not below `least`, in any power of ten.
fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let fits = |digit: &f64| digit * power >= least * (1.0 - 1e-9);
    [1.0, 2.0, 5.0].into_iter().find(fits).unwrap_or(10.0) * power
}

/// Days to shares of the plot width.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DayScale {
    /// The day at the left edge.
    pub first: Date,
    /// Days from the left edge to the right one.
    pub span_days: f64,
}

impl DayScale {
    /// A scale over all of `dates`, each of which takes `width_days`; `None` without dates.
    pub fn new(dates: impl Iterator<Item = Date> + Clone, width_days: i32) -> Option<Self> {
        let first = dates.clone().min()?;
        let last = dates.max()?;
        Some(Self { first, span_days: f64::from(days_between(first, last) + width_days) })
    }

    /// Share of the plot width left of that many days after the start of `date`.
    pub fn fraction(&self, date: Date, plus_days: f64) -> f64 {
        if self.span_days <= 0.0 {
            return 0.5;
        }
        self.share(f64::from(days_between(self.first, date)) + plus_days).clamp(0.0, 1.0)
    }

    /// Share of the plot width that so many days take; none if there is but one day.
    pub fn share(&self, days: f64) -> f64 {
        if self.span_days <= 0.0 { 0.0 } else { days / self.span_days }
    }
}

/// Whole days from one day to another; negative when it lies before.
pub fn days_between(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(low: f64, high: f64, is_count: bool, want: &[&str]) {
        let scale = ValueScale::new(low, high, 5.0, is_count);
        let ticks: Vec<_> = scale.ticks().map(|(_, text)| text).collect();
        assert_eq!(ticks, want);
        assert!(scale.fraction(low) >= 0.0 && scale.fraction(high) <= 1.0);
    }

    #[test]
    fn ticks_are_round() {
        check(0.0, 10.0, true, &["0", "2", "4", "6", "8", "10"]);
        check(0.0, 14_000.0, true, &["0", "5k", "10k", "15k"]);
        check(0.0, 373.0, true, &["0", "100", "200", "300", "400"]);
        check(0.0, 2.0, true, &["0", "1", "2"]);
        check(0.0, 0.4, false, &["0", "0.1", "0.2", "0.3", "0.4"]);
        check(-3.0, 4.0, true, &["−4", "−2", "0", "2", "4"]);
        check(0.0, 2_400_000.0, true, &["0", "500k", "1M", "1.5M", "2M", "2.5M"]);
    }

    #[test]
    fn nothing_but_zero_has_room_above() {
        check(0.0, 0.0, true, &["0", "1"]);
    }

    #[test]
    fn days_fill_the_width() {
        let days = [jiff::civil::date(2024, 2, 26), jiff::civil::date(2024, 3, 4)];
        let scale = DayScale::new(days.into_iter(), 7).unwrap();
        assert_eq!(scale.fraction(days[1], 0.0), 0.5);
        assert_eq!(scale.fraction(days[1], 30.0), 1.0);
        assert_eq!(DayScale::new(days.into_iter().take(1), 0).unwrap().fraction(days[0], 0.0), 0.5);
    }
}
