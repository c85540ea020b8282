//! What is under way now, and what is stuck: a sentence, dots by stage over the pace of the past, and
//! a table.

use app::metrics::{AgeingStage, ItemOdds, Measured};
use app::now::{Epic, Now, NowAsk, NowRow, NowSort, UnderWay};
use app::tally::Share;
use app::trail::Trail;
use chart::{AgeingChart, AgeingColumn, AgeingDot};
use maud::{Markup, PreEscaped, html};
use words::{Front, format};

use crate::card::why::{ITEMS, why};
use crate::frame::Frame;
use crate::shell::{self, Tab};
use crate::{link, part, view};

/// Rows that the page shows; the command line and JSON have all of them.
const ROWS_MAX: usize = 200;
/// Epics of a list to choose from.
const CHOICES_MAX: usize = 100;

/// The page for what was asked.
pub fn page(answer: &Now, ask: &NowAsk, frame: &Frame) -> String {
    shell::page(frame, "Now", Some(&answer.trail), Tab::Now, &body(answer, ask, frame))
}

fn body(answer: &Now, ask: &NowAsk, frame: &Frame) -> Markup {
    let path = link::now_page(&answer.trail);
    html! {
        div.at {
            p.name { (answer.trail.name()) }
            (view::controls(&path, &ask.view, answer.usual))
            (view::day_picker(&path, &ask.view, &format::day(answer.as_of.date)))
        }
        @match &answer.items {
            Measured::Unavailable { reason, remedy } => section.card { (part::unknown(reason, *remedy)) },
            Measured::Known { value, notes, .. } => {
                (headline(value, answer, ask))
                @if value.total > 0 {
                    (picture(value, answer, ask))
                    (filter(value, answer, ask))
                    (list(value, answer, ask, frame))
                }
                @if !notes.is_empty() { (crate::card::notes::card(notes, &answer.trail)) }
            }
        }
    }
}

fn headline(found: &UnderWay, answer: &Now, ask: &NowAsk) -> Markup {
    let to = |ask: NowAsk| link::now(&answer.trail, &ask);
    let all = ask.unfiltered();
    html! {
        section.answer {
            h1 {
                @if found.total == 0 { mark { "Nothing" } " is under way." } @else {
                    mark { (format::counted(found.total, "item", "items")) } " under way"
                    @if found.over > 0 {
                        "; " a href=(to(NowAsk { is_over: true, ..all.clone() })) { mark { (format::count(found.over)) } " " (words::now::older_than(&found.service_level)) }
                    }
                    @if found.blocked > 0 {
                        "; " a href=(to(NowAsk { is_blocked: true, ..all })) { mark { (format::count(found.blocked)) } " blocked" }
                    }
                    "."
                }
            }
            @if let Some(more) = words::now::without_start(found.total, found.with_start) {
                p.how { (more) ": " a href={ (link::settings(&answer.trail.profile.id)) "#workflow" } { "say what the statuses mean" } "." }
            }
            p.how { (words::now::service_level(&found.service_level, Front::Page)) }
        }
    }
}

fn picture(found: &UnderWay, answer: &Now, ask: &NowAsk) -> Markup {
    let has_zones = found.stages.iter().any(|stage| stage.zones.is_some());
    html! {
        section.card.plot aria-labelledby="ageing" {
            header {
                h2 #ageing { "How old, and where" } (why("ageing", &answer.items, ITEMS))
                (legend(has_zones, found.rows.iter().any(|row| row.is_blocked)))
            }
            @if found.stages.is_empty() || found.rows.is_empty() {
                (part::unavailable("There is nothing to draw.", if found.total > 0 { "Change the filter, or show all." } else { "" }))
            } @else {
                div.chart-frame { (PreEscaped(spec(found, &answer.trail, ask).to_svg())) }
                div.ageing-columns aria-hidden="true" {
                    @for stage in &found.stages { span { (name(stage)) br; (format::count(stage.items as u64)) } }
                }
                p.soft.fine {
                    "Days since work was started"
                    @if has_zones { "; the shades are ages at which " (format::counted(found.delivered as u64, "delivered item", "delivered items")) " left a stage." }
                    @else { ". Too few delivered items tell of the pace of the past." }
                }
            }
        }
    }
}

fn legend(has_zones: bool, has_blocked: bool) -> Markup {
    const ZONES: [&str; 5] = ["half left by then", "70\u{a0}%", "85\u{a0}%", "95\u{a0}%", "older"];
    html! {
        ul.chart-legend {
            @if has_zones { @for (at, zone) in ZONES.iter().enumerate() {
                li { span.zone-key.(format!("z{at}")) aria-hidden="true" {} (zone) }
            } }
            @if has_blocked { li { span.blocked-key aria-hidden="true" {} "blocked" } }
        }
    }
}

