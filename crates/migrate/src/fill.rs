//! Files in the old app's layout into a store, without backup and proof: for exports of the old app,
//! which stay where they are.

use std::path::Path;

use model::{ProfileId, TimeZone};
use store::Writer;
use store::legacy::FindingKind;

use crate::build::build;
use crate::error::Result;
use crate::folder::Folder;
use crate::plan::plan;
use crate::quarantine::Quarantine;
use crate::report::FindingReport;

/// What was noticed while files were read.
#[derive(Debug, Clone, Default)]
pub struct Filled {
    /// Profiles whose files held a token, which was not put into the store.
    pub with_token: Vec<ProfileId>,
    /// What was odd, by kind; examples begin with the name of the file.
    pub findings: Vec<(FindingKind, FindingReport)>,
}

/// Puts all that the files of `source` say into an open transaction. Records that cannot be carried
/// are kept below `source`.
pub fn fill(source: &Path, zone: &TimeZone, writer: &mut dyn Writer) -> Result<Filled> {
    let folder = Folder::new(source);
    let mut plan = plan(&folder, zone)?;
    let mut quarantine = Quarantine::new(source);
    build(&mut plan, &folder, zone, writer, &mut quarantine, &mut |_| {})?;
    let kind = |report: FindingReport| Some((FindingKind::parse(&report.code)?, report));
    Ok(Filled {
        with_token: plan.tokens.into_iter().map(|(profile, _)| profile).collect(),
        findings: plan.ledger.all_findings().report().into_iter().filter_map(kind).collect(),
    })
}
