//! The flow of a query in sentences.

use app::flow::RecordedFigure;
use metrics::{
    Arrivals, BehaviourChart, Change, CumulativeFlow, CycleTimes, Expectation, FlowEfficiency,
    LittlesLaw, ServiceLevel, Unit, WorkInProgress, WorkType,
};

use crate::forecast::share_of_cases;
use crate::format::{self, count, counted, day, decimal};
use crate::noun;

fn days(days: i64) -> String {
    counted(days.unsigned_abs(), "day", "days")
}

/// A share in percent; of a little it says so.
fn percent(share: f64) -> String {
    if share > 0.0 && share < 0.01 {
        "<\u{a0}1\u{a0}%".to_owned()
    } else {
        format!("{}\u{a0}%", format::percent(share))
    }
}

/// `23 days, before 31`: how long 85 % took, and in the window before.
pub fn cycle_time_change(times: &CycleTimes) -> String {
    let now = times.percentiles.p85_days;
    match &times.before {
        Some(before) if before.p85_days == now => format!("{}, as before", days(now.into())),
        Some(before) => format!("{}, before {}", days(now.into()), before.p85_days),
        None => days(now.into()),
    }
}

/// How long items took, and whether that changed.
pub fn cycle_times(times: &CycleTimes) -> String {
    let than = compared(times).map_or(String::new(), |than| format!(" {than}"));
    format!("85 % of what was done took {}.{than}", cycle_time_change(times))
}

/// Whether items took longer than in the window before; `None` if there is none.
pub fn compared(times: &CycleTimes) -> Option<String> {
    let before = times.before.as_ref()?;
    let than = match before.p85_days - times.percentiles.p85_days {
        0 => "The same as in".to_owned(),
        faster @ 1.. => format!("{} faster than in", days(faster.into())),
        slower => format!("{} slower than in", days(slower.into())),
    };
    let window = before.window;
    Some(format!("{than} the weeks from {} to {}.", day(window.first), day(window.last)))
}

/// What can be expected of one item, and how many kept it.
pub fn service_level(level: &ServiceLevel) -> String {
    let ServiceLevel { delivered, .. } = level;
    let expected = expectation(level);
    match level.expectation {
        Expectation::Reached { .. } => {
            let met = level.met.map_or(String::new(), |met| {
                let share = percent(met as f64 / (*delivered).max(1) as f64);
                let (met, delivered) = (count(met as u64), count(*delivered as u64));
                format!(" {met} of {delivered} delivered met it ({share})")
            });
            let over = level.over.map_or(String::new(), |over| {
                let over = counted(over as u64, "open item is", "open items are");
                format!(", and {over} over it already.")
            });
            format!("{expected}{met}{over}{}", of_finished(level))
        }
        Expectation::NotReached { .. } => expected + &of_finished(level),
    }
}

/// Within how many days started work is done, in short: what can be expected of one item.
pub(crate) fn expectation(level: &ServiceLevel) -> String {
    let share = level.percent;
    match level.expectation {
        Expectation::Reached { days: within } => {
            format!("{share} % of what is started is done within {}.", days(within.into()))
        }
        Expectation::NotReached { .. } if level.delivered == 0 => {
            "Nothing that was started was done in these weeks, so nothing tells how long it takes."
                .to_owned()
        }
        Expectation::NotReached { open, days: longest } => format!(
            "{share} % is not reached: {} of what is started stays open longer than {}.",
            share_of_cases(open),
            days(longest.into())
        ),
    }
}

/// The days of the finished ones alone.
pub(crate) fn of_finished(level: &ServiceLevel) -> String {
    level.of_finished_days.map_or(String::new(), |of_finished| {
        let took = days(of_finished.into());
        format!(" Of the finished alone, {} % took at most {took}.", level.percent)
    })
}

/// What throughput is usual, and which weeks were more than that.
pub fn behaviour(chart: &BehaviourChart) -> String {
    let unit = noun(chart.unit, true);
    let limits = chart.limits;
    let lower = if limits.lower > 0.0 {
        format!("{} to {}", decimal(limits.lower), decimal(limits.upper))
    } else {
        format!("up to {}", decimal(limits.upper))
    };
    let signals: Vec<String> = chart
        .weeks
        .iter()
        .filter_map(|week| Some(format!("{} {}", week.week, change(week.signal?))))
        .collect();
    let told = match signals.len() {
        0 => "No week was more than the usual up and down.".to_owned(),
        1..=4 => format!("More than the usual up and down: {}.", signals.join(", ")),
        many => {
            let last = signals.get(many - 3..).unwrap_or_default().join(", ");
            format!(
                "{} were more than the usual up and down, at last {last}.",
                counted(many as u64, "week", "weeks")
            )
        }
    };
    let (first, last) = (chart.baseline_first, chart.baseline_last);
    if limits.upper <= 0.0 && signals.is_empty() {
        let what = if chart.unit.is_estimated() { "Nothing that is estimated" } else { "Nothing" };
        return format!("{what} was done in these weeks, nor from {first} to {last}.");
    }
    let mean = decimal(limits.mean);
    format!("Usual are {lower} {unit} a week, {mean} on average, as from {first} to {last}. {told}")
}

/// Which rule a week is a signal by.
pub fn change(change: Change) -> &'static str {
    match change {
        Change::Above => "above the limits",
        Change::Below => "below the limits",
        Change::RunAbove => "eighth in a row above the mean",
        Change::RunBelow => "eighth in a row below the mean",
    }
}

