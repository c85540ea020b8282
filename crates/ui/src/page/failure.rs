//! What stands where a page could not be made.

use maud::html;
use words::format;

use crate::frame::Frame;
use crate::link;
use crate::shell::{self, Tab};

/// A failure in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The HTTP status.
    pub status: u16,
    /// What it means, in a few words.
    pub title: &'static str,
    /// What happened and what to do, as a sentence.
    pub message: String,
    /// Name of the request in the log.
    pub request: String,
}

/// The page.
pub fn page(failure: &Failure, frame: &Frame) -> String {
    let body = html! {
        section.answer {
            h1 { mark { (failure.title) "." } }
            p.how { (format::sentence(&failure.message)) }
            p { a href=(link::WORKSPACE) { "Go to the workspace" } }
            p.soft.fine { "Status " (failure.status) ", request " (failure.request) }
        }
    };
    shell::page(frame, failure.title, None, Tab::Other, &body)
}
