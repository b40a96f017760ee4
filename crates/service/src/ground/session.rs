//! The token of a session.

use data_encoding::HEXLOWER;
use reelroom_store::sessions::TokenHash;
use sha2::{Digest, Sha256};

use super::secret::Secret;

/// The token by which a browser is known again, in a cookie.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SessionToken(Secret);

impl SessionToken {
    /// The token of these random bytes.
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        Self(Secret::new(HEXLOWER.encode(&bytes)))
    }

    /// The token of a cookie's value: 64 lower-case hexadecimal digits.
    pub(crate) fn parse(value: &str) -> Option<Self> {
        let is_token = value.len() == 64
            && value
                .bytes()
                .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        is_token.then(|| Self(Secret::new(value)))
    }

    /// The token as the cookie holds it.
    pub fn as_str(&self) -> &str {
        self.0.reveal()
    }

    pub(crate) fn hash(&self) -> TokenHash {
        Sha256::digest(self.as_str()).into()
    }
}

/// A session that was ended before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndedSession(pub(super) TokenHash);

impl EndedSession {
    /// Whether it was the session of `token`.
    pub fn is_of(&self, token: &SessionToken) -> bool {
        self.0 == token.hash()
    }
}
