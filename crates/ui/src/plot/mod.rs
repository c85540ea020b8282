//! Figures as charts: one file per chart, each from values to a [`chart::ChartSpec`].

pub mod burnup;
pub mod catalog;
pub(crate) mod delivery;
mod drawn;
pub mod finish;
pub mod flow;
pub mod sample;
pub mod throughput;
