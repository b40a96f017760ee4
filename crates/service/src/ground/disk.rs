//! The room on the disk. Fetching pauses before callbacks have none left.

use std::{
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use reelroom_domain::usage::DiskRoom;

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
        let mut disks = self.folders.iter().filter_map(|folder| self.disk(folder));
        disks.all(|disk| disk.is_enough())
    }

    /// The disks of the folders, each once, without those that cannot be queried.
    pub fn disks(&self) -> Vec<DiskRoom> {
        let mut devices = Vec::new();
        let folders = self.folders.iter().filter(|folder| {
            let device = folder.metadata().ok().map(|folder| folder.dev());
            let is_new = !devices.contains(&device);
            devices.push(device);
            is_new
        });
        folders.filter_map(|folder| self.disk(folder)).collect()
    }

    fn disk(&self, folder: &Path) -> Option<DiskRoom> {
        let disk = rustix::fs::statvfs(folder).ok()?;
        let size = disk.f_blocks.saturating_mul(disk.f_frsize);
        // A file system over a network may not know its size.
        (size > 0).then(|| DiskRoom {
            folder: folder.display().to_string(),
            size,
            free: disk.f_bavail.saturating_mul(disk.f_frsize),
            reserve: (size / 100 * u64::from(self.percent)).max(self.bytes),
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

    #[test]
    fn each_disk_is_shown_once() {
        let folder = std::env::temp_dir();
        let missing = PathBuf::from("/does/not/exist");
        let folders = vec![missing, folder.clone(), folder.clone()];
        let disks = Reserve::new(folders, 50, 0).disks();
        let [disk] = &disks[..] else {
            panic!("{disks:?}");
        };
        assert_eq!(disk.folder, folder.display().to_string());
        assert!(disk.free <= disk.size);
        assert_eq!(disk.reserve, disk.size / 100 * 50);
    }
}
