//! A query that suddenly finds far fewer issues: did they leave it, or does this login no longer see
//! them?

use std::collections::{HashMap, HashSet};

use model::json::Kind;
use model::remote::Stub;
use model::{QueryKey, Tape};
use store::Reader;

use crate::Sync;
use crate::compare::Stored;
use crate::error::Result;

/// So many have to be missing, and this share of those that were found last, for a loss to be large.
const LOSS_MIN: usize = 10;
const LOSS_SHARE_MIN: f64 = 1.0 / 3.0;
/// How many of the missing are asked for among what the query finds.
const DOUBTED_MAX: usize = 1_000;
/// How many of the missing are asked for.
const ASKED_MAX: usize = 20;

/// Whether what is stored came from another Jira: from another address, and what has the same key there
/// has another id. A Jira that only moved to a new address has the same ids.
pub(crate) fn is_of_another_jira(sync: &Sync<'_>, stored: &Stored, found: &[Stub]) -> Result<bool> {
    if !sync.ask.has_moved {
        return Ok(false);
    }
    let both = found.iter().filter(|stub| stored.contains(&stub.key)).take(DOUBTED_MAX);
    let both: Vec<&Stub> = both.collect();
    let keys: Vec<&str> = both.iter().map(|stub| stub.key.as_str()).collect();
    let ids = ids_of(&*sync.workspace.store.read()?, &sync.ask.query.key, &keys)?;
    let is_same = |stub: &&&Stub| ids.get(&stub.key) == Some(&stub.id);
    Ok(!both.is_empty() && both.iter().filter(is_same).count() * 2 <= both.len())
}

/// How many issues this login no longer sees; 0 if what is missing left the query.
pub(crate) fn unseen(sync: &Sync<'_>, stored: &Stored, found: &[Stub]) -> Result<usize> {
    let ask = &sync.ask;
    let missing = stored.missing_from(found);
    let is_large = missing.len() >= LOSS_MIN
        && missing.len() as f64 > LOSS_SHARE_MIN * stored.found_count() as f64;
    // A query that was edited is meant to find others.
    if !is_large || !ask.is_same_query || ask.accepts_loss {
        return Ok(0);
    }
    let step = missing.len().div_ceil(ASKED_MAX);
    let sample: Vec<&str> = missing.iter().copied().step_by(step).collect();
    let reader = sync.workspace.store.read()?;
    let ids = ids_of(&*reader, &ask.query.key, &sample)?;
    let asked: Vec<&str> = sample.iter().filter_map(|key| Some(ids.get(*key)?.as_str())).collect();
    if asked.is_empty() {
        return Ok(0);
    }
    let batch = sync.remote.fetch(&asked, &["summary".to_owned()])?;
    let is_seen = batch.issues.len() * 2 > asked.len();
    Ok(if is_seen { 0 } else { missing.len() })
}

/// How many issues the walk passed over though the query finds them: asked by their ids, those that are
/// missing from what was `found` have to be missing again. A list that lies must take nothing away.
pub(crate) fn passed_over(sync: &Sync<'_>, stored: &Stored, found: &[Stub]) -> Result<usize> {
    let (ask, missing) = (&sync.ask, stored.missing_from(found));
    if missing.is_empty() || ask.is_of_another_jira {
        return Ok(0);
    }
    let step = missing.len().div_ceil(DOUBTED_MAX);
    let sample: Vec<&str> = missing.iter().copied().step_by(step).collect();
    let ids = ids_of(&*sync.workspace.store.read()?, &ask.query.key, &sample)?;
    let named: HashSet<&str> = found.iter().map(|stub| stub.id.as_str()).collect();
    let doubted: Vec<&str> =
        ids.values().map(String::as_str).filter(|id| !named.contains(id)).collect();
    if doubted.is_empty() {
        return Ok(0);
    }
    let again = sync.remote.find_among(&ask.query.jql, &doubted)?;
    let doubted: HashSet<&str> = doubted.into_iter().collect();
    Ok(again.iter().filter(|stub| doubted.contains(stub.id.as_str())).count())
}

/// Jira's ids of stored issues, by key.
pub(crate) fn ids_of(
    reader: &dyn Reader,
    query: &QueryKey,
    keys: &[&str],
) -> Result<HashMap<String, String>> {
    let mut tape = Tape::new();
    let mut ids = HashMap::new();
    for issue in reader.issues(query, keys)? {
        let Ok(document) = tape.parse(issue.document.as_str()) else { continue };
        let id = document.get("id").and_then(|id| match id.kind() {
            Kind::Number => Some(id.raw().to_owned()),
            _ => id.as_text().map(|id| id.into_owned()),
        });
        ids.extend(id.map(|id| (issue.key, id)));
    }
    Ok(ids)
}
