//! Every chart there is, by the name in its address, and what it is drawn from.

use app::flow::{FlowAsk, QueryFlow};
use app::forecast::QueryForecast;
use app::overview::Overview;

pub use super::drawn::{Drawn, NoChart};
use super::{burn_up, finish, flow, sample, throughput};

/// A chart that a page shows and that can be had as a file.
#[derive(Debug)]
pub struct Chart {
    /// Its name in addresses and on the command line; the id of its [`chart::ChartSpec`].
    pub name: &'static str,
    /// What draws it.
    pub source: Source,
}

/// The answer that a chart is drawn from.
#[derive(Debug, Clone, Copy)]
pub enum Source {
    /// What the overview shows.
    Overview(fn(&Overview) -> Drawn),
    /// What the page of the forecast shows, under its assumptions.
    Forecast(fn(&QueryForecast) -> Drawn),
    /// What the page of the flow shows, as it was asked.
    Flow(fn(&QueryFlow, &FlowAsk) -> Drawn),
}

/// All charts, in the order of the pages.
pub static CHARTS: [Chart; 11] = [
    Chart { name: "burn-up", source: Source::Overview(burn_up::draw) },
    Chart { name: "throughput", source: Source::Overview(throughput::draw) },
    Chart { name: "finish", source: Source::Forecast(finish::draw) },
    Chart { name: "sample", source: Source::Forecast(sample::draw) },
    Chart { name: "cycle-time", source: Source::Flow(flow::cycle_time::draw) },
    Chart { name: "cycle-time-trend", source: Source::Flow(flow::cycle_time_trend::draw) },
    Chart { name: "behaviour", source: Source::Flow(flow::behaviour::draw) },
    Chart { name: "cumulative-flow", source: Source::Flow(flow::cumulative_flow::draw) },
    Chart { name: "arrivals", source: Source::Flow(flow::arrivals::draw) },
    Chart { name: "work-in-progress", source: Source::Flow(flow::work_in_progress::draw) },
    Chart { name: "types", source: Source::Flow(flow::types::draw) },
];

/// The chart of that name; else a sentence that names those there are.
pub fn find(name: &str) -> Result<&'static Chart, String> {
    let names = || CHARTS.each_ref().map(|chart| chart.name).join(", ");
    let found = CHARTS.iter().find(|chart| chart.name == name);
    found.ok_or_else(|| format!("there is no chart {name:?}; there are {}", names()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_is_answered_with_those_there_are() {
        assert_eq!(find("finish").map(|chart| chart.name), Ok("finish"));
        let said = find("pie").map(|chart| chart.name).unwrap_err();
        assert_eq!(
            said,
            "there is no chart \"pie\"; there are burn-up, throughput, finish, sample, cycle-time, cycle-time-trend, behaviour, cumulative-flow, arrivals, work-in-progress, types"
        );
    }
}
