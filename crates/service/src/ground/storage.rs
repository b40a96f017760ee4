//! The storage of archived files: a folder or an S3 bucket (`object_store`).

use std::{
    error::Error,
    fs::{self, Permissions},
    io,
    ops::Range,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use futures::{
    StreamExt, TryStreamExt,
    future::try_join_all,
    stream::{self, BoxStream},
};
use object_store::{
    GetOptions, ListResult, ObjectMeta, ObjectStore, ObjectStoreExt,
    aws::{AmazonS3, AmazonS3Builder, Checksum},
    buffered::BufWriter,
    local::LocalFileSystem,
    path::Path,
    prefix::PrefixStore,
    signer::{Method, SignedUrlOptions, Signer},
};
use reelroom_domain::{ids::RecordingId, time::Timestamp, usage::StoragePlace};
use reelroom_store::{Store, StoreError, files};
use tokio::io::AsyncWriteExt;
use url::Url;

use super::{config::StorageLocation, local};

/// The storage cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// Its folder is missing. A new one would be on the wrong disk where the right one is not mounted.
    #[error(
        "the storage folder {} is not there, and nothing was made: mount its disk or correct --storage-url; \
         if the copies are gone for good, make an empty folder there",
        .0.display()
    )]
    Missing(PathBuf),
    /// Its folder cannot be created or read.
    #[error("storage folder {0}: {1}")]
    Folder(PathBuf, io::Error),
    /// The database does not say whether it has copies.
    #[error("database: {0}")]
    Database(#[from] StoreError),
    /// Its configuration is invalid.
    #[error("storage: {0}")]
    Store(#[from] object_store::Error),
}

/// The most parts of an upload, and the least bytes of each but the last (S3).
const PARTS: (u64, u64) = (10_000, 5 << 20);
/// The parts of an upload that are sent at the same time; each is in memory.
const PARTS_AT_ONCE: usize = 2;
/// The folders that are listed at the same time.
const FOLDERS_AT_ONCE: usize = 8;
/// How long a signed address is valid. A download that has begun goes on.
const SIGNED_FOR: Duration = Duration::from_mins(5);

/// An object of the storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Object {
    pub key: String,
    pub size: u64,
    pub modified_at: Timestamp,
}

/// The storage of archived files.
#[derive(Clone)]
pub(crate) enum Storage {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket with its address, and what the names of the objects begin with.
    Bucket(Url, AmazonS3, Path),
}

impl Storage {
    /// Opens `location`. A folder need not be there.
    pub fn open(location: &StorageLocation) -> Result<Self, StorageError> {
        Ok(match location {
            StorageLocation::Folder(folder) => Self::Folder(folder.clone()),
            StorageLocation::S3(url) => {
                // The client uses the process's provider; installing it again fails, which is fine.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let bucket = AmazonS3Builder::from_env()
                    .with_url(url.as_str())
                    .with_checksum_algorithm(Checksum::SHA256)
                    .build()?;
                let prefix = Path::parse(url.path().trim_matches('/'));
                let prefix = prefix.map_err(object_store::Error::from)?;
                Self::Bucket(url.clone(), bucket, prefix)
            }
        })
    }

    /// Makes a folder private, and creates it where the database has no copies, as before the first start.
    pub async fn prepare(&self, store: &Store) -> Result<(), StorageError> {
        let Self::Folder(folder) = self else {
            return Ok(());
        };
        if !folder.is_dir() {
            if files::has_copies(&mut *store.read().await?).await? {
                return Err(StorageError::Missing(folder.clone()));
            }
            create_folder(folder).map_err(|error| StorageError::Folder(folder.clone(), error))?;
        }
        if let Err(error) = make_private(folder) {
            tracing::warn!(%error, folder = %folder.display(),
                "other accounts of this machine may be able to read the archived files");
        }
        Ok(())
    }

    /// The objects. An error if their folder is missing: nothing would be found in it, and writing would make it anew.
    async fn objects(&self) -> Result<Arc<dyn ObjectStore>, object_store::Error> {
        match self {
            Self::Folder(folder) => {
                let folder = folder.clone();
                tokio::task::spawn_blocking(move || open_folder(&folder)).await?
            }
            Self::Bucket(_, bucket, prefix) => {
                Ok(Arc::new(PrefixStore::new(bucket.clone(), prefix.clone())))
            }
        }
    }

