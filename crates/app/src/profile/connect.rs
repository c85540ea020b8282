//! Getting to know a Jira: whether it answers, who we are there, and what a JQL finds.

use jira::Client;
use model::connection::{self, Connection};
use model::settings::{self, AuthKind, Zone};
use model::{ProfileId, ProfileSettings, Settings, Token};
use serde::Serialize;
use store::{Record, Revision};

use crate::App;
use crate::connection::access;
use crate::draft::ProfileDraft;
use crate::error::{Error, Result};
use crate::lookup;
use crate::profile::points_field::points_fields;
use crate::profile::settings::{Change, Setting, SettingsDraft, TokenChange};
use crate::tally::{Share, Tally};
use crate::trail::Trail;

pub use jira::{Candidate, Sample};

/// Clocks that differ by less than this agree.
const CLOCK_DIFFERENCE_S_MAX: i64 = 120;
/// How many issues a page shows of what a JQL finds.
const LOOK_ISSUES: usize = 10;
/// Most issues that a JQL is tried with.
pub const LOOK_ISSUES_MAX: usize = 100;

/// A connection as somebody typed it, and the token if one was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionDraft {
    /// Address of the Jira.
    pub address: String,
    /// Word of the kind of authentication, as in [`model::connection::Auth::ALL`].
    pub auth: String,
    /// The e-mail address that an API token belongs to.
    pub email: String,
    /// The token.
    pub token: Option<Token>,
    /// Whether it may be sent so that others can read it on the way, as over `http`.
    pub allows_http: bool,
}

/// Word for leaving it to [`App::secured_draft`] how to log in.
pub const AUTH_FOUND: &str = "auto";

impl ConnectionDraft {
    /// An address alone, asked without a login.
    pub fn of_address(address: &str) -> ConnectionDraft {
        ConnectionDraft {
            address: address.to_owned(),
            auth: "none".to_owned(),
            email: String::new(),
            token: None,
            allows_http: false,
        }
    }

    /// How to log in with what is given, where that was left open.
    fn auth_found(&self) -> String {
        let found = match (&self.token, self.email.trim().is_empty()) {
            _ if self.auth != AUTH_FOUND => &*self.auth,
            (None, _) => "none",
            (Some(_), false) => "basic",
            (Some(_), true) => "bearer",
        };
        found.to_owned()
    }
}

/// What a Jira says of itself and of who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Greeting {
    /// Its address.
    pub address: String,
    /// `Jira Cloud`, or `Jira Server or Data Center`.
    pub kind: &'static str,
    /// Its version.
    pub version: String,
    /// What its administrators call it.
    pub title: String,
    /// Who asks; `None` if nobody is logged in.
    pub user: Option<String>,
    /// Zone in which Jira reads the times in this user's JQL.
    pub user_time_zone: Option<String>,
    /// By how many seconds its clock is ahead of this machine's; `None` if it tells no time.
    pub clock_ahead_s: Option<i64>,
    /// Fields that may hold story points, the likeliest first.
    pub points: Vec<Candidate>,
    /// What deserves attention, as sentences.
    pub remarks: Vec<String>,
}

/// What a JQL finds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Look {
    /// The JQL.
    pub jql: String,
    /// How many issues it finds; `None` if Jira does not say.
    pub count: Option<u64>,
    /// Whether the count is exact; Cloud estimates it.
    pub is_exact: bool,
    /// The first of them.
    pub issues: Vec<Sample>,
    /// The statuses of those.
    pub statuses: Vec<Share>,
    /// The types of those.
    pub types: Vec<Share>,
    /// What Jira says to the JQL, and what deserves attention, as sentences.
    pub remarks: Vec<String>,
}

/// What is asked about the connection of a profile. Nothing of it has Jira asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConnectionAsk {
    /// The number of a [`Trial`] that was made.
    pub found: String,
    /// A JQL to be tried, as it shall stand in the form.
    pub jql: String,
}

impl ConnectionAsk {
    /// Takes one parameter as it stands in a URL; an error names it and what there is.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        match name {
            "found" => value.clone_into(&mut self.found),
            "jql" => value.trim().clone_into(&mut self.jql),
            _ => return Err(Error::unknown_parameter(name, "use jql")),
        }
        Ok(())
    }
}

/// What came of trying a connection out.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Trial {
    /// Whether Jira was asked.
    pub is_asked: bool,
    /// The JQL that was tried; empty if none was.
    pub jql: String,
    /// What the Jira answered.
    pub greeting: Option<Greeting>,
    /// What the JQL finds, where one was given.
    pub look: Option<Look>,
    /// Fields that may hold story points, the likeliest first.
    pub points: Vec<Candidate>,
    /// Why something of this is missing, as a sentence with its remedy.
    pub obstacle: Option<String>,
}

