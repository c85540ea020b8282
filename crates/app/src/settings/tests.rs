//! Settings are checked, saved and kept.
