//! Small pieces that several pages share.

use app::report::{Oddity, SourceFile, fate_word};
use app::tally::Share;
use app::trail::Trail;
use app::trash::Deleted;
use app::workspace::QueryEntry;
use maud::{Markup, html};
use metrics::Reason;
use model::Timestamp;
use model::{Remedy, StatusCategory};
use words::{Front, format};

use crate::frame::Frame;
use crate::link;

/// What stands where there is nothing.
pub const NONE: &str = "–";

/// Where in a list a page is that shows something.
#[derive(Debug, Clone, Copy)]
pub struct Pages {
    /// Which page, from 1.
    pub page: usize,
    /// How many pages there are.
    pub count: usize,
    /// How many lines a page has.
    pub size: usize,
    /// How many lines this page has.
    pub shown: usize,
    /// How many lines all pages have.
    pub matching: u64,
}

/// A moment as a day; the full time is in its title.
pub fn day(at: Option<Timestamp>, frame: &Frame) -> Markup {
    html! {
        @match at {
            Some(at) => time datetime=(at) title=(format::minute(at, &frame.zone)) {
                (format::date(at, &frame.zone))
            },
            None => span.none { (NONE) }
        }
    }
}

/// A moment as a day and how long ago that was.
pub fn day_and_age(at: Timestamp, frame: &Frame) -> Markup {
    html! { (day(Some(at), frame)) " (" (format::age(at, frame.as_of)) ")" }
}

/// Two days in words, or one if they are the same.
pub fn range(first: Option<String>, last: Option<String>) -> Markup {
    html! {
        (first.as_deref().unwrap_or(NONE))
        @if first != last { " to " (last.as_deref().unwrap_or(NONE)) }
    }
}

/// Why a figure is not known, and what would change that.
pub fn unknown(reason: &Reason, remedy: Remedy) -> Markup {
    unavailable(&words::reason(reason), words::remedy(remedy, Front::Page))
}

/// Why there is nothing, and what would change that.
pub fn unavailable(reason: &str, remedy: &str) -> Markup {
    html! { div.empty { p { (reason) } p.soft { (remedy) } } }
}

/// What stands in a profile without queries; `profile` is its page.
pub fn no_query(profile: &str) -> Markup {
    html! {
        div.empty {
            p { "This profile has no query." }
            p { a href={ (link::setup_of(profile)) "#new-query" } { "Add a query" } }
        }
    }
}

/// The heading of a column that a list is sorted by when it is followed. `sorted` says whether it is
/// sorted by it now, and then whether downwards.
pub fn sort_head(label: &str, class: Option<&str>, sorted: Option<bool>, to: &str) -> Markup {
    let (order, arrow) = match sorted {
        None => (None, ""),
        Some(false) => (Some("ascending"), " ↑"),
        Some(true) => (Some("descending"), " ↓"),
    };
    html! {
        th class=[class] scope="col" aria-sort=[order] {
            a href=(to) { (label) span aria-hidden="true" { (arrow) } }
        }
    }
}

/// A table that scrolls inside its own region on narrow screens. `id` is unique on the page and
/// names the heading that labels it.
pub fn scrolling(labelled_by: &str, table: &Markup) -> Markup {
    html! { div.scroll role="group" aria-labelledby=(labelled_by) tabindex="0" { (table) } }
}

/// Where a workspace is: the path of a file, the address of a server.
pub fn place(address: &str) -> &str {
    address.strip_prefix("sqlite:").unwrap_or(address)
}

/// The key of an issue, which leads to its page here, and beside it the way to Jira.
pub fn key(trail: &Trail, key: &str) -> Markup {
    html! { span.key { a href=(link::issue(trail, key)) { (key) } (in_jira(trail, key)) } }
}

/// The way to an issue in Jira, behind its key; nothing where no server is known.
pub fn in_jira(trail: &Trail, key: &str) -> Markup {
    out(key, trail.issue_url(key).as_deref())
}

/// The way to an issue at that address.
pub fn out(key: &str, url: Option<&str>) -> Markup {
    html! {
        @if let Some(url) = url {
            " " a.out href=(url) target="_blank" rel="noopener noreferrer" aria-label={ (key) " in Jira" } title="In Jira" { "↗" }
        }
    }
}

/// A status with a mark for its category; the word always stands beside it.
pub fn status(name: Option<&str>, category: Option<&str>) -> Markup {
    let class = match category {
        Some("done") => "done",
        Some("indeterminate") => "doing",
        Some("new") => "new",
        _ => "unknown",
    };
    html! { span.status.(class) { (name.unwrap_or("without a status")) } }
}

/// The words for a status category.
pub fn category(category: Option<&str>) -> &'static str {
    words::category(category.and_then(StatusCategory::of_key))
}

/// A bar of `part` out of `whole`, as decoration beside the number.
pub fn bar(part: u64, whole: u64) -> Markup {
    let percent = if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 };
    html! {
        svg.bar viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" {
            rect.track width="100" height="8" {}
            rect.fill width=(format!("{percent:.1}")) height="8" {}
        }
    }
}

