//! Changing settings: what somebody typed or asked for, and the one function that writes it.

use model::connection;
use model::settings::{
    AuthKind, ConnectionSettings, Kind, Noun, ProfileSettings, SETTINGS, Section, Setting, Why,
    fold,
};
use model::{Profile, ProfileId, Token};
use serde::Serialize;
use store::{Record, Revision};

use super::in_force::{self, SeenIssues, SettingValue};
use super::token::refuse_readable;
use crate::App;
use crate::error::{Error, Fault, Result};
use crate::{draft, lookup};

/// What is wrong with the token has this name, as settings have theirs.
pub const TOKEN: &str = "token";
/// Longest token in characters.
const TOKEN_CHARACTERS_MAX: usize = 4_000;

/// Changes of some settings. Those that it does not name stay as they are.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SettingsDraft {
    /// Settings with what becomes of them.
    pub values: Vec<(&'static Setting, Change)>,
    /// What becomes of the token.
    pub token: TokenChange,
}

/// What becomes of a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It holds these lines from now on.
    Set(Vec<String>),
    /// A form was sent with these lines: the same, but what is in force already need not be chosen.
    Shown(Vec<String>),
    /// It goes back to what is usual.
    Unset,
    /// These come to what is in force.
    Add(Vec<String>),
    /// These are taken off what is in force.
    Remove(Vec<String>),
}

/// What an edit did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SettingsEdit {
    /// The settings that were named or are others now, with what is in force.
    pub settings: Vec<SettingValue>,
    /// The kind of authentication in force.
    pub authentication: &'static str,
    /// The zone in force where the profile has none of its own.
    pub usual_time_zone: Option<String>,
    /// Whether a token is stored.
    pub has_token: bool,
    /// Whether the stored token was forgotten because the address leads to another server.
    pub is_token_forgotten: bool,
    /// What is worth a word about the connection, as a sentence.
    pub warning: Option<&'static str>,
    /// Names that were set and that nothing is called so far.
    pub unknown: Vec<UnknownName>,
}

/// What the lines of a setting name that nothing is called so far.
pub(super) fn unknown_names(
    setting: &'static Setting,
    lines: &[String],
    settings: &ProfileSettings,
    issues: &SeenIssues<'_>,
) -> Result<Vec<UnknownName>> {
    let Some(noun) = setting.kind.noun() else { return Ok(Vec::new()) };
    let mut unknown = Vec::new();
    for line in trimmed(lines) {
        let name = match setting.kind {
            Kind::Lanes => line.rsplit_once(' ').map_or(line, |(status, _)| status.trim()),
            _ => line,
        };
        if !issues.know(noun, name, settings)? {
            unknown.push(UnknownName { setting: setting.name, name: name.to_owned(), noun });
        }
    }
    Ok(unknown)
}

/// A name that means nothing in this profile so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnknownName {
    /// The setting that names it.
    pub setting: &'static str,
    /// The name.
    pub name: String,
    /// What should be called so.
    pub noun: Noun,
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
    /// The same, and it may be sent so that others can read it on the way.
    SetReadable(Token),
    /// What was typed is no token, for this reason. It is not kept.
    Unusable(&'static str),
}

impl TokenChange {
    /// The token that is given, and whether it may be read on its way.
    pub(super) fn given(&self) -> Option<(&Token, bool)> {
        match self {
            Self::Set(token) => Some((token, false)),
            Self::SetReadable(token) => Some((token, true)),
            Self::Keep | Self::Forget | Self::Unusable(_) => None,
        }
    }

    /// The same, with a token that is given allowed to be read on its way.
    #[must_use]
    pub fn allowing_http(self, is_allowed: bool) -> TokenChange {
        match self {
            Self::Set(token) if is_allowed => Self::SetReadable(token),
            other => other,
        }
    }

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
}

impl SettingsDraft {
    /// A change of one setting.
    pub fn of(setting: &'static Setting, change: Change) -> SettingsDraft {
        SettingsDraft { values: vec![(setting, change)], token: TokenChange::Keep }
    }

