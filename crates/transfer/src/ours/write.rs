//! A file of our format on its way out.

use std::io::Write;

use model::json::push_string;

use super::encode::line;
use super::{DIGEST, Digest, FORMAT, Head, NOTE, RECORDS, VERSION};
use crate::error::Result;
use crate::record::{Record, Sink};
use crate::summary::Carried;

/// Writes records as they come; nothing but the line at hand is in memory.
pub(crate) struct FileWriter<'o> {
    out: &'o mut dyn Write,
    carried: Carried,
    digest: Digest,
    is_first: bool,
    line: String,
}

impl<'o> FileWriter<'o> {
    /// Writes what stands before the records, in one line; `note` is JSON.
    pub fn begin(
        head: &Head,
        note: Option<&str>,
        out: &'o mut dyn Write,
    ) -> Result<FileWriter<'o>> {
        let mut text = format!("{{\"format\":\"{FORMAT}\",\"version\":{VERSION}");
        for (name, value) in [
            ("program_version", &head.program_version),
            ("exported_at", &head.exported_at),
            ("time_zone", &head.time_zone),
            ("content", &head.content),
        ] {
            text.push_str(&format!(",\"{name}\":"));
            push_string(value, &mut text);
        }
        if let Some(note) = note {
            text.push_str(&format!(",\"{NOTE}\":{note}"));
        }
        text.push_str(&format!(",\"{RECORDS}\":["));
        out.write_all(text.as_bytes())?;
        let (carried, digest) = (Carried::default(), Digest::new());
        Ok(FileWriter { out, carried, digest, is_first: true, line: String::new() })
    }

    /// Writes how much there was and its digest, by which a reader knows that nothing is missing or
    /// another.
    pub fn finish(self) -> Result<Carried> {
        let Carried { profiles, queries, issues, changelogs, project_data, snapshots } =
            self.carried;
        writeln!(
            self.out,
            "\n],\"counts\":{{\"profiles\":{profiles},\"queries\":{queries},\"issues\":{issues},\
             \"changelogs\":{changelogs},\"project_data\":{project_data},\
             \"snapshots\":{snapshots}}},\"{DIGEST}\":\"{}\"}}",
            self.digest.text()
        )?;
        self.out.flush()?;
        Ok(self.carried)
    }
}

impl Sink for FileWriter<'_> {
    fn take(&mut self, record: Record) -> Result<()> {
        self.line.clear();
        self.line.push_str(if self.is_first { "\n" } else { ",\n" });
        self.is_first = false;
        let start = self.line.len();
        line(&record, &mut self.line);
        self.digest.add(self.line.get(start..).unwrap_or_default());
        self.carried.count(&record);
        Ok(self.out.write_all(self.line.as_bytes())?)
    }
}
