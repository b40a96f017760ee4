//! Writes, hashes, packs and unpacks the files of a backup. All of this blocks.

use std::{
    fs::{self, File, Permissions},
    io::{self, ErrorKind, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::task::spawn_blocking;

use super::{
    error::BackupError,
    manifest::{BackupPart, CALLS, DATABASE, FORMAT, LIST, MANIFEST, Manifest},
};

/// The beginning of the names of unfinished backups and restores, which may be deleted.
const UNFINISHED: &str = ".reelroom-unfinished-";

/// Runs a task that blocks.
pub(super) async fn blocking<T: Send + 'static>(
    task: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    let done = spawn_blocking(task).await;
    done.map_err(|_| BackupError::Interrupted)?
}

/// A folder beside `path` for what is not finished; deleted with the value.
pub(super) fn unfinished(path: &Path) -> Result<TempDir, BackupError> {
    let folder = folder_of(path);
    let made = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .tempdir_in(folder);
    made.map_err(BackupError::file(folder))
}

/// Refuses a path that exists.
pub(super) fn refuse_existing(path: &Path) -> Result<(), BackupError> {
    // Also a link that leads nowhere.
    match path.symlink_metadata() {
        Ok(_) => Err(BackupError::Exists(path.to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(BackupError::file(path)(error)),
    }
}

/// Refuses a database file whose write-ahead log is not empty: it is not whole by itself.
pub(super) fn refuse_open(database: &Path) -> Result<(), BackupError> {
    let log = log_of(database);
    match log.metadata() {
        Ok(metadata) if metadata.len() > 0 => {
            let source = io::Error::other("the database was not closed");
            Err(BackupError::File { path: log, source })
        }
        _ => Ok(()),
    }
}

/// The write-ahead log of a database file.
pub(super) fn log_of(database: &Path) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push("-wal");
    path.into()
}

/// Flushes the parts in a folder to the disk, and returns their sizes and hashes. From then on only our account may
/// read them: they contain secrets.
pub(super) fn describe(folder: &Path, names: &[&str]) -> Result<Vec<BackupPart>, BackupError> {
    let describe = |name: &&str| {
        let path = folder.join(name);
        digest(name, &path).map_err(BackupError::file(path))
    };
    names.iter().map(describe).collect()
}

fn digest(name: &str, path: &Path) -> io::Result<BackupPart> {
    let mut file = File::open(path)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    file.sync_all()?;
    let mut sha256 = Sha256::new();
    Ok(BackupPart {
        name: name.to_owned(),
        size: io::copy(&mut file, &mut sha256)?,
        sha256: HEXLOWER.encode(&sha256.finalize()),
    })
}

/// Writes the manifest into the folder, which makes a whole backup of it, and gives the folder its name, or packs it
/// into the file of that name. There it is complete and on the disk, or not at all.
pub(super) fn finish(folder: TempDir, manifest: &Manifest, to: &Path) -> Result<(), BackupError> {
    let text = serde_json::to_vec_pretty(manifest).map_err(io::Error::from);
    let path = folder.path().join(MANIFEST);
    text.and_then(|text| write_new(&path, &text))
        .map_err(BackupError::file(path))?;
    let placed = if is_archive(to) {
        pack(folder.path(), manifest, to)
    } else {
        // A folder that is not empty would stay as it is.
        sync(folder.path()).and_then(|()| fs::rename(folder.path(), to))
    };
    placed.map_err(BackupError::file(to))?;
    sync(folder_of(to)).map_err(BackupError::file(folder_of(to)))?;
    if !is_archive(to) {
        let _renamed = folder.keep();
    }
    Ok(())
}

/// The ends of names of archives that are not made. A folder of such a name would be taken for one.
const OTHER_ARCHIVES: [&str; 11] = [
    "7z", "bz2", "gz", "rar", "tbz2", "tgz", "txz", "tzst", "xz", "zip", "zst",
];

/// Whether a backup of this name is one file: a tar archive.
fn is_archive(path: &Path) -> bool {
    ends_in(path, &["tar"])
}

/// Refuses the name of an archive of another kind.
pub(super) fn refuse_other_archive(path: &Path) -> Result<(), BackupError> {
    if ends_in(path, &OTHER_ARCHIVES) {
        return Err(BackupError::OtherArchive(path.to_owned()));
    }
    Ok(())
}

fn ends_in(path: &Path, extensions: &[&str]) -> bool {
    let of_it = path.extension();
    of_it.is_some_and(|of_it| extensions.iter().any(|one| of_it.eq_ignore_ascii_case(one)))
}

fn pack(folder: &Path, manifest: &Manifest, to: &Path) -> io::Result<()> {
    let file = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .tempfile_in(folder_of(to))?;
    let mut archive = tar::Builder::new(file.as_file());
    let parts = manifest.parts.iter().map(|part| part.name.as_str());
    for name in parts.chain([MANIFEST]) {
        archive.append_path_with_name(folder.join(name), name)?;
    }
    archive.into_inner()?.sync_all()?;
    file.persist_noclobber(to)?;
    Ok(())
}

/// Copies the files of a backup into a folder, and checks them there against the manifest.
pub(super) fn fetch(from: &Path, folder: &Path) -> Result<Manifest, BackupError> {
    let not_whole = |why: String| BackupError::NotWhole {
        path: from.to_owned(),
        why,
    };
    let fetched = if from.is_dir() {
        copy_all(from, folder)
    } else {
        unpack(from, folder)
    };
    fetched.map_err(|error| not_whole(error.to_string()))?;
    let text = match fs::read(folder.join(MANIFEST)) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(not_whole("it has no manifest".to_owned()));
        }
        text => text.map_err(BackupError::file(folder))?,
    };
    let manifest: Manifest = serde_json::from_slice(&text)
        .map_err(|error| not_whole(format!("its manifest is not readable: {error}")))?;
    if manifest.format != FORMAT {
        let why = format!("its format is {}, not {FORMAT}", manifest.format);
        return Err(not_whole(why));
    }
    if manifest.clone().sealed().ok().as_ref() != Some(&manifest) {
        return Err(not_whole("its manifest was changed".to_owned()));
    }
    let expected = manifest.engine.parts();
    for name in expected {
        if !folder.join(name).is_file() {
            return Err(not_whole(format!("{name} is missing")));
        }
    }
    for part in describe(folder, expected)? {
        if !manifest.parts.contains(&part) {
            let why = format!("{} has other content than was backed up", part.name);
            return Err(not_whole(why));
        }
    }
    Ok(manifest)
}

