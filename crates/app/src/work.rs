//! What the work of a query is: that of a team, or a delivery, which has an end. It is proposed from
//! the JQL and can be said.

use model::{Query, QueryKey, WorkKind};
use serde::Serialize;

use crate::App;
use crate::error::Result;
use crate::jql;
use crate::lookup;

/// What the work of a query is taken to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Work {
    /// What it is.
    pub kind: WorkKind,
    /// Whether somebody said so, rather than the JQL looks like it.
    pub is_said: bool,
}

impl Work {
    pub(crate) fn of(query: &Query) -> Work {
        let proposed =
            if jql::has_an_end(&query.jql) { WorkKind::Delivery } else { WorkKind::Team };
        Work { kind: query.work().unwrap_or(proposed), is_said: query.work().is_some() }
    }
}

impl App {
    /// Says what the work of a query is; an error if it is not there.
    pub fn set_work(&self, key: &QueryKey, kind: WorkKind) -> Result<()> {
        let mut writer = self.store.write()?;
        let mut query = lookup::query(&*writer, key)?;
        query.set_work(kind);
        writer.put_query(&query)?;
        Ok(writer.commit()?)
    }
}

#[cfg(test)]
mod tests;
