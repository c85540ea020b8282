//! What went wrong, with what can be done.

use app::workspace::Remark;
use model::Remedy;

use crate::{Front, remedy};

/// What happened, and what can be done where the message does not say it. What helps against damage
/// depends on whether there are old files to go back to.
pub fn failure(message: &str, what: Option<Remedy>, was_migrated: bool, front: Front) -> String {
    match what {
        None => message.to_owned(),
        Some(Remedy::RestoreCopy) => {
            format!("{message}. {}", remedy(Remedy::of_damage(was_migrated), front))
        }
        Some(what) => format!("{message}. {}", remedy(what, front)),
    }
}

/// What the owner of a workspace has to know, as a sentence and its remedy.
pub fn remark(remark: &Remark, front: Front) -> String {
    let (message, what) = match remark {
        Remark::Damaged { what, remedy } => (what.clone(), remedy),
        Remark::RolledBack { remedy } => {
            ("this is the old app's data after a rollback".to_owned(), remedy)
        }
        Remark::OldFilesChanged { what, remedy } => (
            format!(
                "files of the old app changed after the migration ({what}) and were not merged"
            ),
            remedy,
        ),
    };
    failure(&message, Some(*what), *what == Remedy::GoBackToOldFiles, front)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What only the old app or its files can do is never said where there is none.
    #[test]
    fn damage_names_what_exists() {
        for front in [Front::Page, Front::Terminal] {
            let said = |was_migrated| {
                let what = Some(Remedy::RestoreCopy);
                failure("w is damaged: x. It was left as it is", what, was_migrated, front)
            };
            assert!(said(true).contains("“burndown rollback”"), "{}", said(true));
            let new = said(false);
            assert!(!new.contains("migrate") && !new.contains("rollback"), "{new}");
            assert!(!new.contains("old"), "{new}");
        }
        assert_eq!(failure("it failed", None, true, Front::Page), "it failed");
    }

    #[test]
    fn only_remedies_of_migrated_workspaces_name_the_old_app() {
        let of_migrated = [
            Remedy::MigrateAgain,
            Remedy::GoBackToOldFiles,
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
