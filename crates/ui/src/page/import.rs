//! A file as a profile: the file to choose, and what would come of it.

use app::trail::Named;
use app::transfer::{Imported, ImportedQuery};
use app::trash::Going;
use maud::{Markup, html};
use words::format;

use crate::frame::Frame;
use crate::shell::{self, Tab};
use crate::{link, part};

/// The page on which a file is chosen, and in place of which profile it may come.
pub fn page(profiles: &[Named], frame: &Frame) -> String {
    let body = html! {
        section.answer {
            h1 { mark { "Import a profile." } " Choose a file, and see first what is in it." }
            p.how {
                "An export of burndown, any export of the old app (profiles, project data, statistics), a table of weeks, or a list of issues that Jira exported as CSV. "
                "What it is, is told by its content. Nothing is changed before you say so."
            }
        }
        section.card aria-labelledby="file" {
            header { h2 #file { "File" } p.soft { "at most 256 MB; larger ones with burndown import FILE" } }
            form.fields method="post" action=(link::IMPORT) enctype="multipart/form-data" {
                // Where it goes is sent before the file, so that the file is read knowing it.
                label { "Where it goes" select name="replace" {
                    option value="" { "A new profile" }
                    @for profile in profiles { option value=(profile.id) { "In place of " (profile.name) } }
                } }
                label { "Dates in a table" select name="dates" {
                    option value="" { "As the table tells" }
                    option value="day-first" { "Day first: 24/12/2026" }
                    option value="month-first" { "Month first: 12/24/2026" }
                } }
                label { "File" input type="file" name="file" required; }
                button type="submit" { "Look at it" }
            }
        }
    };
    shell::page(frame, "Import", None, Tab::Workspace, &body)
}

/// What would come of a file that was uploaded under that number, with what was said of its dates,
/// in place of `replaced` if that is given.
pub fn preview(
    answer: &Imported,
    upload: (&str, &str),
    replaced: Option<&Going>,
    frame: &Frame,
) -> String {
    let body = html! {
        section.answer {
            h1 {
                mark { (answer.name) } " comes with "
                (format::counted(answer.carried.issues, "issue", "issues")) " in "
                (format::counted(answer.carried.queries, "query", "queries")) "."
            }
            p.how {
                "The file is " (answer.source)
                @if let Some(at) = &answer.exported_at { ", of " (at) }
                ". Nothing is changed yet."
            }
        }
        @if !answer.queries.is_empty() { (queries(&answer.queries)) }
        (sentences("notes", "What will be different", &answer.notes))
        (sentences("lacks", "What the file does not hold", &answer.lacks))
        (confirm(answer, upload, replaced, frame))
    };
    shell::page(frame, "Import", None, Tab::Workspace, &body)
}

fn confirm(
    answer: &Imported,
    (upload, dates): (&str, &str),
    replaced: Option<&Going>,
    frame: &Frame,
) -> Markup {
    html! {
        section.card aria-labelledby="confirm" {
            header {
                h2 #confirm { "Import it" }
                p.soft {
                    @if replaced.is_some() { "in place of another profile" }
                    @else { "as a new profile; what is here stays as it is" }
                }
            }
            @if let Some(going) = replaced { (goes_first(going, frame)) }
            form.fields method="post" action=(link::IMPORT_CONFIRM) {
                input type="hidden" name="upload" value=(upload);
                input type="hidden" name="dates" value=(dates);
                @if let Some(going) = replaced { input type="hidden" name="replace" value=(going.deleted.profile.id); }
                label { "Name" input name="name" value=(answer.name) maxlength="100" required; }
                div.acts {
                    button type="submit" { @if replaced.is_some() { "Replace" } @else { "Import" } }
                    a href=(link::WORKSPACE) { "Leave it" }
                }
            }
        }
    }
}

/// What the file takes the place of.
fn goes_first(going: &Going, frame: &Frame) -> Markup {
    html! {
        p.strip {
            "The profile " strong { (going.deleted.name()) } " with " (part::amounts(&going.deleted))
            " goes to the trash first. It can be restored from there until "
            (part::day(Some(going.until), frame)) "."
            @if going.deleted.had_token { " Its Jira token is not kept: enter it again where you need it." }
        }
    }
}

fn queries(queries: &[ImportedQuery]) -> Markup {
    html! {
        section.card aria-labelledby="queries" {
            header { h2 #queries { "Queries" } }
            div.scroll tabindex="0" role="group" aria-labelledby="queries" {
                table {
                    thead { tr {
                        th scope="col" { "Query" } th.number scope="col" { "Issues" }
                        th.number scope="col" { "Changelogs" } th.number scope="col" { "Stored figures" }
                    } }
                    tbody { @for query in queries { tr {
                        th scope="row" { (query.name) }
                        td.number { (format::count(query.issues)) }
                        td.number { (format::count(query.changelogs)) }
                        td.number { (format::count(query.snapshots)) }
                    } } }
                }
            }
        }
    }
}

fn sentences(id: &str, title: &str, sentences: &[String]) -> Markup {
    html! {
        @if !sentences.is_empty() {
            section.card aria-labelledby=(id) {
                header { h2 id=(id) { (title) } }
                ul { @for sentence in sentences { li { (format::sentence(sentence)) } } }
            }
        }
    }
}
