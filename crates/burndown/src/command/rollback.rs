//! `burndown rollback`: back to the old app's files.

use app::migration::{self, OLD_DATABASE, Rollback as Steps};
use serde_json::{Value, json};
use words::format::counted;

use super::later;
use crate::arguments::Rollback;
use crate::failure::Result;
use crate::naming::files;
use crate::run::Run;
use model::plain::one_line;

/// Says what will be done, then does it.
pub fn run(run: &Run, options: &Rollback) -> Result<()> {
    let folder = &run.place.folder;
    if options.with_changes {
        run.output.say("writing out what the database holds, to compare it with the old files");
    }
    if options.with_changes && !options.dry_run {
        let tell = &mut |plan: &Steps| intent(plan).iter().for_each(|line| run.output.say(line));
        let done = migration::rollback_telling(folder, true, run.surroundings.now(), tell)?;
        return finish(run, &done);
    }
    let plan = migration::plan_rollback(folder, options.with_changes)?;
    if options.dry_run {
        if !options.with_changes {
            later::tell(run)?;
        }
        return run.output.answer(&to_json(&plan, false), |_| {
            intent(&plan).iter().map(|line| one_line(line) + "\n").collect()
        });
    }
    for line in intent(&plan) {
        run.output.say(&line);
    }
    later::ask(run, options.yes)?;
    finish(run, &migration::rollback(folder, false, run.surroundings.now())?)
}

fn finish(run: &Run, done: &Steps) -> Result<()> {
    later::thin(run);
    run.output.answer(&to_json(done, true), |_| one_line(&outcome(done)) + "\n")
}

fn to_json(steps: &Steps, is_done: bool) -> Value {
    json!({
        "done": is_done,
        "database_moved_to": steps.database_moved_to.display().to_string(),
        "restored": steps.restored,
        "moved_aside": steps.moved_aside,
        "newer": steps.newer,
        "written": steps.written,
        "secrets": steps.secrets,
    })
}

/// What a rollback will do, one line for each kind of step.
fn intent(steps: &Steps) -> Vec<String> {
    let database = steps.database_moved_to.display();
    let mut lines =
        vec![format!("a rollback puts the database aside in {database}, it deletes nothing")];
    if !steps.moved_aside.is_empty() {
        lines.push(format!("it puts aside {} in {database}/legacy", files(&steps.moved_aside)));
    }
    if !steps.newer.is_empty() {
        let which = files(&steps.newer);
        lines.push(format!("of those, {which} changed after the migration; look there for them"));
    }
    if !steps.written.is_empty() {
        let which = files(&steps.written);
        lines.push(format!("it writes {which} with what the database holds now"));
    }
    if !steps.written.is_empty() && steps.moved_aside.iter().any(|path| path == OLD_DATABASE) {
        lines.push(
            "the old app brings these files into a new database of its own when it starts, without the \
             histories: its full update fetches them again"
                .to_owned(),
        );
    }
    if !steps.restored.is_empty() {
        lines.push(format!("it restores {} from the verified backup", files(&steps.restored)));
    }
    if steps.written.is_empty() && steps.restored.is_empty() {
        lines.push("the old app's files stay as they are, it writes none".to_owned());
    }
    lines.extend(steps.secrets.iter().map(|secrets| {
        format!("{secrets} stays for a later migration; delete it if there will be none")
    }));
    lines
}

fn outcome(steps: &Steps) -> String {
    let database = steps.database_moved_to.display();
    let put = |paths: &[String], how: &str| {
        let were = counted(paths.len() as u64, "file was", "files were");
        format!(", {were} {how}")
    };
    let mut text = format!("rolled back: the database is in {database}");
    if steps.written.is_empty() {
        text.push_str(&put(&steps.restored, "restored"));
    } else {
        text.push_str(&put(&steps.written, "written with what the database held"));
    }
    if !steps.moved_aside.is_empty() {
        text.push_str(&put(&steps.moved_aside, "put aside beside it"));
    }
    text
}
