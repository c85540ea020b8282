//! The client: what a Jira is asked through.

use std::sync::Arc;

use model::json::Value;

use crate::error::Result;
use crate::http::Request;
use crate::line::Line;
use crate::login::{Login, Manner, Site};
use crate::metadata::Person;
use crate::patience::Patience;
use crate::remote::{Batch, Page, Remote};
use crate::server::{Kind, Server, meet};
use crate::traffic::Traffic;
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
            client.user = Some(client.myself()?);
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

impl Remote for Client {
    fn sweep(&self, jql: &str, visit: &mut dyn FnMut(Page) -> Result<()>) -> Result<()> {
        sweep::sweep(self, jql, visit)
    }

    fn fetch_ids_max(&self) -> usize {
        fetch::IDS_MAX
    }

    fn fetch(&self, ids: &[&str], fields: &[String]) -> Result<Batch> {
        fetch::fetch(self, ids, fields)
    }

    fn traffic(&self) -> Traffic {
        self.line.traffic()
    }
}