impl Trial {
    /// Before anything was asked.
    pub fn unasked(jql: &str) -> Trial {
        Trial { jql: jql.to_owned(), ..Trial::default() }
    }
}

/// The connection of a profile.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConnectionPage {
    /// Which profile, and its neighbours.
    pub trail: Trail,
    /// What an edit has to have seen.
    pub revision: Revision,
    /// Its address, if one is set.
    pub address: Option<String>,
    /// The field that points are read from.
    pub points_field: Option<String>,
    /// The zone in force in the profile, by name.
    pub time_zone: Option<String>,
    /// What came of trying it out.
    #[serde(flatten)]
    pub trial: Trial,
}

impl App {
    /// The connection of a profile, and what came of trying it out.
    pub fn connection_page(&self, id: &ProfileId, trial: Trial) -> Result<ConnectionPage> {
        let reader = self.store.read()?;
        let trail = Trail::to(&*reader, id, None)?;
        let settings = lookup::profile(&*reader, id)?.settings;
        let revision = reader.revision_of(Record::Profile(id))?.unwrap_or_default();
        Ok(ConnectionPage {
            trail,
            revision,
            address: settings.base_url().map(str::to_owned),
            points_field: settings.points_field().map(str::to_owned),
            time_zone: self.zone_of(&settings),
            trial,
        })
    }

    /// The zone of the profile, or of the workspace where it has none.
    fn zone_of(&self, settings: &Settings) -> Option<String> {
        let own = ProfileSettings::read(settings).calendar.time_zone;
        let zone = own.map_or_else(|| self.zone().clone(), |Zone(zone)| zone);
        zone.iana_name().map(str::to_owned)
    }

    /// Tries the connection of a profile out, and a JQL unless it is empty. What goes wrong with
    /// Jira is part of the answer.
    pub fn try_connection(&self, id: &ProfileId, jql: &str) -> Result<Trial> {
        let points_field = lookup::profile(&*self.store.read()?, id)?.settings;
        let points_field = points_field.points_field().map(str::to_owned);
        let mut trial = Trial { is_asked: true, ..Trial::unasked(jql) };
        let tried = self.try_out(id, points_field.as_deref(), &mut trial);
        trial.obstacle = tried.err().map(|error| error.to_string());
        Ok(trial)
    }

    fn try_out(&self, id: &ProfileId, points_field: Option<&str>, trial: &mut Trial) -> Result<()> {
        let client = self.client(id)?;
        trial.greeting = Some(self.greeting(&client)?);
        if !trial.jql.is_empty() {
            trial.look = Some(look(&client, &trial.jql, LOOK_ISSUES, points_field)?);
        }
        let first = trial.look.as_ref().and_then(|look| look.issues.first());
        let project =
            first.and_then(|issue| issue.key.rsplit_once('-')).map(|(project, _)| project);
        trial.points = points_fields(&client, project)?;
        Ok(())
    }

    /// Asks the Jira of a profile who it is.
    pub fn greet(&self, id: &ProfileId) -> Result<Greeting> {
        self.greeting(&self.client(id)?)
    }

    /// Asks the Jira of a profile what `jql` finds, and for the first `limit` issues.
    pub fn look(&self, id: &ProfileId, jql: &str, limit: usize) -> Result<Look> {
        let settings = lookup::profile(&*self.store.read()?, id)?.settings;
        look(&self.client(id)?, jql, limit, settings.points_field())
    }

    /// The same connection without the page that a pasted address leads to, and over `https` where
    /// `http` was typed and the server answers there too. A login is not sent for that. An error where
    /// it does not, unless the draft allows it.
    pub fn secured_draft(&self, draft: &ConnectionDraft) -> Result<ConnectionDraft> {
        let draft = &ConnectionDraft {
            address: jira::address_of(&draft.address).unwrap_or_else(|| draft.address.clone()),
            auth: draft.auth_found(),
            ..draft.clone()
        };
        let settings = settings_draft(draft).connection()?;
        let address = settings.address();
        let is_public = settings.auth == Some(AuthKind::None);
        if is_public || !connection::is_readable_by_others(address) {
            return Ok(draft.clone());
        }
        let secure = address.replacen("http://", "https://", 1);
        let site = jira::Site { base_url: secure.clone(), login: jira::Login::None };
        match self.is_there(site) {
            true => Ok(ConnectionDraft { address: secure, ..draft.clone() }),
            false if draft.allows_http => Ok(draft.clone()),
            false => Err(Error::ReadableToken { address: address.to_owned() }),
        }
    }

