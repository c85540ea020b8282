//! The full report of the migration.

use app::report::MigrationReport;
use maud::{Markup, html};
use words::format;

use super::workspace::proof;
use crate::frame::Frame;
use crate::part;
use crate::shell::{self, Tab};

/// The page.
pub fn page(answer: &MigrationReport, frame: &Frame) -> String {
    shell::page(frame, "Migration", None, Tab::Migration, &body(answer, frame))
}

fn body(answer: &MigrationReport, frame: &Frame) -> Markup {
    let summary = &answer.summary;
    let at = summary.completed_at.as_deref().and_then(|text| text.parse().ok());
    html! {
        section.answer {
            h1 { mark { (format::counted(answer.files.len() as u64, "file", "files")) } " of the old app, and what became of them." }
            p.how { "Migrated " (part::day(at, frame)) @if let Some(version) = &summary.version { " by burndown " (version) } "." }
        }
        section.card aria-labelledby="summary" {
            header { h2 #summary { "In short" } }
            @if let Some(report) = &summary.report {
                (proof(report))
                dl.facts {
                    dt { "Layout" } dd { (report.layout) }
                    dt { "Source" } dd { code.address { (report.source) } }
                    @if let Some(backup) = &summary.backup { dt { "Backup" } dd { code.address { (backup) } } }
                    dt { "Times without an offset" } dd { "read as " (report.zone) }
                }
            }
        }
        @if !answer.unexplained.is_empty() {
            section.card aria-labelledby="unexplained" {
                header { h2 #unexplained { "Differences that nothing explains" } }
                ul.notes.risk { @for line in &answer.unexplained { li { (line) } } }
            }
        }
        @if !answer.notes.is_empty() {
            section.card aria-labelledby="workspace" {
                header { h2 #workspace { "About the workspace as a whole" } }
                (part::oddities(&answer.notes))
            }
        }
        section.card aria-labelledby="files" {
            header { h2 #files { "Files" } }
            (part::source_files(&answer.files, "files"))
        }
    }
}
