//! Asks Jira. Cloud and Server/Data Center are two paths behind one [`Remote`](model::remote::Remote); which one it is, is
//! found by asking the server. Whatever it answers is hostile until it is parsed.

mod address;
mod among;
mod changelog;
mod client;
mod discovery;
mod error;
mod fetch;
mod field;
mod gate;
#[cfg(test)]
mod hostile_answers;
mod http;
mod issue;
mod jql;
mod jql_check;
mod login;
mod metadata;
mod options;
mod rate_limit;
#[cfg(test)]
mod real_answers;
mod refusal;
mod retry;
mod server;
mod status_order;
mod sweep;

pub use address::{address_of, issue_page};
pub use client::Client;
pub use discovery::{Candidate, Candidates, discover};
pub use error::{Error, Result};
pub use field::{Field, standard_fields};
pub use jql_check::{JqlCheck, Sample};
pub use login::{Login, Site};
pub use metadata::{Board, BoardSetup, IssueType, Named, Person, Status, Version};
pub use options::ClientOptions;
pub use server::{Kind, Server};
