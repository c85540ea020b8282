//! What signals say.

use metrics::SignalStatement as Says;

use crate::format::{counted, decimal};
use crate::{Front, note, remedy};

/// What a signal says or shows, as a sentence.
pub fn signal(says: &Says, front: Front) -> String {
    match says {
        Says::OldWork { items } => format!(
            "{} older than 85 % of the finished ones.",
            counted(*items, "item in progress is", "items in progress are")
        ),
        Says::OldestWork { key, days, status, p85_days } => {
            let status = status.as_ref().map(|name| format!(", now in {name}"));
            let status = status.unwrap_or_default();
            let days = counted(u64::from(days.unsigned_abs()), "day", "days");
            format!("The oldest is {key}: {days}{status}; 85 % took at most {p85_days}.")
        }
        Says::MoreArrives => "More arrives than gets done.".to_owned(),
        Says::Growth { grown, weeks, more } => {
            format!("In {grown} of the last {weeks} weeks, {} more in all.", decimal(*more))
        }
        Says::UnusuallyMuch => "Last week finished unusually much.".to_owned(),
        Says::UnusuallyLittle => "Last week finished unusually little.".to_owned(),
        Says::ThroughputRisen => "Throughput has risen.".to_owned(),
        Says::ThroughputFallen => "Throughput has fallen.".to_owned(),
        Says::ThroughputAsUsual => "Throughput is as usual.".to_owned(),
        Says::Standstill { weeks } => {
            format!("Nothing came or went for {}.", counted(*weeks, "week", "weeks"))
        }
        Says::IsDataComplete => {
            "If work was done, it is not in this query: check its JQL, or sync it.".to_owned()
        }
        Says::LastWeek { done, least, most } => {
            let [done, least, most] = [*done, *least, *most].map(decimal);
            let usual = if least == most { least } else { format!("{least} to {most}") };
            format!("{done} last week; usual are {usual} a week.")
        }
        Says::UnusualWeeks { weeks } => {
            let count =
                counted(weeks.len() as u64, "week of the sample is", "weeks of the sample are");
            format!("{count} unlike the others: {}.", weeks.join(", "))
        }
        Says::UnusualWeek { week, done, least, most } => {
            let [done, least, most] = [*done, *least, *most].map(decimal);
            let usual = if least == most { least } else { format!("{least} to {most}") };
            let how = leaving_out(std::slice::from_ref(week), front);
            format!(
                "{done} in {week}; usual are {usual} a week. To see the forecast without it: {how}."
            )
        }
        Says::LeaveOut { weeks } => {
            format!("If it was no work of the team: {}.", leaving_out(weeks, front))
        }
        Says::Run { weeks, is_above, mean } => {
            let side = if *is_above { "above" } else { "below" };
            format!("The last {weeks} weeks were all {side} the mean of {} before.", decimal(*mean))
        }
        Says::Note { note: about } => note(about),
        Says::Remedy { remedy: what } => remedy(*what, front).to_owned(),
    }
}

/// How a forecast is made without some weeks.
fn leaving_out(weeks: &[String], front: Front) -> String {
    match front {
        Front::Page => {
            format!("on the page Forecast, leave {} out of the sample", weeks.join(", "))
        }
        Front::Terminal => format!("“burndown forecast --exclude {}”", weeks.join(",")),
    }
}