/// How much `share` is of `whole`, as a whole percentage.
pub fn percent(share: &Share, whole: u64) -> String {
    match share.count * 100 {
        _ if whole == 0 => NONE.to_owned(),
        hundredfold if hundredfold < whole => "< 1 %".to_owned(),
        hundredfold => format!("{} %", (hundredfold + whole / 2) / whole),
    }
}

/// Which part of a list a page shows, with the way to the others; `to` gives the address of a page.
pub fn pager(pages: Pages, to: &dyn Fn(usize) -> String) -> Markup {
    let first = (pages.page - 1) * pages.size + 1;
    let last = first + pages.shown - 1;
    html! {
        nav.pager aria-label="Pages" {
            p.soft {
                (format::count(first as u64)) "–" (format::count(last as u64)) " of " (format::count(pages.matching))
            }
            @if pages.count > 1 {
                ul {
                    @if pages.page > 1 {
                        li { a href=(to(1)) { "First" } }
                        li { a rel="prev" href=(to(pages.page - 1)) { "Previous" } }
                    }
                    li aria-current="page" { "Page " (pages.page) " of " (pages.count) }
                    @if pages.page < pages.count {
                        li { a rel="next" href=(to(pages.page + 1)) { "Next" } }
                        li { a href=(to(pages.count)) { "Last" } }
                    }
                }
            }
        }
    }
}

/// Queries as a table.
pub fn queries(queries: &[QueryEntry], labelled_by: &str, frame: &Frame) -> Markup {
    let table = html! {
        table.wide.queries {
            caption.hidden { "Queries, most recently used first" }
            thead {
                tr {
                    th scope="col" { "Query" }
                    th.num scope="col" { "Issues" }
                    th.num scope="col" { "Changelogs" }
                    th scope="col" { "Data as of" }
                    th scope="col" { "Last used" }
                }
            }
            tbody {
                @for query in queries { (query_row(query, frame)) }
            }
        }
    };
    scrolling(labelled_by, &table)
}

/// How much went with something that was deleted: `2 queries, 60 issues and 60 changelogs`.
pub fn amounts(deleted: &Deleted) -> Markup {
    html! {
        @if deleted.query.is_none() { (format::counted(deleted.queries, "query", "queries")) ", " }
        (format::counted(deleted.issues, "issue", "issues")) " and "
        (format::counted(deleted.changelogs, "changelog", "changelogs"))
    }
}

/// When the issues of a query were fetched, as a day.
pub fn fetched(query: &QueryEntry, frame: &Frame) -> Markup {
    html! {
        @if query.fetched_at.is_some() { (day(query.fetched_at, frame)) }
        @else if query.issues > 0 { span.soft { "not known" } }
        @else { span.soft { "never fetched" } }
    }
}

fn query_row(query: &QueryEntry, frame: &Frame) -> Markup {
    html! {
        tr {
            th scope="row" {
                a href=(link::query(&query.profile, &query.id)) { (query.name) }
                @if query.is_active { " " span.chip { "active" } }
                @if query.partial.is_some() { " " span.chip.watch { "incomplete" } }
                @if !query.jql.is_empty() { code.jql { (query.jql) } }
            }
            td.num { (format::count(query.issues)) }
            td.num { (format::count(query.changelogs)) }
            td { (fetched(query, frame)) }
            td { (day(query.last_used, frame)) }
        }
    }
}

/// Files of the old app with their fates.
pub fn source_files(files: &[SourceFile], labelled_by: &str) -> Markup {
    let table = html! {
        table.wide.files {
            caption.hidden { "Files of the old app and what became of them" }
            thead {
                tr {
                    th scope="col" { "File" }
                    th scope="col" { "Fate" }
                    th.num scope="col" { "Records" }
                    th.num scope="col" { "Size" }
                }
            }
            tbody {
                @for file in files {
                    tr {
                        th scope="row" {
                            code { (file.path) }
                            @if !file.findings.is_empty() { (oddities(&file.findings)) }
                        }
                        td { (fate(file)) }
                        td.num { (format::count(file.records)) }
                        td.num { (format::bytes(file.bytes)) }
                    }
                }
            }
        }
    };
    scrolling(labelled_by, &table)
}

/// Oddities that a migration noticed, folded away.
pub fn oddities(oddities: &[Oddity]) -> Markup {
    let total = oddities.iter().map(|oddity| oddity.count).sum();
    html! {
        details.oddities {
            summary { (format::counted(total, "oddity", "oddities")) }
            ul {
                @for oddity in oddities {
                    li {
                        (format::count(oddity.count)) " × " code { (oddity.code) } " " (oddity.meaning)
                        @if !oddity.examples.is_empty() {
                            ul.examples { @for example in &oddity.examples { li { (example) } } }
                        }
                    }
                }
            }
        }
    }
}

fn fate(file: &SourceFile) -> Markup {
    let (text, class) = match fate_word(file.fate) {
        "imported" => ("imported", "ok"),
        "partly" => ("partly imported", "watch"),
        "quarantined" => ("in quarantine", "watch"),
        "kept" => ("kept in the backup", "quiet"),
        _ => ("left alone", "quiet"),
    };
    html! { span.chip.(class) { (text) } }
}
