//! The data of the page of people: accounts, what they may do, and their groups.

use crate::{
    access::{Grant, Rights},
    account::SessionView,
    ids::{AppId, GroupId, UserId},
    room::RoomId,
    time::Timestamp,
    user::{GroupName, PersonName, Role},
};

/// [`PersonView::created_by`] of the accounts that single sign-on adds.
pub const SINGLE_SIGN_ON: &str = "single sign-on";

/// The page of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeopleView {
    /// The number of enabled accounts.
    pub enabled: u32,
    /// The number of disabled ones.
    pub disabled: u32,
    /// The number of enabled ones that were seen today.
    pub seen_today: u32,
    /// The number of accounts that match the filter.
    pub found: u32,
    /// The number of others that would match it if they were not disabled.
    pub left_out: u32,
    /// A page of the matching ones, by name.
    pub rows: Vec<PersonRow>,
    /// The last account of the page, if there are others after it.
    pub next: Option<UserId>,
    /// Every group, by name.
    pub groups: Vec<GroupView>,
    /// Every app and its name.
    pub apps: Vec<(AppId, String)>,
    /// Whether the reader may change them.
    pub may_change: bool,
    /// Whether the reader may export them.
    pub may_export: bool,
    /// Whether nobody but the break-glass account signs in by a password.
    pub passwords_off: bool,
}

impl PeopleView {
    /// Whether the reader may add an account, whose password is set by a one-time link.
    pub const fn may_add(&self) -> bool {
        self.may_change && !self.passwords_off
    }
}

/// An account in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// The account.
    pub id: UserId,
    /// Its sign-in name.
    pub name: String,
    /// The person's name; may be empty.
    pub person: PersonName,
    /// Its role.
    pub role: Role,
    /// Its rights beside the role.
    pub rights: Rights,
    /// Its grants, and then those of its groups.
    pub grants: Vec<GrantLine>,
    /// Its groups.
    pub groups: Vec<Membership>,
    /// Since when it is disabled.
    pub disabled_at: Option<Timestamp>,
    /// When it was last seen.
    pub last_seen_at: Option<Timestamp>,
    /// Until when its one-time link can be used.
    pub link_until: Option<Timestamp>,
}

impl PersonRow {
    /// The person's name, or else the sign-in name.
    pub fn called(&self) -> &str {
        self.person.with_id(&self.name).0
    }
}

/// A grant as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantLine {
    /// The grant.
    pub grant: Grant,
    /// The name of its app; empty for [`Grant::Everything`].
    pub app: String,
    /// The group that gives it; `None`: the account or group has it itself.
    pub through: Option<GroupName>,
    /// The rooms that a prefix fits today, where they were counted.
    pub fits: Option<Fits>,
}

/// The rooms that a prefix fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fits {
    /// Their number.
    pub rooms: u32,
    /// The first of them.
    pub first: Vec<RoomId>,
}

/// A group of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The group.
    pub id: GroupId,
    /// Its name.
    pub name: GroupName,
    /// Whether single sign-on says so, and not a person.
    pub from_claim: bool,
}

/// An account beside the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonView {
    /// Its row in the list.
    pub row: PersonRow,
    /// When it was added.
    pub created_at: Timestamp,
    /// The account that added it, or [`SINGLE_SIGN_ON`]; empty for the first one and those of the command line.
    pub created_by: String,
    /// When its password was set; `None`: it has none.
    pub password_at: Option<Timestamp>,
    /// Since when it has a second factor.
    pub second_factor_at: Option<Timestamp>,
    /// Its sessions, the last used one first.
    pub sessions: Vec<SessionView>,
    /// The number of rooms that it sees today.
    pub rooms: u32,
    /// The number of all rooms.
    pub all_rooms: u32,
    /// Whether it is the last administrator who can act.
    pub is_last_admin: bool,
    /// Whether it is an administrator's, and passwords are off but for it.
    pub is_break_glass: bool,
    /// Whether it is the reader's own.
    pub is_own: bool,
    /// The one-time link that the reader has just made for it.
    pub link: Option<NewLink>,
}

impl PersonView {
    /// Whether it must stay an enabled administrator.
    pub const fn must_stay(&self) -> bool {
        self.is_last_admin || self.is_break_glass
    }
}

/// A one-time link, shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct NewLink {
    /// The address, whole unless [`has_site`](Self::has_site) is not set.
    pub address: String,
    /// Whether the public address of the server is known.
    pub has_site: bool,
    /// When it lapses.
    pub until: Timestamp,
}

impl std::fmt::Debug for NewLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewLink")
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupView {
    /// The group.
    pub id: GroupId,
    /// Its name.
    pub name: GroupName,
    /// The group of single sign-on whose members it has; `None`: they are chosen by hand.
    pub claim: Option<String>,
    /// Its members, by name.
    pub members: Vec<Member>,
    /// Its grants.
    pub grants: Vec<GrantLine>,
    /// The number of rooms that they reach today.
    pub rooms: u32,
}

/// A member of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The account.
    pub id: UserId,
    /// Its sign-in name.
    pub name: String,
    /// The person's name; may be empty.
    pub person: PersonName,
}
