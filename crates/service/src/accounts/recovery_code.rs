//! Recovery codes: `7hqm-20vx-k4tz-9wcd`. Each has 80 random bits, too many to try all, so a fast hash is enough.

use reelroom_domain::ids::UserId;
use reelroom_store::factors::CodeHash;
use sha2::{Digest, Sha256};

use crate::SharedRng;

/// The number of codes of an account.
pub(crate) const CODES: usize = 10;

/// The digits that codes consist of (Crockford's base 32): no two look alike.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// The number of digits of a new code, 5 bits each: 40 bits could be found from a copy of the database within minutes.
const DIGITS: usize = 16;

/// A new code.
pub(crate) fn new_code(rng: &SharedRng) -> String {
    let bytes = rng.bytes::<DIGITS>();
    let digits = bytes.map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
    let groups: Vec<String> = digits
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join("-")
}

/// The hash of a typed code of an account. Ignores case, spaces and hyphens, and reads letters that look
/// like digits as those.
pub(crate) fn hash_of(user: UserId, typed: &str) -> CodeHash {
    let letters = typed.chars().filter(|c| !c.is_whitespace() && *c != '-');
    let read: String = letters
        .map(|letter| match letter.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect();
    Sha256::digest(format!("{user} {read}").as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use reelroom_domain::time::Timestamp;

    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let rng = SharedRng::from_seed(1);
        let [user, other] = [1, 2].map(|at| rng.id::<UserId>(Timestamp::from_millis(at)));
        let code = new_code(&rng);
        let lengths: Vec<usize> = code.split('-').map(str::len).collect();
        assert_eq!(lengths, [4; 4], "{code}");
        assert_ne!(new_code(&rng), code);
        let hash = hash_of(user, "7hqm-20v1");
        for typed in ["7HQM 2OVL", " 7hqm20vi ", "7hqm-20v1"] {
            assert_eq!(hash_of(user, typed), hash, "{typed}");
        }
        assert_ne!(hash_of(user, "7hqm-20v2"), hash);
        assert_ne!(hash_of(other, "7hqm-20v1"), hash);
    }
}
