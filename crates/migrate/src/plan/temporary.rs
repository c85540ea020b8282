//! Temporary files that a crash of the old app left behind: sometimes the only copy there is.

use store::legacy::{Finding, FindingKind};

use super::Planner;
use crate::error::Result;
use crate::folder::Kind;
use crate::read::{Loaded, State, load_object};

impl Planner<'_> {
    /// Loads `folder/name`, or the best left-over temporary file of it if the real one is missing
    /// or damaged. Gives the path that was taken.
    pub(super) fn load_or_temporary(
        &mut self,
        folder: &str,
        name: &str,
    ) -> Result<(String, Loaded)> {
        let path = format!("{folder}/{name}");
        let loaded = load_object(self.folder, &path)?;
        let temporary = self.temporaries(folder, name)?;
        if loaded.state == State::Whole {
            self.pass_over(&temporary);
            return Ok((path, loaded));
        }
        for candidate in &temporary {
            let substitute = load_object(self.folder, candidate)?;
            if substitute.state == State::Whole && !substitute.object.is_empty() {
                self.ledger.find(&path, &loaded.findings);
                let note = format!("{name} is missing or damaged; this left-over copy was taken");
                let finding = Finding::new("", FindingKind::TemporaryTaken, note);
                self.ledger.find(candidate, std::slice::from_ref(&finding));
                return Ok((candidate.clone(), substitute));
            }
        }
        Ok((path, loaded))
    }

    /// The record file to read: the real one, or a left-over one where that is missing or broken.
    pub(super) fn record_file(&mut self, folder: &str, name: &str) -> Result<Option<String>> {
        let path = format!("{folder}/{name}");
        let temporary = self.temporaries(folder, name)?;
        let kind = self.folder.kind(&path)?;
        // Only then is the cost of reading the real one twice worth it.
        if !temporary.is_empty() && load_object(self.folder, &path)?.state != State::Whole {
            for candidate in &temporary {
                if load_object(self.folder, candidate)?.state == State::Whole {
                    let note =
                        format!("{name} is missing or damaged; this left-over copy was taken");
                    let finding = Finding::new("", FindingKind::TemporaryTaken, note);
                    self.ledger.find(candidate, &[finding]);
                    return Ok(Some(candidate.clone()));
                }
            }
        }
        self.pass_over(&temporary);
        Ok((kind != Kind::Absent).then_some(path))
    }

    fn pass_over(&mut self, temporary: &[String]) {
        for path in temporary {
            let note = "a left-over of a crash; the real file is good";
            self.ledger.find(path, &[Finding::new("", FindingKind::StaleTemporary, note)]);
        }
    }

    /// Left-over temporary files of `name`, the largest first.
    fn temporaries(&self, folder: &str, name: &str) -> Result<Vec<String>> {
        let stem = name.strip_suffix(".json").unwrap_or(name);
        let mut found = Vec::new();
        for entry in self.folder.list(folder)? {
            let Kind::File { bytes, .. } = entry.kind else { continue };
            let file = entry.path.rsplit('/').next().unwrap_or_default();
            let random = file
                .strip_prefix(stem)
                .and_then(|rest| rest.strip_prefix('_'))
                .is_some_and(|rest| {
                    let random = rest.strip_suffix(".tmp").or_else(|| rest.strip_suffix(".json"));
                    random.is_some_and(|random| random.len() == 8)
                });
            if file == format!("{name}.tmp") || file == format!("{stem}.tmp") || random {
                found.push((bytes, entry.path));
            }
        }
        found.sort_by(|a, b| b.cmp(a));
        Ok(found.into_iter().map(|(_, path)| path).collect())
    }
}