    /// Checks that the storage answers: that its folder is there, or by a request for an object that need not exist.
    pub async fn ping(&self) -> Result<(), object_store::Error> {
        self.has("ready").await.map(drop)
    }

    /// Whether there is an object `key`.
    pub async fn has(&self, key: &str) -> Result<bool, object_store::Error> {
        match self.objects().await?.head(&Path::from(key)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The folder of the copies, if they are on this machine.
    pub fn folder(&self) -> Option<&std::path::Path> {
        match self {
            Self::Folder(folder) => Some(folder),
            Self::Bucket(..) => None,
        }
    }

    /// The location of the copies, without secrets.
    pub fn place(&self) -> StoragePlace {
        match self {
            Self::Folder(folder) => StoragePlace::Folder(folder.display().to_string()),
            Self::Bucket(url, ..) => {
                let bucket = url.host_str().unwrap_or_default();
                let prefix = url.path().trim_end_matches('/');
                StoragePlace::Bucket(format!("s3://{bucket}{prefix}"))
            }
        }
    }

    /// Puts the file `from`, whose bytes are on the disk, into the storage as `key`: complete and durable,
    /// or not at all. In a folder it is moved, if it can be.
    pub async fn put_file(
        &self,
        from: &std::path::Path,
        key: &str,
    ) -> Result<(), object_store::Error> {
        let objects = self.objects().await?;
        if let Some(folder) = self.folder() {
            let (from, to) = (from.to_owned(), folder.join(key));
            let moved = tokio::task::spawn_blocking(move || move_file(&from, &to)).await?;
            match moved {
                // The folder is on another file system.
                Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {}
                moved => return moved.map_err(failure),
            }
        }
        let file = tokio::fs::File::open(from).await.map_err(failure)?;
        let upload = upload(objects, file, Path::from(key));
        // Goes on where this future is dropped: a bucket keeps the parts of an upload that nobody ends.
        tokio::spawn(upload).await?
    }

    /// Puts a small object into the storage.
    pub async fn put(&self, key: &str, bytes: Vec<u8>) -> Result<(), object_store::Error> {
        let objects = self.objects().await?;
        objects.put(&Path::from(key), bytes.into()).await.map(drop)
    }

    /// Deletes an object.
    pub async fn delete(&self, key: &str) -> Result<(), object_store::Error> {
        self.objects().await?.delete(&Path::from(key)).await
    }

    /// Deletes an object, which is gone from the disk, too, when this returns. Returns whether there was one.
    pub async fn remove(&self, key: &str) -> Result<bool, object_store::Error> {
        let was_there = self.has(key).await?;
        match self.delete(key).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
        if let Some(folder) = self.folder() {
            let path = folder.join(key);
            let synced = tokio::task::spawn_blocking(move || sync_above(&path)).await?;
            synced.map_err(failure)?;
        }
        Ok(was_there)
    }

    /// A stream of all bytes of `key`, however many there are.
    pub async fn read_whole(
        &self,
        key: &str,
    ) -> Result<BoxStream<'static, Result<Bytes, object_store::Error>>, object_store::Error> {
        let object = self.objects().await?.get(&Path::from(key)).await?;
        Ok(object.into_stream())
    }

    /// All bytes of a small object.
    pub async fn get(&self, key: &str) -> Result<Bytes, object_store::Error> {
        let object = self.objects().await?.get(&Path::from(key)).await?;
        object.bytes().await
    }

    /// All bytes of these small objects, in this order: of a bucket at the same time, of a folder by one thread.
    pub async fn get_each(&self, keys: Vec<String>) -> Result<Vec<Bytes>, object_store::Error> {
        if let Some(folder) = self.folder() {
            let folder = folder.to_owned();
            let read = move |key: String| {
                let bytes = fs::read(folder.join(&key)).map(Bytes::from);
                bytes.map_err(|error| unreadable(&key, error))
            };
            let read = move || keys.into_iter().map(read).collect();
            return tokio::task::spawn_blocking(read).await?;
        }
        let read = keys.into_iter().map(|key| {
            let storage = self.clone();
            async move { storage.get(&key).await }
        });
        try_join_all(read).await
    }

    /// A stream of all objects, folder by folder: in the order of the ids of the recordings.
    pub fn list(&self) -> BoxStream<'static, Result<Object, object_store::Error>> {
        let storage = self.clone();
        let objects = async move {
            let objects = storage.objects().await?;
            Ok::<_, object_store::Error>(match storage {
                Self::Folder(_) => folder_by_folder(objects),
                // A bucket lists its keys in order.
                Self::Bucket(..) => objects.list(None),
            })
        };
        let objects = stream::once(objects).try_flatten();
        let objects = objects.map_ok(|object| Object {
            key: object.location.to_string(),
            size: object.size,
            modified_at: Timestamp::from_millis(object.last_modified.timestamp_millis()),
        });
        objects.boxed()
    }

