//! What `burndown weeks` takes.

use clap::Args;

use super::Figures;

/// Options of `weeks`.
#[derive(Debug, Args)]
pub struct Weeks {
    /// What the figures are about.
    #[command(flatten)]
    pub figures: Figures,
    /// Show the values that syncs, and before them the old app, stored of each week
    #[arg(long, conflicts_with_all = ["points", "as_of"])]
    pub stored: bool,
}
