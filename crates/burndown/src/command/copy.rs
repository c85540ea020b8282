//! `burndown copy`: the whole workspace to a server or back, and the proof that nothing was lost.

use app::copy::{Copied, Target};
use app::place::real;
use model::plain::one_line;
use words::format::counted;

use crate::arguments::Copy;
use crate::failure::{Failure, Result};
use crate::opening;
use crate::run::Run;
use crate::server;

/// How many differences are shown.
const SHOWN_MAX: usize = 5;

/// Copies or compares; ends with 1 if anything differs.
pub fn run(run: &Run, options: &Copy) -> Result<()> {
    let target = match server::parse(&run.surroundings, &run.general, &run.output, &options.to)? {
        Some(server) => Target::Server(server),
        None if options.to.contains("://") => {
            return Err(Failure::usage(format!(
                "--to takes postgres://USER@HOST/DATABASE or a folder, not {:?}",
                options.to
            )));
        }
        None => Target::Folder(real(&run.surroundings.current, options.to.as_ref())),
    };
    let app = opening::existing(run)?;
    let copied = if options.verify {
        app.compare_with(&target)?
    } else {
        app.copy_to(&target, options.again, &|name| run.output.say(&one_line(name)))?
    };
    run.output.answer(&copied, |copied| text(copied, options.verify))?;
    if !copied.left_out.is_empty() {
        run.output.warn(&format!(
            "left out, because it is damaged in the trash and would restore nothing: {}. Where nothing else in \
             the trash is wanted any more, `burndown trash empty` removes it",
            copied.left_out.join(", ")
        ));
    }
    if copied.different == 0 {
        return Ok(());
    }
    let first: Vec<&str> = copied.differences.iter().take(SHOWN_MAX).map(String::as_str).collect();
    Err(Failure::new(format!(
        "{} and {} differ in {} of {}: {}",
        copied.from,
        copied.to,
        copied.different,
        counted(copied.compared, "record", "records"),
        first.join("; ")
    )))
}

fn text(copied: &Copied, is_only_compared: bool) -> String {
    let mut lines = Vec::new();
    if !is_only_compared {
        let queries = |count| counted(count, "query", "queries");
        let before = match copied.found {
            0 => String::new(),
            found => format!(", {} had been copied before", queries(found)),
        };
        lines.push(format!("copied {}{before}", queries(copied.copied)));
    }
    let records = counted(copied.compared, "record", "records");
    if copied.different == 0 {
        lines.push(format!(
            "compared {records} of {} and {}: all are equal",
            copied.from, copied.to
        ));
    }
    if !copied.without_token.is_empty() && !is_only_compared {
        let names = copied.without_token.join(", ");
        lines.push(format!("tokens do not go along; enter them anew where it is synced: {names}"));
    }
    lines.iter().map(|line| one_line(line) + "\n").collect()
}
