//! The account that a use case is about, and the act that records it.

use std::collections::BTreeMap;

use reelroom_domain::{
    act::{Act, ActKind},
    ids::UserId,
    user::Role,
};
use reelroom_store::{
    Conn,
    users::{self, User},
};

use crate::{Browser, Principal, Service, ServiceError};

/// The account of this id.
pub(super) async fn account(conn: &mut Conn, id: UserId) -> Result<User, ServiceError> {
    users::get(conn, id).await?.ok_or(ServiceError::NotFound)
}

/// The account of this id, and whether it is the last administrator who can act. Locks all administrators
/// until the end of the transaction.
pub(super) async fn lock_with_admins(
    conn: &mut Conn,
    id: UserId,
) -> Result<(User, bool), ServiceError> {
    let acting = users::count_acting_admins(conn).await?;
    let user = account(conn, id).await?;
    let is_last = acting <= 1 && is_acting_admin(&user);
    Ok((user, is_last))
}

/// Whether an account could act as an administrator: enabled, and seen at least once.
pub(super) fn is_acting_admin(user: &User) -> bool {
    user.role == Role::Admin && user.disabled_at.is_none() && user.last_seen_at.is_some()
}

impl Service {
    /// An act about the account or the group of this name.
    pub(super) fn act_about(
        &self,
        by: &Principal,
        browser: &Browser,
        kind: ActKind,
        subject: &str,
    ) -> Act {
        Act {
            subject: subject.to_owned(),
            ..self.act(Some((by.user, &by.name)), browser, kind)
        }
    }
}

/// The details of an act, by name.
pub(super) fn details<const N: usize>(known: [(&str, &str); N]) -> BTreeMap<String, String> {
    let known = known.map(|(name, value)| (name.to_owned(), value.to_owned()));
    BTreeMap::from(known)
}
