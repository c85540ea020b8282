//! How each answer of a forecast is calculated, in plain words.

use metrics::Metric;

/// All answers, in the order in which they build on one another.
pub const FORECAST_CATALOG: &[Metric] = &[
    Metric {
        id: "forecast_sample",
        title: "Sample",
        unit: "items or points per week",
        why: "What is the forecast drawn from?",
        how: "The complete weeks after that of the first issue, the last 48 at most, with what was done in each; weeks with nothing count as 0, the running week is left out, and so are weeks that you took out or that had no working day. Each future draws from one view of them: the last 3, 6, 12, 24 or 48. Fewer than 3 weeks, or fewer than 3 busy ones among the last 12, make no forecast; fewer than 6 weeks a weak one. In points, done and created issues without points count with the median of all issues.",
    },
    Metric {
        id: "forecast_when",
        title: "When it is done",
        unit: "date",
        why: "When will this be done, and how sure are we?",
        how: "Your past weeks are replayed 20 000 times, at a pace that moves as yours did. The date for 85 % is the first by which at least 85 % of these futures have done as much as there is to do now, whatever arrives meanwhile. Each future takes one view of how far back the past is like today – the last 3, 6, 12, 24 or 48 weeks – and draws its weeks from there. On top, the pace moves up and down from week to week by as much as it did beyond what such draws explain, and beyond a quarter it may follow a trend. A week's work is spread evenly over its working days; weekends and holidays are skipped; day 1 is the first working day after the day of the data. Equal data gives equal answers on every machine. That a team stops or becomes another one is in no past.",
    },
    Metric {
        id: "forecast_growth",
        title: "Scope growth in the forecast",
        unit: "items or points per week",
        why: "Does new work push the end away?",
        how: "Created less cancelled of the same drawn week is added after its done work, so that busy weeks stay busy; beyond a quarter with a trend of its own. On by itself when the net growth of the last 12 weeks is at least 5 % of what was done in them; can be switched on or off. Once the work is done nothing arrives any more.",
    },
    Metric {
        id: "forecast_unfinished",
        title: "Does not finish",
        unit: "share of futures",
        why: "Does it end at all?",
        how: "Futures in which work is left after five years. A percentile that falls among them has no date.",
    },
    Metric {
        id: "forecast_how_many",
        title: "How much by a date",
        unit: "items or points",
        why: "How much can we promise?",
        how: "The same futures, stopped at the date. The amount for 85 % is the largest that at least 85 % of them reach; items are whole, the last begun week counts with what falls on its days. There is taken to be always enough to do.",
    },
    Metric {
        id: "forecast_odds",
        title: "Odds of a deadline",
        unit: "percent",
        why: "Will we make it?",
        how: "The share of futures that have done today's scope by the end of the day, rounded down to whole percent, and never more than \"> 95 %\" while work remains. Where the scope grows, the share in which nothing is left by then stands beside it.",
    },
    Metric {
        id: "forecast_pace",
        title: "Required pace",
        unit: "items or points per week",
        why: "How fast would we have to be?",
        how: "Remaining work divided by the working weeks up to the deadline, beside what half of the sample's weeks reached (P50) and what 85 % of them reached (P15). Growth of the scope is not in it.",
    },
    Metric {
        id: "forecast_fan",
        title: "Fan",
        unit: "items or points",
        why: "How may it go on?",
        how: "At the end of each week to come: what is done in at least 95, 85, 50, 15 and 5 % of the futures, and the scope that 50, 85 and 95 % of them do not exceed, counted from now. It ends with the date for 95 %, or after two years. The first 2 000 futures are drawn; the exact model draws them with equal chances.",
    },
    Metric {
        id: "forecast_pert",
        title: "Date of the old app",
        unit: "date",
        why: "What would the old app have said?",
        how: "(optimistic + 4 · likely + pessimistic) ÷ 6, the durations at the mean of the best weeks, of all weeks and of the worst weeks of the window. How many best and worst weeks is its setting, held to a third of the weeks; the pessimistic duration is held to five times the optimistic one. Beside it stand its odds for today's scope, and with growth.",
    },
    Metric {
        id: "forecast_backtest",
        title: "Backtest",
        unit: "share of forecasts",
        why: "Would it have been right?",
        how: "Past stretches of weeks, none in two, each forecast from what was known before it alone. A hit is an amount that was reached, or a date by which so many were done. Hits are compared with the chance that was really given, with the band that chance leaves likely (95 %); below 20 stretches it is too few to judge, and beside each rate stands the lowest one that such a check would overlook. CRPS is the mean distance between forecast and outcome, beside that of one who says the mean.",
    },
    Metric {
        id: "forecast_track_record",
        title: "Track record",
        unit: "share of forecasts",
        why: "Was it right?",
        how: "The first forecast of each week as it was made, scored when its date has passed: whether the work of then was done by it. Only forecasts whose days do not overlap are counted.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_named_once() {
        let mut ids: Vec<&str> = FORECAST_CATALOG.iter().map(|metric| metric.id).collect();
        ids.extend(metrics::CATALOG.iter().map(|metric| metric.id));
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
}
