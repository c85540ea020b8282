//! From throughput to dates: pure, without clock or files, the same on every machine.

mod distribution;
mod exact;
mod pert;
mod random;
mod simulation;
mod workload;

pub use distribution::Distribution;
pub use exact::{Chance, equal_chances, exact_how_many, exact_when, when_of_chances};
pub use pert::pert_days;
pub use random::InputHash;
pub use simulation::{Trials, Weights, simulated_how_many, simulated_when};
pub use workload::{Step, Workload};
