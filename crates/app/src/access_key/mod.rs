//! Access keys: who gets in, and what they may do. A workspace has one key of its own, in a file that
//! only its owner can read; others are made for people and scripts and stored as hashes.

mod edit;
mod gate;
mod own;
mod secret;
mod server;

pub use edit::{KeyEntry, NewKey, OWN_NAME};
pub use gate::{Credential, Gate, Refused, Visitor};
pub use own::{OwnKey, Prepared, prepare, prepare_for_one_run};
pub use secret::random_number;
pub use server::{Announced, reachable, server_addresses, write_key, write_opening};
