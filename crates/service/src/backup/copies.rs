//! The copies of a database, and those in the storage.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::Path,
};

use data_encoding::HEXLOWER;
use futures::TryStreamExt;
use reelroom_domain::ids::FileId;
use reelroom_store::{
    Conn, Store, StoreError,
    files::{self, Stored},
};
use sha2::{Digest, Sha256};

use super::{error::BackupError, manifest::ListedCopy, report::CopiesReport};
use crate::ground::storage::Storage;

/// How many copies are read of the database at a time.
const PAGE: u32 = 4 * 1024;

/// The copies of a database.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub copies: u64,
    pub bytes: u64,
    /// The keys of those that the storage does not have.
    pub missing: Vec<String>,
}

/// The sizes of all objects by key. A folder that is missing has none.
async fn sizes(storage: &Storage) -> Result<HashMap<String, u64>, object_store::Error> {
    if storage.folder().is_some_and(|folder| !folder.exists()) {
        return Ok(HashMap::new());
    }
    let objects = storage.list();
    objects
        .map_ok(|object| (object.key, object.size))
        .try_collect()
        .await
}

/// The next copies of the database after that of the file `after`, which moves on; `None` at the end.
async fn next(
    conn: &mut Conn,
    after: &mut Option<FileId>,
) -> Result<Option<Vec<Stored>>, StoreError> {
    let page = files::copies(conn, *after, PAGE).await?;
    *after = page.last().map(|(id, _)| *id);
    Ok(after.map(|_| page.into_iter().map(|(_, copy)| copy).collect()))
}

/// Writes the list of the storage: the copies that the database has at one moment.
pub(super) async fn list(
    store: &Store,
    storage: &Storage,
    to: &Path,
) -> Result<Listed, BackupError> {
    let sizes = sizes(storage).await?;
    let mut lines = BufWriter::new(File::create_new(to).map_err(BackupError::file(to))?);
    let (mut listed, mut after) = (Listed::default(), None);
    let mut read = store.read().await?;
    while let Some(page) = next(&mut read, &mut after).await? {
        for copy in page {
            listed.copies += 1;
            listed.bytes += copy.size;
            if !sizes.contains_key(&copy.key) {
                listed.missing.push(copy.key.clone());
            }
            let line = ListedCopy {
                key: copy.key,
                size: copy.size,
                sha256: copy.sha256,
            };
            let written = serde_json::to_writer(&mut lines, &line).map_err(io::Error::from);
            written
                .and_then(|()| lines.write_all(b"\n"))
                .map_err(BackupError::file(to))?;
        }
    }
    lines.flush().map_err(BackupError::file(to))?;
    Ok(listed)
}

/// Compares the copies that a database has with the list of its backup and with the storage, and, if `reads`, with
/// their content.
pub(super) async fn compare(
    store: &Store,
    storage: &Storage,
    list: &Path,
    reads: bool,
) -> Result<CopiesReport, BackupError> {
    let listed = read_list(list)?;
    let sizes = sizes(storage).await?;
    let (mut report, mut after) = (CopiesReport::default(), None);
    let mut read = store.read().await?;
    while let Some(page) = next(&mut read, &mut after).await? {
        for copy in page {
            let is_listed = listed.get(&copy.key) == Some(&(copy.size, copy.sha256.clone()));
            let list = match sizes.get(&copy.key) {
                None => &mut report.missing,
                Some(size) if *size != copy.size => &mut report.resized,
                Some(_) if !is_listed => &mut report.unlisted,
                Some(_) if reads && hash(storage, &copy.key).await? != copy.sha256 => {
                    &mut report.damaged
                }
                Some(_) => {
                    report.good += 1;
                    continue;
                }
            };
            list.push(copy.key);
        }
    }
    Ok(report)
}

/// The size and the hash of each copy of a list.
fn read_list(path: &Path) -> Result<HashMap<String, (u64, String)>, BackupError> {
    let file = File::open(path).map_err(BackupError::file(path))?;
    let mut listed = HashMap::new();
    for line in BufReader::new(file).lines() {
        let line = line.and_then(|line| Ok(serde_json::from_str(&line)?));
        let copy: ListedCopy = line.map_err(BackupError::file(path))?;
        listed.insert(copy.key, (copy.size, copy.sha256));
    }
    Ok(listed)
}

/// The SHA-256 of an object.
async fn hash(storage: &Storage, key: &str) -> Result<String, object_store::Error> {
    let mut body = storage.read_whole(key).await?;
    let mut sha256 = Sha256::new();
    while let Some(bytes) = body.try_next().await? {
        sha256.update(&bytes);
    }
    Ok(HEXLOWER.encode(&sha256.finalize()))
}
