//! Access control: the one decision whether an account may do something.
//!
//! An account has a role, rights and grants. The role says what it does, the grants in which rooms, and the
//! rights what it may do there beyond its role: no role includes the right to delete.

use std::{
    collections::{BTreeSet, HashSet},
    str::FromStr,
};

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::{ids::AppId, room::RoomId, user::Role, words::words};

words!(Right);

/// A right beside a role.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum Right {
    /// Files, ZIP archives and lists of addresses.
    Download,
    /// To the trash, and out of it.
    Delete,
    /// Ends a hold, and closes a case.
    Release,
    /// Links for people without an account.
    Share,
    /// Lists and the history as CSV or JSON.
    Export,
}

/// The rights of an account; written as a list with commas.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rights(BTreeSet<Right>);

/// Text that is not a list of rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a right: download, delete, release, share and export are known")]
pub struct BadRight;

impl Rights {
    /// All rights.
    pub fn all() -> Self {
        Right::VARIANTS.iter().copied().collect()
    }

    /// Whether `right` is one of them.
    pub fn has(&self, right: Right) -> bool {
        self.0.contains(&right)
    }

    /// The rights, in the order of [`Right`].
    pub fn iter(&self) -> impl Iterator<Item = Right> {
        self.0.iter().copied()
    }
}

impl FromIterator<Right> for Rights {
    fn from_iter<I: IntoIterator<Item = Right>>(rights: I) -> Self {
        Self(rights.into_iter().collect())
    }
}

impl std::fmt::Display for Rights {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words: Vec<&str> = self.iter().map(Right::as_str).collect();
        f.write_str(&words.join(","))
    }
}

impl FromStr for Rights {
    type Err = BadRight;

    fn from_str(text: &str) -> Result<Self, BadRight> {
        let words = text.split(',').filter(|word| !word.is_empty());
        words
            .map(|word| Right::parse(word).ok_or(BadRight))
            .collect()
    }
}

/// Rooms that an account reaches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[derive(IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Grant {
    /// Every room of every app, later ones too.
    Everything,
    /// Every room of an app.
    App {
        /// The app.
        app: AppId,
    },
    /// One room.
    Room {
        /// Its app.
        app: AppId,
        /// The room.
        room: RoomId,
    },
    /// The rooms of an app whose ids begin with a prefix, later ones too.
    Prefix {
        /// Their app.
        app: AppId,
        /// The beginning of their ids.
        prefix: RoomId,
    },
}

impl Grant {
    /// The word for its kind in the database and in forms.
    pub fn kind(&self) -> &'static str {
        self.into()
    }

    /// Its app; `None` for [`Grant::Everything`].
    pub const fn app(&self) -> Option<AppId> {
        match self {
            Self::Everything => None,
            Self::App { app } | Self::Room { app, .. } | Self::Prefix { app, .. } => Some(*app),
        }
    }

    /// Its room, or its prefix.
    pub const fn room(&self) -> Option<&RoomId> {
        match self {
            Self::Everything | Self::App { .. } => None,
            Self::Room { room, .. } => Some(room),
            Self::Prefix { prefix, .. } => Some(prefix),
        }
    }

    /// Whether a room is granted.
    pub fn covers(&self, of: AppId, id: &RoomId) -> bool {
        match self {
            Self::Everything => true,
            Self::App { app } => *app == of,
            Self::Room { app, room } => *app == of && room == id,
            Self::Prefix { app, prefix } => *app == of && id.as_str().starts_with(prefix.as_str()),
        }
    }

    /// Whether rooms of an app are granted.
    pub fn touches(&self, of: AppId) -> bool {
        self.app().is_none_or(|app| app == of)
    }
}

/// The rooms of one app that an account sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// All.
    All,
    /// These rooms, and those whose ids begin with one of the prefixes.
    Some {
        /// The rooms.
        rooms: HashSet<RoomId>,
        /// The prefixes.
        prefixes: HashSet<RoomId>,
    },
}

impl Reach {
    /// Whether a room whose id begins with `prefix` may be among them.
    pub fn meets(&self, prefix: &RoomId) -> bool {
        let begins = |id: &RoomId, with: &RoomId| id.as_str().starts_with(with.as_str());
        match self {
            Self::All => true,
            Self::Some { rooms, prefixes } => {
                let mut prefixes = prefixes.iter();
                rooms.iter().any(|room| begins(room, prefix))
                    || prefixes.any(|seen| begins(seen, prefix) || begins(prefix, seen))
            }
        }
    }
}

/// The object of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing<'a> {
    /// A room and all that belongs to it: meetings, recordings, files.
    Room(AppId, &'a RoomId),
    /// The presets, which all rooms of an app share.
    App(AppId),
    /// The raw callbacks, of all apps.
    Callbacks,
    /// Apps, callback addresses, storage, limits.
    Settings,
    /// Accounts, groups and grants.
    People,
    /// The history of access.
    History,
}

