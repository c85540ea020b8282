//! A list of issues that Jira exported as CSV: what each is now, and no history.

use std::collections::BTreeMap;
use std::io::Write as _;

use model::{Json, Object, Timestamp, stamp};

use super::layout::Layout;
use super::{How, Told};
use crate::bounds;
use crate::encoding::decode;
use crate::error::{Error, Result};
use crate::table::{Cell, DayReader, Days, Lines, Row, Table, column};

/// The field that points go by, as the list does not say its id.
const POINTS_FIELD: &str = "story_points";
/// Most rows that are read: a server holds what figures need of all of them together. Jira itself writes
/// some thousands into a list.
const ROWS_MAX: usize = 40_000;
/// How long the texts of theirs may be that figures need, in bytes: some times those of any team.
const KEPT_BYTES_MAX: usize = 16 << 20;
/// What counts of a summary: no Jira takes a longer one, and figures go without the rest.
const SUMMARY_CHARS_MAX: usize = 255;
/// Most lines that an error names.
const LINES_MAX: usize = 5;

/// Names of columns in the larger languages; of two that are there the first counts.
const KEY: &[&str] =
    &["issue_key", "key", "vorgangsschlüssel", "schlüssel", "clé_de_ticket", "clé", "clave"];
const STATUS: &[&str] = &["status", "état", "statut", "estado", "stato"];
const CREATED: &[&str] = &["created", "erstellt", "création", "créé", "creada", "creado", "creato"];
const RESOLVED: &[&str] =
    &["resolved", "resolutiondate", "resolution_date", "erledigt", "gelöst", "résolu", "resuelta"];
const UPDATED: &[&str] = &["updated", "aktualisiert", "mise_à_jour", "actualizada"];
const TYPE: &[&str] = &["issue_type", "type", "vorgangstyp", "typ", "type_de_ticket", "tipo"];
const SUMMARY: &[&str] = &["summary", "zusammenfassung", "résumé", "resumen"];
const RESOLUTION: &[&str] = &["resolution", "lösung", "résolution", "resolución"];
const PRIORITY: &[&str] = &["priority", "priorität", "priorité", "prioridad"];
const CATEGORY: &[&str] = &["status_category", "statuskategorie"];
const PARENT: &[&str] = &["parent_key", "parent"];
const POINTS: &[&str] = &[
    "custom_field_(story_points)",
    "custom_field_(story_point_estimate)",
    "story_points",
    "story_point_estimate",
    "benutzerdefinierte_felder_(story_points)",
];

/// What sub-tasks are called in the larger languages, in small letters and with hyphens.
const SUB_TASKS: [&str; 10] = [
    "sub-task",
    "subtask",
    "unteraufgabe",
    "teilaufgabe",
    "sous-tâche",
    "subtarea",
    "sub-tarea",
    "sottotask",
    "subtarefa",
    "子任务",
];

/// Whether a table with these columns is such a list.
pub(crate) fn is_one(names: &[String]) -> bool {
    [KEY, STATUS, CREATED].iter().all(|wanted| column(names, wanted).is_some())
}

/// Where in the table each thing stands.
struct Columns {
    key: usize,
    status: usize,
    created: usize,
    of: BTreeMap<&'static str, usize>,
}