    /// Asks a Jira who it is before anything is stored.
    pub fn greet_draft(&self, draft: &ConnectionDraft) -> Result<Greeting> {
        self.greeting(&self.connected(self.drafted_site(draft)?)?)
    }

    /// Asks a Jira for what a JQL finds before anything is stored; nothing is asked for an empty one.
    pub fn look_draft(&self, draft: &ConnectionDraft, jql: &str) -> Result<()> {
        if jql.is_empty() {
            return Ok(());
        }
        let client = self.connected(self.drafted_site(draft)?)?;
        look(&client, jql, 1, None).map(|_| ())
    }

    /// Makes a profile with that connection and stores the token; without a name it is called after
    /// the server. The Jira has to answer, else nothing is made.
    pub fn create_connected_profile(
        &self,
        name: &str,
        draft: &ConnectionDraft,
    ) -> Result<ProfileId> {
        let draft = &self.secured_draft(draft)?;
        let greeting = self.greet_draft(draft)?;
        let name =
            if name.trim().is_empty() { self.free_name(&greeting)? } else { name.to_owned() };
        let id = self.create_profile(&ProfileDraft { name, description: String::new() })?;
        let seen = self.profile_revision(&id)?;
        self.connect_profile(&id, draft, seen)?;
        self.take_first_settings(&id, &greeting)?;
        Ok(id)
    }

    /// What a new profile takes from its server: the zone in which Jira shows times, and the field of
    /// story points where there is only one. Sub-tasks and epics do not count beside what they are
    /// part of or hold, as in Jira's own reports.
    fn take_first_settings(&self, id: &ProfileId, greeting: &Greeting) -> Result<()> {
        let mut filled = greeting.points.iter().filter(|field| field.filled != Some(0));
        let first = filled.next().map(|field| field.field_id.clone());
        let only = first.filter(|_| filled.next().is_none());
        let off = || Some("off".to_owned());
        let zone = greeting.user_time_zone.clone().filter(|zone| zone.parse::<Zone>().is_ok());
        let values = [
            ("time-zone", zone),
            ("points-field", only),
            ("count-sub-tasks", off()),
            ("count-parents", off()),
        ];
        let values = values
            .into_iter()
            .filter_map(|(name, value)| Some((Setting::find(name)?, Change::Set(vec![value?]))));
        let draft = SettingsDraft { values: values.collect(), token: TokenChange::Keep };
        self.edit_settings(id, &draft, self.profile_revision(id)?).map(drop)
    }

    /// Gives a profile that connection and stores the token, if there is one. Whether it works is
    /// not asked. An error if the profile was written after the revision that was `seen`.
    pub fn connect_profile(
        &self,
        id: &ProfileId,
        draft: &ConnectionDraft,
        seen: Revision,
    ) -> Result<()> {
        self.edit_settings(id, &settings_draft(draft), seen).map(drop)
    }

    /// Takes a proposed points field, behind those that are set already. An error if the profile was
    /// written after the revision that was `seen`.
    pub fn accept_points_field(&self, id: &ProfileId, field: &str, seen: Revision) -> Result<()> {
        let Some(setting) = Setting::find("points-field") else { return Ok(()) };
        let draft = SettingsDraft::of(setting, Change::Add(vec![field.to_owned()]));
        self.edit_settings(id, &draft, seen).map(drop)
    }

    fn drafted_site(&self, draft: &ConnectionDraft) -> Result<jira::Site> {
        let settings = settings_draft(draft).connection()?;
        let token = draft.token.clone().or_else(|| self.context.access.token.clone());
        let connection = Connection::of(&settings, token.is_some())?;
        access::site(connection, token)
    }

    fn greeting(&self, client: &Client) -> Result<Greeting> {
        let server = client.server();
        let ahead = server.ahead_of(self.now()).map(|ahead| ahead.as_secs());
        let user = client.user();
        let mut greeting = Greeting {
            address: client.base_url().to_owned(),
            kind: match server.kind {
                jira::Kind::Cloud => "Jira Cloud",
                jira::Kind::Server => "Jira Server or Data Center",
            },
            version: server.version.clone(),
            title: server.title.clone(),
            user_time_zone: client.time_zone(),
            user: user.map(|user| user.name.clone()),
            clock_ahead_s: ahead,
            // What cannot be had is no reason not to connect.
            points: points_fields(client, None).unwrap_or_default(),
            remarks: Vec::new(),
        };
        greeting.remarks = remarks(&greeting);
        Ok(greeting)
    }

