//! The account that a use case is about.

use reelroom_domain::{ids::UserId, user::Role};
use reelroom_store::{
    Conn,
    users::{self, User},
};

use crate::ServiceError;

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
