//! What takes how much of a disk.

use app::health::Room;

use crate::format::bytes;

/// How large a workspace is, and what of it takes how much.
pub fn room(size_bytes: u64, room: Option<&Room>) -> String {
    let Some(room) = room else { return bytes(size_bytes) };
    let Room { database_bytes, log_bytes, unused_bytes, backups_bytes, trash_bytes } = *room;
    let unused = match unused_bytes {
        0 => String::new(),
        _ => format!(" ({} of it unused)", bytes(unused_bytes)),
    };
    let whole = bytes(size_bytes + backups_bytes + trash_bytes);
    format!(
        "{whole}: database {}{unused}, log {}, backups {}, trash {}",
        bytes(database_bytes),
        bytes(log_bytes),
        bytes(backups_bytes),
        bytes(trash_bytes)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_is_not_there_is_not_told() {
        assert_eq!(room(2_000_000, None), bytes(2_000_000));
        let parts = |unused_bytes| Room {
            database_bytes: 1_500_000,
            log_bytes: 500_000,
            unused_bytes,
            backups_bytes: 3_000_000,
            trash_bytes: 0,
        };
        let said = |unused: u64| room(2_000_000, Some(&parts(unused))).replace('\u{202f}', " ");
        assert_eq!(said(0), "5 MB: database 1.5 MB, log 500 kB, backups 3 MB, trash 0 B");
        assert!(said(400_000).contains("1.5 MB (400 kB of it unused), log"), "{}", said(400_000));
    }
}
