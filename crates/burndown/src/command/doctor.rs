//! `burndown doctor`: how the workspace is, and setting right what can be.

use app::backup::{self, Checked, Finding, Repaired};
use app::health::Health;
use app::migration::{self, Standing};
use app::verdict::Verdict;
use model::plain::one_line;
use serde::Serialize;
use words::format::{bytes, counted};

use super::backup::job;
use super::status::{advice, state};
use crate::arguments;
use crate::confirm::confirm;
use crate::failure::{Failure, Result};
use crate::opening;
use crate::run::Run;

/// Looks through everything; ends with 1 if something is damaged.
pub fn run(run: &Run, options: &arguments::Doctor) -> Result<()> {
    if run.server.is_some() {
        return on_server(run);
    }
    let checked = backup::examine(&job(run)).map_err(app::Error::from)?;
    if options.repair {
        return repair(run, &checked, options.yes);
    }
    let is_closed = |finding: &&Finding| matches!(finding, Finding::Unreadable { .. });
    let closed = checked.findings.iter().find(is_closed);
    let damage = checked.findings.iter().filter(|finding| finding.is_damage());
    let verdict = Verdict { at: run.surroundings.now(), findings: damage.map(sentence).collect() };
    if closed.is_none() || !verdict.findings.is_empty() {
        verdict.note(&run.place.folder);
    }
    let damage = verdict.findings.len() as u64;
    let standing = match migration::standing(&run.place.folder, &run.place.folder) {
        Ok(standing) => Some(standing),
        // Why it cannot be told stands among the findings already.
        Err(_) if !checked.findings.is_empty() => None,
        Err(error) => return Err(error.into()),
    };
    let answer = OfFolder {
        state: standing.as_ref().map(state),
        no_data: standing.as_ref().and_then(no_data),
        checked: &checked,
    };
    run.output.answer(&answer, text)?;
    let is_token_file = |finding: &&Finding| matches!(finding, Finding::Secrets { .. });
    if damage == 0
        && let Some(shut) = closed.or(checked.findings.iter().find(is_token_file))
    {
        let why = sentence(shut);
        return Err(Failure::new(format!("not all could be looked at: {why}")));
    }
    if damage == 0 {
        // Sound as far as it goes; what cannot be opened says why.
        let is_cut_off = |finding: &Finding| matches!(finding, Finding::UnfinishedCopy { .. });
        let cut_off = checked.findings.iter().any(is_cut_off);
        return if cut_off { opening::existing(run).map(drop) } else { Ok(()) };
    }
    let restore = match checked.backups.first() {
        Some(id) => format!("`burndown restore {id}` goes back to the newest copy; "),
        None => String::new(),
    };
    Err(Failure::new(format!(
        "the database is damaged ({}); {restore}`burndown doctor --repair` saves what can still be read",
        counted(damage, "finding", "findings")
    )))
}

/// How a folder is.
#[derive(Serialize)]
struct OfFolder<'c> {
    #[serde(flatten)]
    checked: &'c Checked,
    state: Option<&'static str>,
    /// Why there is no database to look through, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    no_data: Option<String>,
}

/// Of what is not there nothing can be well.
fn no_data(standing: &Standing) -> Option<String> {
    Some(match standing {
        Standing::Fresh => advice(standing),
        Standing::Legacy { .. } => format!("nothing is migrated yet: {}", advice(standing)),
        Standing::OnlyOtherDatabase { .. } => format!("nothing is migrated: {}", advice(standing)),
        Standing::RolledBack => "the old app's files are in use since the rollback; \
             only a database is looked through, and `burndown migrate --again` makes one of them"
            .to_owned(),
        _ => return None,
    })
}

/// How data on a server is.
#[derive(Serialize)]
struct OnServer {
    #[serde(flatten)]
    health: Health,
    /// Why the Jira tokens cannot be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens: Option<Finding>,
}

