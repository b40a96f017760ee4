//! The token of a one-time link.

use reelroom_store::links::LinkHash;
use sha2::{Digest, Sha256};

use super::{rng::SharedRng, secret::Secret};

/// The length of a token: digits and letters with 131 random bits.
const LENGTH: usize = 22;

/// The token in the address of a one-time link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkToken(Secret);

impl LinkToken {
    /// A new token.
    pub(crate) fn new(rng: &SharedRng) -> Self {
        Self(Secret::new(rng.word(LENGTH)))
    }

    /// Parses the token of an address; `None` for text that no token is.
    pub fn parse(text: &str) -> Option<Self> {
        let is_token = text.len() == LENGTH && text.bytes().all(|b| b.is_ascii_alphanumeric());
        is_token.then(|| Self(Secret::new(text)))
    }

    /// The token as the address holds it.
    pub fn as_str(&self) -> &str {
        self.0.reveal()
    }

    pub(crate) fn hash(&self) -> LinkHash {
        Sha256::digest(self.as_str()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_from_its_address() {
        let token = LinkToken::new(&SharedRng::from_seed(1));
        assert_eq!(LinkToken::parse(token.as_str()), Some(token.clone()));
        assert_eq!(format!("{token:?}"), "LinkToken(Secret(…))");
        for text in [
            "",
            &token.as_str()[1..],
            &"-".repeat(LENGTH),
            &"é".repeat(LENGTH / 2),
        ] {
            assert_eq!(LinkToken::parse(text), None, "{text}");
        }
    }
}
