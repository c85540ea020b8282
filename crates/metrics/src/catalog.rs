//! Every figure: what it is called, what it is good for and how it is calculated.

/// One figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Metric {
    /// A stable word for it, for links.
    pub id: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What it is measured in.
    pub unit: &'static str,
    /// Which question it answers.
    pub why: &'static str,
    /// Formula, source, limits and sample, in plain words.
    pub how: &'static str,
}

/// All figures, in the order in which they build on one another.
pub const CATALOG: &[Metric] = &[
    Metric {
        id: "counted",
        title: "Counted issues",
        unit: "items",
        why: "Which issues are figures about?",
        how: "Issues of the query that were created by the day shown, lie in a development project of the profile (all projects, if it lists none) and are not of a parent type. Every other issue stands in the data notes with the reason.",
    },
    Metric {
        id: "done",
        title: "Done",
        unit: "items or points",
        why: "How much is finished?",
        how: "Issues whose status on the day shown is one of the profile's end statuses; if none are listed, whose status has the category done; if an issue names no status, that had a resolution date by then. Cancelled issues are not among them. The date is the last change into such a status that was not taken back; without such a change the resolution date; without both the issue is done in no week.",
    },
    Metric {
        id: "cancelled",
        title: "Cancelled",
        unit: "items or points",
        why: "What left the scope without being delivered?",
        how: "Done issues with a resolution that means not delivered, such as Won't Do or Duplicate (the profile can list its own). They are never throughput. Where a document does not say how the issue was resolved, it counts as delivered, and a data note says so; where none says, the number is not known.",
    },
    Metric {
        id: "open",
        title: "Open",
        unit: "items or points",
        why: "How much remains?",
        how: "Counted issues that are neither done nor cancelled on the day shown. At the end of a week: open at the end of the week before, plus created, less done, less cancelled.",
    },
    Metric {
        id: "scope",
        title: "Scope",
        unit: "items or points",
        why: "How much is there in all?",
        how: "Counted issues less the cancelled ones: done plus open.",
    },
    Metric {
        id: "undated",
        title: "Undated",
        unit: "items or points",
        why: "What do the weeks not show?",
        how: "Counted issues without a date of creation, done issues that nothing dates, and issues dated as done before they were created. They are in the totals and in no week.",
    },
    Metric {
        id: "weekly_table",
        title: "Weekly table",
        unit: "items or points per week",
        why: "What happened, week by week?",
        how: "For each week from Monday to Sunday in the workspace's time zone: issues by their date of creation and by their date of done. An issue is done in one week at most. The last week is marked while it is running. A query without issues shows the counts that the old app stored, marked as such; what was open then follows from the stored remaining work. The sample is the counted issues.",
    },
    Metric {
        id: "burnup",
        title: "Burn-up",
        unit: "items or points",
        why: "Is done catching up with the scope?",
        how: "At the end of each week: scope is all that was created and not cancelled by then, done is all that was done by then, remaining is the difference. Scope that arrived later appears when it arrived.",
    },
    Metric {
        id: "throughput",
        title: "Throughput",
        unit: "items or points per week",
        why: "How fast does work get done?",
        how: "What was done in each complete week of the window; weeks with nothing count as 0, the running week is left out. Median, mean, least and most are of these weeks. The sample is the weeks; fewer than 6 are weak.",
    },
    Metric {
        id: "process_behaviour",
        title: "Process behaviour",
        unit: "items or points per week",
        why: "Has the pace really changed?",
        how: "Limits around the mean: mean ± 2.66 × the mean distance of neighbouring weeks, not below 0 (XmR chart). They come from the 26 complete weeks before the last 8, whatever the window is; where those are fewer than 6, from all there are, and of fewer than 6 in all nothing is said. The last complete week outside the limits, or all of the last 8 on one side of the mean, is a signal; everything else is the usual up and down.",
    },
    Metric {
        id: "cycle_time",
        title: "Cycle time",
        unit: "calendar days",
        why: "How long does one issue take once it is begun?",
        how: "Date of done less date of start plus 1, in days of the workspace's time zone, for issues done in the complete weeks of the window. Start is the first change into a start status; if none are listed into a WIP status; else into a status of category indeterminate. Issues without such a change are left out and counted; creation is never taken for it. A percentile is the smallest number of days that so many percent of the issues did not exceed. The sample is the issues.",
    },
    Metric {
        id: "work_item_age",
        title: "Work item age",
        unit: "calendar days",
        why: "What has been under way for long?",
        how: "The day shown less the date of start plus 1, for open issues that were started, whatever their status is now. The sample is these issues.",
    },
    Metric {
        id: "ageing",
        title: "Ageing work in progress",
        unit: "calendar days",
        why: "What is stuck?",
        how: "Each item under way with its age, in the stage (status) that it is in on the day shown. The zones behind it are the ages at which items delivered in the complete weeks of the window left that stage for the last time: at most so many days for 50, 70, 85 and 95 % of them. A stage that an item skipped was left when it was passed by; zones never fall from left to right, and fewer than 5 delivered items with a recorded start make none. The odds are those of being done within the days in which 85 % of started work is done (Kaplan-Meier, open and cancelled work counted for as long as it was open), given the age that the item has reached. Blocked are those that Jira flags and those in a status named so.",
    },
    Metric {
        id: "scope_growth",
        title: "Scope growth",
        unit: "items or points per week",
        why: "Does work arrive as fast as it gets done?",
        how: "Created less cancelled in the complete weeks of the window, divided by their number. The sample is the weeks.",
    },
    Metric {
        id: "coverage",
        title: "Points coverage",
        unit: "share of items",
        why: "Can points be trusted?",
        how: "How many of the open and of the done issues have story points: a number, text or an object that holds one, between minus and plus one thousand million. Zero points are points; an empty field, a field that is not there, one that was not asked for and one that holds something else are not. Points are those that the issue has now, not those it had then. The sample is the issues.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_named_once() {
        let mut ids: Vec<&str> = CATALOG.iter().map(|metric| metric.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), CATALOG.len());
    }
}
