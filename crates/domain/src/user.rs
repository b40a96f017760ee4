//! Accounts and their roles.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::{
    growth::Growing,
    ids::{GroupId, UserId},
    title::title,
    words::words,
};

words!(Role);

/// The role of an account: what it does. See [`crate::access`] for where, and what else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    /// Watches.
    Viewer,
    /// Reads everything and the history; no pictures or sound unless they are granted.
    Auditor,
    /// Starts and stops recordings, edits presets.
    Operator,
    /// Changes settings and accounts too, in every room.
    Admin,
}

impl Role {
    /// Whether recordings may be started and stopped.
    pub const fn may_record(self) -> bool {
        matches!(self, Self::Operator | Self::Admin)
    }
}

/// An account, or the members of a group: they hold grants, and may look at cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// An account.
    User(UserId),
    /// The members of a group.
    Group(GroupId),
}

impl Holder {
    /// The id of the account or the group.
    pub fn id(self) -> String {
        match self {
            Self::User(id) => id.to_string(),
            Self::Group(id) => id.to_string(),
        }
    }
}

/// The rules of sign-in, sessions and passwords; a setting of the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignInRules {
    /// Hours after the last use at which a session ends.
    pub idle_hours: u32,
    /// Days after sign-in at which a session ends whatever is done.
    pub at_most_days: u32,
    /// Hours for which a one-time link is valid.
    pub link_hours: u32,
    /// The least number of characters of a new password.
    pub password_length: u32,
    /// Whether administrators need a second factor.
    pub admins_need_second_factor: bool,
    /// Whether nobody but the break-glass account signs in by a password.
    pub passwords_off: bool,
    /// The sign-in name of the account that can always sign in by its password.
    pub break_glass: String,
    /// Days for which the history of access is kept.
    pub history_days: u32,
}

impl Default for SignInRules {
    fn default() -> Self {
        Self {
            idle_hours: 12,
            at_most_days: 14,
            link_hours: 48,
            password_length: 12,
            admins_need_second_factor: false,
            passwords_off: false,
            break_glass: String::new(),
            history_days: Growing::HistoryDays.default_days(),
        }
    }
}

impl SignInRules {
    /// Whether passwords are off but for the account of this name.
    pub fn is_break_glass(&self, name: &str) -> bool {
        self.passwords_off && self.break_glass.to_lowercase() == name.to_lowercase()
    }
}

title!(
    /// A person's name, shown beside the sign-in name; may be empty.
    PersonName
);

impl PersonName {
    /// The title of an account with this sign-in name, and the sign-in name unless it is the title already.
    pub fn with_id<'a>(&'a self, name: &'a str) -> (&'a str, Option<&'a str>) {
        match self.as_str() {
            person if person.is_empty() || person == name => (name, None),
            person => (person, Some(name)),
        }
    }
}

title!(
    /// The name of a group.
    GroupName
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_without_a_name_has_its_user_id_once() {
        let title = |person: &str| {
            let person = PersonName::parse(person).unwrap();
            let (title, id) = person.with_id("u1001");
            (title.to_owned(), id.map(str::to_owned))
        };
        let id = "u1001".to_owned();
        assert_eq!(title("Lin Yue"), ("Lin Yue".to_owned(), Some(id.clone())));
        assert_eq!(title(" "), (id.clone(), None));
        assert_eq!(title("u1001"), (id, None));
    }
}
