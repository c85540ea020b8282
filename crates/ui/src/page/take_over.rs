//! Taking the old app's folder over: where it is, how far that is, and what came of it.

use std::path::Path;

use app::take_over::Standing;
use maud::{Markup, html};
use words::format;

use crate::frame::Frame;
use crate::link;
use crate::shell::{self, Tab};

/// The page.
pub fn page(standing: &Standing, frame: &Frame) -> String {
    let body = match standing {
        Standing::Idle => html! { (ask("", None)) },
        Standing::Running { folder, doing, percent } => running(folder, doing, *percent),
        Standing::Done { folder, taken, compared, unexplained } => {
            done(folder, *taken, *compared, *unexplained)
        }
        Standing::Failed { folder, why } => ask(&folder.display().to_string(), Some(why)),
    };
    shell::page(frame, "Take over my folder", None, Tab::Migration, &body)
}

/// The form where what was typed means nothing.
pub fn refused(typed: &str, why: &str, frame: &Frame) -> String {
    shell::page(frame, "Take over my folder", None, Tab::Migration, &ask(typed, Some(why)))
}

fn ask(typed: &str, why: Option<&str>) -> Markup {
    html! {
        section.answer {
            h1 { mark { "Take over my folder." } " Your files are only read." }
            p.how { "A backup is made first, every record is compared afterwards, and one command goes back." }
        }
        section.card aria-labelledby="folder" {
            header { h2 #folder { "Where is the folder of the old app?" } }
            (form(typed, why))
        }
    }
}

/// The field for the folder.
pub fn form(typed: &str, why: Option<&str>) -> Markup {
    html! {
        form.fields method="post" action=(link::TAKE_OVER) {
            label {
                span { "The folder in which you started it (the one that holds " code { "profiles" } ")" }
                input name="folder" value=(typed) required maxlength="4000" spellcheck="false" autocomplete="off"
                    placeholder="/home/ada/burndown" aria-invalid=[why.map(|_| "true")]
                    aria-describedby=[why.map(|_| "folder-why")];
            }
            @if let Some(why) = why { p.wrong #folder-why role="alert" { (format::sentence(why)) } }
            button.first type="submit" { "Take it over" }
        }
    }
}

fn running(folder: &Path, doing: &str, percent: u8) -> Markup {
    html! {
        noscript { p { a href=(link::TAKE_OVER) { "Look again" } } }
        section.answer {
            h1 { mark { "Taking over" } " " span.address { (folder.display()) } }
            p.how { "This takes seconds, or some minutes for a large folder." }
        }
        section.syncing #taking aria-label="Migration" data-poll=(link::TAKE_OVER) {
            p { (format::sentence(doing)) }
            progress max="100" value=(percent) aria-label="How far it is" { (percent) " %" }
        }
    }
}

fn done(
    folder: &Path,
    [profiles, queries, issues]: [u64; 3],
    compared: u64,
    unexplained: u64,
) -> Markup {
    html! {
        section.answer {
            h1 {
                mark { (format::counted(profiles, "profile", "profiles")) ", " (format::counted(queries, "query", "queries")) }
                " and " (format::counted(issues, "issue", "issues")) " are here."
            }
            p.how {
                (format::counted(compared, "record was", "records were")) " compared with your files: "
                @if unexplained == 0 { "all are equal, or the report says why not." }
                @else { (format::counted(unexplained, "difference", "differences")) " that nothing explains." }
                " Nothing in " span.address { (folder.display()) } " was changed."
            }
            div.acts {
                a.first href=(link::WORKSPACE) { "Look at it" }
                a href=(link::MIGRATION) { "Read the report" }
            }
        }
    }
}
