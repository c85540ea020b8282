//! `burndown settings`: what a profile is set to, what speaks for it, and changing it.

mod lanes;

use std::io::{self, BufRead, Read};

use app::settings::{
    Change, Noun, Origin, Proposal, SETTINGS, Section, Seen, Setting, SettingValue, SettingsDraft,
    SettingsEdit, SettingsList, SettingsPage, TokenChange,
};
use console::Term;
use model::plain::one_line;
use words::format::count;

use crate::arguments::{self, SettingsAction};
use crate::failure::{Failure, Result};
use crate::run::Run;
use crate::table::{Listing, Side, Table};
use crate::{figures, opening, selection};

/// Longest line that is read from stdin.
const LINE_BYTES_MAX: u64 = 16 * 1024;

/// Lists settings, or changes one and says what it is then.
pub fn run(run: &Run, options: &arguments::Settings) -> Result<()> {
    let app = opening::existing(run)?;
    let profile = selection::profile_id(&app, options.profile.as_deref())?;
    let action = options.action.as_ref().unwrap_or(&SettingsAction::List);
    let edit = match action {
        SettingsAction::List => {
            return run.output.list(&app.settings(&profile)?, listing);
        }
        SettingsAction::Seen => {
            let page = app.profile_settings(&profile)?;
            return run.output.answer(&page.evidence, |_| seen(run, &page));
        }
        SettingsAction::Propose { accept: false } => {
            let page = app.profile_settings(&profile)?;
            return run.output.answer(&page.proposals, |proposals| proposed(proposals));
        }
        SettingsAction::Propose { accept: true } => {
            let page = app.profile_settings(&profile)?;
            let edit = app.edit_settings(&profile, &page.accepted(), page.list.revision)?;
            warn_of_unknown(run, &edit);
            return run.output.list(&app.settings(&profile)?, listing);
        }
        SettingsAction::Lane(options) => {
            let found = match options.edit()? {
                Some(edit) => app.edit_lane(&profile, &edit)?,
                None => app.lanes(&profile)?,
            };
            return run.output.answer(&found, |found| lanes::table(run, found));
        }
        SettingsAction::Token { forget } => {
            let token = token(run, *forget)?;
            let draft = SettingsDraft { token, ..SettingsDraft::default() };
            let edit = app.edit_settings(&profile, &draft, None)?;
            return run.output.answer(&edit, |edit| format!("{}\n", token_state(edit.has_token)));
        }
        // Each changes one setting of whatever stands there: of two at once none is lost.
        SettingsAction::Set { name, values } => (named(name)?, Change::Set(values.clone())),
        SettingsAction::Unset { name } => (named(name)?, Change::Unset),
        SettingsAction::Add { name, values } => (list_named(name)?, Change::Add(values.clone())),
        SettingsAction::Remove { name, values } => {
            (list_named(name)?, Change::Remove(values.clone()))
        }
    };
    let (setting, change) = edit;
    let added = match &change {
        Change::Set(names) | Change::Add(names) => names.clone(),
        _ => Vec::new(),
    };
    let edit = app.edit_settings(&profile, &SettingsDraft::of(setting, change), None)?;
    warn(run, setting, &edit);
    if setting.section == Section::Lists {
        lanes::warn_of_chosen(run, &app.lanes(&profile)?, setting, &added);
    }
    run.output.answer(&edit, |edit| {
        let line = |value: &SettingValue| {
            format!(
                "{}: {}\n",
                value.name,
                said(value, edit.authentication, edit.usual_time_zone.as_deref())
            )
        };
        edit.settings.iter().map(line).collect()
    })
}

/// What is worth a word about a change.
fn warn(run: &Run, setting: &Setting, edit: &SettingsEdit) {
    if edit.is_token_forgotten {
        run.output.warn(
            "the stored token was forgotten, because it was given for another server; \
             `burndown settings token` stores one",
        );
    } else if let Some(warning) = edit.warning.filter(|_| setting.section == Section::Connection) {
        run.output.warn(warning);
    }
    warn_of_unknown(run, edit);
}

