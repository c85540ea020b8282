//! A deletion that ends abruptly at any step leaves the thing, its copy, or both. The child is this
//! test program; it aborts there.

use std::process::{Command, Stdio};

use super::{Sample, exported, files, profile_of};
use crate::App;

const CHILD: &str = "BURNDOWN_CRASH_WORKSPACE";
const STOP_AT: &str = "BURNDOWN_CRASH_AT";

/// Every step there is, and whether the copy is there after it, and the profile.
const STEPS: [(&str, bool, bool); 7] = [
    ("begun", false, true),
    ("written", false, true),
    ("proven", false, true),
    ("pending", false, true),
    ("removed", false, true),
    ("committed", true, false),
    ("kept", true, false),
];

/// Not a test of its own: deletes in the child process.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(CHILD) else { return };
    let stop_at = std::env::var(STOP_AT).unwrap();
    let (app, key) = Sample::again(folder.as_ref());
    let abort_at = &mut |step: &str| {
        if step == stop_at {
            std::process::abort();
        }
    };
    app.delete_and(&profile_of(&key), &mut |_| Ok(()), abort_at).unwrap();
}

fn abort_at(app: &App, step: &str) {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["trash::tests::crash::child", "--exact", "--nocapture"]);
    child.env(CHILD, app.folder.as_ref().unwrap()).env(STOP_AT, step);
    let ended = child.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    assert!(!ended.success(), "there is no step {step}");
}

#[test]
fn every_step_leaves_the_thing_or_its_copy() {
    for (step, has_copy, has_profile) in STEPS {
        let Sample { app, key, .. } = &Sample::issues();
        let before = exported(app, &key.profile);
        abort_at(app, step);
        assert_eq!(app.profile_setup(&key.profile).is_ok(), has_profile, "{step}");
        let entries = app.trash().unwrap().entries;
        assert_eq!(entries.len(), usize::from(has_copy), "{step}: {:?}", files(app));
        if has_profile {
            assert_eq!(exported(app, &key.profile), before, "{step}");
        } else {
            app.restore(&entries[0].id).unwrap();
            assert_eq!(exported(app, &key.profile), before, "{step}");
        }
        let again = app.delete(&profile_of(key)).unwrap();
        app.restore(&again.id).unwrap();
        assert_eq!(exported(app, &key.profile), before, "{step}");
    }
}
