//! Passwords: Argon2id with the parameters that OWASP names (19 MiB, 2 passes, 1 lane).

use std::sync::Arc;

use argon2::{
    Argon2,
    password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};
use parking_lot::Mutex;
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{error::ServiceError, rng::SharedRng, tries::Origin};

/// The number of passwords hashed at once: each takes 19 MiB and a core.
const PLACES: usize = 2;
/// The number of sign-ins of unknown devices that may be verified or queued.
const STRANGERS: usize = PLACES + 16;
/// The number of all sign-ins that may be verified or queued; those beyond [`STRANGERS`] are reserved
/// for known devices.
const ALL: usize = 2 * STRANGERS;
/// The number of sign-ins of one origin that may be verified or queued.
const OF_ONE_ORIGIN: usize = 4;

/// A hash that no password is known for; with the parameters of all others, so that it takes as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LW5vYm9keQ$\
                      mD1t3kB4m1sFqpTgRkQdJ5mJ0o6mL1o6u0xkM2cN7rQ";

/// Verifies and hashes passwords, a few at a time, with a bounded queue of sign-ins before it.
pub(crate) struct Hashing {
    places: Arc<Semaphore>,
    queue: Arc<Mutex<Vec<Origin>>>,
    /// How many passwords were verified.
    #[cfg(test)]
    pub verified: std::sync::atomic::AtomicUsize,
}

/// A sign-in's place in the queue and while it is verified.
pub(crate) struct Queued {
    origin: Origin,
    queue: Arc<Mutex<Vec<Origin>>>,
}

impl Drop for Queued {
    fn drop(&mut self) {
        let mut queue = self.queue.lock();
        if let Some(at) = queue.iter().position(|origin| *origin == self.origin) {
            queue.swap_remove(at);
        }
    }
}

impl Default for Hashing {
    fn default() -> Self {
        Self {
            places: Arc::new(Semaphore::new(PLACES)),
            queue: Arc::default(),
            #[cfg(test)]
            verified: std::sync::atomic::AtomicUsize::default(),
        }
    }
}

impl Hashing {
    /// A place in the queue; `None` where it is full, or holds too many of this origin.
    pub fn enqueue(&self, origin: &Origin) -> Option<Queued> {
        let mut queue = self.queue.lock();
        let most = match origin {
            Origin::Address(_) => STRANGERS,
            Origin::Device(_) => ALL,
        };
        let of_this = queue.iter().filter(|other| *other == origin).count();
        if queue.len() >= most || of_this >= OF_ONE_ORIGIN {
            return None;
        }
        queue.push(origin.clone());
        Some(Queued {
            origin: origin.clone(),
            queue: self.queue.clone(),
        })
    }

    /// The hash of `password`, in PHC string form.
    pub async fn hash(&self, password: &str, rng: &SharedRng) -> Result<String, ServiceError> {
        let (password, salt) = (password.to_owned(), rng.bytes::<16>());
        self.run(move || {
            let salt = SaltString::encode_b64(&salt).ok()?;
            Some(
                Argon2::default()
                    .hash_password(password.as_bytes(), &salt)
                    .ok()?
                    .to_string(),
            )
        })
        .await?
        .ok_or(ServiceError::Interrupted)
    }

    /// Whether `password` is the one that `hash` was made of. Without a hash it takes as long and
    /// says no, so that the time does not tell which names there are.
    pub async fn verify(
        &self,
        queued: Queued,
        password: &str,
        hash: Option<&str>,
    ) -> Result<bool, ServiceError> {
        #[cfg(test)]
        self.verified
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let (password, known) = (password.to_owned(), hash.is_some());
        let hash = hash.unwrap_or(NOBODY).to_owned();
        let same = self
            .run(move || {
                let same = PasswordHash::new(&hash).is_ok_and(|hash| {
                    Argon2::default()
                        .verify_password(password.as_bytes(), &hash)
                        .is_ok()
                });
                drop(queued);
                same
            })
            .await?;
        Ok(same && known)
    }

    /// Runs `work` when there is a place. Work that has begun keeps its place to its end, also
    /// where nobody waits for the result any more.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ServiceError> {
        let place = self.places.clone().acquire_owned().await;
        let place = place.map_err(|_| ServiceError::Interrupted)?;
        spawn_blocking(move || {
            let done = work();
            drop(place);
            done
        })
        .await
        .map_err(|_| ServiceError::Interrupted)
    }

    /// All places, so that nothing is hashed while they are held.
    #[cfg(test)]
    pub async fn occupy(&self) -> tokio::sync::OwnedSemaphorePermit {
        let all = u32::try_from(PLACES).unwrap();
        self.places.clone().acquire_many_owned(all).await.unwrap()
    }

    /// How many sign-ins are verified or wait for it.
    #[cfg(test)]
    pub fn queued(&self) -> usize {
        self.queue.lock().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(number: usize) -> Origin {
        let number = u32::try_from(number).unwrap();
        Origin::stranger(Some(std::net::Ipv4Addr::from_bits(number).into()))
    }

    #[tokio::test]
    async fn only_the_right_password_matches() {
        let hashing = Hashing::default();
        let hash = hashing
            .hash("correct horse", &SharedRng::from_seed(1))
            .await;
        let hash = hash.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        for (password, hash, right) in [
            ("correct horse", Some(&*hash), true),
            ("Correct horse", Some(&*hash), false),
            ("correct horse", None, false),
        ] {
            let queued = hashing.enqueue(&address(1)).unwrap();
            let verified = hashing.verify(queued, password, hash).await.unwrap();
            assert_eq!(verified, right, "{password}");
        }
        assert_eq!(hashing.queued(), 0);
    }

    #[tokio::test]
    async fn the_hash_of_nobody_takes_the_same_work() {
        let real = Hashing::default()
            .hash("correct horse", &SharedRng::from_seed(1))
            .await
            .unwrap();
        let [real, nobody] = [&*real, NOBODY].map(|hash| PasswordHash::new(hash).unwrap());
        assert_eq!(nobody.algorithm, real.algorithm);
        assert_eq!(nobody.version, real.version);
        assert_eq!(nobody.params, real.params);
        let lengths = [nobody, real].map(|hash| hash.hash.unwrap().len());
        assert_eq!(lengths[0], lengths[1]);
    }

    #[test]
    fn the_queue_is_bounded_with_places_for_known_devices() {
        let hashing = Hashing::default();
        let of_one: Vec<_> = (0..9).map_while(|_| hashing.enqueue(&address(0))).collect();
        assert_eq!(of_one.len(), OF_ONE_ORIGIN);
        let others: Vec<_> = (1..99)
            .map_while(|number| hashing.enqueue(&address(number)))
            .collect();
        assert_eq!(of_one.len() + others.len(), STRANGERS);
        let device = |number: usize| Origin::Device(number.to_string());
        let devices: Vec<_> = (0..99)
            .map_while(|number| hashing.enqueue(&device(number)))
            .collect();
        assert_eq!(hashing.queued(), ALL);
        drop((of_one, others, devices));
        assert_eq!(hashing.queued(), 0);
    }
}
