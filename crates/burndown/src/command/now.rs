//! `burndown now`: what is under way, how old it is, and what is blocked.

use app::forecast::Odds;
use app::metrics::{ItemOdds, Measured};
use app::now::{Now, NowAsk, NowRow, UnderWay};
use model::plain::one_line;
use words::format::{count, counted};
use words::{Front, unknown};

use crate::arguments;
use crate::failure::Result;
use crate::figures::{date, instant, note_line, or_unknown};
use crate::run::Run;
use crate::table::{Cell, Listing, Side, Table};
use crate::{figure_ask, opening, selection};

/// Lists what is under way, blocked first, then the oldest.
pub fn run(run: &Run, options: &arguments::Now) -> Result<()> {
    let ask = ask(options);
    let app = opening::existing(run)?;
    let mut now = app.now_page(&selection::key(&app, &options.figures.of)?, &ask)?;
    figure_ask::warn_of_later_day(run, &ask.view, &now.as_of);
    figure_ask::tell_age(run, &now.trail);
    if let (Some(limit), Measured::Known { value, .. }) = (options.limit, &mut now.items) {
        value.rows.truncate(limit);
    }
    run.output.list(&now, |now| listing(run, now))
}

fn ask(options: &arguments::Now) -> NowAsk {
    NowAsk {
        view: figure_ask::of(&options.figures),
        status: options.status.clone(),
        issue_type: options.issue_type.clone(),
        assignee: options.assignee.clone(),
        epic: options.epic.clone(),
        text: options.text.clone(),
        is_blocked: options.blocked,
        is_over: options.over,
        is_by_epic: false,
        sort: options.sort.sort,
        is_descending: options.sort.is_descending,
    }
}

fn listing(run: &Run, now: &Now) -> Listing {
    let head = figure_ask::heading(run, &now.trail, &now.as_of) + ".\n";
    match &now.items {
        Measured::Known { value, notes, .. } => {
            let notes: String = notes.iter().map(|note| note_line(note) + "\n").collect();
            let before = format!("{head}{}\n", said(value));
            let table = table(run, now, value);
            Listing { before, after: notes, ..Listing::of(table, "No item matches.\n") }
        }
        Measured::Unavailable { reason, remedy } => {
            let after = unknown(reason, *remedy, Front::Terminal) + "\n";
            Listing { before: head, after, ..Listing::of(Table::new(&COLUMNS).named(&NAMES), "") }
        }
    }
}

fn said(found: &UnderWay) -> String {
    let mut said = format!("{} under way", counted(found.total, "item", "items"));
    if found.over > 0 {
        let older = words::now::older_than(&found.service_level);
        said.push_str(&format!(", {} {older}", count(found.over)));
    }
    if found.blocked > 0 {
        said.push_str(&format!(", {} blocked", count(found.blocked)));
    }
    said.push('.');
    if let Some(more) = words::now::without_start(found.total, found.with_start) {
        said.push_str(&format!(" {more}."));
    }
    if found.total > 0 {
        said.push(' ');
        said.push_str(&words::now::service_level(&found.service_level, Front::Terminal));
    }
    one_line(&said)
}

const COLUMNS: [(&str, Side); 10] = [
    ("key", Side::Left),
    ("", Side::Left),
    ("status", Side::Left),
    ("age", Side::Right),
    ("in status", Side::Right),
    ("in time", Side::Right),
    ("changed", Side::Left),
    ("assignee", Side::Left),
    ("epic", Side::Left),
    ("summary", Side::Left),
];

/// What programs know the columns by.
const NAMES: [&str; 10] = [
    "key",
    "blocked",
    "status",
    "age_days",
    "in_status_days",
    "in_time_percent",
    "changed_at",
    "assignee",
    "epic",
    "summary",
];

/// Odds as a number: none for what is over already, empty where they are not known.
fn odds(odds: ItemOdds) -> Cell {
    let percent = match odds {
        ItemOdds::Within { chance } => Odds::of(chance).at_least_percent().to_string(),
        ItemOdds::Over | ItemOdds::OlderThanAnyFinished => "0".to_owned(),
        ItemOdds::Unknown => String::new(),
    };
    Cell::with_data(words::now::item_odds(odds), percent)
}

fn table(run: &Run, now: &Now, found: &UnderWay) -> Table {
    let zone = now.trail.zone.as_ref().unwrap_or(&run.surroundings.zone);
    let mut table = Table::new(&COLUMNS).named(&NAMES);
    let row = |row: &NowRow| {
        let mark = match (row.is_flagged, row.is_blocked) {
            (true, _) => "flagged",
            (false, true) => "blocked",
            _ => "",
        };
        [
            row.ageing.key.clone().into(),
            mark.into(),
            or_unknown(row.ageing.status.as_ref()).into(),
            row.ageing.age_days.to_string().into(),
            row.ageing.in_status_days.map(|days| days.to_string()).unwrap_or_default().into(),
            odds(row.ageing.odds),
            instant(row.changed, date(row.changed, zone)),
            row.assignee.clone().unwrap_or_default().into(),
            row.epic.clone().unwrap_or_default().into(),
            row.summary.clone().unwrap_or_default().into(),
        ]
    };
    found.rows.iter().for_each(|found| table.row(row(found)));
    table
}
