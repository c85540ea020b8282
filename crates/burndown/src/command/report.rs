//! `burndown report`: a report on a query or a profile as one file.

use app::App;
use app::metrics::Unit;
use app::overview::OverviewAsk;
use app::query_report::{QueryReport, ReportAsk};
use serde::Serialize;
use ui::report::{Document, html, markdown};

use crate::arguments::{OfQuery, Report};
use crate::failure::Result;
use crate::run::Run;
use crate::{figure_ask, opening, output_file, selection};

/// What was written.
#[derive(Serialize)]
struct Written<'o> {
    file: &'o str,
    bytes: usize,
    queries: usize,
}

/// Writes a report.
pub fn run(run: &Run, options: &Report) -> Result<()> {
    let view = OverviewAsk {
        window: options.window.unwrap_or_default(),
        unit: if options.points { Unit::Points } else { Unit::Items },
        as_of: options.as_of,
    };
    let usual = ReportAsk::default();
    let sections = options.sections.clone().unwrap_or(usual.sections);
    let ask = ReportAsk { view, sections, is_anonymous: options.anonymise, ..ReportAsk::default() };
    let path = options.output.file.as_deref();
    if let Some(path) = path {
        output_file::refuse_if_there(path, options.force)?;
    }
    let app = opening::existing(run)?;
    let reports = reports(&app, options, &ask)?;
    for report in &reports {
        figure_ask::warn_of_later_day(run, &view, &report.overview.as_of);
    }
    let document = Document::of(&reports, &ask);
    let text = if options.output.is_markdown { markdown(&document) } else { html(&document) };
    let Some(path) = path else { return run.output.print(&text) };
    output_file::write(path, text.as_bytes(), options.force)?;
    let written = Written { file: path, bytes: text.len(), queries: reports.len() };
    run.output.answer(&written, |written| format!("wrote {}\n", written.file))
}

/// On the query that is named or active; on all of a profile that alone is named.
fn reports(app: &App, options: &Report, ask: &ReportAsk) -> Result<Vec<QueryReport>> {
    let query = options.query.as_ref().or(options.named_query.as_ref());
    if let (None, Some(profile)) = (query, &options.profile) {
        let profile = selection::profile_id(app, Some(profile))?;
        return Ok(app.profile_reports(&profile, ask)?);
    }
    let of = OfQuery { profile: options.profile.clone(), query: query.cloned() };
    Ok(vec![app.query_report(&selection::key(app, &of)?, ask)?])
}
