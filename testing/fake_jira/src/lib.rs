//! A Jira for tests: Cloud or Data Center, with the traps of both and with faults on demand.
//!
//! A [`World`] is the truth. [`FakeJira::start`] serves it over HTTP on a port of this machine, as
//! one of the two [`Kind`]s and as its [`Behaviour`] says; the world can be edited meanwhile. What
//! is served, is meant to be what a real Jira would answer, awkward parts included: no totals and
//! short changelogs on Cloud, texts for sprints and a window of 10 000 on Data Center.

mod behaviour;
mod catalog;
mod dice;
mod error;
mod fault;
mod field;
mod issue;
mod jql;
mod login;
mod moment;
mod reply;
mod request;
mod route;
mod server;
mod world;

pub use behaviour::{Anonymous, Behaviour, Kind, Login, Which};
pub use error::{Error, Result};
pub use fault::Fault;
pub use request::Request;
pub use server::FakeJira;
pub use world::{GENERATED_PROJECT, POINTS_FIELD, SPRINT_FIELD, World};
