//! Which field of a Jira holds story points: what the server calls it, and how often it is filled.

use jira::{Candidate, Client};

use crate::error::Result;

/// In how many of the last issues fields of story points are looked for.
const EVIDENCE_ISSUES: usize = 200;
/// Most boards that are looked at for the field that they estimate in.
const BOARDS_MAX: usize = 3;

/// Fields that may hold story points. In which of them the boards of `project` estimate is the surest
/// sign, where there are boards.
pub(super) fn points_fields(client: &Client, project: Option<&str>) -> Result<Vec<Candidate>> {
    let estimated = match project.map(|project| estimation_fields(client, project)) {
        // Boards only make it surer which field it is.
        Some(Err(error)) if error.is_of_one_call() => Vec::new(),
        Some(fields) => fields?,
        None => Vec::new(),
    };
    let mut found = jira::discover(&client.fields()?, &estimated).points;
    // Evidence, without which the fields are told all the same.
    let _counted = count_filled(client, project, &mut found);
    Ok(found)
}

/// Says in how many of the last issues the fields are filled.
fn count_filled(
    client: &Client,
    project: Option<&str>,
    found: &mut [Candidate],
) -> jira::Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    let of = project.map(|key| format!("project = \"{key}\" AND ")).unwrap_or_default();
    let jql = format!("{of}updated >= -365d ORDER BY updated DESC");
    let fields: Vec<String> = found.iter().map(|field| field.field_id.clone()).collect();
    let (issues, filled) = client.count_filled(&jql, &fields, EVIDENCE_ISSUES)?;
    for (field, filled) in found.iter_mut().zip(filled).filter(|_| issues > 0) {
        field.filled = Some(filled);
        let last = if issues == 1 { "issue".to_owned() } else { format!("{issues} issues") };
        field.why = format!("{}, and it is filled in {filled} of the last {last}", field.why);
    }
    Ok(())
}

fn estimation_fields(client: &Client, project: &str) -> jira::Result<Vec<String>> {
    let boards = client.boards(project)?;
    let with_sprints = boards.iter().filter(|board| board.kind == "scrum").take(BOARDS_MAX);
    let setups = with_sprints.map(|board| client.board_setup(&board.id));
    setups.filter_map(|setup| setup.map(|setup| setup.estimation_field).transpose()).collect()
}
