//! The client: what a Jira is asked through.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use model::TypePlace;
use model::json::Value;
use model::remote::{
    self, Batch, Label, Labels, Patience, Remote, SpecialFields, Stub, Traffic, Visit,
};

use crate::discovery::discover;
use crate::error::{Error, Result};
use crate::field::standard_fields;
use crate::http::Request;
use crate::login::{Login, Site};
use crate::metadata::{IssueType, Named, Person, Status, text};
use crate::options::ClientOptions;
use crate::retry::RetryingClient;
use crate::server::{Kind, Server, meet};
use crate::{among, fetch, sweep};

/// A connection to one Jira. Calls are safe from several threads at once.
pub struct Client {
    http: RetryingClient,
    server: Server,
    user: Option<Person>,
    /// Whether something in between lets no POST through.
    gets_only: AtomicBool,
    refused: Mutex<Vec<String>>,
}

impl Client {
    /// Asks the server who it is and whether it knows us.
    pub fn connect(
        site: Site,
        options: &ClientOptions,
        patience: Arc<dyn Patience>,
    ) -> Result<Self> {
        let mut http = RetryingClient::new(site, options, patience)?;
        let server = meet(&mut http)?;
        let mut client = Self {
            http,
            server,
            user: None,
            gets_only: AtomicBool::new(false),
            refused: Mutex::new(Vec::new()),
        };
        // Other answers would hide a wrong login: they come as if nobody had logged in.
        if !client.is_anonymous() {
            let met = client.myself().map_err(|error| client.in_other_words(error, options));
            let Person { name, time_zone } = met?;
            // A server may send back what it was sent.
            let hide = |text: &str| client.http.login.hide_in(text);
            client.user =
                Some(Person { name: hide(&name), time_zone: time_zone.as_deref().map(hide) });
        }
        Ok(client)
    }

    /// What the server told of itself.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Who is logged in.
    pub fn user(&self) -> Option<&Person> {
        self.user.as_ref()
    }

    /// The zone in which Jira shows times to whoever asks; `None` where it does not say. Some servers
    /// tell strangers, too.
    pub fn time_zone(&self) -> Option<String> {
        match &self.user {
            Some(user) => user.time_zone.clone(),
            None => self.myself().ok()?.time_zone,
        }
    }

    /// Whether nobody is logged in, so that only public issues are found.
    pub fn is_anonymous(&self) -> bool {
        self.http.login == Login::None
    }

    /// Address of the Jira, which may differ from the one given by a redirect on the same host.
    pub fn base_url(&self) -> &str {
        &self.http.address.base
    }

    pub(crate) fn host(&self) -> String {
        self.http.address.host.clone()
    }

    /// Version of the interface, as it stands in its paths.
    pub(crate) fn api(&self) -> u32 {
        match self.server.kind {
            Kind::Cloud => 3,
            Kind::Server => 2,
        }
    }

    pub(crate) fn ask<T>(
        &self,
        request: &Request,
        read: impl Fn(Value<'_>) -> std::result::Result<T, &'static str>,
    ) -> Result<T> {
        let get = if request.body.is_some() { request.as_get() } else { None };
        let Some(get) = get else { return self.http.ask(request, read) };
        if self.gets_only.load(Ordering::Relaxed) {
            return self.http.ask(&get, read);
        }
        match self.http.ask(request, &read) {
            Err(error) if error.is_about_method() => {
                let answer = self.http.ask(&get, read)?;
                self.gets_only.store(true, Ordering::Relaxed);
                Ok(answer)
            }
            other => other,
        }
    }

    /// A token with scopes is refused by the site itself: then the gateway is named, whose address
    /// holds the id of the site, which the site tells everybody.
    fn in_other_words(&self, error: Error, options: &ClientOptions) -> Error {
        let Error::Login { host, said, .. } = &error else { return error };
        let is_token = matches!(self.http.login, Login::Basic { .. });
        if self.server.kind != Kind::Cloud || !is_token || host.starts_with(GATEWAY_HOST) {
            return error;
        }
        match self.cloud_id(options) {
            Some(id) => Error::ScopedToken {
                host: host.clone(),
                said: said.clone(),
                gateway: format!("https://{GATEWAY_HOST}/ex/jira/{id}"),
            },
            None => error,
        }
    }

    /// The id of a site of Jira Cloud; asked without the login.
    fn cloud_id(&self, options: &ClientOptions) -> Option<String> {
        let site = Site { base_url: self.base_url().to_owned(), login: Login::None };
        let options = ClientOptions { tries_max: 1, ..options.clone() };
        let http = RetryingClient::new(site, &options, self.http.patience()).ok()?;
        let request = Request::get("/_edge/tenant_info");
        let id = http.ask(&request, |told| Ok(text(told, "cloudId"))).ok()??;
        let is_id = (1..=64).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        is_id.then_some(id)
    }
}

/// Where tokens with scopes work.
const GATEWAY_HOST: &str = "api.atlassian.com";

impl Client {
    /// See [`Remote::sweep`].
    pub fn sweep(&self, jql: &str, visit: &mut Visit<'_>) -> Result<()> {
        sweep::sweep(self, jql, visit)
    }

    /// See [`Remote::find_among`].
    pub fn find_among(&self, jql: &str, ids: &[&str]) -> Result<Vec<Stub>> {
        among::find_among(self, jql, ids)
    }

