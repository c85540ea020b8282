//! What somebody typed into a form of settings, and what of it can be saved.

use model::connection::{self, Auth};
use model::{Json, Settings, Token};

use super::setting::{Section, Setting};
use crate::error::{Error, Result};

/// What is wrong with the token has this name, as settings have theirs.
pub const TOKEN: &str = "token";
/// The old app's name for the window.
const OLD_WINDOW: &str = "data_points_count";
/// Longest token in characters.
const TOKEN_CHARACTERS_MAX: usize = 4_000;

/// New values of some settings. Those that it does not name stay as they are.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SettingsDraft {
    /// Settings with the lines that were typed; `None` takes one back to what is usual.
    pub values: Vec<(&'static Setting, Option<Vec<String>>)>,
    /// What becomes of the token.
    pub token: TokenChange,
}

/// What becomes of the token of a profile.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum TokenChange {
    /// It stays, unless the server changes.
    #[default]
    Keep,
    /// It is forgotten.
    Forget,
    /// It is this one from now on.
    Set(Token),
    /// What was typed is no token, for this reason. It is not kept.
    Unusable(&'static str),
}

/// Something wrong with one field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The name of the setting, or [`TOKEN`].
    pub name: &'static str,
    /// What is wrong and what to do, as a part of a sentence.
    pub why: String,
}

impl TokenChange {
    /// What a form asks for: a token that was typed, or to forget the one that is there.
    pub fn typed(text: &str, is_forgotten: bool) -> TokenChange {
        let text = text.trim();
        if text.chars().count() > TOKEN_CHARACTERS_MAX {
            return TokenChange::Unusable(
                "it is too long for a token; copy it from Jira once more",
            );
        }
        if !text.chars().all(|c| c.is_ascii_graphic()) {
            return TokenChange::Unusable(
                "it holds characters that no token has; copy it from Jira once more",
            );
        }
        match Token::new(text) {
            Some(_) if is_forgotten => TokenChange::Unusable(
                "either give a token or have the stored one forgotten, not both",
            ),
            Some(token) => TokenChange::Set(token),
            None if is_forgotten => TokenChange::Forget,
            None => TokenChange::Keep,
        }
    }

    fn fault(&self) -> Option<Fault> {
        let TokenChange::Unusable(why) = self else { return None };
        Some(Fault { name: TOKEN, why: (*why).to_owned() })
    }
}

impl SettingsDraft {
    /// A new value of one setting.
    pub fn of(setting: &'static Setting, lines: Option<Vec<String>>) -> SettingsDraft {
        SettingsDraft { values: vec![(setting, lines)], token: TokenChange::Keep }
    }

    /// The settings after it. An error names every field that is wrong.
    pub(crate) fn applied(&self, before: &Settings) -> Result<Settings> {
        let mut after = before.clone();
        let mut faults = Vec::new();
        for (setting, typed) in &self.values {
            let applied = match typed {
                Some(typed) => apply(setting, typed, before, &mut after),
                None => take_back(setting, before, &mut after),
            };
            if let Err(why) = applied {
                faults.push(Fault { name: setting.name, why });
            }
        }
        faults.extend(self.token.fault());
        if faults.is_empty() && self.is_about(Section::Connection) {
            faults.extend(email_fault(&after));
        }
        if !faults.is_empty() {
            return Err(faulty(faults));
        }
        keep_in_step(before, &mut after);
        Ok(after)
    }

    fn is_about(&self, section: Section) -> bool {
        self.values.iter().any(|(setting, _)| setting.section == section)
    }
}

/// The error of these fields.
pub(super) fn faulty(faults: Vec<Fault>) -> Error {
    Error::Settings { faults }
}

fn apply(
    setting: &Setting,
    typed: &[String],
    before: &Settings,
    after: &mut Settings,
) -> std::result::Result<(), String> {
    let kind = setting.kind;
    let lines = kind.check(typed)?;
    let stays_as_empty = setting.can_be_emptied();
    let is_unset_still = lines.is_empty() && !stays_as_empty && !setting.is_set(before);
    if is_unset_still || kind.is_same(&lines, &setting.in_force(before)) {
        return Ok(());
    }
    let lines = as_spelled(lines, &setting.stored(before));
    let value = kind.to_json(&lines, setting.get(before));
    let value = value.filter(|_| !lines.is_empty() || stays_as_empty);
    setting.put(after, value)
}

fn take_back(
    setting: &Setting,
    before: &Settings,
    after: &mut Settings,
) -> std::result::Result<(), String> {
    if setting.is_set(before) { setting.put(after, None) } else { Ok(()) }
}

/// Names that were there keep their spelling.
fn as_spelled(lines: Vec<String>, before: &[String]) -> Vec<String> {
    let known =
        |line: &String| before.iter().find(|known| metrics::fold(known) == metrics::fold(line));
    lines.iter().map(|line| known(line).unwrap_or(line).clone()).collect()
}

fn email_fault(after: &Settings) -> Option<Fault> {
    let text = |name| Setting::find(name).map(|setting| setting.stored(after)).unwrap_or_default();
    let needs_email = text("authentication").first().is_some_and(|word| word == "basic");
    let why = "an API token needs the e-mail address it belongs to; give both".to_owned();
    (needs_email && text("email").is_empty()).then_some(Fault { name: "email", why })
}

/// Members that the old app keeps beside a setting and reads instead of it.
fn keep_in_step(before: &Settings, after: &mut Settings) {
    let has = |settings: &Settings, name| {
        Setting::find(name).is_some_and(|setting| !setting.stored(settings).is_empty())
    };
    let window = |settings: &Settings| Some(window()?.get(settings)?.clone());
    if let Some(weeks) = window(after).filter(|weeks| window(before).as_ref() != Some(weeks))
        && let Some(Json::Object(forecast)) = &mut after.forecast_settings
    {
        forecast.set(OLD_WINDOW, weeks);
    }
    if has(before, "milestone") != has(after, "milestone") {
        after.show_milestone = Some(Json::Bool(has(after, "milestone")));
    }
    let is_connected = has(after, "server");
    if has(before, "server") != is_connected
        && let Some(Json::Object(connection)) = &mut after.jira_config
    {
        connection.set("configured", Json::Bool(is_connected));
    }
}

fn window() -> Option<&'static Setting> {
    Setting::find("window")
}

/// How many weeks the old app looked back at. It filled this in by itself, so nobody need have
/// chosen it, and figures do not follow it.
pub(super) fn old_window(settings: &Settings) -> Option<String> {
    let weeks = settings.forecast_settings.as_ref()?.get(OLD_WINDOW)?;
    window()?.kind.lines(weeks).pop()
}

/// Whether a token that is kept for `before` would go elsewhere.
pub(super) fn leads_elsewhere(before: &Settings, after: &Settings) -> bool {
    let (before, after) =
        (before.base_url().unwrap_or_default(), after.base_url().unwrap_or_default());
    before != after && !before.is_empty() && !connection::is_same_server(before, after)
}

/// What is worth a word about the connection, as a sentence.
pub(super) fn connection_warning(settings: &Settings, has_token: bool) -> Option<&'static str> {
    let address = settings.base_url().unwrap_or_default();
    if connection::is_readable_by_others(address) && has_token {
        return Some(
            "The address begins with http: whoever is on the way can read the token. Use https if \
             your Jira has it.",
        );
    }
    let word = Auth::word(settings, has_token);
    (word != "none" && !has_token).then_some("No token is stored, so Jira cannot be asked yet.")
}
