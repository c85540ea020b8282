//! `burndown demo`: a generated team to look at, in a workspace of its own.

use app::demo::{self, Demo, Outcome, Removal};
use words::format::counted;

use crate::arguments;
use crate::failure::Result;
use crate::run::Run;
use model::plain::one_line;

/// Makes or renews the demo, or deletes it.
pub fn run(run: &Run, options: &arguments::Demo) -> Result<()> {
    if options.remove {
        let removal = demo::remove(&run.place.folder).map_err(app::Error::from)?;
        return run.output.answer(&removal, |removal| one_line(&removal_sentence(removal)) + "\n");
    }
    let demo = prepare(run)?;
    run.output.answer(&demo, |demo| {
        let next = "`burndown serve --demo` shows it, `burndown demo --remove` deletes it";
        format!("{}; {next}\n", one_line(&sentence(demo)))
    })
}

/// Sees to it that there is a demo of this week.
pub fn prepare(run: &Run) -> Result<Demo> {
    let surroundings = &run.surroundings;
    let demo = demo::prepare(&run.place.folder, surroundings.now(), &surroundings.zone);
    Ok(demo.map_err(app::Error::from)?)
}

/// What was done to have the demo.
pub fn sentence(demo: &Demo) -> String {
    let folder = demo.folder.display();
    match demo.outcome {
        Outcome::Made => format!("made a demo in {folder}; your own data was not touched"),
        Outcome::Renewed => format!("renewed the demo in {folder}, so that it ends this week"),
        Outcome::Kept => format!("the demo is in {folder}"),
    }
}

fn removal_sentence(removal: &Removal) -> String {
    let folder = removal.folder.display();
    if removal.removed.is_empty() {
        return format!("there is no demo in {folder}");
    }
    let files = counted(removal.removed.len() as u64, "file", "files");
    let rest = if removal.is_folder_gone { "" } else { "; the folder holds other files and stays" };
    format!("deleted the demo in {folder}: {files}{rest}")
}
