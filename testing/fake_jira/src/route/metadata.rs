//! What there is beside issues: the server, the user, and the lists.

use serde_json::{Value, json};

use super::{Answer, Call, Viewer};
use crate::catalog::{CATEGORIES, category};
use crate::moment;
use crate::reply::Reply;

impl Call<'_> {
    pub(super) fn server_info(&self) -> Reply {
        let (version, numbers, kind) = match self.is_cloud() {
            true => ("1001.0.0-SNAPSHOT", [1001, 0, 0], "Cloud"),
            false => ("10.3.13", [10, 3, 13], "Server"),
        };
        let now = moment::write(self.world.now(), self.world.zone());
        Reply::value(&json!({
            "baseUrl": self.url,
            "version": version,
            "versionNumbers": numbers,
            "deploymentType": kind,
            "buildNumber": 100_300,
            "buildDate": "2025-11-03T00:00:00.000+0000",
            "serverTime": now,
            "scmInfo": "0000000000000000000000000000000000000000",
            "serverTitle": "Fake Jira",
        }))
    }

    /// Always needs a login, where there are logins at all.
    pub(super) fn myself(&self, viewer: Viewer) -> Answer {
        let has_login = self.request.header("authorization").is_some();
        if viewer == Viewer::Stranger || !has_login {
            return Err(self.unauthorized());
        }
        let zone = self.world.zone().iana_name().unwrap_or("Etc/UTC");
        Ok(Reply::value(&match self.is_cloud() {
            true => json!({
                "accountId": "5b10a2844c20165700ede21g", "accountType": "atlassian",
                "displayName": "Ada Example", "active": true, "timeZone": zone, "locale": "en_US",
            }),
            false => json!({
                "name": "ada", "key": "JIRAUSER10000", "displayName": "Ada Example",
                "emailAddress": "ada@example.org", "active": true, "timeZone": zone,
                "locale": "en_US",
            }),
        }))
    }

    /// The id of the site, which Cloud tells everybody.
    pub(super) fn tenant_info(&self) -> Reply {
        Reply::value(&json!({ "cloudId": "11111111-2222-3333-4444-555555555555" }))
    }

    /// A list in pages of fifty, as Cloud has it in place of the plain one.
    pub(super) fn paged_list(&self, name: &str) -> Answer {
        let ask = super::ask::Ask::read(self.request, self.kind)?;
        let catalog = &self.world.catalog;
        let list = if name == "priority" { &catalog.priorities } else { &catalog.resolutions };
        let all: Vec<Value> = serde_json::from_str(&list.to_text()).unwrap_or_default();
        let size = ask.size(50, 50);
        let values: Vec<&Value> = all.iter().skip(ask.start_at).take(size).collect();
        let is_last = ask.start_at + values.len() >= all.len();
        Ok(Reply::value(&json!({
            "maxResults": size, "startAt": ask.start_at, "total": all.len(), "isLast": is_last,
            "values": values,
        })))
    }

    /// One of the plain lists; `None` if there is none of that name.
    pub(super) fn list(&self, name: &str) -> Option<Reply> {
        let catalog = &self.world.catalog;
        let list = match name {
            "field" => &catalog.fields,
            "status" => &catalog.statuses,
            "issuetype" => &catalog.issue_types,
            "priority" => &catalog.priorities,
            "resolution" => &catalog.resolutions,
            "statuscategory" => {
                let all = CATEGORIES.iter().map(|(_, key, _, _)| category(key)).collect();
                return Some(Reply::value(&Value::Array(all)));
            }
            _ => return None,
        };
        Some(Reply::json(list.to_text()))
    }
}
