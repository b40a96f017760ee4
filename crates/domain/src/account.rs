//! An account as its own page shows it, and its preferences for all devices.

use crate::{
    access::Rights,
    device::DeviceName,
    time::Timestamp,
    user::{PersonName, Role, SignInRules},
    words::as_str,
};

/// A preference of an account, for all its devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preference {
    /// The language, as its tag.
    Language,
    /// The theme, as its name.
    Theme,
    /// The time zone, as its IANA name.
    Zone,
}

/// The value of a preference, as a cookie holds it: 1 to 64 letters, digits, `+`, `-`, `_` and `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice(String);

as_str!(Choice);

impl Choice {
    /// Parses a value; `None` if no cookie could hold it.
    pub fn parse(text: &str) -> Option<Self> {
        let is_one = |b: u8| b.is_ascii_alphanumeric() || b"+-_/".contains(&b);
        let is_choice = (1..=64).contains(&text.len()) && text.bytes().all(is_one);
        is_choice.then(|| Self(text.to_owned()))
    }
}

/// The preferences of an account; `None`: that of the browser or the device.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preferences {
    /// The language.
    pub language: Option<Choice>,
    /// The theme.
    pub theme: Option<Choice>,
    /// The time zone.
    pub zone: Option<Choice>,
}

/// An account, for its own page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyAccount {
    /// The sign-in name.
    pub name: String,
    /// The person's name; may be empty.
    pub person: PersonName,
    /// Its role.
    pub role: Role,
    /// Its rights.
    pub rights: Rights,
    /// When its password was set; `None`: it has none.
    pub password_at: Option<Timestamp>,
    /// Its second factor, if it is on.
    pub factor: Option<FactorView>,
    /// Whether the account must have a second factor.
    pub factor_is_demanded: bool,
    /// Whether the present session began by single sign-on.
    pub from_single_sign_on: bool,
    /// Its sessions, the present one first.
    pub sessions: Vec<SessionView>,
    /// Its preferences.
    pub preferences: Preferences,
    /// The rules of sign-in.
    pub rules: SignInRules,
}

/// A proof that the owner of an account is at the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnerProof {
    /// The password.
    Password,
    /// A code of the second factor.
    Code,
}

impl MyAccount {
    /// The proof that a change of the second factor requires; `None` for an account with neither password nor factor.
    pub fn owner_proof(&self) -> Option<OwnerProof> {
        let code = self.factor.is_some().then_some(OwnerProof::Code);
        self.password_at.map(|_| OwnerProof::Password).or(code)
    }
}

/// A second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorView {
    /// Since when it is on.
    pub since: Timestamp,
    /// When a code of the app was last used.
    pub last_used: Timestamp,
    /// The number of recovery codes, used and unused.
    pub codes: usize,
    /// The used recovery codes, in the order of use.
    pub used: Vec<CodeUse>,
}

impl FactorView {
    /// The number of unused recovery codes.
    pub const fn codes_left(&self) -> usize {
        self.codes.saturating_sub(self.used.len())
    }
}

/// The use of a recovery code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeUse {
    /// When.
    pub at: Timestamp,
    /// The address that it was used from, if known.
    pub from: Option<String>,
}

/// A session of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionView {
    /// Its name in forms.
    pub id: String,
    /// Its device.
    pub device: DeviceName,
    /// The address that it began from, if known.
    pub address: Option<String>,
    /// When it began.
    pub since: Timestamp,
    /// When it was last used, to within five minutes.
    pub last_used: Timestamp,
    /// Whether it is the session of the request.
    pub is_this: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_fits_a_cookie() {
        for text in ["en", "zh-CN", "America/Port-au-Prince", "Etc/GMT+5", "dark"] {
            assert_eq!(Choice::parse(text).unwrap().as_str(), text);
        }
        for text in ["", "a;b", "a b", "é", "a\r\n", &"x".repeat(65)] {
            assert_eq!(Choice::parse(text), None, "{text}");
        }
    }
}
