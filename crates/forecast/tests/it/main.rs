//! What the crate promises, against figures that do not come from it.

mod vectors;
