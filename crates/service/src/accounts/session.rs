//! Sessions: a random token in a cookie, its SHA-256 in the database.

use reelroom_domain::{access::Access, act::ActKind, ids::UserId, time::Timestamp, user::Role};
use reelroom_store::{
    Conn, acts, factors, grants,
    sessions::{self, Session},
    users::{self, User},
};
use tokio::sync::broadcast;

use super::rules::sign_in_rules;
use crate::{
    Browser, EndedSession, Principal, Service, ServiceError, SessionToken,
    ground::best_effort::best_effort,
};

const HOUR: i64 = 60 * 60_000;
/// The resolution of a session's last use, in milliseconds: another use within it writes nothing.
const RESOLUTION: i64 = 5 * 60_000;

/// How an account was authenticated, beside its password.
#[derive(Debug, Clone, Default)]
pub(crate) struct Proof {
    /// Whether with a second factor.
    pub second_factor: bool,
    /// The session at the provider of single sign-on, and its sealed ID token.
    pub provider: Option<(String, Vec<u8>)>,
}

impl Service {
    /// Opens a session within a transaction; `None` where the account is disabled, or has another
    /// password by now than the one whose hash `user` holds.
    pub(crate) async fn open_session(
        &self,
        conn: &mut Conn,
        user: &User,
        browser: &Browser,
        proof: Proof,
    ) -> Result<Option<SessionToken>, ServiceError> {
        let token = SessionToken::new(self.0.rng.bytes());
        let now = self.now();
        let rules = sign_in_rules(conn).await?;
        let ends_at = now.plus_millis(i64::from(rules.at_most_days) * 24 * HOUR);
        let idle = now.plus_millis(i64::from(rules.idle_hours) * HOUR);
        let (provider_session, id_token) = proof.provider.unzip();
        let session = Session {
            token: token.hash(),
            created_at: now,
            last_used_at: now,
            expires_at: idle.min(ends_at),
            ends_at,
            address: browser.address.map(|address| address.to_string()),
            agent: browser.short_agent(),
            second_factor: proof.second_factor,
            provider_session,
            id_token,
        };
        sessions::delete_expired(conn, now).await?;
        let begun = sessions::insert(conn, user, &session).await?;
        users::set_seen(conn, user.id, now).await?;
        Ok(begun.then_some(token))
    }

    /// The principal of a session that has not expired. Each use extends the session, unless the database is busy.
    pub async fn principal(&self, token: &SessionToken) -> Result<Option<Principal>, ServiceError> {
        let now = self.now();
        let Some((principal, session)) = self.find_session(token, now).await? else {
            return Ok(None);
        };
        if now.since(session.last_used_at) >= RESOLUTION {
            let record = self.record_use(principal.user, &session, now);
            best_effort("the use of a session is not recorded", record).await;
        }
        Ok(Some(principal))
    }

    /// The principal of a session that has not expired, for a request that an open page makes by itself. It
    /// does not extend the session.
    pub async fn principal_of_open_page(
        &self,
        token: &SessionToken,
    ) -> Result<Option<Principal>, ServiceError> {
        let found = self.find_session(token, self.now()).await?;
        Ok(found.map(|(principal, _)| principal))
    }

    async fn find_session(
        &self,
        token: &SessionToken,
        now: Timestamp,
    ) -> Result<Option<(Principal, Session)>, ServiceError> {
        let mut read = self.0.store.read().await?;
        let Some((user, session)) = sessions::find(&mut read, &token.hash(), now).await? else {
            return Ok(None);
        };
        let access = Access {
            role: user.role,
            rights: user.rights,
            grants: grants::of_user(&mut read, user.id).await?,
        };
        let needs_second_factor = user.role == Role::Admin
            && !session.second_factor
            && sign_in_rules(&mut read).await?.admins_need_second_factor
            // Single sign-on asks for no factor of ours.
            && (session.provider_session.is_some()
                || factors::get(&mut read, user.id).await?.is_none());
        let principal = Principal {
            user: user.id,
            name: user.name,
            access,
            needs_second_factor,
        };
        Ok(Some((principal, session)))
    }

    async fn record_use(
        &self,
        user: UserId,
        session: &Session,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let mut tx = self.0.store.write().await?;
        let rules = sign_in_rules(&mut tx).await?;
        let idle = now.plus_millis(i64::from(rules.idle_hours) * HOUR);
        // The rule may have become stricter since the session began.
        let at_most = i64::from(rules.at_most_days) * 24 * HOUR;
        let ends_at = session.created_at.plus_millis(at_most).min(session.ends_at);
        sessions::extend(&mut tx, &session.token, now, idle.min(ends_at)).await?;
        users::set_seen(&mut tx, user, now).await?;
        Ok(tx.commit().await?)
    }

    /// Whether a session has not expired. Does not extend it.
    #[cfg(test)]
    pub(crate) async fn lasts(&self, token: &SessionToken) -> Result<bool, ServiceError> {
        Ok(self.principal_of_open_page(token).await?.is_some())
    }

    /// The sessions that are ended from now on, other than by their age.
    pub fn session_ends(&self) -> broadcast::Receiver<EndedSession> {
        self.0.session_ends.subscribe()
    }

    /// Ends the session of a browser. Writes nothing if it has ended already.
    pub async fn sign_out(&self, browser: &Browser) -> Result<(), ServiceError> {
        let Some(token) = &browser.session else {
            return Ok(());
        };
        let token = token.hash();
        let found = sessions::find(&mut *self.0.store.read().await?, &token, self.now()).await?;
        let Some((user, _)) = found else {
            return Ok(());
        };
        let mut tx = self.0.store.write().await?;
        if !sessions::delete(&mut tx, &token).await? {
            return Ok(());
        }
        let act = self.act(Some((user.id, &user.name)), browser, ActKind::SignedOut);
        acts::commit(tx, &act).await?;
        self.publish_ended([token]);
        Ok(())
    }
}
