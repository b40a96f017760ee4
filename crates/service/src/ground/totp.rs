//! Codes of authenticator apps (TOTP, RFC 6238): six digits, a step of 30 seconds, HMAC-SHA-1.

use reelroom_domain::time::Timestamp;
use subtle::ConstantTimeEq;
use totp_lite::{Sha1, totp_custom};

const STEP_SECONDS: u64 = 30;
const STEP_MILLIS: i64 = 30_000;
const DIGITS: u32 = 6;

/// The length of a key in bytes, as RFC 4226 recommends.
pub(crate) const KEY: usize = 20;

/// The time step at a moment.
const fn step_at(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(STEP_MILLIS)
}

/// The moment at which a step begins.
pub(crate) const fn begin_of(step: i64) -> Timestamp {
    Timestamp::from_millis(step.saturating_mul(STEP_MILLIS))
}

/// The code of a step.
fn code_of(key: &[u8], step: i64) -> String {
    let step = u64::try_from(step).unwrap_or_default();
    let seconds = step.saturating_mul(STEP_SECONDS);
    totp_custom::<Sha1>(STEP_SECONDS, DIGITS, key, seconds)
}

/// The time step of a typed code: the present one or a neighbour, because clocks differ. `None` for a wrong
/// code. Ignores spaces.
pub(crate) fn step_of(key: &[u8], typed: &str, now: Timestamp) -> Option<i64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let present = step_at(now);
    let is_typed = |step: &i64| {
        let code = code_of(key, *step);
        bool::from(code.as_bytes().ct_eq(typed.as_bytes()))
    };
    (present - 1..=present + 1).find(is_typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 6238, appendix B.
    const RFC: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // The last six of its eight digits.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_of(RFC, step_at(at(seconds))), code, "{seconds}");
        }
    }

    #[test]
    fn a_clock_may_be_one_step_off() {
        for (seconds, step) in [
            (29, Some(1)),
            (30, Some(1)),
            (89, Some(1)),
            (90, None),
            (-1, None),
        ] {
            assert_eq!(step_of(RFC, "287082", at(seconds)), step, "{seconds}");
        }
        assert_eq!(step_of(RFC, " 287 082", at(59)), Some(1));
        for wrong in ["", "287081", "28708", "94287082", "２８７０８２"] {
            assert_eq!(step_of(RFC, wrong, at(59)), None, "{wrong}");
        }
        assert_eq!(begin_of(step_at(at(59))), at(30));
    }
}
