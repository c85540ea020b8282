//! From options to what is asked about figures: window, unit and day.

use app::metrics::Unit;
use app::moment::Moment;
use app::overview::OverviewAsk;
use words::format;

use crate::arguments::Figures;
use crate::run::Run;

/// What the options ask for.
pub fn of(options: &Figures) -> OverviewAsk {
    OverviewAsk {
        window: options.window.unwrap_or_default(),
        unit: if options.points { Unit::Points } else { Unit::Items },
        as_of: options.as_of,
    }
}

/// Says so where a day was asked for that the data does not reach.
pub fn warn_of_later_day(run: &Run, ask: &OverviewAsk, moment: &Moment) {
    if ask.as_of.is_some_and(|asked| asked > moment.date) {
        let last = format::day(moment.date);
        run.output.warn(&format!("nothing is known after {last}, so figures are of that day"));
    }
}
