//! Passwords: Argon2id with the parameters that OWASP names (19 MiB, 2 passes, 1 lane).

use argon2::{
    Argon2,
    password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::{Chance, ServiceError};

/// The shortest password that is taken, in characters.
pub(crate) const SHORTEST: usize = 8;

/// Hashing takes 19 MiB and a core: two at once, the rest wait.
static PLACES: Semaphore = Semaphore::const_new(2);

/// The hash of `password`, in PHC string form.
pub(crate) async fn hash(password: &str, chance: &Chance) -> Result<String, ServiceError> {
    let (password, salt) = (password.to_owned(), chance.bytes::<16>());
    let _place = PLACES
        .acquire()
        .await
        .map_err(|_| ServiceError::Interrupted)?;
    spawn_blocking(move || {
        let salt = SaltString::encode_b64(&salt).ok()?;
        Some(
            Argon2::default()
                .hash_password(password.as_bytes(), &salt)
                .ok()?
                .to_string(),
        )
    })
    .await
    .ok()
    .flatten()
    .ok_or(ServiceError::Interrupted)
}

/// Whether `password` is the one that `hash` was made of. Without a hash it takes as long and says
/// no, so that the time does not tell which names there are.
pub(crate) async fn verify(password: &str, hash: Option<&str>) -> Result<bool, ServiceError> {
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LW5vYm9keQ$\
                          mD1t3kB4m1sFqpTgRkQdJ5mJ0o6mL1o6u0xkM2cN7rQ";
    let (password, known) = (password.to_owned(), hash.is_some());
    let hash = hash.unwrap_or(NOBODY).to_owned();
    let _place = PLACES
        .acquire()
        .await
        .map_err(|_| ServiceError::Interrupted)?;
    let same = spawn_blocking(move || {
        PasswordHash::new(&hash).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        })
    })
    .await
    .map_err(|_| ServiceError::Interrupted)?;
    Ok(same && known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_no_other() {
        let hash = hash("correct horse", &Chance::from_seed(1)).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("correct horse", Some(&hash)).await.unwrap());
        assert!(!verify("Correct horse", Some(&hash)).await.unwrap());
        assert!(!verify("correct horse", None).await.unwrap());
    }
}
