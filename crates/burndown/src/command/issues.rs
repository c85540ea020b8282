//! `burndown issues`: the issues of a query, or one of them with its history.

use app::Measured;
use app::issue::{History, IssueDetail};
use app::issues::{Behind, Event, IssueList, IssueRow, IssuesAsk, PointsValue, SortField};
use app::tally::Share;
use model::{QueryKey, TimeZone};
use serde::Serialize;
use words::format::{count, counted, decimal};
use words::{Front, unknown};

use crate::arguments::{self, Issues};
use crate::failure::Result;
use crate::figures::{UNKNOWN, date, minute, or_unknown};
use crate::run::Run;
use crate::table::{Side, Table, pairs};
use crate::{opening, selection};

/// A stretch of a query's issues.
#[derive(Debug, Serialize)]
struct Stretch {
    profile: String,
    query: String,
    total: u64,
    matching: u64,
    behind: Option<Behind>,
    offset: usize,
    limit: usize,
    issues: Vec<IssueRow>,
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
        return run.output.answer(&issue, |issue| issue_text(run, issue));
    }
    let ask = ask(options);
    let list = app.issues(&query, &ask)?;
    warn_of_unknown(run, "status", options.status.as_deref(), &list.statuses);
    warn_of_unknown(run, "type", options.issue_type.as_deref(), &list.types);
    run.output.answer(&stretch(options, query, list), |stretch| list_text(run, stretch, ask.sort))
}

/// One page that reaches from the first issue to the last one wanted; see [`stretch`].
fn ask(options: &Issues) -> IssuesAsk {
    let mut ask = IssuesAsk {
        status: options.status.clone(),
        issue_type: options.issue_type.clone(),
        text: options.text.clone(),
        event: event(&options.behind),
        week: options.behind.week,
        as_of: options.behind.as_of,
        size: options.offset.saturating_add(options.limit),
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
    ];
    flags.into_iter().find(|(is_given, _)| *is_given).map(|(_, event)| event)
}

fn stretch(options: &Issues, query: QueryKey, list: IssueList) -> Stretch {
    Stretch {
        profile: query.profile.into(),
        query: query.query.into(),
        total: list.total,
        matching: list.matching,
        behind: list.behind,
        offset: options.offset,
        limit: options.limit,
        issues: list.issues.into_iter().skip(options.offset).collect(),
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

fn list_text(run: &Run, stretch: &Stretch, sort: SortField) -> String {
    let shown = stretch.issues.len() as u64;
    let mut text = format!("{} of {}", count(shown), counted(stretch.matching, "issue", "issues"));
    if stretch.matching != stretch.total {
        text.push_str(&format!(" that match, {} in all", count(stretch.total)));
    }
    text.push('\n');
    if shown == 0 {
        return text;
    }
    // The date that the order is by has to be seen.
    let by_update = sort == SortField::Updated;
    let mut table = Table::new(&[
        ("key", Side::Left),
        ("type", Side::Left),
        ("status", Side::Left),
        ("points", Side::Right),
        ("created", Side::Left),
        (if by_update { "updated" } else { "resolved" }, Side::Left),
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
            issue.summary.clone().unwrap_or_default(),
        ]);
    }
    text + &table.into_text(run.output.width, &run.output.head)
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
        ("points", points(facts.points)),
        ("created", minute(facts.created, zone)),
        ("updated", minute(facts.updated, zone)),
        ("resolved", minute(facts.resolved, zone)),
        ("fetched", minute(issue.fetched_at, zone)),
    ];
    let mut text = pairs(&lines, &run.output.head) + "\n";
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
