//! `burndown verify`: is the database still equal to the files it was migrated from?

use app::migration::{self, Verification};
use words::format::{count, counted};

use crate::failure::{Failure, Result};
use crate::progress::with_bar;
use crate::run::Run;
use model::plain::one_line;

/// Compares, and fails if a difference is unexplained.
pub fn run(run: &Run) -> Result<()> {
    let folder = &run.place.folder;
    let verification =
        with_bar(run.output.shows_progress(), |listener| migration::verify(folder, listener))?;
    run.output.answer(&verification, text)?;
    if verification.is_proven() {
        return Ok(());
    }
    let first = verification.unexplained.first().map_or("", String::as_str);
    Err(Failure::new(format!(
        "{} between database and old files cannot be explained, first {first}; keep the backup \
         folder, and please report this with the output of `burndown verify --json`",
        counted(verification.unexplained_count, "difference", "differences"),
    )))
}

fn text(verification: &Verification) -> String {
    let mut text = format!(
        "compared {}: {} equal, {} changed since the migration, {} explained, {} unexplained\n",
        counted(verification.compared, "record", "records"),
        count(verification.equal),
        count(verification.changed_since),
        counted(verification.normalised, "difference", "differences"),
        count(verification.unexplained_count),
    );
    for line in &verification.unexplained {
        text.extend(["  ", &one_line(line), "\n"]);
    }
    text
}