/// Writes the issues as the cache of a query. The rows are gone through twice, as all dates tell their
/// order together, and none of them is kept.
pub(super) fn lay_out(bytes: Vec<u8>, how: &How<'_>, layout: &Layout) -> Result<Told> {
    let text = decode(bytes)?;
    let table = Table::open(&text, "rows", ROWS_MAX)?;
    let columns = Columns::of(&table)?;
    let days = columns.look_through(&table, how)?;
    let mut profile = layout.profile(None, &mut Vec::new())?;
    profile.put(&settings(columns.of.contains_key("points")))?;
    let mut file = profile.query("main", &mut Vec::new())?.create("jira_cache.json")?;
    file.write_all(b"{\"cache_version\":\"2.0\",\"issues\":[")?;
    let (mut comma, mut wrong) = ("", Lines::default());
    table.each(&mut |row| {
        let issue = columns.issue(row, &days, &mut wrong);
        write!(file, "{comma}{}", issue.to_compact())?;
        comma = ",";
        Ok(())
    })?;
    Days::check(&wrong)?;
    file.write_all(b"]}")?;
    file.flush()?;
    let mut lacks = vec![
        "no history: a list says what each issue is now, so when work on it began \
                          is not known"
            .to_owned(),
    ];
    if !columns.of.contains_key("resolved") {
        lacks.push("no column Resolved: when issues were done is not known".to_owned());
    }
    if !columns.of.contains_key("category") {
        let lack = "no column Status Category: a status counts as done if one of its issues is \
                    resolved; say in the settings what the others mean";
        lacks.push(lack.to_owned());
    }
    Ok(Told { lacks, ..Told::default() })
}

fn settings(has_points: bool) -> Json {
    let mut profile = Object::new();
    if has_points {
        let mut connection = Object::new();
        connection.set("points_field", Json::text(POINTS_FIELD));
        profile.set("jira_config", Json::Object(connection));
    }
    Json::Object(profile)
}

impl Columns {
    fn of(table: &Table<'_>) -> Result<Columns> {
        let need = |wanted: &[&str]| {
            let missing = || Error::Unknown(format!("it has no column {}", wanted.join(" or ")));
            table.column(wanted).ok_or_else(missing)
        };
        let others = [
            ("resolved", RESOLVED),
            ("updated", UPDATED),
            ("type", TYPE),
            ("summary", SUMMARY),
            ("resolution", RESOLUTION),
            ("priority", PRIORITY),
            ("category", CATEGORY),
            ("parent", PARENT),
            ("points", POINTS),
        ];
        let of =
            others.into_iter().filter_map(|(name, wanted)| Some((name, table.column(wanted)?)));
        Ok(Columns {
            key: need(KEY)?,
            status: need(STATUS)?,
            created: need(CREATED)?,
            of: of.collect(),
        })
    }

    /// Looks at all keys and dates: how the dates are to be read.
    fn look_through<'z>(&self, table: &Table<'_>, how: &How<'z>) -> Result<Days<'z>> {
        let (mut days, mut wrong) = (DayReader::new(how.day_order, how.zone), Vec::new());
        let mut kept_bytes = 0;
        table.each(&mut |row| {
            if !is_key(row.cell(self.key)) && wrong.len() < LINES_MAX {
                wrong.push(row.line.to_string());
            }
            kept_bytes += self.kept_bytes(row);
            check_kept(kept_bytes)?;
            days.look_at(Cell { line: row.line, text: row.cell(self.created) });
            let others = ["updated", "resolved"].into_iter().filter_map(|name| self.of.get(name));
            let cells = others.map(|column| row.cell(*column)).filter(|text| !text.is_empty());
            cells.for_each(|text| days.look_at(Cell { line: row.line, text }));
            Ok(())
        })?;
        if !wrong.is_empty() {
            let what = format!("no key of an issue stands in line {}", wrong.join(", "));
            return Err(Error::Damaged(what));
        }
        days.finish()
    }

    /// How long the texts of a row are that stay in memory while its figures are looked at.
    fn kept_bytes(&self, row: &Row<'_>) -> usize {
        let length = |name| self.of.get(name).map_or(0, |column| row.cell(*column).len());
        let names = ["type", "priority", "resolution", "parent"].map(length);
        let summary = self.of.get("summary").map(|column| row.cell(*column)).unwrap_or_default();
        let end = summary.char_indices().nth(SUMMARY_CHARS_MAX);
        let summary = end.map_or(summary.len(), |(end, _)| end);
        row.cell(self.key).len()
            + row.cell(self.status).len()
            + names.iter().sum::<usize>()
            + summary
    }

