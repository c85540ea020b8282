//! Names of Jira's fields in place of their ids, as people know them.

use model::ProfileId;
use model::settings::{Why, fold};

use super::Kind;
use super::edit::{Change, SettingsDraft, faulty};
use crate::App;
use crate::error::Result;

impl App {
    /// The draft with ids of fields in place of names, which only the Jira of the profile knows.
    pub(super) fn with_field_ids(
        &self,
        id: &ProfileId,
        draft: &SettingsDraft,
    ) -> Result<SettingsDraft> {
        let mut draft = draft.clone();
        for (setting, change) in &mut draft.values {
            let (Kind::Fields, Change::Set(lines) | Change::Shown(lines) | Change::Add(lines)) =
                (setting.kind, change)
            else {
                continue;
            };
            if !lines.iter().any(|line| is_field_name(line)) {
                continue;
            }
            let fields = self.client(id)?.fields()?;
            for line in lines.iter_mut().filter(|line| is_field_name(line)) {
                *line = field_of_name(&fields, line).map_err(|why| faulty(setting.name, why))?;
            }
        }
        Ok(draft)
    }
}

/// Whether a line names a field, rather than being an id.
fn is_field_name(line: &str) -> bool {
    line.trim().chars().any(|c| c.is_whitespace() || c.is_uppercase() || !c.is_ascii())
}

/// The id of the field that a line names; an error if there is none, or several.
fn field_of_name(fields: &[jira::Field], line: &str) -> std::result::Result<String, Why> {
    let is_it = |field: &&jira::Field| field.id == line.trim() || fold(&field.name) == fold(line);
    let found: Vec<&jira::Field> = fields.iter().filter(is_it).collect();
    let ids = || found.iter().map(|field| field.id.as_str()).collect::<Vec<_>>().join(", ");
    match found.as_slice() {
        [one] => Ok(one.id.clone()),
        [] => Err(Why::NoField(line.trim().to_owned())),
        _ => Err(Why::SeveralFields { name: line.trim().to_owned(), ids: ids() }),
    }
}
