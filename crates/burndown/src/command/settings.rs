//! `burndown settings`: what a profile is set to, what speaks for it, and changing it.

use std::io::{self, BufRead, Read};

use app::App;
use app::settings::{
    Kind, Noun, ProfileSettings, Proposal, SETTINGS, Section, Seen, Setting, SettingsDraft,
    TokenChange,
};
use console::Term;
use model::ProfileId;
use model::plain::one_line;
use words::format::count;

use crate::arguments::{self, SettingsAction};
use crate::failure::{Failure, Result};
use crate::run::Run;
use crate::table::{Side, Table};
use crate::{opening, selection};

/// Longest line that is read from stdin.
const LINE_BYTES_MAX: u64 = 16 * 1024;

/// Lists settings, or changes one and says what it is then.
pub fn run(run: &Run, options: &arguments::Settings) -> Result<()> {
    let app = opening::existing(run)?;
    let profile = selection::profile_id(&app, options.profile.as_deref())?;
    let before = app.profile_settings(&profile)?;
    let action = options.action.as_ref().unwrap_or(&SettingsAction::List);
    match action {
        SettingsAction::List => return run.output.answer(&before, |found| list(run, found)),
        SettingsAction::Seen => {
            return run.output.answer(&before.evidence, |_| seen(run, &before));
        }
        SettingsAction::Propose { accept: false } => {
            return run.output.answer(&before.proposals, |proposals| proposed(proposals));
        }
        SettingsAction::Propose { accept: true } => {
            save(&app, &profile, &before, before.accepted())?;
            let after = app.profile_settings(&profile)?;
            return run.output.answer(&after, |after| list(run, after));
        }
        SettingsAction::Token { forget } => {
            let token = token(run, *forget)?;
            save(&app, &profile, &before, SettingsDraft { token, ..SettingsDraft::default() })?;
            let after = app.profile_settings(&profile)?;
            return run.output.answer(&after, |after| format!("{}\n", token_state(after)));
        }
        _ => {}
    }
    let (setting, lines) = change(action, &before)?;
    save(&app, &profile, &before, SettingsDraft::of(setting, lines))?;
    let after = app.profile_settings(&profile)?;
    if before.has_token && !after.has_token {
        run.output.warn(
            "the stored token was forgotten, because it was given for another server; \
             `burndown settings token` stores one",
        );
    } else if let Some(warning) = after.warning.filter(|_| setting.section == Section::Connection) {
        run.output.warn(warning);
    }
    run.output.answer(&after, |after| format!("{}: {}\n", setting.name, said(after, setting)))
}

fn save(
    app: &App,
    profile: &ProfileId,
    before: &ProfileSettings,
    draft: SettingsDraft,
) -> Result<()> {
    Ok(app.edit_settings(profile, &draft, before.revision)?)
}

/// Which setting gets which lines.
fn change(
    action: &SettingsAction,
    before: &ProfileSettings,
) -> Result<(&'static Setting, Option<Vec<String>>)> {
    let lines = |setting: &Setting| before.lines(setting).to_vec();
    Ok(match action {
        SettingsAction::Set { name, values } => (named(name)?, Some(values.clone())),
        SettingsAction::Add { name, values } => {
            let setting = list_named(name)?;
            (setting, Some([lines(setting), values.clone()].concat()))
        }
        SettingsAction::Remove { name, values } => {
            let setting = list_named(name)?;
            (setting, Some(without(setting, lines(setting), values)?))
        }
        SettingsAction::Unset { name } => (named(name)?, None),
        SettingsAction::List
        | SettingsAction::Seen
        | SettingsAction::Propose { .. }
        | SettingsAction::Token { .. } => {
            return Err(Failure::usage("nothing is to be changed"));
        }
    })
}

fn named(name: &str) -> Result<&'static Setting> {
    Setting::find(name).ok_or_else(|| {
        let names: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
        Failure::usage(format!("no setting is called {name:?}; there are {}", names.join(", ")))
    })
}

fn list_named(name: &str) -> Result<&'static Setting> {
    let setting = named(name)?;
    if setting.kind.is_list() {
        return Ok(setting);
    }
    let remedy = format!("`burndown settings set {name} VALUE` sets it");
    Err(Failure::usage(format!("{name} is no list; {remedy}")))
}

/// The lines without some of them; names are compared as figures do it.
fn without(setting: &Setting, lines: Vec<String>, taken: &[String]) -> Result<Vec<String>> {
    let fold = |line: &str| app::metrics::fold(line);
    let is_taken = |line: &String| taken.iter().any(|name| fold(name) == fold(line));
    let is_there = |name: &&String| lines.iter().any(|line| fold(line) == fold(name));
    if let Some(missing) = taken.iter().find(|name| !is_there(name)) {
        let name = setting.name;
        return Err(Failure::usage(format!(
            "{missing:?} is not on the list {name}; `burndown settings` shows what is"
        )));
    }
    Ok(lines.into_iter().filter(|line| !is_taken(line)).collect())
}