/// An action on a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray)]
pub enum Verb {
    /// Sees that it exists, and what is known about it; no pictures or sound.
    See,
    /// Sees pictures and hears sound.
    Watch,
    /// Takes files away.
    Download,
    /// Starts and stops recordings; edits.
    Change,
    /// Deletes and restores.
    Delete,
    /// Releases holds.
    Release,
    /// Shares with people without an account.
    Share,
    /// Takes lists away.
    Export,
}

/// A decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It may be done.
    Allowed,
    /// It may not, and the account may know why.
    Refused,
    /// The thing does not exist for the account.
    Hidden,
}

/// The role, rights and grants of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Its role.
    pub role: Role,
    /// Its rights.
    pub rights: Rights,
    /// Its grants and those of its groups.
    pub grants: Vec<Grant>,
}

impl Access {
    /// Whether the role alone sees every room.
    fn sees_everything(&self) -> bool {
        matches!(self.role, Role::Admin | Role::Auditor)
    }

    /// Whether it sees every room of every app, and the callbacks.
    pub fn reaches_everything(&self) -> bool {
        self.sees_everything() || self.grants.contains(&Grant::Everything)
    }

    /// Whether a thing is granted; to administrators everything is.
    fn is_granted(&self, thing: Thing<'_>) -> bool {
        let by = |grant: &Grant| match thing {
            Thing::Room(app, room) => grant.covers(app, room),
            Thing::App(app) => grant.touches(app),
            _ => *grant == Grant::Everything,
        };
        self.role == Role::Admin || self.grants.iter().any(by)
    }

    /// The rooms of an app that it sees; `None`: it does not see the app.
    pub fn reach(&self, app: AppId) -> Option<Reach> {
        if self.sees_everything() {
            return Some(Reach::All);
        }
        let (mut rooms, mut prefixes) = (HashSet::new(), HashSet::new());
        for grant in self.grants.iter().filter(|grant| grant.touches(app)) {
            match grant {
                Grant::Everything | Grant::App { .. } => return Some(Reach::All),
                Grant::Room { room, .. } => rooms.insert(room.clone()),
                Grant::Prefix { prefix, .. } => prefixes.insert(prefix.clone()),
            };
        }
        let is_empty = rooms.is_empty() && prefixes.is_empty();
        (!is_empty).then_some(Reach::Some { rooms, prefixes })
    }
}

