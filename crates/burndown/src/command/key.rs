//! `burndown key`: who gets into the pages of the workspace.

use std::path::{Path, PathBuf};

use app::access_key::{KeyEntry, NewKey, OWN_NAME};
use model::access_key::{KEY_FILE, Role};
use model::plain::one_line;
use serde_json::json;
use words::format::date;

use crate::arguments::{self, KeyAction};
use crate::failure::Result;
use crate::opening;
use crate::run::Run;
use crate::table::{Side, Table};

/// Makes, lists or takes away.
pub fn run(run: &Run, options: &arguments::Key) -> Result<()> {
    let app = opening::existing(run)?;
    match &options.action {
        KeyAction::Add { name, role, file } => {
            let made = app.add_access_key(name, *role)?;
            told(run, &made, file.as_deref())
        }
        KeyAction::List => run.output.answer(&app.access_keys()?, |keys| table(run, keys)),
        KeyAction::Remove { name } => {
            app.remove_access_key(name)?;
            let is_own = name.trim().eq_ignore_ascii_case(OWN_NAME);
            run.output.answer(&json!({ "removed": name.trim() }), |_| {
                one_line(&match is_own {
                    true => "the workspace has a new key, and all sessions ended; `burndown open` lets you in".to_owned(),
                    false => format!("removed the key {:?}; its sessions ended", name.trim()),
                }) + "\n"
            })
        }
    }
}

/// Shows the key on a terminal. Anywhere else it might stay in a log: there it goes into a file.
fn told(run: &Run, made: &NewKey, file: Option<&Path>) -> Result<()> {
    let NewKey { name, role, key } = made;
    if run.output.is_for_people() && file.is_none() {
        let text = format!(
            "{}\nThis key for {name:?} may {}. It is shown this once: keep it where passwords are kept.\n",
            key.reveal(),
            role.as_str()
        );
        return run.output.print(&text);
    }
    let file = file.map_or_else(
        || file_for(run, made),
        |file| app::place::absolute(&run.surroundings.current, file),
    );
    app::access_key::write_key(&file, key)?;
    let answer = json!({ "name": name, "role": role, "key_file": file.display().to_string() });
    run.output.answer(&answer, |_| {
        one_line(&format!("the key for {name:?} is in {}", file.display())) + "\n"
    })
}

/// Beside the workspace's own key; names hold anything, so the file is called by the id.
fn file_for(run: &Run, made: &NewKey) -> PathBuf {
    let id = made.key.reveal().split('-').next().unwrap_or_default();
    run.place.folder.join("profiles").join(format!("{KEY_FILE}-{id}"))
}

fn table(run: &Run, keys: &[KeyEntry]) -> String {
    let zone = &run.surroundings.zone;
    let mut table = Table::new(&[
        ("name", Side::Left),
        ("may", Side::Left),
        ("made", Side::Right),
        ("last used", Side::Right),
    ]);
    for KeyEntry { name, role, made_at, used_at, is_own } in keys {
        let day = |at: Option<model::Timestamp>| at.map(|at| date(at, zone));
        let unknown = if *is_own { "" } else { "never" };
        table.row([
            one_line(name),
            Role::as_str(*role).to_owned(),
            day(*made_at).unwrap_or_default(),
            day(*used_at).unwrap_or_else(|| unknown.to_owned()),
        ]);
    }
    table.into_text(run.output.width, &run.output.head)
}
