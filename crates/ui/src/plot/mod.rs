//! Figures as charts: one file per chart, each from values to a [`chart::ChartSpec`].

pub mod burnup;
pub mod throughput;