fn spec(found: &UnderWay, trail: &Trail, _: &NowAsk) -> AgeingChart {
    let column = |stage: &AgeingStage| {
        let zones = stage.zones.map(|zones| vec![zones.p50, zones.p70, zones.p85, zones.p95]);
        AgeingColumn { name: name(stage).to_owned(), zones: zones.unwrap_or_default() }
    };
    let dot = |row: &NowRow| {
        let age = format::counted(u64::from(row.ageing.age_days), "day", "days");
        Some(AgeingDot {
            column: row.ageing.stage?,
            days: row.ageing.age_days,
            name: match &row.summary {
                Some(summary) => format!("{}, {age}: {summary}", row.ageing.key),
                None => format!("{}, {age}", row.ageing.key),
            },
            href: link::issue(trail, &row.ageing.key),
            is_marked: row.is_blocked,
        })
    };
    let shown = if found.rows.len() > ROWS_MAX { "the first of them" } else { "them all" };
    AgeingChart {
        description: format!(
            "Ages of {} by stage; the table below has {shown}.",
            format::counted(found.rows.len() as u64, "item", "items")
        ),
        columns: found.stages.iter().map(column).collect(),
        dots: found.rows.iter().filter_map(dot).collect(),
    }
}

fn name(stage: &AgeingStage) -> &str {
    stage.name.as_deref().unwrap_or("not named")
}

fn filter(found: &UnderWay, answer: &Now, ask: &NowAsk) -> Markup {
    let kept = ask.unfiltered();
    let is_filtered = *ask != kept;
    let own = ["window", "unit", "as_of", "sort", "order", "by_epic"];
    html! {
        form.filter method="get" action=(link::now_page(&answer.trail)) role="search" {
            label { "Text in key or summary" input type="search" name="text" maxlength="200" value=[ask.text.as_deref()]; }
            (select("Status", "status", &found.statuses, ask.status.as_deref()))
            (select("Type", "type", &found.types, ask.issue_type.as_deref()))
            @if found.assignees.iter().any(|share| share.name.is_some()) {
                (select("Assignee", "assignee", &found.assignees, ask.assignee.as_deref()))
            }
            @if !found.epics.is_empty() { (epic_select(found, ask)) }
            label.tick { input type="checkbox" name="blocked" value="true" checked[ask.is_blocked]; "blocked only" }
            label.tick { input type="checkbox" name="over" value="true" checked[ask.is_over]; (words::now::older_than(&found.service_level)) " only" }
            @for (name, value) in kept.parameters() {
                @if own.contains(&name) { input type="hidden" name=(name) value=(value); }
            }
            button type="submit" { "Filter" }
            @if is_filtered { a href=(link::now(&answer.trail, &kept)) { "Show all" } }
        }
    }
}

fn select(label: &str, name: &str, shares: &[Share], chosen: Option<&str>) -> Markup {
    let is_listed = chosen
        .is_none_or(|chosen| shares.iter().any(|share| share.name.as_deref() == Some(chosen)));
    html! {
        label {
            (label)
            select name=(name) {
                option value="" { "any" }
                @if !is_listed { option value=[chosen] selected { (chosen.unwrap_or_default()) " (0)" } }
                @for share in shares.iter().take(CHOICES_MAX) {
                    @if let Some(name) = share.name.as_deref().filter(|name| !name.is_empty()) {
                        option value=(name) selected[chosen == Some(name)] { (name) " (" (format::count(share.count)) ")" }
                    }
                }
            }
        }
    }
}

fn epic_select(found: &UnderWay, ask: &NowAsk) -> Markup {
    html! {
        label {
            "Epic or parent"
            select name="epic" {
                option value="" { "any" }
                @for epic in found.epics.iter().take(CHOICES_MAX) {
                    option value=(epic.key) selected[ask.epic.as_deref() == Some(&epic.key)] {
                        (epic.key) @if let Some(name) = &epic.name { " " (name) } " (" (format::count(epic.under_way)) ")"
                    }
                }
            }
        }
    }
}

fn list(found: &UnderWay, answer: &Now, ask: &NowAsk, frame: &Frame) -> Markup {
    let shown = found.rows.get(..ROWS_MAX).unwrap_or(&found.rows);
    let by_epic = NowAsk { is_by_epic: !ask.is_by_epic, ..ask.clone() };
    html! {
        section.card aria-labelledby="list" {
            header {
                h2 #list { (format::counted(found.rows.len() as u64, "item", "items")) }
                @if found.rows.len() as u64 != found.total { p.soft { "of " (format::count(found.total)) " under way" } }
                p.act {
                    @if !found.epics.is_empty() {
                        a href=(link::now(&answer.trail, &by_epic)) { @if ask.is_by_epic { "As one list" } @else { "By epic" } }
                    }
                }
            }
            @if found.rows.is_empty() {
                (part::unavailable("No item matches.", if found.total > 0 { "Change the filter, or show all." } else { "" }))
            } @else {
                (part::scrolling("list", &table(shown, found, answer, ask, frame)))
                @if shown.len() < found.rows.len() {
                    p.soft { "The first " (shown.len()) " of " (format::count(found.rows.len() as u64)) "; `burndown now` has all of them." }
                }
            }
        }
    }
}

