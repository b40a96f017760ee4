//! Room on the disk: fetching stops before there is none for callbacks.

use std::path::PathBuf;

/// The room that fetching leaves free on the disks of some folders.
pub(crate) struct Reserve {
    folders: Vec<PathBuf>,
    percent: u8,
    bytes: u64,
}

impl Reserve {
    /// A reserve of this share of the disk, and of at least these bytes.
    pub const fn new(folders: Vec<PathBuf>, percent: u8, bytes: u64) -> Self {
        Self {
            folders,
            percent,
            bytes,
        }
    }

    /// Whether there is room beyond the reserve. A disk that cannot be queried counts as one with room:
    /// the write itself will tell.
    pub fn has_room(&self) -> bool {
        self.folders.iter().all(|folder| {
            rustix::fs::statvfs(folder).map_or(true, |disk| {
                let all = disk.f_blocks * disk.f_frsize;
                let reserve = (all / 100 * u64::from(self.percent)).max(self.bytes);
                disk.f_bavail * disk.f_frsize >= reserve
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reserve_beyond_the_disk_leaves_no_room() {
        let room = |percent, bytes| {
            let folders = vec![std::env::temp_dir(), PathBuf::from("/does/not/exist")];
            Reserve::new(folders, percent, bytes).has_room()
        };
        assert!(room(0, 0));
        assert!(!room(100, 0));
        assert!(!room(0, u64::MAX));
    }
}
