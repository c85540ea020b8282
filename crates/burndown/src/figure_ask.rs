//! From options to what is asked about figures: window, unit and day; and what is said of their age.

use app::metrics::Unit;
use app::moment::Moment;
use app::overview::OverviewAsk;
use app::trail::Trail;
use words::format;

use crate::arguments::Figures;
use crate::figures::as_known;
use crate::run::Run;
use model::plain::one_line;

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

/// Says so where the data is older than the refresh interval, or the last sync failed; JSON answers
/// hold that.
pub fn tell_age(run: &Run, trail: &Trail) {
    if let Some(stale) = &trail.stale {
        run.output.say(&words::stale_line(stale, (run.surroundings.clock)()));
    }
}

/// The first words of an answer: what it is about, and as of when.
pub fn heading(run: &Run, trail: &Trail, moment: &Moment) -> String {
    let name = one_line(trail.name());
    match words::as_of(moment, trail.stale.as_ref(), (run.surroundings.clock)()) {
        Some(since) => format!("{since}: {name}"),
        None => format!("{name}, {}", as_known(moment)),
    }
}