    /// The bytes `range` of `key`, of those that it has.
    pub async fn get_range(
        &self,
        key: &str,
        range: Range<u64>,
    ) -> Result<Bytes, object_store::Error> {
        let objects = self.objects().await?;
        objects.get_range(&Path::from(key), range).await
    }

    /// A stream of the bytes `range` of `key`; an error if the object does not have all of them.
    pub async fn read(
        &self,
        key: &str,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, object_store::Error>>, object_store::Error> {
        if range.is_empty() {
            return Ok(stream::empty().boxed());
        }
        if let Some(folder) = self.folder() {
            let content = local::read(folder.join(key), range).await;
            let content = content.map_err(|error| unreadable(key, error))?;
            return Ok(content.map_err(failure).boxed());
        }
        let options = GetOptions::new().with_range(Some(range.clone()));
        let objects = self.objects().await?;
        let object = objects.get_opts(&Path::from(key), options).await?;
        if object.range != range {
            return Err(object_store::Error::Generic {
                store: "archive",
                source: format!("{key} ends at {}, before {}", object.range.end, range.end).into(),
            });
        }
        Ok(object.into_stream())
    }

    /// An address of an object in a bucket, valid for a short time, under which the bucket answers with this
    /// type and disposition. `None`: it is in a folder.
    pub async fn signed_address(
        &self,
        key: &str,
        content_type: &str,
        disposition: &str,
    ) -> Result<Option<Url>, object_store::Error> {
        let Self::Bucket(_, bucket, prefix) = self else {
            return Ok(None);
        };
        let key = Path::from(key);
        let path: Path = prefix.parts().chain(key.parts()).collect();
        let headers = [
            ("response-cache-control", "private, no-cache"),
            ("response-content-type", content_type),
            ("response-content-disposition", disposition),
        ];
        let options = SignedUrlOptions::new().with_query(headers);
        let address = bucket.signed_url_opts(Method::GET, &path, SIGNED_FOR, &options);
        address.await.map(Some)
    }
}

/// Writes `file` as an object, in parts if it is large. After an error there are no parts.
async fn upload(
    objects: Arc<dyn ObjectStore>,
    file: tokio::fs::File,
    path: Path,
) -> Result<(), object_store::Error> {
    let size = file.metadata().await.map_err(failure)?.len();
    let (most, least) = PARTS;
    let part = usize::try_from(size.div_ceil(most).max(least)).unwrap_or(usize::MAX);
    let mut file = tokio::io::BufReader::with_capacity(1 << 20, file);
    let writer = BufWriter::with_capacity(objects, path, part);
    let mut writer = writer.with_max_concurrency(PARTS_AT_ONCE);
    let copied = tokio::io::copy_buf(&mut file, &mut writer).await;
    if copied.is_err() {
        writer.abort().await?;
    }
    copied.map_err(failure)?;
    writer.shutdown().await.map_err(failure)
}

fn failure(error: impl Error + Send + Sync + 'static) -> object_store::Error {
    object_store::Error::Generic {
        store: "storage",
        source: Box::new(error),
    }
}

fn open_folder(folder: &std::path::Path) -> Result<Arc<dyn ObjectStore>, object_store::Error> {
    folder.read_dir().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => failure(StorageError::Missing(folder.to_owned())),
        _ => failure(StorageError::Folder(folder.to_owned(), error)),
    })?;
    let files = LocalFileSystem::new_with_prefix(folder)?;
    Ok(Arc::new(
        files.with_automatic_cleanup(true).with_fsync(true),
    ))
}