    /// See [`Remote::fetch`].
    pub fn fetch(&self, ids: &[&str], fields: &[String]) -> Result<Batch> {
        fetch::fetch(self, ids, fields)
    }

    /// See [`Remote::special_fields`].
    pub fn special_fields(&self) -> Result<Option<SpecialFields>> {
        let Some(fields) = self.unless_refused(self.fields())? else { return Ok(None) };
        let found = discover(&fields, &[]);
        let epic_name = found.epic_name.first().map(|candidate| candidate.field_id.clone());
        // Of points there may be several; all are fetched, so that the choice can change later.
        let certain = [found.sprint, found.epic_link, found.epic_name, found.flagged];
        let certain = certain.into_iter().filter_map(|candidates| candidates.into_iter().next());
        let all = found.points.into_iter().chain(certain);
        let ids = all.map(|candidate| candidate.field_id).collect();
        Ok(Some(SpecialFields { ids, epic_name }))
    }

    /// See [`Remote::labels`].
    pub fn labels(&self) -> Result<Labels> {
        let mut labels = Labels::default();
        let label = |field, Named { id, name }: Named| Label {
            field,
            id,
            name,
            category: None,
            untranslated_name: None,
            type_place: TypePlace::default(),
            project: None,
        };
        let mut projects = HashMap::new();
        for status in self.listed(self.statuses(), &mut labels)? {
            let Status { id, name, category, untranslated_name, project_id } = status;
            let project = project_id.map(|id| self.project_of(id, &mut projects)).transpose()?;
            let named = label("status", Named { id, name });
            labels.told.push(Label { category, untranslated_name, project, ..named });
        }
        for IssueType { id, name, place, .. } in self.listed(self.issue_types(), &mut labels)? {
            let named = label("issuetype", Named { id, name });
            labels.told.push(Label { type_place: place, ..named });
        }
        for field in ["priority", "resolution"] {
            let all = self.listed(self.named_list(field), &mut labels)?;
            labels.told.extend(all.into_iter().map(|named| label(field, named)));
        }
        Ok(labels)
    }

    /// The key of a project, its id where the key cannot be had. Team-managed projects have statuses
    /// of their own, which name the project by its id; issues name it by its key.
    fn project_of(&self, id: String, known: &mut HashMap<String, String>) -> Result<String> {
        /// More are not asked for: each takes a request.
        const PROJECTS_MAX: usize = 50;
        if let Some(key) = known.get(&id) {
            return Ok(key.clone());
        }
        let key = if known.len() < PROJECTS_MAX { self.project_key(&id)? } else { None };
        let key = key.unwrap_or_else(|| id.clone());
        known.insert(id, key.clone());
        Ok(key)
    }

    /// A list; none if it is refused or broken, which ends nothing: it only tells what was renamed or helps
    /// to guess.
    fn unless_refused<T>(&self, list: Result<Vec<T>>) -> Result<Option<Vec<T>>> {
        match list {
            Ok(list) => Ok(Some(list)),
            Err(error) if error.is_of_one_call() => {
                self.note_refused(&error);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The same of what things are called. One that is refused for good never had anything to say; one
    /// that is broken now would have told what was renamed.
    fn listed<T>(&self, list: Result<Vec<T>>, labels: &mut Labels) -> Result<Vec<T>> {
        labels.is_broken |= list.as_ref().is_err_and(|error| !error.is_lasting());
        Ok(self.unless_refused(list)?.unwrap_or_default())
    }

    /// Keeps what the server would not tell, for whoever reads how the sync went.
    pub(crate) fn note_refused(&self, error: &Error) {
        /// More are not kept: each is a sentence of the server's.
        const REFUSED_MAX: usize = 20;
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let said = error.to_string();
        if refused.len() < REFUSED_MAX && !refused.contains(&said) {
            refused.push(said);
        }
    }

    /// See [`Remote::refused`].
    pub fn refused(&self) -> Vec<String> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What went over the wire so far.
    pub fn traffic(&self) -> Traffic {
        self.http.traffic()
    }
}

impl Remote for Client {
    fn sweep(&self, filter: &str, visit: &mut Visit<'_>) -> remote::Result<()> {
        Ok(self.sweep(filter, visit)?)
    }

    fn find_among(&self, filter: &str, ids: &[&str]) -> remote::Result<Vec<Stub>> {
        Ok(self.find_among(filter, ids)?)
    }

    fn fetch_ids_max(&self) -> usize {
        fetch::IDS_MAX
    }

    fn fetch(&self, ids: &[&str], fields: &[String]) -> remote::Result<Batch> {
        Ok(self.fetch(ids, fields)?)
    }

    fn standard_fields(&self) -> Vec<String> {
        standard_fields(&[])
    }

    fn special_fields(&self) -> remote::Result<Option<SpecialFields>> {
        Ok(self.special_fields()?)
    }

    fn labels(&self) -> remote::Result<Labels> {
        Ok(self.labels()?)
    }

    fn user_zone(&self) -> Option<String> {
        self.user()?.time_zone.clone()
    }

    fn refused(&self) -> Vec<String> {
        self.refused()
    }

    fn status_order(&self, projects: &[&str]) -> remote::Result<Vec<String>> {
        Ok(self.status_order(projects)?)
    }

    fn traffic(&self) -> Traffic {
        self.traffic()
    }
}
