//! Reads this repository's own files, for the tests in `tests/it` that hold its rules.
//!
//! A rule reads names and text only, so that it runs in a moment and its failure names a file and
//! a line.

mod manifest;
mod rust_file;
mod tree;

pub use manifest::{Manifest, Section, manifests};
pub use rust_file::{Function, RustFile, rust_files};
pub use tree::{files_under, read, root};
