//! Why this account may not read or write a file, in words by which a person can mend it: the
//! system says "permission denied", and neither whose the file is nor which folder is meant.

use std::fs::metadata;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::Access;
use rustix::io::Errno;

use super::{account, of_number};
use crate::words::{Text, Words, access as words, both};

/// What somebody wants to do with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessKind {
    /// To read it.
    Read,
    /// To write it, and to make files beside it.
    Write,
}

/// Whether the system lets this account write a file that is there, and make others beside it.
#[must_use]
pub fn is_writable(path: &Path) -> bool {
    [path, folder(path)]
        .into_iter()
        .all(|place| refusal(place, Access::WRITE_OK).is_none())
}

/// The first thing on the way to a file that forbids it; `None` where nothing does.
#[must_use]
pub fn denied(path: &Path, wanted: AccessKind) -> Option<Words> {
    let folder = folder(path);
    let mut way: Vec<&Path> = folder.ancestors().collect();
    way.reverse();
    way.retain(|place| !place.as_os_str().is_empty());
    let entered = way.into_iter().map(|place| (place, Access::EXEC_OK, ENTER));
    let read = [(path, Access::READ_OK, READ)];
    let written = [
        (path, Access::WRITE_OK, WRITE),
        (folder, Access::WRITE_OK, WRITE_IN),
    ];
    let written = written.into_iter().filter(|_| wanted == AccessKind::Write);
    let mut places = entered.chain(read).chain(written);
    places.find_map(|(place, access, verb)| {
        let errno = refusal(place, access)?;
        Some(told(place, errno, verb))
    })
}

const ENTER: Text = both("open anything in", "进入");
const READ: Text = both("read", "读取");
const WRITE: Text = both("write", "写入");
const WRITE_IN: Text = both("make files in", "在其中新建文件：");

/// The folder that a file stands in, or is to stand in.
#[must_use]
pub fn folder(path: &Path) -> &Path {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Why the system does not allow it. What is not there is not forbidden.
fn refusal(place: &Path, access: Access) -> Option<Errno> {
    let refused = rustix::fs::access(place, access).err()?;
    [Errno::ACCESS, Errno::PERM, Errno::ROFS]
        .contains(&refused)
        .then_some(refused)
}

fn told(place: &Path, errno: Errno, verb: Text) -> Words {
    let shown = place.display();
    if errno == Errno::ROFS {
        return words::read_only(shown);
    }
    let Ok(found) = metadata(place) else {
        return words::closed(account(), verb, shown);
    };
    let owner = of_number(found.uid());
    let mode = format!("{:04o}", found.mode() & 0o7777);
    if errno == Errno::PERM {
        return words::unchangeable(shown);
    }
    words::owned(account(), verb, shown, owner, mode)
}

#[cfg(test)]
mod tests {
    use std::fs::{Permissions, create_dir, set_permissions, write};
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_place_that_forbids_is_named_with_its_owner() {
        if rustix::process::geteuid().is_root() {
            // Nothing is forbidden to root; `tests/readers.rs` is another account.
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        create_dir(at("in")).unwrap();
        write(at("in/a"), "").unwrap();
        let mode = |name: &str, mode| {
            set_permissions(at(name), Permissions::from_mode(mode)).unwrap();
        };
        assert_eq!(denied(&at("in/a"), AccessKind::Write), None);
        for (file, folder, wanted, says) in [
            (0o600, 0o500, AccessKind::Write, "may not make files in"),
            (0o400, 0o700, AccessKind::Write, "may not write"),
            (0o200, 0o700, AccessKind::Read, "may not read"),
            (0o600, 0o600, AccessKind::Read, "may not open anything in"),
        ] {
            mode("in", 0o700);
            mode("in/a", file);
            mode("in", folder);
            let told = denied(&at("in/a"), wanted).unwrap();
            assert!(told.en.contains(says), "{told:?}");
        }
        mode("in", 0o700);
    }

    #[test]
    fn what_is_not_there_is_not_forbidden() {
        assert_eq!(denied(Path::new("/no/such/file"), AccessKind::Write), None);
    }
}