/// How much is under way, and about how long it takes.
pub fn cumulative(flow: &CumulativeFlow) -> String {
    let Some(last) = flow.weeks.last() else { return String::new() };
    let lead = last.lead_time_days.filter(|_| last.under_way > 0);
    let lead = lead.map_or(String::new(), |lead| {
        format!(" What is done now was started about {} ago.", days(lead.round() as i64))
    });
    let reopened = match flow.reopened {
        0 => String::new(),
        reopened => format!(
            " {} again, so the done band may differ from the sum of the weeks.",
            counted(reopened, "item was done and opened", "items were done and opened")
        ),
    };
    let items = counted(last.under_way, "item was", "items were");
    format!("{items} under way on {}.{lead}{reopened}", day(last.date))
}

/// What came and went.
pub fn arrivals(arrivals: &Arrivals, unit: Unit) -> String {
    let all = [arrivals.arrived, arrivals.departed];
    if unit.is_estimated() && all.iter().all(|amount| amount.estimated == 0) {
        let [arrived, departed] = all.map(|amount| amount.items.unsigned_abs());
        if arrived + departed > 0 {
            let arrived = counted(arrived, "item", "items");
            return format!(
                "{arrived} arrived and {departed} departed; none of them is estimated."
            );
        }
    }
    let [arrived, departed] = all.map(|amount| amount.of(unit));
    let told = match arrived - departed {
        more if more > 0.0 => format!("{} more came than went", decimal(more)),
        less if less < 0.0 => format!("{} more went than came", decimal(-less)),
        _ if arrivals.arrived.items == 0
            && arrivals.departed.items == 0
            && arrivals.started == 0 =>
        {
            return "Nothing arrived, was started or departed in these weeks.".to_owned();
        }
        _ => "as many came as went".to_owned(),
    };
    format!(
        "{} {} arrived and {} departed: {told}. {} started.",
        decimal(arrived),
        noun(unit, arrived != 1.0),
        decimal(departed),
        counted(arrivals.started, "item was", "items were"),
    )
}

/// How much was under way.
pub fn work_in_progress(progress: &WorkInProgress) -> String {
    let (now, mean) = (count(progress.now), decimal(progress.mean));
    match mean.as_str() {
        "0" if progress.now == 0 => "Nothing was under way in these weeks.".to_owned(),
        "1" => format!("1 item was under way on average; now {now}."),
        _ => format!("{mean} items were under way on average; now {now}."),
    }
}

/// Which part was work.
pub fn efficiency(efficiency: &FlowEfficiency) -> String {
    format!(
        "Work went on in {} of the working days: {} active, {} waiting.",
        percent(efficiency.share),
        decimal(efficiency.active_days),
        decimal(efficiency.waiting_days)
    )
}

/// Whether the averages agree.
pub fn littles_law(law: &LittlesLaw) -> String {
    let agree = format!(
        "{} items a day, {} days each, make {} under way; measured are {}.",
        decimal(law.finished_per_day),
        decimal(law.mean_days),
        decimal(law.expected_under_way),
        decimal(law.mean_under_way)
    );
    let (started, finished) = (count(law.started), count(law.finished));
    if law.is_balanced {
        return format!("{agree} Started: {started}, finished: {finished}.");
    }
    format!(
        "{agree} They need not agree: {started} started and {finished} finished differ by more than 20 %."
    )
}

/// What a kind of work is called.
pub fn work_type(kind: WorkType) -> &'static str {
    match kind {
        WorkType::Feature => "Feature",
        WorkType::Defect => "Defect",
        WorkType::TechnicalDebt => "Technical debt",
        WorkType::Risk => "Risk",
    }
}

/// What a stored figure is called.
pub fn recorded_figure(figure: RecordedFigure) -> &'static str {
    match figure {
        RecordedFigure::Done => "Done",
        RecordedFigure::Arrived => "Arrived",
        RecordedFigure::Started => "Started",
        RecordedFigure::CycleTimeP85 => "Cycle time, 85 %, days",
        RecordedFigure::UnderWay => "Under way, mean of the week",
        RecordedFigure::Efficiency => "Flow efficiency, %",
    }
}

/// A stored value as it is told.
pub fn recorded_value(figure: RecordedFigure, value: f64) -> String {
    let value = if figure == RecordedFigure::Efficiency { value * 100.0 } else { value };
    decimal(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_almost_all_is_not_all() {
        let check =
            |share: f64, want: &str| assert_eq!(percent(share).replace('\u{a0}', " "), want);
        check(0.0, "0 %");
        check(0.001, "< 1 %");
        check(0.5, "50 %");
        check(0.999, "99 %");
        check(1.0, "100 %");
    }

    #[test]
    fn an_expectation_that_is_not_reached_says_what_stays_open() {
        let level = ServiceLevel {
            percent: 85,
            expectation: Expectation::NotReached { open: 0.3, days: 337 },
            of_finished_days: Some(268),
            delivered: 10,
            met: None,
            over: None,
        };
        let said = |level: &ServiceLevel| service_level(level).replace('\u{a0}', " ");
        assert_eq!(
            said(&level),
            "85 % is not reached: 30 % of what is started stays open longer than 337 days. Of the finished alone, 85 % took at most 268 days."
        );
        let expectation = Expectation::Reached { days: 30 };
        let level = ServiceLevel { expectation, met: Some(8), over: Some(1), ..level };
        assert_eq!(
            said(&level),
            "85 % of what is started is done within 30 days. 8 of 10 delivered met it (80 %), and 1 open item is over it already. Of the finished alone, 85 % took at most 268 days."
        );
    }
}
