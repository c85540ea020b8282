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
        how: "Issues of the query that were created by the day shown, lie in a development project of the profile (all projects, if it lists none) and are not of a parent type; where the profile counts no sub-tasks or no parents, neither these. What holds issues is told by the level of its type; where Jira tells none, by most issues of the type being named as epics or holding others, or by the type being called Epic. What left the query since stays counted. Every other issue stands in the data notes with the reason.",
    },
    Metric {
        id: "done",
        title: "Done",
        unit: "items or points",
        why: "How much is finished?",
        how: "Issues whose status on the day shown is in the lane done: as the profile says, else its list of end statuses, else the category that Jira gives the status by its id; if an issue names no status, that had a resolution date by then. Cancelled issues are not among them. The date is the change into such a status that was not taken back; moving on from there to another one changes nothing. Without such a change it is the resolution date; without both the issue is done in no week.",
    },
    Metric {
        id: "cancelled",
        title: "Cancelled",
        unit: "items or points",
        why: "What left the scope without being delivered?",
        how: "Done issues with a resolution or a status that means not delivered, such as Won't Do or Duplicate (the profile can list its own, and what it calls delivered). The date is the later of being done and of getting that. They are never throughput. Where a document does not say how the issue was resolved, it counts as delivered, and a data note says so; where none says, the number is not known.",
    },
    Metric {
        id: "open",
        title: "Open",
        unit: "items or points",
        why: "How much remains?",
        how: "Counted issues that are neither done nor cancelled on the day shown and had not left the query. At the end of a week: open at the end of the week before, plus created, less done, less cancelled, less left.",
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
        how: "For each week from Monday to Sunday in the time zone of the profile (of the machine, where it has none): issues by their date of creation and by their date of done. An open issue that the query no longer finds left on the day of the sync that missed it. An issue is done in one week at most. The last week is marked while it is running. A query without issues shows the counts that are stored of it, marked as such; what was open then follows from the stored remaining work. The sample is the counted issues.",
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
        id: "cycle_time_scatter",
        title: "Cycle time of each item",
        unit: "calendar days",
        why: "Did we get faster, and how steady are we?",
        how: "Each dot is an item that was done in the complete weeks of the window: the day it was done, and its cycle time. Both the first and the last day count. The trend is the 85 % of each month; months with fewer than 5 items have none. The comparison is with as many complete weeks before the window. The sample is the items whose start is recorded.",
    },
    Metric {
        id: "service_level",
        title: "Service level expectation",
        unit: "calendar days",
        why: "What can we promise about one item?",
        how: "The days within which so many percent of what is started are done, from the Kaplan–Meier curve: work that is still open counts for as long as it has been open, and work that was started before the window enters with the age it had then. Ages at which fewer than ten items were seen, and fewer than come in later, tell nothing. Cancelled work is seen until it was cancelled. Where so many percent are never done, that is said with what stays open. The share that met it is of the items delivered in the window.",
    },
    Metric {
        id: "behaviour_chart",
        title: "Throughput, as a process behaviour chart",
        unit: "items or points per week",
        why: "Which weeks were more than the usual up and down?",
        how: "Limits are mean ± 2.66 × the mean distance of neighbouring weeks, not below 0 (XmR chart; Wheeler, Understanding Variation). They come from the baseline: the weeks that the address fixes, else up to 26 complete weeks since something was done first, those before the last 8 as long as these are at least 6. A week outside the limits is a signal, and so is the eighth week in a row on one side of the mean.",
    },
    Metric {
        id: "cumulative_flow",
        title: "Cumulative flow",
        unit: "items",
        why: "Where does work pile up?",
        how: "How many items were in each status at the end of each week, the last band on top of the one before. Started statuses with less than 2 % of the waiting and active time of the window are joined. What is not delivered leaves at its date; what was created in a done status counts from its resolution date; what lacks a date is in no band. The done band begins at 0 with the window. It may differ from the sum of the weeks where work was reopened. The approximate lead time is the horizontal distance between what was started and what is done.",
    },
    Metric {
        id: "arrivals",
        title: "Arrivals and departures",
        unit: "items or points per week",
        why: "Does more come in than goes out?",
        how: "Arrivals are what entered the scope in a week (its creation), started is what was begun in it, departures are what was done or cancelled in it, or left the query. The sample is the complete weeks of the window.",
    },
    Metric {
        id: "work_in_progress",
        title: "Work in progress",
        unit: "items",
        why: "How much is under way at once?",
        how: "Items whose status at the end of a day is a started one, day by day; the line is the mean of each week, the average that of all days of the complete weeks of the window. The sample is the days.",
    },
    Metric {
        id: "flow_efficiency",
        title: "Flow efficiency",
        unit: "share of working days",
        why: "How much of the time of an item is work, how much is waiting?",
        how: "Of the items done in the complete weeks of the window: working days in active statuses, divided by those in active and waiting ones, of all items together. Working days are those of the profile's calendar. It takes statuses that are mapped as waiting; as long as none is, it is not known. The sample is the items.",
    },
    Metric {
        id: "time_in_stage",
        title: "Time in stage",
        unit: "working days",
        why: "Where do items spend their time?",
        how: "How long the items done in the complete weeks of the window were in each started status, all stays together, in working days of 24 hours with a decimal. Cycle time counts calendar days with both ends, so that these do not add up to it. The sample is the items that were in the status.",
    },
    Metric {
        id: "type_distribution",
        title: "Work by type",
        unit: "items per week",
        why: "What kind of work gets done?",
        how: "Items done in each week by their type of the moment. Types of a kind of work that the settings of the profile name (feature, defect, technical debt, risk) are one. The five most frequent of the window stand alone, the others are joined. The sample is the items done in the complete weeks.",
    },
    Metric {
        id: "littles_law",
        title: "Little's law",
        unit: "items",
        why: "Do the figures of this page agree with each other?",
        how: "What finishes per day times how long it takes on average is what is under way on average (Little 1961), as long as about as much is started as is finished. Items with a recorded start only; days are all days of the complete weeks of the window. Where started and finished differ by more than 20 %, it says so, and the two need not agree. Cycle time counts both ends, which makes it up to a day longer than the time that the law is about.",
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
        how: "How many of the open and of the done issues have an estimate in the field of the profile (hours, where Jira keeps times in it): a number, text or an object that holds one, between minus and plus one thousand million. Zero points are points; an empty field, a field that is not there, one that was not asked for and one that holds something else are not. Points are those that the issue has now, not those it had then. The sample is the issues.",
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
