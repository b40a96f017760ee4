//! Sessions: a random token in a cookie, its SHA-256 in the database.

use reelroom_domain::ids::UserId;
use reelroom_store::{Conn, sessions, users::User};
use tokio::sync::broadcast;

use crate::{EndedSession, Principal, Service, ServiceError, SessionToken};

const DAY: i64 = 24 * 60 * 60_000;
pub(super) const LASTS_DAYS: i64 = 14;

impl Service {
    /// Opens a session within a transaction; `None` where the account has another password by now
    /// than the one whose hash `user` holds.
    pub(crate) async fn open_session(
        &self,
        conn: &mut Conn,
        user: &User,
    ) -> Result<Option<SessionToken>, ServiceError> {
        let token = SessionToken::new(self.0.rng.bytes());
        let now = self.now();
        let expires_at = now.plus_millis(LASTS_DAYS * DAY);
        sessions::delete_expired(conn, now).await?;
        let begun = sessions::insert(conn, &token.hash(), user, now, expires_at).await?;
        Ok(begun.then_some(token))
    }

    /// Ends a session within a transaction; to be published after the commit.
    pub(crate) async fn end_session(
        &self,
        conn: &mut Conn,
        token: &SessionToken,
    ) -> Result<Option<EndedSession>, ServiceError> {
        let hash = token.hash();
        let ended = sessions::delete(conn, &hash).await?;
        Ok(ended.then_some(EndedSession(hash)))
    }

    /// The principal of a session that has not expired. Each use extends the session.
    pub async fn principal(&self, token: &SessionToken) -> Result<Option<Principal>, ServiceError> {
        let now = self.now();
        let found = {
            let mut read = self.0.store.read().await?;
            sessions::find(&mut read, &token.hash(), now).await?
        };
        let Some((user, expires_at)) = found else {
            return Ok(None);
        };
        if expires_at.since(now) < (LASTS_DAYS - 1) * DAY {
            let mut tx = self.0.store.write().await?;
            let until = now.plus_millis(LASTS_DAYS * DAY);
            sessions::extend(&mut tx, &token.hash(), until).await?;
            tx.commit().await?;
        }
        Ok(Some(Principal {
            user: user.id,
            name: user.name,
            role: user.role,
        }))
    }

    /// Whether the session of `token` lasts; asking does not make it last longer.
    pub async fn lasts(&self, token: &SessionToken) -> Result<bool, ServiceError> {
        let mut read = self.0.store.read().await?;
        let found = sessions::find(&mut read, &token.hash(), self.now()).await?;
        Ok(found.is_some())
    }

    /// The sessions that are ended from now on, other than by their age.
    pub fn session_ends(&self) -> broadcast::Receiver<EndedSession> {
        self.0.session_ends.subscribe()
    }

    /// Ends every session of an account, within a transaction; to be published after the commit.
    pub(crate) async fn end_sessions_of(
        &self,
        conn: &mut Conn,
        user: UserId,
    ) -> Result<Vec<EndedSession>, ServiceError> {
        let ended = sessions::delete_of_user(conn, user).await?;
        Ok(ended.into_iter().map(EndedSession).collect())
    }

    /// Ends a session; one that has ended already is fine, and costs a reading only.
    pub async fn sign_out(&self, token: &SessionToken) -> Result<(), ServiceError> {
        if !self.lasts(token).await? {
            return Ok(());
        }
        let mut tx = self.0.store.write().await?;
        let ended = self.end_session(&mut tx, token).await?;
        tx.commit().await?;
        self.publish_ended(ended);
        Ok(())
    }
}
