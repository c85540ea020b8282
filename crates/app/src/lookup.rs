//! What has to be there: an error that names it where it is not.

use model::{Profile, ProfileId, Query, QueryKey, QuerySummary};
use store::{Error, Reader};

use crate::error::Result;

/// A profile; an error if it is not there.
pub(crate) fn profile(reader: &dyn Reader, id: &ProfileId) -> Result<Profile> {
    Ok(reader.profile(id)?.ok_or_else(|| Error::ProfileNotFound(id.clone()))?)
}

/// A query; an error if it is not there.
pub(crate) fn query(reader: &dyn Reader, key: &QueryKey) -> Result<Query> {
    Ok(reader.query(key)?.ok_or_else(|| Error::QueryNotFound(key.clone()))?)
}

/// What is stored of a query; an error if it is not there.
pub(crate) fn summary(reader: &dyn Reader, key: &QueryKey) -> Result<QuerySummary> {
    let found = reader.queries(&key.profile)?.into_iter().find(|query| query.key == *key);
    Ok(found.ok_or_else(|| Error::QueryNotFound(key.clone()))?)
}