/// Decides about an action of an account on a thing.
///
/// A room or an app out of reach is hidden, as if it did not exist. Everybody knows which pages the site has,
/// so these are refused.
pub fn decide(access: &Access, verb: Verb, thing: Thing<'_>) -> Decision {
    let is_granted = access.is_granted(thing);
    let (role, has) = (access.role, |right| access.rights.has(right));
    let is_seen = match thing {
        Thing::Room(..) | Thing::App(_) | Thing::Callbacks => {
            is_granted || access.sees_everything()
        }
        Thing::Settings | Thing::People | Thing::History => access.sees_everything(),
    };
    if !is_seen {
        return match thing {
            Thing::Room(..) | Thing::App(_) => Decision::Hidden,
            _ => Decision::Refused,
        };
    }
    let is_allowed = match verb {
        Verb::See => true,
        // An auditor reads everything, and has pictures and sound only where they are granted.
        Verb::Watch => is_granted,
        Verb::Download => is_granted && has(Right::Download),
        Verb::Change => match thing {
            Thing::Room(..) | Thing::App(_) | Thing::Callbacks => role.may_record(),
            Thing::Settings | Thing::People => role == Role::Admin,
            // Nobody changes it.
            Thing::History => false,
        },
        Verb::Delete => is_granted && has(Right::Delete),
        Verb::Release => is_granted && has(Right::Release),
        Verb::Share => is_granted && has(Right::Share),
        Verb::Export => has(Right::Export),
    };
    if is_allowed {
        Decision::Allowed
    } else {
        Decision::Refused
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn room(name: &str) -> RoomId {
        RoomId::new(name).unwrap()
    }

    fn app(number: u128) -> AppId {
        Uuid::from_u128(number).into()
    }

    fn access(role: Role, rights: &str, grants: &[Grant]) -> Access {
        Access {
            role,
            rights: rights.parse().unwrap(),
            grants: grants.to_vec(),
        }
    }

    fn sign(decision: Decision) -> char {
        match decision {
            Decision::Allowed => '+',
            Decision::Refused => '-',
            Decision::Hidden => '.',
        }
    }

    /// The whole table for a room: `+` allowed, `-` refused, `.` hidden, in the order of [`Verb`].
    #[test]
    fn the_table_of_rooms() {
        let (granted, other) = (room("class-7A"), room("board"));
        let grant = Grant::Prefix {
            app: app(1),
            prefix: room("class-"),
        };
        let all = Rights::all().to_string();
        let table = [
            // role, rights, in a granted room, in another one
            (Role::Admin, "", "++-+----", "++-+----"),
            (Role::Admin, all.as_str(), "++++++++", "++++++++"),
            (Role::Operator, "", "++-+----", "........"),
            (Role::Operator, all.as_str(), "++++++++", "........"),
            (Role::Viewer, "", "++------", "........"),
            (Role::Viewer, "download", "+++-----", "........"),
            (Role::Viewer, all.as_str(), "+++-++++", "........"),
            (Role::Auditor, "", "++------", "+-------"),
            (Role::Auditor, all.as_str(), "+++-++++", "+------+"),
        ];
        for (role, rights, in_granted, in_other) in table {
            let access = access(role, rights, std::slice::from_ref(&grant));
            for (room, expected) in [(&granted, in_granted), (&other, in_other)] {
                let thing = Thing::Room(app(1), room);
                let verbs = Verb::VARIANTS.iter();
                let decided: String = verbs
                    .map(|verb| sign(decide(&access, *verb, thing)))
                    .collect();
                assert_eq!(decided, expected, "{role:?} with {rights:?} in {room:?}");
            }
        }
    }

    #[test]
    fn the_table_of_the_site() {
        let everything = [Grant::Everything];
        let table: [(Role, &[Grant], [&str; 4]); 6] = [
            // To see and to change: callbacks, settings, people, history.
            (Role::Admin, &[], ["++", "++", "++", "+-"]),
            (Role::Auditor, &[], ["+-", "+-", "+-", "+-"]),
            (Role::Operator, &everything, ["++", "--", "--", "--"]),
            (Role::Operator, &[], ["--", "--", "--", "--"]),
            (Role::Viewer, &everything, ["+-", "--", "--", "--"]),
            (Role::Viewer, &[], ["--", "--", "--", "--"]),
        ];
        let things = [
            Thing::Callbacks,
            Thing::Settings,
            Thing::People,
            Thing::History,
        ];
        for (role, grants, expected) in table {
            let access = access(role, "", grants);
            let decided = things.map(|thing| {
                let pair = [Verb::See, Verb::Change].map(|verb| sign(decide(&access, verb, thing)));
                pair.iter().collect::<String>()
            });
            assert_eq!(decided, expected, "{role:?} with {grants:?}");
        }
    }

    #[test]
    fn grants_reach_rooms_of_their_app() {
        let (class, lab) = (room("class-7A"), room("lab"));
        let grants = [
            (Grant::Everything, [true; 4]),
            (Grant::App { app: app(1) }, [true, true, false, false]),
            (
                Grant::Room {
                    app: app(1),
                    room: lab.clone(),
                },
                [false, true, false, false],
            ),
            (
                Grant::Prefix {
                    app: app(2),
                    prefix: room("class"),
                },
                [false, false, true, false],
            ),
        ];
        for (grant, expected) in grants {
            let reached = [
                grant.covers(app(1), &class),
                grant.covers(app(1), &lab),
                grant.covers(app(2), &class),
                grant.covers(app(2), &lab),
            ];
            assert_eq!(reached, expected, "{grant:?}");
            let access = access(Role::Viewer, "", &[grant]);
            for (of, reached) in [(app(1), &reached[..2]), (app(2), &reached[2..])] {
                assert_eq!(access.reach(of).is_some(), reached.contains(&true));
            }
        }
    }

    #[test]
    fn a_reach_meets_the_prefixes_of_its_rooms() {
        let app = app(1);
        let grants = [
            Grant::Prefix {
                app,
                prefix: room("class-"),
            },
            Grant::Room {
                app,
                room: room("lab-1"),
            },
        ];
        let some = access(Role::Viewer, "", &grants).reach(app).unwrap();
        for (prefix, expected) in [
            ("cl", true),
            ("class-", true),
            ("class-7", true),
            ("lab", true),
            ("lab-1", true),
            ("lab-12", false),
            ("board", false),
        ] {
            assert_eq!(some.meets(&room(prefix)), expected, "{prefix}");
            assert!(Reach::All.meets(&room(prefix)));
        }
    }

    #[test]
    fn rights_are_written_as_words() {
        let rights: Rights = "export,download".parse().unwrap();
        assert_eq!(rights.to_string(), "download,export");
        assert_eq!("".parse(), Ok(Rights::default()));
        assert_eq!("download,fly".parse::<Rights>(), Err(BadRight));
    }
}