    /// Makes the changes. An error names every field that is wrong.
    pub(super) fn apply(
        &self,
        settings: &mut ProfileSettings,
        issues: &SeenIssues<'_>,
    ) -> Result<()> {
        let (before, mut faults) = (settings.clone(), Vec::new());
        for (setting, change) in &self.values {
            match change.apply(setting, settings, issues) {
                Ok(()) => {}
                Err(Error::Settings { faults: found }) => faults.extend(found),
                Err(other) => return Err(other),
            }
        }
        faults.extend(self.contradiction(&before, settings));
        if let TokenChange::Unusable(why) = self.token {
            faults.push(Fault { name: TOKEN, why: Why::Token(why) });
        }
        let is_about_connection =
            self.values.iter().any(|(setting, _)| setting.section == Section::Connection);
        let connection = &settings.connection;
        let needs_email = connection.auth == Some(AuthKind::Basic) && connection.email.is_none();
        if faults.is_empty() && is_about_connection && needs_email {
            faults.push(Fault { name: "email", why: Why::NoEmail });
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::Settings { faults }) }
    }

    /// A name that would mean both, delivered and not, where one of these lists is changed, and did not
    /// before: what is there already must not keep anybody from taking it off.
    fn contradiction(&self, before: &ProfileSettings, after: &ProfileSettings) -> Option<Fault> {
        const LISTS: [(&str, &str); 2] =
            [("delivered", "not-delivered"), ("not-delivered", "delivered")];
        let is_named = |list: &str| self.values.iter().any(|(setting, _)| setting.name == list);
        let (list, other) = LISTS.into_iter().find(|(list, _)| is_named(list))?;
        let is_both = |settings: &ProfileSettings, name: &str| {
            let workflow = &settings.workflow;
            let is_not = workflow.not_delivered.as_ref().is_some_and(|names| names.contains(name));
            is_not && workflow.delivered.contains(name)
        };
        let is_new = |name: &&str| is_both(after, name) && !is_both(before, name);
        let name = after.workflow.delivered.iter().find(is_new)?;
        Some(Fault { name: list, why: Why::Contradicts { name: name.to_owned(), other } })
    }

    /// What it names that nothing is called so far.
    fn unknown(
        &self,
        settings: &ProfileSettings,
        issues: &SeenIssues<'_>,
    ) -> Result<Vec<UnknownName>> {
        let mut unknown = Vec::new();
        for (setting, change) in &self.values {
            if let Change::Set(lines) | Change::Add(lines) = change {
                unknown.extend(unknown_names(setting, lines, settings, issues)?);
            }
        }
        Ok(unknown)
    }

    /// The connection that it makes where there was none.
    pub(crate) fn connection(&self) -> Result<ConnectionSettings> {
        let mut settings = ProfileSettings::default();
        self.apply(&mut settings, &SeenIssues::none())?;
        Ok(settings.connection)
    }
}

impl Change {
    fn apply(
        &self,
        setting: &'static Setting,
        settings: &mut ProfileSettings,
        issues: &SeenIssues<'_>,
    ) -> Result<()> {
        let faulty = |why| faulty(setting.name, why);
        match self {
            Change::Unset => setting.field_mut(settings).unset(),
            Change::Set(lines) => set(setting, settings, lines).map_err(faulty)?,
            Change::Shown(lines) => {
                let mut shown = settings.clone();
                in_force::make_own(setting, &mut shown, issues)?;
                let mut typed = shown.clone();
                set(setting, &mut typed, lines).map_err(faulty)?;
                // An empty list that means nothing else than none is none still.
                let is_same = setting.field(&typed).is_same(setting.field(&shown));
                let is_chosen = setting.field(settings).is_set();
                if !is_same && (is_chosen || setting.field(&typed).is_set()) {
                    *settings = typed;
                }
            }
            Change::Add(lines) if setting.kind == Kind::Milestones => {
                for line in trimmed(lines) {
                    let milestone = line.parse().map_err(faulty)?;
                    settings.forecast.put_milestone(milestone).map_err(faulty)?;
                }
            }
            Change::Add(lines) => {
                in_force::make_own(setting, settings, issues)?;
                let all = [setting.field(settings).lines(), lines.clone()].concat();
                set(setting, settings, &all).map_err(faulty)?;
            }
            Change::Remove(lines) => {
                in_force::make_own(setting, settings, issues)?;
                let mut left = setting.field(settings).lines();
                for line in trimmed(lines) {
                    let before = left.len();
                    left.retain(|known| fold(known) != fold(line));
                    if left.len() == before {
                        return Err(faulty(Why::NotListed(line.to_owned())));
                    }
                }
                set(setting, settings, &left).map_err(faulty)?;
            }
        }
        Ok(())
    }
}

fn set(
    setting: &Setting,
    settings: &mut ProfileSettings,
    lines: &[String],
) -> std::result::Result<(), Why> {
    setting.field_mut(settings).set(&trimmed(lines))?;
    if setting.kind == Kind::Milestones {
        settings.forecast.sort_out_milestones();
    }
    Ok(())
}

fn trimmed(lines: &[String]) -> Vec<&str> {
    lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect()
}

/// The error of one field.
pub(crate) fn faulty(name: &'static str, why: Why) -> Error {
    Error::Settings { faults: vec![Fault { name, why }] }
}

