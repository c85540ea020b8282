//! `forecast_statistics.csv`: the statistics of early 2025, one row a week or day.

use std::io::Read as _;

use model::{Json, Object, ProjectData, cp1252};
use store::legacy::split::decode_utf16;
use store::legacy::{FindingKind, project_data};

use super::{Batch, Emit, Outcome, Source, Stop};

/// A CSV of statistics is never longer than this, in bytes.
const BYTES_MAX: u64 = 64 << 20;

/// Reads the rows as project data with statistics alone.
pub(super) fn read(source: &Source<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Stop> {
    let mut outcome = Outcome::default();
    let Some(file) = source.open()? else { return Ok(outcome) };
    let (file, converted_from) = decode_utf16(file)?;
    if let Some(encoding) = converted_from {
        outcome.find("", FindingKind::Encoding, format!("{encoding} was converted"));
    }
    let mut bytes = Vec::new();
    file.take(BYTES_MAX).read_to_end(&mut bytes)?;
    let text = String::from_utf8(bytes).unwrap_or_else(|error| {
        outcome.find("", FindingKind::Cp1252, "bytes that are not UTF-8 were read as cp1252");
        cp1252::decode(error.as_bytes())
    });
    let rows = parse_rows(&text, &mut outcome);
    outcome.records = rows.len() as u64;
    let mut members = Object::new();
    members.set("statistics", Json::Array(rows));
    let (data, findings) = project_data::decode(members.clone(), source.zone);
    outcome.findings.extend(findings);
    let data = ProjectData { metadata: Some(metadata()), ..data };
    emit(Batch::ProjectData(Box::new(data), Object::new()))?;
    Ok(outcome)
}

/// The mark that the old app itself gives to rows from a CSV.
fn metadata() -> Json {
    let mut metadata = Object::new();
    metadata.set("source", Json::text("csv_import"));
    Json::Object(metadata)
}

fn parse_rows(text: &str, outcome: &mut Outcome) -> Vec<Json> {
    let head = text.lines().next().unwrap_or_default();
    let delimiter = if head.matches(';').count() > head.matches(',').count() { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let names: Vec<String> = match reader.headers() {
        Ok(names) => names.iter().map(str::to_owned).collect(),
        Err(_) => return Vec::new(),
    };
    let mut rows = Vec::new();
    for (place, record) in reader.records().enumerate() {
        match record {
            Ok(record) => rows.push(Json::Object(row(&names, &record))),
            Err(error) => {
                outcome.is_damaged = true;
                let line = error.position().map_or(place as u64 + 2, csv::Position::line);
                outcome.find(
                    format!("line {line}"),
                    FindingKind::BadRecord,
                    "not a row of the CSV",
                );
            }
        }
    }
    rows
}

/// Numbers become numbers with their exact text; empty cells are null, surplus cells are named.
fn row(names: &[String], record: &csv::StringRecord) -> Object {
    let mut row = Object::new();
    for (place, cell) in record.iter().enumerate() {
        let name = names.get(place).cloned().unwrap_or_else(|| format!("column {}", place + 1));
        let value = match Json::parse(cell) {
            _ if cell.is_empty() => Json::Null,
            Ok(number @ Json::Number(_)) if number.as_f64().is_some() => number,
            _ => Json::text(cell),
        };
        row.set(name, value);
    }
    row
}