/// Why a file of the folder is not read.
fn unreadable(key: &str, error: io::Error) -> object_store::Error {
    if error.kind() == io::ErrorKind::NotFound {
        return object_store::Error::NotFound {
            path: key.to_owned(),
            source: Box::new(error),
        };
    }
    failure(error)
}

/// Moves a file within a file system; the move is on the disk when this returns.
fn move_file(from: &std::path::Path, to: &std::path::Path) -> io::Result<()> {
    let folder = to.parent().ok_or(io::ErrorKind::InvalidInput)?;
    create_folder(folder)?;
    fs::rename(from, to)?;
    fs::File::open(folder)?.sync_all()
}

/// Syncs the nearest folder above `path` that exists: an empty one may have been deleted with its last file.
fn sync_above(path: &std::path::Path) -> io::Result<()> {
    for folder in path.ancestors().skip(1) {
        match fs::File::open(folder) {
            Ok(folder) => return folder.sync_all(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Creates a folder, and those above it; their names are on the disk when this returns.
fn create_folder(folder: &std::path::Path) -> io::Result<()> {
    let folder = std::path::absolute(folder)?;
    let parent = folder.parent().ok_or(io::ErrorKind::InvalidInput)?;
    if !parent.is_dir() {
        create_folder(parent)?;
    }
    fs::create_dir_all(&folder)?;
    // Also where another thread, or a process that was killed, has created it.
    fs::File::open(parent)?.sync_all()
}

/// Removes the access of other accounts to a folder that was created before the server set its
/// `umask`: 700 for folders, 600 for files. The top folder comes last: if it is private, all is, and
/// a start checks nothing else. Foreign files stay as they are, and with them the top folder.
fn make_private(top: &std::path::Path) -> io::Result<()> {
    let is_open = |path: &std::path::Path| -> io::Result<bool> {
        Ok(path.metadata()?.permissions().mode() & 0o077 != 0)
    };
    let set = |path, mode| fs::set_permissions(path, Permissions::from_mode(mode));
    if !is_open(top)? {
        return Ok(());
    }
    let mut all_ours = true;
    for entry in fs::read_dir(top)? {
        let entry = entry?;
        let (name, path) = (entry.file_name(), entry.path());
        let id = name.to_str().map(str::parse::<RecordingId>);
        if !matches!(id, Some(Ok(_))) || !entry.file_type()?.is_dir() {
            all_ours = false;
        } else if is_open(&path)? {
            for file in fs::read_dir(&path)? {
                let file = file?;
                if file.file_type()?.is_file() {
                    set(file.path(), 0o600)?;
                }
            }
            set(path, 0o700)?;
        }
    }
    if all_ours {
        set(top.to_owned(), 0o700)?;
    }
    Ok(())
}

/// All objects, in the order of the names of the folders. A file system gives these in any order.
fn folder_by_folder(
    objects: Arc<dyn ObjectStore>,
) -> BoxStream<'static, Result<ObjectMeta, object_store::Error>> {
    let listed = async move {
        let ListResult {
            common_prefixes: mut folders,
            objects: at_the_top,
            ..
        } = objects.list_with_delimiter(None).await?;
        folders.sort_unstable();
        let in_folders = stream::iter(folders)
            .map(move |folder| objects.list(Some(&folder)).try_collect::<Vec<_>>())
            .buffered(FOLDERS_AT_ONCE)
            .map_ok(|objects| stream::iter(objects).map(Ok))
            .try_flatten();
        Ok::<_, object_store::Error>(stream::iter(at_the_top).map(Ok).chain(in_folders))
    };
    stream::once(listed).try_flatten().boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn folders_are_listed_in_the_order_of_their_names() {
        let folder = tempfile::tempdir().unwrap();
        let mut keys: Vec<String> = (0..200).map(|n| format!("{:03}/a", n * 37 % 200)).collect();
        for key in &keys {
            let path = folder.path().join(key);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        keys.sort_unstable();
        fs::write(folder.path().join("top"), "x").unwrap();
        keys.insert(0, "top".to_owned());
        let storage = Storage::open(&StorageLocation::Folder(folder.path().to_owned())).unwrap();
        let listed: Vec<Object> = storage.list().try_collect().await.unwrap();
        let listed: Vec<String> = listed.into_iter().map(|object| object.key).collect();
        assert_eq!(listed, keys);
    }

    #[test]
    fn readable_files_become_private_and_foreign_ones_stay() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().join("files");
        let recording = top.join("0197f0c0000070008000000000000001");
        let foreign = top.join("lost+found");
        let (file, theirs) = (recording.join("a"), foreign.join("b"));
        let set = |path: &std::path::Path, mode| {
            fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        };
        let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
        for (folder, file) in [(&recording, &file), (&foreign, &theirs)] {
            fs::create_dir_all(folder).unwrap();
            fs::write(file, "x").unwrap();
            set(file, 0o644);
            set(folder, 0o755);
        }
        std::os::unix::fs::symlink(&theirs, recording.join("link")).unwrap();
        set(&top, 0o755);
        make_private(&top).unwrap();
        assert_eq!((mode(&recording), mode(&file)), (0o700, 0o600));
        assert_eq!((mode(&foreign), mode(&theirs)), (0o755, 0o644));
        assert_eq!(mode(&top), 0o755, "others have something here");
        fs::remove_dir_all(&foreign).unwrap();
        make_private(&top).unwrap();
        assert_eq!(mode(&top), 0o700);
        // A private folder: nothing below it is checked again.
        set(&recording, 0o755);
        make_private(&top).unwrap();
        assert_eq!(mode(&recording), 0o755);
    }

    #[tokio::test]
    async fn a_folder_answers_only_while_it_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let files = folder.path().join("files");
        let location = StorageLocation::Folder(files.clone());
        let storage = Storage::open(&location).unwrap();
        assert!(storage.ping().await.is_err());
        fs::create_dir(&files).unwrap();
        storage.ping().await.unwrap();
        fs::rename(&files, folder.path().join("away")).unwrap();
        assert!(storage.ping().await.is_err());
        let new = folder.path().join("new");
        fs::write(&new, "x").unwrap();
        for refused in [
            storage.put_file(&new, "a/b").await,
            storage.put("a/c", vec![1]).await,
            storage.remove("a/b").await.map(drop),
        ] {
            let error = refused.unwrap_err().to_string();
            assert!(error.contains("is not there"), "{error}");
        }
        assert!(new.exists() && !files.exists());
        fs::write(&files, "").unwrap();
        assert!(storage.ping().await.is_err(), "a file is no folder");
    }

    #[tokio::test]
    async fn small_objects_come_in_the_order_of_their_keys() {
        let folder = tempfile::tempdir().unwrap();
        for key in ["a", "b"] {
            fs::write(folder.path().join(key), key).unwrap();
        }
        let storage = StorageLocation::Folder(folder.path().to_owned());
        let storage = Storage::open(&storage).unwrap();
        let all = vec!["b".to_owned(), "a".to_owned()];
        assert_eq!(storage.get_each(all).await.unwrap(), ["b", "a"]);
        let one_gone = vec!["a".to_owned(), "c".to_owned()];
        let error = storage.get_each(one_gone).await.unwrap_err();
        assert!(matches!(error, object_store::Error::NotFound { path, .. } if path == "c"));
    }

    #[tokio::test]
    async fn an_object_must_have_all_bytes_of_a_range() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), "0123").unwrap();
        let storage = StorageLocation::Folder(folder.path().to_owned());
        let storage = Storage::open(&storage).unwrap();
        assert!(storage.read("a", 1..4).await.is_ok());
        assert!(storage.read("a", 1..5).await.is_err());
    }

    #[test]
    fn a_bucket_is_opened_repeatedly_without_a_request() {
        let bucket = StorageLocation::S3("s3://who@bucket/some/prefix/?k=v".parse().unwrap());
        for _ in 0..2 {
            let place = Storage::open(&bucket).unwrap().place();
            assert_eq!(
                place,
                StoragePlace::Bucket("s3://bucket/some/prefix".to_owned())
            );
        }
    }
}
