//! The HTTP server: routes, guards, errors. The only crate that knows axum and tokio.

mod address;
mod ask;
mod compress;
mod connections;
mod failure;
mod guard;
mod log;
mod login;
mod openapi;
mod options;
mod pool;
mod reply;
mod revalidate;
mod route;
mod router;
mod server;
mod site;
mod stream;
mod typed;
mod view;
mod waiting;

pub use openapi::{Endpoint, endpoints};
pub use options::{Login, Options};
pub use router::router;
pub use server::{check_threads, run, serve};
