//! Sign in with a name and a password.

use reelroom_store::users;

use crate::{Service, ServiceError, SessionToken, accounts::password};

/// Nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// No account has this name and password.
    #[error("wrong name or password")]
    Wrong,
    /// The name was tried too often; it opens again in five minutes.
    #[error("too many wrong tries")]
    TooManyTries,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl Service {
    /// Opens a session for the account of that name and password.
    pub async fn sign_in(&self, name: &str, password: &str) -> Result<SessionToken, SignInError> {
        let key = name.trim().to_lowercase();
        if self.0.tries.too_many(&key, self.now()) {
            return Err(SignInError::TooManyTries);
        }
        let user = {
            let mut read = self.0.store.read().await.map_err(ServiceError::from)?;
            users::by_name(&mut read, name.trim())
                .await
                .map_err(ServiceError::from)?
        };
        let hash = user.as_ref().map(|user| user.password_hash.as_str());
        let right = password::verify(password, hash).await?;
        let (true, Some(user)) = (right, user) else {
            self.0.tries.wrong(&key, self.now());
            tracing::info!(name = key, "wrong sign-in");
            return Err(SignInError::Wrong);
        };
        self.0.tries.right(&key);
        let mut tx = self.0.store.write().await.map_err(ServiceError::from)?;
        let token = self.open_session(&mut tx, user.id).await?;
        tx.commit().await.map_err(ServiceError::from)?;
        Ok(token)
    }
}
