//! Sessions: a random token in a cookie, its SHA-256 in the database.

use reelroom_domain::ids::UserId;
use reelroom_store::{Conn, sessions};
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use crate::{Principal, Service, ServiceError, config::hex};

const COOKIE: &str = "reelroom_session";
const DAY: i64 = 24 * 60 * 60_000;
const LASTS_DAYS: i64 = 14;

/// What the browser keeps to be known again.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SessionToken(String);

impl SessionToken {
    /// The token of a `Cookie` header's value, if it holds one.
    pub fn from_cookies(header: &str) -> Option<Self> {
        let value = header
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(name, value)| (name == COOKIE).then_some(value))?;
        let known = value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit());
        known.then(|| Self(value.to_owned()))
    }

    /// The token as the cookie holds it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

impl Service {
    /// Opens a session within a transaction.
    pub(crate) async fn open_session(
        &self,
        conn: &mut Conn,
        user: UserId,
    ) -> Result<SessionToken, ServiceError> {
        let token = SessionToken(hex(&self.0.chance.bytes::<32>()));
        let now = self.now();
        sessions::delete_expired(conn, now).await?;
        sessions::insert(
            conn,
            &token.hash(),
            user,
            now,
            now.plus_millis(LASTS_DAYS * DAY),
        )
        .await?;
        Ok(token)
    }

    /// Who `token` stands for, if its session lasts. A session in use goes on lasting.
    pub async fn who(&self, token: &SessionToken) -> Result<Option<Principal>, ServiceError> {
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

    /// Changes when somebody's session was ended: then whoever keeps something open for one asks
    /// whether it lasts.
    pub fn session_ends(&self) -> watch::Receiver<u64> {
        self.0.session_ends.subscribe()
    }

    /// To be called after the commit that ended sessions.
    pub(crate) fn sessions_ended(&self) {
        self.0.session_ends.send_modify(|times| *times += 1);
    }

    /// Ends a session; one that has ended already is fine.
    pub async fn sign_out(&self, token: &SessionToken) -> Result<(), ServiceError> {
        let mut tx = self.0.store.write().await?;
        sessions::delete(&mut tx, &token.hash()).await?;
        tx.commit().await?;
        self.sessions_ended();
        Ok(())
    }

    /// The `Set-Cookie` value that hands `token` to the browser (RFC 6265).
    pub fn session_cookie(&self, token: &SessionToken) -> String {
        self.cookie(token.as_str(), LASTS_DAYS * 24 * 60 * 60)
    }

    /// The `Set-Cookie` value that takes the token from the browser.
    pub fn sign_out_cookie(&self) -> String {
        self.cookie("", 0)
    }

    fn cookie(&self, value: &str, seconds: i64) -> String {
        let secure = if self.0.secure_cookies {
            "; Secure"
        } else {
            ""
        };
        format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let token = "ab".repeat(32);
        let header = format!("theme=dark; {COOKIE}={token}; tz=Asia/Shanghai");
        assert_eq!(SessionToken::from_cookies(&header).unwrap().as_str(), token);
        for header in [
            "",
            "theme=dark",
            "reelroom_session=",
            "reelroom_session=zz; reelroom_session",
        ] {
            assert!(SessionToken::from_cookies(header).is_none(), "{header}");
        }
    }
}
