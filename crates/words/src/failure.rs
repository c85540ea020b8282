//! What went wrong, with what can be done.

use app::workspace::Remark;
use model::Remedy;

use crate::{Front, remedy};

/// What happened, and what can be done where the message does not say it.
pub fn failure(message: &str, what: Option<Remedy>, front: Front) -> String {
    match what {
        None => message.to_owned(),
        Some(what) => format!("{message}. {}", remedy(what, front)),
    }
}

/// What the owner of a workspace has to know, as a sentence and its remedy.
pub fn remark(remark: &Remark, front: Front) -> String {
    let (message, what) = match remark {
        Remark::Damaged { what, remedy } => (what.clone(), remedy),
        Remark::RollbackBrokenOff => {
            return "a rollback was broken off and part of it is done; “burndown rollback” takes \
                    that back and begins anew"
                .to_owned();
        }
        Remark::RolledBack { remedy } => {
            let message = "this is the old app's data after a rollback: whatever is changed here is \
                           changed in the old app's own files";
            (message.to_owned(), remedy)
        }
        Remark::OldFilesChanged { what, remedy } => (
            format!(
                "files of the old app changed after the migration ({what}) and were not merged"
            ),
            remedy,
        ),
    };
    failure(&message, Some(*what), front)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_names_ways_back() {
        for front in [Front::Page, Front::Terminal] {
            let what = Some(Remedy::RestoreBackup);
            let said = failure("w is damaged: x. It was left as it is", what, front);
            assert!(said.contains("“burndown restore”"), "{said}");
            assert!(said.contains("“burndown doctor --repair”"), "{said}");
        }
        assert_eq!(failure("it failed", None, Front::Page), "it failed");
    }

    #[test]
    fn remedies_of_a_server_name_nothing_that_is_for_files() {
        for what in [Remedy::RestoreDump, Remedy::GrantRights, Remedy::ChooseOtherDatabase] {
            for front in [Front::Page, Front::Terminal] {
                let said = remedy(what, front);
                let of_files = ["burndown restore", "--repair", "--workspace", "folder", "backup"];
                assert!(of_files.iter().all(|name| !said.contains(name)), "{said}");
            }
        }
    }

    #[test]
    fn only_remedies_of_migrated_workspaces_name_the_old_app() {
        let of_migrated = [
            Remedy::MigrateAgain,
            Remedy::MigrateAfterRollback,
            Remedy::TakeChangedFiles,
            Remedy::SeeSourceFiles,
        ];
        for what in Remedy::ALL.into_iter().filter(|what| !of_migrated.contains(what)) {
            for front in [Front::Page, Front::Terminal] {
                let said = remedy(what, front);
                let names = ["old app", "old files", "--again", "rollback", "migrated"];
                assert!(names.iter().all(|name| !said.contains(name)), "{said}");
            }
        }
    }
}
