//! The downloaded parts of files that are being fetched, on the local disk.

use std::{
    ffi::OsStr,
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use data_encoding::HEXLOWER;
use reelroom_domain::ids::FileId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::{
    fs::{File, OpenOptions},
    io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt, BufWriter},
};

const BUFFER: usize = 1 << 16;

/// The folder of the files that are being downloaded.
///
/// Its bytes are written to the disk only when a download is complete. What a power cut or a restart of
/// the machine leaves behind may have holes, so each part names the boot in which it was written, and is
/// dropped in the next one. The end of the process alone costs nothing.
pub(crate) struct Staging {
    folder: PathBuf,
    boot: String,
}

/// The part of a file that was downloaded so far.
pub(crate) struct Partial {
    path: PathBuf,
    boot: String,
    head: Head,
    file: BufWriter<File>,
    length: u64,
    sha256: Sha256,
    crc32: crc32fast::Hasher,
}

/// The identity of the bytes of a part; stored beside it, before the first byte.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    boot: String,
    place: String,
    validator: Option<String>,
    size: Option<u64>,
}

/// A file that was downloaded to its end and is on the disk.
pub(crate) struct Whole {
    /// Where it is.
    pub path: PathBuf,
    /// Bytes.
    pub size: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// CRC-32 as in ZIP.
    pub crc32: u32,
}

impl Staging {
    /// Opens the folder, which is created if it does not exist.
    pub fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        fs::set_permissions(folder, Permissions::from_mode(0o700))?;
        Ok(Self {
            folder: folder.to_owned(),
            boot: boot(),
        })
    }

    /// Removes the parts of an earlier boot. Not for a command: a server may be writing parts.
    pub fn clean(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let end = path.extension().and_then(OsStr::to_str);
            let is_ours = matches!(end, Some("part" | "json"));
            if is_ours && read_head(&path).is_none_or(|head| head.boot != self.boot) {
                fs::remove_file(&path)?;
            }
        }
        Ok(())
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The part of a file, with what was downloaded before from the same place. A place is an address
    /// without its query.
    pub async fn part(&self, id: FileId, place: &str) -> io::Result<Partial> {
        let path = self.path(id);
        let known = read_head(&path).filter(|head| head.boot == self.boot && head.place == place);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true);
        let file = options.truncate(known.is_none()).open(&path).await?;
        let mut part = Partial {
            path,
            boot: self.boot.clone(),
            head: known.unwrap_or_default(),
            file: BufWriter::with_capacity(BUFFER, file),
            length: 0,
            sha256: Sha256::new(),
            crc32: crc32fast::Hasher::new(),
        };
        part.head.place = place.to_owned();
        part.read_again().await?;
        Ok(part)
    }

    /// Removes the part of a file, if there is one.
    pub async fn discard(&self, id: FileId) {
        remove(&self.path(id)).await;
    }

    fn path(&self, id: FileId) -> PathBuf {
        self.folder.join(format!("{id}.part"))
    }
}

impl Partial {
    /// Bytes so far.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// The size of the whole file, if the server told it.
    pub const fn size(&self) -> Option<u64> {
        self.head.size
    }

    /// The validator of the bytes so far, for `If-Range` (RFC 9110 §13.1.5). `None`: there are none, or
    /// the server gave none that is strong enough.
    pub fn validator(&self) -> Option<&str> {
        let validator = self.head.validator.as_deref();
        validator.filter(|_| self.length > 0)
    }

    /// Starts over, with bytes of this validator and of a file of this size.
    pub async fn start_over(
        &mut self,
        validator: Option<String>,
        size: Option<u64>,
    ) -> io::Result<()> {
        self.file.flush().await?;
        self.file.rewind().await?;
        self.file.get_mut().set_len(0).await?;
        self.length = 0;
        self.sha256 = Sha256::new();
        self.crc32 = crc32fast::Hasher::new();
        self.head = Head {
            boot: self.boot.clone(),
            place: std::mem::take(&mut self.head.place),
            validator,
            size,
        };
        let head = serde_json::to_vec(&self.head)?;
        tokio::fs::write(head_of(&self.path), head).await
    }