    /// The document of an issue, as Jira would send it.
    fn issue(&self, row: &Row<'_>, days: &Days<'_>, wrong: &mut Lines) -> Json {
        let cell = |name| self.of.get(name).map(|column| row.cell(*column));
        let filled = |name| cell(name).filter(|text| !text.is_empty());
        let moment = |at: Option<Timestamp>| at.map(|at| Json::text(stamp::format(at)));
        let mut day = |text: &str| days.moment(Cell { line: row.line, text }, wrong);
        let created = day(row.cell(self.created));
        let (updated, resolved) =
            (filled("updated").and_then(&mut day), filled("resolved").and_then(&mut day));
        let mut fields = Object::new();
        fields.set_some("summary", cell("summary").map(Json::text));
        fields.set("project", with("key", project_of(row.cell(self.key))));
        fields.set_some("issuetype", filled("type").map(issue_type));
        fields.set("status", self.status(row, resolved.is_some()));
        fields.set_some("priority", filled("priority").map(|name| with("name", name)));
        fields.set_some("created", moment(created));
        fields.set_some("updated", moment(updated));
        if self.of.contains_key("resolved") {
            fields.set("resolutiondate", moment(resolved).unwrap_or(Json::Null));
        }
        if let Some(name) = cell("resolution") {
            let is_none = name.is_empty() || name.eq_ignore_ascii_case("unresolved");
            fields.set("resolution", if is_none { Json::Null } else { with("name", name) });
        }
        fields.set_some(
            "parent",
            filled("parent").filter(|key| key.contains('-')).map(|key| with("key", key)),
        );
        fields.set_some(POINTS_FIELD, cell("points").map(points));
        let mut issue = Object::new();
        issue.set("key", Json::text(row.cell(self.key)));
        issue.set("fields", Json::Object(fields));
        Json::Object(issue)
    }

    fn status(&self, row: &Row<'_>, is_resolved: bool) -> Json {
        let told = self.of.get("category").map(|column| row.cell(*column)).unwrap_or_default();
        let key = match told.to_lowercase().as_str() {
            "to do" | "new" | "zu erledigen" => Some("new"),
            "in progress" | "indeterminate" | "in arbeit" => Some("indeterminate"),
            "done" | "complete" | "fertig" => Some("done"),
            _ => is_resolved.then_some("done"),
        };
        let mut status = Object::new();
        status.set("name", Json::text(row.cell(self.status)));
        status.set_some("statusCategory", key.map(|key| with("key", key)));
        Json::Object(status)
    }
}

fn check_kept(bytes: usize) -> Result<()> {
    if bytes <= KEPT_BYTES_MAX {
        return Ok(());
    }
    let limit = KEPT_BYTES_MAX >> 20;
    Err(Error::TooLarge(format!(
        "its keys, summaries and names have more than {limit} MiB together; export fewer issues at a time"
    )))
}

/// A list does not say which types are of sub-tasks: their usual names do.
fn issue_type(name: &str) -> Json {
    let mut object = Object::new();
    object.set("name", Json::text(name));
    let is_part = SUB_TASKS.contains(&name.to_lowercase().replace(' ', "-").as_str());
    object.set("subtask", Json::Bool(is_part));
    Json::Object(object)
}

fn with(name: &'static str, text: &str) -> Json {
    let mut object = Object::new();
    object.set(name, Json::text(text));
    Json::Object(object)
}

fn project_of(key: &str) -> &str {
    key.rsplit_once('-').map_or(key, |(project, _)| project)
}

/// A number with its exact text, also with a comma for its decimal point; what is none stays text.
fn points(cell: &str) -> Json {
    let plain = cell.replace(',', ".");
    match Json::parse(&plain) {
        _ if cell.is_empty() => Json::Null,
        Ok(number @ Json::Number(_)) => number,
        _ => Json::text(cell),
    }
}

fn is_key(key: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let number = key.rsplit_once('-').map(|(_, number)| number).unwrap_or_default();
    key.len() <= bounds::KEY_BYTES_MAX && key.chars().all(fits) && number.parse::<u64>().is_ok()
}
