//! `burndown rollback`: back to the old app's files.

use app::migration::{self, Rollback as Steps};
use serde_json::json;

use super::Run;
use crate::arguments::Rollback;
use crate::failure::Result;
use crate::plain::one_line;

/// Says what will be done, then does it.
pub fn run(run: &Run, options: &Rollback) -> Result<()> {
    let folder = &run.place.folder;
    let plan = migration::plan_rollback(folder)?;
    if options.dry_run {
        return answer(run, &plan, "would");
    }
    for line in lines(&plan, "will") {
        run.output.say(&line);
    }
    let done = migration::rollback(folder, options.with_changes, run.surroundings.now)?;
    answer(run, &done, "did")
}

fn answer(run: &Run, steps: &Steps, word: &str) -> Result<()> {
    let json = json!({
        "done": word == "did",
        "database_moved_to": steps.database_moved_to,
        "restored": steps.restored,
        "moved_aside": steps.moved_aside,
        "written": steps.written,
    });
    run.output
        .answer(&json, |_| lines(steps, word).iter().map(|line| one_line(line) + "\n").collect())
}

/// One line for each kind of step, e.g. `will restore 3 files from the backup: …`.
fn lines(steps: &Steps, word: &str) -> Vec<String> {
    let database = steps.database_moved_to.display();
    let mut lines = vec![format!("{word} move the database to {database}; it is not deleted")];
    let mut add = |verb: &str, files: &[String]| {
        if !files.is_empty() {
            lines.push(format!("{word} {verb}: {}", files.join(", ")));
        }
    };
    add("move aside", &steps.moved_aside);
    add("restore from the verified backup", &steps.restored);
    add("write with later changes", &steps.written);
    if steps.restored.is_empty() && steps.written.is_empty() {
        lines.push("the old app's files stand as they were; none has to be restored".to_owned());
    }
    lines
}
