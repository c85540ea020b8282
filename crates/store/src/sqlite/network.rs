//! Whether a file lies on a network file system, where WAL is unsafe: its shared memory does not
//! reach from one machine to another.

use std::path::Path;

/// Kinds of file systems that other machines may write to at the same time.
const NETWORK_KINDS: [&str; 18] = [
    "9p",
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "coda",
    "davfs",
    "fuse.ceph",
    "fuse.davfs",
    "fuse.glusterfs",
    "fuse.rclone",
    "fuse.sshfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
];

/// The kind of network file system that holds `file`; `None` for a local one, or if the system
/// does not tell.
pub(super) fn kind_of(file: &Path) -> Option<String> {
    let path = std::path::absolute(file).ok()?;
    // The file may not be there yet; its folder is.
    let path = path.parent().and_then(|folder| folder.canonicalize().ok()).unwrap_or(path);
    let path = path.to_string_lossy();
    if is_share(&path) {
        return Some("a Windows share".to_owned());
    }
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
    let kind = file_system(&mounts, &path)?;
    NETWORK_KINDS.contains(&kind).then(|| kind.to_owned())
}

/// Whether a Windows path names a share (`\\server\share`, `\\?\UNC\server\share`).
fn is_share(path: &str) -> bool {
    match path.strip_prefix(r"\\?\").or_else(|| path.strip_prefix(r"\\.\")) {
        Some(rest) => rest.starts_with(r"UNC\"),
        None => path.starts_with(r"\\"),
    }
}

/// The file system that `path` lies in: the mount with the longest matching point; of several
/// over each other, the last.
fn file_system<'m>(mountinfo: &'m str, path: &str) -> Option<&'m str> {
    let mounts = mountinfo.lines().filter_map(|line| {
        let (mount, source) = line.split_once(" - ")?;
        let point = unescape(mount.split(' ').nth(4)?);
        holds(&point, path).then(|| Some((point.len(), source.split(' ').next()?)))?
    });
    // `max_by_key` gives the last of equals.
    mounts.max_by_key(|(length, _)| *length).map(|(_, kind)| kind)
}

fn holds(point: &str, path: &str) -> bool {
    let rest = path.strip_prefix(point.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Blanks in a mount point stand as `\040`.
fn unescape(point: &str) -> String {
    [(r"\040", " "), (r"\011", "\t"), (r"\012", "\n"), (r"\134", r"\")]
        .iter()
        .fold(point.to_owned(), |text, (code, character)| text.replace(code, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
23 22 0:20 / /home rw - nfs4 server:/home rw
24 23 8:2 / /home/me/local rw - xfs /dev/sdb1 rw
25 22 0:21 / /mnt/my\\040share rw - cifs //server/share rw
26 22 0:22 / /over rw - ext4 /dev/sdc1 rw
27 22 0:23 / /over rw - fuse.sshfs me@host: rw
";

    #[track_caller]
    fn check(path: &str, want: &str) {
        assert_eq!(file_system(MOUNTS, path), Some(want), "{path}");
    }

    #[test]
    fn the_nearest_mount_counts() {
        check("/", "ext4");
        check("/homeless/x", "ext4");
        check("/home", "nfs4");
        check("/home/me/x", "nfs4");
        check("/home/me/local/profiles", "xfs");
        check("/mnt/my share/profiles", "cifs");
        check("/over/x", "fuse.sshfs");
        assert_eq!(file_system("", "/x"), None);
    }

    #[test]
    fn windows_shares_are_recognised() {
        for (path, want) in [
            (r"\\server\share\profiles", true),
            (r"\\?\UNC\server\share", true),
            (r"\\?\C:\profiles", false),
            (r"C:\profiles", false),
            ("/profiles", false),
        ] {
            assert_eq!(is_share(path), want, "{path}");
        }
    }
}
