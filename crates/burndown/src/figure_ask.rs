//! From options to what is asked about figures: window, unit and day.

use app::moment::Moment;
use app::overview::OverviewAsk;
use words::format;

use crate::arguments::Figures;
use crate::command::Run;
use crate::failure::Result;

/// Reads the options; an error names the one that means nothing.
pub fn read(options: &Figures) -> Result<OverviewAsk> {
    let mut ask = OverviewAsk::default();
    let unit = if options.points { "points" } else { "" };
    let given = [
        ("window", options.window.as_deref().unwrap_or_default()),
        ("unit", unit),
        ("as_of", options.as_of.as_deref().unwrap_or_default()),
    ];
    for (name, value) in given {
        ask.set(name, value)?;
    }
    Ok(ask)
}

/// Says so where a day was asked for that the data does not reach.
pub fn warn_of_later_day(run: &Run, ask: &OverviewAsk, moment: &Moment) {
    if ask.as_of.is_some_and(|asked| asked > moment.date) {
        let last = format::day(moment.date);
        run.output.warn(&format!("nothing is known after {last}, so figures are of that day"));
    }
}
