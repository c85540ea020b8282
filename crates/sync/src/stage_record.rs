//! The form of what a stage holds: frames with a checksum, in them texts with their length.

use std::io::{self, Read};

use model::remote::{Fetched, Stub};
use model::{Document, Timestamp};

/// Bytes before the content of a frame: its length (4) and its checksum (8).
pub(super) const FRAME_HEAD_BYTES: u64 = 12;

/// An issue as it lies in a frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct StagedIssue<'f> {
    pub id: &'f str,
    pub key: &'f str,
    pub updated: Option<Timestamp>,
    pub document: &'f str,
    changelog: &'f str,
    histories: [u64; 2],
}

impl<'f> StagedIssue<'f> {
    /// Reads the content of a frame; `None` if it is not of this form.
    pub fn read(mut content: &'f [u8]) -> Option<StagedIssue<'f>> {
        let mut next = || take_text(&mut content);
        let (id, key, updated) = (next()?, next()?, next()?);
        let histories = [next()?.parse().ok()?, next()?.parse().ok()?];
        let (document, changelog) = (next()?, next()?);
        let updated = match updated {
            "" => None,
            text => Some(Timestamp::from_millisecond(text.parse().ok()?).ok()?),
        };
        Some(StagedIssue { id, key, updated, document, changelog, histories })
    }

    /// The issue as it was fetched.
    pub fn to_fetched(self) -> Fetched {
        let [histories_told, histories_received] = self.histories;
        Fetched {
            stub: Stub { id: self.id.to_owned(), key: self.key.to_owned(), updated: self.updated },
            document: Document::from_stored(self.document.to_owned()),
            changelog: Document::from_stored(self.changelog.to_owned()),
            histories_told,
            histories_received,
        }
    }
}

/// The content of a frame with an issue.
pub(super) fn content_of(issue: &Fetched) -> Vec<u8> {
    let updated = issue.stub.updated.map(|at| at.as_millisecond().to_string());
    content(&[
        &issue.stub.id,
        &issue.stub.key,
        updated.as_deref().unwrap_or_default(),
        &issue.histories_told.to_string(),
        &issue.histories_received.to_string(),
        issue.document.as_str(),
        issue.changelog.as_str(),
    ])
}

/// The content of a frame with some texts.
pub(super) fn content(texts: &[&str]) -> Vec<u8> {
    let bytes = texts.iter().map(|text| text.len() + 4).sum();
    let mut content = Vec::with_capacity(bytes);
    for text in texts {
        content.extend(length(text.as_bytes()).to_le_bytes());
        content.extend(text.as_bytes());
    }
    content
}

/// Takes the next text off the content of a frame.
pub(super) fn take_text<'f>(content: &mut &'f [u8]) -> Option<&'f str> {
    let (bytes, rest) = content.split_first_chunk::<4>()?;
    let (text, rest) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*bytes)).ok()?)?;
    *content = rest;
    std::str::from_utf8(text).ok()
}

/// Puts a frame around content.
pub(super) fn push_frame(content: &[u8], out: &mut Vec<u8>) {
    out.extend(length(content).to_le_bytes());
    out.extend(checksum(content).to_le_bytes());
    out.extend(content);
}

/// The length and the checksum of the next frame; `None` at the end or if it is torn.
pub(super) fn frame_head(source: &mut impl Read) -> io::Result<Option<(u64, u64)>> {
    let (mut length, mut sum) = ([0; 4], [0; 8]);
    for part in [&mut length[..], &mut sum[..]] {
        match source.read_exact(part) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            other => other?,
        }
    }
    Ok(Some((u64::from(u32::from_le_bytes(length)), u64::from_le_bytes(sum))))
}

/// FNV-1a, 64 bits: tells a torn end; nobody is to be kept from forging it.
pub(super) fn checksum(content: &[u8]) -> u64 {
    content.iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A length as it is written. What is longer than 4 GB cannot be written and is found torn.
fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}
