//! Permissions of the files and folders of the built binary.

use std::{
    fs::{self, Permissions},
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use crate::binary::{Caller, Server};
use reelroom_store::DatabaseUrl;

/// Everything below `folder`, with its mode.
fn modes(folder: &Path) -> Vec<(PathBuf, u32)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // SQLite may have deleted a temporary file.
        let Ok(metadata) = path.symlink_metadata() else {
            continue;
        };
        if metadata.is_dir() {
            found.extend(modes(&path));
        }
        found.push((path, metadata.permissions().mode() & 0o777));
    }
    found
}

#[test]
fn stored_files_are_private_to_their_account() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // The archive of an earlier version, which others may read.
    let files = data.join("files");
    let old = files.join("0197f0c0000070008000000000000001");
    fs::create_dir_all(&old).unwrap();
    fs::create_dir_all(data.join("sandbox/files")).unwrap();
    fs::write(old.join("0197f0c0000070008000000000000002"), "old").unwrap();
    fs::write(data.join("sandbox/files/new.mp4"), b"n\0w").unwrap();
    let open = [
        old.join("0197f0c0000070008000000000000002"),
        data.join("sandbox/files/new.mp4"),
    ];
    for path in &open {
        fs::set_permissions(path, Permissions::from_mode(0o644)).unwrap();
    }
    for path in [&old, &files, &data.join("sandbox/files")] {
        fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
    }
    // A port that was free a moment ago.
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let sandbox = free.unwrap().to_string();
    let server = Server::start(
        &data,
        &DatabaseUrl::Sqlite(data.join("new.db")),
        &[
            ("REELROOM_SANDBOX", "on"),
            ("REELROOM_SANDBOX_LISTEN", &sandbox),
        ],
    );
    let call = format!(
        r#"{{"type":"1","mediaType":"video","userId":"u1","groupId":"a","fileName":"new.mp4",
            "fileSize":3,"duration":3,"startTime":"2018-3-21 13:06:27",
            "endTime":"2018-3-21 13:06:30","downloadUrl":"http://{sandbox}/files/new.mp4",
            "userData":""}}"#
    );
    let mut caller = Caller::connect(&server.address).unwrap();
    assert_eq!(caller.post("av", call.as_bytes()).unwrap(), 200);
    let archived = (0..200).any(|_| {
        thread::sleep(Duration::from_millis(100));
        modes(&files).len() == 5
    });
    assert!(
        archived,
        "two recordings with a file each, one with its description: {:?}",
        modes(&files)
    );
    // The sandbox's files of an earlier version and this test's log are not ours.
    let (sandbox, log) = (data.join("sandbox"), data.join("log"));
    let ours = |path: &Path| path != sandbox && path != log && !path.ends_with("new.mp4");
    for (path, mode) in modes(&data).into_iter().filter(|(path, _)| ours(path)) {
        let folder_or_file = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode, folder_or_file, "{}", path.display());
    }
}
