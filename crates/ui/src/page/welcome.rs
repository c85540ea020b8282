//! What stands in a workspace that holds nothing yet.

use maud::{Markup, html};
use words::format;

use super::new_profile;
use crate::link;

/// What burndown is and how data gets into it; `trash` is how many things can be restored.
pub fn body(trash: u64) -> Markup {
    html! {
        section.answer {
            h1 {
                mark { "This workspace is empty." }
                @if trash == 0 { " Bring your data and it appears here." } @else { " What was deleted can come back." }
            }
            p.how {
                "burndown answers one question for a team that works in Jira: when will this be done, and how "
                "sure are we? It keeps everything in one database on this machine and sends nothing anywhere."
            }
        }
        ol.steps {
            @if trash > 0 {
                li.card {
                    h2 { "Restore what was deleted" }
                    p { (format::counted(trash, "thing is", "things are")) " in the trash and can be restored with everything in it:" }
                    p { a href=(link::TRASH) { "Look into the trash" } }
                }
            }
            li.card {
                h2 { @if trash > 0 { "Or take over" } @else { "Take over" } " the data of the old app" }
                (take_over())
            }
            li.card {
                h2 { "Or connect to Jira" }
                p { "With its address, a token and a JQL you see at once what it finds, and soon when it will be done:" }
                p { a href=(link::CONNECT) { "Connect to Jira" } }
            }
            li.card {
                h2 { "Or begin with an empty profile" }
                p { "A profile is one Jira connection with its queries. Make one for each team:" }
                (new_profile::form(None))
            }
            li.card {
                h2 { "Or bring a profile in" }
                p { "If somebody gave you an export of burndown or of the old app:" }
                p { a href=(link::IMPORT) { "Import a profile from a file" } }
            }
            li.card {
                h2 { "Or look first" }
                p { "See what would be carried over, and what looks odd, without writing anything:" }
                pre.command { code { "burndown migrate --dry-run --from FOLDER" } }
                p { "Or see a generated team, kept apart from your data:" }
                pre.command { code { "burndown serve --demo" } }
            }
            li.card {
                h2 { "Or open another workspace" }
                p { "If your data is already in burndown, start it with the folder that holds it:" }
                pre.command { code { "burndown serve --workspace FOLDER" } }
            }
        }
    }
}

fn take_over() -> Markup {
    html! {
        p {
            "Stop this server with " kbd { "Ctrl" } "+" kbd { "C" } ", then name the folder in which you used to start the old app "
            "(the one that holds " code { "profiles" } "):"
        }
        pre.command { code { "burndown migrate --from FOLDER\nburndown serve" } }
        p.soft {
            "The folder is only read. A backup is made first, every record is compared afterwards, "
            "and one command goes back."
        }
    }
}
