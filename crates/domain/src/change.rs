//! Changes of what pages show, sent to the open pages that may see them.

use serde::{Deserialize, Serialize};

use crate::{
    access::{Access, Decision, Right, Thing, Verb, decide},
    ids::{AppId, RecordingId, UserId},
    room::RoomId,
    user::Role,
};

/// A change, sent to the open pages of the accounts that may know of it ([`Change::is_seen`]). They reload
/// the part that it concerns.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Change {
    /// A recording or one of its files.
    Recording {
        /// The recording.
        id: RecordingId,
        /// Its app.
        app: AppId,
        /// Its room.
        room: RoomId,
    },
    /// A room: its meeting or its participants.
    Room {
        /// Its app.
        app: AppId,
        /// The room.
        room: RoomId,
    },
    /// Calls of the platform, or their verdicts.
    Callback,
    /// An app: it was added, changed or removed.
    App {
        /// The app.
        app: AppId,
    },
    /// A request for the consent of a second administrator: it was made or answered.
    Request,
    /// The role, rights or grants of an account. Sent to no page: the streams of the account read them
    /// again, and its pages reload everything.
    Access {
        /// The account.
        user: UserId,
    },
}

impl Change {
    /// Whether an account may know of it.
    pub fn is_seen(&self, access: &Access) -> bool {
        let thing = match self {
            Self::Recording { app, room, .. } | Self::Room { app, room } => Thing::Room(*app, room),
            Self::Callback => Thing::Callbacks,
            Self::App { app } => Thing::App(*app),
            Self::Request => return may_ask(access),
            Self::Access { .. } => return false,
        };
        decide(access, Verb::See, thing) == Decision::Allowed
    }
}

/// Whether an account may do what needs consent, or is an administrator, who may give it.
fn may_ask(access: &Access) -> bool {
    let needed = [Right::Delete, Right::Release];
    access.role == Role::Admin || needed.iter().any(|right| access.rights.has(*right))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::access::{Grant, Rights};

    #[test]
    fn an_account_knows_of_changes_within_its_reach() {
        let [app, other] = [1, 2].map(|number| AppId::from(Uuid::from_u128(number)));
        let room = RoomId::new("class-7B").unwrap();
        let board = RoomId::new("board").unwrap();
        let changes = [
            Change::Room {
                app,
                room: room.clone(),
            },
            Change::Recording {
                id: Uuid::from_u128(3).into(),
                app,
                room: board,
            },
            Change::Room {
                app: other,
                room: room.clone(),
            },
            Change::Callback,
            Change::App { app },
            Change::App { app: other },
            Change::Request,
            Change::Access {
                user: Uuid::from_u128(4).into(),
            },
        ];
        let one = Grant::Room { app, room };
        for (role, grants, expected) in [
            (Role::Admin, vec![], "+++++++-"),
            (Role::Auditor, vec![], "+++++++-"),
            (Role::Viewer, vec![Grant::Everything], "+++++++-"),
            (Role::Operator, vec![Grant::App { app }], "++--+-+-"),
            (Role::Operator, vec![one], "+---+-+-"),
            (Role::Viewer, vec![], "------+-"),
        ] {
            let access = Access {
                role,
                rights: Rights::all(),
                grants,
            };
            let seen = changes.iter().map(|change| change.is_seen(&access));
            let seen: String = seen.map(|seen| if seen { '+' } else { '-' }).collect();
            assert_eq!(seen, expected, "{access:?}");
            let all = seen == "+++++++-";
            assert_eq!(access.reaches_everything(), all);
        }
        let access = |role| Access {
            role,
            rights: Rights::default(),
            grants: Vec::new(),
        };
        assert!(Change::Request.is_seen(&access(Role::Admin)));
        assert!(!Change::Request.is_seen(&access(Role::Operator)));
    }
}
