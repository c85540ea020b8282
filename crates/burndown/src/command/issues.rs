//! `burndown issues`: the issues of a query, or one of them with its history.

use std::sync::Arc;

use app::Measured;
use app::issue::{History, IssueDetail};
use app::issues::{Behind, Event, IssueList, IssueRow, IssuesAsk, PointsValue, SortField};
use app::metrics::Estimates;
use app::stale::Stale;
use app::tally::Share;
use model::{QueryKey, TimeZone, Timestamp};
use serde::Serialize;
use words::format::{count, counted, decimal};
use words::{Front, noun, unknown};

use crate::arguments::{self, Issues};
use crate::failure::Result;
use crate::figures::{UNKNOWN, date, minute, or_unknown};
use crate::run::Run;
use crate::table::{Listing, Side, Table, pairs};
use crate::{figure_ask, opening, selection};

/// How many rows a table for people has unless more are asked for.
const LIMIT: usize = 50;

/// A stretch of a query's issues.
#[derive(Debug, Serialize)]
struct Stretch {
    profile: String,
    query: String,
    total: u64,
    matching: u64,
    behind: Option<Behind>,
    offset: usize,
    /// How many were wanted at most; `None` for all.
    limit: Option<usize>,
    /// Whether these are all that match.
    is_whole: bool,
    issues: Vec<IssueRow>,
    /// What the points are in, where these are no story points.
    #[serde(skip_serializing_if = "Estimates::is_points")]
    estimates: Estimates,
    /// What is wrong with the age of the data, if something is.
    #[serde(skip_serializing_if = "Option::is_none")]
    stale: Option<Stale>,
    /// Zone of the profile.
    #[serde(skip)]
    zone: Option<TimeZone>,
}

/// Lists issues, or shows the one that is named.
pub fn run(run: &Run, options: &Issues) -> Result<()> {
    let app = opening::existing(run)?;
    let query = selection::key(&app, &options.of)?;
    if let Some(key) = &options.key {
        let issue = app.issue(&query, key)?;
        figure_ask::tell_age(run, &issue.trail);
        return run.output.answer(&issue, |issue| issue_text(run, issue));
    }
    let limit = options.limit.or((!run.output.is_for_programs()).then_some(LIMIT));
    let ask = ask(options, limit);
    let list = Arc::unwrap_or_clone(app.issues(&query, &ask)?);
    figure_ask::tell_age(run, &list.trail);
    warn_of_unknown(run, "status", options.status.as_deref(), &list.statuses);
    warn_of_unknown(run, "type", options.issue_type.as_deref(), &list.types);
    run.output.list(&stretch(options, limit, query, list), |stretch| match run.output.is_csv() {
        true => Listing::of(all_columns(stretch), ""),
        false => listing(run, stretch, ask.sort),
    })
}

/// One page that reaches from the first issue to the last one wanted; see [`stretch`].
fn ask(options: &Issues, limit: Option<usize>) -> IssuesAsk {
    let mut ask = IssuesAsk {
        status: options.status.clone(),
        issue_type: options.issue_type.clone(),
        text: options.text.clone(),
        event: event(&options.behind),
        week: options.behind.week,
        as_of: options.behind.as_of,
        size: limit.map_or(usize::MAX, |limit| options.offset.saturating_add(limit)),
        ..IssuesAsk::default()
    };
    if let Some(sort) = options.sort {
        (ask.sort, ask.is_descending) = (sort.field, sort.is_descending);
    }
    ask
}

/// The command line lets one through at most.
fn event(behind: &arguments::Behind) -> Option<Event> {
    let flags = [
        (behind.created, Event::Created),
        (behind.done, Event::Done),
        (behind.cancelled, Event::Cancelled),
        (behind.left, Event::Left),
        (behind.open, Event::Open),
        (behind.started, Event::Started),
    ];
    flags.into_iter().find(|(is_given, _)| *is_given).map(|(_, event)| event)
}

fn stretch(options: &Issues, limit: Option<usize>, query: QueryKey, list: IssueList) -> Stretch {
    let issues: Vec<IssueRow> = list.issues.into_iter().skip(options.offset).collect();
    Stretch {
        profile: query.profile.into(),
        query: query.query.into(),
        total: list.total,
        matching: list.matching,
        behind: list.behind,
        offset: options.offset,
        limit,
        is_whole: issues.len() as u64 == list.matching,
        issues,
        estimates: list.trail.estimates,
        stale: list.trail.stale,
        zone: list.trail.zone,
    }
}

/// A filter that no issue can pass is more often a slip than a wish.
fn warn_of_unknown(run: &Run, noun: &str, asked: Option<&str>, known: &[Share]) {
    let names: Vec<&str> = known.iter().filter_map(|share| share.name.as_deref()).collect();
    if let Some(asked) = asked.filter(|asked| !names.contains(asked)) {
        let names = names.join(", ");
        run.output
            .warn(&format!("no issue of this query has the {noun} {asked:?}; there are: {names}"));
    }
}

