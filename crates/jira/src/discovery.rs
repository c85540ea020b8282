//! Which of a Jira's fields hold points, sprints, epics and flags: candidates with evidence,
//! of which the user chooses.

use model::plain::one_line;
use serde::Serialize;

use crate::field::Field;

/// A field that may be the one looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// Jira's id of it.
    pub field_id: String,
    /// Its name.
    pub name: String,
    /// Why it may be, as a sentence without its full stop.
    pub why: String,
    /// In how many of the last issues it is filled; `None` where nobody looked.
    pub filled: Option<u64>,
}

/// The candidates for each use, the likeliest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidates {
    /// Fields with story points; many Jiras have two.
    pub points: Vec<Candidate>,
    /// Fields with sprints.
    pub sprint: Vec<Candidate>,
    /// Fields that lead to the epic.
    pub epic_link: Vec<Candidate>,
    /// Fields that name epics, so that whatever has one is an epic.
    pub epic_name: Vec<Candidate>,
    /// Fields that flag an issue as impeded.
    pub flagged: Vec<Candidate>,
}

/// A sign by which a field is known.
enum Sign {
    /// The plug-in that made it, which has one name in every language.
    Plugin(&'static str),
    /// What it holds, and its name in small letters.
    Named(&'static str, &'static str),
    /// Its name in JQL.
    Clause(&'static str),
}

use Sign::{Clause, Named, Plugin};

const POINTS: &[Sign] = &[
    Plugin("com.pyxis.greenhopper.jira:jsw-story-points"),
    Named("number", "story points"),
    Named("number", "story point estimate"),
    Named("number", "story point"),
    Named("number", "storypoints"),
    Named("number", "points"),
    Named("number", "estimate"),
    Clause("story points"),
    // German, French, Spanish, Portuguese, Italian, Dutch
    Named("number", "story punkte"),
    Named("number", "storypunkte"),
    Named("number", "points de récit"),
    Named("number", "points d’histoire"),
    Named("number", "points d'histoire"),
    Named("number", "puntos de historia"),
    Named("number", "pontos de história"),
    Named("number", "punti storia"),
    Named("number", "verhaalpunten"),
    Named("number", "storypunten"),
    // Polish, Russian, Japanese, Korean, Chinese
    Named("number", "punkty historii"),
    Named("number", "punkty historyjek"),
    Named("number", "очки истории"),
    Named("number", "стори поинты"),
    Named("number", "ストーリーポイント"),
    Named("number", "ストーリー ポイント"),
    Named("number", "스토리 포인트"),
    Named("number", "故事点"),
    Named("number", "故事點"),
];
const SPRINT: &[Sign] =
    &[Plugin("com.pyxis.greenhopper.jira:gh-sprint"), Named("array", "sprint"), Clause("sprint")];
const EPIC_LINK: &[Sign] = &[
    Plugin("com.pyxis.greenhopper.jira:gh-epic-link"),
    Named("any", "epic link"),
    Clause("epic link"),
];
const EPIC_NAME: &[Sign] = &[
    Plugin("com.pyxis.greenhopper.jira:gh-epic-label"),
    Named("string", "epic name"),
    Clause("epic name"),
];
const FLAGGED: &[Sign] = &[Named("array", "flagged"), Clause("flagged")];

/// Looks through `fields`. `estimation_fields` are those in which boards estimate.
pub fn discover(fields: &[Field], estimation_fields: &[String]) -> Candidates {
    let mut points = Vec::new();
    for field in fields.iter().filter(|field| estimation_fields.contains(&field.id)) {
        points.push(candidate(field, "a board estimates in it".to_owned()));
    }
    add(&mut points, fields, POINTS);
    let of = |signs| {
        let mut found = Vec::new();
        add(&mut found, fields, signs);
        found
    };
    Candidates {
        points,
        sprint: of(SPRINT),
        epic_link: of(EPIC_LINK),
        epic_name: of(EPIC_NAME),
        flagged: of(FLAGGED),
    }
}

fn add(found: &mut Vec<Candidate>, fields: &[Field], signs: &[Sign]) {
    for sign in signs {
        for field in fields.iter().filter(|field| field.is_custom) {
            let Some(why) = evidence(sign, field) else { continue };
            if !found.iter().any(|known| known.field_id == field.id) {
                found.push(candidate(field, why));
            }
        }
    }
}

fn evidence(sign: &Sign, field: &Field) -> Option<String> {
    match sign {
        Plugin(plugin) => {
            let is_it = field.plugin.as_deref() == Some(plugin);
            is_it.then(|| "Jira made it for this".to_owned())
        }
        Named(kind, name) => {
            let is_it = field.kind.as_deref() == Some(kind) && plain(&field.name) == *name;
            let holds = if *kind == "number" { " and holds numbers" } else { "" };
            is_it.then(|| format!("it is called “{}”{holds}", one_line(&field.name)))
        }
        Clause(clause) => {
            let is_it = field.clause_names.iter().any(|name| name.to_lowercase() == *clause);
            is_it.then(|| format!("JQL knows it as “{clause}”"))
        }
    }
}

/// A name in small letters, without hyphens and an abbreviation behind it.
fn plain(name: &str) -> String {
    let name = name.to_lowercase().replace('-', " ");
    name.trim().trim_end_matches("(sp)").trim().to_owned()
}

fn candidate(field: &Field, why: String) -> Candidate {
    Candidate { field_id: field.id.clone(), name: one_line(&field.name), why, filled: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(id: &str, name: &str, kind: &str, plugin: &str, clause: &str) -> Field {
        Field {
            id: id.to_owned(),
            name: name.to_owned(),
            is_custom: id.starts_with("cf"),
            kind: Some(kind.to_owned()),
            plugin: Some(plugin.to_owned()),
            clause_names: vec![clause.to_owned()],
        }
    }

    #[test]
    fn several_candidates_stay_with_their_evidence() {
        let fields = [
            field("summary", "Story Points", "number", "", ""),
            field("cf1", "Story Points", "number", "x:float", "Story Points"),
            field(
                "cf2",
                "story point estimate",
                "number",
                "com.pyxis.greenhopper.jira:jsw-story-points",
                "",
            ),
            field("cf3", "Story Points", "string", "x:text", ""),
            field("cf4", "冲刺", "array", "com.pyxis.greenhopper.jira:gh-sprint", "冲刺"),
            field("cf5", "Épopée", "any", "com.pyxis.greenhopper.jira:gh-epic-link", ""),
            field("cf6", "Markiert", "array", "x:multicheckboxes", "Flagged"),
            field("cf7", "Size", "number", "x:float", ""),
            field("cf8", "Epos-Name", "string", "com.pyxis.greenhopper.jira:gh-epic-label", ""),
        ];
        let found = discover(&fields, &["cf7".to_owned()]);
        let ids = |list: &[Candidate]| list.iter().map(|c| c.field_id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&found.points), ["cf7", "cf2", "cf1"]);
        assert_eq!(
            found.points.last().map(|c| c.why.as_str()),
            Some("it is called “Story Points” and holds numbers")
        );
        assert_eq!(ids(&found.sprint), ["cf4"]);
        assert_eq!(ids(&found.epic_link), ["cf5"]);
        assert_eq!(ids(&found.flagged), ["cf6"]);
        assert_eq!(ids(&found.epic_name), ["cf8"]);
        assert_eq!(discover(&[], &["cf7".to_owned()]), Candidates::default());
    }

    #[test]
    fn points_are_known_in_other_languages() {
        for name in [
            "Story-Punkte",
            "Storypunkte",
            "Points de récit",
            "Puntos de historia",
            "Pontos de História",
            "Очки истории",
            "ストーリーポイント",
            "故事点",
            "Verhaalpunten",
            "Story Points (SP)",
        ] {
            let found = discover(&[field("cf1", name, "number", "x:float", "")], &[]);
            assert_eq!(found.points.len(), 1, "{name}");
        }
        let size = discover(&[field("cf1", "Größe", "number", "x:float", "")], &[]);
        assert_eq!(size.points, []);
    }
}