    /// A name after the server that no profile has.
    fn free_name(&self, greeting: &Greeting) -> Result<String> {
        let host = greeting.address.split("://").last().unwrap_or_default();
        let host = host.split(['/', ':']).next().unwrap_or_default();
        let wanted = if greeting.title.is_empty() || greeting.title == "Jira" {
            host
        } else {
            greeting.title.as_str()
        };
        let wanted: String = wanted.chars().filter(|c| !c.is_control()).take(60).collect();
        let taken = self.store.read()?.profiles()?;
        let is_taken = |name: &str| {
            taken.iter().any(|profile| model::name::fold(&profile.name) == model::name::fold(name))
        };
        let wanted = wanted.trim();
        Ok(model::name::numbered(if wanted.is_empty() { "Jira" } else { wanted }, is_taken))
    }
}

/// The draft of the settings that a connection is kept in.
fn settings_draft(draft: &ConnectionDraft) -> SettingsDraft {
    let is_basic = draft.auth == "basic";
    let email = if is_basic { draft.email.as_str() } else { "" };
    let line = |text: &str| {
        let text = text.trim();
        if text.is_empty() { Change::Unset } else { Change::Set(vec![text.to_owned()]) }
    };
    let wanted = [("server", &*draft.address), ("authentication", &*draft.auth), ("email", email)];
    let values =
        wanted.into_iter().filter_map(|(name, text)| Some((Setting::find(name)?, line(text))));
    let token = draft.token.clone().map_or(TokenChange::Keep, TokenChange::Set);
    let token = token.allowing_http(draft.allows_http);
    SettingsDraft { values: values.collect(), token }
}

/// What deserves attention about a Jira.
fn remarks(greeting: &Greeting) -> Vec<String> {
    let mut remarks = Vec::new();
    if let Some(ahead_s) = greeting.clock_ahead_s.filter(|s| s.abs() > CLOCK_DIFFERENCE_S_MAX) {
        let way = if ahead_s > 0 { "ahead of" } else { "behind" };
        let length = sync::rough(ahead_s.abs());
        remarks.push(format!(
            "The clock of Jira is {length} {way} that of this machine; check the time of this machine."
        ));
    }
    if greeting.user.is_none() {
        remarks.push("Nobody is logged in, so only public issues are found.".to_owned());
    }
    if let [_, _, ..] = &*greeting.points {
        let named = greeting.points.iter();
        let named: Vec<String> =
            named.map(|field| format!("{} ({})", field.name, field.field_id)).collect();
        remarks.push(format!("Several fields may hold story points: {}.", named.join(", ")));
    }
    if connection::is_readable_by_others(&greeting.address) && greeting.user.is_some() {
        remarks.push(
            "The address begins with http: whoever is on the way can read the token.".to_owned(),
        );
    }
    remarks
}

fn look(client: &Client, jql: &str, limit: usize, points: Option<&str>) -> Result<Look> {
    let check = client.check_jql(jql, limit.min(LOOK_ISSUES_MAX))?;
    let (mut statuses, mut types) = (Tally::default(), Tally::default());
    for issue in &check.samples {
        statuses.add(Some(&issue.status), issue.category.as_deref());
        types.add(Some(&issue.issue_type), None);
    }
    let mut remarks = check.warnings;
    if check.may_be_hidden {
        remarks.push(
            "Nobody is logged in; there may be issues that only people who are see.".to_owned(),
        );
    } else if check.count == Some(0) {
        remarks.push(
            "It finds nothing; check it in Jira's own search, with the login that is used here."
                .to_owned(),
        );
    }
    let points = points.into_iter().flat_map(settings::points_fields::split);
    let points: Vec<String> = points.map(str::to_owned).collect();
    if !points.is_empty() {
        for field in client.absent_fields(jql, &points, LOOK_ISSUES_MAX)? {
            remarks.push(format!(
                "None of these issues has the field of story points ({field}): it is on no screen of \
                 theirs, or hidden from this login. Choose another one in the settings of the profile."
            ));
        }
    }
    Ok(Look {
        jql: jql.to_owned(),
        count: check.count,
        is_exact: check.is_exact,
        issues: check.samples,
        statuses: statuses.into_shares(),
        types: types.into_shares(),
        remarks,
    })
}

#[cfg(test)]
mod tests;
