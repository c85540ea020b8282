//! What stands in a workspace that holds nothing yet: two ways to fill it, and the demo.

use maud::{Markup, html};
use words::format;

use super::take_over;
use crate::link;

/// What burndown is and how data gets into it; `trash` is how many things can be restored.
pub fn body(trash: u64) -> Markup {
    html! {
        section.answer {
            h1 { mark { "When will it be done, and how sure is that?" } " Bring your data and it appears here." }
            p.how { "Everything is kept in one database on this machine. Nobody but your Jira is asked." }
            @if trash > 0 {
                p.strip {
                    (format::counted(trash, "thing is", "things are")) " in the trash and can be restored: "
                    a href=(link::TRASH) { "Look into the trash" }
                }
            }
        }
        ol.steps.two {
            li.card {
                h2 { "Connect to Jira" }
                p { "With its address and a token you see at once what a JQL finds, and soon when it will be done." }
                p.acts { a.first href=(link::CONNECT) { "Connect to Jira" } }
            }
            li.card {
                h2 { "Take over my folder" }
                p { "All that the old app collected comes along: backed up first, compared record by record. Your files are only read." }
                (take_over::form("", None))
            }
        }
        section.card aria-labelledby="else" {
            h2 #else { "Or look around first" }
            p { "A generated team, kept apart from your data: " code { "burndown serve --demo" } }
            p.soft {
                "Somebody gave you an export? " a href=(link::IMPORT) { "Import a profile" }
                ". No Jira at hand? " a href=(link::NEW_PROFILE) { "Make an empty profile" }
                ". Your data is elsewhere? " code { "burndown --workspace FOLDER" }
            }
        }
    }
}
