//! The client: what a Jira is asked through.

use std::sync::Arc;

use model::json::Value;
use model::remote::{self, Batch, Label, Patience, Remote, Traffic, Visit};

use crate::discovery::discover;
use crate::error::{Error, Result};
use crate::field::standard_fields;
use crate::http::Request;
use crate::line::Line;
use crate::login::{Login, Manner, Site};
use crate::metadata::{IssueType, Named, Person, Status};
use crate::server::{Kind, Server, meet};
use crate::{fetch, sweep};

/// A connection to one Jira. Calls are safe from several threads at once.
pub struct Client {
    line: Line,
    server: Server,
    user: Option<Person>,
}

impl Client {
    /// Asks the server who it is and whether it knows us.
    pub fn connect(site: Site, manner: &Manner, patience: Arc<dyn Patience>) -> Result<Self> {
        let mut line = Line::new(site, manner, patience)?;
        let server = meet(&mut line)?;
        let mut client = Self { line, server, user: None };
        // Other answers would hide a wrong login: they come as if nobody had logged in.
        if !client.is_anonymous() {
            let Person { name, time_zone } = client.myself()?;
            // A server may send back what it was sent.
            let hide = |text: &str| client.line.login.hide_in(text);
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

    /// Whether nobody is logged in, so that only public issues are found.
    pub fn is_anonymous(&self) -> bool {
        self.line.login == Login::None
    }

    /// Address of the Jira, which may differ from the one given by a redirect on the same host.
    pub fn base_url(&self) -> &str {
        &self.line.address.base
    }

    pub(crate) fn host(&self) -> String {
        self.line.address.host.clone()
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
        self.line.ask(request, read)
    }
}

impl Client {
    /// See [`Remote::sweep`].
    pub fn sweep(&self, jql: &str, visit: &mut Visit<'_>) -> Result<()> {
        sweep::sweep(self, jql, visit)
    }

    /// See [`Remote::fetch`].
    pub fn fetch(&self, ids: &[&str], fields: &[String]) -> Result<Batch> {
        fetch::fetch(self, ids, fields)
    }

    /// See [`Remote::special_fields`].
    pub fn special_fields(&self) -> Result<Vec<String>> {
        let found = discover(&where_visible(self.fields())?, &[]);
        // Of points there may be several; all are fetched, so that the choice can change later.
        let certain = [found.sprint, found.epic_link, found.flagged];
        let certain = certain.into_iter().filter_map(|candidates| candidates.into_iter().next());
        Ok(found.points.into_iter().chain(certain).map(|candidate| candidate.field_id).collect())
    }

    /// See [`Remote::labels`].
    pub fn labels(&self) -> Result<Vec<Label>> {
        let mut labels = Vec::new();
        for status in where_visible(self.statuses())? {
            let Status { id, name, category, .. } = status;
            labels.push(Label { field: "status", id, name, category });
        }
        for IssueType { id, name, .. } in where_visible(self.issue_types())? {
            labels.push(Label { field: "issuetype", id, name, category: None });
        }
        for (field, all) in [("priority", self.priorities()), ("resolution", self.resolutions())] {
            let label = |Named { id, name }| Label { field, id, name, category: None };
            labels.extend(where_visible(all)?.into_iter().map(label));
        }
        Ok(labels)
    }

    /// What went over the wire so far.
    pub fn traffic(&self) -> Traffic {
        self.line.traffic()
    }
}

impl Remote for Client {
    fn sweep(&self, filter: &str, visit: &mut Visit<'_>) -> remote::Result<()> {
        Ok(self.sweep(filter, visit)?)
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

    fn special_fields(&self) -> remote::Result<Vec<String>> {
        Ok(self.special_fields()?)
    }

    fn labels(&self) -> remote::Result<Vec<Label>> {
        Ok(self.labels()?)
    }

    fn traffic(&self) -> Traffic {
        self.traffic()
    }
}

/// A list that this login may not see has nothing to say.
fn where_visible<T>(list: Result<Vec<T>>) -> Result<Vec<T>> {
    match list {
        Err(Error::NotFound { .. } | Error::Forbidden { .. }) => Ok(Vec::new()),
        other => other,
    }
}
