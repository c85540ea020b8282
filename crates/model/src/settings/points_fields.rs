//! The Jira fields of story points. Teams change fields: the first one that an issue has filled wins.

use super::field::Field;
use super::value::checked_field_id;
use super::why::Why;
use crate::json::Json;
use crate::profile::Settings;

/// Most fields that are looked at.
const FIELDS_MAX: usize = 5;
/// What parts ids in the stored text, which is one id for most.
const SEPARATOR: char = ',';

/// Fields that Jira keeps in seconds.
const TIME_FIELDS: [&str; 6] = [
    "timeoriginalestimate",
    "timeestimate",
    "timespent",
    "aggregatetimeoriginalestimate",
    "aggregatetimeestimate",
    "aggregatetimespent",
];

/// Whether a field holds times, which count in hours.
pub fn is_time_field(id: &str) -> bool {
    TIME_FIELDS.contains(&id)
}

/// Ids of fields in the order in which they are looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PointsFields(Vec<String>);

impl PointsFields {
    fn of(text: &str) -> PointsFields {
        PointsFields(split(text).map(str::to_owned).collect())
    }

    /// Whether the first one holds times; the others then do, too.
    pub fn holds_times(&self) -> bool {
        self.0.first().is_some_and(|id| is_time_field(id))
    }
}

/// The ids in a stored text.
pub fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(SEPARATOR).map(str::trim).filter(|id| !id.is_empty())
}

impl Field for PointsFields {
    fn lines(&self) -> Vec<String> {
        self.0.clone()
    }

    fn is_set(&self) -> bool {
        !self.0.is_empty()
    }

    fn set(&mut self, lines: &[&str]) -> Result<(), Why> {
        let mut ids: Vec<String> = Vec::new();
        for line in lines {
            let id = match self.0.iter().find(|known| known == line) {
                Some(known) => known.clone(),
                None => checked_field_id(line)?,
            };
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        if ids.len() > FIELDS_MAX {
            return Err(Why::TooMany { max: FIELDS_MAX });
        }
        // Hours of one issue and points of another have no sum.
        if let Some(time) = ids.iter().find(|id| is_time_field(id))
            && let Some(other) = ids.iter().find(|id| !is_time_field(id))
        {
            return Err(Why::PointsAndTime { points: other.clone(), time: time.clone() });
        }
        self.0 = ids;
        Ok(())
    }

    fn unset(&mut self) {
        self.0.clear();
    }

    fn read(&mut self, stored: &Json) {
        *self = stored.as_text().map(|text| PointsFields::of(&text)).unwrap_or_default();
    }

    fn write(&self, _: Option<&Json>) -> Option<Json> {
        self.is_set().then(|| Json::text(self.0.join(",")))
    }
}

impl Settings {
    /// The same with the first field alone: the old app knows one.
    pub(super) fn with_one_points_field(mut self) -> Settings {
        if let Some(Json::Object(connection)) = &mut self.jira_config
            && let Some(Json::Text(text)) = connection.get("points_field")
            && text.contains(SEPARATOR)
        {
            let first = split(text).next().map(Json::text);
            connection.set_some("points_field", first);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_fields_are_kept_in_order() {
        let mut fields = PointsFields::default();
        fields.set(&["customfield_2", "customfield_1", "customfield_2"]).unwrap();
        assert_eq!(fields.write(None), Some(Json::text("customfield_2,customfield_1")));
        assert!(
            fields.set(&["a b"]).is_err() && fields.set(&["a", "b", "c", "d", "e", "f"]).is_err()
        );
        assert!(fields.set(&["timespent", "timeestimate"]).is_ok());
        let mixed = fields.set(&["customfield_1", "timespent"]).unwrap_err();
        assert!(mixed.to_string().contains("customfield_1 holds points"), "{mixed}");
        fields.read(&Json::text(" x , ,y"));
        assert_eq!(fields.lines(), ["x", "y"]);
        let settings = Settings {
            jira_config: Json::parse(r#"{"points_field":"x,y","a":1}"#).ok(),
            ..Settings::default()
        };
        let old = settings.with_one_points_field().jira_config.unwrap();
        assert_eq!(old.to_compact(), r#"{"points_field":"x","a":1}"#);
    }
}