/// One line from stdin, without echo where somebody types it.
fn token(run: &Run, is_forgotten: bool) -> Result<TokenChange> {
    if is_forgotten {
        return Ok(TokenChange::Forget);
    }
    let unreadable = |error: io::Error| Failure::new(format!("the token cannot be read: {error}"));
    let mut line = String::new();
    if Term::stdout().is_term() && console::user_attended() {
        run.output.say("The token, which is not shown while you type:");
        line = Term::stderr().read_secure_line().map_err(unreadable)?;
    } else {
        io::stdin().lock().take(LINE_BYTES_MAX).read_line(&mut line).map_err(unreadable)?;
    }
    match TokenChange::typed(&line, false) {
        TokenChange::Keep => Err(Failure::usage(
            "no token came in; write it to stdin, such as burndown settings token < FILE",
        )),
        change => Ok(change),
    }
}

fn proposed(proposals: &[Proposal]) -> String {
    if proposals.is_empty() {
        return "Nothing is proposed: statuses are set already, or none was seen.\n".to_owned();
    }
    let line = |proposal: &Proposal| {
        let value = proposal.value.join(", ");
        one_line(&format!("{}: {value}. {}", proposal.name, proposal.why)) + "\n"
    };
    let lines: String = proposals.iter().map(line).collect();
    lines + "burndown settings propose --accept sets it so.\n"
}

fn token_state(settings: &ProfileSettings) -> &'static str {
    if settings.has_token { "token: stored" } else { "token: none" }
}

fn list(run: &Run, settings: &ProfileSettings) -> String {
    let mut table = Table::new(&[("setting", Side::Left), ("value", Side::Left), ("", Side::Left)]);
    for setting in &SETTINGS {
        let is_set = settings.value(setting).is_some_and(|value| value.is_set);
        let remark = if is_set { "" } else { "usual" };
        table.row([setting.name.to_owned(), said(settings, setting), remark.to_owned()]);
    }
    let name = one_line(&settings.trail.profile.name);
    let table = table.into_text(run.output.width, &run.output.head);
    let warning = settings.warning.map(|warning| format!("{warning}\n")).unwrap_or_default();
    format!("Settings of {name}\n\n{table}\n{}\n{warning}", token_state(settings))
}

/// A value as one line; what is in force where the profile says nothing.
fn said(settings: &ProfileSettings, setting: &Setting) -> String {
    let lines = settings.lines(setting);
    match (setting.kind, lines) {
        (Kind::Zone, []) => match &settings.usual_time_zone {
            Some(zone) => format!("that of this machine ({zone})"),
            None => "that of this machine".to_owned(),
        },
        (Kind::Authentication, []) => settings.authentication.to_owned(),
        (_, []) => "none".to_owned(),
        (_, lines) => one_line(&lines.join(", ")),
    }
}

/// What occurs of each noun, how often, and what settings make of it.
fn seen(run: &Run, settings: &ProfileSettings) -> String {
    let nouns = [
        ("status", Noun::Status),
        ("resolution", Noun::Resolution),
        ("type", Noun::IssueType),
        ("project", Noun::Project),
    ];
    // What never occurred and nobody chose is only on the list that everybody begins with.
    let is_chosen = |setting: &Setting| settings.value(setting).is_some_and(|value| value.is_set);
    let tables = nouns.into_iter().filter_map(|(title, noun)| {
        let is_telling =
            |seen: &&Seen| seen.is_seen || settings.named_by(noun, &seen.name).any(is_chosen);
        let names: Vec<&Seen> = settings.evidence.of(noun).iter().filter(is_telling).collect();
        let mut table = Table::new(&[
            (title, Side::Left),
            ("category", Side::Left),
            ("issues now", Side::Right),
            ("entered", Side::Right),
            ("set as", Side::Left),
        ]);
        names.iter().for_each(|name| table.row(seen_row(settings, name, noun)));
        (!names.is_empty()).then(|| table.into_text(run.output.width, &run.output.head))
    });
    let tables: Vec<String> = tables.collect();
    if tables.is_empty() { "No issues were fetched yet.\n".to_owned() } else { tables.join("\n") }
}

fn seen_row(settings: &ProfileSettings, seen: &Seen, noun: Noun) -> [String; 5] {
    let set_as: Vec<&str> = settings.named_by(noun, &seen.name).map(|set| set.name).collect();
    let entered = if noun == Noun::Status { count(seen.entered) } else { String::new() };
    [
        seen.name.clone(),
        seen.category.clone().unwrap_or_default(),
        if seen.is_seen { count(seen.now) } else { "never seen".to_owned() },
        entered,
        set_as.join(", "),
    ]
}
