//! What stands where somebody is not known: how to get in.

use maud::html;
use words::format;

use crate::frame::Frame;
use crate::link;
use crate::shell::{self, Tab};

/// Somebody who is not let in.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// What is the matter, as a sentence.
    pub message: &'a str,
    /// The path that was asked for.
    pub to: &'a str,
}

/// The page; it tells nothing about the workspace.
pub fn page(asked: &Asked, frame: &Frame) -> String {
    let frame = Frame { address: String::new(), is_demo: false, damage: None, ..frame.clone() };
    let body = html! {
        section.answer {
            h1 { mark { "Who are you?" } " This workspace is open only to those who have a key." }
            p.how { (format::sentence(asked.message)) }
        }
        section.card aria-labelledby="here" {
            header { h2 #here { "On the machine that runs burndown" } }
            p { code { "burndown open" } " opens this page with a key. " code { "burndown serve" } " prints a link with the key when it starts on a terminal. This browser is remembered then, also after a restart." }
        }
        section.card aria-labelledby="key" {
            header { h2 #key { "With a key" } }
            form.fields method="post" action=(link::LOGIN) {
                input type="hidden" name="to" value=(asked.to);
                label { "Access key" input name="key" type="password" autocomplete="current-password" required maxlength="100" spellcheck="false"; }
                button type="submit" { "Go in" }
            }
            p.soft.fine { "A key is made by " code { "burndown key add NAME" } " or on the page “Access keys”. Scripts send it as " code { "Authorization: Bearer KEY" } "." }
        }
    };
    shell::page(&frame, "Access key needed", None, Tab::Other, &body)
}
