//! The first page: the answer about each query, and the migration that made the workspace.

use app::answers::AnswersAsk;
use app::report::{MigrationSummary, ReportSummary};
use app::workspace::{Remark, Start};
use maud::{Markup, html};
use model::RecordCounts;
use words::{Front, format};

use super::welcome;
use crate::card::answers;
use crate::frame::Frame;
use crate::shell::{self, Tab};
use crate::{link, part};

/// The page for what was asked; a welcome if there is no profile.
pub fn page(start: &Start, ask: &AnswersAsk, frame: &Frame) -> String {
    let workspace = &start.workspace;
    let body = html! {
        (remarks(&workspace.remarks))
        @if workspace.totals.profiles == 0 { (welcome::body(workspace.trash)) } @else { (body(start, ask, frame)) }
    };
    shell::page(frame, "Workspace", None, Tab::Workspace, &body)
}

/// What the owner has to know before anything else.
fn remarks(remarks: &[Remark]) -> Markup {
    html! {
        @for remark in remarks { p.strip role="status" { (format::sentence(&words::remark(remark, Front::Page))) } }
    }
}

fn body(start: &Start, ask: &AnswersAsk, frame: &Frame) -> Markup {
    let workspace = &start.workspace;
    html! {
        section.answer {
            (headline(&workspace.totals))
            div.acts {
                a href=(link::PROFILES) { "Profiles" }
                a href=(link::CONNECT) { "Connect to Jira" }
                a href=(link::NEW_PROFILE) { "New profile" }
                a href=(link::IMPORT) { "Import a profile from a file" }
                (trash(workspace.trash))
            }
        }
        (answers::deliveries(&start.answers.deliveries, frame))
        (answers::card(&start.answers.answers, ask, frame))
        @if let Some(migration) = &workspace.migration { (migration_card(migration, frame)) }
    }
}

/// The way to what was deleted, if there is something.
fn trash(count: u64) -> Markup {
    html! { @if count > 0 { a href=(link::TRASH) { "Trash (" (format::count(count)) ")" } } }
}

fn headline(totals: &RecordCounts) -> Markup {
    html! {
        h1 {
            mark { (format::counted(totals.queries, "query", "queries")) }
            " with " (format::counted(totals.issues, "issue", "issues"))
            " in " (format::counted(totals.profiles, "profile", "profiles")) "."
        }
    }
}

fn migration_card(migration: &MigrationSummary, frame: &Frame) -> Markup {
    let at = migration.completed_at.as_deref().and_then(|text| text.parse().ok());
    html! {
        section.card.slim aria-labelledby="migration" {
            header {
                h2 #migration { "Taken over from the old app" }
                p.soft { (part::day(at, frame)) }
                @if migration.report.is_some() { p.act { a href=(link::MIGRATION) { "full report" } } }
            }
            @if let Some(report) = &migration.report { (proof(report)) }
            p.soft {
                @if let Some(backup) = migration.backup.as_deref().filter(|path| !path.is_empty()) {
                    "Backup in " code { (backup) } ". "
                }
                code { "burndown verify" } " compares again, " code { "burndown rollback" } " goes back."
            }
        }
    }
}

/// Whether the database is equal to the old files, in a sentence.
pub(crate) fn proof(report: &ReportSummary) -> Markup {
    html! {
        p {
            @match (report.is_proven, report.compared) {
                (Some(true), Some(compared)) => {
                    span.chip.ok { "equal" } " "
                    (format::counted(compared, "record", "records"))
                    " compared with the old files: every difference is explained."
                }
                (Some(false), _) => {
                    span.chip.risk { "not equal" } " "
                    "Some records differ from the old files and nothing explains why; the full report lists them."
                }
                _ => { span.chip.watch { "not compared" } " Run " code { "burndown verify" } " to compare with the old files." }
            }
            @if report.findings > 0 {
                " " (format::counted(report.findings, "odd thing was", "odd things were")) " noticed and handled."
            }
        }
        @if !report.token_files.is_empty() {
            details.strip {
                summary {
                    (format::counted(report.token_files.len() as u64, "file still holds", "files still hold"))
                    " a Jira token in clear text. Take it out once you no longer need the old app: its value, not the file."
                }
                p { "The backup holds it too, readable for you alone. Leave the backup as it is: " code { "burndown verify" } " and " code { "burndown rollback" } " need it whole. When you need neither, delete its folder." }
                ul { @for file in &report.token_files { li { code { (file) } } } }
            }
        }
    }
}
