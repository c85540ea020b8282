//! Project data: `project_data.json`.

use model::{Json, Object, ProjectData, QueryKey};

use super::details::{note_times, restore_times, text_in};
use super::layout::{QueryFile, query_file};
use super::tx::JsonTx;
use crate::contract::{ReadProjectData, WriteProjectData};
use crate::error::Result;
use crate::legacy;

impl ReadProjectData for JsonTx<'_> {
    fn project_data(&self, query: &QueryKey) -> Result<Option<ProjectData>> {
        let place = query_file(query, QueryFile::ProjectData);
        let files = self.files();
        let Some(object) = files.read_object(&place)? else { return Ok(None) };
        let details = files.details(&place)?;
        let (mut data, _) = legacy::project_data::decode(object, self.zone());
        restore_times(&details, [("last_updated", &mut data.last_updated)]);
        data.partial = text_in(&details, "partial");
        Ok(Some(data))
    }
}

impl WriteProjectData for JsonTx<'_> {
    fn put_project_data(&mut self, query: &QueryKey, data: &ProjectData) -> Result<()> {
        self.require_query(query)?;
        let mut details = Object::new();
        note_times(&mut details, &[("last_updated", &data.last_updated)]);
        details.set_some("partial", data.partial.as_ref().map(Json::text));
        let place = query_file(query, QueryFile::ProjectData);
        self.files_mut().write_object(&place, legacy::project_data::encode(data), details)?;
        tracing::debug!("project data was put");
        Ok(())
    }

    fn remove_project_data(&mut self, query: &QueryKey) -> Result<bool> {
        let place = query_file(query, QueryFile::ProjectData);
        let mut files = self.files_mut();
        let was_there = files.tree.files.contains(&place);
        if was_there {
            files.remove(&place)?;
        }
        tracing::debug!(was_there, "project data was removed");
        Ok(was_there)
    }
}