/// Names that may be slips of the pen.
fn warn_of_unknown(run: &Run, edit: &SettingsEdit) {
    for unknown in &edit.unknown {
        let said = words::setting::unknown_name(unknown);
        run.output
            .warn(&one_line(&format!("{said}; `burndown settings seen` lists what there is")));
    }
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
        return "Nothing is proposed: it is known what all statuses mean, or nothing tells it.\n"
            .to_owned();
    }
    let line = |proposal: &Proposal| {
        let value = proposal.value.join(", ");
        one_line(&format!("{}: {value}. {}", proposal.name, proposal.why)) + "\n"
    };
    let (questions, sure): (Vec<&Proposal>, Vec<&Proposal>) =
        proposals.iter().partition(|proposal| proposal.is_question);
    let mut lines: String = sure.into_iter().map(line).collect();
    if !lines.is_empty() {
        lines += "burndown settings propose --accept sets it so.\n";
    }
    lines.extend(questions.into_iter().map(asked));
    lines
}

/// A question, and the command that answers it.
fn asked(question: &Proposal) -> String {
    let value = question.value.join(", ");
    let answers = match (question.name, value.rsplit_once(' ')) {
        ("lanes", Some((status, lane))) => {
            format!("burndown settings lane {} {lane}", figures::quoted(status))
        }
        (name, _) => {
            let value = figures::quoted(&value);
            let add = |name: &str| format!("burndown settings add {name} {value}");
            format!("{}; if so: {}", add(name), add("delivered"))
        }
    };
    one_line(&format!("{} If not: {answers}", question.why)) + "\n"
}

fn token_state(has_token: bool) -> &'static str {
    if has_token { "token: stored" } else { "token: none" }
}

fn listing(settings: &SettingsList) -> Listing {
    let mut table = Table::new(&[("setting", Side::Left), ("value", Side::Left), ("", Side::Left)])
        .named(&["setting", "value", "origin"]);
    let zone = settings.usual_time_zone.as_deref();
    for value in &settings.settings {
        let remark = match value.origin {
            Origin::Chosen => "",
            Origin::Proposed => "from Jira",
            Origin::Usual => "usual",
        };
        let said = said(value, settings.authentication, zone);
        table.row([value.name.to_owned(), said, remark.to_owned()]);
    }
    let name = one_line(&settings.trail.profile.name);
    let warning = settings.warning.map(|warning| format!("{warning}\n")).unwrap_or_default();
    Listing {
        before: format!("Settings of {name}\n\n"),
        after: format!("\n{}\n{warning}", token_state(settings.has_token)),
        ..Listing::of(table, "")
    }
}

/// A value as one line; what is in force where the profile says nothing.
fn said(value: &SettingValue, authentication: &str, zone: Option<&str>) -> String {
    match (value.name, value.value.as_slice(), zone) {
        ("time-zone", [], Some(zone)) => format!("that of this machine ({zone})"),
        ("time-zone", [], None) => "that of this machine".to_owned(),
        ("authentication", [], _) => authentication.to_owned(),
        (_, [], _) => "none".to_owned(),
        (_, lines, _) => one_line(&lines.join(", ")),
    }
}

/// What occurs of each noun, how often, and what settings make of it.
fn seen(run: &Run, page: &SettingsPage) -> String {
    let nouns = [
        ("status", Noun::Status),
        ("resolution", Noun::Resolution),
        ("type", Noun::IssueType),
        ("project", Noun::Project),
    ];
    // What never occurred and nobody chose is only on the list that everybody begins with.
    let is_chosen = |setting: &Setting| page.list.is_chosen(setting);
    let tables = nouns.into_iter().filter_map(|(title, noun)| {
        let is_telling =
            |seen: &&Seen| seen.is_seen || page.list.named_by(noun, &seen.name).any(is_chosen);
        let names: Vec<&Seen> = page.evidence.names(noun).iter().filter(is_telling).collect();
        let mut table = Table::new(&[
            (title, Side::Left),
            ("category", Side::Left),
            ("issues now", Side::Right),
            ("entered", Side::Right),
            ("set as", Side::Left),
        ]);
        names.iter().for_each(|name| table.row(seen_row(&page.list, name, noun)));
        (!names.is_empty()).then(|| table.into_text(run.output.width, &run.output.head))
    });
    let tables: Vec<String> = tables.collect();
    if tables.is_empty() { "No issues were fetched yet.\n".to_owned() } else { tables.join("\n") }
}

fn seen_row(settings: &SettingsList, seen: &Seen, noun: Noun) -> [String; 5] {
    let set_as: Vec<&str> = settings.named_by(noun, &seen.name).map(|set| set.name).collect();
    let entered = if noun == Noun::Status { count(seen.entered) } else { String::new() };
    [
        seen.label(),
        seen.category.clone().unwrap_or_default(),
        if seen.is_seen { count(seen.now) } else { "never seen".to_owned() },
        entered,
        set_as.join(", "),
    ]
}