fn table(rows: &[NowRow], found: &UnderWay, answer: &Now, ask: &NowAsk, frame: &Frame) -> Markup {
    let columns = Columns::of(found);
    let head = |sort, label: &str, class| sort_head(answer, ask, sort, label, class);
    html! {
        table.wide.issues.under-way {
            caption.hidden { "Items under way, sorted by " (ask.sort.as_str().replace('_', " ")) }
            thead {
                tr {
                    (head(NowSort::Key, "Key", None))
                    @if columns.summary { th scope="col" { "Summary" } }
                    (head(NowSort::Stage, "Status", None))
                    (head(NowSort::Age, "Age", Some("num")))
                    (head(NowSort::InStatus, "In status", Some("num")))
                    th.num scope="col" { "Done in time" }
                    (head(NowSort::Changed, "Last change", None))
                    @if columns.assignee { (head(NowSort::Assignee, "Assignee", None)) }
                    @if columns.epic && !ask.is_by_epic { (head(NowSort::Epic, "Epic", None)) }
                }
            }
            @if ask.is_by_epic {
                @for (epic, rows) in by_epic(rows, found) {
                    tbody {
                        tr.group { th colspan="9" scope="colgroup" { (epic_head(epic, &answer.trail)) } }
                        @for row in rows { (line(row, &columns, false, answer, frame)) }
                    }
                }
            } @else {
                tbody { @for row in rows { (line(row, &columns, columns.epic, answer, frame)) } }
            }
        }
    }
}

/// Which columns hold anything.
struct Columns {
    summary: bool,
    assignee: bool,
    epic: bool,
}

impl Columns {
    fn of(found: &UnderWay) -> Columns {
        Columns {
            summary: found.rows.iter().any(|row| row.summary.is_some()),
            assignee: found.assignees.iter().any(|share| share.name.is_some()),
            epic: !found.epics.is_empty(),
        }
    }
}

/// Rows under what they are part of, in the order of the first of each; those of nothing last.
fn by_epic<'r>(
    rows: &'r [NowRow],
    found: &'r UnderWay,
) -> Vec<(Option<&'r Epic>, Vec<&'r NowRow>)> {
    let mut groups: Vec<(Option<&str>, Vec<&NowRow>)> = Vec::new();
    for row in rows {
        let key = row.epic.as_deref();
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((key, vec![row])),
        }
    }
    groups.sort_by_key(|(key, _)| key.is_none());
    let epic = |key: Option<&str>| found.epics.iter().find(|epic| Some(epic.key.as_str()) == key);
    groups.into_iter().map(|(key, rows)| (epic(key), rows)).collect()
}

fn epic_head(epic: Option<&Epic>, trail: &Trail) -> Markup {
    html! {
        @match epic {
            Some(epic) => {
                (epic.key) (part::in_jira(trail, &epic.key))
                @if let Some(name) = &epic.name { " " (name) }
                " " span.soft { (format::count(epic.done)) " of " (format::count(epic.total)) " done" }
            }
            None => span.soft { "part of nothing" },
        }
    }
}

fn line(row: &NowRow, columns: &Columns, has_epic: bool, answer: &Now, frame: &Frame) -> Markup {
    let ageing = &row.ageing;
    html! {
        tr {
            th scope="row" {
                (part::key(&answer.trail, &ageing.key))
                @if row.is_blocked { " " span.chip.risk { @if row.is_flagged { "flagged" } @else { "blocked" } } }
            }
            @if columns.summary { td.summary { (row.summary.as_deref().unwrap_or(part::NONE)) } }
            td { (part::status(ageing.status.as_deref(), row.status_category.as_deref())) }
            td.num data-head="age" title=[ageing.pace.map(words::now::pace)] { (ageing.age_days) " d" }
            td.num data-head="in status" { @match ageing.in_status_days { Some(days) => { (days) " d" }, None => span.none { (part::NONE) } } }
            td.num.odds-cell.late[row.is_over()] data-head="in time" { @match ageing.odds { ItemOdds::Unknown => span.none { (part::NONE) }, odds => (words::now::item_odds(odds)) } }
            td data-head="changed" { (part::day(row.changed, frame)) }
            @if columns.assignee { td { (row.assignee.as_deref().unwrap_or(part::NONE)) } }
            @if has_epic { td { @match &row.epic { Some(epic) => { (epic) (part::in_jira(&answer.trail, epic)) }, None => span.none { (part::NONE) } } } }
        }
    }
}

fn sort_head(
    answer: &Now,
    ask: &NowAsk,
    sort: NowSort,
    label: &str,
    class: Option<&str>,
) -> Markup {
    let is_sorted = ask.sort == sort;
    let starts_descending = matches!(sort, NowSort::Age | NowSort::InStatus);
    let is_descending = if is_sorted { !ask.is_descending } else { starts_descending };
    let to = NowAsk { sort, is_descending, ..ask.clone() };
    let sorted = is_sorted.then_some(ask.is_descending);
    part::sort_head(label, class, sorted, &link::now(&answer.trail, &to))
}
