//! `burndown connect`: where the Jira of a profile is, tested and stored.

use app::connect::{ConnectionDraft, Greeting};
use model::plain::one_line;
use model::settings::Zone;
use model::{ProfileId, Token};

use crate::arguments;
use crate::failure::{Failure, Kind, Result};
use crate::run::Run;
use crate::{opening, selection, token};

/// Tests a connection, and stores it unless only a test was asked for.
pub fn run(run: &Run, options: &arguments::Connect) -> Result<()> {
    let Some(address) = &options.address else {
        let app = opening::existing(run)?;
        let profile = selection::profile_id(&app, options.profile.as_deref())?;
        return run.output.answer(&app.greet(&profile)?, text);
    };
    let app = opening::begun(run)?;
    // What is wrong with the address is said before a token is asked for.
    app.secured_draft(&ConnectionDraft::of_address(address))?;
    let profile = profile(&app, options.profile.as_deref())?;
    let seen = profile.as_ref().map(|id| app.profile_revision(id)).transpose()?;
    let draft = app.secured_draft(&draft(run, options, address)?)?;
    let greeting = app.greet_draft(&draft)?;
    if options.dry_run {
        return run.output.answer(&greeting, text);
    }
    let id = match (&profile, seen) {
        (Some(id), Some(seen)) => {
            app.connect_profile(id, &draft, seen)?;
            id.clone()
        }
        _ => {
            app.create_connected_profile(options.profile.as_deref().unwrap_or_default(), &draft)?
        }
    };
    let name = app.profile_setup(&id)?.draft.name;
    let verb = if profile.is_some() { "connected" } else { "made" };
    run.output.say(&format!("{verb} the profile {name:?} ({id})"));
    let zone = greeting.user_time_zone.as_deref().filter(|_| profile.is_none());
    if let Some(zone) = zone {
        let says = match zone.parse::<Zone>() {
            Ok(_) => format!("weeks begin in {zone}, as Jira shows times to its user"),
            Err(_) => format!(
                "Jira shows its user times in {zone:?}, a time zone that is not known here, so weeks begin in \
                 that of this machine; `burndown settings set time-zone ZONE` chooses another one"
            ),
        };
        run.output.say(&one_line(&says));
    }
    run.output.answer(&greeting, text)
}

fn draft(run: &Run, options: &arguments::Connect, address: &str) -> Result<ConnectionDraft> {
    let name = options.email.as_ref().or(options.user.as_ref());
    let auth = match (options.public, name) {
        (true, _) => "none",
        (false, Some(_)) => "basic",
        (false, None) => "bearer",
    };
    let token = if options.public { None } else { Some(token_of(run)?) };
    Ok(ConnectionDraft {
        address: address.to_owned(),
        auth: auth.to_owned(),
        email: name.cloned().unwrap_or_default(),
        token,
        allows_http: options.allow_http,
    })
}

/// From a command, else the environment, else whoever sits there or a pipe.
fn token_of(run: &Run) -> Result<Token> {
    match &run.surroundings.access.token {
        Some(token) => Ok(token.clone()),
        None => token::read(run),
    }
}

/// The profile that is meant, if it is there already.
fn profile(app: &app::App, asked: Option<&str>) -> Result<Option<ProfileId>> {
    match selection::profile_id(app, asked) {
        Ok(id) => Ok(Some(id)),
        Err(Failure { kind: Kind::NotFound, .. }) => Ok(None),
        Err(_) if app.profile_names()?.all.is_empty() => Ok(None),
        Err(other) => Err(other),
    }
}

fn text(greeting: &Greeting) -> String {
    let title = if greeting.title.is_empty() { "Jira" } else { &greeting.title };
    let mut text =
        format!("{title} at {}: {} {}", greeting.address, greeting.kind, greeting.version);
    match &greeting.user {
        Some(user) => text.push_str(&format!(", logged in as {user}")),
        None => text.push_str(", nobody logged in"),
    }
    let mut text = one_line(&text) + "\n";
    for remark in &greeting.remarks {
        text.push_str(&one_line(remark));
        text.push('\n');
    }
    text + &points(&greeting.points)
}

/// The fields that may hold story points, with what to do where there are several.
fn points(found: &[app::connect::Candidate]) -> String {
    let line = |field: &app::connect::Candidate| {
        let text = format!("Story points: “{}” ({}), {}", field.name, field.field_id, field.why);
        one_line(&text) + "\n"
    };
    let mut text: String = found.iter().map(line).collect();
    if found.len() > 1 {
        text.push_str(CHOOSE_POINTS);
    }
    text
}

const CHOOSE_POINTS: &str = "`burndown settings set points-field FIELD…` chooses; of several, the first that is filled counts.\n";
