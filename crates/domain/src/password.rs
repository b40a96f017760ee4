//! The rules of new passwords (NIST SP 800-63B, *Password Verifiers*): a length, and neither a common
//! password nor a name. There are no rules of composition.
//!
//! A password is any text. It is not normalised (Unicode NFKC): browsers send what a keyboard types in one
//! form, and the hashes of earlier passwords were made without.

use strum::IntoStaticStr;

use crate::user::SignInRules;

/// The limit of a password in bytes.
pub const MAX_BYTES: usize = 1024;

/// The name of the product, which anyone would try.
const PRODUCT: &str = "reelroom";

/// The most common passwords in lower case, one a line: for each least length from 8 to 12 characters, the
/// 3,000 most common ones that are at least as long. From the ten million passwords that Mark Burnett gave
/// to the public domain.
const COMMON: &str = include_str!("password/common.txt");

/// A password that breaks the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum BadPassword {
    /// It has fewer characters.
    #[error("a password has at least {0} characters")]
    Short(u32),
    /// It has more than [`MAX_BYTES`].
    #[error("a password has at most {MAX_BYTES} bytes")]
    Long,
    /// It is among the most common ones.
    #[error("this password is among the most common ones: attackers try it first")]
    Common,
    /// At least half of it is the sign-in name, or the name of the product.
    #[error("this password is hardly more than the sign-in name or the name of the product")]
    Named,
}

impl BadPassword {
    /// Its code in the errors of forms.
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// Checks a new password of the account `name`.
pub fn check(rules: &SignInRules, name: &str, password: &str) -> Result<(), BadPassword> {
    if password.len() > MAX_BYTES {
        return Err(BadPassword::Long);
    }
    let length = password.chars().count();
    if length < usize::try_from(rules.password_length).unwrap_or(usize::MAX) {
        return Err(BadPassword::Short(rules.password_length));
    }
    let lower = password.to_lowercase();
    if COMMON.lines().any(|common| common == lower) {
        return Err(BadPassword::Common);
    }
    let rest = [&*name.to_lowercase(), PRODUCT]
        .iter()
        .fold(lower, |rest, name| rest.replace(name, ""));
    if rest.chars().count() * 2 <= length {
        return Err(BadPassword::Named);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(password: &str) -> Result<(), BadPassword> {
        check(&SignInRules::default(), "u1001", password)
    }

    #[test]
    fn a_password_is_any_long_text_that_is_neither_common_nor_a_name() {
        let (long, longer) = ("é".repeat(512), "é".repeat(513));
        for good in [
            "correct horse",
            "twelve chars",
            "            x",
            "密码不必有大写字母和数字哦",
            "bench-u1001-password",
            &long,
        ] {
            assert_eq!(checked(good), Ok(()), "{good}");
        }
        for (bad, why) in [
            ("", BadPassword::Short(12)),
            ("eleven char", BadPassword::Short(12)),
            ("密码".repeat(5).as_str(), BadPassword::Short(12)),
            (&longer, BadPassword::Long),
            ("password1234", BadPassword::Common),
            ("PassWord1234", BadPassword::Common),
            ("123456789012", BadPassword::Common),
            ("u1001u1001u1001", BadPassword::Named),
            ("U1001-reelroom", BadPassword::Named),
            ("ReelRoom2026", BadPassword::Named),
        ] {
            assert_eq!(checked(bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn the_length_is_a_setting() {
        let rules = SignInRules {
            password_length: 8,
            ..SignInRules::default()
        };
        let of = |name: &str, password: &str| check(&rules, name, password);
        assert_eq!(of("ada", "eight ch"), Ok(()));
        assert_eq!(of("ada", "seven c"), Err(BadPassword::Short(8)));
        assert_eq!(of("ada", "baseball"), Err(BadPassword::Common));
        assert_eq!(of("ada", "Reelroom"), Err(BadPassword::Named));
        assert_eq!(of("Ada.Lovelace", "ada.lovelace"), Err(BadPassword::Named));
        // At 12 and at 8 characters the list has at least the 3,000 most common ones (OWASP ASVS 6.2.4).
        for least in [8, 12] {
            let common = COMMON.lines().filter(|common| common.len() >= least);
            assert!(common.count() >= 2_990, "{least}");
        }
    }

    #[test]
    fn the_list_is_in_lower_case() {
        assert!(COMMON.lines().all(|common| common == common.to_lowercase()));
    }
}
