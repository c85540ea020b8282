//! Which documents make a good zstd dictionary, and how big it should be.
//!
//! Measured on the documents of old workspaces (1.7 KB each): 64 samples and 8 KB bring a document
//! to 85–110 bytes in 10 ms of training. Twice the samples save 4 bytes and cost twice the time.
//! Training on much less gives a worse dictionary than the samples themselves, end to end.

use std::io;

/// How many documents a caller needs to have at hand for [`samples`] to choose from.
pub(super) const WINDOW: usize = 512;

/// Fewer documents are not worth a dictionary.
const SAMPLES_MIN: usize = 16;

const SAMPLE_BYTES_MAX: usize = 120 << 10;
const TRAINING_BYTES_MIN: usize = 56 << 10;
const DICTIONARY_BYTES_MAX: usize = 16 << 10;
const RAW_DICTIONARY_BYTES_MIN: usize = 4 << 10;

/// How many samples a dictionary must have for a bigger batch not to supersede it.
const SUPERSEDED_BY: usize = 3;

/// Documents to make a dictionary of, spread evenly over `documents`. Empty if they are too few
/// to be worth one, or to be worth more than the present one, which was made of `present` samples.
pub(super) fn samples<'d>(documents: &[&'d str], present: Option<usize>) -> Vec<&'d str> {
    let window = documents.get(..WINDOW).unwrap_or(documents);
    let bytes: usize = window.iter().map(|document| document.len()).sum();
    let step = bytes.div_ceil(SAMPLE_BYTES_MAX).max(1);
    let chosen: Vec<&str> = window.iter().copied().step_by(step).collect();
    let needed = present.map_or(SAMPLES_MIN, |present| present.saturating_mul(SUPERSEDED_BY));
    if chosen.len() < needed.max(SAMPLES_MIN) { Vec::new() } else { chosen }
}

/// The dictionary of the samples.
pub(super) fn make(samples: &[&str]) -> io::Result<Vec<u8>> {
    let bytes: usize = samples.iter().map(|sample| sample.len()).sum();
    if bytes >= TRAINING_BYTES_MIN {
        return zstd::dict::from_samples(samples, (bytes / 13).min(DICTIONARY_BYTES_MAX));
    }
    let size = (bytes / 6).clamp(RAW_DICTIONARY_BYTES_MIN, DICTIONARY_BYTES_MAX).min(bytes);
    let wanted = size.div_ceil((bytes / samples.len().max(1)).max(1)).max(1);
    let step = (samples.len() / wanted).max(1);
    let mut content: Vec<u8> =
        samples.iter().step_by(step).flat_map(|sample| sample.bytes()).collect();
    content.truncate(size);
    Ok(content)
}

/// A dictionary as its row holds it.
pub(super) fn pack(content: &[u8]) -> io::Result<Vec<u8>> {
    zstd::bulk::compress(content, 9)
}

/// The dictionary of a row.
pub(super) fn unpack(packed: &[u8]) -> io::Result<Vec<u8>> {
    zstd::bulk::decompress(packed, 4 * DICTIONARY_BYTES_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(count: usize, bytes: usize) -> Vec<String> {
        let filler = "lorem ipsum dolor sit amet ".repeat(bytes / 27 + 1);
        (0..count)
            .map(|i| format!("{{\"key\":\"A-{i}\",\"text\":\"{}\"}}", &filler[..bytes]))
            .collect()
    }

    #[track_caller]
    fn check(count: usize, bytes: usize, present: Option<usize>, chosen: bool) {
        let documents = documents(count, bytes);
        let texts: Vec<&str> = documents.iter().map(String::as_str).collect();
        let samples = samples(&texts, present);
        assert_eq!(!samples.is_empty(), chosen, "{count} documents of {bytes} bytes");
        if chosen {
            let content = make(&samples).unwrap();
            assert!(!content.is_empty() && content.len() <= DICTIONARY_BYTES_MAX);
            assert_eq!(unpack(&pack(&content).unwrap()).unwrap(), content);
        }
    }

    #[test]
    fn a_dictionary_needs_enough_documents() {
        check(0, 0, None, false);
        check(15, 1700, None, false);
        check(16, 1700, None, true);
        check(60, 10, None, true);
        check(1000, 1700, None, true);
        check(1000, 1700, Some(16), true);
        check(1000, 1700, Some(128), false);
        check(20, 1700, Some(16), false);
        check(100, 1_000_000, None, false);
    }
}
