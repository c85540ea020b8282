//! What figures need of an issue as one value: a row with a column for each fact costs more to take apart
//! than all that is made of it. Derived from the document, so that every upgrade makes it anew.
//!
//! Texts are their length and their bytes, numbers and times (milliseconds since 1970) as in
//! [`varint`](super::varint), each one more than it is: 0 stands for what is absent.

use model::{IssueFacts, Points, Resolution, Timestamp};

use super::shared_text::SharedTexts;
use super::varint;

/// Room for what most issues have to say.
const USUAL_BYTES: usize = 192;

/// The facts of an issue but for its key and that it left, which its document does not say.
pub(super) fn encode(facts: &IssueFacts) -> Vec<u8> {
    let mut out = Vec::with_capacity(USUAL_BYTES);
    let names = [
        &facts.project,
        &facts.project_id,
        &facts.issue_type,
        &facts.issue_type_id,
        &facts.status,
        &facts.status_id,
        &facts.status_category,
        &facts.priority,
    ];
    names.into_iter().for_each(|name| push_text(name.as_deref(), &mut out));
    push_text(facts.summary.as_deref(), &mut out);
    push_text(facts.parent.as_deref(), &mut out);
    push_text(
        match &facts.resolution {
            Resolution::Absent => None,
            Resolution::Unresolved => Some(""),
            Resolution::Named(name) => Some(name),
        },
        &mut out,
    );
    for at in [facts.created, facts.updated, facts.resolved] {
        push_number(at.map(Timestamp::as_millisecond), &mut out);
    }
    push_number(facts.is_subtask.map(i64::from), &mut out);
    push_number(facts.hierarchy_level.map(i64::from), &mut out);
    push_points(facts.points, &mut out);
    out
}

/// Undoes [`encode`]; `None` if the bytes are none of its.
pub(super) fn decode(mut bytes: &[u8], names: &mut SharedTexts) -> Option<IssueFacts> {
    let from = &mut bytes;
    let mut name = |from: &mut &[u8]| Some(take_text(from)?.map(|text| names.share(text)));
    let facts = IssueFacts {
        project: name(from)?,
        project_id: name(from)?,
        issue_type: name(from)?,
        issue_type_id: name(from)?,
        status: name(from)?,
        status_id: name(from)?,
        status_category: name(from)?,
        priority: name(from)?,
        summary: take_text(from)?.map(str::to_owned),
        parent: take_text(from)?.map(str::to_owned),
        resolution: match take_text(from)? {
            None => Resolution::Absent,
            Some("") => Resolution::Unresolved,
            Some(name) => Resolution::Named(name.to_owned()),
        },
        created: take_time(from)?,
        updated: take_time(from)?,
        resolved: take_time(from)?,
        is_subtask: take_number(from)?.map(|flag| flag != 0),
        hierarchy_level: take_number(from)?.map(i8::try_from).transpose().ok()?,
        points: take_points(from)?,
        ..IssueFacts::default()
    };
    from.is_empty().then_some(facts)
}

fn push_text(text: Option<&str>, out: &mut Vec<u8>) {
    varint::push(text.map_or(0, |text| text.len() as u64 + 1), out);
    out.extend_from_slice(text.unwrap_or_default().as_bytes());
}

fn take_text<'b>(from: &mut &'b [u8]) -> Option<Option<&'b str>> {
    let Some(length) = varint::take(from)?.checked_sub(1) else { return Some(None) };
    let (text, rest) = from.split_at_checked(usize::try_from(length).ok()?)?;
    *from = rest;
    str::from_utf8(text).ok().map(Some)
}

/// No fact is as large that one more would not fit.
fn push_number(number: Option<i64>, out: &mut Vec<u8>) {
    varint::push(number.map_or(0, |number| varint::zigzag(number).saturating_add(1)), out);
}

fn take_number(from: &mut &[u8]) -> Option<Option<i64>> {
    Some(varint::take(from)?.checked_sub(1).map(varint::unzigzag))
}

fn take_time(from: &mut &[u8]) -> Option<Option<Timestamp>> {
    take_number(from)?.map(Timestamp::from_millisecond).transpose().ok()
}

fn push_points(points: Points, out: &mut Vec<u8>) {
    match points {
        Points::Known(points) => {
            out.push(0);
            // A negative nothing is stored as nothing.
            out.extend_from_slice(&(points + 0.0).to_le_bytes());
        }
        Points::Empty => out.push(1),
        Points::Absent => out.push(2),
        Points::NotRequested => out.push(3),
        Points::Unreadable => out.push(4),
    }
}

fn take_points(from: &mut &[u8]) -> Option<Points> {
    let (&state, rest) = from.split_first()?;
    *from = rest;
    Some(match state {
        0 => {
            let (points, rest) = from.split_first_chunk()?;
            *from = rest;
            Points::Known(f64::from_le_bytes(*points))
        }
        1 => Points::Empty,
        2 => Points::Absent,
        3 => Points::NotRequested,
        4 => Points::Unreadable,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(facts: &IssueFacts) {
        let bytes = encode(facts);
        let read = |bytes: &[u8]| decode(bytes, &mut SharedTexts::default());
        assert_eq!(read(&bytes).as_ref(), Some(facts));
        for end in 0..bytes.len() {
            assert_eq!(read(&bytes[..end]), None, "{end} of {} bytes", bytes.len());
        }
        assert_eq!(read(&[&bytes[..], &[0]].concat()), None);
    }

    #[test]
    fn facts_round_trip_and_bytes_that_end_early_are_none() {
        let at = |text: &str| Some(text.parse().unwrap());
        check(&IssueFacts::default());
        let points = [Points::Empty, Points::Absent, Points::NotRequested, Points::Unreadable];
        for points in points.into_iter().chain([Points::Known(0.0), Points::Known(-2.5)]) {
            check(&IssueFacts {
                project: Some("KAFKA".into()),
                issue_type: Some("Fehler – später".into()),
                status: Some("".into()),
                summary: Some("é".repeat(300)),
                parent: Some("KAFKA-1".to_owned()),
                resolution: Resolution::Named("Won't Do".to_owned()),
                created: at("0001-01-02T00:00:00Z"),
                updated: at("2026-05-08T14:57:16.421Z"),
                resolved: at("9999-12-30T00:00:00Z"),
                is_subtask: Some(false),
                hierarchy_level: Some(-1),
                points,
                ..IssueFacts::default()
            });
        }
        check(&IssueFacts { resolution: Resolution::Unresolved, ..IssueFacts::default() });
    }
}
