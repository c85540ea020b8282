//! `burndown import`: a file as a new profile, or in place of one.

use std::fs::File;

use app::migration::Standing;
use app::transfer::{self, ImportHow, Imported};
use app::trash::Thing;
use model::plain::one_line;
use words::format::count;

use super::export::amounts;
use super::trash;
use crate::arguments;
use crate::confirm::confirm;
use crate::failure::Result;
use crate::opening;
use crate::run::Run;
use crate::selection;
use crate::table::{Side, Table};

/// Imports, or says what would come of it.
pub fn run(run: &Run, options: &arguments::Import) -> Result<()> {
    let path = app::place::absolute(&run.surroundings.current, &options.file);
    let mut file = transfer::open_file(&path)?;
    let how = how(options);
    if let Some(asked) = &options.replace {
        return replace(run, options, &mut file, asked);
    }
    let is_fresh =
        run.server.is_none() && matches!(opening::look_into(run)?.standing, Standing::Fresh);
    if is_fresh {
        // A file that cannot be read must not leave an empty workspace behind.
        let preview = transfer::preview_into_empty(&run.surroundings.zone, &mut file, &how)?;
        if options.dry_run {
            return run.output.answer(&preview, |preview| text(run, preview, true));
        }
    }
    let imported = match options.dry_run {
        true => opening::existing(run)?.preview_import(&mut file, how)?,
        false => opening::begun(run)?.import(&mut file, how)?,
    };
    run.output.answer(&imported, |imported| text(run, imported, options.dry_run))
}

/// Imports in place of a profile, or says what would come of it.
fn replace(run: &Run, options: &arguments::Import, file: &mut File, asked: &str) -> Result<()> {
    let app = opening::existing(run)?;
    let id = selection::profile_id(&app, Some(asked))?;
    let preview = app.preview_import_instead(file, how(options), &id)?;
    trash::announce(run, &app, &Thing::Profile(id.clone()))?;
    if options.dry_run {
        return run.output.answer(&preview, |preview| text(run, preview, true));
    }
    confirm(options.yes, &format!("Put {} in its place?", one_line(&preview.name)))?;
    let (replaced, imported) = app.import_instead(file, how(options), &id)?;
    run.output.say(&trash::way_back(run, &replaced));
    run.output.answer(&imported, |imported| text(run, imported, false))?;
    app.tidy_up();
    Ok(())
}

fn how(options: &arguments::Import) -> ImportHow {
    ImportHow { name: options.name.clone(), day_order: options.dates }
}

fn text(run: &Run, imported: &Imported, is_preview: bool) -> String {
    let verb = if is_preview { "Would import" } else { "Imported" };
    let made = imported.exported_at.as_ref().map(|at| format!(" of {at}")).unwrap_or_default();
    let mut text = format!(
        "{verb} {}{made} as the profile {} ({}): {}.\n",
        one_line(&imported.source),
        one_line(&imported.name),
        one_line(&imported.profile),
        amounts(&imported.carried),
    );
    if !imported.queries.is_empty() {
        let mut table = Table::new(&[
            ("query", Side::Left),
            ("id", Side::Left),
            ("issues", Side::Right),
            ("changelogs", Side::Right),
            ("snapshots", Side::Right),
        ]);
        for query in &imported.queries {
            table.row([
                one_line(&query.name),
                one_line(&query.id),
                count(query.issues),
                count(query.changelogs),
                count(query.snapshots),
            ]);
        }
        text.push_str(&table.into_text(run.output.width, &run.output.head));
    }
    for (head, sentences) in [("Note", &imported.notes), ("Missing", &imported.lacks)] {
        for sentence in sentences {
            text.push_str(&format!("{head}: {}.\n", one_line(sentence)));
        }
    }
    text
}
