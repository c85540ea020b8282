//! burndown
fn main() {}