/// The files that a backup may have.
const FILES: [&str; 4] = [DATABASE, CALLS, LIST, MANIFEST];

fn copy_all(from: &Path, folder: &Path) -> io::Result<()> {
    for name in FILES {
        match fs::copy(from.join(name), folder.join(name)) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            copied => {
                copied?;
            }
        }
    }
    Ok(())
}

fn unpack(from: &Path, folder: &Path) -> io::Result<()> {
    let mut archive = tar::Archive::new(File::open(from)?);
    for entry in archive.entries()? {
        // Where the reader does not understand the file, its message contains some of it.
        let mut entry = entry.map_err(|error| match error.raw_os_error() {
            Some(_) => error,
            None => io::Error::other("it is no tar archive, or a damaged one"),
        })?;
        let path = entry.path()?.into_owned();
        // Nothing else is unpacked, wherever its name leads.
        if let Some(name) = FILES.iter().find(|name| path == Path::new(name)) {
            io::copy(&mut entry, &mut File::create_new(folder.join(name))?)?;
        }
    }
    Ok(())
}

/// Moves a file that is on the disk to a place where nothing is.
pub(super) fn put(file: &Path, to: &Path) -> Result<(), BackupError> {
    let moved = tempfile::TempPath::try_from_path(file)
        .and_then(|file| file.persist_noclobber(to).map_err(|error| error.error))
        .and_then(|()| sync(folder_of(to)));
    moved.map_err(BackupError::file(to))
}

/// Flushes a file, or the names in a folder, to the disk.
pub(super) fn sync(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The folder that an absolute path lies in.
fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}