    /// Adds bytes.
    pub async fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await?;
        self.count(bytes);
        Ok(())
    }

    /// Hands the bytes to the operating system: they outlive the process.
    pub async fn flush(&mut self) -> io::Result<()> {
        self.file.flush().await
    }

    /// Ends the part as a whole file, whose bytes are on the disk.
    pub async fn finish(mut self) -> io::Result<Whole> {
        self.file.flush().await?;
        if let Err(error) = self.file.get_ref().sync_all().await {
            // The system may take what it could not write for written: a second try would succeed.
            remove(&self.path).await;
            return Err(error);
        }
        Ok(Whole {
            path: self.path,
            size: self.length,
            sha256: HEXLOWER.encode(&self.sha256.finalize()),
            crc32: self.crc32.finalize(),
        })
    }

    /// Removes the part.
    pub async fn discard(self) {
        remove(&self.path).await;
    }

    /// Reads the bytes that are there, up to their end.
    async fn read_again(&mut self) -> io::Result<()> {
        let mut bytes = vec![0; BUFFER];
        loop {
            let n = self.file.get_mut().read(&mut bytes).await?;
            if n == 0 {
                return Ok(());
            }
            self.count(&bytes[..n]);
        }
    }

    fn count(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        self.crc32.update(bytes);
        self.length += bytes.len() as u64;
    }
}

/// Removes a part and what is stored beside it, as far as they are there.
pub(crate) async fn remove(part: &Path) {
    for path in [part, &head_of(part)] {
        if let Err(error) = tokio::fs::remove_file(path).await
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, path = %path.display(), "a downloaded part is not removed");
        }
    }
}

fn head_of(part: &Path) -> PathBuf {
    part.with_extension("json")
}

/// The head of a part; `None`: there is none, or it is not readable.
fn read_head(part: &Path) -> Option<Head> {
    serde_json::from_slice(&fs::read(head_of(part)).ok()?).ok()
}

/// A name of this boot of the machine. Where the system has none, one that no other process has.
fn boot() -> String {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id");
    boot.map_or_else(
        |_| format!("{}-{:?}", std::process::id(), std::time::SystemTime::now()),
        |boot| boot.trim().to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    const ID: &str = "0197f0c0000070008000000000000001";
    const PLACE: &str = "https://files.example/a.mp4";
    /// SHA-256 of `hello` and its CRC-32.
    const HELLO: (&str, u32) = (
        "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
        0x3610_a686,
    );

    async fn part(staging: &Staging, place: &str) -> Partial {
        staging.part(ID.parse().unwrap(), place).await.unwrap()
    }

    async fn half() -> (TempDir, Staging) {
        let folder = TempDir::new().unwrap();
        let staging = Staging::open(folder.path()).unwrap();
        let mut half = part(&staging, PLACE).await;
        assert_eq!((half.length(), half.validator()), (0, None));
        half.append(b"xyz").await.unwrap();
        half.start_over(Some("\"v1\"".to_owned()), Some(5))
            .await
            .unwrap();
        half.append(b"hel").await.unwrap();
        half.flush().await.unwrap();
        (folder, staging)
    }

    #[tokio::test]
    async fn a_part_goes_on_where_it_ended() {
        let (folder, _) = half().await;
        let staging = Staging::open(folder.path()).unwrap();
        let mut rest = part(&staging, PLACE).await;
        assert_eq!((rest.length(), rest.size()), (3, Some(5)));
        assert_eq!(rest.validator(), Some("\"v1\""));
        rest.append(b"lo").await.unwrap();
        let whole = rest.finish().await.unwrap();
        assert_eq!((whole.sha256.as_str(), whole.crc32), HELLO);
        assert_eq!(whole.size, 5);
        assert_eq!(fs::read(&whole.path).unwrap(), b"hello");
        remove(&whole.path).await;
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn bytes_of_another_place_are_dropped() {
        let (_folder, staging) = half().await;
        let other = part(&staging, "https://files.example/b.mp4").await;
        assert_eq!((other.length(), other.validator()), (0, None));
    }

    #[tokio::test]
    async fn bytes_of_another_boot_are_dropped() {
        let (folder, mut staging) = half().await;
        staging.boot = "another".to_owned();
        let other = part(&staging, PLACE).await;
        assert_eq!((other.length(), other.validator()), (0, None));
        fs::write(folder.path().join("x.json"), b"{}").unwrap();
        fs::write(folder.path().join("x.part"), b"x").unwrap();
        let staging = Staging::open(folder.path()).unwrap();
        assert!(folder.path().join("x.part").exists());
        staging.clean().unwrap();
        assert!(!folder.path().join("x.part").exists());
        assert!(!folder.path().join("x.json").exists());
    }
}
