//! A private PostgreSQL for tests and measurements: on a socket in a temporary folder, reachable by
//! nothing else, gone with the process that asked for it.
#![allow(clippy::panic, clippy::print_stderr)]

mod server;

pub use server::{Options, Server};

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

static SHARED: OnceLock<Option<Server>> = OnceLock::new();
static NEXT: AtomicU32 = AtomicU32::new(0);

/// The server that all tests of this process share; `None`, with a line that says so, where
/// PostgreSQL is not installed.
///
/// # Panics
/// If it is not installed although `CI` is set, or if it does not start.
pub fn shared() -> Option<&'static Server> {
    SHARED.get_or_init(|| Server::start(&Options::default())).as_ref()
}

/// A database that goes with the value.
pub struct Database {
    server: &'static Server,
    name: String,
}

impl Database {
    /// An empty database of the shared server.
    pub fn new() -> Option<Database> {
        Database::like("template0")
    }

    /// A database like another one.
    pub fn like(template: &str) -> Option<Database> {
        let server = shared()?;
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        server.run(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
        Some(Database { server, name })
    }

    /// Its address.
    pub fn address(&self) -> String {
        self.server.address(&self.name)
    }

    /// Runs a statement in it as administrator.
    ///
    /// # Panics
    /// If the server does not take it.
    pub fn run(&self, sql: &str) {
        self.server.run_in(&self.name, sql);
    }

    /// The texts of the rows that a statement gives in it.
    ///
    /// # Panics
    /// If the server does not take it.
    pub fn texts(&self, sql: &str) -> Vec<String> {
        self.server.texts_in(&self.name, sql)
    }

    /// Its address through PgBouncer, for a client that prepares no statements.
    pub fn pooled_address(&self) -> String {
        self.server.pooled_address(&self.name)
    }

    /// Its name on its server.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.server.run(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}
