//! The vault, which encrypts secrets for the database and for cookies. The key is stored elsewhere, so a
//! copy of the database alone reveals no secret.

use std::{
    fmt, fs,
    io::{self, Write},
    path::{Path, PathBuf},
    str::FromStr,
};

use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXLOWER_PERMISSIVE};
use tempfile::NamedTempFile;

use super::{rng::SharedRng, secret::Secret};

/// The length of an `XChaCha20` nonce, long enough for random nonces.
const NONCE: usize = 24;

/// The key of the vault: 32 bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey([u8; 32]);

/// The text is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key is 32 bytes: 64 hexadecimal digits, or 44 characters of base64")]
pub struct BadSecretKey;

/// The key file cannot be read or created.
#[derive(Debug, thiserror::Error)]
#[error("secret key {0}: {1}")]
pub struct SecretKeyError(PathBuf, io::Error);

/// The source of the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretKeySource {
    /// The key itself.
    Given(SecretKey),
    /// A file; created, for the server's account only, if it does not exist.
    File(PathBuf),
}

impl FromStr for SecretKey {
    type Err = BadSecretKey;

    /// Parses hexadecimal, or base64 of either alphabet, padded or not.
    fn from_str(text: &str) -> Result<Self, BadSecretKey> {
        let text = text.trim().trim_end_matches('=');
        let encoding = match text.len() {
            64 => HEXLOWER_PERMISSIVE,
            _ if text.contains(['-', '_']) => BASE64URL_NOPAD,
            _ => BASE64_NOPAD,
        };
        let bytes = encoding.decode(text.as_bytes()).ok();
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or(BadSecretKey)
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

/// Reads the key file, or creates it with a new key.
fn read_or_create(path: &Path, rng: &SharedRng) -> io::Result<SecretKey> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        read => return parse(&read?),
    }
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    writeln!(file, "{}", HEXLOWER.encode(&rng.bytes::<32>()))?;
    file.as_file().sync_all()?;
    // Does not replace a file: of two servers that start at once, both use the key of the first.
    match file.persist_noclobber(path) {
        Err(failed) if failed.error.kind() != io::ErrorKind::AlreadyExists => Err(failed.error),
        _ => parse(&fs::read_to_string(path)?),
    }
}

fn parse(text: &str) -> io::Result<SecretKey> {
    text.parse()
        .map_err(|bad: BadSecretKey| io::Error::new(io::ErrorKind::InvalidData, bad))
}

/// A secret cannot be decrypted: it has another key, another owner, or changed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a secret cannot be opened with the key of this server")]
pub struct SealError;

/// Encrypts and decrypts secrets.
pub(crate) struct Vault(XChaCha20Poly1305);

impl Vault {
    /// A vault with the key from `source`.
    pub fn open(source: SecretKeySource, rng: &SharedRng) -> Result<Self, SecretKeyError> {
        let key = match source {
            SecretKeySource::Given(key) => key,
            SecretKeySource::File(path) => {
                read_or_create(&path, rng).map_err(|error| SecretKeyError(path, error))?
            }
        };
        Ok(Self(XChaCha20Poly1305::new(&Key::from(key.0))))
    }

    /// Encrypts a secret of an owner; no two owners are spelled alike.
    pub fn seal(
        &self,
        owner: &str,
        secret: &Secret,
        rng: &SharedRng,
    ) -> Result<Vec<u8>, SealError> {
        let nonce: [u8; NONCE] = rng.bytes();
        let payload = Payload {
            msg: secret.reveal().as_bytes(),
            aad: owner.as_bytes(),
        };
        let sealed = self.0.encrypt(&XNonce::from(nonce), payload);
        Ok([&nonce[..], &sealed.map_err(|_| SealError)?].concat())
    }

    /// Decrypts a secret of the same owner.
    pub fn unseal(&self, owner: &str, sealed: &[u8]) -> Result<Secret, SealError> {
        let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE>().ok_or(SealError)?;
        let payload = Payload {
            msg: ciphertext,
            aad: owner.as_bytes(),
        };
        let opened = self.0.decrypt(&XNonce::from(*nonce), payload);
        let text = String::from_utf8(opened.map_err(|_| SealError)?);
        text.map(Secret::new).map_err(|_| SealError)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn vault(byte: u8) -> Vault {
        let source = SecretKeySource::Given(SecretKey([byte; 32]));
        Vault::open(source, &SharedRng::from_seed(1)).unwrap()
    }

    #[test]
    fn a_secret_opens_with_its_key_and_for_its_owner_only() {
        let rng = SharedRng::from_seed(1);
        let (app, other) = ("app", "other");
        let secret = Secret::new("vod token 录像");
        let sealed = vault(1).seal(app, &secret, &rng).unwrap();
        assert_eq!(vault(1).unseal(app, &sealed), Ok(secret.clone()));
        assert_eq!(vault(2).unseal(app, &sealed), Err(SealError));
        assert_eq!(vault(1).unseal(other, &sealed), Err(SealError));
        for at in 0..sealed.len() {
            let mut tampered = sealed.clone();
            tampered[at] ^= 1;
            assert_eq!(vault(1).unseal(app, &tampered), Err(SealError), "{at}");
            assert_eq!(vault(1).unseal(app, &sealed[..at]), Err(SealError), "{at}");
        }
        let again = vault(1).seal(app, &secret, &rng).unwrap();
        assert_ne!(again, sealed, "the nonce is drawn each time");
    }

    #[test]
    fn a_key_is_hexadecimal_or_base64() {
        let key = SecretKey([0xfb; 32]);
        for text in [
            "fb".repeat(32),
            format!(" {}\n", "FB".repeat(32)),
            "+/v7".repeat(10) + "+/s=",
            "-_v7".repeat(10) + "-_s",
        ] {
            assert_eq!(text.parse(), Ok(key.clone()), "{text}");
        }
        for text in [
            "",
            "secret",
            &"fb".repeat(31),
            &"é".repeat(32),
            &"zz".repeat(32),
        ] {
            assert_eq!(text.parse::<SecretKey>(), Err(BadSecretKey), "{text}");
        }
        assert_eq!(format!("{key:?}"), "SecretKey(…)");
    }

    #[test]
    fn the_key_file_is_created_once_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        let first = read_or_create(&path, &SharedRng::from_seed(1)).unwrap();
        let mode = path.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(
            read_or_create(&path, &SharedRng::from_seed(2)).unwrap(),
            first
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        fs::write(&path, "half a k").unwrap();
        let error = read_or_create(&path, &SharedRng::from_seed(3)).unwrap_err();
        assert!(error.to_string().contains("32 bytes"), "{error}");
    }
}
