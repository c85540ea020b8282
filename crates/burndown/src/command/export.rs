//! `burndown export`: a profile as a file.

use std::io;
use std::path::Path;

use app::App;
use app::transfer::{Carried, Content, ExportOptions, Exported, FolderForm, is_gzip_name};
use model::plain::one_line;
use model::{ProfileId, QueryId};
use words::format::counted;

use crate::arguments::{self, ExportFormat, OfQuery};
use crate::failure::{Failure, Result};
use crate::opening;
use crate::run::Run;
use crate::selection;

/// Writes the file and says what is in it.
pub fn run(run: &Run, options: &arguments::Export) -> Result<()> {
    let app = opening::existing(run)?;
    let (profile, query) = chosen(&app, options)?;
    let content = if options.config_only { Content::Settings } else { Content::Everything };
    let is_gzip = is_gzip_name(&options.file.to_string_lossy());
    let what = ExportOptions { query, content, is_gzip };
    let form = match options.format {
        ExportFormat::File => None,
        ExportFormat::Legacy => Some(FolderForm::OldApp),
        ExportFormat::Csv => Some(FolderForm::Tables),
    };
    let is_stdout = options.file == Path::new("-");
    if form.is_some() && (is_stdout || options.force) {
        return Err(Failure::usage("a folder cannot be stdout, and is never replaced"));
    }
    if is_stdout {
        let exported = app.export(&profile, &what, &mut io::stdout().lock())?;
        run.output.say(text(&exported, "stdout").trim_end());
        return Ok(());
    }
    let path = app::place::absolute(&run.surroundings.current, &options.file);
    let exported = match form {
        None => app.export_file(&profile, &what, &path, options.force)?,
        Some(form) => app.export_folder(&profile, &what, form, &path)?,
    };
    run.output.answer(&exported, |exported| text(exported, &path.display().to_string()))
}

fn chosen(app: &App, options: &arguments::Export) -> Result<(ProfileId, Option<QueryId>)> {
    let (profile, query) = (options.profile.clone(), options.query.clone());
    if query.is_none() {
        return Ok((selection::profile_id(app, profile.as_deref())?, None));
    }
    let key = selection::key(app, &OfQuery { profile, query })?;
    Ok((key.profile, Some(key.query)))
}

fn text(exported: &Exported, place: &str) -> String {
    let mut text = format!("Exported {} to {}.\n", amounts(&exported.carried), one_line(place));
    if !exported.left_out.is_empty() {
        let paths = one_line(&exported.left_out.join(", "));
        text.push_str(&format!("Left out, because it may be secret: {paths}.\n"));
    }
    text
}

/// E.g. `2 queries, 60 issues, 60 changelogs and 232 snapshots`.
pub(super) fn amounts(carried: &Carried) -> String {
    format!(
        "{}, {}, {} and {}",
        counted(carried.queries, "query", "queries"),
        counted(carried.issues, "issue", "issues"),
        counted(carried.changelogs, "changelog", "changelogs"),
        counted(carried.snapshots, "snapshot", "snapshots"),
    )
}