impl App {
    /// Makes the changes of `draft` to what a profile is set to. An error if it is not there, if
    /// fields are wrong (it names all of them), or if it was written after the revision that was
    /// `seen`; then nothing is changed. Without a revision changes are made to whatever stands
    /// there, so that two who add to one list both have what they added. A stored token is forgotten
    /// where the address leads to another server.
    pub fn edit_settings(
        &self,
        id: &ProfileId,
        draft: &SettingsDraft,
        seen: impl Into<Option<Revision>>,
    ) -> Result<SettingsEdit> {
        let draft = &self.with_field_ids(id, draft)?;
        let (mut told, mut unknown) = (Vec::new(), Vec::new());
        let apply = |settings: &mut ProfileSettings, issues: &SeenIssues<'_>| {
            let before = settings.clone();
            draft.apply(settings, issues)?;
            let is_told = |setting: &&Setting| {
                let is_named = draft.values.iter().any(|(named, _)| named == setting);
                is_named || !setting.field(settings).is_same(setting.field(&before))
            };
            // Before anything is written: what fails has changed nothing.
            for setting in SETTINGS.iter().filter(is_told) {
                told.push(in_force::value(setting, settings, issues)?);
            }
            // Only a remark: a setting can be changed though the issues cannot be read.
            unknown = draft.unknown(settings, issues).unwrap_or_default();
            Ok(())
        };
        let (before, after) = self.write_settings(id, seen.into(), &draft.token, apply)?;
        let is_named = |(setting, change): &(&Setting, Change)| {
            setting.name == "server" && matches!(change, Change::Set(_))
        };
        let is_typed = draft.values.iter().any(is_named)
            || before.connection.address() != after.connection.address();
        if is_typed {
            let may_be_read = matches!(draft.token, TokenChange::SetReadable(_));
            self.confirm_server(after.connection.address(), may_be_read)?;
        }
        let has_token = self.has_token(id)?;
        let has_any_token = has_token || self.context.access.token.is_some();
        Ok(SettingsEdit {
            settings: told,
            unknown,
            authentication: after.connection.auth_in_force(has_any_token).as_str(),
            usual_time_zone: self.zone().iana_name().map(str::to_owned),
            has_token,
            is_token_forgotten: draft.token == TokenChange::Keep
                && !has_token
                && leads_elsewhere(&before.connection, &after.connection),
            warning: connection_warning(&after.connection, has_any_token),
        })
    }

    /// Writes what `change` makes of the settings of a profile; the only way that they are written.
    /// Gives the settings before and after.
    pub(crate) fn write_settings(
        &self,
        id: &ProfileId,
        seen: Option<Revision>,
        token: &TokenChange,
        change: impl FnOnce(&mut ProfileSettings, &SeenIssues<'_>) -> Result<()>,
    ) -> Result<(ProfileSettings, ProfileSettings)> {
        let mut writer = self.store.write()?;
        let stored = lookup::profile(&*writer, id)?;
        if let Some(seen) = seen {
            draft::refuse_unseen(&*writer, Record::Profile(id), seen, &stored.name)?;
        }
        let before = ProfileSettings::read(&stored.settings);
        let mut after = before.clone();
        change(&mut after, &SeenIssues::of(&*writer, id, self.now()))?;
        let settings = after.applied_to(&stored.settings).map_err(|faults| {
            let fault = |(setting, why): (&Setting, Why)| Fault { name: setting.name, why };
            Error::Settings { faults: faults.into_iter().map(fault).collect() }
        })?;
        // Forgotten before the new address is in force: no moment has a token beside an address
        // that it was not given for.
        let is_elsewhere = leads_elsewhere(&before.connection, &after.connection);
        refuse_readable(token, after.connection.address())?;
        self.prepare_token(&mut *writer, id, token, is_elsewhere)?;
        let is_same = settings == stored.settings;
        if !is_same {
            writer.put_profile(&Profile { settings, ..stored })?;
        }
        // A token that was forgotten may have been in the store.
        if is_same && self.shared_key.is_none() {
            drop(writer)
        } else {
            writer.commit()?
        }
        self.store_token(id, token, after.connection.address())?;
        Ok((before, after))
    }
}

/// Whether a token that is kept for `before` would go elsewhere.
fn leads_elsewhere(before: &ConnectionSettings, after: &ConnectionSettings) -> bool {
    let (before, after) = (before.address(), after.address());
    before != after && !before.is_empty() && !connection::is_same_server(before, after)
}

/// What is worth a word about the connection, as a sentence.
pub(super) fn connection_warning(
    settings: &ConnectionSettings,
    has_token: bool,
) -> Option<&'static str> {
    if connection::is_readable_by_others(settings.address()) && has_token {
        return Some(
            "The address begins with http: whoever is on the way can read the token. Use https if \
             your Jira has it.",
        );
    }
    let needs_token = settings.auth_in_force(has_token) != AuthKind::None;
    (settings.server.is_some() && needs_token && !has_token)
        .then_some("No token is stored, so Jira cannot be asked yet.")
}