fn listing(run: &Run, stretch: &Stretch, sort: SortField) -> Listing {
    let shown = stretch.issues.len() as u64;
    let mut before =
        format!("{} of {}", count(shown), counted(stretch.matching, "issue", "issues"));
    if stretch.matching != stretch.total {
        before.push_str(&format!(" that match, {} in all", count(stretch.total)));
    }
    before.push('\n');
    // The date that the order is by has to be seen.
    let by_update = sort == SortField::Updated;
    let mut table = Table::new(&[
        ("key", Side::Left),
        ("type", Side::Left),
        ("status", Side::Left),
        (noun(stretch.estimates.unit(), true), Side::Right),
        ("created", Side::Left),
        (if by_update { "updated" } else { "resolved" }, Side::Left),
        ("age", Side::Right),
        ("summary", Side::Left),
    ]);
    let zone = zone(run, stretch.zone.as_ref());
    for issue in &stretch.issues {
        table.row([
            issue.key.clone(),
            or_unknown(issue.issue_type.as_ref()),
            or_unknown(issue.status.as_ref()),
            points(issue.points),
            date(issue.created, zone),
            date(if by_update { issue.updated } else { issue.resolved }, zone),
            age(issue),
            issue.summary.clone().unwrap_or_default(),
        ]);
    }
    let more = stretch.matching.saturating_sub(shown + stretch.offset as u64);
    let after = match more {
        0 => String::new(),
        more => format!("{} more: --limit N, or --json for all\n", count(more)),
    };
    Listing { before, after, ..Listing::of(table, "") }
}

/// Everything that a row has, for programs.
fn all_columns(stretch: &Stretch) -> Table {
    let mut table = Table::new(
        &[
            "key",
            "type",
            "status",
            "status_category",
            "priority",
            "project",
            "parent",
            noun(stretch.estimates.unit(), true),
            "created",
            "updated",
            "resolved",
            "age_days",
            "summary",
            "url",
        ]
        .map(|name| (name, Side::Left)),
    );
    for issue in &stretch.issues {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let time = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
        table.row([
            issue.key.clone(),
            text(&issue.issue_type),
            text(&issue.status),
            text(&issue.status_category),
            text(&issue.priority),
            text(&issue.project),
            text(&issue.parent),
            points(issue.points),
            time(issue.created),
            time(issue.updated),
            time(issue.resolved),
            issue.age_days.map(|days| days.to_string()).unwrap_or_default(),
            text(&issue.summary),
            text(&issue.url),
        ]);
    }
    table
}

/// Days under way; nothing in lists that do not tell.
fn age(issue: &IssueRow) -> String {
    issue.age_days.map(|days| format!("{days} d")).unwrap_or_default()
}

fn points(points: PointsValue) -> String {
    if let PointsValue::Known(value) = points { decimal(value) } else { UNKNOWN.to_owned() }
}

/// The zone of the profile, else of this machine.
fn zone<'z>(run: &'z Run, of_profile: Option<&'z TimeZone>) -> &'z TimeZone {
    of_profile.unwrap_or(&run.surroundings.zone)
}

fn issue_text(run: &Run, issue: &IssueDetail) -> String {
    let facts = &issue.facts;
    let zone = zone(run, issue.trail.zone.as_ref());
    let lines = [
        ("key", facts.key.clone()),
        ("in Jira", or_unknown(facts.url.as_ref())),
        ("summary", or_unknown(facts.summary.as_ref())),
        ("type", or_unknown(facts.issue_type.as_ref())),
        ("status", or_unknown(facts.status.as_ref())),
        ("priority", or_unknown(facts.priority.as_ref())),
        (noun(issue.trail.estimates.unit(), true), points(facts.points)),
        ("created", minute(facts.created, zone)),
        ("updated", minute(facts.updated, zone)),
        ("resolved", minute(facts.resolved, zone)),
        ("fetched", minute(issue.fetched_at, zone)),
    ];
    let mut text = pairs(&lines, &run.output.head) + "\n";
    let expected = issue.expectation.as_ref().and_then(words::item_expectation);
    text.extend(expected.map(|said| format!("{said}\n\n")));
    match &issue.history {
        Measured::Known(history) => text.push_str(&history_text(run, history, zone)),
        Measured::Unavailable { reason, remedy } => {
            text.push_str(&unknown(reason, *remedy, Front::Terminal));
            text.push('\n');
        }
    }
    text + "\n`--json` shows the document as Jira sent it.\n"
}

fn history_text(run: &Run, history: &History, zone: &TimeZone) -> String {
    if history.changes.is_empty() {
        return "Nothing was changed since it was created.\n".to_owned();
    }
    let mut table = Table::new(&[
        ("changed at", Side::Left),
        ("field", Side::Left),
        ("from", Side::Left),
        ("to", Side::Left),
    ]);
    for change in &history.changes {
        table.row([
            minute(change.at, zone),
            change.field.clone(),
            or_unknown(change.from.as_ref()),
            or_unknown(change.to.as_ref()),
        ]);
    }
    let mut text = table.into_text(run.output.width, &run.output.head);
    if history.ends_in_current_status == Some(false) {
        text.push_str("The last change of the status does not lead to the current one.\n");
    }
    text
}