/// Looks through the data on a server: a dump that was restored is whole if nothing is found.
fn on_server(run: &Run) -> Result<()> {
    let app = opening::existing(run)?;
    let (health, tokens) = (app.health(app::health::Check::Anew)?, app.token_trouble());
    let findings = health.integrity.clone().unwrap_or_default();
    let tokens = tokens.map(|what| Finding::Secrets { what });
    let answer = OnServer { health, tokens };
    run.output.answer(&answer, |answer| {
        let damage = findings.iter().map(|finding| one_line(finding));
        let tokens = answer.tokens.iter().map(|finding| one_line(&sentence(finding)));
        match damage.chain(tokens).collect::<Vec<_>>().as_slice() {
            [] => "all is well\n".to_owned(),
            some => some.join("\n") + "\n",
        }
    })?;
    match findings.len() as u64 {
        0 => Ok(()),
        count => Err(Failure::new(format!(
            "the database contradicts itself ({}); `pg_restore` goes back to a dump of it",
            counted(count, "finding", "findings")
        ))),
    }
}

fn repair(run: &Run, checked: &Checked, is_said: bool) -> Result<()> {
    let repairable = checked.findings.iter().filter(|finding| finding.is_repairable());
    let repairable: Vec<String> = repairable.map(sentence).collect();
    if repairable.is_empty() {
        return run.output.answer(checked, |_| "there is nothing to repair\n".to_owned());
    }
    for line in &repairable {
        run.output.say(line);
    }
    confirm(is_said, "Set that right? A damaged database is kept aside.")?;
    let repaired = backup::repair(&job(run)).map_err(app::Error::from)?;
    run.output.answer(&repaired, outcome)
}

fn text(OfFolder { checked, no_data, .. }: &OfFolder<'_>) -> String {
    let read = || format!("read {}", counted(checked.records, "record", "records"));
    let mut lines = vec![no_data.clone().unwrap_or_else(read)];
    lines.extend(checked.findings.iter().map(sentence));
    if checked.findings.is_empty() && no_data.is_none() {
        lines.push("all is well".to_owned());
    } else if checked.findings.iter().any(Finding::is_repairable) {
        lines.push("`burndown doctor --repair` sets right what can be".to_owned());
    }
    match checked.backups.first() {
        Some(id) => lines.push(format!("the newest copy that can be restored is {id}")),
        None if no_data.is_some() => {}
        None => lines
            .push("there is no copy that can be restored; `burndown backup` makes one".to_owned()),
    }
    lines.iter().map(|line| one_line(line) + "\n").collect()
}

fn sentence(finding: &Finding) -> String {
    match finding {
        Finding::Damage { what } => format!("damage: {what}"),
        Finding::UnfinishedCopy { from } => {
            format!("not all is here: the copy of {from} is not finished")
        }
        Finding::Secrets { what } => format!("tokens: {what}"),
        Finding::OpenToOthers { path } => format!("others may read {}", path.display()),
        Finding::Unreadable { path, why } => {
            format!("{} cannot be looked into: {why}; what is in it is not known", path.display())
        }
        Finding::Leftover { path } => {
            format!("left over by a process that ended: {}", path.display())
        }
        Finding::LittleSpace { free_bytes } => format!("only {} are free", bytes(*free_bytes)),
        Finding::Clock { seen } => {
            format!("something was fetched at {seen}, which is later than now; check the clock")
        }
    }
}

fn outcome(repaired: &Repaired) -> String {
    let mut lines = Vec::new();
    if let Some(kept) = &repaired.kept {
        lines.push(format!("the damaged database is kept in {}", kept.display()));
    }
    for (table, saved, lost) in &repaired.salvaged {
        if *saved > 0 || *lost > 0 {
            lines.push(format!("{table}: {saved} saved, {lost} given up"));
        }
    }
    lines
        .push(format!("set right: {}", counted(repaired.done.len() as u64, "finding", "findings")));
    lines.iter().map(|line| one_line(line) + "\n").collect()
}
